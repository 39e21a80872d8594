"""ictindex through its public API, keeping the points of every row: else they are made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data import Workload

from written import Peer
from written.in_ictindex import VERSION, answer, prepared, scored


def _call(work: Workload) -> Callable[[], Any]:
    plan, table = prepared(work)
    return lambda: scored(plan, table, keep="all")


PEER = Peer("ictindex (all rows kept)", "ictindex", VERSION, {"W1": _call, "W2": _call}, answer)
