"""Where points are lost: golden numbers of shipped tables, what is special of some rows, the page and the command."""

from __future__ import annotations

import json
import re
import shlex
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import evolve
from made import alone, assessed, group, ratio, scheme, table, totals, value
from oracle import NA
from test_laws import as_table

import ictindex
from ictindex import headroom, load_scheme, read_table, score
from ictindex.cli import FINE, WRONG_USE
from ictindex.compiling import compile_scheme
from ictindex.editing import Edit, edited
from ictindex.engine import run
from ictindex.errors import UnknownName, WrongUse
from ictindex.model import TOTAL, Evidence, Rule
from ictindex.plugins import vocabulary
from ictindex.questions import answer_schema
from ictindex.result import Result

TOP = Path(__file__).parent.parent
DTI = "dti-922/2022-province"
SHOWN = [
    found
    for page in ("headroom.md", "whatif.md")
    for found in re.findall(
        r"```console\n\$ ictindex (.*?)\n(.*?)```", (TOP / "docs" / page).read_text("utf-8"), re.DOTALL
    )
]
HUE = "hue-1784/2020-district"
ICT = "ict-index/2017-province"
DONG_THAP = "dong-thap-1397/2022-district"


def shipped(name: str, variant: str = "") -> Result:
    made = load_scheme(name, variant=variant)
    (path,) = (TOP / "schemes").glob(f"{name}.example*.csv")
    return score(made, read_table(path, scheme=made))


def made(root: Any, *rows: dict[str, Any]) -> Result:
    one = root if hasattr(root, "root") else scheme(root)
    return run(compile_scheme(one, vocabulary()), as_table(one, table(*rows)))


def lost(result: Result, unit: str = "u0", code: str = "") -> dict[str, Q | None]:
    return {row.code: row.lost for row in headroom(result, unit, code=code).rows}


def test_a_published_province() -> None:
    answer = headroom(shipped(DTI), "quang-ninh")
    assert answer.published == "0.7024" and answer.rank == 3 and answer.ranked == 5
    assert answer.total.points == Q("702.445") and answer.total.lost == Q("297.555")
    assert [row.code for row in answer.rows[:3]] == ["9", "8", "5"]
    nine = answer.row("9")
    assert (nine.points, nine.lost, nine.median, nine.rank) == (Q("67.575"), Q("82.425"), Q("53.85"), 2)
    assert nine.best_units == ("da-nang",) and answer.strengths[0] == "9" and answer.weaknesses[0] == "8"


def test_points_that_do_not_apply_are_not_lost() -> None:
    answer = headroom(shipped(HUE), "tp-hue")
    assert answer.total.code == "A" and answer.published == "44.41"
    assert answer.total.points == Q("42.63") / 48 * 50 and answer.total.lost == 50 - Q("42.63") / 48 * 50
    assert (
        answer.rows == () and "5.59 points are lost" in answer.told() and "What the numbers mean" not in answer.told()
    )


def test_full_marks_among_units_are_those_of_the_best() -> None:
    """Two rows of three groups of two: a row that is best of the pool adds a share of each mean above it."""
    answer = headroom(shipped(ICT), "tinh-01")
    assert answer.relative
    row = answer.row("15")
    assert row.points is not None and row.lost == pytest.approx((1 - row.points) / 24)
    unbounded = headroom(shipped(ICT, "z-score"), "tinh-01")
    assert all(one.lost is not None and one.lost >= 0 for one in unbounded.rows)
    assert unbounded.row("1").best is not None and unbounded.row("1").best > 1


def test_the_best_of_the_pool_loses_nothing_where_units_are_compared() -> None:
    relative = alone(value("1", 1, scale=Rule("z-score", (("over", "all"),))))
    result = made(relative, {"1": "1"}, {"1": "2"}, {"1": "6"})
    assert lost(result, "u2") == {"1": 0}
    assert lost(result, "u0")["1"] == pytest.approx(float(result.points()[2] - result.points()[0]))


def test_caps_means_and_the_best_of_several() -> None:
    capped = made(group(TOTAL, 10, assessed("1", 8), assessed("2", 8), combine="capped"), {"1": "7", "2": "2"})
    assert lost(capped) == {"1": 1, "2": 1}
    assert headroom(capped, "u0").total.lost == 1
    mean = made(
        group(TOTAL, 100, assessed("1", 10, weight=Q(3)), assessed("2", 20), combine="mean"), {"1": "5", "2": "5"}
    )
    assert lost(mean) == {"1": Q("37.5"), "2": Q("18.75")}
    best = made(group(TOTAL, 10, assessed("1", 10), assessed("2", 6), combine="best"), {"1": "5", "2": "2"})
    assert lost(best) == {"1": 5, "2": 1}
    geometric = made(group(TOTAL, 1, value("1"), value("2"), combine="geometric"), {"1": "0.25", "2": "1"})
    assert lost(geometric) == {"1": Q(1, 2), "2": 0}
    capped_told, geometric_told = (" ".join(headroom(one, "u0").told().split()) for one in (capped, geometric))
    assert "Row by row 2.00 points are lost, all together 1.00" in capped_told and "Row by row" not in geometric_told


