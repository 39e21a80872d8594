"""Overlays: whose word a number is, and what may be changed. A status covers what the overlay states, nothing else."""

from __future__ import annotations

import pytest
from overlaid import BASE, NAMED, differences, laid, said, told
from worked import VOCABULARY, document

from ictindex.documents.build import build_scheme
from ictindex.documents.source import read_document
from ictindex.errors import UnknownName
from ictindex.model import Indicator, Rule, walk

# --- whose word a number is ----------------------------------------------------------------------------------------


def test_a_status_covers_what_the_overlay_states_and_nothing_else() -> None:
    scheme = laid("  1.2: {cited: pl mục I.2, steps: {90%: max, 70%: 3}}\n")
    assert differences(scheme) == {
        ("1.2", "steps.90%"): ("max", "cited: pl mục I.2"),
        ("1.2", "steps.70%"): ("3", "cited: pl mục I.2"),
        ("1.2", "steps.50%"): None,
    }
    assert said(scheme)["1.2", "max"] == ("5", "assumed: bịa")
    assert said(scheme)["1.2", "rule"] == ("ratio, steps", "assumed: bịa")  # its measure is still the author's


def test_what_the_overlay_states_does_not_take_the_status_of_the_row() -> None:
    assert differences(
        laid("  1: {max: 21}\n  2: {max: 19}\n  1.3: {max: 11}\n  1.3.a: {max: 9}\n  2.2: {max: 7}\n")
    ) == {
        ("1", "max"): ("21", "cited: pl"),
        ("2", "max"): ("19", "cited: pl"),
        ("1.3", "max"): ("11", "cited: pl"),
        ("1.3.a", "max"): ("9", "cited: pl"),
        ("2.2", "max"): ("7", "cited: pl"),
    }
    assert differences(laid("  2.2: {max: 8}\n", below="")) == {("2.2", "max"): ("8", "assumed")}


def test_the_nearest_status_wins_within_the_overlay() -> None:
    changes = (
        "  1.2:\n    max: {is: 5, derived: pl cộng lại}\n    cited: pl mục 2\n    weight: 2\n"
        "    ratio: {a: số máy, b: {is: 9, assumed: đoán}, per: 2, assumed: gần}\n"
        "    steps: {90%: max, 50%: {is: 2, cited: pl trang 3}, derived: suy ra}\n"
    )
    assert differences(laid(changes)) == {
        ("1.2", "max"): ("5", "derived: pl cộng lại"),
        ("1.2", "weight"): ("2", "cited: pl mục 2"),
        ("1.2", "ratio.b"): ("9", "assumed: đoán"),
        ("1.2", "ratio.per"): ("2", "assumed: gần"),
        ("1.2", "steps.90%"): ("max", "derived: suy ra"),
        ("1.2", "steps.50%"): ("2", "cited: pl trang 3"),
        ("1.2", "rule"): ("ratio, steps", "cited: pl mục 2"),
        ("total", "inputs.cb.low"): None,  # no row reads it any more
    }


def test_a_change_beneath_another_has_no_status_from_it() -> None:
    scheme = laid("  1:\n    derived: tổng\n    max: 21\n    1.1: {max: 6}\n  max: 41\n")
    assert said(scheme)["1", "max"] == ("21", "derived: tổng")
    assert said(scheme)["1.1", "max"] == ("6", "cited: pl")
    assert said(scheme)["total", "max"] == ("41", "cited: pl")


def test_parts_have_the_status_of_their_criterion() -> None:
    parts = "{a Nối: {max: 6, ratio: {a: x, b: 5}}, b Dùng: {max: 4, yes-no: , assumed: đoán}}"
    scheme = laid(f"  1.3: {{cited: pl 3, parts: {parts}}}\n")
    assert said(scheme)["1.3.a", "max"] == ("6", "cited: pl 3")
    assert said(scheme)["1.3.a", "ratio.b"] == ("5", "cited: pl 3")
    assert said(scheme)["1.3.a", "rule"] == ("ratio", "cited: pl 3")
    assert said(scheme)["1.3.b", "max"] == ("4", "assumed: đoán")
    assert said(scheme)["1.3", "max"] == ("10", "assumed: như 1B")
    by_code = laid("  1.3: {cited: pl 3, max: 12}\n  1.3.a: {max: 10}\n  1: {max: 22}\n  max: 42\n")
    assert said(by_code)["1.3.a", "max"] == ("10", "cited: pl 3")
    assert said(by_code)["1.3.b", "max"] == ("2", "assumed: như 1B")


