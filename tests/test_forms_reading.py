"""Filled-in forms read back: what was meant, whatever a person did to the form on the way, or the reason why not."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve
from filled import Fill, drawn_rows, fill, form_of, meant, record_in, typed_in
from hypothesis import given, settings
from hypothesis import strategies as st
from test_schemes import IDS

from ictindex import Table, compile_scheme, read_table, score
from ictindex.cells import Complaint, Unfit
from ictindex.collecting import read_claims, write_forms
from ictindex.compiling import compile_scheme as compile_made
from ictindex.errors import IctIndexError, Problem, TableInvalid
from ictindex.formats.excel.cells import SheetRow
from ictindex.formats.excel.layout import place_of
from ictindex.forms import claims, reading
from ictindex.forms.opening import Form, Opened, form_in
from ictindex.forms.record import SHEET, FormUnit, read_record
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.table import CellState
from ictindex.testing.drawing import Tape
from ictindex.testing.making import scheme_from

COMMUNE, DEPARTMENT, DISTRICT = "btttt-2392/2017-commune", "dak-lak-366/2018-department", "dong-thap-1397/2022-district"
GOOD: Fill = {
    "@unit": "00004",
    "@name": "Xã Phúc Xá",
    "1.1": "b Trưởng ban là Phó Bí thư hoặc Phó Chủ tịch",
    "1.2.a": "Có",
    "1.2.b": "Không",
    "1.3.a": 3,
    "1.3.b": 4,
    "1.4": 12.5,
    **{str(row): 10 for row in range(2, 9)},
    "1.1@number": "12/QĐ-UBND",
    "1.1@date": dt.date(2025, 3, 5),
}
UNIT = {"@unit": "00007", "@name": "Xã Cổ Bi"}


def same(table: Table, other: Table) -> bool:
    """Whether two tables are equal but for the names of the units, which only a form gives."""
    return evolve(table, names=table.units) == other


@pytest.fixture(scope="module")
def district() -> bytes:
    return form_of(compile_scheme(DISTRICT))


def write(folder: Path, content: bytes, name: str = "form.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def problems(path: Path, scheme: Any = DISTRICT, **more: Any) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        read_table(path, scheme=scheme, **more)
    return list(caught.value.problems)


# --- round trips ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_a_folder_of_forms_is_the_table_that_was_meant(name: str, tmp_path: Path) -> None:
    plan = compile_scheme(name)
    rows, draw, form = drawn_rows(plan, IDS.index(name), 2), random.Random(name), form_of(plan)
    for row in rows:
        write(tmp_path, fill(form, typed_in(plan.scheme, row, draw)), f"{row['unit']}.xlsx")
    table = read_table(tmp_path, scheme=plan, doubts=False)
    assert same(table, meant(plan, rows)) and not table.doubts
    assert table.names == tuple(f"Đơn vị {row['unit']}" for row in rows)


@pytest.mark.parametrize("name", IDS)
def test_a_form_for_many_is_the_table_that_was_meant(name: str, tmp_path: Path) -> None:
    plan = compile_scheme(name)
    rows, draw = drawn_rows(plan, 40 + IDS.index(name), 3), random.Random(name)
    units = tuple(FormUnit(row["unit"], f"Đơn vị {row['unit']}") for row in rows)
    form = form_of(plan, units=units, many=True)
    path = write(tmp_path, fill(form, *(typed_in(plan.scheme, row, draw) for row in rows)))
    assert same(read_table(path, scheme=plan), meant(plan, rows))


@given(st.integers(0, 10**6))
@settings(max_examples=8)
def test_forms_of_schemes_drawn_at_random_read_back(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    draw = random.Random(seed)
    tape = Tape(draw.randbytes(320))
    scheme = scheme_from(tape, relative=True, irrational=True, negative=True, refusals=False)
    plan = compile_made(scheme, vocabulary())
    rows = drawn_rows(plan, seed, 2)
    units = tuple(FormUnit(row["unit"]) for row in rows)
    content = fill(form_of(plan, units=units, many=True), *(typed_in(scheme, row, draw) for row in rows))
    assert same(read_table(write(tmp_path_factory.mktemp("made"), content), scheme=plan), meant(plan, rows))


def test_a_stream_is_read_as_a_file_is(district: bytes, tmp_path: Path) -> None:
    content = fill(district, GOOD)
    stream = io.BytesIO(content)
    stream.name = "gửi.xlsx"  # type: ignore[misc]  # as an upload has it
    assert read_table(stream, scheme=DISTRICT) == read_table(write(tmp_path, content), scheme=DISTRICT)


def test_what_was_typed_becomes_figures_evidence_and_claims(district: bytes, tmp_path: Path) -> None:
    more = {"1.1@remark": "đã gửi bản giấy", "@by": "Trần B", "@phone": "0123", "@date": "05/03/2025", "1.3.a": " 3 "}
    path = write(tmp_path, fill(district, {**GOOD, **more}))
    table = read_table(path, scheme=DISTRICT)
    assert table.units == ("00004",) and table.names == ("Xã Phúc Xá",)
    assert table.columns["1.1"].values[0] == 1 and table.columns["1.2.b"].values[0] == 0
    assert table.columns["1.3.a"].values[0] == 3 and table.evidence["1.1"].tolist() == [True]
    assert table.evidence_texts["1.1"] == ("12/QĐ-UBND, 2025-03-05",)
    claims = {claim.code: claim for claim in read_claims(path, scheme=DISTRICT)}
    first = claims["1.1"]
    assert (first.value, first.number, first.date, first.remark) == ("b", "12/QĐ-UBND", "2025-03-05", "đã gửi bản giấy")
    assert first.by == "Trần B" and first.unit == "00004" and first.where.address == "E7" and first.row == "1.1"
    assert claims["1.3.a"].value == "3" and claims["1.3.a"].row == "1.3" and not claims["1.3.a"].number


def test_every_place_is_a_cell_of_a_form(district: bytes, tmp_path: Path) -> None:
    write(tmp_path, fill(district, GOOD), "a.xlsx")
    write(tmp_path, fill(district, {**GOOD, **UNIT}), "b.xlsx")
    origin = read_table(tmp_path, scheme=DISTRICT).origin
    spot = record_in(district).cells[0, "1.3.a"]
    assert str(origin.at(1, "1.3.a")) == f"{tmp_path / 'b.xlsx'}:Số liệu!{spot.address} [1.3.a]"
    assert origin.at(0, "1.1.evidence").address.startswith("H") and origin.at(0, "unit").sheet == "Đơn vị"
    assert origin.of([1]).at(0, "2").source.endswith("b.xlsx") and origin.at(cell="2").source == str(tmp_path)


def test_what_the_scheme_refuses_is_told_with_the_cell_of_the_form(district: bytes, tmp_path: Path) -> None:
    path = write(tmp_path, fill(district, {key: cell for key, cell in GOOD.items() if key != "5"}))
    with pytest.raises(TableInvalid) as caught:
        score(DISTRICT, read_table(path, scheme=DISTRICT))
    (problem,) = caught.value.problems
    assert problem.code == "T201" and problem.where.address == record_in(district).cells[0, "5"].address


# --- attacks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "cell", "code"),
    [
        ("1.3.a", "ba", "T040"),
        ("1.3.a", "-", "T049"),
        ("1.4", 31, "T045"),
        ("1.4", -1, "T045"),
        ("1.4", True, "T040"),
        ("1.4", dt.date(2025, 5, 3), "T074"),
        ("1.2.a", "có lẽ", "T048"),
        ("1.1", "d", "T047"),
        ("1.1", "b Trưởng ban là", "T047"),
        ("1.3.a", "=1+2", "T073"),
        ("1.3.a", "#DIV/0!", "T072"),
    ],
)
def test_a_cell_that_holds_something_else_is_told_with_its_place(
    district: bytes, tmp_path: Path, key: str, cell: Any, code: str
) -> None:
    path = write(tmp_path, fill(district, {**GOOD, key: cell}))
    (problem,) = problems(path)
    spot = record_in(district).cells[0, key]
    assert problem.code == code and problem.where.source == str(path)
    assert (problem.where.sheet, problem.where.address, problem.where.cell) == (spot.sheet, spot.address, key)


def test_a_formula_whose_result_is_stored_is_a_figure(district: bytes, tmp_path: Path) -> None:
    """As Excel stores `=1+2`: the formula and its result."""
    content = fill(district, {**GOOD, "1.3.a": "=1+2"})
    address = record_in(district).cells[0, "1.3.a"].address
    path = write(tmp_path, _patched(content, address, "<f>1+2</f><v>3</v>"))
    assert read_table(path, scheme=DISTRICT).columns["1.3.a"].values[0] == 3


def _patched(content: bytes, address: str, inside: str) -> bytes:
    """Return a workbook in which a cell with a formula holds this."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as changed:
        for name in package.namelist():
            data = package.read(name)
            if name.startswith("xl/worksheets/sheet"):
                lead = rf'<c r="{address}"[^>]*>'.encode()
                data = re.sub(lead + rb"<f>1\+2</f><v\s*/?>(</v>)?", f'<c r="{address}">{inside}'.encode(), data)
            data = data.replace(b'fullCalcOnLoad="1"', b"")  # a spreadsheet that computed takes that away
            changed.writestr(name, data)
    return out.getvalue()


