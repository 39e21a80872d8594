"""`verify`: any change of a written result is found; rows, formats and line ends change nothing."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from receipted import COMMUNES, DTI, EXAMPLES, HERE, HUE, drawn_results, name_of, result_of
from worked import HEAD, build_top

from ictindex import IctIndexError, Result, load_scheme, read_table, score, table_from_columns, verify, write_result
from ictindex.errors import ResultInvalid, UnknownName, WrongUse
from ictindex.plugins import formats
from ictindex.verification import KINDS, Verification

LAW = settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    deadline=None,
)
TEXTUAL = ("json", "jsonl", "csv", "csv-vi")
ENDINGS = {"csv-vi": "csv", "excel": "xlsx"}
SELF = "max: 20\nself-scored: true\n1 Một: {max: 10, value: }\n2 Hai: {max: 10, value: }\n"


def stream(content: str | bytes, name: str) -> io.BytesIO:
    """A stream that is called as a file of that format would be."""
    found = io.BytesIO(content.encode() if isinstance(content, str) else content)
    found.name = f"result.{ENDINGS.get(name, name)}"
    return found


def written(result: Result, name: str, language: str = "en") -> io.BytesIO:
    return stream(write_result(result, format=name, language=language), name)


def kinds(answer: Verification) -> list[str]:
    return [one.kind for one in answer.differences]


@cache
def example(path: Path) -> Result:
    return result_of(path)


# --- the same ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*TEXTUAL, "parquet", "arrow", "excel"])
@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_every_example_is_the_same_in_every_format(path: Path, name: str) -> None:
    result = example(path)
    for language in ("en", "vi"):
        answer = verify(written(result, name, language), table=path)
        assert answer.same and answer.first is None, answer.told()
        assert answer.compared == ("result", "scheme", "table")
        if name != "excel":
            alone = verify(written(result, name, language))
            assert alone.same and alone.compared == ("result", "scheme"), alone.told()
    assert answer.receipt == result.receipt_line()


@given(drawn_results(), st.sampled_from([*TEXTUAL, "parquet"]))
@LAW
def test_whatever_is_scored_is_the_same_after_it_is_written(result: Result, name: str) -> None:
    found = verify(written(result, name, "vi"))  # no such scheme is installed
    assert found.same and found.compared == ("result",), found.told()
    assert "scheme was not compared" in found.remarks[0]
    again = verify(written(result, name), scheme=result.scheme, table=result.given)
    assert again.same and again.compared == ("result", "scheme", "table"), again.told()


@given(st.data(), st.sampled_from(TEXTUAL), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
@LAW
def test_neither_rows_nor_line_ends_nor_a_mark_change_anything(
    data: st.DataObject, name: str, end: str, mark: str
) -> None:
    lines = str(write_result(example(COMMUNES), format=name)).removeprefix("\ufeff").splitlines()
    if name == "json":
        content = json.loads("\n".join(lines))
        content["units"] = data.draw(st.permutations(content["units"]))
        text = json.dumps(content, ensure_ascii=data.draw(st.booleans()), sort_keys=data.draw(st.booleans()))
    else:
        head = next(at for at, line in enumerate(lines) if not line.lstrip('"').startswith("#")) + 1
        text = end.join([*lines[:head], *data.draw(st.permutations(lines[head:])), ""])
    answer = verify(stream(mark + text, name), table=COMMUNES)
    assert answer.same, answer.told()


def test_a_spreadsheet_that_drops_zeros_and_adds_commas_does_no_harm() -> None:
    lines = list(csv.reader(str(write_result(example(HUE), format="csv")).splitlines()))
    width = max(map(len, lines))
    out = io.StringIO()
    saved = csv.writer(out, delimiter=";")
    for line in lines:
        cells = [cell.rstrip("0").rstrip(".") if cell.endswith(".00") else cell for cell in line]
        saved.writerow([*cells, *[""] * (width - len(line))])
    assert "50;1" in out.getvalue() and "50.00" not in out.getvalue()
    assert verify(stream(out.getvalue(), "csv"), table=HUE).same


def test_a_workbook_that_was_made_of_the_csv_is_the_same_result() -> None:
    book = openpyxl.Workbook()
    for line in csv.reader(str(write_result(example(HUE), format="csv")).splitlines()):
        book.active.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in line])
    out = io.BytesIO()
    book.save(out)
    assert verify(stream(out.getvalue(), "excel"), table=HUE).same and verify(stream(out.getvalue(), "excel")).same


# --- a change is found ---------------------------------------------------------------------------------------------


def other_cell(data: st.DataObject, column: str, cell: str) -> str:
    """Another cell of the same kind."""
    if column.endswith("level"):
        found = data.draw(st.sampled_from(["I", "II", "III", "IV", ""]))
    elif column in ("unit", "name", "huyện"):
        found = data.draw(st.sampled_from(["xa-0002", "xa-9999", "Xã khác", f"{cell}x"]))
    elif column == "states":
        found = data.draw(st.sampled_from(["", "A: cut", "B: rescaled"]))
    else:
        found = data.draw(st.sampled_from(["1", "2", "0", "", "36.26", "40.830001", "99"]))
    return found


@given(st.data())
@LAW
def test_any_other_cell_of_a_csv_is_found_without_and_with_the_table(data: st.DataObject) -> None:
    lines = list(csv.reader(str(write_result(example(COMMUNES), format="csv")).splitlines()))
    head = next(at for at, line in enumerate(lines) if line[0] == "unit")
    at = data.draw(st.integers(head + 1, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[head]) - 1))
    name, cell = lines[head][column], lines[at][column]
    other = other_cell(data, name, cell)
    assume(
        other != cell
        and not (other and cell and name not in ("unit", "name", "huyện", "states") and _same(other, cell))
    )
    lines[at] = [*lines[at][:column], other, *lines[at][column + 1 :]]
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    alone = verify(stream(out.getvalue(), "csv"))
    assert kinds(alone) == ["changed"] and "only the table" in alone.differences[0].message
    answer = verify(stream(out.getvalue(), "csv"), table=COMMUNES)
    assert kinds(answer)[0] == "changed" and len(answer.differences) > 1
    if name == "unit":
        assert set(kinds(answer)) <= {"changed", "units", "cell"}
    else:
        found = answer.differences[1]
        assert (found.kind, found.unit, found.column) == ("cell", lines[at][0], name)
        assert (found.written, found.found) == (found.written, cell)


def _same(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def leaves(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all plain values in data."""
    if isinstance(content, dict | list):
        pairs = content.items() if isinstance(content, dict) else enumerate(content)
        return [place for key, value in pairs for place in leaves(value, (*path, key))]
    return [path]


