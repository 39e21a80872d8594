"""What an analysis of uncertainty finds: how sure the ranks of a result are, and what they depend on."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from attrs import field, frozen

from ictindex.analysis.uncertainty.page import uncertainty_page
from ictindex.analysis.uncertainty.units import UnitRanks, lines_of
from ictindex.answer import Answer, Lines
from ictindex.pages import Page

SURE = 0.95
"""What holds in so many of the draws is taken for sure."""


@frozen(kw_only=True)
class Varied:
    """One thing that was varied: `source` names it, `code` and `name` the heading of weights.

    `spread` is a relative standard deviation (of each of equal weights, or of a figure), `methods` those of which each
    draw took one.
    """

    source: Literal["weights", "normalization", "aggregation", "missing", "noise"]
    code: str = ""
    name: str = ""
    rows: int = 0
    spread: float | None = None
    concentration: float | None = None
    methods: tuple[str, ...] = ()


@frozen(kw_only=True)
class Stability:
    """How the ranking as a whole holds.

    `top` first ones are looked at, in each pool; `published` units are among them. `kept` of these are still among them
    in a draw on average, and at least `kept_sure` in 95 % of the draws. A rank moves by `shift` places on average, and
    in 95 % of the draws by `shift_sure` at most, over all units. Of `neighbours` in the ranking with different ranks,
    `unsure` cannot be told apart: the upper one is ahead in less than 95 % of the draws.
    """

    top: int
    published: int
    kept: float
    kept_sure: int
    shift: float
    shift_sure: float
    neighbours: int
    unsure: int


@frozen(kw_only=True)
class LeftOutIndicator:
    """The ranking without one indicator, its points left out as the scheme leaves points out, in exact numbers.

    Ranks of `units` that have one both ways shift by `shift` places on average and by `most` at most, that of `unit`,
    from `rank` to `becomes`. `kept` of the published first ones are still among them.
    """

    code: str
    name: str
    shift: float
    most: float
    unit: str
    unit_name: str
    rank: float | None
    becomes: float | None
    kept: int
    units: int


@frozen(kw_only=True)
class Effect:
    """Sobol' effects of one thing that was varied on one number.

    `on` is `shift` (how far ranks move on average in a draw) or the code of a unit (its rank). `first` is the share of
    that number's variance that it makes alone, `total` the share that it has a part in; each with the ends of its 90 %
    interval. None where the number never varies.
    """

    on: str
    source: str
    code: str
    name: str
    first: float | None
    first_low: float | None
    first_high: float | None
    total: float | None
    total_low: float | None
    total_high: float | None


@frozen(kw_only=True)
class Reversal:
    """Two units that change places because another one is removed, or is there twice."""

    change: Literal["removed", "doubled"]
    unit: str
    unit_name: str
    ahead: str
    ahead_name: str
    behind: str
    behind_name: str


@frozen(kw_only=True)
class Reversals:
    """Whether removing or doubling one unit changes the order of two others, in exact numbers.

    `possible` is false where points depend on no other unit. `checked` of `changes` that could matter were scored anew;
    `pairs` changed places over all of them, of which `examples` are some, and `units` removed or doubled did it.
    """

    possible: bool
    changes: int
    checked: int
    units: int
    pairs: int
    examples: tuple[Reversal, ...]


@frozen(kw_only=True)
class Uncertainty(Answer):
    """How sure the ranks of one row of a result are, under assumptions of the analysis.

    `varied` is what was varied, `draws` how often, from the random numbers of `seed`. `leave_one_out`, `effects` (from
    `effect_draws` pairs of draws) and `reversals` are empty or None where they were not asked for.
    """

    kind: ClassVar[str] = "uncertainty"
    code: str
    name: str
    draws: int
    seed: int
    varied: tuple[Varied, ...]
    stability: Stability
    units: Lines[UnitRanks] = field(converter=lines_of)
    leave_one_out: tuple[LeftOutIndicator, ...]
    effect_draws: int
    effects: tuple[Effect, ...]
    reversals: Reversals | None

    def page(self) -> Page:
        """Return the answer for a person."""
        return uncertainty_page(self)

    def to_columns(self) -> dict[str, list[Any]]:
        """Return a line for each unit, a column of shares of draws for each level at the end."""
        columns = lines_of(self.units).columns
        levels = list(dict.fromkeys(level for shares in columns["levels"] for level in shares))
        shown = {name: list(cells) for name, cells in columns.items() if name != "levels"}
        return shown | {f"level {level}": [shares.get(level) for shares in columns["levels"]] for level in levels}
