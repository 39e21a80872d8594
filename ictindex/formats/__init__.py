"""File formats: one file each. A format reads a table, writes a result, or both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, Protocol

from ictindex.assembling import ReadOptions
from ictindex.errors import Location, Problem, TableInvalid, reason_of
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.result import Result
from ictindex.table import Table

Readable = str | PathLike[str] | IO[bytes] | IO[str]
"""A path, or an open stream of bytes or text."""


class TableFormat(Protocol):
    """A format that tables can be read from."""

    @property
    def name(self) -> str:
        """The word that asks for the format."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of its files, such as `.csv`."""
        ...

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table. Raises TableInvalid with everything that is wrong."""
        ...


class ResultFormat(Protocol):
    """A format that results can be written in.

    One that is read by people may also have `speaking(language)`, which returns the format that writes in that
    language, `en` or `vi`. One whose results `ictindex verify` can check has `read_result(source)`, which returns them
    as `formats.written.Written`.
    """

    @property
    def name(self) -> str:
        """The word that asks for the format."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of its files, such as `.csv`."""
        ...

    def write(self, result: Result) -> str | bytes:
        """Return the result as text, or as the bytes of a file that is no text."""
        ...


def source_name(source: Readable) -> str:
    """Return what messages call the source: its path, or the name of the stream."""
    if isinstance(source, str | PathLike):
        return str(source)
    name = getattr(source, "name", "")
    return name if isinstance(name, str) and name else "input"


def contents(source: Readable) -> bytes | str:
    """Return everything in the source. Raises TableInvalid (T001) where it cannot be read."""
    with opening(source_name(source)):
        if isinstance(source, str | PathLike):
            return Path(source).read_bytes()
        found = source.read() if hasattr(source, "read") else None
    if not isinstance(found, bytes | str):
        hint = say("name a file, or open it")
        raise unreadable(source_name(source), say("this is neither a path nor an open file"), hint)
    return found


@contextmanager
def opening(name: str) -> Iterator[None]:
    """Say why a source cannot be opened or read: raises TableInvalid (T001)."""
    try:
        yield
    except FileNotFoundError:
        raise unreadable(name, say("there is no such file"), say("check the path and the name")) from None
    except IsADirectoryError:
        raise unreadable(name, say("it is a directory"), say("name a file in it")) from None
    except UnicodeDecodeError:
        hint = say("open the stream as UTF-8, or in binary mode")
        raise unreadable(name, say("the text is not UTF-8"), hint) from None
    except (OSError, ValueError) as error:  # no permission, a name too long, a name with a NUL, a closed stream
        reason = reason_of(error)
        message = say("it cannot be read: {reason}", reason=reason)
        raise unreadable(name, message, say("check the path and the permissions")) from None


def unreadable(name: str, message: str, hint: str) -> TableInvalid:
    """Return the error of a source that cannot be opened or read (T001)."""
    return TableInvalid(Problem("T001", message, Location(name), hint))