UNHASHED = {("receipt", "ictindex")}
"""The version is told, and is no part of what the result is."""


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if value is None:
        return "x"
    return ("1" if value[:1] != "1" else "2") + value[1:] if value else "x"


@pytest.mark.parametrize("path", [HUE, DTI], ids=name_of)
def test_any_other_value_in_json_is_found_or_cannot_be_read(path: Path) -> None:
    """Each single value of the whole file in turn."""
    text = str(write_result(example(path), format="json"))
    for place in leaves(json.loads(text)):
        content = json.loads(text)
        inner = content
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = changed(inner[place[-1]])
        try:
            answer = verify(stream(json.dumps(content), "json"))
        except (ResultInvalid, UnknownName):
            continue
        assert answer.same == (place in UNHASHED), (place, answer.told())


@given(st.data(), st.sampled_from(["json", "jsonl"]))
@LAW
def test_a_value_that_is_gone_is_a_problem_or_found(data: st.DataObject, name: str) -> None:
    result = score(
        build_top(SELF),
        table_from_columns(build_top(SELF), {"unit": ["a", "b"], "1": [1, 2], "2": [3, 4], "1.self": [2, 2]}),
    )
    lines = (
        str(write_result(result, format=name)).splitlines()
        if name == "jsonl"
        else [str(write_result(result, format=name))]
    )
    at = data.draw(st.integers(0, len(lines) - 1))
    content = json.loads(lines[at])
    place = data.draw(st.sampled_from(sorted(leaves(content), key=repr)))
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    del inner[place[-1]]
    lines[at] = json.dumps(content)
    try:
        answer = verify(stream("\n".join(lines), name), scheme=result.scheme)
    except ResultInvalid as error:
        assert error.problems[0].code in ("T180", "T181")
    else:
        assert answer.same == (place == ("receipt", "options", "variant")), place  # the variant stands twice


