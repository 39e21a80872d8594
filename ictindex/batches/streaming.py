"""A file scored from beginning to end with a few blocks of it in memory: `ictindex score --block`.

The table is read once (CSV whose decimals have a comma twice) and put away as it is hashed; what its units teach, their
scores and the result are passes over that. In memory stay a block, the numbers that ranks are made on, and of each unit
some bytes that say where it stands. What is written is what scoring the whole table writes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen

from ictindex.assembling import ReadOptions
from ictindex.batches.hashing import result_hash, table_hash
from ictindex.batches.order import Gathered, exact_points, orders_of, ranks_of, settled_orders
from ictindex.batches.reading import ReadTable, read_into
from ictindex.batches.refused import in_order
from ictindex.batches.results import ResultSpool
from ictindex.batches.scoring import learned_of
from ictindex.batches.spool import TableSpool
from ictindex.batches.writing import Columns, writer_for
from ictindex.engine import options_of, run, run_part
from ictindex.errors import Problem, TableInvalid
from ictindex.filling import BLOCK
from ictindex.formats.blocks import blocks_of
from ictindex.formats.writing import spare
from ictindex.layout import Keep
from ictindex.learned import Learned, merge_learned
from ictindex.learning import check_mergeable, learn, stages_to_learn
from ictindex.notices import scheme_notices
from ictindex.plan import Plan
from ictindex.receipt import receipt_begun, receipt_ended, receipt_head
from ictindex.result import Result


@frozen(kw_only=True)
class Streamed:
    """What was done: how many units were scored, and what is to be told of the table."""

    units: int
    doubts: tuple[Problem, ...]
    receipt: Mapping[str, Any]


@frozen(kw_only=True)
class Stream:
    """How a file is scored in blocks: of so many units, with the points of which rows, learned from whom."""

    block: int = BLOCK
    keep: Keep = "all"
    reference: Result | Learned | None = None
    options: ReadOptions = field(factory=ReadOptions)


def score_file(
    plan: Plan, source: str, kind: Any, form: Any, target: str | None, how: Stream, say_text: Callable[[str], object]
) -> Streamed:
    """Score a file in a format of tables, and write the result in a format of results, block by block.

    Without a target the text goes to `say_text`. Raises TableInvalid with what is wrong with the table, WrongUse where
    something needs the whole table at once, or the target is the source (U115).
    """
    check_mergeable(plan)
    if target is not None:
        spare(target, source)
    write = writer_for(form, target, plan.scheme, say_text)
    blocks = blocks_of(source, kind, plan.scheme, how.options, how.block)
    with tempfile.TemporaryDirectory(prefix="ictindex-") as folder:
        table = TableSpool(Path(folder))
        try:
            read = read_into(table, blocks, plan.scheme, how.options)
            return _scored(plan, table, read, how, Path(folder), write)
        finally:
            table.close()


def _scored(plan: Plan, table: TableSpool, read: ReadTable, how: Stream, folder: Path, write: Any) -> Streamed:
    result = ResultSpool(folder, plan, table, how.keep)
    try:
        try:
            learned = _learned(plan, table, how)
            for part in table.blocks(how.block):
                result.add(run_part(plan, part, learned, keep=how.keep))
        except TableInvalid:
            _refuse(plan, table)
            raise
        result.ranks = _ranks(plan, table, result, learned)
        told = [*scheme_notices(plan.scheme), *read.notes]
        begun = receipt_begun(plan.scheme, table_hash(table), _options(plan, table, how))
        names = [column.name for column in result.columns(np.arange(1))]
        receipt = receipt_ended(begun, result_hash(result, receipt_head(begun), told, names))
        write(_columns(result, how.block), told, receipt)
    finally:
        result.close()
    return Streamed(units=table.size, doubts=read.doubts, receipt=receipt)


def _columns(result: ResultSpool, block: int) -> Iterator[Columns]:
    for start in range(0, result.size, block):
        yield result.columns(np.arange(start, min(start + block, result.size)))


def _learned(plan: Plan, table: TableSpool, how: Stream) -> Learned | None:
    """Return what the units teach, in as many passes as the scheme needs, or what the reference taught."""
    if how.reference is not None:
        return learned_of(plan, how.reference)
    learned: Learned | None = None
    for _ in range(stages_to_learn(plan)):
        learned = merge_learned(map(partial(learn, plan, after=learned), table.blocks(how.block)))
    return learned


def _refuse(plan: Plan, table: TableSpool) -> None:
    """Raise TableInvalid with what the scheme refuses in any block; no other unit decides what that is.

    The blocks are those of a run over the whole table, which tells what it refuses block by block.
    """
    errors = []
    for part in table.blocks(BLOCK):
        try:
            run(plan, part, keep="totals")
        except TableInvalid as error:
            errors.append(error)
    if errors:
        raise TableInvalid(in_order(plan, errors))


def _options(plan: Plan, table: TableSpool, how: Stream) -> dict[str, Any]:
    options = options_of(plan, table.first, how.reference)
    return options if how.keep == "all" else {**options, "keep": how.keep}


def _ranks(plan: Plan, table: TableSpool, result: ResultSpool, learned: Learned | None) -> Mapping[int, Any]:
    """Return the ranks at each total."""
    gathered = Gathered(
        size=table.size,
        labels=lambda: table.units.take(np.arange(table.size)),
        pools=table.pools,
        pool_names=table.pool_names,
        scored={place: np.concatenate(parts) for place, parts in result.scored.items()},
        keys={place: np.concatenate(parts) for place, parts in result.keys.items()},
        points={place: np.concatenate(parts) for place, parts in result.points.items()},
        errors=result.errors,
        grains=result.grains,
    )
    orders, unclear = orders_of(gathered)
    if unclear.any():
        orders = settled_orders(gathered, orders, _exact(plan, table, np.flatnonzero(unclear), list(orders), learned))
    return ranks_of(plan, gathered, orders)


def _exact(
    plan: Plan, table: TableSpool, units: Any, places: list[int], learned: Learned | None
) -> dict[int, list[Any]]:
    """Return the exact points of units that floats do not tell apart, at the rows that ranks are made on."""
    found: dict[int, list[Any]] = {}
    for start in range(0, len(units), BLOCK):
        some = units[start : start + BLOCK]
        found |= dict(zip(some.tolist(), exact_points(plan, table.take(some), learned, places), strict=True))
    return found
