"""One unit explained on a sheet: a line for each row of the scheme, with the points, the rule and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ictindex.explanation import STATES, Explained
from ictindex.formats.excel.writing import FAINT, GROUP, HEAD, LINE, Sheet
from ictindex.messages import joined, say
from ictindex.model import TOTAL
from ictindex.result import Result

if TYPE_CHECKING:
    from ictindex.formats.excel.result import Look

_WIDTHS = (9.0, 42.0, 10.0, 10.0, 10.0, 32.0, 36.0, 36.0)
_CELL = {"border": 1, "border_color": LINE, "valign": "top"}
_DEEPEST = 6


def write_explanation(sheet: Sheet, result: Result, unit: str, look: Look, language: str) -> None:
    """Write why a unit has its score, with what was published of each total."""
    explained = result.explain(unit)
    sheet.widths(_WIDTHS)
    verdicts = [look.told(_verdict(row)) for row in explained.root.walk() if row.verdict.rank is not None]
    name = explained.name if explained.name == unit else f"{explained.name} ({unit})"
    head = look.above(sheet, _WIDTHS, name, *verdicts)
    heads = (
        say("Code"),
        say("Criterion"),
        say("Points"),
        say("At most"),
        say("In the total"),
        say("Rule"),
        say("Figures"),
        say("Remarks"),
    )
    for column, word in enumerate(heads):
        sheet.text(
            head, column, look.told(word), bold=True, bg_color=HEAD, font_color="#FFFFFF", align="center", **_CELL
        )
    at = head
    top = explained.root if result.scheme.root in result.totals else None
    for row, depth in _rows(explained.root, 0):
        if row is explained.root and top is None:  # it combines nothing, and has no score
            continue
        at += 1
        _write_row(sheet, at, row, depth, look, language)
    sheet.table(head, at, len(heads), frozen=2)
    sheet.printed(look.title, look.mark, look.receipt, repeat=(head, head), fit=True)


def _rows(row: Explained, depth: int) -> Any:
    yield row, depth
    for child in row.children:
        yield from _rows(child, depth + 1)


def _verdict(row: Explained) -> str:
    facts = {"score": row.verdict.published or "–", "rank": row.verdict.rank, "level": row.verdict.level}
    told = say("score {score}, rank {rank}", **facts)
    if row.verdict.level is not None:
        told = say("score {score}, rank {rank}, level {level}", **facts)
    return told if row.code == TOTAL else joined((f"{row.code} {row.name}".strip(), told), ": ")


def _write_row(sheet: Sheet, at: int, row: Explained, depth: int, look: Look, language: str) -> None:
    cell: dict[str, Any] = {**_CELL, "bold": True, "bg_color": GROUP} if row.children else _CELL
    name = row.en if language == "en" and row.en else row.name
    texts = [
        look.told(say("Total")) if row.code == TOTAL else row.code,
        name,
        *(look.told(text) for text in (_rule(row), _figures(row), _remarks(row))),
    ]
    columns = (0, 1, 5, 6, 7)
    deep = min(depth, _DEEPEST)
    for column, text in zip(columns, texts, strict=True):
        sheet.text(
            at,
            column,
            text,
            **cell,
            text_wrap=True,
            align="left",
            indent=1 + deep if column == 1 else 1,
        )
    if row.points is None:
        sheet.text(at, 2, "–", **{**cell, "align": "center", "font_color": FAINT})
    else:
        sheet.number(at, 2, _points(row.points), num_format="0.00##_ ", align="right", indent=1, **cell)
    sheet.number(at, 3, _points(row.max), num_format="General", align="center", **cell)
    if row.printed is None:
        sheet.text(at, 4, "–", **{**cell, "align": "center", "font_color": FAINT})
    else:  # in last digits of the published total, so that the column adds up to what is printed above it
        decimals = len(row.printed.partition(".")[2])
        form = f"0.{'0' * decimals}_ " if decimals else "0_ "
        sheet.number(at, 4, float(row.printed), num_format=form, align="right", indent=1, **cell)
    widths = [_WIDTHS[column] - 1 - (1.3 * deep if column == 1 else 0) for column in columns]
    sheet.fit(at, texts, widths)


def _rule(row: Explained) -> str:
    return row.words if row.words and row.words_alone else joined((row.words, row.formula), ": ")


def _points(number: Any) -> float:
    return round(float(number), 10)


def _figures(row: Explained) -> str:
    return joined(
        (joined((f"{one.code} {one.name}: ", one.text or STATES.get(one.state, one.state)), "") for one in row.inputs),
        by="\n",
    )


def _remarks(row: Explained) -> str:
    return joined((*(gate.told() for gate in row.verdict.refused), *row.remarks, *row.history), by="\n")
