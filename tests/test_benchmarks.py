"""The benchmarks run at a tiny size: their answers are compared, their pages and charts written. No time is judged."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import numpy as np
import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
FILES = ("reference", "ictindex", "first", "kept", "numpy", "polars", "pandas")
SIZES = (40, 90)


@pytest.fixture(scope="module")
def benchmarks() -> Iterator[ModuleType]:
    """The command of the peers, with its folder importable as when it is run."""
    sys.path.insert(0, str(FOLDER))
    try:
        import peers

        yield peers
    finally:
        sys.path.remove(str(FOLDER))


@pytest.mark.parametrize("name", ["W1", "W2"])
@pytest.mark.parametrize("file", FILES)
def test_each_library_does_the_same_work(benchmarks: ModuleType, file: str, name: str) -> None:
    import written

    work = benchmarks.WORKLOADS[name](500)
    (peer,) = written.peers((file,))
    answer = peer.answer(work, peer.written[name](work)())
    found = written.difference(work, peer, answer, written.expected(work))
    assert found.units == 500
    assert found.grades <= found.scores  # a grade changes with a score alone


@pytest.mark.parametrize(("apart", "differs", "said"), [(2, "halves", "off by 2"), (1, "", "50 units differ from ex")])
def test_other_work_is_no_peer(benchmarks: ModuleType, apart: int, differs: str, said: str) -> None:
    import written

    work = benchmarks.WORKLOADS["W1"](50)
    right = written.expected(work)
    wrong = written.Answer(right.keys + apart, right.ranks)
    peer = written.Peer("other", "other", "1", {}, lambda _, made: made, differs=differs)
    with pytest.raises(AssertionError, match=said):
        written.difference(work, peer, wrong, right)


@pytest.mark.parametrize("name", ["W1", "W2"])
def test_exact_arithmetic_agrees_with_the_reference(benchmarks: ModuleType, name: str) -> None:
    import written
    from written import exactly

    work = benchmarks.WORKLOADS[name](60)
    work.matrix[:, 7] = work.matrix[:, 8]  # two units are equal
    right = written.expected(work)
    zeros = np.zeros(60, dtype=np.int64)
    keys, ranks = exactly.settled(work, zeros, zeros, np.arange(60))
    assert np.array_equal(keys, right.keys)
    assert np.array_equal(ranks, right.ranks)


def test_a_library_that_is_not_installed_is_told(benchmarks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    import written

    monkeypatch.setitem(sys.modules, "duckdb", None)  # as if it were not there
    monkeypatch.delitem(sys.modules, "written.in_duckdb", raising=False)
    found = written.peers(("reference", "duckdb"))
    row = benchmarks.Measured("reference", "W1", 9, _times(1.0), 1.0, written.Difference(9, 0, 0, 0))
    table = benchmarks.ratios(found, [row], "W1")
    assert "| duckdb | not installed (no `duckdb`): `pip install -e '.[benchmarks]'` |" in table


def test_a_slow_library_is_left_out_and_told(benchmarks: ModuleType) -> None:
    import written

    found = written.peers(("reference", "pandas"))
    rows = benchmarks.measured(found, SIZES, box=0.0, slow=0.0)
    # Any time at all is too long for the second size; the reference stays.
    assert [row.name for row in rows] == ["reference", "pandas", "reference"] * 2
    assert "| not run |" in benchmarks.ratios(found, rows, "W1")


def test_pages_and_charts_are_written(benchmarks: ModuleType) -> None:
    import growth
    import written
    from written import tied

    found = written.peers(("reference", "ictindex", "polars"))
    rows = benchmarks.measured(found, SIZES, box=0.0)
    grown = [list(growth.grown(sizes, box=0.0)) for sizes in ([(40, 10), (80, 10)], [(40, 10), (40, 20)])]
    hard = {name: tied.apart(make(80), found) for name, make in benchmarks.WORKLOADS.items()}
    page = benchmarks.page(found, rows, hard, seed=1)
    assert "| reference |" in page
    assert "| ictindex | none (90 units) | none (90 units) | none | none | they may not |" in page
    assert "| 20 |" in benchmarks.growing(grown)
    charts = benchmarks.charts(found, rows, grown)
    assert charts == benchmarks.charts(found, rows, grown)
    for name, text in charts.items():
        root = ET.fromstring(text)  # noqa: S314 - made a moment ago
        words = " ".join(root.itertext())
        assert "polars" in words, name
        wide, high = float(root.attrib["width"]), float(root.attrib["height"])
        for place in root.iter("{http://www.w3.org/2000/svg}text"):
            assert 0 <= float(place.attrib["x"]) <= wide
            assert 0 <= float(place.attrib["y"]) <= high


@pytest.mark.usefixtures("benchmarks")
def test_labels_of_lines_lie_apart() -> None:
    import chart

    moved = chart._apart([50.0, 10.0, 12.0, 50.0], 16)
    assert moved == [50.0, 10.0, 26.0, 66.0]


@pytest.mark.usefixtures("benchmarks")
def test_rounds_keep_the_first_and_measure_what_is_fresh() -> None:
    from timing import Fresh, Times, rounds

    made: list[int] = []
    calls = {"first": lambda: None, "fresh": Fresh(lambda: made.append(1), lambda _: None)}
    times = rounds(calls, seed=1, box=0.0, least=4)
    assert [len(each.seconds) for each in times.values()] == [4, 4]
    assert len(made) == 5  # one run warms up
    assert Times((2.0, 6.0, 4.0)).to(Times((1.0, 2.0, 4.0))) == 2.0
    assert np.allclose(Times((1.0, 2.0, 3.0, 4.0, 5.0)).quartiles, (2.0, 4.0))


@pytest.mark.usefixtures("benchmarks")
def test_goals_are_laid_beside_what_was_measured() -> None:
    import data
    import goals
    import reference

    found = list(goals.kernels_of(data.w2(60), reference.w2, goals.Trial(quick=True, box=0.0)))
    assert (
        len(found) == 7
    )  # complete and with two policies for missing cells, of totals and of every row; and the first
    assert all(goal.measured for goal in found)
    made = [
        goals.Goal("a", 2.0, "times", 1.5),
        goals.Goal("b", 2.0, "times", 3.0),
        goals.Goal("c", 2.0, "times", None, "no pyarrow"),
    ]
    assert goals.table({"Part": made}).splitlines()[3:] == [
        "| a | 2 times | 1.5 | met |",
        "| b | 2 times | 3 | **missed**: 1.50 times the goal |",
        "| c | 2 times | not measured: no pyarrow | |",
    ]


@pytest.mark.usefixtures("benchmarks")
def test_printed_tables_are_read_by_their_headings() -> None:
    import goals

    text = "W1: 9 units\n\n| how | draws | ratio |\n|---|--:|--:|\n| fast | 3 | 1.5 |\n"
    assert list(goals.rows(text)) == [{"": "W1", "how": "fast", "draws": "3", "draws ratio": "1.5"}]


@pytest.mark.usefixtures("benchmarks")
def test_a_part_that_fails_says_so_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    import goals

    def broken(_: object) -> object:
        raise ValueError("no such file")

    monkeypatch.setitem(goals.PARTS, "Broken", broken)
    (goal,) = goals.measured("Broken", goals.Trial())
    assert "not measured: ValueError: no such file" in goal.line


def _times(second: float) -> object:
    from timing import Times

    return Times((second,))
