"""Which parts of a scheme its cases touch, and which none does.

A part is touched by a case that went through it and expects something of its row, or of a row above. What was merely
computed on the way, and compared with nothing, is not touched. Levels and ranks are touched where one is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from ictindex.analysis.cases import CaseReport
from ictindex.analysis.coverage.criteria import criterion
from ictindex.analysis.coverage.headings import heading, policies
from ictindex.analysis.coverage.probes import Lines, Probe
from ictindex.analysis.coverage.sights import Sight
from ictindex.analysis.coverage.standing import levels, pools, ranks
from ictindex.messages import in_language
from ictindex.model import Row, walk
from ictindex.plan import Leaf, Plan


@frozen
class Part:
    """One part of a scheme: the row it belongs to, its kind as a stable word, what it is in words.

    `line` is where it stands in the scheme's file, 0 where the file does not state it. `touched_by` has the codes of
    the cases that touch it, and `ranking` where the ranking does.
    """

    row: str
    kind: str
    what: str
    line: int
    touched_by: tuple[str, ...]

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the part as plain data, its words in a language."""
        return {
            "row": self.row,
            "kind": self.kind,
            "what": in_language(self.what, language),
            "line": self.line or None,
            "touched_by": list(self.touched_by),
        }


@frozen(kw_only=True)
class Coverage:
    """The parts of a scheme, in its order, with the cases that touch them.

    `path` is the scheme's file, whose lines the parts count. `criteria` is how many criteria earn points; of `computed`
    ones a case has points that were computed from what is reported.
    """

    scheme: str
    variant: str
    path: str
    parts: tuple[Part, ...]
    criteria: int
    computed: int

    @property
    def touched(self) -> int:
        """How many parts a case touches."""
        return sum(bool(part.touched_by) for part in self.parts)

    @property
    def percent(self) -> int:
        """The share of parts that a case touches, cut to a whole percent; 100 means every one."""
        return 100 * self.touched // len(self.parts) if self.parts else 100

    @property
    def untouched(self) -> tuple[Part, ...]:
        """The parts that no case touches, in the order of the scheme."""
        return tuple(part for part in self.parts if not part.touched_by)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the coverage as plain data, for JSON."""
        return {
            "scheme": self.scheme,
            "variant": self.variant or None,
            "parts": len(self.parts),
            "touched": self.touched,
            "percent": self.percent,
            "criteria": self.criteria,
            "criteria_computed": self.computed,
            "list": [part.to_dict(language) for part in self.parts],
        }


def cover(report: CaseReport) -> Coverage:
    """Return which parts of a scheme the cases of a report touch."""
    scheme = report.plan.scheme
    sights = [Sight(run, case) for run in report.runs for case in run.cases]
    parts = tuple(_part(probe, sights) for probe in probes(report.plan))
    criteria = [row for row in scheme.criteria if row.max]
    computed = {part.row for part in parts if part.kind == "computed" and part.touched_by}
    return Coverage(
        scheme=scheme.id,
        variant=scheme.variant,
        path=scheme.path if scheme.overlay is None else scheme.overlay.base_path,
        parts=parts,
        criteria=len(criteria),
        computed=sum(any(below.code in computed for below in walk(row)) for row in criteria),
    )


def probes(plan: Plan) -> list[Probe]:
    """Return every part of a scheme, in the order of its rows. A row that is only shown (maximum 0) has none."""
    return sorted(_probes(plan), key=lambda probe: plan.place(probe.row))


def _probes(plan: Plan) -> Iterator[Probe]:
    scheme, lines = plan.scheme, Lines(plan.scheme)
    yield from pools(scheme, lines)
    for node in plan.nodes:
        row: Row = node.row
        if not row.max:
            continue
        yield from criterion(node, lines) if isinstance(node, Leaf) else heading(node, plan, lines)
        yield from policies(row, scheme, lines)
        yield from levels(row, lines)
        if node.place in plan.totals:
            yield from ranks(row, scheme, lines)


def _part(probe: Probe, sights: list[Sight]) -> Part:
    everywhere = probe.kind in ("pool", "missing", "not-applicable")  # what it holds for may stand anywhere below
    looking = (sight for sight in sights if (sight.expected if everywhere else probe.row in sight.expected))
    touching = [sight.label for sight in looking if probe.touched(sight)]
    return Part(probe.row, probe.kind, probe.what, probe.line, tuple(dict.fromkeys(touching)))
