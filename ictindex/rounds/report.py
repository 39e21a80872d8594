"""How far a round is, unit by unit: what was declared, verified, changed, appealed and closed, and what is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import asdict, frozen

from ictindex.cells import CellState
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.messages import LANGUAGES, either, in_language, say
from ictindex.pages import grid
from ictindex.rounds.events import Claim, Event, Figure, Stage, Track, Verdict
from ictindex.rounds.places import Units
from ictindex.rounds.round import Round, reported
from ictindex.rounds.telling import history_lines


@frozen(kw_only=True)
class UnitState:
    """How far the round is for one unit, or for all of them together: how many figures.

    `declared` are those that it reported, `verified` those that were verified or decided. `changed` are now other than
    declared. `appealed` were ever appealed, and `appeals_open` are the ones about which nothing was decided since.
    `closed` have a final decision. `rejected` are criteria whose evidence is rejected now. `unverified` are reported
    figures that stand on nothing but the unit's own word.
    """

    unit: str
    name: str
    declared: int = 0
    verified: int = 0
    changed: int = 0
    rejected: int = 0
    appealed: int = 0
    appeals_open: int = 0
    closed: int = 0
    unverified: int = 0


_HEADINGS = {
    "declared": either("declared", "tự khai"),
    "verified": say("verified"),
    "changed": say("changed"),
    "rejected": say("evidence rejected"),
    "appealed": say("appealed"),
    "appeals_open": say("appeals open"),
    "closed": say("final"),
    "unverified": say("not verified"),
}


@frozen(kw_only=True)
class RoundReport:
    """The state of every unit, in the order of the declared table, and of all together.

    `claims` are those of the unit that was asked for, in the order of the scheme; nothing where none was.
    """

    scheme_id: str
    source: str
    units: tuple[UnitState, ...]
    whole: UnitState
    claims: tuple[Claim, ...] = ()
    names: Mapping[str, str]

    def to_dict(self, language: str = LANGUAGES[0]) -> dict[str, Any]:
        """Return the report as plain data, its words in a language."""
        data: dict[str, Any] = {
            "scheme": self.scheme_id,
            "source": self.source,
            "whole": {key: value for key, value in asdict(self.whole).items() if key not in ("unit", "name")},
            "units": [asdict(one) for one in self.units],
        }
        if self.claims:
            data["claims"] = [_claim_data(one, self.names, language) for one in self.claims]
        return data

    def told(self, language: str = LANGUAGES[0]) -> str:
        """Return the report for a person: a table of the units, and the histories of the one that was asked for."""
        header = [in_language(word, language) for word in (say("unit"), say("name"), *_HEADINGS.values())]
        body = [self._line(one, one.unit, one.name) for one in self.units]
        if len(self.units) > 1:
            body.append(self._line(self.whole, in_language(say("all"), language), ""))
        lines = [grid(header, body, right=range(2, len(header)))]
        for claim in self.claims:
            lines += ["", f"{claim.code} {self.names.get(claim.key, '')}".rstrip()]
            lines += [f"  {in_language(line, language)}" for line in history_lines(claim)]
        return "\n".join(lines)

    def _line(self, state: UnitState, unit: str, name: str) -> list[str]:
        return [unit, name, *(str(getattr(state, key)) for key in _HEADINGS)]


def report_of(found: Round, unit: str = "") -> RoundReport:
    """Return the state of every unit, or of one with its histories. Raises UnknownName where there is no such unit."""
    positions = [_position(found, unit)] if unit else range(len(found.declared.units))
    counts = _counts(found)
    states = tuple(_state(found, counts, at) for at in positions)
    whole = UnitState(unit="", name="", **{key: sum(getattr(one, key) for one in states) for key in _HEADINGS})
    chosen = found.declared.units[positions[0]] if unit else None
    order = {one.code: at for at, one in enumerate(found.scheme.inputs)}
    claims = [one for one in found.claims.values() if one.unit == chosen]
    names = {row.code: row.name for row in found.scheme.rows()} | {one.code: one.name for one in found.scheme.inputs}
    names |= {one.key: names[one.code] for one in claims if one.code in names}
    return RoundReport(
        scheme_id=found.scheme.id,
        source=found.source,
        units=states,
        whole=whole,
        claims=tuple(sorted(claims, key=lambda one: (order.get(one.key, len(order)), one.key))),
        names=names,
    )


def _position(found: Round, unit: str) -> int:
    known = Units(found.declared).find(unit)
    if known is not None:
        return found.positions[known]
    hint = did_you_mean(unit, [*found.declared.units, *found.declared.names]) or say("write its code or name")
    raise UnknownName(Problem("U190", say("the round has no unit '{unit}'", unit=unit), hint=hint))


def _counts(found: Round) -> dict[str, list[int]]:
    """Return each count of the report, a number for each unit."""
    size = len(found.declared.units)
    counts = {key: [0] * size for key in _HEADINGS}
    columns = found.declared.columns.values()
    counts["declared"] = _sum((reported(column) for column in columns), size)
    counts["unverified"] = _sum(found.unverified(Track.FINAL).values(), size)
    rejected: set[tuple[int, str]] = set()
    for claim in found.claims.values():
        at = found.positions[claim.unit]
        counts["verified"][at] += claim.value(Track.DECLARED) is not None and not claim.unverified(Track.FINAL)
        counts["changed"][at] += claim.value(Track.FINAL) != claim.value(Track.DECLARED)
        counts["appealed"][at] += any(one.stage is Stage.APPEALED for one in claim.history)
        counts["appeals_open"][at] += claim.appealed
        counts["closed"][at] += claim.closed
        if claim.verdict(Track.FINAL) is Verdict.REJECTED:
            rejected.add((at, claim.row))
    for at, _ in rejected:
        counts["rejected"][at] += 1
    return counts


def _sum(masks: Any, size: int) -> list[int]:
    return [int(one) for one in sum((mask.astype(np.intp) for mask in masks), np.zeros(size, np.intp))]


def _state(found: Round, counts: Mapping[str, list[int]], at: int) -> UnitState:
    table = found.declared
    return UnitState(
        unit=table.units[at], name=table.names[at], **{key: numbers[at] for key, numbers in counts.items()}
    )


def _claim_data(claim: Claim, names: Mapping[str, str], language: str) -> dict[str, Any]:
    return {
        "code": claim.code,
        "name": names.get(claim.key) or None,
        "declared": _figure_data(claim.value(Track.DECLARED)),
        "verified": None if claim.unverified(Track.VERIFIED) else _figure_data(claim.value(Track.VERIFIED)),
        "final": None if claim.unverified(Track.FINAL) else _figure_data(claim.value(Track.FINAL)),
        "evidence": claim.verdict(Track.FINAL) and str(claim.verdict(Track.FINAL)),
        "history": [_event_data(one, language) for one in claim.history],
    }


def _event_data(event: Event, language: str) -> dict[str, Any]:
    return {
        "stage": str(event.stage),
        "old": _figure_data(event.old),
        "value": _figure_data(event.value),
        "when": None if event.when is None else event.when.isoformat(),
        "by": event.by or None,
        "reason": event.reason and {"code": event.reason.code, "words": in_language(event.reason.name, language)},
        "remark": event.remark or None,
        "evidence": event.verdict and str(event.verdict),
        "proof": asdict(event.proof) if event.proof else None,
        "line": event.line or None,
    }


def _figure_data(figure: Figure | None) -> str | None:
    """Return a figure as text: null where nothing is said of it, empty where it is missing."""
    if figure is None:
        return None
    return "n/a" if figure.state is CellState.NOT_APPLICABLE else figure.text
