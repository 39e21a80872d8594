"""The law of explanations: contributions add up, at every heading, to the total, and as they are printed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from made import group, rule, scheme, totals, value
from strategies import schemes, tables, worlds
from test_laws import LAW, scored

import ictindex
from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.explanation import Explained
from ictindex.model import TOTAL, Publication, Scheme
from ictindex.plan import points_per_unit
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.strategies.base import DECIMAL

SCHEMES = Path(__file__).parent.parent / "schemes"
NEARLY = Decimal(10) ** -40
MANY = 12


def examples() -> Iterator[Any]:
    """Every shipped scheme and variant with its example table."""
    for path in sorted(SCHEMES.glob("*/*.example*.csv")):
        name = f"{path.parent.name}/{path.name.split('.')[0]}"
        for variant in ("", *(one.code for one in ictindex.load_scheme(name).variants)):
            yield pytest.param(name, variant, path, id=f"{name} {variant}".strip())


@pytest.mark.parametrize(("name", "variant", "path"), list(examples()))
def test_every_example_adds_up_to_every_published_total(name: str, variant: str, path: Path) -> None:
    plan = ictindex.compile_scheme(name, variant=variant)
    result = ictindex.score(plan, ictindex.read_table(path, scheme=plan))
    step = max(1, len(result.units) // MANY)
    for unit in result.units[::step]:
        adds_up(result, unit)


@LAW
@given(worlds())
def test_every_random_explanation_adds_up(world: Any) -> None:
    made, rows = world
    result = scored(made, rows)
    for unit in result.units:
        adds_up(result, unit)


@LAW
@given(
    st.data(), st.sampled_from([Publication("points", 0, "cut"), Publication("index", 4), Publication("percent", 1)])
)
def test_however_it_is_published_it_adds_up(data: st.DataObject, publish: Publication) -> None:
    drawn = data.draw(schemes())
    made = evolve(drawn, root=evolve(drawn.root, publish=publish))
    result = scored(made, data.draw(tables(made)))
    for unit in result.units:
        adds_up(result, unit)


@LAW
@given(st.data())
def test_units_that_are_means_of_several_rows_add_up(data: st.DataObject) -> None:
    made = evolve(data.draw(schemes()), merged="mean-of-rows")
    rows = data.draw(tables(made, given=False))
    result = scored(made, [*rows, rows[0]])
    for unit in result.units:
        adds_up(result, unit)


def adds_up(result: Result, unit: str) -> None:
    """The laws of one unit's explanation."""
    root, position = result.explain(unit).root, result.position(unit)
    tops = {row.code for row in result.totals}
    for row in root.walk():
        if row.code in tops and row.points is not None:
            assert row.total == row.code and row.to_total == row.contribution == row.points
            assert row.printed == (result.published(row.code)[position] if row.max else None)
            ends = [one for one in row.walk() if not one.children or "given" in one.flags]
            assert near(sum((Q(one.to_total) for one in ends), Q(0)), row.points), row.code
        if row.children and row.total and row.points is not None and "given" not in row.flags:
            assert near(sum((Q(child.contribution) for child in row.children), Q(0)), row.points), row.code
            assert near(sum((Q(child.to_total) for child in row.children), Q(0)), row.to_total), row.code
            assert sum(digits(child) for child in row.children) == digits(row), row.code
        if row.printed is not None:
            is_near_its_exact_part(result, row)
        if row.points is None and row.total:
            assert not row.to_total and row.printed is None


def near(found: Q, exact: Any) -> bool:
    """Exactly equal; where roots or logarithms enter, to 40 digits of the largest numbers that meet here."""
    if isinstance(exact, Q | int):
        return found == exact
    return abs(found - Q(exact)) <= Q(NEARLY) * (1 + abs(found))


def digits(row: Explained) -> int:
    return 0 if row.printed is None else int(row.printed.replace(".", ""))


def is_near_its_exact_part(result: Result, row: Explained) -> None:
    """The printed part is the exact one, rounded down or up to the last digit of the total."""
    total = result.scheme.row(row.total)
    exact = Q(row.to_total) * 10**total.publish.decimals / points_per_unit(total)
    slack = Q(0) if isinstance(row.to_total, Q | int) else Q(NEARLY)
    assert math.floor(exact - slack) <= digits(row) <= math.ceil(exact + slack), (row.code, row.printed, exact)


# --- worked by hand --------------------------------------------------------------------------------------------------


def root_of(made: Scheme, **cells: Any) -> Explained:
    named = {key.replace("_", "."): [one] for key, one in cells.items()}
    result = run(compile_scheme(made, vocabulary()), table_from_columns(made, {"unit": ["u"], **named}))
    return result.explain("u").root


def parts(root: Explained, *codes: str) -> list[Any]:
    rows = {row.code: row for row in root.walk()}
    return [rows[code].to_total for code in codes]


