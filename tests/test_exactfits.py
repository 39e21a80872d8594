"""What pools teach in exact numbers is the same whether few units are run for it or all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from made import alone, rule, value
from strategies import worlds
from test_laws import as_table

from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.exact import equal_points
from ictindex.exactfits import exact_fits
from ictindex.filling import fill
from ictindex.model import Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.table import Table


def both(plan: Plan, table: Table) -> int:
    """Compare the fits of few units with those of everybody; return how many numbers were compared."""
    floats = fill(plan, table, ends=True)
    few, everybody = (exact_fits(plan, table, floats, everyone=everyone) for everyone in (False, True))
    assert few.keys() == everybody.keys()
    compared = 0
    for place, fit in few.items():
        for name, numbers in fit.numbers.items():
            others = everybody[place].numbers[name].tolist()
            assert all(map(equal_points, numbers.tolist(), others)), (plan.nodes[place].row.code, name)
            compared += len(others)
    return compared


@given(worlds())
def test_few_units_teach_what_everybody_does(world: tuple[Scheme, list[dict[str, Any]]]) -> None:
    scheme, rows = world
    both(compile_scheme(scheme, vocabulary()), as_table(scheme, rows))


def test_moments_of_typed_cells_are_those_of_everybody() -> None:
    made = alone(value("x", 1, scale=rule("z-score", over="all")))
    plan = compile_scheme(made, vocabulary())
    cells = np.round(np.random.default_rng(5).normal(50, 9, 300), 2).tolist()
    table = table_from_columns(made, {"unit": [f"u{at}" for at in range(300)], "x": cells})
    assert both(plan, table) == 4
