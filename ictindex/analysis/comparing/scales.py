"""On which scale two scores are compared, and how they, a change and its parts are printed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from attrs import asdict, evolve, frozen

from ictindex.analysis.comparing.answers import CAUSES, Cause, PrintedSplit, Split
from ictindex.analysis.comparing.carrying import whole_of
from ictindex.model import Publication, Row
from ictindex.plan import points_per_unit
from ictindex.publication import apportioned, half_up, text

PLACES = 1
"""Parts of a change of rank are printed with so many decimals."""


@frozen
class Scale:
    """What both scores are given in. `as_published`: both are printed as they were published.

    `per_before` and `per_after` are the points that 1 on the scale stands for.
    """

    kind: Literal["points", "index", "percent", "share"]
    publish: Publication
    as_published: bool
    per_before: Fraction
    per_after: Fraction

    def key(self, score: Fraction) -> int:
        """Return a score in whole numbers of its last digit, where it is not printed as published."""
        return half_up(score * self._digits)

    def number(self, key: int) -> str:
        """Return a printed number."""
        return text(key, self.publish) + self.sign

    def printed(self, split: Split, whole: int, causes: Sequence[Cause]) -> PrintedSplit:
        """Return a change and its parts as printed; the printed change is `whole`."""
        return _printed(split, whole, self._digits, causes, self.publish, self.sign)

    def rounded(self, split: Split, causes: Sequence[Cause]) -> PrintedSplit:
        """Return a change and its parts as printed, the change rounded by itself."""
        return self.printed(split, half_up(split.whole * self._digits), causes)

    @property
    def sign(self) -> str:
        """What is printed behind a number."""
        return "%" if self.kind == "share" else ""

    @property
    def _digits(self) -> Fraction:
        return Fraction(10) ** self.publish.decimals * (100 if self.kind == "share" else 1)


def scale_of(before: Row, after: Row) -> Scale:
    """Return the scale on which scores at two rows can be compared: their own, else shares of the maximum."""
    one, other = before.publish, after.publish
    if one.scale != other.scale or whole_of(before) != whole_of(after):
        return Scale("share", Publication("percent", 2), False, before.max, after.max)
    pers = points_per_unit(before), points_per_unit(after)
    if one == other:
        return Scale(one.scale, one, True, *pers)
    publish = evolve(one, decimals=max(one.decimals, other.decimals), rounding="half-up")
    return Scale(one.scale, publish, False, *pers)


def printed_places(split: Split, causes: Sequence[Cause]) -> PrintedSplit:
    """Return a change of rank as printed: with a decimal where a part is not whole."""
    digits = Fraction(10) ** PLACES
    printed = _printed(split, half_up(split.whole * digits), digits, causes, Publication(decimals=PLACES), "")
    return PrintedSplit(**{name: text.removesuffix(f".{'0' * PLACES}") for name, text in asdict(printed).items()})


def _printed(
    split: Split, whole: int, digits: Fraction, causes: Sequence[Cause], publish: Publication, sign: str
) -> PrintedSplit:
    def signed(key: int) -> str:
        return f"{'+' if key > 0 else ''}{text(key, publish)}{sign}"

    keys = dict(zip(causes, apportioned([split.part(cause) * digits for cause in causes], whole), strict=True))
    return PrintedSplit(
        whole=signed(whole), **{cause: signed(keys[cause]) if cause in keys else "" for cause in CAUSES}
    )
