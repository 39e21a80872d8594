"""CSV, read and written with the standard library: the plain form, and the one that a Vietnamese Excel opens as it is.

Lines that begin with # before the header are notes. What is between the cells and how the text is encoded is found out
(`delimited`); which sign stands before decimals, the cells show or a note says (`figures`). A line of totals is refused
(T076) and not looked at further.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve, frozen

from ictindex.assembling import Grid, ReadOptions, assemble, assemble_columns
from ictindex.decimals import Decimals
from ictindex.errors import Problem, TableInvalid
from ictindex.findings import Found
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.csv_lines import lines_together, texts_of
from ictindex.formats.defused import all_defused, defused, hides_formulas
from ictindex.formats.delimited import SEPARATORS, Known, Top, decoded, read_rows, read_top, titles_unread
from ictindex.formats.even_lines import EvenLines, even_lines, has_only_units
from ictindex.formats.totals import without_totals
from ictindex.headers import Columns, Target
from ictindex.messages import LANGUAGES, in_language
from ictindex.model import InputKind, Scheme
from ictindex.numerals import Sign, needs_sign
from ictindex.result import Result
from ictindex.result_columns import ResultColumn, name_of_heading, states_told
from ictindex.table import Table
from ictindex.typed import typed_columns

if TYPE_CHECKING:
    from ictindex.formats.written import Written

_STATED = {"point": "decimal: point", "comma": "dấu thập phân: phẩy"}
_TRUTHS = {"yes": "có", "no": "không"}
_BEGINNING = 1 << 16
"""In so many characters stand the lines above the cells of a long table."""
_AHEAD = 30
"""So many lines must follow them there: more than are looked at to tell a title from a heading."""
_HEADINGS = {"unit": "Mã đơn vị", "name": "Tên đơn vị"}


@frozen
class CsvFormat:
    """Text in UTF-8 with a sign between the cells: a comma, and decimals with a point, where nothing else is said.

    It is read with or without a byte-order mark, whatever sign is between the cells and before decimals.
    """

    name: str = "csv"
    suffixes: tuple[str, ...] = (".csv",)
    separator: str = ","
    decimal: Sign = "point"
    mark: str = ""
    language: str = LANGUAGES[0]

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table in a file, or in an open stream of bytes or text.

        Raises TableInvalid with everything that is wrong; where the file cannot be read as CSV at all, only that.
        """
        options = options or ReadOptions()
        columns, mapping = Columns(scheme), options.mapping

        def known(heading: str) -> str:
            return columns.knows(mapping.meant(heading))

        name = source_name(source)
        text = decoded(contents(source), name)
        even = _even(text, name, known)
        grid, doubts = (even.grid, even.doubts) if even else _grid(io.StringIO(text, newline=""), name, known)[:2]
        targets = columns.resolve(grid.header, Found(""), 0, pooled=True, mapping=mapping)
        if even and not has_only_units(even.lines, targets):
            even = None
            grid, doubts, _ = _grid(io.StringIO(text, newline=""), name, known)
        totals = Found(grid.source)
        try:
            if even:
                table = even.table(targets, scheme, options)
            else:
                rows = without_totals(grid.rows, targets, grid.header, totals)
                table = assemble(evolve(grid, rows=rows), scheme, options)
        except TableInvalid as error:
            totals.tell(error.problems)
        totals.raise_any()
        return evolve(table, doubts=(*doubts, *table.doubts)) if doubts else table

    def write_table(self, table: Table, scheme: Scheme) -> str:
        """Return the figures of a table as CSV that reads back as the same table, its notes above the header."""
        truths, words = _words(scheme)
        columns = []
        for heading, cells in typed_columns(scheme, table):
            texts = cells
            stem = heading.removesuffix(".self")
            if self.language != LANGUAGES[0] and stem in truths:
                texts = [_TRUTHS.get(text, text) for text in texts]
            columns.append((heading, texts, not heading.endswith(".evidence") and stem not in words))
        notes = list(table.notes)
        if needs_sign(cells for _, cells, is_number in columns if is_number):
            notes.append(_STATED[self.decimal])
        headings = [heading for heading, _, _ in columns]
        if self.language != LANGUAGES[0]:
            headings = [_for_people(heading, scheme) for heading in headings]
        return self.text_of(notes, headings, ((cells, is_number) for _, cells, is_number in columns))

    def write(self, result: Result) -> str:
        """Return the result as CSV: a line per unit with score, rank and level of each total, then every row's points.

        Notes that every reader must see stand above the header, each behind a #. A text that a spreadsheet would take
        for a formula begins with an apostrophe.
        """
        from ictindex.formats.text import notices

        columns = result.columns
        return self.head_of_result(columns, notices(result), result.receipt_line()) + self.lines_of_result(columns)

    def head_of_result(self, columns: Sequence[ResultColumn], told: Iterable[str], receipt_line: str) -> str:
        """Return what stands above the lines of a result: what every reader must be told, and the headings."""
        headings = [column.name for column in columns]
        if self.language != LANGUAGES[0]:
            headings = [in_language(column.heading, self.language) for column in columns]
        return self._head([*(in_language(line, self.language) for line in told), receipt_line], headings)

    def lines_of_result(self, columns: Iterable[ResultColumn]) -> str:
        """Return the lines of the units of a result, or of some of them."""
        return self._lines((self._texts(column), column.is_number) for column in columns)

    def _texts(self, column: ResultColumn) -> Sequence[str] | Decimals:
        """Return the cells of a column; what happened is told in the words of a language other than English."""
        if column.tells != "states" or self.language == LANGUAGES[0]:
            return column.texts if column.digits is None else column.digits
        return [states_told(text, self.language) for text in column.texts]

    def read_result(self, source: Readable) -> Written:
        """Return the result in a file or stream. Raises ResultInvalid where there is none, TableInvalid."""
        from ictindex.formats.written import written_grid

        grid = read_grid(source, lambda heading: name_of_heading(heading) != heading)
        return written_grid(grid)

    def text_of(
        self, notes: Iterable[str], headings: Iterable[str], columns: Iterable[tuple[Sequence[str] | Decimals, bool]]
    ) -> str:
        """Return CSV: the notes, each behind a #, the headings, and columns of cells with whether they are numbers."""
        return self._head(notes, headings) + self._lines(columns)

    def _head(self, notes: Iterable[str], headings: Iterable[str]) -> str:
        out = io.StringIO()
        for note in notes:
            out.write(f"{_note(note)}\n")
        csv.writer(out, delimiter=self.separator, lineterminator="\n").writerow(map(defused, headings))
        return self.mark + out.getvalue()

    def _lines(self, columns: Iterable[tuple[Sequence[str] | Decimals, bool]]) -> str:
        cells = [self._cells(column, is_number) for column, is_number in columns]
        point = "." if self.decimal == "point" else ","
        together = lines_together(cells, self.separator, point)
        if together is not None:
            return together
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.separator, lineterminator="\n")
        writer.writerows(zip(*(texts_of(one, point) for one in cells), strict=True))
        return out.getvalue()

    def _cells(self, cells: Sequence[str] | Decimals, is_number: bool) -> Sequence[str] | Decimals:
        if not is_number:
            return all_defused([*map(str, cells)])
        if isinstance(cells, Decimals):
            return cells
        return cells if self.decimal == "point" else [cell.replace(".", ",") for cell in cells]