def _rename(book: Any) -> None:
    book["Số liệu"].title = "Sheet1"


def _drop_sheet(book: Any) -> None:
    del book["Đơn vị"]


def _delete_row(book: Any) -> None:
    book["Số liệu"].delete_rows(9)


def _insert_row(book: Any) -> None:
    book["Số liệu"].insert_rows(7)


def _insert_column(book: Any) -> None:
    book["Số liệu"].insert_cols(5)


def _type_over(book: Any) -> None:
    book["Số liệu"]["A7"] = "9.9"


def _swap_rows(book: Any) -> None:
    sheet = book["Số liệu"]
    for column in "ABE":
        sheet[f"{column}16"].value, sheet[f"{column}17"].value = sheet[f"{column}17"].value, sheet[f"{column}16"].value


def _drop_record_row(book: Any) -> None:
    book[SHEET].delete_rows(1)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (_rename, "T132", "no sheet 'Số liệu' any more"),
        (_drop_sheet, "T132", "no sheet 'Đơn vị' any more"),
        (_delete_row, "T133", "'1.2.a' is gone from the form"),
        (_insert_row, "T133", "stands in A8, not here"),
        (_insert_column, "T133", "is gone from the form"),
        (_type_over, "T133", "'9.9' stands here"),
        (_swap_rows, "T133", "stands in A17, not here"),
        (_drop_record_row, "T131", "the hidden sheet of the form cannot be understood"),
    ],
)
def test_a_form_that_was_taken_apart_is_refused(
    district: bytes, tmp_path: Path, change: Callable[[Any], None], code: str, words: str
) -> None:
    found = problems(write(tmp_path, fill(district, GOOD, change=change)))
    assert {problem.code for problem in found} == {code}
    assert any(words in str(problem) for problem in found), [str(problem) for problem in found]


