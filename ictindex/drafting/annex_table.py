"""A decision's table: rows of cells to typed lines, whatever the order of its columns.

Lines of title may stand above the headings, notes below the total, and a cell may go on in the row below. Nothing is
dropped: what has no place in a line stays with it under the heading of its column.

Problems: A001 no headings, A002 no column of points, A003 two columns of one kind, A004 no rows, A010 a row without
words, A011 an invisible character, A012 points that are no number, A013 a number that cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from attrs import define, field, frozen

from ictindex.cells import fold
from ictindex.documents.source import not_allowed
from ictindex.drafting.annex_codes import Parts, code_and_words, parts_of
from ictindex.drafting.figures import points_in_words, read_extra, read_max, says_no_points
from ictindex.drafting.grid import Grid, no_rows, one_line
from ictindex.drafting.headings import HEADINGS, Header, header_of, is_repeated
from ictindex.drafting.wording import clause_of
from ictindex.errors import AnnexInvalid, Location, Problem, Severity
from ictindex.messages import say
from ictindex.origins import column_letters

TEXTS = ("scoring", "evidence", "source", "agency")
"""The columns beside number, words and points; several lines of text may stand in each."""

_SHARED_DOWN = ("evidence", "source", "agency")  # a cell that is merged over several rows speaks for each of them
_BULLETS = frozenset("-+*•–—·o")
_TOTAL = re.compile(
    r"(?:tổng cộng|tổng điểm|tổng số điểm|tổng số|tổng|cộng|total)(?: điểm| chung| tối đa)*(?: ?\([^()]*\))?:?"
)
_SUBTOTAL = re.compile(r"(?:tổng|cộng|tổng cộng|tổng điểm) (?:nhóm|mục|phần) .{1,60}")


@define
class AnnexLine:
    """One line of the table. `row` is its place in the grid, counted from 0; `parts` are those of its number."""

    row: int
    number: str
    parts: Parts | None
    words: str
    max_text: str = ""
    points: Fraction | None = None
    role: str = "max"  # bonus or deduct where the points are added or taken outside the maximum
    points_how: str = ""  # how points that stand nowhere in the line follow
    texts: dict[str, str] = field(factory=dict)  # by the kinds of TEXTS
    others: dict[str, str] = field(factory=dict)  # by the heading of the column
    title: bool = False  # a text over the whole width, without a number
    merged_in: list[int] = field(factory=list)  # rows that go on with this line

    def go_on(self, kind: str, text: str) -> None:
        """Add a line of text to a column."""
        if text:
            self.texts[kind] = "\n".join(filter(None, (self.texts.get(kind, ""), text)))

    @property
    def only_words(self) -> bool:
        """Whether nothing but words stands in the row."""
        return not (self.max_text or any(self.texts.values()) or self.others)


@frozen
class AnnexTable:
    """The lines of a decision's table, in its order.

    `titles` stand above the headings and `footers` below the total; `total` are the points of the total line.
    `subtotals` are those of lines such as `Cộng`, each with the place in `lines` that it stands behind.
    """

    grid: Grid
    header: Header
    lines: tuple[AnnexLine, ...]
    titles: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    total: Fraction | None = None
    subtotals: tuple[tuple[int, Fraction], ...] = ()
    warnings: tuple[Problem, ...] = ()

    def where(self, line: AnnexLine, kind: str) -> Location:
        """Return the place of a line's cell in the column of a kind."""
        return _where(self.grid, self.header, line.row, self.header.columns.get(kind, 0))


def read_annex(grid: Grid) -> AnnexTable:
    """Return the lines of a table. Raises AnnexInvalid with everything that cannot be read or kept."""
    header = header_of(grid)
    _check_header(grid, header)
    reader = _Reader(grid, header)
    reader.read()
    if not reader.lines and not reader.errors:
        reader.errors.append(no_rows(grid.source))
    if reader.errors:
        raise AnnexInvalid([*reader.errors, *reader.warnings])
    titles = (one_line(cell) for row in grid.rows[: header.first] for cell in row.cells)
    total = reader.sums.pop()[1] if reader.sums and reader.sums[-1][0] == len(reader.lines) else None
    return AnnexTable(
        grid=grid,
        header=header,
        lines=tuple(reader.lines),
        titles=tuple(filter(None, titles)),
        footers=tuple(reader.footers),
        total=total,
        subtotals=tuple(reader.sums),
        warnings=tuple(reader.warnings),
    )


