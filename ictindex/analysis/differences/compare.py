"""Two schemes compared: the rows that differ, what changed of the whole, the columns, the sources and the statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from ictindex.analysis.differences.changes import (
    RANKS,
    SCORES,
    UNSTATED,
    Compared,
    noted,
    of_input,
    of_source,
    worth_words,
)
from ictindex.analysis.differences.facts import SchemeFacts
from ictindex.analysis.differences.pairs import Pairs, pairs_of
from ictindex.analysis.differences.results import Change, Differences, RowDifference, Side, StatusChange, with_headings
from ictindex.analysis.differences.verdict import verdict_of
from ictindex.annex.policies import Policies
from ictindex.annex.words import Words
from ictindex.cells import fold
from ictindex.choices import MERGED
from ictindex.citations import Status
from ictindex.messages import joined, say
from ictindex.model import Group, Row, Rule, Scheme
from ictindex.registry import Vocabulary

_TOLD = Policies()


def differences(before: Scheme, after: Scheme, vocabulary: Vocabulary) -> Differences:
    """Return what changed from one scheme to another. The other way round, added is removed and before is after."""
    pairs = pairs_of(before, after)
    back = {new: old for old, new in pairs.rows.items()}
    columns = {new: old for old, new in pairs.inputs.items()}
    one = SchemeFacts(before, Words(before, vocabulary), {code: code for code in pairs.rows}, _same(pairs.inputs))
    other = SchemeFacts(after, Words(after, vocabulary), back, columns)
    found = _Comparison(Compared(one, other), pairs, back)
    rows = tuple(found.rows())
    about, inputs = tuple(found.about()), tuple(found.inputs())
    return Differences(
        before=_side(before),
        after=_side(after),
        verdict=verdict_of(one, other, pairs, (*about, *inputs), rows),
        about=about,
        rows=with_headings(rows),
        inputs=inputs,
        sources=tuple(_sources(before, after)),
        statuses=tuple(_statuses(before, after, pairs)),
    )


def _same(pairs: Mapping[str, str]) -> dict[str, str]:
    return {code: code for code in pairs}


def _side(scheme: Scheme) -> Side:
    laid = scheme.overlay
    return Side(
        scheme=scheme.id,
        title=scheme.title,
        edition=scheme.edition,
        revision=scheme.revision,
        variant=scheme.variant,
        overlay=joined((laid.by, laid.date), ", ") or laid.path if laid else "",
        sha256=scheme.sha256,
        counts=tuple((str(status), scheme.count(status)) for status in Status),
    )


@frozen
class _Comparison:
    """Walks both schemes at once. `back` names the row of the first scheme by the code in the second."""

    compared: Compared
    pairs: Pairs
    back: Mapping[str, str]

    @property
    def before(self) -> SchemeFacts:
        return self.compared.before

    @property
    def after(self) -> SchemeFacts:
        return self.compared.after

    def rows(self) -> Iterator[RowDifference]:
        """Yield every row of both schemes, in today's order; a removed one behind its last brother that stayed."""
        yield from self._row(self.after.scheme.root, 0)

    def _row(self, new: Row, depth: int) -> Iterator[RowDifference]:
        if new.code not in self.back:
            yield self._added(new, depth)
        else:
            old = self.before.scheme.row(self.back[new.code])
            yield RowDifference(
                before=old.code,
                after=new.code,
                name=new.name,
                depth=depth,
                matched_by=self.pairs.matched_by[old.code],
                changes=tuple(self.compared.row(old, new)),
            )
        both = new.code in self.back
        for child in new.children if isinstance(new, Group) else ():
            if not (both and child.code not in self.back and self._split(new)):
                yield from self._row(child, depth + 1)
        if both and not self._split(new):
            old = self.before.scheme.row(self.back[new.code])
            for gone in old.children if isinstance(old, Group) else ():
                yield from self._removed(gone, depth + 1)

    def _added(self, new: Row, depth: int) -> RowDifference:
        affects = SCORES if self._counts(self.after, new) else ()
        change = Change(kind="added", code=new.code, about=say("new"), after=_brief(self.after, new), affects=affects)
        return RowDifference(before="", after=new.code, name=new.name, depth=depth, matched_by="", changes=(change,))

    def _removed(self, old: Row, depth: int) -> Iterator[RowDifference]:
        """Yield the rows that are gone; what moved elsewhere from under them is told there."""
        if old.code in self.pairs.rows:
            return
        affects, about = SCORES if self._counts(self.before, old) else (), say("gone")
        change = Change(kind="removed", code=old.code, about=about, before=_brief(self.before, old), affects=affects)
        yield RowDifference(before=old.code, after="", name=old.name, depth=depth, matched_by="", changes=(change,))
        for child in old.children if isinstance(old, Group) else ():
            yield from self._removed(child, depth + 1)

    def _split(self, new: Row) -> bool:
        """Return whether a criterion is made of parts in one of the schemes only: its rule tells the parts."""
        old = self.before.scheme.row(self.back[new.code])
        return {self.before.kind(old), self.after.kind(new)} == {"criterion", "parts"}

    def _counts(self, side: SchemeFacts, row: Row) -> bool:
        """Return whether anything changes with the row: one worth 0 is shown and counts nowhere that points add up."""
        above = side.scheme.above(row.code)
        plain = not above or above[0].combine.name in ("sum", "capped", "mean", "geometric", "none")
        return not (plain and not row.max and row.role == "max" and not isinstance(row, Group))

    def about(self) -> Iterator[Change]:
        """Yield what changed of the whole."""
        old, new = self.before.scheme, self.after.scheme
        if old.unit != new.unit:
            about = say("who is scored")
            yield Change(kind="unit", code="", about=about, before=old.unit, after=new.unit, affects=SCORES)
        years = (
            ("edition", say("edition"), str(old.edition), str(new.edition)),
            ("data-year", say("data of the year"), _year(old.data_year), _year(new.data_year)),
            ("revision", say("revision"), str(old.revision), str(new.revision)),
        )
        for kind, about, one, other in years:
            if one != other:
                yield Change(kind=kind, code="", about=about, before=one, after=other)
        if old.merged != new.merged:
            one, other, about = MERGED[old.merged], MERGED[new.merged], say("units that merge")
            yield Change(kind="merged", code="", about=about, before=one, after=other, affects=SCORES)
        if old.self_scored != new.self_scored:
            about = (
                say("units now score themselves too") if new.self_scored else say("units no longer score themselves")
            )
            yield Change(kind="self-scored", code="", about=about)
        if old.unit_list != new.unit_list:
            about = say("list of units")
            yield Change(kind="unit-list", code="", about=about, before=old.unit_list, after=new.unit_list)
        if old.reasons != new.reasons:
            before, after = (joined((one.name for one in scheme.reasons), ", ") for scheme in (old, new))
            about = say("reasons to change a declared figure")
            yield Change(kind="reasons", code="", about=about, before=before, after=after)
        yield from self._pools()
        yield from self._packages()
        yield from noted("", old.notes, new.notes)

    def _pools(self) -> Iterator[Change]:
        old, new = self.before.scheme.pools, self.after.scheme.pools
        facts = [pools and (fold(pools.by), {(one.code, one.ranked) for one in pools.pools}) for pools in (old, new)]
        if facts[0] == facts[1]:
            return
        one, other = (_TOLD.pools(pools) if pools else say("all units are one pool") for pools in (old, new))
        within = any(
            row.scale and _pooled(row.scale) for side in (self.before, self.after) for row in side.scheme.rows()
        )
        affects = SCORES if within else RANKS
        yield Change(kind="pools", code="", about=say("pools"), before=one, after=other, affects=affects)

    def _packages(self) -> Iterator[Change]:
        old, new = dict(self.before.scheme.uses), dict(self.after.scheme.uses)
        for prefix in old.keys() & new.keys():
            if old[prefix] != new[prefix]:
                one, other, about = old[prefix], new[prefix], say("the package of {prefix}", prefix=prefix)
                yield Change(kind="uses", code="", about=about, before=one, after=other, affects=SCORES)

    def inputs(self) -> Iterator[Change]:
        """Yield what changed among the columns of a table."""
        old, new = self.before.scheme, self.after.scheme
        summed = "sum-of-inputs" in (old.merged, new.merged)
        for one, other in self.pairs.inputs.items():
            yield from of_input(old.input(one), new.input(other), summed)
        for gone in old.inputs:
            if gone.code not in self.pairs.inputs:
                about = say("the column {code} is gone", code=gone.code)
                yield Change(kind="column-removed", code=gone.code, about=about, before=gone.name)
        known = set(self.pairs.inputs.values())
        for more in new.inputs:
            if more.code not in known:
                about = say("the column {code} is new", code=more.code)
                yield Change(kind="column-added", code=more.code, about=about, after=more.name)


