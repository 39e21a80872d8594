"""Parts above their whole, and percentages above 100.

A ratio is a share where both quantities count the same things. A scheme says so by the units of measure that it
declares, or by its words: `số hồ sơ trực tuyến` of `tổng số hồ sơ`. Where it says neither, only what is rare in the
table is doubted. Problems: T110 a part above its whole, T111 more than 100 percent.
"""

from __future__ import annotations

import enum
import re
from fractions import Fraction

import numpy as np

from ictindex.analysis.doubts.figures import PERCENT, Mask, figure, quantities
from ictindex.analysis.doubts.gathering import Doubts
from ictindex.cells import Floats, clean, fold
from ictindex.messages import say
from ictindex.model import Indicator, Input, Quantity, Rule, Scheme
from ictindex.table import Table

RARE = 5
"""Where it is not sure that a ratio is a share, one unit in so many may be above 1 and is then doubted."""

_LEADING = frozenset({"tổng", "số", "lượng", "các", "những", "total", "number", "of", "the"})
_LINKING = frozenset(
    {"có", "đã", "được", "dùng", "sử", "nộp", "là", "biết", "trong", "của", "tại", "ở", "cho", "không", "chưa", "do"}
    | {"thường", "xử", "gửi", "tham", "theo", "đang", "with", "that", "who", "using", "in", "on", "of", "having"}
)
_WANTED = ("yêu cầu", "kế hoạch", "chỉ tiêu", "mục tiêu", "tối thiểu", "định mức", "required", "planned", "target")
_ACCURACY = 1e-9  # a sum of floats errs by less, and figures differ by more


class _Sure(enum.Enum):
    """How sure it is that a ratio is a share of a whole."""

    NO = enum.auto()
    LIKELY = enum.auto()
    YES = enum.auto()


def doubt_shares(scheme: Scheme, table: Table, doubts: Doubts) -> None:
    """Doubt numerators above their denominators, where the ratio is a share, and percentages above 100."""
    told: set[tuple[Quantity, Quantity]] = set()
    for row in scheme.indicators:
        if row.measure.name == "ratio":
            above, below = row.measure.get("a"), row.measure.get("b")
            if (above, below) not in told:
                told.add((above, below))
                _doubt_ratio(scheme, table, row, doubts)
    for one, values in quantities(scheme, table):
        if fold(one.unit) in PERCENT and one.high is None:
            units = np.flatnonzero(values > 100)
            for unit in doubts.worst("T111", one.code, units.tolist(), values[units]):
                message = say(
                    "{unit}: {value} is above 100 percent", unit=table.units[unit], value=figure(values[unit])
                )
                hint = say("can it be more than the whole?")
                doubts.add("T111", message, unit=unit, key=one.code, hint=hint)


def share_weights(scheme: Scheme, table: Table, row: Indicator) -> dict[str, Fraction] | None:
    """Return with which weights the parts of a ratio count towards their whole, None where it is taken for no share.

    The weights are 1 where both count the same things. Where it is only likely that a ratio is a share, too many units
    above 1 say that it is not.
    """
    above, below = row.measure.get("a"), row.measure.get("b")
    sure, same = _share(scheme, row, above, below)
    if sure is _Sure.NO:
        return None
    if sure is _Sure.LIKELY and all(code in table.columns for code in row.inputs):
        part, whole = _sum(table, above, plain=same), _sum(table, below, plain=False)
        if _too_many(int(np.count_nonzero(part > whole * (1 + _ACCURACY))), part, whole):
            return None
    weights: dict[str, Fraction] = {}
    for code, factor in above.terms:
        weights[code] = Fraction(1) if same else weights.get(code, Fraction(0)) + factor
    return weights


def _doubt_ratio(scheme: Scheme, table: Table, row: Indicator, doubts: Doubts) -> None:
    above, below = row.measure.get("a"), row.measure.get("b")
    sure, same = _share(scheme, row, above, below)
    if sure is _Sure.NO or any(code not in table.columns for code in row.inputs):
        return
    part, whole = _sum(table, above, plain=same), _sum(table, below, plain=False)
    beyond = part > whole * (1 + _ACCURACY)
    if len(above.terms) == 1 or not same:
        _tell(table, above, below, (part, whole, beyond), sure, doubts)
        return
    together = beyond.copy()
    for term in above.terms:  # a part that is above the whole by itself is told there
        one = Quantity((term,))
        own = _sum(table, one, plain=True)
        alone = own > whole * (1 + _ACCURACY)
        together &= ~alone
        _tell(table, one, below, (own, whole, alone), sure, doubts)
    _tell(table, above, below, (part, whole, together), sure, doubts)


