"""Published figures, from the typed tables in `data/` through the public functions and the command line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from make_communes import COMMUNES, NOTES, communes

from ictindex import Result, Scheme, load_scheme, score, table_from_columns

DATA = Path(__file__).parent / "data"
DTI_2022 = {
    "nhan_thuc_so": "1",
    "the_che_so": "2",
    "ha_tang_so": "3",
    "nhan_luc_so": "4",
    "an_toan_thong_tin_mang": "5",
    "hoat_dong_chinh_quyen_so": "7",
    "hoat_dong_kinh_te_so": "8",
    "hoat_dong_xa_hoi_so": "9",
}
DTI_2020 = {"cqs": "CQS", "kts": "KTS", "xhs": "XHS"}
ICT = {"htkt": "HTKT", "htnl": "HTNL", "ud": "UD"}
HEAD = """\
scheme: thu/2020-unit
unit: unit
edition: 2020
sources: {qd Quyết định: }
"""


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a typed table, every cell as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scored(scheme: Scheme | str, columns: Mapping[str, Iterable[Any]]) -> Result:
    plan = load_scheme(scheme) if isinstance(scheme, str) else scheme
    return score(plan, table_from_columns(plan, columns))


def renamed(lines: list[dict[str, str]], unit: str, columns: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the columns of a typed table under the codes of a scheme."""
    return {"unit": [line[unit] for line in lines]} | {
        code: [line[name] for line in lines] for name, code in columns.items()
    }


def scheme_in(folder: Path, text: str) -> Scheme:
    """Return the small scheme of a test, read from a file as an author would write it."""
    path = folder / "2020-unit.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_scheme(path)


def published(result: Result, code: str = "") -> list[Fraction]:
    return [Fraction(text) for text in result.published(code) if text is not None]


def ranks(lines: list[dict[str, str]]) -> list[int]:
    return [int(line["rank"]) for line in lines]


def test_the_2022_index_of_five_provinces() -> None:
    lines = rows("dti_2022_province_group_scores.csv")
    result = scored("dti-922/2022-province", renamed(lines, "province", DTI_2022))
    for found, line in zip(published(result), lines, strict=True):
        assert abs(found - Fraction(line["pdti"])) <= Fraction(1, 10_000), line["province"]
    assert result.ranks().tolist() == ranks(lines) == [1, 2, 3, 4, 5]


def test_the_2020_index_of_nine_provinces() -> None:
    lines = rows("dti_2020_province.csv")
    result = scored("dti-1726/2020-province", renamed(lines, "province", DTI_2020))
    assert published(result) == [Fraction(line["dti_index"]) for line in lines]
    for line in lines:  # unrounded too
        exact = (4 * Fraction(line["cqs"]) + 3 * Fraction(line["kts"]) + 3 * Fraction(line["xhs"])) / 10
        assert abs(exact - Fraction(line["dti_index"])) <= Fraction(5, 100_000), line["province"]
    assert result.ranks().tolist() == ranks(lines) == list(range(1, 10))


def hue(name: str, code: str, other: str) -> tuple[list[dict[str, str]], Result]:
    """Return the typed table of one part, and its result; of the other part nothing is known there."""
    lines = rows(name)
    columns = renamed(lines, "unit", {"achieved": code, "excluded_points": f"{code}.excluded"})
    return lines, scored("hue-1784/2020-district", {**columns, other: [None] * len(lines)})


@pytest.mark.parametrize(
    ("name", "code", "other", "cut"),
    [
        ("hue_2020_readiness_district.csv", "A", "B", []),
        ("hue_2020_result_district.csv", "B", "A", ["UBND huyện A Lưới"]),
    ],
)
def test_the_districts_of_hue(name: str, code: str, other: str, cut: list[str]) -> None:
    lines, result = hue(name, code, other)
    printed = {line["unit"]: Fraction(line["converted_points"]) for line in lines}
    found = dict(zip(result.units, published(result, code), strict=True))
    # 81.967 is printed as 81.96: cut, where every other row is rounded.
    assert {unit: found[unit] - printed[unit] for unit in cut} == dict.fromkeys(cut, Fraction(1, 100))
    assert [unit for unit in found if found[unit] != printed[unit]] == cut
    assert result.ranks(code).tolist() == ranks(lines)
    assert result.levels(code) == [line["level"] for line in lines]
    assert result.published(other) == [None] * len(lines)


def test_the_city_of_hue() -> None:
    _, result = hue("hue_2020_readiness_district.csv", "A", "B")
    city = result.position("UBND thành phố Huế")
    assert (result.published("A")[city], result.ranks("A")[city], result.levels("A")[city]) == ("44.41", 8, "II")


def test_the_ict_index_from_its_groups() -> None:
    """From 2016 on the index is the mean of three groups; before, of other groups."""
    needed = ("ict_index", *ICT)
    lines = [line for line in rows("ict_index_published_rows.csv") if line["year"] >= "2016"]
    lines = [line for line in lines if all(line[name] for name in needed)]
    assert len(lines) == 7
    for at, line in enumerate(lines):
        line["unit"] = f"{at} {line['unit']}"  # a province stands once for each year
    result = scored("ict-index/2017-province", renamed(lines, "unit", ICT))
    for found, line in zip(published(result), lines, strict=True):
        within = sum(half_digit(line[name]) for name in ICT) / 3 + half_digit(line["ict_index"])
        assert abs(found - Fraction(line["ict_index"])) <= within + half_digit("0.0000"), line["unit"]


