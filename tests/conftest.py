"""Every test speaks English and keeps nothing unless it says otherwise, whatever the computer is set to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

os.environ["LC_ALL"] = "C.UTF-8"
os.environ["ICTINDEX_CACHE"] = "off"
pytest_plugins = ["pytester"]  # runs pytest itself, for the plugin that the package brings


class Run(NamedTuple):
    """What one call of the command line printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs the command line in this process."""
    from ictindex.cli import main

    def call(*arguments: str | Path) -> Run:
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as end:  # argparse ends by itself
            code = int(end.code or 0)
        told = capsys.readouterr()
        return Run(code, told.out, told.err)

    return call
