"""Every measure in words: what is counted, and what it earns where no scale follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction

from attrs import frozen

from ictindex.annex.marks import Pen
from ictindex.cells import number_text
from ictindex.choices import IF_NONE, OVER
from ictindex.messages import joined, say
from ictindex.model import TOTAL, Indicator, Quantity, Rule

_SHARED_LIST = re.compile(r"\$([^\s,]+)")


@frozen
class Told:
    """A criterion whose measure is to be told.

    `names` are the words of the inputs by their codes, `stated` is how the document states the rule.
    """

    row: Indicator
    names: Mapping[str, str]
    stated: str
    pen: Pen

    @property
    def max(self) -> str:
        """The most points, as text."""
        return number_text(self.row.max)

    @property
    def earns(self) -> bool:
        """Whether the measure alone gives the points."""
        return self.row.scale is None and self.row.max != 0

    @property
    def named(self) -> str:
        """The words of its one input, empty where they are the row's own."""
        code = self.row.measure.get("input", "")
        name = self.names.get(code, "")
        return "" if name == self.row.name else name


def quantity_words(
    quantity: Quantity, names: Mapping[str, str], pen: Callable[[str, str], str] = lambda _, text: text
) -> str:
    """Return a sum of inputs times factors; the pen writes each factor by its input, and a fixed number by ``."""
    terms: list[str] = []
    for code, factor in quantity.terms:
        text, name = number_text(factor), names.get(code, code)
        told = pen(code, text)
        terms.append(name if factor == 1 and told == text else say("{name} × {factor}", name=name, factor=told))
    if quantity.constant or not terms:
        terms.append(pen("", number_text(quantity.constant)))
    return terms[0] if len(terms) == 1 else say("({sum})", sum=joined(terms, " + "))


def _value(told: Told) -> str:
    what = told.named or say("the number reported")
    return say("{what}, as points from 0 to {max}", what=what, max=told.max) if told.earns else what


def _count(told: Told) -> str:
    return told.named or say("the count reported")


def _yes_no(told: Told) -> str:
    most = told.max if told.earns else "1"
    if told.named:
        return say("{what}: yes {max}, no 0", what=told.named, max=most)
    return say("yes {max}, no 0", max=most)


def _assessed(told: Told) -> str:
    if not told.row.max:
        return told.named or say("what an assessor reports")
    if told.named:
        return say("points from 0 to {max}, given by: {who}", max=told.max, who=told.named)
    return say("points from 0 to {max}, given by an assessor", max=told.max)


def _ratio(told: Told) -> str:
    rule, row, pen = told.row.measure, told.row, told.pen

    def part(key: str) -> str:
        def factor(code: str, text: str) -> str:
            own = code.startswith(f"{row.code}.")
            local = code.removeprefix(f"{row.code}.") if own else f"${code}"
            return pen(f"ratio.{key}.sum.{local}" if code else f"ratio.{key}", text)

        return quantity_words(rule.get(key, Quantity()), told.names, factor)

    text = say("{a} / {b}", a=part("a"), b=part("b"))
    per = rule.get("per", Fraction(1))
    if per != 1:
        text = say("{ratio} × {factor}", ratio=text, factor=pen("ratio.per", number_text(per)))
    return say("{ratio} × {factor}", ratio=text, factor=told.max) if told.earns and row.max != 1 else text


def edges(rule: Rule, pen: Pen, stated: Collection[str] = ()) -> Iterator[str]:
    """Yield what a ratio is above 1, without a denominator and below its floor, where that is not the usual.

    What the document states (the keys in `stated`) is told in any case.
    """
    if (over := rule.get("over", "clamp")) != "clamp" or "ratio.over" in stated:
        yield say("a ratio above 1 is {what}", what=pen("ratio.over", OVER[over]))
    if (none := rule.get("if_none", "refuse")) != "refuse" or "ratio.if-none" in stated:
        yield say("without a denominator: {what}", what=pen("ratio.if-none", IF_NONE[none]))
    if (floor := rule.get("floor")) is not None:
        yield say("below {floor}: 0", floor=pen("ratio.floor", number_text(floor)))


def _choice(told: Told) -> str:
    shared = _SHARED_LIST.search(told.stated)

    def points(code: str, text: str) -> str:
        return told.pen(f"choices.{shared[1]}.{code}", text, TOTAL) if shared else told.pen(f"choice.{code}", text)

    return say("one of: {cases}", cases=_cases(told, points))


def _checks(told: Told) -> str:
    return say("each adds: {cases}", cases=_cases(told, lambda code, text: told.pen(f"checks.{code}", text)))


def _cases(told: Told, points: Callable[[str, str], str]) -> str:
    lines = []
    for case in told.row.measure.get("cases"):
        code = case.code.removeprefix(f"{told.row.code}.")
        name = case.name or told.names.get(case.code, "")
        lines.append(
            say("{code} {name}: {points}", code=code, name=name, points=points(code, number_text(case.points)))
        )
    return joined(lines, "; ")


def _all_of(told: Told) -> str:
    names = joined((told.names.get(code, code) for code in told.row.measure.get("inputs")), "; ")
    return say("{max} where all of these hold, else 0: {names}", max=told.max if told.earns else "1", names=names)


MEASURES: Mapping[str, Callable[[Told], str]] = {
    "value": _value,
    "count": _count,
    "yes-no": _yes_no,
    "assessed": _assessed,
    "ratio": _ratio,
    "choice": _choice,
    "checks": _checks,
    "all-of": _all_of,
}
