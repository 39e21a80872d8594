"""The grammar of schemes as one JSON Schema beside the schemes, for editors, and that of the events of a round.

Run it again when one of them changes:

python docs/make_schema.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ictindex.yearly import round_schema

SCHEMA = Path(__file__).parent.parent / "schemes" / "scheme.schema.json"
ROUND = Path(__file__).parent / "round.schema.json"


def schema() -> str:
    """Return what `ictindex schema` prints where no plugin is installed."""
    command = [sys.executable, "-m", "ictindex", "schema"]
    settings = os.environ | {"ICTINDEX_NO_PLUGINS": "1", "PYTHONUTF8": "1"}
    return subprocess.run(command, env=settings, check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8", newline="")
    ROUND.write_text(json.dumps(round_schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="")
