"""A form as an Excel workbook.

The same order gives the same bytes. Every text is written as text, so that none becomes a formula.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from ictindex.formats.excel.writing import the_writer
from ictindex.forms.calculation import BLOCK, Calculation
from ictindex.forms.figures import POINTS, Figures
from ictindex.forms.identity import Identity
from ictindex.forms.lines import lines_of
from ictindex.forms.lists import NAME as LISTS
from ictindex.forms.lists import Lists
from ictindex.forms.making import Making, Order
from ictindex.forms.many import write_many
from ictindex.forms.record import SHEET, FormUnit, Record, identity
from ictindex.forms.sources import write_sources
from ictindex.forms.styles import Styles, protect
from ictindex.forms.words import Speaker

_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed time, so that the same order gives the same bytes


def workbook(order: Order) -> bytes:
    """Return the form as the bytes of a workbook. Raises WrongUse where xlsxwriter is not installed."""
    out = io.BytesIO()
    book = the_writer().Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": order.scheme.title, "subject": order.scheme.id, "created": _MADE})
    lines = lines_of(order.plan, order.annex)
    making = Making(
        order=order,
        book=book,
        say=Speaker(order.language),
        styles=Styles(book),
        lines=lines,
        calculation=Calculation(order.plan, lines),
    )
    _sheets(making)
    book.close()
    return out.getvalue()


def _sheets(making: Making) -> None:
    """Write every sheet; the hidden ones come last."""
    many = making.order.many
    names = (
        "unit",
        "figures",
        *(("points",) if many else ()),
        *(("evidence",) if many and making.asks else ()),
        "reasons",
    )
    sheets = {name: making.book.add_worksheet(making.say.sheet(name)) for name in names}
    points, listed, hidden = (making.book.add_worksheet(name) for name in (POINTS, LISTS, SHEET))
    lists = Lists(making, listed)
    first = Identity(making, sheets["unit"], lists)
    first.write()
    units = len(making.order.units) if many else 1
    if many:
        write_many(making, sheets, lists)
    else:
        figures = Figures(making, sheets["figures"], lists)
        figures.write(first.unit_cell)
        figures.points()
    _calculate(making, points, lists, units)
    write_sources(making, sheets["reasons"])
    for row, texts in enumerate(_record(making).lines()):
        for column, text in enumerate(texts):
            hidden.write_string(row, column, text)
    for sheet in (points, listed, hidden):
        protect(sheet)
        sheet.very_hidden()
    sheets["unit"].activate()


def _calculate(making: Making, sheet: Any, lists: Lists, units: int) -> None:
    """Write the hidden sheet of points, a block of columns for each unit."""
    calculation = making.calculation
    for name, row in calculation.names.items():
        sheet.write_string(row, 0, name)
    for unit in range(units):
        for column, word in enumerate(("state", "number", "points", "left", "shown", "level")):
            sheet.write_string(0, 1 + unit * BLOCK + column, word)
        made = calculation.cells(unit, making.filled(unit), lists.ranges, lists.points, making.say, lists.nothing)
        for cell in made:
            sheet.write_formula(cell.row, cell.column, cell.formula, None, cell.value)


def _record(making: Making) -> Record:
    order = making.order
    units: tuple[FormUnit, ...] = (order.unit,) if order.unit is not None else ()
    return Record(
        about={
            **identity(order.scheme),
            "layout": "many" if order.many else "one",
            "language": order.language,
        },
        units=order.units if order.many else units,
        listed=() if order.many else order.units,
        cells=dict(making.spots),
        anchors=tuple(making.anchors),
    )
