"""A plan that scores one unit at a time beside whole tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from ictindex.plan import Plan

if TYPE_CHECKING:
    from ictindex.single.score import UnitScore
    from ictindex.single.scorer import Reference, Scorer


@frozen(eq=False)
class CompiledScheme(Plan):
    """A scheme compiled once, to score many tables, or one unit after the other (`single`, `score_one`)."""

    @classmethod
    def of(cls, plan: Plan) -> CompiledScheme:
        """Return the plan with what scores one unit."""
        return cls(plan.scheme, plan.nodes, plan.stages, plan.arithmetic)

    def score_one(
        self,
        inputs: Mapping[str, Any],
        *,
        reference: Reference | None = None,
        decimal: Literal["", "point", "comma"] = "",
    ) -> UnitScore:
        """Return what one unit earns, with the same bits as in a table of it; see `Scorer.score`.

        `inputs` are its cells by code: numbers, words, texts as they are typed; None, an empty text or no entry is a
        missing cell. Schemes that compare units need a `reference`: an earlier result, or what was learned of units.
        """
        return self.single(reference, decimal=decimal).score(inputs)

    def single(self, reference: Reference | None = None, *, decimal: Literal["", "point", "comma"] = "") -> Scorer:
        """Return what scores one unit after the other; it is prepared once for each reference that is in use.

        Raises WrongUse where the scheme compares units and there is no reference, or it is of another scheme.
        """
        made = self._scorers.get(decimal)
        if made is None or made.reference is not reference:
            from ictindex.single.scorer import Scorer

            made = self._scorers[decimal] = Scorer(self, reference, decimal=decimal)
        return made

    @cached_property
    def _scorers(self) -> dict[str, Scorer]:
        """The last scorer for each sign before decimals."""
        return {}
