"""The columns that a scheme's table may have, and what each heading of a file stands for.

A heading is a code, or the Vietnamese name where one thing only has it. Problems: T013 a column without a heading,
T020 no `unit` column, T021 unknown column, T022 missing column, T023 a column twice, T024 a name of several things,
T025 no pool column, T026 self-declared columns in a scheme that has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from ictindex.cells import CellRule, clean, fold, number_text, shown
from ictindex.errors import Location, Problem, TableInvalid, did_you_mean
from ictindex.messages import Text, one_of, say
from ictindex.model import Group, Indicator, Input, InputKind, Row, Scheme, walk
from ictindex.origins import placed

MANY = 20
"""So many problems of one kind in one column are told one by one; the rest are counted."""

Role = Literal["unit", "name", "pool", "data", "excluded", "evidence", "note"]


@frozen
class Heading:
    """One heading of a table: its text, and its column as counted from 0."""

    text: str
    column: int = 0


NOWHERE = Heading("", -1)
"""No column: a problem of a whole line or table."""


class Found:
    """Gathers the problems of one table, in the order of the file, and raises them together.

    `letters` are those of each column of a sheet; a text file has none.
    """

    def __init__(self, source: str, sheet: str = "", letters: Sequence[str] = ()) -> None:
        self.source, self.sheet, self.letters = source, sheet, letters
        self._told: list[Problem] = []
        self._counts: dict[tuple[str, Heading], int] = {}
        self._first_untold: dict[tuple[str, Heading], Location] = {}

    def __bool__(self) -> bool:
        return bool(self._told)

    def add(
        self,
        code: str,
        message: str,
        *,
        line: int = 0,
        cell: Heading = NOWHERE,
        hint: str = "",
        across: bool = False,
    ) -> None:
        """Add a problem. `across`: count it with those of its code in all columns."""
        letters = self.letters[cell.column] if 0 <= cell.column < len(self.letters) else ""
        where = placed(self.source, self.sheet, line, cell.text, letters)
        group = (code, NOWHERE if across else cell)
        self._counts[group] = self._counts.get(group, 0) + 1
        if self._counts[group] <= MANY:
            self._told.append(Problem(code, message, where, hint))
        else:
            self._first_untold.setdefault(group, where)

    def told_enough(self, code: str) -> bool:
        """Whether the next problem of this code, counted across columns, would only be counted."""
        return self._counts.get((code, NOWHERE), 0) >= MANY

    def raise_any(self) -> None:
        """Raise TableInvalid with everything found, if anything was."""
        counted = [
            Problem(code, say("and {count} more of the same kind", count=self._counts[code, cell] - MANY), where)
            for (code, cell), where in self._first_untold.items()
        ]
        if self._told:
            raise TableInvalid(sorted((*self._told, *counted), key=lambda problem: problem.where.line))


@frozen
class Target:
    """What a column stands for. `key` is where the table keeps it; `declared`: the unit's own figure, unverified."""

    role: Role
    key: str = ""
    rule: CellRule | None = None
    declared: bool = False

    @property
    def name(self) -> str:
        """What places of problems call the column: its code with what it is of the row, or its role."""
        if self.role == "evidence":
            return f"{self.key}.evidence"
        return f"{self.key}.self" if self.declared else self.key or self.role


