"""What the typed cells of a sheet are in a table: as text, as a figure, or refused.

Problems: T074 a date or a time where a figure or a code is asked.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeGuard

from ictindex.cells import Complaint, Unfit
from ictindex.formats.excel.cells import Shown, Value
from ictindex.formats.excel.shapes import Day, plain
from ictindex.messages import say

PLAIN = frozenset({str, int, float, type(None)})
"""The types of cells that a table takes as they stand, in whatever column."""


def text_of(value: Value) -> str:
    """Return what a person would have typed for a cell: whole numbers without a point, dates as 2025-03-05."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain(value)
    return value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)


def is_day(value: Value) -> TypeGuard[Day]:
    """Whether a cell holds a date, a time or a span of time."""
    return isinstance(value, Day)


def dated(day: Day) -> Complaint:
    """Return what is wrong with a date in the place of a figure: Excel made it of what was typed, perhaps."""
    if isinstance(day, dt.time | dt.timedelta):
        message = say("the cell holds the time {time}, not a number", time=str(day))
        return Complaint("T074", message, say("format the cell as a number, and type the figure again"))
    parts = {"date": text_of(day), "day": day.day, "month": day.month}
    message = say(
        "the cell holds the date {date}: Excel makes one of {day}/{month}, {day}-{month} or {day}.{month}", **parts
    )
    return Complaint("T074", message, say("format the cell as a number or as text, and type it again"))


def figure_of(value: Any) -> Any:
    """Return a cell as a column of figures takes it; `85%` stays a percent, a date is refused."""
    if isinstance(value, bool):
        return text_of(value)
    if isinstance(value, Shown):
        return value.number if value.shape.kind == "zeros" else value
    return Unfit(text_of(value), dated(value)) if is_day(value) else value


def word_of(value: Any) -> Any:
    """Return a cell as a column of texts takes it."""
    return value if isinstance(value, Unfit) else text_of(value)
