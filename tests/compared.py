"""Pairs of random results, and what a comparison of them must say, worked out the slow and plain way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from attrs import evolve, frozen
from hypothesis import strategies as st

from ictindex import score
from ictindex.compiling import compile_scheme
from ictindex.model import Group, Row, Rule, Scheme
from ictindex.plan import points_per_unit
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.testing.drawing import Tape, tapes
from ictindex.testing.making import SIZE, scheme_from
from ictindex.testing.rows import Wanted, rows_from
from ictindex.testing.written import table_of

Rows = Sequence[Mapping[str, Any]]
UNITS = 3
COMBINES = ("mean", "best", "least", "sum")
WIDTH = 260


@frozen
class Pair:
    """Two schemes with the same columns, and for each side the rows as declared (or None) and as final."""

    schemes: tuple[Scheme, Scheme]
    declared: tuple[Rows | None, Rows | None]
    final: tuple[Rows, Rows]

    @property
    def results(self) -> tuple[Result, Result]:
        """Both sides scored."""
        sides = []
        for scheme, declared, final in zip(self.schemes, self.declared, self.final, strict=True):
            table = table_of(scheme, final)
            if declared is not None:
                table = evolve(table, declared=table_of(scheme, declared))
            sides.append(score(scheme, table))
        return sides[0], sides[1]

    @property
    def back(self) -> Pair:
        """The pair the other way round."""
        return Pair(self.schemes[::-1], self.declared[::-1], self.final[::-1])  # type: ignore[arg-type]


def pairs(*, other_scheme: bool = True, verified: bool = True, irrational: bool = False) -> st.SearchStrategy[Pair]:
    """Draw a pair from one tape."""

    def made(tape: Tape) -> Pair:
        flags = [tape.chance(2) for _ in range(3)]
        scheme = scheme_from(tape.cut(tape.at), relative=True, irrational=irrational, negative=True, refusals=False)
        other = retuned(scheme, tape.cut(SIZE)) if other_scheme and flags[0] else scheme
        wanted = Wanted(UNITS, UNITS, given=True)
        plan = compile_scheme(scheme, vocabulary())
        tables = [rows_from(plan, wanted, tape.cut(SIZE + 20 + WIDTH * at)) for at in range(4)]
        declared = tuple(rows if verified and flag else None for rows, flag in zip(tables[:2], flags[1:], strict=True))
        return Pair((scheme, other), (declared[0], declared[1]), (tables[2], tables[3]))

    return tapes(SIZE + 20 + WIDTH * 4).map(made)


def retuned(scheme: Scheme, tape: Tape) -> Scheme:
    """Return the scheme with other weights and another way of combining its rows; its columns stay."""

    def made(row: Row) -> Row:
        row = evolve(row, weight=row.weight * tape.choose((1, 2, 3)))
        if isinstance(row, Group):
            combine = row.combine if row.combine.name == "none" else Rule(tape.choose(COMBINES))
            return evolve(row, children=tuple(made(child) for child in row.children), combine=combine)
        return row

    root = made(scheme.root)
    assert isinstance(root, Group)
    return evolve(scheme, root=root, edition=scheme.edition + 1)


def numbers(scheme: Scheme, unit: int, own: Mapping[str, Any], others: Rows) -> tuple[Fraction, Fraction] | None:
    """Return the exact score and the rank of a unit with these figures among the others; None where it has no score."""
    rows = [own if at == unit else row for at, row in enumerate(others)]
    result = score(scheme, table_of(scheme, rows))
    total = scheme.totals[0]
    if not result.scored()[unit]:
        return None
    points = result.settled.column(unit)[result.plan.totals[0]]
    return Fraction(points) / points_per_unit(total), Fraction(float(result.ranks()[unit]))


def expected(pair: Pair, unit: int) -> dict[str, tuple[Fraction, Fraction]] | None:
    """Return each cause's part of the change of score and rank: the mean over all orders, one order after the other."""
    causes = ("own", "verification", "scheme", "others")
    declared = [pair.final[at] if rows is None else rows for at, rows in enumerate(pair.declared)]
    known: dict[Any, Any] = {}

    def at(moved: frozenset[str]) -> tuple[Fraction, Fraction] | None:
        own, verified, scheme, others = (int(cause in moved) for cause in causes)
        if moved not in known:
            found = [
                numbers(pair.schemes[scheme], unit, rows[unit], pair.final[others])
                for rows in (declared[own], pair.final[verified], declared[verified])
            ]
            if any(one is None for one in found):
                known[moved] = None
            else:
                known[moved] = tuple(one + more - less for one, more, less in zip(*found, strict=True))
        return known[moved]  # type: ignore[no-any-return]

    parts = {cause: [Fraction(0), Fraction(0)] for cause in causes}
    orders = list(permutations(causes))
    for order in orders:
        moved: frozenset[str] = frozenset()
        for cause in order:
            before, after = at(moved), at(moved | {cause})
            if before is None or after is None:
                return None
            for number in (0, 1):
                parts[cause][number] += (after[number] - before[number]) / len(orders)
            moved |= {cause}
    return {cause: (found[0], found[1]) for cause, found in parts.items()}
