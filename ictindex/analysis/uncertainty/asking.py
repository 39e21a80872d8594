"""One analysis of uncertainty from the question to the answer.

Problems: U273 a row without points; U274 nobody is ranked; U275 a number out of its range; U276 a unit without a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from numbers import Integral
from typing import Any

import numpy as np
from attrs import field, frozen

from ictindex.analysis.rescoring import refuse_merged, subject_of
from ictindex.analysis.uncertainty.answer import SURE, Effect, Stability, Uncertainty, UnitRanks, Varied
from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.draws import BLOCK, Draws, Factor, blocks
from ictindex.analysis.uncertainty.effects import intervals, sobol_effects
from ictindex.analysis.uncertainty.headings import weighted
from ictindex.analysis.uncertainty.leaving import indicators, left_out
from ictindex.analysis.uncertainty.reversing import MOST, changes, reversals
from ictindex.analysis.uncertainty.simulation import Progress, Simulation, computed
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.ranking import Ranks
from ictindex.result import Result
from ictindex.strategies.base import Array

MOST_DRAWS = 10_000_000

_KEPT = 2**26
"""So many ranks are kept at once, 128 MB; where there are more, the draws are made once for each part of the units."""

_BESIDE = 256
"""The ranks of so many units are sorted at once."""

_QUANTILES = (1 - SURE, 0.5, SURE)


@frozen(kw_only=True)
class Question:
    """What is asked of a result; the row is a code, `top` 0 is ten or a third of few units."""

    result: Result
    code: str
    assumptions: Assumptions
    draws: int
    seed: int
    top: int
    unit: str
    effect_draws: int
    leave_one_out: bool
    reversals: bool
    executor: Executor | None = None
    progress: Progress | None = None


@frozen(slots=False)
class _Counter:
    """Tells how much of the work is done."""

    whole: int
    progress: Progress | None
    done: list[int] = field(factory=lambda: [0])

    def __call__(self) -> None:
        self.done[0] += 1
        if self.progress is not None:
            self.progress(self.done[0], self.whole)


def answered(asked: Question) -> Uncertainty:
    """Return the answer. Raises WrongUse (U200, U273-U276) where the result or the numbers do not allow it."""
    result, code = asked.result, asked.code or asked.result.totals[0].code
    unit = -1 if not asked.unit else result.position(asked.unit)
    ranks = _ranks(result, code)
    _check(asked, ranks, unit)
    simulation = Simulation.of(result, code, asked.assumptions, asked.seed, asked.top)
    factors = simulation.factors if asked.effect_draws and len(simulation.factors) > 1 else ()
    windows = _windows(len(result.units), asked.draws)
    work = len(windows) * len(blocks(asked.draws)) + (len(factors) + 2 if factors else 0) * len(
        blocks(asked.effect_draws)
    )
    if asked.leave_one_out:
        work += len(indicators(result, code))
    if asked.reversals:
        work += min(MOST, len(changes(result, code)))
    done = _Counter(work, asked.progress)
    units, stability = _simulated(simulation, result, code, asked, windows, done)
    effects = _effects(simulation, asked, factors, unit, done) if factors else ()
    return Uncertainty(
        subject=subject_of(result),
        code=code,
        name=simulation.plan.nodes[simulation.place].row.name,
        draws=asked.draws,
        seed=asked.seed,
        varied=tuple(_varied(simulation, factor) for factor in simulation.factors),
        stability=stability,
        units=units,
        leave_one_out=tuple(left_out(result, code, simulation.top, done)) if asked.leave_one_out else (),
        effect_draws=asked.effect_draws if factors else 0,
        effects=tuple(effects),
        reversals=reversals(result, code, MOST, done, asked.executor) if asked.reversals else None,
    )


def _ranks(result: Result, code: str) -> Ranks:
    refuse_merged(result)
    ranks = result.ranks(code)
    if not result.scheme.row(code).max:
        message = say("the row {code} has no points, so nobody is ranked on it", code=code)
        raise WrongUse(Problem("U273", message, hint=say("choose a row that has points; `ictindex show` prints them")))
    if not (ranks > 0).any():
        message = say("no unit is ranked on the row {code}", code=code)
        raise WrongUse(Problem("U274", message, hint=say("choose another row, or complete the table")))
    return ranks


def _check(asked: Question, ranks: Ranks, unit: int) -> None:
    numbers: dict[str, tuple[Any, int, int]] = {
        "draws": (asked.draws, 1, MOST_DRAWS),
        "effect_draws": (asked.effect_draws, 0, MOST_DRAWS),
        "top": (asked.top, 0, MOST_DRAWS),
        "seed": (asked.seed, 0, 2**63),
    }
    for name, (number, least, most) in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or not least <= int(number) <= most:
            message = say("{name} cannot be {number}", name=name, number=number)
            hint = say("choose a whole number from {least} to {most}", least=least, most=most)
            raise WrongUse(Problem("U275", message, hint=hint))
    if unit >= 0 and not ranks[unit]:
        message = say("the unit '{unit}' is not ranked, so nothing can be said of its rank", unit=asked.unit)
        raise WrongUse(Problem("U276", message, hint=say("choose a unit that is ranked")))


def _windows(units: int, draws: int) -> list[slice]:
    width = max(1, _KEPT // draws)
    return [slice(start, min(start + width, units)) for start in range(0, units, width)]


# --- rank intervals ------------------------------------------------------------------------------------------------


def _simulated(
    simulation: Simulation,
    result: Result,
    code: str,
    asked: Question,
    windows: Sequence[slice],
    done: Callable[[], None],
) -> tuple[tuple[UnitRanks, ...], Stability]:
    """Return the ranks of each unit over the draws, and how the ranking holds."""
    sizes = blocks(asked.draws)
    facts = np.empty((7, len(result.units)))
    kept, moved = np.empty(asked.draws, np.int64), np.empty(asked.draws, np.int64)
    ahead: Array = np.zeros(len(simulation.order), np.int64)
    levels: Array = np.zeros((len(result.units), 0), np.int64)
    for number, window in enumerate(windows):
        ranks = np.empty((asked.draws, window.stop - window.start), simulation.ranker.dtype)
        tasks = ((Draws(asked.seed, block, size), window, not number) for block, size in sizes.items())
        start = 0
        for tally in computed(simulation, tasks, asked.executor, done):
            part = slice(start, start + len(tally.ranks))
            ranks[part], start = tally.ranks, part.stop
            if not number:
                kept[part], moved[part] = tally.kept, tally.moved
                ahead, levels = ahead + tally.ahead, tally.levels + (levels if levels.size else 0)
        _summed_up(ranks, simulation.top * simulation.ranker.times, facts[:, window])
    facts[:-1] /= simulation.ranker.times
    following = dict(zip(simulation.order.tolist(), (ahead / asked.draws).tolist(), strict=True))
    for at in (*simulation.breaks.tolist(), len(simulation.order) - 1):
        following.pop(int(simulation.order[at]), None)
    units = tuple(_units(simulation, result, code, facts, following, levels / asked.draws))
    return units, _stability(simulation, kept, moved, following)


def _summed_up(ranks: Array, top: int, out: Array) -> None:
    """Write the mean, best, 5 %, median, 95 % and worst rank of each unit, and its share among the first ones."""
    draws = len(ranks)
    places = [-(-draws * round(100 * share) // 100) - 1 for share in _QUANTILES]
    for start in range(0, ranks.shape[1], _BESIDE):
        part = np.ascontiguousarray(ranks[:, start : start + _BESIDE].T)
        part.sort(axis=1, kind="stable")  # for 16 bits, this is numpy's fastest
        where = slice(start, start + len(part))
        out[0, where] = part.sum(axis=1, dtype=np.int64) / draws
        for row, place in enumerate((0, *places, draws - 1), start=1):
            out[row, where] = part[:, place]
        out[6, where] = np.count_nonzero(part <= top, axis=1) / draws


def _units(
    simulation: Simulation, result: Result, code: str, facts: Array, ahead: dict[int, float], levels: Array
) -> Iterator[UnitRanks]:
    row = result.scheme.row(code)
    names = [] if row.levels is None else [level.name for level in row.levels.levels]
    ranks, published, reached = result.ranks(code), result.published(code), result.levels(code)
    codes, called, pools = result.units, result.names, result.table.pool
    unranked = np.setdiff1d(np.arange(len(codes)), simulation.order).tolist()
    lines, shares, nothing = facts.T.tolist(), levels.tolist(), [None] * len(facts)
    for unit in (*simulation.order.tolist(), *unranked):
        ranked = bool(ranks[unit])
        mean, best, low, median, high, worst, top = lines[unit] if ranked else nothing
        yield UnitRanks(
            unit=codes[unit],
            name=called[unit],
            pool="" if pools is None else pools[unit],
            rank=float(ranks[unit]) if ranked else None,
            published=published[unit],
            level=reached[unit],
            mean=mean,
            median=median,
            low=low,
            high=high,
            best=best,
            worst=worst,
            top=top,
            ahead=ahead.get(unit),
            levels=dict(zip(names, shares[unit], strict=True)),
        )


def _stability(simulation: Simulation, kept: Array, moved: Array, ahead: dict[int, float]) -> Stability:
    order, published = simulation.order.tolist(), simulation.published
    units, times, draws = len(order), simulation.ranker.times, len(kept)
    apart = [ahead[one] for one, other in pairwise(order) if one in ahead and published[one] < published[other]]
    return Stability(
        top=simulation.top,
        published=int(((published > 0) & (published <= simulation.top * times)).sum()),
        kept=float(kept.mean()),
        kept_sure=int(np.sort(kept)[draws - -(-draws * round(100 * SURE) // 100)]),
        shift=float(moved.sum() / draws / units / times),
        shift_sure=float(np.sort(moved)[-(-draws * round(100 * SURE) // 100) - 1] / units / times),
        neighbours=len(apart),
        unsure=sum(share < SURE for share in apart),
    )


# --- Sobol' effects ------------------------------------------------------------------------------------------------


def _effects(
    simulation: Simulation, asked: Question, factors: Sequence[Factor], unit: int, done: Callable[[], None]
) -> list[Effect]:
    """Return the effects of each factor on how far ranks move, and on a unit's rank where one is named."""
    sizes, count = blocks(asked.effect_draws), len(factors) + 2
    window = slice(0, 0) if unit < 0 else slice(unit, unit + 1)
    sides = [frozenset[Factor](), frozenset(factors), *(frozenset({factor}) for factor in factors)]
    tasks = (
        (Draws(asked.seed, block, size, other=other), window, True) for other in sides for block, size in sizes.items()
    )
    numbers = np.empty((2, count, asked.effect_draws))
    for at, tally in enumerate(computed(simulation, tasks, asked.executor, done)):
        side, block = divmod(at, len(sizes))
        where = slice(block * BLOCK, block * BLOCK + len(tally.moved))
        numbers[0, side, where] = tally.moved / len(simulation.order) / simulation.ranker.times
        numbers[1, side, where] = tally.ranks[:, 0] if unit >= 0 else 0
    told = [("shift", numbers[0])] + ([(asked.result.units[unit], numbers[1])] if unit >= 0 else [])
    return [one for on, (a, b, *mixed) in told for one in _effects_on(simulation, factors, on, a, b, np.array(mixed))]


