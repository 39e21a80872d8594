"""Shares as people type them, exact: `0.25`, `0,25`, `1/3`, `25%`."""

from __future__ import annotations

import re
from fractions import Fraction

_SHARE = re.compile(r"([0-9]{1,20}(?:[.,][0-9]{1,20})?)(?: ?/ ?([0-9]{1,20}))?( ?%)?")


def read_share(text: str) -> Fraction | None:
    """Return the number that a text says, None where it says none. A comma can only be decimal in a share."""
    found = _SHARE.fullmatch(text.strip())
    if not found or (found[2] and not int(found[2])):
        return None
    number = Fraction(found[1].replace(",", ".")) / int(found[2] or 1)
    return number / 100 if found[3] else number
