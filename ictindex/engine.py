"""Run a plan over a table: the one way from figures to scores."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from attrs import evolve

from ictindex.canonical import table_sha256
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.exact import Settled
from ictindex.filling import BLOCK, fill
from ictindex.layout import Keep
from ictindex.merging import first_rows, merge_of, summed
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.strategies.base import Fit
from ictindex.table import Table


def run(plan: Plan, table: Table, *, reference: Result | None = None, block: int = BLOCK, keep: Keep = "all") -> Result:
    """Return the result of a table under a compiled scheme.

    `reference` is an earlier result of the same scheme whose fitted parameters (this pool's lowest and highest, mean
    and deviation) are used instead of fitting again: so new units are scored without disturbing the others. `block`
    is the number of units worked on at once, and `keep` says which rows' points stay in memory; the others are filled
    again when they are first asked for. Neither ever changes a score.

    Raises TableInvalid where the scheme refuses cells of the table (all of them at once), WrongUse where the reference
    belongs to another scheme.
    """
    fits: Mapping[int, Fit] = {}
    exact_fits: Mapping[int, Fit] | None = None
    options: dict[str, Any] = {"variant": plan.scheme.variant or None, **table.options}
    if reference is not None:
        same_scheme(plan, reference)
        fits = _by_pool(plan, reference.fits, reference.table, table)
        exact_fits = _by_pool(plan, reference.settled.exact_fits(), reference.table, table)
        options["reference"] = table_sha256(reference.given or reference.table)
    declared, given = table.declared, table
    if plan.scheme.merged == "sum-of-inputs":
        table = summed(table, plan.scheme)
    merge = merge_of(table) if plan.scheme.merged == "mean-of-rows" else None
    filled = partial(fill, plan, table, fits=fits, block=block)
    settled = Settled(plan, table, filled, merge, exact_fits, keep)
    result = Result(plan, table if merge is None else first_rows(table, merge), settled, options, given=given)
    if declared is not None:
        result = evolve(result, declared=_run_declared(plan, declared, reference, block, keep))
    return result


def _run_declared(plan: Plan, declared: Table, reference: Result | None, block: int, keep: Keep) -> Result:
    """Score the self-declared figures; what is wrong with them is told of their own columns."""
    try:
        return run(plan, declared, reference=reference, block=block, keep=keep)
    except TableInvalid as error:
        at = (evolve(problem.where, cell=f"{problem.where.cell}.self") for problem in error.problems)
        raise TableInvalid(evolve(one, where=where) for one, where in zip(error.problems, at, strict=True)) from None


def same_scheme(plan: Plan, reference: Result) -> None:
    """Raise WrongUse where the reference was scored under another scheme."""
    if plan.scheme.sha256 != reference.scheme.sha256:
        message = say(
            "the reference was scored under {scheme}, revision {revision}",
            scheme=reference.scheme.id,
            revision=reference.scheme.revision,
        )
        hint = say("score the reference under {scheme} first", scheme=plan.scheme.id)
        raise WrongUse(Problem("U106", message, hint=hint))


def _by_pool(plan: Plan, fits: Mapping[int, Fit], learned: Table, table: Table) -> Mapping[int, Fit]:
    """Return the fits with a number for each pool of the table, in the table's order of pools.

    Raises WrongUse for a pool that the reference never saw.
    """
    if learned.pool is None or table.pool is None:
        return fits
    known, wanted = sorted(set(learned.pool)), sorted(set(table.pool))
    unknown = [pool for pool in wanted if pool not in known]
    if unknown and any(plan.pooled(place) for place in fits):
        message = say("the reference has no units of {pools}", pools=", ".join(unknown))
        raise WrongUse(Problem("U109", message, hint=say("add them to it")))
    places = [known.index(pool) for pool in wanted if pool in known]
    return {place: _picked(fit, places) if plan.pooled(place) else fit for place, fit in fits.items()}


def _picked(fit: Fit, places: list[int]) -> Fit:
    return Fit(
        {name: numbers[places] for name, numbers in fit.numbers.items()},
        {name: units[places] for name, units in fit.holders.items()},
    )
