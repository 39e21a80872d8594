"""The cases beside a scheme: `<edition>-<kind>.cases.yaml`, read strictly.

A file of cases has no JSON Schema: what may stand in it are the columns and rows of its scheme, so it is checked
against the scheme itself. Every problem is told at once, with its line and column. `check_cases` looks at what may
stand and does no good.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from attrs import field, frozen

from ictindex.analysis.cases import Answer, CaseFile, Expected, RankedUnit, RankingCase, UnitCase, score_column
from ictindex.citations import Citation, Source, Status
from ictindex.documents.grammar import STATUS_KEYS, read_number, split_line
from ictindex.documents.source import Document, Mapping, Node, Scalar, Sequence, read_document_file
from ictindex.errors import Location, Problem, SchemeInvalid, did_you_mean
from ictindex.messages import say
from ictindex.model import Row, Scheme

_TOP = ("cases", "variant", "sources", "below", "notes", "ranking")
_BELOW = ("within", *STATUS_KEYS)
_CASE = ("given", "expect", "within", "notes", *STATUS_KEYS)
_RANKING = ("given", "units", "notes", *STATUS_KEYS)
_SOURCE = ("date", "url", "page")
_NONE = "none"
_NO_CASES = say("add a line for each unit, with what is `given` and what to `expect`")
_NO_LINE = say("write a code of letters a-z, digits and . _ - (no accents), a blank, then words")
_NO_NUMBER = say("write it on the scale that the row publishes, with a decimal point: 0.4655")
_NO_CELL = say("write what the cell holds, or leave the key out")


def cases_path(scheme: str | os.PathLike[str]) -> Path:
    """Return where the cases of a scheme's file are: beside it, ending in `.cases.yaml`."""
    return Path(scheme).with_suffix(".cases.yaml")


def read_cases_file(path: str | os.PathLike[str], scheme: Scheme) -> CaseFile:
    """Return the cases in a file. Raises SchemeInvalid, also where there is no such file."""
    return read_cases(read_document_file(path), scheme)


def read_cases(document: Document, scheme: Scheme) -> CaseFile:
    """Return the cases in a document, checked against their scheme, which is in the variant that the document names.

    Raises SchemeInvalid with every problem (codes C0xx), in the order of the file.
    """
    reader = _Reader(scheme)
    cases = reader.read(document)
    if reader.problems:
        raise SchemeInvalid(sorted(dict.fromkeys(reader.problems), key=lambda one: (one.where, one.code)))
    return cases


@frozen
class _Below:
    """What the cases beneath have unless they say otherwise."""

    citation: Citation
    within: Fraction


