"""What is wrong with several blocks or parts, gathered to be told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from ictindex.batches.parts import Rows, rows_in
from ictindex.errors import MOST_KEPT, Problem, TableInvalid
from ictindex.messages import Text
from ictindex.plan import Leaf, Plan

R = TypeVar("R")

_CELLS = ("T207", "T201", "T202")
"""Of each row in turn these are told first, before any unit is scored."""


def of_piece(work: Callable[[Rows], R], piece: Any, number: int) -> list[R] | TableInvalid:
    """Return what a piece of work gives for each record batch of a part, or everything that is wrong with them."""
    found: list[R] = []
    wrong: list[Problem] = []
    batches = rows_in(piece, number)
    while True:
        try:
            rows = next(batches, None)
            if rows is None:
                return TableInvalid(wrong) if wrong else found
            found.append(work(rows))
        except TableInvalid as error:
            wrong += error.problems


def told_together(results: Iterable[R | TableInvalid]) -> Iterator[R]:
    """Yield what parts gave until something is wrong with one; then raise TableInvalid with all that is, in the end.

    What is wrong beyond single lines, such as a column that is missing, is told of the first part that has it. With
    very many problems nobody looks for more.
    """
    wrong: list[Problem] = []
    told: set[tuple[str, str, str]] = set()
    for found in results:
        if not isinstance(found, TableInvalid):
            if not wrong:
                yield found
            continue
        for problem in found.problems:
            beyond_lines = (problem.code, problem.message, problem.where.cell)
            alone = problem.where.line or problem.count > 1
            if alone or beyond_lines not in told:
                wrong.append(problem)
            if not alone:
                told.add(beyond_lines)
        if len(wrong) >= MOST_KEPT:
            break
    if wrong:
        raise TableInvalid(wrong)


def in_order(plan: Plan, errors: Sequence[TableInvalid]) -> list[Problem]:
    """Return what a scheme refuses in blocks that follow one another, in the order that it has in a whole table.

    What is wrong with a whole column is told once.
    """
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
