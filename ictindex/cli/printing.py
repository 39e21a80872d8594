"""What the commands print: text that no name in a file can turn against the terminal, problems, progress."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

from attrs import evolve

from ictindex.errors import Problem, Severity, WrongUse
from ictindex.messages import LANGUAGES, in_language, say

FINE, PROBLEMS, WRONG_USE = 0, 1, 2
MOST = 100
"""So many problems are printed one by one; the rest are counted."""
ALIKE = 20
"""Where there are more, so many of one kind in one column of a table (or in its heading) are printed one by one."""

# What could move the cursor, colour the screen or turn the reading direction; a name in a file may hold any of it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def write(content: str | bytes, path: str, language: str = "", *, units: int = 0) -> None:
    """Write text, or the bytes of a file that is no text, to a file, or to standard output for `-`.

    Of a file a terminal is told in the language, if one is given, that it is written, and for how many units. Raises
    WrongUse where bytes would be written on a terminal.
    """
    if isinstance(content, str) and not content.endswith("\n"):
        content = f"{content}\n"
    if path != "-":
        from ictindex.formats.writing import write_file  # what is only printed needs nothing of it

        write_file(content, path)
        if language:
            tell_written(path, language, units=units)
    elif isinstance(content, bytes):
        _write_bytes(content)
    else:
        sys.stdout.write(harmless(content))


def tell_written(path: str, language: str, *, units: int = 0) -> None:
    """Say on a terminal that a file is written. In a script nobody reads it, and some take every word for an error."""
    if sys.stderr.isatty():
        told = say("{file} is written", file=path)
        if units:
            told = say("{file} is written: {count} units", file=path, count=units)
        print(harmless(in_language(told, language)), file=sys.stderr)


def _write_bytes(content: bytes) -> None:
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None or sys.stdout.isatty():
        hint = say("name a file with -o FILE")
        raise WrongUse(Problem("U109", say("this format is no text and cannot be shown on a screen"), hint=hint))
    stream.write(content)


def tell(problems: Sequence[Problem], code: int, language: str, stream: IO[str] | None = None, most: int = MOST) -> int:
    """Print problems, one a line, and return the exit code."""
    out = stream or sys.stderr
    shown = gravest(problems, most)
    for problem in shown:
        print(harmless(problem.told(language)), file=out)
    left = number_of(problems) - number_of(shown)
    if left and most:
        print(in_language(say("and {count} more problems; mend these first", count=left), language), file=out)
    return code


def number_of(problems: Iterable[Problem]) -> int:
    """Return how many problems there are: one may stand for several."""
    return sum(problem.count for problem in problems)


def gravest(problems: Sequence[Problem], most: int) -> list[Problem]:
    """Return at most so many problems in their order; where some are left out, it is advice, then warnings.

    Before that, the many of one kind in one column of a table become one problem that stands for them.
    """
    if len(problems) <= most:
        return list(problems)
    problems = _counted(problems)
    order = list(Severity)
    chosen = sorted(range(len(problems)), key=lambda place: order.index(problems[place].severity))[:most]
    return [problems[place] for place in sorted(chosen)]


def _counted(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems, of those alike the first few, and in the place of the next one how many there are beside."""
    alike: dict[object, list[Problem]] = {}
    told: list[tuple[Problem, object]] = []
    for problem, group in zip(problems, _groups(problems), strict=True):
        same = alike.setdefault(group, [])
        same.append(problem)
        if group is None or len(same) <= ALIKE + 1:
            told.append((problem, group if len(same) == ALIKE + 1 else None))
    return [_together(alike[group][ALIKE:]) if group else problem for problem, group in told]


def _together(problems: Sequence[Problem]) -> Problem:
    """Return the problem that stands for these, in the place of the first."""
    first, count = problems[0], number_of(problems)
    if len(problems) == 1:
        return first
    return evolve(first, message=say("and {count} more of the same kind", count=count), hint="", count=count)


def _groups(problems: Sequence[Problem]) -> list[object]:
    """Return what is alike to each problem: its kind in its column, or in its line where there are fewer of these."""
    columns: dict[str, set[str]] = {}
    lines: dict[str, set[int]] = {}
    for problem in problems:
        columns.setdefault(problem.code, set()).add(problem.where.cell)
        lines.setdefault(problem.code, set()).add(problem.where.line)
    groups: list[object] = []
    for problem in problems:
        code, where = problem.code, problem.where
        place: object = where.cell if len(columns[code]) <= len(lines[code]) else where.line
        groups.append((problem.severity, code, where.source, where.sheet, place) if where.cell else None)
    return groups


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


@contextlib.contextmanager
def counted(what: str, language: str = LANGUAGES[0]) -> Iterator[Callable[[int, int], None]]:
    """Say on a terminal how much of a long work is done, and wipe it at the end: what is yielded is told (done, of)."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    what = harmless(in_language(what, language))
    last = ""

    def tell_done(done: int, of: int) -> None:
        nonlocal last
        told = f"{what} ... {100 * done // max(of, 1)} %"
        if told != last:
            sys.stderr.write(f"\r{told}")
            sys.stderr.flush()
            last = told

    tell_done(0, 1)
    try:
        yield tell_done
    finally:
        sys.stderr.write("\r" + " " * len(last) + "\r")
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