@frozen
class _Reader:
    """Reads one document, and gathers what is wrong with it on the way."""

    scheme: Scheme
    problems: list[Problem] = field(factory=list)
    sources: dict[str, Source] = field(factory=dict)
    rows: dict[str, Row] = field(init=False)  # those that have a score
    columns: tuple[str, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        apart = self.scheme.root if self.scheme.root.combine.name == "none" else None
        rows = {row.code: row for row in self.scheme.rows() if row is not apart}
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "columns", tuple(dict.fromkeys(_columns(self.scheme, rows))))

    def read(self, document: Document) -> CaseFile:
        """Return the cases as far as they can be read."""
        root = document.root
        self._identity(root)
        sources = root.get("sources")
        for code, title, _, about in () if sources is None else self._lines(sources):
            said = {} if _is_empty(about) else self._entries(about, _SOURCE)
            self.sources[code] = Source(code, title, **{key: self._words(value) for key, value in said.items()})
        below = self._below(root.get("below"))
        units = tuple(self._unit(*line, below) for line in self._lines(root, beside=_TOP))
        ranking = root.get("ranking")
        if not units and ranking is None:
            self._error("C003", say("the file has no cases"), root.where, _NO_CASES)
        return CaseFile(
            scheme=self.scheme.id,
            variant=self._variant(root.get("variant")),
            units=units,
            ranking=None if ranking is None else self._ranking(ranking, below),
            sources=tuple(self.sources.values()),
            notes=self._words(root.get("notes")),
            source=document.source,
        )

    def _identity(self, root: Mapping) -> None:
        said, wanted = root.get("cases"), self.scheme.id
        if said is None:
            hint = say("add `cases: {scheme}`", scheme=wanted)
            self._error("C001", say("`cases` is missing"), root.where, hint)
        elif self._words(said) != wanted:
            message = say("these are the cases of '{named}', not of {scheme}", named=self._words(said), scheme=wanted)
            self._error("C001", message, said.where, say("write `cases: {scheme}`", scheme=wanted))

    def _variant(self, said: Node | None) -> str:
        """Return the variant in which the figures hold. A file that names none fits the scheme as it was loaded."""
        if said is None:
            return ""
        named, known = self._words(said), [one.code for one in self.scheme.variants]
        if named not in known:
            message = say("{scheme} has no variant '{variant}'", scheme=self.scheme.id, variant=named)
            hint = did_you_mean(named, known) or say("known: {names}", names=", ".join(known) or say("none"))
            self._error("C012", message, said.where, hint)
        elif named != self.scheme.variant:
            loaded = self.scheme.variant or say("none")
            message = say(
                "these cases hold in the variant '{variant}', loaded was: {loaded}", variant=named, loaded=loaded
            )
            self._error("C012", message, said.where, say("load the scheme in the variant that its cases name"))
        return named

    def _below(self, node: Node | None) -> _Below:
        said = {} if node is None else self._entries(node, _BELOW)
        return _Below(self._citation(said, Citation()), self._within(said, Fraction(0)))

    def _unit(self, code: str, name: str, line: Location, node: Node, below: _Below) -> UnitCase:
        said = self._entries(node, _CASE)
        self._required(said, ("given", "expect"), code, node, line)
        return UnitCase(
            code=code,
            name=name,
            given=tuple(self._given(said["given"])) if "given" in said else (),
            expect=tuple(self._expected(said["expect"])) if "expect" in said else (),
            within=self._within(said, below.within),
            citation=self._citation(said, below.citation),
            notes=self._words(said.get("notes")),
            where=line,
        )

    def _given(self, node: Node) -> Iterator[tuple[str, str]]:
        for key, value in self._pairs(node):
            if key.text not in self.columns:
                hint = did_you_mean(key.text, self.columns) or say("give the code of an input or of a row")
                message = say("a table of {scheme} has no column '{column}'", scheme=self.scheme.id, column=key.text)
                self._error("C007", message, key.where, hint)
            text = self._words(value)
            if _is_empty(value) or not text.strip():
                self._error("C004", say("the cell {column} is empty", column=key.text), value.where, _NO_CELL)
            yield key.text, text

    def _expected(self, node: Node) -> Iterator[Expected]:
        for key, value in self._pairs(node):
            code, _, ending = key.text.rpartition(".")
            row = self._row(code if ending in ("level", "rank") else key.text, key)
            if row is None:
                continue
            if ending == "level":
                yield Expected(row.code, "level", self._level(row, value, key), key.where)
            else:
                answer = None if self._words(value) == _NONE else self._number(value)
                yield Expected(row.code, "rank" if ending == "rank" else "score", answer, key.where)

    def _row(self, code: str, key: Scalar) -> Row | None:
        if code not in self.rows:
            expect = say("expect the code of a row, or that code with .level or .rank")
            message = say("{scheme} has no row '{code}' with a score", scheme=self.scheme.id, code=code)
            known = [*self.rows]
            if code == key.text:
                known += [f"{one}.rank" for one in self.rows]
                known += [f"{one}.level" for one, row in self.rows.items() if row.levels]
            close = did_you_mean(code, known)
            self._error("C008", message, key.where, close or expect)
        return self.rows.get(code)

    def _level(self, row: Row, node: Node, key: Scalar) -> Answer:
        text = self._words(node)
        names = [level.name for level in row.levels.levels] if row.levels else []
        if not names:
            with_levels = ", ".join(one.code for one in self.rows.values() if one.levels) or say("none")
            others = say("rows with levels: {rows}", rows=with_levels)
            self._error("C009", say("{code} has no levels", code=row.code), key.where, others)
        elif text not in (*names, _NONE):
            hint = did_you_mean(text, names) or say("its levels are: {names}", names=", ".join(names))
            self._error("C009", say("{code} has no level '{name}'", code=row.code, name=text), node.where, hint)
        return None if text == _NONE else text

    def _ranking(self, node: Node, below: _Below) -> RankingCase:
        said, totals = self._entries(node, _RANKING), [row.code for row in self.scheme.totals]
        self._required(said, ("given", "units"), say("the ranking"), node, node.where)
        given = self._words(said.get("given"))
        if "given" in said and given not in totals:
            hint = did_you_mean(given, totals) or say("a ranking gives a total: {totals}", totals=", ".join(totals))
            message = say("'{code}' is not a total of {scheme}", code=given, scheme=self.scheme.id)
            self._error("C010", message, said["given"].where, hint)
        return RankingCase(
            given=given,
            units=tuple(self._ranked(*line) for line in self._lines(said["units"])) if "units" in said else (),
            citation=self._citation(said, below.citation),
            notes=self._words(said.get("notes")),
        )

    def _ranked(self, code: str, name: str, line: Location, node: Node) -> RankedUnit:
        pair = node.items if isinstance(node, Sequence) else ()
        if len(pair) != 2:
            self._wrong(say("a pair of score and rank"), node, say("write both: [0.4655, 23]"))
            return RankedUnit(code, name, "", Fraction(0), line)
        self._number(pair[0])
        return RankedUnit(code, name, self._words(pair[0]), self._number(pair[1]), line)

    def _citation(self, said: dict[str, Node], outer: Citation) -> Citation:
        """Return the status that a mapping states itself, else the outer one. `cited` must name a declared source."""
        stated = [key for key in said if key in STATUS_KEYS]
        if not stated:
            return outer
        if len(stated) > 1:
            message = say(
                "both `{one}` and `{other}` stand here; a case has one status", one=stated[0], other=stated[1]
            )
            self._error("C006", message, said[stated[1]].where, say("keep the one that holds"))
        text = self._words(said[stated[0]])
        first = next(iter(text.split(maxsplit=1)), "")
        source = first if first in self.sources else None
        if stated[0] == Status.CITED and source is None:
            message = say("`cited` names the source '{source}', which `sources` does not declare", source=first)
            declared = ", ".join(self.sources) or say("none")
            hint = did_you_mean(first, self.sources) or say("declared here: {sources}", sources=declared)
            self._error("C005", message, said[stated[0]].where, hint)
        return Citation(Status(stated[0]), text, source)

    def _within(self, said: dict[str, Node], outer: Fraction) -> Fraction:
        if "within" not in said:
            return outer
        number = self._number(said["within"])
        if number < 0:
            self._wrong(say("0 or more"), said["within"], say("write how far a score may be off, both ways"))
        return number

    def _number(self, node: Node) -> Fraction:
        """Return an exact number. A percent says nothing: it could be a share or a number of percents."""
        text = node.text if isinstance(node, Scalar) else ""
        number = None if "%" in text else read_number(text)
        if number is None:
            self._wrong(say("a number"), node, _NO_NUMBER)
        return number or Fraction(0)

    def _words(self, node: Node | None) -> str:
        """Return the text of a scalar, empty where there is none; anything else is a problem."""
        if node is None or isinstance(node, Scalar):
            return "" if node is None or node.value is None else node.text
        self._wrong(say("a text or a number"), node, say("write it on one line"))
        return ""

    def _required(self, said: dict[str, Node], keys: tuple[str, ...], name: str, node: Node, where: Location) -> None:
        unknown = [key.text for key, _ in node.items if key.text not in said] if isinstance(node, Mapping) else []
        for key in keys:
            misspelt = any(did_you_mean(one, [key]) for one in unknown)  # which is told there
            if key not in said and isinstance(node, Mapping) and not misspelt:
                message = say("`{key}` of {name} is missing", key=key, name=name)
                self._error("C003", message, where, say("add `{key}:`", key=key))

    def _entries(self, node: Node, known: tuple[str, ...]) -> dict[str, Node]:
        """Return the known keys of a mapping with their values; others are problems."""
        pairs = self._pairs(node)
        for key, _ in pairs:
            if key.text not in known:
                hint = did_you_mean(key.text, known) or say("known here: {keys}", keys=", ".join(known))
                self._error("C002", say("the key '{key}' is unknown", key=key.text), key.where, hint)
        return {key.text: value for key, value in pairs if key.text in known}

    def _lines(self, node: Node, beside: tuple[str, ...] = ()) -> Iterator[tuple[str, str, Location, Node]]:
        """Yield (code, words, place, value) of each line; `beside` are the keys that may stand among them."""
        first: dict[str, Location] = {}
        for key, value in self._pairs(node):
            line = split_line(key.text)
            if key.text in beside:
                continue
            if line is None:
                hint = did_you_mean(key.text, beside) or _NO_LINE
                message = say("'{text}' is neither a key nor a line with a code", text=key.text[:60])
                self._error("C002", message, key.where, hint)
                continue
            if line[0] in first:
                message = say(
                    "the code '{code}' stands twice; first on line {line}", code=line[0], line=first[line[0]].line
                )
                self._error("C011", message, key.where, say("give each its own code"))
            first.setdefault(line[0], key.where)
            yield *line, key.where, value

    def _pairs(self, node: Node) -> tuple[tuple[Scalar, Node], ...]:
        if isinstance(node, Mapping) and node.items:
            return node.items
        self._wrong(say("a block of `key: value`"), node, say("write `key: value` lines below, or in {{ }}"))
        return ()

    def _wrong(self, what: str, node: Node, hint: str) -> None:
        found = say("nothing")
        if isinstance(node, Sequence):
            found = say("a list of {count}", count=len(node.items))
        elif isinstance(node, Mapping) and node.items:
            found = say("a mapping")
        elif isinstance(node, Scalar) and not _is_empty(node):
            found = say("'{text}'", text=node.text[:60])
        message = say("{what} was expected here, {found} was found", what=what, found=found)
        self._error("C004", message, node.where, hint)

    def _error(self, code: str, message: str, where: Location, hint: str) -> None:
        self.problems.append(Problem(code, message, where, hint))


def _columns(scheme: Scheme, rows: dict[str, Row]) -> Iterator[str]:
    """Yield every column that a case may give, each under one name."""
    figures = [
        *(one.code for one in scheme.inputs),
        *(name for code in rows for name in (score_column(scheme, code), f"{code}.excluded")),
    ]
    yield from figures
    if scheme.self_scored:
        yield from (f"{name}.self" for name in figures)
    yield from (f"{row.code}.evidence" for row in rows.values() if row.evidence)
    if scheme.pools:
        yield scheme.pools.by


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
