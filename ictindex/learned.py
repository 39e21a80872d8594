"""What was learned from units, as a value: merged from parts in any order, pickled, written as JSON with nothing lost.

Problems: U311 parts that do not belong together, U319 plain data that were not learned.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

from attrs import evolve, field, frozen

from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.strategies.base import Lesson

Lessons = Mapping[str, Mapping[str, Lesson]]
"""By the row's code and then the pool's name; the name is empty where the row compares all units."""

_FORM = 1
"""The number of the form in which it is written: whoever reads another one would read it wrongly."""


@frozen
class LearnedStage:
    """What one look at the units teaches: in floats, and in exact numbers."""

    floats: Lessons
    exact: Lessons

    def merge(self, other: LearnedStage) -> LearnedStage:
        """Return what the units of both teach."""
        return LearnedStage(_merged(self.floats, other.floats), _merged(self.exact, other.exact))


@frozen(kw_only=True)
class Learned:
    """What units teach the strategies of one scheme that compare units; it can be merged, pickled and written.

    `stages` are in the order in which they are learned, and `units` is the number of lines that the last look saw.
    `pools` are the names of the pools that were met, empty where there are none. `doubt` says that a float could not
    tell on which side of a jump a unit is, so that whoever is scored with this is scored with exact numbers. `declared`
    is what the self-declared figures of the same units teach, where the table has them.
    """

    scheme: str
    scheme_sha256: str
    arithmetic: str
    stages: tuple[LearnedStage, ...] = ()
    units: int = 0
    pools: tuple[str, ...] = ()
    doubt: bool = False
    declared: Learned | None = field(default=None)

    def merge(self, other: Learned) -> Learned:
        """Return what the units of both teach. Raises WrongUse where they do not belong together."""
        return merge_learned([self, other])

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was learned, as `to_dict` writes it."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON; numbers are texts that say them exactly."""
        return {
            "learned": _FORM,
            "scheme": self.scheme,
            "scheme_sha256": self.scheme_sha256,
            "arithmetic": self.arithmetic,
            "units": self.units,
            "pools": list(self.pools),
            "doubt": self.doubt,
            "stages": [{"floats": _plain(one.floats), "exact": _plain(one.exact)} for one in self.stages],
            "declared": None if self.declared is None else self.declared.to_dict(),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Learned:
        """Return what `to_dict` wrote. Raises WrongUse (U319) for anything else."""
        try:
            return cls._from_dict(told)
        except (TypeError, KeyError, ValueError, ArithmeticError, AttributeError):
            message = say("this does not say what was learned")
            hint = say("give what `to_dict` wrote, with nothing left out")
            raise WrongUse(Problem("U319", message, hint=hint)) from None

    @classmethod
    def _from_dict(cls, told: Mapping[str, Any]) -> Learned:
        if told["learned"] != _FORM:
            raise ValueError(told["learned"])
        exact = Decimal if told["arithmetic"] == "decimal" else Fraction
        return cls(
            scheme=told["scheme"],
            scheme_sha256=told["scheme_sha256"],
            arithmetic=told["arithmetic"],
            units=told["units"],
            pools=tuple(told["pools"]),
            doubt=told["doubt"],
            stages=tuple(
                LearnedStage(_read(one["floats"], float.fromhex), _read(one["exact"], exact)) for one in told["stages"]
            ),
            declared=None if told["declared"] is None else cls._from_dict(told["declared"]),
        )


def merge_learned(parts: Iterable[Learned]) -> Learned:
    """Return what the units of all parts teach, whatever their order and grouping.

    Only the last look of each part is put together: the earlier ones must be those of all parts already. Raises
    WrongUse where there is no part, or the parts do not belong together.
    """
    coming = iter(parts)
    first = next(coming, None)
    if first is None:
        message = say("there is nothing to learn from: no part was given")
        raise WrongUse(Problem("U311", message, hint=say("learn from at least one part")))
    return reduce(_merge, coming, first)


def _merge(one: Learned, other: Learned) -> Learned:
    same = (one.scheme_sha256, one.arithmetic, one.stages[:-1]) == (
        other.scheme_sha256,
        other.arithmetic,
        other.stages[:-1],
    )
    if not same or len(one.stages) != len(other.stages):
        message = say(
            "two parts do not belong together: they were learned for different schemes or after different looks"
        )
        raise WrongUse(Problem("U311", message, hint=say("learn every part for one scheme, after= the same looks")))
    stages = one.stages
    if stages:
        stages = (*stages[:-1], stages[-1].merge(other.stages[-1]))
    declared = one.declared or other.declared
    if one.declared is not None and other.declared is not None:
        declared = _merge(one.declared, other.declared)
    return evolve(
        one,
        stages=stages,
        units=one.units + other.units,
        pools=tuple(sorted({*one.pools, *other.pools})),
        doubt=one.doubt or other.doubt,
        declared=declared,
    )


def _merged(one: Lessons, other: Lessons) -> Lessons:
    """Return the lessons of both, in the order of rows and pools, so that it is the same whichever comes first."""
    found: dict[str, dict[str, Lesson]] = {}
    for code in sorted({*one, *other}):
        mine, more = one.get(code, {}), other.get(code, {})
        found[code] = {
            pool: mine.get(pool, Lesson()).merge(more.get(pool, Lesson())) for pool in sorted({*mine, *more})
        }
    return found


def _plain(lessons: Lessons) -> dict[str, Any]:
    return {code: {pool: _told(lesson) for pool, lesson in pools.items()} for code, pools in lessons.items()}


def _told(lesson: Lesson) -> dict[str, Any]:
    return {"low": _text(lesson.low), "high": _text(lesson.high), "sums": [str(Fraction(one)) for one in lesson.sums]}


def _text(number: Any) -> str | None:
    if number is None:
        return None
    return number.hex() if isinstance(number, float) else str(number)


def _read(told: Mapping[str, Any], number: Callable[[str], Any]) -> Lessons:
    def lesson(one: Mapping[str, Any]) -> Lesson:
        low, high = (None if one[end] is None else number(one[end]) for end in ("low", "high"))
        return Lesson(low, high, tuple(map(Fraction, one["sums"])))

    return {code: {pool: lesson(one) for pool, one in pools.items()} for code, pools in told.items()}
