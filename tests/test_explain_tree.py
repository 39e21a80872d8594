"""The tree of an explanation as people read it: its width, where most is lost, and where numbers come from."""

from __future__ import annotations

import re
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import assessed, group, ratio, rule, scheme, value
from strategies import worlds
from test_explain import scored
from test_laws import LAW
from test_laws import scored as scored_world

import ictindex
from ictindex import questions
from ictindex.cli import main
from ictindex.explaining.losing import most_lost
from ictindex.messages import LANGUAGES, in_language
from ictindex.model import TOTAL
from ictindex.pages import WIDTH
from ictindex.result import Result
from ictindex.strategies.quantities import percent_text

SCHEMES = Path(__file__).parent.parent / "schemes"
EXAMPLES = sorted(path for path in SCHEMES.glob("*/*.example*.csv"))
DONG_THAP = SCHEMES / "dong-thap-1397" / "2022-district.example.synthetic.csv"
HUE = SCHEMES / "hue-1784" / "2020-district.example.csv"


def result_of(path: Path) -> Result:
    made = ictindex.load_scheme(f"{path.parent.name}/{path.name.partition('.')[0]}")
    return ictindex.score(made, ictindex.read_table(path, scheme=made))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_an_example_is_too_wide_and_no_word_is_lost(path: Path, language: str) -> None:
    explanation = result_of(path).explain(result_of(path).units[-1])
    for one in (explanation, explanation.with_sources()):
        lines = one.told(language).splitlines()
        assert all(len(line) <= WIDTH and line == line.rstrip() for line in lines)
        words = [word for line in one.tree() for word in in_language(line, language).lstrip(" │├└─").split()]
        told = [word for line in lines for word in line.lstrip(" │├└─").split()]
        start = next(at for at in range(len(told)) if told[at : at + len(words)] == words)
        assert start > 0


# --- the rule of a row -----------------------------------------------------------------------------------------------


def row_lines(row: Any, **cells: Any) -> list[str]:
    explanation = scored(scheme(group(TOTAL, 20, row)), **cells).explain("u0", row.code)
    return [in_language(line, "en").strip() for line in explanation.tree()]


@pytest.mark.parametrize(
    ("row", "cells", "told"),
    [
        (ratio("x", 20), {"x_a": [0], "x_b": [6]}, "0 of 6, that is 0 %, of a maximum of 20"),
        (ratio("x", 20), {"x_a": [46], "x_b": [58]}, "46 of 58, that is 79.31 %, of a maximum of 20"),
        (ratio("x", 20), {"x_a": [7], "x_b": [6]}, "7 of 6, that is 116.67 %, of a maximum of 20, cut to 20"),
        (assessed("x", 20), {"x": ["12.5"]}, "points given directly: 12.5"),
        (value("x", 20), {"x": ["12.5"]}, "points as reported: 12.5"),
        (value("x", 20, scale=rule("each", points=Q(2))), {"x": [3]}, "3 at 2 each, 20 at most"),
        (value("x", 20, scale=rule("each", points=Q(2))), {"x": [30]}, "30 at 2 each, 20 at most"),
    ],
)  # fmt: skip
def test_words_stand_alone_where_they_say_everything(row: Any, cells: dict[str, Any], told: str) -> None:
    assert told in row_lines(row, **cells)
    assert not [line for line in row_lines(row, **cells) if " = " in line]


@pytest.mark.parametrize(
    ("share", "marks", "told"),
    [
        (Q(23, 29), (), "79.31"), (Q(1, 2), (), "50"), (Q(0), (), "0"), (Q(1), (Q(1),), "100"),
        (Q(99999, 100000), (Q(0), Q(1)), "99.999"), (Q(1, 100000), (Q(0), Q(1)), "0.001"),
        (Q(29999, 100000), (Q(3, 10),), "29.999"), (Q(3, 10), (Q(3, 10),), "30"), (Q(6, 5), (Q(1), None), "120"),
    ],
)  # fmt: skip
def test_a_percent_has_two_decimals_unless_it_would_look_like_a_mark(share: Q, marks: Any, told: str) -> None:
    assert percent_text(share, *marks) == told


@given(st.fractions(0, 2, max_denominator=10**5))
def test_a_percent_is_near_and_never_looks_full_or_empty(share: Q) -> None:
    told = percent_text(share, Q(0), Q(1))
    assert abs(Q(told) - share * 100) <= Q(1, 200)
    assert (Q(told) == 100) is (share == 1) and (Q(told) == 0) is (share == 0)


# --- where most is lost ----------------------------------------------------------------------------------------------


def lost(made: Any, **cells: Any) -> list[str]:
    explanation = scored(made, **cells).explain("u0")
    return [str(one) for one in most_lost(explanation.scheme, explanation.root)]


def test_where_most_is_lost_of_an_example() -> None:
    explanation = result_of(DONG_THAP).explain("huyen-11")
    assert "\n\nMost is lost at: 6 (18.5), 7 (16.5), 3 (10.5)\n\n" in str(explanation)
    assert "Most is lost at: 6 (18.5), 7 (16.5), 3 (10.5)" in explanation.markdown()
    assert "Most is lost" not in str(result_of(DONG_THAP).explain("huyen-11", "1"))


