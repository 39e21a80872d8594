"""Frames in memory: pandas, polars, Arrow and whatever else narwhals takes. narwhals is imported here only, when used.

Rows are counted from 1 in messages, whatever the frame's index is: row 3 is `frame.iloc[2]` in pandas and `frame[2]` in
polars. A missing cell is a null; pandas marks it with NaN, NaT, NA or None. A NaN that is no null (in polars and
Arrow) is the outcome of a calculation such as 0/0, so it is refused, never taken for a cell that nobody filled in. A
frame that is not computed yet is computed. Named levels of a pandas index are columns,
and an index without a name is not read.

Problems: T081 headings on several levels, T082 a heading that is no text, T084 a frame that cannot be read or
computed, U168 a result cannot be given in that kind of frame.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Sequence
from numbers import Number
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ictindex.assembling import RawColumn, ReadOptions, assemble_columns
from ictindex.cells import clean
from ictindex.errors import Location, Problem, TableInvalid, WrongUse, reason_of
from ictindex.findings import Found, Heading
from ictindex.formats.arrow import read_arrow, result_facts, result_table
from ictindex.formats.arrow_columns import not_read, refuse_nameless_index, refuse_nested
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.result import Result
from ictindex.table import Table

_INDEXED = frozenset({"pandas", "modin", "cudf", "geopandas"})
"""Libraries whose frames have an index, and headings that need not be different texts."""

_ONE_VALUE = (str, Number, decimal.Decimal, np.generic, dt.date, dt.time, dt.timedelta, type(None))


_NO_NAME = frozenset({"nan", "<NA>", "NaT"})


def read_frame(frame: Any, scheme: Scheme, options: ReadOptions | None = None) -> Table:
    """Return the table in a frame.

    Raises TableInvalid with everything that is wrong, WrongUse (U167) where narwhals is needed and not installed.
    """
    library = _library(frame)
    if library == "narwhals":
        return read_frame(frame.to_native(), scheme, options)
    if library == "pyarrow":
        return read_arrow(frame, scheme, options)
    name = f"{library} frame"
    nw = _narwhals()
    if library in _INDEXED and hasattr(frame, "iloc") and hasattr(frame, "columns"):
        found = Found(name)
        header, series = _indexed(nw, frame, found)
    else:
        frame = _computed(nw, frame, name)
        if not isinstance(frame, nw.DataFrame):  # Arrow's stream, from a library that narwhals does not know
            return read_arrow(frame, scheme, options, name=name)
        if _library(frame.to_native()) != library:  # such as a query that was computed to an Arrow table
            return read_frame(frame.to_native(), scheme, options)
        found, header, series = Found(name), list(frame.columns), frame.iter_columns()
    headings = [Heading(clean(text), at) for at, text in enumerate(header)]
    columns = [_cells(nw, heading, one, found) for heading, one in zip(headings, series, strict=True)]
    return assemble_columns(header, columns, scheme, found, options=options)


def result_frame(result: Result, like: Any) -> Any:
    """Return a result's columns (`Result.to_columns`) as the kind of frame that another one is.

    The scheme, the notices and the receipt are in `attrs["ictindex"]` of a pandas frame and in the metadata of an Arrow
    table. A pandas frame whose index is called `unit` gets one that is. Raises WrongUse (U168) where `like` is no such
    frame.
    """
    library = _library(like)
    if library == "pyarrow":
        return result_table(result)
    nw = _narwhals()
    if library == "narwhals":
        return nw.from_native(result_frame(result, like.to_native()))
    index = list(like.index.names) if library in _INDEXED and hasattr(like, "index") else []
    try:  # only the kind is looked at, so the columns may be called anything
        known = nw.from_native(like.iloc[:, :0] if index and getattr(like, "ndim", 0) > 1 else like)
    except TypeError:
        raise _no_frame(type(like).__name__) from None
    kind = known.implementation
    if isinstance(known, nw.LazyFrame) and not kind.is_polars():
        raise _no_frame(str(kind))
    columns = result.to_columns()
    schema = {name: nw.Float64 if isinstance(cells, np.ndarray) else nw.String for name, cells in columns.items()}
    made = nw.from_dict(columns, schema, backend=kind)
    numbers = [name for name, cells in columns.items() if isinstance(cells, np.ndarray)]
    made = made.with_columns(nw.col(*numbers).fill_nan(None)).to_native()
    if isinstance(known, nw.LazyFrame):
        return made.lazy()
    if kind.is_pandas_like():
        made.attrs["ictindex"] = result_facts(result)
        if index == ["unit"]:
            made = made.set_index("unit")
    return made


def _no_frame(kind: str) -> WrongUse:
    message = say("a result cannot be given as {kind}", kind=kind)
    return WrongUse(Problem("U168", message, hint=say("`result.to_columns()` gives columns that every library takes")))


def _library(frame: Any) -> str:
    """Return the name of the library that a frame is of; that of its class's parent for a class of your own."""
    homes = [base.__module__.partition(".")[0] for base in type(frame).__mro__]
    known = {"pyarrow", "polars", "narwhals"} | _INDEXED
    return next((home for home in homes if home in known), homes[0])


