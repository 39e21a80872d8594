"""The README in both languages: what it shows is what the program does today."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from make_picture import PICTURE, picture
from make_table import PAGES, renewed

from ictindex.cli import build_parser, main

TOP = Path(__file__).parent.parent
TEXTS = {page: (TOP / page).read_text("utf-8") for page in PAGES}
PYTHON = {page: re.findall(r"```python\n(.*?)```", text, re.DOTALL) for page, text in TEXTS.items()}
COMMANDS = {page: re.findall(r"^\| `(ictindex .+?)` \|", text, re.MULTILINE) for page, text in TEXTS.items()}


def two_lines(page: str) -> dict[str, str]:
    """Return the lines under the marks that continuous integration looks for."""
    return dict(re.findall(r"^<!-- (.+) -->\n```sh\n([^\n]+)\n```$", TEXTS[page], re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_the_two_lines_stand_under_their_marks(page: str) -> None:
    assert set(two_lines(page)) == {"main job", "tests"}
    assert two_lines(page) == two_lines("README.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_table_of_schemes_is_what_the_schemes_say(page: str) -> None:
    assert TEXTS[page] == renewed(page), "run: python docs/make_table.py"


def test_the_picture_is_what_the_program_prints() -> None:
    assert PICTURE.read_text("utf-8") == picture(), "run: python docs/make_picture.py"
    ET.parse(PICTURE)  # noqa: S314  # our own file


@pytest.mark.parametrize("page", PAGES)
def test_the_python_example_runs(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(TOP)
    (example,) = PYTHON[page]
    exec(compile(example, page, "exec"), {})  # noqa: S102  # the page's own words
    printed = capsys.readouterr().out
    assert "['0.8002', '0.7164', '0.7024', '0.6975', '0.6924'] [1 2 3 4 5]" in printed
    assert "7 Hoạt động chính quyền số: 167.7 of 200" in printed


def test_the_example_of_the_first_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = TOP / "docs" / "index.md"
    shutil.copy(TOP / "schemes/dti-922/2022-province.example.csv", tmp_path / "provinces.csv")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    exec(compile(example, "index.md", "exec"), {})  # noqa: S102  # the page's own words
    assert "702.445 of 1000, published 0.7024, rank 3" in capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_shown_and_runs(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(TOP)
    assert COMMANDS[page] == COMMANDS["README.md"]
    shown = [shlex.split(command)[1:] for command in COMMANDS[page]]
    (actions,) = (one for one in build_parser()._actions if isinstance(one.choices, dict))
    assert [words[0] for words in shown] == list(actions.choices or {})
    for words in shown:
        assert main(words) == 0
        assert capsys.readouterr().out


@pytest.mark.parametrize("page", [*PAGES, "schemes/README.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page: str) -> None:
    path = TOP / page
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        assert link.startswith("https://") or (path.parent / link).exists(), link


def test_every_module_has_its_line_in_the_picture_of_the_house() -> None:
    contracts = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [set(layer.split(" | ")) for layer in contracts[0]["layers"] if layer != "__main__"]
    page = (TOP / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)
    assert [set(re.findall(r"\w+", row)) for row in rows] == layers