def _effects_on(
    simulation: Simulation, factors: Sequence[Factor], on: str, a: Array, b: Array, mixed: Array
) -> Iterator[Effect]:
    first, total = sobol_effects(a, b, mixed)
    ends = intervals(a, b, mixed, simulation.seed)
    for at, factor in enumerate(factors):
        row = simulation.plan.nodes[factor.place].row if factor.kind == "weights" else None
        yield Effect(
            on=on,
            source=factor.kind,
            code="" if row is None else row.code,
            name="" if row is None else row.name,
            first=_known(first[at]),
            first_low=_known(ends[0, 0, at]),
            first_high=_known(ends[0, 1, at]),
            total=_known(total[at]),
            total_low=_known(ends[1, 0, at]),
            total_high=_known(ends[1, 1, at]),
        )


def _known(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _varied(simulation: Simulation, factor: Factor) -> Varied:
    assumed = simulation.assumptions
    if factor.kind == "weights":
        (heading,) = (one for one in simulation.headings if one.place == factor.place)
        rows = len(weighted(heading))
        return Varied(
            source="weights",
            code=heading.row.code,
            name=heading.row.name,
            rows=rows,
            spread=None if assumed.concentration is not None else assumed.weights,
            concentration=assumed.concentration_of(rows),
        )
    if factor.kind == "noise":
        return Varied(source="noise", spread=assumed.noise)
    if factor.kind == "normalization":
        return Varied(source="normalization", methods=assumed.normalization)
    if factor.kind == "aggregation":
        return Varied(source="aggregation", methods=assumed.aggregation)
    return Varied(source="missing", methods=assumed.missing)
