"""A scheme as the annex of a decision: head, policies, a row for each line of the paper table, footnotes, columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from attrs import frozen

from ictindex.annex.columns import Column, columns_of
from ictindex.annex.marks import Footnote, Marked, Marks
from ictindex.annex.measures import edges
from ictindex.annex.policies import Policies
from ictindex.annex.words import Words
from ictindex.cells import number_text
from ictindex.citations import Source, Status
from ictindex.messages import in_language, joined, say
from ictindex.model import Group, Indicator, Row, Scheme
from ictindex.registry import Vocabulary

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\|]+")
Kind = Literal["total", "heading", "criterion", "part"]


@frozen
class Fact:
    """Something that holds for the whole scheme: what it is about, and the words. A `long` one needs its own line."""

    about: str
    words: str
    long: bool = False


@frozen(kw_only=True)
class AnnexRow:
    """A line of the table. Texts in it are marked by status; what a row does not have is empty.

    `depth` is 0 for the whole, `how` says how it is scored, `sources` are the places that its cited numbers come from.
    """

    depth: int
    kind: Kind
    code: str
    name: str
    en: str
    role: Literal["max", "bonus", "deduct"]
    max: str
    informational: bool
    weight: str
    combine: str
    how: str
    levels: str
    evidence: str
    effort: str
    data_from: str
    verified_by: str
    sources: tuple[str, ...]
    remarks: tuple[str, ...]
    notes: str

    @property
    def short(self) -> str:
        """What the row is worth, in a column headed `max`."""
        return self.max if self.role == "max" and not self.informational else self.worth

    @property
    def scored(self) -> tuple[str, ...]:
        """How it is scored, with its levels and remarks, a line each."""
        return self.how, self.levels, *self.remarks, say("note: {words}", words=self.notes) if self.notes else ""

    @property
    def people(self) -> tuple[str, ...]:
        """Where its numbers are cited from, who supplies the figures, who verifies them, and what it takes."""
        data = say("data from: {who}", who=self.data_from) if self.data_from else ""
        verified = say("verified by: {who}", who=self.verified_by) if self.verified_by else ""
        return *self.sources, data, verified, self.effort

    @property
    def worth(self) -> str:
        """What the row is worth, in words: its most points, a bonus, a deduction; empty where rows stay apart."""
        if not self.max:
            return ""
        if self.informational:
            return say("{points}, informational", points=self.max)
        if self.role == "max":
            return say("max {points}", points=self.max)
        return (
            say("bonus {points}", points=self.max) if self.role == "bonus" else say("deduct {points}", points=self.max)
        )


@frozen(kw_only=True)
class Annex:
    """One scheme as the annex of a decision. Every text in it can be said in each language of the messages."""

    scheme: Scheme
    facts: tuple[Fact, ...]
    policies: tuple[Fact, ...]
    rows: tuple[AnnexRow, ...]
    columns: tuple[Column, ...]
    footnotes: tuple[Footnote, ...]

    @property
    def counts(self) -> dict[Status, int]:
        """How many numbers and rules have each status."""
        return {status: self.scheme.count(status) for status in Status}

    @property
    def counted(self) -> str:
        """The counts in words; a scheme with assumed numbers is provisional."""
        counts = self.counts
        parts = {"total": sum(counts.values()), **{str(status): count for status, count in counts.items()}}
        if not counts[Status.ASSUMED]:
            return say("{total} numbers and rules: {cited} are cited, {derived} derived, none assumed", **parts)
        return say(
            "PROVISIONAL: {assumed} of {total} numbers and rules are assumed; {derived} are derived, {cited} cited",
            **parts,
        )

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the annex as plain data, its words in a language."""

        def told(text: str) -> str:
            return in_language(text, language)

        return {
            "scheme": self.scheme.id,
            "title": self.scheme.title,
            "en": self.scheme.en or None,
            "provisional": self.scheme.provisional,
            "counts": {str(status): count for status, count in self.counts.items()},
            "facts": [{"about": told(one.about), "words": told(one.words)} for one in self.facts],
            "notes": self.scheme.notes or None,
            "sources": [_source(one) for one in self.scheme.sources],
            "policies": [{"about": told(one.about), "words": told(one.words)} for one in self.policies],
            "rows": [_plain(one, language) for one in self.rows],
            "footnotes": [
                {"number": one.number, "status": str(one.citation.status), "words": one.citation.words}
                for one in self.footnotes
            ],
            "columns": [
                {
                    "column": one.heading,
                    "words": told(one.words),
                    "holds": told(one.holds) or None,
                    "needed": one.needed,
                    "shared": one.shared,
                    "data_from": one.data_from or None,
                    "verified_by": one.verified_by or None,
                    "notes": one.notes or None,
                }
                for one in self.columns
            ],
        }