def _pooled(scale: Rule) -> bool:
    """Return whether a scale may look at the units of the same pool only."""
    relative = scale.name in ("min-max", "z-score", "of-best") or "." in scale.name
    return bool(scale.get("over", "pool" if relative else "all") == "pool")


def _year(year: int | None) -> str:
    return UNSTATED if year is None else str(year)


def _brief(side: SchemeFacts, row: Row) -> str:
    """Return what a row is worth and how it is scored."""
    return joined((worth_words(row), side.words.rule(row)), "; ")


def _sources(before: Scheme, after: Scheme) -> Iterator[Change]:
    old, new = ({fold(one.title): one for one in scheme.sources} for scheme in (before, after))
    for title, one in old.items():
        if title in new:
            yield from of_source(one, new[title])
        else:
            about = say("{code} is no longer a source", code=one.code)
            yield Change(kind="source-removed", code=one.code, about=about, before=one.title)
    for title, one in new.items():
        if title not in old:
            about = say("{code} is a new source", code=one.code)
            yield Change(kind="source-added", code=one.code, about=about, after=one.title)


def _statuses(before: Scheme, after: Scheme, pairs: Pairs) -> Iterator[StatusChange]:
    """Yield which numbers and rules of both have another status, those of one change together."""
    old = {(pairs.rows[one.at], one.key): one for one in before.statements if one.at in pairs.rows}
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for now in after.statements:
        was = old.get((now.at, now.key))
        if was is not None and was.citation.status is not now.citation.status:
            change = str(was.citation.status), str(now.citation.status)
            groups.setdefault(change, []).append((now.at, now.key))
    for (one, other), places in groups.items():
        yield StatusChange(before=one, after=other, places=tuple(places))
