"""The two workloads of `data.py` as they are written in other libraries, one file each, the way their users write them.

Every file names its library, what pip calls it, and for each workload it can express a function that brings the data
into the library's own form and returns what the clock runs: from there to published scores, ranks and grades. Another
function reads these back for the comparison with the reference kernel, with the clock stopped. A file imports its
library at its top, so one that is not installed is told by name and never left out in silence.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import reference
from data import Array, Workload
from numpy.typing import NDArray

from written import exactly

DECIMALS = {"W1": 4, "W2": 2}  # what the workloads publish
SHARES = (0.9, 0.7, 0.5)  # the lower bounds of the grades of W2, to the most points
FILES = (
    "reference",
    "ictindex",
    "first",
    "kept",
    "numpy",
    "polars",
    "pandas",
    "duckdb",
    "skcriteria",
    "pymcdm",
    "openfisca",
)


@dataclass(frozen=True)
class Answer:
    """What a library says of each unit: published scores as whole numbers of the last decimal, ranks, grades."""

    keys: NDArray[np.int64]
    ranks: Array | NDArray[np.int64]
    grades: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, name: str, scores: Any, ranks: Any, grades: Any = None) -> Answer:
        """Return the answer of arrays: published scores of the workload, ranks from 1, grades from 0 (the best)."""
        keys = np.rint(np.asarray(scores, dtype=np.float64) * 10 ** DECIMALS[name]).astype(np.int64)
        return cls(keys, np.asarray(ranks), None if grades is None else np.asarray(grades))


@dataclass(frozen=True)
class Peer:
    """A library and the workloads written in it; `differs` says why its answers may be others, "" where they may not.

    A workload that `written` does not hold cannot be said in the library's own rules, and `lacks` says what is missing.
    """

    name: str
    package: str  # what pip installs
    version: str
    written: Mapping[str, Callable[[Workload], Callable[[], Any]]]
    answer: Callable[[Workload, Any], Answer]
    differs: str = ""
    lacks: str = ""
    threads: int = 1


@dataclass(frozen=True)
class Absent:
    """A library that is not installed."""

    name: str
    missing: str

    @property
    def install(self) -> str:
        """The command that brings it."""
        return "pip install -e '.[benchmarks]'"


def peers(files: tuple[str, ...] = FILES) -> list[Peer | Absent]:
    """Return the libraries in the order of `files`, those that are not installed too."""
    found: list[Peer | Absent] = []
    for file in files:
        try:
            found.append(importlib.import_module(f"written.in_{file}").PEER)
        except ModuleNotFoundError as error:
            if str(error.name).startswith("written"):
                raise
            found.append(Absent(file, str(error.name)))
    return found


@dataclass(frozen=True)
class Difference:
    """For how many units an answer is another than the right one."""

    units: int
    scores: int
    ranks: int
    grades: int

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.scores or self.ranks or self.grades)

    def __str__(self) -> str:
        """The shares, "none" where everything is the same."""
        parts = {"scores": self.scores, "ranks": self.ranks, "grades": self.grades}
        told = [f"{_share(count, self.units)} {name}" for name, count in parts.items() if count]
        return ", ".join(told) or "none"


def difference(work: Workload, peer: Peer, answer: Answer, expected: Answer) -> Difference:
    """Return how an answer differs from the expected one.

    A library that states no reason to differ is held against exact arithmetic wherever the two disagree. Raises
    AssertionError where it differs from that, or where a published score is off by more than one in the last decimal:
    then the two did other work, and a ratio would mean nothing.
    """
    found = compared(answer, expected)
    if not peer.differs and found.any:
        _judged(work, peer, answer, expected)
    return found


def compared(answer: Answer, expected: Answer) -> Difference:
    """Return for how many units an answer is another. Raises AssertionError where a score is off by more than one."""
    apart = np.abs(answer.keys - expected.keys)
    assert apart.max() <= 1, f"a score is off by {apart.max()} in the last decimal"
    grades = 0
    if expected.grades is not None:
        assert answer.grades is not None, "there are no grades"
        grades = int(np.count_nonzero(answer.grades != expected.grades))
    ranks = int(np.count_nonzero(answer.ranks != expected.ranks))
    return Difference(apart.size, int(np.count_nonzero(apart)), ranks, grades)


def _judged(work: Workload, peer: Peer, answer: Answer, expected: Answer) -> None:
    doubted = np.flatnonzero((answer.keys != expected.keys) | (answer.ranks != expected.ranks))
    keys, ranks = exactly.settled(work, expected.keys, np.asarray(expected.ranks), doubted)
    same = np.array_equal(answer.keys, keys) and np.array_equal(answer.ranks, ranks)
    if answer.grades is not None:
        same = same and np.array_equal(answer.grades, reference.grades(keys, bounds(work)))
    assert same, f"{peer.name}, {work.name}: {len(doubted)} units differ from exact arithmetic"


def bounds(work: Workload) -> list[float]:
    """Return the lower bounds of the grades of W2, as whole numbers of the last decimal, the highest first."""
    return [share * most(work) * 100 for share in SHARES]


def expected(work: Workload) -> Answer:
    """Return what the reference kernel says."""
    return Answer(*(reference.w1 if work.name == "W1" else reference.w2)(work.matrix, work.groups))


def weights(work: Workload) -> Array:
    """Return each indicator's weight in the total of W1, the groups multiplied out; they add up to 1."""
    whole = sum(group.points for group in work.groups)
    return np.array(
        [
            group.points / whole * one.points / sum(each.points for each in group.indicators)
            for group in work.groups
            for one in group.indicators
        ]
    )


def most(work: Workload) -> float:
    """Return the most points of W2."""
    return sum(group.points for group in work.groups)


def _share(count: int, units: int) -> str:
    return f"{count / units:.1%} of the" if count > units / 1000 else f"{count:,}"
