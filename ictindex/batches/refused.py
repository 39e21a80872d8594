"""What a scheme refuses in several blocks, in the order in which it is told of a whole table."""

from __future__ import annotations

from collections.abc import Sequence

from ictindex.errors import Problem, TableInvalid
from ictindex.messages import Text
from ictindex.plan import Leaf, Plan

_CELLS = ("T207", "T201", "T202")
"""Of each row in turn these are told first, before any unit is scored."""


def in_order(plan: Plan, errors: Sequence[TableInvalid]) -> list[Problem]:
    """Return the problems of blocks that follow one another; what is wrong with a whole column once."""
    rows = {f"{node.row.code} {node.row.name}": node.place for node in plan.nodes if isinstance(node, Leaf)}
    cells: list[tuple[tuple[int, int], Problem]] = []
    others: list[Problem] = []
    seen: set[str] = set()
    for error in errors:
        for problem in error.problems:
            if problem.code not in _CELLS:
                others.append(problem)
            elif problem.code != "T207" or str(problem) not in seen:
                seen.add(str(problem) if problem.code == "T207" else "")
                cells.append(((rows.get(_row(problem), len(rows)), _CELLS.index(problem.code)), problem))
    return [problem for _, problem in sorted(cells, key=lambda one: one[0])] + others


def _row(problem: Problem) -> str:
    """Return the row that a problem of cells names."""
    message: object = problem.message
    while isinstance(message, Text):
        if "row" in message.parts:
            return str(message.parts["row"])
        message = message.parts.get("problem")
    return ""
