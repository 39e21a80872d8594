"""What the checks share: which units are alike, what is usual among figures, and how a figure is written."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ictindex.cells import Floats, cell_text
from ictindex.model import Input, InputKind, Scheme
from ictindex.table import Table

Positions = NDArray[np.intp]
Mask = NDArray[np.bool_]

NUMBERS = (InputKind.COUNT, InputKind.AMOUNT)
PERCENT = frozenset({"%", "percent", "per cent", "phần trăm"})
"""Units of measure that say that a figure is out of 100."""

LONG = 1e15
"""From here on a computed number is not written out."""

NORMAL = 1.4826
"""The standard deviation of a normal distribution is so many times the median distance from its median."""


def quantities(scheme: Scheme, table: Table) -> Iterator[tuple[Input, Floats]]:
    """Yield the inputs that are counts or amounts with their columns; NaN where nothing is reported."""
    for one in scheme.inputs:
        column = table.columns.get(one.code)
        if column is not None and one.kind in NUMBERS:
            yield one, column.values


def alike(scheme: Scheme, table: Table) -> list[Positions]:
    """Return the units that can be compared with one another, by their positions.

    Pools that the scheme lists (departments, districts) are kinds of units, each apart. Pools that it does not list are
    areas (the communes of a district): all units are of one kind.
    """
    if table.pool is None or scheme.pools is None or not scheme.pools.pools:
        return [np.arange(len(table), dtype=np.intp)]
    pools = np.array(table.pool, object)
    return [np.flatnonzero(pools == one.code) for one in scheme.pools.pools]


def median(values: Floats) -> float:
    """Return the median of numbers of which none is NaN."""
    ordered = np.sort(values)  # np.median imports the masked arrays, which takes longer than all medians here
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def middle(values: Floats) -> tuple[float, float]:
    """Return the median and the spread around it: what the standard deviation would be without the outliers."""
    usual = median(values)
    return usual, NORMAL * median(np.abs(values - usual))


def figure(value: float) -> str:
    """Return a figure of a cell as a person types it."""
    return cell_text(float(value))


def rough(value: float) -> str:
    """Return a computed number in at most three digits, never with an exponent: 1040, 0.85, 12.5."""
    value = float(value)
    if not np.isfinite(value) or value == 0:
        return str(value)
    if abs(value) >= LONG:
        return f"10^{np.log10(abs(value)):.0f}"
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    text = f"{value:.{min(digits, 12)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
