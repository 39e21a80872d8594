"""What a command reads is never written over, and a table is scored under the scheme that it was read for."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ictindex import load_scheme, read_table, score
from ictindex.collecting import write_form
from ictindex.errors import WrongUse

HUE = "hue-1784/2020-district"
EXAMPLE = Path(__file__).parent.parent / "schemes" / "hue-1784" / "2020-district.example.csv"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    text = EXAMPLE.read_text("utf-8")
    lines = [line.split(",")[:2] for line in text.splitlines() if not line.startswith("#")]
    (tmp_path / "units.csv").write_text("\n".join(["code,name", *map(",".join, lines[1:])]) + "\n", "utf-8")
    (tmp_path / "map.csv").write_text("heading,code\nFoo,A\n", "utf-8")
    (tmp_path / "table.csv").write_text(text, "utf-8")
    (tmp_path / "mapped.csv").write_text(text.replace("unit,name,A,", "unit,name,Foo,", 1), "utf-8")
    (tmp_path / "listed.csv").write_text(f"# units: units.csv\n{text}", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (("score", HUE, "table.csv", "--units", "units.csv"), "units.csv"),
        (("table", HUE, "table.csv", "--units", "units.csv"), "units.csv"),
        (("explain", HUE, "table.csv", "tp-hue", "--units", "units.csv"), "units.csv"),
        (("score", HUE, "listed.csv"), "units.csv"),
        (("score", HUE, "mapped.csv", "--mapping", "map.csv"), "map.csv"),
        (("table", HUE, "mapped.csv", "--mapping", "map.csv"), "map.csv"),
    ],
)
def test_no_command_writes_over_what_it_reads(run: Any, here: Path, arguments: tuple[str, ...], output: str) -> None:
    before = (here / output).read_bytes()
    told = run(*arguments, "-o", output)
    assert told.code == 2 and "U115" in told.err and (here / output).read_bytes() == before


@pytest.mark.parametrize("command", ["score", "table"])
@pytest.mark.parametrize("output", ["forms/a.xlsx", "forms/new.xlsx"])
def test_nothing_is_written_into_the_folder_of_forms_that_is_read(
    run: Any, here: Path, command: str, output: str
) -> None:
    (here / "forms").mkdir()
    write_form(HUE, here / "forms" / "a.xlsx", unit=("nam-dong", "Nam Đông"))
    before = (here / "forms" / "a.xlsx").read_bytes()
    told = run(command, HUE, "forms", "-o", output)
    assert told.code == 2 and "U115" in told.err
    assert (here / "forms" / "a.xlsx").read_bytes() == before and len(list((here / "forms").iterdir())) == 1


def test_a_table_is_scored_under_the_scheme_that_it_was_read_for() -> None:
    table = read_table(EXAMPLE, scheme=HUE)
    with pytest.raises(WrongUse, match="U117 the table was read for the scheme hue-1784/2020-district, not for dti"):
        score(load_scheme("dti-922/2022-province"), table)


def test_a_result_opens_no_file_that_it_names_as_its_scheme(run: Any, here: Path) -> None:
    assert run("score", HUE, "table.csv", "-o", "result.json").code == 0
    os.mkfifo(here / "pipe")  # whoever opens it waits for ever
    told = json.loads((here / "result.json").read_text("utf-8"))
    told["receipt"]["scheme"] = told["scheme"]["id"] = str(here / "pipe")
    (here / "result.json").write_text(json.dumps(told), "utf-8")
    assert "U173" in run("verify", "result.json", "--table", "table.csv").err
