"""`test --laws`: what it prints of laws that hold, that are not asked and that are broken, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from worked import HEAD

from ictindex.cli import FINE, PROBLEMS, WRONG_USE

SCHEMES = Path(__file__).parent.parent / "schemes"
HUE = "hue-1784/2020-district"
ROWS = "".join(f"{at} Dòng {at}: {{max: 1, yes-no: }}\n" for at in range(2, 14))
BROKEN = f"{HEAD}max: 20\n1 Số lớp: {{max: 8, count: , steps: {{1: 3, 3: 8, 5: 6}}}}\n{ROWS}"


@pytest.fixture
def run(run: Any) -> Any:
    """Return a function that asks laws in this process."""
    return partial(run, "test", "--laws", "--examples", "5")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a scheme whose steps go down, and one that is fine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "down.yaml").write_text(BROKEN, encoding="utf-8")
    shutil.copy(SCHEMES / f"{HUE}.yaml", tmp_path / "hue.yaml")
    shutil.copy(SCHEMES / f"{HUE}.cases.yaml", tmp_path / "hue.cases.yaml")
    return tmp_path


def test_every_law_is_told_with_its_words(run: Any) -> None:
    told = run(HUE)
    assert (told.code, told.err) == (FINE, "")
    lines = told.out.splitlines()
    assert lines[0] == f"{HUE}: 5 tables for each law, seed 0" and lines[-1] == f"{HUE}: 6 of 6 laws hold"
    assert lines[1:3] == [
        "  bounds: every row has between 0 points and its maximum, and a total is published on its scale",
        "    held on 5 tables",
    ]
    assert lines[-3:-1] == ["  steps: a figure just at a threshold earns that step", "    not asked: no row has steps"]


def test_a_broken_law_shows_the_smallest_table_and_where_the_points_went(run: Any, home: Path) -> None:
    told = run(home / "down.yaml")
    assert told.code == PROBLEMS
    broken = told.out[told.out.index("    broken: ") : told.out.index("  order:")].splitlines()
    assert broken[0] == "    broken: 1 Số lớp goes from 4 to 5, which is better, and row 1 Số lớp from 8 points to 6"
    assert broken[1:5] == [
        "    the smallest table that shows it:",
        "        unit,1",
        "        u1,4",
        "        and 12 more columns, which 1 does not read",
    ]
    assert broken[5:7] == ["    the points of u1 there:", "        1 Số lớp: 8 of 8"]
    assert broken[8] == "    and with the change:" and "6 of 8" in broken[9]
    assert told.out.endswith(": 5 of 6 laws hold\n")


@pytest.mark.usefixtures("home")
def test_it_speaks_vietnamese(run: Any) -> None:
    told = run("down.yaml", "--lang", "vi")
    assert told.code == PROBLEMS
    for english in ("held on", "not asked", "goes from", "the smallest table", "with the change", "laws hold"):
        assert english not in told.out


@pytest.mark.usefixtures("home")
def test_json_has_the_whole_table_and_both_trees(run: Any) -> None:
    told = run("down.yaml", "hue.yaml", "--format", "json", "--seed", "3")
    assert told.code == PROBLEMS
    down, hue = json.loads(told.out)["schemes"]
    assert (down["scheme"], down["seed"], down["examples"], down["variant"]) == ("test/2020-unit", 3, 5, None)
    outcomes = {one["law"]: one["outcome"] for one in down["laws"]}
    assert (
        outcomes["monotony"] == "broken" and outcomes["bounds"] == "held" and outcomes["not-applicable"] == "not asked"
    )
    (broken,) = (one["broken"] for one in down["laws"] if one["broken"])
    (row,) = csv.DictReader(io.StringIO(broken["table"]))
    assert len(row) == 14 and row["1"] == "4" and {row[str(at)] for at in range(2, 14)} == {"no"}
    points = [broken[when]["root"]["points"] for when in ("before", "after")]
    assert (broken["row"], broken["unit"], points) == ("1", "u1", [8, 6])
    assert not [one for one in hue["laws"] if one["broken"]]


@pytest.mark.usefixtures("home")
def test_github_gets_an_annotation_at_the_row(run: Any) -> None:
    told = run("down.yaml", "--format", "github")
    assert told.code == PROBLEMS
    assert told.out.splitlines()[0].startswith(
        "::error file=down.yaml,line=7,title=U139::the law monotony is broken: 1 "
    )
    assert told.out.splitlines()[-1] == "down.yaml: 5 of 6 laws hold"


def test_a_folder_has_its_schemes_and_a_file_of_cases_means_the_scheme_beside_it(run: Any, home: Path) -> None:
    hidden = home / ".hidden"
    hidden.mkdir()
    shutil.copy(home / "down.yaml", hidden)
    both = [line for line in run(home).out.splitlines() if line.endswith("laws hold")]
    assert [line.split(":")[0] for line in both] == [str(home / "down.yaml"), str(home / "hue.yaml")]
    assert run("hue.cases.yaml").out.endswith("hue.yaml: 6 of 6 laws hold\n")


def test_every_variant_is_asked(run: Any) -> None:
    told = run("ict-index/2016-province")
    heads = [line.split(":")[0] for line in told.out.splitlines() if line.endswith("laws hold")]
    assert heads == ["ict-index/2016-province", "ict-index/2016-province (z-score)"]
    assert "not asked of HTKT, HTNL, UD and what is above: units are compared there" in told.out


def test_what_cannot_be_asked_is_told_and_the_rest_goes_on(run: Any, home: Path) -> None:
    (home / "bad.yaml").write_text(BROKEN.replace("max: 20", "max: 21"), encoding="utf-8")
    told = run("nix", "bad.yaml", "hue.yaml")
    assert told.code == WRONG_USE and told.out.endswith("hue.yaml: 6 of 6 laws hold\n")
    assert "U111" in told.err and "bad.yaml:6" in told.err
    empty = home / "empty"
    empty.mkdir()
    assert "U138 there is no scheme in this folder" in run(empty).err
    plain = json.loads(run("bad.yaml", "--format", "json").out)
    assert [one["code"] for one in plain["schemes"][0]["problems"]] == ["S230"]


def test_no_tables_are_wrong_use(run: Any) -> None:
    told = run(HUE, "--examples", "0")
    assert (told.code, told.out) == (WRONG_USE, "") and told.err.startswith("U137 a law cannot be asked of 0 tables")


def test_a_process_of_its_own_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ictindex", "test", HUE, "--laws", "--examples", "3"]
    environment = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_STORAGE_DIRECTORY"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == FINE and not list(tmp_path.iterdir())


def test_without_hypothesis_it_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "hypothesis.py").write_text("raise ModuleNotFoundError(__name__)", encoding="utf-8")
    command = [sys.executable, "-m", "ictindex", "test", HUE, "--laws"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (WRONG_USE, "")
    assert done.stderr == (
        'U135 hypothesis, which draws the tables, is not installed (install it: pip install "ictindex[testing]")\n'
    )
