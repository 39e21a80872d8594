"""The two workloads of the benchmark: deterministic columns, and the same rules as a scheme document.

W1: 30 indicators in 3 groups, min-max over all units, weighted means, ranked on unrounded scores.
W2: 50 indicators in 8 groups: ratios, step tables, levels 1-4 and capped counts, a cap on every group, published
with 2 decimals, ranked on what is published, with a grade.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HEAD = """\
scheme: benchmark-{name}/2026-province
title: {title}
unit: province
edition: 2026
sources:
  s Không có nguồn, dữ liệu để đo tốc độ: {{date: 2026-01-01}}
below: {{assumed: để đo tốc độ}}
assumed: để đo tốc độ
"""


@dataclass(frozen=True)
class Indicator:
    """One row of a workload: which rows of the matrix it reads and the numbers of its rule."""

    kind: str  # min-max, ratio, steps, choice, each
    code: str
    columns: tuple[int, ...]
    points: float = 1.0  # the maximum, or the weight under a mean
    table: tuple[tuple[float, float], ...] = ()  # (from this number up, points)


@dataclass(frozen=True)
class Group:
    """Indicators under one heading, with its weight (W1) or its cap (W2)."""

    code: str
    points: float
    indicators: tuple[Indicator, ...]


@dataclass
class Workload:
    """Everything both sides need: the rules, the column names, the cells, and the rules as a document."""

    name: str
    groups: tuple[Group, ...]
    document: str
    codes: list[str] = field(default_factory=list)
    matrix: Array = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def columns(self) -> dict[str, Array]:
        """The matrix as named columns."""
        return dict(zip(self.codes, self.matrix, strict=True))


def w1(units: int, sizes: tuple[tuple[int, int], ...] = ((12, 3), (9, 2), (9, 5))) -> Workload:
    """Return 30 amounts a unit, with three decimals as they would be typed; `sizes`: each group's size and weight."""
    random = np.random.default_rng(1)
    groups: list[Group] = []
    lines: list[str] = []
    codes: list[str] = []
    for g, (size, weight) in enumerate(sizes, start=1):
        lines.append(f"{g} Nhóm {g}:\n  weight: {weight}\n  combine: mean")
        indicators = []
        for i in range(1, size + 1):
            code, own = f"{g}.{i}", 1 + (i * g) % 4
            lines.append(f"  {code} Chỉ tiêu {code}: {{weight: {own}, value: , min-max: all}}")
            indicators.append(Indicator("min-max", code, (len(codes),), own))
            codes.append(code)
        groups.append(Group(str(g), weight, tuple(indicators)))
    head = HEAD.format(name="w1", title="Ba mươi chỉ tiêu, trung bình có trọng số")
    head += "combine: mean\npublish: {as: index, decimals: 4}\nrank: {ties: competition, on: exact}\n"
    matrix = np.empty((len(codes), units))
    for row in matrix:  # one at a time: ten million units need the memory
        np.round(random.gamma(2.0, 50.0, units), 3, out=row)
    return Workload("W1", tuple(groups), head + "\n".join(lines) + "\n", codes, matrix)


STEPS = ((1.0, 1.0), (2.0, 2.0), (3.0, 3.5), (4.0, 5.0))
CASES = ((1.0, 1.0), (2.0, 2.5), (3.0, 4.0), (4.0, 6.0))
KINDS = ("ratio", "steps", "choice", "ratio", "each", "ratio", "steps")


def w2(units: int) -> Workload:
    """Return counts, some of them above what they are divided by, and maturity levels 1-4."""
    random = np.random.default_rng(2)
    groups: list[Group] = []
    lines: list[str] = []
    codes: list[str] = []
    rows: list[Array] = []
    total = 0
    for g, size in enumerate((7, 7, 6, 6, 6, 6, 6, 6), start=1):
        indicators, body = [], []
        for i in range(1, size + 1):
            code, kind = f"{g}.{i}", KINDS[i - 1]
            at = len(codes)
            if kind == "ratio":
                most, names = 10.0, [f"{code}.a", f"{code}.b"]
                whole = random.integers(1, 500, units)
                rows += [np.floor(whole * random.uniform(0, 1.05, units)), whole.astype(np.float64)]
                body.append(f"  {code} Tỷ lệ {code}: {{max: 10, ratio: {{a: số đạt, b: tổng số}}}}")
                indicators.append(Indicator(kind, code, (at, at + 1), most))
            elif kind == "steps":
                most, names = 5.0, [code]
                rows.append(random.integers(0, 7, units).astype(np.float64))
                body.append(f"  {code} Số cuộc họp {code}: {{max: 5, count: , steps: {{4: 5, 3: 3.5, 2: 2, 1: 1}}}}")
                indicators.append(Indicator(kind, code, (at,), most, STEPS))
            elif kind == "choice":
                most, names = 6.0, [code]
                rows.append(random.integers(1, 5, units).astype(np.float64))
                cases = "{1 Hiện diện: 1, 2 Tương tác: 2.5, 3 Giao dịch: 4, 4 Chuyển đổi: 6}"
                body.append(f"  {code} Mức {code}: {{max: 6, choice: {cases}}}")
                indicators.append(Indicator(kind, code, (at,), most, CASES))
            else:
                most, names = 4.0, [code]
                rows.append(random.integers(0, 12, units).astype(np.float64))
                body.append(f"  {code} Số ứng dụng {code}: {{max: 4, count: , each: 0.5}}")
                indicators.append(Indicator(kind, code, (at,), most, ((1.0, 0.5),)))
            codes += names
        cap = int(sum(one.points for one in indicators)) - 5
        total += cap
        lines += [f"{g} Nhóm {g}:\n  max: {cap}\n  combine: capped", *body]
        groups.append(Group(str(g), float(cap), tuple(indicators)))
    head = HEAD.format(name="w2", title="Năm mươi chỉ tiêu, điểm có trần")
    head += f"max: {total}\nlevels: {{Tốt: 90%, Khá: 70%, Trung bình: 50%, Yếu: 0%}}\n"
    head += "publish: {as: points, decimals: 2}\nrank: {ties: competition, on: published}\n"
    return Workload("W2", tuple(groups), head + "\n".join(lines) + "\n", codes, np.array(rows))