def test_a_key_that_stands_twice_in_json_is_no_result() -> None:
    text = str(write_result(example(HUE), format="json"))
    twice = text.replace('"published": "44.41"', '"published": "45.41", "published": "44.41"')
    with pytest.raises(ResultInvalid, match="T181"):
        verify(stream(twice, "json"))


def test_another_cell_in_parquet_is_found() -> None:
    table = pq.read_table(written(example(HUE), "parquet"))
    scores = table.column("A.score").to_pylist()
    other = table.set_column(table.column_names.index("A.score"), "A.score", pa.array([scores[0] - 1, *scores[1:]]))
    out = io.BytesIO()
    pq.write_table(other, out)
    assert kinds(verify(stream(out.getvalue(), "parquet"))) == ["changed"]
    answer = verify(stream(out.getvalue(), "parquet"), table=HUE)
    assert [(one.kind, one.unit, one.column, one.written, one.found) for one in answer.differences[1:]] == [
        ("cell", "nam-dong", "A.score", "49", "50.00")
    ]


@pytest.mark.parametrize(
    ("sheet", "old", "new", "column"),
    [
        ("Ranking A", 44.41, 45.41, "A.score"),
        ("Ranking A", "II", "I", "A.level"),
        ("Ranking B", 1, 2, "B.rank"),
        ("Points", 44.40625, 44.4, "A"),
    ],
)
def test_another_cell_in_a_workbook_is_found_with_the_table(sheet: str, old: Any, new: Any, column: str) -> None:
    book = openpyxl.load_workbook(written(example(HUE), "excel"))
    cell = next(cell for row in book[sheet].iter_rows() for cell in row if cell.value == old and cell.row > 5)
    cell.value = new
    out = io.BytesIO()
    book.save(out)
    answer = verify(stream(out.getvalue(), "excel"), table=HUE)
    assert [(one.kind, one.column, one.written) for one in answer.differences] == [("cell", column, str(new))]
    with pytest.raises(WrongUse, match="U171"):
        verify(stream(out.getvalue(), "excel"))


# --- what differs first --------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a scheme, a table and what was scored."""
    (tmp_path / "s.yaml").write_text(
        HEAD.replace("qd Quyết định mẫu: ", "qd Quyết định mẫu: {date: 2020}")
        + SELF.replace("self-scored: true\n", ""),
        encoding="utf-8",
    )
    (tmp_path / "t.csv").write_text("unit,name,1,2\na,Xã A,1,2\nb,Xã B,3,4.5\n", encoding="utf-8")
    scheme = load_scheme(tmp_path / "s.yaml")
    result = score(scheme, read_table(tmp_path / "t.csv", scheme=scheme))
    write_result(result, tmp_path / "r.csv")
    write_result(result, tmp_path / "r.json")
    return tmp_path