def annex_of(scheme: Scheme, vocabulary: Vocabulary) -> Annex:
    """Return a scheme as the annex of a decision, each number with its status."""
    maker = _Maker(scheme, Words(scheme, vocabulary, Marks(scheme.statements)))
    policies = tuple(maker.policies())
    rows = tuple(maker.rows(scheme.root, 0))
    columns = columns_of(scheme, maker.marks)
    facts = tuple(_facts(scheme))
    return Annex(
        scheme=scheme,
        facts=facts,
        policies=policies,
        rows=rows,
        columns=columns,
        footnotes=maker.marks.footnotes,
    )


def _facts(scheme: Scheme) -> Iterator[Fact]:
    yield Fact(say("scheme"), scheme.id)
    yield Fact(say("unit"), scheme.unit)
    yield Fact(say("edition"), str(scheme.edition))
    if scheme.data_year is not None:
        yield Fact(say("data of the year"), str(scheme.data_year))
    yield Fact(say("revision"), str(scheme.revision))
    if scheme.variant:
        yield Fact(say("variant"), scheme.variant)
    if scheme.overlay:
        laid = scheme.overlay
        yield Fact(
            say("overlay"),
            joined((laid.by, laid.date, say("revision {number}", number=laid.revision)), ", "),
            long=True,
        )
    if scheme.replaces:
        yield Fact(say("replaces"), scheme.replaces)
    for prefix, package in scheme.uses:
        yield Fact(say("needs the package"), f"{package} ({prefix})", long=True)
    for one in scheme.variants:
        yield Fact(say("has the variant"), f"{one.code}: {one.name}", long=True)
    for revision, words in scheme.history:
        yield Fact(say("revision {number}", number=revision), words, long=True)


