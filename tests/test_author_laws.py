"""What an author gets silently wrong is found by the law that should find it, in a table as small as can be."""

from __future__ import annotations

import csv
import io
from fractions import Fraction as Q
from typing import Any

import pytest
from attrs import evolve
from broken_rules import (
    Above,
    FloatsOnly,
    Forgetful,
    Halved,
    Honest,
    HonestSpread,
    Moody,
    OfTheTable,
    Overshoot,
    Secretive,
    Spread,
    Tent,
    plan,
    scaled,
    stepped,
)
from made import alone, group, leaf, ratio, rule, scheme, table, value
from oracle import score
from worked import build_top

import ictindex
from ictindex.errors import UnknownName, WrongUse
from ictindex.messages import in_language
from ictindex.model import TOTAL, Case, Input, InputKind, Scheme
from ictindex.testing import LAWS, LawReport, check_laws
from ictindex.testing.world import Broken

SHIPPED = [(one.id, "") for one in ictindex.list_schemes()]
SHIPPED += [(name, one.code) for name, _ in list(SHIPPED) for one in ictindex.load_scheme(name).variants]


def reports(made: Any, **options: Any) -> dict[str, LawReport]:
    return {one.law: one for one in check_laws(made, **options)}


def broken(made: Any, law: str) -> Broken:
    """Return how a law is broken, and see to it that no other law is."""
    found = reports(made)
    assert {name for name, one in found.items() if one.outcome == "broken"} == {law}
    assert found[law].broken is not None
    return found[law].broken


def cells(one: Broken) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(one.table)))


def two(combine: str, top: int = 10, **more: Any) -> Scheme:
    """Return a scheme of two criteria of 10 points."""
    rows = [value(code, 10, scale=rule("each", points=Q(1))) for code in "12"]
    return scheme(group(TOTAL, top, *rows, combine=combine, **more))


# --- what is broken ------------------------------------------------------------------------------------------------


def test_steps_that_go_down_break_monotony() -> None:
    made = build_top("max: 9\n1 Số lớp: {max: 9, count: , steps: {1: 3, 3: 9, 5: 6}}\n")
    one = broken(made, "monotony")
    assert one.row == "1" and cells(one) == [{"unit": "u1", "1": "4"}]
    assert one.words == "1 Số lớp goes from 4 to 5, which is better, and row 1 Số lớp from 9 points to 6"
    assert one.before is not None and one.after is not None
    assert [told.row("1").points for told in (one.before, one.after)] == [9, 6]


def test_steps_downward_that_go_up_break_monotony_the_other_way() -> None:
    one = broken(stepped((1, 4), (3, 10), name="steps-down"), "monotony")
    assert cells(one) == [{"unit": "u1", "1": "1.01"}]
    assert "1 goes from 1.01 to 1, which is better, and row 1 from 10 points to 4" in one.words


def test_a_scale_that_forgets_to_cut_breaks_the_bounds() -> None:
    one = broken(scaled(Overshoot), "bounds")
    (only,) = cells(one)
    assert one.row == "1" and float(only["1"]) > 10 and only["2"] == "0"
    assert one.words == f"row 1 has {only['1']} points; they must lie between 0 and 10"


def test_a_scale_that_turns_round_breaks_monotony() -> None:
    one = broken(scaled(Tent), "monotony")
    (only,) = cells(one)
    assert float(only["1"]) >= 10 and only["2"] == "0"


def test_a_scale_that_says_that_it_turns_round_is_not_asked() -> None:
    found = reports(scaled(Honest))
    assert {one.outcome for one in found.values()} == {"held", "not asked"}
    assert found["monotony"].remarks == ("not asked of 1: the rule there does not say which way is better",)


def test_a_scale_that_looks_at_other_units_behind_the_back_breaks_the_order() -> None:
    found = reports(scaled(OfTheTable))["order"].broken
    assert found is not None and [set(one) for one in cells(found)] == [{"unit", "1", "2"}] * 2
    assert found.words.endswith("with it, though it compares no units")


def test_contributions_that_do_not_add_up_break_additivity() -> None:
    one = broken(plan(two("acme.mean"), headings={"acme.mean": Secretive}), "additivity")
    (only,) = cells(one)
    assert one.row == TOTAL and (only["1"], only["2"]) == ("0", "1")
    assert one.words == "the rows below total contribute 0 points together, but it has 0.5"


