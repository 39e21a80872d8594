"""Every shipped scheme, in every variant, against the exact oracle: on its example table and on drawn ones."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import NA, score
from strategies import Cells, tables
from test_laws import agree, agrees_or_refuses
from test_schemes import IDS, example_path

from ictindex import compile_scheme, load_scheme, read_table
from ictindex.analysis.cases import run_cases
from ictindex.documents.cases import read_cases_file
from ictindex.engine import run
from ictindex.model import Indicator, Input, InputKind, Scheme
from ictindex.table import CellState, Table

VARIANTS = [(name, "") for name in IDS]
VARIANTS += [(name, variant.code) for name in IDS for variant in load_scheme(name).variants]
FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_the_example_scores_as_exact_arithmetic_does(name: str, variant: str) -> None:
    scheme = load_scheme(name, variant=variant)
    table = read_table(example_path(scheme), scheme=scheme)
    agree(run(compile_scheme(scheme), table), score(scheme, cells(scheme, table)))


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_the_cases_hold_in_exact_arithmetic(name: str, variant: str) -> None:
    """What a case expects is what the rules give, whatever the engine makes of it."""
    plan = compile_scheme(name, variant=variant)
    ending = f".{variant}.cases.yaml" if variant else ".cases.yaml"
    report = run_cases(plan, read_cases_file(Path(plan.scheme.path).with_suffix(ending), plan.scheme))
    for one in report.runs:
        units = {unit.unit: unit for unit in score(plan.scheme, cells(plan.scheme, one.result.table))}
        for case in one.cases:
            for expected in case.expect:
                found = getattr(units[case.code], _READINGS[expected.what])[expected.row]
                assert _near(found, expected.value, case.within), f"{expected.row} of {case.code}"


_READINGS = {"score": "published", "rank": "rank", "level": "level"}


def _near(found: Any, expected: Any, within: Fraction) -> bool:
    if isinstance(found, str) and isinstance(expected, Fraction):
        return abs(Fraction(found) - expected) <= within
    return bool(found == expected)


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
@FEW
@given(data=st.data())
def test_any_table_scores_as_exact_arithmetic_does(name: str, variant: str, data: st.DataObject) -> None:
    scheme = load_scheme(name, variant=variant)
    rows = data.draw(tables(drawable(scheme)))
    agrees_or_refuses(scheme, rows)


def cells(scheme: Scheme, table: Table) -> list[Cells]:
    """The rows of a table as the oracle takes them: each cell the decimal that was typed."""
    rows: list[Cells] = []
    for at, unit in enumerate(table.units):
        row: Cells = {"unit": unit}
        if table.pool is not None and scheme.pools is not None:
            row[scheme.pools.by] = table.pool[at]
        for code, column in table.columns.items():
            state = CellState.REPORTED if column.states is None else column.states[at]
            typed = Fraction(repr(float(column.values[at]))) if state == CellState.REPORTED else None
            row[code] = NA if state == CellState.NOT_APPLICABLE else typed
        for code, shown in table.evidence.items():
            row[f"{code}.evidence"] = bool(shown[at])
        rows.append(row)
    return rows


def drawable(scheme: Scheme) -> Scheme:
    """The scheme with the bounds that its cells have anyway: points in 0..max, nothing divided by 0."""
    below = {code for leaf in scheme.indicators for code in _denominators(leaf)}
    return evolve(scheme, inputs=tuple(_bounded(scheme, one, one.code in below) for one in scheme.inputs))


def _denominators(leaf: Indicator) -> tuple[str, ...]:
    found: Any = leaf.measure.get("b")
    return () if found is None else found.inputs


def _bounded(scheme: Scheme, one: Input, divides: bool) -> Input:
    if one.kind is InputKind.POINTS:
        row = scheme.row(one.owner or one.code)
        whole = {"points": row.max, "index": Fraction(1), "percent": Fraction(100)}[row.publish.scale]
        return evolve(one, low=Fraction(0), high=whole)
    return evolve(one, low=Fraction(1)) if divides else one