def half_digit(text: str) -> Fraction:
    """Return how far a number can be from the one that was rounded to this text, at least to 2 decimals."""
    return Fraction(1, 2 * 10 ** max(2, len(text.partition(".")[2])))


def test_dak_lak_in_2017() -> None:
    line = next(line for line in rows("daklak_ict_index_2013_2017.csv") if line["year"] == "2017")
    groups = {"ha_tang_ky_thuat": "HTKT", "ha_tang_nhan_luc": "HTNL", "ung_dung": "UD"}
    result = scored("ict-index/2017-province", {"unit": ["dak-lak"]} | {groups[key]: [line[key]] for key in groups})
    assert result.published() == ["0.4667"]
    # Published was 0.4655. Each group may be 0.005 off, so their mean may too; the index itself 0.00005.
    assert abs(Fraction("0.4667") - Fraction("0.4655")) <= Fraction("0.0051")


def test_the_national_table_of_2017_has_53_ranks(tmp_path: Path) -> None:
    scheme = scheme_in(
        tmp_path,
        """\
title: Mức độ ứng dụng CNTT của các tỉnh năm 2017
max: 1
publish: {as: index, decimals: 3}
rank: {ties: competition, on: published}
1 Mức độ ứng dụng: {max: 1, assessed: }
""",
    )
    lines = rows("it_application_2017_provinces.csv")
    result = scored(scheme, renamed(lines, "province", {"index": "total"}))
    assert len(lines) == 53
    assert result.ranks().tolist() == ranks(lines)
    assert ranks(lines)[16:19] == [17, 17, 19]
    assert [one.rank for one in result.ranking()] == sorted(ranks(lines))


def test_the_63_ranks_of_2022_are_competition_ranks() -> None:
    """Scores of the other 58 provinces are not at hand; any that fall as the ranks rise must give the ranks back."""
    lines = rows("dti_2022_province_ranks.csv")
    falling = [Fraction(1000 - rank, 1000) for rank in ranks(lines)]
    result = scored("dti-922/2022-province", renamed(lines, "province", {}) | {"total": falling})
    assert len(lines) == 63
    assert result.ranks().tolist() == ranks(lines)
    assert ranks(lines)[14:17] == [15, 15, 17]


@pytest.mark.parametrize(
    ("name", "full"), [("dong-thap-1397/2022-department", "200.00"), ("dong-thap-1397/2022-district", "400.00")]
)
def test_full_marks_in_dong_thap(name: str, full: str) -> None:
    scheme = load_scheme(name)
    result = scored(scheme, {"unit": ["a"]} | {row.code: [row.max] for row in scheme.root.children})
    assert result.published() == [full]


def test_a_district_of_dong_thap_headed_by_a_deputy() -> None:
    """All meetings attended, none chaired, 3 of 5 directives signed."""
    scheme = load_scheme("dong-thap-1397/2022-district")
    first = {"1.1": ["b"], "1.2.a": ["có"], "1.2.b": ["không"], "1.3.a": [3], "1.3.b": [5], "1.4": [30]}
    rest = {row.code: [row.max] for row in scheme.root.children[1:]}
    result = scored(scheme, {"unit": ["a"]} | first | rest)
    assert [result.published(code) for code in ("1.1", "1.2", "1.3")] == [["5.00"], ["5.00"], ["6.00"]]
    assert result.published("1") == ["46.00"]
    assert result.published() == ["386.00"]


def test_a_district_of_dong_thap_with_every_criterion_met() -> None:
    scheme = load_scheme("dong-thap-1397/2022-district")
    first = {"1.1": ["a"], "1.2.a": [1], "1.2.b": [1], "1.3.a": [5], "1.3.b": [5], "1.4": [30]}
    result = scored(scheme, {"unit": ["a"]} | first | {row.code: [row.max] for row in scheme.root.children[1:]})
    assert (result.published("1"), result.published()) == (["60.00"], ["400.00"])


def test_the_bands_of_kon_tum(tmp_path: Path) -> None:
    """Decision 780/QD-UBND (2022): percent of the maximum, 90 and more, [70, 90), [50, 70), below 50."""
    scheme = scheme_in(
        tmp_path,
        """\
title: Chỉ số chuyển đổi số Kon Tum
max: 400
publish: {as: percent, decimals: 2}
levels: {Tốt: 90%, Khá: 70%, Trung bình: 50%, Yếu: 0%}
1 Điểm chấm:
  max: 400
  value:
""",
    )
    result = scored(scheme, {"unit": list("abcdefgh"), "1": [400, 360, "359.96", 280, "279.96", 200, "199.96", 0]})
    assert result.published() == ["100.00", "90.00", "89.99", "70.00", "69.99", "50.00", "49.99", "0.00"]
    assert result.levels() == ["Tốt", "Tốt", "Khá", "Khá", "Trung bình", "Trung bình", "Yếu", "Yếu"]


