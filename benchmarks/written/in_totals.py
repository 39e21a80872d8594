"""ictindex through its public API, keeping the totals alone: the row of each indicator is not kept for explanations."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from data import Workload

import ictindex
from written import Peer
from written.in_ictindex import answer, prepared

KEEP: dict[str, Any] = {"keep": "totals"} if "keep" in inspect.signature(ictindex.score).parameters else {}


def _scored(work: Workload) -> Callable[[], Any]:
    plan, table = prepared(work)

    def call() -> Any:
        result = ictindex.score(plan, table, **KEEP)
        return result.keys(), result.ranks(), result.levels()

    return call


PEER = Peer("ictindex, totals", "ictindex", version("ictindex"), {"W1": _scored, "W2": _scored}, answer)
