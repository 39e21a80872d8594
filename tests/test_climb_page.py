"""The page of an answer about climbing, and plans that just meet their goal."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

import pytest

from ictindex import climb, compile_scheme, read_table, score
from ictindex.analysis.climbing.answer import Climb
from ictindex.errors import WrongUse


def asked(scheme: str, unit: str, ending: str = "example", **goal: Any) -> Climb:
    plan = compile_scheme(scheme)
    result = score(plan, read_table(f"schemes/{scheme}.{ending}.csv", scheme=plan))
    return climb(result, unit, **goal)


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


def test_the_page_opens_with_the_shortfall_and_says_what_effort_means_below_the_plan() -> None:
    answer = asked("dong-thap-1397/2022-district", "huyen-01", "example.synthetic", ranks=2)
    told = " ".join(answer.told().split())
    assert answer.outlook.short == "8.00"
    for before, after in (
        ("8.00 more points are needed for rank 1.", "One move is enough, with an effort of 0.9."),
        ("One move is enough", "This is for the next assessment: what is settled this year cannot change."),
        ("Among the steps tried", "Nobody told the effort of 10 criteria"),
        ("Nobody told the effort", "The next moves"),
    ):
        assert 0 <= told.index(before) < told.index(after)
    assert "Scored by an assessor, no concrete step is known: 1.4 (2 points left), 2 (3)," in told


def test_level_and_score_goals_say_how_much_is_short() -> None:
    assert asked("hue-1784/2020-district", "tp-hue", to_level="I").outlook.short == "0.59"
    assert asked("hue-1784/2020-district", "tp-hue", to_score=45).outlook.short == "0.59"
    there = asked("hue-1784/2020-district", "tp-hue", to_level="II")
    assert there.outlook.there and there.outlook.short is None and "next moves" not in there.told()


def test_efforts_and_equal_reasons_are_told_shortly() -> None:
    from ictindex.analysis.climbing.resting import effort_text, together

    assert [effort_text(Q(one)) for one in ("1", "0.96", "12.34", "0.057", "0.001")] == [
        "1",
        "1",
        "12.3",
        "0.06",
        "0.01",
    ]
    assert together([("1", "all"), ("2", "none"), ("3", "all")]) == ("1, 3: all", "2: none")


def test_the_first_is_told_so_and_a_rank_that_there_is_not_is_refused() -> None:
    first = asked("hue-1784/2020-district", "nam-dong")
    assert first.now.rank == 1 and "already first" in first.told().splitlines()[0]
    for goal, words in (({"to_rank": 20}, "the number of ranked units is 9"), ({"ranks": 20}, "at most 7 places")):
        with pytest.raises(WrongUse) as caught:
            asked("hue-1784/2020-district", "tp-hue", **goal)
        assert caught.value.problems[0].code == "U235" and words in caught.value.problems[0].message


def test_a_level_needs_neither_case_nor_accents() -> None:
    assert asked("hue-1784/2020-district", "tp-hue", to_level="i").aim.level == "I"
    assert asked("dak-lak-366/2018-district", "huyen-11", "example.synthetic", to_level="tot").aim.level == "Tốt"


def test_only_listed_criteria_are_moved(tmp_path: Any, run: Any) -> None:
    efforts = tmp_path / "efforts.csv"
    efforts.write_text("code,effort\n7,5\n", "utf-8")
    table = "schemes/dong-thap-1397/2022-district.example.synthetic.csv"
    asks = ("climb", "dong-thap-1397/2022-district", table, "huyen-01", "--only-listed")
    told = run(*asks, "--efforts", str(efforts), "--format", "csv", "--lang", "en")
    assert told.code == 0 and {line.split(",")[0] for line in told.out.split("\ncode,")[1].splitlines()[1:]} == {"7"}
    assert run(*asks, "--lang", "en").code == 2


def test_ten_next_moves_are_told_and_the_rest_with_all(run: Any) -> None:
    table = "schemes/dak-lak-366/2018-district.example.synthetic.csv"
    asks = ("climb", "dak-lak-366/2018-district", table, "huyen-11", "--lang", "en")
    short, whole = run(*asks), run(*asks, "--all")
    assert short.code == whole.code == 0
    assert "more with --all." in short.out and "more with --all." not in whole.out
    assert len(short.out) < len(whole.out)
