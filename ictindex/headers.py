"""The columns that a scheme's table may have, and what each heading of a file stands for.

A heading is a code, a name where one thing only has it, or both. Problems: T020 no `unit` column, T021 unknown column,
T022 missing column, T023 a column twice, T024 a name of several things, T025 no pool column, T026 self-declared columns
in a scheme that has none, T057 words that are not the code's; and of a mapping: T061 what is no column of the scheme,
T062 a heading that the table lacks, T063 a heading twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from ictindex.allowed import figure_rule, left_out_rule, score_rule
from ictindex.cells import CellRule, clean, fold, shown
from ictindex.errors import did_you_mean
from ictindex.findings import Found, Heading
from ictindex.messages import one_of, say
from ictindex.model import Group, Indicator, Input, InputKind, Row, Scheme
from ictindex.naming import Called, ColumnMapping, Entry, Names, apart, counts

Role = Literal["unit", "name", "either", "pool", "data", "excluded", "evidence", "counting", "note"]
"""What a column is. `either` is the code of the unit or, beside one, its name; it is one of them in the end."""


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
    _names: Names = field(init=False, repr=False)
    _called: Called = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        inputs = {one.code: one for one in self.scheme.inputs}
        # A heading that combines nothing has no score, so none can be given.
        rows = {row.code: row for row in self.scheme.rows() if not _apart(row)}
        object.__setattr__(self, "_inputs", inputs)
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_names", Names.of(inputs.values(), rows))
        object.__setattr__(self, "_called", Called.of(self.scheme))

    def resolve(
        self,
        header: Sequence[str],
        found: Found,
        line: int,
        *,
        pooled: bool = False,
        mapping: ColumnMapping | None = None,
    ) -> list[Target | None]:
        """Return what each heading stands for, None where it has problems (added to `found`).

        Where the units are `pooled` otherwise, the column of pools may be left out. A `mapping` says first what the
        headings of a form stand for.
        """
        mapping = mapping or ColumnMapping()
        headings = [Heading(clean(text), column) for column, text in enumerate(header)]
        wrong = self._wrong_entries(mapping, headings, found)
        targets: list[Target | None] = []
        for heading in headings:
            meant = mapping.meant(heading.text)
            told = Found("") if fold(heading.text) in wrong else found
            targets.append(self._target(Heading(meant, heading.column), told, line))
        sure = any(target is not None and target.role == "unit" for target in targets)
        either = Target("name" if sure else "unit")
        targets = [either if target is not None and target.role == "either" else target for target in targets]
        self._doubled(headings, targets, found, line)
        self._required({target for target in targets if target}, found, line, pooled=pooled)
        return targets

    def knows(self, text: str) -> str:
        """Return `unit` for a heading of the units, `other` for another known one, nothing where it is unknown."""
        word = fold(text)
        if self._names.codes(word):
            return "other"
        usual = self._usual(word)
        if word == "unit" or (usual is not None and usual.role in ("unit", "either")):
            return "unit"
        return "other" if usual or word == "name" or self._names.codes(apart(clean(text))[0]) else ""

    def _doubled(self, headings: Sequence[Heading], targets: Sequence[Target | None], found: Found, line: int) -> None:
        seen: dict[Target, str] = {}
        for heading, target in zip(headings, targets, strict=True):
            if not target or target.role in ("note", "counting"):
                continue
            if target in seen:
                column, first = shown(heading.text), shown(seen[target])
                message = say("the column {column} stands twice", column=column)
                if first != column:
                    message = say("the column {column} stands for the same as {first}", column=column, first=first)
                found.add("T023", message, line=line, cell=heading, hint=say("keep one of them"), across=True)
            seen.setdefault(target, heading.text)

    def _wrong_entries(self, mapping: ColumnMapping, headings: Sequence[Heading], found: Found) -> set[str]:
        """Add what is wrong with a mapping, and return the headings (folded) whose codes are no columns."""
        there = {fold(heading.text) for heading in headings}
        wrong: set[str] = set()
        first: dict[str, Entry] = {}
        about = Found(mapping.source)
        for entry in mapping:
            word = fold(entry.heading)
            if word in first:
                message = say("the heading {heading} stands twice in the mapping", heading=shown(entry.heading))
                hint = say("keep one of the two; the first is on line {line}", line=first[word].line)
                about.add("T063", message, line=entry.line, hint=hint if entry.line else say("keep one of the two"))
                continue
            first[word] = entry
            if word not in there:
                message = say("the table has no heading {heading}", heading=shown(entry.heading))
                close = did_you_mean(entry.heading[:80], [heading.text for heading in headings if heading.text])
                about.add("T062", message, line=entry.line, hint=close or say("write it as it stands in the table"))
            scratch = Found("")
            if not entry.code.strip() or self._target(Heading(clean(entry.code)), scratch, 0) is None:
                wrong.add(word)
                message = say("{code} is no column of the scheme", code=shown(entry.code))
                close = did_you_mean(entry.code[:80], self._known())
                about.add("T061", message, line=entry.line, hint=close or say("write a code, or # to skip the column"))
        found.tell(about.problems())
        return wrong

    def figure(self, text: str) -> Target | None:
        """Return the column of figures that a text names as a heading would; None where it names no such column."""
        target = self.column(text)
        return target if target is not None and target.rule is not None and not target.declared else None

    def column(self, text: str, found: Found | None = None) -> Target | None:
        """Return the column that a text names as a heading would; None where it names none, and why in `found`."""
        return self._target(Heading(clean(text)), Found("", searching=False) if found is None else found, 0)

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
        code, target = self._thing(heading.text, heading, found, line)
        if code:
            return target
        usual = self._usual(word)
        if usual:
            return usual
        first, words = apart(heading.text)
        code, target = self._thing(first, heading, found, line) if first != heading.text else ("", None)
        if not code:
            self._unknown(heading, found, line)
        elif target and not self._names.agree(code, words):
            message = say("the words of {column} are not those of {code}", column=shown(heading.text), code=code)
            hint = say("{code} is: {name}; write the code alone, or the name alone", code=code, name=self._name(code))
            found.add("T057", message, line=line, cell=heading, hint=hint)
            return None
        return target

    def _thing(self, text: str, heading: Heading, found: Found, line: int) -> tuple[str, Target | None]:
        """Return the code of the input or row that a heading begins with, empty where there is none, and its target."""
        stem = text.removesuffix(".self")
        declared = stem != text
        suffix = next((ending for ending in (".score", ".excluded", ".evidence") if stem.endswith(ending)), "")
        base = stem.removesuffix(suffix)
        codes = (base,) if base in self._inputs or base in self._rows else self._names.codes(base)
        if declared and not self.scheme.self_scored:
            message = say("the scheme has no self-declared scores")
            hint = say("say `self-scored: true` in the scheme, or leave the column out")
            found.add("T026", message, line=line, cell=heading, hint=hint)
            return text, None
        if len(codes) > 1:
            message = say("the name {name} stands for {codes}", name=shown(base), codes=", ".join(codes))
            found.add("T024", message, line=line, cell=heading, hint=say("write the code that is meant"))
            return text, None
        target = self._target_of(codes[0], suffix, declared) if codes else None
        return (codes[0], target) if target else ("", None)

    def _usual(self, word: str) -> Target | None:
        """Return what a folded heading stands for that people give to the columns of units and of the lines' count."""
        if word in self._called.pool:
            return Target("pool")
        if word in self._called.code:
            return Target("unit")
        if word in self._called.name:
            return Target("name")
        if word in self._called.either:
            return Target("either")
        return Target("counting") if counts(word) else None

    def _name(self, code: str) -> str:
        thing = self._inputs.get(code) or self._rows.get(code)
        return shown(thing.name) if thing else ""

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
            return Target("data", code, figure_rule(given, self._rows.get(given.owner or given.code)), declared)
        row = self._rows.get(code)
        if row is None or (suffix == ".evidence" and declared):
            return None
        if suffix == ".evidence":
            return Target("evidence", code)
        if suffix == ".excluded":
            return Target("excluded", f"{code}.excluded", left_out_rule(row), declared)
        return Target("data", f"{code}.score", score_rule(row), declared)

    def _known(self) -> Iterator[str]:
        yield from ("unit", "name", *self._inputs, *self._rows)
        yield from (given.name for given in self._inputs.values())
        yield from (name for row in self._rows.values() for name in (row.name, row.en) if name)
        if self.scheme.pools:
            yield self.scheme.pools.by

    def _required(self, targets: set[Target], found: Found, line: int, *, pooled: bool) -> None:
        roles = {target.role for target in targets}
        if "unit" not in roles:
            hint = say("name the column of codes or names of the units `unit` or `mã đơn vị`")
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
