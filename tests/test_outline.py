"""A scheme printed as a decision's annex, every number with where it comes from."""

from __future__ import annotations

import pytest
from worked import NAMES, build, build_top, text_of

import ictindex
from ictindex.outline import outline

SCHEMES = [one.id for one in ictindex.list_schemes()]


@pytest.mark.parametrize("name", SCHEMES)
def test_every_row_of_every_scheme_is_printed(name: str) -> None:
    made = ictindex.load_scheme(name)
    told = outline(made)
    plain = " ".join(told.split())
    assert all(f"{row.code} {' '.join(row.name.split())}"[:60] in plain for row in made.rows())
    assert ("PROVISIONAL" in told) == made.provisional


@pytest.mark.parametrize("name", NAMES)
def test_every_worked_example_is_printed(name: str) -> None:
    made = build(text_of(name))
    assert outline(made).startswith(f"{made.title}\n")


def printed(text: str) -> list[str]:
    return outline(build_top(text)).splitlines()


def test_a_number_shows_its_status_and_equal_reasons_share_a_footnote() -> None:
    told = printed(
        "max: {is: 30, cited: qd}\nbelow: {assumed: không ai nói}\n"
        "1 Một: {max: {is: 20, derived: 30 - 10}, assessed: }\n2 Hai: {max: 10, assessed: }\n"
    )
    assert "total Bộ thử  (max 30)" in told
    assert "missing: [refuse] (1)" in told  # the defaults in force are assumed too, and stand first
    assert "  1 Một  (max 20' (2))" in told
    assert "  2 Hai  (max [10] (3))" in told
    notes = [line for line in told if line.startswith("(")]
    assert len(notes) == len({note.split(") ", 1)[1] for note in notes})  # a reason is told once
    assert any(line.endswith("assumed: không ai nói") for line in notes)
    assert any(line.endswith("derived: 30 - 10") for line in notes)


def test_a_rule_is_told_in_words() -> None:
    told = " ".join(
        " ".join(
            printed(
                "max: 60\nbelow: {cited: qd}\ncited: qd\ninputs: {can-bo Cán bộ: count}\n"
                "1 Một: {max: 10, ratio: {a: máy tính, b: $can-bo}}\n"
                "2 Hai: {max: 10, choice: {a đủ: max, b một phần: 5}}\n"
                "3 Ba: {max: 10, checks: {a có quy chế: 4, b có bộ phận: 6}}\n"
                "4 Bốn: {max: 10, all-of: {a điều kiện một: , b điều kiện hai: }}\n"
                "5 Năm: {max: 10, count: số bài, steps: {10: max, 5: 2}}\n"
                "6 Sáu: {max: 10, value: , goalposts: {from: 0, to: 5}}\n"
            )
        ).split()
    )
    assert "máy tính / Cán bộ × max" in told
    assert "one of: a đủ: 10; b một phần: 5" in told
    assert "each adds: a có quy chế: 4; b có bộ phận: 6" in told
    assert "all of: điều kiện một; điều kiện hai × max" in told
    assert "count: số bài; ≥ 10: 10; ≥ 5: 2" in told
    assert "value; from 0 to 5" in told


def test_headings_levels_evidence_bonus_and_weights_are_told() -> None:
    told = printed(
        "max: 30\nbelow: {cited: qd}\ncited: qd\nlevels: {I: 90%, II: 0%}\n"
        "A Hạ tầng: {max: 20, combine: capped, A.1 Một: {max: 20, assessed: }, A.2 Hai: {max: 10, assessed: }}\n"
        "B Nhân lực:\n  max: 10\n  combine: mean\n  B.1 Một: {max: 1, weight: 2, yes-no: , evidence: Số hiệu văn bản}\n"
        "  B.2 Hai: {max: 1, weight: 1, yes-no: }\n"
        "C Thưởng: {bonus: 2, assessed: }\n"
    )
    text = "\n".join(told)
    assert "capped of the rows below" in text and "mean of the rows below" in text
    assert "I from 90%; II from 0%" in text
    assert "(max 1, weight 2)" in text
    assert "C Thưởng  (bonus 2)" in text
    assert "evidence: Số hiệu văn bản, without it: flag" in text


def test_an_informational_row_says_so() -> None:
    text = "\n".join(
        printed("max: 9\nbelow: {cited: qd}\ncited: qd\n1 Một: {max: 9, assessed: }\n2 Hai: {max: 0, count: }\n")
    )
    assert "2 Hai  (0, informational)" in text


def test_a_heading_scaled_among_the_units_says_so() -> None:
    text = "\n".join(
        printed(
            "max: 9\nbelow: {cited: qd}\ncited: qd\nA Một: {max: 9, combine: mean, min-max: all, A.1 Con: {yes-no: }}\n"
        )
    )
    assert "then min-max (over all)" in text


def test_the_variant_in_force_and_the_variants_there_are() -> None:
    for name in SCHEMES:
        made = ictindex.load_scheme(name)
        for one in made.variants:
            told = outline(ictindex.load_scheme(name, variant=one.code))
            assert f", variant {one.code}\n" in told
            assert f"variant {one.code}: {one.name}" in told