def test_many_moved_rows_are_counted(district: bytes, tmp_path: Path) -> None:
    found = problems(write(tmp_path, fill(district, GOOD, change=_insert_row)))
    assert len(found) == 6 and "more places of this sheet" in found[-1].message


def test_blanks_around_labels_and_answers_do_no_harm(district: bytes, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Số liệu"]["A7"] = " 1.1  "

    typed = {**GOOD, "1.2.a": "  có ", "1.2.b": "KHÔNG", "1.1": " B "}
    path = write(tmp_path, fill(district, typed, change=change))
    assert read_table(path, scheme=DISTRICT) == read_table(
        write(tmp_path, fill(district, GOOD), "b.xlsx"), scheme=DISTRICT
    )


@pytest.mark.parametrize("shown", ["không", "Chưa có.", "(thiếu)", " ", "n/a", "#N/A"])
def test_words_for_nothing_show_no_evidence(district: bytes, tmp_path: Path, shown: str) -> None:
    typed = {**GOOD, "1.1@number": shown if shown != "#N/A" else "'#N/A", "1.1@title": ""}
    table = read_table(write(tmp_path, fill(district, typed)), scheme=DISTRICT)
    assert table.evidence["1.1"].tolist() == [shown == "#N/A"]  # an apostrophe makes it a text of its own


def test_a_date_alone_is_no_evidence(district: bytes, tmp_path: Path) -> None:
    typed = {**GOOD, "1.1@number": ""}
    assert not read_table(write(tmp_path, fill(district, typed)), scheme=DISTRICT).evidence["1.1"][0]


ANY_CELL = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.sampled_from(["Có", "n/a", "12,5", "85%", "a", "-", "#REF!", "1e400", "=1", "1.234"]),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.builds(Unfit, st.text(max_size=5), st.just(Complaint("T072", "the cell holds an error"))),
)


