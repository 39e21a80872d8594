"""Parquet and Arrow IPC (Feather) files, and Arrow tables in memory. pyarrow is imported in this file only, when used.

A file is read batch by batch: numbers are kept as arrays with a mask, and only texts become Python objects, each
different one once. A null is a missing cell. NaN is not: it is the outcome of a calculation, and refused as a number.
Results are written with nulls where there is no score; the scheme, the notices and the receipt are in the metadata.

Problems: T084 an object that cannot be read as a table, T086 a file of another kind, T087 a damaged file, U167 pyarrow
or narwhals is not installed.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import IO, Any, ClassVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from ictindex.assembling import RawColumn, ReadOptions, assemble_columns
from ictindex.cells import clean
from ictindex.errors import IctIndexError, Location, Problem, TableInvalid, WrongUse, reason_of
from ictindex.findings import Found, Heading
from ictindex.formats import Readable, opening, source_name
from ictindex.formats.arrow_columns import NAMELESS_INDEX, Pieces, refuse_nameless_index, refuse_nested
from ictindex.formats.arrow_results import written_columns
from ictindex.formats.text import notices
from ictindex.formats.written import Written, no_result
from ictindex.messages import Text, say
from ictindex.model import Input, InputKind, Scheme
from ictindex.notices import scheme_identity
from ictindex.result import Result
from ictindex.table import CellState, Column, Table
from ictindex.typed import typed_columns

BATCH = 65_536
"""So many rows are read at once."""

_BUFFER = 1 << 16
"""So many bytes of each column of a Parquet file are read at once: with more, a file would be in memory as a whole."""

_PARQUET, _ARROW, _FEATHER_1, _ARROW_STREAM = b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"
_KINDS = {
    _PARQUET: say("this is a Parquet file"),
    _ARROW: say("this is an Arrow file"),
    _FEATHER_1: say("this is a Feather file of version 1"),
    b"PK\x03\x04": say("this is an Excel workbook or a zip file"),
    b"\xd0\xcf\x11\xe0": say("this is an old Excel workbook (.xls)"),
}
_NOTES = b"ictindex.notes"


class Columnar:
    """What both formats do alike. Each says how its file begins, how it is opened, and how it is written."""

    beginnings: ClassVar[tuple[bytes, ...]]
    kind: ClassVar[Text]

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table in a file or an open stream of bytes. Raises TableInvalid with everything that is wrong."""
        return _read_file(source, scheme, options, self)

    def read_result(self, source: Readable) -> Written:
        """Return the result in a file or stream. Raises ResultInvalid where there is none, TableInvalid."""
        return _read_result(source, self)

    def write(self, result: Result) -> bytes:
        """Return the columns of a result (`Result.to_columns`) as the bytes of a file."""
        return self.packed(result_table(result))

    def write_table(self, table: Table, scheme: Scheme) -> bytes:
        """Return the figures of a table as the bytes of a file that reads back as the same table."""
        return self.packed(figures_table(table, scheme))

    def opened(self, stream: IO[bytes], size: int = 0) -> tuple[Any, Iterable[Any]]:
        """Return the schema of a file and its batches of rows, each read when it is asked for."""
        raise NotImplementedError

    def packed(self, table: Any) -> bytes:
        """Return an Arrow table as the bytes of a file."""
        raise NotImplementedError


@frozen
class ParquetFormat(Columnar):
    """Parquet: the columns of a table or a result, compressed, with their types."""

    name: str = "parquet"
    suffixes: tuple[str, ...] = (".parquet",)

    beginnings = (_PARQUET,)
    kind = say("Parquet")

    def opened(self, stream: IO[bytes], size: int = 0) -> tuple[Any, Iterable[Any]]:
        """Return the schema of a Parquet file and its batches of rows."""
        file = library("parquet").ParquetFile(stream, buffer_size=_BUFFER, pre_buffer=False)
        return file.schema_arrow, file.iter_batches(batch_size=size or BATCH)

    def packed(self, table: Any) -> bytes:
        """Return an Arrow table as the bytes of a Parquet file."""
        out = io.BytesIO()
        library("parquet").write_table(table, out)
        return out.getvalue()


