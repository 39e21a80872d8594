"""JSON of a result: plain data with a published JSON Schema (docs/result.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from ictindex.matrix import Flag
from ictindex.model import Row
from ictindex.notices import scheme_identity
from ictindex.result import Result
from ictindex.strategies.base import Array

_STATES = (
    (Flag.COVERED, "not-computed"),
    (Flag.LEFT_OUT, "left-out"),
    (Flag.GIVEN, "given"),
    (Flag.MISSING_ZERO, "missing-as-zero"),
    (Flag.NOT_APPLICABLE_ZERO, "not-applicable-as-zero"),
    (Flag.NO_EVIDENCE, "no-evidence"),
    (Flag.RESCALED, "rescaled"),
    (Flag.CUT, "cut"),
)
"""The state of a cell is the first of these that holds, else `computed`."""


@frozen
class JsonFormat:
    """One JSON object, indented."""

    name: str = "json"
    suffixes: tuple[str, ...] = (".json",)

    def write(self, result: Result) -> str:
        """Return the whole result as JSON text."""
        return json.dumps(result_data(result), ensure_ascii=False, indent=1) + "\n"


def result_data(result: Result) -> dict[str, Any]:
    """Return the result as plain data; its shape is docs/result.schema.json.

    Numbers are unrounded scores to 10 decimals; `published` has the printed text.
    """
    scheme = result.scheme
    totals = [(row.code, list(_total(result, row))) for row in result.totals]
    nodes = [(row.code, list(_nodes(result, row))) for row in scheme.rows() if row.code not in _uncombined(result)]
    units = []
    for unit, (code, name) in enumerate(zip(result.units, result.names, strict=True)):
        told: dict[str, Any] = {"unit": code, "name": name}
        if len(totals) == 1:
            told |= totals[0][1][unit]
        else:
            told["totals"] = {total: scores[unit] for total, scores in totals}
        told["nodes"] = {node: cells[unit] for node, cells in nodes}
        units.append(told)
    return {
        "scheme": scheme_identity(scheme),
        "provisional": scheme.provisional,
        "assumed": scheme.assumed,
        "notes": list(result.table.notes),
        "units": units,
        "receipt": result.receipt(),
    }


def _uncombined(result: Result) -> set[str]:
    """Return the code of a top that combines nothing: it has no score to tell."""
    root = result.scheme.root
    return {root.code} if root not in result.totals else set()


def _total(result: Result, row: Row) -> Iterator[dict[str, Any]]:
    columns = (result.scores(row.code), result.published(row.code), result.ranks(row.code), result.levels(row.code))
    declared = [] if result.declared is None else result.declared.published(row.code)
    for unit, (score, published, rank, level) in enumerate(zip(*columns, strict=True)):
        whole = float(rank).is_integer()
        told = {
            "score": _number(score),
            "published": published,
            "rank": None if not rank else int(rank) if whole else float(rank),
            "level": level,
        }
        yield told | {"declared": declared[unit]} if declared else told


def _nodes(result: Result, row: Row) -> Iterator[dict[str, Any]]:
    states = _states(result, row.code)
    for points, state in zip(result.points(row.code).tolist(), states, strict=True):
        yield {"score": _number(points), "max": float(row.max), "state": state}


def _states(result: Result, code: str) -> list[str]:
    matrix, place = result.settled.matrix, result.plan.place(code)
    if matrix.flags[place] is None:
        return ["computed"] * len(result.units)
    words: Array = np.full(len(result.units), "computed", object)
    for flag, word in reversed(_STATES):
        words[matrix.holds(place, flag)] = word
    return [str(word) for word in words]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 10)
