"""The guide of climbing: each command that it shows prints what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from ictindex.cli import main

TOP = Path(__file__).parent.parent
GUIDE = (TOP / "docs" / "climb.md").read_text("utf-8")
SHOWN = re.findall(r"```console\n\$ ictindex (.*?)\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=[command.split()[0] for command, _ in SHOWN])
def test_a_command_of_the_guide_prints_what_it_shows(
    command: str, expected: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    assert main(shlex.split(command)) == 0
    parts = [part.strip("\n") for part in expected.split("…\n")]
    assert len(parts) > 1
    assert re.fullmatch(".*".join(map(re.escape, parts)) + r"\n*", capsys.readouterr().out, re.DOTALL)


def test_the_guide_shows_a_climb_and_names_every_column_of_efforts() -> None:
    from ictindex.formats.efforts import WORDS

    assert [command.split()[0] for command, _ in SHOWN] == ["climb"]
    assert not [words for words in WORDS.values() if not any(f"`{word}`" in GUIDE for word in words)]
