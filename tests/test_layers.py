"""The house stands as docs/architecture.md says: imports run downward, start-up is light, files stay readable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
HEAVY = ("yaml", "jsonschema", "argparse", "ictindex.cli", "ictindex.formats.csv", "ictindex.documents.source")


def test_imports_run_downward() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports(no_cache=True))"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr


def modules_after(statement: str) -> set[str]:
    """Return the names of all modules that a fresh interpreter holds after the statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_package_loads_numpy_at_most() -> None:
    by_numpy = modules_after("import numpy, attrs")
    more = modules_after("import ictindex") - by_numpy
    assert not [name for name in HEAVY if name in more]


@pytest.mark.parametrize("path", sorted(TOP.glob("ictindex/**/*.py")), ids=lambda path: str(path.relative_to(TOP)))
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
