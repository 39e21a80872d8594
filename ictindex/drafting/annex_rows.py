"""The lines of a decision's table in their places: headings with what is beneath them, each with a code of its own.

Warnings, after which the scheme is written all the same: A014 a number stands twice, A015 a number is missing, A016 a
row without a number, A017 a row without points, A018 a subtotal that is not the points of its heading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from attrs import define, evolve, field

from ictindex.documents.grammar import write_number
from ictindex.drafting.annex_codes import Loose, Node, Parts, outline
from ictindex.drafting.annex_table import AnnexLine, AnnexTable, go_on
from ictindex.drafting.grid import one_line
from ictindex.errors import Location, Problem, Severity
from ictindex.messages import say


@define
class AnnexRow:
    """A row of the scheme to be: its code, its line of the table, the rows beneath it.

    `doubts` are what a person should look at, in Vietnamese, as they are written into the scheme. `max_how` says how
    points that the table does not state follow from those that it does; `anew` that its number begins anew under each
    heading, so that its code has its heading's before it. `role` is max, bonus or deduct, as in a scheme.
    """

    code: str
    line: AnnexLine
    beneath: list[AnnexRow] = field(factory=list)
    doubts: list[str] = field(factory=list)
    maximum: Fraction | None = None
    max_how: str = ""
    anew: bool = False
    role: str = "max"


def annex_rows(table: AnnexTable) -> tuple[list[AnnexRow], list[Problem]]:
    """Return the top rows of a table with all that is beneath them, and what is odd about them."""
    lines, numbers = _placed(table)
    nodes = outline(numbers)
    rows = [
        AnnexRow(node.code, line, maximum=line.points, max_how=line.points_how, role=line.role)
        for node, line in zip(nodes, lines, strict=True)
    ]
    warnings: list[Problem] = []
    for node, row in zip(nodes, rows, strict=True):
        row.beneath = [rows[one.position] for one in node.beneath]
        row.anew = bool(node.above and node.parts and row.code == f"{node.above.code}.{node.printed}")
        warnings += _oddities(table, node, row)
    tops = [row for node, row in zip(nodes, rows, strict=True) if node.above is None]
    warnings += _subtotals(table, nodes, rows)
    for row in tops:
        _fill_in(row)
        if _is_extra(row):
            _say_extra(row)
    warnings += [_no_points(table, row) for row in each_row(tops) if row.maximum is None]
    return tops, warnings


def each_row(rows: Sequence[AnnexRow]) -> Iterator[AnnexRow]:
    """Yield the rows and everything beneath them, in the order of the table."""
    for row in rows:
        yield row
        yield from each_row(row.beneath)


def _placed(table: AnnexTable) -> tuple[list[AnnexLine], list[Parts | Loose]]:
    """Return the lines that are rows, and where each belongs; a line that only goes on is joined to the one above."""
    lines: list[AnnexLine] = []
    numbers: list[Parts | Loose] = []
    titles = 0
    left = [evolve(one, texts=dict(one.texts), others=dict(one.others), merged_in=[]) for one in table.lines]
    if not any(one.parts for one in left):
        left = [evolve(one, title=one.only_words) for one in left]  # without numbers, headings are what has no points
    while left:
        line = left.pop(0)
        if line.title and line.parts is None:
            titles += 1
            line.parts = (f"N{titles}",)  # one way of counting for all of them, so that they stand beside each other
        lines.append(line)
        numbers.append(line.parts or Loose.BESIDE)
        if line.parts is None:
            continue
        cases = _taken(left, _is_lettered)
        if _are_cases(line, cases):
            for one in cases:
                go_on(line, evolve(one, words=f"{one.number.rstrip('.)')}) {one.words}"))
        else:
            left = cases + left
        kept = _without_plain_words(line, _taken(left, lambda one: one.parts is None and not one.title))
        for loose, place in _loose(line, kept):
            lines.append(loose)
            numbers.append(place)
    return lines, numbers


def _without_plain_words(line: AnnexLine, run: Sequence[AnnexLine]) -> list[AnnexLine]:
    """Let rows of nothing but words go on with the line above them, and return the others."""
    kept: list[AnnexLine] = []
    for one in run:
        if one.only_words:
            go_on(kept[-1] if kept else line, one)
        else:
            kept.append(one)
    return kept


def _taken(left: list[AnnexLine], wanted: Callable[[AnnexLine], bool]) -> list[AnnexLine]:
    """Take the lines at the front that are wanted out of a list."""
    count = next((place for place, one in enumerate(left) if not wanted(one)), len(left))
    taken, left[:] = left[:count], left[count:]
    return taken


def _is_lettered(line: AnnexLine) -> bool:
    return line.parts is not None and len(line.parts) == 1 and line.parts[0].islower()


def _are_cases(line: AnnexLine, rows: Sequence[AnnexLine]) -> bool:
    """Return whether rows are the cases or steps of a line's scoring: the best of them earns just its points."""
    points = [one.points for one in rows if one.points is not None]
    if len(points) != len(rows) or len(rows) < 2 or any(one.texts or one.others or _is_extra(one) for one in rows):
        return False
    parts = sum(points) == line.points and all(points)  # what is worth nothing is no part of anything
    return max(points) == line.points and not parts


