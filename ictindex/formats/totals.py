"""Lines of totals: what a reader of a table knows is no unit, by the word that stands where a unit is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ictindex.cells import fold, shown
from ictindex.findings import Found, Heading
from ictindex.headers import Target
from ictindex.messages import say

_SUMS = frozenset(
    fold(word)
    for word in (
        *("tổng", "tổng cộng", "cộng", "tổng số", "tổng chung", "toàn tỉnh", "cả tỉnh", "toàn huyện", "cả nước"),
        *("total", "totals", "grand total", "subtotal", "sum"),
    )
)
_MEANS = frozenset(
    fold(word)
    for word in (
        *("trung bình", "bình quân", "trung bình chung", "bình quân chung", "điểm trung bình", "lớn nhất", "nhỏ nhất"),
        *("average", "mean", "median", "maximum", "minimum", "max", "min"),
    )
)
_BEGUN = tuple(
    fold(f"{word} {of}")
    for word in ("tổng", "tổng cộng", "tổng số", "cộng", "trung bình", "bình quân")
    for of in ("các", "khối", "toàn", "cả", "chung", "huyện", "tỉnh")
)
"""What begins a line of totals: `Tổng Công ty` and `Xã Cộng Hoà` are units, `Cộng huyện A` is none."""

_AROUND = " .,:;-–()*"
# The first letters of these words, whether a letter and its marks are one sign or several: most units need no folding.
_MAYBE = re.compile(r"[\W_]*(?:t[oôổr]|c[oôộaả]|su|gr|av|m[aei]|b[iì]|đi|l[oơớ]|nh)", re.IGNORECASE)

ADVICE = say("delete the line, or begin it with # and put it above the column names")


def total_word(unit: str, names: Iterable[str], words: Iterable[str]) -> str:
    """Return the word by which a line is one of totals, empty where it is none.

    `unit` is what stands in the column of units, `names` all that names it, `words` every text of the line. Beside a
    code only the name can say so, and not that of Xã Trung Bình: a remark such as `Trung bình` is a level.
    """
    if not unit.strip():
        return next((word for word in words if _is_total(word, means=True)), "")
    if _is_total(unit, means=True):
        return unit
    return next((name for name in names if _is_total(name, means=False)), "")


def without_totals(
    rows: Iterable[tuple[int, Sequence[str]]], targets: Sequence[Target | None], header: Sequence[str], found: Found
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the lines of text that are units; each line of totals is a problem that is added to `found` (T076)."""
    roles = ["" if target is None else target.role for target in targets]
    unit = roles.index("unit") if "unit" in roles else -1
    named = [place for place, role in enumerate(roles) if role in ("unit", "name")]
    worded = [place for place, target in enumerate(targets) if target is None or target.rule is None]
    heading = Heading(header[unit], unit) if unit >= 0 else None
    maybe, width = _MAYBE.match, len(roles)
    first, last = (named[0], named[-1]) if named else (-1, -1)
    for line, cells in rows:
        total = ""
        plain = len(cells) < width or (cells[unit].strip() and not maybe(cells[first]) and not maybe(cells[last]))
        if heading and not plain:  # few lines are looked at: a table may have a million
            total = total_word(cells[unit], (cells[place] for place in named), (cells[place] for place in worded))
        if heading and total:
            message = say("{text} is a line of totals, not a unit", text=shown(total))
            found.add("T076", message, line=line, cell=heading, hint=ADVICE)
        else:
            yield line, cells


def holds_totals(units: Sequence[str], named: Sequence[Sequence[str]]) -> bool:
    """Whether any line is one of totals: `units` names a unit in each, and so do other columns among the `named`."""
    first, last = named[0], named[-1]
    if not any(map(str.isalpha, set("".join((*first, *last))))):  # numbers are no words
        return False
    looked_at = {
        at for texts in (first, last)[len(named) == 1 :] for at, text in enumerate(texts) if _MAYBE.match(text)
    }
    return any(total_word(units[at], (texts[at] for texts in named), ()) for at in looked_at)


def _is_total(text: str, *, means: bool) -> bool:
    if not _MAYBE.match(text):
        return False
    word = fold(text).strip(_AROUND)
    return word in _SUMS or word.startswith(_BEGUN) or (means and word in _MEANS)
