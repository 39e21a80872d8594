"""Ranks of units from their keys, under the rule of the total: all anew, or with one unit's key changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from ictindex.analysis.pending.outcomes import Seen
from ictindex.model import RankRule
from ictindex.ranking import rank
from ictindex.strategies.base import Mask
from ictindex.table import Table

Rank = float | None


@frozen
class Standing:
    """The ranks of all units, None for one that is not ranked, and what became of each."""

    ranks: tuple[Rank, ...]
    units: tuple[Seen, ...]


class Ranking:
    """Ranks the units of a table within their pools; `ranked` says whose pool is ranked at all."""

    def __init__(self, table: Table, rule: RankRule, ranked: Mask) -> None:
        self.rule, self.labels, self.ranked = rule, table.units, ranked
        names = [""] * len(table) if table.pool is None else list(table.pool)
        self.pool_of = names
        self.members: dict[str, npt.NDArray[np.intp]] = {
            name: np.array([at for at, one in enumerate(names) if one == name], np.intp)
            for name in dict.fromkeys(names)
        }

    def standing(self, found: Sequence[Seen]) -> Standing:
        """Return the ranks that units have among one another."""
        ranks: list[Rank] = [None] * len(found)
        for members in self.members.values():
            for at, one in zip(members.tolist(), self._ranks(members, found), strict=True):
                ranks[at] = one
        return Standing(tuple(ranks), tuple(found))

    def moved(self, now: Standing, unit: int, other: Seen) -> set[int]:
        """Return the units whose ranks are others where something else became of one unit."""
        members = self.members[self.pool_of[unit]]
        ranks = self._ranks(members, {at: now.units[at] for at in members.tolist()} | {unit: other})
        return {at for at, one in zip(members.tolist(), ranks, strict=True) if one != now.ranks[at]}

    def _ranks(self, members: npt.NDArray[np.intp], found: Sequence[Seen] | Mapping[int, Seen]) -> list[Rank]:
        """Return the ranks of the units of a pool, in their order."""
        keys = {at: found[at].key for at in members.tolist()}
        scored = [at for at, key in keys.items() if key is not None and self.ranked[at]]
        if not scored:
            return [None] * len(members)
        columns = np.array([keys[at] for at in scored], np.int64).T
        ranks = rank([*columns], self.rule.ties, [self.labels[at] for at in scored]).tolist()
        known = dict(zip(scored, ranks, strict=True))
        return [float(known[at]) if at in known else None for at in members.tolist()]