def _is_extra(one: AnnexLine | AnnexRow) -> bool:
    """Return whether points are added or taken outside the maximum of the heading."""
    return one.role != "max"


def _end_at_nothing(rows: Sequence[AnnexLine]) -> bool:
    """Return whether rows are steps by themselves: points that go down to 0, as no criterion is worth nothing."""
    points = [one.points for one in rows if one.points is not None]
    falling = all(one > other for one, other in pairwise(points))
    plain = not any(one.texts or _is_extra(one) for one in rows)
    return len(points) == len(rows) > 1 and falling and not points[-1] and plain


def _loose(line: AnnexLine, run: Sequence[AnnexLine]) -> list[tuple[AnnexLine, Loose]]:
    """Return where rows without a number belong that follow a numbered line: its parts, its steps, or its neighbours.

    Rows whose points add up to those of the line are its parts. Rows of which the best earns just its points are the
    steps of its scoring, and go on with it.
    """
    points = [one.points for one in run if one.points is not None and not _is_extra(one)]
    if line.points is None and _end_at_nothing(run):
        line.points, line.points_how = points[0], "mức cao nhất của cách tính điểm"
    if _are_cases(line, run):
        for one in run:
            go_on(line, one)
        return []
    if line.points is None or (points and sum(points) == line.points):
        return [(one, Loose.BENEATH) for one in run]
    return [(one, Loose.BESIDE) for one in run]


def _oddities(table: AnnexTable, node: Node, row: AnnexRow) -> Iterator[Problem]:
    line, printed = row.line, one_line(row.line.number)
    where = table.where(line, "code")
    if node.twice:
        row.doubts.append(f"số {printed} có hai lần trong bảng; dòng này tạm mang mã {row.code}")
        message = say("number {number} stands twice; the second one has the code {code}", number=printed, code=row.code)
        yield _warning("A014", message, where, say("give each row its own number"))
    if node.tenth:
        row.doubts.append(f"bảng ghi {printed} sau số có đuôi 9, nên đọc là {'.'.join(node.parts)}")
        message = say("{number} is read as {code}: it stands behind a 9", number=printed, code=".".join(node.parts))
        yield _warning("A014", message, where, say("format the cells of numbers as text, or Excel drops the last 0"))
    if node.missing:
        row.doubts.append(f"trước dòng này thiếu số {node.missing}")
        message = say("{missing} is missing before {number}", missing=node.missing, number=printed)
        yield _warning("A015", message, where, say("is a row lost, or is it numbered so in the decision?"))
    if not line.number:
        row.doubts.append(f"bảng không đánh số dòng này; tạm mang mã {row.code}")
        message = say("'{words}' has no number; it has the code {code}", words=_short(line.words), code=row.code)
        yield _warning("A016", message, table.where(line, "words"), say("look whether it stands where it belongs"))
    elif line.parts is None:
        row.doubts.append(f"không đọc được số thứ tự '{printed}'; tạm mang mã {row.code}")


