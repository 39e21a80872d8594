"""The guide of comparisons: each command that it shows prints what it shows, and its example in Python runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from guided import TOP, page, parts_printed, shown_in

GUIDE, SHOWN = page("compare.md"), shown_in("compare.md")


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=["published", "made up"])
def test_a_command_of_the_guide_prints_what_it_shows(
    command: str, expected: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_printed(command, expected, capsys, monkeypatch)
    assert len(parts) > 1 and all(parts[1:])


def test_the_example_in_python_runs(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(TOP)
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(compile(example, "compare.md", "exec"), {})  # noqa: S102  # the page's own words
    whole, parts = capsys.readouterr().out.splitlines()[0].split()
    assert whole == parts


def test_made_up_figures_say_so_wherever_they_stand() -> None:
    for path in (TOP / "docs" / "compare").glob("*.synthetic.csv"):
        head = path.read_text("utf-8").splitlines()[:2]
        assert head[0].startswith("# SỐ LIỆU BỊA RA") and head[1].startswith("# MADE UP")
    assert all("synthetic" in command or "dak-lak" in command for command, _ in SHOWN)
