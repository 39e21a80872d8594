"""A wide table as a ministry collects it: 50 inputs of every kind, made up for any number of communes.

`columns(3321)` gives typed values, `csv_text(3321)` the same as a file: the same ones for the same seed, and a longer
table begins with the rows of a shorter one. Missing cells are None, what does not apply is the text `n/a`.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from worked import build

from ictindex.model import Scheme

COMMUNES = 3321
"""How many communes Viet Nam had after the mergers of 1 July 2025."""

INPUTS = 50
PER_PROVINCE = 98

_HEAD = """\
scheme: made-up-50/2025-commune
title: Bộ tiêu chí thử có năm mươi số liệu
en: A made-up scheme of fifty inputs
unit: commune
edition: 2025
sources:
  s Văn bản giả định: {date: 2025-07-01}
cited: s
below: {cited: s}
max: 500
missing: rescale
not-applicable: rescale
publish: {as: points, decimals: 2}
rank: {ties: competition, on: published}
pools: {by: tỉnh}
levels: {Tốt: 80%, Khá: 65%, Trung bình: 50%, Yếu: 0%}
inputs:
  dan-so Dân số trung bình: count
  cb Số cán bộ, công chức: count
choices:
  muc Mức trưởng thành:
    1 Hiện diện: 1/4 max
    2 Tương tác: 2/4 max
    3 Giao dịch: 3/4 max
    4 Chuyển đổi: max
"""
_GROUPS = (
    (
        "1",
        "Hạ tầng số",
        10,
        "Tỷ lệ người có thiết bị loại {at}",
        "ratio: {{a: số người có thiết bị loại {at}, b: {whole}, if-none: refuse}}",
    ),
    ("2", "Thể chế số", 8, "Đã ban hành văn bản thứ {at}", "yes-no:"),
    ("3", "Dịch vụ công", 8, "Mức trưởng thành của dịch vụ {at}", "choice: $muc"),
    ("4", "Nhân lực số", 8, "Hội đồng chấm phần {at}", "assessed:"),
    (
        "5",
        "An toàn thông tin",
        6,
        "Số lần diễn tập loại {at}",
        "count:\n    steps: {{4: max, 2: 1/2 max, 1: 1/4 max}}",
    ),
    ("6", "Kinh tế số", 8, "Chỉ số kinh tế {at}", "value:\n    goalposts: {{from: 0, to: 100}}"),
)
_POINTS = 10
_OF_RESIDENTS = 5  # so many rows of the first group are of all residents, the others of the staff
_MISSING, _ABSENT = 0.04, 0.06  # so many cells are missing, and missing or not applicable
_NAMES = ("Phường Hoà Bình", "Xã Đắk Ơ", "Xã Ia Ơ", "Phường Thủy Xuân", "Xã Ngọc Linh", "Đặc khu Lý Sơn", "Xã Krông Nô")
_PROVINCES = ("Đắk Lắk", "Huế", "Quảng Ngãi", "Đà Nẵng", "Lâm Đồng")


def scheme_text() -> str:
    """Return the scheme as YAML: six groups, 48 criteria, 50 inputs."""
    lines = [_HEAD]
    for code, name, size, words, rule in _GROUPS:
        weight = size * _POINTS + (20 if code == "6" else 0)
        lines.append(f"{code} {name}:\n  max: {weight}\n")
        for at in range(1, size + 1):
            whole = "$dan-so" if at <= _OF_RESIDENTS else "$cb"
            points = _POINTS + (20 if (code, at) == ("6", 8) else 0)
            lines.append(
                f"  {code}.{at} {words.format(at=at)}:\n    max: {points}\n    {rule.format(at=at, whole=whole)}\n"
            )
    return "".join(lines)


@cache
def scheme() -> Scheme:
    """Return the scheme."""
    return build(scheme_text())


def columns(count: int = COMMUNES, seed: int = 2025) -> dict[str, list[Any]]:
    """Return the columns by heading: codes, names and provinces as text, figures as int or float, None, or `n/a`."""
    made: dict[str, list[Any]] = {}
    for number in range(1, count + 1):
        for heading, cell in _commune(number, random.Random(f"{seed} {number}")):
            made.setdefault(heading, []).append(cell)
    return made


def csv_text(count: int = COMMUNES, seed: int = 2025) -> str:
    """Return the table as CSV with commas and decimal points."""
    made = columns(count, seed)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(made)
    writer.writerows(zip(*made.values(), strict=True))  # None is written as an empty cell
    return out.getvalue()


def _commune(number: int, chance: random.Random) -> Iterator[tuple[str, Any]]:
    yield "unit", f"{number * 3:05}"
    yield "name", f"{chance.choice(_NAMES)} {number}"
    yield "tỉnh", _PROVINCES[(number - 1) // PER_PROVINCE % len(_PROVINCES)]
    people, staff = chance.randint(3_000, 90_000), chance.randint(15, 60)
    yield "dan-so", people
    yield "cb", staff
    for code, _, size, _, rule in _GROUPS:
        for at in range(1, size + 1):
            heading = f"{code}.{at}.a" if rule.startswith("ratio") else f"{code}.{at}"
            figure, luck = _figure(code, people if at <= _OF_RESIDENTS else staff, chance), chance.random()
            yield heading, None if luck < _MISSING else "n/a" if luck < _ABSENT else figure


def _figure(code: str, whole: int, chance: random.Random) -> Any:
    match code:
        case "1":
            return chance.randint(0, whole)
        case "2":
            return chance.choice(("có", "không", "x", "chưa"))
        case "3":
            return chance.randint(1, 4)
        case "4":
            return chance.randint(0, 4 * _POINTS) / 4
        case "5":
            return chance.randint(0, 6)
        case _:
            return round(chance.uniform(0, 120), chance.randint(0, 6))
