"""The command line: every command and option, what it prints where, and its exit code."""

from __future__ import annotations

import io
import json
import shlex
import sys
import unicodedata
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ictindex.cli import FINE, MOST, PROBLEMS, WRONG_USE

HERE = Path(__file__).parent.parent
DTI = "dti-922/2022-province"
HUE = "hue-1784/2020-district"
ICT = "ict-index/2017-province"
FIVE = str(HERE / "schemes" / f"{DTI}.example.csv")
RIGHT = str(HERE / "tests" / "broken" / "right.yaml")
CASES = str(HERE / "schemes" / f"{DTI}.cases.yaml")
NINE = str(HERE / "schemes" / f"{HUE}.example.csv")
MADE_UP = str(HERE / "schemes" / f"{ICT}.example.synthetic.csv")
COMMANDS = (
    "list",
    "show",
    "diff",
    "score",
    "round",
    "pending",
    "explain",
    "headroom",
    "whatif",
    "climb",
    "compare",
    "statistics",
    "robustness",
    "verify",
    "form",
    "table",
    "check",
    "schema",
    "test",
    "new",
    "regroup",
)


def test_every_command_has_help_with_an_example(run: Any) -> None:
    top = run("--help")
    assert top.code == FINE
    for command in COMMANDS:
        assert f"    {command}" in top.out
        told = run(command, "--help")
        assert told.code == FINE and f"example: ictindex {command}" in " ".join(told.out.split())


