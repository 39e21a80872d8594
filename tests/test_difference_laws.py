"""Laws of differences: the same is empty, both ways agree, and what is called comparable scores the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import pytest
from attrs import evolve
from edits import edited, with_row
from hypothesis import given
from hypothesis import strategies as st
from oracle import Refused, Scored, score
from strategies import Cells, schemes, tables
from worked import NAMES, VOCABULARY, build, text_of

import ictindex
from ictindex.analysis.differences.compare import differences
from ictindex.analysis.differences.pairs import Pairs, pairs_of
from ictindex.analysis.differences.report import FORMATS, written
from ictindex.analysis.differences.results import Differences
from ictindex.model import Group, Indicator, Input, InputKind, Scheme

SHIPPED = [ictindex.load_scheme(one.id) for one in ictindex.list_schemes()]
WORKED = [build(text_of(name)) for name in NAMES]
EVERY = [*SHIPPED, *WORKED]
SCORED = [with_row(one, "plugin", lambda _: None) for one in WORKED]  # the plugin of the examples has no kernel


def diff(before: Scheme, after: Scheme) -> Differences:
    return differences(before, after, VOCABULARY)


def pairs() -> st.SearchStrategy[tuple[Scheme, Scheme]]:
    """Draw a scheme, a worked example or a random one, and an edited one."""
    base = st.one_of(st.sampled_from(SCORED), schemes())
    return base.flatmap(lambda one: st.tuples(st.just(one), edited(one)))


@pytest.mark.parametrize("made", EVERY, ids=lambda one: one.id)
def test_a_scheme_does_not_differ_from_itself(made: Scheme) -> None:
    found = diff(made, made)
    assert found.empty and not found.rows
    assert (found.verdict.scores, found.verdict.ranks, found.verdict.levels) == (True, True, True)
    assert not found.verdict.reasons
    assert "Nothing is different." in written(found, "text", "en")


@given(schemes())
def test_no_random_scheme_differs_from_itself(made: Scheme) -> None:
    assert diff(made, made).empty


MIRRORED = {"added": "removed", "removed": "added", "column-added": "column-removed", "column-removed": "column-added"}


def sayings(found: Differences, *, back: bool) -> set[tuple[str, ...]]:
    """Return what is told of rows and columns, turned round where it was looked at from behind."""
    told = set()
    for place, changes in (("row", [one for row in found.rows for one in row.changes]), ("column", found.inputs)):
        for one in changes:
            before, after = (one.after, one.before) if back else (one.before, one.after)
            kind = MIRRORED.get(one.kind, one.kind) if back else one.kind
            if one.kind != "notes":
                told.add((place, kind, str(before), str(after), *one.affects))
    return told


@given(st.data())
def test_both_ways_find_the_same(data: st.DataObject) -> None:
    both = data.draw(pairs())
    there, back = diff(*both), diff(*both[::-1])
    for name in ("scores", "ranks", "levels"):
        assert getattr(there.verdict, name) == getattr(back.verdict, name)
    assert there.before == back.after and there.after == back.before
    rows = {(row.before, row.after, row.matched_by) for row in there.rows if row.changes}
    assert rows == {(row.after, row.before, row.matched_by) for row in back.rows if row.changes}
    assert _without_parts(sayings(there, back=False)) == _without_parts(sayings(back, back=True))


def _without_parts(told: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Leave out the words of parts, which say `as before` one way and `as now` the other."""
    return {one for one in told if not any("(as before)" in each or "(as now)" in each for each in one)}


@given(st.data())
def test_a_change_says_two_different_things_and_every_format_tells_it(data: st.DataObject) -> None:
    found = diff(*data.draw(pairs()))
    for change in found.changes:
        assert change.before != change.after or not change.before, change
    texts = {form: written(found, form, "vi") for form in FORMATS}
    assert all(texts.values())
    codes = {row.code for row in found.rows if row.changes}
    assert all(code in texts["text"] and code in texts["json"] for code in codes)


@given(st.data())
def test_what_is_called_comparable_scores_the_same(data: st.DataObject) -> None:
    before, after = data.draw(pairs())
    found, paired = diff(before, after), pairs_of(before, after)
    rows = data.draw(tables(before, refusals=data.draw(st.booleans())))
    old, new = scored(before, rows), scored(after, translated(before, after, paired, rows))
    verdict = found.verdict
    if verdict.scores and None in (old, new):
        # A row that counts nowhere may refuse a table, and so may a column that takes other figures.
        assert old == new or {change.kind for change in found.changes} & {"added", "removed", "bounds"}
    if old is None or new is None:
        return
    same = paired.rows if verdict.scores else {code: code for code in ()}
    kept = {row.code for code in verdict.unchanged for row in below(after, code)}
    same = {**same, **{code: other for code, other in paired.rows.items() if other in kept}}
    for one, other in zip(old, new, strict=True):
        for code, today in same.items():
            assert one.points[code] == other.points[today], (code, verdict)
            assert one.published[code] == other.published[today]
        if verdict.scores and verdict.ranks:
            assert one.rank == {code: other.rank[paired.rows[code]] for code in one.rank}
        if verdict.scores and verdict.levels:
            assert one.level == {code: other.level[paired.rows[code]] for code in one.level}, found.changes


