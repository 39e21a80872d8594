"""How a form looks: the formats of its cells, their colours, and how its sheets are printed."""

from __future__ import annotations

from typing import Any

_BASE: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_LINE = {"border": 1, "border_color": "#A6A6A6"}
_FILL = {**_LINE, "bg_color": "#FFF7CC", "locked": False}

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "text_wrap": True, "valign": "vcenter"},
    "small": {"font_color": "#595959", "font_size": 10},
    "notice": {"font_color": "#9C3300", "text_wrap": True, "italic": True},
    "part": {"bold": True, "font_size": 12, "font_color": "#1F3864"},
    "text": {"text_wrap": True},
    "number": {"align": "right"},
    "label": {**_LINE, "text_wrap": True, "bg_color": "#F2F2F2", "valign": "vcenter"},
    "fixed": {**_LINE, "bold": True, "text_wrap": True, "valign": "vcenter"},
    "header": {
        **_LINE,
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
        "bg_color": "#1F3864",
        "font_color": "#FFFFFF",
    },
    "header_fill": {
        **_LINE,
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
        "bg_color": "#FFE699",
    },
    "heading": {**_LINE, "bold": True, "text_wrap": True, "bg_color": "#D9E2F3"},
    "heading_right": {**_LINE, "bold": True, "align": "right", "text_wrap": True, "bg_color": "#D9E2F3"},
    "cell": {**_LINE, "text_wrap": True},
    "inner": {**_LINE, "text_wrap": True, "font_color": "#404040", "italic": True},
    "heading_rule": {**_LINE, "text_wrap": True, "font_size": 10, "bg_color": "#D9E2F3"},
    "rule": {**_LINE, "text_wrap": True, "font_size": 10},
    "right": {**_LINE, "align": "right", "text_wrap": True},
    "fill": {**_FILL, "text_wrap": True, "align": "center"},
    "fill_words": {**_FILL, "text_wrap": True},
    "fill_text": {**_FILL, "text_wrap": True, "num_format": "@"},
    "fill_date": {**_FILL, "num_format": "dd/mm/yyyy", "align": "center"},
    "wrong": {"bg_color": "#F8CBAD", "font_color": "#9C0006"},
}


class Styles:
    """The formats of one workbook, each made when it is first used."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, int, str], Any] = {}

    def __call__(self, name: str, *, indent: int = 0, number: str = "") -> Any:
        """Return a format; with an indent, or with the format of its numbers."""
        key = name, indent, number
        if key not in self._made:
            more: dict[str, Any] = {"indent": indent, "align": "left"} if indent else {}
            if number:
                more["num_format"] = number
            base = {} if name == "wrong" else _BASE
            self._made[key] = self._book.add_format({**base, **STYLES[name], **more})
        return self._made[key]


def decimals_format(decimals: int) -> str:
    """Return the format of numbers with so many decimals."""
    return f"0.{'0' * decimals}" if decimals else "0"


def for_print(sheet: Any, *, header: int | None, footer: str) -> None:
    """Set a sheet up for A4, across, one page wide; the header's row stands on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L&8{footer.replace('&', '&&')}&R&8&P/&N")
    if header is not None:
        sheet.repeat_rows(header)


def protect(sheet: Any) -> None:
    """Protect a sheet without a password: what is no cell to fill in cannot be changed by mistake."""
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes such as 1.10 are texts
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
