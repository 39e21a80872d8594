"""The grammar of schemes as one JSON Schema beside the schemes, for editors. Run it again when the grammar changes:

python docs/make_schema.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCHEMA = Path(__file__).parent.parent / "schemes" / "scheme.schema.json"


def schema() -> str:
    """Return what `ictindex schema` prints where no plugin is installed."""
    command = [sys.executable, "-m", "ictindex", "schema"]
    settings = os.environ | {"ICTINDEX_NO_PLUGINS": "1", "PYTHONUTF8": "1"}
    return subprocess.run(command, env=settings, check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8", newline="")
