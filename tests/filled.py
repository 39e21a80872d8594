"""Forms filled in as a person would, by openpyxl, and what the engine makes of the same figures."""

from __future__ import annotations

import contextlib
import io
import random
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import openpyxl
from hypothesis.errors import HypothesisDeprecationWarning, UnsatisfiedAssumption

from ictindex.annex.rows import annex_of
from ictindex.forms.book import workbook
from ictindex.forms.calculation import Calculation
from ictindex.forms.entries import label_of
from ictindex.forms.lines import lines_of
from ictindex.forms.making import Order
from ictindex.forms.record import SHEET, Record, read_record
from ictindex.model import InputKind, Row, Scheme, walk
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.table import Table
from ictindex.testing.drawing import Tape
from ictindex.testing.rows import Wanted, rows_from
from ictindex.testing.written import NOT_APPLICABLE, table_of

Fill = Mapping[str, Any]
"""What is typed into the cells of one unit, by the key of the cell."""


def order_of(plan: Plan, **more: Any) -> Order:
    return Order(plan=plan, annex=annex_of(plan.scheme, vocabulary()), **more)


def form_of(plan: Plan, **more: Any) -> bytes:
    return workbook(order_of(plan, **more))


def drawn_rows(plan: Plan, seed: int, units: int, **more: Any) -> list[dict[str, Any]]:
    """Return rows of figures drawn at random that the scheme takes, the same for the same seed."""
    draw = random.Random(seed)
    wanted = Wanted(units, units, always=True, left=True, **more)
    size = 200 + 60 * units + 20 * units * len(plan.nodes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisDeprecationWarning)  # `assume`, outside of a property
        while True:
            with contextlib.suppress(UnsatisfiedAssumption):
                return rows_from(plan, wanted, Tape(draw.randbytes(size)))


def meant(plan: Plan, rows: Sequence[dict[str, Any]]) -> Table:
    """Return the table that forms of these rows hold: what no form asks for is not in it."""
    keys = {line.entry.key for line in lines_of(plan, order_of(plan).annex) if line.entry}
    asked = {f"{line.code}.evidence" for line in lines_of(plan, order_of(plan).annex) if line.asked}
    by = plan.scheme.pools.by if plan.scheme.pools else ""
    kept = keys | asked | {"unit", by}
    return table_of(plan.scheme, [{key: cell for key, cell in row.items() if key in kept} for row in rows])


def typed_in(scheme: Scheme, row: Mapping[str, Any], draw: random.Random) -> dict[str, Any]:
    """Return what a person would type for a row of figures, in one of the ways that mean the same."""
    inputs = {one.code: one for one in scheme.inputs}
    found: dict[str, Any] = {"@unit": row["unit"], "@name": f"Đơn vị {row['unit']}", "@by": "Nguyễn Văn A"}
    if scheme.pools:
        code = row[scheme.pools.by]
        listed = [f"{one.code} {one.name}" for one in scheme.pools.pools if one.code == code]
        found["@pool"] = draw.choice([code, *listed])
    for key, cell in row.items():
        code = key.removesuffix(".evidence")
        if code != key:
            if cell:
                found[f"{code}@{draw.choice(('number', 'title', 'link'))}"] = draw.choice(
                    ("12/KH-UBND", "x", "https://a.vn/1")
                )
            elif draw.random() < 0.5:
                found[f"{code}@title"] = draw.choice(("không", "Chưa có.", " ", "(thiếu)"))
        elif cell is NOT_APPLICABLE:
            found[key] = draw.choice(("n/a", "N/A", "không áp dụng"))
        elif isinstance(cell, Fraction):
            found[key] = _typed(cell, inputs.get(key), draw)
    return found


def _typed(cell: Fraction, given: Any, draw: random.Random) -> Any:
    kind = given.kind if given is not None else InputKind.POINTS
    if kind is InputKind.YES_NO:
        return draw.choice(("Có", "x", "đạt", "CÓ", 1, True) if cell else ("Không", "chưa", 0, False))
    if kind is InputKind.CHOICE:
        case = given.cases[int(cell)]
        return draw.choice((label_of(case), int(case.code) if case.code.isdecimal() else case.code.upper()))
    return int(cell) if cell.denominator == 1 else float(cell)


def record_in(content: bytes) -> Record:
    """Return what the hidden sheet of a form says."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    found = read_record([[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)])
    assert found is not None
    return found


def fill(content: bytes, *fills: Fill, change: Callable[[Any], None] | None = None) -> bytes:
    """Return a form with the cells of each unit filled in, and changed as is asked."""
    book, record = openpyxl.load_workbook(io.BytesIO(content)), record_in(content)
    for unit, cells in enumerate(fills):
        for key, value in cells.items():
            spot = record.cells.get((unit, key))
            if spot is not None:
                book[spot.sheet][spot.address] = value
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def calculation_of(plan: Plan) -> Calculation:
    return Calculation(plan, lines_of(plan, order_of(plan).annex))


def expected(
    plan: Plan, result: Any, unit: int, rows: Mapping[str, Any]
) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield each row that a form tells with what it must show and its level; None and None where cells are empty."""
    calculation = calculation_of(plan)
    for node in plan.nodes:
        code = node.row.code
        if code not in calculation.told:
            continue
        if _lacking(node.row, rows):
            yield code, "", ""
            continue
        shown = result.published(code)[unit]
        level = result.levels(code)[unit] if calculation.has_level(code) else None
        yield code, shown, level


def _lacking(row: Row, figures: Mapping[str, Any]) -> bool:
    below = (one for one in walk(row) if one.max)
    return any(figures.get(code) is None for one in below for code in getattr(one, "inputs", ()))
