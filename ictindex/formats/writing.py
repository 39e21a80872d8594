"""A file as it is written: whole, in UTF-8, or a sentence that says why not."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ictindex.errors import Location, Problem, WrongUse, reason_of
from ictindex.messages import say

_SHORT = 40
"""So many letters of its name has the file that is written beside another; a name has room for 255 bytes."""


def write_file(content: str | bytes, path: str | os.PathLike[str]) -> None:
    """Write bytes, or text in UTF-8, to a file, whole or not at all. Raises WrongUse where that cannot be done."""
    with replacing(path) as part, writable(path):
        part.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def writable(path: str | os.PathLike[str]) -> Iterator[None]:
    """Say why a file cannot be written: raises WrongUse (U108)."""
    try:
        yield
    except FileNotFoundError:
        message = say("there is no folder '{folder}'", folder=Path(path).parent)
        hint = say("make it first, or write somewhere else")
    except IsADirectoryError:
        message, hint = say("this is a folder, not a file"), say("name a file in it")
    except (OSError, ValueError, RuntimeError) as error:  # the last: links that lead in a circle
        message = say("the file cannot be written: {reason}", reason=reason_of(error))
        hint = say("is it open in another program, or write-protected?")
        if getattr(error, "errno", None) == errno.ENOSPC:
            hint = say("is the disk full?")
    else:
        return
    raise WrongUse(Problem("U108", message, Location(str(path)), hint))


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a place beside a file to write to, which becomes the file at the end: nobody finds half of one.

    Raises WrongUse (U108) where there can be no file; what goes wrong while it is written is not looked at.
    """
    with writable(path):
        target = Path(path).resolve()  # a link stays one
        part = _beside(target)
    if part is None:
        yield Path(path)
        return
    try:
        yield part
        with writable(path):
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _beside(target: Path) -> Path | None:
    """Make an empty file beside another; None where that must be written to itself, such as a pipe.

    So is a folder, of which the writer says what it is, and a file in a folder to which nothing may be added.
    """
    if target.exists():
        if not target.is_file():
            return None
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if not os.access(target.parent, os.W_OK):
            return None
    part = target.with_name(f".{target.name[:_SHORT]}.{os.getpid()}-{time.monotonic_ns()}")
    part.touch(exist_ok=False)
    return part


def spare(path: str | os.PathLike[str], *sources: str | os.PathLike[str]) -> None:
    """Raise WrongUse (U115) where a file would be written over one that is read, or into a folder that is."""
    for source in (one for one in sources if one):
        with suppress(OSError, ValueError):  # one of them is no file
            if Path(source).is_dir() and Path(source).resolve() in Path(path).resolve().parents:
                message = say("the output would be written into the folder that is read")
                hint = say("choose another folder for the output")
                raise WrongUse(Problem("U115", message, Location(str(path)), hint))
            if Path(path).samefile(source):
                message = say("the output would be written over a file that is read")
                hint = say("choose another name for the output")
                raise WrongUse(Problem("U115", message, Location(str(path)), hint))
