"""`ictindex new`: starters that pass `check`, tables to files, kind refusals, and the questions on a terminal."""

from __future__ import annotations

import io
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from annexes import FOLDER
from hypothesis import given
from hypothesis import strategies as st

from ictindex import authoring, load_scheme
from ictindex.cli import FINE, PROBLEMS, WRONG_USE
from ictindex.errors import Severity, WrongUse

DISTRICT = FOLDER / "huyen-27-tieu-chi.bia-dat.csv"
WHO = ("--family", "tinh-thu", "--edition", "2025", "--unit", "commune")
GROUPS = ("--group", "1 Nhận thức số=60", "--group", "2 Hạ tầng số=40")


@pytest.fixture
def new(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs `ictindex new` in an empty folder, where standard input is no terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    return partial(run, "new")


points = st.sampled_from(("60", "12,5", "0.5", "7", "100 điểm"))
names = st.text(st.sampled_from("aăâđêôơư ,:#-'\"{}[]&*!%@=0123"), min_size=1, max_size=30).filter(str.strip)


@given(st.lists(st.tuples(names, points), min_size=1, max_size=6))
def test_a_starter_passes_check_whatever_the_groups_are_called(groups: list[tuple[str, str]]) -> None:
    texts = [f"{place} {name} {place}={worth}" for place, (name, worth) in enumerate(groups, 1)]
    made = authoring.new_scheme(family="tinh-thu", edition=2025, unit="district", groups=texts)
    assert made.checked == () and made.rows == 2 * len(groups)


def test_a_starter_shows_the_commonest_rules_and_assumes_all_of_it(new: Any) -> None:
    assert new(*WHO, *GROUPS, "-o", "a.yaml").code == FINE
    scheme = load_scheme("a.yaml")
    assert [(row.measure.name, row.max) for row in scheme.indicators] == [
        ("ratio", 30),
        ("count", 30),
        ("yes-no", 20),
        ("choice", 20),
    ]
    assert scheme.assumed == len(scheme.statements)
    assert not [one for one in authoring.check_scheme("a.yaml") if one.severity is not Severity.ADVICE]


def test_a_starter_is_not_settled_as_long_as_its_marks_are_there(new: Any) -> None:
    new(*WHO, *GROUPS, "-o", "a.yaml")
    text = Path("a.yaml").read_text(encoding="utf-8")
    (told,) = (one for one in authoring.check_scheme("a.yaml") if one.code == "S291")
    assert told.severity is Severity.ADVICE and told.message.endswith(f": {text.count('# XEM LẠI')}")
    settled = [line for line in text.splitlines() if "# XEM LẠI" not in line]
    Path("a.yaml").write_text("\n".join(settled), encoding="utf-8")
    assert "S291" not in {one.code for one in authoring.check_scheme("a.yaml")}


def test_without_a_file_it_is_printed(new: Any) -> None:
    told = new(*WHO, *GROUPS)
    assert (told.code, told.err) == (FINE, "")
    assert told.out.startswith("# yaml-language-server: $schema=scheme.schema.json\n")
    assert "scheme: tinh-thu/2025-commune\n" in told.out


def test_a_folder_gets_the_file_of_the_id_and_the_grammar_beside_it(new: Any) -> None:
    told = new(*WHO, *GROUPS, "--title", "Bộ chỉ số: cấp xã", "-o", "bo-chi-so/")
    assert told.code == FINE and told.out == ""
    assert Path("bo-chi-so/tinh-thu/2025-commune.yaml").is_file()
    assert Path("bo-chi-so/tinh-thu/scheme.schema.json").is_file()
    assert "2025-commune.yaml is written" in told.err and "scheme.schema.json is written beside it" in told.err
    assert load_scheme("bo-chi-so/tinh-thu/2025-commune.yaml").title == "Bộ chỉ số: cấp xã"
    Path("bo-chi-so/tinh-thu/scheme.schema.json").write_text("mine", encoding="utf-8")
    assert "beside" not in new(*WHO, *GROUPS, "-o", "bo-chi-so", "--force").err
    assert Path("bo-chi-so/tinh-thu/scheme.schema.json").read_text(encoding="utf-8") == "mine"


def test_a_name_that_no_file_can_have_is_no_full_disk(new: Any) -> None:
    told = new(*WHO, *GROUPS, "-o", f"{'x' * 5000}.yaml")
    assert told.code == WRONG_USE and "U108" in told.err and "disk" not in told.err


def test_a_file_that_is_there_is_not_written_over(new: Any) -> None:
    Path("a.yaml").write_text("mine", encoding="utf-8")
    told = new(*WHO, *GROUPS, "-o", "a.yaml")
    assert told.code == WRONG_USE and "a.yaml: U122" in told.err
    assert Path("a.yaml").read_text(encoding="utf-8") == "mine"
    assert new(*WHO, *GROUPS, "-o", "a.yaml", "--force").code == FINE
    assert load_scheme("a.yaml").id == "tinh-thu/2025-commune"
    told = new(*WHO, *GROUPS, "-o", "none/a.yaml")
    assert told.code == WRONG_USE and "U108" in told.err


def test_a_table_is_not_written_over_either(new: Any) -> None:
    Path("a.csv").write_bytes(DISTRICT.read_bytes())
    told = new(*WHO, "--from-csv", "a.csv", "-o", "a.csv", "--force")
    assert told.code == WRONG_USE and "U115" in told.err


def test_a_table_becomes_a_scheme_and_it_is_told_what_to_look_at(new: Any) -> None:
    told = new(*WHO, "--from-csv", DISTRICT, "-o", "a.yaml")
    assert told.code == FINE
    assert "27 criteria, 24 of them with a rule that was read from the wording" in told.err
    assert "7 places to look at are marked XEM LẠI" in told.err
    assert Path("a.yaml").read_text(encoding="utf-8").count("# XEM LẠI") == 7
    assert not [one for one in authoring.check_scheme("a.yaml") if one.severity is not Severity.ADVICE]


def test_a_table_that_does_not_add_up_is_written_and_ends_with_1(new: Any) -> None:
    Path("a.csv").write_text("TT,Tiêu chí,Điểm\n1,Nhóm,10\n1.1,Máy tính,4\n1.2,Mạng,5\n", encoding="utf-8")
    told = new(*WHO, "--from-csv", "a.csv", "-o", "a.yaml")
    assert told.code == PROBLEMS and Path("a.yaml").is_file()
    assert "`ictindex check` will say:\na.yaml:" in told.err and "S230 the rows beneath 1 add up to 9" in told.err
    assert told.err.splitlines()[-1] in map(str, authoring.check_scheme("a.yaml"))


def test_a_table_with_a_cell_that_cannot_be_read_gives_no_scheme(new: Any) -> None:
    Path("a.csv").write_text("TT,Tiêu chí,Điểm\n1,Một,mười\n2,,5\n", encoding="utf-8")
    told = new(*WHO, "--from-csv", "a.csv", "-o", "a.yaml")
    assert told.code == PROBLEMS and not Path("a.yaml").exists()
    assert [line.split()[2:4] for line in told.err.splitlines()] == [["C2]:", "A012"], ["chí,", "B3]:"]]


def test_nothing_said_names_the_options(new: Any) -> None:
    told = new()
    assert told.code == WRONG_USE and told.out == ""
    assert "U120 not said: --family, --edition, --unit, --group" in told.err and "--from-xlsx" in told.err


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (("--family", "Đồng Tháp", "--edition", "25", "--unit", "huyện", "--group", "x"), ["U121"] * 4),
        ((*WHO, "--group", "1 A=0"), ["U121"]),
        ((*WHO, "--group", "1 A=5", "--group", "1.1 B=5"), ["U121"]),
        ((*WHO, "--group", "total A=5"), ["U121"]),
        ((*WHO, "--group", "1 A\u200b=5"), ["U121"]),
        ((*WHO, *GROUPS, "--title", "a\u200bb"), ["U121"]),
        ((*WHO, *GROUPS, "--from-csv", "a.csv"), ["U125"]),
        ((*WHO, "--from-csv", "a.csv", "--from-xlsx", "a.xlsx"), ["U125"]),
        ((*WHO, "--from-csv", "a.csv", "--sheet", "x"), ["U125"]),
        ((*WHO[:4], *GROUPS), ["U120"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_write(
    new: Any, options: tuple[str, ...], codes: list[str]
) -> None:
    told = new(*options)
    assert told.code == WRONG_USE
    assert [line.split()[0] for line in told.err.splitlines()] == codes
    assert all(line.endswith(")") for line in told.err.splitlines())


def test_a_family_with_accents_is_offered_without() -> None:
    with pytest.raises(WrongUse, match="write dong-thap-1397"):
        authoring.new_scheme(family="Đồng Tháp 1397", edition=2025, unit="district", groups=["1 A=5"])


def test_on_a_terminal_it_asks_until_the_answers_can_be_used(new: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = ["Đồng Tháp 1397", "dong-thap-1397", "25", "2025", "huyện", "district", "", "abc", "1 Nhận thức số=60"]
    answers += ["1 Trùng=5", "2 Hạ tầng số=40", "", "x/"]
    monkeypatch.setattr(sys, "stdin", Terminal("\n".join(answers) + "\n"))
    told = new()
    assert told.code == FINE and told.err.count("U121") == 5
    assert "Example: dong-thap-1397" in told.err
    assert [row.code for row in load_scheme("x/dong-thap-1397/2025-district.yaml").root.children] == ["1", "2"]
    monkeypatch.setattr(sys, "stdin", Terminal("dong-thap-1397\n2025\n"))  # and then the end of input
    told = new()
    assert told.code == WRONG_USE and "U120 not said: --unit, --group" in told.err
