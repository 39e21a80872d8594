"""One analysis of uncertainty from the question to the answer.

Problems: U273 a row without points; U274 nobody is ranked; U275 a number out of its range; U276 a unit without a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from numbers import Integral
from typing import Any

import numpy as np
from attrs import field, frozen

from ictindex.analysis.rescoring import refuse_merged, subject_of
from ictindex.analysis.uncertainty.answer import Effect, Uncertainty, Varied
from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.draws import BLOCK, Draws, Factor, blocks
from ictindex.analysis.uncertainty.effects import intervals, sobol_effects
from ictindex.analysis.uncertainty.headings import weighted
from ictindex.analysis.uncertainty.leaving import indicators, left_out
from ictindex.analysis.uncertainty.reversing import MOST, changes, reversals
from ictindex.analysis.uncertainty.simulation import Progress, Simulation, computed
from ictindex.analysis.uncertainty.summary import summed_up, windows
from ictindex.analysis.uncertainty.units import unit_lines
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.ranking import Ranks
from ictindex.result import Result
from ictindex.strategies.base import Array

MOST_DRAWS = 10_000_000


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
    units = len(result.units)
    parts = windows(units, asked.draws, (units + 1) * simulation.ranker.times)
    work = len(parts) * len(blocks(asked.draws)) + (len(factors) + 2 if factors else 0) * len(
        blocks(asked.effect_draws)
    )
    if asked.leave_one_out:
        work += len(indicators(result, code))
    if asked.reversals:
        work += min(MOST, len(changes(result, code)))
    done = _Counter(work, asked.progress)
    facts, ahead, levels, stability = summed_up(simulation, asked.seed, asked.draws, parts, asked.executor, done)
    effects = _effects(simulation, asked, factors, unit, done) if factors else ()
    return Uncertainty(
        subject=subject_of(result),
        code=code,
        name=simulation.plan.nodes[simulation.place].row.name,
        draws=asked.draws,
        seed=asked.seed,
        varied=tuple(_varied(simulation, factor) for factor in simulation.factors),
        stability=stability,
        units=unit_lines(simulation, result, code, facts, ahead, levels),
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


# --- Sobol' effects ------------------------------------------------------------------------------------------------


def _effects(
    simulation: Simulation, asked: Question, factors: Sequence[Factor], unit: int, done: Callable[[], None]
) -> list[Effect]:
    """Return the effects of each factor on how far ranks move, and on a unit's rank where one is named."""
    sizes, count = blocks(asked.effect_draws), len(factors) + 2
    place = 0 if unit < 0 else int(np.flatnonzero(simulation.order == unit)[0])
    window = slice(place, place + (unit >= 0))
    sides = [frozenset[Factor](), frozenset(factors), *(frozenset({factor}) for factor in factors)]
    tasks = (
        (Draws(asked.seed, block, size, other=other), window, True) for other in sides for block, size in sizes.items()
    )
    numbers = np.empty((2, count, asked.effect_draws))
    for at, tally in enumerate(computed(simulation, tasks, asked.executor, done)):
        side, block = divmod(at, len(sizes))
        where = slice(block * BLOCK, block * BLOCK + len(tally.moved))
        numbers[0, side, where] = tally.moved / simulation.ranked / simulation.ranker.times
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
