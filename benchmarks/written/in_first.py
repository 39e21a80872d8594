"""ictindex, the first score of a table: what a table knows of its columns afterwards is found out with the clock on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data import Workload
from timing import Fresh

from written import Peer
from written.in_ictindex import VERSION, answer, fresh, prepared, scored


def _call(work: Workload) -> Callable[[], Any]:
    plan, table = prepared(work)
    return Fresh(lambda: fresh(table), lambda new: scored(plan, new))


PEER = Peer("ictindex (first score)", "ictindex", VERSION, {"W1": _call, "W2": _call}, answer)
