"""Two results compared: worked examples, how figures are carried between schemes, and what cannot be compared."""

from __future__ import annotations

from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from attrs import evolve
from made import assessed, group, ratio, rule, scheme, totals, value

import ictindex
from ictindex import compare, load_scheme, read_table, score
from ictindex.analysis.comparing.answers import Comparison, UnitMove
from ictindex.cells import CellState
from ictindex.errors import IctIndexError, UnknownName, WrongUse
from ictindex.model import (
    TOTAL,
    Case,
    Evidence,
    Indicator,
    Input,
    InputKind,
    Level,
    Levels,
    Pool,
    Pools,
    Publication,
    Row,
    Scheme,
)
from ictindex.questions import answer_schema, write_answer
from ictindex.result import Result
from ictindex.testing.written import table_of

DOCS = Path(__file__).parent.parent / "docs" / "compare"
NA = CellState.NOT_APPLICABLE


def result(made: Scheme, *rows: dict[str, Any], declared: list[dict[str, Any]] | None = None, **more: Any) -> Result:
    """Return the result of rows of numbers; units are u0, u1, ... unless a row says."""

    def written(lines: Any) -> list[dict[str, Any]]:
        return [{"unit": f"u{at}"} | {key: cell(one) for key, one in row.items()} for at, row in enumerate(lines)]

    table = evolve(table_of(made, written(rows)), **more)
    if declared is not None:
        table = evolve(table, declared=table_of(made, written(declared)))
    return score(made, table)


def cell(one: Any) -> Any:
    return Q(str(one)) if isinstance(one, int | float) and not isinstance(one, bool) else one


def made(*rows: Row, edition: int = 2020, **more: Any) -> Scheme:
    whole = sum((row.max for row in rows), Q(0))
    found = scheme(group(TOTAL, whole, *rows, **more))
    points = {row.code for row in rows if isinstance(row, Indicator) and row.measure.name == "assessed"}
    inputs = tuple(evolve(one, kind=InputKind.POINTS) if one.code in points else one for one in found.inputs)
    return evolve(found, id=f"made/{edition}-unit", edition=edition, inputs=inputs)


def published(edition: int) -> Result:
    known = load_scheme(f"ict-index/{edition}-province")
    return score(known, read_table(DOCS / f"dak-lak-{edition}.csv", scheme=known))


def imagined(edition: int) -> Result:
    known = load_scheme(f"ict-index/{edition}-province")
    return score(known, read_table(DOCS / f"{edition}.synthetic.csv", scheme=known))


def code_of(call: Any) -> str:
    with pytest.raises(IctIndexError) as found:
        call()
    assert found.value.problems[0].hint
    return found.value.problems[0].code


# --- worked examples


def test_dak_lak_as_published_shows_the_groups_and_says_what_cannot_be_told_apart() -> None:
    found = compare(published(2016), published(2017))
    (one,) = found.units
    assert (one.before, one.after) == (Q("0.95") / 3, Q("1.40") / 3)
    assert (one.printed_before, one.printed_after, one.printed.whole) == ("0.3167", "0.4667", "+0.1500")
    brought = {row.after: row.change.whole for row in one.rows}
    assert brought == {"HTNL": Q("0.26") / 3, "HTKT": Q("0.10") / 3, "UD": Q("0.09") / 3}
    assert one.score.own == one.score.whole and one.score.scheme == 0
    assert one.places is None and "places" not in found.told()  # one unit alone has no rank to tell of
    assert found.given == ("HTKT", "HTNL", "UD")
    told = " ".join(found.told().split())
    assert 0 < told.index("cannot be told apart") < told.index("own figures +0.1500")


