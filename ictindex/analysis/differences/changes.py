"""What changed in a row, a column or a source: each change in words, with what it affects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from ictindex.analysis.differences.facts import SchemeFacts
from ictindex.analysis.differences.results import Change, Effect
from ictindex.annex.policies import Policies
from ictindex.cells import fold, number_text
from ictindex.choices import CELLS
from ictindex.citations import Source
from ictindex.messages import joined, one_of, say
from ictindex.model import Effort, Group, Indicator, Input, InputKind, Row

SCORES: tuple[Effect, ...] = ("scores",)
RANKS: tuple[Effect, ...] = ("ranks",)
LEVELS: tuple[Effect, ...] = ("levels",)
NOBODY, UNSTATED = say("nobody named"), say("not stated")
_TOLD = Policies()
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@frozen
class Compared:
    """Two schemes whose rows and inputs are paired."""

    before: SchemeFacts
    after: SchemeFacts

    def row(self, old: Row, new: Row) -> Iterator[Change]:
        """Yield what changed in a row that both have."""
        yield from self._name(old, new)
        yield from self._place(old, new)
        yield from self._worth(old, new)
        yield from self._rule(old, new)
        yield from self._policies(old, new)
        yield from self._papers(old, new)

    def _name(self, old: Row, new: Row) -> Iterator[Change]:
        if old.code != new.code:
            yield Change(kind="renumbered", code=new.code, about=say("renumbered"), before=old.code, after=new.code)
        if old is self.before.scheme.root or old.name == new.name:
            return
        same = fold(old.name) == fold(new.name)
        kind, about = ("respelt", say("spelt differently")) if same else ("renamed", say("renamed"))
        yield Change(kind=kind, code=new.code, about=about, before=old.name, after=new.name)

    def _place(self, old: Row, new: Row) -> Iterator[Change]:
        if self.before.heading(old) != self.after.heading(new):
            one, other = (side.scheme.above(row.code)[0] for side, row in ((self.before, old), (self.after, new)))
            about = say("stands under another heading")
            yield Change(kind="moved", code=new.code, about=about, before=one.code, after=other.code, affects=SCORES)

    def _worth(self, old: Row, new: Row) -> Iterator[Change]:
        """Yield what changed of the points and the weight, and else of the share in the heading."""
        of_total = _of_total(self.before.of_total(old), self.after.of_total(new))
        told = (old.role, old.max) != (new.role, new.max)
        if told:
            one, other, about = worth_words(old), worth_words(new), say("points")
            yield Change(kind="max", code=new.code, about=about, before=one, after=other, more=of_total, affects=SCORES)
        weights = [self.before.weight(old), self.after.weight(new)]
        if weights[0] != weights[1] and None not in weights:
            one, other = (number_text(weight) for weight in weights if weight is not None)
            more, about = "" if told else of_total, say("weight")
            yield Change(kind="weight", code=new.code, about=about, before=one, after=other, more=more, affects=SCORES)
            told = True
        if not told:
            yield from self._share(old, new)

    def _share(self, old: Row, new: Row) -> Iterator[Change]:
        """Yield that rows beside it changed what a row is worth, told where that begins."""
        shares = [self.before.share(old), self.after.share(new)]
        totals = [self.before.of_total(old), self.after.of_total(new)]
        if None in shares or shares[0] == shares[1]:
            return
        about = say("share of its heading")
        if None not in totals:
            about, shares = say("share of the total"), totals
        one, other = (_percent(share) for share in shares if share is not None)
        if one != other:
            yield Change(kind="share", code=new.code, about=about, before=one, after=other)

    def _rule(self, old: Row, new: Row) -> Iterator[Change]:
        """Yield what changed of the measure and the scale, or of how a heading joins its rows."""
        if self.before.kind(old) != self.after.kind(new):
            yield self._re_ruled("measure", new, self._parts(old, new, now=False), self._parts(old, new, now=True))
            return
        if isinstance(old, Indicator) and isinstance(new, Indicator):
            one, other = self.before.words.measure(old), self.after.words.measure(new)
            if self.before.measure(old) != self.after.measure(new):
                yield self._re_ruled("measure", new, one, other)
            elif self.before.wording(old) != self.after.wording(new):
                yield Change(kind="wording", code=new.code, about=say("worded otherwise"), before=one, after=other)
        if isinstance(old, Group) and isinstance(new, Group) and old.combine.name != new.combine.name:
            yield self._re_ruled("combine", new, self.before.words.combined(old), self.after.words.combined(new))
        if self.before.scale(old) != self.after.scale(new):
            one, other = (side.words.scale(row) for side, row in ((self.before, old), (self.after, new)))
            yield self._re_ruled("scale", new, one or say("no scale"), other or say("no scale"))

    def _re_ruled(self, kind: str, row: Row, one: str, other: str) -> Change:
        about = say("scored otherwise")
        return Change(kind=kind, code=row.code, about=about, before=one, after=other, affects=SCORES)

    def _parts(self, old: Row, new: Row, *, now: bool) -> str:
        """Return how one of the two rows is scored, with its parts; a part that is scored as the other row says so."""
        side, row = (self.after, new) if now else (self.before, old)
        rest, other = (self.before, old) if now else (self.after, new)
        if not isinstance(row, Group) or not row.parts:
            return side.words.rule(row)
        parts = []
        for one in row.children:
            same = (side.measure(one), side.scale(one)) == (rest.measure(other), rest.scale(other))
            how = (say("as before") if now else say("as now")) if same else side.words.rule(one)
            worth = "" if row.combine.name == "mean" else worth_words(one)
            told = joined((worth, how), ", ")
            parts.append(say("{code} {name} ({how})", code=one.code, name=one.name, how=told))
        return say("{how}: {parts}", how=side.words.how(row), parts=joined(parts, "; "))

    def _policies(self, old: Row, new: Row) -> Iterator[Change]:
        """Yield what changed of the policies, each where it begins and not again at every row below."""
        above = self._headings(old, new)
        abouts = {"missing": say("missing figures"), "not-applicable": say("what does not apply")}
        told = False
        for place, (kind, about) in enumerate(abouts.items()):
            now = self.before.policies(old)[place], self.after.policies(new)[place]
            over = above and (self.before.policies(above[0])[place], self.after.policies(above[1])[place])
            if now[0] != now[1] and now != over:
                one, other = CELLS[now[0]], CELLS[now[1]]
                yield Change(kind=kind, code=new.code, about=about, before=one, after=other, affects=SCORES)
                told = True
        converts = self.before.converts(old), self.after.converts(new)
        if above and not told and converts[0] != converts[1]:
            about = (
                say("what is left out below is now converted back here")
                if converts[1]
                else say("what is left out below is no longer converted back here")
            )
            yield Change(kind="converts", code=new.code, about=about, affects=SCORES)
        yield from self._published(old, new, above)

    def _headings(self, old: Row, new: Row) -> tuple[Row, Row] | None:
        above = self.before.scheme.above(old.code), self.after.scheme.above(new.code)
        return (above[0][0], above[1][0]) if above[0] and above[1] else None

    def _published(self, old: Row, new: Row, above: tuple[Row, Row] | None) -> Iterator[Change]:
        """Yield what changed of publication, ranks and levels."""
        if old.publish != new.publish and not (above and (old.publish, new.publish) == _both(above, "publish")):
            one, other = (_TOLD.publication("", row.publish) for row in (old, new))
            about = say("published")
            yield Change(kind="publish", code=new.code, about=about, before=one, after=other, affects=SCORES)
        ranks = self.before.ranks(old), self.after.ranks(new)
        if ranks[0] != ranks[1] and not (above and (old.rank, new.rank) == _both(above, "rank")):
            one, other = (_TOLD.ranks("", row.rank) for row in (old, new))
            banded = any(row.levels for side in (self.before, self.after) for row in side.scheme.rows())
            affects = RANKS + LEVELS if old.rank.on != new.rank.on and banded else RANKS  # levels too are made on it
            yield Change(kind="rank", code=new.code, about=say("ranks"), before=one, after=other, affects=affects)
        if self.before.levels(old) != self.after.levels(new):
            one, other = (_TOLD.levels("", row.levels) if row.levels else say("none") for row in (old, new))
            yield Change(kind="levels", code=new.code, about=say("levels"), before=one, after=other, affects=LEVELS)

    def _papers(self, old: Row, new: Row) -> Iterator[Change]:
        """Yield what changed of evidence, suppliers, verifiers, the counts of the source, and notes."""
        one, other = (_TOLD.evidence("", "", row.evidence) if row.evidence else say("none") for row in (old, new))
        if fold(one) != fold(other):
            affects = SCORES if self.before.without(old) != self.after.without(new) else ()
            about = say("evidence")
            yield Change(kind="evidence", code=new.code, about=about, before=one, after=other, affects=affects)
        if old.effort != new.effort:
            one, other = (say("none") if row.effort is None else _effort(row.effort) for row in (old, new))
            yield Change(kind="effort", code=new.code, about=say("effort"), before=one, after=other)
        people = (
            ("data-from", say("data from"), old.data_from, new.data_from),
            ("verified-by", say("verified by"), old.verified_by, new.verified_by),
        )
        for kind, about, one, other in people:
            if fold(one) != fold(other):
                yield Change(kind=kind, code=new.code, about=about, before=one or NOBODY, after=other or NOBODY)
        if isinstance(old, Group) and isinstance(new, Group):
            counts = [(row.stated_rows, row.stated_criteria) for row in (old, new)]
            if counts[0] != counts[1]:
                one, other = (joined((str(each) for each in both if each is not None), ", ") for both in counts)
                about = say("rows and criteria that the source counts")
                yield Change(kind="counts", code=new.code, about=about, before=one or UNSTATED, after=other or UNSTATED)
        if old is not self.before.scheme.root:
            yield from noted(new.code, old.notes, new.notes)


def _effort(effort: Effort) -> str:
    return say("{number}, {source}", number=number_text(effort.number), source=effort.citation.told())


def noted(code: str, before: str, after: str) -> Iterator[Change]:
    """Yield what a note no longer says and what it says now, sentence by sentence."""
    old, new = ({fold(one): one for one in _SENTENCE.split(text.strip()) if one} for text in (before, after))
    gone = " ".join(text for key, text in old.items() if key not in new)
    more = " ".join(text for key, text in new.items() if key not in old)
    if more:
        yield Change(kind="notes", code=code, about=say("the note now says"), after=more)
    if gone:
        yield Change(kind="notes", code=code, about=say("the note no longer says"), before=gone)


def of_input(old: Input, new: Input, summed: bool) -> Iterator[Change]:
    """Yield what changed in a column that both schemes have; `summed`: units that merge add up their figures."""
    code = new.code
    if old.code != code:
        about = say("column of {name}", name=new.name)
        yield Change(kind="recoded", code=code, about=about, before=old.code, after=code)
    if not old.owner and not new.owner and fold(old.name) != fold(new.name):
        about = say("{code} renamed", code=code)
        yield Change(kind="renamed", code=code, about=about, before=old.name, after=new.name)
    if fold(old.unit) != fold(new.unit):
        affects = SCORES if old.unit and new.unit else ()
        about, one, other = say("{code} is measured in", code=code), old.unit or UNSTATED, new.unit or UNSTATED
        yield Change(kind="measured", code=code, about=about, before=one, after=other, affects=affects)
    bounds = [(one.kind, one.low, one.high) for one in (old, new)]
    forms = [(one.kind, [case.code for case in one.cases]) for one in (old, new)]
    # The rule of its row tells the bounds of a column, but not that codes were typed where now stand numbers.
    if forms[0] != forms[1] or (bounds[0] != bounds[1] and not (old.owner and new.owner)):
        about = say("{code} takes", code=code)
        yield Change(kind="bounds", code=code, about=about, before=_cells(old), after=_cells(new))
    merging = [(one.additive is not False, one.weighted_by) for one in (old, new)]
    if merging[0] != merging[1]:
        about = say("{code} counts otherwise where units merge", code=code)
        yield Change(kind="merging", code=code, about=about, affects=SCORES if summed else ())


def of_source(old: Source, new: Source) -> Iterator[Change]:
    """Yield that what is said of a source changed."""
    about = [(one.date, one.until, one.url, one.page) for one in (old, new)]
    if about[0] != about[1]:
        one, other = (joined(each, ", ") or UNSTATED for each in about)
        named = say("{code} {title}", code=new.code, title=new.title)
        yield Change(kind="source", code=new.code, about=named, before=one, after=other)


def worth_words(row: Row) -> str:
    """Return what a row is worth."""
    points = number_text(row.max)
    if row.role == "max":
        return say("max {points}", points=points)
    return say("bonus {points}", points=points) if row.role == "bonus" else say("deduct {points}", points=points)


def _both(rows: tuple[Row, Row], name: str) -> tuple[object, object]:
    return getattr(rows[0], name), getattr(rows[1], name)


def _of_total(before: Fraction | None, after: Fraction | None) -> str:
    if before is None or after is None:
        return ""
    if before == after:
        return say("still {share} of the total", share=_percent(before))
    return say("{before} → {after} of the total", before=_percent(before), after=_percent(after))


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.4g}%"


def _cells(one: Input) -> str:
    kinds = {
        InputKind.COUNT: say("a whole number"),
        InputKind.AMOUNT: say("a number"),
        InputKind.YES_NO: say("yes or no"),
        InputKind.CHOICE: one_of(case.code for case in one.cases),
        InputKind.POINTS: say("points"),
    }
    low = "" if one.low is None else say("at least {low}", low=number_text(one.low))
    high = "" if one.high is None else say("at most {high}", high=number_text(one.high))
    return joined((kinds[one.kind], low, high), ", ")
