"""Measures, scales and aggregations once more, in exact arithmetic (see `oracle`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, Final

from attrs import frozen

from ictindex.model import Group, Indicator, Quantity, Row

ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)
_DIGITS = Context(prec=60)


class _NotApplicable:
    def __repr__(self) -> str:
        return "NA"


NA: Final = _NotApplicable()
Cells = Mapping[str, Any]


@frozen
class Part:
    """Points achieved, and how many of the row's maximum are left out and still to be converted back."""

    points: Fraction
    excluded: Fraction = ZERO


# --- measures ------------------------------------------------------------------------------------------------------


def measured(row: Indicator, cells: Cells, missing: str, absent: str) -> Fraction | str:
    """Return the measure's number, or what happens instead: refuse, zero, full or rescale (left out)."""
    found = [cells.get(code) for code in row.inputs]
    if any(cell is None for cell in found):
        return missing
    if any(cell is NA for cell in found):
        return absent
    rule = row.measure
    match rule.name:
        case "value" | "count" | "yes-no":
            return Fraction(cells[rule.get("input")])
        case "assessed":
            return from_published(row, Fraction(cells[rule.get("input")]))
        case "choice":
            return Fraction(rule.get("cases")[int(cells[rule.get("input")])].points)
        case "checks":
            return sum((case.points for case in rule.get("cases") if cells[case.code]), ZERO)
        case "all-of":
            return Fraction(all(cells[code] for code in rule.get("inputs")))
        case "ratio":
            number = _ratio(row, cells)
            return absent if number == "not-applicable" else number
    raise NotImplementedError(rule.name)


def _ratio(row: Indicator, cells: Cells) -> Fraction | str:
    rule = row.measure
    whole = _quantity(rule.get("b"), cells)
    if whole == 0:
        return str(rule.get("if_none", "refuse"))
    number = _quantity(rule.get("a"), cells) * rule.get("per", ONE) / whole
    if number > 1 and rule.get("over") == "refuse":
        return "refuse"
    floor = rule.get("floor")
    return ZERO if floor is not None and number < floor else number


def _quantity(quantity: Quantity, cells: Cells) -> Fraction:
    return sum((Fraction(cells[code]) * factor for code, factor in quantity.terms), quantity.constant)


def from_published(row: Row, cell: Fraction) -> Fraction:
    match row.publish.scale:
        case "index":
            return cell * row.max
        case "percent":
            return cell / 100 * row.max
    return cell


# --- scales --------------------------------------------------------------------------------------------------------


def unscaled(row: Indicator, number: Fraction) -> Fraction:
    if row.measure.name in ("ratio", "yes-no", "all-of"):
        return _cut(number, ONE) * row.max
    return _cut(number, row.max) if row.measure.name in ("value", "count") else number


def _steps(row: Row, number: Fraction) -> Fraction:
    assert row.scale is not None
    earned = [(threshold, points) for threshold, points in row.scale.get("table") if threshold <= number]
    return Fraction(max(earned)[1]) if earned else ZERO


def _steps_down(row: Row, number: Fraction) -> Fraction:
    assert row.scale is not None
    earned = [(threshold, points) for threshold, points in row.scale.get("table") if threshold >= number]
    return Fraction(min(earned)[1]) if earned else ZERO


def _each(row: Row, number: Fraction) -> Fraction:
    assert row.scale is not None
    return _cut(number * row.scale.get("points"), row.max)


def _goalposts(row: Row, number: Fraction) -> Fraction:
    assert row.scale is not None
    start, end = row.scale.get("start"), row.scale.get("end")
    if not row.scale.get("log"):
        return _cut((number - start) / (end - start), ONE) * row.max
    if number <= 0:  # below every positive number: the lower of the two ends
        return ZERO if start < end else row.max
    top, bottom = (_DIGITS.ln(_decimal(value / start)) for value in (number, end))
    return _cut(exact(_DIGITS.divide(top, bottom)), ONE) * row.max


def _min_max(number: Fraction, fit: Sequence[Fraction]) -> Fraction:
    low, high = min(fit), max(fit)
    return HALF if low == high else (number - low) / (high - low)


