"""A compiled scheme: a straight list of steps that fill the matrix, the same for every table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.messages import say
from ictindex.model import Group, Indicator, Policy, Row, Scheme
from ictindex.strategies.base import (
    Aggregation,
    Arithmetic,
    Child,
    CombineKernel,
    Measure,
    MeasureKernel,
    Normalization,
    ScaleKernel,
)


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

    @cached_property
    def offered(self) -> Fraction:
        """The maxima of the rows below added up, without bonuses and deductions."""
        return sum((child.maximum for child in self.below if child.role == "max"), Fraction(0))


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

    def asked(self, code: str) -> int:
        """Return the matrix row that somebody asks for; without a code the (first) total. Raises UnknownName."""
        if not code:
            return self.totals[0]
        if code not in self._places:
            hint = did_you_mean(code, self._places) or say(
                "`ictindex show` prints the rows of a scheme with their codes"
            )
            message = say("{scheme} has no row '{code}'", scheme=self.scheme.id, code=code)
            raise UnknownName(Problem("U105", message, hint=hint))
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