@frozen
class _Maker:
    """Makes the rows in the order of the document, so that footnotes are counted as they come up."""

    scheme: Scheme
    words: Words

    @property
    def marks(self) -> Marks:
        return self.words.marks

    @property
    def told(self) -> Policies:
        return Policies(self.marks, {row.code: row.name for row in self.scheme.rows()})

    def policies(self) -> Iterator[Fact]:
        """Yield the choices that hold for the whole scheme."""
        scheme, root, told = self.scheme, self.scheme.root, self.told
        yield Fact(say("missing figures"), told.cell(root.code, "missing", root.missing or "refuse"))
        yield Fact(say("what does not apply"), told.cell(root.code, "not-applicable", root.not_applicable or "refuse"))
        yield Fact(say("published"), told.publication(root.code, root.publish))
        yield Fact(say("ranks"), told.ranks(root.code, root.rank))
        if scheme.pools:
            yield Fact(say("pools"), told.pools(scheme.pools))
        if scheme.merged != "refuse" or self.marks.citation(root.code, "merged"):
            yield Fact(say("merged units"), told.merged(scheme.merged))
        if scheme.self_scored:
            yield Fact(say("self-scored"), say("columns `CODE.self` stand beside the verified ones"))
        if scheme.unit_list:
            yield Fact(say("list of units"), scheme.unit_list)
        if scheme.reasons:
            reasons = (joined((one.code, one.name), " ") for one in scheme.reasons)
            yield Fact(say("reasons to change a declared figure"), joined(reasons, "; "))

    def rows(self, row: Row, depth: int, kind: Kind = "total") -> Iterator[AnnexRow]:
        """Yield the row and the rows below it."""
        yield self._row(row, depth, kind)
        if isinstance(row, Group):
            for child in row.children:
                heading = isinstance(child, Group) and not child.parts
                below: Kind = "part" if row.parts else "heading" if heading else "criterion"
                yield from self.rows(child, depth + 1, below)

    def _row(self, row: Row, depth: int, kind: Kind) -> AnnexRow:
        apart = isinstance(row, Group) and row.combine.name == "none"
        cited = (one.citation for one in self.scheme.statements if one.at == row.code)
        places = (one.words for one in cited if one.status is Status.CITED)
        return AnnexRow(
            depth=depth,
            kind=kind,
            code=row.code,
            name=row.name,
            en=row.en,
            role=row.role,
            max="" if apart else self.marks.number(row.code, row.role, number_text(row.max)),
            informational=not apart and not row.max,
            weight=self._weight(row),
            combine=row.combine.name if isinstance(row, Group) else "",
            how=self.words.how(row),
            levels=self.told.levels(row.code, row.levels) if row.levels else "",
            evidence=self._evidence(row),
            effort=_effort(row),
            data_from=row.data_from,
            verified_by=row.verified_by,
            sources=tuple(dict.fromkeys(places)),
            remarks=tuple(self._remarks(row)),
            notes="" if row is self.scheme.root else row.notes,
        )

    def _weight(self, row: Row) -> str:
        """Return the weight where it is stated, or where a row beside it has another."""
        above = self.scheme.above(row.code)
        weighs = bool(above) and above[0].combine.name not in ("sum", "capped", "best", "least", "none")
        uneven = weighs and len({child.weight for child in above[0].children}) > 1
        if uneven or self.marks.citation(row.code, "weight"):
            return self.marks.number(row.code, "weight", number_text(row.weight))
        return ""

    def _evidence(self, row: Row) -> str:
        if row.evidence is None:
            return ""
        at, key = row.code, "evidence"
        if self.marks.citation(at, "evidence.without") is None:
            for heading in self.scheme.above(row.code):
                if self.marks.citation(heading.code, "below.evidence.without"):
                    at, key = heading.code, "below.evidence"
                    break
        return self.told.evidence(at, key, row.evidence)

    def _remarks(self, row: Row) -> Iterator[str]:
        """Yield what a row says beyond its rule: counts, policies of its own, the edges of a ratio."""
        yield from self._stated(row)
        root = row is self.scheme.root
        if row.missing and not root:
            yield say("missing figures: {what}", what=self.told.cell(row.code, "missing", row.missing))
        if row.not_applicable and not root:
            told = self.told.cell(row.code, "not-applicable", row.not_applicable)
            yield say("what does not apply: {what}", what=told)
        if isinstance(row, Indicator) and row.measure.name == "ratio":
            stated = {one.key for one in self.scheme.statements if one.at == row.code}
            yield from edges(row.measure, lambda key, text, at=row.code, /: self.marks.number(at, key, text), stated)
        above = self.scheme.above(row.code)
        if above and row.publish != above[0].publish:
            yield say("published {how}", how=self.told.publication(row.code, row.publish))
        if above and row.rank != above[0].rank:
            yield say("ranks: {how}", how=self.told.ranks(row.code, row.rank))
        if row.was:
            yield say("was {code} in the edition before", code=row.was)

    def _stated(self, row: Row) -> Iterator[str]:
        """Yield how many rows the source counts, below a heading or in a criterion."""
        for one in self.scheme.statements:
            if one.at == row.code and one.key in ("rows", "criteria"):
                number = self.marks.number(row.code, one.key, one.text)
                if isinstance(row, Indicator):
                    yield say("the source counts {number} rows in it", number=number)
                elif one.key == "rows":
                    yield say("the source counts {number} rows directly below", number=number)
                else:
                    yield say("the source counts {number} criteria below", number=number)


def source_words(source: Source, *, address: bool = True) -> str:
    """Return a source in words: its title, date and place, and its address where that is wanted."""
    until = say("in force until {date}", date=source.until) if source.until else ""
    place = say("at: {place}", place=source.page) if source.page else ""
    return joined((source.title, source.date, until, place, source.url if address else ""), ", ")


def is_address(text: str) -> bool:
    """Return whether a text is an address that a link may lead to."""
    return _ADDRESS.fullmatch(text) is not None


def _source(source: Source) -> dict[str, str | None]:
    about = {name: getattr(source, name) for name in ("title", "date", "until", "url", "page")}
    return {"code": source.code, **{key: text or None for key, text in about.items()}}


def _plain(row: AnnexRow, language: str) -> dict[str, Any]:
    """Return a row as plain data; a number stands with its status and the number of its footnote."""

    def number(text: str) -> dict[str, Any] | None:
        if not text:
            return None
        if not isinstance(text, Marked):  # a default that nobody needs to state
            return {"value": in_language(text, language), "status": None, "footnote": None}
        return {"value": in_language(text.inner, language), "status": str(text.status), "footnote": text.note or None}

    words = {key: in_language(getattr(row, key), language) or None for key in ("how", "levels", "evidence")}
    return {
        "depth": row.depth,
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "en": row.en or None,
        row.role: number(row.max),
        "weight": number(row.weight),
        **words,
        "effort": in_language(row.effort, language) or None,
        "data_from": row.data_from or None,
        "verified_by": row.verified_by or None,
        "sources": list(row.sources),
        "remarks": [in_language(one, language) for one in row.remarks],
        "notes": row.notes or None,
    }


def _effort(row: Row) -> str:
    if row.effort is None:
        return ""
    number = number_text(row.effort.number)
    return say("effort to full marks: {number} ({source})", number=number, source=row.effort.citation.told())
