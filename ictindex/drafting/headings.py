"""Which column of a decision's table is which: found by the headings that provinces print, in any order.

Headings are compared folded: any case, any blanks, either placement of the tone, and without what stands in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from ictindex.cells import fold
from ictindex.drafting.grid import Grid, one_line

_KNOWN = {
    "code": """tt, stt, số tt, số thứ tự, mã, mã số, mã tiêu chí, mã chỉ tiêu, mã chỉ số, mục,
        no, no., #, id, code, number""",
    "words": """tiêu chí, tên tiêu chí, nội dung tiêu chí, tiêu chí đánh giá, tiêu chí thành phần, nhóm tiêu chí,
        các tiêu chí, tiêu chí chấm điểm, chỉ tiêu, tên chỉ tiêu, nội dung chỉ tiêu, nhóm chỉ tiêu, chỉ số, tên chỉ số,
        chỉ số thành phần, chỉ số đánh giá, nhóm chỉ số, nội dung đánh giá, nội dung, nội dung chấm điểm, lĩnh vực,
        tiêu chí/chỉ tiêu, indicator, indicators, criterion, criteria, name, content""",
    "max": """điểm tối đa, số điểm tối đa, mức điểm tối đa, điểm chuẩn, thang điểm, điểm, số điểm, mức điểm, khung điểm,
        tối đa, max points, max, max., maximum, maximum points, points, score, max score, maximum score""",
    "scoring": """cách tính điểm, cách chấm điểm, cách tính, cách chấm, cách đánh giá, cách xác định, phương pháp tính,
        phương pháp tính điểm, phương pháp chấm, phương pháp chấm điểm, phương pháp đánh giá, phương pháp xác định,
        hướng dẫn chấm, hướng dẫn chấm điểm, hướng dẫn tính điểm, hướng dẫn đánh giá, công thức, công thức tính,
        tiêu chuẩn chấm điểm, how scored, scoring, method, scoring method, formula""",
    "evidence": """tài liệu kiểm chứng, tài liệu minh chứng, tài liệu chứng minh, minh chứng, hồ sơ minh chứng,
        hồ sơ kiểm chứng, thông tin kiểm chứng, văn bản kiểm chứng, kiểm chứng, yêu cầu minh chứng,
        evidence, proof, supporting documents""",
    "source": """nguồn số liệu, nguồn dữ liệu, nguồn thông tin, nguồn, nguồn cung cấp, nguồn cung cấp số liệu,
        cơ quan cung cấp số liệu, đơn vị cung cấp số liệu, cơ quan cung cấp, đơn vị cung cấp, đơn vị báo cáo,
        data source, source, source of data""",
    "agency": """cơ quan thẩm định, đơn vị thẩm định, cơ quan chủ trì thẩm định, đơn vị chủ trì thẩm định,
        cơ quan đánh giá, đơn vị đánh giá, cơ quan chủ trì đánh giá, đơn vị chủ trì đánh giá, cơ quan chấm điểm,
        đơn vị chấm điểm, cơ quan xác minh, đơn vị xác minh, cơ quan kiểm tra, đơn vị kiểm tra,
        verifying agency, verified by, agency, verifier""",
}

HEADINGS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(" ".join(words.split()) for words in known.split(",")) for kind, known in _KNOWN.items()
}
"""What each column may be called; of two columns that are called so, the one that stands first in its list is taken."""

_MEANS = {words: (kind, place) for kind, all_words in HEADINGS.items() for place, words in enumerate(all_words)}
_BRACKETS = re.compile(r"\([^()]*\)")
_SCORED = re.compile(
    r"\b(?:tự|đạt|thẩm định|đánh giá|chấm|cộng|trừ|thưởng)\b"
)  # points that units got, or beside the table
_SEARCHED = 60  # rows: so many lines of title may stand above the headings


