"""Strategies of made-up packages, each wrong in one way, and schemes that use them: each law has something to find."""

# ruff: noqa: ARG001, ARG002, ARG005 - what is handed to a strategy is the protocol's affair

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction as Q
from typing import Any, ClassVar

import numpy as np
from attrs import frozen
from made import alone, group, rule, scheme, value

from ictindex.compiling import compile_scheme
from ictindex.model import Row, Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.registry import Entry, Registry, Vocabulary
from ictindex.strategies.base import NormalizationDefaults
from ictindex.strategies.means import Mean
from ictindex.strategies.normalizations import Steps


class Scale(NormalizationDefaults):
    """A scale that needs no other unit: a kernel is all that differs."""

    fitting: ClassVar[str] = "none"
    schema: ClassVar[Mapping[str, Any]] = {}
    title: ClassVar[str] = "A scale"
    description: ClassVar[str] = "A scale."

    def fit(self, sample: Any, maths: Any) -> None:
        return None

    def error(self, relative: float, absolute: float, maximum: Q, fit: Any) -> float:
        return 1e-9 * float(maximum)

    def formula(self, number: str, maximum: str, fit: Any) -> str:
        return f"f({number}) × {maximum}"

    def bind(self, maximum: Q, maths: Any, slack: float = 0.0) -> Any:
        most, top, zero = maths.number(maximum), maths.number(Q(10)), maths.number(Q(0))

        def kernel(x: Any, out: Any, work: Any, fit: Any, pools: Any) -> None:
            out[...] = self.points(np.maximum(x, zero), top) * most

        return kernel

    def points(self, x: Any, top: Any) -> Any:
        raise NotImplementedError


@frozen
class Overshoot(Scale):
    """Forgets to cut at the maximum."""

    def points(self, x: Any, top: Any) -> Any:
        return x / top


@frozen
class Tent(Scale):
    """Best in the middle, though it says that more is better."""

    def points(self, x: Any, top: Any) -> Any:
        inside = np.minimum(x, 2 * top)
        return np.where(inside <= top, inside, 2 * top - inside) / top


@frozen
class Honest(Tent):
    """Best in the middle, and says so."""

    monotone: ClassVar[int] = 0


@frozen
class OfTheTable(Scale):
    """Looks at the other units behind the engine's back."""

    def points(self, x: Any, top: Any) -> Any:
        most = x.max()
        return x / most if most else x


@frozen
class FloatsOnly(Scale):
    """Cannot be computed with exact numbers."""

    def points(self, x: Any, top: Any) -> Any:
        return 1 - np.exp(-x)


_TURNS = itertools.count()


@frozen
class Moody(Scale):
    """Scores the same table differently each time."""

    def points(self, x: Any, top: Any) -> Any:
        return np.minimum(x / top, 1) * (2 if next(_TURNS) % 5 == 0 else 1)


@frozen
class Above(Steps):
    """Begins each step above its threshold, not at it."""

    def bind(self, maximum: Q, maths: Any, slack: float = 0.0) -> Any:
        return super().bind(maximum, maths, -1e-6)


@frozen
class Halved(Mean):
    """Half of the mean, though full rows should give the maximum."""

    def bind(self, maximum: Q, children: Any, maths: Any) -> Any:
        return super().bind(maximum / 2, children, maths)


@frozen
class Spread(Mean):
    """The mean less how far its two rows are apart, cut at 0: a better row may widen the gap."""

    def bind(self, maximum: Q, children: Any, maths: Any) -> Any:
        kernel, zero = super().bind(maximum, children, maths), maths.number(Q(0))

        def apart(points: Any, left: Any, out: Any, work: Any) -> None:
            kernel(points, left, out, work)
            np.maximum(out - abs(points[0] - points[1]), zero, out=out)

        return apart


@frozen
class HonestSpread(Spread):
    """The same, and says so."""

    monotone: ClassVar[bool] = False


@frozen
class Secretive(Mean):
    """Says that only the first row contributed."""

    def contributions(self, maximum: Q, children: Any, points: Any, score: Any) -> tuple[Any, ...]:
        parts = super().contributions(maximum, children, points, score)
        return (parts[0], *(part * 0 for part in parts[1:]))


@frozen
class Forgetful(Mean):
    """Keeps the weights of rows that are left out."""

    def bind(self, maximum: Q, children: Any, maths: Any) -> Any:
        kernel = super().bind(maximum, children, maths)
        return lambda points, left, out, work: kernel(points, [None] * len(points), out, work)


def plan(made: Scheme, scales: dict[str, Any] | None = None, headings: dict[str, Any] | None = None) -> Plan:
    """Return the plan of a scheme under the built-in rules and those given, which replace built-in ones."""
    known = vocabulary()
    return compile_scheme(
        made,
        Vocabulary(
            known.measures,
            _with(known.normalizations, scales or {}),
            _with(known.aggregations, headings or {}),
        ),
    )


def _with(known: Registry[Any], more: dict[str, Any]) -> Registry[Any]:
    kept = tuple(entry for entry in known.entries if entry.name not in more)
    return Registry(known.kind, (*kept, *(Entry(name, "acme", lambda one=one: one) for name, one in more.items())))  # type: ignore[misc]


def scaled(scale: Any, top: Q | int = 10) -> Plan:
    """Return a plan of one criterion under a third party's scale, beside a plain one."""
    rows: list[Row] = [value("1", top, scale=rule("acme.scale")), value("2", top, scale=rule("each", points=Q(1)))]
    return plan(scheme(group("total", 2 * top, *rows)), {"acme.scale": scale})


def stepped(*table: tuple[int, int], name: str = "steps", top: int = 10) -> Scheme:
    """Return a scheme of one criterion with a table of steps."""
    return alone(value("1", top, scale=rule(name, table=tuple((Q(mark), Q(points)) for mark, points in table))))
