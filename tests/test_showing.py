"""The commands `show` and `diff`, as they are typed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ictindex.cli import FINE, WRONG_USE, main

PAGE = Path(__file__).parent.parent / "docs" / "diff.md"
DTI, ICT = "dti-922/2022-province", "ict-index/2017-province"
EDITIONS = ("ict-index/2016-province", "ict-index/2017-province")


@pytest.mark.parametrize(
    ("form", "ending", "start"),
    [
        ("text", ".txt", "Chỉ số"),
        ("markdown", ".md", "# Chỉ số"),
        ("html", ".html", "<!doctype html>"),
        ("json", ".json", "{"),
    ],
)
def test_show_in_each_format_by_name_and_by_ending(
    run: Any, tmp_path: Path, form: str, ending: str, start: str
) -> None:
    told = run("show", DTI, "--format", form)
    assert told.code == FINE and told.out.startswith(start) and told.err == ""
    path = tmp_path / f"phụ lục{ending}"
    assert run("show", DTI, "-o", path).out == ""
    assert path.read_text(encoding="utf-8") == told.out


def test_show_speaks_the_language_that_is_asked_for(run: Any) -> None:
    assert '<html lang="vi">' in run("show", DTI, "--format", "html", "--lang", "vi").out
    assert '<html lang="en">' in run("show", DTI, "--format", "html", "--lang", "en").out


def test_show_refuses_what_does_not_go_together(run: Any, tmp_path: Path) -> None:
    told = run("show", DTI, "--expanded", "--format", "json")
    assert told.code == WRONG_USE and "U141" in told.err and told.out == ""
    told = run("show", DTI, "--columns", "--format", "json")
    assert told.code == WRONG_USE and "U141" in told.err and told.out == ""
    with pytest.raises(SystemExit):
        main(["show", DTI, "--columns", "--expanded"])
    scheme = tmp_path / "a.yaml"
    scheme.write_text("scheme: a/2024-b\n", encoding="utf-8")
    told = run("show", scheme, "-o", scheme)
    assert told.code == WRONG_USE and "U115" in told.err and scheme.read_text(encoding="utf-8") == "scheme: a/2024-b\n"


def test_show_prints_the_line_of_headings_and_writes_it_as_a_spreadsheet_reads_it(run: Any, tmp_path: Path) -> None:
    told = run("show", ICT, "--columns")
    assert told.code == FINE and told.out.count("\n") == 1 and told.out.startswith("unit,name,")
    path = tmp_path / "biểu.csv"
    assert run("show", ICT, "--columns", "-o", path).out == ""
    assert path.read_bytes() == b"\xef\xbb\xbf" + told.out.encode()  # without the mark Excel garbles the letters


def test_diff_prints_what_the_page_shows(run: Any) -> None:
    (shown,) = re.findall(r"```console\n\$ ictindex diff (\S+) (\S+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    told = run("diff", *shown[:2])
    lines = (r"(?:.*\n)*?" if line == "..." else f"{re.escape(line)}\n" for line in shown[2].splitlines())
    assert told.code == FINE and shown[:2] == EDITIONS
    assert re.fullmatch("".join(lines), told.out), "docs/diff.md shows what is printed no longer"


def test_diff_leaves_out_notes_where_it_is_to_be_brief(run: Any) -> None:
    assert "the note now says" in run("diff", *EDITIONS).out
    told = run("diff", *EDITIONS, "--brief")
    assert told.code == FINE and "the note" not in told.out and "Notes that changed and are left out: " in told.out


def test_diff_in_each_format(run: Any, tmp_path: Path) -> None:
    data = json.loads(run("diff", *EDITIONS, "--format", "json").out)
    assert data["verdict"]["scores_comparable"] is False
    for name, start in (("a.md", "# ict-index"), ("a.json", "{"), ("a.txt", "ict-index")):
        assert run("diff", *EDITIONS, "-o", tmp_path / name).code == FINE
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_diff_of_variants(run: Any) -> None:
    told = run("diff", ICT, "--variant-b", "z-score")
    assert told.code == FINE and "variant z-score" in told.out and "Scores are NOT comparable." in told.out
    back = run("diff", ICT, ICT, "--variant-a", "z-score")
    assert back.code == FINE and "variant z-score  →  ict-index/2017-province" in back.out
    same = run("diff", ICT, ICT)
    assert same.code == FINE and "Nothing is different." in same.out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((ICT,), "U143"),
        ((ICT, "ict-index/2017-provnce"), "did you mean 'ict-index/2017-province'?"),
        ((ICT, "--variant-b", "zscore"), "U110"),
        ((*EDITIONS, "-o", "/none/there/x.md"), "U108"),
    ],
)
def test_diff_refuses_wrong_use(run: Any, arguments: tuple[str, ...], expected: str) -> None:
    told = run("diff", *arguments)
    assert told.code == WRONG_USE and expected in told.err and told.out == ""


def test_diff_of_a_file_with_problems(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("scheme: a/2024-b\ntitel: A\n", encoding="utf-8")
    told = run("diff", ICT, path)
    assert told.code == 1 and "S101" in told.err and told.out == ""
