"""`ictindex table`, and the doubts that other commands tell beside their results."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ictindex import read_table
from ictindex.cli import FINE, PROBLEMS, WRONG_USE

HERE = Path(__file__).parent.parent
COMMUNE = "btttt-2392/2017-commune"
DTI = "dti-922/2022-province"
EXAMPLE = HERE / "schemes" / f"{COMMUNE}.example.synthetic.csv"
PROVINCES = HERE / "schemes" / f"{DTI}.example.csv"


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """Return a table in which the first commune answered more questions than it was asked."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith("unit,"))
    header, cells = lines[at].split(","), lines[at + 1].split(",")
    cells[header.index("B.2.2.a")] = str(int(cells[header.index("B.2.2.b")]) + 1)
    path = tmp_path / "communes.csv"
    path.write_text("\n".join([*lines[: at + 1], ",".join(cells), *lines[at + 2 :]]) + "\n", encoding="utf-8")
    return path


def test_what_was_read_stands_in_two_lines(run: Any) -> None:
    told = run("table", DTI, PROVINCES)
    assert (told.code, told.err) == (FINE, "")
    assert told.out.splitlines() == [
        f"{PROVINCES}: units: 5, columns of figures: 8, of evidence: 0",
        f"{PROVINCES}: cells with a figure: 40, missing: 0, not applicable: 0; decimal point",
        f"{PROVINCES}: no problem",
    ]


def test_a_doubt_is_told_with_its_cell_and_ends_with_0(run: Any, doubtful: Path) -> None:
    told = run("table", COMMUNE, doubtful)
    assert told.code == FINE and f"{doubtful}:4 [B.2.2.a]: warning T110 xa-0001: " in told.out
    assert told.out.endswith(f"{doubtful}: 0 errors, 1 warning\n") and "pools: 3" in told.out
    assert run("table", COMMUNE, doubtful, "--strict").code == PROBLEMS
    assert "no problem" in run("table", COMMUNE, doubtful, "--no-doubts").out


def test_a_problem_ends_with_1(run: Any, doubtful: Path) -> None:
    doubtful.write_text(doubtful.read_text(encoding="utf-8").replace("xa-0002", "xa-0001"), encoding="utf-8")
    told = run("table", COMMUNE, doubtful, "-o", doubtful.with_name("clean.csv"))
    assert told.code == PROBLEMS and "T031" in told.out
    assert told.out.endswith(f"{doubtful}: 1 error; doubts are looked for when it is mended\n")
    told = run("table", COMMUNE, doubtful, "--no-doubts")
    assert told.out.endswith(f"{doubtful}: 1 error\n")
    assert not doubtful.with_name("clean.csv").exists()


def test_every_problem_counts_and_more_are_printed_where_more_are_asked_for(run: Any, tmp_path: Path) -> None:
    """50 units with 8 cells that are no numbers."""
    path = tmp_path / "t.csv"
    path.write_text("unit,1,2,3,4,5,6,7,8,9\n" + "".join(f"u{one},a,b,c,d,e,f,g,h,1\n" for one in range(50)))
    told = run("table", DTI, path)
    assert told.out.count("T040") == 100 and "\nand 300 more problems; mend these first\n" in told.out
    assert told.out.endswith(f"\n{path}: 400 errors; doubts are looked for when they are mended\n")
    told = run("table", DTI, path, "--max-problems", "400")
    assert told.out.count("T040") == 400 and "more" not in told.out
    told = run("table", DTI, path, "--max-problems", "170")
    assert told.out.count("T040") == 8 * 21 and told.out.count("T040 and 30 more of the same kind") == 8
    assert "more problems" not in told.out and "400 errors" in told.out
    plain = json.loads(run("table", DTI, path, "--format", "json").out)
    assert plain["errors"] == 400 == len(plain["problems"])


