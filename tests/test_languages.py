"""The command line in two languages: which one is spoken, and that everything it says itself is said in it."""

from __future__ import annotations

import io
import json
import locale
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from ictindex import read_table, score, write_result
from ictindex.cli import FINE, PROBLEMS, WRONG_USE, main
from ictindex.cli.words import complaint
from ictindex.messages import in_language, one_of

HERE = Path(__file__).parent.parent
DTI = "dti-922/2022-province"
FIVE = str(HERE / "schemes" / f"{DTI}.example.csv")
ENGLISH = {"the", "of", "and", "is", "are", "for", "or", "this", "that", "with", "without", "from", "by", "not", "it"}
"""Words that no English sentence of the help does without, and that no Vietnamese one has."""


@pytest.fixture
def no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the environment says about the language."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def english(text: str) -> set[str]:
    """Return the words of the text that only English has, outside `code`, options and the example at the end."""
    bare = re.sub(r"`[^`]*`|--?[a-z][a-z-]*", "", text.partition("ví dụ:")[0])
    return ENGLISH & set(re.findall(r"[^\W\d_]+", bare.casefold()))


def commands(run: Any) -> list[str]:
    """Return the names of all commands, as the help lists them."""
    return re.findall(r"^    ([a-z-]+) ", run("--help").out.split("commands:")[1], re.MULTILINE)


def test_the_help_of_every_command_is_vietnamese(run: Any) -> None:
    names = commands(run)
    assert len(names) >= 6
    for command in ([], *([name] for name in names)):
        told, before = run(*command, "--help"), run("--lang", "vi", *command, "--help")
        assert told.code == before.code == FINE and english(told.out)
        assert not english(before.out), f"{command}: {english(before.out)}"
        assert before.out.startswith("cách dùng: ictindex") and "\ntùy chọn:\n" in before.out
        assert run(*command, "--help", "--lang", "vi").out == before.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--lang", "vi", "list"),
        ("list", "--lang", "vi"),
        ("list", "--lang=vi", "--format", "table"),
        ("list", "--format", "table", "--lang", "vi"),
        ("--lang", "en", "list", "--lang", "vi"),
        ("--la", "vi", "list"),
    ],
)
def test_the_language_may_be_said_anywhere(run: Any, arguments: tuple[str, ...]) -> None:
    told = run(*arguments)
    assert told.code == FINE and told.out.startswith("bộ chỉ số ") and "đơn vị" in told.out.splitlines()[0]


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LC_MESSAGES": "vi"}, "vi"),
        ({"LC_ALL": "vi_VN@x", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LC_ALL": "C.UTF-8", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr_FR", "LANG": "vi_VN"}, "en"),
        ({"LANG": "vibrant"}, "en"),
    ],
)
@pytest.mark.usefixtures("no_language")
def test_the_environment_names_the_language(
    run: Any, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], spoken: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run("--help").out.startswith("cách dùng: " if spoken == "vi" else "usage: ")
    assert run("--help", "--lang", "en").out.startswith("usage: ")


@pytest.mark.parametrize(
    ("here", "spoken"),
    [("Vietnamese_Vietnam", "vi"), ("vi_VN", "vi"), ("English_United States", "en"), (None, "en"), (ValueError, "en")],
)
@pytest.mark.usefixtures("no_language")
def test_the_system_names_the_language(run: Any, monkeypatch: pytest.MonkeyPatch, here: Any, spoken: str) -> None:
    def getlocale() -> tuple[str | None, str | None]:
        if here is ValueError:
            raise ValueError("unknown locale")
        return here, "1258"

    monkeypatch.setattr(locale, "getlocale", getlocale)
    assert run("list").out.startswith("bộ chỉ số" if spoken == "vi" else "scheme")


def test_an_unknown_language_is_wrong_use(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = run("list", "--lang", "fr")
    assert told.code == WRONG_USE and told.out == "" and "invalid choice: 'fr' (choose from" in told.err
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    told = run("--lang", "fr", "list")
    assert told.code == WRONG_USE and "lựa chọn không hợp lệ: 'fr' (hãy chọn trong" in told.err
    assert run("list", "--lang").code == WRONG_USE


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "ictindex: lỗi: thiếu các đối số bắt buộc: LỆNH\n"),
        (["scor"], "lỗi: đối số LỆNH: lựa chọn không hợp lệ: 'scor' (hãy chọn trong "),
        (["scor"], "); có phải là 'score' không?\n"),
        (["score", DTI], "ictindex score: lỗi: thiếu các đối số bắt buộc: TABLE\n"),
        (["list", "--format", "jsn"], "lỗi: đối số --format: lựa chọn không hợp lệ: 'jsn'"),
        (["list", "--format"], "lỗi: đối số --format: cần một giá trị\n"),
        (["list", "more"], "ictindex: lỗi: không nhận ra các đối số: more\n"),
        (["show", DTI, "--expanded=yes"], "lỗi: đối số --expanded: đối số 'yes' bị bỏ qua\n"),
        (["check", "x.yaml", "--max", "few"], "lỗi: đối số --max: 'few' không phải là số nguyên từ 0 trở lên\n"),
        (["check", "x.yaml", "--max", "9" * 19], "lỗi: đối số --max: '9999999999999999999' là số có hơn 18 chữ số\n"),
    ],
)
def test_wrong_arguments_are_told_in_vietnamese(run: Any, arguments: list[str], expected: str) -> None:
    told = run("--lang", "vi", *arguments)
    assert told.code == WRONG_USE and told.out == "" and told.err.startswith("cách dùng: ictindex")
    assert expected in told.err and not english(told.err)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("expected at least one argument", "cần ít nhất một đối số"),
        ("expected 2 arguments", "cần 2 đối số"),
        ("argument -a/--all: not allowed with argument -b", "đối số -a/--all: không dùng được cùng đối số -b"),
        ("one of the arguments -a -b is required", "cần một trong các đối số -a -b"),
        ("ambiguous option: --l could match --lang, --laws", "tùy chọn --l chưa rõ, có thể là --lang, --laws"),
        ("argument N: invalid int value: 'x'", "đối số N: giá trị int không hợp lệ: 'x'"),
        ("something new {with} braces", "something new {with} braces"),
    ],
)
def test_what_argparse_says_is_known(message: str, expected: str) -> None:
    told = complaint(message)
    assert told == message and in_language(told, "vi") == expected