def test_the_method_takes_rank_although_the_own_figures_rose() -> None:
    found = compare(imagined(2016), imagined(2017), code="UD.dv")
    one = found.of("tinh-b")
    assert (one.rank_before, one.rank_after) == (3, 5)
    assert one.places is not None and one.places.own > 0 > one.places.scheme
    assert one.score.own > 0 > one.score.scheme
    assert {row.after for row in one.rows if row.change.scheme} == {"29", "30"}
    (carrying,) = [side for side in found.carrying if side.taken]
    assert carrying.under == "after" and carrying.taken == ("29.b.a", "29.b.b", "30.b.a", "30.b.b")
    assert found.rows_after == ("29.a", "29.b", "30.a", "30.b") and found.given == ()


def test_an_absolute_scheme_by_hand() -> None:
    """Half the points before and 3/4 after, under a maximum that doubled: of the maximum, all of it is its own."""
    before = result(made(ratio("a", 10)), {"a.a": 1, "a.b": 2})
    after = result(made(ratio("a", 20), edition=2021), {"a.a": 3, "a.b": 4})
    found = compare(before, after)
    assert found.scale == "share"  # 10 points are not 20
    one = found.of("u0")
    assert (one.score.own, one.score.scheme, one.score.whole) == (Q(1, 4), 0, Q(1, 4))
    assert one.printed.whole == "+25.00%" and "percent of their maximum" in found.told()


def test_weights_that_change_by_hand() -> None:
    """Two rows of 0.2 and 0.6, then 0.4 and 0.6; weights 1:1, then 3:1. Orders: scheme first or figures first."""
    one = made(value("a"), value("b"), combine="mean")
    other = made(value("a", weight=Q(3)), value("b"), combine="mean", edition=2021)
    found = compare(result(one, {"a": 0.2, "b": 0.6}), result(other, {"a": 0.4, "b": 0.6})).of("u0")
    points = found.score
    # of 2 points: 0.8 -> 0.9. figures under 1:1 give +0.2, under 3:1 +0.3; the weights give -0.2 before, -0.1 after
    assert (points.whole, points.own, points.scheme) == (Q("0.1"), Q("0.25"), Q("-0.15"))


def test_ranks_among_others_by_hand() -> None:
    """u0 stays while u1 overtakes: nothing of its own, a place lost to the others."""
    only = made(value("a", 10))
    before, after = result(only, {"a": 5}, {"a": 3}), result(only, {"a": 5}, {"a": 7})
    found = compare(before, after)
    still, moved = found.of("u0"), found.of("u1")
    assert still.places is not None and (still.places.own, still.places.others) == (0, -1)
    assert moved.places is not None and (moved.places.own, moved.places.others) == (1, 0)
    assert found.causes == ("own",) and found.rank_causes == ("own", "others")


def test_verification_of_both_years_by_hand() -> None:
    """Declared 5 and 9, verified to 4 and 6: own +4, verification -2 (it took 1 before, and takes 3 now)."""
    only = made(value("a", 10))
    before = result(only, {"a": 4}, declared=[{"a": 5}])
    after = result(only, {"a": 6}, declared=[{"a": 9}])
    one = compare(before, after).of("u0").score
    assert (one.whole, one.own, one.verification) == (2, 4, -2)


def test_levels_are_told() -> None:
    levels = Levels((Level("Tốt", Q(1, 2)), Level("Kém", Q(0))))
    only = made(value("a", 10), levels=levels)
    found = compare(result(only, {"a": 3}), result(only, {"a": 7}))
    assert (found.of("u0").level_before, found.of("u0").level_after) == ("Kém", "Tốt")
    assert "level Kém → Tốt" in found.told()


# --- figures under another scheme


def test_points_are_carried_as_a_share_of_their_maximum() -> None:
    one, other = made(assessed("a", 10), value("b", 10)), made(assessed("a", 5), value("b", 15), edition=2021)
    found = compare(result(one, {"a": 8, "b": 4}), result(other, {"a": 4, "b": 4}))
    assert [side.rescaled for side in found.carrying] == [("a",), ("a",)]
    # 8 of 10 is 4 of 5: the unit itself did not move
    split = found.of("u0").score
    assert (split.whole, split.own, split.scheme) == (-4, 0, -4)


