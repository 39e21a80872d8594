"""Figures that can be scored and look wrong: each kind worked by hand, and what must not be doubted."""

from __future__ import annotations

import pickle
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from make_communes import communes
from worked import build_top as build

from ictindex import Problem, Scheme, Table, check_table, load_scheme, read_table, score, table_from_columns
from ictindex.analysis.doubts.documents import document_signs
from ictindex.analysis.doubts.figures import rough
from ictindex.analysis.doubts.gathering import FEW
from ictindex.api import write_table
from ictindex.errors import Severity

TOP = Path(__file__).parent.parent
EXAMPLES = sorted(TOP.glob("schemes/*/*.example*.csv"))

SHARES = """
combine: mean
1 Hồ sơ trực tuyến: {ratio: {a: số hồ sơ nộp trực tuyến, b: tổng số hồ sơ}}
"""


def found(
    text: str | Scheme,
    columns: Mapping[str, Sequence[Any]],
    previous: Mapping[str, Sequence[Any]] | None = None,
    before: Scheme | None = None,
) -> list[tuple[str, int, str, str]]:
    """Return (code, line, column, message) of every doubt about columns, under a scheme's rows."""
    return [
        (one.code, one.where.line, one.where.cell, str(one.message))
        for one in doubts(text, columns, previous=previous, before=before)
    ]


def doubts(
    text: str | Scheme,
    columns: Mapping[str, Sequence[Any]],
    *,
    previous: Mapping[str, Sequence[Any]] | None = None,
    before: Scheme | None = None,
) -> tuple[Problem, ...]:
    scheme = build(text) if isinstance(text, str) else text
    table = table_from_columns(scheme, named(columns))
    old = None if previous is None else table_from_columns(before or scheme, named(previous))
    return check_table(table, scheme=scheme, previous=old, previous_scheme=before)


