"""Typed text to cells: what one cell of a table may hold, and what is wrong with it when it does not.

Everything that a person may have typed arrives here as text. A number is taken only where its text says exactly one
thing under the sign that its column has before decimals (`numerals`); what a percent sign means, the rule must say.

Problems: T040 not a number, T041 separators that fit no number, or not the stated sign before decimals, T042 a percent
sign where it is not plain whether a share or a percent is asked, T043 nan, infinite or too large,
T044 more digits than can be kept, T045 outside the bounds, T046 not a whole number, T047 not a case, T048 neither yes
nor no, T049 a lone dash, T050 a cell too long, T051 an error left by a spreadsheet.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from ictindex.answers import NO, NOT_APPLICABLE_WORDS, YES
from ictindex.errors import did_you_mean
from ictindex.messages import joined, say
from ictindex.model import Case, InputKind
from ictindex.numerals import (
    LONGEST_READ,
    SIGNS,
    Sign,
    hundredth,
    is_open,
    is_separated,
    number,
    percent_meant,
    whole_meant,
    without_percent,
)
from ictindex.plain_columns import PlainColumn
from ictindex.texts import CELL_LIMIT, cell_text, clean, fold, number_text, shown

__all__ = [
    "CELL_LIMIT",
    "Cell",
    "CellRule",
    "CellState",
    "Cells",
    "Complaint",
    "Floats",
    "States",
    "Unfit",
    "breaks",
    "can_be",
    "cell_text",
    "clean",
    "fold",
    "number_text",
    "plain_numbers",
    "read_cell",
    "read_cells",
    "shown",
    "too_long",
]

Floats = NDArray[np.float64]
States = NDArray[np.uint8]

_DASHES = frozenset("-–—−")
_PLAIN = re.compile(r"-?[0-9]{1,8}(\.[0-9]{0,7})?")  # at most 15 digits: the float gives the text back, whatever it is
_PLAIN_LENGTH = 15
_PLAIN_BYTES = b"0123456789.-"
_NOT_FINITE = frozenset({"nan", "inf", "infinity"})


class CellState(enum.IntEnum):
    """What a cell says. Missing is neither zero nor not applicable."""

    REPORTED = 0
    MISSING = 1
    NOT_APPLICABLE = 2


class Complaint(NamedTuple):
    """What is wrong with a cell: a problem that does not know its place yet."""

    code: str
    message: str
    hint: str = ""


class Unfit(NamedTuple):
    """A cell that its format refuses: what it shows, such as `#DIV/0!`, and what is wrong with it."""

    text: str
    complaint: Complaint

    def __str__(self) -> str:
        return self.text


class Cell(NamedTuple):
    """A cell that was read. The value is NaN where nothing usable is reported."""

    value: float
    state: CellState = CellState.REPORTED
    complaint: Complaint | None = None


class Cells(NamedTuple):
    """A column that was read: values (NaN where not reported), states (None: all reported), complaints by position."""

    values: Floats
    states: States | None
    complaints: list[tuple[int, Complaint]]


@frozen(kw_only=True)
class CellRule:
    """What the cells of one column may hold.

    `low` and `high` are both included; `bounds` says in words where they come from, `advice` what to do about a value
    outside them. `percent` says what a percent sign makes of 85%: 0.85 in a column of shares, 85 in one of percents;
    where it is empty, nobody knows.
    """

    kind: InputKind
    low: Fraction | None = None
    high: Fraction | None = None
    bounds: str = ""
    advice: str = ""
    cases: tuple[Case, ...] = ()
    percent: Literal["", "share", "percent"] = ""

    @property
    def numeric(self) -> bool:
        """Whether the cells are numbers, not words."""
        return self.kind not in (InputKind.YES_NO, InputKind.CHOICE)


def read_cells(texts: Sequence[str], rule: CellRule, sign: Sign | None = "point", plain: Floats | None = None) -> Cells:
    """Return a column of typed text as numbers: choices by their position in the cases, yes as 1 and no as 0.

    `sign` stands before decimals; where it is None, a cell that depends on it is left out without a complaint. `plain`
    are the values that `plain_numbers` gave. Plain numbers are read together; only what is not plain, or breaks the
    rule, is looked at cell by cell, and each different text once.
    """
    values = None
    if rule.numeric and sign is not None:
        values = plain if plain is not None and sign == "point" else _together(texts, sign)
    odd: dict[str, Cell] = {}
    if values is None:
        known: dict[str, float] = {}
        for text in set(texts):
            digits = _plain_digits(text, sign) if rule.numeric else None
            if digits is not None:
                known[text] = float(digits)
            else:
                odd[text] = read_cell(text, rule, sign)
                known[text] = odd[text].value
        values = np.fromiter(map(known.__getitem__, texts), np.float64, len(texts))
    breaking = {texts[at] for at in np.flatnonzero(breaks(values, rule)).tolist()}
    odd |= {text: read_cell(text, rule, sign) for text in breaking}
    complaints = {text: cell.complaint for text, cell in odd.items() if cell.complaint}
    placed = [(at, complaints[text]) for at, text in enumerate(texts) if text in complaints] if complaints else []
    values = values + 0.0  # minus zero, typed as -0, is zero
    return Cells(values, _states(texts, values, odd), placed)


def read_cell(text: str, rule: CellRule, sign: Sign | None = "point") -> Cell:
    """Return what one typed text says under the rule, with that sign before decimals."""
    if len(text) > CELL_LIMIT:
        return Cell(np.nan, complaint=too_long(text))
    word = fold(text)
    if not word:
        return Cell(np.nan, CellState.MISSING)
    if word in NOT_APPLICABLE_WORDS:
        return Cell(np.nan, CellState.NOT_APPLICABLE)
    if word in _DASHES:
        return _wrong("T049", say("a lone dash can mean several things"), _absent())
    if word.startswith("#"):
        message = say("{cell} is an error left by a spreadsheet", cell=shown(text))
        return _wrong("T051", message, say("mend the formula, or type the value"))
    if rule.kind is InputKind.YES_NO:
        return _yes_no(text, word)
    if rule.kind is InputKind.CHOICE:
        return _choice(clean(text), word, rule.cases)
    return _number(clean(text), rule, sign)


def can_be(text: str, rule: CellRule, sign: Sign) -> bool:
    """Whether the rule allows what a text says with that sign before decimals."""
    bare, percent = without_percent(clean(text))
    digits = number(bare, sign)
    if digits is None:
        return False
    exact = Fraction(hundredth(digits) if percent and rule.percent == "share" else digits)
    whole = rule.kind is not InputKind.COUNT or exact.denominator == 1
    return whole and (rule.low is None or exact >= rule.low) and (rule.high is None or exact <= rule.high)


def too_long(text: str) -> Complaint:
    """Return what is wrong with a cell of more than `CELL_LIMIT` characters."""
    message = say("a cell of {count:,} characters", count=len(text))
    return Complaint("T050", message, say("at most {count:,} characters fit in a cell", count=CELL_LIMIT))


def not_finite(text: str) -> Complaint:
    """Return what is wrong with a cell that is NaN or infinite: the outcome of a calculation, not of a count."""
    message = say("{cell} is not a number that can be scored", cell=shown(text))
    return Complaint("T043", message, say("leave a missing cell empty; in a frame: null, not NaN"))


def plain_numbers(texts: Sequence[str]) -> Floats | None:
    """Return the values where every cell is empty or a plain number of at most 15 characters, else None."""
    together = "".join(texts)
    if not together.isascii() or together.encode("ascii").translate(None, _PLAIN_BYTES):
        return None
    if max(map(len, texts), default=0) > _PLAIN_LENGTH:
        return None
    filled = [text or "nan" for text in texts] if "" in texts else texts
    try:
        return np.fromiter(map(float, filled), np.float64, len(texts))
    except ValueError:  # such as 1.2.3 or a lone dash
        return None


def _plain_digits(text: str, sign: Sign | None) -> str | None:
    """Return a number as digits with a decimal point where a float gives them back for sure, else None."""
    if sign == "point" and _PLAIN.fullmatch(text):
        return text
    digits = number(clean(text), sign)
    return digits if digits is not None and _PLAIN.fullmatch(digits) else None


def _together(texts: Sequence[str], sign: Sign) -> Floats | None:
    """Return the values where every cell is empty or a plain number with that sign before decimals, else None."""
    if sign == "point":
        return plain_numbers(texts)
    if isinstance(texts, PlainColumn):
        return None if texts.pointed.any() else texts.values
    return None if "." in "".join(texts) else plain_numbers([text.replace(",", ".") for text in texts])


def breaks(values: Floats, rule: CellRule) -> NDArray[np.bool_]:
    """Return where a value is outside the bounds, or a count is not whole. NaN breaks nothing."""
    broken = np.zeros(len(values), dtype=np.bool_)
    if not rule.numeric:
        return broken
    if rule.low is not None:
        broken |= values < float(rule.low)
    if rule.high is not None:
        broken |= values > float(rule.high)
    if rule.kind is InputKind.COUNT:
        broken |= values - np.floor(values) > 0
    return broken


def _states(texts: Sequence[str], values: Floats, odd: dict[str, Cell]) -> States | None:
    absent = np.isnan(values)
    if not absent.any():
        return None
    if not odd:  # nothing but plain numbers and empty cells
        return absent.astype(np.uint8) * np.uint8(CellState.MISSING)
    states = np.zeros(len(texts), np.uint8)
    for at in np.flatnonzero(absent).tolist():  # a reported cell has a value, or a complaint
        states[at] = odd[texts[at]].state if texts[at] in odd else CellState.MISSING
    return states


def _wrong(code: str, message: str, hint: str = "") -> Cell:
    return Cell(np.nan, complaint=Complaint(code, message, hint))


def _yes_no(text: str, word: str) -> Cell:
    if word in YES or word in NO:
        return Cell(float(word in YES))
    message = say("{cell} is neither yes nor no", cell=shown(text))
    return _wrong("T048", message, say("write yes or no, có or không, 1 or 0"))


def _choice(text: str, word: str, cases: tuple[Case, ...]) -> Cell:
    codes = [case.code for case in cases]
    if text in codes:
        return Cell(float(codes.index(text)))
    same = [position for position, code in enumerate(codes) if fold(code) == word]
    if len(same) == 1:
        return Cell(float(same[0]))
    listed = ", ".join(f"{case.code} {case.name}".strip() for case in cases)
    if codes and re.fullmatch("[0-9]{1,3}", codes[0]) and codes == _counted(int(codes[0]), len(codes)):
        message = say("{cell} is outside {first}-{last}", cell=shown(text), first=codes[0], last=codes[-1])
        return _wrong("T047", message, say("the levels are: {levels}", levels=listed))
    hint = joined((did_you_mean(text[:40], codes), say("the cases are: {cases}", cases=listed)), by=" ")
    return _wrong("T047", say("{cell} is not the code of a case", cell=shown(text)), hint)


def _counted(first: int, size: int) -> list[str]:
    return [str(number) for number in range(first, first + size)]


def _number(text: str, rule: CellRule, sign: Sign | None) -> Cell:
    bare, percent = without_percent(text)
    digits = number(bare, sign)
    if digits is None:
        # Without a sign, what can be either is asked of the whole column, not of each cell.
        return Cell(np.nan, complaint=None if is_open(bare) and sign is None else _not_a_number(text, bare, sign))
    if percent:
        if not rule.percent:
            return _wrong("T042", say("{cell} has a percent sign", cell=shown(text)), percent_meant(digits))
        if rule.percent == "share":
            digits = hundredth(digits)
    value = float(digits) + 0.0
    if np.isinf(value):
        message = say("{cell} is too large", cell=shown(text))
        return _wrong("T043", message, say("the largest number is about 1.8e308"))
    if not _kept(digits, value):
        message = say("{cell} has more digits than can be kept exactly", cell=shown(text))
        return _wrong("T044", message, say("round it to 15 digits"))
    complaint = _outside(text, value, rule)
    return Cell(np.nan if complaint else value, complaint=complaint)


def _kept(text: str, value: float) -> bool:
    """Whether the float gives back the number that was typed. Decimal, since a Fraction of 1e-999999999 never ends."""
    try:
        return Decimal(text) == Decimal(repr(value))
    except InvalidOperation:  # an exponent beyond all bounds
        return False


def _outside(text: str, value: float, rule: CellRule) -> Complaint | None:
    exact = Fraction(repr(value))
    if rule.kind is InputKind.COUNT:
        if exact < 0:
            message = say("{cell} is negative", cell=shown(text))
            return Complaint("T045", message, say("a count is a whole number, 0 or more"))
        if exact.denominator != 1:
            return Complaint("T046", say("{cell} is not a whole number", cell=shown(text)), whole_meant(text))
    if rule.low is not None and exact < rule.low:
        below = say("{cell} is below {bound}", cell=shown(text), bound=number_text(rule.low))
        return Complaint("T045", joined((below, rule.bounds), by=": "), rule.advice)
    if rule.high is not None and exact > rule.high:
        above = say("{cell} is above {bound}", cell=shown(text), bound=number_text(rule.high))
        return Complaint("T045", joined((above, rule.bounds), by=": "), rule.advice)
    return None


def _absent() -> str:
    return say("empty means missing, n/a means not applicable")


def _not_a_number(text: str, bare: str, sign: Sign | None) -> Complaint:
    """Return why a text is no number; `bare` is the text without its percent sign."""
    if text.casefold().lstrip("+-") in _NOT_FINITE:
        return not_finite(text)
    readings = [number(bare, other) for other in SIGNS if sign is not None and len(bare) <= LONGEST_READ]
    meant = next(filter(None, readings), "")
    if meant and sign == "point":
        message = say("{cell} is no number with a decimal point, which the table is said to have", cell=shown(text))
        return Complaint("T041", message, say("write {number}, or say that its decimals have a comma", number=meant))
    if meant:
        message = say("{cell} is no number with a decimal comma, which the table is said to have", cell=shown(text))
        typed = meant.replace(".", ",")
        return Complaint("T041", message, say("write {number}, or say that its decimals have a point", number=typed))
    if is_separated(bare) and len(bare) <= LONGEST_READ:
        message = say("the digits of {cell} are not apart as those of a number", cell=shown(text))
        return Complaint("T041", message, say("thousands stand in groups of three: 1.234.567,5 or 1,234,567.5"))
    if re.fullmatch(r"[0-9]{1,20} ?/ ?[0-9]{1,20}", text):
        return Complaint("T040", say("{cell} is a fraction", cell=shown(text)), say("write it as a decimal number"))
    return Complaint("T040", say("{cell} is not a number", cell=shown(text)), _absent())
