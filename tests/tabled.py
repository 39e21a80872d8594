"""A small scheme for the tests of tables, and short ways to read one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from ictindex.assembling import Grid, assemble
from ictindex.errors import Problem, TableInvalid
from ictindex.model import (
    Case,
    Group,
    Indicator,
    Input,
    InputKind,
    Publication,
    Rule,
    Scheme,
)
from ictindex.table import Table

INDEX = Publication("index", 4)


def measured(code: str, name: str, measure: str, inputs: Sequence[str], points: int = 10, **more: Any) -> Indicator:
    return Indicator(code=code, name=name, max=Fraction(points), measure=Rule(measure), inputs=tuple(inputs), **more)


def column(code: str, name: str, kind: InputKind, **more: Any) -> Input:
    return Input(code=code, name=name, kind=kind, owner=more.pop("owner", code), **more)


CASES = (Case("1", "Hiện diện"), Case("2", "Tương tác"), Case("3", "Giao dịch"), Case("4", "Chuyển đổi"))
LETTERS = (Case("a", "Trưởng ban là Bí thư"), Case("b", "Trưởng ban là cấp phó"), Case("c", "Còn lại"))

SCHEME = Scheme(
    id="test/2024-commune",
    title="Thử",
    unit="commune",
    edition=2024,
    inputs=(
        column("1.1", "Số cuộc họp", InputKind.COUNT),
        column("1.2.a", "số máy tính", InputKind.AMOUNT, owner="1.2", low=Fraction(0)),
        column("cb", "Số cán bộ", InputKind.AMOUNT, owner="", low=Fraction(0), high=Fraction(5000)),
        column("1.3", "Có quy chế Hoà giải", InputKind.YES_NO),
        column("2.1", "Mức trưởng thành", InputKind.CHOICE, cases=CASES),
        column("2.2", "Trưởng ban", InputKind.CHOICE, cases=LETTERS),
        column("2.3", "Điểm hội đồng", InputKind.POINTS),
        column("3", "Đô thị thông minh", InputKind.AMOUNT),
    ),
    root=Group(
        code="total",
        name="Tổng",
        max=Fraction(60),
        publish=INDEX,
        children=(
            Group(
                code="1",
                name="Hạ tầng",
                max=Fraction(30),
                publish=INDEX,
                children=(
                    measured("1.1", "Số cuộc họp", "count", ["1.1"]),
                    measured("1.2", "Máy tính", "ratio", ["1.2.a", "cb"]),
                    measured("1.3", "Có quy chế Hoà giải", "yes-no", ["1.3"]),
                ),
            ),
            Group(
                code="2",
                name="Ứng dụng",
                max=Fraction(30),
                publish=Publication("percent", 1),
                children=(
                    measured("2.1", "Mức trưởng thành", "choice", ["2.1"]),
                    measured("2.2", "Trưởng ban", "choice", ["2.2"]),
                    measured("2.3", "Điểm hội đồng", "assessed", ["2.3"]),
                ),
            ),
            measured("3", "Đô thị thông minh", "value", ["3"], points=0),
        ),
    ),
)
HEADER = ["unit", "1.1", "1.2.a", "cb", "1.3", "2.1", "2.2", "2.3"]
GOOD = ["hue", "4", "12.5", "20", "x", "3", "b", "6.25"]


def table(header: Sequence[str], *rows: Sequence[str], scheme: Scheme = SCHEME, **more: Any) -> Table:
    return assemble(Grid(header=header, rows=list(enumerate(rows, 2)), source="t.csv", **more), scheme)


def problems(header: Sequence[str], *rows: Sequence[str], scheme: Scheme = SCHEME) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        table(header, *rows, scheme=scheme)
    return list(caught.value.problems)


def problem(heading: str, text: str, scheme: Scheme = SCHEME) -> Problem:
    """Return the one problem of a good line in which one cell is replaced, or added."""
    cells = {**dict(zip(HEADER, GOOD, strict=True)), heading: text}
    (found,) = problems(list(cells), list(cells.values()), scheme=scheme)
    assert found.where.line in (1, 2) and found.where.cell == heading
    return found
