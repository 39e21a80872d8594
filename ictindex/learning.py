"""What units teach the strategies that compare them, as a value that is put together from parts of a table.

`learn` looks at one part. The lessons of several parts are merged in any order and any grouping, with exact numbers,
and are then what one look at all units gives, to the bit. A heading that compares what its rows earned can be learned
only after these rows: each such stage is one more look at every part (`learn(..., after=)`).

Problems: U310 a strategy that cannot be learned in parts, U312 stages that are not learned yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from ictindex.errors import Problem, WrongUse, retold
from ictindex.exactfits import exact_fits
from ictindex.filling import fill
from ictindex.learned import Learned, LearnedStage
from ictindex.messages import say
from ictindex.plan import Plan, Stage
from ictindex.strategies.base import FLOAT, Arithmetic, Fit, Lesson
from ictindex.table import Table


@frozen
class Lent:
    """What is used instead of fitting, by row of the matrix: floats, exact numbers, whether floats do not do."""

    fits: Mapping[int, Fit] = field(factory=dict)
    exact_fits: Mapping[int, Fit] | None = None
    doubt: bool = False


def stages_to_learn(plan: Plan) -> int:
    """Return how many looks at the units a scheme needs before it can be scored in parts; 0 where it compares none."""
    return len(_stages(plan))


def learn(plan: Plan, table: Table, *, after: Learned | None = None) -> Learned:
    """Return what the units of one part teach.

    Where a scheme needs several looks (`stages_to_learn`), `after` is what the earlier ones taught, of all parts.
    Raises TableInvalid where the scheme refuses cells, WrongUse where a strategy cannot be learned in parts.
    """
    check_mergeable(plan)
    stages = () if after is None else after.stages
    if after is not None:
        check_same(plan, after)
    learned = evolve(
        _nothing(plan) if after is None else after,
        units=len(table),
        pools=tuple(sorted({*(table.pool or ()), *(() if after is None else after.pools)})),
        declared=None,
    )
    if table.declared is not None:
        before = None if after is None else after.declared
        with of_declared():
            learned = evolve(learned, declared=learn(plan, table.declared, after=before))
    if len(stages) == stages_to_learn(plan):
        return learned
    stage, doubt = _look(_stages(plan)[len(stages)], table, lend(plan, after, table))
    return evolve(learned, stages=(*stages, stage), doubt=learned.doubt or doubt)


def learned_of_fits(plan: Plan, table: Table, fits: Mapping[int, Fit], exact: Mapping[int, Fit]) -> Learned:
    """Return what was learned when a table was fitted whole, from the fits in floats and in exact numbers."""
    check_mergeable(plan)
    names = _pool_names(table)
    stages = []
    for stage in _stages(plan):
        places = [place for place in stage.stages[-1].fits if place in fits]
        floats, exacts = (
            {plan.nodes[place].row.code: _lessons(plan, place, found.get(place), names) for place in places}
            for found in (fits, exact)
        )
        stages.append(LearnedStage(floats, exacts))
    pools = () if table.pool is None else tuple(names)
    return evolve(_nothing(plan), stages=tuple(stages), units=len(table), pools=pools)


def check_mergeable(plan: Plan) -> None:
    """Raise WrongUse (U310) where a strategy cannot be learned in parts, or units are made of several lines."""
    for node in plan.nodes:
        scale = node.scale
        if (
            scale is not None
            and scale.fitting != "none"
            and not (hasattr(scale, "lessons") and hasattr(scale, "fit_of"))
        ):
            message = say("{row} compares units in a way that cannot be learned in parts", row=node.row.label)
            raise WrongUse(Problem("U310", message, hint=say("score the whole table in one piece, on one machine")))
    if plan.scheme.merged != "refuse":
        message = say(
            "units of {scheme} may be made of several lines, which may stand in several parts", scheme=plan.scheme.id
        )
        raise WrongUse(Problem("U310", message, hint=say("score the whole table in one piece, on one machine")))


def check_same(plan: Plan, learned: Learned) -> None:
    """Raise WrongUse (U106) where something was learned for another scheme."""
    if learned.scheme_sha256 != plan.scheme.sha256:
        message = say("this was learned for {scheme}, or for another text of it", scheme=learned.scheme)
        raise WrongUse(Problem("U106", message, hint=say("learn anew, for the scheme that scores")))


def lend(plan: Plan, learned: Learned | None, table: Table) -> Lent:
    """Return the fits that were learned, with a number for each pool of the table, in the table's order of pools.

    Raises WrongUse for a pool that nothing was learned of, or another scheme.
    """
    if learned is None:
        return Lent()
    check_same(plan, learned)
    wanted = _pool_names(table)
    floats: dict[int, Fit] = {}
    exact: dict[int, Fit] = {}
    for stage in learned.stages:
        for code, lessons in stage.floats.items():
            place = plan.place(code)
            names = wanted if plan.pooled(place) else [""]
            _check_pools(names, learned)
            floats[place] = _fit_of(plan, place, _by_name(lessons, names), FLOAT)
            exact[place] = _fit_of(plan, place, _by_name(stage.exact[code], names), plan.arithmetic)
    return Lent(with_flats(floats, exact, plan.arithmetic), exact, learned.doubt)


def with_flats(fits: Mapping[int, Fit], exact: Mapping[int, Fit], maths: Arithmetic) -> Mapping[int, Fit]:
    """Return the fits in floats that know, from the exact ones, in which pools all numbers are equal."""
    known = {}
    for place, fit in fits.items():
        numbers = exact[place].numbers if place in exact else {}
        if {"low", "high"} <= numbers.keys():
            with maths.context():
                flat = np.asarray(numbers["high"] - numbers["low"] <= maths.tolerance, np.bool_)
            fit = evolve(fit, flat=flat)  # noqa: PLW2901 - the same fit, which knows more
        known[place] = fit
    return known


@contextmanager
def of_declared() -> Iterator[None]:
    """Tell what is wrong with self-declared figures of their own columns."""
    with retold(lambda one: evolve(one, where=evolve(one.where, cell=f"{one.where.cell}.self"))):
        yield


def check_complete(plan: Plan, learned: Learned | None) -> None:
    """Raise WrongUse (U312) where not every look was taken that the scheme needs."""
    missing = stages_to_learn(plan) - (0 if learned is None else len(learned.stages))
    if missing > 0:
        message = say(
            "{scheme} needs {count} more looks at the units before it can score", scheme=plan.scheme.id, count=missing
        )
        raise WrongUse(
            Problem("U312", message, hint=say("learn from every part again, with after= what was learned so far"))
        )


def _look(plan: Plan, table: Table, lent: Lent) -> tuple[LearnedStage, bool]:
    """Return what the last stage of a plan learns from a table, and whether a unit was in doubt on the way."""
    names = _pool_names(table)
    matrix = fill(plan, table, fits=lent.fits, ends=True)
    places = [place for place in plan.stages[-1].fits if place in matrix.fits]
    doubt = bool(matrix.doubt.any())
    exact = exact_fits(plan, table, matrix, known=lent.exact_fits, everyone=lent.doubt)
    floats, exacts = (
        {plan.nodes[place].row.code: _lessons(plan, place, fits.get(place), names) for place in places}
        for fits in (matrix.fits, exact)
    )
    return LearnedStage(floats, exacts), doubt


def _nothing(plan: Plan) -> Learned:
    """Return what is learned before anybody has looked."""
    return Learned(scheme=plan.scheme.id, scheme_sha256=plan.scheme.sha256, arithmetic=plan.arithmetic.name)


def _pool_names(table: Table) -> list[str]:
    """Return the names of a table's pools as a run numbers them, an empty one where the units are in none."""
    return [""] if table.pool is None else sorted(set(table.pool))