def edited(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def against(home: Path, name: str = "r.csv") -> Verification:
    return verify(home / name, table=home / "t.csv", scheme=home / "s.yaml")


def test_nothing_differs_at_first(home: Path) -> None:
    assert against(home).same and against(home, "r.json").same
    edited(home / "s.yaml", ("max: 20", "max:   20 # hai mươi"))
    edited(home / "t.csv", ("4.5", "4.50"), ("\n", "\r\n"))
    assert against(home).same


def test_another_figure_is_told_before_the_cells_that_it_changes(home: Path) -> None:
    edited(home / "t.csv", ("4.5", "4"))
    answer = against(home)
    assert kinds(answer) == ["data", "cell", "cell", "cell"]
    assert [(one.unit, one.column, one.written, one.found) for one in answer.differences[1:]] == [
        ("b", "score", "7.5", "7.00"),
        ("b", "total", "7.5", "7"),
        ("b", "2", "4.5", "4"),
    ]
    assert answer.differences[1].message == "b, score: it says 7.5, and 7.00 comes out"


def test_another_scheme_is_told_before_the_figures(home: Path) -> None:
    edited(home / "s.yaml", ("edition: 2020", "edition: 2020\nrevision: 2"))
    edited(home / "t.csv", ("4.5", "4"))
    answer = against(home)
    assert kinds(answer)[:2] == ["scheme", "data"]
    assert answer.differences[0].message == "the scheme test/2020-unit was revision 1 and is revision 2 now"


def test_the_same_revision_with_other_content_is_another_scheme(home: Path) -> None:
    edited(home / "s.yaml", ("2 Hai", "2 Ba"))
    answer = against(home)
    assert kinds(answer) == ["scheme"] and "same revision, 1, and other content" in answer.differences[0].message


def test_a_scheme_that_cannot_score_the_table_any_more_is_still_told(home: Path) -> None:
    edited(home / "s.yaml", ("2 Hai", "3 Ba"), ("edition: 2020", "edition: 2020\nrevision: 2"))
    answer = against(home)
    assert kinds(answer) == ["scheme"] and "cannot be scored" in answer.remarks[0]


def test_units_and_columns_that_are_missing_too_many_or_there_twice(home: Path) -> None:
    edited(home / "r.csv", ("a,Xã A", "c,Xã A"))
    assert kinds(against(home)) == ["changed", "units", "units"]
    edited(home / "r.csv", ("c,Xã A", "b,Xã A"))
    told = [one.message for one in against(home).differences if one.kind == "units"]
    assert told == ["the unit b stands in it twice", "the unit a is missing in it"]
    edited(home / "r.csv", (",rank,", ",ranks,"))
    told = [one.message for one in against(home).differences if one.kind == "columns"]
    assert told == ["the column rank is missing in it", "the column ranks is none of a result"]


def test_a_notice_that_was_taken_out_is_found(home: Path) -> None:
    lines = (home / "r.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    assert "giả định" in lines[0] and "assumed" in lines[1]
    (home / "r.csv").write_text("".join(lines[2:]), encoding="utf-8")
    answer = verify(home / "r.csv", scheme=home / "s.yaml")
    assert kinds(answer) == ["changed", "notices"]
    edited(home / "r.json", ('"provisional": true', '"provisional": false'))
    told = [one.message for one in verify(home / "r.json", scheme=home / "s.yaml").differences]
    assert told[0] == "the file contradicts itself: provisional and assumed differ"


def test_notes_of_the_table_are_compared(home: Path) -> None:
    edited(home / "t.csv", ("unit,", "# số liệu giả định\nunit,"))
    assert kinds(against(home)) == ["notices"]


def test_another_version_is_a_remark_and_first_a_reason_where_cells_differ(home: Path) -> None:
    for name in ("r.csv", "r.json"):
        text = (home / name).read_text(encoding="utf-8").replace("0.1.0", "0.0.9")
        (home / name).write_text(text, encoding="utf-8")
        answer = against(home, name)
        assert answer.same and "ictindex 0.0.9" in answer.remarks[0]
    edited(home / "r.csv", (",7.50,", ",7.51,"))
    assert kinds(against(home)) == ["version", "changed", "cell"]


def test_another_canonical_form_cannot_be_compared_by_its_hash(home: Path) -> None:
    edited(home / "r.csv", ("(1)", "(2)"))
    line = next(line for line in (home / "r.csv").read_text(encoding="utf-8").splitlines() if " | data " in line)
    data = line.split(" | data ")[1][:12]
    edited(home / "r.csv", (data, "0" * 12))  # another form has other hashes, which say nothing
    answer = against(home)
    assert kinds(answer) == ["form"] and "number 2" in answer.differences[0].message
    edited(home / "r.csv", (",7.50,", ",7.51,"))
    assert kinds(against(home)) == ["form", "cell"]


@pytest.mark.parametrize("name", ["scheme_sha256", "data_sha256", "result_sha256"])
def test_the_beginning_of_a_hash_is_not_enough_in_json(home: Path, name: str) -> None:
    content = json.loads((home / "r.json").read_text(encoding="utf-8"))
    content["receipt"][name] = content["receipt"][name][:1]
    with pytest.raises(ResultInvalid, match="T181"):
        verify(stream(json.dumps(content), "json"), scheme=home / "s.yaml")


def test_an_overlay_is_asked_for(tmp_path: Path) -> None:
    overlay = tmp_path / "x.overlay.yaml"
    overlay.write_text(
        f"overlay: {name_of(DTI)}\nby: Sở Mẫu\ndate: 2023-01-02\nsources: {{pl Phụ lục: {{date: 2023}}}}\n"
        "changes:\n  rank: {ties: dense, cited: pl}\n",
        encoding="utf-8",
    )
    scheme = load_scheme(overlay)
    result = score(scheme, read_table(DTI, scheme=scheme))
    for name in ("json", "csv"):
        assert verify(written(result, name), scheme=overlay, table=DTI).same
        answer = verify(written(result, name))
        assert kinds(answer)[0] == "scheme" and "overlay" in answer.differences[0].message
    content = json.loads(write_result(result, format="json"))
    for place in ("scheme", "receipt"):
        content[place]["overlay"]["sha256"] = "0" * 64
    told = verify(stream(json.dumps(content), "json"), scheme=overlay).differences
    assert "receipt.overlay and receipt.scheme_sha256 differ" in told[0].message


def test_variants_and_references_are_scored_again_as_they_were() -> None:
    path = HERE / "schemes" / "ict-index" / "2017-province.example.synthetic.csv"
    scheme = load_scheme("ict-index/2017-province", variant="z-score")
    table = read_table(path, scheme=scheme)
    first = score(scheme, table)
    few = table_of_first_units(path, scheme, 5)
    result = score(scheme, few, reference=first)
    for name in ("csv", "json"):
        assert verify(written(result, name), table=few, reference=path).same
        with pytest.raises(WrongUse, match="U170"):
            verify(written(result, name), table=few)
        other = verify(written(result, name), table=few, reference=few)
        assert kinds(other)[0] == "options" and "cell" in kinds(other)


def table_of_first_units(path: Path, scheme: Any, count: int) -> Any:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = next(at for at, line in enumerate(lines) if line.startswith("unit"))
    return read_table(io.StringIO("".join(lines[: head + 1 + count])), scheme=scheme)


def test_the_answer_is_frozen_plain_and_told(home: Path) -> None:
    edited(home / "t.csv", ("4.5", "4"))
    answer = against(home)
    with pytest.raises(AttributeError):
        answer.remarks = ()  # type: ignore[misc]
    told = answer.to_dict()
    assert json.loads(json.dumps(told)) == told and told["same"] is False
    assert told["differences"][1]["written"] == "7.5" and told["differences"][0]["unit"] is None
    assert answer.told(most=1).splitlines()[-1] == "  and 3 more differences"
    assert answer.told("vi").count("\n") == 4 and set(kinds(answer)) <= set(KINDS)


# --- files that are none -------------------------------------------------------------------------------------------


@given(st.sampled_from([*TEXTUAL, "parquet", "arrow", "excel"]), st.data())
@LAW
def test_only_problems_leave_broken_files(name: str, data: st.DataObject) -> None:
    content = bytearray(written(example(HUE), name).getvalue())
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    content = content[:cut] if data.draw(st.booleans()) else content
    try:
        answer = verify(stream(bytes(content), name), table=HUE)
    except IctIndexError as error:
        assert all(problem.message for problem in error.problems)
    else:
        assert answer.told()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "[" * 100_000, '{"receipt": 1, "units": []}', "\x00", "unit,name\n"]
)
@pytest.mark.parametrize("name", TEXTUAL)
def test_what_is_no_result_is_refused(name: str, text: str) -> None:
    with pytest.raises(IctIndexError):
        verify(stream(text, name))


