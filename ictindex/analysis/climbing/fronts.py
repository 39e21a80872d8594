"""The least cost of moves that reach a goal, exactly: what each row can bring at each cost, folded up the tree.

A *label* is a cost, the value that a row has at it, and the moves made. Of two labels the one that costs less and has
no lower value is kept, so a row's labels are its front. Costs and values are whole numbers (values fractions where a
heading has a scale of its own), so nothing is rounded. The search asks for plans within a limit and doubles it until
there is one: what is then found is the least, since no label within the limit was dropped for its cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import define, frozen

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


@define(eq=False)
class _Row:
    """A branch ready to be searched; values are scaled. `all_kept` where also worse values may be wanted."""

    kind: str
    children: list[_Row]
    options: list[Label]
    counts: bool
    low: Any
    high: Any
    turned: Any
    needs: list[tuple[Any, bool, bool]]  # the bound, whether it must be exceeded, whether at most is meant
    all_kept: bool
    inside: bool  # whether anything is needed at or below it
    top: Any = None
    floor: Any = None


class Fronts:
    """The search in one tree, for one way to a goal."""

    def __init__(self, tree: Branch, choices: Mapping[int, Sequence[Choice]]) -> None:
        points = {place: [one.points for one in options] for place, options in choices.items()}
        self.denominator = common_denominator(tree, points)
        self.choices = choices
        self.root = self._row(tree, all_kept=False)
        self._tops(self.root)
        self.reachable = self._floors(self.root, None)

    def least(self, limit: int) -> Label | None:
        """Return the label of the least cost up to a limit that meets every need, None where there is none."""
        if not self.reachable:
            return None
        return min(self._front(self.root, limit), key=lambda one: one[0], default=None)

    def _whole(self, number: Fraction) -> Any:
        if self.denominator is None:
            return Fraction(number)
        return int(number * self.denominator)

    def _row(self, branch: Branch, *, all_kept: bool) -> _Row:
        at_most = branch.worth < 0
        all_kept = all_kept or (at_most and bool(branch.needs))
        children = [self._row(child, all_kept=all_kept and child.counts) for child in branch.children]
        options: list[Label] = []
        if branch.kind == "leaf":
            options = [
                (one.cost, self._whole(one.points * branch.worth), None if one.pick is None else [one.pick])
                for one in self.choices[branch.place]
            ]
        elif branch.kind == "fixed":
            options = [(0, self._whole(branch.fixed), None)]
        turned = branch.turned
        return _Row(
            kind=branch.kind,
            children=children,
            options=_kept(options, all_kept),
            counts=branch.counts,
            low=None if branch.low is None else self._whole(branch.low),
            high=None if branch.high is None else self._whole(branch.high),
            turned=turned,
            needs=[(self._bound(one.least * branch.worth), one.strict, at_most) for one in branch.needs],
            all_kept=all_kept,
            inside=bool(branch.needs) or any(child.inside for child in children),
        )

    def _bound(self, number: Fraction) -> Any:
        return number if self.denominator is None else number * self.denominator

    def _tops(self, row: _Row) -> None:
        """Note the highest value that each row may have, whatever it costs."""
        for child in row.children:
            self._tops(child)
        if row.options:
            row.top = max(value for _, value, _ in row.options)
        else:
            row.top = _cut(row, _folded(row, [child.top for child in row.children if child.counts]))

    def _floors(self, row: _Row, floor: Any) -> bool:
        """Note the lowest value of each row that is still of use; return whether the tops reach them all."""
        for bound, _, at_most in row.needs:
            if not at_most and (floor is None or bound > floor):
                floor = bound
        if floor is not None and row.top < floor:
            return False
        row.floor = floor
        inner = (
            None
            if row.turned is not None or (row.low is not None and floor is not None and floor <= row.low)
            else floor
        )
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

    def _front(self, row: _Row, limit: int) -> list[Label]:
        """Return a row's labels up to a cost, those that meet its needs."""
        labels = [one for one in row.options if one[0] <= limit] if row.options else self._combined(row, limit)
        if row.floor is not None:
            labels = [one for one in labels if one[1] >= row.floor]
        for bound, strict, at_most in row.needs:
            labels = [one for one in labels if _meets(one[1], bound, strict, at_most)]
        return labels

    def _combined(self, row: _Row, limit: int) -> list[Label]:
        counted = [child for child in row.children if child.counts]
        bare = row.turned is None and not (row.low is not None and row.floor is not None and row.floor <= row.low)
        floor = row.floor if bare and row.kind == "sum" else None
        rest = sum(child.top for child in counted)
        labels: list[Label] = []
        for number, child in enumerate(counted):
            rest -= child.top
            front = self._front(child, limit)
            if not front:
                return []
            least = None if floor is None else floor - rest
            labels = front if not number else _merged(labels, front, row.kind, limit, least, row.all_kept)
        if not counted:
            labels = [(0, 0, None)]
        for child in row.children:
            if not child.counts and child.inside:
                cheapest = min(self._front(child, limit), key=lambda one: one[0], default=None)
                if cheapest is None:
                    return []
                labels = [
                    (cost + cheapest[0], value, (picks, cheapest[2]))
                    for cost, value, picks in labels
                    if cost + cheapest[0] <= limit
                ]
        if row.low is not None or row.high is not None or row.turned is not None:
            labels = [(cost, _cut(row, value), picks) for cost, value, picks in labels]
        return _kept(labels, row.all_kept)


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


def _merged(
    first: Sequence[Label], second: Sequence[Label], kind: str, limit: int, floor: Any, all_kept: bool
) -> list[Label]:
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
            if floor is not None and both < floor:
                continue
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
