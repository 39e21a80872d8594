"""What a form says of itself on a hidden sheet: of which scheme it is, where its cells are, what stands beside them.

A line of the sheet is a word and texts: `scheme`, `revision`, `variant`, `overlay`, `sha256`, `layout` and `language`;
`unit` (its number, code, name, pool) for each unit that the form names; `listed` (code, name, pool) for each unit that
may be chosen; `cell` (unit, key, sheet, address) for each cell that is read; `anchor` (sheet, address, text) for each
cell whose text must not have moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from ictindex.formats.excel.layout import place_of
from ictindex.model import Scheme
from ictindex.notices import overlay_identity

SHEET = "_ictindex"
"""The name of the hidden sheet, by which a workbook is known to be a form."""

MARK, VERSION = "ictindex form", "1"
"""What stands in its first line."""

ABOUT = ("scheme", "revision", "variant", "overlay", "sha256", "layout", "language")


@frozen
class FormUnit:
    """A unit that a form is for, or that may be chosen on it."""

    code: str
    name: str = ""
    pool: str = ""

    @property
    def label(self) -> str:
        """The unit as a list offers it."""
        return f"{self.code} {self.name}".strip()


@frozen
class Spot:
    """A cell of the form: its sheet and its address, such as `E12`."""

    sheet: str
    address: str

    @property
    def row(self) -> int:
        """Its row as a spreadsheet counts them."""
        return int("".join(filter(str.isdigit, self.address)))

    @property
    def letters(self) -> str:
        """The letters of its column."""
        return "".join(filter(str.isalpha, self.address))


@frozen
class Anchor:
    """A text that stands in a cell of every form of its kind: where it is elsewhere, the form was changed."""

    spot: Spot
    text: str


@frozen(kw_only=True)
class Record:
    """The hidden sheet. `cells` are kept by the unit's number and the key of what is filled in."""

    about: Mapping[str, str]
    units: tuple[FormUnit, ...]
    listed: tuple[FormUnit, ...]
    cells: Mapping[tuple[int, str], Spot]
    anchors: tuple[Anchor, ...]

    @property
    def many(self) -> bool:
        """Whether the form has a column for each of several units."""
        return self.about.get("layout") == "many"

    def lines(self) -> Iterator[Sequence[str]]:
        """Yield the lines of the sheet."""
        yield MARK, VERSION
        for key in ABOUT:
            yield key, self.about.get(key, "")
        for at, unit in enumerate(self.units):
            yield "unit", str(at), unit.code, unit.name, unit.pool
        for unit in self.listed:
            yield "listed", unit.code, unit.name, unit.pool
        for (at, key), spot in self.cells.items():
            yield "cell", str(at), key, spot.sheet, spot.address
        for anchor in self.anchors:
            yield "anchor", anchor.spot.sheet, anchor.spot.address, anchor.text


def identity(scheme: Scheme) -> dict[str, str]:
    """Return what names the scheme of a form, in the order in which a difference is told."""
    overlay: Any = overlay_identity(scheme)
    return {
        "scheme": scheme.id,
        "revision": str(scheme.revision),
        "variant": scheme.variant,
        "overlay": json.dumps(overlay, ensure_ascii=False, sort_keys=True) if overlay else "",
        "sha256": scheme.sha256,
    }


def read_record(lines: Sequence[Sequence[str]]) -> Record | None:
    """Return the record that the lines of a hidden sheet hold, None where they hold none that can be understood."""
    if not lines or [*lines[0], "", ""][:2] != [MARK, VERSION]:
        return None
    about: dict[str, str] = {}
    units: list[FormUnit] = []
    listed: list[FormUnit] = []
    cells: dict[tuple[int, str], Spot] = {}
    anchors: list[Anchor] = []
    for line in lines[1:]:
        word, *texts = [*line, *[""] * (5 - len(line))][:5]
        if word in ABOUT:
            about[word] = texts[0]
        elif word == "unit":
            units.append(FormUnit(*texts[1:4]))
        elif word == "listed":
            listed.append(FormUnit(*texts[:3]))
        elif word == "cell" and texts[0].isdecimal() and _is_address(texts[3]):
            cells[int(texts[0]), texts[1]] = Spot(texts[2], texts[3])
        elif word == "anchor" and _is_address(texts[1]):
            anchors.append(Anchor(Spot(texts[0], texts[1]), texts[2]))
    if not cells or (not units and about.get("layout") == "many"):
        return None
    return Record(about=about, units=tuple(units), listed=tuple(listed), cells=cells, anchors=tuple(anchors))


def _is_address(text: str) -> bool:
    try:
        place_of(text)
    except ValueError:
        return False
    return True
