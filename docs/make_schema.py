"""The JSON Schemas that lie beside what they are about: of schemes, of the events of a round, of every answer.

Run it again when one of them changes:

python docs/make_schema.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ictindex.questions import answer_kinds, answer_schema
from ictindex.yearly import round_schema

SCHEMA = Path(__file__).parent.parent / "schemes" / "scheme.schema.json"
ROUND = Path(__file__).parent / "round.schema.json"
ANSWERS = Path(__file__).parent / "answers"


def schema() -> str:
    """Return what `ictindex schema` prints where no plugin is installed."""
    command = [sys.executable, "-m", "ictindex", "schema"]
    settings = os.environ | {"ICTINDEX_NO_PLUGINS": "1", "PYTHONUTF8": "1"}
    return subprocess.run(command, env=settings, check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603


def answers() -> dict[str, str]:
    """Return the schema of each kind of answer, by the name of its file."""
    return {f"{kind}.schema.json": _text(answer_schema(kind)) for kind in answer_kinds()}


def _text(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8", newline="")
    ROUND.write_text(_text(round_schema()), encoding="utf-8", newline="")
    ANSWERS.mkdir(exist_ok=True)
    made = answers()
    for old in set(ANSWERS.glob("*.schema.json")) - {ANSWERS / name for name in made}:
        old.unlink()
    for name, text in made.items():
        (ANSWERS / name).write_text(text, encoding="utf-8", newline="")
