"""The same document as evidence of several units.

A document is known by its number with its date, or by its address. Two units with one document are asked about; a
document that many units show is a common one, such as the province's decision. Problem: T117.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ictindex.analysis.doubts.copies import listed
from ictindex.analysis.doubts.gathering import Doubts
from ictindex.cells import fold
from ictindex.messages import say
from ictindex.table import Table

SHARED = 3
"""A document of more units than this is a common one, where it is also more than one unit in twenty."""

ALIKE = 10
"""Where more than one unit in so many shares a number with another, numbers repeat by themselves."""

LONGEST = 2000
"""So many characters of a cell are looked at."""

# The text is folded, so blanks are single.
_NUMBER = re.compile(r"\b0*(\d{1,9}[a-z]?) ?/ ?((?:\d{4} ?/ ?)?[^\W\d_][\w&.]*(?: ?[-–] ?[^\W\d_][\w&.]*)*)")
_DATE = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_LONG_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
_ADDRESS = re.compile(r"https?://[^\s<>\"';,]+")


def doubt_documents(table: Table, doubts: Doubts) -> None:
    """Doubt documents that stand as evidence of one criterion in several units."""
    for key, texts in table.evidence_texts.items():
        if len(texts) == len(table):
            _doubt_column(table, f"{key}.evidence", texts, doubts)


def _doubt_column(table: Table, column: str, texts: Sequence[str], doubts: Doubts) -> None:
    signs = {text: found for text in set(texts) if (found := document_signs(text))}
    holders: dict[str, set[str]] = {}
    places: dict[str, dict[str, int]] = {}
    for at in [at for at, text in enumerate(texts) if text in signs]:
        for sign in signs[texts[at]]:
            holders.setdefault(sign, set()).add(table.units[at])
            places.setdefault(sign, {})[table.units[at]] = at
    bearing = len({unit for units in holders.values() for unit in units})
    shared = {sign: units for sign, units in holders.items() if 1 < len(units) <= max(SHARED, bearing // 20)}
    if len({unit for units in shared.values() for unit in units}) > max(SHARED, bearing // ALIKE):
        return
    chosen = {places[sign][max(units)]: sign for sign, units in sorted(shared.items())}
    for unit in doubts.worst("T117", column, chosen, [float(len(shared[sign])) for sign in chosen.values()]):
        sign = chosen[unit]
        message = say("{units} show the same document: {document}", units=listed(sorted(shared[sign])), document=sign)
        doubts.add("T117", message, unit=unit, key=column, hint=say("is it the document of each of them?"))


def document_signs(text: str) -> frozenset[str]:
    """Return what a text of evidence names documents by: numbers such as 12/KH-UBND with the date, and addresses."""
    text = text[:LONGEST]
    signs = {address.rstrip("/.)") for address in _ADDRESS.findall(text) if len(address.rstrip("/").split("/")) > 3}
    rest = fold(_ADDRESS.sub(" ", text))
    dates = _dates(rest)
    for found in _NUMBER.finditer(rest):
        number = re.sub(r"\s+", "", f"{found[1]}/{found[2]}").replace("–", "-").rstrip(".").upper()
        behind = bisect_left(dates, (found.end(), ""))
        date = dates[behind][1] if behind < len(dates) else dates[0][1] if len(dates) == 1 else ""
        signs.add(f"{number}, {date}" if date else number)
    return frozenset(signs)


def _dates(text: str) -> list[tuple[int, str]]:
    """Return where dates stand in a text, in their order, each as day/month/year."""
    long = [(one.start(), one.groups()) for one in _LONG_DATE.finditer(text)]
    short = [(one.start(), one.group(1, 2, 3) if one[1] else one.group(6, 5, 4)) for one in _DATE.finditer(text)]
    return [(at, "/".join(str(int(part)) for part in parts)) for at, parts in sorted(long + short)]
