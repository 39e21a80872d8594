"""The guide of rounds: each command that it shows prints what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from ictindex.cli import main

TOP = Path(__file__).parent.parent
GUIDE = (TOP / "docs" / "rounds.md").read_text("utf-8")
SHOWN = re.findall(r"```console\n\$ ictindex (.*?)\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=[command.split()[0] for command, _ in SHOWN])
def test_a_command_of_the_guide_prints_what_it_shows(
    command: str, expected: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    assert main(shlex.split(command)) == 0
    parts = [part.strip("\n") for part in expected.split("…\n")]
    assert parts[0] or len(parts) > 1
    assert re.fullmatch(".*".join(map(re.escape, parts)) + r"\n*", capsys.readouterr().out, re.DOTALL)


def test_the_guide_shows_the_state_and_the_scores() -> None:
    assert [command.split()[0] for command, _ in SHOWN] == ["round", "score"]


def test_the_guide_names_every_heading_and_word_of_the_file() -> None:
    from ictindex.rounds.words import HEADINGS, STAGES, VERDICTS

    assert not [key for key in HEADINGS if not re.search(rf"\b{key}\b", GUIDE)]
    assert not [word for words in STAGES.values() for word in words[:1] if f"`{word}`" not in GUIDE]
    assert not [word for words in VERDICTS.values() for word in words[:1] if f"`{word}`" not in GUIDE]
