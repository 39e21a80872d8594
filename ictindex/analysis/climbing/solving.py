"""The least effort that reaches a goal: exactly where a unit's points are a tree, else by trying sets of moves.

A plan takes at most one move of each offer. Plans are compared by their effort, then by how many moves they have, then
by the points that they bring. Whatever is found is checked by scoring the changed table again; what does not reach the
goal is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from ictindex.analysis.climbing.bounded import Bound, tried
from ictindex.analysis.climbing.fronts import Choice, Fronts, Label, Pick, picks_of
from ictindex.analysis.climbing.goals import Goal, Way
from ictindex.analysis.climbing.looks import Look, Looks
from ictindex.analysis.climbing.trees import NotATree, facts_of, places_of, tree_of
from ictindex.analysis.rescoring import rescored
from ictindex.errors import TableInvalid
from ictindex.result import Result


@frozen
class Solution:
    """The moves of a plan, none where no plan was found.

    `proven`: no plan costs less, or there is none at all. Else `at_least` is an effort below which there is no plan.
    """

    picks: tuple[Pick, ...] | None
    proven: bool
    at_least: Fraction = Fraction(0)


@frozen(slots=False)
class Solver:
    """The search for plans of one unit; the moves may be asked for several goals."""

    looks: Looks
    _checked: dict[tuple[Pick, ...], Result | None] = field(factory=dict, init=False, repr=False)

    @property
    def result(self) -> Result:
        """The result that is climbed in."""
        return self.looks.result

    def after(self, picks: Sequence[Pick]) -> Result | None:
        """Return the whole table scored again with these moves made, None where the scheme refuses it."""
        key = tuple(picks)
        if key not in self._checked:
            try:
                self._checked[key] = rescored(self.result, self.looks.edits(key))
            except TableInvalid:
                self._checked[key] = None
        return self._checked[key]

    def reaches(self, goal: Goal, picks: Sequence[Pick]) -> bool:
        """Return whether these moves reach the goal: the whole table is scored again."""
        found = self.after(picks)
        return found is not None and goal.met(found)

    @cached_property
    def teaches(self) -> bool:
        """Whether a move changes what other units' points depend on, so that only scoring again can tell."""
        return self.looks.teaches()

    def solve(self, goal: Goal) -> Solution:
        """Return the plan of the least effort that can be found for a goal that is not reached yet."""
        ways = goal.ways(self.result)
        if not self.looks.moved:
            return Solution(None, True)
        try:
            found = self._exactly(ways)
        except NotATree:
            return self._tried(goal, ways)
        if found is not None and not self.reaches(goal, found):
            return self._tried(goal, ways)
        return Solution(found, True)

    def enough(self, goal: Goal, most: int) -> tuple[Pick, ...]:
        """Return single moves that reach the goal alone, the cheapest of each offer, at most so many, by effort."""
        ways = goal.ways(self.result)
        moves = sorted(self.looks.moved, key=lambda pick: (self.looks.effort([pick]), pick))
        found: dict[int, Pick] = {}
        for pick in moves:
            if len(found) == most:
                break
            if pick[0] not in found and self._seems(self.looks.moved[pick], ways) and self.reaches(goal, [pick]):
                found[pick[0]] = pick
        return tuple(found.values())

    @cached_property
    def everything(self) -> tuple[Pick, ...]:
        """The last move of every offer: all that can be done, as far as the offers go."""
        last = {offer: (offer, move) for offer, move in sorted(self.looks.moved)}
        return tuple(last.values())

    @staticmethod
    def _seems(look: Look, ways: Sequence[Way]) -> bool:
        return any(all(need.met(look.points[need.place]) for need in way) for way in ways)

    def _tried(self, goal: Goal, ways: Sequence[Way]) -> Solution:
        relative = self.result.plan.relative and self.teaches
        found: Bound = tried(self.looks, ways, self.everything, lambda picks: self.reaches(goal, picks), relative)
        return Solution(found.picks, found.proven, found.at_least)

    def _exactly(self, ways: Sequence[Way]) -> tuple[Pick, ...] | None:
        """Return the moves of the least cost, None where none meet the needs of a way."""
        looks, plan = self.looks, self.result.plan
        contexts = looks.contexts()
        if contexts is None or looks.leaves or plan.arithmetic.name != "fraction":
            raise NotATree
        facts = facts_of(plan, self.result.table, looks.unit, looks.now.points, looks.now.left)
        places = places_of(plan, facts)
        price = _prices(looks)
        searches = []
        for way in ways:
            tree = tree_of(plan, facts, tuple(need for need in way if need.place in places))
            for context in contexts:
                if all(need.met(context.points[need.place]) for need in way if need.place not in places):
                    cost = sum(price[pick] for pick in context.picks)
                    searches.append((cost, context, Fronts(tree, self._choices(context, price))))
        if plan.relative and self.teaches:
            raise NotATree
        found = _deepened(searches, price)
        return None if found is None else tuple(sorted((*found[0].picks, *picks_of(found[1]))))

    def _choices(self, context: Look, price: Mapping[Pick, int]) -> dict[int, list[Choice]]:
        """Return what each indicator may have once the wide moves of a context are made."""
        looks = self.looks
        leaves = [node.place for node in self.result.plan.nodes if not node.children]
        choices = {place: [Choice(0, context.points[place])] for place in leaves}
        for pick, look in looks.moved.items():
            place = looks.narrow.get(pick[0])
            if place is not None:
                if context.points[place] != looks.now.points[place]:  # offers are not independent after all
                    raise NotATree
                choices[place].append(Choice(price[pick], look.points[place], pick))
        return choices


def _prices(looks: Looks) -> dict[Pick, int]:
    """Return what each move costs as a whole number: its effort first, then that it is one move more."""
    efforts = {pick: looks.effort([pick]) for pick in looks.moved}
    denominator = math.lcm(*(one.denominator for one in efforts.values()))
    many = len(looks.offers) + 1
    return {pick: int(one * denominator) * many + 1 for pick, one in efforts.items()}


def _deepened(searches: Sequence[tuple[int, Look, Fronts]], price: Mapping[Pick, int]) -> tuple[Look, Label] | None:
    """Return the label of the least cost of all searches, looked for within a limit that doubles."""
    open_ = [one for one in searches if one[2].reachable]
    dearest: dict[int, int] = {}
    for (offer, _), cost in price.items():
        dearest[offer] = max(dearest.get(offer, 0), cost)
    total, limit = sum(dearest.values()), min(price.values())
    while open_:
        best: tuple[int, Look, Label] | None = None
        for cost, context, search in open_:
            room = (limit if best is None else best[0] - 1) - cost
            label = search.least(room) if room >= 0 else None
            if label is not None:
                best = (cost + label[0], context, label)
        if best is not None:
            return best[1], best[2]
        if limit >= total:
            break
        limit = min(2 * limit, total)
    return None
