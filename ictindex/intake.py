"""Whatever holds a table, brought to the one who can read it: files by their format, columns and records in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from attrs import evolve

from ictindex.assembling import ReadOptions, table_from_columns
from ictindex.formats import Readable
from ictindex.formats.choosing import choose, suffix_of
from ictindex.model import Scheme
from ictindex.registry import Registry
from ictindex.table import Table

if TYPE_CHECKING:
    from ictindex.units.lists import UnitList


class Frame(Protocol):
    """What all frames have: pandas, polars, Arrow and others."""

    @property
    def columns(self) -> Any:
        """The columns, or their names."""
        ...


Source: TypeAlias = Readable | Frame | Mapping[str, Iterable[Any]] | Iterable[Mapping[str, Any]]
"""A path, an open stream, a frame, columns by name, or records."""

_FRAME_LIBRARIES = frozenset(
    {"cudf", "dask", "duckdb", "ibis", "modin", "narwhals", "pandas", "polars", "pyarrow", "pyspark", "sqlframe"}
)
_FRAME_MARKS = ("__narwhals_dataframe__", "__narwhals_lazyframe__", "__arrow_c_stream__", "__arrow_c_array__")
"""What the classes of other libraries say of themselves."""


def read_source(
    source: Source, scheme: Scheme, formats: Registry[Any], *, format_name: str = "", options: ReadOptions | None = None
) -> Table:
    """Return the table in a source.

    Raises TableInvalid with everything that is wrong, WrongUse where no format fits.
    """
    options = options or ReadOptions()
    if options.list_reader is None:
        options = evolve(options, list_reader=_read_units)
    if is_frame(source):
        from ictindex.formats.frames import read_frame

        return read_frame(source, scheme, options)
    if format_name in ("", "excel") and holds_forms(source):
        from ictindex.forms.reading import read_forms

        return read_forms(source, scheme, options)
    if not _in_a_file(source):
        return table_from_columns(scheme, cast(Any, source), options=options)
    table: Table = choose(formats, format_name, suffix_of(source), "read").read(source, scheme, options)
    return table


def is_frame(source: Any) -> bool:
    """Whether the source is a frame or a column of one, as its class says; no library of frames is imported for it.

    The source itself is not asked: in pandas, a column called `read` is an attribute.
    """
    kind = type(source)
    if hasattr(kind, "read"):  # pyarrow has streams of its own
        return False
    homes = {base.__module__.partition(".")[0] for base in kind.__mro__}
    return bool(homes & _FRAME_LIBRARIES) or any(hasattr(kind, mark) for mark in _FRAME_MARKS)


def _read_units(path: str) -> UnitList:
    from ictindex.formats.unit_lists import read_units

    return read_units(path)


def _in_a_file(source: Source) -> bool:
    """Whether the source is a path or a stream; anything else is columns or records."""
    return isinstance(source, str | PathLike) or hasattr(source, "read")


def holds_forms(source: Source) -> bool:
    """Whether the source is a filled-in form, or a folder of them; what is no workbook is not looked into."""
    if not _in_a_file(source):
        return False
    folder = isinstance(source, str | PathLike) and _is_folder(source)
    if not folder and suffix_of(source) not in (".xlsx", ".xlsm"):
        return False
    from ictindex.forms.opening import holds_forms as is_form

    return folder or is_form(source)


def _is_folder(path: str | PathLike[str]) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):  # a name too long, a name with a NUL: whoever reads it says so
        return False