def named(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    size = len(next(iter(columns.values())))
    return {"unit": [f"u{at}" for at in range(1, size + 1)], **columns}


def codes(*arguments: Any, **more: Any) -> list[str]:
    return [code for code, *_ in found(*arguments, **more)]


class TestPartsAboveTheirWhole:
    def test_the_cell_and_both_figures_are_named(self) -> None:
        (one,) = doubts(SHARES, {"1.a": [90, 130], "1.b": [100, 120]})
        assert one.severity is Severity.WARNING and one.code == "T110"
        assert (one.where.line, one.where.cell) == (2, "1.a")
        assert one.message == "u2: 130 in 1.a is above 120 in 1.b, of which it is a part" and one.hint

    def test_equal_is_no_doubt(self) -> None:
        assert codes(SHARES, {"1.a": [100], "1.b": [100]}) == []

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            ("số hộ có máy tính", "tổng số hộ gia đình"),
            ("số xã đã kết nối", "Tổng số xã, phường, thị trấn"),
            ("số CQNN có kết nối", "số cơ quan nhà nước (CQNN)"),
            ("number of households with computers", "number of households"),
        ],
    )
    def test_the_words_say_that_it_is_a_part(self, a: str, b: str) -> None:
        text = f'combine: mean\n1 Tỷ lệ: {{ratio: {{a: "{a}", b: "{b}", per: 100}}, min-max: all}}'
        assert codes(text, {"1.a": [3, 5], "1.b": [4, 4]}) == ["T110"]

    def test_subscriptions_of_residents_are_no_part_of_them(self) -> None:
        text = "combine: mean\n1 Điện thoại: {ratio: {a: số thuê bao, b: dân số, per: 100}, min-max: all}"
        assert codes(text, {"1.a": [130, 80], "1.b": [100, 100]}) == []

    def test_more_than_the_authority_asked_for_is_no_doubt(self) -> None:
        text = "combine: mean\n1 Văn bản: {ratio: {a: số văn bản đã ký, b: số văn bản theo yêu cầu của tỉnh}}"
        assert codes(text, {"1.a": [15], "1.b": [12]}) == []
        assert codes("combine: mean\n1 Văn bản: {ratio: {a: số văn bản đã ký, b: 12}}", {"1.a": [15]}) == []

    def test_units_of_measure_say_what_is_a_part(self) -> None:
        text = """
combine: mean
inputs:
  may Máy tính: {kind: count, unit: máy}
  ct Chuyên trách: {kind: count, unit: người}
  cb Cán bộ: {kind: count, unit: người}
1 Máy tính trên cán bộ: {ratio: {a: $may, b: $cb}}
2 Chuyên trách: {ratio: {a: $ct, b: $cb}}
"""
        assert found(text, {"may": [30], "ct": [25], "cb": [20]}) == [
            ("T110", 1, "ct", "u1: 25 in ct is above 20 in cb, of which it is a part")
        ]

    def test_where_nothing_says_it_only_what_is_rare_is_doubted(self) -> None:
        text = "combine: mean\n1 Tỷ lệ: {ratio: {a: số đã tập huấn, b: tổng biên chế}}"
        rare = {"1.a": [5, 6, 7, 8, 11], "1.b": [10] * 5}
        assert codes(text, rare) == ["T110"]
        usual = {"1.a": [5, 6, 12, 13, 11], "1.b": [10] * 5}
        assert codes(text, usual) == []

    def test_two_parts_of_the_same_things_may_be_of_any_size(self) -> None:
        """Documents out of documents in: neither is all of them, so only what is rare is doubted."""
        text = "combine: mean\n1 Văn bản: {ratio: {a: số văn bản đi, b: số văn bản đến}, min-max: all}"
        assert codes(text, {"1.a": [5, 6, 12, 13, 11], "1.b": [10] * 5}) == []
        assert codes(text, {"1.a": [5, 6, 7, 8, 11], "1.b": [10] * 5}) == ["T110"]

    def test_the_parts_of_a_converted_sum_are_together_no_more_than_the_whole(self) -> None:
        text = """
combine: mean
1 Dịch vụ: {ratio: {a: {sum: {m4 Số dịch vụ mức 4: 1, m3 Số dịch vụ mức 3: 0.5}}, b: số dịch vụ}}
"""
        assert codes(text, {"1.m4": [60], "1.m3": [40], "1.b": [100]}) == []  # 100 of 100; the scheme counts 80
        together = found(text, {"1.m4": [60], "1.m3": [41], "1.b": [100]})
        assert together == [("T110", 1, "1.m4", "u1: 101 in 1.m4 + 1.m3 is above 100 in 1.b, of which it is a part")]
        alone = found(text, {"1.m4": [10], "1.m3": [120], "1.b": [100]})
        assert [(code, cell) for code, _, cell, _ in alone] == [("T110", "1.m3")]

    def test_more_than_100_percent(self) -> None:
        text = """
combine: mean
inputs: {ty-le Tỷ lệ hộ: {kind: amount, unit: "%"}}
1 Tỷ lệ: {value: $ty-le, min-max: all}
"""
        text = text.replace("{value: $ty-le, min-max: all}", "{ratio: {a: $ty-le, b: 100}, min-max: all}")
        assert found(text, {"ty-le": [104.5, 100]}) == [("T111", 1, "ty-le", "u1: 104.5 is above 100 percent")]


YEARS = """
combine: mean
inputs: {x Số máy tính: count}
1 Máy tính: {ratio: {a: $x, b: 100}, min-max: all}
"""


