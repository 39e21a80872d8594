"""What a heading decides besides points, in words: publication, ranks, levels, missing figures, pools, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from ictindex.annex.marks import Marks
from ictindex.cells import number_text
from ictindex.choices import BETWEEN, CELLS, MERGED, PUBLISHED, RANKED_ON, ROUNDED, TIES, WITHOUT
from ictindex.messages import joined, say
from ictindex.model import TOTAL, Evidence, Level, Levels, Policy, Pools, Publication, RankRule


@frozen
class Policies:
    """Tells the policies that are stated at a row; marked by status where the marks do so.

    Rows that a policy looks at are told by their code, and by their name where it is among `names`.
    """

    marks: Marks = field(factory=Marks)
    names: Mapping[str, str] = field(factory=dict)

    def cell(self, at: str, key: str, policy: Policy) -> str:
        """Return what becomes of a cell that is missing, or that does not apply."""
        return self.marks.number(at, key, CELLS[policy])

    def publication(self, at: str, publish: Publication) -> str:
        """Return how scores are printed."""
        decimals = say("decimals: {number}", number=publish.decimals)
        return self.marks.together(
            at,
            [
                ("publish.as", PUBLISHED[publish.scale]),
                ("publish.decimals", decimals),
                ("publish.rounding", ROUNDED[publish.rounding]),
            ],
        )

    def ranks(self, at: str, rank: RankRule) -> str:
        """Return how ranks are made."""
        parts = [("rank.ties", TIES[rank.ties]), ("rank.on", RANKED_ON[rank.on])]
        if rank.then:
            parts.append(("rank.then", say("ties are broken by {rows}", rows=", ".join(map(self._named, rank.then)))))
        return self.marks.together(at, parts)

    def pools(self, pools: Pools) -> str:
        """Return who is compared with whom."""
        if not pools.pools:
            return say("every value of the column '{column}' is a pool", column=pools.by)
        parts = [
            (
                f"pools.{one.code}",
                say("{code} {name}: ranked", code=one.code, name=one.name)
                if one.ranked
                else say("{code} {name}: not ranked", code=one.code, name=one.name),
            )
            for one in pools.pools
        ]
        listed = self.marks.together(TOTAL, parts)
        return say("by the column '{column}': {pools}", column=pools.by, pools=listed)

    def merged(self, merged: str) -> str:
        """Return what becomes of units that stand in several rows of a table."""
        return self.marks.number(TOTAL, "merged", MERGED[merged])

    def levels(self, at: str, levels: Levels) -> str:
        """Return the bands, the best first, with their gates."""
        bands = joined((self._level(at, one) for one in levels.levels), "; ")
        if levels.between == "lower" and not any(one.upper is not None for one in levels.levels):
            return bands
        between = self.marks.number(at, "between-levels", BETWEEN[levels.between])
        return joined((bands, between), "; ")

    def _level(self, at: str, level: Level) -> str:
        upper = level.upper
        if upper is None:
            bound = _bound(level.lower, level.of_max)
        else:
            low, high = (_bound(end, level.of_max) for end in (level.lower, upper))
            bound = say("{low} to {high}", low=low, high=high)
        told = self.marks.number(at, f"levels.{level.name}", bound)
        band = (
            say("{level} from {bound}", level=level.name, bound=told)
            if upper is None
            else say("{level} {bound}", level=level.name, bound=told)
        )
        if not level.only_if:
            return band
        gates = joined((self._gate(at, level.name, *gate) for gate in level.only_if), ", ")
        return say("{level} (only with {gates})", level=band, gates=gates)

    def _gate(self, at: str, level: str, code: str, points: Fraction) -> str:
        told = self.marks.number(at, f"levels.{level}.only-if.{code}", number_text(points))
        return say("{points} or more in {row}", points=told, row=self._named(code))

    def _named(self, code: str) -> str:
        return f"{code} {self.names.get(code, '')}".strip()

    def evidence(self, at: str, key: str, evidence: Evidence) -> str:
        """Return what a unit must show and by when; `key` is where it is stated at a row."""
        ask = evidence.ask
        if evidence.due:
            ask = say("{what}, by {due}", what=ask, due=evidence.due)
        without = self.marks.number(at, f"{key}.without", WITHOUT[evidence.without])
        return say("{evidence}; {without}", evidence=ask, without=without) if ask else without


def _bound(number: Fraction, of_max: bool) -> str:
    return f"{number_text(number * 100)}%" if of_max else number_text(number)
