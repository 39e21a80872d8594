"""A data set scored part by part into one Parquet file, with ranks among all units.

Whoever calls this holds what ranks are made of, a few numbers and the code of each unit, and nothing else: scores lie
in a file beside the output until the ranks are known. The output appears when it is whole.

Problems: U108 a file that cannot be written, U329 an output that is no Parquet file.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from ictindex.batches.parts import DataSet
from ictindex.batches.ranks import rank_data_set
from ictindex.batches.scoring import Decimal, learn_batches, learned_of, score_batches
from ictindex.errors import Location, Problem, WrongUse
from ictindex.formats.arrow import library, parquet_writer
from ictindex.formats.writing import replacing, spare, writable
from ictindex.layout import Keep
from ictindex.learned import Learned
from ictindex.learning import stages_to_learn
from ictindex.messages import say
from ictindex.notices import scheme_identity, scheme_notices
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.version import VERSION

Progress = Callable[[int, int], None]
"""(done, of): told after each batch of units."""

_OWN = "#"
"""With this begin the columns that ranks are made of."""


def score_data_set(
    plan: Plan,
    data: DataSet,
    output: str | os.PathLike[str],
    *,
    keep: Keep = "totals",
    reference: Result | Learned | None = None,
    executor: Executor | None = None,
    decimal: Decimal = "",
    progress: Progress | None = None,
) -> int:
    """Score a data set into a Parquet file with the columns of a written result; return how many units there are.

    With an executor its workers read, learn and score the parts; without one all is done here, part after part. `keep`
    says of which rows points are told. Raises TableInvalid with everything that is wrong, by file and line, or, where
    nothing is, with every unit that stands in two parts; WrongUse where parts or the output cannot be used, or the
    output is one of the parts (U115).
    """
    target = Path(output)
    if target.suffix.lower() != ".parquet":
        message = say("a data set is scored into a Parquet file")
        raise WrongUse(Problem("U329", message, Location(str(output)), say("name one that ends with .parquet")))
    spare(target, *{part.path for part in data})
    with _written(target) as (made, spool):
        learned = learned_of(plan, reference)
        if learned is None and stages_to_learn(plan):
            learned = learn_batches(plan, data, executor=executor, decimal=decimal)
        scored = score_batches(plan, data, reference=learned, keep=keep, executor=executor, decimal=decimal)
        ranked_on = list(_put_away(plan, scored, spool, target, len(data), progress))
        ranks = rank_data_set(plan, ranked_on, data, learned=learned, executor=executor, decimal=decimal)
        del ranked_on
        with writable(target):
            _write(plan, data.notes, spool, ranks, learned, made)
            made.flush()
    return len(data)


def _put_away(
    plan: Plan, scored: Iterable[Any], spool: IO[bytes], target: Path, size: int, progress: Progress | None
) -> Iterator[Any]:
    """Write the scores of each batch into the file beside the output, and yield what its ranks are made of."""
    pa = library()
    pool = plan.scheme.pools.by if plan.scheme.pools else ""
    writer, done = None, 0
    for batch in scored:
        names = batch.schema.names
        told = batch.select([name for name in names if not name.startswith(_OWN)])
        with writable(target):
            writer = writer or pa.ipc.new_stream(spool, told.schema)
            writer.write_batch(told)
        yield _copied(batch.select([name for name in names if name.startswith(_OWN) or name in ("unit", pool)]))
        done += len(batch)
        if progress is not None:
            progress(done, size)
    with writable(target):
        if writer is not None:
            writer.close()


def _copied(batch: Any) -> Any:
    """Return a batch in memory of its own: a column that came with others keeps all of them."""
    pa = library()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return pa.ipc.open_stream(sink.getvalue()).read_next_batch()


def _write(
    plan: Plan, notes: Sequence[str], spool: IO[bytes], ranks: Any, learned: Learned | None, made: IO[bytes]
) -> None:
    """Write the scores with the ranks in their places, batch by batch."""
    pa, first, writer = library(), 0, None
    told = [*scheme_notices(plan.scheme), *notes]
    spool.seek(0)
    with ExitStack() as stack:
        for batch in pa.ipc.open_stream(spool):
            columns = _ranked(plan, batch, ranks.slice(first, len(batch)))
            if told:
                columns["notice"] = pa.array(["; ".join(told)] * len(batch), pa.string()).dictionary_encode()
            table = pa.table(columns).replace_schema_metadata(_facts(plan, told, learned, ranks.num_rows))
            first += len(batch)
            if writer is None:
                writer = stack.enter_context(parquet_writer(made, table.schema))
            writer.write_table(table)


def _ranked(plan: Plan, batch: Any, ranks: Any) -> dict[str, Any]:
    """Return the columns of a batch with the rank under each total behind its score, as a written result has them."""
    leads = {f"{row.code}." if len(plan.totals) > 1 else "" for row in plan.scheme.totals}
    repeated = {f"{lead}level" for lead in leads} | ({plan.scheme.pools.by} if plan.scheme.pools else set())
    columns: dict[str, Any] = {}
    for name, cells in zip(batch.schema.names, batch.columns, strict=True):
        columns[name] = cells.dictionary_encode() if name in repeated else cells
        lead = name.removesuffix("score")
        if name == f"{lead}score" and lead in leads:
            columns[f"{lead}rank"] = ranks.column(f"{lead}rank").combine_chunks()
    return columns


def _facts(plan: Plan, told: Sequence[str], learned: Learned | None, units: int) -> dict[str, str]:
    """Return what must travel with the columns. There is no receipt: it would need all figures in one place."""
    identity = scheme_identity(plan.scheme)
    facts = {
        "scheme": identity["id"],
        "scheme_sha256": identity["sha256"],
        "provisional": json.dumps(plan.scheme.provisional),
        "notice": "\n".join(told),
        "units": str(units),
        "learned_sha256": "" if learned is None else learned.sha256,
        "version": VERSION,
    }
    return {f"ictindex.{key}": one for key, one in facts.items()}


@contextmanager
def _written(target: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Yield a file that takes the target's place when all went well, and one for what lies beside until then.

    Raises WrongUse (U108) where no file can be written there.
    """
    with replacing(target) as part, ExitStack() as stack:
        with writable(target):
            made = stack.enter_context(part.open("wb"))
            spool = stack.enter_context(tempfile.TemporaryFile(dir=target.parent))
        yield made, spool