@frozen
class ArrowFormat(Columnar):
    """Arrow's own file, also called Feather; Arrow's stream is read too."""

    name: str = "arrow"
    suffixes: tuple[str, ...] = (".arrow", ".feather")

    beginnings = (_ARROW, _ARROW_STREAM)
    kind = say("Arrow")

    def opened(self, stream: IO[bytes], size: int = 0) -> tuple[Any, Iterable[Any]]:  # noqa: ARG002 - as written
        """Return the schema of an Arrow file or stream and its batches of rows."""
        ipc = library("ipc")
        if _beginning(stream).startswith(_ARROW):
            file = ipc.open_file(stream)
            return file.schema, (file.get_batch(at) for at in range(file.num_record_batches))
        reader = ipc.open_stream(stream)
        return reader.schema, reader

    def packed(self, table: Any) -> bytes:
        """Return an Arrow table as the bytes of an Arrow file."""
        out = io.BytesIO()
        with library("ipc").new_file(out, table.schema) as writer:
            writer.write_table(table)
        return out.getvalue()


def read_arrow(source: Any, scheme: Scheme, options: ReadOptions | None = None, *, name: str = "Arrow table") -> Table:
    """Return the table in an Arrow table, record batch, reader or dataset, or in what exports Arrow's stream.

    Rows are counted from 1. Raises TableInvalid with everything that is wrong.
    """
    pa = library()
    if isinstance(source, pa.Array | pa.ChunkedArray | pa.Scalar | pa.Schema):
        message = say("this is not a frame of columns: {kind}", kind=type(source).__name__)
        raise TableInvalid(Problem("T084", message, Location(name), say("give the whole frame, with a column `unit`")))
    with understood(name, _no_table):
        if not (hasattr(source, "schema") and hasattr(source, "to_batches")) and not hasattr(source, "read_next_batch"):
            if hasattr(source, "__arrow_c_stream__"):
                source = pa.table(source)
            elif hasattr(source, "__arrow_c_array__"):
                source = pa.record_batch(source)
        if isinstance(source, pa.RecordBatch):
            source = pa.Table.from_batches([source])
        schema, batches = source.schema, source.to_batches() if hasattr(source, "to_batches") else source
    return _read_batches(schema, batches, Found(name), scheme, options, _no_table)


def result_table(result: Result) -> Any:
    """Return a result's columns as an Arrow table: null where there is nothing, levels and pools as dictionaries."""
    pa = library()
    columns: dict[str, Any] = {}
    repeated = {"notice", *(one.name for one in result.columns if one.tells in ("level", "pool"))}
    for name, cells in result.to_columns().items():
        if isinstance(cells, np.ndarray):
            columns[name] = numbers_of(cells)
        else:
            texts = pa.array(cells, pa.string())
            columns[name] = texts.dictionary_encode() if name in repeated else texts
    return pa.table(columns).replace_schema_metadata(metadata_of(result_facts(result)))


def numbers_of(cells: NDArray[Any]) -> Any:
    """Return floats as an Arrow array: null where there is none."""
    return library().array(cells, mask=np.isnan(cells))


def metadata_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what must travel with a result's columns as the metadata of a schema."""
    return {f"ictindex.{key}": _json_text(one) for key, one in facts.items()}


def result_facts(result: Result) -> dict[str, Any]:
    """Return what must travel with a result's columns: its scheme, what every reader must be told, its receipt."""
    return facts_of(result.scheme, notices(result), result.receipt())


