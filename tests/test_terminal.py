"""What a terminal is told while a command works and when it is done, and a script is not."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ictindex.cli import FINE, main

DTI = "dti-922/2022-province"
FIVE = str(Path(__file__).parent.parent / "schemes" / f"{DTI}.example.csv")


class Terminal(io.StringIO):
    """A standard stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_what_goes_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["score", DTI, FIVE]) == FINE
    assert terminal.getvalue().startswith(f"reading {FIVE} ...\r ") and "writing ...\r" in terminal.getvalue()
    assert "reading" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("score", DTI, FIVE, "--lang", "en"), "result.csv is written: 5 units\n"),
        (("table", DTI, FIVE, "--lang", "en"), "result.csv is written: 5 units\n"),
        (("explain", DTI, FIVE, "da-nang", "--lang", "en"), "result.csv is written\n"),
        (("form", DTI, "--cells", "--lang", "en"), "result.csv is written\n"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_a_terminal_is_told_what_is_written_and_a_script_is_not(
    arguments: tuple[str, ...], words: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.csv"
    assert run(*arguments, "-o", path).err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main([*map(str, arguments), "-o", str(path)]) == FINE
    assert terminal.getvalue().rpartition("\r")[2] == f"{path.parent}{os.sep}{words}"
    before = terminal.getvalue()
    assert main([*map(str, arguments), *(["-o", "-"] if arguments[0] == "table" else [])]) == FINE
    assert "is written" not in terminal.getvalue().removeprefix(before)
