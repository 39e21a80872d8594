"""A result as plain data: the head, and one entry for each unit. The shape is result.schema.json in this folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from importlib import resources
from typing import Any

from ictindex.canonical import RESULT
from ictindex.model import Row, Scheme
from ictindex.notices import scheme_identity
from ictindex.plan import points_per_unit
from ictindex.result import Result
from ictindex.result_columns import ResultColumn, Told, Track, shown_rows

SCORE_DECIMALS = 10
"""A score beside the published one is rounded half up to so many decimals."""

Cells = Mapping[tuple[Told, str, Track], ResultColumn]


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a result as plain data; of JSON lines it has the parts `head` and `unit`."""
    text = resources.files("ictindex.formats").joinpath("result.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def result_data(result: Result) -> dict[str, Any]:
    """Return the whole result as plain data: its head, and the units in the order of the table."""
    return head_data(result) | {"units": list(unit_data(result))}


def head_data(result: Result) -> dict[str, Any]:
    """Return what is told of the result as a whole: scheme, totals and rows, what readers must know, the receipt."""
    scheme = result.scheme
    pooled = result.table.pool is not None and scheme.pools is not None
    told = scheme_data(scheme)
    return {
        "format": RESULT,
        "scheme": scheme_identity(scheme),
        "provisional": told["provisional"],
        "assumed": told["assumed"],
        "notes": list(result.table.notes),
        "pools": scheme.pools.by if pooled and scheme.pools else None,
        "totals": told["totals"],
        "rows": told["rows"],
        "receipt": result.receipt(),
    }


def scheme_data(scheme: Scheme) -> dict[str, Any]:
    """Return what the head tells that follows from the scheme alone."""
    return {
        "provisional": scheme.provisional,
        "assumed": scheme.assumed,
        "totals": [_total_head(row) for row in scheme.totals],
        "rows": [{"code": row.code, "name": row.name, "max": float(row.max)} for row in shown_rows(scheme)],
    }


def unit_data(result: Result) -> Iterator[dict[str, Any]]:
    """Yield what is told of each unit: who it is, its scores under each total, and its points at every row."""
    cells: Cells = {(one.tells, one.row.code if one.row else "", one.track): one for one in result.columns}
    totals = [(row.code, list(_scores(result, row, cells))) for row in result.totals]
    nodes = [(row.code, list(_nodes(result, row, cells))) for row in shown_rows(result.scheme)]
    for unit, (code, name) in enumerate(zip(result.units, result.names, strict=True)):
        told: dict[str, Any] = {"unit": code, "name": name}
        if ("pool", "", "") in cells:
            told["pool"] = cells["pool", "", ""].cells[unit]
        if len(totals) == 1:
            told |= totals[0][1][unit]
        else:
            told["totals"] = {total: scores[unit] for total, scores in totals}
        yield told | {"nodes": {node: points[unit] for node, points in nodes}}


def score_of_points(points: str | None, per_unit: Fraction) -> float | None:
    """Return the score that points stand for on the scale that its row publishes, half up to 10 decimals."""
    if points is None or not per_unit:
        return None
    shifted = Fraction(points) / per_unit * 10**SCORE_DECIMALS + Fraction(1, 2)
    return float(Fraction(shifted.numerator // shifted.denominator, 10**SCORE_DECIMALS))


def _total_head(row: Row) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "max": float(row.max),
        "scale": row.publish.scale,
        "decimals": row.publish.decimals,
        "levels": None if row.levels is None else [level.name for level in row.levels.levels],
    }


def _scores(result: Result, row: Row, cells: Cells) -> Iterator[dict[str, Any]]:
    per_unit = points_per_unit(row)
    scores = [score_of_points(points, per_unit) for points in result.point_texts(row.code)]
    told: dict[str, Sequence[Any]] = {
        "score": scores,
        "published": cells["score", row.code, ""].cells,
        "rank": cells["rank", row.code, ""].cells,
        "level": result.levels(row.code),
    }
    yield from _by_unit(told | _beside("score", row, cells))


def _nodes(result: Result, row: Row, cells: Cells) -> Iterator[dict[str, Any]]:
    points = [_number(one) for one in result.point_texts(row.code)]
    told: dict[str, Sequence[Any]] = {
        "score": points,
        "max": [float(row.max)] * len(points),
        "state": result.states(row.code),
    }
    declared = _beside("points", row, cells)
    yield from _by_unit(told | {name: list(map(_number, texts)) for name, texts in declared.items()})


def _beside(tells: Told, row: Row, cells: Cells) -> dict[str, Sequence[Any]]:
    """Return what the unit declared and the difference, by their names; nothing where nothing was declared."""
    if (tells, row.code, "self") not in cells:
        return {}
    return {
        "declared": cells[tells, row.code, "self"].cells,
        "difference": cells[tells, row.code, "difference"].cells,
    }


def _by_unit(columns: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for cells in zip(*columns.values(), strict=True):
        yield dict(zip(columns, cells, strict=True))


def _number(text: Any) -> float | None:
    return None if text is None else float(text)
