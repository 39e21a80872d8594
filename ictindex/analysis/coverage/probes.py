"""A probe: one part of a scheme that a case can touch, with the question whether one did."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from attrs import frozen

from ictindex.analysis.coverage.sights import Sight
from ictindex.matrix import Flag
from ictindex.model import Row, Scheme

Touch = Callable[[Sight], bool]


@frozen
class Probe:
    """One part: the row it belongs to, its kind as a stable word, what it is in words, its line in the scheme.

    `touched` says whether a case went through it. It is asked of the cases that look at the row: those that expect
    something of it, or of a row above.
    """

    row: str
    kind: str
    what: str
    line: int
    touched: Touch


class Lines:
    """Where the numbers of a scheme stand in its file."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._rows = {row.code: row.line for row in scheme.rows()}
        # Under an overlay a number may stand in either file, and does not say in which: only rows have lines then.
        stated = scheme.statements if scheme.overlay is None else ()
        self._lines = {(one.at, one.key): one.line for one in stated if one.line}
        self._numbers: dict[tuple[str, str, Fraction | None], int] = {}
        for (at, key), line in self._lines.items():
            path, _, text = key.partition(".")
            self._numbers[at, path, _number(text)] = line

    def of(self, row: str, *keys: str) -> int:
        """Return the line of the first of these statements that the row makes, else that of the row."""
        stated = (self._lines.get((row, key)) for key in keys)
        return next(filter(None, stated), None) or self._rows.get(row, 0)

    def step(self, row: Row, mark: Fraction) -> int:
        """Return the line of one of a row's steps."""
        name = row.scale.name if row.scale else ""
        return self._numbers.get((row.code, name, mark)) or self.of(row.code, "rule")


def _number(text: str) -> Fraction | None:
    """Return the number that a step was typed as, None where it is none."""
    share = text.endswith("%")
    try:
        return Fraction(text.removesuffix("%").replace(" ", "")) / (100 if share else 1)
    except (ValueError, ZeroDivisionError):
        return None


def flagged(row: Row, flag: Flag) -> Touch:
    """Return the question whether any of these flags stands at a row."""
    return lambda sight: bool(sight.flag(row.code) & flag)


def computed(row: Row) -> Touch:
    """Return the question whether a row's points were computed, not given."""
    return lambda sight: sight.computed(row.code)
