"""Small schemes and tables in few words, for tests."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

from oracle import NA, score

from ictindex.model import (
    TOTAL,
    Group,
    Indicator,
    Input,
    InputKind,
    Publication,
    Quantity,
    Row,
    Rule,
    Scheme,
    walk,
)

INDEX = Publication("index", 4)


def rule(name: str, **parameters: Any) -> Rule:
    return Rule(name, tuple(parameters.items()))


def leaf(code: str, top: Q | int, measure: Rule, *inputs: str, **more: Any) -> Indicator:
    return Indicator(code=code, name=code, max=Q(top), measure=measure, inputs=inputs or (code,), **more)


def value(code: str, top: Q | int = 1, **more: Any) -> Indicator:
    return leaf(code, top, rule("value", input=code), **more)


def assessed(code: str, top: Q | int, **more: Any) -> Indicator:
    return leaf(code, top, rule("assessed", input=code), **more)


def ratio(code: str, top: Q | int, *, if_none: str = "refuse", b: Quantity | None = None, **more: Any) -> Indicator:
    whole = b or Quantity(((f"{code}.b", Q(1)),))
    parts = {"per": Q(1), "over": "clamp", "if_none": if_none, "floor": None}
    parts |= {key: more.pop(key) for key in list(more) if key in parts}
    measure = rule("ratio", a=Quantity(((f"{code}.a", Q(1)),)), b=whole, **parts)
    return leaf(code, top, measure, f"{code}.a", *whole.inputs, **more)


def group(code: str, top: Q | int, *children: Row, combine: str = "sum", **more: Any) -> Group:
    return Group(code=code, name=code, max=Q(top), children=children, combine=Rule(combine), **more)


def scheme(root: Group, **more: Any) -> Scheme:
    leaves = [row for row in walk(root) if isinstance(row, Indicator)]
    inputs = tuple(
        Input(code=code, name=code, kind=InputKind.AMOUNT)
        for code in dict.fromkeys(code for one in leaves for code in one.inputs)
    )
    return Scheme(id="made/2020-unit", title="made", unit="unit", edition=2020, root=root, inputs=inputs, **more)


def table(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    units = [{"unit": f"u{at}"} for at in range(len(rows))]
    return [unit | {key: _cell(cell) for key, cell in row.items()} for unit, row in zip(units, rows, strict=True)]


def _cell(cell: Any) -> Any:
    return cell if cell is None or cell is NA or isinstance(cell, bool) else _number(cell)


def _number(cell: Any) -> Any:
    try:
        return Q(str(cell))
    except ValueError:
        return cell


def points(made: Scheme, row: dict[str, Any], code: str = TOTAL) -> Q | None:
    return score(made, table(row))[0].points[code]


def alone(row: Row, **more: Any) -> Scheme:
    """A scheme of one row beside nothing."""
    return scheme(group(TOTAL, row.max, row, **more))


def totals(*rows: Row, **more: Any) -> Scheme:
    return scheme(group(TOTAL, 1, *rows, combine="none", **more))