def test_weights_that_stay_when_a_row_is_left_out_break_not_applicable() -> None:
    one = broken(plan(two("mean", missing="rescale"), headings={"mean": Forgetful}), "not-applicable")
    (only,) = cells(one)
    assert sorted((only["1"], only["2"])) == ["", "1"]
    assert one.words == "row total has 0.5 points; with what is left out or absent they must be 1"


def test_a_mean_that_full_rows_do_not_fill_breaks_reach() -> None:
    one = broken(plan(two("acme.mean"), headings={"acme.mean": Halved}), "reach")
    assert one.row == TOTAL and cells(one)[0] == {"unit": "u1", "1": "10", "2": "10"}
    assert one.words.startswith("row total has 5 points of 10 where the rows below it are full")


def test_a_capped_sum_above_all_that_its_rows_have_breaks_reach() -> None:
    one = broken(two("capped", 30), "reach")
    assert one.row == TOTAL and "20 points of 30" in one.words


def test_a_list_without_a_full_case_breaks_reach() -> None:
    cases = (Case("a", "Tốt", Q(8)), Case("b", "Kém", Q(0)))
    row = leaf("1", 10, rule("choice", input="1", cases=cases))
    inputs = (Input(code="1", name="Mức", kind=InputKind.CHOICE, cases=cases),)
    made = Scheme(id="m/2020-unit", title="m", unit="unit", edition=2020, root=group(TOTAL, 10, row), inputs=inputs)
    one = broken(made, "reach")
    assert one.words == "the most that row 1 Mức can earn is 8 points of 10" and cells(one) == [
        {"unit": "u1", "1": "a"}
    ]


def test_two_rows_that_want_one_figure_different_break_reach() -> None:
    few = leaf("2", 10, rule("value", input="1"), "1", scale=rule("steps-down", table=((Q(3), Q(10)),)))
    many = value("1", 10, scale=rule("each", points=Q(1)))
    found = reports(scheme(group(TOTAL, 20, many, few)))["reach"].broken
    assert found is not None and found.row == TOTAL
    assert found.words == "no unit can have all of total: row 1 and another one that reads 1 want it different"


def test_a_step_that_no_figure_reaches_is_found() -> None:
    table = ((Q(6, 5), Q(10)), (Q(1, 2), Q(5)))
    found = reports(alone(ratio("1", 10, over="refuse", scale=rule("steps", table=table))))
    assert found["steps"].words == "broken: no figure reaches the step 1.2 of row 1, so nobody earns its 10 points"
    assert found["reach"].words == "broken: the most that row 1 can earn is 5 points of 10"


def test_a_floor_above_a_step_hides_it() -> None:
    table = ((Q(9, 10), Q(10)), (Q(3, 10), Q(5)))
    found = reports(alone(ratio("1", 10, floor=Q(1, 2), scale=rule("steps", table=table))))["steps"]
    assert found.words == "broken: the step 0.3 of row 1 lies below its floor 0.5, where all is 0"
    down = rule("steps-down", table=((Q(3, 10), Q(10)), (Q(9, 10), Q(5))))
    held = reports(alone(ratio("1", 10, floor=Q(1, 2), over="refuse", scale=down)))["steps"]
    assert held.outcome == "held" and held.remarks == ("no figure of few decimals is just at the step 0.3 of row 1",)


def test_a_step_beyond_the_bounds_of_its_figure_is_found() -> None:
    steps = rule("steps", table=((Q(12), Q(10)), (Q(2), Q(5))))
    made = alone(value("1", 10, scale=steps))
    (one,) = made.inputs
    found = reports(evolve(made, inputs=(evolve(one, low=Q(0), high=Q(10)),)))["steps"]
    assert found.words == "broken: no figure reaches the step 12 of row 1, so nobody earns its 10 points"


def test_steps_that_begin_above_their_threshold_are_found() -> None:
    one = broken(plan(stepped((4, 10), (2, 5)), {"steps": Above}), "steps")
    assert cells(one) == [{"unit": "u1", "1": "4"}]
    assert one.words == "row 1 measures 4 and has 5 points; its steps give 10"


def test_a_rule_that_fails_is_shown_with_the_table_on_which_it_does() -> None:
    found = reports(scaled(FloatsOnly))["additivity"]
    assert found.broken is not None and "the table cannot be scored: TypeError" in found.words
    assert cells(found.broken) == [{"unit": "u1", "1": "0", "2": "0"}] and found.broken.before is None