@given(st.data())
@settings(max_examples=60)
def test_whatever_stands_in_the_cells_only_problems_come_of_it(data: st.DataObject) -> None:
    plan = compile_scheme(data.draw(st.sampled_from([COMMUNE, DISTRICT, DEPARTMENT, "hue-1784/2020-district"])))
    many = data.draw(st.booleans())
    form = opened_form(plan, many=many)
    sheets = {name: evolve(cells, rows=list(cells.rows)) for name, cells in form.sheets.items()}
    for spot in data.draw(st.lists(st.sampled_from(sorted(form.record.cells.values(), key=str)), max_size=12)):
        rows = sheets[spot.sheet].rows
        line, column = place_of(spot.address)
        at = next((at for at, row in enumerate(rows) if row.line == line), None)
        if at is not None:
            values = [*rows[at].cells, *[None] * (column - len(rows[at].cells))]
            values[column - 1] = data.draw(ANY_CELL)
            rows[at] = SheetRow(line, values)
    lines = [list(line) for line in form.record.lines()]
    for at in data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=2)):
        line = lines[at]
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(
            st.sampled_from(["", "A0", "ZZZ9", "9", "cell", "x"])
        )
    record = read_record(lines)
    if record is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        for module in (claims, reading):
            patch.setattr(module, "open_forms", lambda _: Opened((Form("form.xlsx", record, sheets),)))
        for read in (reading.read_forms, claims.claims_of):
            with contextlib.suppress(IctIndexError):
                read("form.xlsx", plan.scheme)


@lru_cache
def opened_form(plan: Plan, *, many: bool) -> Form:
    units = (FormUnit("1", "Một"), FormUnit("2", "Hai"))
    content = form_of(plan, units=units, many=True) if many else form_of(plan)
    return form_in(fill(content, {"@unit": "1", "@pool": "A", "cb": 3}, {"@pool": "A"}), "form.xlsx")


