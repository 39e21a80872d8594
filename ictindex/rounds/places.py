"""Who and what a line of a round is about: a unit of the declared table, and one figure of the scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from ictindex.cells import CellRule, clean, fold
from ictindex.headers import Columns
from ictindex.model import Indicator, Scheme
from ictindex.table import Table


@frozen
class Place:
    """Which figure a line is about: its code in a round, its column in a table, the criterion that its evidence is for.

    `rule` says what its values may be. `given`: it stands in place of figures (a score, points left out), so that an
    empty cell says nothing of it. `figures` are the inputs of a criterion whose score or evidence is meant.
    """

    code: str
    key: str
    row: str
    rule: CellRule
    given: bool = False
    figures: tuple[str, ...] = ()


class Places:
    """The figures that a round of a scheme may speak of, by code or by a name that nothing else has."""

    def __init__(self, scheme: Scheme) -> None:
        self._columns, self._inputs = Columns(scheme), {one.code: one for one in scheme.inputs}
        self._criteria = {row.code: row.inputs for row in scheme.rows() if isinstance(row, Indicator)}
        self._known: dict[str, Place | None] = {}

    def find(self, text: str) -> Place | None:
        """Return the figure of a code or name, None where there is none."""
        if text not in self._known:
            self._known[text] = self._found(text)
        return self._known[text]

    def of(self, key: str) -> Place:
        """Return the figure of a column that a table of the scheme has."""
        found = self.find(key)
        if found is None:
            raise AssertionError("a column of a table is a figure")
        return found

    def known(self) -> Iterator[str]:
        """Yield what may be named."""
        yield from self._columns.known()

    def _found(self, text: str) -> Place | None:
        target = self._columns.figure(text)
        if target is None or target.rule is None:
            return None
        key = target.key
        given = self._inputs.get(key)
        if given is not None:
            return Place(key, key, next((one for one in (given.owner, key) if one in self._criteria), ""), target.rule)
        base = key.removesuffix(".score").removesuffix(".excluded")
        code = base if key.endswith(".score") else key
        figures = self._criteria.get(base, ())
        return Place(code, key, base if base in self._criteria else "", target.rule, given=True, figures=figures)


@frozen
class Units:
    """The units of a round: those of the declared table, or, without one, whoever the file names."""

    table: Table | None = None
    _known: Mapping[str, str] = field(init=False)
    _shared: frozenset[str] = field(init=False)
    _codes: frozenset[str] = field(init=False)
    _repeated: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        named: dict[str, set[str]] = {}
        seen: set[str] = set()
        repeated: set[str] = set()
        for unit, name in () if self.table is None else zip(self.table.units, self.table.names, strict=True):
            named.setdefault(fold(name), set()).add(unit)
            (repeated if unit in seen else seen).add(unit)
        known = {name: units.copy().pop() for name, units in named.items() if len(units) == 1}
        known |= {fold(unit): unit for unit in seen}
        object.__setattr__(self, "_known", known)
        object.__setattr__(self, "_shared", frozenset(named.keys() - known.keys()))
        object.__setattr__(self, "_codes", frozenset(seen))
        object.__setattr__(self, "_repeated", frozenset(repeated))

    def find(self, text: str) -> str | None:
        """Return the code of the unit that is named by its code or its name, None where there is none."""
        if self.table is None:
            return clean(text)
        return text if text in self._codes else self._known.get(fold(text))

    def shared(self, text: str) -> bool:
        """Whether several units have that name, so that none of them can be meant by it."""
        return fold(text) in self._shared

    def repeated(self, unit: str) -> bool:
        """Whether the unit stands in several lines of the declared table, so that none of them can be meant."""
        return unit in self._repeated

    def known(self) -> list[str]:
        """Return the codes and names that may be written."""
        return [] if self.table is None else list(dict.fromkeys((*self.table.units, *self.table.names)))
