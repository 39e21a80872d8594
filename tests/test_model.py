"""What a scheme is: frozen, equal by value, and able to travel."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from made import alone, group, leaf, rule, scheme, totals, value
from worked import NAMES, build, text_of

import ictindex
from ictindex.assembling import table_from_columns
from ictindex.citations import Citation, Statement, Status
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.errors import IctIndexError, Location, Problem, SchemeInvalid, Severity, did_you_mean
from ictindex.model import TOTAL, Quantity, Rule, Scheme, walk
from ictindex.plugins import vocabulary
from ictindex.result import Result


def nested() -> Scheme:
    parts = group("B", 2, value("B.a", 1), value("B.b", 1), parts=True)
    return scheme(group(TOTAL, 3, group("A", 1, value("A.1", 1)), parts))


def through_pickle(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own bytes


def test_rows_come_in_the_order_of_the_document() -> None:
    made = nested()
    assert [row.code for row in made.rows()] == [TOTAL, "A", "A.1", "B", "B.a", "B.b"]
    assert [row.code for row in made.indicators] == ["A.1", "B.a", "B.b"]
    assert [row.code for row in made.criteria] == ["A.1", "B"]  # a criterion of several parts counts once
    assert [row.code for row in walk(made.row("B"))] == ["B", "B.a", "B.b"]


def test_rows_and_inputs_are_found_by_code() -> None:
    made = nested()
    assert made.row("B.a").max == 1 and made.input("B.a").code == "B.a"
    for find in (made.row, made.input):
        with pytest.raises(KeyError):
            find("C")


def test_totals_are_the_top_or_what_stands_below_it() -> None:
    assert [row.code for row in nested().totals] == [TOTAL]
    assert [row.code for row in totals(value("x", 1), value("y", 1)).totals] == ["x", "y"]


def test_a_scheme_with_an_assumption_is_provisional() -> None:
    cited = Statement("x", "max", "1", Citation(Status.CITED, "qd"))
    made = evolve(alone(value("x", 1)), statements=(cited, cited))
    assert (made.count(Status.CITED), made.assumed, made.provisional) == (2, 0, False)
    assumed = evolve(made, statements=(cited, Statement("x", "rule", "value", Citation())))
    assert (assumed.assumed, assumed.provisional) == (1, True)
    for each in (made, assumed):
        table = table_from_columns(each, {"unit": ["a"], "x": [1]})
        assert run(compile_scheme(each, vocabulary()), table).provisional == each.provisional


def test_small_things_read_well() -> None:
    assert str(Citation(Status.CITED, "qd phụ lục 1")) == "cited: qd phụ lục 1" and str(Citation()) == "assumed"
    assert Quantity((("a", Q(1)), ("b", Q(2))), Q(3)).inputs == ("a", "b")
    assert Rule("each", (("points", Q(2)),)).get("points") == 2 and Rule("each").get("points", 7) == 7


@pytest.mark.parametrize("change", ["title", "root", "_rows"])
def test_nothing_of_a_scheme_can_be_changed(change: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(nested(), change, None)


@pytest.mark.parametrize("name", NAMES)
def test_a_scheme_is_equal_by_value_and_travels(name: str) -> None:
    made = build(text_of(name))
    again = through_pickle(made)
    assert again == made == build(text_of(name)) and hash(again) == hash(made)
    assert [row.code for row in again.rows()] == [row.code for row in made.rows()]
    assert again.row(TOTAL) == made.root


def result() -> Result:
    made = alone(leaf("x", 1, rule("value", input="x"), scale=rule("min-max", over="all")))
    cells = {"unit": ["a", "b", "c"], "x": ["0.1", "0.2", "0.4"]}
    return run(compile_scheme(made, vocabulary()), table_from_columns(made, cells))


def test_a_table_travels_and_stays_read_only() -> None:
    one = result().table
    again = through_pickle(one)
    assert again == one and again.columns["x"].decimals == 1
    with pytest.raises(ValueError, match="read-only"):
        again.columns["x"].values[0] = 9
    with pytest.raises(TypeError):
        again.columns["y"] = again.columns["x"]


def test_a_result_travels_and_still_answers() -> None:
    one = result()
    again = through_pickle(one)
    assert again.published() == one.published() == ["0.00", "0.33", "1.00"]
    assert again.ranks().tolist() == [3, 2, 1] and again.receipt() == one.receipt()
    assert again.explain("b").root.points == Q(1, 3)


def test_a_problem_says_where_what_and_what_to_do() -> None:
    at = Location("a.yaml", 3, 7)
    assert str(Problem("S101", "bad", at, "mend it")) == "a.yaml:3:7: S101 bad (mend it)"
    assert str(Problem("S101", "bad", Location("t.csv", 3, 0, "1.a"))) == "t.csv:3 [1.a]: S101 bad"
    assert str(Problem("S101", "bad", severity=Severity.WARNING)) == "warning S101 bad"
    told = Problem("S101", "bad", at, "mend it", Severity.ADVICE).to_dict()
    assert (told["severity"], told["line"], told["column"], told["cell"]) == ("advice", 3, 7, None)


def test_an_error_carries_its_problems_to_another_process() -> None:
    error = SchemeInvalid([Problem("S101", "one"), Problem("S102", "two")])
    again = through_pickle(error)
    assert isinstance(again, SchemeInvalid) and again.problems == error.problems
    assert str(again) == str(error) == "S101 one\nS102 two"
    assert IctIndexError(Problem("U1", "x")).problems == (Problem("U1", "x"),)


def test_a_suggestion_is_close_or_none() -> None:
    assert did_you_mean("totl", ["total", "x"]) == "did you mean 'total'?"
    assert did_you_mean("qqq", ["total"]) == "" and did_you_mean("x", []) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Lap Vo", "Huyện Lấp Vò"),
        ("huyen lap vo", "Huyện Lấp Vò"),
        ("HUYEN LAI VUN", "Huyện Lai Vung"),
        ("Sa Dec", "Thành phố Sa Đéc"),
        ("tp cao lanh", "Thành phố Cao Lãnh"),
        ("Thanh pho", ""),  # begins two of them
        ("Vo", ""),  # too short for a part
    ],
)
def test_a_suggestion_needs_no_tones_and_no_kind_of_unit(typed: str, meant: str) -> None:
    units = ["Huyện Lai Vung", "Huyện Lấp Vò", "Thành phố Sa Đéc", "Thành phố Cao Lãnh"]
    assert did_you_mean(typed, units) == (f"did you mean '{meant}'?" if meant else "")


PUBLIC: dict[str, Callable[..., Any]] = {name: getattr(ictindex, name) for name in ictindex.__all__}


def test_the_public_names_are_these() -> None:
    assert list(PUBLIC) == [
        "Group", "IctIndexError", "Indicator", "Input", "Plan", "Problem", "Result", "ResultInvalid", "Scheme",
        "SchemeInvalid", "Table", "TableInvalid", "assumptions", "check_scheme", "check_table", "climb", "compare",
        "compile_scheme", "explain", "headroom", "indicator_statistics", "list_schemes", "load_scheme", "pending",
        "read_claims", "read_crosswalk", "read_efforts", "read_round", "read_table", "read_units", "regroup",
        "result_frame", "round_report", "score", "table_from_columns", "uncertainty", "verify", "whatif",
        "write_answer", "write_form", "write_forms", "write_result", "write_table",
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(PUBLIC))
def test_every_public_name_says_what_it_is(name: str) -> None:
    assert (PUBLIC[name].__doc__ or "").strip().splitlines()[0].endswith((".", ":"))
