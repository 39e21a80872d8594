"""What became of declared figures is told where scores are read: by explain, in workbooks, in Markdown."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import ictindex
from ictindex.messages import LANGUAGES, in_language
from ictindex.result import Result
from ictindex.result_columns import STATES, states_read, states_told
from ictindex.verifying import verify

ROOT = Path(__file__).parent.parent
SCHEME = "dong-thap-1397/2022-district"
DECLARED = ROOT / "schemes" / "dong-thap-1397" / "2022-district.example.synthetic.csv"
LINES = ROOT / "docs" / "rounds" / "2022-district.synthetic.csv"


def scored(track: str = "final") -> Result:
    scheme = ictindex.load_scheme(SCHEME)
    found = ictindex.read_round(LINES, scheme=scheme, declared=DECLARED)
    return ictindex.score(scheme, found.table(track))


@pytest.fixture(scope="module")
def final() -> Result:
    return scored()


def told(result: Result, unit: str, row: str, language: str = "en") -> str:
    return result.explain(unit, row).told(language)


# --- explain -------------------------------------------------------------------------------------------------------


def test_explain_tells_what_the_track_did_to_a_figure_with_who_when_and_why(final: Result) -> None:
    lines = [line.strip() for line in told(final, "huyen-02", "3").splitlines()]
    at = lines.index("declared: 45")
    assert lines[at + 1] == "verified: 45 → 40.5 (2026-01-12, Tổ thẩm định) differs from another source"
    assert lines[at + 2].startswith("appealed: 45, 12/BC-UBND")
    rest = " ".join(lines[at + 2 :])
    assert "final: 40.5 → 43 (2026-01-22, Hội đồng thẩm định) evidence or explanation added" in rest
    assert "45 → 40.5 (12/01/2026, Tổ thẩm định)" in told(final, "huyen-02", "3", "vi")
    assert final.explain("huyen-02", "3").to_dict()["root"]["history"][0] == "declared: 45"


def test_a_track_tells_only_what_it_sees_and_an_unverified_figure_nothing(final: Result) -> None:
    verified = told(scored("verified"), "huyen-02", "3")
    assert "45 → 40.5" in verified and "40.5 → 43" not in verified and "appealed" not in verified
    assert "→" not in told(scored("declared"), "huyen-02", "3")
    assert "declared:" not in told(final, "huyen-02", "4")


def test_a_figure_among_several_is_named(final: Result) -> None:
    assert "1.3.a: verified: 7 → 5" in told(final, "huyen-01", "1.3")


def test_rejected_evidence_is_told_as_rejected_with_its_reason(final: Result) -> None:
    text = told(final, "huyen-01", "1.1")
    assert "[evidence rejected]" in text and "no-evidence" not in text
    assert "; evidence rejected, so 0" in text
    assert "evidence rejected (2026-01-12, Tổ thẩm định) evidence of another period" in text
    assert final.explain("huyen-01", "1.1").root.flags == ("no-evidence",)  # data keep the stable word
    kept = told(final, "huyen-09", "1.1")  # rejected first, accepted in the end
    assert "[evidence rejected]" not in kept and "evidence accepted" in kept


def test_the_choices_of_a_scheme_are_told_in_words(final: Result) -> None:
    every = final.explain("huyen-02", "total").with_sources()
    text = " ".join(every.told().replace("│", " ").split())
    assert "how ranks are made: equal scores share a rank, as 1 2 2 4: assumed" in text
    assert "condition a: 1/2 of the max: cited" in text
    assert "max 60: cited" in text
    for key in ("rank.ties", "publish.as", "checks.a", "half-up"):
        assert key not in text
    vietnamese = " ".join(every.told("vi").replace("│", " ").split())
    assert "điểm tối đa 60" in vietnamese and "total" not in vietnamese
    assert "cách xếp hạng: điểm bằng nhau thì cùng hạng, như 1 2 2 4" in vietnamese


# --- files -----------------------------------------------------------------------------------------------------------


def sheets(result: Result, language: str = "en", *units: str) -> dict[str, list[list[Any]]]:
    content = ictindex.write_result(result, format="excel", language=language, units=units)
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def found(rows: list[list[Any]], **at: Any) -> dict[str, Any]:
    """Return the line that has these cells, by the sheet's headings."""
    head = next(place for place, row in enumerate(rows) if row[0] == "No.")
    lines = (dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :])
    return next(line for line in lines if all(line[key] == value for key, value in at.items()))