def _check_header(grid: Grid, header: Header) -> None:
    if "words" not in header.columns:
        known = ", ".join(HEADINGS["words"][:4])
        hint = say("one row must have a heading for the words ({words}) and one for the points", words=known)
        raise AnnexInvalid(
            Problem("A001", say("no row of headings is known in the table"), Location(grid.source), hint)
        )
    if "max" not in header.columns:
        hint = say("call the column {names}, or add it", names=", ".join(HEADINGS["max"][:3]))
        where = Location(grid.source, grid.rows[header.first].line)
        raise AnnexInvalid(Problem("A002", say("no column of the table is headed as the most points"), where, hint))


def _where(grid: Grid, header: Header, row: int, column: int) -> Location:
    return grid.where(row, column, header.text(column))


@define
class _Reader:
    """Reads the rows below the headings one by one."""

    grid: Grid
    header: Header
    lines: list[AnnexLine] = field(factory=list)
    footers: list[str] = field(factory=list)
    sums: list[tuple[int, Fraction]] = field(factory=list)  # total lines, each with how many lines stand above it
    errors: list[Problem] = field(factory=list)
    warnings: list[Problem] = field(factory=list)

    def read(self) -> None:
        """Read every row; what is wrong is gathered."""
        for kind, column in self.header.rivals:
            message = say("a second column looks like the {kind}; it is kept in the notes", kind=_named(kind))
            taken = one_line(self.header.text(self.header.columns[kind]))
            hint = say("the column '{heading}' was taken; rename one of the two if that is wrong", heading=taken)
            where = _where(self.grid, self.header, self.header.first, column)
            self.warnings.append(Problem("A003", message, where, hint, Severity.WARNING))
        self._check_characters()
        start = self.header.last + 1
        if start < len(self.grid.rows) and _counts_columns(self.grid.rows[start].cells):
            start += 1
        for row in range(start, len(self.grid.rows)):
            cells = self.grid.rows[row].cells
            if any(cells) and not is_repeated(self.header, cells):
                self._row(row)
        self._end()

    def _check_characters(self) -> None:
        for row, one in enumerate(self.grid.rows):
            for column, text in enumerate(one.cells):
                trouble = not_allowed(text)
                if trouble:
                    where = _where(self.grid, self.header, row, column)
                    hint = say("delete it: type the words around it anew, or paste them as plain text")
                    self.errors.append(Problem("A011", trouble, where, hint))

    def _cell(self, row: int, kind: str) -> str:
        column = self.header.columns.get(kind)
        if column is None:
            return ""
        text = self.grid.rows[row].cell(column)
        if not text and kind in _SHARED_DOWN:
            for top, left, bottom, _ in self.grid.merged:
                if left == column and top < row <= bottom and top > self.header.last:
                    return self.grid.rows[top].cell(column)
        return text

    def _row(self, row: int) -> None:
        number, words = self._cell(row, "code"), self._cell(row, "words")
        if self._is_sum(row, number, words):
            return
        number, words, parts, title = self._split(row, number, words)
        line = AnnexLine(row, number, parts, words, self._cell(row, "max"), title=title)
        line.texts = {kind: text for kind in TEXTS if (text := self._cell(row, kind))}
        line.others = dict(self._others(row))
        if number and parts is None:
            self._unread_number(line)
        if not words:
            self._without_words(line)
            return
        if not says_no_points(line.max_text):
            line.points, extra = read_max(line.max_text), read_extra(one_line(line.max_text))
            if line.points is None and extra:
                line.role, line.points = extra
            elif line.points is None:
                message = say("the points '{text}' are not one number", text=one_line(line.max_text)[:40])
                hint = say("write a number such as 10 or 10,5, `cộng 5` or `trừ 5`; notes belong in another column")
                self.errors.append(Problem("A012", message, self._at(row, "max"), hint))
        elif parts or title:
            line.points = points_in_words(words)
        self.lines.append(line)

    def _split(self, row: int, number: str, words: str) -> tuple[str, str, Parts | None, bool]:
        """Return (number, words, parts of the number, whether it is a text over the whole width)."""
        parts = parts_of(number) if number else None
        if parts:
            return number, words, parts, False
        if number in _BULLETS:
            number = ""
        text = words or number
        both = code_and_words(text) if not (number and words) else None
        if both and parts_of(both[0]):
            return both[0], both[1], parts_of(both[0]), False
        if number and not words:
            return "", number, None, True
        wide = any(top == row and right > left for top, left, bottom, right in self.grid.merged if top == bottom)
        return number, words, None, wide and not number

    def _others(self, row: int) -> Iterator[tuple[str, str]]:
        """Yield the heading and the text of every cell that stands in no known column."""
        taken = set(self.header.columns.values())
        for column, text in enumerate(self.grid.rows[row].cells):
            if text and column not in taken:
                heading = one_line(self.header.text(column)).replace(": ", " - ").rstrip(":")
                yield heading or f"Cột {column_letters(column)}", text

    def _unread_number(self, line: AnnexLine) -> None:
        message = say("'{text}' is not the number of a row; the row is given one", text=one_line(line.number)[:40])
        hint = say("numbers are such as 1, 1.10, I, a); if a spreadsheet made a date of it, format the cell as text")
        self.warnings.append(Problem("A013", message, self._at(line.row, "code"), hint, Severity.WARNING))

    def _without_words(self, line: AnnexLine) -> None:
        """Go on with the row above where there is no number; a number without words is a problem."""
        if line.number:
            hint = say("write its words, or delete the row")
            message = say("row {number} has no words", number=one_line(line.number)[:40])
            self.errors.append(Problem("A010", message, self._at(line.row, "words"), hint))
        elif not self.lines:
            hint = say("is a row lost above it?")
            message = say("this row goes on with a row above it, but there is none")
            self.errors.append(Problem("A010", message, self._at(line.row, "words"), hint))
        else:
            go_on(self.lines[-1], line)

    def _is_sum(self, row: int, number: str, words: str) -> bool:
        """Take the row where it is a total line, whose text may stand in the first column."""
        said = fold(one_line(words or number))
        points = read_max(self._cell(row, "max"))
        if (words and number) or points is None or not (_TOTAL.fullmatch(said) or _SUBTOTAL.fullmatch(said)):
            return False
        self.sums.append((len(self.lines), points))
        rest = [self._cell(row, kind) for kind in TEXTS] + [text for _, text in self._others(row)]
        self.footers += filter(None, rest)
        return True

    def _end(self) -> None:
        """Take the texts below the last row of criteria as notes to the whole table."""
        last_sum = self.sums[-1][0] if self.sums else None
        while self.lines and self.lines[-1].only_words and self.lines[-1].points is None:
            line = self.lines[-1]
            below_total = last_sum is not None and len(self.lines) > last_sum
            if not (below_total or (line.title and line.parts is None)):
                break
            self.footers.insert(0, " ".join(filter(None, self.grid.rows[line.row].cells)))
            self.lines.pop()

    def _at(self, row: int, kind: str) -> Location:
        return _where(self.grid, self.header, row, self.header.columns.get(kind, self.header.columns["words"]))


