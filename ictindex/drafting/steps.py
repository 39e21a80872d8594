"""Clauses with intervals to a step table of the language: from a number up, or up to a number."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from attrs import evolve, frozen

from ictindex.documents.grammar import write_number
from ictindex.drafting.wording import Clause, Interval, interval_of, is_denial, is_rest, same_unit

_HUNDRED = Fraction(100)
_NOT_COUNTED = frozenset(("tuần", "tháng", "giờ", "điểm", "triệu", "tỷ", "đồng", "mbps", "gb", "km", "phút", "năm"))


@frozen
class StepTable:
    """A table of steps: `steps` are numbers with their points, as they are written, the best first.

    `keyword` is steps or steps-down, `measure` count or value, `unit` the words of the input, `percent` whether the
    numbers are percents.
    """

    keyword: str
    measure: str
    unit: str
    percent: bool
    steps: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...] = ()


def step_table(clauses: Sequence[Clause], maximum: Fraction) -> StepTable | None:
    """Return the steps that clauses say, None where they leave a gap, overlap, or do not end at the maximum."""
    if len(clauses) < 2:
        return None
    read: list[tuple[Interval, Fraction]] = []
    rest: list[Fraction] = []  # points of what the intervals leave
    none = False  # whether that is none at all: `không có: 0 điểm`
    for clause in clauses:
        interval = interval_of(clause.condition)
        if interval is not None:
            read.append((interval, clause.points))
        elif is_rest(clause.condition) or (is_denial(clause.condition) and not clause.points):
            rest.append(clause.points)
            none = is_denial(clause.condition) and not clause.condition.casefold().startswith("không đạt")
        else:
            return None
    intervals = [interval for interval, _ in read]
    unit = same_unit(intervals)
    percents = {interval.percent for interval in intervals}
    lates = [interval.late for interval in intervals]
    if len(rest) > 1 or unit is None or len(percents) != 1 or (any(lates) and not lates[0]):
        return None
    percent = percents == {True}
    whole = not percent and not _NOT_COUNTED.intersection(unit.split()) and _are_whole(intervals)
    if whole:
        read = [(_closed(interval), points) for interval, points in read]
    best = max(read, key=lambda pair: pair[1])
    if best[1] != maximum or len({points for _, points in read}) < len(read):
        return None
    read.sort(key=lambda pair: pair[1], reverse=True)
    if none and read[-1][0].low is None and read[-1][1]:
        if not whole:
            return None
        read[-1] = evolve(read[-1][0], low=Fraction(1)), read[-1][1]  # below 3 and not none: 1 or 2
    made = None if any(lates) else _upward(read, [] if none else rest, percent, whole)  # no points for being late
    made = made or (None if none else _downward(read, rest, whole))
    if made is None:
        return None
    keyword, steps, doubts = made
    measure = "count" if whole else "value"
    if not unit and not percent:
        doubts = (*doubts, "lời văn không nói đếm gì")
    words = _input_words(unit, percent)
    return StepTable(keyword, measure, words, percent, steps, doubts)


def _input_words(unit: str, percent: bool) -> str:
    if percent:
        return "tỷ lệ, tính bằng %"
    return f"số {unit}" if unit else ""


def _are_whole(intervals: Sequence[Interval]) -> bool:
    ends = [end for one in intervals for end in (one.low, one.high) if end is not None]
    return all(end.denominator == 1 for end in ends)


def _closed(one: Interval) -> Interval:
    """Return an interval of whole numbers with both its ends in it: below 4 is up to 3."""
    low = one.low if one.low is None or one.low_in else one.low + 1
    high = one.high if one.high is None or one.high_in else one.high - 1
    return evolve(one, low=low, low_in=True, high=high, high_in=True)


_Made = tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]


def _upward(read: list[tuple[Interval, Fraction]], rest: list[Fraction], percent: bool, whole: bool) -> _Made | None:
    """Return steps from a number up: the best interval has no end above, each other one ends where the next begins."""
    top = read[0][0]
    open_above = (
        top.high is None or (percent and top.high == _HUNDRED and top.high_in) or (whole and top.low == top.high)
    )
    if not open_above or top.low is None:
        return None
    for (upper, _), (lower, _) in pairwise(read):
        if upper.low is None or not upper.low_in or not _meet(lower, upper, whole):
            return None
    last, points = read[-1]
    doubts: tuple[str, ...] = ()
    steps = [(interval.low or Fraction(0), earned) for interval, earned in read if earned]
    if any(interval.low is not None and not interval.low_in for interval, _ in read):
        return None
    lowest = steps[-1][0]
    if last.low is not None and points and lowest > 0:
        left = rest[0] if rest else Fraction(0)
        if left >= points:
            return None
        if left:
            steps.append((Fraction(0), left))
        elif not rest and not (whole and lowest == 1):
            share = "%" if percent else ""
            doubts = (f"lời văn không nói dưới {write_number(lowest)}{share} được mấy điểm; đọc là 0 điểm",)
    elif rest and any(rest):
        return None
    return "steps", _written(steps), doubts


def _meet(lower: Interval, upper: Interval, whole: bool) -> bool:
    """Return whether one interval ends just where the next one begins."""
    if lower.high is None or upper.low is None:
        return False
    if whole:
        return lower.high == upper.low - 1
    return lower.high == upper.low and lower.high_in != upper.low_in


def _downward(read: list[tuple[Interval, Fraction]], rest: list[Fraction], whole: bool) -> _Made | None:
    """Return steps up to a number: the best interval has no end below, and above the last there is nothing."""
    if read[0][0].high is None or not (read[0][0].low is None or read[0][0].low == 0):
        return None
    for (better, _), (worse, _) in pairwise(read):
        follows = worse.low is not None and _meet(better, worse, whole)
        only_ends = (
            worse.low is None and worse.high is not None and better.high is not None and better.high < worse.high
        )
        if not (follows or only_ends):
            return None
    steps = [(interval.high, earned) for interval, earned in read if earned]
    ends = [interval for interval, earned in read if not earned]
    if any(interval.high is not None for interval in ends) or any(rest) or any(high is None for high, _ in steps):
        return None
    if any(not interval.high_in for interval, earned in read if earned):
        return None
    closed = [(high, earned) for high, earned in steps if high is not None]
    doubts: tuple[str, ...] = ()
    if not ends and not rest:
        doubts = (f"lời văn không nói trên {write_number(closed[-1][0])} được mấy điểm; đọc là 0 điểm",)
    return "steps-down", _written(closed), doubts


def _written(steps: Sequence[tuple[Fraction, Fraction]]) -> tuple[tuple[str, str], ...]:
    return tuple((write_number(number), write_number(points)) for number, points in steps)
