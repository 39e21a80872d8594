"""From figures to scores: what a run refuses, flags and keeps, whatever the blocks, the order or the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction as Q
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from made import INDEX, alone, assessed, group, ratio, rule, scheme, value

from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.errors import TableInvalid, UnknownName, WrongUse
from ictindex.matrix import Flag
from ictindex.model import TOTAL, Evidence, Pool, Pools, Publication, Quantity, RankRule, Scheme
from ictindex.plugins import vocabulary
from ictindex.refusals import MOST
from ictindex.result import Result
from ictindex.table import Table

LISTED = Pools("khối", (Pool("so", "Các sở"), Pool("tt", "Thanh tra", ranked=False)))
MIN_MAX, OVER_ALL = rule("min-max", over="pool"), rule("min-max", over="all")


def table(made: Scheme, cells: Mapping[str, Sequence[Any]]) -> Table:
    units = [f"u{at}" for at in range(len(next(iter(cells.values()))))]
    return table_from_columns(made, {"unit": units, **cells})


def scored(made: Scheme, cells: Mapping[str, Sequence[Any]], **options: Any) -> Result:
    return run(compile_scheme(made, vocabulary()), table(made, cells), **options)


def refusals(made: Scheme, cells: Mapping[str, Sequence[Any]]) -> list[str]:
    with pytest.raises(TableInvalid) as caught:
        scored(made, cells)
    return [f"{one.code} {one.where.line} {one.where.cell}" for one in caught.value.problems]


def pooled(scale: Any = MIN_MAX, pools: Pools = LISTED) -> Scheme:
    return evolve(alone(value("x", 1, scale=scale)), pools=pools, sha256="1")


# --- refusals ------------------------------------------------------------------------------------------------------


def test_missing_and_inapplicable_cells_are_refused_all_at_once_at_their_places() -> None:
    made = scheme(group(TOTAL, 2, ratio("x", 1), value("y", 1)))
    cells = {"x.a": [1, None, 1], "x.b": [2, None, 2], "y": ["0.5", "n/a", None]}
    assert refusals(made, cells) == ["T201 2 x.a", "T201 2 x.b", "T201 3 y", "T202 2 y"]


def test_a_column_that_the_table_lacks_is_missing_for_everyone() -> None:
    made = scheme(group(TOTAL, 2, value("x", 1), value("y", 1)))
    whole = table(made, {"x": [1, 1], "y": [1, 1]})
    with pytest.raises(TableInvalid) as caught:
        run(compile_scheme(made, vocabulary()), evolve(whole, columns={"y": whole.columns["y"]}))
    assert [(one.code, one.where.cell) for one in caught.value.problems] == [("T201", "x"), ("T201", "x")]


def test_every_refusal_is_kept_up_to_a_bound_and_the_rest_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made = alone(value("x", 1))
    many = {"x": [None] * (MOST + 3)}
    assert len(refusals(made, many)) == MOST + 3
    monkeypatch.setattr("ictindex.refusals.MOST_KEPT", 0)
    with pytest.raises(TableInvalid, match="and 3 more units: a figure for x x is missing") as caught:
        scored(made, many)
    found = caught.value.problems
    assert len(found) == MOST + 1 and sum(one.count for one in found) == MOST + 3
    assert (found[-1].code, found[-1].where.line, found[-1].where.cell) == ("T201", 0, "x")


def test_a_denominator_of_nothing_and_a_ratio_above_one_are_refused_together() -> None:
    made = scheme(group(TOTAL, 2, ratio("x", 1), ratio("y", 1, over="refuse")))
    cells = {"x.a": [1, 1], "x.b": [0, 1], "y.a": [3, 1], "y.b": [2, 0]}
    assert refusals(made, cells) == ["T204 1 x.b", "T205 1 y.a", "T204 2 y.b"]


def test_missing_figures_and_ratios_that_mean_nothing_are_refused_all_at_once() -> None:
    made = scheme(group(TOTAL, 4, ratio("x", 1), value("y", 1, scale=OVER_ALL), value("z", 1), value("w", 1)))
    cells = {"x.a": [1, 1], "x.b": [0, 1], "y": [None, None], "z": [1, None], "w": ["n/a", 1]}
    assert refusals(made, cells) == ["T201 1 y", "T201 2 y", "T201 2 z", "T202 1 w", "T204 1 x.b"]


def test_a_refused_unit_is_named_by_its_name() -> None:
    made = alone(value("x", 1))
    with pytest.raises(TableInvalid, match=r"u0 \(Xã Một\): a figure"):
        scored(made, {"x": [None], "name": ["Xã Một"]})


def test_a_denominator_that_does_not_apply_is_refused_where_that_is() -> None:
    made = alone(ratio("x", 1, if_none="not-applicable"))
    assert refusals(made, {"x.a": [0], "x.b": [0]}) == ["T204 1 x.b"]


@pytest.mark.parametrize(
    ("without", "points", "flags"), [("flag", 1, ("no-evidence",)), ("zero", 0, ("no-evidence",)), ("refuse", None, ())]
)
def test_evidence_that_is_not_shown(without: Any, points: int | None, flags: tuple[str, ...]) -> None:
    made = alone(value("x", 1, evidence=Evidence("Số hiệu", without=without)))
    cells = {"x": [1, 1], "x.evidence": ["12/QĐ", "-"]}
    if points is None:
        assert refusals(made, cells) == ["T203 2 x"]
        return
    result = scored(made, cells)
    assert result.points().tolist() == [1, points]
    assert (result.flags("x", "u0"), result.flags("x", "u1")) == ((), flags)


@pytest.mark.parametrize("without", ["zero", "refuse"])
def test_a_table_without_the_evidence_on_which_points_depend_is_refused(without: Any) -> None:
    made = alone(value("x", 1, evidence=Evidence("Số hiệu", without=without)))
    told = r"T207 the points of x x depend on evidence.*\(add a column named `x.evidence`, with: Số hiệu\)"
    with pytest.raises(TableInvalid, match=told):
        scored(made, {"x": [1]})
    assert scored(made, {"x": [1], "x.score": [1]}).points().tolist() == [1]


# --- flags ---------------------------------------------------------------------------------------------------------


def test_what_happens_to_a_score_is_told() -> None:
    zero, rescale = {"missing": "zero", "not_applicable": "zero"}, {"missing": "rescale", "not_applicable": "rescale"}
    made = scheme(group(TOTAL, 4, value("x", 2, **zero), value("y", 2, **rescale)))
    result = scored(made, {"x": [None, "n/a", 1, 1], "y": [1, 1, None, "n/a"]})
    assert [result.flags("x", f"u{at}") for at in range(2)] == [("missing-zero",), ("not-applicable-zero",)]
    assert result.flags("y", "u2") == ("missing-left-out", "left-out")
    assert result.flags("y", "u3") == ("not-applicable-left-out", "left-out")
    assert result.flags(TOTAL, "u2") == ("rescaled",)
    assert result.points().tolist() == [1, 1, 2, 2]
    assert np.isnan(result.points("y")[2:]).all() and result.scored("y").tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("meaning", "points", "flag"),
    [("zero", 0, "no-denominator"), ("full", 3, "no-denominator"), ("not-applicable", 0, "not-applicable-zero")],
)
def test_a_denominator_of_nothing_means_what_the_scheme_says(meaning: str, points: int, flag: str) -> None:
    result = scored(alone(ratio("x", 3, if_none=meaning, not_applicable="zero")), {"x.a": [0, 1], "x.b": [0, 2]})
    assert result.points().tolist() == [points, 1.5]
    assert flag in result.flags("x", "u0") and result.flags("x", "u1") == ()


@pytest.mark.parametrize("scale", ["min-max", "of-best", "z-score"])
def test_a_denominator_of_nothing_teaches_the_pool_nothing(scale: str) -> None:
    made = alone(ratio("x", 1, if_none="zero", scale=rule(scale, over="all")))
    with_it = scored(made, {"x.a": [9, 1, 2], "x.b": [0, 1, 1]})
    without = scored(made, {"x.a": [1, 2], "x.b": [1, 1]})
    assert with_it.points().tolist() == [0, *without.points()]
    assert scored(made, {"x.a": [9, 1, 2, 9], "x.b": [0, 1, 1, 0]}, block=1).points()[:3].tolist() == [
        0,
        *without.points(),
    ]


def test_a_given_score_covers_what_is_below() -> None:
    made = scheme(group(TOTAL, 4, group("A", 2, value("x", 2)), value("y", 2)))
    result = scored(made, {"x": [None, 1], "y": [1, 1], "A.score": ["1.5", None]})
    assert result.points().tolist() == [2.5, 2]
    assert result.flags("A", "u0") == ("given",) and result.flags("x", "u0") == ("covered",)
    assert result.published("x") == [None, "1.00"]


def test_nothing_is_computed_below_a_row_that_is_given_for_everyone() -> None:
    made = scheme(group(TOTAL, 2, group("A", 2, value("x", 1), value("y", 1, scale=OVER_ALL))))
    result = scored(made, {"A.score": ["0.1", "2"]})
    assert result.points().tolist() == [0.1, 2]
    assert result.fits == {}


def test_the_score_of_a_leaf_may_be_given_with_points_left_out() -> None:
    made = alone(assessed("x", 50, not_applicable="rescale"), not_applicable="rescale")
    cells = {"x": ["42.63", "42.63"], "x.excluded": [2, None]}
    result = scored(made, cells)
    assert (result.published("x"), result.published()) == (["42.63", "42.63"], ["44.41", "42.63"])


def test_a_heading_left_out_whole_has_no_score_and_no_rank() -> None:
    made = alone(value("x", 1), missing="rescale")
    result = scored(made, {"x": [None, 1]})
    assert result.published() == [None, "1.00"] and result.ranks().tolist() == [0, 1] and result.levels() == [None] * 2


def test_what_one_unit_leaves_out_does_not_limit_another_below_a_cap() -> None:
    below = (value("a", 8, not_applicable="rescale"), value("b", 5, role="bonus"))
    made = alone(group("g", 10, *below, combine="capped", not_applicable="rescale"))
    assert scored(made, {"a": [8], "b": [3]}).points("g").tolist() == [10]
    assert scored(made, {"a": [8, "n/a"], "b": [3, 1]}).points("g").tolist()[0] == 10


@example([(1, False), (9, False), (13, True)], 10)
@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=2, max_size=6), st.integers(1, 40))
def test_below_a_cap_points_are_converted_back_only_where_some_are_lost(rows: list[tuple[int, bool]], cap: int) -> None:
    """Maxima of tenths leave traces in floats: 1.0 + 1.3 - 1.3 is not 1."""
    below = (value(f"x{at}", Q(most, 10)) for at, (most, _) in enumerate(rows))
    made = scheme(group(TOTAL, Q(cap, 10), *below, combine="capped", missing="rescale"))
    cells = {f"x{at}": [None if lacks else 0] for at, (_, lacks) in enumerate(rows)}
    reachable = sum(most for most, lacks in rows if not lacks)
    expected = (
        "left-out" if not reachable else "rescaled" if reachable < min(cap, sum(most for most, _ in rows)) else ""
    )
    assert scored(made, cells).states() == [expected or "computed"]


def test_an_informational_row_is_never_asked_for() -> None:
    made = scheme(group(TOTAL, 1, value("x", 1), ratio("y", 0, publish=Publication("index", 2))))
    result = scored(made, {"x": [1], "y.a": [None], "y.b": [0]})
    assert result.points().tolist() == [1] and result.published("y") == [None]
    assert np.isnan(result.scores("y")).all() and result.keys("y").tolist() == [0]
    assert result.levels("y") == [None]


# --- pools, ranks, units -------------------------------------------------------------------------------------------


def test_a_scale_compares_units_within_their_pool_and_ranks_too() -> None:
    result = scored(pooled(), {"x": [1, 3, 5, 9], "khối": ["so", "so", "Thanh tra", "so"]})
    assert result.points().tolist() == [0, 0.25, 0.5, 1]  # alone in its pool: half
    assert result.ranks().tolist() == [3, 2, 0, 1]
    assert [(one.unit, one.rank, one.pool) for one in result.ranking()] == [
        ("u3", 1, "so"), ("u1", 2, "so"), ("u0", 3, "so"), ("u2", None, "tt"),
    ]  # fmt: skip


def test_pools_that_are_not_listed_are_all_ranked() -> None:
    result = scored(pooled(pools=Pools("khối")), {"x": [1, 3, 5], "khối": ["b", "a", "b"]})
    assert result.ranks().tolist() == [2, 1, 1]


def test_ties_are_broken_by_the_rows_named_and_by_codes_at_last() -> None:
    rank = RankRule("ordinal", then=("y", "x"))
    made = scheme(group(TOTAL, 4, value("x", 2), value("y", 2), rank=rank))
    result = scored(made, {"x": [2, 1, 0, 1, 0], "y": [0, 1, 2, 1, 2]})
    assert result.ranks().tolist() == [5, 3, 1, 4, 2]


def test_a_unit_without_the_breaking_score_comes_last_in_its_tie() -> None:
    rank = RankRule("competition", then=("y",))
    made = scheme(group(TOTAL, 4, value("x", 2), value("y", 2, missing="rescale"), missing="rescale", rank=rank))
    assert scored(made, {"x": [2, 2, 0], "y": [None, 2, 0]}).ranks().tolist() == [2, 1, 3]


def test_a_unit_is_asked_for_by_code_or_name_with_a_suggestion() -> None:
    result = scored(alone(value("x", 1)), {"x": [1, 1], "name": ["Xã Một", ""]})
    assert result.position("Xã Một") == result.position("u0") == 0
    assert result.names == ("Xã Một", "u1")
    with pytest.raises(UnknownName, match="did you mean 'Xã Một'"):
        result.position("Xa Một")
    with pytest.raises(UnknownName, match=r"no row 'totl'.*did you mean 'total'"):
        result.points("totl")


# --- what changes no bit -------------------------------------------------------------------------------------------


def many() -> tuple[Scheme, dict[str, list[Any]]]:
    root = group(
        TOTAL,
        3,
        ratio("x", 1, missing="rescale"),
        group("A", 1, value("y", 1, scale=OVER_ALL), value("z", 1, scale=rule("z-score", over="pool")), combine="mean"),
        value("w", 1, missing="rescale"),
        publish=Publication("index", 4),
        rank=RankRule(on="exact"),
    )
    made = evolve(scheme(root), pools=Pools("khối"), sha256="2")
    numbers = np.random.default_rng(7).integers(1, 1000, (4, 60)) / 1000
    cells: dict[str, list[Any]] = dict(zip(("x.a", "y", "z", "w"), numbers.tolist(), strict=True))
    cells |= {"x.b": [7] * 60, "khối": ["a", "b", "c"] * 20}
    cells["w"][::7] = [None] * len(cells["w"][::7])
    return made, cells


@pytest.mark.parametrize("block", [1, 7, 59, 60, 61])
def test_the_size_of_a_block_changes_no_bit(block: int) -> None:
    made, cells = many()
    one, other = scored(made, cells), scored(made, cells, block=block)
    assert one.settled.whole.points.tobytes() == other.settled.whole.points.tobytes()
    for row in made.rows():
        assert all(one.flags(row.code, unit) == other.flags(row.code, unit) for unit in one.units)


def test_the_order_of_rows_changes_no_bit_and_no_receipt() -> None:
    made, cells = many()
    order = np.random.default_rng(8).permutation(60)
    plan, whole = compile_scheme(made, vocabulary()), table(made, cells)
    units = {"unit": list(whole.units), **cells}
    shuffled = {name: [column[at] for at in order] for name, column in reversed(units.items())}
    one, other = run(plan, whole), run(plan, table_from_columns(made, shuffled))
    assert one.settled.whole.points[:, order].tobytes() == other.settled.whole.points.tobytes()
    assert one.ranks()[order].tolist() == other.ranks().tolist()
    assert one.receipt() == other.receipt()


# --- a reference ---------------------------------------------------------------------------------------------------


def test_a_new_unit_is_scored_on_what_the_reference_learned_and_cut_beyond_its_ends() -> None:
    made = evolve(alone(value("x", 1, scale=OVER_ALL)), sha256="3")
    reference = scored(made, {"x": [2, 4]})
    result = scored(made, {"x": [1, 3, 5]}, reference=reference)
    assert result.points().tolist() == [0, 0.5, 1]
    assert [result.flags("x", unit) for unit in result.units] == [("cut",), (), ("cut",)]
    explained = result.explain("u1").row("x")
    assert explained.points == Q(1, 2) and explained.fit == {"low": "2", "high": "4"}  # held by nobody here
    assert result.receipt()["options"]["reference"] == reference.receipt()["data_sha256"]


def test_pools_of_a_reference_are_found_by_name_not_by_place() -> None:
    made = pooled(pools=Pools("khối"))
    reference = scored(made, {"x": [0, 10, 0, 100, 0, 1000], "khối": ["a", "a", "b", "b", "c", "c"]})
    result = scored(made, {"x": [100, 100], "khối": ["c", "b"]}, reference=reference)
    assert result.points().tolist() == [0.1, 1]
    assert result.explain("u0").root.points == Q(1, 10)


def test_a_pool_that_the_reference_never_saw_is_refused_where_pools_matter() -> None:
    reference = scored(pooled(pools=Pools("khối")), {"x": [0, 10], "khối": ["a", "b"]})
    with pytest.raises(WrongUse, match="U109 the reference has no units of c, d"):
        scored(pooled(pools=Pools("khối")), {"x": [1, 1], "khối": ["d", "c"]}, reference=reference)
    over_all = pooled(OVER_ALL, Pools("khối"))
    reference = scored(over_all, {"x": [0, 10], "khối": ["a", "b"]})
    assert scored(over_all, {"x": [1], "khối": ["c"]}, reference=reference).points().tolist() == [0.1]


def test_a_reference_of_another_scheme_is_refused() -> None:
    reference = scored(evolve(alone(value("x", 1)), sha256="4", revision=9), {"x": [1]})
    with pytest.raises(WrongUse, match="U106 the reference was scored under made/2020-unit, revision 9"):
        scored(evolve(alone(value("x", 1)), sha256="5"), {"x": [1]}, reference=reference)


def test_a_reference_of_a_reference_still_knows_what_the_first_learned() -> None:
    made = evolve(alone(ratio("x", 1, scale=OVER_ALL), publish=Publication("points", 1)), sha256="6")
    first = scored(made, {"x.a": [0, 10], "x.b": [1, 1]})
    second = scored(made, {"x.a": [5], "x.b": [1]}, reference=first)
    third = scored(made, {"x.a": [1, 7, 12], "x.b": [2, 1, 1]}, reference=second)
    assert third.points().tolist() == [0.05, 0.7, 1]
    assert third.published() == ["0.1", "0.7", "1.0"]  # 0.05 is a half, and settled on the first one's exact ends


# --- self-declared figures -----------------------------------------------------------------------------------------


def test_self_declared_figures_are_scored_beside_the_verified_ones() -> None:
    made = evolve(alone(value("x", 1)), self_scored=True)
    result = scored(made, {"x": ["0.5", "0.7"], "x.self": ["0.9", "0.7"]})
    assert result.declared is not None and result.declared.declared is None
    assert result.declared.points().tolist() == [0.9, 0.7]
    assert result.points().tolist() == [0.5, 0.7]


def test_self_declared_figures_are_scored_on_the_same_reference() -> None:
    made = evolve(alone(value("x", 1, scale=OVER_ALL)), self_scored=True, sha256="7")
    reference = scored(made, {"x": [0, 10]})
    result = scored(made, {"x": [5], "x.self": [8]}, reference=reference)
    assert result.declared is not None
    assert (result.points()[0], result.declared.points()[0]) == (0.5, 0.8)


def test_an_index_of_an_index_has_no_rounding_in_between() -> None:
    made = scheme(group(TOTAL, 1, group("A", 1, ratio("x", 1), combine="mean", publish=INDEX), publish=INDEX))
    result = scored(made, {"x.a": [1], "x.b": [3]})
    assert result.published("A") == result.published() == ["0.3333"] and result.explain("u0").root.points == Q(1, 3)


def test_a_denominator_may_be_a_weighted_sum() -> None:
    more = Quantity((("x.b", Q(1)), ("pc", Q(1, 2))))
    result = scored(alone(ratio("x", 1, b=more)), {"x.a": [3], "x.b": [2], "pc": [4]})
    assert result.points().tolist() == [0.75]


def test_every_flag_has_a_stable_name() -> None:
    assert [flag.label for flag in Flag] == [
        "given", "covered", "missing-zero", "not-applicable-zero", "missing-left-out", "not-applicable-left-out",
        "left-out", "rescaled", "cut", "no-denominator", "no-evidence", "exact",
    ]  # fmt: skip
