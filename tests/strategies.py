"""Random schemes and tables as the package draws them, with the tables written as the oracle reads them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from oracle import NA

from ictindex.compiling import compile_scheme
from ictindex.model import Input, InputKind, Scheme
from ictindex.plugins import vocabulary
from ictindex.testing.drawing import Tape, decimals, tapes
from ictindex.testing.making import FITTED, SIZE, THIRD, rule, scheme_from, schemes
from ictindex.testing.rows import Wanted, drawn, rows_from
from ictindex.testing.written import NOT_APPLICABLE

__all__ = ["FITTED", "THIRD", "Cells", "cell", "rule", "schemes", "tables", "worlds"]

Cells = dict[str, Any]
MOST = 6
"""So many units a table has at most."""


def tables(
    scheme: Scheme, *, absent: bool = True, given: bool = True, refusals: bool = False, least: int = 1
) -> st.SearchStrategy[list[Cells]]:
    """Draw rows of cells for a scheme, each for another unit.

    `absent`: cells may be missing or not applicable, where the policy in force does not refuse it (everywhere with
    `refusals`); `given`: rows may have given scores and left-out points; `least`: the fewest units.
    """
    plan = compile_scheme(scheme, vocabulary())
    wanted = Wanted(least, MOST, given=given, refusals=refusals)
    wanted = wanted if absent else evolve(wanted, absent=())
    return drawn(plan, wanted).map(lambda one: [_of_oracle(row) for row in one[0]])


def _of_oracle(row: Cells) -> Cells:
    return {name: NA if found is NOT_APPLICABLE else found for name, found in row.items()}


def cell(one: Input) -> st.SearchStrategy[Fraction]:
    """Draw a reported cell of an input, within its bounds."""
    match one.kind:
        case InputKind.YES_NO:
            return st.sampled_from([Fraction(0), Fraction(1)])
        case InputKind.CHOICE:
            return st.integers(0, len(one.cases) - 1).map(Fraction)
        case InputKind.COUNT:
            return st.integers(int(one.low or 0), 6).map(Fraction)
    low = Fraction(-2) if one.low is None else one.low
    return decimals(low, low + 8 if one.high is None else one.high)


def worlds(
    *, relative: bool = True, irrational: bool = True, negative: bool = True, refusals: bool = False
) -> st.SearchStrategy[tuple[Scheme, list[Cells]]]:
    """Draw a scheme and a table for it, from one tape; the options are those of `schemes`."""
    wanted = Wanted(1, MOST, given=True, refusals=refusals)

    def made(tape: Tape) -> tuple[Scheme, list[Cells]]:
        scheme = scheme_from(tape, relative=relative, irrational=irrational, negative=negative, refusals=refusals)
        rows = rows_from(compile_scheme(scheme, vocabulary()), wanted, tape.cut(SIZE))
        return scheme, [_of_oracle(row) for row in rows]

    return tapes(SIZE + 200 * MOST).map(made)
