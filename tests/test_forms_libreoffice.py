"""LibreOffice computes filled-in forms: every point, total and level on them is the engine's.

Run with `pytest -m libreoffice`. One call of LibreOffice computes all forms.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve, frozen
from filled import calculation_of, drawn_rows, expected, fill, form_of, meant, record_in, typed_in
from test_schemes import IDS

from ictindex import compile_scheme, score
from ictindex.compiling import compile_scheme as compile_made
from ictindex.errors import TableInvalid
from ictindex.forms.record import FormUnit
from ictindex.forms.words import OUT, SHEETS, WAITING, WRONG
from ictindex.intake import read_source
from ictindex.messages import in_language
from ictindex.plan import Plan
from ictindex.plugins import formats, vocabulary
from ictindex.testing.drawing import Tape
from ictindex.testing.making import scheme_from

pytestmark = pytest.mark.libreoffice

UNITS, RANDOM = 5, 14
OUTSIDE = {
    "not counted": in_language(OUT, "vi"),
    "wrong": in_language(WRONG, "vi"),
    "later": in_language(WAITING, "vi"),
}


@frozen
class Computed:
    """A form for many that LibreOffice computed and saved, and what was typed into it."""

    plan: Plan
    rows: list[dict[str, Any]]
    path: Path


def plans() -> Iterator[Plan]:
    """Yield the plan of every shipped scheme, then of schemes drawn at random."""
    for name in IDS:
        yield compile_scheme(name)
    for seed in range(RANDOM):
        draw = random.Random(seed)
        tape = Tape(draw.randbytes(320))
        scheme = scheme_from(tape, relative=seed % 7 == 0, irrational=True, negative=True, refusals=False)
        yield compile_made(scheme, vocabulary())


def compute(folder: Path) -> None:
    """Have LibreOffice compute and save every workbook of a folder into its subfolder `out`."""
    command = shutil.which("soffice") or shutil.which("libreoffice")
    assert command, "these tests need LibreOffice: install libreoffice-calc-nogui, so that soffice is on the path"
    files = map(str, sorted(folder.glob("*.xlsx")))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    form = "xlsx:Calc MS Excel 2007 XML"
    done = subprocess.run(
        [command, profile, "--headless", "--convert-to", form, "--outdir", str(folder / "out"), *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[Computed]:
    folder = tmp_path_factory.mktemp("forms")
    found = []
    for number, plan in enumerate(plans()):
        rows = drawn_rows(plan, number, UNITS)
        draw = random.Random(number)
        units = tuple(FormUnit(row["unit"]) for row in rows)
        content = fill(form_of(plan, units=units, many=True), *(typed_in(plan.scheme, row, draw) for row in rows))
        (folder / f"{number:02d}.xlsx").write_bytes(content)
        found.append(Computed(plan, rows, folder / "out" / f"{number:02d}.xlsx"))
    single = compile_scheme(IDS[0])
    rows = drawn_rows(single, 99, 1)
    (folder / "one.xlsx").write_bytes(fill(form_of(single), typed_in(single.scheme, rows[0], random.Random(1))))
    compute(folder)
    return [*found, Computed(single, rows, folder / "out" / "one.xlsx")]


def text_of(value: Any, decimals: int) -> str:
    """Return what stands in a cell of points as it is published."""
    if not isinstance(value, int | float):
        return str(value or "")
    assert value == pytest.approx(round(value, decimals), abs=1e-12)
    return f"{value:.{decimals}f}"


def test_every_row_that_a_form_tells_is_what_the_engine_publishes(computed: list[Computed]) -> None:
    seen = {"points": 0, "blank": 0, "not counted": 0, "level": 0}
    for one in computed:
        result, calculation = score(one.plan, meant(one.plan, one.rows)), calculation_of(one.plan)
        sheet = openpyxl.load_workbook(one.path, data_only=True)["_points"]
        for unit, figures in enumerate(one.rows):
            for code, published, level in expected(one.plan, result, unit, figures):
                row = one.plan.scheme.row(code)
                told = text_of(sheet[calculation.shown(code, unit).replace("$", "")].value, row.publish.decimals)
                where = f"{one.plan.scheme.id}, {figures['unit']}, {code}"
                assert told == (OUTSIDE["not counted"] if published is None else published), where
                seen["blank" if told == "" else "not counted" if published is None else "points"] += 1
                if calculation.has_level(code):
                    shown = sheet[calculation.level(code, unit).replace("$", "")].value
                    assert (shown or "") == (level or ""), where
                    seen["level"] += bool(level)
    assert all(count > 20 for count in seen.values()), seen


def test_the_points_stand_beside_the_criteria_that_a_person_reads(computed: list[Computed]) -> None:
    one = computed[-1]
    result = score(one.plan, meant(one.plan, one.rows))
    figures = openpyxl.load_workbook(one.path, data_only=True)[SHEETS["figures"]["vi"]]
    shown = {str(row[0].value): row for row in figures.iter_rows(min_row=5) if row[0].value}
    compared = levels = 0
    for code, published, level in expected(one.plan, result, 0, one.rows[0]):
        row = one.plan.scheme.row(code)
        if code in shown:
            told = text_of(shown[code][5].value, row.publish.decimals)
            assert told == (OUTSIDE["not counted"] if published is None else published), code
            compared += 1
            if level:
                assert shown[code][6].value == level
                levels += 1
    assert compared > 10 and levels


def test_a_row_that_compares_units_says_so(computed: list[Computed]) -> None:
    waiting = 0
    for one in computed[: len(IDS)]:
        told = calculation_of(one.plan).told
        points = openpyxl.load_workbook(one.path, data_only=True)[SHEETS["points"]["vi"]]
        for row in points.iter_rows(min_row=5, values_only=True):
            if row[0] and row[0] not in told and one.plan.scheme.row(row[0]).max:
                assert set(row[3 : 3 + UNITS]) == {OUTSIDE["later"]}
                waiting += 1
    assert waiting > 30


def test_a_form_that_libreoffice_saved_reads_back(computed: list[Computed]) -> None:
    for one in computed:
        table = read_source(one.path, one.plan.scheme, formats())
        assert evolve(table, names=table.units) == meant(one.plan, one.rows), one.plan.scheme.id


def test_what_the_engine_refuses_is_no_number(tmp_path: Path) -> None:
    """A ratio without a denominator, a text where a number is asked, too many points, and what is left out of a row."""
    commune, hue = compile_scheme("btttt-2392/2017-commune"), compile_scheme("hue-1784/2020-district")
    typed = {"cb": 0, "A.1.1.a": 3, "A.1.2": "có lẽ", "A.2.1.a": 1.5, "A.2.2": "Có"}
    (tmp_path / "commune.xlsx").write_bytes(fill(form_of(commune), typed))
    fills = [{"A": "=40+2.63", "A.excluded": 2}, {"A": 50.5}, {"A": "45", "A.excluded": 2}, {"A": "n/a"}, {"A": 40}]
    units = tuple(FormUnit(f"u{number}") for number in range(len(fills)))
    (tmp_path / "hue.xlsx").write_bytes(fill(form_of(hue, units=units, many=True), *fills))
    compute(tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "commune.xlsx", data_only=True)["_points"]
    shown = {
        code: sheet[calculation_of(commune).shown(code, 0).replace("$", "")].value
        for code in ("A", "A.1.1", "A.1.2", "A.2.1", "A.2.2", "A.3.1")
    }
    wrong = OUTSIDE["wrong"]
    assert shown == {"A": wrong, "A.1.1": wrong, "A.1.2": wrong, "A.2.1": wrong, "A.2.2": 5, "A.3.1": None}
    sheet = openpyxl.load_workbook(tmp_path / "out" / "hue.xlsx", data_only=True)["_points"]
    cells = [calculation_of(hue).shown("A", unit).replace("$", "") for unit in range(len(fills))]
    assert [sheet[cell].value for cell in cells] == [44.41, wrong, wrong, OUTSIDE["not counted"], 40]
    assert Fraction("42.63") / 48 * 50 == Fraction("44.40625")  # published as 44.41 by Hue in 2020


def test_a_formula_that_a_person_typed_is_taken_by_its_result(tmp_path: Path) -> None:
    plan = compile_scheme("hue-1784/2020-district")
    (tmp_path / "hue.xlsx").write_bytes(fill(form_of(plan), {"@unit": "hue", "A": "=40+2.63", "B": "=1/0"}))
    compute(tmp_path)
    with pytest.raises(TableInvalid) as caught:
        read_source(tmp_path / "out" / "hue.xlsx", plan.scheme, formats())
    (problem,) = caught.value.problems  # A is fine
    assert problem.code == "T072" and problem.where.cell == "B"


def test_the_record_survives(computed: list[Computed]) -> None:
    for one in computed[:2]:
        record = record_in(one.path.read_bytes())
        assert record.about["scheme"] == one.plan.scheme.id and len(record.units) == UNITS
