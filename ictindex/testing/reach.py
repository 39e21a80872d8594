"""The most and the least: the best figures give every row its maximum, the worst give 0.

The figures are not searched for at random: a row's rule is asked of every combination of figures that matter to it, and
the best and the worst of all rows are put together into two units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ictindex.engine import run
from ictindex.messages import say
from ictindex.model import Indicator, Row
from ictindex.plan import Heading, Leaf, Node, Plan
from ictindex.strategies.base import Array
from ictindex.table import Table
from ictindex.testing.figures import bounds_of, figures_of, marks
from ictindex.testing.plain import bounds_asked, inside
from ictindex.testing.rows import quantity_of
from ictindex.testing.trials import Grid, Trial, grid_of, trials_table
from ictindex.testing.world import NEAR, Broken, counted, matrix_of, name_of, points_text, shown

__all__ = ["reach", "reach_asked"]

reach_asked = bounds_asked
BEST, WORST = 0, 1  # the two units
_FAR = (Fraction(10**6), Fraction(10**9), Fraction(-(10**6)), Fraction(-(10**9)))


def reach(plan: Plan) -> tuple[int, Broken | None, tuple[str, ...]]:
    """Every row can have its maximum, all of them at once, and with the worst figures nothing is left.

    An aggregation function takes nothing to 0 and everything to the maximum (Grabisch, Marichal, Mesiar and Pap,
    Aggregation Functions, 2009). A maximum that nobody can have is a slip of the author; a row whose least is more than
    0 may be meant, so it is told and not held against the scheme.
    """
    search = _Search(plan)
    remarks: list[str] = []
    for leaf, (least, most) in search.alone.items():
        node = plan.nodes[leaf]
        if most < float(node.row.max) - _slack(node):
            if search.typable(node):
                return 1, _never_full(plan, search, leaf, most), ()
            remarks.append(say("no figure of few decimals is the most of row {row}", row=name_of(plan, node.row.code)))
        elif least > _slack(node) and not _falls_away(node.row):
            told = say(
                "row {row} earns {least} at the least", row=name_of(plan, node.row.code), least=points_text(least)
            )
            remarks.append(told)
    best = search.together(1)
    table = trials_table(plan, [best, search.together(-1)])
    points = matrix_of(run(plan, table))
    found = _apart(plan, search, best, table) or _headings(plan, search, table, points)
    return 2, found, tuple(remarks)


def _falls_away(row: Row) -> bool:
    """Whether the least of a row is only the least that was tried: a share gets as small as one likes."""
    return row.scale is None and isinstance(row, Indicator) and row.measure.name == "ratio"


def _slack(node: Node) -> float:
    return NEAR * float(node.row.max)


def _never_full(plan: Plan, search: _Search, place: int, most: float) -> Broken:
    row = plan.nodes[place].row
    table = trials_table(plan, [search.grids[place].trial(search.grids[place].best)])
    told = say(
        "the most that row {row} can earn is {found} points of {most}",
        row=name_of(plan, row.code),
        found=points_text(most),
        most=points_text(row.max),
    )
    return shown(plan, "reach", row.code, told, table)


def _apart(plan: Plan, search: _Search, best: Trial, table: Table) -> Broken | None:
    """Return that rows which read the same figure cannot all be at their best at once."""
    short = (leaf for leaf in search.leaves if search.lost(leaf, best, 1))
    pair = next(((leaf, code) for leaf in short for code in leaf.inputs if code in search.shared), None)
    if pair is None:
        return None
    leaf, code = pair
    total = next(row for row in plan.scheme.totals if _under(plan, leaf.place, plan.place(row.code)))
    told = say(
        "no unit can have all of {total}: row {row} and another one that reads {figure} want it different",
        total=name_of(plan, total.code),
        row=name_of(plan, leaf.row.code),
        figure=name_of(plan, code),
    )
    return shown(plan, "reach", total.code, told, table, BEST)


def _under(plan: Plan, place: int, above: int) -> bool:
    while place >= 0 and place != above:
        place = plan.parent(place)
    return place == above


def _headings(plan: Plan, search: _Search, table: Table, points: Array) -> Broken | None:
    """Return the first heading that is not full where all of its rows are, or not 0 where none has anything."""
    bounded, wants = inside(plan), _wants(plan)
    for node in counted(plan):
        if node.place not in bounded or not search.varied(node):
            continue
        if isinstance(node, Leaf) and node.scale.fitting == "none":  # looked at by itself already
            continue
        most, unit = float(node.row.max), BEST if wants[node.place] > 0 else WORST
        if points[node.place, unit] < most - _slack(node) and _ends(plan, node, points[:, unit], full=True):
            told = say(
                "row {row} has {found} points of {most} where the rows below it are full and the figures the best",
                row=name_of(plan, node.row.code),
                found=points_text(points[node.place, unit]),
                most=points_text(node.row.max),
            )
            return shown(plan, "reach", node.row.code, told, table, unit)
        unit = WORST if unit == BEST else BEST
        above = isinstance(node, Heading) and points[node.place, unit] > _slack(node)
        if above and _ends(plan, node, points[:, unit], full=False):
            told = say(
                "row {row} has {found} points where the rows below it have none",
                row=name_of(plan, node.row.code),
                found=points_text(points[node.place, unit]),
            )
            return shown(plan, "reach", node.row.code, told, table, unit)
    return None


def _ends(plan: Plan, node: Node, points: Array, *, full: bool) -> bool:
    """Whether every row directly below is as good (or as bad) for the heading as it can be."""
    for child in node.children:
        row = plan.nodes[child].row
        if not row.max or (full and row.role == "bonus"):
            continue
        wanted = 0.0 if full == (row.role == "deduct") else float(row.max)
        if abs(points[child] - wanted) > _slack(plan.nodes[child]):
            return False
    return True


def _wants(plan: Plan) -> Mapping[int, int]:
    """Return, for each row, whether a total is better (1) or worse (-1) for more points of it."""
    found: dict[int, int] = {}
    for node in plan.nodes:  # headings stand before their rows
        parent = plan.parent(node.place)
        found[node.place] = (-1 if node.row.role == "deduct" else 1) * (found[parent] if parent >= 0 else 1)
    return found


class _Search:
    """The best and the worst figures of each row, and of all rows together."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.bounds = plan, bounds_of(plan)
        self.figures = {code: (*found, *self._far(code, found)) for code, found in figures_of(plan).items()}
        self.wants = _wants(plan)
        leaves = [node for node in counted(plan) if isinstance(node, Leaf) and node.inputs]
        grids = {leaf.place: grid_of(leaf, self.figures) for leaf in leaves}
        self.grids: dict[int, Grid] = {place: grid for place, grid in grids.items() if grid is not None}
        self.leaves = [leaf for leaf in leaves if leaf.place in self.grids]
        self.alone = {
            leaf.place: (float(self.grids[leaf.place].worth.min()), float(self.grids[leaf.place].worth.max()))
            for leaf in self.leaves
            if leaf.scale.fitting == "none"
        }
        read = [code for leaf in self.leaves for code in set(leaf.inputs)]
        self.shared = [code for code in dict.fromkeys(read) if read.count(code) > 1]

    def typable(self, node: Node) -> bool:
        """Whether cells can hold the ends of what a row reads."""
        return not isinstance(node, Leaf) or all(self.bounds[code].typable for code in node.inputs)

    def varied(self, node: Node) -> bool:
        """Whether a row can measure more than one number."""
        grid = self.grids.get(node.place)
        return grid is None or bool(grid.worth.max() > grid.worth.min())

    def _far(self, code: str, found: Sequence[Fraction]) -> Iterator[Fraction]:
        """Yield figures far out, where a curve of another package comes as near to its ends as it ever will."""
        if self.bounds[code].numeric:
            yield from (one for one in _FAR if self.bounds[code].hold(one) and one not in found)

    def together(self, sign: int) -> dict[str, Fraction]:
        """Return figures that are the best (1) or the worst (-1) for as many rows as possible.

        Row by row, each takes what it likes of the figures that no row before it settled; where that leaves one short,
        the figures that rows share are tried one after the other.
        """
        settled: dict[str, Fraction] = {}
        best = self._settle(settled, sign)
        loss = self._loss(best, sign)
        for code in self.shared:
            if not loss:
                break
            for value in self.figures[code]:
                trial = self._settle({**settled, code: value}, sign)
                less = self._loss(trial, sign)
                if less < loss:
                    best, loss, settled[code] = trial, less, value
        return best

    def lost(self, leaf: Leaf, trial: Trial, sign: int) -> float:
        """Return how far a row is from its best or worst, as a share of its maximum; 0 where it compares units."""
        if leaf.place not in self.alone:
            return 0.0
        grid = grid_of(leaf, {code: (trial[code],) for code in leaf.inputs})
        up = self.wants[leaf.place] * sign > 0
        least, most = self.alone[leaf.place]
        if grid is None:
            return 1.0
        away = most - grid.worth[0] if up else grid.worth[0] - least
        return float(away) / float(leaf.row.max) if away > _slack(leaf) else 0.0

    def _loss(self, trial: Trial, sign: int) -> float:
        return sum(self.lost(leaf, trial, sign) for leaf in self.leaves)

    def _settle(self, settled: Trial, sign: int) -> dict[str, Fraction]:
        found = dict(settled)
        for leaf in self.leaves:
            grid = self.grids[leaf.place]
            if any(code in found for code in leaf.inputs):
                free = {code: self._free(leaf, code, found) for code in leaf.inputs}
                grid = grid_of(leaf, free) or grid
            up = self.wants[leaf.place] * sign > 0
            found = {**grid.trial(grid.best if up else grid.worst), **found}
        return found

    def _free(self, leaf: Leaf, code: str, found: Trial) -> Sequence[Fraction]:
        """Return the figures that a row may still choose; those that bring its ratio to a mark are among them."""
        if code in found:
            return (found[code],)
        more = (one for one in _completing(leaf, code, found) if self.bounds[code].hold(one))
        return tuple(dict.fromkeys([*self.figures[code], *more]))


def _completing(leaf: Leaf, code: str, found: Trial) -> Iterator[Fraction]:
    """Yield the figures of a numerator that bring the ratio to a mark over a denominator that is settled."""
    rule = leaf.row.measure
    if rule.name != "ratio" or any(one not in found for one in rule.get("b").inputs):
        return
    whole = quantity_of(rule.get("b"), found)
    for one, factor in rule.get("a").terms:
        if one == code and factor:
            yield from (mark * whole / rule.get("per", 1) / factor for mark in marks(leaf))
