"""The ranking without one indicator, scored again by the engine in exact numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from attrs import evolve

from ictindex.analysis.rescoring import rescored
from ictindex.analysis.uncertainty.answer import LeftOutIndicator
from ictindex.plan import Leaf
from ictindex.result import Result
from ictindex.table import Column


def indicators(result: Result, code: str) -> list[Leaf]:
    """Return the indicators below a row that have points."""
    top, plan = result.plan.place(code), result.plan
    nodes = (plan.nodes[place] for place in plan.below(top) if place != top)
    return [node for node in nodes if isinstance(node, Leaf) and node.row.max]


def left_out(result: Result, code: str, top: int, done: Callable[[], None]) -> Iterator[LeftOutIndicator]:
    """Yield what becomes of the ranks without each indicator, the one that moves them most first.

    All of its points are reported as left out, for everybody: the scheme itself says where they are converted back. An
    indicator is not told of without which nobody has a score.
    """
    found = []
    for leaf in indicators(result, code):
        one = _without(result, code, leaf, top)
        done()
        if one is not None:
            found.append(one)
    yield from sorted(found, key=lambda one: -one.shift)


def _without(result: Result, code: str, leaf: Leaf, top: int) -> LeftOutIndicator | None:
    whole = np.full(len(result.units), float(math.ceil(leaf.row.max)))  # cut at the maximum, which may be a third
    columns = {**result.table.columns, f"{leaf.row.code}.excluded": Column(whole)}
    ranks, becomes = result.ranks(code), rescored(result, table=evolve(result.table, columns=columns)).ranks(code)
    both = (ranks > 0) & (becomes > 0)
    if not both.any():
        return None
    shifts = np.where(both, np.abs(becomes - ranks), -1)
    unit = int(np.argmax(shifts))
    return LeftOutIndicator(
        code=leaf.row.code,
        name=leaf.row.name,
        shift=float(shifts[both].mean()),
        most=float(shifts[unit]),
        unit=result.units[unit],
        unit_name=result.names[unit],
        rank=float(ranks[unit]),
        becomes=float(becomes[unit]),
        kept=int(((ranks > 0) & (ranks <= top) & (becomes > 0) & (becomes <= top)).sum()),
        units=int(both.sum()),
    )