class TestLastYear:
    BEFORE = (100, 110, 120, 130, 140, 150, 160, 170)
    NOW = (150, 165, 180, 195, 210, 225, 240, 255)  # half as many again, everybody

    def test_a_change_is_held_against_the_others(self) -> None:
        assert found(YEARS, {"x": self.NOW}, {"x": self.BEFORE}) == []
        now = [600, *self.NOW[1:]]
        assert found(YEARS, {"x": now}, {"x": self.BEFORE}) == [
            ("T112", 1, "x", "u1: 600 is 6 times last year's 100; usual is 1.5 times")
        ]
        assert codes(YEARS, {"x": [30, *self.NOW[1:]]}, {"x": self.BEFORE}) == ["T112"]

    def test_a_change_below_threefold_is_none(self) -> None:
        now = [440, *self.NOW[1:]]  # 4.4 times, where 1.5 is usual: 2.93 times the usual change
        assert codes(YEARS, {"x": now}, {"x": self.BEFORE}) == []

    def test_with_few_units_only_tenfold(self) -> None:
        assert codes(YEARS, {"x": [900, 100]}, {"x": [100, 100]}) == []
        assert found(YEARS, {"x": [1000, 100]}, {"x": [100, 100]}) == [
            ("T112", 1, "x", "u1: 1000 is 10 times last year's 100")
        ]

    def test_small_counts_jump_by_themselves(self) -> None:
        before, now = [1, *[10] * 8], [4, *[10] * 8]
        assert codes(YEARS, {"x": now}, {"x": before}) == []
        assert codes(YEARS, {"x": [9, *now[1:]]}, {"x": before}) == ["T112"]

    def test_a_column_that_changed_as_a_whole_is_told_once(self) -> None:
        now = [1000 * one for one in self.BEFORE]
        assert found(YEARS, {"x": now}, {"x": self.BEFORE}) == [
            ("T113", 0, "x", "the figures of 8 units are usually 1000 times those of last year")
        ]

    def test_nothing_to_much_and_back(self) -> None:
        before, now = [0, 160, *[100] * 9], [160, 0, *[110] * 9]
        told = found(YEARS, {"x": now}, {"x": before})
        assert [(code, line) for code, line, _, _ in told] == []  # two of eleven: nothing is usual in this column
        told = found(YEARS, {"x": [160, *now[2:]]}, {"x": [0, *before[2:]]})
        assert told == [("T114", 1, "x", "u1: 160, while last year it was 0")]

    def test_points_by_what_can_be_had(self) -> None:
        text = "max: 10\n1 Một: {max: 10, assessed: }"
        before = [5, 6, 7, 8, 5, 6, 7, 8]
        assert codes(text, {"1": [9, *before[1:]]}, {"1": before}) == ["T112"]
        assert codes(text, {"1": [8, *before[1:]]}, {"1": before}) == []
        assert codes(text, {"1": [1, 6]}, {"1": [6.5, 6]}) == ["T112"]
        assert codes(text, {"1": [1, 6]}, {"1": [6, 6]}) == []

    def test_the_report_of_last_year_handed_in_again(self) -> None:
        rows = "\n".join(f"{at} Dòng: {{max: 5, value: số liệu {at}}}" for at in range(1, 5))
        text = f"max: 20\n{rows}"
        before = {str(at): [at, 2.5, 1.5, 3.5] for at in range(1, 5)}
        now = {str(at): [at, 2.4, 1.4, 3.4] for at in range(1, 5)}
        assert found(text, now, before) == [("T115", 1, "", "u1: all figures in 4 columns are the same as last year's")]
        assert found(text, before, before) == [
            ("T115", 0, "", "all figures of 4 of 4 units are the same as last year's")
        ]

    def test_nothing_in_common_is_said(self) -> None:
        scheme = build(YEARS)
        one, other = (table_from_columns(scheme, {"unit": [unit], "x": [5]}) for unit in "ab")
        (told,) = check_table(one, scheme=scheme, previous=other)
        assert told.code == "T121" and "no unit in common" in told.message

    def test_rows_are_found_by_the_code_that_they_had(self) -> None:
        before = build("max: 10\n1 Cũ: {max: 4, value: số máy}\n2 Hai: {max: 6, value: số người}")
        now = build("max: 10\n1 Hai: {max: 6, was: '2', value: số người}\n2 Một: {max: 4, was: '1', value: số máy}")
        now = evolve(now, id="test/2021-unit")
        told = found(now, {"1": [6, 5.5], "2": [4, 2]}, {"1": [0.3, 2], "2": [5.9, 5]}, before)
        assert told == [("T112", 1, "2", "u1: 4 is 13.3 times last year's 0.3")]

    def test_a_code_that_means_another_thing_by_now_is_not_compared(self) -> None:
        before = build("max: 10\n1 Cũ: {max: 10, value: số máy}")
        other = evolve(build("max: 10\n1 Mới: {max: 10, value: số người}"), id="test/2021-unit")
        assert codes(other, {"1": [9.5]}, {"1": [0.1]}, before) == ["T121"]

    def test_a_unit_of_several_lines_is_left_out(self) -> None:
        scheme = build("max: 10\nmerged: sum-of-inputs\n1 Một: {max: 10, value: }")
        now = table_from_columns(scheme, {"unit": ["a", "a", "b"], "1": [9, 8, 5]})
        before = table_from_columns(scheme, {"unit": ["a", "b"], "1": [0.1, 5]})
        assert check_table(now, scheme=scheme, previous=before) == ()


