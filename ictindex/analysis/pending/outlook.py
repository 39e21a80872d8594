"""The outcomes that each open criterion may have.

It may come to:

* what it counts as now;
* for an unverified figure, what it counts as where that is turned down: a yes is a no, a choice the case with the
  fewest points, any other figure (and any whose evidence counts) no points at all; or where it is struck out, if the
  scheme takes missing figures: no points, or left out;
* for a missing figure, anything from that to the most points that the other figures leave room for;
* for an appeal, or evidence that may still be shown, what the unit asks for.

Of a deduction the most points are the worst. Every criterion is taken on its own, those that read one figure too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from attrs import evolve

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.criteria import Finder, Found
from ictindex.analysis.pending.figures import OpenFigures
from ictindex.analysis.pending.opens import Open, Outcome
from ictindex.editing import Edit, edited
from ictindex.exact import equal_points
from ictindex.filling import fill
from ictindex.leafrun import without_evidence
from ictindex.matrix import Flag, Matrix
from ictindex.plan import Leaf
from ictindex.reading import Reader
from ictindex.result import Result
from ictindex.strategies.base import Fit

_EXCLUDED = ".excluded"


def open_criteria(result: Result, figures: OpenFigures, aim: Aim, fits: Mapping[int, Fit]) -> list[Open]:
    """Return the open criteria that the aim is concerned with, in the order of the units and of the scheme.

    `fits` are what the pools teach, exact. Raises TableInvalid where the scheme refuses what an appeal asks for.
    """
    found = sorted(Finder(result, figures, aim).found(), key=lambda one: (one.unit, one.node.place))
    return _Outlook(result, figures, aim, fits, found).all() if found else []


class _Outlook:
    """Reads outcomes off the table as it is, with every open figure at its worst, and with every one at its best."""

    def __init__(
        self, result: Result, figures: OpenFigures, aim: Aim, fits: Mapping[int, Fit], found: list[Found]
    ) -> None:
        self.plan, self.table, self.figures, self.aim = result.plan, result.table, figures, aim
        self.fits, self.found, self.maths = fits, found, result.plan.arithmetic
        self.zero = self.maths.number(Fraction(0))
        self.borrowed = bool(result.options.get("reference"))
        units = sorted({one.unit for one in found})
        self.at = {unit: at for at, unit in enumerate(units)}
        self.units = np.array(units, np.intp)
        self.rising = {place: self._rising(place) for place in {one.node.place for one in found}}
        self.shared = self._shared()
        reader = Reader(self.plan, self.table, self.maths, self.units)
        self.left = {place: reader.excluded(place) for place in self.rising}
        self.now, self.worst, self.best = map(self._filled, ((), tuple(self._worsts()), tuple(self._bests())))

    def all(self) -> list[Open]:
        """Return every criterion with its outcomes."""
        with self.maths.context():
            return [
                Open(one.unit, one.node.place, tuple(one.why), tuple(dict.fromkeys(one.why.values())), self._of(one))
                for one in self.found
            ]

    def _of(self, one: Found) -> tuple[Outcome, ...]:
        """Return the outcomes of one criterion, what it counts as now first."""
        place, at, code = one.node.place, self.at[one.unit], one.node.row.code
        known, most = self.left[place], self.maths.number(one.node.row.max)
        left = self.zero if known is None else known[at]
        why = {reason for key, reason in one.why.items() if not key.endswith(_EXCLUDED)}
        told = [evolve(_outcome(self.now, place, at, left, most), put=False)]
        if why & {"unverified", "missing"}:
            told.append(Outcome(self._worst(one, why, most - left), left))
        if "missing" in why and not self._is_listed(one):
            told.append(Outcome(most - left if self.rising[place] else self.zero, left))
        elif why & {"missing", "appealed", "evidence"}:
            told.append(_outcome(self.best, place, at, left, most))
        if "unverified" in why and isinstance(one.node, Leaf) and one.node.missing != "refuse":  # it may be struck out
            told.append(Outcome(self.zero, most if one.node.missing == "rescale" else left))
        if f"{code}{_EXCLUDED}" in one.why:
            asked = self.figures.appealed.get((one.unit, f"{code}{_EXCLUDED}"))
            other = self.maths.number(Fraction(repr(asked.value or 0.0) if asked else 0))
            told += [Outcome(each.points, other) for each in told if not equal_points(each.left, most)]
        if not self._is_compared(one):
            return _each_once(told)
        return (told[0], *_each_once(told[1:]))

    def _worst(self, one: Found, why: set[Any], most: Any) -> Any:
        """Return the points of a criterion whose open figures are turned down."""
        if not self.rising[one.node.place]:
            return self.worst.points[one.node.place, self.at[one.unit]] if self._is_listed(one) else most
        costs = isinstance(one.node, Leaf) and without_evidence(one.node.row, self.table) == "zero"
        if not self._is_listed(one) or (costs and "unverified" in why):
            return self.zero
        return self.worst.points[one.node.place, self.at[one.unit]]

    def _worsts(self) -> Iterator[Edit]:
        """Yield the edits after which listed figures that are unverified or missing are at their worst."""
        for one in self.found:
            for key, reason in one.why.items():
                if reason in ("unverified", "missing") and self._is_listed(one):
                    yield Edit(one.unit, key, self._end(one, "worst"))

    def _bests(self) -> Iterator[Edit]:
        """Yield the edits after which missing figures are at their best, and what was asked for is granted."""
        for one in self.found:
            for key, reason in one.why.items():
                asked = self.figures.appealed.get((one.unit, key)) if reason == "appealed" else None
                if asked is not None and asked.state is not None and not key.endswith(_EXCLUDED):
                    yield Edit(one.unit, key, np.nan if asked.value is None else asked.value, asked.state)
                if reason == "missing" and self._is_listed(one):
                    yield Edit(one.unit, key, self._end(one, "best"))
                if reason != "unverified" and one.node.row.evidence is not None:
                    yield Edit(one.unit, f"{one.node.row.code}.evidence", 1.0)

    def _end(self, one: Found, which: Literal["worst", "best"]) -> float:
        """Return the yes, no or choice at which its criterion is at its worst, or at its best, for the unit."""
        leaf = one.node
        if not isinstance(leaf, Leaf):
            raise AssertionError("only figures of indicators are listed")
        rising = self.rising[leaf.place] == (leaf.scale.monotone > 0)
        highest = rising == (which == "best")
        cases = leaf.row.measure.get("cases", ()) if leaf.row.measure.name == "choice" else ()
        if not cases:
            return float(highest)
        points = [case.points for case in cases]
        return float(points.index(max(points) if highest else min(points)))

    def _filled(self, edits: Sequence[Edit]) -> Matrix:
        """Return the exact matrix of the units under edits, what is left out of a given or an assessed score aside."""
        columns = {key: one for key, one in self.table.columns.items() if not key.endswith(_EXCLUDED)}
        table = edited(evolve(self.table, columns=columns, declared=None), edits)
        return fill(self.plan, table, self.maths, units=self.units, fits=self.fits)

    def _rising(self, place: int) -> bool:
        return (self.aim.direction(place) or self.aim.scores_by(place) or 1) > 0

    def _is_listed(self, one: Found) -> bool:
        return one.listed and isinstance(one.node, Leaf) and self.shared.isdisjoint(one.node.inputs)

    def _is_compared(self, one: Found) -> bool:
        """Whether others are held against its figure: gone it teaches them nothing, though it bring the same points."""
        fitted = isinstance(one.node, Leaf) and one.node.scale.fitting != "none"
        return fitted and not self.borrowed and "missing" not in one.why.values()

    def _shared(self) -> frozenset[str]:
        """Return the listed figures that several open indicators read: what is best for one may not be for another."""
        readers: dict[str, set[int]] = {}
        for one in self.found:
            for code in one.node.inputs if isinstance(one.node, Leaf) else ():
                readers.setdefault(code, set()).add(one.node.place)
        return frozenset(code for code, places in readers.items() if len(places) > 1)


def _outcome(matrix: Matrix, place: int, at: int, left: Any, most: Any) -> Outcome:
    """Return what a matrix says of a criterion."""
    if matrix.holds(place, Flag.LEFT_OUT)[at]:
        return Outcome(matrix.points[place, at] * 0, most)
    return Outcome(matrix.points[place, at], left)


def _each_once(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    kept: list[Outcome] = []
    for one in outcomes:
        alike = (equal_points(one.points, other.points) and equal_points(one.left, other.left) for other in kept)
        if not any(alike):
            kept.append(one)
    return tuple(kept)