def facts_of(scheme: Scheme, told: Iterable[str], receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `result_facts` does, of a result that nobody holds as a whole."""
    identity = scheme_identity(scheme)
    return {
        "scheme": identity["id"],
        "scheme_sha256": identity["sha256"],
        "provisional": scheme.provisional,
        "notice": "\n".join(told),
        "receipt": receipt,
    }


def figures_table(table: Table, scheme: Scheme) -> Any:
    """Return the figures of a table as an Arrow table: whole numbers, decimals, truths, and texts for all else."""
    pa = library()
    inputs = {one.code: one for one in scheme.inputs}
    found = dict(table.columns)
    if table.declared is not None:
        found |= {f"{code}.self": column for code, column in table.declared.columns.items()}
    columns = {}
    for name, texts in typed_columns(scheme, table):
        typed = _typed_array(pa, found[name], inputs.get(name.removesuffix(".self"))) if name in found else None
        columns[name] = pa.array([text or None for text in texts], pa.string()) if typed is None else typed
    return pa.table(columns).replace_schema_metadata({_NOTES: _json_text(table.notes)} if table.notes else None)


def _typed_array(pa: Any, column: Column, given: Input | None) -> Any:
    """Return a column's numbers or truths with nulls, None where some of its cells are words."""
    absent = np.isnan(column.values)
    if given is not None and given.kind is InputKind.CHOICE:
        return None
    if column.states is not None and (column.states == CellState.NOT_APPLICABLE).any():
        return None
    values: NDArray[Any] = np.where(absent, 0.0, column.values)
    if given is not None and given.kind is InputKind.YES_NO:
        values = values == 1
    elif column.decimals == 0:
        values = values.astype(np.int64)
    return pa.array(values, mask=absent)


def _json_text(one: Any) -> str:
    return one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)


def library(part: str = "") -> Any:
    """Return pyarrow or a part of it. Raises WrongUse (U167) where it is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.compute
        import pyarrow.ipc
        import pyarrow.parquet
    except ImportError:
        message = say("for Parquet and Arrow, {package} must be installed", package="pyarrow")
        raise WrongUse(Problem("U167", message, hint=say('pip install "ictindex[arrow]"'))) from None
    return getattr(pa, part) if part else pa


@contextmanager
def opened_file(source: Readable, columnar: Columnar, size: int = 0) -> Iterator[tuple[Any, Iterable[Any]]]:
    """Open a file of one kind. Raises TableInvalid (T086, T087) where it is another, or damaged."""
    library()
    name = source_name(source)
    with _stream(source, name) as stream:
        start = _beginning(stream)
        if not start.startswith(columnar.beginnings):
            what = next(
                (words for mark, words in _KINDS.items() if start.startswith(mark)), say("this is another file")
            )
            message = say("{what}, not {kind}", what=what, kind=columnar.kind)
            hint = say("give the file the ending of the kind that it is")
            if start.startswith(_FEATHER_1):
                hint = say("write it again as Feather of version 2, or as Parquet")
            if not start:
                message, hint = say("the file is empty"), say("write it again from where it comes")
            raise TableInvalid(Problem("T086", message, Location(name), hint))
        with understood(name, damaged):
            opened = columnar.opened(stream, size)
        yield opened


def _read_file(source: Readable, scheme: Scheme, options: ReadOptions | None, columnar: Columnar) -> Table:
    with opened_file(source, columnar) as (schema, batches):
        return _read_batches(schema, batches, Found(source_name(source)), scheme, options, damaged)


def _read_result(source: Readable, columnar: Columnar) -> Written:
    pa, name = library(), source_name(source)
    with _stream(source, name) as stream, understood(name, damaged):
        schema, batches = columnar.opened(stream)
        table = pa.Table.from_batches(batches, schema=schema)
        table.validate(full=True)
        columns = dict(zip(table.column_names, (column.to_pylist() for column in table.columns), strict=True))
    if len(columns) < table.num_columns:  # a name stands twice
        raise no_result(name)
    return written_columns(name, columns, schema.metadata)


def _beginning(stream: IO[bytes]) -> bytes:
    start = stream.read(8)
    stream.seek(0)
    return start


@contextmanager
def _stream(source: Readable, name: str) -> Iterator[IO[bytes]]:
    """Open a source as a stream of bytes that can be read from any place."""
    if isinstance(source, str | PathLike):
        with ExitStack() as stack:
            with opening(name):
                file = stack.enter_context(Path(source).open("rb"))
            yield file
        return
    with opening(name):
        content = source.read()
    if isinstance(content, str):
        message, hint = say("the stream is open as text"), say("open it in binary mode")
        raise TableInvalid(Problem("T086", message, Location(name), hint))
    yield io.BytesIO(content)


@contextmanager
def understood(name: str, problem: Callable[[str, Exception], Problem]) -> Iterator[None]:
    """Turn whatever pyarrow stumbles over into a problem of the source."""
    try:
        yield
    except IctIndexError:
        raise
    except Exception as error:  # noqa: BLE001 - damaged bytes make pyarrow stumble in any of its parts
        raise TableInvalid(problem(name, error)) from None


@contextmanager
def parquet_writer(target: Any, schema: Any) -> Iterator[Any]:
    """Yield pyarrow's writer into a file; one that fails does not try to end its file again when it is forgotten."""
    writer = library("parquet").ParquetWriter(target, schema)
    try:
        yield writer
        writer.close()
    except BaseException:
        with suppress(Exception):
            writer.close()
        writer.is_open = False
        raise


