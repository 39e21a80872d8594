"""Whether scores of two schemes may be set side by side, and why not.

Not comparable is what any change of points, rules, weights, rows or publication makes; comparable is what is left. What
documents cannot settle, such as whether a new wording means the same, is a caution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ictindex.analysis.differences.facts import SchemeFacts
from ictindex.analysis.differences.pairs import Pairs
from ictindex.analysis.differences.results import Change, RowDifference, Verdict
from ictindex.messages import say
from ictindex.model import Group, Row, walk

_MOST = 12
"""So many codes are named in one reason."""


def verdict_of(
    before: SchemeFacts,
    after: SchemeFacts,
    pairs: Pairs,
    others: Sequence[Change],
    rows: Sequence[RowDifference],
) -> Verdict:
    """Return the verdict on two schemes, given the changes in their rows and the other changes."""
    changes = [*others, *(change for row in rows for change in row.changes)]
    affected = {effect for change in changes for effect in change.affects}
    scores = "scores" not in affected
    return Verdict(
        scores=scores,
        ranks=scores and "ranks" not in affected,
        levels=scores and "levels" not in affected,
        reasons=tuple(_reasons(changes)),
        cautions=tuple(_cautions((before, after), changes, rows, others)),
        unchanged=() if scores else _unchanged(before, after, pairs, others, rows),
    )


def _reasons(changes: Iterable[Change]) -> Iterator[str]:
    """Yield the reasons, those of one kind together."""
    kinds: dict[str, list[str]] = {}
    for change in changes:
        if change.affects:
            kinds.setdefault(_FAMILY.get(change.kind, change.kind), []).append(change.code)
    for kind, codes in kinds.items():
        listed = _listed(codes)
        yield say("{reason}: {codes}", reason=_REASONS[kind], codes=listed) if listed else _REASONS[kind]


def _cautions(
    sides: Iterable[SchemeFacts], changes: Iterable[Change], rows: Iterable[RowDifference], inputs: Iterable[Change]
) -> Iterator[str]:
    """Yield what must be known before scores are set side by side, and that the documents do not say."""
    worded = [change.code for change in changes if change.kind in ("renamed", "wording")]
    if worded:
        yield say("only where the new words mean the same as the old ones: {codes}", codes=_listed(worded))
    guessed = [row.code for row in rows if row.matched_by == "name"]
    if guessed:
        yield say("taken for the same rows because of their names alone: {codes}", codes=_listed(guessed))
    bounds = [change.code for change in inputs if change.kind == "bounds"]
    if bounds:
        yield say("a figure that one scheme takes may be refused by the other: {codes}", codes=_listed(bounds))
    if any(row.scale and row.scale.get("over") for side in sides for row in side.scheme.rows()):
        yield say(
            "points depend on which units stand in the table: set two tables side by side only where one was scored "
            "with the other as its reference"
        )


def _listed(codes: Iterable[str]) -> str:
    """Return codes in a row, the first dozen of many."""
    known = list(dict.fromkeys(filter(None, codes)))
    text = ", ".join(known[:_MOST])
    return say("{codes} and {count} more", codes=text, count=len(known) - _MOST) if len(known) > _MOST else text


def _unchanged(
    before: SchemeFacts, after: SchemeFacts, pairs: Pairs, others: Sequence[Change], rows: Sequence[RowDifference]
) -> tuple[str, ...]:
    """Return today's codes of the highest rows whose points are made as before, with everything below them."""
    whole = [change for change in others if "scores" in change.affects]
    columns = {change.code for change in whole if change.kind in _OF_COLUMNS}
    if any(change.kind not in _OF_COLUMNS for change in whole):
        return ()
    touched = {row.code for row in after.scheme.indicators if columns.intersection(row.inputs)}
    for row in rows:
        kinds = {change.kind for change in row.changes if "scores" in change.affects}
        if kinds:
            touched |= _reached(after, row.after, kinds)
            gone = {pairs.rows.get(code, "") for code in _reached(before, row.before, set())}
            touched |= gone if kinds & {"removed", "moved"} else set()
    for code in tuple(touched - {""}):
        touched |= {above.code for above in after.scheme.above(code)}
    return tuple(_highest(after.scheme.root, touched, set(pairs.rows.values())))


def _reached(side: SchemeFacts, code: str, kinds: set[str]) -> set[str]:
    """Return the row, the headings above it, and the rows below that the change reaches as well."""
    if not code:
        return set()
    row = side.scheme.row(code)
    found = {code, *(above.code for above in side.scheme.above(code))}
    if isinstance(row, Group) and kinds & _INHERITED:
        found |= {below.code for below in walk(row)}
    elif isinstance(row, Group) and "combine" in kinds:  # where points left out below are converted back
        found |= {child.code for child in row.children}
    return found


def _highest(row: Row, touched: set[str], known: set[str]) -> Iterator[str]:
    """Yield the highest rows that no change touched; one that is new was made in no way before."""
    if row.code not in touched and row.code in known:
        yield row.code
    elif row.code in touched:
        for child in row.children if isinstance(row, Group) else ():
            yield from _highest(child, touched, known)


_INHERITED = {"missing", "not-applicable", "publish"}
_OF_COLUMNS = {"measured", "merging"}
_FAMILY = {
    "weight": "max",
    "scale": "measure",
    "combine": "measure",
    "not-applicable": "missing",
    "converts": "missing",
}
_REASONS: Mapping[str, str] = {
    "unit": say("units of another kind are scored"),
    "merged": say("units that merge are scored otherwise"),
    "pools": say("units are compared in other pools"),
    "uses": say("a rule comes from another package"),
    "measured": say("figures are measured in another unit"),
    "merging": say("figures of units that merge count otherwise"),
    "added": say("rows are new"),
    "removed": say("rows are gone"),
    "moved": say("rows stand under another heading"),
    "max": say("points or weights changed"),
    "measure": say("rows are scored otherwise"),
    "missing": say("cells without a figure count otherwise"),
    "publish": say("scores are published otherwise"),
    "evidence": say("a row without its evidence counts otherwise"),
    "rank": say("ranks are made otherwise"),
    "levels": say("levels are earned otherwise"),
}
