"""How a number may be typed: with a decimal point or a decimal comma, thousands apart, perhaps a percent sign.

`1.234` and `1,234` cannot be told apart, so a cell alone never says which sign stands before its decimals. The cells of
a table are looked at together (`look`, `decide`): `12,5` and `1.234.567` show a decimal comma, `0.4655` and `1,234.5` a
decimal point, and what all of them show holds for the file, or for a column where columns differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
from attrs import field, frozen

from ictindex.messages import say
from ictindex.plain_columns import PlainColumn
from ictindex.texts import clean, number_text

Sign = Literal["point", "comma"]
"""Which sign stands before decimals."""

SIGNS: tuple[Sign, Sign] = ("point", "comma")

LONGEST_READ = 40
"""A longer text than this is no number that a person meant: no advice says what it may be."""

_PLAIN = {
    "point": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"),
    "comma": re.compile(r"[+-]?([0-9]+(,[0-9]*)?|,[0-9]+)([eE][+-]?[0-9]+)?"),
}
# Thousands stand in groups of three, all of them apart by the same sign, and the first group is no zero.
_GROUPED = {
    "point": re.compile(r"[+-]?[1-9][0-9]{0,2}(?P<apart>[,' ’])[0-9]{3}((?P=apart)[0-9]{3})*(\.[0-9]*)?"),
    "comma": re.compile(r"[+-]?[1-9][0-9]{0,2}(?P<apart>[.' ’])[0-9]{3}((?P=apart)[0-9]{3})*(,[0-9]*)?"),
}
_APART = {"point": re.compile("[,' ’]"), "comma": re.compile("[.' ’]")}
_ONE_GROUP = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_SEPARATED = re.compile(r"[+-]?[0-9][0-9.,' ’_]*")


def number(text: str, sign: Sign | None) -> str | None:
    """Return what a text says as digits with a decimal point, None where it is no number with that sign.

    `text` has no blanks around it and single ones inside. Without a sign the text must say the same with either, or be
    a number with one of them only.
    """
    if sign is None:
        readings = {number(text, one) for one in SIGNS} - {None}
        return readings.pop() if len(readings) == 1 else None
    if _PLAIN[sign].fullmatch(text):
        return text if sign == "point" else text.replace(",", ".")
    if _GROUPED[sign].fullmatch(text):
        return _APART[sign].sub("", text).replace(",", ".")
    return None


def is_open(text: str) -> bool:
    """Whether a text is a number with either sign, and not the same one: `1.234`."""
    return len({number(text, sign) for sign in SIGNS} - {None}) > 1


def is_separated(text: str) -> bool:
    """Whether a text has digits and separators only: it was meant as a number, if it is none."""
    return _SEPARATED.fullmatch(text) is not None


def without_percent(text: str) -> tuple[str, bool]:
    """Return the text without its percent sign, and whether it had one."""
    return (text[:-1].rstrip(), True) if text.endswith("%") else (text, False)


def hundredth(digits: str) -> str:
    """Return a hundredth of a number as `number` gives it, to be read exactly."""
    mantissa, _, exponent = digits.casefold().partition("e")
    if len(exponent) > LONGEST_READ:  # beyond every number that can be kept
        return digits
    return f"{mantissa}e{int(exponent or 0) - 2}"


def whole_meant(text: str) -> str:
    """Return in words what to do about a count that is not whole; it may have been typed with thousands apart."""
    if is_open(text):
        whole = re.sub("[.,]", "", text)
        if "." in text:
            return say("a count is a whole number; if the point separates thousands, write {number}", number=whole)
        return say("a count is a whole number; if the comma separates thousands, write {number}", number=whole)
    return say("a count is a whole number")


def percent_meant(digits: str) -> str:
    """Return in words what to write in the place of a number with a percent sign."""
    if len(digits) > LONGEST_READ or "e" in digits.casefold():
        return say("write the number without it")
    share = number_text(Fraction(digits) / 100)
    return say("write {number}, or {share} where a share is asked", number=digits, share=share)


@frozen
class Shown:
    """What the cells of a column show of the sign: the position of the first cell for each, -1 where there is none.

    `unclear` are the texts that are a number with either sign, each with its first position. They are not all there
    where a cell of the column shows the sign.
    """

    point: int = -1
    comma: int = -1
    unclear: Mapping[str, int] = field(factory=dict)

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The signs that cells show: both where the column contradicts itself."""
        return tuple(sign for sign, at in zip(SIGNS, (self.point, self.comma), strict=True) if at >= 0)


