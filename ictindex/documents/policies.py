"""What a row's heading decides besides points: publication, ranks, levels, evidence, pools."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from ictindex.citations import Citation, Statement, Status
from ictindex.documents.draft import Draft, mapping_items, words
from ictindex.documents.grammar import STATUS_KEYS, read_band, read_number, split_line
from ictindex.documents.source import Mapping, Node, Scalar, Sequence
from ictindex.documents.status import Speaker
from ictindex.messages import say
from ictindex.model import TOTAL, Effort, Evidence, Level, Levels, Pool, Pools, Publication, RankRule, Scheme

SCALES = ("points", "index", "percent")
ROUNDINGS = ("half-up", "cut")
TIES = ("competition", "dense", "ordinal", "average")
RANKED_ON = ("published", "exact")
BETWEEN = ("lower", "upper", "round")
WITHOUT = ("flag", "zero", "refuse")
MAX_DECIMALS = 10
_BOUND = say("a lower bound such as 90%, 85 or 85-100")
DEFAULT = Citation(Status.ASSUMED, "mặc định của ictindex")
"""Why a choice is what it is that the document leaves open: ictindex made it."""


def publication(node: Node | None, speaker: Speaker, above: Publication) -> Publication:
    """Return how a row is published: what it states, over what its heading states."""
    if not isinstance(node, Mapping):
        return above
    inner = speaker.within(node, "publish")
    scale = inner.word("as", node.get("as"), SCALES)
    whole = say("a whole number 0 to {most}", most=MAX_DECIMALS)
    decimals = inner.value("decimals", node.get("decimals"), _decimals, whole)
    rounding = inner.word("rounding", node.get("rounding"), ROUNDINGS)
    return Publication(
        scale or above.scale, above.decimals if decimals is None else decimals, rounding or above.rounding
    )


def _decimals(text: str) -> int | None:
    number = read_number(text)
    whole = number is not None and number.denominator == 1 and 0 <= number <= MAX_DECIMALS
    return int(number) if whole and number is not None else None


def rank_rule(node: Node | None, speaker: Speaker, above: RankRule) -> RankRule:
    """Return how a row is ranked: what it states, over what its heading states."""
    if not isinstance(node, Mapping):
        return above
    inner = speaker.within(node, "rank")
    ties = inner.word("ties", node.get("ties"), TIES)
    on = inner.word("on", node.get("on"), RANKED_ON)
    stated, then = node.get("then"), above.then
    if isinstance(stated, Sequence):
        then = tuple(words(one) for one in stated.items)
        inner.state("then", ", ".join(then), stated)
    return RankRule(ties or above.ties, on or above.on, then)


def evidence_rule(node: Node | None, speaker: Speaker) -> Evidence | None:
    """Return what a unit must show: words, or `{ask, due, without}`."""
    if isinstance(node, Scalar):
        return Evidence(words(node)) if words(node) else None
    if not isinstance(node, Mapping):
        return None
    inner = speaker.within(node, "evidence")
    without = inner.word("without", node.get("without"), WITHOUT)
    return Evidence(words(node.get("ask")), words(node.get("due")), without or "flag", without == "flag")


def effort_rule(node: Node | None, speaker: Speaker) -> Effort | None:
    """Return what a row takes; its status is the one beside the number, and it is no statement that scores rest on."""
    before = len(speaker.draft.statements)
    number = evolve(speaker, citation=Citation(), overlaid=Citation()).number("effort", node)
    said = speaker.draft.statements[before:]
    del speaker.draft.statements[before:]
    return None if number is None else Effort(number, said[0].citation)


def levels_rule(node: Node | None, between: Node | None, speaker: Speaker) -> Levels | None:
    """Return the bands of a row, in the order of the document."""
    inner = speaker.within(node, "levels")
    levels = []
    for key, value in mapping_items(node):
        if key.text in STATUS_KEYS or key.text == "notes":
            continue
        band = inner.value(key.text, value, read_band, _BOUND)
        if band is not None:
            lower, upper, of_max = band
            levels.append(Level(key.text, lower, upper, of_max, _gates(key.text, value, inner)))
    settled = speaker.word("between-levels", between, BETWEEN)
    if between is not None and node is None:
        message = say("`between-levels` stands without `levels`")
        speaker.draft.error("S254", message, between.where, say("add `levels:`"))
    if not levels:
        return None
    return Levels(_one_scale(levels), settled or "lower")


def _gates(level: str, node: Node, speaker: Speaker) -> tuple[tuple[str, Fraction], ...]:
    stated = node.get("only-if") if isinstance(node, Mapping) else None
    gates = []
    for key, value in mapping_items(stated):
        if key.text in STATUS_KEYS:
            continue
        points = speaker.number(f"{level}.only-if.{key.text}", value)
        if points is not None:
            gates.append((key.text, points))
            speaker.draft.gates.append((speaker.at, key.text, points, key.where))
    return tuple(gates)


def _one_scale(levels: list[Level]) -> tuple[Level, ...]:
    """A bound of 0 is 0 on every scale: it takes that of the others, so `{Tốt: 85%, Yếu: 0}` is one scale."""
    scales = {level.of_max for level in levels if level.lower}
    if len(scales) != 1:
        return tuple(levels)
    of_max = scales.pop()
    return tuple(level if level.lower else evolve(level, of_max=of_max) for level in levels)


def pools_rule(draft: Draft, node: Node | None, speaker: Speaker) -> Pools | None:
    """Return the pools that units are compared in."""
    if not isinstance(node, Mapping):
        return None
    inner = speaker.within(node, "pools")
    pools: dict[str, Pool] = {}
    for key, value in node.items:
        line = split_line(key.text)
        if line is None:
            continue
        ranked = inner.word(line[0], value, ("ranked", "not ranked"))
        if line[0] in pools:
            message = say("the pool '{code}' stands twice", code=line[0])
            draft.error("S211", message, key.where, say("give each pool its own code"))
        pools[line[0]] = Pool(*line, ranked != "not ranked")
    by = words(node.get("by"))
    if not by:
        draft.skip(say("the column's name under `by`"), node)
        return None
    return Pools(by, tuple(pools.values()))


def default_statements(scheme: Scheme) -> tuple[Statement, ...]:
    """Return the choices that decide published numbers or ranks and that nobody stated: they are assumed.

    A choice that every total, or every indicator, has from a heading of its own is not left to a default.
    """
    publish, rank = Publication(), RankRule()
    published = {
        "publish.as": publish.scale,
        "publish.decimals": str(publish.decimals),
        "publish.rounding": publish.rounding,
        "rank.ties": rank.ties,
        "rank.on": rank.on,
    }
    said = {(one.at, one.key) for one in scheme.statements}
    return tuple(
        Statement(TOTAL, key, text, DEFAULT)
        for rows, choices in ((scheme.totals, published), (scheme.indicators, _CELLS))
        for key, text in choices.items()
        if any(said.isdisjoint((one.code, key) for one in (row, *scheme.above(row.code))) for row in rows)
    )


_CELLS = {"missing": "refuse", "not-applicable": "refuse"}
