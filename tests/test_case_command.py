"""The command `test`: what it prints of cases that hold, that differ and that cannot be looked at, and how it ends."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ictindex.cli import FINE, PROBLEMS, WRONG_USE

SCHEMES = Path(__file__).parent.parent / "schemes"
HUE = "hue-1784/2020-district"
BROKEN = "tp-hue UBND thành phố Huế: A is 44.41, expected was 42.63"
CASES = f"""cases: {HUE}
sources: {{kq Bảng kết quả năm 2020: }}
below: {{cited: kq, within: 0}}
tp-hue UBND thành phố Huế:
  given: {{A: 42.63, A.excluded: 2}}
  expect: {{A: 42.63, A.level: II, A.rank: 2}}
nam-dong UBND huyện Nam Đông:
  given: {{A: 50.0, B: 78.53, B.excluded: 8}}
  expect: {{A.level: I, A.rank: 1, B: 85.36, B.level: II, B.rank: 1}}
"""


@pytest.fixture
def run(run: Any) -> Any:
    """Return a function that runs `test` in this process."""
    return partial(run, "test")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a copy of a scheme, and cases of which one figure is broken."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hue.yaml").write_bytes((SCHEMES / f"{HUE}.yaml").read_bytes())
    (tmp_path / "hue.cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_all_shipped_schemes_give_their_published_figures(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SCHEMES.parent)
    told = run("schemes")
    assert (told.code, told.err) == (FINE, "")
    lines = told.out.splitlines()
    assert lines[-1].startswith("in all, ") and lines[-1].endswith(" figures hold")
    held, whole = (int(one) for one in lines[-1].removeprefix("in all, ").split(" figures")[0].split(" of "))
    assert held == whole > 150
    heads = [line for line in lines[:-1] if not line.startswith(" ")]
    assert heads == sorted(heads) and heads[0].startswith("schemes/btttt-2392/2017-commune.cases.yaml: ")
    assert sum(line.startswith("  cases touch ") for line in lines) == len(heads)


def test_a_scheme_by_its_id(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SCHEMES.parent)
    told = run(HUE)
    first, second = told.out.splitlines()
    assert told.code == FINE
    assert re.fullmatch(r"schemes/hue-1784/2020-district\.cases\.yaml: (\d+) of \1 figures hold, in \d+ cases", first)
    assert re.fullmatch(r"  cases touch \d+ of 16 parts of the scheme \(\d+%\), and compute 2 of 2 criteria .*", second)


def test_what_no_case_touches(run: Any, home: Path) -> None:
    (home / "hue.cases.yaml").write_text(CASES.replace("A: 42.63, A.level", "A: 44.41, A.level"), encoding="utf-8")
    told = run("hue.yaml", "--coverage")
    assert told.code == FINE
    assert told.out == (
        "hue.cases.yaml: 8 of 8 figures hold, in 2 cases\n"
        "  cases touch 7 of 16 parts of the scheme (43%), and compute 2 of 2 criteria from what is reported\n"
        "  no case touches, by the lines of hue.yaml:\n"
        "      21  total  a missing cell: left out, the rest converted\n"
        "      35  A      level III, from 65%\n"
        "      36  A      level IV, from 0%\n"
        "      26  A      units with the same score (competition)\n"
        "      43  B      level I, from 90%\n"
        "      45  B      level III, from 65%\n"
        "      46  B      level IV, from 0%\n"
        "      26  B      ranked among several units\n"
        "      26  B      units with the same score (competition)\n"
    )
    assert "every part of the scheme is touched by a case" in run("quang-ngai-42/2012-agency", "--coverage").out


def test_a_figure_that_holds_only_because_it_may_be_far_off_is_counted(run: Any, home: Path) -> None:
    text = CASES.replace("A: 42.63, A.level", "A: 44.41, A.level").replace("within: 0", "within: 5")
    (home / "hue.cases.yaml").write_text(text.replace("B: 85.36", "B: 85.00"), encoding="utf-8")
    told = run("hue.yaml")
    assert told.code == FINE and "8 of 8 figures hold" in told.out
    assert "\n  scores that hold only because `within` allows more than the last digit: 1\n" in told.out
    assert json.loads(run("hue.yaml", "--format", "json").out)["files"][0]["loose"] == 1


def test_a_figure_that_differs(run: Any, home: Path) -> None:
    told = run("hue.yaml")
    assert told.code == PROBLEMS
    first, why, count, _ = told.out.splitlines()
    assert first == f"hue.cases.yaml:6:12: C030 {BROKEN}"
    assert why.startswith("    A Điều kiện sẵn sàng: 44.40625 of 50 = 42.63 / (50 − 2) × 50; published 44.41; expec")
    assert why.endswith("; expected was 42.63: 1.78 too high")
    assert count == "hue.cases.yaml: 7 of 8 figures hold, in 2 cases"
    assert run("hue.cases.yaml").out == run(home / "hue.cases.yaml").out == told.out


def test_annotations_stand_at_the_figure(run: Any, home: Path) -> None:
    told = run(home, "--format", "github")
    assert told.code == PROBLEMS
    assert told.out.splitlines() == [
        f"::error file=hue.cases.yaml,line=6,col=12,title=C030::{BROKEN}",
        "hue.cases.yaml: 7 of 8 figures hold, in 2 cases",
    ]
    (home / "hue.cases.yaml").write_text("cases: x\n", encoding="utf-8")
    told = run(home, "--format", "github", "--coverage")
    assert "::error file=hue.cases.yaml,line=1,col=8,title=C001::these are the cases of 'x', not of hue" in told.out
    assert told.out.endswith("hue.cases.yaml: the cases cannot be looked at\n")
    assert "16 parts" in run(HUE, "--format", "github", "--coverage").out


def test_json(run: Any, home: Path) -> None:
    (home / "none.yaml").write_text("scheme: a/2020-b\n", encoding="utf-8")
    (home / "bad.cases.yaml").write_text("cases: nowhere\n", encoding="utf-8")
    told = run(home, "--format", "json")
    data = json.loads(told.out)
    assert told.code == PROBLEMS and data["without_cases"] == ["none.yaml"]
    assert (data["figures"], data["held"]) == (8, 7)
    bad, hue = data["files"]
    assert bad["file"] == "bad.cases.yaml" and [one["code"] for one in bad["problems"]] == ["C013"]
    assert (hue["scheme"], hue["variant"], hue["cases"], hue["figures"], hue["held"]) == (HUE, None, 2, 8, 7)
    (one,) = hue["differences"]
    assert (one["unit"], one["row"], one["what"]) == ("tp-hue", "A", "score")
    assert (one["found"], one["expected"], one["within"], one["line"]) == ("44.41", "42.63", "0", 6)
    assert one["reason"]["kind"] == "score" and one["reason"]["row"]["points"] == 44.40625
    assert hue["coverage"]["percent"] == 43 and "list" not in hue["coverage"]
    data = json.loads(run(home, "--format", "json", "--coverage").out)
    assert len(data["files"][1]["coverage"]["list"]) == 16


def test_schemes_without_cases_are_named(run: Any, home: Path) -> None:
    (home / "hue.cases.yaml").unlink()
    told = run(".")
    assert (told.code, told.out, told.err) == (FINE, "hue.yaml: no cases\n", "")
    assert run(".", "--strict").code == PROBLEMS
    assert re.search(r"hue\.yaml: no cases\nin all, (\d+) of \1 figures hold\n$", run(".", HUE).out)
    told = run("hue.yaml")
    assert told.code == WRONG_USE and "hue.yaml: U131 this scheme has no cases beside it" in told.err


def test_what_cannot_be_found(run: Any, home: Path) -> None:
    (home / "empty").mkdir()
    told = run("empty", "no/2020-scheme", HUE)
    assert told.code == WRONG_USE
    assert "empty: U130 there are no cases in this folder" in told.err and "U111 there is no scheme" in told.err
    assert "figures hold" in told.out  # the other paths are looked at all the same
    told = run("nowhere.yaml")
    assert told.code == PROBLEMS and "nowhere.yaml: S001 there is no such file" in told.err
    told = run("nowhere.cases.yaml")
    assert told.code == PROBLEMS and "nowhere.cases.yaml: S001 there is no such file" in told.out
    for name in ("x" * 300 + ".yaml", "x" * 300 + ".cases.yaml"):
        told = run(name)
        assert told.code == PROBLEMS and "the file cannot be read" in told.out + told.err
    assert run().code == WRONG_USE


def test_cases_that_cannot_be_looked_at_do_not_stop_the_others(run: Any, home: Path) -> None:
    (home / "a.cases.yaml").write_text(
        f"cases: {HUE}\nx X: {{given: {{A: 60}}, expect: {{A.level: I}}}}\n", encoding="utf-8"
    )
    told = run(".")
    assert told.code == PROBLEMS
    assert "a.cases.yaml:2 [A]: T045 '60' is above 50" in told.out
    assert "a.cases.yaml: the cases cannot be looked at\n" in told.out
    assert told.out.endswith("in all, 7 of 8 figures hold; files that cannot be looked at: 1\n")


@pytest.mark.usefixtures("home")
def test_the_same_file_is_looked_at_once(run: Any) -> None:
    assert run("hue.yaml", "hue.cases.yaml", ".").out == run("hue.yaml").out


def test_names_cannot_command_the_terminal(run: Any, home: Path) -> None:
    text = f'cases: {HUE}\n"x \\e[31mđỏ": {{given: {{A: 40}}, expect: {{A.level: I, A: 41}}}}\n'
    (home / "a.cases.yaml").write_text(text, encoding="utf-8")
    told = run("a.cases.yaml")
    assert told.code == PROBLEMS and "\x1b" not in told.out + told.err


def test_the_guide_shows_what_the_program_prints(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (SCHEMES.parent / "docs" / "cases.md").read_text(encoding="utf-8")
    cases, ranking = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    printed, untouched = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "ket-qua.cases.yaml"
    file.write_text(cases, encoding="utf-8")
    told = run(file.name)
    assert (told.code, told.out) == (PROBLEMS, printed)
    assert untouched.split(":\n", 1)[1] in run(file.name, "--coverage").out
    file.write_text(cases + ranking, encoding="utf-8")
    assert run(file.name).out.endswith(": 4 of 6 figures hold, in 4 cases\n" + printed.splitlines(keepends=True)[-1])
    file.write_text(cases.replace('{"1": 46,', '{"1": 46, "1.3": 8,'), encoding="utf-8")
    assert (
        "1.3 Văn bản chỉ đạo chuyên đề về chuyển đổi số do người đứng …: 6 of 10 = 3 / 5 × 10; exp"
        in run(file.name).out
    )


def test_the_python_of_the_guide_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (SCHEMES.parent / "docs" / "cases.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(example, "cases.md", "exec"), {})  # noqa: S102  # the page's own words
    printed = capsys.readouterr().out
    assert re.match(r"(\d+) of \1 \[\]\n\d+ \['", printed)


@pytest.mark.usefixtures("home")
def test_vietnamese(run: Any) -> None:
    told = run("hue.yaml", "--lang", "vi")
    assert told.code == PROBLEMS and told.out != run("hue.yaml", "--lang", "en").out
