"""Where a run puts each row's points: in a row of the matrix, or in scratch room that is used again block by block.

Of a million units a full matrix is hundreds of megabytes that most questions never look at. A run that keeps less
writes the points of a row into room for one block, and gives the room back once the heading above has taken them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, get_args

from attrs import frozen

from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.plan import Heading, Plan

Keep = Literal["all", "groups", "totals"]
"""Which rows a result keeps the points of: every row, the headings, or the totals and what decides their ranks."""


@frozen
class Layout:
    """For each row of the scheme its row of the matrix, or its scratch room, -1 where it has none of these.

    `kept` are the places of the matrix's rows, None where it has all of them; `rooms` is how much scratch is needed.
    """

    rows: tuple[int, ...]
    scratch: tuple[int, ...]
    kept: tuple[int, ...] | None
    rooms: int


def checked_keep(keep: str) -> Keep:
    """Return the word for what is kept. Raises WrongUse for another."""
    for known in get_args(Keep):
        if keep == known:
            return known  # type: ignore[no-any-return]
    hint = say("write one of: {words}", words=", ".join(get_args(Keep)))
    raise WrongUse(Problem("U290", say("'{word}' does not say what to keep", word=keep), hint=hint))


@lru_cache(maxsize=64)
def layout(plan: Plan, keep: Keep) -> Layout:
    """Return where a run of the plan puts the points of each row when it keeps so much."""
    size = len(plan.nodes)
    if keep == "all":
        return Layout(tuple(range(size)), (-1,) * size, None, 0)
    kept = tuple(sorted({*_asked(plan, keep), *_handed_on(plan)}))
    scratch, rooms = _rooms(plan, set(kept))
    return Layout(tuple(kept.index(place) if place in kept else -1 for place in range(size)), scratch, kept, rooms)


def _asked(plan: Plan, keep: Keep) -> Iterator[int]:
    """Yield the rows that the caller wants: the totals with what decides their ranks and levels, and the headings."""
    for place in plan.totals:
        yield from plan.rank_chain(place)
        levels = plan.nodes[place].row.levels
        for level in () if levels is None else levels.levels:
            yield from (plan.place(code) for code, _ in level.only_if)
    if keep == "groups":
        yield from (node.place for node in plan.nodes if isinstance(node, Heading))


def _handed_on(plan: Plan) -> Iterator[int]:
    """Yield the rows that outlive the block in which they are filled.

    A fit looks at all units at once, so what is filled before it and used after it is needed whole; the points below a
    steep heading are looked at once more when their errors are known.
    """
    made: dict[int, int] = {}
    for number, stage in enumerate(plan.stages):
        for step in stage.steps:
            node = plan.nodes[step.place]
            used = node.children if step.action == "combine" else (step.place,) if step.action == "scale" else ()
            plain = getattr(getattr(node, "measure", None), "plain", False)  # such numbers stay in their column
            yield from (place for place in used if made.get(place, number) < number and not plain)
            made[step.place] = number
        yield from (place for place in stage.fits if isinstance(plan.nodes[place], Heading))
    for heading in plan.steep:
        yield from heading.children
    yield from (node.place for node in plan.nodes if isinstance(node, Heading) and node.aggregation is None)


def _rooms(plan: Plan, kept: set[int]) -> tuple[tuple[int, ...], int]:
    """Give every other row the first room that is free from when it is filled until its heading is."""
    rooms, free = [-1] * len(plan.nodes), list[int]()
    count = 0
    for stage in plan.stages:
        for step in stage.steps:
            place = step.place
            # A number that waits for its fit is either a column of the table or kept.
            if place not in kept and rooms[place] < 0 and step.action != "measure":
                if not free:
                    free.append(count)
                    count += 1
                rooms[place] = free.pop()
            if step.action == "combine":
                free += [rooms[child] for child in plan.nodes[place].children if rooms[child] >= 0]
    return tuple(rooms), count
