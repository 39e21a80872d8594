"""`compare` on the command line: two years, two schemes, the tracks of a round; and wrong use."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from ictindex.cli import FINE, PROBLEMS, WRONG_USE

HERE = Path(__file__).parent.parent
ICT = "ict-index/2016-province"
AFTER = "ict-index/2017-province"
OLD, NEW = (HERE / "docs" / "compare" / f"{year}.synthetic.csv" for year in (2016, 2017))
DISTRICT = "dong-thap-1397/2022-district"
DECLARED = HERE / "schemes" / f"{DISTRICT}.example.synthetic.csv"
ROUND = HERE / "docs" / "rounds" / "2022-district.synthetic.csv"
DTI = "dti-922/2022-province"
FIVE = HERE / "schemes" / f"{DTI}.example.csv"


def test_two_years_and_two_schemes(run: Any) -> None:
    told = run("compare", ICT, OLD, NEW, "--scheme-after", AFTER, "--unit", "tinh-b", "--total", "UD.dv")
    assert told.code == FINE and not told.err
    assert "score 0.6466 → 0.5821 (-0.0645)" in told.out
    assert "rank 3 of 6 → 5 of 6 (2 places down)" in told.out
    assert f"after: {AFTER}, 2017.synthetic.csv, units: 6" in told.out


def test_the_other_way_round_is_the_other_way_round(run: Any) -> None:
    there = run("compare", ICT, OLD, NEW, "--scheme-after", AFTER, "--format", "json")
    back = run("compare", AFTER, NEW, OLD, "--scheme-after", ICT, "--format", "json")
    one, other = (json.loads(told.out)["units"] for told in (there, back))
    for first, second in zip(one, other, strict=True):
        assert first["score"]["own"] == -second["score"]["own"]
        assert first["score"]["scheme"] == -second["score"]["scheme"]


def test_all_units_in_a_table(run: Any, tmp_path: Path) -> None:
    told = run("compare", ICT, OLD, NEW, "--scheme-after", AFTER)
    assert "6 units compared" in told.out and told.out.count("(tinh-b)") == 2
    assert run("compare", ICT, OLD, NEW, "--scheme-after", AFTER, "-o", tmp_path / "a.csv").code == FINE
    lines = (tmp_path / "a.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith(('"#', "#")))
    (one,) = [row for row in rows if row["unit"] == "tinh-b"]
    parts = [float(one[cause]) for cause in ("own", "scheme", "others")]
    assert sum(parts) == pytest.approx(float(one["change"]), abs=1e-9)


def test_the_declared_and_the_final_track_of_a_round(run: Any) -> None:
    told = run("compare", DISTRICT, DECLARED, "--round", ROUND, "--unit", "huyen-01")
    assert told.code == FINE and "as declared" in told.out and "as final" in told.out
    assert "score 336.50 → 328.64 (-7.86)" in told.out
    lines = {line.split()[0]: line.split()[1:] for line in told.out.splitlines() if line.startswith("  verification")}
    assert lines["verification"][0] == "-7.86"
    verified = run("compare", DISTRICT, DECLARED, "--round", ROUND, "--track-after", "verified", "--unit", "huyen-01")
    assert "as verified" in verified.out
    settled = run("compare", DISTRICT, DECLARED, "--round", ROUND, "--track-before", "verified", "--unit", "huyen-02")
    assert "as verified" in settled.out and "as final" in settled.out


def test_each_side_names_its_table_and_its_round(run: Any) -> None:
    told = " ".join(run("compare", DISTRICT, DECLARED, "--round", ROUND, "--unit", "huyen-01").out.split())
    assert f"before: {DISTRICT}, {DECLARED.name}, as declared, units: 12" in told
    assert f"after: {DISTRICT}, {DECLARED.name} with the round {ROUND.name}, as final, units: 12" in told
    data = json.loads(run("compare", DISTRICT, DECLARED, "--round", ROUND, "--format", "json").out)
    assert [Path(data["after"][key]).name for key in ("source", "round")] == [DECLARED.name, ROUND.name]
    assert (Path(data["before"]["source"]).name, data["before"]["round"]) == (DECLARED.name, "")


def test_the_reasons_of_a_round_stand_on_the_page_of_a_unit(run: Any) -> None:
    told = run("compare", DISTRICT, DECLARED, "--round", ROUND, "--unit", "huyen-01").out
    assert "- 1.1: sai-ky (evidence of another period)" in told and "- 1.3: trung (counted twice)" in told
    data = json.loads(run("compare", DISTRICT, DECLARED, "--round", ROUND, "--format", "json").out)
    given = {
        (unit["unit"], row["after"]): [one["code"] for one in row["reasons"]]
        for unit in data["units"]
        for row in unit["rows"]
    }
    assert given[("huyen-10", "5")] == ["khong-hop-le", "bo-sung"] and given[("huyen-01", "1.1")] == ["sai-ky"]


def test_the_split_of_ranks_is_shown_where_the_rank_changed(run: Any) -> None:
    told = run("compare", DISTRICT, DECLARED, "--round", ROUND, "--unit", "huyen-01", "--unit", "huyen-03").out
    assert "rank unchanged: 3 of 12" in told and "0.5" not in told and "places" not in told
    assert "score 217.00, unchanged" in told and told.count("in all") == 1
    moved = run("compare", ICT, OLD, NEW, "--scheme-after", AFTER, "--unit", "tinh-b", "--total", "UD.dv").out
    assert "a part of a place, such as +0.5" in moved


def test_who_changed_stands_in_the_table_and_the_others_are_named(run: Any) -> None:
    told = run("compare", DISTRICT, DECLARED, "--round", ROUND).out
    table, others = told.split("Unchanged, 8 units: ")
    assert [f"(huyen-{at:02})" in table for at in (1, 2, 8, 10, 3, 7)] == [True] * 4 + [False] * 2
    assert "(huyen-03)" in others and "(huyen-01)" not in others and "Ranks:" not in told


def test_a_unit_that_is_on_one_side_only_is_told_of_first(run: Any, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.csv"
    lines = FIVE.read_text("utf-8").splitlines(keepends=True)
    fewer.write_text("".join(line for line in lines if not line.startswith("hcm")), "utf-8")
    told = run("compare", DTI, FIVE, fewer, "--unit", "hcm").out
    assert told.index("it is in the first result only") < told.index("before: ")
    assert "Why a score" not in told
    of_two = run("compare", DTI, FIVE, fewer, "--unit", "hcm", "--unit", "quang-ninh").out
    assert of_two.index("it is in the first result only") < of_two.index("before: ") < of_two.index("rank ")


def test_one_of_two_totals_is_named(run: Any) -> None:
    hue = "hue-1784/2020-district"
    table = HERE / "schemes" / f"{hue}.example.csv"
    told = run("compare", hue, table, table, "--unit", "tp-hue").out
    assert "This is about A " in told and "--total B" in told


def test_two_years_with_a_round_each(run: Any) -> None:
    told = run(
        "compare", DISTRICT, DECLARED, DECLARED, "--round-after", ROUND, "--unit", "huyen-01", "--format", "json"
    )
    data = json.loads(told.out)
    assert (data["before"]["track"], data["after"]["track"]) == ("", "final")
    (unit,) = data["units"]
    assert unit["score"]["own"] == 0 and unit["score"]["verification"] == unit["score"]["whole"] < 0


def test_one_table_under_two_schemes_and_in_a_variant(run: Any, tmp_path: Path) -> None:
    scheme = tmp_path / "my.yaml"
    text = (HERE / "schemes" / f"{DTI}.yaml").read_text("utf-8")
    scheme.write_text(text, "utf-8")
    told = run("compare", DTI, FIVE, "--scheme-after", scheme, "--format", "json")
    assert told.code == FINE
    assert all(unit["score"]["whole"] == 0 for unit in json.loads(told.out)["units"])
    table = HERE / "schemes" / f"{AFTER}.example.synthetic.csv"
    told = run("compare", AFTER, table, "--variant-after", "z-score", "--unit", "tinh-01", "--format", "json")
    (unit,) = json.loads(told.out)["units"]
    assert unit["score"]["scheme"] == unit["score"]["whole"] != 0
    assert json.loads(told.out)["exact"] is False


def test_a_mapping_of_rows_and_a_crosswalk(run: Any, tmp_path: Path) -> None:
    rows, units = tmp_path / "rows.csv", tmp_path / "units.csv"
    rows.write_text("before,after\n29.a,29.b.a\n", "utf-8")
    told = run("compare", ICT, OLD, NEW, "--scheme-after", AFTER, "--mapping-rows", rows, "--format", "json")
    taken = [side["taken"] for side in json.loads(told.out)["carrying"]]
    assert "29.a.a" in taken[1]  # what 29.a has become is another column now
    codes = [f"tinh-{letter}" for letter in "abcdef"]
    units.write_text("old,new\n" + "".join(f"{code},{code}\n" for code in codes), "utf-8")
    told = run("compare", ICT, OLD, NEW, "--scheme-after", AFTER, "--crosswalk", units)
    assert told.code == FINE and "regrouped by units.csv" in told.out


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), "U256"),
        (("--round-after", "r.csv"), "U256"),
        ((str(FIVE), "--unverified", "missing"), "U191"),
        ((str(FIVE), "--unit", "nobody"), "U104"),
        ((str(FIVE), "--total", "nothing"), "U250"),
    ],
)
def test_wrong_use_says_what_to_do(run: Any, more: tuple[str, ...], code: str) -> None:
    told = run("compare", DTI, FIVE, *more)
    assert told.code == WRONG_USE and not told.out
    assert told.err.startswith(code) and "(" in told.err


def test_standard_input_is_read_once(run: Any) -> None:
    told = run("compare", DTI, "-", "--scheme-after", DTI)
    assert told.code == WRONG_USE and told.err.startswith("U115")
    assert run("compare", DTI, "-", "-").err.startswith("U115")


def test_no_output_over_an_input(run: Any, tmp_path: Path) -> None:
    for name in ("before.csv", "after.csv"):
        (tmp_path / name).write_bytes(FIVE.read_bytes())
        told = run("compare", DTI, tmp_path / "before.csv", tmp_path / "after.csv", "-o", tmp_path / name)
        if told.code == FINE:
            pytest.fail(f"{name} was written over")
        assert told.err.startswith(str(tmp_path / name)) and "U115" in told.err


def test_a_bad_table_is_a_problem_of_the_table(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("unit,1\nx,abc\n", "utf-8")
    told = run("compare", DTI, FIVE, tmp_path / "bad.csv")
    assert told.code == PROBLEMS and "bad.csv:2" in told.err