class TestCopies:
    TEXT = "max: 25\n" + "\n".join(f"{at} Dòng: {{max: 5, value: số liệu {at}}}" for at in range(1, 6))

    def columns(self, *rows: Sequence[Any]) -> dict[str, list[Any]]:
        return {str(at): list(values) for at, values in enumerate(zip(*rows, strict=True), 1)}

    def test_the_same_figures_in_several_units(self) -> None:
        rows = [(1.5, 2.5, 3.5, 4.5, 0), (1.1, 2.1, 3.1, 4.1, 0), (1.5, 2.5, 3.5, 4.5, 0)]
        assert found(self.TEXT, self.columns(*rows)) == [
            ("T116", 3, "", "u1, u3 have the same figures in all 5 columns")
        ]

    def test_three_figures_and_zeros_may_be_the_same_by_chance(self) -> None:
        rows = [(1.5, 2.5, 3.5, 0, 0), (1.1, 2.1, 3.1, 4.1, 0), (1.5, 2.5, 3.5, 0, 0)]
        assert codes(self.TEXT, self.columns(*rows)) == []

    def test_figures_that_many_have_tell_nothing(self) -> None:
        rows = [(5, 5, 5, 5, at / 100) for at in range(1, 30)] + [(5, 5, 5, 5, 0.01)]
        assert codes(self.TEXT, self.columns(*rows)) == []

    def test_a_missing_cell_is_the_same_as_a_missing_one_only(self) -> None:
        text = self.TEXT.replace("max: 25", "max: 25\nmissing: zero")
        rows = [(1.5, 2.5, 3.5, 4.5, None), (1.5, 2.5, 3.5, 4.5, None), (1, 2, 3, 4, 0)]
        assert [message for *_, message in found(text, self.columns(*rows))] == [
            "u1, u2 have the same figures in all 5 columns"
        ]

    def test_lines_of_one_unit_are_no_copies(self) -> None:
        scheme = build("merged: sum-of-inputs\n" + self.TEXT)
        columns = self.columns(*[(1.5, 2.5, 3.5, 4.5, 1)] * 2)
        assert check_table(table_from_columns(scheme, {"unit": ["a", "a"], **columns}), scheme=scheme) == ()


class TestDocuments:
    TEXT = "max: 10\n1 Kế hoạch: {max: 10, yes-no: , evidence: kế hoạch}"

    def told(self, *texts: str) -> list[str]:
        return [message for *_, message in found(self.TEXT, {"1": ["có"] * len(texts), "1.evidence": texts})]

    def test_the_same_number_and_date_in_two_units(self) -> None:
        told = found(
            self.TEXT,
            {
                "1": ["có"] * 3,
                "1.evidence": [
                    "KH số 12/KH-UBND ngày 15/01/2025",
                    "có",
                    "Kế hoạch 012 / KH-UBND, ngày 15 tháng 1 năm 2025",
                ],
            },
        )
        assert told == [("T117", 3, "1.evidence", "u1, u3 show the same document: 12/KH-UBND, 15/1/2025")]

    def test_another_date_is_another_document(self) -> None:
        assert self.told("12/KH-UBND ngày 15/01/2025", "12/KH-UBND ngày 16/01/2025") == []

    def test_a_link_is_a_document_and_a_site_is_none(self) -> None:
        assert self.told("https://xa.gov.vn/vb/7.pdf", "xem https://xa.gov.vn/vb/7.pdf.")
        assert self.told("https://tinh.gov.vn", "https://tinh.gov.vn/") == []

    def test_a_document_of_many_is_a_common_one(self) -> None:
        assert self.told(*["Quyết định 1397/QĐ-UBND-HC"] * 5) == []

    def test_numbers_that_repeat_everywhere_tell_nothing(self) -> None:
        assert self.told(*[f"{at % 20}/KH-UBND" for at in range(40)]) == []

    def test_words_without_a_number_are_not_compared(self) -> None:
        assert self.told("Có kế hoạch năm 2025", "Có kế hoạch năm 2025") == []

    @pytest.mark.parametrize(
        ("text", "signs"),
        [
            ("15/2020/TT-BTTTT", {"15/2020/TT-BTTTT"}),
            ("QĐ 5/QĐ-UBND 01/02/2025; KH 6/KH-UBND 2025-03-04", {"5/QĐ-UBND, 1/2/2025", "6/KH-UBND, 4/3/2025"}),
            ("ngày 15/01", set()),
            ("đạt 3/4", set()),
        ],
    )
    def test_what_names_a_document(self, text: str, signs: set[str]) -> None:
        assert document_signs(text) == signs

    def test_the_words_of_evidence_are_kept_and_written(self) -> None:
        scheme = build(self.TEXT)
        columns = {"unit": ["a", "b"], "1": ["có", "có"], "1.evidence": [" KH  12/KH-UBND ", ""]}
        table = table_from_columns(scheme, columns)
        assert table.evidence_texts["1"] == ("KH 12/KH-UBND", "")
        assert pickle.loads(pickle.dumps(table)).evidence_texts == table.evidence_texts  # noqa: S301  # our own bytes
        assert "KH 12/KH-UBND" in str(write_table(table, scheme=scheme))
        assert ",x\n" in str(write_table(evolve(table, evidence_texts={}), scheme=scheme))


