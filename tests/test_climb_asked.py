"""What can be asked of a climb and what cannot, in Python and by the command."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

import made
import pytest
from attrs import evolve
from test_climb import result_of, two

from ictindex import climb, compile_scheme, read_table, score
from ictindex.errors import UnknownName, WrongUse
from ictindex.model import TOTAL, Level, Levels

# --- what cannot be asked --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ({"ranks": 1, "to_rank": 2}, "U230"),
        ({"to_rank": 0}, "U230"),
        ({"to_score": "high"}, "U230"),
        ({"to_score": "nan"}, "U230"),
        ({"to_score": 1000}, "U230"),
        ({"to_level": "I"}, "U232"),
        ({"code": "9"}, "U105"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(goal: dict[str, Any], code: str) -> None:
    result = result_of(two(), {"1": 4, "2": 4}, {"1": 6, "2": 6})
    with pytest.raises((WrongUse, UnknownName)) as caught:
        climb(result, "u0", **goal)
    assert caught.value.problems[0].code == code and caught.value.problems[0].hint


def test_a_level_that_is_not_there_is_told_with_a_near_one() -> None:
    levels = Levels((Level("Tốt", Q(1, 2)), Level("Yếu", Q(0))))
    result = result_of(two(levels=levels), {"1": 4, "2": 4})
    with pytest.raises(UnknownName) as caught:
        climb(result, "u0", to_level="Tốtt")
    assert caught.value.problems[0].code == "U233" and "Tốt" in caught.value.problems[0].hint


def test_a_unit_without_rank_or_score_is_told_so() -> None:
    from ictindex.model import Pool, Pools

    pools = Pools("khối", (Pool("so", "Các sở"), Pool("kh", "Khác", ranked=False)))
    scheme = evolve(two(), pools=pools)
    result = result_of(scheme, {"1": 4, "2": 4}, {"1": 6, "2": 6}, khối=["kh", "so"])
    with pytest.raises(WrongUse) as caught:
        climb(result, "u0")
    assert caught.value.problems[0].code == "U231"
    assert climb(result, "u0", to_score=10).outlook.plan is not None
    covered = made.scheme(made.group(TOTAL, 10, made.group("A", 10, made.assessed("A.1", 10))))
    with pytest.raises(WrongUse) as caught:
        climb(result_of(covered, {"A": 4}, {"A": 6}), "u0", code="A.1")
    assert caught.value.problems[0].code == "U234"


# --- the command -----------------------------------------------------------------------------------------------------

HUYEN = "schemes/dong-thap-1397/2022-district.example.synthetic.csv"


def test_the_command_prints_and_writes(run: Any, tmp_path: Any) -> None:
    scheme = "dong-thap-1397/2022-district"
    told = run("climb", scheme, HUYEN, "huyen-01", "--ranks", "1", "--lang", "en")
    assert told.code == 0 and "What to do" in told.out
    answer = climb(score(compile_scheme(scheme), read_table(HUYEN, scheme=scheme)), "huyen-01", ranks=1)
    assert answer.told("en") in told.out
    path = tmp_path / "climb.csv"
    assert run("climb", scheme, HUYEN, "huyen-01", "-o", str(path)).code == 0
    assert path.read_text("utf-8").count("\n") > len(answer.moves)
    both = run("climb", scheme, HUYEN, "huyen-01", "--previous", HUYEN, "--to-rank", "1", "--lang", "en")
    assert both.code == 0 and "If rivals move as they did last year" in both.out


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--previous-scheme", "dti-922/2022-province"], "U237"),
        (["--efforts", "-", "--previous", "-"], "U115"),
        (["--ranks", "x"], "x"),
        (["--ranks", "1", "--to-rank", "2"], "--ranks"),
        (["--to-rank", "0"], "U230"),
    ],
)
def test_wrong_use_is_told(run: Any, more: list[str], words: str) -> None:
    told = run("climb", "dong-thap-1397/2022-district", HUYEN, "huyen-01", *more, "--lang", "en")
    assert told.code == 2 and words in told.err


def test_an_output_over_an_input_is_refused(run: Any, tmp_path: Any) -> None:
    efforts = tmp_path / "efforts.csv"
    efforts.write_text("code,effort\n3,5\n", "utf-8")
    told = run(
        "climb", "dong-thap-1397/2022-district", HUYEN, "huyen-01", "--efforts", str(efforts), "-o", str(efforts)
    )
    assert told.code == 2 and efforts.read_text("utf-8").startswith("code")