def below(scheme: Scheme, code: str) -> list[Any]:
    found = [scheme.row(code)]
    for row in found:
        found += row.children if isinstance(row, Group) else ()
    return found


def scored(scheme: Scheme, rows: list[Cells]) -> list[Scored] | None:
    """Return the scores of a table, None where the scheme refuses it."""
    try:
        return score(scheme, rows)
    except Refused:
        return None


def translated(before: Scheme, after: Scheme, paired: Pairs, rows: list[Cells]) -> list[Cells]:
    """Return a table of the scheme before as one of the scheme after: columns renamed, new ones with no figures."""
    names: dict[str, str] = dict(paired.inputs)
    for code, today in paired.rows.items():
        names |= {f"{code}.{end}": f"{today}.{end}" for end in ("score", "excluded", "evidence")}
    if before.pools and after.pools:
        names[before.pools.by] = after.pools.by
    names["unit"] = "unit"
    new: dict[str, Any] = {one.code: None for one in after.inputs if one.code not in set(names.values())}
    if after.pools and not before.pools:
        new[after.pools.by] = "a"
    made = [{**new, **{names[key]: cell for key, cell in row.items() if key in names}} for row in rows]
    for one, row in zip(made, rows, strict=True):
        _choices(before, after, paired, row, one)
    return made


def _choices(before: Scheme, after: Scheme, paired: Pairs, row: Mapping[str, Any], made: dict[str, Any]) -> None:
    """A choice is kept as its position: put it where the case of that code stands now."""
    for code, today in paired.inputs.items():
        old, new = before.input(code), after.input(today)
        if old.kind is InputKind.CHOICE and new.kind is InputKind.CHOICE and isinstance(row.get(code), int):
            made[today] = [case.code for case in new.cases].index(old.cases[int(row[code])].code)


KNOWN_OF_ROWS = {
    "code": "pairs", "name": "renamed", "en": "no effect", "max": "max", "weight": "weight", "role": "max",
    "scale": "scale", "missing": "missing", "not_applicable": "not-applicable", "publish": "publish", "rank": "rank",
    "levels": "levels", "evidence": "evidence", "effort": "effort", "data_from": "data-from",
    "verified_by": "verified-by", "notes": "notes", "was": "pairs", "citation": "statuses", "line": "no effect",
    "measure": "measure",
    "inputs": "measure", "children": "added", "combine": "combine", "parts": "measure", "stated_rows": "counts",
    "stated_criteria": "counts",
}  # fmt: skip
KNOWN_OF_SCHEMES = {
    "id": "named", "title": "named", "en": "no effect", "unit": "unit", "edition": "edition", "data_year": "data-year",
    "revision": "revision", "replaces": "pairs", "history": "no effect", "notes": "notes", "sources": "sources",
    "inputs": "inputs", "root": "rows", "pools": "pools", "merged": "merged", "self_scored": "self-scored",
    "uses": "uses", "variants": "no effect", "variant": "named", "overlay": "named", "statements": "statuses",
    "sha256": "named", "path": "no effect", "unit_list": "unit-list", "unit_list_in": "no effect",
    "reasons": "reasons",
}  # fmt: skip
KNOWN_OF_INPUTS = {
    "code": "recoded", "name": "renamed", "kind": "bounds", "owner": "pairs", "unit": "measured", "low": "bounds",
    "high": "bounds", "cases": "measure", "additive": "merging", "weighted_by": "merging", "data_from": "no effect",
    "verified_by": "no effect", "notes": "no effect", "line": "no effect",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "known"),
    [((Group, Indicator), KNOWN_OF_ROWS), ((Scheme,), KNOWN_OF_SCHEMES), ((Input,), KNOWN_OF_INPUTS)],
)
def test_whoever_adds_a_field_to_the_model_says_what_it_decides(kinds: tuple[Any, ...], known: dict[str, str]) -> None:
    found = {field.name for kind in kinds for field in attrs.fields(kind) if not field.name.startswith("_")}
    assert found == set(known), "tell it in ictindex/analysis/differences, then add it here"


def test_an_edit_that_changes_nothing_is_told_as_nothing() -> None:
    made = SCORED[0]
    found = diff(made, evolve(made, path="elsewhere.yaml", sha256="1" * 64))
    assert found.empty
