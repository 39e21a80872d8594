"""A compiled scheme: a straight list of steps that fill the matrix, the same for every table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from attrs import field, frozen

from ictindex.errors import Location, Problem, SchemeInvalid
from ictindex.messages import say
from ictindex.model import Group, Indicator, Policy, Quantity, Row, Rule, Scheme
from ictindex.registry import Registry, Vocabulary
from ictindex.strategies.base import (
    DECIMAL,
    FRACTION,
    Aggregation,
    Arithmetic,
    Child,
    CombineKernel,
    Measure,
    MeasureKernel,
    Normalization,
    ScaleKernel,
)
from ictindex.strategies.normalizations import Points, Proportional


@frozen(kw_only=True)
class Leaf:
    """An indicator, ready to run. `missing` and `not_applicable` are the policies in force."""

    place: int
    row: Indicator
    measure: Measure
    scale: Normalization
    missing: Policy
    not_applicable: Policy
    rescales: bool
    inputs: tuple[str, ...] = field(init=False)
    marks: tuple[Fraction, ...] = field(init=False)  # the numbers at which the points jump
    slack: float = field(init=False)  # how near to a mark a float number cannot decide, as a share of the mark
    bears_nan: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "inputs", self.measure.inputs)
        object.__setattr__(self, "marks", (*self.measure.breaks(), *self.scale.breaks()))
        object.__setattr__(self, "slack", 2 * self.measure.relative_error)
        bears = all(getattr(strategy, "bears_nan", False) for strategy in (self.measure, self.scale))
        object.__setattr__(self, "bears_nan", bears)

    @property
    def children(self) -> tuple[int, ...]:
        """No places: a leaf has no rows below."""
        return ()


@frozen(kw_only=True)
class Heading:
    """A group, ready to run. `rescales` says that points left out below are converted back here.

    `aggregation` is None for a top that combines nothing.
    """

    place: int
    row: Group
    aggregation: Aggregation | None
    scale: Normalization | None
    below: tuple[Child, ...]
    children: tuple[int, ...]
    rescales: bool


Node = Leaf | Heading


@frozen
class Step:
    """One action on one row.

    On a leaf, `measure` fills numbers to be fitted, `scale` turns them into points once they are, and `score` does
    both at once. `combine` fills a heading, `scale` brings its composite to points.
    """

    action: Literal["measure", "scale", "score", "combine"]
    place: int
    code: str

    def __str__(self) -> str:
        return f"{self.action} {self.code}"


@frozen
class Stage:
    """Steps that run block by block, then the rows whose numbers are fitted over all units before the next stage."""

    steps: tuple[Step, ...]
    fits: tuple[int, ...]


class Kernels:
    """The strategies of a plan bound to one arithmetic, by row of the matrix; None where a row has no such thing."""

    def __init__(self, nodes: Sequence[Node], maths: Arithmetic) -> None:
        self.zero = maths.number(Fraction(0))
        self.measures: list[MeasureKernel | None] = []
        self.scales: list[ScaleKernel | None] = []
        self.combines: list[CombineKernel | None] = []
        for node in nodes:
            most = node.row.max
            slack = node.slack if isinstance(node, Leaf) else 0.0
            self.measures.append(node.measure.bind(maths) if isinstance(node, Leaf) else None)
            self.scales.append(None if node.scale is None else node.scale.bind(most, maths, slack))
            aggregation = node.aggregation if isinstance(node, Heading) else None
            below = node.below if isinstance(node, Heading) else ()
            self.combines.append(None if aggregation is None else aggregation.bind(most, below, maths))

    def measure(self, place: int) -> MeasureKernel:
        """Return the measure of a leaf."""
        kernel = self.measures[place]
        if kernel is None:
            raise KeyError(place)
        return kernel

    def scale(self, place: int) -> ScaleKernel:
        """Return the scale of a leaf."""
        kernel = self.scales[place]
        if kernel is None:
            raise KeyError(place)
        return kernel


@frozen(eq=False)
class Plan:
    """A scheme compiled: `nodes` in document order (the matrix has a row for each), and `stages` of steps."""

    scheme: Scheme
    nodes: tuple[Node, ...]
    stages: tuple[Stage, ...]
    arithmetic: Arithmetic  # the one that is exact for every strategy in the plan
    _places: dict[str, int] = field(init=False, eq=False, repr=False)
    _parents: tuple[int, ...] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        parents = [-1] * len(self.nodes)
        for node in self.nodes:
            for child in node.children:
                parents[child] = node.place
        object.__setattr__(self, "_places", {node.row.code: node.place for node in self.nodes})
        object.__setattr__(self, "_parents", tuple(parents))

    def place(self, code: str) -> int:
        """Return the matrix row of that code. Raises KeyError."""
        return self._places[code]

    def parent(self, place: int) -> int:
        """Return the matrix row of the heading above, -1 for the top."""
        return self._parents[place]

    def below(self, place: int) -> range:
        """Return the matrix rows of a row and of everything below it, in document order."""
        end = place + 1
        while end < len(self.nodes) and self._parents[end] >= place:
            end += 1
        return range(place, end)

    def rank_chain(self, place: int) -> tuple[int, ...]:
        """Return the matrix rows that ranks at a row are made on: the row itself, then those that break ties."""
        then = self.nodes[place].row.rank.then
        # An informational row breaks no tie: nobody has points there.
        return (place, *(self.place(code) for code in then if self.scheme.row(code).max))

    @property
    def totals(self) -> tuple[int, ...]:
        """The matrix rows of what is published as a total."""
        return tuple(self.place(row.code) for row in self.scheme.totals)

    @property
    def relative(self) -> bool:
        """Whether a unit's points depend on other units."""
        return any(stage.fits for stage in self.stages)

    def kernels(self, maths: Arithmetic) -> Kernels:
        """Return the plan's strategies bound to an arithmetic; they are bound once."""
        if maths.name not in self._kernels:
            with maths.context():
                self._kernels[maths.name] = Kernels(self.nodes, maths)
        return self._kernels[maths.name]

    @cached_property
    def _kernels(self) -> dict[str, Kernels]:
        return {}

    @cached_property
    def maxima(self) -> tuple[float, ...]:
        """The maximum of each row, as a float."""
        return tuple(float(node.row.max) for node in self.nodes)

    @cached_property
    def counted(self) -> tuple[bool, ...]:
        """Whether points are computed at each row: not at an informational one."""
        return tuple(isinstance(node, Heading) or bool(node.row.max) for node in self.nodes)

    @cached_property
    def steep(self) -> tuple[Heading, ...]:
        """The headings at which a tiny error below becomes a large one."""
        headings = (node for node in self.nodes if isinstance(node, Heading) and node.aggregation is not None)
        return tuple(node for node in headings if node.aggregation is not None and node.aggregation.steep)

    @cached_property
    def order(self) -> tuple[Node, ...]:
        """The nodes so that children come before their heading."""
        return tuple(upward(self.nodes))

    @cached_property
    def leaf_errors(self) -> dict[int, float]:
        """The float error of the leaves that need no other unit, by row of the matrix; it is the same in every run."""
        alone = (node for node in self.nodes if isinstance(node, Leaf) and node.row.max)
        return {
            leaf.place: leaf.scale.error(leaf.measure.relative_error, 0.0, leaf.row.max, None)
            for leaf in alone
            if leaf.scale.fitting == "none"
        }

    def pooled(self, place: int) -> bool:
        """Whether the row of that place compares units within their pools."""
        scale = self.nodes[place].scale
        return scale is not None and scale.fitting != "none" and getattr(scale, "over", "all") == "pool"

    def __str__(self) -> str:
        lines = []
        for number, stage in enumerate(self.stages, 1):
            lines.append(f"stage {number}")
            lines += [f"  {step}" for step in stage.steps]
            lines += [f"  fit {self.nodes[place].row.code} over the units" for place in stage.fits]
        return "\n".join(lines)


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


def upward(nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes so that children come before their heading and siblings stay in order."""
    order: list[Node] = []

    def visit(node: Node) -> None:
        for child in node.children:
            visit(nodes[child])
        order.append(node)

    visit(nodes[0])
    return order


def points_per_unit(row: Row) -> Fraction:
    """Return the points that 1 on the scale which the row publishes stands for (index: max; percent: max / 100)."""
    if row.publish.scale == "points":
        return Fraction(1)
    return row.max if row.publish.scale == "index" else row.max / 100