def test_a_third_of_a_point_is_exact() -> None:
    thirds = made(group(TOTAL, 1, assessed("1", Q(1, 3)), assessed("2", Q(2, 3))), {"1": "0.1", "2": "0.5"})
    assert lost(thirds) == {"1": Q(1, 3) - Q("0.1"), "2": Q(1, 6)}


def test_evidence_comes_before_absence_and_the_figures_are_the_rest() -> None:
    asked = assessed("1", 10, evidence=Evidence("văn bản", without="zero", stated=True))
    rows = (asked, assessed("2", 10, missing="zero"), assessed("3", 10))
    one = scheme(group(TOTAL, 25, *rows, combine="capped"))
    result = made(one, {"1": "6", "1.evidence": False, "2": None, "3": "8"})
    answer = headroom(result, "u0")
    assert [(row.code, row.lost, row.substance, row.evidence, row.absence) for row in answer.rows] == [
        ("1", 10, 4, 6, 0),
        ("2", 10, 0, 0, 10),
        ("3", 2, 2, 0, 0),
    ]
    total = answer.total
    assert (total.points, total.lost, total.evidence, total.absence, total.substance) == (8, 17, 6, 10, 1)
    assert "6.00 because evidence is missing or rejected, 10.00 because figures are absent" in " ".join(
        answer.told().split()
    )


def test_what_is_left_out_given_informational_or_taken() -> None:
    inner = group("1", 20, assessed("1.1", 10), assessed("1.2", 10))
    rest = (assessed("2", 10, not_applicable="rescale"), assessed("3", 10, missing="rescale"))
    one = scheme(group(TOTAL, 40, inner, *rest, value("4", 0), assessed("5", 5, role="deduct")))
    result = made(
        one,
        {"1.score": "15", "2": NA, "3": None, "4": "1", "5": "2"},
        {"1.1": "1", "1.2": "1", "2": "1", "3": "1", "4": "1", "5": "0"},
    )
    answer = headroom(result, "u0")
    states = {row.code: row.state for row in answer.rows}
    assert states == {
        "1": "given",
        "1.1": "not-computed",
        "1.2": "not-computed",
        "2": "left-out",
        "3": "missing-left-out",
        "4": "informational",
        "5": "computed",
    }
    assert answer.total.points == 26
    # 13 of 20 are there; with full marks 18 of 20, with the missing row 23 of 30, without the deduction 15 of 20
    assert lost(result) == {"1": 10, "3": Q(40 * 23, 30) - 26, "5": 4, "2": 0, "4": 0, "1.1": None, "1.2": None}
    assert answer.row("3").absence == answer.row("3").lost and answer.row("5").rank == 2
    told = answer.told()
    for words in (
        "nothing is known of what lies below: 1.",
        "does not apply, so nothing is lost: 2.",
        "full marks would count: 3.",
        "without points: 4.",
    ):
        assert words in told


def test_losses_are_counted_at_the_row_that_is_asked_for() -> None:
    result = shipped(DONG_THAP)
    one = headroom(result, "huyen-02", code="1")
    assert one.total.code == "1" and {row.above for row in one.rows} == {"1"}
    assert sum(row.lost or 0 for row in one.rows) == one.total.lost == 60 - (one.total.points or 0)
    assert "would add to 1 Nhận thức số" in one.told()


def test_a_table_that_says_so_scores_so() -> None:
    """Of every row of every shipped table: full marks, typed as a given score, add what is lost there."""
    for name in (DTI, DONG_THAP, ICT, "dak-lak-366/2018-department"):
        result = shipped(name)
        answer = headroom(result, result.units[1])
        for row in [row for row in answer.rows if row.kind == "criterion" and row.state != "left-out"][::4]:
            shares = result.scheme.row(row.code).publish.scale == "index"
            given = Edit(1, f"{row.code}.score", 1.0 if shares else float(row.max))
            new = run(result.plan, edited(result.table, [given]))
            assert new.settled.column(1)[result.plan.totals[0]] == (answer.total.points or 0) + (row.lost or 0)


def test_a_unit_alone_has_neither_strengths_nor_weaknesses() -> None:
    answer = headroom(made(group(TOTAL, 2, ratio("1", 2)), {"1.a": "1", "1.b": "2"}), "u0")
    assert answer.strengths == answer.weaknesses == () and answer.row("1").rank == 1
    assert "median of the pool" not in answer.told()
    full = headroom(made(group(TOTAL, 2, ratio("1", 2)), {"1.a": "2", "1.b": "2"}), "u0")
    assert "No point is lost." in full.told() and full.total.lost == 0


