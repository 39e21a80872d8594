"""Draws are ranked and summed up fast: the same ranks as plain loops, and no more work than is told here.

Work is counted and not timed: numbers that are sorted and counted, copies of the points, lines of units, and memory.
"""

from __future__ import annotations

import json
import math
import pickle
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from made import assessed, group, scheme

from ictindex.analysis.uncertainty import headings, ranks, summary, units
from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.draws import Draws, blocks
from ictindex.analysis.uncertainty.headings import shares_of
from ictindex.analysis.uncertainty.simulation import Simulation
from ictindex.analysis.uncertainty.units import UnitRanks
from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.model import TOTAL, Pools, Publication, RankRule
from ictindex.plugins import vocabulary
from ictindex.questions import uncertainty
from ictindex.result import Result

BARE: dict[str, Any] = {"effect_draws": 0, "leave_one_out": False, "reversals": False}


# --- ranks, against plain loops --------------------------------------------------------------------------------------


def plain_ranks(line: list[int], tie: int) -> list[int]:
    """One unit after the other, the best first; who is no more than `tie` below the one before has its rank."""
    order = sorted(range(len(line)), key=lambda unit: -line[unit])
    found = [0] * len(line)
    for place, unit in enumerate(order):
        before = order[place - 1]
        found[unit] = found[before] if place and line[before] - line[unit] <= tie else place + 1
    return found


