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

from attrs import evolve, field, frozen

from ictindex.analysis.climbing.bounded import Bound, tried
from ictindex.analysis.climbing.field import field_of
from ictindex.analysis.climbing.fronts import Choice, Fronts, Pick, picks_of
from ictindex.analysis.climbing.goals import Goal, Way
from ictindex.analysis.climbing.looks import Look, Looks
from ictindex.analysis.climbing.moves import wants_of
from ictindex.analysis.climbing.offers import Move
from ictindex.analysis.climbing.trees import NotATree, facts_of, places_of, tree_of
from ictindex.analysis.rescoring import rescored
from ictindex.editing import Edit
from ictindex.errors import TableInvalid
from ictindex.result import Result
from ictindex.strategies.relative import MinMax, OfBest

WIDTHS = (100, 600)
"""So many labels of a front are kept, first and then again where that was not enough to be sure."""

MOST_REPEATS = 4
"""So often rivals are looked at again once a plan changed what they are compared with."""


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
    _checked: dict[tuple[Edit, ...], Result | None] = field(factory=dict, init=False, repr=False)

    @property
    def result(self) -> Result:
        """The result that is climbed in."""
        return self.looks.result

    def after(self, picks: Sequence[Pick]) -> Result | None:
        """Return the whole table scored again with these moves made, None where the scheme refuses it."""
        return self.made([self.looks.offers[offer].moves[move] for offer, move in picks])

    def made(self, moves: Sequence[Move]) -> Result | None:
        """Return the same for moves that the offers need not have."""
        edits = tuple(edit for one in moves for edit in one.edits)
        if edits not in self._checked:
            try:
                self._checked[edits] = rescored(self.result, edits)
            except TableInvalid:
                self._checked[edits] = None
        return self._checked[edits]

    def reaches(self, goal: Goal, picks: Sequence[Pick]) -> bool:
        """Return whether these moves reach the goal: the whole table is scored again."""
        found = self.after(picks)
        return found is not None and goal.met(found)

    def solve(self, goal: Goal) -> Solution:
        """Return the plan of the least effort that can be found for a goal that is not reached yet."""
        if not self.looks.moved:
            return Solution(None, True)
        ways = goal.ways(self.result)
        try:
            if goal.kind == "rank" and self.looks.teaches:
                found = self._among_taught(goal)
            else:
                found = self.exactly(ways)
                found = found if found.picks is None or self.reaches(goal, found.picks) else None
        except NotATree:
            found = None
        return self._tried(goal, ways) if found is None else found

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
        relative = bool(self.looks.rounds)
        found: Bound = tried(self.looks, ways, self.everything, lambda picks: self.reaches(goal, picks), relative)
        return Solution(found.picks, found.proven, found.at_least)

    def _among_taught(self, goal: Goal) -> Solution | None:
        """Return a plan for a rank where the unit's moves change what rivals' points depend on; None: not so found.

        Under `of-best` and `min-max` no rival gains from them. So what is enough against the rivals as they are stays
        enough, and nothing is enough that is not so against them as they are once everything is done.
        """
        scales = [node.scale for node in self.result.plan.nodes if node.scale is not None]
        if not all(type(one) in (MinMax, OfBest) for one in scales if one.fitting != "none"):
            return None
        lowest = self.after(self.everything)
        if lowest is None or goal.projected:
            return None
        plan = self.result.plan
        upward = all(wants_of(plan)[place] > 0 for place in plan.rank_chain(plan.place(goal.row.code)))
        least = Solution((), True)
        if upward and not self.looks.wide:
            least = self.exactly(_ways_among(lowest, goal))
            if least.picks is None or self.reaches(goal, least.picks):
                return least
        found, rivals = None, self.result
        for _ in range(MOST_REPEATS):  # rivals as the plan before leaves them: what is enough then may take less
            picks = self.exactly(_ways_among(rivals, goal), WIDTHS[:1]).picks
            if picks is None or picks == found or not self.reaches(goal, picks):
                break
            found, rivals = picks, self.after(picks) or rivals
        if found is None:
            return None
        effort = self.looks.effort
        at_least = effort(least.picks or ()) if least.proven else least.at_least
        return Solution(found, at_least == effort(found), at_least)

    def exactly(self, ways: Sequence[Way], widths: Sequence[int] = WIDTHS) -> Solution:
        """Return the moves of the least cost that meet the needs of a way. Raises NotATree."""
        looks, plan = self.looks, self.result.plan
        contexts = looks.contexts()
        if contexts is None or looks.leaves or plan.arithmetic.name != "fraction":
            raise NotATree
        facts = facts_of(plan, self.result.table, looks.unit, looks.now.points, looks.now.left)
        places = places_of(plan, facts)
        price, per_effort = _prices(looks)
        searches = []
        for way in ways:
            if all(need.met(looks.now.points[need.place]) for need in way if need.place not in places):
                tree = tree_of(plan, facts, tuple(need for need in way if need.place in places))
                for context in contexts:
                    cost = sum(price[pick] for pick in context)
                    searches.append((cost, context, Fronts(tree, self._choices(context, price))))
        picks, sure, bound = _cheapest(searches, price, widths)
        at_least = max(Fraction(0), (Fraction(bound) - len(looks.offers)) / per_effort)
        return Solution(picks, sure, looks.effort(picks or ()) if sure else at_least)

    def _choices(self, context: tuple[Pick, ...], price: Mapping[Pick, int]) -> dict[int, list[Choice]]:
        """Return what each indicator may have once the wide moves of a context are made."""
        looks = self.looks
        points = dict(enumerate(looks.now.points))
        for pick in context:
            points |= looks.changed(pick)
        leaves = [node.place for node in self.result.plan.nodes if not node.children]
        choices = {place: [Choice(0, points[place])] for place in leaves}
        for pick in looks.moved:
            if pick[0] not in looks.wide:
                for place, after in looks.changed(pick).items():
                    choices[place].append(Choice(price[pick], after, pick))
        return choices