def test_what_cannot_be_asked() -> None:
    result = shipped(HUE)
    with pytest.raises(WrongUse, match="U215"):
        headroom(result, "tp-hue", code=TOTAL)
    with pytest.raises(WrongUse, match="U216"):
        headroom(result, "tp-hue", code="B")
    with pytest.raises(UnknownName, match="U104"):
        headroom(result, "tp-hu")
    with pytest.raises(UnknownName, match="U105"):
        headroom(result, "tp-hue", code="C")
    merged = evolve(load_scheme(DTI), merged="mean-of-rows")
    rows = [{"unit": "a"} | {str(at): Q(1) for at in (1, 2, 3, 4, 5, 7, 8, 9)}] * 2
    with pytest.raises(WrongUse, match="U200"):
        headroom(score(merged, ictindex.table_from_columns(merged, rows)), "a")


def test_the_data_fits_its_schema_and_the_columns_are_a_table() -> None:
    answer = headroom(shipped(DONG_THAP), "huyen-02")
    jsonschema.Draft202012Validator(answer_schema("headroom")).validate(answer.to_dict())
    columns = answer.to_columns()
    assert (
        columns["code"][:2] == ["1", "6"]
        and columns["lost"][:2] == [28.5, 14]
        and len({len(cells) for cells in columns.values()}) == 1
    )


def test_the_command(run: Any, tmp_path: Path) -> None:
    path = str(TOP / "schemes" / f"{DTI}.example.csv")
    told = run("headroom", DTI, path, "Quảng Ninh")
    assert told.code == FINE and told.out == headroom(shipped(DTI), "quang-ninh").told() + "\n"
    assert run("headroom", DTI, path, "quang-ninh", "-o", tmp_path / "a.json").code == FINE
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["format"] == "ictindex-headroom/1"
    assert run("headroom", DTI, path, "quang-ninh", "--total", "99").code == WRONG_USE
    declared, events = (
        TOP / "schemes" / f"{DONG_THAP}.example.synthetic.csv",
        TOP / "docs/rounds/2022-district.synthetic.csv",
    )
    track = run("headroom", DONG_THAP, declared, "huyen-01", "--round", events, "--track", "final")
    assert "The evidence was shown and rejected: 1.1." in track.out
    assert run("headroom", DTI, path, "quang-ninh", "-o", path).code == WRONG_USE


def test_two_totals() -> None:
    result = made(
        totals(group("A", 10, assessed("A.1", 10)), group("B", 10, assessed("B.1", 10))), {"A.1": "4", "B.1": "9"}
    )
    assert lost(result) == {"A.1": 6} and lost(result, code="B") == {"B.1": 1}
    first, second = (" ".join(headroom(result, "u0", code=code).told().split()) for code in ("", "B"))
    assert "This is about A" in first and "--total B." in first
    assert "This is about B" in second and "--total A." in second


def test_a_part_with_one_score_only_says_that_nothing_finer_is_known() -> None:
    known = "There is only one score of the whole part, so it is not known which criteria lost the points."
    hue = shipped(HUE)
    assert known in headroom(hue, "tp-hue").told().replace("\n", " ")
    assert known not in headroom(hue, "nam-dong").told().replace("\n", " ")  # it lost none
    given = made(scheme(group(TOTAL, 10, assessed("1", 10))), {"total.score": "4"})
    assert known in headroom(given, "u0").told().replace("\n", " ")


def test_points_that_are_scored_without_their_evidence_are_told() -> None:
    rows = (
        assessed("1", 10, evidence=Evidence("văn bản", without="flag", stated=True)),
        assessed("2", 10, evidence=Evidence("văn bản", without="flag", stated=True)),
        assessed("3", 10, evidence=Evidence("văn bản", without="zero", stated=True)),
    )
    cells = {"1": "6", "1.evidence": False, "2": "7.5", "2.evidence": False, "3": "9", "3.evidence": False}
    answer = headroom(made(scheme(group(TOTAL, 30, *rows)), cells), "u0")
    assert {row.code: row.unshown for row in answer.rows} == {"1": True, "2": True, "3": False}
    assert "Scored though no evidence is shown: 2 (7.50), 1 (6.00)." in answer.told()


def test_what_was_published_is_said_where_it_is_another_number() -> None:
    assert "Total: 702.45 of 1000 points, published 0.7024, rank 3 of 5." in headroom(shipped(DTI), "quang-ninh").told()
    told = headroom(shipped(DONG_THAP), "huyen-01").told()
    assert "Total: 336.50 of 400 points, rank 3 of 12." in told and " 6/12\n" in told


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=[command.split()[0] for command, _ in SHOWN])
def test_a_command_of_the_guides_prints_what_they_show(
    command: str, expected: str, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    told = run(*shlex.split(command))
    parts = [part.strip("\n") for part in expected.split("…\n")]
    assert told.code == FINE and len(parts) > 1
    assert re.fullmatch(".*".join(map(re.escape, parts)) + r"\n*", told.out, re.DOTALL)