def test_nothing_is_lost_at_full_marks_and_a_total_of_one_row_says_nothing_more() -> None:
    made = scheme(group(TOTAL, 30, value("x", 10), value("y", 20)))
    assert lost(made, x=[10], y=[20]) == []
    assert lost(made, x=[10], y=["19.75"]) == ["Most is lost at: y (0.25)"]
    assert "is lost at" not in str(result_of(HUE).explain("tp-hue"))


def test_points_below_a_mean_count_by_their_weight() -> None:
    inner = group("A", 10, value("x", 10, weight=Q(3)), value("y", 5, weight=Q(1)), combine="mean")
    made = scheme(group(TOTAL, 100, inner, value("z", 10), combine="mean"))
    told = lost(made, x=[6], y=[0], z=[9])
    assert told == ["Most is lost at: x (15), y (12.5), z (5)"]  # 100 / 2 × 3/4 × 4/10, 100 / 2 × 1/4, 100 / 2 × 1/10


def test_a_heading_that_does_not_add_up_is_told_as_one_row() -> None:
    made = scheme(group(TOTAL, 30, group("A", 10, value("x", 10), value("y", 10), combine="best"), value("z", 20)))
    assert lost(made, x=[4], y=[7], z=[20]) == ["Most is lost at: A (3)"]


def test_points_that_are_taken_are_lost_and_a_bonus_is_not() -> None:
    taken = value("d", 5, role="deduct", scale=rule("each", points=Q(1)))
    made = scheme(group(TOTAL, 30, value("x", 30), taken, value("b", 5, role="bonus")))
    assert lost(made, x=[28], d=[4], b=[0]) == ["Most is lost at: d (4), x (2)"]


LINEAR = [path for path in EXAMPLES if path.parent.name in ("dak-lak-366", "dong-thap-1397", "ict-index")]


@pytest.mark.parametrize("path", LINEAR, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
def test_where_most_is_lost_is_what_full_marks_would_add(path: Path) -> None:
    """Scored again with full marks in one row at a time, as `headroom` does it, sums and means lose the same."""
    result = result_of(path)
    for unit in result.units[:3]:
        (line,) = most_lost(result.scheme, result.explain(unit).root)
        told = [(code, float(points)) for code, points in re.findall(r"(\S+) \(([\d.]+)\)", str(line))]
        rows = [row for row in questions.headroom(result, unit).rows if row.is_finest and row.lost]
        most = sorted((float(row.lost) for row in rows if row.lost), reverse=True)[:3]
        by_code = {row.code: float(row.lost or 0) for row in rows}
        assert [points for _, points in told] == pytest.approx(most, rel=0.01)
        assert [by_code[code] for code, _ in told] == pytest.approx(most, rel=0.01)


@LAW
@given(worlds())
def test_where_most_is_lost_of_whatever_scheme(world: Any) -> None:
    made, rows = world
    result = scored_world(made, rows)
    for unit in result.units:
        explanation = result.explain(unit)
        for line in most_lost(explanation.scheme, explanation.root):
            named = re.findall(r"(\S+) \(([\d.]+)\)", str(line))
            amounts = [float(points) for _, points in named]
            assert 1 <= len(named) <= 3 and min(amounts) > 0 and amounts == sorted(amounts, reverse=True)
            assert all(explanation.row(code).points is not None for code, _ in named)


# --- where numbers come from -----------------------------------------------------------------------------------------


def test_with_sources_each_row_says_where_it_comes_from_and_documents_are_told_once() -> None:
    explanation = result_of(DONG_THAP).explain("huyen-11")
    plain, sourced = str(explanation), str(explanation.with_sources())
    for words in ("cited:", "derived:", "how ranks are made", "Quyết định"):
        assert words not in plain.split("\n\n", 1)[1] and words in sourced
    for source in explanation.sources:
        assert sourced.count(f"- {source.code}: ") == 1
    assert "[assumed]" in plain and "[assumed]" not in sourced
    assert "--sources" in plain and "--sources" not in sourced
    assert explanation.with_sources().to_dict() == explanation.to_dict()


def test_rows_are_marked_only_where_some_rest_on_assumed_numbers() -> None:
    result = result_of(DONG_THAP)
    whole, part = str(result.explain("huyen-11")), str(result.explain("huyen-11", "2"))
    assert "Where it says assumed, some number" in whole and whole.count("[assumed]") == 1
    assert "[" not in part.split("\n\n")[1] and "Every number and rule is in a source or follows from one." in part
    every = str(result_of(SCHEMES / "dak-lak-366" / "2018-district.example.synthetic.csv").explain("huyen-11"))
    assert "[assumed]" not in every and "The numbers and rules of these rows are assumed" in every


def test_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["explain", "hue-1784/2020-district", str(HUE), "tp-hue", "--lang", "en"]
    assert main(command) == 0
    assert "cited: kq" not in capsys.readouterr().out
    assert main([*command, "--sources"]) == 0
    assert "max 50: cited: kq" in (told := capsys.readouterr().out) and "Sources\n  - kq: " in told


def test_a_scale_that_compares_units_is_told_in_words() -> None:
    brief = SCHEMES / "ict-index" / "2017-province.example.synthetic.csv"
    told = " ".join(str(result_of(brief).explain("tinh-02", "HTKT").with_sources()).split())
    assert (
        "min-max over the units: compared with every unit of the table: assumed" in told and "min-max: all" not in told
    )
