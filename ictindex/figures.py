"""Columns of numbers: first which sign stands before the decimals of the file, then what each cell says.

Problems: T052 nothing shows the sign before decimals, T053 a column with both signs, T054 a note about the sign that
cannot be understood, or that says something else than the options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from ictindex.cells import (
    CellRule,
    Cells,
    CellState,
    Complaint,
    Floats,
    Unfit,
    breaks,
    can_be,
    cell_text,
    clean,
    fold,
    plain_numbers,
    read_cells,
    shown,
)
from ictindex.findings import Found, Heading
from ictindex.messages import say
from ictindex.model import InputKind
from ictindex.numerals import Shown, Sign, decide, look, look_plainly, number, without_percent
from ictindex.plain_columns import PlainColumn

RawColumn = Sequence[Any] | NDArray[Any]
"""A column before it is read: texts as typed by hand, and Python or numpy numbers where the source has numbers.

The masked cells of a masked array are empty.
"""

_NOTES = ("decimal", "dấu thập phân")
_SIGNS: dict[str, Sign] = {"point": "point", "comma": "comma", "chấm": "point", "phẩy": "comma"}
_NOTES_MEANT = say("write `# decimal: point` or `# decimal: comma` (`# dấu thập phân: chấm`, `# dấu thập phân: phẩy`)")


@frozen
class Figures:
    """A column of numbers that is not read yet.

    `typed` are the texts that a person typed, empty where the source holds a number; `held` are those numbers as text,
    None where there is none or the cells are an array. `plain` are the values where all texts are plain numbers,
    `unfit` the cells by position that the format of the source refuses. `lines` are those of the cells, where columns
    do not share their lines.
    """

    heading: Heading
    rule: CellRule
    cells: RawColumn
    typed: Sequence[str]
    held: Sequence[str] | None = None
    plain: Floats | None = None
    shown: Shown = field(factory=Shown)
    unfit: Mapping[int, Complaint] = field(factory=dict)
    lines: Sequence[int] = ()


def figures(heading: Heading, rule: CellRule, cells: RawColumn) -> Figures:
    """Return a column of numbers (or of words with a value), and what it shows of the sign before decimals.

    Numbers of the source show nothing: only texts that were typed do.
    """
    if isinstance(cells, np.ndarray):
        return Figures(heading, rule, cells, [])
    if isinstance(cells, PlainColumn):
        if rule.numeric:
            return Figures(heading, rule, cells, cells, None, cells.values, look_plainly(cells))
        cells = [*cells]
    typed, held = list(cells), None
    unfit: dict[int, Complaint] = {}
    if not set(map(type, typed)) <= {str}:
        words = [isinstance(cell, str) for cell in typed]
        held = ["" if word else cell_text(cell) for word, cell in zip(words, cells, strict=True)]
        typed = [cell if word else "" for word, cell in zip(words, cells, strict=True)]
        unfit = {at: cell.complaint for at, cell in enumerate(cells) if isinstance(cell, Unfit)}
    if not rule.numeric:
        return Figures(heading, rule, cells, typed, held, unfit=unfit)
    plain = plain_numbers(typed)
    return Figures(heading, rule, cells, typed, held, plain, look(typed, plain=plain is not None), unfit)


def texts_of(cells: RawColumn) -> list[str]:
    """Return the cells of a column as they would have been typed."""
    if not isinstance(cells, np.ndarray):
        return [cell_text(cell) for cell in cells]
    words, places = _different(cells)
    return [words[place] for place in places.tolist()]


def _different(cells: NDArray[Any]) -> tuple[list[str], NDArray[np.intp]]:
    """Return each different number of an array as text, and at last the empty one; and which of them each cell is."""
    known, places = np.unique(np.ma.getdata(cells), return_inverse=True)
    return [*map(cell_text, known), ""], np.where(np.ma.getmaskarray(cells), len(known), places).astype(np.intp)


def stated_sign(
    stated: Literal["", "point", "comma"], notes: Sequence[str], found: Found
) -> tuple[Literal["", "point", "comma"], list[str]]:
    """Return the sign before decimals that the options or a note `decimal: comma` state, and the other notes."""
    sign, others = stated, []
    for note in notes:
        key, colon, value = note.partition(":")
        if not colon or fold(key) not in _NOTES:
            others.append(note)
            continue
        noted = _SIGNS.get(fold(value))
        if noted is None:
            message = say("the note {note} does not say which sign stands before decimals", note=shown(note))
            found.add("T054", message, hint=_NOTES_MEANT)
        elif sign and noted != sign:
            message = say("the note {note} says something else than was said of the table", note=shown(note))
            found.add("T054", message, hint=say("correct the note, or say nothing of the decimals"))
        sign = sign or noted or ""
    return sign, others


def signs_of(
    columns: Sequence[Figures], stated: Literal["", "point", "comma"], lines: Sequence[int], found: Found
) -> list[Sign | None]:
    """Return the sign before decimals of each column, None where a problem was added about it.

    What is stated holds for all columns; else the cells decide, and where they do not, it is asked.
    """
    if stated:
        return [stated for _ in columns]

    def allowed(column: int, text: str, sign: Sign) -> bool:
        return can_be(text, columns[column].rule, sign)

    decision = decide([column.shown for column in columns], allowed)
    for column, sign in zip(columns, decision.signs, strict=True):
        if sign is None and len(column.shown.signs) > 1:
            _contradicted(column, lines, found)
        elif sign is None:
            _ask(column, lines, found, whole=decision.whole)
            if decision.whole:
                break
    return list(decision.signs)


def _contradicted(column: Figures, lines: Sequence[int], found: Found) -> None:
    lines = column.lines or lines
    point, comma = column.shown.point, column.shown.comma
    first, last = sorted((point, comma))
    cells = {"other": shown(column.typed[first]), "line": lines[first], "cell": shown(column.typed[last])}
    if last == comma:
        message = say("{cell} has a decimal comma, but {other} in line {line} a decimal point", **cells)
    else:
        message = say("{cell} has a decimal point, but {other} in line {line} a decimal comma", **cells)
    hint = say("write the numbers of a column in one way")
    found.add("T053", message, line=lines[last], cell=column.heading, hint=hint)


def _ask(column: Figures, lines: Sequence[int], found: Found, *, whole: bool) -> None:
    lines = column.lines or lines
    text, at = next(iter(column.shown.unclear.items()))
    bare, _ = without_percent(clean(text))
    parts = {"cell": shown(text), "point": number(bare, "point"), "comma": number(bare, "comma")}
    if whole:
        message = say("{cell} is {point} or {comma}: nothing shows whether decimals have a point or a comma", **parts)
        hint = say(
            "say which, with --decimal or decimal=, or in a line `# decimal: comma` (`# dấu thập phân: phẩy`)"
            " above the column names"
        )
    else:
        message = say("{cell} is {point} or {comma}: other columns differ, and this one does not show it", **parts)
        hint = say("write the numbers of all columns in one way, without signs between thousands")
    found.add("T052", message, line=lines[at], cell=column.heading, hint=hint)


def read_figures(column: Figures, sign: Sign | None) -> Cells:
    """Return what the cells say, with that sign before the decimals of those that were typed."""
    if isinstance(column.cells, np.ndarray):
        values = read_numbers(column.cells, column.rule)
        if values is not None:
            masked = np.ma.getmaskarray(column.cells)
            return Cells(values, masked * np.uint8(CellState.MISSING) if masked.any() else None, [])
        return _read_array(column.cells, column.rule)
    if column.held is None:
        return read_cells(column.typed, column.rule, sign, column.plain)
    held = read_cells(column.held, column.rule)
    if column.unfit:
        told = {**dict(held.complaints), **column.unfit}  # what the format says of a cell is nearer to the matter
        held = held._replace(complaints=list(told.items()))
    if not any(column.typed):
        return held
    typed = read_cells(column.typed, column.rule, sign, column.plain)
    return _merged(typed, held, np.fromiter(map(bool, column.typed), np.bool_, len(column.typed)))


def read_numbers(numbers: NDArray[Any], rule: CellRule) -> Floats | None:
    """Return an array of numbers as it stands where the rule allows every one, else None: then read it as text.

    Masked cells of a masked array are missing, and NaN. Truths are taken where yes or no is asked.
    """
    kind, size = numbers.dtype.kind, numbers.dtype.itemsize
    wanted = "iuf" if rule.numeric else "b" if rule.kind is InputKind.YES_NO else ""
    if numbers.ndim != 1 or kind not in wanted or size > np.dtype(np.float64).itemsize:
        return None
    data, absent = np.ma.getdata(numbers), np.ma.getmaskarray(numbers)
    values = data.astype(np.float64) + 0.0
    values[absent] = np.nan
    narrow = kind == "f" and data.dtype != np.float64
    if not (np.isfinite(values) | absent).all() or ((kind in "iu" or narrow) and (np.abs(values) >= 2.0**53).any()):
        return None
    if narrow:  # float32 0.1 is 0.1 only through its text
        broken = values - np.floor(values) > 0
        values[broken] = data[broken].astype(np.str_).astype(np.float64)
    return None if breaks(values, rule).any() else values


def _read_array(cells: NDArray[Any], rule: CellRule) -> Cells:
    """Return what the cells of an array say as texts; each different number is looked at once."""
    words, places = _different(cells)
    values, states, complaints = read_cells(words, rule)
    told = dict(complaints)
    wrong = [(at, told[place]) for at, place in enumerate(places.tolist()) if place in told] if told else []
    absent = None if states is None else states[places]
    return Cells(values[places], absent if absent is not None and absent.any() else None, wrong)


def _merged(typed: Cells, held: Cells, is_typed: NDArray[np.bool_]) -> Cells:
    """Return the typed cells where there are such, else those that the source holds as numbers."""
    parts = []
    for cells in (typed, held):
        states = np.zeros(len(is_typed), np.uint8) if cells.states is None else cells.states
        parts.append((cells.values, states))
    values, states = (np.where(is_typed, one, other) for one, other in zip(*parts, strict=True))
    complaints = sorted([*typed.complaints, *held.complaints], key=lambda complaint: complaint[0])
    return Cells(values, states if states.any() else None, complaints)