def look(texts: Sequence[str], *, plain: bool) -> Shown:
    """Return what cells show of the sign. `plain`: they hold digits, minus signs and single points, nothing else."""
    if plain:
        return _shown_plainly((at, text) for at, text in enumerate(texts) if "." in text)
    first: dict[str, int] = {}
    for at, text in enumerate(texts):
        if "." in text or "," in text:
            first.setdefault(text, at)
    # Without a comma, and with one point at most, no cell can show a decimal comma: the first point that is shown is
    # enough.
    return _shown(first, enough=not any("," in text or text.count(".") > 1 for text in first))


def look_plainly(column: PlainColumn) -> Shown:
    """Return what a column of plain numbers shows of the sign."""
    return _shown_plainly((at, column[at]) for at in np.flatnonzero(column.pointed).tolist())


def _shown_plainly(pointed: Iterable[tuple[int, str]]) -> Shown:
    unclear: dict[str, int] = {}
    for at, text in pointed:
        if not _ONE_GROUP.fullmatch(text):
            return Shown(point=at)
        unclear.setdefault(text, at)
    return Shown(unclear=unclear)


def _shown(first: Mapping[str, int], *, enough: bool) -> Shown:
    at = dict.fromkeys(SIGNS, -1)
    unclear: dict[str, int] = {}
    for text, place in first.items():
        bare = without_percent(clean(text))[0]
        point, comma = number(bare, "point"), number(bare, "comma")
        if point is not None and comma is not None:
            if point != comma:
                unclear[text] = place
        elif point is not None or comma is not None:
            sign = SIGNS[0] if comma is None else SIGNS[1]
            at[sign] = place if at[sign] < 0 else at[sign]
            if enough:
                break
    return Shown(at["point"], at["comma"], unclear)


@frozen
class Decision:
    """The sign of each column, None where nothing tells it. `whole`: it was asked of the file, not of each column."""

    signs: tuple[Sign | None, ...]
    whole: bool = True


def decide(columns: Sequence[Shown], can_be: Callable[[int, str, Sign], bool]) -> Decision:
    """Return the sign of each column of a file.

    `can_be(column, text, sign)` says whether the scheme lets a cell be what its text says with that sign; it is asked
    only where no cell shows the sign. A column that contradicts itself has no sign, and says nothing of the others.
    """
    sound = [at for at, column in enumerate(columns) if len(column.signs) < len(SIGNS)]

    def possible(those: Iterable[int]) -> list[Sign]:
        texts = [(at, text) for at in those for text in columns[at].unclear]
        return [sign for sign in SIGNS if not texts or all(can_be(at, text, sign) for at, text in texts)]

    shown = list({sign for at in sound for sign in columns[at].signs}) or possible(sound)
    if len(shown) == 1:
        return Decision(tuple(shown[0] if at in sound else None for at in range(len(columns))))
    alike = not any(column.signs for column in columns) and len(shown) > 1  # the same is unknown of every column
    signs: list[Sign | None] = []
    for at, column in enumerate(columns):
        own = list(column.signs) or possible([at])
        known = len(own) == 1 or not (column.signs or column.unclear)
        signs.append(own[0] if known else None)
    return Decision(tuple(signs), whole=alike)


def needs_sign(columns: Iterable[Sequence[str]]) -> bool:
    """Whether a file of these numbers, written with a decimal point, would not show which sign stands there."""
    shown = [look(texts, plain=True) for texts in columns]
    return any(one.unclear for one in shown) and not any(one.signs for one in shown)