def _lessons(plan: Plan, place: int, fit: Fit | None, names: Sequence[str]) -> Mapping[str, Lesson]:
    scale: Any = plan.nodes[place].scale
    names = names if plan.pooled(place) else [""]
    found = [Lesson() for _ in names] if fit is None else scale.lessons(fit)
    return dict(zip(names, found, strict=True))


@lru_cache(maxsize=32)
def _stages(plan: Plan) -> tuple[Plan, ...]:
    """Return a plan for each look at the units: it runs what the fits of its last stage read, and nothing else."""
    found = []
    for number, stage in enumerate(plan.stages, 1):
        if not stage.fits:
            continue
        read = {place for fitted in stage.fits for place in plan.below(fitted)}
        stages = [
            Stage(
                tuple(step for step in one.steps if step.place in read),
                tuple(place for place in one.fits if place in read),
            )
            for one in plan.stages[:number]
        ]
        found.append(evolve(plan, stages=tuple(stages)))
    return tuple(found)


def _fit_of(plan: Plan, place: int, lessons: Sequence[Lesson], maths: Arithmetic) -> Fit:
    scale: Any = plan.nodes[place].scale
    with maths.context():
        fit: Fit = scale.fit_of(lessons, maths)
    return fit


def _by_name(lessons: Mapping[str, Lesson], names: Sequence[str]) -> list[Lesson]:
    """Return the lesson of each pool; a table without pools is the first pool, one lesson without a pool is for all."""
    if names == [""]:
        return [next(iter(lessons.values()), Lesson())]
    return [lessons.get(name, lessons.get("", Lesson())) for name in names]


def _check_pools(names: Sequence[str], learned: Learned) -> None:
    unknown = [name for name in names if name not in learned.pools]
    if learned.pools and names != [""] and unknown:
        message = say("the reference has no units of {pools}", pools=", ".join(unknown))
        raise WrongUse(Problem("U109", message, hint=say("add them to it")))