@frozen
class Columns:
    """Every column that a table of the scheme may have."""

    scheme: Scheme
    _inputs: Mapping[str, Input] = field(init=False, repr=False)
    _rows: Mapping[str, Row] = field(init=False, repr=False)
    _names: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        inputs = {one.code: one for one in self.scheme.inputs}
        # A heading that combines nothing has no score, so none can be given.
        rows = {row.code: row for row in self.scheme.rows() if not _apart(row)}
        names: dict[str, tuple[str, ...]] = {}
        things: tuple[Input | Row, ...] = (*inputs.values(), *rows.values())
        for thing in things:
            known = names.get(fold(thing.name), ())
            if thing.name and thing.code not in known:
                names[fold(thing.name)] = (*known, thing.code)
        object.__setattr__(self, "_inputs", inputs)
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_names", names)

    def resolve(self, header: Sequence[str], found: Found, line: int, *, pooled: bool = False) -> list[Target | None]:
        """Return what each heading stands for, None where it has problems (added to `found`).

        Where the units are `pooled` otherwise, the column of pools may be left out.
        """
        targets: list[Target | None] = []
        seen: dict[Target, str] = {}
        for heading in (Heading(clean(text), column) for column, text in enumerate(header)):
            target = self._target(heading, found, line)
            if target and target.role != "note":
                if target in seen:
                    column, first = shown(heading.text), shown(seen[target])
                    message = say("the column {column} stands twice", column=column)
                    if first != column:
                        message = say("the column {column} stands for the same as {first}", column=column, first=first)
                    hint = say("keep one of them")
                    found.add("T023", message, line=line, cell=heading, hint=hint, across=True)
                seen.setdefault(target, heading.text)
            targets.append(target)
        self._required({target for target in targets if target}, found, line, pooled=pooled)
        return targets

    def figure(self, text: str) -> Target | None:
        """Return the column that one figure belongs to, by its code or a name that nothing else has; None: no column."""
        base = clean(text)
        suffix = next((ending for ending in (".score", ".excluded") if base.endswith(ending)), "")
        base = base.removesuffix(suffix)
        codes = (base,) if base in self._inputs or base in self._rows else self._names.get(fold(base), ())
        return self._target_of(codes[0], suffix, False) if len(codes) == 1 else None

    def known(self) -> Iterator[str]:
        """Yield the codes and the names of everything that may have a column."""
        yield from self._known()

    def _target(self, heading: Heading, found: Found, line: int) -> Target | None:
        word = fold(heading.text)
        if not word or word.startswith("#"):
            return Target("note")
        if self.scheme.pools and word == fold(self.scheme.pools.by):
            return Target("pool")
        if word == "unit":
            return Target("unit")
        if word == "name":
            return Target("name")
        stem = heading.text.removesuffix(".self")
        declared = stem != heading.text
        if declared and not self.scheme.self_scored:
            message = say("the scheme has no self-declared scores")
            hint = say("say `self-scored: true` in the scheme, or leave the column out")
            found.add("T026", message, line=line, cell=heading, hint=hint)
            return None
        suffix = next((ending for ending in (".score", ".excluded", ".evidence") if stem.endswith(ending)), "")
        base = stem.removesuffix(suffix)
        codes = (base,) if base in self._inputs or base in self._rows else self._names.get(fold(base), ())
        if len(codes) > 1:
            message = say("the name {name} stands for {codes}", name=shown(base), codes=", ".join(codes))
            found.add("T024", message, line=line, cell=heading, hint=say("write the code that is meant"))
            return None
        target = self._target_of(codes[0], suffix, declared) if codes else None
        if target is None:
            self._unknown(heading, found, line)
        return target

    def _unknown(self, heading: Heading, found: Found, line: int) -> None:
        hint = ""
        if not found.told_enough("T021"):  # a file of another kind may have thousands, and each search takes a while
            hint = did_you_mean(heading.text[:80], self._known()) or say("a column of remarks begins with #")
        message = say("unknown column {column}", column=shown(heading.text))
        found.add("T021", message, line=line, cell=heading, hint=hint, across=True)

    def _target_of(self, code: str, suffix: str, declared: bool) -> Target | None:
        given = self._inputs.get(code)
        # The column of an assessed row is its given score: both spellings are one column.
        if given and (not suffix or (suffix == ".score" and given.kind is InputKind.POINTS)):
            return Target("data", code, self._input_rule(given), declared)
        row = self._rows.get(code)
        if row is None or (suffix == ".evidence" and declared):
            return None
        if suffix == ".evidence":
            return Target("evidence", code)
        if suffix == ".excluded":
            words = say("row {code} has {points} points", code=row.code, points=number_text(row.max))
            rule = CellRule(kind=InputKind.POINTS, low=Fraction(0), high=row.max, bounds=words)
            return Target("excluded", f"{code}.excluded", rule, declared)
        return Target("data", f"{code}.score", _score_rule(row), declared)

    def _input_rule(self, given: Input) -> CellRule:
        row = self._rows.get(given.owner or given.code)
        if given.kind is InputKind.POINTS and row:
            return _score_rule(row)
        low = given.low or Fraction(0) if given.kind is InputKind.COUNT else given.low
        words = say("the bound of {input}", input=f"{given.code} {given.name}".strip())
        return CellRule(kind=given.kind, low=low, high=given.high, bounds=words, cases=given.cases)

    def _known(self) -> Iterator[str]:
        yield from ("unit", "name", *self._inputs, *self._rows)
        yield from (given.name for given in self._inputs.values())
        yield from (row.name for row in self._rows.values())
        if self.scheme.pools:
            yield self.scheme.pools.by

    def _required(self, targets: set[Target], found: Found, line: int, *, pooled: bool) -> None:
        roles = {target.role for target in targets}
        if "unit" not in roles:
            hint = say("name the column of codes or names of the units `unit`")
            found.add("T020", say("there is no column `unit`"), line=line, cell=Heading("unit", -1), hint=hint)
        if self.scheme.pools and "pool" not in roles and not pooled:
            by = self.scheme.pools.by
            message = say("there is no column {column}: units are compared within it", column=shown(by))
            found.add("T025", message, line=line, cell=Heading(by, -1), hint=say("add it, with the pool of each unit"))
        self._required_inputs({target.key for target in targets if not target.declared}, found, line)

    def _required_inputs(self, keys: set[str], found: Found, line: int) -> None:
        """Every input of a row that counts is a column, unless the row or a heading of it is given."""
        told: set[str] = set()
        for chain in _chains(self.scheme.root, ()):
            leaf = chain[-1]
            if not isinstance(leaf, Indicator) or any(row.max == 0 or f"{row.code}.score" in keys for row in chain):
                continue
            for code in leaf.inputs:
                if code in keys or code in told:
                    continue
                told.add(code)
                name = self._inputs[code].name if code in self._inputs else ""
                message = say("there is no column '{code}'", code=code)
                if name:
                    message = say("there is no column '{code}' ({name})", code=code, name=name)
                hint = say("add it, or give a score in its place: {columns}", columns=one_of(self._instead(chain)))
                found.add("T022", message, line=line, cell=Heading(code, -1), hint=hint)

    def _instead(self, chain: Sequence[Row]) -> Iterator[str]:
        for row in reversed(chain):
            given = self._inputs.get(row.code)
            if row.code in self._rows and not (given and given.kind is InputKind.POINTS):
                yield f"'{row.code}.score'" if given else f"'{row.code}'"


