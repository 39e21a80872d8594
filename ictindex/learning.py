"""What units teach the strategies that compare them, as a value that is put together from parts of a table.

`learn` looks at one part. The lessons of several parts are merged in any order and any grouping, with exact numbers,
and are then what one look at all units gives, to the bit. A heading that compares what its rows earned can be learned
only after these rows: each such stage is one more look at every part (`learn(..., after=)`).

Problems: U310 a strategy that cannot be learned in parts, U311 parts that do not belong together, U312 stages that are
not learned yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.filling import fill
from ictindex.messages import say
from ictindex.plan import Plan, Stage
from ictindex.strategies.base import FLOAT, Arithmetic, Fit, Lesson
from ictindex.table import Table

Lessons = Mapping[str, Mapping[str, Lesson]]
"""By the row's code and then the pool's name; the name is empty where the row compares all units."""


@frozen
class LearnedStage:
    """What one look at the units teaches: in floats, and in exact numbers."""

    floats: Lessons
    exact: Lessons

    def merge(self, other: LearnedStage) -> LearnedStage:
        """Return what the units of both teach."""
        return LearnedStage(_merged(self.floats, other.floats), _merged(self.exact, other.exact))


@frozen(kw_only=True)
class Learned:
    """What units teach the strategies of one scheme that compare units; it can be merged, pickled and written.

    `stages` are in the order in which they are learned, and `units` is the number of lines that the last look saw.
    `pools` are the names of the pools that were met, empty where there are none. `doubt` says that a float could not
    tell on which side of a jump a unit is, so that whoever is scored with this is scored with exact numbers. `declared`
    is what the self-declared figures of the same units teach, where the table has them.
    """

    scheme: str
    scheme_sha256: str
    arithmetic: str
    stages: tuple[LearnedStage, ...] = ()
    units: int = 0
    pools: tuple[str, ...] = ()
    doubt: bool = False
    declared: Learned | None = field(default=None)

    def merge(self, other: Learned) -> Learned:
        """Return what the units of both teach. Raises WrongUse where they do not belong together."""
        return merge_learned([self, other])

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was learned, as `to_dict` writes it."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON; numbers are texts that say them exactly."""
        return {
            "learned": 1,
            "scheme": self.scheme,
            "scheme_sha256": self.scheme_sha256,
            "arithmetic": self.arithmetic,
            "units": self.units,
            "pools": list(self.pools),
            "doubt": self.doubt,
            "stages": [{"floats": _plain(one.floats), "exact": _plain(one.exact)} for one in self.stages],
            "declared": None if self.declared is None else self.declared.to_dict(),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Learned:
        """Return what `to_dict` wrote."""
        exact = Decimal if told["arithmetic"] == "decimal" else Fraction
        return cls(
            scheme=told["scheme"],
            scheme_sha256=told["scheme_sha256"],
            arithmetic=told["arithmetic"],
            units=told["units"],
            pools=tuple(told["pools"]),
            doubt=told["doubt"],
            stages=tuple(
                LearnedStage(_read(one["floats"], float.fromhex), _read(one["exact"], exact)) for one in told["stages"]
            ),
            declared=None if told["declared"] is None else cls.from_dict(told["declared"]),
        )


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


def merge_learned(parts: Iterable[Learned]) -> Learned:
    """Return what the units of all parts teach, whatever their order and grouping.

    Only the last look of each part is put together: the earlier ones must be those of all parts already. Raises
    WrongUse where there is no part, or the parts do not belong together.
    """
    found = list(parts)
    if not found:
        message = say("there is nothing to learn from: no part was given")
        raise WrongUse(Problem("U311", message, hint=say("learn from at least one part")))
    return reduce(_merge, found)


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
    try:
        yield
    except TableInvalid as error:
        at = (evolve(problem.where, cell=f"{problem.where.cell}.self") for problem in error.problems)
        raise TableInvalid(evolve(one, where=where) for one, where in zip(error.problems, at, strict=True)) from None


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
    moments = any(bool(matrix.fits[place].sums) for place in places)
    doubt = bool(matrix.doubt.any())
    units = np.arange(len(table)) if moments or doubt or lent.doubt else matrix.ends
    exact = fill(plan, table, plan.arithmetic, units=units, fits=lent.exact_fits or {}).fits
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


def _merge(one: Learned, other: Learned) -> Learned:
    same = (one.scheme_sha256, one.arithmetic, one.stages[:-1]) == (
        other.scheme_sha256,
        other.arithmetic,
        other.stages[:-1],
    )
    if not same or len(one.stages) != len(other.stages):
        message = say(
            "two parts do not belong together: they were learned for different schemes or after different looks"
        )
        raise WrongUse(Problem("U311", message, hint=say("learn every part for one scheme, after= the same looks")))
    stages = one.stages
    if stages:
        stages = (*stages[:-1], stages[-1].merge(other.stages[-1]))
    declared = one.declared or other.declared
    if one.declared is not None and other.declared is not None:
        declared = _merge(one.declared, other.declared)
    return evolve(
        one,
        stages=stages,
        units=one.units + other.units,
        pools=tuple(sorted({*one.pools, *other.pools})),
        doubt=one.doubt or other.doubt,
        declared=declared,
    )


def _merged(one: Lessons, other: Lessons) -> Lessons:
    """Return the lessons of both, in the order of rows and pools, so that it is the same whichever comes first."""
    found: dict[str, dict[str, Lesson]] = {}
    for code in sorted({*one, *other}):
        mine, more = one.get(code, {}), other.get(code, {})
        found[code] = {
            pool: mine.get(pool, Lesson()).merge(more.get(pool, Lesson())) for pool in sorted({*mine, *more})
        }
    return found


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


def _plain(lessons: Lessons) -> dict[str, Any]:
    return {code: {pool: _told(lesson) for pool, lesson in pools.items()} for code, pools in lessons.items()}


def _told(lesson: Lesson) -> dict[str, Any]:
    return {"low": _text(lesson.low), "high": _text(lesson.high), "sums": [str(Fraction(one)) for one in lesson.sums]}


def _text(number: Any) -> str | None:
    if number is None:
        return None
    return number.hex() if isinstance(number, float) else str(number)


def _read(told: Mapping[str, Any], number: Callable[[str], Any]) -> Lessons:
    def lesson(one: Mapping[str, Any]) -> Lesson:
        low, high = (None if one[end] is None else number(one[end]) for end in ("low", "high"))
        return Lesson(low, high, tuple(map(Fraction, one["sums"])))

    return {code: {pool: lesson(one) for pool, one in pools.items()} for code, pools in told.items()}