def test_numbers_without_end_are_no_numbers() -> None:
    text = str(write_result(example(HUE), format="json"))
    for old, new in (
        ('"rank": 8', '"rank": 1e999999999'),
        ('"max": 50.0', '"max": NaN'),
        ('"rank": 8', f'"rank": {"9" * 5000}'),
    ):
        assert old in text
        with pytest.raises(ResultInvalid):
            verify(stream(text.replace(old, new), "json"))
    table = str(write_result(example(HUE), format="csv")).replace("44.41", "1e999999999")
    assert kinds(verify(stream(table, "csv"))) == ["changed"]


def test_a_page_for_people_is_told_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_bytes(written(example(HUE), "markdown").getvalue())
    with pytest.raises(WrongUse, match="U107 a result that was written as markdown cannot be verified") as told:
        verify(tmp_path / "r.md")
    assert "csv, json" in told.value.problems[0].hint and "format" not in told.value.problems[0].hint


def test_the_hint_for_a_workbook_names_the_option(run: Any, tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(written(example(HUE), "excel").getvalue())
    told = run("verify", tmp_path / "r.xlsx")
    assert told.code == 2 and "U171" in told.err and "--table TABLE" in told.err


def test_what_people_read_cannot_be_read_back() -> None:
    for name in ("table", "markdown"):
        with pytest.raises(WrongUse, match="U107 results in the format"):
            verify(written(example(HUE), name), format=name)
    assert hasattr(formats().get("csv"), "read_result")


def test_a_scheme_that_is_not_installed_is_said_and_refused_where_it_is_needed(home: Path) -> None:
    answer = verify(home / "r.csv")
    assert answer.same and answer.compared == ("result",) and "was not compared" in answer.remarks[0]
    with pytest.raises(UnknownName):
        verify(home / "r.csv", table=home / "t.csv")


def test_a_result_opens_no_file_that_it_names(home: Path) -> None:
    edited(home / "r.json", ('"test/2020-unit"', json.dumps(str(home / "s.yaml"))))
    answer = verify(home / "r.json")
    assert not answer.same and answer.compared == ("result",) and "names a file" in answer.remarks[0]
    with pytest.raises(UnknownName, match="U173"):
        verify(home / "r.json", table=home / "t.csv")


@pytest.mark.parametrize("name", [*TEXTUAL, "parquet", "arrow", "excel"])
def test_a_stream_without_a_name_is_known_by_how_it_begins(name: str) -> None:
    content = io.BytesIO(written(example(HUE), name).getvalue())
    assert verify(content, table=HUE).same


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_says_same_or_what_differs_first(run: Any, home: Path) -> None:
    files = [home / "r.csv", "--scheme", home / "s.yaml"]
    told = run("verify", *files)
    assert (told.code, told.err) == (0, "") and "same as when it was written, and the scheme is the same" in told.out
    told = run("verify", *files, "--table", home / "t.csv")
    assert told.code == 0 and "same, scored anew from the table" in told.out
    edited(home / "t.csv", ("4.5", "4"))
    told = run("verify", *files, "--table", home / "t.csv", "--max-problems", "2")
    assert told.code == 1 and told.out.splitlines()[1:] == [
        "  the figures of the table are other ones than those that were scored",
        "  b, score: it says 7.5, and 7.00 comes out",
        "  and 2 more differences",
    ]
    found = json.loads(run("verify", *files, "--table", home / "t.csv", "--format", "json").out)
    assert found["same"] is False and found["differences"][0]["kind"] == "data"


def test_the_command_refuses_what_makes_no_sense(run: Any, home: Path) -> None:
    for more, code in (
        (["--reference", home / "t.csv"], "U172"),
        (["--round", home / "t.csv"], "U172"),
        (["--table", "-", "--reference", "-"], "U115"),
        (["-o", home / "r.csv"], "U115"),
        (["--table", home / "t.csv"], "U100"),
    ):
        told = run("verify", home / "r.csv", *more)
        assert told.code == 2 and (code in told.err or code == "U100"), told.err
    told = run("verify", home / "t.csv")
    assert told.code == 1 and "T180" in told.err
    assert run("verify", home / "nichts.csv").code == 1


@pytest.mark.parametrize("more", [["--track", "final"], ["--track", "verified", "--alone"], []])
def test_a_track_of_a_round_is_scored_again_as_the_receipt_says(run: Any, tmp_path: Path, more: list[str]) -> None:
    scheme = "dong-thap-1397/2022-district"
    table = HERE / "schemes" / f"{scheme}.example.synthetic.csv"
    events = HERE / "docs" / "rounds" / "2022-district.synthetic.csv"
    for name in ("r.json", "r.csv", "r.xlsx", "r.parquet"):
        assert run("score", scheme, table, "--round", events, *more, "-o", tmp_path / name).code == 0
        told = run("verify", tmp_path / name, "--table", table, "--round", events)
        assert told.code == 0, told.out + told.err
        told = run("verify", tmp_path / name, "--table", table)  # what was declared, and no more
        assert told.code == 1 and not told.err
        first, *others = told.out.splitlines()[1:]
        assert first.startswith("  it is a result of the ") and "add `--round FILE`" in first
        assert not [line for line in others if "comes out" in line]  # no cell is told as if it were forged