@pytest.mark.parametrize(
    ("between", "at_84_5", "at_49_5"),
    [("lower", "Khá", "Yếu"), ("upper", "Tốt", "Trung bình"), ("round", "Tốt", "Trung bình")],
)
def test_the_bands_of_binh_phuoc(tmp_path: Path, between: str, at_84_5: str, at_49_5: str) -> None:
    """Decision 1538 (2014): 85-100, 70-84, 50-69, below 50. Who gets 84.5 is not said, so the scheme must."""
    scheme = scheme_in(
        tmp_path,
        f"""\
title: Ứng dụng CNTT Bình Phước
max: 100
levels: {{Tốt: 85-100, Khá: 70-84, Trung bình: 50-69, Yếu: 0-49}}
between-levels: {between}
1 Điểm chấm: {{max: 100, assessed: }}
""",
    )
    points = [100, 85, "84.5", 84, 70, 69, 50, "49.5", 49, 0]
    result = scored(scheme, {"unit": list("abcdefghij"), "1": points})
    good, fair, average, weak = "Tốt", "Khá", "Trung bình", "Yếu"
    expected = [good, good, at_84_5, fair, fair, average, average, at_49_5, weak, weak]
    assert result.levels() == expected


def command_line(scheme: str, table: Path, out: Path) -> list[dict[str, Any]]:
    """Return the units in the JSON that the command line writes."""
    command = [sys.executable, "-m", "ictindex", "score", scheme, str(table), "--format", "json", "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    units: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))["units"]
    return units


def test_the_2022_index_from_the_command_line(tmp_path: Path) -> None:
    example = Path(load_scheme("dti-922/2022-province").path).with_suffix(".example.csv")
    units = command_line("dti-922/2022-province", example, tmp_path / "result.json")
    for unit, line in zip(units, rows("dti_2022_province_group_scores.csv"), strict=True):
        assert (unit["name"], unit["rank"]) == (line["province"], int(line["rank"]))
        assert abs(Fraction(unit["published"]) - Fraction(line["pdti"])) <= Fraction(1, 10_000)


def test_every_commune_is_ranked_in_its_district(tmp_path: Path) -> None:
    """3,321 made-up communes from the command line, against sums and counts made here by hand."""
    header, lines = communes()
    assert len(lines) == COMMUNES == 3321
    table, out = tmp_path / "communes.csv", tmp_path / "result.json"
    with table.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"{note}\n" for note in NOTES)
        csv.writer(file).writerows([header, *lines])
    units = command_line("btttt-2392/2017-commune", table, out)
    assert [unit["unit"] for unit in units] == [line[0] for line in lines]
    figures = [dict(zip(header, line, strict=True)) for line in lines]
    for total, points in (("A", readiness), ("B", attained)):
        expected = [two_decimals(points(one)) for one in figures]
        assert [unit["totals"][total]["published"] for unit in units] == expected
        found = [unit["totals"][total]["rank"] for unit in units]
        assert found == ranks_by_counting(expected, [one["huyện"] for one in figures])
        cuts = ((90, "I"), (80 if total == "A" else 85, "II"), (65, "III"), (0, "IV"))
        whole = 50 if total == "A" else 100
        levels = [next(name for cut, name in cuts if Decimal(text) >= Decimal(cut) * whole / 100) for text in expected]
        assert [unit["totals"][total]["level"] for unit in units] == levels


def readiness(one: Mapping[str, str]) -> Fraction:
    staff = Fraction(one["cb"])
    plans = sum(int(one[f"A.3.1.{letter}"]) for letter in "abc")
    people = 10 * Fraction(one["A.2.1.a"]) / staff + 5 * int(one["A.2.2"])
    return 10 * Fraction(one["A.1.1.a"]) / staff + 10 * int(one["A.1.2"]) + people + 5 * plans


def attained(one: Mapping[str, str]) -> Fraction:
    """Maturity levels of 25, 25 and 15 points, and two shares that do not apply where nothing was asked or sent."""
    points = Fraction(25 * (int(one["B.1.1"]) + int(one["B.4.1"])) + 15 * int(one["B.2.1"]), 4)
    whole = 65
    for code, most in (("B.2.2", 10), ("B.3.1", 25)):
        if int(one[f"{code}.b"]):
            points += most * Fraction(int(one[f"{code}.a"]), int(one[f"{code}.b"]))
            whole += most
    return points / whole * 100


def two_decimals(points: Fraction) -> str:
    """Return the points as printed: two decimals, half up."""
    whole, part = divmod((points * 100 + Fraction(1, 2)) // 1, 100)
    return f"{whole}.{part:02}"


def ranks_by_counting(scores: list[str], districts: list[str]) -> list[int]:
    """Return 1 + how many of the same district have more."""
    members: dict[str, list[Decimal]] = defaultdict(list)
    for text, district in zip(scores, districts, strict=True):
        members[district].append(Decimal(text))
    pairs = zip(scores, districts, strict=True)
    return [1 + sum(other > Decimal(text) for other in members[district]) for text, district in pairs]
