"""The columns of a result: what is told of every unit, in one order and under one name for every format.

A published score and the points of a row are decimals as text, exact as they were settled, so that no format rounds
them again. Beside the scores of self-declared figures stands the difference: what was verified less what was declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, Protocol

import numpy as np
from attrs import field, frozen

from ictindex.canonical import plain_number
from ictindex.decimals import Decimals
from ictindex.happened import FLAGS
from ictindex.layout import Keep
from ictindex.messages import LANGUAGES, Text, in_language, say, template_in
from ictindex.model import TOTAL, Group, Row, Scheme
from ictindex.strategies.base import Array
from ictindex.table import Table

Told = Literal["unit", "name", "pool", "score", "rank", "level", "points", "states"]
Track = Literal["", "self", "difference"]
Cell = str | int | float | None

COMPUTED = "computed"
"""The state of a cell with which nothing happened; the column of states leaves it out."""


STATES: Mapping[str, str] = {
    "not-computed": FLAGS["covered"],
    "left-out": FLAGS["left-out"],
    "given": FLAGS["given"],
    "missing-as-zero": FLAGS["missing-zero"],
    "not-applicable-as-zero": FLAGS["not-applicable-zero"],
    "no-evidence": FLAGS["no-evidence"],
    "rescaled": FLAGS["rescaled"],
    "cut": FLAGS["cut"],
}
"""Every other state, in the words of `explain`."""


class Scored(Protocol):
    """What is read of a result."""

    @property
    def scheme(self) -> Scheme:
        """The scheme that was scored under."""
        ...

    @property
    def table(self) -> Table:
        """The units and their figures."""
        ...

    @property
    def units(self) -> tuple[str, ...]:
        """The units' codes."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The units' names."""
        ...

    @property
    def totals(self) -> tuple[Row, ...]:
        """The rows that are published as totals."""
        ...

    @property
    def declared(self) -> Scored | None:
        """The same scoring of self-declared figures."""
        ...

    def published(self, code: str = "") -> list[str | None]:
        """Return every unit's published score at a row."""
        ...

    def score_cells(self, code: str = "") -> Decimals:
        """Return every unit's published score at a row as a column."""
        ...

    def ranks(self, code: str = "") -> Array:
        """Return every unit's rank in its pool; 0 where it is not ranked."""
        ...

    def levels(self, code: str = "") -> list[str | None]:
        """Return every unit's level at a row."""
        ...

    def point_texts(self, code: str = "") -> list[str | None]:
        """Return every unit's points at a row as exact decimals."""
        ...

    def point_cells(self, code: str = "") -> Decimals:
        """Return every unit's points at a row as a column."""
        ...

    def remarks(self, code: str = "") -> list[tuple[int, str]]:
        """Return the units whose points at a row were not simply computed, by position, and how they came about."""
        ...


@frozen(eq=False)
class ResultColumn:
    """One column of a result, a cell for each unit in the order of the result.

    `name` is its stable heading: `unit`, `name`, the pool's name, `score`, `rank`, `level` (behind `CODE.` where there
    are several totals), a row's code for its points, `states`; with `.self` behind it where it tells of self-declared
    figures, and `.difference` for verified less declared. `tells` is what its cells are, and `row` whose. Scores and
    points are decimals as text, ranks whole numbers (halves where ties share their average); None is no score.
    `digits` are the same cells where they can be written out together.
    """

    name: str
    tells: Told
    cells: Sequence[Cell] = field(repr=False)
    row: Row | None = None
    track: Track = ""
    digits: Decimals | None = field(default=None, repr=False)

    @property
    def is_number(self) -> bool:
        """Whether the cells stand for numbers."""
        return self.tells in ("score", "rank", "points")

    @property
    def texts(self) -> list[str]:
        """The cells as text; an empty one where there is nothing."""
        return ["" if cell is None else str(cell) for cell in self.cells]

    @property
    def canonical(self) -> list[str]:
        """The cells as they are hashed: numbers without zeros at their end, remarks in one order."""
        if self.tells == "states":
            known = {text: sorted_states(text) for text in set(self.texts)}
            return [known[text] for text in self.texts]
        if not self.is_number:
            return self.texts
        known = {text: plain_number(text) if text else "" for text in set(self.texts)}
        return [known[text] for text in self.texts]

    @property
    def hashed(self) -> Decimals | list[str]:
        """The cells as they are hashed, written out together where they can be."""
        return self.canonical if self.digits is None else self.digits.canonical

    @property
    def numbers(self) -> Array:
        """The cells of a column of numbers as float64, NaN where there is nothing."""
        return np.array([np.nan if cell is None else float(cell) for cell in self.cells], np.float64)

    @property
    def heading(self) -> str:
        """The heading for people, which can be said in Vietnamese; the points of a row stand under code and name."""
        match self.tells, self.track:
            case "pool", _:
                return self.name
            case "points", "":
                return f"{self._code} {self._name}"
            case "points", "self":
                return say("{code} {name}: declared", code=self._code, name=self._name)
            case "points", _:
                return say("{code} {name}: difference", code=self._code, name=self._name)
            case "score", "self":
                return self._of_total(say("declared"))
            case "score", "difference":
                return self._of_total(say("difference"))
            case _:
                return self._of_total(_WORDS[self.tells])

    def _of_total(self, word: str) -> str:
        if self.row is None or "." not in self.name.removesuffix(f".{self.track}" if self.track else ""):
            return word
        return say("{code}: {word}", code=self._code, word=word)

    @property
    def _code(self) -> str:
        if self.row is None:
            return ""
        return _TOTAL if self.row.code == TOTAL else self.row.code

    @property
    def _name(self) -> str:
        return "" if self.row is None else self.row.name


