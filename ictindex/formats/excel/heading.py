"""Where the column names of a sheet stand, and what stands above and around them.

A sheet may begin with lines of a title. They are passed over where one line has a column of units for sure. Column
names may take several lines, a group above its criteria: the name of a column is then the lowest filled cell. A line
below that only numbers the columns, (1), (2), (3), is passed over as well.

Problems: T072, T073 and T074 as in other cells, T078 a column name that is a number and may be several codes, T079 (a
warning) lines that are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from ictindex.cells import Unfit, clean, shown
from ictindex.errors import Problem, Severity
from ictindex.formats.excel.cells import Cells, SheetRow, Value
from ictindex.formats.excel.layout import Area
from ictindex.formats.excel.values import dated, is_day, text_of
from ictindex.headers import Target
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.origins import column_letters, placed

Resolve = Callable[[Sequence[str]], list[Target | None]]
"""Says what each of the texts of a line would stand for as a column's name."""

_SEARCHED = 60  # so many filled lines are looked at for the column names
_DEEPEST = 20  # no column names take so many lines
_NUMBERED = re.compile(r"\(?([0-9]{1,3})\)?([ =:].*)?")
_LETTERED = re.compile(r"\(?([A-Z])\)?")
_FEWEST_NUMBERED = 3


@frozen
class Headings:
    """The column names of a sheet, from column A on, with the targets that they stand for.

    `first` and `last` are the lines that they take, `below` how many filled rows of the sheet end with them.
    """

    names: list[str]
    targets: list[Target | None]
    first: int
    last: int
    below: int
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()


def headings_of(cells: Cells, scheme: Scheme, resolve: Resolve) -> Headings:
    """Return the column names of a sheet; without a filled row there are none."""
    rows = cells.rows
    at = _line_of_units(rows, resolve)
    found = at is not None
    if at is None:
        at = next((place for place, row in enumerate(rows) if not _is_note(row)), len(rows))
    if at == len(rows):
        return Headings([], [], 1, 1, at, tuple(_notes(rows)))
    top = rows[at].line
    bottom = _bottom(cells, at, resolve) if found else top
    below = next((place for place, row in enumerate(rows) if row.line > bottom), len(rows))
    width = max(len(row.cells) for row in rows[at:])
    areas = [area for area in cells.merged if area.top <= bottom and area.bottom >= top]
    named = [_name_of(cells, areas, column, top, bottom) for column in range(1, width + 1)]
    problems = []
    names = []
    for column, (line, value) in enumerate(named, 1):
        text, problem = _heading(value, scheme)
        names.append(text)
        if problem is not None:
            code, message, hint = problem
            where = placed(cells.source, cells.sheet, line, text, column_letters(column - 1))
            problems.append(Problem(code, message, where, hint))
    doubts = list(_untold(cells, rows[:at]))
    if found and below < len(rows) and _only_numbers(rows[below]):
        message = say("the line that numbers the columns is not read")
        where = placed(cells.source, cells.sheet, rows[below].line, "")
        doubts.append(Problem("T079", message, where, severity=Severity.WARNING))
        below += 1
    notes = tuple(_notes(rows[:at]))
    return Headings(names, resolve(names), top, bottom, below, notes, tuple(problems), tuple(doubts))


def _line_of_units(rows: Sequence[SheetRow], resolve: Resolve) -> int | None:
    """Return the place of the first row with a column of units and another column, None where there is none."""
    for place, row in enumerate(rows[:_SEARCHED]):
        texts = [text_of(value) for value in row.cells]
        if sum(bool(text.strip()) for text in texts) > 1 and not _is_note(row):
            roles = [target.role for target in resolve(texts) if target is not None]
            if "unit" in roles:
                return place
    return None


def _is_note(row: SheetRow) -> bool:
    first = next((text for text in map(text_of, row.cells) if text.strip()), "")
    return first.lstrip().startswith("#")


def _notes(rows: Sequence[SheetRow]) -> Iterator[str]:
    """Yield the notes; one that was split at its commas when a CSV file was opened is put together again."""
    for row in rows:
        if _is_note(row):
            told = ", ".join(text.strip() for text in map(text_of, row.cells) if text.strip())
            yield told.lstrip("#").strip()