class TestTotals:
    TEXT = """
max: 30
1 Nhóm: {max: 20, 1.1 Một: {max: 10, assessed: }, 1.2 Hai: {max: 10, assessed: }}
2 Ba: {max: 10, assessed: }
"""

    def test_a_heading_that_is_not_the_sum_of_its_rows(self) -> None:
        columns = {"1": [15, 15], "1.1": [8, 8], "1.2": [7, 6.5], "2": [5, 5]}
        assert found(self.TEXT, columns) == [
            ("T118", 2, "1.score", "u2: the score 15 of row 1 is not what its rows make, 14.5")
        ]

    def test_rounding_may_make_the_difference(self) -> None:
        columns = {"1": [15.4], "1.1": [8.2], "1.2": [7.3], "2": [5]}  # 8.24 + 7.25 is 15.49; 8.2 + 7.3 is 15.5
        assert codes(self.TEXT, columns) == []
        assert codes(self.TEXT, {**columns, "1": [15.2]}) == ["T118"]

    def test_the_top_is_held_against_headings_that_are_given(self) -> None:
        assert codes(self.TEXT, {"total": [20], "1": [15], "2": [5]}) == []
        assert codes(self.TEXT, {"total": [21], "1": [15], "2": [5]}) == ["T118"]

    def test_a_missing_row_is_nothing_to_hold_against(self) -> None:
        text = self.TEXT.replace("max: 30", "max: 30\nmissing: zero")
        assert codes(text, {"1": [15], "1.1": [8], "1.2": [None], "2": [5]}) == []

    def test_points_left_out_are_converted_so_nothing_adds_up_plainly(self) -> None:
        text = self.TEXT.replace("max: 30", "max: 30\nnot-applicable: rescale")
        columns = {"total": [28], "1": [18], "1.excluded": [2], "2": [9]}
        assert codes(text, columns) == []

    @pytest.mark.parametrize(("combine", "right"), [("mean", 15), ("best", 8), ("least", 7)])
    def test_other_ways_to_combine(self, combine: str, right: float) -> None:
        most = 20 if combine == "mean" else 10
        rows = "1.1 Một: {max: 10, assessed: }, 1.2 Hai: {max: 10, assessed: }"
        text = f"combine: none\n1 Nhóm: {{max: {most}, combine: {combine}, {rows}}}"
        assert codes(text, {"1": [right], "1.1": [8], "1.2": [7]}) == []
        assert codes(text, {"1": [right - 1], "1.1": [8], "1.2": [7]}) == ["T118"]

    def test_an_index_is_held_against_an_index(self) -> None:
        text = """
combine: mean
publish: {as: index, decimals: 4}
1 Một: {weight: 0.4, value: }
2 Hai: {weight: 0.6, value: }
"""
        text = text.replace("value: }", "assessed: }")
        assert codes(text, {"total": [0.5], "1": [0.2], "2": [0.7]}) == []  # 0.4 · 0.2 + 0.6 · 0.7
        assert codes(text, {"total": [0.52], "1": [0.2], "2": [0.7]}) == ["T118"]