def _narwhals() -> Any:
    try:
        import narwhals.stable.v2 as nw
    except ImportError:
        message = say("for frames, {package} must be installed", package="narwhals")
        raise WrongUse(Problem("U167", message, hint=say('pip install "ictindex[frames]"'))) from None
    return nw


def _computed(nw: Any, frame: Any, name: str) -> Any:
    """Return the frame as narwhals sees it, computed; what narwhals does not know and Arrow does stays as it is."""
    try:
        found = nw.from_native(frame)
    except TypeError:
        exported = hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "__arrow_c_array__")
        if exported and not hasattr(frame, "to_frame"):
            return frame
        message = say("this is not a frame of columns: {kind}", kind=type(frame).__name__)
        hint = say("give the whole frame, with a column `unit`")
        raise TableInvalid(Problem("T084", message, Location(name), hint)) from None
    except Exception as error:  # noqa: BLE001 - each library has errors of its own
        message, hint = say("it cannot be read: {reason}", reason=reason_of(error)), say("give a frame of columns")
        raise TableInvalid(Problem("T084", message, Location(name), hint)) from None
    try:
        return found.collect() if isinstance(found, nw.LazyFrame) else found
    except Exception as error:  # noqa: BLE001 - a query can fail in any of its parts
        message = say("it cannot be computed: {reason}", reason=reason_of(error))
        hint = say("compute it first, to see where it fails")
        raise TableInvalid(Problem("T084", message, Location(name), hint)) from None


def _indexed(nw: Any, frame: Any, found: Found) -> tuple[list[str], list[Any]]:
    """Return the headings and columns of a frame with an index: the named levels of the index come first."""
    if getattr(frame.columns, "nlevels", 1) > 1:
        message = say("the headings stand on several levels: {heading}", heading=str(frame.columns[0])[:60])
        hint = say("join the levels first: frame.columns = ['.'.join(levels) for levels in frame.columns]")
        found.add("T081", message, hint=hint)
        found.raise_any()
    index = frame.index
    named = [at for at, level in enumerate(index.names) if level is not None]
    levels = [index.get_level_values(at).to_series() for at in named]
    headings = [*(index.names[at] for at in named), *frame.columns]
    header = [_heading(one, found) for one in headings]
    if not named:
        refuse_nameless_index(found, header, index[:1].tolist())
    series = [*levels, *(frame.iloc[:, at] for at in range(frame.shape[1]))]
    return header, [nw.from_native(one, series_only=True) for one in series]


def _heading(name: Any, found: Found) -> str:
    """Return a heading as text. A number such as 1.1 may have been 1.10, so only whole ones are taken."""
    if name is None or (not isinstance(name, str) and str(name) in _NO_NAME):
        return ""
    text = str(name)
    if not isinstance(name, str | int | np.integer) or isinstance(name, bool):
        message = say("the heading {heading} is no text", heading=text[:60])
        found.add(
            "T082", message, cell=Heading(text), hint=say("write it as the text that the code is: '1.1' or '1.10'")
        )
    return text


def _cells(nw: Any, heading: Heading, series: Any, found: Found) -> RawColumn:
    """Return a column: an array, with a mask where cells are missing, or a list with None for these."""
    if heading.text.startswith("#"):  # remarks are not read
        return not_read(heading.text, len(series))
    kind = series.dtype
    try:
        nested = kind.is_nested() or kind == nw.Binary
        cells = not_read(heading.text, len(series)) if nested else _values(nw, series)
    except Exception as error:  # noqa: BLE001 - a library may not be able to give its own values
        message = say("it cannot be read: {reason}", reason=reason_of(error))
        found.add("T084", message, cell=heading, hint=say("make numbers or texts of it"))
        return not_read(heading.text, len(series))
    if not nested and isinstance(cells, list):
        strange = [one for one in set(map(type, cells)) if not issubclass(one, _ONE_VALUE)]
        nested, kind = bool(strange), strange[0].__name__ if strange else kind
    if nested:
        refuse_nested(found, heading, str(kind))
        return not_read(heading.text, len(series))
    return cells


def _values(nw: Any, series: Any) -> RawColumn:
    absent: NDArray[np.bool_] = np.asarray(series.is_null().to_numpy(), np.bool_)
    kind = series.dtype
    if kind == nw.Boolean or ((kind.is_integer() or kind.is_float()) and kind not in (nw.Int128, nw.UInt128)):
        filled = series.fill_null(False if kind == nw.Boolean else 0) if absent.any() else series
        numbers = np.asarray(filled.to_numpy())  # read at once, into arrays of the table's own
        if numbers.dtype.kind in "biuf":
            return cast(RawColumn, np.ma.MaskedArray(numbers, absent)) if absent.any() else numbers
    values: Sequence[Any] = series.to_list()
    # A column of texts stays one: an empty cell of it is an empty text.
    nothing = "" if kind in (nw.String, nw.Categorical, nw.Enum) else None
    return [nothing if gone else one for one, gone in zip(values, absent.tolist(), strict=True)]
