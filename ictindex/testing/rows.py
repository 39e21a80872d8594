"""Tables that fit a scheme, drawn: what a person might report, with the edges of the rules more often than not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from attrs import frozen

from ictindex.api import SchemeLike, compile_scheme
from ictindex.model import Indicator, Quantity, Row, Scheme, walk
from ictindex.plan import Leaf, Plan, points_per_unit
from ictindex.table import Table
from ictindex.testing.drawing import Draw, assume, chance, decimals, number, pick, st
from ictindex.testing.figures import ZERO, Bounds, bounds_of, figures_of, refuses_nothing
from ictindex.testing.written import NOT_APPLICABLE, Cells, table_of

ONE = Fraction(1)
POOLS = ("a", "b")
"""The pools of a scheme that names none."""

_WIDE, _MISSING, _ABSENT = "wide", "missing", "not applicable"
_REACH = Fraction(8)


def tables(
    scheme: SchemeLike,
    *,
    variant: str = "",
    units: int | tuple[int, int] = (1, 5),
    missing: bool = True,
    not_applicable: bool = True,
    given: bool = False,
) -> st.SearchStrategy[Table]:
    """Return a strategy of tables that the scheme takes.

    `units` is how many units, or the fewest and the most. `missing` and `not_applicable` allow such cells where the
    scheme's policies take them; `given` allows scores in place of figures, and points left out. Figures lie within
    their bounds, of few decimals, most often at a threshold or just beside it. A failing example shrinks towards one
    unit, everything reported, and round numbers. Raises SchemeInvalid, UnknownName.
    """
    plan = compile_scheme(scheme, variant=variant)
    least, most = (units, units) if isinstance(units, int) else units
    absent = tuple(word for word, wanted in ((_MISSING, missing), (_ABSENT, not_applicable)) if wanted)
    return rows(plan, least=least, most=most, absent=absent, given=given).map(lambda one: table_of(plan.scheme, one))


@st.composite
def rows(
    draw: Draw,
    plan: Plan,
    *,
    least: int = 1,
    most: int = 5,
    absent: tuple[str, ...] = (_MISSING, _ABSENT),
    always: bool = False,
    given: bool = False,
    left: bool = False,
    refusals: bool = False,
) -> list[Cells]:
    """Draw rows of cells (see `written`), each for another unit; with `refusals` also such as the scheme refuses.

    `absent` are the kinds of absent cells: in every second table, or `always`. `left` leaves out points of assessed
    rows here and there.
    """
    columns = columns_of(plan)
    absences = absent if absent and (always or chance(draw, 2)) else ()
    scores = given and chance(draw, 3)
    choices = [one.choices(absences, refusals) for one in columns]
    drawn = draw(_places(tuple(map(len, choices)), least, most))
    made: list[Cells] = []
    for at, one in enumerate(drawn, 1):  # figures first: they shrink together
        cells = [choice[place] for choice, place in zip(choices, one, strict=True)]
        row = _row(draw, plan, f"u{at}", columns, cells, refusals)
        if left:
            _leave(draw, plan.scheme, row)
        if scores:
            _give(draw, plan.scheme, row)
        made.append(row)
    return made


@lru_cache(maxsize=64)
def _places(sizes: tuple[int, ...], least: int, most: int) -> st.SearchStrategy[list[tuple[int, ...]]]:
    """Return a strategy of rows with a place in each list of that size."""
    return st.lists(st.tuples(*(number(0, size - 1) for size in sizes)), min_size=least, max_size=most)


@frozen
class Drawn:
    """One input's column: its figures, the simplest first, and which absent cells no row that reads it refuses."""

    code: str
    bounds: Bounds
    figures: tuple[Fraction, ...]
    taken: frozenset[str]

    def choices(self, absences: tuple[str, ...], refusals: bool) -> tuple[Any, ...]:
        """Return what a cell is drawn from, the simplest first."""
        wide = (_WIDE,) if self.bounds.numeric else ()
        return (*self.figures, *wide, *(one for one in absences if refusals or one in self.taken))


@lru_cache(maxsize=8)
def columns_of(plan: Plan) -> tuple[Drawn, ...]:
    """Return the column of every input of a scheme, with what may stand in it."""
    bounds, figures = bounds_of(plan), figures_of(plan)
    leaves = [node for node in plan.nodes if isinstance(node, Leaf) and node.row.max]
    found = []
    for code, one in bounds.items():
        readers = [leaf for leaf in leaves if code in leaf.inputs]
        taken = {
            word for word, policy in ((_MISSING, "missing"), (_ABSENT, "not_applicable")) if _takes(readers, policy)
        }
        found.append(Drawn(code, one, figures[code], frozenset(taken)))
    return tuple(found)


