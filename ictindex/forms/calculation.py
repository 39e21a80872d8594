"""The hidden sheet of a form on which points are computed: a line for each input and row, a block of columns a unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from attrs import field, frozen

from ictindex.answers import AROUND
from ictindex.forms import headings, measures
from ictindex.forms.entries import Ranges, cases_are_told_apart, number_formula, state_formula
from ictindex.forms.lines import Line
from ictindex.forms.measures import Refs
from ictindex.forms.numbers import printed
from ictindex.forms.words import OUT, WRONG, Speaker
from ictindex.model import InputKind
from ictindex.origins import column_letters
from ictindex.plan import Heading, Leaf, Plan

BLOCK = 6
"""Columns a unit: state, number, points, points left out, what the form shows, level."""

_STATE, _NUMBER, _POINTS, _LEFT, _SHOWN, _LEVEL = range(BLOCK)
_FIRST = 1  # the column of the first block; the codes stand before it


@frozen
class Cell:
    """A formula of the hidden sheet, with the value that it has on an empty form."""

    row: int
    column: int
    formula: str
    value: str | int | float


@frozen
class Calculation:
    """The lines of the hidden sheet of a scheme's form, and which rows it can tell the points of.

    `told` are the codes of rows whose points follow from one unit's figures.
    """

    plan: Plan
    lines: tuple[Line, ...]
    told: frozenset[str] = field(init=False)
    _rows: dict[str, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "told", frozenset(_told(self.plan, self.lines)))
        entries = [line for line in self.lines if line.entry]
        entries.sort(key=lambda line: line.kind == "excluded")  # what need not be filled in stands behind the rest
        names = [f"in {line.entry.key}" for line in entries if line.entry]
        names += [f"shown {code}" for code in self._proved]
        names += [f"row {node.row.code}" for node in self.plan.nodes if node.row.code in self.told]
        object.__setattr__(self, "_rows", {name: at for at, name in enumerate(names, 1)})

    @property
    def names(self) -> Mapping[str, int]:
        """What each line of the sheet is about, with its row counted from 0; row 0 is the heading's."""
        return self._rows

    @property
    def _proved(self) -> list[str]:
        """The codes of the told rows whose points hang on evidence."""
        leaves = (node for node in self.plan.nodes if isinstance(node, Leaf) and node.row.code in self.told)
        return [one.row.code for one in leaves if one.row.evidence is not None and one.row.evidence.without != "flag"]

    def entries_range(self, unit: int) -> str:
        """Return the range of the states of a unit's inputs; empty where the form asks for none."""
        letter = column_letters(_FIRST + unit * BLOCK + _STATE)
        return f"${letter}$2:${letter}${self.wanted + 1}" if self.wanted else ""

    @property
    def wanted(self) -> int:
        """How many cells each unit is to fill in."""
        return sum(line.entry is not None and line.kind != "excluded" for line in self.lines)

    def shown(self, code: str, unit: int) -> str:
        """Return the cell of what the form shows of a row's points."""
        return self._at(f"row {code}", unit, _SHOWN)

    def level(self, code: str, unit: int) -> str:
        """Return the cell of a row's level."""
        return self._at(f"row {code}", unit, _LEVEL)

    def input_state(self, key: str, unit: int) -> str:
        """Return the cell of the state of what stands in a cell to fill in."""
        return self._at(f"in {key}", unit, _STATE)

    def has_level(self, code: str) -> bool:
        """Whether the level of a row can be told."""
        return code in self.told and bool(self._level(code, 0))

    def cells(
        self,
        unit: int,
        filled: Mapping[str, str],
        ranges: Ranges,
        points: Mapping[str, str],
        speak: Speaker,
        words: str,
    ) -> Iterator[Cell]:
        """Yield the formulas of one unit.

        `filled` are the cells to fill in by key, `points` the ranges of the points of choices, `words` the range of
        the words that speak of evidence that there is none.
        """
        at = self._refs(unit, points)
        for line in self.lines:
            if line.entry:
                key, cell = line.entry.key, filled[line.entry.key]
                empty = 0 if key.endswith(".excluded") else 2
                name, state = f"in {key}", at.input_state(key)
                yield self._cell(name, unit, _STATE, state_formula(line.entry, cell, ranges), empty)
                yield self._cell(name, unit, _NUMBER, number_formula(line.entry, cell, state, ranges), 0)
        for code in self._proved:
            yield from self._evidence(code, unit, filled, words)
        rows = _below(self.plan, self.told, at)
        for node in self.plan.nodes:
            code = node.row.code
            if code not in self.told:
                continue
            made = (
                measures.formulas_of(node, at) if isinstance(node, Leaf) else headings.formulas_of(node, rows[code], at)
            )
            name = f"row {code}"
            yield self._cell(name, unit, _STATE, made.state, 2)
            for column, formula in ((_NUMBER, made.number), (_POINTS, made.points), (_LEFT, made.left)):
                yield self._cell(name, unit, column, formula, 0)
            state, told = at.state(code), printed(at.points(code), node.row)
            other = f'IF({state}=1,"{speak(OUT)}",IF({state}=3,"{speak(WRONG)}",""))'
            yield self._cell(name, unit, _SHOWN, f"IF({state}=0,{told},{other})", "")
            if level := self._level(code, unit):
                yield self._cell(name, unit, _LEVEL, level, "")

    def _level(self, code: str, unit: int) -> str:
        row = self.plan.scheme.row(code)
        shown = self._at(f"row {code}", unit, _SHOWN)
        return headings.level_formula(row, shown, self._refs(unit, {}), self.told, self.plan.scheme.row)

    def _evidence(self, code: str, unit: int, filled: Mapping[str, str], words: str) -> Iterator[Cell]:
        """Yield the texts of a piece of evidence without what stands around them, then whether one shows something."""
        name, tests = f"shown {code}", []
        for column, part in ((_NUMBER, "number"), (_POINTS, "title"), (_LEFT, "link")):
            text = f"LOWER({filled[f'{code}@{part}']})"
            for sign in AROUND.replace(" ", ""):
                text = f'SUBSTITUTE({text},"{sign}","")'
            yield self._cell(name, unit, column, f'IFERROR(TRIM({text}),"")', "")
            there = self._at(name, unit, column)
            tests.append(f'AND({there}<>"",LEFT({there},1)<>"#",SUMPRODUCT(--({words}={there}))=0)')
        yield self._cell(name, unit, _STATE, f"OR({','.join(tests)})", 0)

    def _refs(self, unit: int, points: Mapping[str, str]) -> Refs:
        def ref(lead: str, column: int, code: str) -> str:
            return self._at(f"{lead} {code}", unit, column)

        keys = [line.entry.key for line in self.lines if line.entry and line.kind == "excluded"]
        return Refs(
            state=partial(ref, "row", _STATE),
            number=partial(ref, "row", _NUMBER),
            points=partial(ref, "row", _POINTS),
            left=partial(ref, "row", _LEFT),
            input_state=partial(ref, "in", _STATE),
            input_number=partial(ref, "in", _NUMBER),
            shown=partial(ref, "shown", _STATE),
            cases=points,
            excluded={key.removesuffix(".excluded"): ref("in", _NUMBER, key) for key in keys},
        )

    def _at(self, name: str, unit: int, column: int) -> str:
        return f"${column_letters(_FIRST + unit * BLOCK + column)}${self._rows[name] + 1}"

    def _cell(self, name: str, unit: int, column: int, formula: str, value: str | int) -> Cell:
        return Cell(self._rows[name], _FIRST + unit * BLOCK + column, f"={formula}", value)


