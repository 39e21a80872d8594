"""ictindex through its public API, keeping the totals alone: the row of each indicator is not kept for explanations."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from data import Workload

import ictindex
from written import Peer
from written.in_ictindex import VERSION, answer, prepared, scored

KEEP: dict[str, Any] = {"keep": "totals"} if "keep" in inspect.signature(ictindex.score).parameters else {}


def _call(work: Workload) -> Callable[[], Any]:
    plan, table = prepared(work)
    return lambda: scored(plan, table, **KEEP)


PEER = Peer("ictindex, totals", "ictindex", VERSION, {"W1": _call, "W2": _call}, answer)