def test_the_largest_remainders_are_rounded_up_and_earlier_rows_win_ties() -> None:
    rows = (value("x", 1), value("y", 1), value("z", 1))
    made = scheme(group(TOTAL, 1, *rows, combine="mean", publish=Publication("points", 1)))
    root = root_of(made, x="0.5", y="0.5", z="0.6")  # 1/6 + 1/6 + 1/5 = 0.5333 -> 0.5
    assert [row.to_total for row in root.children] == [Q(1, 6), Q(1, 6), Q(1, 5)]
    assert (root.printed, [row.printed for row in root.children]) == ("0.5", ["0.2", "0.1", "0.2"])


def test_a_mean_below_a_mean_carries_both_weights() -> None:
    below = group("A", 10, value("x", 10, weight=Q(3)), value("y", 10), combine="mean", weight=Q(1))
    made = scheme(group(TOTAL, 100, below, value("z", 10, weight=Q(4)), combine="mean"))
    root = root_of(made, x=8, y=4, z=5)
    assert parts(root, "A", "x", "y", "z") == [14, 12, 2, 40] and root.points == 54


def test_the_best_of_several_brings_all_and_the_others_nothing() -> None:
    made = scheme(group(TOTAL, 10, group("A", 10, value("x", 10), value("y", 10), combine="best")))
    assert parts(root_of(made, x=4, y=7), "A", "x", "y") == [7, 0, 7]


def test_a_bonus_adds_and_a_deduction_takes_also_where_they_cancel() -> None:
    rows = (value("x", 10), value("m", 5, role="bonus"), value("n", 5, role="deduct"))
    made = scheme(group(TOTAL, 20, group("A", 10, *rows), value("z", 10)))
    assert parts(root_of(made, x=3, m=2, n=4, z=1), "A", "x", "m", "n") == [1, 3, 2, -4]
    assert parts(root_of(made, x=2, m=2, n=4, z=1), "A", "x", "m", "n") == [0, 2, 2, -4]
    assert parts(root_of(made, x=10, m=5, n=0, z=1), "A", "x", "m", "n") == [10, Q(20, 3), Q(10, 3), 0]  # cut to 10


def test_what_is_left_out_contributes_nothing_and_the_rest_is_converted() -> None:
    made = scheme(group(TOTAL, 50, value("x", 30, missing="rescale"), value("y", 20), missing="rescale"))
    root = root_of(made, x=None, y="17.3")
    assert parts(root, "x", "y") == [0, Q("43.25")] and [row.printed for row in root.children] == [None, "43.25"]


def test_a_given_score_is_where_the_tree_ends() -> None:
    made = scheme(group(TOTAL, 4, group("A", 2, value("x", 2)), value("y", 2)))
    root = root_of(made, A_score="1.5", y=1)
    assert parts(root, "A", "x", "y") == [Q("1.5"), 0, 1] and root.children[0].children[0].printed is None


def test_totals_side_by_side_each_add_up_to_themselves() -> None:
    root = root_of(totals(group("A", 2, value("x", 1), value("y", 1)), value("z", 1)), x=1, y="0.5", z="0.2")
    assert (root.total, root.to_total, root.printed) == ("", None, None)
    assert {row.code: row.total for row in root.walk()} == {TOTAL: "", "A": "A", "x": "A", "y": "A", "z": "z"}


def test_what_rescaling_adds_to_a_heading_without_points_is_spread_by_weight() -> None:
    inner = group("B", 1, value("x", 1, weight=Q(2)), value("y", 1), combine="mean")
    made = scheme(
        group(
            TOTAL,
            6,
            group(
                "A", 6, inner, value("z", 1), combine="mean", scale=rule("goalposts", start=Q(-1), end=Q(1), log=False)
            ),
        )
    )
    root = root_of(made, x=0, y=0, z=0)
    assert (root.points, parts(root, "B", "x", "y", "z")) == (3, [Q(3, 2), 1, Q(1, 2), Q(3, 2)])


def test_the_explanation_of_one_row_says_what_it_is_to_the_total() -> None:
    made = scheme(group(TOTAL, 100, group("A", 10, value("x", 10), value("y", 10), combine="mean"), combine="mean"))
    table = table_from_columns(made, {"unit": ["u"], "x": [8], "y": [4]})
    result = run(compile_scheme(made, vocabulary()), table)
    assert result.explain("u", "x").root == result.explain("u").row("x")
    assert "\n\nx x: 8 of 10, contributes 4, to the total 40\n" in str(result.explain("u", "x"))


def test_decimals_of_sixty_digits_that_cancel_are_not_blown_up() -> None:
    z = rule("z-score", over="all")
    below = group("A", 1, value("x", 1, scale=z), value("y", 1, scale=z), combine="mean")
    made = scheme(
        group(TOTAL, 1, group("B", 1, below, value("w", 1, scale=z), combine="mean", scale=rule("min-max", over="all")))
    )
    table = table_from_columns(made, {"unit": ["a", "b", "c"], "x": [1, 2, 9], "y": [9, 2, 1], "w": [1, 5, 2]})
    result = run(compile_scheme(made, vocabulary()), table)
    with DECIMAL.context():
        for unit in result.units:
            adds_up(result, unit)
            assert all(abs(row.to_total) < 5 for row in result.explain(unit).root.walk())
