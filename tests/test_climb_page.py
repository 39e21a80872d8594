"""The page of an answer about climbing, and plans that just meet their goal."""

from __future__ import annotations

from fractions import Fraction as Q

from ictindex import climb, compile_scheme, read_table, score
from ictindex.analysis.climbing.answer import Climb


def asked(scheme: str, unit: str, ending: str = "example", **goal: object) -> Climb:
    plan = compile_scheme(scheme)
    result = score(plan, read_table(f"schemes/{scheme}.{ending}.csv", scheme=plan))
    return climb(result, unit, **goal)  # type: ignore[arg-type]


def test_a_plan_is_brought_down_to_what_just_meets_the_goal() -> None:
    answer = asked("hue-1784/2020-district", "tp-hue", to_level="I")
    assert answer.outlook.plan is not None and "43.2 " in answer.outlook.plan.moves[0].words
    assert answer.outlook.plan.after.score == "45.00" and answer.effort == Q("0.114")
    assert "Among the steps tried, none takes less effort." in answer.told()
    assert [one.enough for one in answer.moves if one.planned] == [True]


def test_a_single_move_that_takes_less_than_the_plan_is_the_plan() -> None:
    answer = asked("dti-922/2022-province", "quang-ninh", ranks=1)
    assert answer.outlook.plan is not None and [one.code for one in answer.outlook.plan.moves] == ["7"]
    assert answer.outlook.plan.after.rank == 2
    assert answer.effort == min(one.effort for one in answer.outlook.single)
