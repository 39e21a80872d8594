"""How a row is scored, in words: its measure and scale, or how a heading is made of its rows.

The words are texts of `ictindex.messages`, so each can be said in Vietnamese; `Marks` say how numbers are printed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from attrs import field, frozen

from ictindex.annex.marks import Marks, Pen, as_typed, number_typed
from ictindex.annex.measures import MEASURES, Told, edges, quantity_words
from ictindex.annex.scales import SCALES, Scaled
from ictindex.cells import number_text
from ictindex.choices import COMBINES
from ictindex.messages import either, joined, say
from ictindex.model import Group, Indicator, Quantity, Row, Rule, Scheme
from ictindex.registry import Registry, Vocabulary

_FORM = say("this way of scoring")


@frozen
class Words:
    """Tells the rules of one scheme. The vocabulary has the titles of strategies that are not built in."""

    scheme: Scheme
    vocabulary: Vocabulary
    marks: Marks = field(factory=Marks)
    _names: dict[str, str] = field(factory=dict, init=False)
    _stated: dict[str, dict[str, str]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._names.update((one.code, one.name) for one in self.scheme.inputs)
        for one in self.scheme.statements:
            self._stated.setdefault(one.at, {})[one.key] = one.text

    def how(self, row: Row) -> str:
        """Return how a row is scored: a criterion's measure and scale, or how a heading is made of its rows."""
        if isinstance(row, Group):
            return self._heading(row)
        return self._criterion(row) if isinstance(row, Indicator) else ""

    def measure(self, row: Indicator) -> str:
        """Return what a criterion counts, what that earns where no scale follows, and the edges of a ratio."""
        pen = self._unmarked(row.code)
        told = self._measure(row, pen)
        return joined((told, *edges(row.measure, pen)), "; ") if row.measure.name == "ratio" else told

    def rule(self, row: Row) -> str:
        """Return everything about how a row is scored, without any mark."""
        if isinstance(row, Indicator):
            return joined((self.measure(row), self.scale(row)), "; ")
        return self.how(row)

    def scale(self, row: Row) -> str:
        """Return how the number of a row becomes points; empty where it has no scale."""
        if row.scale is None:
            return ""
        home = self._home(row)
        path = "" if home == row.code else "below."
        pen = self._unmarked(home)
        return self._scale(row, row.scale, home, path, lambda key, text, at=home, /: pen(f"{path}{key}", text, at))

    def combined(self, row: Group) -> str:
        """Return how a heading is made of its rows, before any scale."""
        name, even = row.combine.name, len({child.weight for child in row.children}) == 1
        if name == "mean" and even:
            return say("the plain mean of the rows below")
        return COMBINES.get(name) or _titled(self.vocabulary.aggregations, name, "")

    def _unmarked(self, row: str) -> Pen:
        """Return a pen that marks nothing: a number as the document has it."""

        def pen(key: str, text: str, at: str = row, /) -> str:
            return as_typed(text, self._stated.get(at, {}).get(key, ""))

        return pen

    def _criterion(self, row: Indicator) -> str:
        at = self._home(row)

        def told(pen: Pen) -> str:
            own = self._scale(row, row.scale, row.code, "", pen) if row.scale and at == row.code else ""
            return joined((self._measure(row, pen), own), "; ")

        text = self.marks.whole(row.code, "rule", told, _FORM)
        if row.scale is None or at == row.code:
            return text
        return joined((text, self._inherited(row, row.scale, at)), "; ")

    def _inherited(self, row: Row, scale: Rule, at: str) -> str:
        """Return the words of a scale that rests on what a heading says, not on the row."""

        def told(pen: Pen) -> str:
            return self._scale(
                row, scale, at, "below.", lambda key, text, place=at, /: pen(f"below.{key}", text, place)
            )

        return self.marks.whole(at, f"below.{scale.name}", told, _FORM)

    def _heading(self, row: Group) -> str:
        told = self.marks.number(row.code, "combine", self.combined(row))
        if row.scale is None:
            return told
        scale = row.scale
        after = self.marks.whole(row.code, "rule", lambda pen: self._scale(row, scale, row.code, "", pen), _FORM)
        return say("{rows}; then {scale}", rows=told, scale=after)

    def _home(self, row: Row) -> str:
        """Return the code of the row that states the scale of this one: its own, or the nearest heading that does."""
        name = row.scale.name if row.scale else ""
        rule = self._stated.get(row.code, {}).get("rule", "")
        if not name or rule == name or rule.endswith(f", {name}"):
            return row.code
        key = f"below.{name}"
        for heading in self.scheme.above(row.code):
            if any(one == key or one.startswith(f"{key}.") for one in self._stated.get(heading.code, {})):
                return heading.code
        return row.code

    def _measure(self, row: Indicator, pen: Pen) -> str:
        told = MEASURES.get(row.measure.name)
        if told is None:
            return self._third_party(self.vocabulary.measures, row.measure, pen)
        return told(Told(row, self._names, self._stated.get(row.code, {}).get("rule", ""), pen))

    def _scale(self, row: Row, rule: Rule, at: str, path: str, pen: Pen) -> str:
        """Return a scale in words; it is stated at a row, under a path of keys there."""
        told = SCALES.get(rule.name)
        if told is None:
            return self._third_party(self.vocabulary.normalizations, rule, pen)
        share = isinstance(row, Indicator) and row.measure.name == "ratio" and row.measure.get("per") == 1
        lead = f"{path}{rule.name}."
        keys = [key for key in self._stated.get(at, {}) if key.startswith(lead)]
        read = ((number_typed(key.removeprefix(lead)), key.removeprefix(path)) for key in keys)
        steps = {number: key for number, key in read if number is not None}
        return told(Scaled(rule, number_text(row.max), share, steps, pen))

    def _third_party(self, registry: Registry[Any], rule: Rule, pen: Pen) -> str:
        """Return the rule of an installed package: its title and description, and its parameters as written."""
        parts = (self._parameter(rule.name, key.replace("_", "-"), value, pen) for key, value in rule.parameters)
        return _titled(registry, rule.name, joined(parts, ", "))

    def _parameter(self, path: str, key: str, value: Any, pen: Pen) -> str:
        return say("{name} {value}", name=key, value=self._plain(f"{path}.{key}", value, pen))

    def _plain(self, path: str, value: Any, pen: Pen) -> str:
        """Return the value of a plugin's parameter."""
        if isinstance(value, Quantity):
            return quantity_words(value, self._names)
        if isinstance(value, Fraction):
            return pen(path, number_text(value))
        if isinstance(value, tuple):
            parts = (
                self._parameter(path, str(one[0]), one[1], pen)
                if isinstance(one, tuple) and len(one) == 2
                else self._plain(f"{path}.{place}", one, pen)
                for place, one in enumerate(value, 1)
            )
            return say("({parts})", parts=joined(parts, ", "))
        return self._names.get(value, value) if isinstance(value, str) else str(value).lower()


def _spoken(strategy: Any, part: str) -> str:
    """Return what a strategy says of itself, "English / Tiếng Việt", in the language of the reader."""
    english, _, vietnamese = str(getattr(strategy, part, "")).rstrip(".").partition(" / ")
    return either(english, vietnamese)


def _titled(registry: Registry[Any], name: str, parameters: str) -> str:
    """Return a strategy of an installed package in its own words."""
    strategy = registry.get(name) if name in registry else None
    told = joined((_spoken(strategy, "title") or name, _spoken(strategy, "description")), ": ")
    return say("{what} ({rule}: {parameters})", what=told, rule=name, parameters=parameters) if parameters else told
