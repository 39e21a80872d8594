"""Tables that fit a scheme, drawn: what a person might report, with the edges of the rules more often than not."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from attrs import frozen

from ictindex.api import SchemeLike, compile_scheme
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.model import Indicator, Quantity, Row, Scheme, walk
from ictindex.plan import Leaf, Plan, points_per_unit
from ictindex.table import Table
from ictindex.testing.drawing import SPARE, Tape, assume, st, tapes
from ictindex.testing.figures import ZERO, Bounds, bounds_of, edges_of, figures_of, refuses_nothing
from ictindex.testing.written import NOT_APPLICABLE, Cells, table_of

ONE = Fraction(1)
POOLS = ("a", "b")
"""The pools of a scheme that names none."""

HEAD = 3
"""So many bytes say what the whole table is like."""

_WIDE, _MISSING, _ABSENT = "wide", "missing", "not applicable"
_REACH = Fraction(8)
_LEFT = (ZERO, ZERO, ZERO, ZERO, ZERO, Fraction(1, 4), Fraction(1, 2), ONE)


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
    unit, everything reported, and round numbers. Raises SchemeInvalid, UnknownName, WrongUse.
    """
    plan = compile_scheme(scheme, variant=variant)
    least, most = (units, units) if isinstance(units, int) else units
    if not 1 <= least <= most:
        told = say("a table cannot have from {least} to {most} units", least=least, most=most)
        raise WrongUse(Problem("U137", told, hint=say("give how many, or the fewest and the most: (1, 5)")))
    absent = tuple(word for word, wanted in ((_MISSING, missing), (_ABSENT, not_applicable)) if wanted)
    wanted = Wanted(least, most, absent=absent, given=given)
    return drawn(plan, wanted).map(lambda one: table_of(plan.scheme, one[0]))


@frozen
class Wanted:
    """What rows are drawn: from `least` to `most` units, and what may stand in them.

    `absent` are the kinds of absent cells: in every second table, or `always`. `given` allows given scores, `left`
    leaves out points of assessed rows here and there, `refusals` allows what the scheme refuses.
    """

    least: int = 1
    most: int = 5
    absent: tuple[str, ...] = (_MISSING, _ABSENT)
    always: bool = False
    given: bool = False
    left: bool = False
    refusals: bool = False


def drawn(plan: Plan, wanted: Wanted) -> st.SearchStrategy[tuple[list[dict[str, Any]], Tape]]:
    """Return a strategy of rows of cells (see `written`), each for another unit, with tape left for further choices."""
    size = HEAD + _width(plan) * wanted.most + SPARE
    return tapes(size + SPARE).map(lambda tape: (rows_from(plan, wanted, tape), tape.cut(size)))


def rows_from(plan: Plan, wanted: Wanted, tape: Tape) -> list[dict[str, Any]]:
    """Return the rows that a tape says."""
    count = wanted.least + tape.below(wanted.most - wanted.least + 1)
    absences = wanted.absent if tape.chance(2) or wanted.always else ()
    scores = tape.chance(3) and wanted.given
    start, width = tape.at, _width(plan)
    more = tape.cut(start + width * wanted.most)
    rows: list[dict[str, Any]] = []
    for at in range(count):
        row = _row(plan, wanted, f"u{at + 1}", absences, tape.cut(start + width * at), more)
        if scores:
            _give(plan.scheme, row, more)
        rows.append(row)
    return rows


def _width(plan: Plan) -> int:
    """Return how many bytes the row of one unit takes."""
    return 2 + len(plan.scheme.inputs) + 2 * len(plan.scheme.indicators)


@frozen
class Drawn:
    """One input's column: its figures, the simplest first, and which absent cells no row that reads it refuses.

    `often` are those of the figures at which a rule turns, as many times over as there are figures: every second cell
    holds one.
    """

    code: str
    bounds: Bounds
    figures: tuple[Fraction, ...]
    often: tuple[Fraction, ...]
    taken: frozenset[str]

    def choices(self, absences: tuple[str, ...], refusals: bool) -> tuple[Any, ...]:
        """Return what a cell is drawn from, the simplest first."""
        wide = (_WIDE,) if self.bounds.numeric else ()
        absent = [one for one in absences if refusals or one in self.taken]
        return (*self.figures, *self.often, *wide, *wide, *absent, *absent)


