"""The marks of a drafted scheme that nobody has settled: comments that begin with XEM LẠI (S291).

A comment is no part of the nodes of a document, so the marks are looked for in its text. What stands inside a quoted
text or a block of text is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ictindex.errors import Location, Problem, Severity
from ictindex.messages import say

REVIEW = "XEM LẠI"
"""What `ictindex new` writes before everything that a person must look at."""

_MARK = re.compile(rf"(?:^|(?<=[ \t]))#[ \t]*{REVIEW}\b", re.MULTILINE)


def unsettled(text: str, source: str, texts: Sequence[tuple[int, int]]) -> Iterator[Problem]:
    """Yield one advice (S291) at the first mark, with how many there are; nothing where there is none.

    `texts` are (start, end) of what is quoted or a block in the text, in its order: marks in there are words.
    """
    found = [at for at in (mark.start() for mark in _MARK.finditer(text)) if not any(a <= at < b for a, b in texts)]
    if not found:
        return
    first = found[0]
    where = Location(source, text.count("\n", 0, first) + 1, first - text.rfind("\n", 0, first))
    hint = say("read the line below each, mend it where it is wrong, then delete the line of the mark")
    message = say("comments that are marked {mark} and not settled yet: {count}", mark=REVIEW, count=len(found))
    yield Problem("S291", message, where, hint, Severity.ADVICE)
