"""Whatever holds a table, brought to the one who can read it: files by their format, columns and records in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any, TypeAlias, cast

from ictindex.assembling import ReadOptions, table_from_columns
from ictindex.formats import Readable
from ictindex.formats.choosing import choose, suffix_of
from ictindex.model import Scheme
from ictindex.registry import Registry
from ictindex.table import Table

Source: TypeAlias = Readable | Mapping[str, Iterable[Any]] | Iterable[Mapping[str, Any]]
"""A path, an open stream, columns by name, or records."""


def read_source(
    source: Source, scheme: Scheme, formats: Registry[Any], *, format_name: str = "", options: ReadOptions | None = None
) -> Table:
    """Return the table in a source.

    Raises TableInvalid with everything that is wrong, WrongUse where no format fits.
    """
    options = options or ReadOptions()
    if not _in_a_file(source):
        return table_from_columns(scheme, cast(Any, source), options=options)
    table: Table = choose(formats, format_name, suffix_of(source), "read").read(source, scheme, options)
    return table


def _in_a_file(source: Source) -> bool:
    """Whether the source is a path or a stream; anything else is columns or records."""
    return isinstance(source, str | PathLike) or hasattr(source, "read")