def _takes(readers: list[Leaf], policy: str) -> bool:
    return all(getattr(leaf, policy) != "refuse" for leaf in readers)


def _row(
    draw: Draw, plan: Plan, unit: str, columns: tuple[Drawn, ...], drawn: Sequence[Any], refusals: bool
) -> dict[str, Any]:
    scheme = plan.scheme
    row: dict[str, Any] = {"unit": unit}
    if scheme.pools is not None:
        row[scheme.pools.by] = pick(draw, [pool.code for pool in scheme.pools.pools] or POOLS)
    for column, found in zip(columns, drawn, strict=True):
        row[column.code] = _cell(draw, column.bounds, found)
    if not refusals:
        assume(mended(plan, row))
    asking = [(one.code, one.evidence.without) for one in scheme.indicators if one.evidence is not None]
    lacking = bool(asking) and chance(draw, 2)
    for code, without in asking:
        always = without == "refuse" and not refusals
        row[f"{code}.evidence"] = not lacking or always or not chance(draw, 3)
    return row


def _cell(draw: Draw, bounds: Bounds, found: Any) -> Any:
    if found == _MISSING:
        return None
    if found == _ABSENT:
        return NOT_APPLICABLE
    if found != _WIDE:
        return found
    low = bounds.low if bounds.low is not None else -Fraction(2)
    high = min(low + _REACH, bounds.high) if bounds.high is not None else low + _REACH
    if bounds.whole:
        return Fraction(draw(number(int(low), int(high))))
    return draw(decimals(low, high))


def mended(plan: Plan, row: dict[str, Any]) -> bool:
    """Change the figures that a ratio would refuse; return whether none is left."""
    columns = {one.code: one for one in columns_of(plan)}
    leaves = [node for node in plan.nodes if isinstance(node, Leaf)]
    return any(
        sum(_mend(leaf, row, columns) for leaf in leaves) == 0 for _ in range(3)
    )  # mending one may spoil another


def _mend(leaf: Leaf, row: dict[str, Any], columns: Mapping[str, Drawn]) -> bool:
    """Change what a ratio would refuse: nothing to divide by, or more than the whole. Return whether it did."""
    rule = leaf.row.measure
    if rule.name != "ratio" or not leaf.row.max or any(not isinstance(row[code], Fraction) for code in leaf.inputs):
        return False
    above, below = rule.get("a"), rule.get("b")
    whole = quantity_of(below, row)
    if not whole:
        positive = [code for code, factor in below.terms if factor > 0]
        if not positive or not refuses_nothing(leaf):
            return False
        row[positive[0]] = next(figure for figure in columns[positive[0]].figures if figure > 0)
        return True
    if rule.get("over") != "refuse" or quantity_of(above, row) * rule.get("per", ONE) / whole <= 1:
        return False
    for code in above.inputs:
        row[code] = min(columns[code].figures, key=abs)
    return True


def quantity_of(quantity: Quantity, row: Cells) -> Fraction:
    """Return what a sum of inputs times factors comes to in a row where all of them are reported."""
    return sum((row[code] * factor for code, factor in quantity.terms), quantity.constant)


def _give(draw: Draw, scheme: Scheme, row: dict[str, Any]) -> None:
    """Give the score of one row, or leave out points of one assessed row."""
    able = [one for one in _below(scheme) if not (_assessed(one) and one.scale)]
    if not able:
        return
    chosen = pick(draw, able)
    whole = {"points": chosen.max, "index": ONE, "percent": Fraction(100)}[chosen.publish.scale]
    score = draw(decimals(ZERO, whole))
    if not _assessed(chosen):
        row[f"{chosen.code}.score"] = score
    elif isinstance(row[chosen.code], Fraction):
        score = row[chosen.code]
    if chance(draw, 2):
        row[f"{chosen.code}.excluded"] = draw(decimals(ZERO, chosen.max - score / whole * chosen.max))


def _leave(draw: Draw, scheme: Scheme, row: dict[str, Any]) -> None:
    """Leave out points of assessed rows: as many as those assessed leave room for."""
    for leaf in scheme.indicators:
        if _assessed(leaf) and leaf.max and not leaf.scale:
            room, cell = leaf.max, row[leaf.code]
            if isinstance(cell, Fraction):
                room -= cell * points_per_unit(leaf)
            row[f"{leaf.code}.excluded"] = draw(decimals(ZERO, max(room, ZERO))) if chance(draw, 4) else ZERO


def _below(scheme: Scheme) -> Iterator[Row]:
    for total in scheme.totals:
        yield from (row for row in walk(total) if row.max)


def _assessed(row: Row) -> bool:
    return isinstance(row, Indicator) and row.measure.name == "assessed"
