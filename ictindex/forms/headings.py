"""The points of a heading as formulas: how its rows are combined, what is left out below it, and its level."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction

from attrs import frozen

from ictindex.forms.measures import Formulas, Refs
from ictindex.forms.numbers import NEAR, NOTHING, added, number, product
from ictindex.model import Level, Row
from ictindex.plan import Heading, points_per_unit
from ictindex.publication import level_bound
from ictindex.strategies.aggregations import Best, Capped, Least, Sum
from ictindex.strategies.base import Child
from ictindex.strategies.classifications import key_bound
from ictindex.strategies.means import Geometric, Mean

MOST_ROWS, MOST_FACTORS = 250, 60
"""A function of a spreadsheet takes 255 arguments, and a formula has 8,192 letters."""

_KNOWN = (Sum, Capped, Mean, Geometric, Best, Least)


@frozen
class Below:
    """A row of a heading: its code, what the heading knows of it, and whether it can be left out."""

    code: str
    facts: Child
    leaves: bool

    @property
    def counts(self) -> bool:
        """Whether it has points: an informational row has none."""
        return self.facts.maximum != 0


def can_combine(heading: Heading) -> bool:
    """Whether the points of a heading can be told from those of its rows, by formulas."""
    most = MOST_FACTORS if isinstance(heading.aggregation, Geometric) else MOST_ROWS
    return type(heading.aggregation) in _KNOWN and heading.scale is None and len(heading.children) <= most


def formulas_of(heading: Heading, rows: Sequence[Below], at: Refs) -> Formulas:
    """Return the formulas of a heading that can be told; its rows are in their order."""
    counted = _counted(rows)
    if isinstance(heading.aggregation, Sum):
        return _sum(heading, rows, counted, at)
    code, most = heading.row.code, number(heading.row.max)
    leaving = bool(counted) and all(row.leaves for row in counted)
    gone = "IF(MIN(" + ",".join(at.state(row.code) for row in counted) + ")=1,1,0)" if leaving else "0"
    kind = _MEANS[type(heading.aggregation)]
    points = f"IF({at.state(code)}<>0,0,{kind(heading, rows, at)})"
    return Formulas(
        state=_state(counted, gone, at),
        number=_weights(counted, at),
        points=points,
        left=f"IF({at.state(code)}=1,{most},0)" if leaving else "0",
    )


def leaves(heading: Heading, rows: Sequence[Below]) -> bool:
    """Whether all of a heading, or under a sum a part of it, can be left out and matter to what is above."""
    counted = _counted(rows)
    if isinstance(heading.aggregation, Sum):
        return any(row.leaves for row in counted if row.facts.role == "max")
    return bool(counted) and all(row.leaves for row in counted)


def _counted(rows: Sequence[Below]) -> list[Below]:
    return [row for row in rows if row.counts]


def _state(counted: Sequence[Below], otherwise: str, at: Refs) -> str:
    states = ",".join(at.state(row.code) for row in counted)
    return f"IF(MAX({states})>=2,MAX({states}),{otherwise})" if states else otherwise


def _sum(heading: Heading, rows: Sequence[Below], counted: Sequence[Below], at: Refs) -> Formulas:
    """Points left out below travel upward, or are converted back here; a cap or a bonus gives no more than is left."""
    code, most = heading.row.code, number(heading.row.max)
    signs = {"max": "+", "bonus": "+", "deduct": "-"}
    total = "0" + "".join(signs[row.facts.role] + at.points(row.code) for row in counted)
    others = any(row.facts.role != "max" for row in rows)
    cuts = isinstance(heading.aggregation, Capped) or others
    if cuts:
        total = f"MIN(MAX({total},0),{most})"
    state = at.state(code)
    if not leaves(heading, rows):
        return Formulas(_state(counted, "0", at), "0", f"IF({state}<>0,0,{total})", "0")
    lost, whole = at.number(code), sum((row.facts.maximum for row in rows if row.facts.role == "max"), Fraction(0))
    reach = f"MIN({number(whole)}-{lost},{most})"
    if cuts:
        total = f"IF({lost}>0,MIN({total},MAX({reach},0)),{total})"
    if heading.rescales:
        total = f"({total})*IF({lost}>0,{most}/{reach},1)"
    kept = "0" if heading.rescales else f"IF({lost}>0,{most}-{reach},0)"
    return Formulas(
        state=_state(counted, f"IF({lost}>0,IF({reach}<={most}*{NOTHING},1,0),0)", at),
        number=added(at.left(row.code) for row in counted if row.facts.role == "max" and row.leaves),
        points=f"IF({state}<>0,0,{total})",
        left=f"IF({state}=1,{most},IF({state}<>0,0,{kept}))",
    )


def _weights(counted: Sequence[Below], at: Refs) -> str:
    """Return the weights of the rows that are not left out."""
    return added(_present(row, number(row.facts.weight), "0", at) for row in counted)


def _present(row: Below, there: str, gone: str, at: Refs) -> str:
    return f"IF({at.state(row.code)}=1,{gone},{there})" if row.leaves else there


def _mean(heading: Heading, rows: Sequence[Below], at: Refs) -> str:
    whole = at.number(heading.row.code)
    shares = added(product(row.facts.weight / row.facts.maximum, at.points(row.code)) for row in _counted(rows))
    return f"IF({whole}=0,0,({shares})*{number(heading.row.max)}/{whole})"


def _geometric(heading: Heading, rows: Sequence[Below], at: Refs) -> str:
    whole, powers = at.number(heading.row.code), [number(heading.row.max)]
    for row in _counted(rows):
        if row.facts.weight:
            share = f"MAX({at.points(row.code)}/{number(row.facts.maximum)},0)"
            powers.append(_present(row, f"POWER({share},{number(row.facts.weight)}/{whole})", "1", at))
    return f"IF({whole}=0,{powers[0]},{'*'.join(powers)})"


def _best(heading: Heading, rows: Sequence[Below], at: Refs) -> str:
    never, pick = ("1E+300", "MIN") if isinstance(heading.aggregation, Least) else ("-1E+300", "MAX")
    points = [_present(row, at.points(row.code), never, at) if row.counts else "0" for row in rows]
    return f"MIN({pick}({','.join(points)}),{number(heading.row.max)})"


_MEANS: dict[type, Callable[[Heading, Sequence[Below], Refs], str]] = {
    Mean: _mean,
    Geometric: _geometric,
    Best: _best,
    Least: _best,
}


def level_formula(row: Row, published: str, at: Refs, known: Collection[str], points_of: Callable[[str], Row]) -> str:
    """Return the level of a row as a formula, empty where it has none or where a gate looks at what is not known.

    `published` is the cell of the published score; `known` are the codes of the rows that the form tells.
    """
    if row.levels is None or not row.max:
        return ""
    gates = {code for level in row.levels.levels for code, _ in level.only_if}
    asked = [code for code in gates if points_of(code).max]
    if not set(asked) <= set(known):
        return ""
    told = '""'
    for position in reversed(range(len(row.levels.levels))):
        level = row.levels.levels[position]
        conditions = [_reaches(row, position, published, at), *_gates(level, at, asked)]
        met = conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"
        told = f'IF({met},"{level.name.replace(chr(34), chr(34) * 2)}",{told})'
    states = ",".join(at.state(code) for code in sorted({row.code, *asked}))
    return f'IF(MAX({states})>=2,"",IF({at.state(row.code)}=1,"",{told}))'


def _reaches(row: Row, position: int, published: str, at: Refs) -> str:
    score, strict = level_bound(row, position)
    if row.rank.on == "published":
        key = f"ROUND({published}*{10**row.publish.decimals},0)" if row.publish.decimals else published
        return f"{key}>={key_bound(score, strict, row.publish.decimals)}"
    return _at_least(at.points(row.code), score * points_per_unit(row), row.max, strict=strict)


def _at_least(points: str, needs: Fraction, most: Fraction, *, strict: bool = False) -> str:
    """Return whether points reach what is needed, or exceed it; rounding is allowed for."""
    slack = float(most) * NEAR * 100
    return f"{points}>{float(needs) + slack!r}" if strict else f"{points}>={float(needs) - slack!r}"


def _gates(level: Level, at: Refs, asked: Collection[str]) -> list[str]:
    return [
        _at_least(at.points(code), needs, max(needs, Fraction(1))) if code in asked else f"0>={number(needs)}"
        for code, needs in level.only_if
    ]
