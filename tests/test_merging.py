"""Units made of several rows: means of scores, sums of figures, and what cannot be added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction as Q
from typing import Any

import pytest
from attrs import evolve
from made import alone, group, leaf, ratio, rule, scheme, value

from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.errors import TableInvalid
from ictindex.merging import merge_of, summed
from ictindex.model import TOTAL, Evidence, InputKind, Pools, Publication, RankRule, Row, Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.table import CellState, Table

TWO = Publication("points", 2)


def merged(row: Row, how: Any, **more: Any) -> Scheme:
    return evolve(alone(row, publish=TWO), merged=how, **more)


def table(made: Scheme, **columns: Sequence[Any]) -> Table:
    return table_from_columns(made, {key.replace("_", "."): cells for key, cells in columns.items()})


def scored(made: Scheme, **columns: Sequence[Any]) -> Result:
    return run(compile_scheme(made, vocabulary()), table(made, **columns))


def test_rows_of_a_unit_need_not_stand_together() -> None:
    merge = merge_of(table(merged(value("x", 1), "mean-of-rows"), unit=["a", "b", "a", "c", "b"], x=[1] * 5))
    assert merge is not None
    assert (merge.members.tolist(), merge.size, merge.first.tolist()) == ([0, 1, 0, 2, 1], 3, [0, 1, 3])
    assert merge.rows(merge.first[:1]).tolist() == [0, 2]


def test_nothing_is_merged_where_every_row_is_a_unit() -> None:
    made = merged(value("x", 1), "mean-of-rows")
    assert merge_of(table(made, unit=["a", "b"], x=[1, 1])) is None
    sums = merged(value("x", 1), "sum-of-inputs")
    plain = table(sums, unit=["a", "b"], x=[1, 1])
    assert summed(plain, sums) is plain


def test_scores_of_the_parts_are_averaged_exactly() -> None:
    result = scored(merged(value("x", 1), "mean-of-rows"), unit=["a", "b", "a"], x=["0.11", "0.5", "0.12"])
    assert result.units == ("a", "b")
    assert result.published() == ["0.12", "0.50"]  # 0.115 is a half, and no float
    assert result.explain("a").root.points == Q("0.115")
    assert result.ranks().tolist() == [2, 1]


def test_a_mean_of_thirds_ties_with_a_third() -> None:
    made = merged(ratio("x", 1), "mean-of-rows")
    made = evolve(made, root=evolve(made.root, rank=RankRule(on="exact")))
    result = scored(made, unit=["a", "a", "a", "b"], x_a=[0, 1, 2, 1], x_b=[3, 3, 3, 3])
    assert result.ranks().tolist() == [1, 1]


def test_what_happened_to_a_part_happened_to_the_unit() -> None:
    made = merged(value("x", 1, missing="zero"), "mean-of-rows")
    result = scored(made, unit=["a", "a", "b"], x=[None, "0.5", "0.5"])
    assert (result.flags("x", "a"), result.flags("x", "b")) == (("missing-zero",), ())
    assert result.points().tolist() == [0.25, 0.5]


def test_a_hair_beside_a_threshold_in_one_part_is_settled_for_the_unit() -> None:
    steps = rule("steps", table=((Q(9, 10), Q(1)),))
    made = merged(ratio("x", 1, scale=steps), "mean-of-rows")
    result = scored(made, unit=["a", "b", "a"], x_a=[899_999_999_999_999, 1, 10**15], x_b=[10**15, 1, 10**15])
    assert result.points().tolist() == [0.5, 1]
    assert (result.flags(TOTAL, "a"), result.flags(TOTAL, "b")) == (("exact",), ())


def test_figures_are_added_before_they_are_divided() -> None:
    result = scored(merged(ratio("x", 1), "sum-of-inputs"), unit=["a", "a", "b"], x_a=[1, 3, 1], x_b=[2, 8, 2])
    assert result.points().tolist() == [0.4, 0.5]


def test_sums_are_the_typed_decimals_sum() -> None:
    made = merged(value("x", 1), "sum-of-inputs")
    result = scored(made, unit=["a", "a", "b"], x=["0.1", "0.2", "0.3"])
    assert result.table.columns["x"].values.tolist() == [0.3, 0.3]


def test_sums_of_many_digits_are_those_of_the_typed_decimals() -> None:
    made = merged(value("x", 10**9), "sum-of-inputs")
    result = scored(made, unit=["a", "a", "b"], x=["0.12345678", "0.00000001", "123456.789"])
    assert result.table.columns["x"].values.tolist() == [0.12345679, 123456.789]


def test_a_missing_part_makes_the_sum_missing_before_it_makes_it_inapplicable() -> None:
    made = merged(value("x", 1, missing="zero", not_applicable="zero"), "sum-of-inputs")
    whole = summed(table(made, unit=["a", "a", "b", "b", "c"], x=[None, "n/a", "n/a", 1, 1]), made)
    states = whole.columns["x"].states
    assert states is not None
    assert states.tolist() == [CellState.MISSING, CellState.NOT_APPLICABLE, CellState.REPORTED]


def test_what_cannot_be_added_must_be_the_same_in_every_row() -> None:
    mean_age = leaf("t", 1, rule("value", input="t"), "t", scale=rule("each", points=Q(1, 100)))
    made = scheme(group(TOTAL, 3, value("x", 1), leaf("y", 1, rule("yes-no", input="y")), mean_age))
    kinds: Mapping[str, Any] = {"y": {"kind": InputKind.YES_NO}, "t": {"additive": False}}
    made = evolve(
        made, merged="sum-of-inputs", inputs=tuple(evolve(one, **kinds.get(one.code, {})) for one in made.inputs)
    )
    same = scored(made, unit=["a", "a"], x=["0.2", "0.3"], y=[1, 1], t=[40, 40])
    assert same.points().tolist() == [1.9]
    with pytest.raises(TableInvalid) as caught:
        scored(made, unit=["a", "b", "a"], x=["0.2", "0.3", "0"], y=[1, 1, 0], t=[40, 41, 42])
    found = [(one.code, one.where.cell, one.where.line) for one in caught.value.problems]
    assert found == [("T206", "y", 3), ("T206", "t", 3)]
    assert "'y' differs between the unit's rows" in str(caught.value)


def test_a_missing_cell_that_cannot_be_added_is_the_same_as_a_missing_one() -> None:
    row = leaf("y", 1, rule("yes-no", input="y"), missing="zero")
    made = merged(row, "sum-of-inputs")
    made = evolve(made, inputs=tuple(evolve(one, kind=InputKind.YES_NO) for one in made.inputs))
    assert scored(made, unit=["a", "a"], y=[None, None]).points().tolist() == [0]
    for other in (0, "n/a"):  # missing is neither zero nor not applicable
        with pytest.raises(TableInvalid, match="T206"):
            scored(made, unit=["a", "a"], y=[None, other])


def test_a_merged_unit_keeps_its_first_name_and_pool_and_must_show_all_its_evidence() -> None:
    row = value("x", 1, evidence=Evidence("Số hiệu", without="zero"))
    made = merged(row, "sum-of-inputs", pools=Pools("khối"))
    columns: dict[str, Any] = {"unit": ["a", "a", "b"], "name": ["Xã A", "", "Xã B"], "khối": ["p", "p", "q"]}
    result = scored(made, **columns, x=["0.1", "0.2", "0.3"], x_evidence=["12", "", "13"])
    assert result.names == ("Xã A", "Xã B") and result.table.pool == ("p", "q")
    assert result.points().tolist() == [0, 0.3]
    assert result.receipt()["data_sha256"]


def test_merged_units_are_compared_as_their_parts_are() -> None:
    made = merged(value("x", 1, scale=rule("min-max", over="all")), "mean-of-rows")
    result = scored(made, unit=["a", "b", "a"], x=[0, 10, 5])
    assert result.points().tolist() == [0.25, 1]
    assert result.explain("a").row("x").fit == {"low": "0", "high": "10"}
