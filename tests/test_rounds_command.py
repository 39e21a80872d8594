"""`ictindex round`, and the options of `score` and `explain` that ask for a track."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from ictindex import read_table
from ictindex.cli import FINE, PROBLEMS, WRONG_USE
from ictindex.yearly import read_round

TOP = Path(__file__).parent.parent
SCHEME = "dong-thap-1397/2022-district"
DECLARED = TOP / "schemes" / f"{SCHEME}.example.synthetic.csv"
LINES = TOP / "docs" / "rounds" / "2022-district.synthetic.csv"
USUAL = (SCHEME, DECLARED, "--round", LINES)


def test_the_state_of_all_units_and_of_one(run: Any) -> None:
    told = run("round", *USUAL)
    assert told.code == FINE
    assert told.out.splitlines()[-1].split() == ["all", "156", "7", "4", "1", "3", "1", "3", "149"]
    one = run("round", *USUAL, "--unit", "huyen-08", "--lang", "vi")
    assert "hai văn bản đó gửi cho sở" in one.out and "huyen-01" not in one.out


def test_the_state_as_data(run: Any, tmp_path: Path) -> None:
    data = json.loads(run("round", *USUAL, "--format", "json").out)
    assert data["whole"]["changed"] == 4 and len(data["units"]) == 12 and "claims" not in data
    assert run("round", *USUAL, "--unit", "huyen-08", "-o", tmp_path / "one.json").code == FINE
    (claim,) = json.loads((tmp_path / "one.json").read_text("utf-8"))["claims"]
    assert [one["stage"] for one in claim["history"]] == ["declared", "verified", "appealed"]


def test_the_table_of_a_track_can_be_written_and_read_again(run: Any, tmp_path: Path) -> None:
    assert run("round", *USUAL, "--track", "final", "-o", tmp_path / "final.csv").code == FINE
    again, found = (
        read_table(tmp_path / "final.csv", scheme=SCHEME),
        read_round(LINES, scheme=SCHEME, declared=DECLARED),
    )
    assert dict(again.columns) == dict(found.table("final").columns)
    assert again.evidence["1.1"].tolist() == found.table("final").evidence["1.1"].tolist()
    assert "149 figures not verified, as declared" in again.notes[-1]


def test_the_reasons_of_a_scheme(run: Any) -> None:
    assert (
        "thieu" in run("round", SCHEME, "--reasons").out and "evidence missing" in run("round", SCHEME, "--reasons").out
    )
    told = json.loads(run("round", SCHEME, "--reasons", "--format", "json", "--lang", "vi").out)
    assert told[0] == {"code": "thieu", "words": "thiếu tài liệu kiểm chứng"}


def test_a_round_may_stand_alone_as_json_lines_or_come_through_a_pipe(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = read_table(DECLARED, scheme=SCHEME)
    events = [
        {"unit": unit, "code": code, "stage": "declared", "value": float(column.values[at])}
        for code, column in table.columns.items()
        for at, unit in enumerate(table.units)
        if code != "1.1" and not code.startswith("1.2")
    ]
    events += [
        {"unit": unit, "code": code, "stage": "declared", "value": text, "title": "Quyết định (giả định)"}
        for unit in table.units
        for code, text in (("1.1", "a"), ("1.2.a", True), ("1.2.b", False))
    ]
    text = "\n".join(json.dumps(one) for one in events)
    (tmp_path / "round.jsonl").write_text(text, "utf-8")
    told = run("score", SCHEME, tmp_path / "round.jsonl", "--track", "declared")
    assert told.code == FINE and "track declared" in told.out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert run("score", SCHEME, "-", "--track", "declared").out == told.out


def test_scores_of_a_track_beside_the_declared_ones_or_alone(run: Any) -> None:
    both = run("score", *USUAL, "--track", "verified").out
    assert "scores that differ from what was declared:" in both and "track verified" in both
    alone = run("score", *USUAL, "--track", "verified", "--alone").out
    assert "declared" not in alone.split("\n\n")[1] and "differ" not in alone
    assert run("score", *USUAL).out == run("score", *USUAL, "--track", "final").out
    assert "no-evidence" not in run("score", *USUAL, "--without-evidence", "flag").out.split("huyen-01")[1]
    data = json.loads(run("score", *USUAL, "--format", "json").out)
    assert data["receipt"]["options"]["track"] == "final"
    assert (data["units"][0]["published"], data["units"][0]["declared"]) == ("328.64", "336.50")


def test_declared_figures_that_cannot_be_scored_do_not_hide_that_the_track_can(run: Any, tmp_path: Path) -> None:
    text = DECLARED.read_text("utf-8")
    assert text.count(",13.5,39,33,28,") == 1  # the figures of huyen-12
    text = text.replace(",13.5,39,33,28,", ",13.5,,33,28,")
    (tmp_path / "declared.csv").write_text(text, "utf-8")
    (tmp_path / "round.csv").write_text(
        "unit,code,stage,value,when,by,reason\nhuyen-12,3,verified,39,2026-01-15,Tổ,bo-sung\n", "utf-8"
    )
    asked = ("score", SCHEME, tmp_path / "declared.csv", "--round", tmp_path / "round.csv", "--track", "verified")
    told = run(*asked)
    assert told.code == PROBLEMS and "[3.self]" in told.err and "--alone" in told.err.splitlines()[-1]
    assert run(*asked, "--alone").code == FINE


def test_explain_explains_the_figures_of_the_track(run: Any) -> None:
    assert "5 of 7" in run("explain", SCHEME, DECLARED, "huyen-01", "1.3", "--round", LINES).out
    assert "7 of 7" in run("explain", SCHEME, DECLARED, "huyen-01", "1.3", "--round", LINES, "--track", "declared").out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("score", SCHEME, DECLARED, "--unverified", "missing"), WRONG_USE, "U191 --unverified is about a round"),
        (("score", SCHEME, DECLARED, "--alone"), WRONG_USE, "U191 --alone is about a round"),
        (("score", SCHEME, DECLARED, "--track", "final"), PROBLEMS, "T150 this is no round"),
        (("score", SCHEME, "-", "--round", "-"), WRONG_USE, "U115"),
        (("score", *USUAL, "--unverified", "refuse"), PROBLEMS, "T171 huyen-01: nobody verified 1.2.a"),
        (("score", *USUAL, "-o", LINES), WRONG_USE, "U115"),
        (("round", SCHEME), WRONG_USE, "U193 no table is named"),
        (("round", *USUAL, "--unit", "huyen-99"), WRONG_USE, "U190 the round has no unit 'huyen-99' (did you mean"),
        (("round", *USUAL, "--track", "final", "--unit", "huyen-01"), WRONG_USE, "U192"),
        (("round", *USUAL, "--track", "last"), WRONG_USE, "invalid choice"),
        (("round", SCHEME, DECLARED, "--round", "nowhere.csv"), PROBLEMS, "nowhere.csv: T001"),
    ],
)
def test_what_cannot_be_meant_is_told(run: Any, arguments: Any, code: int, words: str) -> None:
    told = run(*arguments)
    assert told.code == code and words in told.err and not told.out


def test_closed_standard_input_is_told(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    told = run("score", SCHEME, "-", "--track", "final")
    assert told.code == PROBLEMS and "standard input is closed" in told.err
