"""What pools teach in exact numbers is the same whether few units are run for it or all of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from made import alone, rule, value
from strategies import worlds
from test_laws import as_table

from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.exact import equal_points
from ictindex.exactfits import exact_fits
from ictindex.filling import fill
from ictindex.model import Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.table import Table


def both(plan: Plan, table: Table) -> int:
    """Compare the fits of few units, and those of a run, with those of everybody; return how many numbers there are."""
    floats = fill(plan, table, ends=True)
    few, everybody = (exact_fits(plan, table, floats, everyone=everyone) for everyone in (False, True))
    compared = 0
    for some in (few, run(plan, table).settled.exact_fits()):
        assert some.keys() == everybody.keys()
        compared = 0
        for place, fit in some.items():
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


def test_typed_ends_are_told_without_running_anybody_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = alone(value("x", 1, scale=rule("min-max", over="all")))
    plan = compile_scheme(made, vocabulary())
    table = table_from_columns(made, {"unit": ["a", "b", "c"], "x": [0.3, 0.2, 0.1]})
    settled = run(plan, table).settled
    monkeypatch.setattr("ictindex.exact.fill", None)
    monkeypatch.setattr("ictindex.exactfits.fill", None)
    (fit,) = settled.exact_fits().values()
    assert {name: numbers.tolist() for name, numbers in fit.numbers.items()} == {
        "low": [Fraction(1, 10)],
        "high": [Fraction(3, 10)],
    }
    assert {name: units.tolist() for name, units in fit.holders.items()} == {"low": [2], "high": [0]}
