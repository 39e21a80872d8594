"""Dates as people type them: `2025-07-01`, or `01/07/2025` with the day first."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)}|thg ?[0-9]{{1,2}})[a-z]*"
_DAY_MONTH = re.compile(rf"([0-9]{{1,2}})[- ]{_MONTH}|{_MONTH}[- ]([0-9]{{1,2}})", re.IGNORECASE)


def codes_behind(text: str) -> tuple[str, ...]:
    """Return the codes, such as 4.2, of which a spreadsheet may have made this date; none where it is no date."""
    day = read_date(text)
    if day is not None:
        return tuple(dict.fromkeys((f"{day.day}.{day.month}", f"{day.month}.{day.day}")))
    short = _DAY_MONTH.fullmatch(text.strip())
    if short is None:
        return ()
    number, word = int(short[1] or short[4]), (short[2] or short[3]).casefold()
    month = int(word[3:]) if word.startswith("thg") else _MONTHS.index(word) + 1
    return tuple(dict.fromkeys((f"{number}.{month}", f"{month}.{number}")))


def read_date(text: str) -> date | None:
    """Return the day that a text names, None where it names none."""
    iso, day_first = _ISO.fullmatch(text.strip()), _DAY_FIRST.fullmatch(text.strip())
    if iso:
        year, month, day = map(int, iso.groups())
    elif day_first:
        day, month, year = map(int, day_first.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # 31 February
        return None
