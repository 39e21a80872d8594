"""A scheme printed as a decision's annex: every shape of row in words, and the columns of its table."""

from __future__ import annotations

from pathlib import Path

from ictindex import load_scheme
from ictindex.outline import outline

SHAPES = """\
scheme: thu/2024-district
title: Thử
en: A trial
unit: district
edition: 2024
sources:
  s Quyết định thử: {date: 2024-01-01}
below: {cited: s}
cited: s
max: 100
pools: {by: huyện}
inputs:
  cb Số cán bộ: {kind: count, unit: người}
1 Một:
  max: 50
  combine: capped
  levels: {Tốt: 40, Kém: 0}
  1.1 Máy tính:
    max: 40
    ratio: {a: {sum: {m máy bàn: 1, x máy xách tay: 2}}, b: $cb, per: 100}
    goalposts: {from: 0, to: 90}
  1.2 Số cuộc họp: {max: 10, count: "", steps: {4: max, 2: 1/2 max}}
  1.3 Đủ cả: {max: 10, all-of: {a có kế hoạch: "", b có báo cáo: ""}}
  1.4 Kế hoạch: {max: 10, yes-no: đã ban hành, evidence: {ask: số hiệu, due: 30/01, without: zero}}
2 Hai:
  max: 50
  combine: mean
  2.1 Xử lý: {weight: 2, value: số ngày, steps-down: {3: max}}
  2.2 Văn bản: {ratio: {a: số văn bản, b: 12}}
3 Thêm: {max: 0, value: số camera}
4 Thưởng: {bonus: 3, yes-no: ""}
"""


def test_every_shape_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SHAPES, encoding="utf-8")
    lines = [" ".join(line.split()) for line in outline(load_scheme(path)).splitlines()]
    for expected in (
        "(máy bàn + máy xách tay × 2) / Số cán bộ × 100; from 0 to 90",
        "count; ≥ 4: 10; ≥ 2: 5",
        "all of: có kế hoạch; có báo cáo × max",
        "evidence: số hiệu (due 30/01), without it: zero",
        "Tốt from 40; Kém from 0",
        "capped of the rows below",
        "2.1 Xử lý (max 1, weight 2)",
        "value: số ngày; ≤ 3: 1",
        "số văn bản / 12 × max",
        "3 Thêm (0, informational)",
        "4 Thưởng (bonus 3)",
        "huyện the pool within which units are ranked",
        "cb Số cán bộ: a whole number, người",
        "1.3.a có kế hoạch: yes or no",
    ):
        assert expected in lines
