"""What the commands print: text that no name in a file can turn against the terminal, problems, progress."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import IO, Any

from ictindex import api
from ictindex.errors import Problem, Severity, WrongUse
from ictindex.messages import LANGUAGES, in_language, say

FINE, PROBLEMS, WRONG_USE = 0, 1, 2
MOST = 100
"""So many problems are printed one by one; the rest are counted."""

# What could move the cursor, colour the screen or turn the reading direction; a name in a file may hold any of it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def write(content: str | bytes, path: str) -> None:
    """Write text, or the bytes of a file that is no text, to a file, or to standard output for `-`.

    Raises WrongUse where bytes would be written on a terminal.
    """
    if isinstance(content, bytes):
        _write_bytes(content, path)
        return
    text = content if content.endswith("\n") else f"{content}\n"
    if path == "-":
        sys.stdout.write(harmless(text))
        return
    api.write_file(text, path)


def _write_bytes(content: bytes, path: str) -> None:
    if path != "-":
        api.write_file(content, path)
        return
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None or sys.stdout.isatty():
        hint = say("name a file with -o FILE")
        raise WrongUse(Problem("U109", say("this format is no text and cannot be shown on a screen"), hint=hint))
    stream.write(content)


def tell(problems: Sequence[Problem], code: int, language: str, stream: IO[str] | None = None, most: int = MOST) -> int:
    """Print problems, one a line, and return the exit code."""
    out = stream or sys.stderr
    for problem in gravest(problems, most):
        print(harmless(problem.told(language)), file=out)
    if len(problems) > most > 0:
        more = say("and {count} more problems; mend these first", count=len(problems) - most)
        print(in_language(more, language), file=out)
    return code


def gravest(problems: Sequence[Problem], most: int) -> list[Problem]:
    """Return at most so many problems in their order; where some are left out, it is advice, then warnings."""
    order = list(Severity)
    chosen = sorted(range(len(problems)), key=lambda place: order.index(problems[place].severity))[:most]
    return [problems[place] for place in sorted(chosen)]


def harmless(text: str) -> str:
    """Return the text with its control characters written out: no name in a file may command the terminal."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@contextlib.contextmanager
def progress(what: str, language: str = LANGUAGES[0]) -> Iterator[None]:
    """Say on a terminal what is going on, and wipe it when it is done."""
    if not sys.stderr.isatty():
        yield
        return
    what = harmless(in_language(what, language))
    sys.stderr.write(f"{what} ...")
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r" + " " * (len(what) + 4) + "\r")
        sys.stderr.flush()


def speak_vietnamese(stream: Any) -> None:
    """Switch a stream that cannot print Vietnamese (code pages 1252, 1258, ASCII) to UTF-8."""
    try:
        "Đắk Lắk ├─".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def give_up_stdout() -> None:
    """Send what is still unwritten nowhere, so that the interpreter does not stumble over it at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
