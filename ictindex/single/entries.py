"""The cells of one unit as a portal has them, read by the rules of any table.

What can be read cell by cell is read here. Everything else (scores given at a row, points left out, self-declared
figures, columns by their names, and all that is wrong) is left to the reader of tables, which says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from ictindex.answers import NO, YES, is_shown
from ictindex.cells import CellRule, CellState, can_be, cell_text, clean, read_cell
from ictindex.headers import Columns
from ictindex.model import InputKind
from ictindex.numerals import Sign, decide, look
from ictindex.plan import Leaf, Plan
from ictindex.table import Column, Table

_WHOLE = 2.0**53 - 1
"""Up to this a float holds every whole number; what is larger is read with care."""

_DIGITS = 15
_PLAIN = {"point": re.compile(r"-?[0-9]{1,8}(\.[0-9]{0,7})?"), "comma": re.compile(r"-?[0-9]{1,8}(,[0-9]{0,7})?")}
_ONLY_DIGITS = re.compile(r"[0-9]+").fullmatch
_WORDS_AND_COUNTS = (InputKind.COUNT, InputKind.YES_NO, InputKind.CHOICE)
_LONGEST_NAME = 100
_REPORTED, _MISSING = int(CellState.REPORTED), int(CellState.MISSING)
_FINE = 2
"""Most figures have no more decimals than this."""


class Entry(NamedTuple):
    """The cells of one unit: 0 where there is none, and a `CellState` for each, in the order of the scheme's inputs.

    `unshown` are the codes of the rows whose evidence is asked for and was not shown.
    """

    values: list[float]
    states: bytearray
    unit: str = ""
    pool: str = ""
    unshown: Collection[str] = ()


class _Slot(NamedTuple):
    """One input: where its cell stands, the numbers that need no closer look, what words say, and its whole rule."""

    at: int
    low: float
    high: float
    whole: bool
    words: Mapping[Any, float]
    rule: CellRule


_Typed = tuple[_Slot, str, bool]
"""A cell as text, and whether a person typed it."""


class Cells:
    """The cells that a unit has under a scheme; `decimal` is the sign before decimals in typed numbers, if known."""

    def __init__(self, plan: Plan, decimal: Literal["", "point", "comma"] = "") -> None:
        self.plan, self.scheme, self.decimal = plan, plan.scheme, decimal
        self.columns = Columns(self.scheme)
        self.codes = tuple(one.code for one in self.scheme.inputs)
        self.at = {code: at for at, code in enumerate(self.codes)}
        self._slots = dict(self._usual())
        self._evidence = {
            f"{row.code}.evidence": row.code for row in self.scheme.rows() if self._role(f"{row.code}.evidence")
        }
        endings = (f"{row.code}{ending}" for row in self.scheme.rows() for ending in (".score", ".excluded"))
        self._optional = {heading for heading in endings if self._is_beside(heading)}
        self._asked = {
            leaf.row.code for leaf in plan.nodes if isinstance(leaf, Leaf) and leaf.row.max and _depends(leaf)
        }
        self._fine = [at for at, one in enumerate(self.scheme.inputs) if one.kind not in _WORDS_AND_COUNTS]
        self._by = self.scheme.pools.by if self.scheme.pools else ""
        self._pools = self._known_pools()

    def read(self, inputs: Mapping[Any, Any]) -> Entry | None:
        """Return the cells, None where a whole table must be read of them."""
        values, states = [0.0] * len(self.codes), bytearray([_MISSING]) * len(self.codes)
        typed: list[_Typed] = []
        others: dict[Any, Any] = {}
        slots = self._slots
        for key, cell in inputs.items():
            slot = slots.get(key)
            if slot is None:
                others[key] = cell
                continue
            kind = type(cell)
            if cell is None or (kind is str and not cell):
                continue
            number = float(cell) if kind is str and len(cell) <= _DIGITS and _ONLY_DIGITS(cell) else cell
            plain = kind is float or kind is int or number is not cell
            if plain and slot.low <= number <= slot.high and not (slot.whole and number % 1):
                values[slot.at] = number + 0.0  # minus zero is zero
                states[slot.at] = _REPORTED
                continue
            word = slot.words.get(cell) if kind is str or kind is int else None
            if word is None:
                typed.append((slot, cell if kind is str else cell_text(cell), kind is str))
            else:
                values[slot.at], states[slot.at] = word, _REPORTED
        if typed and not self._typed(typed, values, states):
            return None
        who = self._who(others)
        return None if who is None else Entry(values, states, *who)

    def _who(self, others: Mapping[Any, Any]) -> tuple[str, str, Collection[str]] | None:
        """Return the unit, its pool and which evidence is not shown.

        None where a table must be asked what the cells beside the inputs mean, such as a score given at a row.
        """
        unit, pool, shown = "", "", dict[str, bool]()
        for key, cell in others.items():
            text = "" if cell is None else cell
            if type(text) is not str or len(text) > _LONGEST_NAME:
                return None
            if key in self._evidence:
                shown[self._evidence[key]] = is_shown(text)
            elif key == self._by:
                pool = self._pool(text)
            elif key == "unit":
                unit = clean(text)
            elif key != "name" and (text or key not in self._optional):
                return None
        if bool(self._by) != bool(pool) or not self._asked <= shown.keys():
            return None
        return unit, pool, [code for code, is_there in shown.items() if not is_there]

    def is_fine(self, entry: Entry) -> bool:
        """Whether no figure has more than two decimals."""
        return all(round(entry.values[at] * 10**_FINE) / 10**_FINE == entry.values[at] for at in self._fine)

    def finest(self) -> Entry:
        """Return cells with as many decimals as `is_fine` allows, from which it follows how fine the points can be."""
        fine = set(self._fine)
        values = [1 / 4 if at in fine else 0.0 for at in range(len(self.codes))]
        return Entry(values, bytearray(len(values)))

    def table(self, entry: Entry | None, codes: Iterable[str]) -> Table:
        """Return some of the cells as a table of one unit; without cells it has no columns."""
        columns = {} if entry is None else {code: _column(entry, self.at[code]) for code in codes}
        return Table(units=("",), names=("",), columns=columns)

    def _usual(self) -> Iterable[tuple[str, _Slot]]:
        """Yield the inputs that are meant where their code stands."""
        for at, code in enumerate(self.codes):
            target = self.columns.column(code)
            if target is None or target.rule is None or (target.role, target.key) != ("data", code) or target.declared:
                continue
            rule = target.rule
            if rule.numeric:
                low = -_WHOLE if rule.low is None else max(float(rule.low), -_WHOLE)
                high = _WHOLE if rule.high is None else min(float(rule.high), _WHOLE)
                yield code, _Slot(at, low, high, rule.kind is InputKind.COUNT, {}, rule)
            else:
                yield code, _Slot(at, np.inf, -np.inf, False, _words(rule), rule)

    def _role(self, heading: str) -> bool:
        target = self.columns.column(heading)
        return target is not None and target.role == "evidence" and heading == f"{target.key}.evidence"

    def _is_beside(self, heading: str) -> bool:
        """Whether a heading stands for a score given at a row or points left out there: empty, it says nothing."""
        target = self.columns.column(heading)
        return target is not None and target.key == heading and not target.declared

    def _known_pools(self) -> Mapping[str, str]:
        pools = self.scheme.pools.pools if self.scheme.pools else ()
        return {pool.name: pool.code for pool in pools if pool.name} | {pool.code: pool.code for pool in pools}

    def _pool(self, cell: str) -> str:
        text = clean(cell)
        return self._pools.get(text, "") if self._pools else text

    def _typed(self, typed: Sequence[_Typed], values: list[float], states: bytearray) -> bool:
        """Read what needs a closer look; return whether nothing is wrong with it.

        The numbers whose signs may stand before decimals or between thousands tell together which they are.
        """
        signed: list[tuple[_Slot, str]] = []
        for slot, text, by_hand in typed:
            if by_hand and slot.rule.numeric and ("." in text or "," in text):
                signed.append((slot, text))
            elif not _read(slot, text, "point", values, states):
                return False
        signs: Sequence[Sign | None] = [self.decimal or None] * len(signed)
        if signed and not self.decimal:

            def allowed(column: int, text: str, sign: Sign) -> bool:
                return can_be(text, signed[column][0].rule, sign)

            signs = decide([look([text], plain=False) for _, text in signed], allowed).signs
        return all(
            sign is not None and _read(slot, text, sign, values, states)
            for (slot, text), sign in zip(signed, signs, strict=True)
        )


def _read(slot: _Slot, text: str, sign: Sign, values: list[float], states: bytearray) -> bool:
    """Read one cell as any table's; return whether nothing is wrong with it."""
    if _PLAIN[sign].fullmatch(text):
        number = float(text.replace(",", "."))
        if slot.low <= number <= slot.high and not (slot.whole and number % 1):
            values[slot.at], states[slot.at] = number + 0.0, _REPORTED
            return True
    found = read_cell(text, slot.rule, sign)
    if found.complaint is not None or abs(found.value) > _WHOLE:
        return False
    states[slot.at] = found.state
    if found.state is CellState.REPORTED:
        values[slot.at] = found.value
    return True


def _words(rule: CellRule) -> Mapping[Any, float]:
    """Return what the usual words say, and the whole numbers that stand for them."""
    texts = [*(case.code for case in rule.cases), *sorted(YES | NO)]
    found = {text: read_cell(text, rule) for text in texts}
    known: dict[Any, float] = {text: cell.value for text, cell in found.items() if cell.complaint is None}
    whole = (text for text in known if text.isdecimal() and cell_text(int(text)) == text)
    return known | {int(text): known[text] for text in whole}


def _column(entry: Entry, at: int) -> Column:
    state = entry.states[at]
    return Column([np.nan if state else entry.values[at]], np.array([state], np.uint8) if state else None)


def _depends(leaf: Leaf) -> bool:
    return leaf.row.evidence is not None and leaf.row.evidence.without != "flag"