@frozen
class Header:
    """Where the headings stand: the rows `first` to `last` (counted from 0), and the column of each kind.

    `texts` are the headings as printed, by column. `rivals` are columns that are called like one that was taken.
    `first` is -1 where there are no headings.
    """

    first: int = -1
    last: int = -1
    columns: Mapping[str, int] = field(factory=dict)
    texts: tuple[str, ...] = ()
    rivals: tuple[tuple[str, int], ...] = ()

    def text(self, column: int) -> str:
        """Return the heading of a column, empty where it has none."""
        return self.texts[column] if column < len(self.texts) else ""


def header_of(grid: Grid) -> Header:
    """Return the headings of a grid: the row, or two rows, in which the most columns are known; the words among them.

    A row that has the words and the points is enough. Where it lacks one, the row below it may bring it, as under a
    heading that stands over several columns.
    """
    best = Header()
    for row in range(min(len(grid.rows), _SEARCHED)):
        for header in _headers_at(grid, row):
            if "words" in header.columns and _worth(header) > _worth(best):
                best = header
    return best if len(best.columns) > 1 else Header()


def meaning(heading: str) -> tuple[str, int] | None:
    """Return the kind of a column by its heading and how good a name it is (0 the best), None where it is unknown."""
    folded = fold(one_line(heading)).strip(" :*.") or fold(heading)
    bare = fold(_BRACKETS.sub(" ", folded)).strip(" :*.")
    for words in (folded, bare):
        if words in _MEANS:
            return _MEANS[words]
    longest = max((known for known in _MEANS if " " in known and bare.startswith(f"{known} ")), key=len, default="")
    if not longest or (_MEANS[longest][0] == "max" and _SCORED.search(bare)):
        return None
    return _MEANS[longest][0], _MEANS[longest][1] + 100


def is_repeated(header: Header, cells: tuple[str, ...]) -> bool:
    """Return whether a row says the headings again, as at the top of each printed page."""
    said = {column: fold(cell) for column, cell in enumerate(cells) if cell}
    return len(said) > 1 and all(fold(header.text(column)) == text for column, text in said.items())


def _worth(header: Header) -> tuple[int, int]:
    return len(header.columns), "max" in header.columns


def _headers_at(grid: Grid, row: int) -> Iterator[Header]:
    """Yield the headings of a row: with those of the row below it where that only divides some of them, else alone."""
    cells = grid.rows[row].cells
    alone = _header(row, row, cells)
    if "words" in alone.columns and row + 1 < len(grid.rows):
        below = grid.rows[row + 1]
        above = _spread(grid, row)
        width = max(len(above), len(below.cells))
        columns = [(one, two, one_line(f"{one} {two}")) for one, two in _pairs(above, below.cells, width)]
        divided = [column for kind, column in alone.columns.items() if kind in ("code", "words") and below.cell(column)]
        known = [not two or not one or meaning(two) or meaning(both) for one, two, both in columns]
        if any(below.cells) and not divided and all(known):
            yield _header(row, row + 1, tuple(_best_text(*each) for each in columns))
            return
    yield alone


def _pairs(above: tuple[str, ...], below: tuple[str, ...], width: int) -> Iterator[tuple[str, str]]:
    padded = ((*cells, *[""] * (width - len(cells))) for cells in (above, below))
    return zip(*padded, strict=True)


def _best_text(above: str, below: str, both: str) -> str:
    return next((text for text in (both, below, above) if text and meaning(text)), both)


def _spread(grid: Grid, row: int) -> tuple[str, ...]:
    """Return the cells of a row with the text of a merged cell in each column that it covers."""
    cells = list(grid.rows[row].cells)
    for top, left, _, right in grid.merged:
        if top == row and left < len(cells):
            cells += [""] * (right + 1 - len(cells))
            cells[left : right + 1] = [cells[left]] * (right + 1 - left)
    return tuple(cells)


def _header(first: int, last: int, texts: tuple[str, ...]) -> Header:
    found: dict[str, list[tuple[int, int]]] = {}
    for column, text in enumerate(texts):
        means = meaning(text) if text else None
        if means:
            found.setdefault(means[0], []).append((means[1], column))
    columns = {kind: min(places)[1] for kind, places in found.items()}
    rivals = [(kind, column) for kind, places in found.items() for _, column in places if column != columns[kind]]
    return Header(first, last, columns, texts, tuple(rivals))