def test_given_scores_are_carried_too() -> None:
    def two(top: int, edition: int) -> Scheme:
        return made(group("g", top, value("a", top)), value("b", 20 - top), edition=edition)

    before, after = result(two(10, 2020), {"g.score": 5, "b": 0}), result(two(5, 2021), {"g.score": 2.5, "b": 0})
    split = compare(before, after).of("u0").score
    assert (split.whole, split.own, split.scheme) == (Q("-2.5"), 0, Q("-2.5"))


def test_a_new_criterion_counts_to_the_scheme_and_a_dropped_one_too() -> None:
    one, other = made(value("a", 10), value("old", 10)), made(value("a", 10), value("new", 10), edition=2021)
    found = compare(result(one, {"a": 5, "old": 3}), result(other, {"a": 6, "new": 9}))
    split = found.of("u0").score
    assert (split.whole, split.own, split.scheme) == (7, 1, 6)
    assert (found.rows_before, found.rows_after) == (("old",), ("new",))
    assert [(side.under, side.taken) for side in found.carrying] == [("before", ("old",)), ("after", ("new",))]
    rows = {(row.before, row.after): row.change.whole for row in found.of("u0").rows}
    assert rows == {("", "new"): 9, ("old", ""): -3, ("a", "a"): 1}
    told = found.told()
    assert "new (new)" in told and "old (gone)" in told


def test_choices_are_matched_by_their_words() -> None:
    def chosen(*cases: Case, edition: int) -> Scheme:
        leaf = evolve(value("a", 10), measure=rule("choice", input="a", cases=cases))
        found = made(leaf, edition=edition)
        given = Input(code="a", name="a", kind=InputKind.CHOICE, owner="a", cases=cases)
        return evolve(found, inputs=(given,))

    one = chosen(Case("1", "chưa có", Q(0)), Case("2", "có", Q(10)), Case("3", "khác", Q(4)), edition=2020)
    other = chosen(Case("1", "có", Q(10)), Case("2", "chưa có", Q(2)), edition=2021)
    # có stays có whatever its code; what the other list does not have is taken from the other year
    found = compare(result(one, {"a": 1}, {"a": 2}), result(other, {"a": 0}, {"a": 0}))
    assert found.of("u0").score.whole == 0 and not found.of("u0").rows
    split = found.of("u1").score
    assert (split.whole, split.own, split.scheme) == (6, 3, 3)
    assert [dict(side.filled) for side in found.carrying] == [{}, {"a": 1}]


def test_columns_of_another_kind_or_unit_of_measure_are_no_columns_of_the_same_figure() -> None:
    one, other = made(value("a", 10)), made(value("a", 10), edition=2021)
    one = evolve(one, inputs=(evolve(one.inputs[0], unit="Mbps"),))
    other = evolve(other, inputs=(evolve(other.inputs[0], unit="Gbps"),))
    split = compare(result(one, {"a": 8}), result(other, {"a": 2})).of("u0").score
    assert (split.own, split.scheme) == (0, -6)


def test_an_empty_cell_that_the_other_scheme_refuses_is_taken_from_the_other_year() -> None:
    lenient, strict = made(value("a", 10, missing="zero")), made(value("a", 10, missing="refuse"), edition=2021)
    found = compare(result(lenient, {"a": None}), result(strict, {"a": 6}))
    assert [dict(side.filled) for side in found.carrying] == [{}, {"a": 1}]
    assert found.of("u0").score.whole == 6
    assert "refuses to lack" in found.told()


def test_a_figure_that_the_other_scheme_refuses_is_said_and_only_that_unit_is_left_out() -> None:
    one, other = made(ratio("a", 10)), made(ratio("a", 10, over="refuse"), edition=2021)
    before = result(one, {"a.a": 3, "a.b": 2}, {"a.a": 1, "a.b": 2})
    found = compare(before, result(other, {"a.a": 1, "a.b": 2}, {"a.a": 2, "a.b": 2}))
    assert [unit.unit for unit in found.units] == ["u1"]
    (apart,) = found.apart
    assert apart.unit == "u0" and "the numerator of a a is above its denominator" in apart.why
    assert "Not compared" in found.told() and "made/2021-unit" in apart.why
    # among the others it stands, under the scheme that refuses it, with the figures of that scheme's own year
    places = found.of("u1").places
    assert places is not None and (places.own, places.scheme, places.others) == (Q(1, 3), Q(1, 3), Q(1, 3))