@st.composite
def lines(draw: Any) -> Any:
    """Numbers of a few draws: few or many units, many ties or none, all spread out or nearly all in one place."""
    units = draw(st.sampled_from([1, 2, 3, 7, 256, 257, 258, 700]))
    high = draw(st.sampled_from([0, 1, units // 2, 3 * units, 2**16, 2**20, 2**32 + 3]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    keys = random.integers(0, high, size=(draw(st.integers(1, 4)), units), endpoint=True)
    if draw(st.booleans()):
        keys[:, units // 8 :] //= draw(st.sampled_from([1, 100, 2**12, 2**20]))  # all but some have the same upper bits
    return keys


@settings(max_examples=150, deadline=None)
@given(lines(), st.sampled_from([0, 2, None]), st.sampled_from([np.uint16, np.int64]))
def test_ranks_are_those_of_plain_loops(keys: Any, tie: Any, kind: Any) -> None:
    ties = [tie if tie is not None else 2 * (line % 2) for line in range(len(keys))]
    told = np.int64(tie) if tie is not None else np.array(ties)[:, None]
    found = ranks.competition(ranks.Numbers(keys, told, int(keys.max())), kind)
    assert found.dtype == kind
    assert found.tolist() == [plain_ranks(*one) for one in zip(keys.tolist(), ties, strict=True)]


@settings(max_examples=60, deadline=None)
@given(lines(), st.integers(0, 4))
def test_numbers_are_sorted_whatever_their_bits(keys: Any, spare: int) -> None:
    bits = max(1, (keys.shape[1] - 1).bit_length())
    packed = keys << bits | np.arange(keys.shape[1])
    even, odd = ranks.in_order(packed.copy(), int(keys.max()).bit_length() + bits + spare)
    assert (even == np.sort(packed, axis=1)[:, ::2]).all() and (odd == np.sort(packed, axis=1)[:, 1::2]).all()


def test_digits_that_do_not_fit_are_a_matter_of_each_draw() -> None:
    """Whether a draw's scores fit into 32 bits says nothing of another's."""
    score = ranks.Score(1.0, 1e12, 0.5, True)
    points = np.array([[0.0, 1, 2, 3], [0, 1, 2, 1e12]])
    ranker = ranks.Ranker("competition", tuple("abcd"), (slice(0, 4),))
    together = ranker.ranks([ranks.Scored(score, points)]).tolist()
    assert together == [ranker.ranks([ranks.Scored(score, one[None])]).tolist()[0] for one in points]
    assert together[0] == [4, 3, 2, 1]


# --- the whole analysis, against plain loops -------------------------------------------------------------------------


def many(count: int, on: Any = "published", pools: int = 1, decimals: int = 2, *, whole: bool = False) -> Result:
    """Units of some pools, unless they are whole every seventh without a figure and so without a rank."""
    random = np.random.default_rng(count)
    rows = [assessed(code, 10, missing="rescale") for code in "abcd"]
    publish, ranked = Publication("points", decimals), RankRule("competition", on)
    made = scheme(group(TOTAL, 40, *rows, combine="mean", publish=publish, rank=ranked))
    made = evolve(made, pools=Pools("pool")) if pools > 1 else made
    columns: dict[str, list[Any]] = {code: random.integers(0, 101, count).tolist() for code in "abcd"}
    for cells in columns.values():
        cells[:] = [None if unit % 7 == 3 and not whole else cell / 10 for unit, cell in enumerate(cells)]
    named: dict[str, list[Any]] = {"unit": [f"u{unit * 31 % count}" for unit in range(count)]}
    if pools > 1:
        named["pool"] = [f"p{unit % pools}" for unit in range(count)]
    return run(compile_scheme(made, vocabulary()), table_from_columns(made, named | columns))


def plain_analysis(result: Result, seed: int, draws: int) -> dict[str, dict[str, Any]]:
    """Every draw in plain loops: scores, ranks, and what comes of them, by unit."""
    published, pools = result.ranks(), result.table.pool or [""] * len(result.units)
    simulation = Simulation.of(result, TOTAL, Assumptions(), seed)
    (heading,) = simulation.headings
    concentration = simulation.assumptions.concentration_of(4)
    weights = [
        line
        for block, size in blocks(draws).items()
        for line in Draws(seed, block, size).weights(0, shares_of(heading), concentration).tolist()
    ]
    points = [result.points(code).tolist() for code in "abcd"]
    exact = result.scheme.row(TOTAL).rank.on == "exact"
    digits = 10.0 ** result.scheme.row(TOTAL).publish.decimals
    kept: dict[int, list[int]] = {unit: [] for unit in range(len(result.units)) if published[unit]}
    for drawn in weights:
        scores = {
            unit: 40 * sum(share * row[unit] / 10 for share, row in zip(drawn, points, strict=True)) for unit in kept
        }
        width = max(scores.values()) - min(scores.values())
        near = width * 2 / 2**32 if exact else 0
        keys = scores if exact else {unit: math.floor(one * digits + 0.5 + 1e-9) for unit, one in scores.items()}
        for unit, own in keys.items():
            better = sum(other > own + near and pools[one] == pools[unit] for one, other in keys.items())
            kept[unit].append(better + 1)
    facts = {}
    for unit, drawn_ranks in kept.items():
        low, median, high = (sorted(drawn_ranks)[math.ceil(draws * share) - 1] for share in (0.05, 0.5, 0.95))
        facts[result.units[unit]] = {
            "pool": pools[unit],
            "rank": published[unit],
            "mean": sum(drawn_ranks) / draws,
            "best": min(drawn_ranks),
            "low": low,
            "median": median,
            "high": high,
            "worst": max(drawn_ranks),
            "top": sum(one <= simulation.top for one in drawn_ranks) / draws,
        }
        following = [one for one in kept if pools[one] == pools[unit] and published[one] >= published[unit]]
        following.sort(key=lambda one: (published[one], result.units[one]))
        rest = following[following.index(unit) + 1 :]
        ahead = [own < other for own, other in zip(drawn_ranks, kept[rest[0]], strict=True)] if rest else []
        facts[result.units[unit]]["ahead"] = sum(ahead) / draws if rest else None
    return facts


@pytest.mark.parametrize(("count", "pools", "decimals"), [(30, 1, 2), (30, 3, 0)])
@pytest.mark.parametrize("on", ["published", "exact"])
def test_an_analysis_is_that_of_plain_loops(count: int, pools: int, decimals: int, on: str) -> None:
    result = many(count, on, pools, decimals)
    answer, expected = uncertainty(result, draws=70, seed=3, **BARE), plain_analysis(result, 3, 70)
    ranked = [one for one in answer.units if one.rank is not None]
    assert len(ranked) == len(expected) < count
    for one in ranked:
        assert {name: getattr(one, name) for name in expected[one.unit]} == expected[one.unit]
    assert [(one.pool, one.rank, one.unit) for one in ranked] == sorted(
        (facts["pool"], facts["rank"], unit) for unit, facts in expected.items()
    )


@pytest.mark.parametrize("on", ["published", "exact"])
def test_threads_blocks_and_windows_change_no_bit(on: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = many(600, on, pools=2)
    alone = uncertainty(result, draws=130, **BARE).to_dict()
    for cells, kept, counted, beside in (
        (2**15, 2**26, 0, 256),
        (1, 130 * 100, 0, 7),
        (1, 130 * 100, 2**27, 7),
        (2**22, 130 * 599, 0, 600),
        (2**22, 130 * 599, 2**27, 600),
    ):
        monkeypatch.setattr(ranks, "CELLS", cells)
        monkeypatch.setattr(summary, "KEPT", kept)
        monkeypatch.setattr(summary, "COUNTED", counted)
        monkeypatch.setattr(summary, "BESIDE", beside)
        with ThreadPoolExecutor(2) as executor:
            assert uncertainty(result, draws=130, executor=executor, **BARE).to_dict() == alone
        assert uncertainty(result, draws=130, **BARE).to_dict() == alone


# --- lines that are made when they are asked for ---------------------------------------------------------------------


def test_lines_of_units_are_made_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(**fields: Any) -> UnitRanks:
        made.append(fields["unit"])
        return UnitRanks(**fields)

    monkeypatch.setattr(units, "UnitRanks", counted)
    answer = uncertainty(many(50), draws=20, **BARE)
    assert answer.stability.kept and not made
    assert [one.unit for one in answer.units[2:5]] == made and len(made) == 3
    assert answer.to_columns()["unit"][:5][2:] == made and len(made) == 3
    assert answer.units[-1].rank is None and len(made) == 4


def test_lines_of_units_are_what_a_tuple_of_them_is() -> None:
    answer = uncertainty(many(50), draws=20, **BARE)
    whole = tuple(answer.units)
    assert len(answer.units) == len(whole) == 50 and answer.units == whole and answer.units != whole[1:]
    assert answer.units[3] == whole[3] and answer.units[-3:] == whole[-3:] and whole[7] in answer.units
    with pytest.raises(IndexError):
        answer.units[50]
    again = pickle.loads(pickle.dumps(answer))  # noqa: S301 - made a moment ago
    assert again == answer and again.units == whole and repr(again.units) == repr(whole)
    assert units.lines_of(whole) == answer.units and units.lines_of(answer.units) is answer.units
    told = json.dumps(answer.to_dict())
    assert json.loads(told)["units"][3]["unit"] == whole[3].unit and json.dumps(again.to_dict()) == told


# --- work is counted -------------------------------------------------------------------------------------------------


class _Numpy:
    """Numpy, which counts how many numbers some of its functions are given."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        function = getattr(np, name)
        if name not in ("sort", "argsort", "bincount", "searchsorted", "unique"):
            return function

        def counted(numbers: Any, *more: Any, **options: Any) -> Any:
            self.given[name] += np.size(numbers)
            return function(numbers, *more, **options)

        return counted


@pytest.mark.parametrize(("on", "work"), [("published", "bincount"), ("exact", "argsort")])
def test_every_draw_is_counted_or_sorted_once(on: str, work: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result, numpy, stacked = many(1000, on, decimals=0, whole=True), _Numpy(), []
    monkeypatch.setattr(ranks, "np", numpy)
    stack = headings.Leaves.stacked

    def remembered(self: Any, places: Any) -> Any:
        stacked.append(stack(self, places))
        return stacked[-1]

    monkeypatch.setattr(headings.Leaves, "stacked", remembered)
    answer = uncertainty(result, draws=200, **BARE)
    own = numpy.given.pop(work)
    assert own == 200 * len(answer.units)  # each number once, ...
    assert sum(numpy.given.values()) <= own / 20  # ... and next to none a second time, in a slower way
    assert len(stacked) == len(blocks(200)) and all(one is stacked[0] for one in stacked)


@pytest.mark.parametrize(("whole", "blocks_at_once"), [(True, 4), (False, 9)])
@pytest.mark.parametrize("on", ["published", "exact"])
def test_memory_is_that_of_the_ranks_and_of_some_blocks(on: str, *, whole: bool, blocks_at_once: int) -> None:
    """The ranks of all draws, two bytes each, and a few blocks of floats, however many draws there are."""
    result = many(2000, on, whole=whole)
    block = 64 * 2000 * 8
    peaks = []
    for draws in (256, 768):
        uncertainty(result, draws=64, **BARE)
        tracemalloc.start()
        uncertainty(result, draws=draws, **BARE)
        peaks.append(tracemalloc.get_traced_memory()[1] - draws * 2000 * 2)
        tracemalloc.stop()
    assert peaks[0] < blocks_at_once * block and peaks[1] < peaks[0] + block