def named(result: Result, code: str) -> str:
    row = result.scheme.row(code)
    return f"{code} {row.en or row.name}"


def test_a_workbook_lists_the_changed_criteria_with_what_became_of_them(final: Result) -> None:
    rows = sheets(final)["Changes"]
    line = found(rows, Code="huyen-02", Criterion=named(final, "3"))
    assert (line["Declared"], line["Score"], line["Difference"]) == (45, 43, -2)
    assert "45 → 40.5" in line["Why"] and "40.5 → 43" in line["Why"] and "evidence or explanation added" in line["Why"]
    rejected = found(rows, Code="huyen-01", Criterion=named(final, "1.1"))
    assert rejected["Score"] == 0 and "evidence rejected" in rejected["Why"] and "another period" in rejected["Why"]
    changed = {row[1] for row in rows if isinstance(row[0], int)}
    assert changed == {"huyen-01", "huyen-02", "huyen-08", "huyen-10"}
    assert "Changes" not in sheets(scored("declared"))


def test_a_sheet_of_a_unit_tells_what_became_of_its_figures(final: Result) -> None:
    rows = next(rows for name, rows in sheets(final, "en", "huyen-02").items() if name.startswith("huyen-02"))
    line = next(row for row in rows if row[0] == "3")
    assert "verified: 45 → 40.5 (2026-01-12" in str(line[-1])
    assert not any("total" in str(cell) for row in rows[1:] for cell in row if cell != "In the total")
    assert any(str(row[0]).startswith("score 319.00, rank 4") for row in rows)


def test_markdown_lists_the_changed_units_with_the_reasons(final: Result) -> None:
    text = str(ictindex.write_result(final, format="markdown"))
    section = text[text.index("scores that differ from what was declared") :]
    line = next(line for line in section.splitlines() if line.startswith("| huyen-01"))
    assert "336.50" in line and "328.64" in line and "1.1 -5.00, 1.3 -2.86" in line
    assert "counted twice" in line and "evidence rejected: 1.1" in line
    assert "| huyen-03" not in section.split("receipt")[0].split("| unit |")[1].splitlines()[0]
    assert "differ from what was declared" not in str(ictindex.write_result(scored("declared"), format="markdown"))


def test_the_notes_of_a_workbook_are_in_words(final: Result) -> None:
    text = {str(cell) for row in sheets(final, "vi")["Ghi chú"] for cell in row}
    assert "điểm bằng nhau thì cùng hạng, như 1 2 2 4" in text and "cách xếp hạng" in text
    assert not text & {"rank.ties", "competition", "half-up", "publish.as", "points", "refuse"}


def test_csv_for_people_tells_in_vietnamese_what_happened_and_reads_back(final: Result, tmp_path: Path) -> None:
    text = str(ictindex.write_result(final, format="csv-vi"))
    assert "1.1: không có tài liệu kiểm chứng" in text and "no-evidence" not in text
    assert ";Tổng Bộ tiêu chí" in text and "total" not in text
    path = tmp_path / "kq.csv"
    path.write_text(text, "utf-8")
    assert verify(path).same
    path.write_text(text.replace("1.1: không có tài liệu kiểm chứng", "1.2: không có tài liệu kiểm chứng", 1), "utf-8")
    assert not verify(path).same


def test_every_state_can_be_read_back_from_its_words() -> None:
    for language in LANGUAGES:
        words = [in_language(word, language) for word in STATES.values()]
        assert len(set(words)) == len(words)
        text = "; ".join(f"{at}.1: {word}" for at, word in enumerate(STATES))
        assert states_read(states_told(text, language)) == text
