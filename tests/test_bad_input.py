"""Bad input, tried on purpose through the command line: a clear message and exit code 1, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from ictindex.cli import FINE, PROBLEMS, WRONG_USE, main

HEAD = """\
scheme: thu/2024-province
title: Thử
unit: province
edition: 2024
sources:
  s Quyết định thử: {date: 2024-01-01}
below: {cited: s}
cited: s
"""
POINTS = f"{HEAD}max: 100\n"
INDEX = f"{HEAD}combine: mean\npublish: {{as: index, decimals: 4}}\n"
TWO = f"{POINTS}1 Một: {{max: 60, assessed: }}\n2 Hai: {{max: 40, ratio: {{a: số a, b: số b}}}}\n"
ONE = "unit,1,2.a,2.b\nhà-nội,60,1,2\n"
Score = Callable[..., tuple[int, str, str]]


@pytest.fixture
def score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Score:
    """Return a function that scores a table under a scheme: the exit code, what was printed, and what was wrong."""
    monkeypatch.chdir(tmp_path)

    def call(scheme: str | bytes, table: str | bytes = ONE, *more: str) -> tuple[int, str, str]:
        for name, content in (("s.yaml", scheme), ("t.csv", table)):
            Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        code = main(["score", "s.yaml", "t.csv", *more])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def numbers(out: str) -> dict[str, str]:
    """Return the published score of every unit in a JSON result."""
    return {unit["unit"]: unit["published"] for unit in json.loads(out)["units"]}


def test_what_is_good_passes(score: Score) -> None:
    code, out, err = score(TWO, ONE, "--format", "json")
    assert (code, err, numbers(out)) == (FINE, "", {"hà-nội": "80.00"})


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", "t.csv:1: T010 there is no line of column names (begin with `unit` or `mã đơn vị`, then codes)"),
        (" \n\n", "t.csv:1: T010 there is no line of column names"),
        ("# a note\n", "t.csv:1: T010 there is no line of column names"),
        ("unit,1,2.a,2.b\n", "t.csv:1: T011 there are no units below the column names (add a line for each)"),
        ("unit,1,2.a,2.b\n\n,,,\n\n", "t.csv:1: T011 there are no units below the column names"),
        ("unit,1,2.a\nx,60,1\n", "t.csv:1 [2.b]: T022 there is no column '2.b' (số b)"),
        ("1,2.a,2.b\n60,1,2\n", "t.csv:1 [unit]: T020 there is no column `unit`"),
        ("unit,1,1,2.a,2.b\nx,60,60,1,2\n", "t.csv:1 [1]: T023 the column '1' stands twice (keep one of them)"),
        ("unit,1,2.a,2.b,2.c\nx,60,1,2,3\n", "t.csv:1 [2.c]: T021 unknown column '2.c' (did you mean '2.b'?)"),
        ("unit,1,2.a,2.b\nx,60,1\n", "t.csv:2: T012 the line has 3 cells, the header 4 (an empty cell needs its"),
        ("sep=x\nunitx1\n", "t.csv:1: T055 the line 'sep=x' names no sign that stands between cells (write sep=,"),
        ('unit,1,2.a,2.b\nx,"60,1,2\n', "t.csv:2: T004 a quotation mark opens here and is never closed"),
        ("unit,1,2.a,2.b\nx,60,1,2\nx,60,1,2\n", "t.csv:3 [unit]: T031 the unit 'x' stands in line 2 already"),
        ("unit,1,2.a,2.b\n,60,1,2\n", "t.csv:2 [unit]: T030 the line names no unit (write its code or name)"),
        ("unit,1,2.a,2.b\nx,60,1,0\n", "t.csv:2 [2.b]: T204 x: the denominator of 2 Hai is 0 (correct the denominator"),
        ("unit,1,2.a,2.b\nx,60,1,-2\n", "t.csv:2 [2.b]: T045 '-2' is below 0"),
        ("unit,1,2.a,2.b\nx,60.5,1,2\n", "t.csv:2 [1]: T045 '60.5' is above 60: row 1 has at most 60 points"),
        ("unit,1,2.a,2.b\nx,,1,2\n", "t.csv:2 [1]: T201 x: a figure for 1 Một is missing (fill the cell in;"),
        ("unit,1,2.a,2.b\nx,n/a,1,2\n", "t.csv:2 [1]: T202 x: 1 Một cannot be left out (give a figure;"),
        ("unit,1,2.a,2.b\nx,NaN,1,2\n", "t.csv:2 [1]: T043 'NaN' is not a number that can be scored (leave"),
        ("unit,1,2.a,2.b\nx,inf,1,2\n", "T043 'inf' is not a number that can be scored"),
        ("unit,1,2.a,2.b\nx,-Infinity,1,2\n", "T043 '-Infinity' is not a number that can be scored"),
        ("unit,1,2.a,2.b\nx,1e400,1,2\n", "T043 '1e400' is too large (the largest number is about 1.8e308)"),
        ("unit,1,2.a,2.b\nx,1e-400,1,2\n", "T044 '1e-400' has more digits than can be kept exactly"),
        ("unit,1,2.a,2.b\nx,60,1,12345678901234567890\n", "T044 '12345678901234567890' has more digits than"),
        ('unit,1,2.a,2.b\nx,"4,5,6",1,2\n', "T041 the digits of '4,5,6' are not apart as those of a number"),
        ('unit,1,2.a,2.b\nx,4,"1,234",2\n', "T052 '1,234' is 1234 or 1.234: nothing shows whether decimals"),
        ("unit,1,2.a,2.b\nx,50%,1,2\n", "T042 '50%' has a percent sign"),
        ("unit,1,2.a,2.b\nx,=1+1,1,2\n", "T040 '=1+1' is not a number (empty means missing, n/a means not applicable)"),
        ("unit,1,2.a,2.b\nx,#DIV/0!,1,2\n", "T051 '#DIV/0!' is an error left by a spreadsheet (mend the formula"),
        ("unit,1,2.a,2.b\nx,٦٠,1,2\n", "T040 '٦٠' is not a number"),
        ("unit,1,2.a,2.b\nx,-,1,2\n", "T049 a lone dash can mean several things (empty means missing"),
        ("unit,1,2.a,2.b\nx,\x1b[2J,1,2\n", "T040 '\\x1b[2J' is not a number"),
        (b"unit,1,2.a,2.b\nx\0,60,1,2\n", "t.csv: T002 this is a binary file, not CSV"),
        (b"\x7fELF\x00\xff\xfe" * 50, "t.csv: T002 this is a binary file, not CSV"),
        (b"PK\x03\x04xlsx", "t.csv: T002 this is an Excel workbook or a zip file, not CSV (in Excel, save it as"),
        ("unit,1\n".encode("utf-16"), "t.csv:1: T011 there are no units below the column names"),
        ("unit,name\nx,Đà Lạt".encode("cp1258", "ignore"), "t.csv:2: T002 the text is not UTF-8"),
    ],
)
def test_tables(score: Score, table: str | bytes, expected: str) -> None:
    code, out, err = score(TWO, table)
    assert (code, out) == (PROBLEMS, "") and expected in err
    assert all(line.startswith("t.csv") for line in err.splitlines())


@pytest.mark.parametrize(
    "line",
    ["x,{},1,2", "{},60,1,2", '"{}",60,1,2', "x,60,1,2,{}"],
    ids=["a number", "a unit", "a quoted unit", "one cell more"],
)
def test_a_cell_of_ten_megabytes(score: Score, line: str) -> None:
    code, out, err = score(TWO, f"unit,1,2.a,2.b\n{line.format('9' * 10_000_000)}\n")
    assert (code, out) == (PROBLEMS, "") and err.startswith("t.csv:2: T004 a cell is too long") and len(err) < 300


def test_a_heading_of_ten_megabytes_and_thousands_of_columns(score: Score) -> None:
    code, _, err = score(TWO, f"unit,{'x' * 10_000_000}\na,1\n")
    assert code == PROBLEMS and err.startswith("t.csv:1: T004 a cell is too long") and len(err) < 300
    wide = ",".join(f"c{number}" for number in range(20_000))
    code, _, err = score(TWO, f"unit,{wide}\na{',1' * 20_000}\n")
    assert code == PROBLEMS and "T021 and 19980 more of the same kind" in err and len(err) < 5_000


def test_many_bad_cells_are_counted(score: Score) -> None:
    code, _, err = score(TWO, "unit,1,2.a,2.b\n" + "".join(f"u{one},x,y,z\n" for one in range(5_000)))
    assert code == PROBLEMS and len(err.splitlines()) < 70 and "and 4980 more" in err
    code, _, err = score(TWO, "unit,1,2.a,2.b\n" + "".join(f"u{one},,,\n" for one in range(5_000)))
    assert code == PROBLEMS and len(err.splitlines()) < 70 and err.count("and 4980 more of the same kind") == 3


def test_everything_wrong_is_told_at_once(score: Score) -> None:
    code, _, err = score(TWO, "unit,1,2.a,2.b\na,61,x,1\nb,-1,1,-1\nb,1,1,1\n")
    assert code == PROBLEMS and [line.split(": ")[0] for line in err.splitlines()] == [
        "t.csv:2 [1]",
        "t.csv:2 [2.a]",
        "t.csv:3 [1]",
        "t.csv:3 [2.b]",
        "t.csv:4 [unit]",
    ]


@pytest.mark.parametrize(
    ("scale", "each"),
    [
        ("min-max: all", "0.5000"),  # neither lowest nor highest
        ("z-score: all", "0.0000"),  # no deviation from the mean
        ("of-best: all", "1.0000"),  # each is the best
        ("goalposts: {from: 0, to: 10}", "0.5000"),
    ],
)
@pytest.mark.parametrize("units", ["abc", "a"], ids=["all equal", "one unit"])
def test_equal_units_have_a_stated_result(score: Score, scale: str, each: str, units: str) -> None:
    table = "unit,1\n" + "".join(f"{unit},5\n" for unit in units)
    code, out, err = score(f"{INDEX}1 Một: {{value: số, {scale}}}\n", table, "--format", "json")
    assert (code, err) == (FINE, "") and numbers(out) == dict.fromkeys(units, each)
    assert {unit["rank"] for unit in json.loads(out)["units"]} == {1}


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("min-max: all", "all units equal: 1/2 × 1 = 0.5"),
        ("z-score: all", "all units equal: 0 × 1 = 0"),
        ("of-best: all", "no unit is above 0: 0 × 1 = 0"),
    ],
)
def test_a_stated_result_is_explained(
    score: Score, scale: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    score(f"{INDEX}1 Một: {{value: số, {scale}}}\n", "unit,1\na,0\nb,0\n")
    assert main(["explain", "s.yaml", "t.csv", "b"]) == FINE and expected in capsys.readouterr().out


def test_a_composite_of_equal_units_and_pools_of_one(score: Score) -> None:
    nested = f"{INDEX}min-max: all\n1 Một: {{value: số, z-score: all}}\n"
    code, out, _ = score(nested, "unit,1\na,5\nb,5\n", "--format", "json")
    assert code == FINE and numbers(out) == {"a": "0.5000", "b": "0.5000"}
    pools = f"{INDEX}pools: {{by: khối}}\n1 Một: {{value: số, min-max: pool}}\n"
    code, out, _ = score(pools, "unit,khối,1\na,x,1\nb,y,2\nc,y,3\n", "--format", "json")
    assert code == FINE and numbers(out) == {"a": "0.5000", "b": "0.0000", "c": "1.0000"}
    code, _, err = score(pools, "unit,khối,1\na,,1\n")
    assert code == PROBLEMS and "t.csv:2 [khối]: T032 the unit has no pool (write its pool)" in err
    code, _, err = score(pools, "unit,1\na,1\n")
    assert code == PROBLEMS and "T025 there is no column 'khối': units are compared within it" in err


@pytest.mark.parametrize("values", [("1e308", "-1e308"), ("1e-300", "2e-300"), ("999999999999999", "1")])
@pytest.mark.parametrize(
    "scale", ["min-max: all", "z-score: all", "of-best: all", "goalposts: {from: 1, to: 9, log: true}"]
)
def test_huge_and_tiny_numbers_end_in_numbers(score: Score, values: tuple[str, str], scale: str) -> None:
    table = f"unit,1\na,{values[0]}\nb,{values[1]}\n"
    code, out, err = score(f"{INDEX}1 Một: {{value: số, {scale}}}\n", table, "--format", "json")
    assert (code, err) == (FINE, "") and all(-10 <= float(one) <= 10 for one in numbers(out).values())


@pytest.mark.parametrize("policy", ["zero", "full"])
def test_a_zero_denominator_with_a_stated_meaning(score: Score, policy: str) -> None:
    scheme = TWO.replace("b: số b}", f"b: số b, if-none: {policy}}}")
    code, out, _ = score(scheme, "unit,1,2.a,2.b\nx,60,0,0\n", "--format", "json")
    assert code == FINE and numbers(out) == {"x": "60.00" if policy == "zero" else "100.00"}


BOMB = 'a: &a ["l", "l"]\n' + "".join(
    f"{letter}: &{letter} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, letter in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("", "s.yaml: S008 the document is empty (a scheme begins with lines such as"),
        ("# x\n", "s.yaml: S008 the document is empty"),
        (ONE, "S010 the document is one text, not lines of `key: value`"),
        ("[" * 30_000, "s.yaml:1:66: S015 values are nested more than 64 deep (is a bracket or a blank"),
        ("{a: " * 30_000, "S015 values are nested more than 64 deep"),
        ("- " * 30_000, "S015 values are nested more than 64 deep"),
        ("".join(f"{' ' * deep}a:\n" for deep in range(300)), "s.yaml:65:65: S015 values are nested more than 64"),
        (BOMB, "s.yaml:2:8: S012 an alias ('*a') is not allowed (write the value in place;"),
        ("a: {<<: {b: 1}}\n", "s.yaml:1:5: S013 a merge key ('<<') is not allowed (use `below:`"),
        ("a: !!python/object/apply:os.system [ls]\n", "s.yaml:1:4: S014 a tag"),
        (TWO + "---\na: 1\n", "S009 a second document begins here ('---') (keep each document in a file of its own)"),
        ("a:\n\tb: 1\n", "s.yaml:2:1: S007 a tab stands where YAML wants blanks (put blanks in its place, as many as"),
        ("# " + "x" * 2_000_000, "s.yaml: S003 the document is too large"),
        (b"\x7fELF\x00\xff" * 99, "s.yaml: S004 this is a binary file, not text"),
        (b"PK\x03\x04", "s.yaml: S004 this is an Excel, Word, zip or PDF file, not text"),
        (POINTS, "S210 the scheme has no rows (add a line for each heading or criterion"),
        (f"{POINTS}1 Một: {{max: 100, ratio: {{a: x, b: $ds}}}}\n", "S241 '$ds' is not declared under `inputs` (add"),
        (
            f"{POINTS}inputs:\n  ds Dân số: count\n1 Một: {{max: 100, ratio: {{a: $ds, b: $dss}}}}\n",
            "S241 '$dss' is not declared under `inputs` (did you mean 'ds'?)",
        ),
        (TWO + "1 Ba: {max: 1, assessed: }\n", "s.yaml:12:1: S211 the code '1' stands twice; first on line 10 (give"),
        (TWO + "1 Một: {max: 1, assessed: }\n", "S011 the key '1 Một' stands twice; first on line 10"),
        (f"{POINTS}1 Một:\n  max: 100\n  1 Một: {{max: 100, assessed: }}\n", "S211 the code '1' stands twice"),
        (f"{POINTS}total Một: {{max: 100, assessed: }}\n", "S212 the code 'total' is reserved for the top"),
        (
            f"{POINTS}1 Một:\n  max: 100\n  1.1 A: {{max: 70, assessed: }}\n  1.2 B: {{max: 50, assessed: }}\n",
            "S230 the rows beneath 1 add up to 120, 20 too many for its max 100 (`max: 120` would close the sum",
        ),
        (f"{POINTS}1 Một: {{max: 110, assessed: }}\n", "S230 the rows beneath the top add up to 110, 10 too many"),
        (f"{POINTS}1 Một: {{max: .nan, assessed: }}\n", "S018 '.nan' is not a finite number"),
        (f"{POINTS}1 Một: {{max: 1e400, assessed: }}\n", "S018 the number 1e400 is too long or too large"),
        (f"{POINTS}1 Một: {{max: {'9' * 100_000}, assessed: }}\n", "S018 the number 999999999999... is too long"),
        (f"{POINTS}1 Một: {{max: 1/0, assessed: }}\n", "S200 a number such as 20, 0.5, 1/3 or 90% was expected, '1/0'"),
        (f"{POINTS}1 Một: {{max: -5, assessed: }}\n", "S213 the points of 1 are -5, below 0"),
        (f"{POINTS}1 Một: {{max: 100, ratio: {{a: x, b: 0}}}}\n", "S239 the fixed denominator `b` must be above 0"),
        (f"{POINTS}rank: {{then: [9]}}\n1 Một: {{max: 100, assessed: }}\n", "S255 `rank.then` names '9', which is no"),
        (f'{POINTS}1 Một:\n  max: 100\n  "\\e[31mx": 1\n  assessed:\n', "S005 the invisible character U+001B"),
    ],
)
def test_schemes(score: Score, scheme: str | bytes, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = score(scheme)
    assert (code, out) == (PROBLEMS, "") and expected in err
    assert all(line.startswith("s.yaml") for line in err.splitlines())
    assert main(["check", "s.yaml"]) == PROBLEMS and expected in capsys.readouterr().out


def test_folders_missing_files_and_swapped_arguments(score: Score, capsys: pytest.CaptureFixture[str]) -> None:
    score(TWO)
    Path("folder").mkdir()
    for arguments, expected in (
        (["score", "folder", "t.csv"], "folder: S002 this is a folder, not a file (name a .yaml file in it)"),
        (["score", "none.yaml", "t.csv"], "none.yaml: S001 there is no such file (check the name and the folder)"),
        (["score", "s.yaml", "folder"], "folder: T134 there is no form in this folder (name the folder"),
        (["score", "s.yaml", "none.csv"], "none.csv: T001 there is no such file (check the path and the name)"),
        (["score", "s.yaml", "s.yaml"], "s.yaml: T002 a file that ends with .yaml is no table (a table is a .csv"),
        (["score", "t.csv", "s.yaml"], "t.csv:1:1: S010 the document is one text"),
        (["score", "s.yaml", "x" * 5_000], "T001 it cannot be read"),
        (["score", "x" * 5_000 + ".yaml", "t.csv"], "S001 the file cannot be read"),
        (["score", "s.yaml", "a\0b.csv"], "T001 it cannot be read"),
        (["score", "s.yaml", "t.csv", "--reference", "none.csv"], "none.csv: T001 there is no such file"),
        (["explain", "s.yaml", "none.csv", "x"], "none.csv: T001 there is no such file"),
        (["show", "folder"], "folder: S002 this is a folder"),
    ):
        assert main(arguments) == PROBLEMS
        told = capsys.readouterr()
        assert expected in told.out + told.err


def test_files_that_may_not_be_read(
    score: Score, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    score(TWO)
    load = main(["check", "s.yaml"])  # what comes with the package is read before everything is locked
    assert load == FINE and "\ns.yaml: 0 errors, 0 warnings" in capsys.readouterr().out
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert main(["score", "s.yaml", "t.csv"]) == PROBLEMS
    assert "t.csv: T001 it cannot be read: there is no permission for it (check the path" in capsys.readouterr().err
    monkeypatch.setattr(Path, "open", refuse)
    assert main(["check", "s.yaml"]) == PROBLEMS
    assert "s.yaml: S001 the file cannot be read: there is no permission for it" in capsys.readouterr().out


def test_odd_paths_and_names_are_no_trouble(score: Score, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("hai chữ")
    score(TWO)
    folder.mkdir()
    scheme, table = Path("s.yaml").rename(folder / "bộ chỉ số.yaml"), folder / "bảng.csv"
    apart = unicodedata.normalize("NFD", "hà nội")
    lines = [
        "unit,name,1,2.a,2.b",
        f"{apart},Hà Nội,60,1,2",
        '"hai\ndòng",,60,1,2',
        "=1+1,@x,60,1,2",
        "日本,\u200b,60,1,2",
    ]
    table.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    assert main(["score", str(scheme), str(table)]) == FINE
    out = capsys.readouterr().out
    assert "   1  hà nội    Hà Nội    80.00" in out and "   1  hai dòng  hai dòng  80.00" in out
    assert main(["score", str(scheme), str(table), "--format", "csv"]) == FINE
    assert "\n'=1+1,'@x,80.00,1," in capsys.readouterr().out
    assert main(["explain", str(scheme), str(table), "Hà Nội"]) == FINE


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
def test_a_name_that_is_no_text_is_printed_all_the_same() -> None:
    command = [sys.executable.encode(), b"-m", b"ictindex", b"check", b"\xff.yaml"]
    told = subprocess.run(command, capture_output=True, check=False)
    assert told.returncode == PROBLEMS and told.stderr == b"" and b"S001 there is no such file" in told.stdout


def test_only_wrong_use_ends_with_2(score: Score) -> None:
    assert score(TWO, ONE, "--format", "xml")[0] == WRONG_USE
    assert score(TWO, ONE, "--variant", "x")[0] == WRONG_USE
