"""A scheme to its plan: the strategies of every row, and the stages in which the rows can be filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ictindex.errors import Location, Problem, SchemeInvalid
from ictindex.messages import say
from ictindex.model import Group, Indicator, Policy, Quantity, Row, Rule, Scheme
from ictindex.plan import Heading, Leaf, Node, Plan, Stage, Step, points_per_unit, upward
from ictindex.registry import Registry, Vocabulary
from ictindex.strategies.base import DECIMAL, FRACTION, Aggregation, Child, Measure, Normalization
from ictindex.strategies.normalizations import Points, Proportional


def compile_scheme(scheme: Scheme, vocabulary: Vocabulary) -> Plan:
    """Return the plan of a scheme.

    Raises SchemeInvalid where a strategy refuses its parameters, UnknownName or PluginBroken where it cannot be had.
    """
    nodes: list[Node] = []
    _compile(scheme, scheme.root, None, ("refuse", "refuse"), False, vocabulary, nodes)
    irrational = any(
        strategy.irrational
        for node in nodes
        for strategy in (node.scale, getattr(node, "aggregation", None))
        if strategy is not None
    )
    return Plan(scheme, tuple(nodes), _stages(nodes), DECIMAL if irrational else FRACTION)


def _compile(
    scheme: Scheme,
    row: Row,
    above: Group | None,
    policies: tuple[Policy, Policy],
    boundary: bool,
    vocabulary: Vocabulary,
    nodes: list[Node],
) -> None:
    """Append the row and everything below it. `boundary`: points left out below must not travel above this row."""
    missing, not_applicable = row.missing or policies[0], row.not_applicable or policies[1]
    place = len(nodes)
    if isinstance(row, Indicator):
        measure = _strategy(vocabulary.measures, _measured(scheme, row), row)
        scale = _leaf_scale(vocabulary, row, measure)
        nodes.append(
            Leaf(
                place=place,
                row=row,
                measure=measure,
                scale=scale,
                missing=missing,
                not_applicable=not_applicable,
                rescales=boundary,
            )
        )
        return
    if not isinstance(row, Group):
        raise TypeError(f"a row is an Indicator or a Group, not {type(row).__name__}")
    none = row.combine.name == "none"
    aggregation: Aggregation | None = None if none else _strategy(vocabulary.aggregations, row.combine, row)
    nodes.append(None)  # type: ignore[arg-type]  # the heading's place; its children's places are not known yet
    children = []
    for child in row.children:
        children.append(len(nodes))
        scaled = child.scale is not None and isinstance(child, Group)
        apart = aggregation is None or not aggregation.additive or scaled
        _compile(scheme, child, row, (missing, not_applicable), apart, vocabulary, nodes)
    states = not none and "rescale" in (row.missing, row.not_applicable)
    nodes[place] = Heading(
        place=place,
        row=row,
        aggregation=aggregation,
        scale=None if row.scale is None else _strategy(vocabulary.normalizations, row.scale, row),
        below=tuple(
            Child(child.max, child.weight, child.role, _bounded(nodes, place))
            for child, place in zip(row.children, children, strict=True)
        ),
        children=tuple(children),
        rescales=boundary or states or above is None,
    )


def _bounded(nodes: Sequence[Node], place: int) -> bool:
    """Whether the points of a compiled row stay in 0..max."""
    node = nodes[place]
    if node.scale is not None:
        return node.scale.bounded
    return all(_bounded(nodes, child) for child in node.children)


def _measured(scheme: Scheme, row: Indicator) -> Rule:
    """Return the row's measure, with what it must know of the row and of its inputs.

    An assessed one learns how the published scale becomes points, a ratio whether the terms of its sums may cancel.
    """
    rule = row.measure
    if rule.name == "assessed":
        return Rule(rule.name, (*rule.parameters, ("factor", points_per_unit(row))))
    if rule.name == "ratio" and any(_cancels(scheme, rule.get(part, Quantity())) for part in ("a", "b")):
        return Rule(rule.name, (*rule.parameters, ("signed", True)))
    return rule


def _cancels(scheme: Scheme, quantity: Quantity) -> bool:
    """Whether a sum may have terms of both signs."""
    lows = [scheme.input(code).low for code in quantity.inputs]
    parts = len(quantity.terms) + bool(quantity.constant)
    signed = any(low is None or low < 0 for low in lows) or any(factor < 0 for _, factor in quantity.terms)
    return parts > 1 and (signed or quantity.constant < 0)


def _leaf_scale(vocabulary: Vocabulary, row: Indicator, measure: Measure) -> Normalization:
    """Return the row's scale, or what its measure means without one."""
    if row.scale is not None:
        scale: Normalization = _strategy(vocabulary.normalizations, row.scale, row)
        return scale
    return Proportional() if measure.gives == "share" else Points(cut=not measure.bounded)


def _strategy(registry: Registry[Any], rule: Rule, row: Row) -> Any:
    """Return the strategy that the rule names, with its parameters."""
    build: Callable[..., Any] = registry.get(rule.name)
    try:
        return build(**{key.replace("-", "_"): value for key, value in rule.parameters})
    except (TypeError, ValueError, ArithmeticError) as error:
        message = say(
            "{code}: {kind} '{name}' refuses its parameters: {error}",
            code=row.code,
            kind=registry.kind,
            name=rule.name,
            error=error,
        )
        raise SchemeInvalid(Problem("S301", message, Location(line=row.line))) from error


def _stages(nodes: Sequence[Node]) -> tuple[Stage, ...]:
    """Put every step into the first stage in which what it reads is ready."""
    steps: list[list[Step]] = [[]]
    fits: list[list[int]] = [[]]
    ready = [0] * len(nodes)

    def put(stage: int, step: Step) -> None:
        while len(steps) <= stage:
            steps.append([])
            fits.append([])
        steps[stage].append(step)

    for node in upward(nodes):
        code, fitted = node.row.code, node.scale is not None and node.scale.fitting != "none"
        stage = max((ready[child] for child in node.children), default=0)
        if isinstance(node, Leaf):
            put(stage, Step("measure" if fitted else "score", node.place, code))
        elif node.aggregation is not None:
            put(stage, Step("combine", node.place, code))
        if fitted:
            fits[stage].append(node.place)
            stage += 1
        if fitted or (isinstance(node, Heading) and node.scale is not None):
            put(stage, Step("scale", node.place, code))
        ready[node.place] = stage
    return tuple(Stage(tuple(one), tuple(two)) for one, two in zip(steps, fits, strict=True))
