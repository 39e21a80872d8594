"""Ranks among all units, from what was scored in batches: keys and the units' codes are gathered, and nothing else.

Ranks on published scores are made on whole numbers. Ranks on exact points come from floats with a bound on their error;
units that are nearer to each other than that are looked at again, with exact numbers.

Problems: T031 a unit twice, U315 units that floats cannot tell apart, where the batches are not at hand, U316 what was
not scored in batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from ictindex.batches.order import Gathered, exact_points, orders_of, ranks_of, settled_orders
from ictindex.batches.parts import DataSet, Rows, rows_in
from ictindex.batches.scoring import Batches, Decimal, learn_batches, learned_of, numbered, rank_places, read_rows
from ictindex.batches.spool import hashes_of, same_hashes
from ictindex.columns import tell_twice
from ictindex.editing import taken
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.findings import Found
from ictindex.formats.arrow import library
from ictindex.learned import Learned
from ictindex.learning import stages_to_learn
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.ranking import Ranks
from ictindex.result import Result
from ictindex.strategies.base import Array, Mask, common
from ictindex.table import Table
from ictindex.working import done

Positions = npt.NDArray[np.intp]


def rank_batches(
    plan: Plan,
    scored: Iterable[Any],
    *,
    batches: Batches | None = None,
    reference: Result | Learned | None = None,
    executor: Executor | None = None,
    decimal: Decimal = "",
) -> Any:
    """Return an Arrow table with the rank of every unit that was scored in batches, in the order of `scored`.

    Its columns are `unit`, the pool where there are pools, and the ranks as a written result has them: float64, null
    for a unit that is not ranked. Of `scored`, the record batches of `score_batches`, only the units, the pools and the
    columns that begin with # are read. Where the scheme ranks on exact points, floats may not tell some units apart:
    these are looked up in the `batches` that were scored, with the same `reference`. Raises TableInvalid where a unit
    stands in several places, WrongUse where something is missing.
    """
    gathered, units, sizes = _gathered(plan, scored)
    _refuse_twice(units, sizes)
    return _ranked(plan, gathered, units, batches, learned_of(plan, reference), executor, decimal)


def rank_data_set(
    plan: Plan,
    scored: Iterable[Any],
    data: DataSet,
    *,
    learned: Learned | None,
    executor: Executor | None,
    decimal: Decimal,
) -> Any:
    """Return what `rank_batches` does, of a data set that was `scored` in its order: who is there twice has a line."""
    gathered, units, _ = _gathered(plan, scored)
    _refuse_twice_in_files(units, data)
    return _ranked(plan, gathered, units, data, learned, executor, decimal)


def _ranked(
    plan: Plan,
    gathered: Gathered,
    units: Any,
    batches: Batches | None,
    learned: Learned | None,
    executor: Executor | None,
    decimal: Decimal,
) -> Any:
    orders, unclear = orders_of(gathered)
    if unclear.any():
        if batches is None:
            count = int(unclear.sum())
            message = say(
                "floats do not tell the order of {count} units, which are ranked on exact points", count=count
            )
            raise WrongUse(Problem("U315", message, hint=say("give the batches that were scored too, with batches=")))
        if learned is None and stages_to_learn(plan):
            learned = learn_batches(plan, batches, executor=executor, decimal=decimal)
        exact = _exact_numbers(plan, units, unclear, batches, learned, executor, decimal)
        orders = settled_orders(gathered, orders, exact)
    return _table(plan, gathered, units, ranks_of(plan, gathered, orders))


def exact_batch(
    plan: Plan, batch: Any, units: Iterable[str], learned: Learned | None = None, decimal: Decimal = ""
) -> dict[str, list[Any]]:
    """Return the exact points of some units in one record batch, at the rows that ranks are made on by exact points.

    Keys are the units that the batch has; a number is a Fraction, or a Decimal where roots or logarithms enter. Raises
    as `score_batch` does.
    """
    return _exact(plan, read_rows(plan, Rows(batch), decimal), frozenset(units), learned)


def _exact(plan: Plan, table: Table, units: frozenset[str], learned: Learned | None) -> dict[str, list[Any]]:
    positions = [at for at, unit in enumerate(table.units) if unit in units]
    if not positions:
        return {}
    some = taken(table, np.array(positions, np.intp))
    _, places = rank_places(plan)
    return dict(zip(some.units, exact_points(plan, some, learned, places), strict=True))


def _gathered(plan: Plan, scored: Iterable[Any]) -> tuple[Gathered, Any, list[int]]:
    """Return what ranks are made of, the codes of the units as a column, and the sizes of the batches."""
    pa = library()
    published, exact = rank_places(plan)
    codes = {place: plan.nodes[place].row.code for place in (*published, *exact)}
    wanted = ["unit", *(f"#key {codes[place]}" for place in published)]
    wanted += [f"#{what} {codes[place]}" for place in exact for what in ("points", "error", "grain")]
    parts = []
    pool = plan.scheme.pools.by if plan.scheme.pools else ""
    for batch in scored:
        names = [*wanted, pool] if pool in batch.schema.names else wanted
        missing = [name for name in names if name not in batch.schema.names]
        if missing:
            message = say("the column {column} is missing, of which ranks are made", column=missing[0])
            raise WrongUse(Problem("U316", message, hint=say("give what score_batches returned, with all its columns")))
        parts.append(pa.table({name: batch.column(name) for name in names}))
    if not parts:
        message = say("there is nothing to rank: no batch was given")
        raise WrongUse(Problem("U316", message, hint=say("give what score_batches returned")))
    whole = pa.concat_tables(parts)
    units = whole.column("unit").cast(pa.string())

    def numbers(name: str) -> Array:
        return np.asarray(whole.column(name).fill_null(0).to_numpy())

    def has(name: str) -> Mask:
        return np.asarray(whole.column(name).is_valid().to_numpy())

    grains = {place: whole.column(f"#grain {codes[place]}").unique().to_pylist() for place in exact}
    pools = None
    if pool in whole.column_names:
        coded = whole.column(pool).combine_chunks().dictionary_encode()
        pools = (coded.indices.to_numpy(), coded.dictionary.to_pylist())
    gathered = Gathered(
        size=len(whole),
        labels=units.to_pylist,
        pools=None if pools is None else pools[0],
        pool_names=() if pools is None else pools[1],
        scored={place: has(f"#key {codes[place]}") for place in published}
        | {place: has(f"#points {codes[place]}") for place in exact},
        keys={place: numbers(f"#key {codes[place]}") for place in published},
        points={place: numbers(f"#points {codes[place]}") for place in exact},
        errors={place: float(numbers(f"#error {codes[place]}").max(initial=0.0)) for place in exact},
        grains={place: common(*found) for place, found in grains.items()},
    )
    return gathered, units, [len(part) for part in parts]


def _refuse_twice(units: Any, sizes: Sequence[int]) -> None:
    """Raise TableInvalid (T031) with every unit that stands in several batches."""
    batch_of = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    found = Found("batches")
    for unit, first, row in _repeated(units):
        places = {"batch": int(batch_of[row]), "first": int(batch_of[first])}
        message = say("the unit {unit} of batch {batch} is in batch {first} already", unit=unit, **places)
        found.add("T031", message, hint=say("keep one of the two"))
    found.raise_any()


def _refuse_twice_in_files(units: Any, data: DataSet) -> None:
    """Raise TableInvalid (T031) with every unit that stands in several lines of files."""
    found: dict[str, Found] = {}
    for unit, first, row in _repeated(units):
        source, line = data.place_of(row)
        other, before = data.place_of(first)
        tell_twice(found.setdefault(source, Found(source)), unit, before, line, file=other if other != source else "")
    if found:
        raise TableInvalid([problem for one in found.values() for problem in one.problems()])


def _repeated(units: Any) -> Iterator[tuple[str, int, int]]:
    """Yield each unit that was there before, with its first row and this one."""
    if not len(same_hashes([hashes_of(chunk.to_pylist()) for chunk in units.chunks])):
        return
    first: dict[str, int] = {}
    for row, unit in enumerate(units.to_pylist()):
        if first.setdefault(unit, row) != row:
            yield unit, first[unit], row


def _exact_numbers(
    plan: Plan,
    units: Any,
    unclear: Mask,
    batches: Batches,
    learned: Learned | None,
    executor: Executor | None,
    decimal: Decimal,
) -> dict[int, list[Any]]:
    """Return the exact points of the units that floats do not tell apart, by unit."""
    positions = np.flatnonzero(unclear)
    named = units.take(library().array(positions)).to_pylist()
    position_of = dict(zip(named, positions.tolist(), strict=True))
    work = _Look(plan, frozenset(position_of), learned, decimal)
    found: dict[str, list[Any]] = {}
    for some in done(_exact_units, work, numbered(batches), executor):
        found |= some
    lost = [unit for unit in position_of if unit not in found]
    if lost:
        message = say("the batches do not have the unit {unit}, which was scored", unit=lost[0])
        raise WrongUse(Problem("U316", message, hint=say("give the batches that were scored")))
    return {position_of[unit]: numbers for unit, numbers in found.items()}


@frozen
class _Look:
    plan: Plan
    units: frozenset[str]
    learned: Learned | None
    decimal: Decimal


def _exact_units(work: _Look, piece: Any, number: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for rows in rows_in(piece, number):
        found |= _exact(work.plan, read_rows(work.plan, rows, work.decimal), work.units, work.learned)
    return found


def _table(plan: Plan, gathered: Gathered, units: Any, found: Mapping[int, Ranks]) -> Any:
    """Return the ranks under each total, beside the units."""
    pa = library()
    made: dict[str, Any] = {"unit": units}
    if gathered.pools is not None and plan.scheme.pools is not None:
        made[plan.scheme.pools.by] = pa.array(gathered.pool_names, pa.string()).take(pa.array(gathered.pools))
    for place, ranks in found.items():
        name = "rank" if len(plan.totals) == 1 else f"{plan.nodes[place].row.code}.rank"
        made[name] = pa.array(ranks.astype(np.float64), mask=ranks == 0)
    return pa.table(made)