def damaged(name: str, error: Exception) -> Problem:
    """Return the problem of a file that pyarrow stumbles over (T087)."""
    message = say("the file is damaged: {reason}", reason=reason_of(error))
    return Problem("T087", message, Location(name), say("write it again from where it comes"))


def _no_table(name: str, error: Exception) -> Problem:
    message = say("it cannot be read: {reason}", reason=reason_of(error))
    return Problem("T084", message, Location(name), say("give a frame of columns"))


def _read_batches(
    schema: Any,
    batches: Iterable[Any],
    found: Found,
    scheme: Scheme,
    options: ReadOptions | None,
    problem: Callable[[str, Exception], Problem],
) -> Table:
    with understood(found.source, problem):
        header, columns, left = columns_of(library(), schema, _validated(batches), found)
    refuse_nameless_index(found, header, [cell for cells in left for cell in cells])
    return assemble_columns(header, columns, scheme, found, notes=notes_in(schema.metadata), options=options)


def _validated(batches: Iterable[Any]) -> Iterator[Any]:
    """Yield the batches once it is sure that they point at nothing outside: a damaged file may."""
    for batch in batches:
        batch.validate(full=True)
        yield batch


def columns_of(
    pa: Any, schema: Any, batches: Iterable[Any], found: Found
) -> tuple[list[str], list[RawColumn], list[RawColumn]]:
    """Return the headings and the columns of batches, and those of an index without a name, which is not read."""
    pieces = [Pieces(pa, field.type, field.name) for field in schema]
    for batch in batches:
        for piece, array in zip(pieces, batch.columns, strict=True):
            piece.add(array)
    kept = [piece for piece in pieces if not NAMELESS_INDEX.fullmatch(piece.name)]
    for at, piece in enumerate(kept):
        if piece.refused:
            refuse_nested(found, Heading(clean(piece.name), at), str(piece.type))
    columns = [piece.whole() for piece in kept]
    return [piece.name for piece in kept], columns, [piece.whole() for piece in pieces if piece not in kept]


def notes_in(metadata: Mapping[bytes, bytes] | None) -> tuple[str, ...]:
    """Return the notes of a table that was written here."""
    try:
        notes = json.loads((metadata or {}).get(_NOTES, b"[]"))
    except ValueError:
        return ()
    return tuple(notes) if isinstance(notes, list) and all(isinstance(one, str) for one in notes) else ()
