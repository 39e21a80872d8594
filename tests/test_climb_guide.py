"""The guide of climbing: each command that it shows prints what it shows."""

from __future__ import annotations

from typing import Any

import pytest
from guided import page, parts_printed, shown_in

GUIDE, SHOWN = page("climb.md"), shown_in("climb.md")


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=[command.split()[0] for command, _ in SHOWN])
def test_a_command_of_the_guide_prints_what_it_shows(
    command: str, expected: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_printed(command, expected, capsys, monkeypatch)
    assert len(parts) > 1


def test_the_guide_shows_a_climb_and_names_every_column_of_efforts() -> None:
    from ictindex.formats.efforts import WORDS

    assert [command.split()[0] for command, _ in SHOWN] == ["climb"]
    assert not [words for words in WORDS.values() if not any(f"`{word}`" in GUIDE for word in words)]