class TestScales:
    TEXT = """
combine: mean
inputs: {x Dân số: {kind: amount, low: 0}}
1 Một: {ratio: {a: $x, b: 100}, min-max: all}
"""
    USUAL = (900, 1000, 1100, 1200, 1300)

    def test_a_thousand_times_the_others(self) -> None:
        assert found(self.TEXT, {"x": [*self.USUAL, 1_000_000]}) == [
            ("T119", 6, "x", "u6: 1000000 is 870 times the usual 1149")
        ]

    def test_a_thousandth_of_the_others(self) -> None:
        (one,) = found(self.TEXT, {"x": [*self.USUAL, 1.1]})
        assert one[:3] == ("T119", 6, "x") and "times below the usual 1049" in one[3]

    def test_a_hundred_times_may_be_a_large_unit(self) -> None:
        assert codes(self.TEXT, {"x": [*self.USUAL, 110_000]}) == []

    def test_four_figures_show_no_usual_size(self) -> None:
        assert codes(self.TEXT, {"x": [*self.USUAL[:3], 1_000_000]}) == []

    def test_of_two_camps_nobody_knows_which_is_right(self) -> None:
        assert codes(self.TEXT, {"x": [*self.USUAL, *(1000 * one for one in self.USUAL[:2])]}) == []

    def test_sizes_that_fill_the_gap_are_sizes(self) -> None:
        assert codes(self.TEXT, {"x": [1000, 1000, 1000, 1000, 1000, 1000, 1000, 20_000, 150_000, 800_000]}) == []

    def test_one_dossier_is_no_mistake(self) -> None:
        assert codes(self.TEXT, {"x": [*self.USUAL, 1]}) == []

    def test_what_one_resident_has_shows_it_where_sizes_differ_widely(self) -> None:
        text = "combine: mean\n1 Thuê bao: {ratio: {a: thuê bao, b: dân số, per: 100}, min-max: all}"
        sizes = [10, 100, 1000, 10_000, 100_000, 1_000_000, 200_000]
        phones = [8, 80, 800, 8000, 80_000, 800, 160_000]
        (one,) = found(text, {"1.a": phones, "1.b": sizes})
        assert one == ("T119", 6, "1.a", "u6: 800, for 1000000 in 1.b, is 1000 times below what is usual")

    def test_kinds_of_units_are_looked_at_apart(self) -> None:
        text = """
max: 10
pools: {by: khối, so Sở: ranked, xa Xã: ranked}
1 Một: {max: 10, value: , goalposts: {from: 0, to: 1000000}}
"""
        columns = {"khối": ["so"] * 5 + ["xa"] * 2, "1": [500, 600, 700, 800, 900, 1_000_000, 900_000]}
        assert codes(text, columns) == []
        assert codes(text, {**columns, "khối": ["so"] * 6 + ["xa"]}) == ["T119"]

    def test_a_share_among_percentages(self) -> None:
        text = "max: 100\n1 Một: {max: 100, value: tỷ lệ}"
        assert found(text, {"1": [85, 90, 77, 64, 0.85, 92]}) == [("T120", 5, "1", "u5: 0.85 stands among percentages")]
        assert codes(text, {"1": [85, 90, 77, 64, 8.5, 92]}) == []  # a low percentage
        # As 5 percent it would not be like the others; as 0.05 it is of no size that they are of.
        assert codes(text, {"1": [85, 90, 77, 64, 0.05, 92]}) == ["T119"]

    def test_a_percentage_among_shares(self) -> None:
        text = """
combine: mean
inputs: {x Tỷ lệ hộ: {kind: amount, low: 0}}
1 Một: {ratio: {a: $x, b: 1}, min-max: all}
"""
        assert found(text, {"x": [0.85, 0.9, 0.77, 0.64, 85, 0.92]}) == [
            ("T120", 5, "x", "u5: 85 stands among shares of 1")
        ]
        assert codes(text, {"x": [0.85, 0.9, 0.77, 0.64, 1.2, 0.92]}) == []

    def test_quantities_that_are_no_shares_are_left_alone(self) -> None:
        text = """
combine: mean
inputs: {x Băng thông: {kind: amount, low: 0, unit: Mbps}}
1 Một: {ratio: {a: $x, b: 1}, min-max: all}
"""
        assert codes(text, {"x": [85, 90, 77, 64, 0.85, 92]}) == []


