"""The main table of an answer for people: headings and cells in words, and which texts are numbers.

Answers as data and as plain CSV keep their stable English names. Here each column has a heading, each stable word is
said, yes and no are words, and published scores are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from ictindex.analysis.statistics.page import FLAGS as FLAGS_OF_INDICATORS
from ictindex.answer import Answer
from ictindex.happened import FLAGS
from ictindex.messages import Text, in_language, joined, say
from ictindex.model import TOTAL
from ictindex.result_columns import STATES

DECIMAL_TEXTS = frozenset(
    {
        "published",
        "published_before",
        "published_after",
        "lowest",
        "highest",
        "old_score",
        "new_score",
        "ahead_score",
    }
)
"""Columns of published scores: texts, with the decimals that the scheme publishes."""

HEADINGS: Mapping[str, str] = {
    "unit": say("Unit's code"),
    "name": say("Name"),
    "pool": say("Pool"),
    "code": say("Code"),
    "total": say("Total"),
    "rank": say("Rank"),
    "level": say("Level"),
    "score": say("Score"),
    "published": say("Published score"),
    "points": say("Points"),
    "max": say("At most"),
    "state": say("What happened"),
    "flags": say("Remarks"),
    "role": say("Role"),
    "kind": say("Kind of row"),
    "heading": say("Heading above"),
    "above": say("Heading above"),
    "words": say("What to do"),
    "effort": say("Effort"),
    "evidence": say("Evidence"),
    "units": say("Units"),
    "mean": say("Mean"),
    "median": say("Median"),
    "deviation": say("Standard deviation"),
    "low": say("Lowest"),
    "high": say("Highest"),
}
"""What columns are called that mean the same in every answer."""

OWN: Mapping[str, Mapping[str, str]] = {
    "climb": {
        "adds": say("Points added"),
        "steps": say("Steps"),
        "effort_from": say("Who told the effort"),
        "left": say("Points not had yet"),
        "small": say("Less than a step"),
        "assessed": say("Scored by an assessor"),
        "enough": say("Enough alone"),
        "planned": say("In the plan"),
    },
    "comparison": {
        "published_before": say("Published before"),
        "published_after": say("Published after"),
        "before": say("Exact score before"),
        "after": say("Exact score after"),
        "change": say("Change of the score"),
        "own": say("By own figures"),
        "verification": say("By verification"),
        "scheme": say("By the scheme"),
        "others": say("By the other units"),
        "rank_before": say("Rank before"),
        "rank_after": say("Rank after"),
        "places": say("Places gained"),
        "places_own": say("Places by own figures"),
        "places_verification": say("Places by verification"),
        "places_scheme": say("Places by the scheme"),
        "places_others": say("Places by the other units"),
        "level_before": say("Level before"),
        "level_after": say("Level after"),
    },
    "explanation": {
        "depth": say("Depth"),
        "contribution": say("To the heading"),
        "to_total": say("To the total"),
        "printed": say("In the published total"),
    },
    "headroom": {
        "rejected": say("Evidence rejected"),
        "lost": say("Points lost"),
        "substance": say("Lost in the figures"),
        "evidence": say("Lost for lack of evidence"),
        "absence": say("Lost for lack of figures"),
        "of": say("Of how many"),
        "median": say("Median of the pool"),
        "best": say("Best of the pool"),
        "best_count": say("How many have the best"),
        "unshown": say("Scored though no evidence is shown"),
    },
    "pending": {
        "best": say("Best rank"),
        "worst": say("Worst rank"),
        "lowest": say("Lowest score"),
        "highest": say("Highest score"),
        "points": say("Exact points"),
        "lowest_points": say("Lowest exact points"),
        "highest_points": say("Highest exact points"),
        "open": say("Open criteria"),
        "always_scored": say("Sure to have a score"),
        "exact": say("Scores are reached"),
        "exact_ranks": say("Ranks are reached"),
    },
    "statistics": {
        "nominal": say("Weight in the scheme"),
        "effective": say("Weight in effect"),
        "squared": say("Squared correlation with the total"),
        "heading_pearson": say("Correlation with the heading (Pearson)"),
        "heading_spearman": say("Correlation with the heading (Spearman)"),
        "total_pearson": say("Correlation with the total (Pearson)"),
        "total_spearman": say("Correlation with the total (Spearman)"),
        "left_out": say("Units where it is left out"),
        "not_computed": say("Units where it is not computed"),
        "as_zero": say("Units without a figure, with 0 points"),
        "skewness": say("Skewness"),
        "kurtosis": say("Excess kurtosis"),
        "at_zero": say("Share at 0"),
        "at_maximum": say("Share at the maximum"),
        "same_as": say("Says the same as"),
    },
    "uncertainty": {
        "mean": say("Mean rank"),
        "median": say("Median rank"),
        "low": say("Rank at 5 %"),
        "high": say("Rank at 95 %"),
        "best": say("Best rank"),
        "worst": say("Worst rank"),
        "top": say("Share among the first"),
        "ahead": say("Share ahead of the next"),
    },
    "whatif": {
        "because": say("Why"),
        "old_score": say("Old score"),
        "new_score": say("New score"),
        "difference": say("Difference"),
        "old_rank": say("Old rank"),
        "new_rank": say("New rank"),
        "old_level": say("Old level"),
        "new_level": say("New level"),
        "ahead_rank": say("Next better rank"),
        "ahead_score": say("Score of the next better rank"),
        "short": say("Short of the next better rank"),
    },
}
"""What columns are called in the answers of one kind."""

_CODES: Mapping[str, str] = {TOTAL: say("total")}
WORDS: Mapping[str, Mapping[str, str]] = {
    "above": _CODES,
    "code": _CODES,
    "heading": _CODES,
    "total": _CODES,
    "kind": {"criterion": say("criterion"), "part": say("part"), "group": say("group")},
    "role": {"max": say("counts"), "bonus": say("bonus"), "deduct": say("deduction")},
    "state": {
        **STATES,
        "computed": say("computed"),
        "informational": say("informational"),
        "missing-left-out": FLAGS["missing-left-out"],
    },
    "because": {"edited": say("edited"), "compared": say("compared with others"), "overtaken": say("overtaken")},
    "effort_from": {"file": say("the efforts file"), "scheme": say("the scheme"), "nobody": say("nobody")},
}
"""The stable words of columns, as people say them."""

_FLAGS: Mapping[str, str] = {**FLAGS, **{str(flag): words for flag, words in FLAGS_OF_INDICATORS.items()}}


@frozen
class ToldColumn:
    """A column: `cells` are texts, numbers or None. Where it `is_number`, a text is a number with its decimals."""

    heading: str
    cells: tuple[Any, ...]
    is_number: bool


def stable_columns(answer: Answer) -> Iterator[ToldColumn]:
    """Yield the columns of the main table under their stable English names."""
    for name, cells in answer.to_columns().items():
        yield ToldColumn(name, tuple(cells), name in DECIMAL_TEXTS or _are_numbers(cells))


def told_columns(answer: Answer, language: str) -> Iterator[ToldColumn]:
    """Yield the columns of the main table with headings and words in a language; the texts of numbers stay texts."""
    for name, cells in answer.to_columns().items():
        told = tuple(_told(name, cell, language) for cell in cells)
        heading = in_language(heading_of(answer, name), language)
        yield ToldColumn(heading, told, name in DECIMAL_TEXTS or _are_numbers(cells))


def heading_of(answer: Answer, name: str) -> str:
    """Return what a column is called; a level's share of draws after the level, and an unknown column as it is."""
    found = OWN.get(answer.kind, {}).get(name) or HEADINGS.get(name)
    if found is None and name.startswith("level "):
        return say("Share at level {level}", level=name.removeprefix("level "))
    return name if found is None else found


def _told(name: str, cell: Any, language: str) -> Any:
    if isinstance(cell, bool):
        return in_language(say("yes") if cell else say("no"), language)
    if isinstance(cell, Text):
        return in_language(cell, language)
    if isinstance(cell, str) and name == "flags":
        return in_language(joined((_FLAGS.get(flag, flag) for flag in cell.split()), ", "), language)
    if isinstance(cell, str):
        return in_language(WORDS.get(name, {}).get(cell, cell), language)
    return cell


def _are_numbers(values: Sequence[Any]) -> bool:
    told = [one for one in values if one is not None]
    return bool(told) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in told)
