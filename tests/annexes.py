"""Random tables of decisions, as rows of cells, and the folder of made-up ones that look like those of provinces."""

from __future__ import annotations

import csv
import io
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ictindex.cells import fold
from ictindex.documents.build import build_scheme
from ictindex.documents.grammar import write_number
from ictindex.documents.source import read_document
from ictindex.drafting.annex_csv import read_annex_csv
from ictindex.drafting.annex_scheme import scheme_of_annex
from ictindex.drafting.annex_table import AnnexTable, read_annex
from ictindex.drafting.grid import one_line, tidy
from ictindex.drafting.head import About, Starter
from ictindex.drafting.new import checked
from ictindex.model import Scheme
from ictindex.plugins import vocabulary

FOLDER = Path(__file__).parent / "data" / "annexes"
HEADINGS = (
    "TT",
    "Tiêu chí",
    "Điểm tối đa",
    "Cách tính điểm",
    "Minh chứng",
    "Nguồn số liệu",
    "Cơ quan thẩm định",
    "Ghi chú",
)
ABOUT = About("tinh-thu", 2025, "district", "Bộ chỉ số để kiểm thử")
ROMAN = ("I", "II", "III", "IV", "V", "VI")
WORDINGS = (
    "Có: {max} điểm; Không: 0 điểm",
    "a/b x điểm tối đa; a = số máy tính; b = tổng số cán bộ",
    "Tỷ lệ a/b:\n- Từ 90% trở lên: {max} điểm\n- Dưới 90%: 0 điểm\na: số hồ sơ; b: tổng số hồ sơ",
    "≥ 90%: {max} điểm; dưới 90%: 0 điểm",
    "2 cuộc: {max} điểm; 1 cuộc: {half} điểm",
    "Không quá 3 ngày: {max} điểm; quá 3 ngày: 0 điểm",
    "a) Giám đốc: {max} điểm; b) Phó Giám đốc: {half} điểm; c) còn lại: 0 điểm",
    "- Có kế hoạch: 1/2 số điểm\n- Có kinh phí: 1/2 số điểm",
    "Mỗi văn bản {half} điểm, tối đa {max} điểm",
    "Chấm theo hồ sơ",
    "xem hướng dẫn: phụ lục 2 # trang 3",
    "",
)
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyạảấặếệịọốớợụứựỵ"
_PUNCTUATION = " ,.:;#-'\"{}[]|>&*!%@`?\\/()=+$“”–…≥½"


class Line(NamedTuple):
    """A line of a random table: its number, the text of its cells, its points."""

    number: str
    words: str
    points: Fraction
    scoring: str
    evidence: str
    source: str
    agency: str
    note: str

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of HEADINGS."""
        points = write_number(self.points).replace(".", ",")
        return (self.number, self.words, points, self.scoring, self.evidence, self.source, self.agency, self.note)


def texts(*, lines: bool = True) -> st.SearchStrategy[str]:
    """Draw text that is hard on YAML and on comparing: punctuation anywhere, several lines, either normal form."""
    alphabet = _LETTERS + _LETTERS.upper() + _PUNCTUATION * 2 + ("\n\n" if lines else "") + "0123456789"
    plain = st.text(st.sampled_from(alphabet), max_size=40)
    starts = st.sampled_from(("", "- ", "# ", "'", '"', "a: ", "{", "1. ", "»", "  ", "yes", "null", "? ", "| "))
    return st.builds(lambda start, text, form: unicodedata.normalize(form, start + text), starts, plain, _FORMS)


_FORMS = st.sampled_from(("NFC", "NFD"))


@st.composite
def tables(draw: st.DrawFn) -> list[Line]:
    """Draw a table that adds up: groups and criteria numbered in one of the usual ways, with a total line."""
    style = draw(st.sampled_from(("flat", "dotted", "anew")))
    named: set[str] = set()

    def words() -> str:
        text = draw(texts().filter(lambda one: tidy(one) and fold(one_line(tidy(one))) not in named))
        named.add(fold(one_line(tidy(text))))
        return text

    def criterion(number: str) -> Line:
        points = Fraction(draw(st.integers(1, 40)), 2)
        fill = {"max": _typed(points), "half": _typed(points / 2)}
        scoring = draw(st.one_of(st.sampled_from(WORDINGS).map(lambda one: one.format(**fill)), texts()))
        rest = [draw(texts()) for _ in range(4)]
        return Line(number, words(), points, scoring, *rest)

    if style == "flat":
        return [criterion(f"{place}") for place in range(1, draw(st.integers(1, 4)) + 1)]
    lines: list[Line] = []
    for group in range(draw(st.integers(1, 3))):
        code = f"{group + 1}" if style == "dotted" else ROMAN[group]
        rows = range(1, draw(st.integers(1, 3)) + 1)
        own = [criterion(f"{code}.{row}" if style == "dotted" else f"{row}") for row in rows]
        total = sum((line.points for line in own), Fraction(0))
        lines += [Line(code, words(), total, draw(texts()), "", "", "", draw(texts())), *own]
    return lines


def _typed(number: Fraction) -> str:
    return write_number(number).replace(".", ",")


def as_csv(rows: Any, separator: str = ",") -> bytes:
    """Return rows of cells as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def read(data: bytes | str, name: str = "bang.csv") -> AnnexTable:
    """Return the table in CSV."""
    return read_annex(read_annex_csv(data.encode() if isinstance(data, str) else data, name))


def drafted(table: AnnexTable) -> tuple[Starter, Scheme]:
    """Return what is made of a table, and the scheme that its text builds."""
    made = checked(scheme_of_annex(table, ABOUT, "bang.csv"), "moi.yaml", vocabulary())
    return made, build_scheme(read_document(made.text, "moi.yaml"), vocabulary())