_TOTAL = say("Total")
"""What stands in place of the code of the whole, which has none on paper."""

_TAKEN = ("unit", "name", "score", "rank", "level", "states")
_CODE = "[0-9A-Za-z][0-9A-Za-z._-]*"
_WORDS: dict[str, str] = {
    "unit": say("unit"),
    "name": say("name"),
    "score": say("score"),
    "rank": say("rank"),
    "level": say("level"),
    "states": say("remarks"),
}
_HEADINGS = _WORDS | {"score.self": say("declared"), "score.difference": say("difference")}
_TRACKS = {
    "self": say("{code} {name}: declared", code="", name=""),
    "difference": say("{code} {name}: difference", code="", name=""),
}


def result_columns(result: Scored, keep: Keep = "all", *, ranked: bool = True) -> tuple[ResultColumn, ...]:
    """Return the columns in their order: who the units are, each total, the points of every row kept, what happened.

    `states` tells of each unit where its points were not simply computed, such as `1.2: cut; 3: missing-as-zero`, of
    the rows that are kept. Without `ranked` nobody looks at ranks, and there are none.
    """
    return tuple(_columns(result, kept_rows(result.scheme, keep), ranked))


def _columns(result: Scored, rows: Sequence[Row], ranked: bool) -> Iterator[ResultColumn]:
    scheme, totals, declared = result.scheme, result.totals, result.declared
    yield ResultColumn("unit", "unit", result.units)
    yield ResultColumn("name", "name", result.names)
    if result.table.pool is not None and scheme.pools is not None:
        yield ResultColumn(scheme.pools.by, "pool", result.table.pool)
    for total in totals:
        lead, published = "" if len(totals) == 1 else f"{total.code}.", result.score_cells(total.code)
        yield ResultColumn(f"{lead}score", "score", published, total, digits=even_digits(published))
        if ranked:
            yield rank_column(f"{lead}rank", total, result.ranks(total.code))
        if declared is not None:
            yield from _beside(f"{lead}score", "score", total, published, declared.published(total.code))
        if total.levels is not None:
            yield ResultColumn(f"{lead}level", "level", result.levels(total.code), total)
    taken = {"unit", "name", "score", "rank", "level", "states", "notice", scheme.pools.by if scheme.pools else ""}
    for row in rows:
        name, points = f"{row.code}.points" if row.code in taken else row.code, result.point_cells(row.code)
        yield ResultColumn(name, "points", points, row, digits=even_digits(points))
        if declared is not None:
            yield from _beside(name, "points", row, points, declared.point_texts(row.code))
    yield ResultColumn("states", "states", _states(result, rows))


def points_name(code: str, pool: str) -> str:
    """Return the name of the column with a row's points: its code, unless another column is called so already."""
    return f"{code}.points" if code in (*_TAKEN, pool) else code


