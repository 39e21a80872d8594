"""Commands and functions that answer questions, given what cannot be meant: a problem and an exit code, at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made import assessed, group, leaf, rule, scheme

from ictindex import compare, explain, questions, read_table, score, table_from_columns
from ictindex.cli import FINE, PROBLEMS, WRONG_USE
from ictindex.compiling import compile_scheme
from ictindex.engine import run as run_plan
from ictindex.errors import UnknownName, WrongUse
from ictindex.model import TOTAL, RankRule
from ictindex.plugins import vocabulary
from ictindex.result import Result

TOP = Path(__file__).parent.parent
DTI = ("dti-922/2022-province", TOP / "schemes" / "dti-922" / "2022-province.example.csv")


@pytest.mark.parametrize(
    "score", ["1e999999999", "-1e999999999", "0e999999999", "1e-999999999", "9" * 5000, "sNaN", ""]
)
def test_a_score_far_beyond_every_score_is_none(run: Any, score: str) -> None:
    found = run("climb", *DTI, "hcm", f"--to-score={score}")
    assert found.code == WRONG_USE and "U230" in found.err and len(found.err) < 300


@pytest.mark.parametrize("percent", ["1e-300", "1e-152", "0"])
def test_weights_that_move_by_nothing_are_not_varied(run: Any, percent: str) -> None:
    found = run("robustness", *DTI, "--draws", "5", "--weights", percent, "--format", "json")
    assert found.code == FINE and json.loads(found.out)["varied"] == []


@pytest.fixture(scope="module")
def result() -> Result:
    return score(DTI[0], read_table(DTI[1], scheme=DTI[0]))


def test_codes_and_units_are_said_as_texts_or_numbers(result: Result) -> None:
    nothing: Any = None
    number: Any = 9
    assert questions.headroom(result, "hcm", code=nothing) == questions.headroom(result, "hcm")
    assert explain(result, "hcm", code=number) == explain(result, "hcm", code="9")
    assert questions.whatif(result, [("hcm", number, 0.5)], sets="quang-ninh:9=0.5").changes[0].code == "9"
    assert compare(result, result, units="hcm") == compare(result, result, units=["hcm"])
    with pytest.raises(UnknownName, match="U104"):
        questions.headroom(result, number)


@pytest.mark.parametrize("changes", [{"hcm": {"9": 1}}, {("hcm", "9"): 1}, ["hcm"], [("hcm", "9")], ["abc"], [7]])
def test_changes_that_are_no_triples(result: Result, changes: Any) -> None:
    with pytest.raises(WrongUse, match="U219"):
        questions.whatif(result, changes)


@pytest.mark.parametrize(
    ("code", "ask"),
    [
        ("U275", lambda result: questions.uncertainty(result, draws="many")),  # type: ignore[arg-type]
        ("U275", lambda result: questions.uncertainty(result, draws=True)),
        ("U275", lambda result: questions.uncertainty(result, seed=1.5)),  # type: ignore[arg-type]
        ("U270", lambda _: questions.assumptions(weights="20")),  # type: ignore[arg-type]
        ("U271", lambda _: questions.assumptions(concentration="100")),  # type: ignore[arg-type]
        ("U230", lambda result: questions.climb(result, "hcm", ranks="1")),  # type: ignore[arg-type]
        ("U230", lambda result: questions.climb(result, "hcm", to_rank=1.5)),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_number(result: Result, code: str, ask: Any) -> None:
    with pytest.raises(WrongUse, match=code):
        ask(result)


def test_a_round_of_another_table_is_searched_for_few_hints(run: Any, tmp_path: Path, monkeypatch: Any) -> None:
    searched: list[str] = []

    def searching(word: str, _: Any) -> str:
        searched.append(word)
        return ""

    monkeypatch.setattr("ictindex.rounds.reading.did_you_mean", searching)
    lines = [f"u{at},c{at},verified,3,Tổ,2026-01-15,r{at}" for at in range(300)]
    path = tmp_path / "round.csv"
    path.write_text("\n".join(["unit,code,stage,value,by,when,reason", *lines]), "utf-8")
    found = run("pending", *DTI, "--round", path)
    assert found.code == PROBLEMS and "T155" in found.err and "T157" in found.err and "T160" in found.err
    assert 0 < len(searched) <= 60


@pytest.mark.parametrize("reference", [True, False])
def test_a_row_that_given_scores_cover_teaches_nothing(*, reference: bool) -> None:
    best = {"scale": rule("of-best", over="pool"), "missing": "zero"}
    part = group("2", 4, leaf("2.1", 4, rule("value", input="2.1"), **best))
    made = scheme(group(TOTAL, 10, assessed("1", 6), part, rank=RankRule(then=("2.1",))))
    table = table_from_columns(made, {"unit": ["a", "b"], "1": [3, 5], "2.1": [1, 2], "2.score": [1, 1]})
    plan = compile_scheme(made, vocabulary())
    result = run_plan(plan, table, reference=run_plan(plan, table) if reference else None)
    answer = questions.uncertainty(
        result, draws=20, effect_draws=0, assumptions=questions.assumptions(weights=0, noise=0.1)
    )
    assert [(one.unit, one.rank) for one in answer.units] == [("b", 1), ("a", 2)]
