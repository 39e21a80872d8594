"""A rule that was read out of a wording, before it is written under its row."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

Value: TypeAlias = "str | tuple[tuple[str, Value], ...]"


@frozen
class Reading:
    """A rule as it is written under a row, how it was read, and what a person should look at (both in Vietnamese).

    `rule` are keys with their values: words, figures, or further keys with values. A ratio whose `a` or `b` is empty
    divides something that the wording does not name.
    """

    rule: tuple[tuple[str, Value], ...]
    how: str
    doubts: tuple[str, ...] = field(default=())