class TestWhatIsTold:
    def test_the_worst_few_are_told_and_the_rest_counted(self) -> None:
        size = FEW + 7
        told = found(SHARES, {"1.a": range(101, 101 + size), "1.b": [100] * size})
        assert [line for _, line, _, _ in told] == [*range(8, size + 1), 0]
        assert told[-1][3] == "and 7 more of the same kind"

    def test_nothing_in_the_table_is_changed(self) -> None:
        scheme = build(SHARES)
        table = table_from_columns(scheme, named({"1.a": [130, 90], "1.b": [120, 100]}))
        before = pickle.dumps((dict(table.columns), table.units))
        assert check_table(table, scheme=scheme)
        assert pickle.dumps((dict(table.columns), table.units)) == before
        assert score(scheme, table).published("total") == score(scheme, evolve(table, doubts=())).published("total")

    def test_reading_finds_them(self, tmp_path: Path) -> None:
        scheme = build(SHARES)
        path = tmp_path / "t.csv"
        path.write_text("unit,1.a,1.b\na,130,120\n", encoding="utf-8")
        table = read_table(path, scheme=scheme)
        assert [one.code for one in table.doubts] == ["T110"] and table.doubts[0].where.line == 2
        assert read_table(path, scheme=scheme, doubts=False).doubts == ()
        before = table_from_columns(scheme, {"unit": ["a"], "1.a": [10], "1.b": [120]})
        assert [one.code for one in read_table(path, scheme=scheme, previous=before).doubts] == ["T110", "T112"]

    @pytest.mark.parametrize(
        ("value", "text"),
        [(0.85, "0.85"), (1234567.0, "1234567"), (12.5, "12.5"), (0.0000123, "0.0000123"), (1e-15, "0")],
    )
    def test_computed_numbers_have_no_exponent(self, value: float, text: str) -> None:
        assert rough(value) == text

    @pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
    def test_nothing_in_a_shipped_example_is_doubted(self, path: Path) -> None:
        scheme = f"{path.parent.name}/{path.name.split('.example')[0]}"
        assert read_table(path, scheme=scheme).doubts == ()


COMMUNES = load_scheme("btttt-2392/2017-commune")


def made(seed: int, size: int = 60) -> dict[str, list[str]]:
    header, rows = communes(size, seed)
    return {name: list(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_plausible_communes_raise_no_doubt(seed: int) -> None:
    assert check_table(table_from_columns(COMMUNES, made(seed)), scheme=COMMUNES) == ()


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_the_order_of_the_units_has_no_part_in_it(seed: int) -> None:
    """A table with a mistake of every kind, and the same in another order: the same doubts, of the same units."""
    chance = random.Random(seed)
    columns = made(seed, 40)
    copied, first = chance.sample(range(40), 2)
    for name in columns:
        if name not in ("unit", "name", "huyện"):
            columns[name][copied] = columns[name][first]
    for at in chance.sample(range(40), 8):
        columns["A.1.1.a"][at] = str(int(columns["cb"][at]) + chance.randint(1, 5))
    columns["B.3.1.b"][chance.randrange(40)] = "9000000"
    order = chance.sample(range(40), 40)
    turned = {name: [cells[at] for at in order] for name, cells in columns.items()}
    one, other = (table_from_columns(COMMUNES, these) for these in (columns, turned))
    before = table_from_columns(COMMUNES, made(seed + 1, 40))
    assert _by_unit(one, before) == _by_unit(other, before) != set()


def _by_unit(table: Table, before: Table) -> set[tuple[str, str, str, str]]:
    """Return the doubts with the unit in place of the line; of a copy, either unit may be the one it is told of."""
    told = check_table(table, scheme=COMMUNES, previous=before)
    return {
        (one.code, one.where.cell, str(one.message), table.units[one.where.line - 1] if one.where.line else "")
        for one in told
    }


def test_a_country_is_looked_through_at_once() -> None:
    """3,321 units and 50 columns, with a table of the year before; it takes some 50 ms where this was written."""
    chance = np.random.default_rng(5)
    rows = "\n".join(f"{at} Dòng: {{ratio: {{a: số hồ sơ {at}, b: tổng số hồ sơ {at}}}}}" for at in range(25))
    scheme = build(f"combine: mean\n{rows}")
    columns: dict[str, Any] = {"unit": [f"xa-{at}" for at in range(3321)]}
    for at in range(25):
        columns[f"{at}.b"] = np.rint(np.exp(chance.normal(6, 1, 3321))) + 1
        columns[f"{at}.a"] = np.rint(columns[f"{at}.b"] * chance.random(3321))
    table = table_from_columns(scheme, columns)
    start = time.process_time()
    check_table(table, scheme=scheme, previous=table)
    assert time.process_time() - start < 1