def _tell(
    table: Table, above: Quantity, below: Quantity, found: tuple[Floats, Floats, Mask], sure: _Sure, doubts: Doubts
) -> None:
    part, whole, beyond = found
    units = np.flatnonzero(beyond)
    if sure is _Sure.LIKELY and _too_many(len(units), part, whole):
        return
    weights = np.where(whole[units] > 0, part[units] / whole[units], np.inf)
    key = above.inputs[0]
    for unit in doubts.worst("T110", key, units.tolist(), weights):
        message = say(
            "{unit}: {part} in {columns} is above {whole} in {others}, of which it is a part",
            unit=table.units[unit],
            part=figure(part[unit]),
            columns=" + ".join(above.inputs),
            whole=figure(whole[unit]),
            others=" + ".join(below.inputs),
        )
        hint = say("are the two exchanged, or of different years or areas?")
        doubts.add("T110", message, unit=unit, key=key, hint=hint)


def _too_many(beyond: int, part: Floats, whole: Floats) -> bool:
    """Whether so many units are above 1 that the ratio is none of a part to its whole."""
    compared = int(np.count_nonzero(~np.isnan(part) & ~np.isnan(whole)))
    return beyond > max(1, compared // RARE)


def _sum(table: Table, quantity: Quantity, *, plain: bool) -> Floats:
    """Return the sum of the terms for each unit; `plain`: without the factors that convert them."""
    total = np.full(len(table), 0.0 if plain else float(quantity.constant))
    for code, factor in quantity.terms:
        total = total + table.columns[code].values * (1.0 if plain else float(factor))
    return total


def _share(scheme: Scheme, row: Indicator, above: Quantity, below: Quantity) -> tuple[_Sure, bool]:
    """Return how sure it is that the numerator is a part of the denominator, and whether both count the same things."""
    if not above.terms or not below.terms or above.constant or below.constant:
        return _Sure.NO, False  # a number that the authority fixed is a target, and may be surpassed
    if any(factor <= 0 for _, factor in (*above.terms, *below.terms)):
        return _Sure.NO, False
    parts = [scheme.input(code) for code in above.inputs]
    wholes = [scheme.input(code) for code in below.inputs]
    if any(_wanted(one) for one in wholes):
        return _Sure.NO, False
    if all(_same_things(part, whole) for part in parts for whole in wholes):
        all_of_them = all(_all_of_them(part, whole) for part in parts for whole in wholes)
        return _Sure.YES if all_of_them else _Sure.LIKELY, True
    units = {fold(one.unit) for one in (*parts, *wholes) if one.unit}
    if len(units) > 1:
        return _Sure.NO, False
    full = _full_at_one(row)
    if units and all(one.unit for one in (*parts, *wholes)):
        return _Sure.YES if full else _Sure.LIKELY, False
    return _Sure.LIKELY if full else _Sure.NO, False


def _full_at_one(row: Indicator) -> bool:
    """Whether more than 1 earns no more than 1."""
    if row.measure.get("per", 1) != 1:
        return False
    scale: Rule | None = row.scale
    if scale is None:
        return True
    if scale.name == "steps":
        return all(threshold <= 1 for threshold, _ in scale.get("table"))
    return scale.name == "goalposts" and scale.get("start") < scale.get("end") <= 1


def _same_things(part: Input, whole: Input) -> bool:
    """Whether the words of both begin with the same things: `hộ có máy tính`, `hộ gia đình`."""
    one, other = _things(part.name), _things(whole.name)
    if not one or not other:
        return False
    if one[0].isupper() and len(one[0]) > 2:  # an abbreviation, which the whole's words explain in brackets
        return one[0] in re.findall(r"\w+", clean(whole.name))
    first, second = [word.casefold() for word in one[:2]], [word.casefold() for word in other[:2]]
    if first[0] != second[0]:
        return False
    return first == second or any(len(words) < 2 or words[1] in _LINKING for words in (first, second))


def _all_of_them(part: Input, whole: Input) -> bool:
    """Whether the whole is all of the things: `tổng số hồ sơ`, or `số hồ sơ` of `số hồ sơ trực tuyến`."""
    words = clean(whole.name).casefold().split()
    one, other = (" ".join(_things(each.name)).casefold() for each in (part, whole))
    return words[:1] in (["tổng"], ["total"]) or f"{one} ".startswith(f"{other} ")


def _wanted(whole: Input) -> bool:
    """Whether the words say that the number is wanted, not counted: there may be more than were asked for."""
    rest = " ".join(_things(whole.name)[2:]).casefold()
    return any(word in rest for word in _WANTED)


def _things(name: str) -> list[str]:
    """Return the words without those that only say that something is counted."""
    words = re.findall(r"[^\W\d_]+", clean(name))
    while words and words[0].casefold() in _LEADING:
        words = words[1:]
    return words
