"""`ictindex check`: its formats, how strict it is, the folders that it looks into."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ictindex import authoring
from ictindex.cli import FINE, PROBLEMS, WRONG_USE, main
from ictindex.cli.printing import gravest
from ictindex.errors import Location, Problem, Severity, UnknownName
from ictindex.messages import say

ERROR, WARNING, ADVICE = Severity


def problem(severity: Severity, line: int = 1, message: str = "m", hint: str = "") -> Problem:
    return Problem("S230", message, Location("a.yaml", line, 3), hint, severity)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs `check` where each file has the problems that are stated for its name."""

    def call(*arguments: str | Path, **found: list[Problem]) -> tuple[int, str, str]:
        def check_scheme(file: str) -> list[Problem]:
            if Path(file).stem not in found:
                raise UnknownName(Problem("U111", f"there is no scheme '{file}'"))
            return found[Path(file).stem]

        monkeypatch.setattr(authoring, "check_scheme", check_scheme)
        code = main(["check", *map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.mark.parametrize(
    ("severities", "counts", "code", "strict"),
    [
        ([], "no problem", FINE, FINE),
        ([ADVICE], "0 errors, 0 warnings, 1 piece of advice", FINE, FINE),
        ([WARNING], "0 errors, 1 warning", FINE, PROBLEMS),
        ([ERROR], "1 error, 0 warnings", PROBLEMS, PROBLEMS),
        (
            [ADVICE, ERROR, WARNING, ADVICE, ERROR, WARNING, ADVICE],
            "2 errors, 2 warnings, 3 pieces of advice",
            PROBLEMS,
            PROBLEMS,
        ),
    ],
)
def test_the_counts_and_the_exit_code(
    check: Any, severities: list[Severity], counts: str, code: int, strict: int
) -> None:
    problems = [problem(severity, line) for line, severity in enumerate(severities, 1)]
    for form in ("text", "github"):
        told = check("a.yaml", "--format", form, a=problems)
        assert told[0] == code and told[1].splitlines()[-1] == f"a.yaml: {counts}" and told[2] == ""
        assert len(told[1].splitlines()) == len(problems) + 1
    assert check("a.yaml", "--strict", a=problems)[0] == strict
    assert check("a.yaml", "--strict", "--format", "json", a=problems)[0] == strict


def test_the_worst_file_decides_and_an_unknown_name_is_worst(check: Any) -> None:
    bad, fine = [problem(ERROR)], [problem(ADVICE)]
    assert check("a.yaml", "b.yaml", "a.yaml", a=fine, b=bad)[0] == PROBLEMS
    code, out, err = check("a.yaml", "c.yaml", "b.yaml", a=fine, b=bad)
    assert code == WRONG_USE and err == "U111 there is no scheme 'c.yaml'\n"
    assert [line.split(": ")[0] for line in out.splitlines() if ": 0 " in line or ": 1 " in line] == [
        "a.yaml",
        "b.yaml",
    ]


def test_the_text_is_in_the_order_of_the_file(check: Any) -> None:
    told = check("a.yaml", a=[problem(ADVICE, 1, "late"), problem(ERROR, 2, "no", "so"), problem(WARNING, 9, "hm")])
    assert told[1].splitlines()[:3] == [
        "a.yaml:1:3: advice S230 late",
        "a.yaml:2:3: S230 no (so)",
        "a.yaml:9:3: warning S230 hm",
    ]


def test_at_most_so_many_are_printed_and_the_gravest_stay(check: Any) -> None:
    problems = [problem(ADVICE, 1), problem(WARNING, 2), problem(ADVICE, 3), problem(ERROR, 4), problem(ERROR, 5)]
    assert [one.where.line for one in gravest(problems, 3)] == [2, 4, 5]
    assert [one.where.line for one in gravest(problems, 4)] == [1, 2, 4, 5]
    assert gravest(problems, 9) == problems and gravest(problems, 0) == []
    out = check("a.yaml", "--max", "2", a=problems)[1].splitlines()
    assert [line[:8] for line in out[:2]] == ["a.yaml:4", "a.yaml:5"]
    assert out[2:] == ["and 3 more problems; mend these first", "a.yaml: 2 errors, 1 warning, 2 pieces of advice"]
    assert check("a.yaml", "--max", "0", a=problems)[1] == "a.yaml: 2 errors, 1 warning, 2 pieces of advice\n"
    assert check("a.yaml", "--max", "1", "--format", "github", a=problems)[1].count("::error ") == 1
    assert len(json.loads(check("a.yaml", "--max", "1", "--format", "json", a=problems)[1])["problems"]) == 5


def test_json_has_the_counts_and_every_problem(check: Any) -> None:
    problems = [problem(ERROR, 4, say("no {word}", word="Đà"), "so"), problem(ADVICE, 0)]
    data = json.loads(check("a.yaml", "b.yaml", "c.yaml", "--format", "json", a=problems, b=[])[1])
    assert data["files"] == [
        {"file": "a.yaml", "errors": 1, "warnings": 0, "advice": 1},
        {"file": "b.yaml", "errors": 0, "warnings": 0, "advice": 0},
        {"file": "c.yaml", "errors": 1, "warnings": 0, "advice": 0},
    ]
    assert (data["errors"], data["warnings"], data["advice"]) == (2, 0, 1)
    assert data["problems"][0] == {
        "code": "S230",
        "severity": "error",
        "message": "no Đà",
        "hint": "so",
        "source": "a.yaml",
        "line": 4,
        "column": 3,
        "cell": None,
        "sheet": None,
        "address": None,
        "count": 1,
    }
    assert data["problems"][1]["line"] is None and data["problems"][2]["code"] == "U111"


def test_annotations_for_github_are_escaped(check: Any) -> None:
    odd = Problem("S230", "50% of\r\nit: a, b", Location("a,b:c%.yaml", 4, 3), "x::y", WARNING)
    out = check("a.yaml", "--format", "github", a=[odd, problem(ERROR), Problem("S001", "m", severity=ADVICE)])[1]
    assert out.splitlines()[:3] == [
        "::warning file=a%2Cb%3Ac%25.yaml,line=4,col=3,title=S230::50%25 of%0D%0Ait: a, b (x::y)",
        "::error file=a.yaml,line=1,col=3,title=S230::m",
        "::notice file=a.yaml,title=S001::m",
    ]
    code, out, err = check("c.yaml", "--format", "github")
    assert code == WRONG_USE and out.startswith("::error file=c.yaml,title=U111::there is no scheme") and err == ""


def test_a_folder_stands_for_every_yaml_file_beneath_it(check: Any, tmp_path: Path) -> None:
    for name in ("b/y.yaml", "b/a/x.yaml", "a.yaml", "notes.md", "b/z.yml", "b/y.cases.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "c.yaml").mkdir()
    code, out, err = check(tmp_path, "a", **{name: [] for name in ("a", "x", "y", "y.cases")})
    files = [str(tmp_path / name) for name in ("a.yaml", "b/a/x.yaml", "b/y.cases.yaml", "b/y.yaml")]
    assert (code, out.splitlines(), err) == (FINE, [f"{file}: no problem" for file in (*files, "a")], "")


def test_a_folder_without_yaml_is_wrong_use(check: Any, tmp_path: Path) -> None:
    code, out, err = check(tmp_path, "a", a=[])
    assert code == WRONG_USE and out == "a: no problem\n" and err.startswith(f"{tmp_path}: U116 there is no file")


def test_a_name_too_long_for_a_file_is_only_unknown(check: Any) -> None:
    for name in ("x" * 5000, "a\0b"):
        code, _, err = check(name)
        assert code == WRONG_USE and "U111" in err


def test_the_shipped_schemes_are_checked_as_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(__file__).parent.parent / "schemes" / "dti-922"
    assert main(["check", str(folder)]) == FINE
    out = capsys.readouterr().out
    assert f"{folder / '2022-province.cases.yaml'}: no problem\n" in out
    assert out.splitlines()[-1].startswith(f"{folder / '2022-province.yaml'}: ")
