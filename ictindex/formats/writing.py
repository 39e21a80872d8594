"""A file as it is written: whole, in UTF-8, or a sentence that says why not."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ictindex.errors import Location, Problem, WrongUse
from ictindex.messages import say

_SHORT = 40
"""So many letters of its name has the file that is written beside another; a name has room for 255 bytes."""


def write_file(content: str | bytes, path: str | os.PathLike[str]) -> None:
    """Write bytes, or text in UTF-8, to a file. Raises WrongUse where the file cannot be written."""
    with writable(path):
        Path(path).write_bytes(content.encode() if isinstance(content, str) else content)


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
        reason = getattr(error, "strerror", None) or str(error)
        message = say("the file cannot be written: {reason}", reason=reason)
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
        other = Path(path).exists() and not Path(path).is_file()
    if other:  # such as a pipe, or a folder, of which the writer says so
        yield Path(path)
        return
    import tempfile  # takes long to import

    with writable(path):
        target = Path(path).resolve()  # a link stays one
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:_SHORT]}.", dir=target.parent)
        os.close(handle)
    part = Path(name)
    try:
        yield part
        with writable(path):
            if target.exists():
                shutil.copymode(target, part)
            else:
                umask = os.umask(0)
                os.umask(umask)
                part.chmod(0o666 & ~umask)
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


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
