"""The choices that a scheme may make, in words: what is published how, ranks, missing figures, rules, combinations.

A scheme states a choice as `rank.ties` with `competition`; whoever reads a result is told it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ictindex.messages import either, joined, say
from ictindex.strategies.measures import MEASURES
from ictindex.strategies.normalizations import NORMALIZATIONS

CELLS: Final[Mapping[str, str]] = {
    "refuse": say("refused until it is mended"),
    "zero": say("0 points"),
    "rescale": say("left out, and the rest is converted back"),
}
"""What becomes of a cell without a figure."""

MERGED: Final[Mapping[str, str]] = {
    "refuse": say("refused"),
    "mean-of-rows": say("the mean of the scores of its parts"),
    "sum-of-inputs": say("scored on the sum of the figures of its parts"),
}
PUBLISHED: Final[Mapping[str, str]] = {
    "points": say("as points"),
    "index": say("as an index, points / max"),
    "percent": say("as a percent of max"),
}
ROUNDED: Final[Mapping[str, str]] = {"half-up": say("rounded half up"), "cut": say("cut off")}
TIES: Final[Mapping[str, str]] = {
    "competition": say("equal scores share a rank, as 1 2 2 4"),
    "dense": say("equal scores share a rank, as 1 2 2 3"),
    "ordinal": say("equal scores stand in the order of their codes, as 1 2 3 4"),
    "average": say("equal scores share the mean of their ranks, as 1 2.5 2.5 4"),
}
RANKED_ON: Final[Mapping[str, str]] = {"published": say("on published scores"), "exact": say("on exact scores")}
BETWEEN: Final[Mapping[str, str]] = {
    "lower": say("a score between two bands belongs to the lower one"),
    "upper": say("a score between two bands belongs to the upper one"),
    "round": say("a score between two bands is rounded half up first"),
}
WITHOUT: Final[Mapping[str, str]] = {
    "flag": say("without it the score is flagged"),
    "zero": say("without it 0 points"),
    "refuse": say("without it the table is refused"),
}
SCOPES: Final[Mapping[str, str]] = {
    "all": say("compared with every unit of the table"),
    "pool": say("compared with the units of its own pool"),
}
"""Whom a scale that learns from the units learns from."""

OVER: Final[Mapping[str, str]] = {"clamp": say("cut at 1"), "refuse": say("refused")}
"""What becomes of a ratio above 1."""

IF_NONE: Final[Mapping[str, str]] = {
    "refuse": say("refused until it is mended"),
    "zero": say("0 points"),
    "full": say("all points"),
    "not-applicable": say("not applicable"),
}
"""What a ratio earns that has nothing to divide by."""

COMBINES: Final[Mapping[str, str]] = {
    "sum": say("the rows below added up"),
    "capped": say("the rows below added up, at most the max"),
    "mean": say("the mean of the rows below, by weight"),
    "geometric": say("the geometric mean of the rows below, by weight"),
    "best": say("the highest of the rows below"),
    "least": say("the lowest of the rows below"),
    "none": say("each row below is a total of its own"),
}

_ABOUT: Final[Mapping[str, str]] = {
    "missing": say("missing figures"),
    "not-applicable": say("what does not apply"),
    "publish.as": say("how scores are published"),
    "publish.decimals": say("how scores are published"),
    "publish.rounding": say("how scores are published"),
    "rank.ties": say("how ranks are made"),
    "rank.on": say("how ranks are made"),
    "rank.then": say("how ranks are made"),
    "merged": say("merged units"),
    "between-levels": say("levels"),
    "combine": say("how headings are made of their rows"),
    "rule": say("how scored"),
    "max": say("max"),
    "bonus": say("bonus"),
    "deduct": say("deduction"),
    "weight": say("weight"),
    "evidence.without": say("evidence"),
    "ratio.over": say("a ratio above 1"),
    "ratio.if-none": say("without a denominator"),
    "ratio.floor": say("0 points below a ratio of"),
    "ratio.per": say("the ratio is for every"),
    "goalposts.from": say("0 points at"),
    "goalposts.to": say("all points at"),
    "each": say("points for each"),
    "rows": say("rows in the source"),
    "criteria": say("criteria in the source"),
}
_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "missing": CELLS,
    "not-applicable": CELLS,
    "publish.as": PUBLISHED,
    "publish.rounding": ROUNDED,
    "rank.ties": TIES,
    "rank.on": RANKED_ON,
    "merged": MERGED,
    "between-levels": BETWEEN,
    "combine": COMBINES,
    "evidence.without": WITHOUT,
    "ratio.over": OVER,
    "ratio.if-none": IF_NONE,
}


def stated(key: str, text: str) -> str:
    """Return a statement of a scheme as words: what it is about, and what it says of that."""
    about, words = stated_about(key), stated_words(key, text)
    is_number = key.removeprefix("below.") in _ABOUT and words[:1].isdigit()
    return joined((about, words), " " if is_number else ": ")


def stated_about(key: str) -> str:
    """Return what a statement of a scheme is about, in words; a key of an installed package stays as it is."""
    key = key.removeprefix("below.")
    if key in _ABOUT:
        return _ABOUT[key]
    if key in NORMALIZATIONS:
        return rule_title(key)
    family, _, code = key.partition(".")
    match family:
        case "checks":
            return say("condition {code}", code=code)
        case "choice":
            return say("case {code}", code=code)
        case "choices":
            return say("case {code}", code=code.rpartition(".")[2])
        case "levels":
            return say("level {level}", level=code)
        case "steps":
            return say("points from {bound} up", bound=code)
        case "steps-down":
            return say("points up to {bound}", bound=code)
    return key


def stated_words(key: str, text: str) -> str:
    """Return what a statement says, in words; numbers stay as they are written."""
    key = key.removeprefix("below.")
    if key == "publish.decimals":
        return say("decimals: {number}", number=text)
    if key == "rule":
        return joined((rule_title(name.partition(" ")[0]) for name in text.split(", ")), ", ")
    if key in NORMALIZATIONS:
        return SCOPES.get(text, text)
    if key in _CHOICES:
        return _CHOICES[key].get(text, text)
    if key.partition(".")[0] in ("checks", "choice", "choices", "steps", "steps-down"):
        return _worth(text)
    return text


def rule_title(name: str) -> str:
    """Return what a measure or a scale is called, in the language of the reader; its name where it is not built in."""
    strategy = MEASURES.get(name) or NORMALIZATIONS.get(name)
    if strategy is None:
        return name
    english, _, vietnamese = str(strategy.title).partition(" / ")
    return either(english[:1].lower() + english[1:], vietnamese[:1].lower() + vietnamese[1:])


def _worth(text: str) -> str:
    """Return points as written: `max` are all of them, `1/2 max` a share of them."""
    if text == "max":
        return say("all points")
    share = text.removesuffix(" max")
    return text if share == text else say("{share} of the max", share=share)
