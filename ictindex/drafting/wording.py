"""The wording of a scoring column taken apart: clauses with their points, and conditions that are intervals.

Nothing is guessed. A text that does not read as one of these patterns from its first letter to its last gives None, and
whoever asked makes no rule of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen

from ictindex.drafting.figures import FIGURE, read_figure

FULL = r"(?:toàn bộ|đủ|tối đa|100 ?%) (?:số )?điểm|(?:số )?điểm tối đa"
_SHARE = r"(?:1/[2345]|[234]/[2345]|một nửa|nửa|[0-9]{1,3} ?%) (?:số |tổng )*điểm(?: tối đa| chuẩn)?"
NOTHING = r"không (?:được )?(?:tính |chấm |cho |có |đạt )?điểm|không được tính"
"""What all points and no points look like in words, as parts of a pattern."""

_FIGURE = rf"{FIGURE} ?(?:điểm|đ|points?|pts)\b"
_POINTS = rf"(?:{FULL}|{_SHARE}|{NOTHING}|{_FIGURE})"
_VERBS = r"(?:được |đạt |tính |chấm |cho |đánh giá |cộng )"
_MARK = r"(?: ?[:=→]| ?[-=]>| [-–](?! ?[-–])(?![0-9])|,(?![0-9]))"
_CLAUSE = re.compile(
    rf"(?P<condition>.+?)(?:{_MARK} ?(?:thì )?{_VERBS}*(?P<marked>{_POINTS})"
    rf"| (?:thì )?{_VERBS}+(?P<told>{_POINTS})| (?:thì )?(?P<plain>{FULL}|{_SHARE}|{NOTHING}))(?: tối đa)?",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"(?P<condition>.+?) ?\({_VERBS}*(?P<points>{_POINTS})\)", re.IGNORECASE)
_BARE = re.compile(rf"(?P<condition>.+?) ?[:=] ?(?P<points>{FIGURE})", re.IGNORECASE)
_POINTS_FIRST = re.compile(rf"(?P<points>{_POINTS})(?: ?[:=] ?| (?:nếu|khi) )(?P<condition>.+)", re.IGNORECASE)
_ITEM = re.compile(r"\(?([a-zđ]|[0-9]{1,2})(?:\) ?|\. )|[-+*•–] ?", re.IGNORECASE)
_ABOUT = (
    r"(?:(?:cách|phương pháp) (?:tính|chấm)(?: điểm)?|điểm(?: số)? (?:được )?(?:tính|chấm)(?: theo)?"
    r"|thang điểm|mức điểm|cụ thể|trong đó|với|theo (?:các )?mức(?: sau)?)(?: như sau| cụ thể| sau đây)*"
)
_INTRODUCTION = re.compile(rf"{_ABOUT}:?", re.IGNORECASE)
_INTRODUCES = re.compile(rf"{_ABOUT}: ?", re.IGNORECASE)
_LETTER_MEANS = re.compile(r"(?:với |trong đó,? )?[a-z] ?(?:=|:|là) ", re.IGNORECASE)
_TIMES_AT_END = re.compile(r"(?:^|\s|\))(?:[x×*]|nhân(?: với)?)$", re.IGNORECASE)
_REST = re.compile(r"(?:các )?(?:trường hợp )?(?:còn lại|khác)|ngoài các trường hợp trên", re.IGNORECASE)

_LEAD = (
    r"(?:(?:nếu|khi|tỷ lệ|tỉ lệ|mức|kết quả|số lượng|tổ chức|họp|ban hành|có|đạt|thực hiện|hoàn thành"
    r"|a ?/ ?b|điểm|tổng số|được|trong năm) ?)*"
)
_LATE = re.compile(r"(?:(?:nộp|gửi|báo cáo|thực hiện|hoàn thành) )*(?:chậm|trễ|muộn)(?: hạn)? (?=.)", re.IGNORECASE)
_LEVEL = re.compile(r"(?:(?:đạt|ở) )*(?:mức|cấp|loại|hạng|bậc)(?: độ)? ([0-9]{1,2})", re.IGNORECASE)
_N = r"([0-9]{1,6}(?:[.,][0-9]{1,4})?) ?(%)?"
_UNIT = r"((?: (?!trở|đến|tới|trong|hoặc|và|dưới|trên|x\b)[^\W\d_]+){0,4})"
_UP = r" (?:trở lên|hoặc (?:nhiều )?hơn|hoặc cao hơn)"
_DOWN = r" (?:trở xuống|hoặc (?:ít )?hơn|hoặc thấp hơn)"
_IN_YEAR = r"(?:/năm|/ năm| (?:trong|một|mỗi) năm| trở đi)?"


@frozen
class Clause:
    """A condition with its points, exact; `marker` is the letter or number of the item, empty where it has none."""

    condition: str
    points: Fraction
    marker: str = ""


@frozen
class Interval:
    """Numbers from `low` to `high`; None is no end. `low_in` and `high_in` say whether the ends belong to it.

    `late` says that it counts what is too late: `chậm không quá 3 ngày`.
    """

    low: Fraction | None = None
    low_in: bool = True
    high: Fraction | None = None
    high_in: bool = True
    percent: bool = False
    unit: str = ""
    late: bool = False


def pieces(text: str) -> list[str]:
    """Return the sentences of a wording: its lines, what stands between semicolons, and lists of conditions.

    A line that a narrow cell has broken is joined again: what has no points yet goes on with the next line, unless that
    begins an item of its own.
    """
    joined: list[str] = []
    ended = True  # a semicolon ends a piece wherever it stands, at the end of a line too
    for line in text.split("\n"):
        first, *others = (one.strip() for one in _sentences(line))
        if first and not ended and _goes_on(joined[-1], first):
            joined[-1] = f"{joined[-1]} {first}"
        elif first:
            joined.append(first)
        joined += filter(None, others)
        ended = not joined or not (others or [first])[-1]
    return [one.rstrip(" .;,") if not one.endswith(":") else one for one in joined]


def _sentences(line: str) -> list[str]:
    # A comma or a full stop ends a clause only behind its points; elsewhere it belongs to the words.
    behind_points = re.sub(r"(\bđiểm(?: tối đa)?\)?)[,.] +(?=\S)", "\\1;", line)
    behind_points = re.sub(r"(?<=\S)[,.]? +(?=trong đó:)", ";", behind_points, flags=re.IGNORECASE)
    behind_points = re.sub(r"(: ?[0-9]{1,4}(?:[.,][0-9]{1,2})?\)?)[,.] +(?=[^\W\d_]|[-+<>≥≤])", "\\1;", behind_points)
    return behind_points.split(";")


def _goes_on(before: str, text: str) -> bool:
    """Return whether a line is the rest of the one before, which a narrow cell has broken."""
    begins = _ITEM.match(text) or _LETTER_MEANS.match(text) or _INTRODUCES.match(text) or "=" in text
    if begins or before.endswith((":", ".", ";")) or clause_of(before, Fraction(1)):
        return False
    return text[:1].islower() or text[:1].isdigit()


def is_introduction(text: str) -> bool:
    """Return whether a piece only says that a list follows: `Cách tính điểm:`, `Trong đó:`."""
    return bool(_INTRODUCTION.fullmatch(text))


def without_introduction(text: str) -> str:
    """Return a piece without such words before it."""
    found = _INTRODUCES.match(text)
    return text[found.end() :] if found else text


def item_of(text: str) -> tuple[str, str]:
    """Return (letter or number, text) of an item of a list; the first is empty for a dash or no mark at all."""
    found = _ITEM.match(text)
    if not found or not text[found.end() :]:
        return "", text
    return (found[1] or "").lower(), text[found.end() :]


def clause_of(text: str, maximum: Fraction) -> Clause | None:
    """Return the condition and the points of a piece such as `Từ 70% đến dưới 90%: 5 điểm`, None where it is none."""
    marker, bare = item_of(text)
    for pattern in (_IN_BRACKETS, _CLAUSE, _BARE, _POINTS_FIRST):
        found = pattern.fullmatch(bare)
        if found:
            groups = found.groupdict()
            said = next(filter(None, (groups.get(name) for name in ("points", "marked", "told", "plain"))))
            points = points_said(said, maximum)
            condition = found["condition"].strip(" :,-–")
            if points is None or not condition or re.search(_POINTS, condition, re.IGNORECASE):
                continue
            if _TIMES_AT_END.search(condition):
                continue  # `a/b x điểm tối đa`, which is a formula
            if found["condition"].rstrip(" -–").endswith((":", "=")) or condition.casefold().endswith("trừ"):
                return None  # `nộp chậm: -2 điểm`, `nộp chậm, trừ: 2 điểm`: these points are taken away
            return Clause(condition, points, marker)
    return None


def points_said(text: str, maximum: Fraction) -> Fraction | None:
    """Return the points that words say: `10 điểm`, `1/2 số điểm`, `không tính điểm`; None where they say none."""
    said = text.casefold()
    if re.fullmatch(NOTHING, said):
        return Fraction(0)
    if re.fullmatch(FULL, said):
        return maximum
    figure = re.fullmatch(rf"({FIGURE}) ?(?:điểm|đ|points?|pts)?", said)
    if figure:
        return read_figure(figure[1])
    share = re.match(r"(?:([1-4])/([2-5])|(một nửa|nửa)|([0-9]{1,3}) ?%)", said)
    if not share or not re.fullmatch(_SHARE, said):
        return None
    above, below, half, percent = share.groups()
    fraction = Fraction(1, 2) if half else Fraction(int(percent), 100) if percent else Fraction(int(above), int(below))
    return fraction * maximum


def is_rest(condition: str) -> bool:
    """Return whether a condition is everything that the others leave: `Còn lại`, `Trường hợp khác`."""
    return bool(_REST.fullmatch(condition))


def is_denial(condition: str) -> bool:
    """Return whether a condition says that something is not there: `Không có`, `Chưa ban hành`."""
    return condition.casefold().startswith(("không", "chưa"))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}{text}{_IN_YEAR}", re.IGNORECASE)


_FROM_UP = [
    _pattern(rf"(?:≥|>=|từ|ít nhất|tối thiểu)? ?{_N}{_UNIT}{_UP}"),
    _pattern(rf"(?:≥|>=|ít nhất|tối thiểu) ?{_N}{_UNIT}"),
]
_ABOVE = [_pattern(rf"(?:>|trên|quá|lớn hơn|nhiều hơn|hơn|cao hơn) ?{_N}{_UNIT}")]
_BELOW = [_pattern(rf"(?:<|dưới|nhỏ hơn|thấp hơn|ít hơn) ?{_N}{_UNIT}")]
_UP_TO = [
    _pattern(rf"(?:≤|<=|tối đa|không quá|nhiều nhất|trong vòng|trong) ?{_N}{_UNIT}"),
    _pattern(rf"(?:từ )?{_N}{_UNIT}{_DOWN}"),
]
_ONE_END = ((_FROM_UP, True, True), (_UP_TO, False, True), (_BELOW, False, False), (_ABOVE, True, False))
_EXACTLY = [_pattern(rf"(?:=|bằng|đúng)? ?{_N}{_UNIT}")]
_FROM_TO = [
    _pattern(rf"(từ|trên|>) ?{_N}{_UNIT} ?(?:đến|tới|-|–) ?(dưới|<)? ?{_N}{_UNIT}"),
    _pattern(rf"()?{_N}{_UNIT} ?(?:đến|tới|-|–) ?(dưới|<)? ?{_N}{_UNIT}"),
]
_MIDDLE = re.compile(rf"{_N} ?(<|≤|<=) ?(?:x|a ?/ ?b|tỷ lệ|tỉ lệ|t|k)(?: đạt)? ?(<|≤|<=) ?{_N}", re.IGNORECASE)


def interval_of(condition: str) -> Interval | None:
    """Return the numbers that a condition means: `từ 70% đến dưới 90%`, `4 cuộc trở lên`; None where it is none."""
    text = condition.strip()
    if level_of(text):
        return None  # a level has a number, but does not count anything
    late = _LATE.match(text)
    if not late:
        return _plain_interval(text)
    inner = _plain_interval(text[late.end() :])
    return evolve(inner, unit=f"{inner.unit} chậm", late=True) if inner and inner.unit else None


def level_of(condition: str) -> str:
    """Return the number of the level that a condition names: `Mức 2`, `đạt cấp độ 3`; empty where it names none."""
    found = _LEVEL.fullmatch(condition)
    return str(int(found[1])) if found else ""


def _plain_interval(text: str) -> Interval | None:
    found = _MIDDLE.fullmatch(text)
    if found:
        low, one, left, right, high, two = found.groups()
        return _made(low, left != "<", high, right != "<", bool(one or two), "")
    for pattern in _FROM_TO:
        if found := pattern.fullmatch(text):
            start, low, one, unit, below, high, two, other = found.groups()
            low_in = (start or "").casefold() not in ("trên", ">")
            return _made(low, low_in, high, not below, bool(one or two), other or unit)
    for patterns, has_low, inside in _ONE_END:
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                figure, percent, unit = found.groups()
                low, high = (figure, "") if has_low else ("", figure)
                return _made(low, inside, high, inside, bool(percent), unit)
    for pattern in _EXACTLY:
        if found := pattern.fullmatch(text):
            return _made(found[1], True, found[1], True, bool(found[2]), found[3])
    return None


def _made(low: str, low_in: bool, high: str, high_in: bool, percent: bool, unit: str) -> Interval | None:
    ends = [read_figure(text) if text else None for text in (low, high)]
    if any(text and end is None for text, end in zip((low, high), ends, strict=True)):
        return None
    return Interval(ends[0], low_in, ends[1], high_in, percent, unit.strip().casefold())


def same_unit(intervals: Sequence[Interval]) -> str | None:
    """Return the unit that intervals count, empty where none names one; None where they name different ones."""
    units = {one.unit for one in intervals if one.unit}
    longest = max(units, key=len, default="")
    return longest if all(longest.startswith(unit) for unit in units) else None
