"""What a comparison of two schemes found: frozen values, in words that can be said in either language."""

from __future__ import annotations

from typing import Any, Literal

from attrs import evolve, frozen

from ictindex.messages import in_language, say

Effect = Literal["scores", "ranks", "levels"]
Match = Literal["code", "was", "name", ""]


@frozen(kw_only=True)
class Change:
    """One thing that is different: its kind, what it is about in words, what it was before and what it is now.

    `affects` says what can no longer be compared because of it; empty where scores, ranks and levels stay as they are.
    """

    kind: str
    code: str  # of the row or input, empty for the whole scheme
    about: str
    before: str = ""
    after: str = ""
    more: str = ""
    affects: tuple[Effect, ...] = ()

    @property
    def words(self) -> str:
        """The change in one sentence."""
        if not (self.before or self.after):
            return self.about
        if not self.before:
            text = say("{about}: {after}", about=self.about, after=self.after)
        elif not self.after:
            text = say("{about}: {before}", about=self.about, before=self.before)
        else:
            text = say("{about}: {before} → {after}", about=self.about, before=self.before, after=self.after)
        return say("{change}, {more}", change=text, more=self.more) if self.more else text

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the change as plain data, its words in a language."""
        said = {name: in_language(getattr(self, name), language) or None for name in ("words", "before", "after")}
        return {"kind": self.kind, "code": self.code or None, **said, "affects": list(self.affects)}


@frozen(kw_only=True)
class RowDifference:
    """One row in both schemes, or in one of them.

    `before` and `after` are its codes, empty where it is not there; `matched_by` says how the two were found to be the
    same: by their code, by `was`, or by nothing but their name.
    """

    before: str
    after: str
    name: str
    depth: int
    matched_by: Match
    changes: tuple[Change, ...] = ()

    @property
    def code(self) -> str:
        """The code to speak of: today's, or the last one."""
        return self.after or self.before

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the row as plain data."""
        return {
            "before": self.before or None,
            "after": self.after or None,
            "name": self.name,
            "matched_by": self.matched_by or None,
            "changes": [one.to_dict(language) for one in self.changes],
        }


@frozen(kw_only=True)
class StatusChange:
    """Numbers and rules that have another status now: `places` are the row of each and its key there."""

    before: str
    after: str
    places: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return {
            "before": self.before,
            "after": self.after,
            "places": [{"code": code, "key": key} for code, key in self.places],
        }


@frozen(kw_only=True)
class Side:
    """One of the two schemes: which one it is, and how many of its numbers have each status."""

    scheme: str
    title: str
    edition: int
    revision: int
    variant: str
    overlay: str  # who laid something over the scheme, empty where nobody did
    sha256: str
    counts: tuple[tuple[str, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the side as plain data."""
        return {
            "scheme": self.scheme,
            "title": self.title,
            "edition": self.edition,
            "revision": self.revision,
            "variant": self.variant or None,
            "overlay": self.overlay or None,
            "sha256": self.sha256,
            "counts": dict(self.counts),
        }


@frozen(kw_only=True)
class Verdict:
    """Whether what one scheme gives may be set beside what the other gives, and why not.

    `unchanged` are the codes, of today, of the highest rows that still give the same points where the whole does not;
    `cautions` are what no comparison of documents can settle.
    """

    scores: bool
    ranks: bool
    levels: bool
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    unchanged: tuple[str, ...]

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the verdict as plain data, its words in a language."""
        return {
            "scores_comparable": self.scores,
            "ranks_comparable": self.ranks,
            "levels_comparable": self.levels,
            "reasons": [in_language(one, language) for one in self.reasons],
            "cautions": [in_language(one, language) for one in self.cautions],
            "unchanged": list(self.unchanged),
        }


def with_headings(rows: tuple[RowDifference, ...]) -> tuple[RowDifference, ...]:
    """Return the rows that differ, each with the headings above it."""
    kept: list[RowDifference] = []
    depth = 0
    for row in reversed(rows):
        if row.changes or row.depth < depth:
            kept.append(row)
            depth = row.depth
    return tuple(reversed(kept))


def _no_notes(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(one for one in changes if one.kind != "notes")


@frozen(kw_only=True)
class Differences:
    """What changed from one scheme to another.

    `rows` are the rows that differ, with the headings above them; `about` is what changed of the whole, `inputs` of
    the columns, `sources` of the documents. `left_out` is how many notes that changed are not among them.
    """

    before: Side
    after: Side
    verdict: Verdict
    about: tuple[Change, ...]
    rows: tuple[RowDifference, ...]
    inputs: tuple[Change, ...]
    sources: tuple[Change, ...]
    statuses: tuple[StatusChange, ...]
    left_out: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing is different, or nothing but notes that are left out."""
        return not (self.changes or self.statuses)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change, the whole first."""
        rows = (change for row in self.rows for change in row.changes)
        return (*self.about, *rows, *self.inputs, *self.sources)

    def without_notes(self) -> Differences:
        """Return the differences without what notes say, or no longer say."""
        rows = (evolve(row, changes=_no_notes(row.changes)) for row in self.rows)
        brief = evolve(self, about=_no_notes(self.about), rows=with_headings(tuple(rows)))
        return evolve(brief, left_out=len(self.changes) - len(brief.changes))

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return everything as plain data, for JSON, its words in a language."""
        return {
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "verdict": self.verdict.to_dict(language),
            "about": [one.to_dict(language) for one in self.about],
            "rows": [one.to_dict(language) for one in self.rows],
            "inputs": [one.to_dict(language) for one in self.inputs],
            "sources": [one.to_dict(language) for one in self.sources],
            "statuses": [one.to_dict() for one in self.statuses],
            "notes_left_out": self.left_out,
        }
