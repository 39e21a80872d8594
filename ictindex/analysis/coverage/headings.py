"""The parts of a heading: how its rows make it, and the policies that it states for the rows below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ictindex.analysis.coverage.criteria import relative
from ictindex.analysis.coverage.probes import Lines, Probe, computed
from ictindex.analysis.coverage.sights import Sight
from ictindex.cells import number_text
from ictindex.matrix import Flag
from ictindex.messages import say
from ictindex.model import Row, Scheme, walk
from ictindex.plan import Heading, Plan

_POLICIES = {
    ("missing", "zero"): (say("a missing cell: 0 points"), Flag.MISSING_ZERO),
    ("missing", "rescale"): (say("a missing cell: left out, the rest converted"), Flag.MISSING_LEFT_OUT),
    ("not-applicable", "zero"): (say("not applicable: 0 points"), Flag.NOT_APPLICABLE_ZERO),
    ("not-applicable", "rescale"): (
        say("not applicable: left out, the rest converted"),
        Flag.NOT_APPLICABLE_LEFT_OUT,
    ),
}


def heading(node: Heading, plan: Plan, lines: Lines) -> Iterator[Probe]:
    """Yield the parts of a heading; one that combines nothing has none of its own."""
    if node.aggregation is None:
        return
    row, name = node.row, node.row.combine.name
    line = lines.of(row.code, "combine")
    yield Probe(row.code, "combine", say("made of the rows below"), line, computed(row))
    below = [plan.nodes[place].row for place in node.children]
    extras = [one for one in below if one.role != "max"]
    if name == "capped" or (name == "sum" and extras):
        told = say("the rows below make more than {max}, cut", max=number_text(row.max))
        yield Probe(row.code, "cap", told, line, partial(_capped, row))
    for one in extras:
        told = say("bonus points are added") if one.role == "bonus" else say("points are taken")
        yield Probe(one.code, one.role, told, lines.of(one.code, one.role), partial(_some, one))
    if name in ("best", "least"):
        told = say("has the most points of its heading") if name == "best" else say("has the fewest of its heading")
        counted = [one for one in below if one.max]
        for one in counted:
            yield Probe(one.code, name, told, lines.of(one.code, "max"), partial(_decides, row, counted, name, one))
    yield from relative(row, node.scale, lines)


def _capped(row: Row, sight: Sight) -> bool:
    """Whether the rows below made more than the maximum; a sum below 0 that deductions left is cut as well."""
    return bool(sight.flag(row.code) & Flag.CUT) and bool(sight.points(row.code))


def _some(row: Row, sight: Sight) -> bool:
    return bool(sight.points(row.code))


def _decides(row: Row, rows: Sequence[Row], name: str, one: Row, sight: Sight) -> bool:
    """Whether this is the row whose points a heading takes: the highest, or the lowest."""
    points = [found for other in rows if (found := sight.points(other.code)) is not None]
    if not points or not sight.computed(row.code):
        return False
    return bool(sight.points(one.code) == (max(points) if name == "best" else min(points)))


def policies(row: Row, scheme: Scheme, lines: Lines) -> Iterator[Probe]:
    """Yield what a row says of cells that are missing or not applicable, for all rows below that say nothing else."""
    for key, policy in (("missing", row.missing), ("not-applicable", row.not_applicable)):
        if policy is not None and (key, policy) in _POLICIES:
            told, flag = _POLICIES[key, policy]
            rows = frozenset(below.code for below in walk(row) if _stated_by(scheme, below, key) is row)
            happened = partial(_happened, rows, flag, flag is Flag.NOT_APPLICABLE_LEFT_OUT)
            yield Probe(row.code, key, told, lines.of(row.code, key), happened)


def _happened(rows: frozenset[str], flag: Flag, reported: bool, sight: Sight) -> bool:
    """Whether the policy came to bear at one of the rows; points may also be `reported` as left out there."""
    seen = rows & sight.expected
    left = reported and any(sight.reports(f"{code}.excluded") for code in seen)
    return left or any(sight.flag(code) & flag for code in seen)


def _stated_by(scheme: Scheme, row: Row, key: str) -> Row | None:
    """Return the row that states a policy for this one: itself, or the nearest heading above that does."""
    for one in (row, *scheme.above(row.code)):
        if (one.missing if key == "missing" else one.not_applicable) is not None:
            return one
    return None