def test_evidence_that_only_one_scheme_asks_for_counts_to_the_scheme() -> None:
    asks = value("a", 10, evidence=Evidence("số", without="zero", stated=True))
    before = result(made(value("a", 10)), {"a": 5}, {"a": 5})
    after = result(made(asks, edition=2021), {"a": 5, "a.evidence": True}, {"a": 5, "a.evidence": False})
    found = compare(before, after)
    assert found.of("u0").score.whole == 0
    assert (found.of("u1").score.own, found.of("u1").score.scheme) == (0, -5)


def test_evidence_that_a_track_takes_for_a_remark_takes_nothing() -> None:
    only = made(value("a", 10, evidence=Evidence("số")))
    rows = {"a": 5, "a.evidence": False}
    before, after = result(only, rows), result(only, rows, without_evidence="zero")
    assert (before.points()[0], after.points()[0]) == (5, 0)
    assert compare(before, after).of("u0").score.own == -5


def test_pools_of_one_scheme_only() -> None:
    """Before, all four are ranked together; after, each within its pool, which is the scheme's doing."""
    plain = made(value("a", 10))
    pooled = evolve(made(value("a", 10), edition=2021), pools=Pools("khối", (Pool("x", "X"), Pool("y", "Y", False))))
    scores = (8, 6, 4, 2)
    before = result(plain, *({"a": one} for one in scores))
    after = result(pooled, *({"a": one, "khối": pool} for one, pool in zip(scores, "xyxy", strict=True)))
    found = compare(before, after)
    moved = found.of("u2")
    assert (moved.rank_before, moved.ranked_before, moved.rank_after, moved.ranked_after) == (3, 4, 2, 2)
    assert moved.places is not None and moved.places.scheme == moved.places.whole == 1
    assert found.of("u1").rank_after is None and found.of("u1").places is None


def test_units_that_come_and_go() -> None:
    one, other = made(value("a", 10)), made(value("a", 10), value("n", 10, missing="zero"), edition=2021)
    before = result(one, {"unit": "gone", "a": 9}, {"unit": "stays", "a": 5})
    after = result(other, {"unit": "stays", "a": 5, "n": 1}, {"unit": "comes", "a": 1, "n": 1})
    found = compare(before, after)
    assert [unit.unit for unit in found.units] == ["stays"]
    assert {unit.unit: str(unit.why) for unit in found.apart} == {
        "gone": "it is in the first result only",
        "comes": "it is in the second result only",
    }
    places = found.of("stays").places
    assert places is not None and (places.whole, places.own) == (1, 0)
    # whoever is gone has no figure of the new criterion, so it is not ranked under the new scheme
    assert (places.scheme, places.others) == (Q(1, 2), Q(1, 2))


def test_a_new_criterion_that_was_verified() -> None:
    """Declared 9, verified 6: half of what verifying took falls to the scheme that first asked for the figure."""
    one, other = made(value("a", 10), value("b", 10)), made(value("a", 10), value("n", 10), edition=2021)
    after = result(other, {"a": 5, "n": 6}, declared=[{"a": 5, "n": 9}])
    split = compare(result(one, {"a": 5, "b": 0}), after).of("u0").score
    assert (split.own, split.scheme, split.verification) == (0, Q("7.5"), Q("-1.5"))


def test_units_without_a_score_are_told_apart() -> None:
    only = made(value("a", 10, missing="rescale"))
    found = compare(result(only, {"a": 5}, {"a": None}), result(only, {"a": 6}, {"a": 7}))
    assert [unit.unit for unit in found.units] == ["u0"]
    assert [(unit.unit, str(unit.why)) for unit in found.apart] == [("u1", "it has no score before")]