def test_a_ranking_has_vietnamese_words(run: Any) -> None:
    told, plain = run("score", DTI, FIVE, "--lang", "vi"), run("score", DTI, FIVE)
    assert "\nthứ hạng  đơn vị " in told.out and "       1  da-nang         TP. Đà Nẵng       0.8002\n" in told.out
    lines = told.out.splitlines()
    assert lines[1].startswith("! tạm thời: 5 số") and lines[2].startswith("! provisional: 5 numbers")
    assert lines[-1].startswith(f"{DTI} r1 | scheme ") and lines[-1] == plain.out.splitlines()[-1]
    assert [line.split()[0] for line in lines[-6:-2]] == [line.split()[0] for line in plain.out.splitlines()[-6:-2]]
    for machine in ("csv", "json"):
        assert (
            run("score", DTI, FIVE, "--lang", "vi", "--format", machine).out
            == run("score", DTI, FIVE, "--format", machine).out
        )
    result = score(DTI, read_table(FIVE, scheme=DTI))
    assert write_result(result, language="vi") == told.out and write_result(result) == plain.out
    assert str(result.ranking()) in plain.out and result.ranking().told("vi") in told.out


def test_problems_of_a_table_are_told_in_vietnamese(run: Any, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text('unit,1,2,3,4,5,7,8,9\nan,"0,5","1,5",x,50%,nan,-,-1,\n', encoding="utf-8")
    told = run("score", DTI, table, "--lang", "vi")
    assert told.code == PROBLEMS and told.out == ""
    for part in (
        f"{table}:2 [2]: T045 '1,5' lớn hơn 1: dòng 2 công bố chỉ số, từ 0 đến 1 (hãy viết điểm / điểm tối đa)",
        "T040 'x' không phải là số (để trống là thiếu số liệu, n/a là không áp dụng)",
        "T043 'nan' không phải là số chấm điểm được (nếu thiếu số liệu, hãy để trống ô; trong khung dữ liệu:",
        "T049 một dấu gạch đứng riêng có thể mang nhiều nghĩa",
        "T045 '-1' nhỏ hơn 0: dòng 8 công bố chỉ số, từ 0 đến 1",
    ):
        assert part in told.err
    assert not english(told.err.replace(str(table), ""))


def test_names_that_are_unknown_are_told_in_vietnamese(run: Any) -> None:
    for arguments, expected in (
        (("score", "dti-922/2022-provnce", FIVE), f"U111 không có bộ chỉ số 'dti-922/2022-provnce' (có phải là '{DTI}"),
        (("score", DTI, FIVE, "--format", "cvs"), "U101 không có định dạng 'cvs' (có phải là 'csv' không?)"),
        (("explain", DTI, FIVE, "zzz"), "U104 bảng số liệu không có đơn vị 'zzz' (hãy viết mã hoặc tên"),
    ):
        told = run(*arguments, "--lang", "vi")
        assert told.code == WRONG_USE and expected in told.err


def test_progress_is_told_in_vietnamese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["score", DTI, FIVE, "--lang", "vi"]) == FINE and capsys.readouterr().out
    assert terminal.getvalue().startswith(f"đang đọc {FIVE} ...\r ") and "đang ghi ...\r" in terminal.getvalue()


def test_the_json_of_check_speaks_vietnamese_with_english_keys(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("scheme: a/2024-b\ntitel: A\n", encoding="utf-8")
    data = json.loads(run("check", path, "--format", "json", "--lang", "vi").out)
    (one,) = (problem for problem in data["problems"] if problem["line"] == 2)
    assert one["hint"] == "có phải là 'title' không?" and one["severity"] == "error" and one["code"] == "S101"


def test_one_of_several() -> None:
    assert one_of([]) == "" and one_of(["a"]) == "a" and one_of(["a", "b", "c"]) == "a or b or c"
    assert in_language(one_of(["a", "b", "c"]), "vi") == "a hoặc b hoặc c"
