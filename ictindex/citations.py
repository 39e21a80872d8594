"""Where a number comes from: its status, the words that say so, and the documents that may be cited."""

from __future__ import annotations

import enum
from fractions import Fraction

from attrs import frozen

from ictindex.messages import say


class Status(enum.StrEnum):
    """Where a number comes from."""

    CITED = "cited"  # it is in the source
    DERIVED = "derived"  # it follows from cited numbers
    ASSUMED = "assumed"  # nobody published it; the author chose it


@frozen
class Citation:
    """Why a number is what it is: the place in a source, how it follows, or why it was assumed."""

    status: Status = Status.ASSUMED
    words: str = ""
    source: str | None = None  # the code of a declared Source

    def told(self) -> str:
        """Return the status and the words for a person."""
        match self.status:
            case Status.CITED:
                return say("cited: {place}", place=self.words) if self.words else say("cited")
            case Status.DERIVED:
                return say("derived: {how}", how=self.words) if self.words else say("derived")
        return say("assumed: {why}", why=self.words) if self.words else say("assumed")

    def __str__(self) -> str:
        return str(self.told())


@frozen
class Source:
    """A document that `cited` may name."""

    code: str
    title: str
    date: str = ""
    url: str = ""
    page: str = ""
    until: str = ""  # the last day that it was in force


@frozen
class Statement:
    """One number or one choice of policy in the scheme, as written, with its citation.

    `at` is the code of the row it stands in (`total` for the top), `key` the path of keys within the row, such as
    `max`, `steps.90%` or `levels.I`; `between` an interval known from published results.
    """

    at: str
    key: str
    text: str
    citation: Citation
    between: tuple[Fraction, Fraction] | None = None
    line: int = 0