def test_a_record_that_lacks_a_cell_is_refused(district: bytes, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book[SHEET]
        at = next(row[0].row for row in sheet.iter_rows() if (row[0].value, row[2].value) == ("cell", "1.4"))
        sheet.delete_rows(at)

    (problem,) = problems(write(tmp_path, fill(district, GOOD, change=change)))
    assert problem.code == "T131" and problem.where.sheet == SHEET


# --- other forms ---------------------------------------------------------------------------------------------------


def test_a_form_of_another_scheme_says_which(district: bytes, tmp_path: Path) -> None:
    path, scheme = write(tmp_path, fill(district, GOOD)), compile_scheme(DISTRICT).scheme
    (problem,) = problems(path, COMMUNE)
    assert problem.code == "T130" and DISTRICT in problem.message and COMMUNE in problem.message
    for change, words in (
        ({"revision": 2}, "revision 1 of the scheme, not of 2"),
        ({"variant": "z"}, "a form without a variant, not of the variant z"),
        ({"sha256": "0" * 64}, "was changed after this form was made"),
    ):
        (problem,) = problems(path, evolve(scheme, **change))
        assert problem.code == "T130" and words in problem.message


def test_a_form_with_another_overlay_or_variant_says_whose(tmp_path: Path) -> None:
    overlay = Path(__file__).parent.parent / "docs" / "units" / "trong-tinh.overlay.yaml"
    laid = compile_scheme(overlay)
    with_it, without = form_of(laid), form_of(compile_scheme(laid.scheme.id))
    (problem,) = problems(write(tmp_path, with_it), laid.scheme.id)
    assert "a form with the overlay of" in problem.message and "not of the scheme without one" in problem.message
    (problem,) = problems(write(tmp_path, without), overlay)
    assert "a form without an overlay, not with that of" in problem.message
    scheme = compile_scheme("ict-index/2017-province", variant="z-score").scheme
    (problem,) = problems(write(tmp_path, form_of(compile_scheme(scheme.id))), scheme)
    assert "not of the variant z-score" in problem.message
    (problem,) = problems(write(tmp_path, form_of(compile_scheme(scheme))), scheme.id)
    assert "a form of the variant z-score, not of the scheme without one" in problem.message


def test_who_the_unit_is_must_be_said(district: bytes, tmp_path: Path) -> None:
    nobody = {key: cell for key, cell in GOOD.items() if key not in ("@unit", "@name")}
    (problem,) = problems(write(tmp_path, fill(district, nobody)))
    assert problem.code == "T135" and problem.where.sheet == "Đơn vị" and problem.where.address
    table = read_table(write(tmp_path, fill(district, {**nobody, "@name": "Xã Phúc Xá"})), scheme=DISTRICT)
    assert table.units == ("Xã Phúc Xá",)


@pytest.mark.parametrize("chosen", ["00004 Phường Phúc Xá", "00004", "phường  phúc xá"])
def test_a_unit_may_be_chosen_by_its_label_its_code_or_its_name(tmp_path: Path, chosen: str) -> None:
    units = (FormUnit("00004", "Phường Phúc Xá"), FormUnit("00007", "Xã Cổ Bi"))
    form = form_of(compile_scheme(DISTRICT), units=units)
    table = read_table(write(tmp_path, fill(form, {**GOOD, "@chosen": chosen})), scheme=DISTRICT)
    assert (table.units, table.names) == (("00004",), ("Phường Phúc Xá",))
    (problem,) = problems(write(tmp_path, fill(form, {**GOOD, "@chosen": "00009 Xã Lạ"})))
    assert problem.code == "T136" and "'00009 Xã Lạ'" in problem.message
    (problem,) = problems(write(tmp_path, fill(form, GOOD)))
    assert problem.code == "T135"


def test_all_problems_of_all_forms_are_told_at_once(district: bytes, tmp_path: Path) -> None:
    write(tmp_path, fill(district, {**GOOD, "1.4": 99}), "a.xlsx")
    write(tmp_path, fill(district, {**GOOD, "2": "nhiều"}), "b.xlsx")
    write(tmp_path, fill(district, UNIT, change=_rename), "c.xlsx")
    write(tmp_path, form_of(compile_scheme(COMMUNE)), "d.xlsx")
    write(tmp_path, b"no workbook", "e.xlsx")
    openpyxl.Workbook().save(tmp_path / "f.xlsx")
    write(tmp_path, b"x", "g.xls")
    found = {(Path(problem.where.source).name, problem.code) for problem in problems(tmp_path)}
    assert found == {
        ("a.xlsx", "T045"),
        ("b.xlsx", "T040"),
        ("b.xlsx", "T137"),
        ("c.xlsx", "T132"),
        ("d.xlsx", "T130"),
        ("e.xlsx", "T070"),
        ("f.xlsx", "T138"),
        ("g.xls", "T138"),
    }


def test_what_else_lies_in_the_folder_is_told_or_passed_over(district: bytes, tmp_path: Path) -> None:
    write(tmp_path, fill(district, GOOD))
    for name in ("~$form.xlsx", ".DS_Store", "Thumbs.db", "công văn.pdf"):
        write(tmp_path, b"x", name)
    (tmp_path / "cũ").mkdir()
    doubts = read_table(tmp_path, scheme=DISTRICT, doubts=False).doubts
    assert [(problem.code, Path(problem.where.source).name) for problem in doubts] == [
        ("T139", "công văn.pdf"),
        ("T139", "cũ"),
    ]


def test_a_folder_without_forms_and_a_form_without_a_word_are_told(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path)
    assert problem.code == "T134"
    write(tmp_path, b"PAR1", "part-0.parquet")
    (problem,) = problems(tmp_path)
    assert problem.code == "T134" and "`--engine local`" in problem.hint
    (tmp_path / "part-0.parquet").unlink()
    units = (FormUnit("a"), FormUnit("b"))
    (problem,) = problems(write(tmp_path, form_of(compile_scheme(DISTRICT), units=units, many=True)))
    assert problem.code == "T134" and problem.message == "no unit has filled in anything"


def test_who_sent_nothing_is_told(tmp_path: Path) -> None:
    units = tuple(FormUnit(f"{at:05d}", f"Xã {at}") for at in range(1, 5))
    plan = compile_scheme(DISTRICT)
    many = fill(form_of(plan, units=units, many=True), GOOD, {**GOOD, "1.4": 1})
    table = read_table(write(tmp_path, many), scheme=plan, doubts=False)
    assert table.units == ("00001", "00002") and [one.code for one in table.doubts] == ["T141", "T141"]
    folder = tmp_path / "forms"
    folder.mkdir()
    chosen = form_of(plan, units=units)
    for unit in units[:2]:
        write(folder, fill(chosen, {**GOOD, "@chosen": unit.label}), f"{unit.code}.xlsx")
    (doubt,) = read_table(folder, scheme=plan, doubts=False).doubts
    assert doubt.code == "T140" and doubt.message == "2 units have sent no form: 00003 Xã 3; 00004 Xã 4"


def test_a_unit_without_a_form_is_an_error_where_all_must_be_there(district: bytes, tmp_path: Path) -> None:
    listed = write(tmp_path, "mã,tên\n00004,Huyện A\n00005,Huyện B\n".encode(), "units.csv")
    folder = tmp_path / "forms"
    folder.mkdir()
    write(folder, fill(district, {**GOOD, "@name": "a"}))
    (problem,) = problems(folder, units=listed, complete=True)
    assert problem.code == "T097" and "00005 Huyện B" in problem.message and "add the forms" in problem.hint
    assert read_table(folder, scheme=DISTRICT, units=listed, doubts=False).names == ("Huyện A",)


def test_a_csv_file_among_forms_is_called_one(district: bytes, tmp_path: Path) -> None:
    write(tmp_path, fill(district, GOOD))
    write(tmp_path, b"unit,1.1\n", "Bảng.CSV")
    (problem,) = problems(tmp_path)
    assert problem.code == "T138" and problem.message == "this is a CSV file, not a form"


def test_a_form_without_a_figure_is_told(district: bytes, tmp_path: Path) -> None:
    write(tmp_path, fill(district, GOOD), "a.xlsx")
    write(tmp_path, fill(district, UNIT), "b.xlsx")
    table = read_table(tmp_path, scheme=DISTRICT, doubts=False)
    assert table.units == ("00004", "00007")
    (doubt,) = table.doubts
    assert doubt.code == "T142" and doubt.where.source.endswith("b.xlsx") and "'00007 Xã Cổ Bi'" in doubt.message


def test_forms_sent_out_by_a_list_are_held_against_it(tmp_path: Path) -> None:
    listed = write(tmp_path, "mã,tên\n001,Huyện Hoà An\n002,Huyện Tân Lập\n".encode(), "units.csv")
    folder = tmp_path / "forms"
    written = write_forms(DISTRICT, folder, units=listed)
    assert [path.name for path in written] == ["001-huyen-hoa-an.xlsx", "002-huyen-tan-lap.xlsx"]
    written[0].write_bytes(fill(written[0].read_bytes(), GOOD))
    written[1].unlink()
    table = read_table(folder, scheme=DISTRICT, units=listed, doubts=False)
    assert table.units == ("001",) and table.names == ("Huyện Hoà An",)
    assert ["002 Huyện Tân Lập" in doubt.message for doubt in table.doubts] == [True]
    shutil.copy(written[0], folder / "again.xlsx")
    (problem,) = problems(folder, units=listed)
    assert problem.code == "T137" and "001-huyen-hoa-an.xlsx" in problem.message + problem.where.source


def test_an_empty_cell_is_missing_and_what_does_not_apply_is_not(tmp_path: Path) -> None:
    plan: Plan = compile_scheme(COMMUNE)
    typed = {"@unit": "1", "@pool": "Huyện A", "cb": 20, "A.1.2": "không áp dụng", "B.1.1": "4 Chuyển đổi"}
    table = read_table(write(tmp_path, fill(form_of(plan), typed)), scheme=plan)
    assert table.pool == ("Huyện A",)
    states = {code: column.states for code, column in table.columns.items()}
    assert states["cb"] is None and states["A.1.2"] is not None and states["A.2.2"] is not None
    assert states["A.1.2"][0] == CellState.NOT_APPLICABLE and states["A.2.2"][0] == CellState.MISSING