def _z_score(number: Fraction, fit: Sequence[Fraction]) -> Fraction:
    mean = sum(fit, ZERO) / len(fit)
    variance = exact(sum(((one - mean) ** 2 for one in fit), ZERO) / len(fit))
    return ZERO if variance == 0 else (number - mean) / exact(_DIGITS.sqrt(_decimal(variance)))


def _of_best(number: Fraction, fit: Sequence[Fraction]) -> Fraction:
    return ZERO if max(fit) <= 0 else _cut(number / max(fit), ONE)


SCALES: dict[str, Callable[[Row, Fraction], Fraction]] = {
    "steps": _steps,
    "steps-down": _steps_down,
    "each": _each,
    "goalposts": _goalposts,
}
FITTED: dict[str, Callable[[Fraction, Sequence[Fraction]], Fraction]] = {
    "min-max": _min_max,
    "z-score": _z_score,
    "of-best": _of_best,
}


# --- aggregations --------------------------------------------------------------------------------------------------

Children = list[tuple[Row, Part | None]]


def _sum(row: Group, children: Children) -> Part:
    """Add up. Left-out points lower what can be reached; a bonus cannot lift above it, a deduction not below 0."""
    inside = [(child, part) for child, part in children if child.role == "max"]
    excluded = sum((child.max if part is None else part.excluded for child, part in inside), ZERO)
    signs = {"max": 1, "bonus": 1, "deduct": -1}
    points = sum((signs[child.role] * part.points for child, part in children if part is not None), ZERO)
    if row.combine.name == "capped":
        reachable = min(row.max, sum((child.max for child, _ in inside), ZERO) - excluded)
        excluded = row.max - reachable if excluded else ZERO
    if len(inside) < len(children) or row.combine.name == "capped":
        points = _cut(points, row.max - excluded)
    return Part(points, excluded)


def _mean(row: Group, children: Children) -> Part | None:
    found = _shares(children)
    weights = sum((weight for weight, _ in found), ZERO)
    return Part(sum((weight * share for weight, share in found), ZERO) / weights * row.max) if weights else None


def _geometric(row: Group, children: Children) -> Part | None:
    found = _shares(children)
    weights = sum((weight for weight, _ in found), ZERO)
    if not weights:
        return None
    if any(share <= 0 for _, share in found):
        return Part(ZERO)
    logs = (_DIGITS.multiply(_decimal(weight / weights), _DIGITS.ln(_decimal(share))) for weight, share in found)
    total = Decimal(0)
    for log in logs:
        total = _DIGITS.add(total, log)
    return Part(exact(_DIGITS.exp(total)) * row.max)


def _best(row: Group, children: Children) -> Part | None:
    found = [part.points for child, part in children if part is not None]
    return Part(min(row.max, max(found))) if found else None


def _least(row: Group, children: Children) -> Part | None:
    found = [part.points for child, part in children if part is not None]
    return Part(min(row.max, *found)) if found else None


def _none(_row: Group, _children: Children) -> None:
    return None


def _shares(children: Children) -> list[tuple[Fraction, Fraction]]:
    """Return weight and share of the maximum, the points converted back already."""
    return [(child.weight, part.points / child.max) for child, part in children if part is not None and child.max]


def rescaled(row: Row, part: Part) -> Part:
    return Part(part.points * row.max / (row.max - part.excluded)) if part.excluded else part


COMBINATIONS: dict[str, Callable[[Group, Children], Part | None]] = {
    "sum": _sum,
    "capped": _sum,
    "mean": _mean,
    "geometric": _geometric,
    "best": _best,
    "least": _least,
    "none": _none,
}


# --- numbers ---------------------------------------------------------------------------------------------------------


def _cut(number: Fraction, top: Fraction) -> Fraction:
    return max(ZERO, min(top, number))


def _decimal(number: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))


def exact(number: Fraction | Decimal) -> Fraction:
    """Return the simple fraction that a 60-digit number stands for, else the number itself."""
    number = Fraction(number)
    simple = number.limit_denominator(10**15)
    return simple if abs(number - simple) < Fraction(1, 10**45) else number


def settled(number: Fraction) -> Fraction:
    """Return the number with 45 digits where it has more: equal roots stay equal, however they were reached."""
    number = exact(number)
    return number if number.denominator < 10**45 else Fraction(round(number * 10**45), 10**45)
