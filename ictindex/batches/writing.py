"""Results written block by block, in the formats that can be: the same text or columns as when they are written whole.

Problems: U317 a format that needs the whole result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice
from typing import Any, Protocol

from ictindex.errors import Problem, WrongUse
from ictindex.formats.arrow import Columnar, ParquetFormat, facts_of, library, metadata_of, numbers_of, parquet_writer
from ictindex.formats.csv import CsvFormat
from ictindex.formats.writing import replacing, writable
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.receipt import receipt_line
from ictindex.result_columns import ResultColumn

Columns = Sequence[ResultColumn]

_TOGETHER = 4
"""So many blocks make a group of rows in a Parquet file: small groups make a large file."""


class BlockWriter(Protocol):
    """Writes a result block by block."""

    def __call__(self, blocks: Iterable[Columns], told: Sequence[str], receipt: Mapping[str, Any]) -> None:
        """Write the columns of each block; `told` is what every reader must be told."""


def writer_for(form: Any, path: str | None, scheme: Scheme, say_text: Callable[[str], object]) -> BlockWriter:
    """Return what writes in a format to a file, or as text to `say_text` where the path is None.

    Raises WrongUse (U317) where the format needs the whole result, or is no text and has no file.
    """
    if isinstance(form, CsvFormat):
        return partial(_write_csv, form, path, say_text)
    if isinstance(form, Columnar) and path is not None:
        return partial(_write_arrow, form, path, scheme)
    message = say("a result cannot be written in blocks in the format '{name}'", name=form.name)
    hint = say("write a CSV, Parquet or Arrow file with -o FILE, or leave --block away")
    raise WrongUse(Problem("U317", message, hint=hint))


def _write_csv(
    form: CsvFormat,
    path: str | None,
    say_text: Callable[[str], object],
    blocks: Iterable[Columns],
    told: Sequence[str],
    receipt: Mapping[str, Any],
) -> None:
    def texts() -> Iterator[str]:
        for number, columns in enumerate(blocks):
            head = "" if number else form.head_of_result(columns, told, receipt_line(receipt))
            yield head + form.lines_of_result(columns)

    if path is None:
        for text in texts():
            say_text(text)
        return
    with replacing(path) as part, writable(path), part.open("wb") as file:
        for text in texts():
            file.write(text.encode())


def _write_arrow(
    form: Columnar,
    path: str,
    scheme: Scheme,
    blocks: Iterable[Columns],
    told: Sequence[str],
    receipt: Mapping[str, Any],
) -> None:
    pa, known = library(), dict[str, dict[str, int]]()
    metadata = metadata_of(facts_of(scheme, told, receipt))
    tables = (_arrow_table(pa, columns, "; ".join(told), known) for columns in blocks)
    with replacing(path) as part, writable(path), ExitStack() as stack:
        writer = None
        while group := list(islice(tables, _TOGETHER)):
            if writer is None:
                schema = group[0].schema.with_metadata(metadata)
                writer = stack.enter_context(_arrow_writer(form, str(part), schema))
            if isinstance(form, ParquetFormat):
                group = [pa.concat_tables(group).unify_dictionaries()]
            for table in group:
                writer.write_table(table.replace_schema_metadata(metadata))


def _arrow_writer(form: Columnar, path: str, schema: Any) -> Any:
    """Return pyarrow's writer. A dictionary of an Arrow file may grow, and its earlier part must stay as it is."""
    if isinstance(form, ParquetFormat):
        return parquet_writer(path, schema)
    ipc = library("ipc")
    return ipc.new_file(path, schema, options=ipc.IpcWriteOptions(emit_dictionary_deltas=True))


def _arrow_table(pa: Any, columns: Columns, notice: str, known: dict[str, dict[str, int]]) -> Any:
    """Return columns as `formats.arrow.result_table` does; `known` are the texts of dictionaries so far."""
    made: dict[str, Any] = {}
    for column in columns:
        if column.is_number:
            made[column.name] = numbers_of(column.numbers)
        elif column.tells in ("level", "pool"):
            made[column.name] = _dictionary(pa, column.cells, known.setdefault(column.name, {}))
        else:
            made[column.name] = pa.array(list(column.cells), pa.string())
    if notice:
        made["notice"] = _dictionary(pa, [notice] * len(columns[0].cells), known.setdefault("notice", {}))
    return pa.table(made)


def _dictionary(pa: Any, cells: Sequence[Any], known: dict[str, int]) -> Any:
    """Return texts as numbers in a dictionary, which grows from block to block."""
    places = [None if cell is None else known.setdefault(cell, len(known)) for cell in cells]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(list(known), pa.string()))
