"""Which figures of a table are still open, as whoever knows the round says."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from ictindex.cells import CellState
from ictindex.strategies.base import Mask


@frozen
class Asked:
    """What an appeal asks a figure to be; without a `state` it is about the evidence alone.

    `now` is what the figure is and `text` what is asked for, as they would be typed; `evidence`, `since` and `remark`
    are what the round knows of the appeal itself.
    """

    value: float | None = None
    state: CellState | None = None
    now: str = ""
    text: str | None = None
    evidence: str = ""
    since: str | None = None
    remark: str = ""


@frozen(kw_only=True)
class OpenFigures:
    """What is known of the figures of a table beyond the table itself; without a round, nothing.

    `unverified` says by column which units' reported figures nobody verified. `appealed` has the figures, by the
    unit's position and the column, about which nothing was decided since the unit appealed. `decided` are figures that
    were decided and not appealed, so that one which is missing stays so, and `judged` the criteria whose evidence was.
    """

    unverified: Mapping[str, Mask] = field(factory=dict)
    appealed: Mapping[tuple[int, str], Asked] = field(factory=dict)
    decided: frozenset[tuple[int, str]] = frozenset()
    judged: frozenset[tuple[int, str]] = frozenset()