@lru_cache(maxsize=8)
def columns_of(plan: Plan) -> tuple[Drawn, ...]:
    """Return the column of every input of a scheme, with what may stand in it."""
    bounds, figures, edges = bounds_of(plan), figures_of(plan), edges_of(plan)
    leaves = [node for node in plan.nodes if isinstance(node, Leaf) and node.row.max]
    found = []
    for code, one in bounds.items():
        readers = [leaf for leaf in leaves if code in leaf.inputs]
        taken = {
            word for word, policy in ((_MISSING, "missing"), (_ABSENT, "not_applicable")) if _takes(readers, policy)
        }
        often = tuple(figure for figure in edges[code] if figure in figures[code])
        times = len(figures[code]) // len(often) if often else 0
        found.append(Drawn(code, one, figures[code], often * times, frozenset(taken)))
    return tuple(found)


def _takes(readers: list[Leaf], policy: str) -> bool:
    return all(getattr(leaf, policy) != "refuse" for leaf in readers)


def _row(plan: Plan, wanted: Wanted, unit: str, absences: tuple[str, ...], tape: Tape, more: Tape) -> dict[str, Any]:
    """Return one row, read from its own part of the tape; what is rarely needed comes from the end."""
    scheme = plan.scheme
    row: dict[str, Any] = {"unit": unit}
    pool = tape.choose([one.code for one in scheme.pools.pools] or POOLS if scheme.pools is not None else POOLS)
    if scheme.pools is not None:
        row[scheme.pools.by] = pool
    for column in columns_of(plan):
        found = tape.choose(column.choices(absences, wanted.refusals))
        row[column.code] = _cell(column.bounds, found, more)
    if not wanted.refusals:
        assume(mended(plan, row))
    lacking = tape.chance(2)
    for leaf in scheme.indicators:
        unshown = tape.chance(3) and lacking
        if leaf.evidence is not None:
            row[f"{leaf.code}.evidence"] = not unshown or (leaf.evidence.without == "refuse" and not wanted.refusals)
    for leaf in scheme.indicators:
        share = tape.choose(_LEFT)
        if wanted.left and _assessed(leaf) and leaf.max and not leaf.scale:
            row[f"{leaf.code}.excluded"] = _left(leaf, row[leaf.code], share)
    return row


def _cell(bounds: Bounds, found: Any, more: Tape) -> Any:
    if found == _MISSING:
        return None
    if found == _ABSENT:
        return NOT_APPLICABLE
    if found != _WIDE:
        return found
    low = bounds.low if bounds.low is not None else -Fraction(2)
    high = min(low + _REACH, bounds.high) if bounds.high is not None else low + _REACH
    return Fraction(int(low) + more.below(int(high - low) + 1)) if bounds.whole else more.decimals(low, high)


def _left(leaf: Indicator, cell: Any, share: Fraction) -> Fraction:
    """Return points of an assessed row that are left out: a share of what the assessed points leave room for."""
    room = leaf.max - (cell * points_per_unit(leaf) if isinstance(cell, Fraction) else 0)
    return Fraction(math.floor(max(room, ZERO) * share * 100), 100)


def mended(plan: Plan, row: dict[str, Any]) -> bool:
    """Change the figures that a ratio would refuse; return whether none is left."""
    columns = {one.code: one for one in columns_of(plan)}
    leaves = [node for node in plan.nodes if isinstance(node, Leaf)]
    # Mending one row may spoil another that reads the same figures.
    return any(sum(_mend(leaf, row, columns) for leaf in leaves) == 0 for _ in range(3))


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


def _give(scheme: Scheme, row: dict[str, Any], tape: Tape) -> None:
    """Give the score of one row, or leave out points of one assessed row."""
    able = [one for one in _below(scheme) if not (_assessed(one) and one.scale)]
    if not able:
        return
    chosen = tape.choose(able)
    whole = {"points": chosen.max, "index": ONE, "percent": Fraction(100)}[chosen.publish.scale]
    score = tape.decimals(ZERO, whole)
    if not _assessed(chosen):
        row[f"{chosen.code}.score"] = score
    elif isinstance(row[chosen.code], Fraction):
        score = row[chosen.code]
    if tape.chance(2):
        row[f"{chosen.code}.excluded"] = tape.decimals(ZERO, chosen.max - score / whole * chosen.max)


def _below(scheme: Scheme) -> Iterator[Row]:
    for total in scheme.totals:
        yield from (row for row in walk(total) if row.max)


def _assessed(row: Row) -> bool:
    return isinstance(row, Indicator) and row.measure.name == "assessed"