def test_words_at_the_top_levels_and_choices_side_by_side() -> None:
    changes = (
        "  publish: {decimals: 1, cited: pl 7}\n  rank: {then: ['2']}\n  missing: zero\n  merged: mean-of-rows\n"
        "  levels: {Tốt: 85%, Khá: {is: 70%, derived: nửa}, Yếu: 0%}\n"
    )
    assert differences(laid(changes)) == {
        ("total", "publish.decimals"): ("1", "cited: pl 7"),
        ("total", "rank.then"): ("2", "cited: pl"),
        ("total", "missing"): ("zero", "cited: pl"),
        ("total", "merged"): ("mean-of-rows", "cited: pl"),
        ("total", "levels.Tốt"): ("85%", "cited: pl"),
        ("total", "levels.Khá"): ("70%", "derived: nửa"),
        ("total", "levels.Yếu"): ("0%", "cited: pl"),
    }


def test_a_scale_for_the_rows_beneath_leaves_their_statuses_alone() -> None:
    base = BASE.replace("ratio: {a: số xe điện, b: $xe}", "value: $xe")
    before = said(build_scheme(document(base), VOCABULARY))
    scheme = laid("  2: {below: {min-max: all, data-from: Sở mới}}\n", base=base)
    assert {one: text for one, text in said(scheme).items() if before.get(one) != text} == {
        ("2", "below.min-max"): ("all", "cited: pl")
    }
    assert scheme.row("2.1").scale == Rule("min-max", (("over", "all"),))
    assert (scheme.row("2.1").data_from, scheme.row("2.1").verified_by) == ("Sở mới", "Sở cũ")
    evidence = scheme.row("2.1").evidence
    assert evidence is not None and evidence.without == "zero"


def test_lists_and_shared_inputs_are_changed_line_by_line() -> None:
    changes = (
        "  choices: {muc Mức: {a Có: max, b Không: 1}, mau Màu: {a Đỏ: max, b Xanh: 0, assumed: đoán}}\n"
        "  inputs: {xe Xe: {kind: count, low: 2}, nha Nhà: count}\n"
        "  2.2: {max: 8, choice: $mau}\n  1.3.a: {ratio: {a: số nối, b: $nha}}\n"
    )
    scheme = laid(changes)
    found = differences(scheme)
    assert found["total", "choices.muc.b"] == ("1", "cited: pl")
    assert found["total", "choices.mau.b"] == ("0", "assumed: đoán")
    assert found["total", "inputs.xe.low"] == ("2", "cited: pl")
    assert ("total", "inputs.cb.low") not in found
    assert found["2.2", "rule"] == ("choice $mau", "cited: pl")
    assert scheme.input("nha").name == "Nhà" and scheme.input("xe").low == 2


def test_a_rule_is_no_better_founded_than_its_weaker_half() -> None:
    measure = laid("  1.2: {ratio: {a: số máy, b: $cb}}\n")
    assert said(measure)["1.2", "rule"] == ("ratio, steps", "assumed: bịa")
    both = laid("  1.2: {ratio: {a: số máy, b: $cb}, steps: {50%: max}}\n")
    assert said(both)["1.2", "rule"] == ("ratio, steps", "cited: pl")
    weaker = laid("  1: {cited: pl, max: 20}\n  2.1: {assumed: đoán, goalposts: {from: 0, to: 1}}\n")
    assert said(weaker)["2.1", "rule"] == ("ratio, goalposts", "assumed: mẫu")
    assert said(weaker)["2.1", "goalposts.to"] == ("1", "assumed: đoán")


def test_a_row_is_told_by_what_its_rule_and_its_numbers_rest_on() -> None:
    scheme = laid("  1: {max: 20}\n  1.2: {ratio: {a: số máy, b: $cb}, steps: {50%: max}}\n  2.2: {max: 8}\n")
    assert str(scheme.row("1").citation) == "cited: pl"  # all that the heading says
    assert str(scheme.row("1.2").citation) == "cited: pl"
    assert str(scheme.row("2.2").citation) == "assumed: mẫu"  # its rule is still the author's
    assert str(scheme.root.citation) == "assumed: bản tạm"


# --- what may be changed -------------------------------------------------------------------------------------------