def test_rows_that_were_renumbered_are_matched_by_hand() -> None:
    one = made(value("a", 10), value("b", 10))
    other = made(value("c", 10), value("b", 10), edition=2021)
    before, after = result(one, {"a": 5, "b": 1}), result(other, {"c": 7, "b": 1})
    assert compare(before, after).of("u0").score.own == 0  # c is new, a is gone: all of it is the scheme's
    found = compare(before, after, mapping={"a": "c"})
    assert (found.of("u0").score.own, found.of("u0").score.scheme) == (2, 0)
    assert [(row.before, row.after) for row in found.of("u0").rows] == [("a", "c")]
    apart = compare(before, after, mapping={"b": "#"})
    assert "b" in apart.rows_before and "b" in apart.rows_after


def test_a_mapping_of_rows_in_a_file(tmp_path: Path) -> None:
    one, other = made(value("a", 10)), made(value("c", 10), edition=2021)
    before, after = result(one, {"a": 5}), result(other, {"c": 7})
    path = tmp_path / "rows.csv"
    path.write_text("mã cũ,mã mới\na,c\n", "utf-8")
    assert compare(before, after, mapping=path).of("u0").score.own == 2
    path.write_text("before,after\na,d\n", "utf-8")
    with pytest.raises(UnknownName) as found:
        compare(before, after, mapping=path)
    (problem,) = found.value.problems
    assert problem.code == "U254" and problem.where.line == 2 and "made/2021-unit" in problem.message


def test_a_crosswalk_of_units(tmp_path: Path) -> None:
    only = made(value("a", 10))
    before = result(only, {"unit": "x1", "a": 4}, {"unit": "x2", "a": 6})
    after = result(only, {"unit": "y1", "a": 5}, {"unit": "x2", "a": 7})
    path = tmp_path / "crosswalk.csv"
    path.write_text("old,new\nx1,y1\nx2,x2\n", "utf-8")
    found = compare(before, after, crosswalk=path)
    assert {unit.unit: unit.score.whole for unit in found.units} == {"y1": 1, "x2": 1}


# --- what cannot be asked


def test_what_cannot_be_compared_is_said() -> None:
    plain, other = made(value("a", 10)), made(value("a", 10), edition=2021)
    before, after = result(plain, {"a": 5}), result(other, {"a": 6})
    assert code_of(lambda: compare(before, after, code="zzz")) == "U250"
    assert code_of(lambda: compare(before, result(other, {"unit": "else", "a": 6}))) == "U251"
    assert code_of(lambda: compare(before, after, units=["nobody"])) == "U104"
    assert code_of(lambda: compare(before, after, mapping={"nothing": "a"})) == "U254"
    two = totals(value("a", 10), value("b", 10))
    assert code_of(lambda: compare(before, result(two, {"a": 5, "b": 1}))) == "U255"
    assert code_of(lambda: compare(result(two, {"a": 5, "b": 1}), result(two, {"a": 5, "b": 1}), code=TOTAL)) == "U250"
    referred = score(other, after.table, reference=after)
    assert code_of(lambda: compare(before, referred)) == "U253"
    merged = evolve(plain, merged="mean-of-rows")
    doubled = result(merged, {"unit": "u0", "a": 5}, {"unit": "u0", "a": 7})
    assert code_of(lambda: compare(doubled, after)) == "U200"


def test_one_of_several_totals_and_a_row_below() -> None:
    two = totals(value("a", 10), group("b", 10, value("b.1", 10)))
    before, after = result(two, {"a": 1, "b.1": 2}), result(two, {"a": 3, "b.1": 7})
    assert compare(before, after).of("u0").score.whole == 2
    assert compare(before, after, code="b").of("u0").score.whole == 5
    assert compare(before, after, code="b.1").row_after == "b.1"


