"""The pool of a unit, found in the list of units: the unit above it that the scheme's pools go by.

Pools that the scheme lists are matched by code or name. Without a list of them the column's name says which level is
meant: `huyện` the district, `tỉnh` the province, `địa bàn` or `trực thuộc` the unit directly above. A name that says
nothing of the kind (`khối`) is not guessed at.
"""

from __future__ import annotations

from attrs import field, frozen

from ictindex.cells import fold
from ictindex.model import Pools
from ictindex.units.levels import Levels
from ictindex.units.lists import Roster, Unit
from ictindex.units.names import level_of, same_name

_DIRECTLY_ABOVE = frozenset(map(fold, ("địa bàn", "trực thuộc", "cấp trên", "đơn vị cấp trên", "parent", "area")))


@frozen
class FoundPool:
    """A pool as a table has it (`label`), and the unit of the list that it is."""

    label: str
    unit: Unit

    def called(self, text: str) -> bool:
        """Whether a text means this pool, by its label, its code or its name."""
        if fold(text) in (fold(self.label), fold(self.unit.code)):
            return True
        return bool(self.unit.name) and same_name(text, self.unit.name)


@frozen
class PoolFinder:
    """Finds pools of a scheme in a list of units."""

    roster: Roster
    pools: Pools
    _labels: dict[str, str] = field(init=False, factory=dict)
    _levels: Levels = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_levels", Levels(self.roster))

    def pool(self, unit: Unit) -> FoundPool | None:
        """Return the pool of a unit, None where the list does not say it."""
        for above in self.roster.above(unit):
            if self.pools.pools:
                for pool in self.pools.pools:
                    if pool.code == above.code or (pool.name and above.name and same_name(pool.name, above.name)):
                        return FoundPool(pool.code, above)
            elif self._goes_by(above):
                return FoundPool(self._label(above), above)
        return None

    def _goes_by(self, above: Unit) -> bool:
        by = fold(self.pools.by)
        return by in _DIRECTLY_ABOVE or by == fold(above.kind) or bool({by, level_of(by)} & self._levels.of(above))

    def _label(self, above: Unit) -> str:
        """Return the name of a unit, with its code where the list has the name twice."""
        if above.code not in self._labels:
            twice = sum(one.name == above.name for one in self.roster.units.values()) > 1
            self._labels[above.code] = above.told if twice or not above.name else above.name
        return self._labels[above.code]
