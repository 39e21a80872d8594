"""Figures in another unit of measure than their column: thousands among single ones, shares among percentages.

Problems: T119 a figure far from all others, T120 a share among percentages or the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ictindex.analysis.doubts.figures import PERCENT, Positions, alike, figure, median, middle, quantities, rough
from ictindex.analysis.doubts.gathering import Doubts
from ictindex.cells import Floats, fold
from ictindex.messages import say
from ictindex.model import InputKind, Quantity, Scheme
from ictindex.table import Table

LEAST = 5
"""Fewer figures than this show no usual size."""

FAR = 2.5
"""So many powers of ten off the median (316 times): a thousand that was forgotten, and no unit that is merely large."""

_SURELY = 10**FAR * 0.999
"""So many times, and rounding makes no figure far."""

GAP = 1.0
"""So many powers of ten lie empty between the figure and the nearest other one."""

SOON = 10_000.0
"""Below this usual figure, whole numbers of one digit are no doubt: there are units with one dossier."""

SPREADS = 5.0
"""A figure must also be so many spreads off: where sizes differ widely, far is further."""

MINORITY = 5
"""At most one figure in so many is doubted; of two camps nobody knows which is right."""

_SHARE = re.compile(r"\b(tỷ lệ|tỉ lệ|phần trăm|percent|share|rate)\b|%")

WHOLE_PERCENT = 10.0
"""Percentages have this median at least; among smaller ones 0.5 may well be half a percent."""


def doubt_scales(scheme: Scheme, table: Table, doubts: Doubts) -> None:
    """Doubt figures that are of another size than those of comparable units."""
    groups = alike(scheme, table)
    seen: dict[str, set[int]] = {}
    for one, values in quantities(scheme, table):
        far = dict(pair for group in groups for pair in _far(values, group))
        seen[one.code] = set(far)
        for unit in doubts.worst("T119", one.code, far, [abs(power) for power in far.values()]):
            _tell_far(table.units[unit], values[unit], far[unit], unit, one.code, doubts)
    for above, below in _pairs(scheme, table):
        _doubt_ratios(table, groups, (above, below), seen, doubts)
    for key, values in _percentages(scheme, table):
        for group in groups:
            _doubt_percent(table, key, values, group, doubts)


def _far(values: Floats, group: Positions) -> Iterator[tuple[int, float]]:
    """Yield the units whose figure is far from the others, with how many powers of ten it is off their median."""
    units = group[values[group] > 0]
    if len(units) < LEAST or _near(values[units]):
        return
    logs = np.log10(values[units])
    usual = median(logs)
    off = logs - usual
    if float(off.max()) < FAR and float(off.min()) > -FAR:
        return
    limit = max(FAR, SPREADS * middle(logs)[1])
    for side in (1, -1):
        outside = side * off >= limit
        if side < 0 and 10**usual < SOON:  # a few of what others have hundreds of are no mistake yet
            outside &= (values[units] >= 10) | (values[units] % 1 != 0)
        count = int(np.count_nonzero(outside))
        if not count or count > max(1, len(units) // MINORITY):
            continue
        near = side * off[~outside]
        if float((side * off[outside]).min()) - float(near.max()) >= GAP:
            yield from zip(units[outside].tolist(), off[outside].tolist(), strict=True)


def _near(figures: Floats) -> bool:
    """Whether surely none of these is far from their median, told by counting alone."""
    small, large = figures <= figures.max() / _SURELY, figures >= figures.min() * _SURELY
    fewer = (len(figures) - 1) // 2  # so few lie below the median, or above it
    return bool(np.count_nonzero(small) <= fewer and np.count_nonzero(large) <= fewer)


def _tell_far(name: str, value: float, power: float, unit: int, key: str, doubts: Doubts) -> None:
    usual, times = rough(10 ** (np.log10(value) - power)), _times(power)
    message = say(
        "{unit}: {value} is {times} times the usual {usual}", unit=name, value=figure(value), times=times, usual=usual
    )
    if power < 0:
        message = say(
            "{unit}: {value} is {times} times below the usual {usual}",
            unit=name,
            value=figure(value),
            times=times,
            usual=usual,
        )
    hint = say("is it in another unit of measure, such as thousands, or has it a digit or a point too many?")
    doubts.add("T119", message, unit=unit, key=key, hint=hint)


def _times(power: float) -> str:
    """Return how many times it is that many powers of ten."""
    return rough(10 ** min(abs(power), 300.0))


def _pairs(scheme: Scheme, table: Table) -> Iterator[tuple[str, str]]:
    """Yield the numerator and the denominator of each ratio of two inputs."""
    told: set[tuple[str, str]] = set()
    for row in scheme.indicators:
        above, below = row.measure.get("a"), row.measure.get("b")
        if not (isinstance(above, Quantity) and isinstance(below, Quantity)):
            continue
        pair = (*above.inputs, *below.inputs)
        if (
            len(above.inputs) == len(below.inputs) == 1
            and pair not in told
            and all(code in table.columns for code in pair)
        ):
            told.add((pair[0], pair[1]))
            yield pair[0], pair[1]


def _doubt_ratios(
    table: Table, groups: list[Positions], pair: tuple[str, str], seen: dict[str, set[int]], doubts: Doubts
) -> None:
    """Doubt ratios of another size: units differ widely, what they have for each resident does not."""
    above, below = (table.columns[code].values for code in pair)
    ratios = np.divide(above, below, out=np.full(len(table), np.nan), where=below > 0)
    told = seen.get(pair[0], set()) | seen.get(pair[1], set())
    far = {unit: power for group in groups for unit, power in _far(ratios, group) if unit not in told}
    for unit in doubts.worst("T119", pair[0], far, [abs(power) for power in far.values()]):
        parts = {
            "unit": table.units[unit],
            "a": figure(above[unit]),
            "b": figure(below[unit]),
            "column": pair[1],
            "times": _times(far[unit]),
        }
        message = say("{unit}: {a}, for {b} in {column}, is {times} times what is usual", **parts)
        if far[unit] < 0:
            message = say("{unit}: {a}, for {b} in {column}, is {times} times below what is usual", **parts)
        hint = say("is one of the two in another unit of measure, such as thousands?")
        doubts.add("T119", message, unit=unit, key=pair[0], hint=hint)
    seen.setdefault(pair[0], set()).update(far)


def _percentages(scheme: Scheme, table: Table) -> Iterator[tuple[str, Floats]]:
    """Yield the columns that may hold percentages: amounts that are shares, and scores that are out of 100."""
    values = {code for row in scheme.indicators if row.measure.name == "value" for code in row.inputs}
    for one, cells in quantities(scheme, table):
        share = fold(one.unit) in PERCENT or (not one.unit and (one.code in values or _SHARE.search(fold(one.name))))
        if one.kind is InputKind.AMOUNT and share:
            yield one.code, cells
    for row in scheme.rows():
        out_of = {"points": row.max, "percent": 100, "index": 1}[row.publish.scale]
        for key in (row.code, f"{row.code}.score"):
            given = out_of == 100 and key in table.columns
            if given and not (key == row.code and _kind(scheme, key) is not InputKind.POINTS):
                yield key, table.columns[key].values


def _kind(scheme: Scheme, code: str) -> InputKind | None:
    return next((one.kind for one in scheme.inputs if one.code == code), None)


def _doubt_percent(table: Table, key: str, values: Floats, group: Positions, doubts: Doubts) -> None:
    """Doubt the few figures up to 1 among percentages, and the few percentages among shares."""
    units = group[values[group] > 0]
    if len(units) < LEAST or float(values[units].max()) > 100:
        return
    shares, percents = units[values[units] <= 1], units[values[units] > 1]
    if not len(shares) or not len(percents) or min(len(shares), len(percents)) > max(1, len(units) // MINORITY):
        return
    largest, least = float(values[shares].max()), float(values[percents].min())
    usual = median(values[percents])
    if usual < WHOLE_PERCENT or least < 5 * largest:
        return
    # As percentages the shares must lie where the others do; else they are small and not of another kind.
    low, high = float(values[shares].min()) * 100, largest * 100
    if len(shares) < len(percents):
        if low < least / 2:
            return
        for unit in doubts.worst("T120", key, shares.tolist(), 1 / values[shares]):
            message = say(
                "{unit}: {value} stands among percentages", unit=table.units[unit], value=figure(values[unit])
            )
            percent = rough(values[unit] * 100)
            doubts.add("T120", message, unit=unit, key=key, hint=say("is {percent} meant?", percent=percent))
        return
    if usual > 2 * high or float(values[percents].max()) < low / 2:
        return
    for unit in doubts.worst("T120", key, percents.tolist(), values[percents]):
        message = say("{unit}: {value} stands among shares of 1", unit=table.units[unit], value=figure(values[unit]))
        share = rough(values[unit] / 100)
        doubts.add("T120", message, unit=unit, key=key, hint=say("is {share} meant?", share=share))
