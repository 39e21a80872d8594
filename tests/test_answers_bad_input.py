"""What commands that answer questions do with input that cannot be meant: a problem and an exit code, in little time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ictindex.cli import FINE, PROBLEMS, WRONG_USE

TOP = Path(__file__).parent.parent
DTI = ("dti-922/2022-province", TOP / "schemes" / "dti-922" / "2022-province.example.csv")


@pytest.mark.parametrize("score", ["1e999999999", "-1e999999999", "0e999999999", "1e-999999999", "9" * 5000, "sNaN", ""])
def test_a_score_far_beyond_every_score_is_none(run: Any, score: str) -> None:
    found = run("climb", *DTI, "hcm", f"--to-score={score}")
    assert found.code == WRONG_USE and "U230" in found.err and len(found.err) < 300