def _told(plan: Plan, lines: Sequence[Line]) -> Iterator[str]:
    """Yield the codes of the rows whose points can be told from one unit's figures."""
    muddled = {
        line.entry.key
        for line in lines
        if line.entry and line.entry.rule.kind is InputKind.CHOICE and not cases_are_told_apart(line.entry.rule)
    }
    told: set[str] = set()
    for node in plan.order:
        if not node.row.max:
            continue
        if isinstance(node, Leaf):
            able = measures.can_tell(node) and not muddled & set(node.inputs)
        else:
            below = [plan.nodes[child].row for child in node.children]
            able = headings.can_combine(node) and all(row.code in told for row in below if row.max)
        if able:
            told.add(node.row.code)
            yield node.row.code


def _below(plan: Plan, told: frozenset[str], at: Refs) -> dict[str, list[headings.Below]]:
    """Return the rows of each told heading, with whether they can be left out."""
    leaving: dict[str, bool] = {}
    found: dict[str, list[headings.Below]] = {}
    for node in plan.order:
        code = node.row.code
        if isinstance(node, Heading) and code in told:
            children = [plan.nodes[child].row.code for child in node.children]
            facts = zip(children, node.below, strict=True)
            found[code] = [headings.Below(child, one, leaving.get(child, False)) for child, one in facts]
            leaving[code] = headings.leaves(node, found[code])
        elif isinstance(node, Leaf) and code in told:
            leaving[code] = measures.can_leave(node, at)
    return found
