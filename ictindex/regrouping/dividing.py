"""Counts of split units in whole numbers: the largest remainders first, so that nothing is lost or made."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ictindex.regrouping.parts import Parts


def divided(count: int, shares: Sequence[Fraction]) -> list[int]:
    """Return a count divided by shares that add up to 1, in whole numbers that add up to it.

    Each share gets its whole part; what is left goes, one by one, to the largest remainders, of equal ones the first.
    """
    exact = [count * share for share in shares]
    whole = [int(one) for one in exact]
    order = sorted(range(len(shares)), key=lambda place: (whole[place] - exact[place], place))
    for place in order[: count - sum(whole)]:
        whole[place] += 1
    return whole


def divided_sums(values: Sequence[float], parts: Parts) -> tuple[list[Fraction], list[int]]:
    """Return each new unit's sum of whole numbers, and the rows of old units that did not divide evenly.

    `values` are the counts of the parts, NaN where there is none. Of equal remainders the new unit with the smaller
    code comes first, whatever the order of the rows.
    """
    sums = [Fraction(0)] * len(parts.units)
    uneven: list[int] = []
    of_row: dict[int, list[int]] = {}
    for part, row in enumerate(parts.rows.tolist()):
        of_row.setdefault(row, []).append(part)
    members = parts.merge.members.tolist()
    for row, pieces_of in of_row.items():
        mine = sorted(pieces_of, key=lambda part: parts.units[members[part]])
        count = values[mine[0]]
        if count != count:
            continue
        shares = [parts.shares[part] for part in mine]
        pieces = divided(int(count), shares)
        if any(piece != int(count) * share for piece, share in zip(pieces, shares, strict=True)):
            uneven.append(row)
        for part, piece in zip(mine, pieces, strict=True):
            sums[members[part]] += piece
    return sums, uneven