def _untold(cells: Cells, above: Sequence[SheetRow]) -> Iterator[Problem]:
    """Yield a warning of the lines above the column names that are no notes."""
    titles = [row for row in above if not _is_note(row)]
    if titles:
        words = clean(" ".join(text for text in map(text_of, titles[0].cells) if text.strip()))
        message = say("{count} lines above the column names are not read: {text}", count=len(titles), text=shown(words))
        hint = say("begin a line with # to keep it as a note")
        where = placed(cells.source, cells.sheet, titles[0].line, "")
        yield Problem("T079", message, where, hint, Severity.WARNING)


def _bottom(cells: Cells, at: int, resolve: Resolve) -> int:
    """Return the last line of the column names: as far as their cells are merged down, and below groups of columns."""
    line = cells.rows[at].line
    areas = [area for area in cells.merged if area.top == line and area.bottom < line + _DEEPEST]
    bottom = max((area.bottom for area in areas), default=line)
    units = next(
        place
        for place, target in enumerate(resolve([text_of(value) for value in cells.rows[at].cells]))
        if target is not None and target.role == "unit"
    )
    if any(area.right > area.left for area in areas):
        following = next((row for row in cells.rows if row.line > bottom), None)
        if following is not None and following.line == bottom + 1 and not _filled(following, units):
            return bottom + 1
    return bottom


def _filled(row: SheetRow, place: int) -> bool:
    return place < len(row.cells) and bool(text_of(row.cells[place]).strip())


def _name_of(cells: Cells, areas: Sequence[Area], column: int, top: int, bottom: int) -> tuple[int, Value]:
    """Return the lowest filled cell of the column's names with its line; a name that is merged over groups is no name.

    A cell above the names is taken where it is merged down into them.
    """
    address = column_letters(column - 1)
    for line in range(bottom, top - 1, -1):
        value = cells.at(f"{address}{line}")
        if value is not None and text_of(value).strip() and not (line < bottom and _spans(areas, line, column)):
            return line, value
    for area in areas:
        if area.left == area.right == column and area.top < top <= area.bottom:
            return area.top, cells.at(f"{address}{area.top}")
    return bottom, None


def _spans(areas: Sequence[Area], line: int, column: int) -> bool:
    """Whether a cell is the first of an area that spans several columns."""
    return any(area.top == line and area.left == column < area.right for area in areas)


def _heading(value: Value, scheme: Scheme) -> tuple[str, tuple[str, str, str] | None]:
    """Return the text of a heading, and what is wrong with it; codes may have been typed as numbers."""
    if isinstance(value, Unfit):
        return value.text, value.complaint
    if is_day(value):
        return text_of(value), dated(value)
    text = text_of(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        codes = {one.code for one in scheme.inputs} | {row.code for row in scheme.rows()}
        meant = sorted(code for code in codes if code == text or (code.startswith(text) and not _digits(code, text)))
        if len(meant) == 1:
            return meant[0], None
        if meant:
            message = say(
                "the column name is the number {number}, and may be {codes}", number=text, codes=", ".join(meant)
            )
            return text, ("T078", message, say("format the cell as text, and type the code again"))
    return text, None


def _digits(code: str, text: str) -> str:
    """Return what a code has more than the number: empty for zeros that a number cannot have at its end."""
    rest = code[len(text) :]
    return rest.strip("0") if "." in text else rest


def _only_numbers(row: SheetRow) -> bool:
    """Whether a line only numbers the columns: A, B, 1, 2, 3 or (1), (2), (3)."""
    texts = [clean(text_of(value)) for value in row.cells]
    texts = [text for text in texts if text]
    while texts and _LETTERED.fullmatch(texts[0]):
        texts.pop(0)
    numbers = [found[1] for found in map(_NUMBERED.fullmatch, texts) if found]
    wanted = [str(number) for number in range(1, len(texts) + 1)]
    return len(texts) >= _FEWEST_NUMBERED and numbers == wanted
