"""Every problem and exception of ictindex.

A *problem* is one thing wrong in one place, said so that a person can mend it: where it is, what was found,
and what to do. Readers and checkers gather problems and report all of them at once; an exception carries them.
"""

from __future__ import annotations

import enum
import errno
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from attrs import field, frozen

from ictindex.messages import Text, in_language, say


class Severity(enum.StrEnum):
    """How much a problem matters: an error stops the work, a warning and an advice do not."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


_NOWHERE = say("input")
_SUGGESTIONS = (
    say("did you mean '{name}'?", name="").template,
    say("keywords are in English: write `{key}`", key="").template,
)
_MARKS = re.compile("[\u0300-\u036f]")
_BEGINNING = 3  # letters that a word must have to be taken for a part of another

MOST_KEPT = 100_000
"""So many problems of one source are kept one by one, about 60 MB; what is beyond is counted."""

_KINDS = {Severity.ERROR: say("error"), Severity.WARNING: say("warning"), Severity.ADVICE: say("advice")}


@frozen(order=True)
class Location:
    """A place in a file: a line and column of text, a line and a named column of a table, or a cell of a sheet.

    Lines and columns are counted from 1; 0 means unknown. `cell` names a table's column. In a workbook `line` is the
    row, `sheet` the name of the sheet and `address` the cell as a spreadsheet calls it, such as `C5`.
    """

    source: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""
    sheet: str = ""
    address: str = ""

    def __str__(self) -> str:
        return self.told("en")

    def told(self, language: str) -> str:
        """Return the place as messages begin with it, in a language."""
        place = self.source or in_language(_NOWHERE, language)
        if self.sheet or self.address:
            place += f":{'!'.join(filter(None, (self.sheet, self.address or str(self.line or ''))))}"
        elif self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place} [{self.cell}]" if self.cell else place


@frozen
class Problem:
    """One thing wrong in one place.

    `code` is stable and documented (`S...` scheme documents, `A...` tables of decisions, `T...` tables of figures,
    `C...` cases, `U...` use);
    `hint` says what to do and may be empty. `count` is more than 1 where so many alike are told as one.
    """

    code: str
    message: str
    where: Location = field(factory=Location)
    hint: str = ""
    severity: Severity = Severity.ERROR
    count: int = 1

    def __str__(self) -> str:
        return self.told("en")

    def told(self, language: str) -> str:
        """Return the problem on one line, in a language."""
        place = "" if self.where == Location() else f"{self.where.told(language)}: "
        kind = "" if self.severity is Severity.ERROR else f"{in_language(_KINDS[self.severity], language)} "
        text = f"{place}{kind}{self.code} {in_language(self.message, language)}"
        return f"{text} ({in_language(self.hint, language)})" if self.hint else text

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Return the problem as plain data, for JSON, its message and hint in a language."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": in_language(self.message, language),
            "hint": in_language(self.hint, language),
            "source": self.where.source,
            "line": self.where.line or None,
            "column": self.where.column or None,
            "cell": self.where.cell or None,
            "sheet": self.where.sheet or None,
            "address": self.where.address or None,
            "count": self.count,
        }


class IctIndexError(Exception):
    """The base of every exception that ictindex raises on purpose.

    `problems` holds everything that was found, in the order of the file.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = found
        super().__init__("\n".join(str(problem) for problem in found))

    def __reduce__(self) -> tuple[type[IctIndexError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class SchemeInvalid(IctIndexError):
    """A scheme document (or its cases) cannot be used as it stands."""


class TableInvalid(IctIndexError):
    """A table does not fit its scheme."""


class ResultInvalid(IctIndexError):
    """A written result cannot be read as one."""


class AnnexInvalid(IctIndexError):
    """The table of a decision, of which a scheme is to be made, cannot be read as it stands."""


class UnknownName(IctIndexError):
    """A scheme, unit, criterion, strategy or format that does not exist was asked for."""


class PluginBroken(IctIndexError):
    """An installed plugin cannot be loaded, or two packages claim one name."""


class WrongUse(IctIndexError):
    """A function or command was called with options that do not go together."""


@contextmanager
def retold(told: Callable[[Problem], Problem]) -> Iterator[None]:
    """Tell each problem of a table in other words, or of another place."""
    try:
        yield
    except TableInvalid as error:
        raise TableInvalid(map(told, error.problems)) from None


_REASONS = {
    errno.EACCES: say("there is no permission for it"),
    errno.EPERM: say("there is no permission for it"),
    errno.EROFS: say("the disk can only be read"),
    errno.ENOSPC: say("no space is left on the disk"),
    errno.EDQUOT: say("no more space may be used on the disk"),
    errno.EFBIG: say("the file would be too large"),
    errno.ENAMETOOLONG: say("its name is too long"),
}


def reason_of(error: Exception) -> str:
    """Return why something failed: what everybody meets in words of ours, else the beginning of what was said of it."""
    if isinstance(error, OSError):
        known = _REASONS.get(error.errno or 0)
        if known or error.strerror:
            return known or str(error.strerror)
    return str(error).splitlines()[0][:200] if str(error).strip() else type(error).__name__


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the closest known word, or an empty text where nothing is close.

    Close is what differs in its capitals, tones and marks only, what has most letters in common, and the one that has
    the word as its beginning or its end.
    """
    import difflib  # only where something is wrong

    names, folded = [str(name) for name in known], word.casefold()
    closest: Sequence[str] = [name for name in names if name.casefold() == folded]
    if not closest:
        bare = {_bare(name): name for name in reversed(names)}
        meant = _bare(word)
        closest = [bare[meant]] if meant in bare else difflib.get_close_matches(word, names, n=1, cutoff=0.6)
        if not closest and len(word) >= _BEGINNING:
            parts = [name for text, name in bare.items() if text.startswith(meant) or text.endswith(f" {meant}")]
            close = difflib.get_close_matches(meant, bare, n=1, cutoff=0.6)
            closest = parts or [bare[text] for text in close]
            closest = closest if len(closest) == 1 else ()
    return say("did you mean '{name}'?", name=closest[0]) if closest else ""


def _bare(text: str) -> str:
    """Return the text in small letters without tones and marks: Lấp Vò is lap vo."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return _MARKS.sub("", apart)


def word_meant(hint: str) -> str:
    """Return the word that a hint says was meant, empty where it says none."""
    if isinstance(hint, Text) and hint.template in _SUGGESTIONS:
        return str(next(iter(hint.parts.values())))
    return ""
