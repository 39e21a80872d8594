"""Lines of CSV that all have their cells and no quotation marks: cut into columns at once, not line by line.

Most tables of many units are such. Whatever is not, be it one line, is left to the standard library's reader, which is
right for everything; here nothing is told and nothing is judged.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from ictindex.figures import RawColumn
from ictindex.formats.totals import holds_totals
from ictindex.headers import Target
from ictindex.plain_columns import Places, plain_column, texts_between

_LONGEST = 1_000
"""A longer cell than this may be too long for a table."""
_LAST = 2**31 - 1


@frozen(eq=False)
class EvenLines:
    """The cells of lines of text: where each begins and ends in the bytes, an array for each column."""

    body: bytes
    text: str  # the same, empty where a letter takes more than a byte
    starts: Places
    ends: Places

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.starts[0])

    def texts(self, column: int) -> list[str]:
        """Return the cells of a column."""
        starts, ends = self.starts[column], self.ends[column]
        if not self.text:
            return texts_between(self.body, starts, ends)
        return [self.text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def cells(self, column: int, target: Target | None) -> RawColumn:
        """Return the cells of a column, read as plain numbers where all of them are such and numbers are asked."""
        if target is not None and target.rule is not None and target.rule.numeric:
            found = plain_column(self.body, self.starts[column], self.ends[column])
            if found is not None:
                return found
        return self.texts(column)


def even_lines(text: str, separator: str, width: int) -> EvenLines | None:
    """Return the cells of lines of text, `width` in each; None where a line is not so plain, or there is none."""
    if '"' in text or "\0" in text or not width:
        return None
    text = text.replace("\r\n", "\n") if "\r" in text else text
    text = text.rstrip("\n")
    body = f"{text}\n".encode()
    if not text or "\r" in text or len(body) > _LAST:
        return None
    letters = np.frombuffer(body, np.uint8)
    broken = letters == ord("\n")
    cut = np.flatnonzero((letters == ord(separator)) | broken).astype(np.int32)
    size = int(np.count_nonzero(broken))
    if len(cut) != size * width:
        return None
    ends = np.ascontiguousarray(cut.reshape(size, width).T)
    if not broken.take(ends[-1]).all():
        return None
    starts = np.empty_like(ends)
    starts[1:] = ends[:-1] + 1
    starts[0, 1:] = ends[-1, :-1] + 1
    starts[0, 0] = 0
    return (
        EvenLines(body, text if text.isascii() else "", starts, ends)
        if int((ends - starts).max()) <= _LONGEST
        else None
    )


def has_only_units(lines: EvenLines, targets: Sequence[Target | None]) -> bool:
    """Whether every line names a unit, and none is one of totals."""
    roles = ["" if target is None else target.role for target in targets]
    if "unit" not in roles:
        return False
    named = {place: lines.texts(place) for place, role in enumerate(roles) if role in ("unit", "name")}
    units = named[roles.index("unit")]
    return all(map(str.strip, units)) and not holds_totals(units, [*named.values()])
