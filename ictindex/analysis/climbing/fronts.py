"""The least cost of moves that reach a goal: what each row can bring at each cost, folded up the tree.

A *label* is a cost, the value that a row has at it, and the moves made. Of two labels the one that costs less and has
no lower value is kept, so a row's labels are its front. Costs and values are whole numbers (values fractions where a
heading has a scale of its own), so nothing is rounded, and what is found is the least: a label is dropped only where it
cannot become a plan below the limit (`hulls`). Where a front grows beyond a width, its least promising labels are
dropped too, and the search says that it is no longer sure (`Found.sure`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from attrs import define, frozen

from ictindex.analysis.climbing.hulls import MARGIN, ROUNDING, Hull
from ictindex.analysis.climbing.trees import Branch, common_denominator

Pick: TypeAlias = tuple[int, int]
"""A move by its offer and its number in it."""

Label: TypeAlias = tuple[int, Any, Any]
"""(cost, value, moves): the moves are None, a list of one pick, or a pair of both."""


@frozen
class Choice:
    """What a leaf may have: its points at a cost, and the move that brings them; None for how it is."""

    cost: int
    points: Fraction
    pick: Pick | None = None


@frozen
class Found:
    """The label of the least cost, None where there is none; `sure` unless labels were dropped for their number."""

    label: Label | None
    sure: bool


@define(eq=False)
class _Row:
    """A branch ready to be searched; values are scaled.

    `all_kept` where also worse values may be wanted, `inside` where anything is needed at or below it. `top` is the
    highest value that it may have, `floor` the lowest that is still of use, `hull` bounds what a value costs.
    """

    kind: str
    children: list[_Row]
    options: list[Label]
    counts: bool
    low: Any
    high: Any
    turned: Any
    needs: list[tuple[Any, bool, bool]]  # the bound, whether it must be exceeded, whether at most is meant
    all_kept: bool
    inside: bool
    hull: Hull
    top: Any = None
    floor: Any = None

    @property
    def plain(self) -> bool:
        """Whether it is a sum that nothing is done to."""
        return self.kind == "sum" and self.low is None and self.high is None and self.turned is None and not self.needs


class Fronts:
    """The search in one tree, for one way to a goal."""

    def __init__(self, tree: Branch, choices: Mapping[int, Sequence[Choice]]) -> None:
        points = {place: [one.points for one in options] for place, options in choices.items()}
        self.denominator = common_denominator(tree, points)
        self.choices = choices
        self.unit = max((one.cost for options in choices.values() for one in options), default=1) or 1
        self.root = self._row(tree, all_kept=False)
        self.reachable = self._floors(self.root, None)
        self.limit, self.width, self.sure = 0, 0, True

    def least(self, limit: int, width: int) -> Found:
        """Return the label of the least cost up to a limit that meets every need; fronts are at most so wide."""
        if not self.reachable:
            return Found(None, True)
        self.limit, self.width, self.sure = limit, width, True
        return Found(min(self._front(self.root), key=lambda one: one[0], default=None), self.sure)

    def at_least(self) -> float:
        """Return a cost below which no needs can be met."""
        costs = [row.hull.cost_of(self._value(row.floor)) for row in _rows(self.root) if row.floor is not None]
        return max(costs, default=0.0) * self.unit * (1 - MARGIN)

    def _whole(self, number: Fraction) -> Any:
        return Fraction(number) if self.denominator is None else int(number * self.denominator)

    def _value(self, value: Any) -> float:
        return float(value) if self.denominator is None else float(value / self.denominator)

    def _row(self, branch: Branch, *, all_kept: bool) -> _Row:
        at_most = branch.worth < 0
        all_kept = all_kept or (at_most and bool(branch.needs))
        children = [self._row(child, all_kept=all_kept and child.counts) for child in branch.children]
        if branch.kind == "sum":  # a sum of sums is one sum
            children = [
                one for child in children for one in (child.children if child.plain and child.counts else [child])
            ]
        options: list[Label] = []
        if branch.kind == "leaf":
            options = [
                (one.cost, self._whole(one.points * branch.worth), None if one.pick is None else [one.pick])
                for one in self.choices[branch.place]
            ]
        elif branch.kind == "fixed":
            options = [(0, self._whole(branch.fixed), None)]
        scale = 1 if self.denominator is None else self.denominator
        row = _Row(
            kind=branch.kind,
            children=children,
            options=_kept(options, all_kept),
            counts=branch.counts,
            low=None if branch.low is None else self._whole(branch.low),
            high=None if branch.high is None else self._whole(branch.high),
            turned=branch.turned,
            needs=[(one.least * branch.worth * scale, one.strict, at_most) for one in branch.needs],
            all_kept=all_kept,
            inside=bool(branch.needs) or any(child.inside for child in children),
            hull=Hull(0.0),
        )
        counted = [child for child in children if child.counts]
        row.top = (
            max(value for _, value, _ in options) if options else _cut(row, _folded(row, [one.top for one in counted]))
        )
        row.hull = self._hull(row, counted)
        return row

    def _hull(self, row: _Row, counted: Sequence[_Row]) -> Hull:
        """Return a line that no cost's value lies above."""
        top = self._value(row.top)
        if row.options:
            return Hull.around((cost / self.unit, self._value(value)) for cost, value, _ in row.options)
        if row.turned is not None or not counted:
            return Hull(top)
        if row.kind == "sum":
            hull = Hull.sum([one.hull for one in counted])
        elif row.kind == "most":
            hull = Hull.around(corner for one in counted for corner in one.hull.corners)
        else:
            hull = min((one.hull for one in counted), key=lambda one: one.top)
        if row.low is None and row.high is None:
            return hull
        low = -math.inf if row.low is None else self._value(row.low)
        return Hull.around([(0.0, max(low, min(hull.base, top))), *_below(hull, top)])

    def _floors(self, row: _Row, floor: Any) -> bool:
        """Note the lowest value of each row that is still of use; return whether the tops reach them all."""
        for bound, _, at_most in row.needs:
            if not at_most and (floor is None or bound > floor):
                floor = bound
        if floor is not None and row.top < floor:
            return False
        row.floor = floor
        inner = _inner(row)
        counted = [child for child in row.children if child.counts]
        whole = sum(child.top for child in counted)
        for child in row.children:
            below = None
            if inner is not None and child.counts:
                if row.kind == "sum":
                    below = inner - (whole - child.top)
                elif row.kind == "fewest" or len(counted) == 1:
                    below = inner
            if (child.counts or child.inside) and not self._floors(child, below):
                return False
        return True

    def _front(self, row: _Row) -> list[Label]:
        """Return a row's labels up to the limit, those that meet its needs."""
        labels = [one for one in row.options if one[0] <= self.limit] if row.options else self._combined(row)
        if row.floor is not None:
            labels = [one for one in labels if one[1] >= row.floor]
        for bound, strict, at_most in row.needs:
            labels = [one for one in labels if _meets(one[1], bound, strict, at_most)]
        return labels

    def _combined(self, row: _Row) -> list[Label]:
        counted = [child for child in row.children if child.counts]
        floor = _inner(row) if row.kind == "sum" else None
        labels: list[Label] = []
        for number, child in enumerate(counted):
            front = self._front(child)
            if number:
                front = self._narrowed(
                    _merged(labels, front, row.kind, self.limit, row.all_kept), row, floor, counted[number + 1 :]
                )
            if not front:
                return []
            labels = front
        if not counted:
            labels = [(0, 0, None)]
        for child in row.children:
            if not child.counts and child.inside:
                cheapest = min(self._front(child), key=lambda one: one[0], default=None)
                if cheapest is None:
                    return []
                labels = _merged(labels, [(cheapest[0], 0, cheapest[2])], "sum", self.limit, row.all_kept)
        if row.low is not None or row.high is not None or row.turned is not None:
            labels = _kept([(cost, _cut(row, value), picks) for cost, value, picks in labels], row.all_kept)
        return labels

    def _narrowed(self, labels: list[Label], row: _Row, floor: Any, rest: Sequence[_Row]) -> list[Label]:
        """Drop the labels that cannot become a plan below the limit, and the least promising beyond the width.

        The one of the highest value always stays: with everything done a goal that can be reached is reached.
        """
        if floor is not None and not row.all_kept:
            hull, need = Hull.sum([one.hull for one in rest]), self._value(floor)
            need -= ROUNDING * abs(need)
            most = self.limit / self.unit * (1 + MARGIN)
            costs = np.array([one[0] / self.unit for one in labels])
            values = np.array([self._value(one[1]) for one in labels])
            guessed = costs + hull.costs_of(need - values)
            kept = np.flatnonzero(guessed <= most)
            if len(kept) > self.width:
                self.sure = False
                best = kept[np.argsort(guessed[kept], kind="stable")[: self.width]]
                kept = np.union1d(best, kept[-1:])
            return [labels[at] for at in kept.tolist()]
        if len(labels) > self.width:
            self.sure = False
            step = -(-len(labels) // self.width)
            return [*labels[:-1:step], labels[-1]]
        return labels


def picks_of(label: Label) -> tuple[Pick, ...]:
    """Return the moves of a label, in the order of the offers."""
    return tuple(sorted(_flat(label[2])))


def _flat(picks: Any) -> Iterator[Pick]:
    stack = [picks]
    while stack:
        one = stack.pop()
        if isinstance(one, tuple):
            stack.extend(one)
        elif one is not None:
            yield from one


def _rows(row: _Row) -> Iterator[_Row]:
    yield row
    for child in row.children:
        yield from _rows(child)


def _below(hull: Hull, top: float) -> list[tuple[float, float]]:
    """Return the corners of a hull that is cut at a value."""
    corners = [one for one in hull.corners if one[1] < top]
    if len(corners) < len(hull.corners):
        corners.append((hull.cost_of(top), top))
    return corners


def _inner(row: _Row) -> Any:
    """Return the lowest composite of a row that is of use, None where any is."""
    lifted = row.low is not None and row.floor is not None and row.floor <= row.low
    return None if row.turned is not None or lifted else row.floor


def _folded(row: _Row, values: Sequence[Any]) -> Any:
    if row.kind in ("sum", "apart"):
        return sum(values)
    return max(values) if row.kind == "most" else min(values)


def _cut(row: _Row, value: Any) -> Any:
    if row.low is not None and value < row.low:
        value = row.low
    if row.high is not None and value > row.high:
        value = row.high
    return value if row.turned is None else row.turned(value)


def _meets(value: Any, bound: Any, strict: bool, at_most: bool) -> bool:
    if at_most:
        return bool(value < bound if strict else value <= bound)
    return bool(value > bound if strict else value >= bound)


def _merged(first: Sequence[Label], second: Sequence[Label], kind: str, limit: int, all_kept: bool) -> list[Label]:
    """Return the labels of two rows together."""
    found: dict[Any, Label] = {}
    sums = kind == "sum"
    better = max if kind == "most" else min
    for cost, value, picks in first:
        for more, other, others in second:
            whole = cost + more
            if whole > limit:
                break
            both = value + other if sums else better(value, other)
            key = (whole, both) if all_kept else whole
            known = found.get(key)
            if known is None or both > known[1]:
                found[key] = (whole, both, (picks, others))
    return _kept(list(found.values()), all_kept)


def _kept(labels: Sequence[Label], all_kept: bool) -> list[Label]:
    """Return the labels that are of use, by cost: those of a higher value than every cheaper one.

    Where lower values may be wanted too, the cheapest of each value.
    """
    ordered = sorted(labels, key=lambda one: (one[0], -one[1]))
    kept: list[Label] = []
    if all_kept:
        seen: set[Any] = set()
        for one in ordered:
            if one[1] not in seen:
                seen.add(one[1])
                kept.append(one)
        return kept
    highest: Any = -math.inf
    for one in ordered:
        if one[1] > highest:
            highest = one[1]
            kept.append(one)
    return kept
