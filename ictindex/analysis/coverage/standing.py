"""The parts that say where a unit stands: pools, levels with their gates, ranks with their ties.

They are touched by cases that expect a level or a rank; a score alone does not show one.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from ictindex.analysis.coverage.probes import Lines, Probe
from ictindex.analysis.coverage.sights import Sight
from ictindex.cells import number_text
from ictindex.messages import say
from ictindex.model import Level, Row, Scheme
from ictindex.strategies.classifications import lies_between


def pools(scheme: Scheme, lines: Lines) -> Iterator[Probe]:
    """Yield the pools that the scheme lists."""
    top = scheme.root.code
    for pool in scheme.pools.pools if scheme.pools else ():
        facts = {"code": pool.code, "name": pool.name}
        told = say("a unit of the pool {code} {name}", **facts)
        if not pool.ranked:
            told = say("a unit of the pool {code} {name}, which is not ranked", **facts)
        line = lines.of(top, f"pools.{pool.code}")
        yield Probe(top, "pool", told, line, partial(_inside, pool.code))


def _inside(pool: str, sight: Sight) -> bool:
    return sight.pool == pool


def levels(row: Row, lines: Lines) -> Iterator[Probe]:
    """Yield the levels of a row, each gate that may refuse one, and scores between two printed bands."""
    bands = row.levels.levels if row.levels else ()
    for position, level in enumerate(bands):
        line = lines.of(row.code, f"levels.{level.name}")
        told = say("level {name}, from {bound}", name=level.name, bound=_bound(level))
        yield Probe(row.code, "level", told, line, partial(_earns, row, level.name))
        yield from _gates(row, level, position, line)
    if bands and bands[-1].lower > 0:
        line = lines.of(row.code, f"levels.{bands[-1].name}")
        yield Probe(row.code, "level", say("too few points for any level"), line, partial(_earns, row, None))
    if any(one.upper is not None and not one.of_max for one in bands):
        line = lines.of(row.code, "between-levels")
        yield Probe(row.code, "between-levels", say("a score between two bands"), line, partial(_between, row))


def _bound(level: Level) -> str:
    return f"{number_text(level.lower * 100)}%" if level.of_max else number_text(level.lower)


def _earns(row: Row, name: str | None, sight: Sight) -> bool:
    return sight.expects(row, "level") and sight.run.result.levels(row.code)[sight.unit] == name


def _gates(row: Row, level: Level, position: int, line: int) -> Iterator[Probe]:
    for code, points in level.only_if:
        facts = {"name": level.name, "row": code, "points": number_text(points)}
        told = say("level {name} refused, since {row} has less than {points} points", **facts)
        yield Probe(row.code, "gate", told, line, partial(_refused, row, position, code, points))


def _refused(row: Row, position: int, code: str, points: Fraction, sight: Sight) -> bool:
    result = sight.run.result
    reached = bool(result.reaches_level(row.code, position)[sight.unit])
    return sight.expects(row, "level") and reached and not result.passes(code, points)[sight.unit]


def _between(row: Row, sight: Sight) -> bool:
    """Whether the published score lies above the end of one printed band and below the next."""
    published = sight.run.result.published(row.code)[sight.unit]
    if published is None or row.levels is None or not sight.expects(row, "level"):
        return False
    return lies_between(row.levels, Fraction(published))


def ranks(total: Row, scheme: Scheme, lines: Lines) -> Iterator[Probe]:
    """Yield what makes the ranks of a total: others to be ranked with, each row that breaks a tie, and a tie."""
    top, chain = scheme.root.code, total.rank.then
    line = lines.of(top, "rank.ties")
    yield Probe(total.code, "rank", say("ranked among several units"), line, lambda sight: bool(_alike(total, sight)))
    for position, code in enumerate(chain, 1):
        told = say("equal scores told apart by {row}", row=code)
        yield Probe(total.code, "tie-break", told, lines.of(top, "rank.then"), partial(_parted, total, position))
    told = say("units with the same score ({ties})", ties=total.rank.ties)
    yield Probe(total.code, "tie", told, line, partial(_parted, total, 1 + len(chain)))


def _parted(total: Row, position: int, sight: Sight) -> bool:
    """Whether another unit is told from this one just by the score at a position of the chain; after it: by none."""
    return position in _alike(total, sight)


def _alike(total: Row, sight: Sight) -> list[int]:
    """Return, for each other unit that is ranked in the same pool, how many scores of the chain the two share."""
    result = sight.run.result
    if not sight.expects(total, "rank") or not result.ranks(total.code)[sight.unit]:
        return []
    order = result.keys if total.rank.on == "published" else result.order
    chain = [order(code) for code in (total.code, *total.rank.then)]
    found = []
    for other in sight.others():
        if sight.same_pool(other) and result.ranks(total.code)[other.unit]:
            shared = [bool(keys[other.unit] == keys[sight.unit]) for keys in chain]
            found.append(shared.index(False) if False in shared else len(shared))
    return found