def test_what_scoring_would_refuse_is_a_problem_and_the_table_is_written_all_the_same(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "provinces.csv"
    path.write_text(PROVINCES.read_text(encoding="utf-8").replace(",0.8253,", ",,"), encoding="utf-8")
    told = run("table", DTI, path, "-o", tmp_path / "clean.csv")
    assert told.code == PROBLEMS and f"{path}:4 [3]: T201 da-nang" in told.out
    assert "missing: 1," in told.out and read_table(tmp_path / "clean.csv", scheme=DTI) == read_table(path, scheme=DTI)


def test_a_denominator_of_0_is_told_beside_a_missing_figure_each_at_its_cell(run: Any, tmp_path: Path) -> None:
    district, path = "dong-thap-1397/2022-district", tmp_path / "districts.csv"
    text = (HERE / "schemes" / f"{district}.example.synthetic.csv").read_text(encoding="utf-8")
    path.write_text(text.replace(",7,7,28,", ",7,0,28,").replace(",47.5,28,76", ",,28,76"), encoding="utf-8")
    told = run("table", district, path)
    assert told.code == PROBLEMS and told.out.endswith(f"{path}: 2 errors, 0 warnings\n")
    assert f"{path}:5 [4]: T201 huyen-02" in told.out and f"{path}:4 [1.3.b]: T204 huyen-01" in told.out
    assert run("score", district, path).err.splitlines() == told.out.splitlines()[2:4]


def test_json_has_the_problems_and_what_was_read(run: Any, doubtful: Path) -> None:
    told = run("table", COMMUNE, doubtful, "--format", "json")
    plain = json.loads(told.out)
    assert (plain["errors"], plain["warnings"], plain["files"][0]["file"]) == (0, 1, str(doubtful))
    (problem,) = plain["problems"]
    assert (problem["code"], problem["severity"], problem["line"]) == ("T110", "warning", 4)
    assert problem["cell"] == "B.2.2.a" and problem["hint"]
    assert plain["table"]["units"] == 30 and plain["table"]["columns"][0] == "cb"
    assert plain["table"]["reported"] == 30 * 15 and plain["table"]["pools"] == 3
    assert json.loads(run("table", COMMUNE, EXAMPLE.with_suffix(".none"), "--format", "json").out)["table"] is None


def test_last_year(run: Any, tmp_path: Path) -> None:
    before = read_table(EXAMPLE, scheme=COMMUNE)
    told = run("table", COMMUNE, EXAMPLE, "--previous", EXAMPLE)
    assert told.code == FINE and f"all figures of {len(before)} of {len(before)} units" in told.out
    lines = EXAMPLE.read_text(encoding="utf-8").replace("xa-", "x-")
    (tmp_path / "before.csv").write_text(lines, encoding="utf-8")
    assert "T121" in run("table", COMMUNE, EXAMPLE, "--previous", tmp_path / "before.csv").out
    told = run("table", COMMUNE, EXAMPLE, "--previous", tmp_path / "none.csv")
    assert told.code == PROBLEMS and "none.csv" in told.out and "T001" in told.out


def test_last_year_under_another_edition(run: Any, tmp_path: Path) -> None:
    old, new = (f"ict-index/{year}-province" for year in (2016, 2017))
    tables = [HERE / "schemes" / f"{one}.example.synthetic.csv" for one in (old, new)]
    before = tmp_path / "before.csv"
    text = tables[0].read_text(encoding="utf-8")
    before.write_text(text.replace(",2421906,", ",3,"), encoding="utf-8")  # the residents of the first province
    told = run("table", new, tables[1], "--previous", before, "--previous-scheme", old)
    assert (
        told.code == FINE and told.out.count("warning") == 2 and "[dan-so]: warning T112 tinh-01: 6310068" in told.out
    )
    assert run("table", new, tables[1], "--previous", tables[0]).code == PROBLEMS  # two columns are not of this edition
    told = run("table", new, tables[1], "--previous-scheme", old)
    assert told.code == WRONG_USE and "U195" in told.err


def test_the_table_in_another_format(run: Any, doubtful: Path, tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    assert run("table", COMMUNE, doubtful, "-o", path).code == FINE
    one, other = (read_table(file, scheme=COMMUNE) for file in (doubtful, path))
    assert one == other and [str(doubt.message) for doubt in other.doubts] == [
        str(doubt.message) for doubt in one.doubts
    ]
    told = run("table", COMMUNE, doubtful, "-o", "-")
    assert told.out == path.read_text(encoding="utf-8") and "T110" in told.err


def test_use_that_cannot_be_meant(run: Any, doubtful: Path) -> None:
    assert run("table", COMMUNE, doubtful, "-o", doubtful).code == WRONG_USE
    assert run("table", COMMUNE, doubtful, "-o", "clean.doc").code == WRONG_USE
    assert run("table", COMMUNE, "-", "--previous", "-").code == WRONG_USE


def test_standard_input(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PROVINCES.read_bytes()), encoding="utf-8"))
    assert "-: no problem" in run("table", DTI, "-").out


