"""Wordings of so many points for each piece: given up to a maximum, or taken away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from ictindex.cells import fold
from ictindex.documents.grammar import write_number
from ictindex.drafting.figures import FIGURE, read_figure
from ictindex.drafting.reading import Reading

_TAKEN = frozenset(("trừ", "giảm", "bớt", "mất", "hạ", "bị", "-", "–"))
_THING = r"(?:(?!tối đa|không quá)[^\d:=;≥≤<>]){2,120}?"
_ONE = r"(?:cứ )?(?:mỗi|01|1)"
_AFTER = r"(?:/|cho mỗi|mỗi|trên mỗi|đối với mỗi) ?(?:01 |1 )?"
_EACH = (
    re.compile(rf"(?P<points>{FIGURE}) ?điểm ?{_AFTER}(?P<what>{_THING})(?P<cap>[,;(].*)?", re.IGNORECASE),
    re.compile(
        rf"{_ONE} (?P<what>{_THING})(?: ?[:,=]| thì)? ?(?:được |tính |đạt |chấm |cho |cộng |thưởng )*"
        rf"(?P<points>{FIGURE}) ?điểm(?:/[A-Za-z]+)?(?P<cap>.*)",
        re.IGNORECASE,
    ),
)
_TAKES = r"(?:sẽ )?(?:bị )?(?:trừ|giảm) (?:đi )?"
_EACH_TAKEN = (
    re.compile(rf"{_TAKES}(?P<points>{FIGURE}) ?điểm ?{_AFTER}(?P<what>{_THING})(?P<cap>[,;(].*)?", re.IGNORECASE),
    re.compile(
        rf"{_ONE} (?P<what>{_THING})(?: ?[:,=]| thì)? ?{_TAKES}(?P<points>{FIGURE}) ?điểm(?P<cap>.*)", re.IGNORECASE
    ),
)
_NOT_MORE = rf"(?:tối đa|không quá|không vượt quá):? ?(?:là )?(?P<max>{FIGURE}) ?điểm\)?"
_BEFORE_CAP = r"[\s,;.(]*(?:nhưng |và )?(?:tổng điểm |tổng số điểm |tổng )?"
_CAP = {
    "max": re.compile(rf"{_BEFORE_CAP}{_NOT_MORE}", re.IGNORECASE),
    "bonus": re.compile(rf"{_BEFORE_CAP}(?:(?:điểm )?(?:cộng|thưởng) )?{_NOT_MORE}", re.IGNORECASE),
    "deduct": re.compile(rf"{_BEFORE_CAP}(?:(?:điểm |bị )?trừ )?{_NOT_MORE}", re.IGNORECASE),
}


def each(found: Sequence[str], maximum: Fraction, role: str = "max") -> Reading | None:
    """Read `mỗi ... được 1 điểm, tối đa 5 điểm`; `role` says whether the points of the row are given or taken away."""
    patterns = _EACH_TAKEN if role == "deduct" else _EACH
    match = next(filter(None, (pattern.fullmatch("; ".join(found)) for pattern in patterns)), None)
    points = read_figure(match["points"]) if match else None
    if not match or not points or points > maximum:
        return None
    said = match["what"] if role == "deduct" else match[0]
    if _TAKEN.intersection(fold(said).split()):
        return None
    doubts: tuple[str, ...] = ()
    cap = (match["cap"] or "").strip(" ;,.")
    if not cap and match[0][0].isdigit() and "mỗi" not in fold(match[0]).split():
        return None  # `1 cuộc: 5 điểm` may be a step
    if cap:
        capped = _CAP[role].fullmatch(cap)
        if not capped or read_figure(capped["max"]) != maximum:
            return None
    else:
        doubts = (f"lời văn không nói tối đa; đọc là không quá {write_number(maximum)} điểm",)
    rule = (("count", f"số {match['what'].strip()}"), ("each", write_number(points)))
    return Reading(rule, "số lượng nhân điểm mỗi đơn vị", doubts)