def test_a_rule_that_changes_its_mind_is_caught() -> None:
    found = check_laws(scaled(Moody), laws=["bounds", "order", "monotony"])
    assert [one.outcome for one in found].count("broken") >= 2


# --- what holds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "variant"), SHIPPED)
def test_every_shipped_scheme_keeps_the_laws(name: str, variant: str) -> None:
    found = check_laws(name, variant=variant, examples=25)
    assert [one.law for one in found] == [one.name for one in LAWS]
    assert [one.words for one in found if one.outcome == "broken"] == []
    assert all(one.tables for one in found if one.outcome == "held")


def test_a_deduction_turns_every_direction_round() -> None:
    rows = [value("1", 10, scale=rule("each", points=Q(1))), value("2", 5, role="deduct")]
    found = reports(scheme(group(TOTAL, 10, *rows)))
    assert {one.outcome for one in found.values()} == {"held", "not asked"}


def test_less_is_better_where_the_goalposts_say_so() -> None:
    scale = rule("goalposts", start=Q(30), end=Q(5), log=False)
    found = reports(alone(value("1", 10, scale=scale)))
    assert found["monotony"].outcome == found["reach"].outcome == "held"


def test_a_z_score_is_not_asked_for_bounds() -> None:
    made = alone(value("1", 10, scale=rule("z-score", over="all")))
    found = reports(made)
    assert found["bounds"].words == found["reach"].words == "not asked: no row's points have bounds"
    assert found["monotony"].outcome == "held"


def test_what_compares_comparisons_is_not_asked_for_monotony_because_it_has_none() -> None:
    rows = [value(code, scale=rule("z-score", over="all")) for code in "12"]
    made = scheme(group(TOTAL, 1, *rows, combine="mean", scale=rule("min-max", over="all")))
    remarks = reports(made)["monotony"].remarks
    assert len(remarks) == 1 and remarks[0].startswith("not asked of total and what is above")
    others = [{"1": 0, "2": 2}, {"1": 1, "2": 1}]
    lower, higher = (score(made, table({"1": figure, "2": 0}, *others))[0].points[TOTAL] for figure in (3, 4))
    assert (round(lower, 4), round(higher, 4)) == (Q("0.8956"), Q("0.8490"))  # more of the first figure, and less


def test_a_scheme_that_refuses_everything_is_not_asked_what_is_left_out() -> None:
    found = reports(alone(value("1", 10)))["not-applicable"]
    assert found.words == "not asked: the scheme refuses every cell that is missing or not applicable"


def test_a_row_whose_least_is_more_than_nothing_is_told_and_not_held_against_it() -> None:
    made = build_top("max: 9\n1 Số lớp: {max: 9, count: , steps: {4: 9, 0: 5}}\n")
    found = reports(made)["reach"]
    assert found.outcome == "held" and found.remarks == ("row 1 Số lớp earns 5 at the least",)


# --- how it is asked -----------------------------------------------------------------------------------------------


def test_the_same_seed_finds_the_same() -> None:
    one, again, other = (check_laws(scaled(Overshoot), seed=seed) for seed in (7, 7, 8))
    assert one == again
    assert [report.outcome for report in one] == [report.outcome for report in other]


def test_some_laws_can_be_chosen() -> None:
    (one,) = check_laws("hue-1784/2020-district", laws=["bounds"], examples=3)
    assert str(one) == "bounds: held on 3 tables"
    with pytest.raises(UnknownName, match=r"U136 there is no law 'bound' \(did you mean 'bounds'\?\)"):
        check_laws("hue-1784/2020-district", laws=["bound"])
    with pytest.raises(WrongUse, match="U137"):
        check_laws("hue-1784/2020-district", examples=0)


def test_every_law_has_words_in_both_languages() -> None:
    for one in LAWS:
        assert in_language(one.words, "vi") != one.words
        assert (one.look or one.examine).__doc__


def test_a_heading_that_says_that_more_may_be_less_is_not_asked() -> None:
    made = two("acme.mean")
    silent, honest = (reports(plan(made, headings={"acme.mean": one}))["monotony"] for one in (Spread, HonestSpread))
    assert silent.outcome == "broken" and silent.broken is not None and silent.broken.row == TOTAL
    assert honest.outcome == "held" and honest.remarks[0].startswith("not asked of total: the rule there does not say")