def _short(words: str) -> str:
    text = one_line(words)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _subtotals(table: AnnexTable, nodes: Sequence[Node], rows: Sequence[AnnexRow]) -> Iterator[Problem]:
    """Give the points of a line such as `Cộng` to the heading that ends there, or say where they differ."""
    at = {row.line.row: place for place, row in enumerate(rows)}
    for behind, points in table.subtotals:
        place = next((at[line.row] for line in reversed(table.lines[:behind]) if line.row in at), None)
        if place is None:
            continue
        node = nodes[place]
        while node.above is not None:
            node = node.above
        row = rows[node.position]
        if row.maximum is None:
            row.maximum = points
        elif row.maximum != points:
            said, stated = write_number(points), write_number(row.maximum)
            row.doubts.append(f"dòng cộng của nhóm ghi {said} điểm, còn nhóm này ghi {stated}")
            message = say("a subtotal says {points}, but row {code} says {max}", points=said, code=row.code, max=stated)
            yield _warning("A018", message, table.where(row.line, "max"), say("see which of the two is meant"))


def _fill_in(row: AnnexRow) -> None:
    """Let points that the table leaves out follow: a heading's from its rows, or those of the only row without any."""
    for child in row.beneath:
        _fill_in(child)
    _settle_extras(row)
    without = [child for child in row.beneath if child.maximum is None]
    others = [child.maximum for child in row.beneath if child.maximum is not None and not _is_extra(child)]
    total = sum(others, Fraction(0))
    if row.maximum is None and row.beneath and not without and not all(map(_is_extra, row.beneath)):
        row.maximum, row.max_how = total, f"cộng điểm các dòng thuộc {row.code}"
    elif row.maximum is not None and len(without) == 1 and row.maximum > total and not without[0].beneath:
        only = without[0]
        only.maximum = row.maximum - total
        only.max_how = f"{write_number(row.maximum)} - {write_number(total)}" if total else f"bằng điểm của {row.code}"
        only.doubts.append("bảng không ghi điểm tối đa của dòng này; điểm được tính từ điểm của nhóm")


def _settle_extras(row: AnnexRow) -> None:
    """Say how points that are added or taken are read. Where all beneath a heading are, it is the heading that is."""
    roles = {child.role for child in row.beneath}
    if len(roles) == 1 and row.beneath and _is_extra(row.beneath[0]) and row.role in ("max", *roles):
        if row.maximum is None:
            row.role = roles.pop()
        if _is_extra(row):
            for child in row.beneath:
                child.role = "max"
    for child in filter(_is_extra, row.beneath):
        _say_extra(child)


def _say_extra(row: AnnexRow) -> None:
    printed = one_line(row.line.max_text) or "điểm của các dòng bên dưới"
    told = "cộng (bonus), ngoài tổng điểm tối đa; nhóm vẫn không quá điểm tối đa"
    if row.role == "deduct":
        told = "trừ (deduct), ngoài tổng điểm tối đa; nhóm không xuống dưới 0"
    row.doubts.append(f"bảng ghi '{printed}': đọc là điểm {told}")


def _no_points(table: AnnexTable, row: AnnexRow) -> Problem:
    row.doubts.append("bảng không ghi điểm tối đa của dòng này: thêm `max:`")
    message = say("row {code} has no points", code=row.code)
    hint = say("write them into the table, or add `max:` to the scheme")
    return _warning("A017", message, table.where(row.line, "max"), hint)


def _warning(code: str, message: str, where: Location, hint: str) -> Problem:
    return Problem(code, message, where, hint, Severity.WARNING)
