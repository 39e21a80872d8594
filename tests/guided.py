"""The commands that a page of the documentation shows, and whether they print what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

from ictindex.cli import main

TOP = Path(__file__).parent.parent


def page(name: str) -> str:
    """The text of a page."""
    return (TOP / "docs" / name).read_text("utf-8")


def shown_in(name: str) -> list[tuple[str, str]]:
    """The commands that a page shows, without `ictindex`, each with what it prints; … stands for any lines."""
    return re.findall(r"```console\n\$ ictindex (.*?)\n(.*?)```", page(name), re.DOTALL)


def parts_printed(command: str, expected: str, capsys: Any, monkeypatch: Any) -> list[str]:
    """Run a command at the top of the project; return what the page shows between the …, all of which it printed."""
    monkeypatch.chdir(TOP)
    assert main(shlex.split(command)) == 0
    parts = [part.strip("\n") for part in expected.split("…\n")]
    assert re.fullmatch(".*".join(map(re.escape, parts)) + r"\n*", capsys.readouterr().out, re.DOTALL)
    return parts