def go_on(line: AnnexLine, more: AnnexLine) -> None:
    """Let a row go on with the line above it: each text below its like, points behind the condition they are for."""
    condition = "\n".join(filter(None, (more.words, more.texts.get("scoring", ""))))
    points = "" if says_no_points(more.max_text) else more.max_text
    if points:
        _with_points(line)
    line.go_on("scoring", f"{condition}: {points}" if condition and points else condition or points)
    for kind in ("evidence", "source", "agency"):
        if more.texts.get(kind, "") != line.texts.get(kind, ""):
            line.go_on(kind, more.texts.get(kind, ""))
    for heading, text in more.others.items():
        line.others[heading] = "\n".join(filter(None, (line.others.get(heading, ""), text)))
    line.merged_in.append(more.row)


def _with_points(line: AnnexLine) -> None:
    """Put the points of a line behind its own condition, where the steps below it have theirs in the same column."""
    wording = line.texts.get("scoring", "")
    first = wording and "\n" not in wording and not line.merged_in and line.points is not None
    if first and clause_of(wording, line.points or Fraction(1)) is None:
        line.texts["scoring"] = f"{wording}: {line.max_text}"


def _counts_columns(cells: tuple[str, ...]) -> bool:
    """Return whether a row only counts the columns: 1, 2, 3 or (1), (2), (3), as printed below headings."""
    filled = [cell.strip("()[]") for cell in cells if cell]
    return len(filled) > 2 and filled == [str(place) for place in range(1, len(filled) + 1)]


def _named(kind: str) -> str:
    names = {
        "code": say("numbers"),
        "words": say("words"),
        "max": say("points"),
        "scoring": say("scoring"),
        "evidence": say("evidence"),
        "source": say("data source"),
        "agency": say("verifying agency"),
    }
    return names[kind]
