"""The answer: statistics of the indicators and groups of a result."""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from ictindex.analysis.statistics import page
from ictindex.analysis.statistics.parts import Correlation, GroupStatistics, IndicatorStatistics
from ictindex.answer import Answer, columns_of
from ictindex.messages import say
from ictindex.model import TOTAL
from ictindex.pages import Lines, Page, Section

FEW = 3
"""With fewer units than so many for each indicator, the handbook's statistics are unsteady."""


@frozen(kw_only=True)
class Statistics(Answer):
    """Statistics of the indicators and groups at and below `group`, a heading of the total or the total itself.

    They are of the `units` that have a score at the total, in all pools or in `pool`. `differs` says whether their
    totals do; where not, nothing has a weight in effect. `pairs` are rows right below the same heading.
    """

    kind: ClassVar[str] = "statistics"
    total: str
    group: str
    group_name: str
    pool: str
    units: int
    differs: bool
    indicators: tuple[IndicatorStatistics, ...]
    groups: tuple[GroupStatistics, ...]
    pairs: tuple[Correlation, ...]

    @property
    def few(self) -> bool:
        """Whether there are too few units for correlations, alpha and components to be steady."""
        return self.units < FEW * len(self.indicators)

    def page(self) -> Page:
        """Return the findings in words, then the tables."""
        said = say("{group}: {indicators} indicators, {units} units", **self._counts())
        if self.pool:
            said = say("{group}: {indicators} indicators, {units} units of {pool}", **self._counts(), pool=self.pool)
        sections = [
            Section("", [Lines((*self._warnings(), *page.findings(self.indicators, self.groups)), bullets=True)]),
            page.weights(self.indicators),
            page.points(self.indicators),
            page.groups(self.groups),
            *page.inside(
                self.groups[0],
                [*self.indicators, *self.groups],
                [one for one in self.pairs if one.heading == self.group],
            ),
        ]
        return Page(said, sections, self.subject.notices_at(self.total))

    def to_columns(self) -> dict[str, list[Any]]:
        """Return a line for each indicator; its flags and what says the same are words with a blank between them."""
        columns = columns_of(self.indicators, IndicatorStatistics)
        lists = {name: [" ".join(getattr(one, name)) for one in self.indicators] for name in ("same_as", "flags")}
        return {**{name: cells for name, cells in columns.items() if name not in lists}, **lists}

    def _counts(self) -> dict[str, Any]:
        name: str = self.group if self.group_name in ("", self.group) else f"{self.group} {self.group_name}"
        if self.group == TOTAL:
            name = self.group_name or page.called(self.group)
        return {"group": name, "indicators": len(self.indicators), "units": self.units}

    def _warnings(self) -> list[str]:
        warnings: list[str] = []
        if self.few:
            warnings.append(
                say(
                    "Few units: {units} for {indicators} indicators. With fewer than {least} for each indicator, "
                    "correlations, alpha and components are unsteady; read them as hints.",
                    units=self.units,
                    indicators=len(self.indicators),
                    least=FEW,
                )
            )
        if not self.differs:
            warnings.append(say("All units have the same total, so no indicator has a weight in effect."))
        return warnings