def _apart(row: Row) -> bool:
    return isinstance(row, Group) and row.combine.name == "none"


def _chains(row: Row, above: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """Yield each leaf with everything above it, the top first."""
    chain = (*above, row)
    if isinstance(row, Group):
        for child in row.children:
            yield from _chains(child, chain)
    else:
        yield chain


def _score_rule(row: Row) -> CellRule:
    """Return what a given score of the row may be, on the scale that the row publishes."""
    bonus = sum((below.max for below in walk(row) if below is not row and below.role == "bonus"), Fraction(0))
    whole = row.max + bonus  # a bonus is outside the heading's maximum
    scale = row.publish.scale
    high = whole
    if scale != "points":
        high = (whole / row.max if row.max else Fraction(1)) * (1 if scale == "index" else 100)
    words, advice = _score_words(row.code, scale, number_text(high))
    return CellRule(kind=InputKind.POINTS, low=Fraction(0), high=high, bounds=words, advice=advice)


def _score_words(code: str, scale: str, high: str) -> tuple[Text, str]:
    """Return in words how high a given score may be, and what to do about a higher one."""
    match scale:
        case "index":
            words = say("row {code} publishes an index, from 0 to {high}", code=code, high=high)
            return words, say("write points / maximum")
        case "percent":
            words = say("row {code} publishes a percent, from 0 to {high}", code=code, high=high)
            return words, say("write points / maximum x 100")
    return say("row {code} has at most {points} points", code=code, points=high), ""