def _ways_among(rivals: Result, goal: Goal) -> tuple[Way, ...]:
    """Return the ways to a rank among rivals as they are in another result."""
    return evolve(goal, rivals=field_of(rivals, goal.row, goal.unit)).ways(rivals)


def _prices(looks: Looks) -> tuple[dict[Pick, int], int]:
    """Return what each move costs as a whole number: its effort first, then that it is one move more.

    The second number is what an effort of 1 costs.
    """
    efforts = {pick: looks.effort([pick]) for pick in looks.moved}
    per_effort = math.lcm(*(one.denominator for one in efforts.values())) * (len(looks.offers) + 1)
    return {pick: int(one * per_effort) + 1 for pick, one in efforts.items()}, per_effort


def _cheapest(
    searches: Sequence[tuple[int, tuple[Pick, ...], Fronts]], price: Mapping[Pick, int], widths: Sequence[int]
) -> tuple[tuple[Pick, ...] | None, bool, float]:
    """Return the moves of the least cost of all searches, whether that is sure, and what any plan costs at least.

    Narrow fronts find a good plan quickly; where they dropped labels, wide ones look for what is cheaper still.
    """
    dearest: dict[int, int] = {}
    for (offer, _), cost in price.items():
        dearest[offer] = max(dearest.get(offer, 0), cost)
    limit: int = sum(dearest.values())
    best: tuple[Pick, ...] | None = None
    bounds = [
        (float(cost) + search.at_least(), at) for at, (cost, _, search) in enumerate(searches) if search.reachable
    ]
    for width in widths:
        unsure = []
        for bound, at in sorted(bounds):
            cost, context, search = searches[at]
            if cost > limit or bound > limit:
                continue
            found = search.least(limit - cost, width)
            if found.label is not None:
                limit, best = cost + found.label[0] - 1, tuple(sorted((*context, *picks_of(found.label))))
            if not found.sure:
                unsure.append((bound, at))
        bounds = [one for one in unsure if one[0] <= limit]
    return best, not bounds, min((bound for bound, _ in bounds), default=0.0)
