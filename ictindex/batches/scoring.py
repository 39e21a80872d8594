"""Scores of Arrow record batches, each a pure function of a plan, a batch and what was learned from all of them.

What comes back has the columns of a written result (`result_columns`) but for the ranks, which need everybody, and
beside them what ranks are made of, in columns whose names begin with #: `ranks` puts them together.

Problems: U313 figures that were typed, without the sign before decimals; U314 batches that can be gone through once;
U333 what is no record batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from typing import Any, Literal

import numpy as np
from attrs import frozen

from ictindex.assembling import ReadOptions
from ictindex.batches.parts import Part, Rows
from ictindex.batches.refused import of_piece, told_together
from ictindex.cells import shown
from ictindex.engine import learned_from, run, run_part
from ictindex.errors import Location, Problem, TableInvalid, WrongUse
from ictindex.figures import stated_sign
from ictindex.findings import Found
from ictindex.formats.arrow import library, notes_in, numbers_of, read_arrow
from ictindex.formats.unit_lists import read_units
from ictindex.headers import Columns
from ictindex.layout import Keep, checked_keep
from ictindex.learned import Learned, merge_learned
from ictindex.learning import learn, stages_to_learn
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.result_columns import result_columns
from ictindex.table import Table
from ictindex.working import done

Batches = Iterable[Any] | Callable[[], Iterable[Any]]
"""Record batches, or parts of files (`parts`): an iterable, or a function that returns one anew each time."""

Decimal = Literal["", "point", "comma"]
"""The sign before the decimals of figures that are texts."""


def learn_batch(plan: Plan, batch: Any, after: Learned | None = None, decimal: Decimal = "") -> Learned:
    """Return what the units of one record batch teach; several are put together with `merge_learned`.

    `after` is what earlier looks at all batches taught, where the scheme needs several (`stages_to_learn`). Raises
    TableInvalid with everything that is wrong with the batch, WrongUse where the scheme cannot be learned in parts.
    """
    return learn(plan, read_rows(plan, Rows(batch), decimal), after=after)


def score_batch(
    plan: Plan, batch: Any, learned: Learned | None = None, keep: Keep = "totals", decimal: Decimal = ""
) -> Any:
    """Return the scores of one record batch as a record batch, a line for each unit in the same order.

    `learned` is what the units of all batches teach, where the scheme compares them; `keep` says of which rows points
    are told: of the `totals`, of all headings (`groups`), or of `all` rows. Texts are plain strings, scores and points
    float64, null where there is none. Raises TableInvalid with everything that is wrong with the batch, WrongUse where
    something was not learned.
    """
    return _scores(plan, read_rows(plan, Rows(batch), decimal), learned, keep)


def _scores(plan: Plan, table: Table, learned: Learned | None, keep: Keep) -> Any:
    pa, keep = library(), checked_keep(keep)
    result = run_part(plan, table, learned, keep=keep)
    made: dict[str, Any] = {}
    for column in result_columns(result, keep, ranked=False):
        texts = not column.is_number
        made[column.name] = pa.array(list(column.cells), pa.string()) if texts else numbers_of(column.numbers)
    return pa.record_batch(made | _ranked_on(pa, result))


def learn_batches(
    plan: Plan, batches: Batches, *, executor: Executor | None = None, decimal: Decimal = ""
) -> Learned | None:
    """Return what the units of all batches teach, in as many passes as the scheme needs; None where it compares none.

    With an executor its workers look at the batches. Raises TableInvalid in the end, with everything that is wrong with
    any batch, and WrongUse (U314) where there are more passes than the batches can be gone through.
    """
    looks = stages_to_learn(plan)
    if looks > 1:
        check_again(plan, batches)
    learned: Learned | None = None
    for _ in range(looks):
        work = _Learning(plan, learned, decimal)
        try:
            learned = merge_learned(told_together(done(_learned, work, numbered(batches), executor)))
        except TableInvalid:
            _refuse(work, batches, executor)
            raise
    return learned


def _refuse(work: _Learning, batches: Batches, executor: Executor | None) -> None:
    """Raise TableInvalid with all that is wrong with any batch: who learns looks at some rows of the scheme only."""
    if callable(batches) or not isinstance(batches, Iterator):
        for _ in told_together(done(_tried, work, numbered(batches), executor)):
            pass


def score_batches(
    plan: Plan,
    batches: Batches,
    *,
    reference: Result | Learned | None = None,
    keep: Keep = "totals",
    executor: Executor | None = None,
    decimal: Decimal = "",
) -> Iterator[Any]:
    """Yield the scores of each record batch that has rows, as `score_batch` returns them, in the order of the batches.

    Where the scheme compares units, all batches are gone through to learn from them first: they are a list, a dataset,
    or a function that returns them. With `reference`, an earlier result or what was learned before, its units are
    learned from instead. With an executor its workers score, some batches at a time. Raises TableInvalid
    in the end, with everything that is wrong with any batch (from the first of them on nothing more is yielded),
    WrongUse as `score_batch` does, and where batches that can be gone through once would be needed twice (U314).
    """
    if stages_to_learn(plan) and reference is None:
        check_again(plan, batches)
        learned = learn_batches(plan, batches, executor=executor, decimal=decimal)
    else:
        learned = learned_of(plan, reference)
    work = _Scoring(plan, learned, keep, decimal)
    for scored in told_together(done(_scored, work, numbered(batches), executor)):
        yield from scored


def learned_of(plan: Plan, reference: Result | Learned | None) -> Learned | None:
    """Return what a reference teaches. Raises WrongUse where it is of another scheme."""
    return learned_from(plan, reference) if isinstance(reference, Result) else reference


def read_rows(plan: Plan, rows: Rows, decimal: Decimal = "") -> Table:
    """Return the table in a record batch. Raises TableInvalid with everything that is wrong, WrongUse (U313)."""
    if not (decimal or stated_sign("", notes_in(rows.batch.schema.metadata), Found(""))[0]):
        _check_typed(plan, rows)
    options = ReadOptions(decimal=decimal, list_reader=read_units, before=rows.before)
    return read_arrow(rows.batch, plan.scheme, options, name=rows.source)


def each(batches: Batches) -> Iterable[Any]:
    """Return the record batches, from their beginning. Raises WrongUse (U333) where there can be none."""
    found: Any = batches() if callable(batches) else batches
    if hasattr(found, "to_batches"):
        return found.to_batches()  # type: ignore[no-any-return]
    if isinstance(found, library().RecordBatch):
        return [found]
    if isinstance(found, str | bytes | Mapping) or not isinstance(found, Iterable):
        raise _no_batches(found)
    return found


def numbered(batches: Batches) -> Iterator[tuple[Any, int]]:
    """Yield the record batches that have rows, or parts, from their beginning, with their numbers."""
    for at, batch in enumerate(each(batches), start=1):
        if not isinstance(batch, Part | library().RecordBatch):
            raise _no_batches(batch)
        if isinstance(batch, Part) or batch.num_rows:
            yield batch, at


def _no_batches(found: Any) -> WrongUse:
    message = say("{kind} is no record batch", kind=type(found).__name__)
    hint = say("give a list of Arrow record batches, a dataset, or a function that returns them")
    return WrongUse(Problem("U333", message, hint=hint))


def check_again(plan: Plan, batches: Batches) -> None:
    """Raise WrongUse (U314) where batches that are needed several times can be gone through only once."""
    if callable(batches) or not isinstance(batches, Iterator):
        return
    message = say("{scheme} compares units, so the batches are needed more than once", scheme=plan.scheme.id)
    hint = say("give a list, a dataset, or a function that returns the batches; or learn first, and give a reference")
    raise WrongUse(Problem("U314", message, hint=hint))


def _check_typed(plan: Plan, rows: Rows) -> None:
    """Raise WrongUse (U313) where figures are texts with signs in them: the cells of another batch could say which."""
    pa, batch = library(), rows.batch
    names = [field.name for field in batch.schema]
    targets = Columns(plan.scheme).resolve(names, Found(""), 0, pooled=True)
    for name, field, target in zip(names, batch.schema, targets, strict=True):
        if target is None or target.rule is None or not target.rule.numeric:
            continue
        if not (pa.types.is_string(field.type) or pa.types.is_large_string(field.type)):
            continue
        signed = pa.compute.match_substring_regex(batch.column(name), "[0-9][.,][0-9]")
        if pa.compute.any(signed).as_py():
            message = say("figures of {column} are texts, and other parts may write them otherwise", column=shown(name))
            hint = say("make numbers of them, or say how they are written: --decimal comma for 12,5, point for 12.5")
            raise WrongUse(Problem("U313", message, Location(rows.source, cell=name), hint))


def rank_places(plan: Plan) -> tuple[list[int], list[int]]:
    """Return the rows of the matrix that ranks are made on: by published scores, and by exact points."""
    published: list[int] = []
    exact: list[int] = []
    for total in plan.totals:
        on = published if plan.nodes[total].row.rank.on == "published" else exact
        on += [place for place in plan.rank_chain(total) if place not in on]
    return published, exact


def _ranked_on(pa: Any, result: Result) -> dict[str, Any]:
    """Return the columns that ranks are made of."""
    settled, matrix = result.settled, result.settled.matrix
    published, exact = rank_places(result.plan)
    made: dict[str, Any] = {}
    for place in published:
        code = result.plan.nodes[place].row.code
        made[f"#key {code}"] = pa.array(settled.keys(place), mask=~matrix.scored(place))
    for place in exact:
        code, size = result.plan.nodes[place].row.code, settled.size
        made[f"#points {code}"] = pa.array(settled.row(place), mask=~matrix.scored(place))
        made[f"#error {code}"] = pa.array(np.full(size, matrix.errors[place]))
        made[f"#grain {code}"] = pa.array([settled.grain(place)] * size, pa.int64())
    return made


@frozen
class _Learning:
    plan: Plan
    after: Learned | None
    decimal: Decimal


@frozen
class _Scoring:
    plan: Plan
    learned: Learned | None
    keep: Keep
    decimal: Decimal


def _learned(work: _Learning, piece: Any, number: int) -> Learned | TableInvalid:
    def learn_one(rows: Rows) -> Learned:
        return learn(work.plan, read_rows(work.plan, rows, work.decimal), after=work.after)

    found = of_piece(learn_one, piece, number)
    return found if isinstance(found, TableInvalid) else merge_learned(found)


def _tried(work: _Learning, piece: Any, number: int) -> list[Any] | TableInvalid:
    """Score a piece as if nobody else were there: no other unit decides what is refused."""

    def try_one(rows: Rows) -> None:
        run(work.plan, read_rows(work.plan, rows, work.decimal), keep="totals")

    return of_piece(try_one, piece, number)


def _scored(work: _Scoring, piece: Any, number: int) -> list[Any] | TableInvalid:
    def score_one(rows: Rows) -> Any:
        return _scores(work.plan, read_rows(work.plan, rows, work.decimal), work.learned, work.keep)

    return of_piece(score_one, piece, number)