def test_scoring_tells_the_doubts_beside_the_result(run: Any, doubtful: Path) -> None:
    told = run("score", COMMUNE, doubtful)
    assert told.code == FINE and "warning T110" in told.err and "warning" not in told.out
    assert run("score", COMMUNE, doubtful, "--no-doubts").err == ""
    assert "warning T110" in run("explain", COMMUNE, doubtful, "xa-0001").err


def test_scoring_tells_only_the_first_few(run: Any, doubtful: Path) -> None:
    text = doubtful.read_text(encoding="utf-8")
    at = next(line for line in text.splitlines() if line.startswith("unit,")).split(",")
    columns = [at.index(name) for name in ("A.1.1.a", "A.2.1.a", "B.2.2.a", "B.3.1.a")]
    lines = [line.split(",") for line in text.splitlines()]
    for cells in lines[-5:]:
        for column in columns:
            cells[column] = "2001"
    doubtful.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    everything = run("table", COMMUNE, doubtful).out.count("warning T")
    told = run("score", COMMUNE, doubtful)
    assert told.code == FINE and everything > 10
    assert told.err.count("warning T") == 10
    assert told.err.endswith(f"and {everything - 10} more doubts; `ictindex table` shows all of them\n")
    assert run("score", COMMUNE, doubtful, "--max-problems", "3").err.count("warning T") == 3


def test_the_list_of_units_is_named(run: Any, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    table = read_table(PROVINCES, scheme=DTI)
    lines = [f"{code},{name},province\n" for code, name in zip(table.units, table.names, strict=True)]
    units.write_text("".join(["code,name,kind\n", *lines]), encoding="utf-8")
    assert f"list of units: {units}" in run("table", DTI, PROVINCES, "--units", units).out
    plain = json.loads(run("table", DTI, PROVINCES, "--units", units, "--format", "json").out)
    assert plain["table"]["unit_list"] == str(units)


def test_the_words_of_evidence_are_not_lost(run: Any, tmp_path: Path) -> None:
    scheme = "dong-thap-1397/2022-district"
    before = HERE / "schemes" / f"{scheme}.example.synthetic.csv"
    for name in ("a.xlsx", "a.jsonl", "a.parquet"):
        assert run("table", scheme, before, "-o", tmp_path / name).code == FINE
        again = read_table(tmp_path / name, scheme=scheme)
        assert again.evidence_texts == read_table(before, scheme=scheme).evidence_texts
        assert again.evidence_texts["1.1"][0].startswith("Quyết định số 101")


@pytest.mark.parametrize(
    ("command", "option", "only", "never"),
    [("table", "--as", "csv", "markdown"), ("score", "--format", "markdown", "?")],
)
def test_an_unknown_format_is_answered_with_those_that_can_do_it(
    run: Any, tmp_path: Path, command: str, option: str, only: str, never: str
) -> None:
    """However the format is named: by the option, or by the ending of a file."""
    named = run(command, DTI, PROVINCES, option, "pdf", "-o", tmp_path / "x.csv")
    ending = run(command, DTI, PROVINCES, "-o", tmp_path / "x.pdf")
    assert (named.code, ending.code) == (WRONG_USE, WRONG_USE)
    lists = [set(told.err.rstrip(")\n").rpartition(": ")[2].split(", ")) for told in (named, ending)]
    assert lists[0] == lists[1] and only in lists[0] and never not in lists[0]