def test_the_examples_in_the_help_are_right_use(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("provinces.csv", "last-year.csv"):
        Path(name).write_bytes(Path(FIVE).read_bytes())
    Path("my-scheme.yaml").write_bytes((HERE / "schemes" / f"{DTI}.yaml").read_bytes())
    units = [line.split(",")[0] for line in Path(FIVE).read_text("utf-8").splitlines() if not line.startswith("#")]
    Path("crosswalk.csv").write_text("old,new\n" + "".join(f"{unit},{unit}\n" for unit in units[1:]), "utf-8")
    for command in COMMANDS:
        example = " ".join(run(command, "--help").out.split()).split("example: ictindex ")[1]
        assert run(*shlex.split(example)).code == FINE
    assert Path("result.csv").exists() and Path("scheme.schema.json").exists()


def test_the_version(run: Any) -> None:
    assert run("--version").out.startswith("ictindex ")


def test_list(run: Any) -> None:
    told = run("list")
    lines = told.out.splitlines()
    assert told.code == FINE and lines[0].split() == ["scheme", "unit", "cited", "derived", "assumed", "title"]
    assert [line.split()[0] for line in lines[1:]] == sorted(line.split()[0] for line in lines[1:])
    plain = json.loads(run("list", "--format", "json").out)
    (one,) = (scheme for scheme in plain if scheme["id"] == DTI)
    assert one["unit"] == "province" and one["package"] == "ictindex" and one["cited"] > 0


def test_show(run: Any, tmp_path: Path) -> None:
    told = run("show", DTI)
    assert told.code == FINE and "1 Nhận thức số  (max 100)" in told.out and "PROVISIONAL" in told.out
    assert "(1) assumed: nguồn không nói" in told.out
    assert "columns of a table:" in told.out and "  1     Nhận thức số: an index, 0 to 1" in told.out
    assert run("show", DTI, "-o", tmp_path / "a.txt").out == ""
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == told.out


def test_show_two_totals_and_a_variant(run: Any) -> None:
    assert "each row below is a total of its own" in run("show", HUE).out
    assert "variant z-score" in run("show", ICT, "--variant", "z-score").out


def test_show_expanded_is_a_scheme_that_scores_the_same(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "rộng ra.yaml"
    assert run("show", DTI, "--expanded", "-o", path).code == FINE
    assert path.read_text(encoding="utf-8") == run("show", DTI, "--expanded").out
    before, after = (run("score", one, FIVE, "--format", "csv").out.splitlines()[5:] for one in (DTI, path))
    assert before == after and len(before) == 6


def test_score_prints_the_ranking(run: Any) -> None:
    told = run("score", DTI, FIVE)
    assert told.code == FINE and told.err == ""
    assert "\n   1  da-nang         TP. Đà Nẵng       0.8002\n" in told.out
    assert "! provisional: 5 numbers" in told.out and "! tạm thời" in told.out
    assert run("score", DTI, FIVE, "--format", "table").out == told.out


@pytest.mark.parametrize(("name", "start"), [("x.csv", '"# t'), ("x.CSV", '"# t'), ("x.json", "{"), ("x.txt", DTI)])
def test_the_ending_of_the_output_names_its_format(run: Any, tmp_path: Path, name: str, start: str) -> None:
    told = run("score", DTI, FIVE, "-o", tmp_path / name)
    assert (told.code, told.out, told.err) == (FINE, "", "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_a_format_that_is_named_comes_before_the_ending(run: Any, tmp_path: Path) -> None:
    assert run("score", DTI, FIVE, "--format", "json", "-o", tmp_path / "x.csv").code == FINE
    assert json.loads((tmp_path / "x.csv").read_text(encoding="utf-8"))["provisional"] is True
    assert run("score", DTI, FIVE, "-o", tmp_path / "without-ending").code == FINE
    assert (tmp_path / "without-ending").read_text(encoding="utf-8") == run("score", DTI, FIVE).out


@pytest.mark.parametrize(("scheme", "table"), [(DTI, FIVE), (HUE, NINE), (ICT, MADE_UP)])
def test_the_json_has_its_published_shape(run: Any, scheme: str, table: str) -> None:
    data = json.loads(run("score", scheme, table, "--format", "json").out)
    shape = json.loads((HERE / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(shape).validate(data)
    assert data["scheme"]["id"] == scheme and len(data["units"]) >= 5
    assert ("totals" in data["units"][0]) is (scheme == HUE)


def test_a_variant_is_scored(run: Any) -> None:
    plain, other = (run("score", ICT, MADE_UP, *more) for more in ((), ("--variant", "z-score")))
    assert plain.code == other.code == FINE and plain.out != other.out


def test_a_result_can_be_scored_as_others_were(run: Any, tmp_path: Path) -> None:
    lines = [line for line in Path(MADE_UP).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    few = tmp_path / "few.csv"
    few.write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")

    def scores(*arguments: str | Path) -> dict[str, str]:
        units = json.loads(run("score", ICT, *arguments, "--format", "json").out)["units"]
        return {unit["unit"]: unit["published"] for unit in units}

    everyone, again = scores(MADE_UP), scores(few, "--reference", MADE_UP)
    assert again == {unit: everyone[unit] for unit in again} != scores(few)


def test_standard_input_and_output(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(FIVE).read_bytes()), encoding="ascii"))
    told = run("score", DTI, "-", "-o", "-")
    assert told.code == FINE and told.out == run("score", DTI, FIVE).out


def test_standard_input_that_is_closed_or_wanted_twice(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = run("score", DTI, "-", "--reference", "-")
    assert told.code == WRONG_USE and "U115 both tables are standard input" in told.err
    monkeypatch.setattr(sys, "stdin", None)
    told = run("score", DTI, "-")
    assert told.code == PROBLEMS and "T001 standard input is closed" in told.err


def test_explain(run: Any, tmp_path: Path) -> None:
    told = run("explain", DTI, FIVE, "quang-ninh")
    assert told.code == FINE and "702.445 of 1000, published 0.7024, rank 3" in told.out
    assert "0.9581 × 100 = 95.81" in told.out and "└─ 9 " in told.out
    by_name = run("explain", DTI, FIVE, unicodedata.normalize("NFD", "  Quảng Ninh "))
    assert by_name.out == told.out
    one = run("explain", DTI, FIVE, "quang-ninh", "2")
    assert "2 Thể chế số: 90 of 100" in one.out.splitlines()
    assert "https://dti.gov.vn/xep-hang-2022" in one.out  # the notes of the table
    assert run("explain", DTI, FIVE, "quang-ninh", "2", "-o", tmp_path / "a.txt").out == ""
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == one.out


def test_explain_as_json(run: Any) -> None:
    data = json.loads(run("explain", DTI, FIVE, "quang-ninh", "--format", "json").out)
    parts = data["root"]["children"]
    assert data["unit"] == "quang-ninh" and data["root"]["verdict"]["rank"] == 3
    assert sum(part["contribution"] for part in parts) == pytest.approx(data["root"]["points"], abs=1e-9)


def test_check(run: Any, tmp_path: Path) -> None:
    told = run("check", RIGHT, CASES)
    assert (told.code, told.out, told.err) == (FINE, f"{RIGHT}: no problem\n{CASES}: no problem\n", "")
    told = run("check", DTI)
    assert told.code == FINE and told.out.endswith(f"{DTI}: 0 errors, 0 warnings, 2 pieces of advice\n")
    path = tmp_path / "a.yaml"
    path.write_text("scheme: a/2024-b\ntitel: A\n", encoding="utf-8")
    told = run("check", path, RIGHT)
    assert told.code == PROBLEMS and f"{path}:2:1: S101 the key 'titel' is unknown (did you mean 'title'?)" in told.out
    assert f"{path}: " in told.out and told.out.endswith(f"{RIGHT}: no problem\n") and told.err == ""


def test_check_looks_at_every_file_though_one_is_unknown(run: Any) -> None:
    told = run("check", "dti-922/2022-provnce", RIGHT)
    assert told.code == WRONG_USE and f"did you mean '{DTI}'?" in told.err and told.out == f"{RIGHT}: no problem\n"


def test_a_warning_stops_nothing(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(Path(RIGHT).read_text(encoding="utf-8").replace("\nen: ", "\nen: off\n# ", 1), encoding="utf-8")
    told = run("check", path)
    assert told.code == FINE and "warning S020" in told.out and told.out.endswith("0 errors, 1 warning\n")


def test_many_problems_are_counted(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    unknown = "".join(f"zz{one}: 1\n" for one in range(MOST + 7))
    path.write_text(Path(RIGHT).read_text(encoding="utf-8") + unknown, encoding="utf-8")
    told = run("check", path)
    assert told.code == PROBLEMS and "and 7 more problems; mend these first\n" in told.out
    assert told.out.endswith(f"{MOST + 7} errors, 0 warnings\n")


def test_schema(run: Any, tmp_path: Path) -> None:
    data = json.loads(run("schema").out)
    jsonschema.Draft202012Validator.check_schema(data)
    assert run("schema", "-o", tmp_path / "s.json").out == ""
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == data


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "COMMAND"),
        (["scor"], "did you mean 'score'?"),
        (["score", DTI], "TABLE"),
        (["list", "--format", "jsn"], "did you mean 'json'?"),
        (["score", DTI, FIVE, "--fromat", "csv"], "--fromat"),
        (
            ["score", "dti-922/2022-provnce", FIVE],
            f"U111 there is no scheme 'dti-922/2022-provnce' (did you mean '{DTI}",
        ),
        (["score", ICT, MADE_UP, "--variant", "zscore"], "U110 the scheme has no variant 'zscore' (did you mean 'z-sc"),
        (["show", DTI, "--variant", "x"], "(known: none)"),
        (["score", DTI, FIVE, "--format", "cvs"], "U101 there is no format 'cvs' (did you mean 'csv'?)"),
        (["score", DTI, "nowhere.csv", "-o", "x.pdf"], "U107 no format is known for files that end with '.pdf'"),
        (["explain", DTI, FIVE, "quangninh"], "U104 the table has no unit 'quangninh' (did you mean 'quang-ninh'?)"),
        (["explain", DTI, FIVE, "quang-ninh", "77"], f"U105 {DTI} has no row '77' (did you mean '7'?)"),
    ],
)
def test_wrong_use_ends_with_2(run: Any, arguments: list[str], expected: str) -> None:
    told = run(*arguments)
    assert told.code == WRONG_USE and told.out == "" and expected in told.err
    assert "input:" not in told.err


@pytest.mark.parametrize("command", [("score", DTI, FIVE), ("show", DTI), ("schema",), ("explain", DTI, FIVE, "hcm")])
def test_an_output_that_cannot_be_written(run: Any, tmp_path: Path, command: tuple[str, ...]) -> None:
    told = run(*command, "-o", tmp_path / "không có" / "x.csv")
    assert told.code == WRONG_USE and f"U108 there is no folder '{tmp_path / 'không có'}'" in told.err
    folder = tmp_path / "f.csv"
    folder.mkdir()
    told = run(*command, "-o", folder)
    assert told.code == WRONG_USE and "U108 this is a folder, not a file" in told.err
    told = run(*command, "-o", str(tmp_path / ("x" * 300 + ".csv")))
    assert told.code == WRONG_USE and "U108 the file cannot be written" in told.err


@pytest.mark.parametrize("command", [("score",), ("explain", "hcm")])
def test_the_table_is_never_overwritten(run: Any, tmp_path: Path, command: tuple[str, ...]) -> None:
    table = tmp_path / "provinces.csv"
    table.write_bytes(Path(FIVE).read_bytes())
    told = run(command[0], DTI, table, *command[1:], "-o", tmp_path / "." / "provinces.csv")
    assert told.code == WRONG_USE and "U115" in told.err and table.read_bytes() == Path(FIVE).read_bytes()


def test_names_cannot_command_the_terminal(run: Any, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    names = ("\x1b[31mđỏ\x1b[0m", "\x9b2J", "\u202egnod", "\x07")
    lines = [f"{unit},{unit},{0.9 - number / 10:.1f}" for number, unit in enumerate(names)]
    table.write_text("\n".join(["# \x1b]0;x\x07", "unit,name,total", *lines]), encoding="utf-8")
    for more in ((), ("--format", "csv"), ("--format", "json")):
        told = run("score", DTI, table, *more)
        assert told.code == FINE and "\\u001b[31m" in told.out
        assert not any(sign in told.out for sign in "\x1b\x9b\u202e\x07")
    told = run("explain", DTI, table, "\x1b[31m")
    assert told.code == WRONG_USE and "\x1b" not in told.err
    assert [unit["unit"] for unit in json.loads(run("score", DTI, table, "--format", "json").out)["units"]] == list(
        names
    )


def test_the_declared_score_stands_beside_the_verified_one(run: Any, tmp_path: Path) -> None:
    made, table = tmp_path / "made.yaml", tmp_path / "made.csv"
    text = "scheme: a/2020-unit\ntitle: Bộ thử\nunit: unit\nedition: 2020\nsources: {q Quyết định: }\nmax: 10\n"
    made.write_text(f"{text}self-scored: true\n1 Ứng dụng: {{max: 10, assessed: }}\n", encoding="utf-8")
    table.write_text("unit,1,1.self\nan,8,10\n", encoding="utf-8")
    told = run("score", made, table)
    ranking, *_, heading, changed, _, _ = [line.split() for line in told.out.splitlines()[5:]]
    assert ranking == ["1", "an", "an", "8.00", "10.00"]
    assert heading == ["unit", "name", "declared", "score", "difference", "changed", "why"]
    assert changed == ["an", "an", "10.00", "8.00", "-2.00", "1", "-2.00"]
    assert "score,rank,score.self" in run("score", made, table, "--format", "csv").out
    data = json.loads(run("score", made, table, "--format", "json").out)
    shape = json.loads((HERE / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(shape).validate(data)
    assert data["units"][0]["published"] == "8.00" and data["units"][0]["declared"] == "10.00"
