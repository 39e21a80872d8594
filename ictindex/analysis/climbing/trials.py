"""What is tried at criteria: alone, and together where they share figures; and what each trial earns, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

from attrs import frozen

from ictindex.analysis.climbing.criterion import Criterion
from ictindex.analysis.climbing.efforts import Price
from ictindex.analysis.climbing.options import Option
from ictindex.analysis.rescoring import Earned
from ictindex.editing import Edit
from ictindex.plan import Leaf, Plan

MOST = 400
"""So many combinations are tried at criteria that share figures; beyond them only what fewer of them do together."""


@frozen
class Standing:
    """A criterion, what it takes, and what can be tried there, or why nothing can.

    `steps` lie between nothing and full marks.
    """

    criterion: Criterion
    price: Price
    steps: Fraction
    options: tuple[Option, ...] = ()
    why_not: str = ""

    @property
    def place(self) -> int:
        """The row of the matrix."""
        return self.criterion.leaf.place


@frozen
class Trial:
    """One thing to try: an option of one criterion, or of several that share figures."""

    parts: tuple[tuple[Standing, Option], ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it changes."""
        return frozenset(code for _, option in self.parts for code in option.cells)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The cells that it changes."""
        return tuple(edit for one, option in self.parts for edit in option.edits(one.criterion.unit))


def together(plan: Plan, standing: Sequence[Standing]) -> list[list[Standing]]:
    """Return the criteria that have options in groups, so that no indicator reads figures that two groups change."""
    known = {one.place: one for one in standing if one.options}
    changed: dict[str, set[int]] = {}
    for place, one in known.items():
        for code in {code for option in one.options for code in option.cells}:
            changed.setdefault(code, set()).add(place)
    groups = [{place} for place in known]
    for node in plan.nodes:
        if isinstance(node, Leaf) and node.row.max:
            touched = {place for code in node.inputs for place in changed.get(code, ())}
            apart = [group for group in groups if not group & touched]
            if len(groups) - len(apart) > 1:
                groups = [*apart, set().union(*(group for group in groups if group & touched))]
    return [[known[place] for place in sorted(group)] for group in sorted(groups, key=min)]


def trials_of(group: Sequence[Standing]) -> list[Trial]:
    """Return what to try in a group: each option, and options of several criteria that change different cells."""
    latest = [Trial(((one, option),)) for one in group for option in one.options]
    found = list(latest)
    while len(group) > 1 and latest:
        latest = list(islice(_longer(group, latest), MOST + 1))
        if len(found) + len(latest) > MOST:
            break
        found += latest
    return found


def _longer(group: Sequence[Standing], trials: Sequence[Trial]) -> Iterator[Trial]:
    for trial in trials:
        taken, last = trial.columns, trial.parts[-1][0].place
        for one in group:
            if one.place > last:
                yield from (
                    Trial((*trial.parts, (one, option))) for option in one.options if not taken & {*option.cells}
                )


def changed_points(plan: Plan, before: Earned, after: Earned) -> Mapping[int, Any]:
    """Return the points of every indicator that has others than before, by its row of the matrix."""
    return {
        node.place: after.points[node.place]
        for node in plan.nodes
        if isinstance(node, Leaf)
        and abs(after.points[node.place] - before.points[node.place]) > plan.arithmetic.tolerance
    }
