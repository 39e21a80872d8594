"""Run a plan over a table: the one way from figures to scores."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from attrs import evolve

from ictindex.canonical import table_sha256
from ictindex.errors import Problem, WrongUse
from ictindex.exact import Settled
from ictindex.filling import BLOCK, fill
from ictindex.layout import Keep
from ictindex.learned import Learned
from ictindex.learning import (
    Lent,
    check_complete,
    check_mergeable,
    check_same,
    learned_of_fits,
    lend,
    of_declared,
    with_flats,
)
from ictindex.matrix import Matrix
from ictindex.merging import first_rows, merge_of, summed
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.strategies.base import Fit
from ictindex.table import Table


def run(
    plan: Plan,
    table: Table,
    *,
    reference: Result | Learned | None = None,
    block: int = BLOCK,
    keep: Keep = "all",
) -> Result:
    """Return the result of a table under a compiled scheme.

    `reference` is an earlier result of the same scheme, or what was learned from units, whose fitted parameters (this
    pool's lowest and highest, mean and deviation) are used instead of fitting again: so new units are scored without
    disturbing the others. `block` is the number of units worked on at once, and `keep` says which rows' points stay in
    memory; the others are filled again when one of them is first asked for. Neither ever changes a score.

    Raises TableInvalid where the scheme refuses cells of the table (all of them at once), WrongUse where the reference
    belongs to another scheme.
    """
    if reference is not None:
        check_reference(plan, reference)
    lent = _of_result(plan, reference, table) if isinstance(reference, Result) else lend(plan, reference, table)
    result = _scored(plan, table, lent, options_of(plan, table, reference), block, keep)
    if table.declared is not None:
        own = (reference.declared or reference) if isinstance(reference, Learned) else reference
        with of_declared():
            declared = run(plan, table.declared, reference=own, block=block, keep=keep)
        result = evolve(result, declared=declared)
    return result


def run_part(plan: Plan, table: Table, learned: Learned | None, *, block: int = BLOCK, keep: Keep = "all") -> Result:
    """Return the result of some of the units that something was learned from, as it is among all of them.

    Only the ranks are those among the units of the part. Raises as `run` does, and WrongUse where units may be made of
    several lines, or not everything is learned.
    """
    check_mergeable(plan)
    check_complete(plan, learned)
    result = _scored(plan, table, lend(plan, learned, table), options_of(plan, table), block, keep)
    if table.declared is not None:
        own = learned and (learned.declared or learned)
        with of_declared():
            declared = run_part(plan, table.declared, own, block=block, keep=keep)
        result = evolve(result, declared=declared)
    return result


def options_of(plan: Plan, table: Table, reference: Result | Learned | None = None) -> dict[str, Any]:
    """Return the choices that a receipt tells: the variant, those of the table, and who was learned from."""
    options: dict[str, Any] = {"variant": plan.scheme.variant or None, **table.options}
    if isinstance(reference, Result):
        options["reference"] = table_sha256(reference.given or reference.table)
    elif reference is not None:
        options["reference"] = reference.sha256
    return options


def check_reference(plan: Plan, reference: object) -> None:
    """Raise WrongUse where a reference is of another scheme, was not learned whole, or is none at all (U332)."""
    if isinstance(reference, Result):
        same_scheme(plan, reference)
    elif isinstance(reference, Learned):
        check_same(plan, reference)
        check_complete(plan, reference)
    else:
        message = say("{kind} is no reference", kind=type(reference).__name__)
        raise WrongUse(Problem("U332", message, hint=say("give a result, or what was learned from units")))


def _scored(plan: Plan, table: Table, lent: Lent, options: Mapping[str, Any], block: int, keep: Keep) -> Result:
    """Return the result of a table's own figures; what was declared beside them is not looked at."""
    given = table
    if plan.scheme.merged == "sum-of-inputs":
        table = summed(table, plan.scheme)
    merge = merge_of(table) if plan.scheme.merged == "mean-of-rows" else None
    filled = partial(_filled, plan, table, lent, block)
    settled = Settled(plan, table, filled, merge, lent.exact_fits, keep)
    return Result(plan, table if merge is None else first_rows(table, merge), settled, options, given=given)


def _filled(plan: Plan, table: Table, lent: Lent, block: int, *, keep: Keep) -> Matrix:
    matrix = fill(plan, table, fits=lent.fits, block=block, keep=keep)
    return evolve(matrix, doubt=np.ones_like(matrix.doubt)) if lent.doubt else matrix


def _of_result(plan: Plan, reference: Result, table: Table) -> Lent:
    """Return what an earlier result learned, for the pools of a table."""
    exact = _by_pool(plan, reference.settled.exact_fits(), reference.table, table)
    fits = _by_pool(plan, reference.fits, reference.table, table)
    return Lent(with_flats(fits, exact, plan.arithmetic), exact)


def learned_from(plan: Plan, reference: Result) -> Learned:
    """Return what the units of a result taught, as a value that goes anywhere. Raises WrongUse for another scheme."""
    same_scheme(plan, reference)
    table = reference.table
    return learned_of_fits(plan, table, reference.fits, reference.settled.exact_fits())


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
        sums={name: [sums[place] for place in places] for name, sums in fit.sums.items()},
    )