def test_names_words_and_what_stands_beside_the_points() -> None:
    changes = (
        "  title: Bộ của tỉnh\n  en: Of the province\n"
        "  1.2 Máy tính:\n    name: Tỷ lệ máy tính\n    en: Computers\n    notes: mới\n    evidence: hóa đơn\n"
        "    data-from: Phòng A\n    verified-by: Sở B\n"
        "  1.3.a: {name: Đã kết nối}\n"
    )
    scheme = laid(changes)
    row = scheme.row("1.2")
    assert (scheme.title, scheme.en, scheme.row("1.3.a").name) == ("Bộ của tỉnh", "Of the province", "Đã kết nối")
    assert (row.name, row.en, row.notes) == ("Tỷ lệ máy tính", "Computers", "mới")
    assert row.evidence is not None and row.evidence.ask == "hóa đơn"
    assert (row.data_from, row.verified_by) == ("Phòng A", "Sở B")
    assert differences(scheme) == {}
    assert [one.code for one in scheme.sources] == ["qd", "pl"]


def test_another_measure_takes_its_scale_and_parts_with_it_the_same_one_keeps_them() -> None:
    scheme = laid(
        "  1.2: {yes-no: }\n  1.3: {checks: {a Có: 6, b Có nữa: 4}}\n  1.1: {parts: {a Một: {max: 5, yes-no: }}}\n"
    )
    row = scheme.row("1.2")
    assert isinstance(row, Indicator) and (row.measure.name, row.scale) == ("yes-no", None)
    assert [one.code for one in walk(scheme.row("1"))] == ["1", "1.1", "1.1.a", "1.2", "1.3"]
    kept = laid("  1.2: {ratio: {a: số máy mới, b: $cb}}\n").row("1.2")
    assert kept.scale is not None and kept.scale.name == "steps"
    base = BASE.replace("    parts:\n", "    combine: {is: capped, assumed: đoán}\n    rows: 2\n    parts:\n")
    assert {key for row, key in said(laid("  1.2: {max: 5}\n", base=base)) if row == "1.3"} == {
        "combine",
        "max",
        "rows",
    }
    assert {key for row, key in said(laid("  1.3: {assessed: }\n", base=base)) if row == "1.3"} == {"max", "rule"}


def test_shared_inputs_that_no_row_reads_any_more_are_left_out() -> None:
    scheme = laid("  2.1: {assessed: }\n  1.1: {yes-no: }\n")
    assert "xe" not in {one.code for one in scheme.inputs}
    assert not [one for one in scheme.statements if one.key.startswith("choices")]
    assert told("  2.1: {assessed: }\n  inputs: {oto Ô tô: count}\n") == [(3, 12, "S240")]


def test_the_columns_stand_in_the_order_of_the_scheme() -> None:
    codes = [one.code for one in build_scheme(document(BASE), VOCABULARY).inputs]
    for source in ("a.yaml", "z.yaml"):
        moved = read_document(f"{NAMED}changes:\n  1.2: {{ratio: {{a: số máy, b: $cb}}}}\n", source)
        assert [one.code for one in build_scheme(document(BASE), VOCABULARY, overlay=moved).inputs] == codes


def test_a_variant_is_chosen_on_top_and_knows_the_rows_by_their_former_names() -> None:
    scheme = laid("  1.2: {name: Máy, cited: pl, max: 5, weight: 3}\n", variant="phang")
    assert (scheme.variant, scheme.row("1.2").name) == ("phang", "Máy")
    assert said(scheme)["1.2", "ratio.floor"] == ("10%", "assumed: bịa")
    assert said(scheme)["1.2", "weight"] == ("3", "cited: pl")
    assert told("  1.2: {name: Máy}\n") == []
    with pytest.raises(UnknownName, match="phang"):
        laid("  1.2: {max: 5}\n", variant="phan")


def test_a_plugin_of_the_overlay_is_declared_by_it() -> None:
    uses = "uses: {acme: ictindex-acme}\nbelow: {cited: pl}\n"
    scheme = laid("  2.1: {acme.sigmoid: {middle: 12}}\n", below=uses)
    assert said(scheme)["2.1", "acme.sigmoid.middle"] == ("12", "cited: pl")
    assert scheme.uses == (("acme", "ictindex-acme"),)
    assert told("  2.1: {acme.sigmoid: {middle: 12}}\n") == [(2, 9, "S205")]