def test_many_units_under_a_relative_scheme_must_be_asked_for() -> None:
    relative = made(value("a", 10, scale=rule("min-max", over="all")))
    rows = [{"a": at} for at in range(201)]
    before, after = result(relative, *rows), result(relative, *rows[::-1])
    assert code_of(lambda: compare(before, after)) == "U252"
    found = compare(before, after, units=["u7", "u9"])
    assert [unit.unit for unit in found.units] == ["u7", "u9"]


def test_many_units_under_an_absolute_scheme_are_compared_without_their_rows() -> None:
    only = made(value("a", 500), value("b", 10))
    rows = [{"a": at, "b": 1} for at in range(300)]
    found = compare(result(only, *rows), result(only, *rows[::-1]))
    assert len(found.units) == 300 and not any(unit.rows for unit in found.units)
    first = found.of("u0")
    assert first.places is not None and first.places.whole == 299 and first.places.own + first.places.others == 299
    assert compare(result(only, *rows), result(only, *rows[::-1]), units=["u0"]).of("u0").rows


# --- as data and as a page


def test_other_decimals_are_printed_alike() -> None:
    def index(decimals: int, edition: int) -> Scheme:
        return made(value("a", 3), edition=edition, publish=Publication("index", decimals))

    found = compare(result(index(2, 2020), {"a": 1}), result(index(4, 2021), {"a": 2}))
    one = found.of("u0")
    assert found.scale == "index" and (one.published_before, one.published_after) == ("0.33", "0.6667")
    assert (one.printed_before, one.printed_after, one.printed.whole) == ("0.3333", "0.6667", "+0.3334")


@pytest.mark.parametrize("pair", ["published", "imagined"])
def test_the_data_have_their_schema(pair: str) -> None:
    found = compare(*({"published": published, "imagined": imagined}[pair](year) for year in (2016, 2017)))
    data = found.to_dict()
    jsonschema.Draft202012Validator(answer_schema("comparison")).validate(data)
    assert data["format"] == "ictindex-comparison/1"
    assert [unit["unit"] for unit in data["units"]] == [unit.unit for unit in found.units]
    notes = [str(note) for note in found.subject.notes]
    assert any(note.startswith("before: ") for note in notes)  # what must be known of the first result stays known


def test_the_columns_have_a_line_for_each_unit() -> None:
    found = compare(imagined(2016), imagined(2017), code="UD.dv")
    columns = found.to_columns()
    assert {len(cells) for cells in columns.values()} == {6}
    parts = [columns[name] for name in found.causes]
    assert np.allclose(np.sum(parts, axis=0), columns["change"], atol=1e-9)
    assert columns["places"] == [unit.rank_before - unit.rank_after for unit in ranked(found)]
    assert write_answer(found, format="csv").count("\n") > 6


def ranked(found: Comparison) -> list[Any]:
    return [unit for unit in found.units if isinstance(unit, UnitMove) and unit.rank_before is not None]


def test_the_rows_of_a_page_add_up() -> None:
    """The rows that are told one by one and the others together make the change, in every column."""
    example = Path(ictindex.__file__).parent.parent / "schemes" / "ict-index"
    results = []
    for edition in (2016, 2017):
        known = load_scheme(f"ict-index/{edition}-province")
        table = read_table(example / f"{edition}-province.example.synthetic.csv", scheme=known)
        results.append(score(known, table))
    found = compare(*results, units=["tinh-01"])
    text = found.told()
    lines = text.split("The rows that moved the score most:")[1].split("\n\n")[0].splitlines()
    numbers = [[Q(word) for word in line.split() if _is_number(word)][-4:] for line in lines[2:]]
    columns = [sum(column) for column in zip(*(line for line in numbers if len(line) == 4), strict=True)]
    (whole,) = [line.split()[-2] for line in text.splitlines() if line.strip().startswith("in all")]
    assert columns[0] == Q(whole) == sum(columns[1:])


def _is_number(word: str) -> bool:
    return word.lstrip("+-").replace(".", "", 1).isdigit() and "." in word


def test_wrong_use_is_wrong_use() -> None:
    with pytest.raises(WrongUse):
        compare(published(2016), imagined(2017))