def name_of_heading(heading: str) -> str:
    """Return the stable name of the column that has this heading for people in any language; else the heading."""
    for language in LANGUAGES:
        total = f"{in_language(_TOTAL, language)} "
        heading = f"{TOTAL} {heading.removeprefix(total)}" if heading.startswith(total) else heading
        words = {in_language(word, language): name for name, word in _HEADINGS.items()}
        if heading in words:
            return words[heading]
        found = _filled_in(say("{code}: {word}", code="", word=""), language, heading)
        if found and found["word"] in words:
            return f"{found['code']}.{words[found['word']]}"
        for track, text in _TRACKS.items():
            found = _filled_in(text, language, heading)
            if found:
                return f"{points_name(found['code'], '')}.{track}"
    code = re.match(rf"({_CODE}) ", heading)
    return points_name(code[1], "") if code else heading


def _filled_in(text: str, language: str, heading: str) -> re.Match[str] | None:
    """Return what was filled into a text that became this heading, None where it is another text."""
    template = template_in(text, language) if isinstance(text, Text) else text
    parts = {"code": f"(?P<code>{_CODE})", "word": "(?P<word>.+)", "name": "(?P<name>.+)"}
    return re.fullmatch(re.escape(template).replace(r"\{", "{").replace(r"\}", "}").format(**parts), heading)


def states_told(text: str, language: str) -> str:
    """Return what happened in the rows of a unit, as a file for people tells it in a language."""
    return _each_state(text, {state: in_language(words, language) for state, words in STATES.items()})


def states_read(text: str) -> str:
    """Return what happened in the rows of a unit in the stable words, from those of any language."""
    return _each_state(text, {in_language(STATES[state], one): state for one in LANGUAGES for state in STATES})


def _each_state(text: str, words: Mapping[str, str]) -> str:
    parts = (part.partition(": ") for part in text.split("; "))
    return "; ".join(f"{code}{sign}{words.get(state, state)}" for code, sign, state in parts)


def sorted_states(text: str) -> str:
    """Return what happened in the rows of a unit in one order, whichever order it is told in."""
    return "; ".join(sorted(text.split("; ")))


def shown_rows(scheme: Scheme) -> list[Row]:
    """Return the rows that have points to tell: all but a top that combines nothing."""
    root, totals = scheme.root, scheme.totals
    return [row for row in scheme.rows() if row is not root or root in totals]


def kept_rows(scheme: Scheme, keep: Keep) -> list[Row]:
    """Return the rows whose points are told: of `totals` alone, of all headings (`groups`), or of `all` rows."""
    totals = scheme.totals
    return [
        row
        for row in shown_rows(scheme)
        if keep == "all" or row in totals or (keep == "groups" and isinstance(row, Group))
    ]


def _beside(
    name: str, tells: Told, row: Row, verified: Sequence[str | None], declared: Sequence[str | None]
) -> Iterator[ResultColumn]:
    yield ResultColumn(f"{name}.self", tells, declared, row, "self")
    differences = [_difference(*pair) for pair in zip(verified, declared, strict=True)]
    yield ResultColumn(f"{name}.difference", tells, differences, row, "difference")


def _difference(verified: str | None, declared: str | None) -> str | None:
    """Return one decimal less another, with as many decimals as the longer has."""
    if verified is None or declared is None:
        return None
    return format(Decimal(verified) - Decimal(declared), "f")


def _states(result: Scored, rows: Sequence[Row]) -> list[str | None]:
    told: list[list[str]] = [[] for _ in result.units]
    for row in rows:
        for unit, state in result.remarks(row.code):
            told[unit].append(f"{row.code}: {state}")
    return ["; ".join(words) or None for words in told]


def even_digits(cells: Decimals) -> Decimals | None:
    """Return the decimals where they can be written out together, else None."""
    return cells if cells.even else None


def rank_column(name: str, total: Row, ranks: Array) -> ResultColumn:
    """Return the column of ranks under a total, of which halves are the finest; 0 is no rank."""
    tenths = np.asarray(ranks * 10).astype(np.int64)
    cells = [_rank(one) for one in ranks.tolist()]
    return ResultColumn(name, "rank", cells, total, digits=even_digits(Decimals(tenths, ranks != 0, 1, bare=True)))


def _rank(rank: Any) -> int | float | None:
    if not rank:
        return None
    return int(rank) if float(rank).is_integer() else float(rank)