VIETNAMESE = CsvFormat("csv-vi", (), ";", "comma", "\ufeff", "vi")
"""What an Excel with Vietnamese settings opens with a double click: semicolons, decimal commas, a byte-order mark."""


def read_grid(source: Readable, known: Known | None = None) -> Grid:
    """Return the cells of a file or stream, the notes above them, and where they stand, whatever they mean.

    `known` says which headings are known: that helps where two signs may be the one between cells. Raises TableInvalid
    where it cannot be read as CSV.
    """
    name = source_name(source)
    grid, _, _ = _grid(io.StringIO(decoded(contents(source), name), newline=""), name, known or (lambda _: ""))
    return grid


def _grid(text: io.StringIO, name: str, known: Known) -> tuple[Grid, list[Problem], Top]:
    """Return the cells, a warning of lines above the column names that are not read, and what those lines are."""
    top = read_top(text, name, known)
    rows = read_rows(text, name, top)
    line, header = next(rows, (1, []))
    doubts = titles_unread(top, name, line)
    return Grid(header=header, rows=rows, source=name, header_line=line, notes=top.notes), doubts, top


class _Even(NamedTuple):
    """A table whose lines are even: its heading and notes, and the cells below, which begin at a line of the file."""

    grid: Grid
    doubts: list[Problem]
    lines: EvenLines
    first: int

    def table(self, targets: Sequence[Target | None], scheme: Scheme, options: ReadOptions) -> Table:
        """Return the table. Raises TableInvalid with everything that is wrong."""
        return assemble_columns(
            self.grid.header,
            [self.lines.cells(at, target) for at, target in enumerate(targets)],
            scheme,
            Found(self.grid.source),
            notes=self.grid.notes,
            options=options,
            lines=range(self.first, self.first + self.lines.size),
            header_line=self.grid.header_line,
        )


def _even(text: str, name: str, known: Known) -> _Even | None:
    """Return a table whose lines are even, as most long ones are; None where it is short or may be none."""
    beginning = io.StringIO(text[: text.rfind("\n", 0, _BEGINNING) + 1], newline="")
    try:
        grid, doubts, top = _grid(beginning, name, known)
        start = beginning.tell()
        first, _ = next(iter(grid.rows), (0, []))
    except TableInvalid:  # whoever reads the whole says so
        return None
    ahead = text.count("\n", start, _BEGINNING)
    if ahead < _AHEAD or hides_formulas(text) or not any(map(str.strip, grid.header)):
        return None
    lines = even_lines(text[start:], top.separator, len(grid.header))
    return None if lines is None else _Even(grid, doubts, lines, first)


def _note(note: str) -> str:
    """Return the line of a note, in quotation marks where it would not be read back as it is."""
    line = " ".join(f"# {note}".splitlines())
    if any(sign in line for sign in (*SEPARATORS, '"')):
        return '"' + line.replace('"', '""') + '"'
    return line


def _words(scheme: Scheme) -> tuple[set[str], set[str]]:
    """Return the codes of the inputs that are yes or no, and the headings of all columns that hold no numbers."""
    truths = {one.code for one in scheme.inputs if one.kind is InputKind.YES_NO}
    choices = {one.code for one in scheme.inputs if one.kind is InputKind.CHOICE}
    return truths, truths | choices | {"unit", "name"} | ({scheme.pools.by} if scheme.pools else set())


def _for_people(heading: str, scheme: Scheme) -> str:
    """Return a heading as people write it and as it is read back: who the unit is in words, a code with its name."""
    if heading in _HEADINGS:
        return _HEADINGS[heading]
    names = {row.code: row.name for row in scheme.rows()} | {one.code: one.name for one in scheme.inputs}
    stem = heading.removesuffix(".self")
    for ending in (".score", ".excluded", ".evidence"):
        stem = stem.removesuffix(ending)
    return f"{heading} {names.get(stem, '')}".strip()
