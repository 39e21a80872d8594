"""Which figures are worth trying in a column: round ones, the bounds, and those at which a rule of the scheme turns.

A scheme breaks at its edges: at a threshold and just beside it, where a ratio is exactly full, at nothing and at the
most. So a column is drawn from a short list that holds these, and ties between units come up by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from attrs import frozen

from ictindex.findings import Found
from ictindex.headers import Columns
from ictindex.model import InputKind, Quantity, Rule
from ictindex.plan import Leaf, Plan

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
ROUND = (ONE, Fraction(2), Fraction(3), Fraction(10), Fraction(100), HALF, Fraction(25, 10))
MOST = 24
"""So many figures are kept for a column; the edges of the rules come before the round ones."""

_DECIMALS = 10**4
_LARGEST = 10**9


@frozen
class Bounds:
    """What the cells of a column may hold: both ends included, None where there is none."""

    kind: InputKind
    low: Fraction | None
    high: Fraction | None
    cases: int = 0

    def hold(self, figure: Fraction) -> bool:
        """Whether a cell may hold the figure: within the bounds, whole where it must be, of few decimals."""
        if _DECIMALS % figure.denominator or abs(figure) > _LARGEST:
            return False
        if self.whole and figure.denominator != 1:
            return False
        return (self.low is None or figure >= self.low) and (self.high is None or figure <= self.high)

    @property
    def numeric(self) -> bool:
        """Whether the cells are numbers, not words."""
        return self.kind not in (InputKind.YES_NO, InputKind.CHOICE)

    @property
    def whole(self) -> bool:
        """Whether the cells are whole numbers."""
        return self.kind is InputKind.COUNT

    @property
    def typable(self) -> bool:
        """Whether the bounds are numbers that a cell can hold; a third of a point is not."""
        return all(end is None or self.hold(end) for end in (self.low, self.high))

    @property
    def step(self) -> Fraction:
        """How far just beside is."""
        return ONE if self.whole else Fraction(1, 100)


@lru_cache(maxsize=8)
def bounds_of(plan: Plan) -> Mapping[str, Bounds]:
    """Return the bounds of every input's cells, as a reader of tables applies them."""
    inputs = plan.scheme.inputs
    targets = Columns(plan.scheme).resolve([one.code for one in inputs], Found(plan.scheme.id), 0)
    rules = {target.key: target.rule for target in targets if target is not None and target.rule is not None}
    return {
        one.code: Bounds(one.kind, rules[one.code].low, rules[one.code].high, len(one.cases))
        for one in inputs
        if one.code in rules
    }


@lru_cache(maxsize=8)
def figures_of(plan: Plan) -> Mapping[str, tuple[Fraction, ...]]:
    """Return the figures of every input, the simplest first; a choice is the position of its case.

    Among those of a denominator there is no 0 where the scheme refuses to divide by it.
    """
    edges, bounds = edges_of(plan), bounds_of(plan)
    refused, divides = _denominators(plan)
    return {code: _listed(one, edges[code], code in refused, code in divides) for code, one in bounds.items()}


@lru_cache(maxsize=8)
def edges_of(plan: Plan) -> Mapping[str, tuple[Fraction, ...]]:
    """Return the figures of every input at which a rule that reads it turns, some of them only together with others."""
    edges: dict[str, dict[Fraction, None]] = {code: {} for code in bounds_of(plan)}
    for node in plan.nodes:
        if isinstance(node, Leaf):
            for code, figure in _edges(node):
                edges[code].setdefault(figure)
    return {code: tuple(found) for code, found in edges.items()}


def _listed(one: Bounds, edges: Sequence[Fraction], never_zero: bool, divides: bool) -> tuple[Fraction, ...]:
    if one.kind is InputKind.YES_NO:
        return (ZERO, ONE)
    if one.kind is InputKind.CHOICE:
        return tuple(map(Fraction, range(one.cases)))
    ends = [end for end in (one.low, one.high) if end is not None]
    beside = [edge + side * one.step for edge in edges for side in (-1, 1)]
    below = [] if one.low is not None else [Fraction(-1), Fraction(-25, 10)]
    share = [one.high * HALF, Fraction(math.floor(one.high * 100), 100)] if one.high is not None else []
    wanted = dict.fromkeys([ZERO, *ends, *edges, *beside, *share, *ROUND, *below])
    kept = [figure for figure in wanted if one.hold(figure) and (figure or not never_zero)][:MOST]
    if not kept:  # bounds between which no number of few decimals lies
        kept = [one.low if one.low is not None else one.high or ZERO]
    return tuple(sorted(kept, key=lambda figure: (divides and not figure, _simplicity(figure))))


def _simplicity(figure: Fraction) -> tuple[bool, int, int, Fraction]:
    """Return what sorts figures for a person: positive before negative, whole before decimals, short before long."""
    text = f"{float(abs(figure)):.6g}"
    return figure < 0, len(text.partition(".")[2]), len(text.rstrip("0")), abs(figure)


def marks(leaf: Leaf) -> tuple[Fraction, ...]:
    """Return the measured numbers at which a row's rule turns: its thresholds, its ends, and where it is full.

    Of a rule of another package nothing is known but its numbers, so each of them is one.
    """
    found = [*leaf.measure.breaks(), *leaf.scale.breaks()]
    scale = leaf.row.scale
    if scale is None:
        full = leaf.row.max if leaf.measure.gives == "points" or leaf.row.measure.name == "value" else ONE
        found.append(full)
    elif scale.name == "each":
        piece = scale.get("points")
        found += [leaf.row.max / piece] if piece else []
    else:
        found += _numbers(scale)
    return tuple(dict.fromkeys(found))


def _numbers(rule: Rule) -> Iterator[Fraction]:
    for _, value in rule.parameters:
        if isinstance(value, Fraction):
            yield value


def _edges(leaf: Leaf) -> Iterator[tuple[str, Fraction]]:
    """Yield figures of a leaf's inputs that bring its measured number to a mark, if only together."""
    rule = leaf.row.measure
    if rule.name != "ratio":
        for code in leaf.inputs:
            yield from ((code, mark) for mark in marks(leaf))
        return
    above, below, per = rule.get("a"), rule.get("b"), rule.get("per", ONE)
    for mark in marks(leaf):
        yield from ratio_edges(mark / per, above, below)


def ratio_edges(share: Fraction, above: Quantity, below: Quantity) -> Iterator[tuple[str, Fraction]]:
    """Yield figures of the terms of a / b that make it just that share, each in its lowest and a larger form."""
    for times in (1, 10):
        whole = below.constant if not below.terms else Fraction(share.denominator * times)
        for code, factor in below.terms:
            if factor:
                yield code, whole / factor
        for code, factor in above.terms:
            if factor:
                yield code, share * whole / factor


def _denominators(plan: Plan) -> tuple[set[str], set[str]]:
    """Return the inputs that must not be 0 because a row is divided by them alone, and all that something is."""
    refused: set[str] = set()
    divides: set[str] = set()
    for node in plan.nodes:
        if isinstance(node, Leaf) and node.row.measure.name == "ratio":
            below: Any = node.row.measure.get("b")
            divides.update(below.inputs)
            if len(below.terms) == 1 and not below.constant and refuses_nothing(node):
                refused.update(below.inputs)
    return refused, divides


def refuses_nothing(leaf: Leaf) -> bool:
    """Whether the scheme refuses a denominator of 0 at a row that counts."""
    meaning = leaf.row.measure.get("if_none", "refuse")
    return bool(leaf.row.max) and (
        meaning == "refuse" or (meaning == "not-applicable" and leaf.not_applicable == "refuse")
    )
