"""A decision's table to a scheme document: every line a row, the plain rules read, the rest marked to be looked at.

What is typed from the table is cited, what is read out of its wording derived, what it does not say assumed. Nothing of
the table is lost: the wording stands letter by letter in the notes of its row (`annex_notes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from ictindex.documents.grammar import write_number
from ictindex.documents.marks import REVIEW
from ictindex.drafting.annex_notes import ANEW, notes_of, section
from ictindex.drafting.annex_rows import AnnexRow, annex_rows, each_row
from ictindex.drafting.annex_table import AnnexTable
from ictindex.drafting.grid import one_line
from ictindex.drafting.head import SOURCE, UNSAID, About, Starter, left_open, opening, source_of, title_of
from ictindex.drafting.reading import Reading
from ictindex.drafting.recognise import recognise
from ictindex.drafting.rule_lines import RuleWriter, input_lines, shared_quantities
from ictindex.drafting.yaml_lines import comment, indented, line_key, text_value

_CELLS = (("evidence", "evidence"), ("data-from", "source"), ("verified-by", "agency"))
_COMMON = (("data-from", "source"), ("verified-by", "agency"))
_COUNTS = re.compile(r"(?:tổng )?số (?:lượng )?(?!(?:tiền|vốn|kinh phí|thu|chi|giờ|km|điểm)\b)", re.IGNORECASE)
_FEW = 3  # rows: what so many rows or more have in common is said once for all of them


def scheme_of_annex(table: AnnexTable, about: About, name: str) -> Starter:
    """Return the scheme document of a table; `name` is what it calls the file of the table."""
    tops, problems = annex_rows(table)
    criteria = [row for row in each_row(tops) if not row.beneath]
    taken = {row.code for top in each_row(tops) if top.role == "deduct" for row in each_row([top])}
    readings = {row.code: _reading(row, "deduct" if row.code in taken else row.role) for row in criteria}
    shared = shared_quantities(readings, [row.code for row in each_row(tops)])
    anew = any(row.anew for row in each_row(tops))
    writer = _Writer(readings, RuleWriter(shared), _common(criteria), anew)
    lines = [*_head(table, about, name, anew), *writer.statuses(), *_top_max(table, tops), ""]
    lines += comment("Bảng không nói những điều dưới đây. Nếu quyết định có nói thì sửa lại và ghi cited: qd.")
    lines += [*left_open(UNSAID), *([""] if shared else []), *input_lines(shared)]
    for row in tops:
        lines += ["", *writer.row(row)]
    text = "\n".join(lines) + "\n"
    recognised = sum(reading is not None for reading in readings.values())
    warnings = (*table.warnings, *problems)
    return Starter(text, warnings, len(criteria), recognised, text.count(f"# {REVIEW}"))


def _reading(row: AnnexRow, role: str) -> Reading | None:
    if row.maximum is None:
        return None
    reading = recognise(row.line.texts.get("scoring", ""), row.maximum, role)
    if reading and not row.maximum and _COUNTS.match(one_line(row.line.words)):
        return evolve(reading, rule=(("count", ""),))
    return reading


def _common(criteria: Sequence[AnnexRow]) -> dict[str, str]:
    """Return what every criterion says alike of where its figures come from and who verifies them."""
    common = {}
    for key, kind in _COMMON:
        texts = {row.line.texts.get(kind, "") for row in criteria}
        if len(criteria) >= _FEW and len(texts) == 1 and all(texts):
            common[key] = texts.pop()
    return common


def _head(table: AnnexTable, about: About, name: str, anew: bool) -> Iterator[str]:
    told = (
        f"Lập từ bảng {one_line(name)} bằng lệnh ictindex new. Soát từng dòng với bản giấy.",
        f"Chỗ có chữ {REVIEW} là chỗ chương trình chưa chắc: đọc, sửa, rồi xóa dòng ghi chú đó.",
        "Dòng nào đã soát xong cách tính điểm thì xóa `derived:` của dòng đó: khi ấy cả dòng là cited.",
        "Kiểm tra: ictindex check TỆP. Xem lại như phụ lục: ictindex show TỆP.",
    )
    yield from opening(about, about.title or title_of(table.titles), told)
    yield ""
    yield from comment("Văn bản nguồn. `cited: qd` nghĩa là con số có trong văn bản này.")
    source = source_of((*table.titles, *table.footers))
    if not source.title:
        yield from comment(f"{REVIEW}: ghi số, ngày, cơ quan ban hành và địa chỉ (url) của quyết định.")
    yield "sources:"
    yield f"  {line_key('qd', source.title or SOURCE)}{f' {{date: {source.date}}}' if source.date else ''}"
    notes = [*table.titles, *table.footers, *([section(*ANEW)] if anew else [])]
    if notes:
        yield from text_value("notes", "\n".join(notes))
    yield ""


def _top_max(table: AnnexTable, tops: Sequence[AnnexRow]) -> Iterator[str]:
    maxima = [row.maximum for row in tops if row.role == "max"]
    if table.total is not None:
        yield f"max: {write_number(table.total)}"
    elif None not in maxima:
        total = write_number(sum(filter(None, maxima), Fraction(0)))
        yield f"max: {{is: {total}, derived: qd cộng điểm các nhóm}}"
    else:
        yield from comment(f"{REVIEW}: thêm `max:` là tổng điểm; bảng có dòng không ghi điểm.")


@frozen
class _Writer:
    """Writes the rows. `common` are keys that every criterion has alike; `anew` as in `annex_notes`."""

    readings: dict[str, Reading | None]
    rules: RuleWriter
    common: dict[str, str]
    anew: bool

    def statuses(self) -> Iterator[str]:
        """Yield who says so, at the top and for every row that does not say otherwise."""
        yield from comment("Căn cứ của mỗi con số: cited là có trong văn bản, derived là suy ra, assumed là tự chọn.")
        yield "cited: qd"
        if not self.common:
            yield "below: {cited: qd}"
            return
        yield "below:"
        yield "  cited: qd"
        for key, text in self.common.items():
            yield from indented(text_value(key, text))

    def row(self, row: AnnexRow, above: str = "") -> Iterator[str]:
        """Yield a row with all that is beneath it, and before it what a person should look at."""
        reading = self.readings.get(row.code)
        doubts = [*row.doubts, *(reading.doubts if reading else ())]
        if not row.beneath and reading is None:
            doubts.append(f"{self._why_assessed(row)}; tạm chấm theo hồ sơ (assessed)")
        for doubt in doubts:
            yield from comment(f"{REVIEW}: {doubt}")
        yield line_key(row.code, one_line(row.line.words))
        yield from indented(self._within(row, reading, above))

    def _within(self, row: AnnexRow, reading: Reading | None, above: str) -> Iterator[str]:
        yield from _max_line(row)
        if reading:
            yield f"derived: qd lời văn, {reading.how}"
            yield from self.rules.lines(reading, row.code, one_line(row.line.words))
        elif not row.beneath:
            yield f"assumed: {self._why_assessed(row)}, tạm chấm theo hồ sơ"
            yield "assessed:"
        for key, kind in _CELLS:
            text = row.line.texts.get(kind, "")
            if text and (row.beneath or key not in self.common):
                yield from text_value(key, text)
        notes = notes_of(row.code, row.line, above if self.anew else "")
        if notes:
            yield from text_value("notes", notes)
        for child in row.beneath:
            yield from self.row(child, row.code)

    def _why_assessed(self, row: AnnexRow) -> str:
        return "chưa đọc được cách tính điểm" if row.line.texts.get("scoring") else f"{UNSAID} cách tính điểm"


def _max_line(row: AnnexRow) -> Iterator[str]:
    if row.maximum is None:
        return
    points = write_number(row.maximum)
    if row.max_how:
        yield f"{row.role}: {{is: {points}, derived: qd {row.max_how}}}"
    else:
        yield f"{row.role}: {points}" if row.beneath else f"{row.role}: {{is: {points}, cited: qd}}"
