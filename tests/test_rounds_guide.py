"""The guide of rounds: each command that it shows prints what it shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from guided import page, parts_printed, shown_in

GUIDE, SHOWN = page("rounds.md"), shown_in("rounds.md")


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=[command.split()[0] for command, _ in SHOWN])
def test_a_command_of_the_guide_prints_what_it_shows(
    command: str, expected: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_printed(command, expected, capsys, monkeypatch)
    assert parts[0] or len(parts) > 1


def test_the_guide_shows_the_state_and_the_scores() -> None:
    assert [command.split()[0] for command, _ in SHOWN] == ["round", "score"]


def test_the_guide_names_every_heading_and_word_of_the_file() -> None:
    from ictindex.rounds.words import HEADINGS, STAGES, VERDICTS

    assert not [key for key in HEADINGS if not re.search(rf"\b{key}\b", GUIDE)]
    assert not [word for words in STAGES.values() for word in words[:1] if f"`{word}`" not in GUIDE]
    assert not [word for words in VERDICTS.values() for word in words[:1] if f"`{word}`" not in GUIDE]
