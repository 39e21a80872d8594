"""Moves between moves, and the bounds of all of them: a whole for its parts, and what a file of efforts says."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

import made
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from test_climbing_moves import COUNT, SOME, YES, earns_what_it_says, everything, worlds
from test_schemes import IDS, example_path

from ictindex import compile_scheme, load_scheme, read_table, score
from ictindex.analysis.climbing.efforts import EffortLine, Efforts
from ictindex.analysis.climbing.finer import between, lowered
from ictindex.analysis.climbing.moves import offers_of
from ictindex.analysis.climbing.offers import Move, Offer
from ictindex.analysis.doubts import doubts_of
from ictindex.analysis.rescoring import rescored
from ictindex.editing import edited
from ictindex.engine import run
from ictindex.model import TOTAL, Evidence, Quantity, Scheme
from ictindex.result import Result
from ictindex.table import Table
from ictindex.testing.written import table_of


def result_of(scheme: Scheme, *rows: dict[str, Any], kinds: dict[str, Any] | None = None) -> Result:
    """Return the result of some units; `kinds` are changes of the scheme's inputs."""
    inputs = tuple(evolve(one, **(kinds or {}).get(one.code, {})) for one in scheme.inputs)
    named = [{"unit": f"u{at}", **one} for at, one in enumerate(rows)]
    return run(compile_scheme(evolve(scheme, inputs=inputs)), table_of(evolve(scheme, inputs=inputs), named))


def cells(moves: tuple[Move, ...]) -> list[float]:
    return [move.edits[0].value for move in moves]


# --- between two moves ------------------------------------------------------------------------------------------------


def test_between_two_moves_of_assessed_points_lie_the_digits_that_are_published() -> None:
    result = result_of(made.alone(made.assessed("A", 50)), {"A": Q(40)})
    (offer,) = offers_of(result, 0, 0)
    high = next(move for move in offer.moves if move.edits[0].value == 45)
    low = offer.moves[offer.moves.index(high) - 1]
    assert low.edits[0].value == 41
    assert cells(between(result, 0, 0, offer, low, high, stops=3)) == [42, 43, 44]
    near = between(result, 0, 0, offer, None, offer.moves[1])
    assert cells(near)[:2] == [40.07, 40.13]
    assert cells(between(result, 0, 0, offer, near[0], near[1])) == [40.08, 40.09, 40.1, 40.11, 40.12]
    assert near[0].words == "from 40 to 40.07 of 50: 0.07 more points, which an assessor gives"
    assert near[0].effort == Q(7, 500)


def test_counts_are_whole_and_nothing_lies_between_neighbours() -> None:
    result = result_of(made.alone(made.ratio("A", 10)), {"A.a": Q(10), "A.b": Q(35)}, kinds={"A.a": COUNT})
    (offer,) = offers_of(result, 0, 0)
    last = offer.moves[-1]
    assert cells(between(result, 0, 0, offer, offer.moves[-2], last)) == [33, 34]
    assert cells(between(result, 0, 0, offer, None, last, stops=4)) == [15, 20, 25, 30]
    one, two = between(result, 0, 0, offer, None, last, stops=24)[:2]
    assert between(result, 0, 0, offer, one, two) == ()


def test_between_two_steps_of_a_scale_nothing_is_worth_it() -> None:
    steps = made.rule("steps", table=((Q(90), Q(10)), (Q(50), Q(6))))
    result = result_of(made.alone(made.value("A", 10, scale=steps)), {"A": Q(3)})
    (offer,) = offers_of(result, 0, 0)
    assert cells(offer.moves) == [50, 90]
    assert between(result, 0, 0, offer, *offer.moves) == ()


def test_less_comes_down_as_far_and_evidence_stays_shown() -> None:
    falling = made.rule("goalposts", start=Q(10), end=Q(0), log=False)
    proof = Evidence("Số hiệu", without="zero")
    row = made.value("A", 10, scale=falling, evidence=proof)
    result = result_of(made.alone(row), {"A": Q(8), "A.evidence": False}, kinds={"A": COUNT})
    (offer,) = offers_of(result, 0, 0)
    found = between(result, 0, 0, offer, offer.moves[0], offer.moves[-1], stops=3)
    assert [[(edit.column, edit.value) for edit in move.edits] for move in found] == [
        [("A", value), ("A.evidence", 1)] for value in (6, 4, 2)
    ]
    assert found[0].words == "from 8 to 6; show the evidence: Số hiệu"
    assert [move.steps for move in found] == [3, 5, 7]


def test_what_shares_figures_is_brought_down_together_and_told_apart() -> None:
    own = made.leaf("A", 10, made.rule("value", input="A"), "A", scale=made.rule("each", points=Q(1)))
    steps = made.rule("steps", table=((Q(30), Q(10)),))
    other = made.leaf("B", 10, made.rule("ratio", **RATIO), "A", "B", scale=steps)
    result = result_of(made.scheme(made.group(TOTAL, 20, own, other)), {"A": Q(1), "B": Q(0)})
    offer = offers_of(result, 0, 0)[0]
    high = next(move for move in offer.moves if len(move.parts) == 2)
    assert "; B B from 0 to 15" in high.words
    found = between(result, 0, 0, offer, None, high)
    assert found
    for move in found:
        assert {edit.column for edit in move.edits} == {"A", "B"}
        assert all(edit.value <= part for edit, part in zip(move.edits, _ends(high), strict=True))


RATIO: dict[str, Any] = {
    "a": Quantity((("A", Q(1)), ("B", Q(2)))),
    "b": Quantity(constant=Q(1)),
    "per": Q(1),
    "over": "clamp",
    "if_none": "refuse",
    "floor": None,
}


def _ends(move: Move) -> list[float]:
    return [edit.value for edit in move.edits]


def _pairs(offer: Offer) -> list[tuple[Move | None, Move]]:
    return [*zip((None, *offer.moves), offer.moves, strict=False)]


@SOME
@given(worlds(), st.integers(1, 9))
def test_moves_between_moves_earn_what_they_say_and_cost_no_more(world: tuple[Scheme, Table], stops: int) -> None:
    scheme, table = world
    result = run(compile_scheme(scheme), table)
    for total, offers in zip(result.plan.totals, everything(result, 0), strict=True):
        for low, high in [pair for offer in offers for pair in _pairs(offer)][:12]:
            offer = next(one for one in offers if high in one.moves)
            found = between(result, 0, total, offer, low, high, stops=stops)
            earns_what_it_says(result, 0, found)
            assert len(found) <= stops
            efforts = [move.effort for move in found]
            assert efforts == sorted(efforts)
            assert all(effort <= high.effort for effort in efforts)
            ends = {edit.column: edit.value for edit in high.edits}
            start = {} if low is None else {edit.column: edit.value for edit in low.edits}
            for move in found:
                assert {edit.column for edit in move.edits} <= {*ends}
                for edit in move.edits:
                    if edit.column in start:
                        assert min(start[edit.column], ends[edit.column]) <= edit.value
                        assert edit.value <= max(start[edit.column], ends[edit.column])


# --- down to what is just enough --------------------------------------------------------------------------------------


def test_a_move_is_lowered_to_what_just_meets_a_goal() -> None:
    scheme, code = load_scheme("hue-1784/2020-district"), "A"
    result = score(scheme, read_table(example_path(scheme), scheme=scheme))
    unit, total = result.position("tp-hue"), result.plan.place(code)
    (offer,) = offers_of(result, unit, total)
    goal = 45  # of 50, where the best unit has 48

    def enough(move: Move) -> bool:
        return rescored(result, move.edits).settled.column(unit)[total] >= goal

    high = next(move for move in offer.moves if enough(move))
    assert high.edits[0].value == 45
    found = lowered(result, unit, total, offer, high, enough)
    assert found.edits[0].value == 43.2
    assert found.effort < high.effort
    assert lowered(result, unit, total, offer, high, lambda _: False) == high


@pytest.mark.parametrize("least", [11, 12, 17, 34, 35])
def test_lowered_finds_the_least_whole_number(least: int) -> None:
    result = result_of(made.alone(made.ratio("A", 10)), {"A.a": Q(10), "A.b": Q(35)}, kinds={"A.a": COUNT})
    (offer,) = offers_of(result, 0, 0)
    high = next(move for move in offer.moves if move.edits[0].value >= least)
    found = lowered(result, 0, 0, offer, high, lambda move: move.edits[0].value >= least)
    assert found.edits[0].value == least


# --- a whole and its parts --------------------------------------------------------------------------------------------


def test_services_of_two_levels_stay_within_all_services() -> None:
    scheme = load_scheme("dak-lak-366/2018-district")
    result = score(scheme, read_table(example_path(scheme), scheme=scheme))
    offers = {one.code: one for one in offers_of(result, result.position("huyen-11"), 0)}
    assert max(edit.value for move in offers["3.6"].moves for edit in move.edits) == 308 - 68


def test_the_room_of_a_whole_is_filled_once() -> None:
    sum_of = Quantity((("A.a", Q(1)), ("A.c", Q(1, 2))))
    row = made.ratio("A", 10)
    measure = evolve(row.measure, parameters=(("a", sum_of), *row.measure.parameters[1:]))
    scheme = made.alone(evolve(row, measure=measure, inputs=("A.a", "A.c", "A.b")))
    units = {one.code: {**COUNT, "unit": "bộ"} for one in scheme.inputs}
    result = result_of(scheme, {"A.a": Q(1), "A.c": Q(2), "A.b": Q(10)}, kinds=units)
    (offer,) = offers_of(result, 0, 0)
    for move in offer.moves:
        held = {"A.a": 1.0, "A.c": 2.0} | {edit.column: edit.value for edit in move.edits}
        assert held["A.a"] + held["A.c"] * 0.5 <= 10
    full = result_of(scheme, {"A.a": Q(0), "A.c": Q(20), "A.b": Q(10)}, kinds=units)
    assert offers_of(full, 0, 0)[0].why_not == "it has all of its points"


def test_parts_that_are_all_of_the_whole_are_told() -> None:
    scheme = load_scheme("dak-lak-366/2018-district")
    table = read_table(example_path(scheme), scheme=scheme)
    result = score(scheme, edited(table, _as_reported(table, {"3.6.muc-4": 100, "3.6.muc-3": 208})))
    offers = {one.code: one for one in offers_of(result, result.position("huyen-11"), 0)}
    assert offers["3.6"].why_not == "its parts are all of the whole already"


def _as_reported(table: Table, values: dict[str, float]) -> list[Any]:
    from ictindex.editing import Edit

    return [Edit(table.units.index("huyen-11"), code, value) for code, value in values.items()]


@pytest.mark.parametrize("name", IDS)
def test_no_move_raises_a_part_above_its_whole(name: str) -> None:
    scheme = load_scheme(name)
    table = read_table(example_path(scheme), scheme=scheme)
    result = score(scheme, table)

    def beyond(changed: Table) -> int:
        return sum(one.count or 1 for one in doubts_of(changed, scheme) if one.code == "T110")

    before = beyond(table)
    for offers in everything(result, 0):
        for offer in offers:
            if offer.moves:  # the last move raises the most
                assert beyond(edited(table, offer.moves[-1].edits)) <= before, offer


# --- what a file of efforts says --------------------------------------------------------------------------------------


def efforts(*lines: EffortLine, **more: Any) -> Efforts:
    return Efforts(lines, "efforts.csv", **more)


def test_a_figure_is_raised_to_what_can_be_had_at_most() -> None:
    result = result_of(made.alone(made.ratio("A", 10)), {"A.a": Q(10), "A.b": Q(35)}, kinds={"A.a": COUNT})
    (offer,) = offers_of(result, 0, 0, efforts(EffortLine(code="A", at_most=Q(20))))
    assert cells(offer.moves) == [11, 14, 18, 20]
    (offer,) = offers_of(result, 0, 0, efforts(EffortLine(code="A", at_most=Q(5))))
    assert offer.why_not == "the efforts say that there can be at most 5"


def test_assessed_points_are_capped_and_less_is_not_held_up() -> None:
    result = result_of(made.alone(made.assessed("A", 10)), {"A": Q(4)})
    (offer,) = offers_of(result, 0, 0, efforts(EffortLine(code="A", at_most=Q("6.5"))))
    assert cells(offer.moves)[-1] == 6.5
    falling = made.rule("goalposts", start=Q(10), end=Q(0), log=False)
    result = result_of(made.alone(made.value("A", 10, scale=falling)), {"A": Q(8)})
    (offer,) = offers_of(result, 0, 0, efforts(EffortLine(code="A", at_most=Q(3))))
    assert cells(offer.moves)[-1] == 0


def test_only_what_is_listed_is_feasible_where_that_is_asked() -> None:
    rows = [made.leaf(code, 4, made.rule("yes-no", input=code)) for code in ("1", "2.1", "2.2", "3")]
    scheme = made.scheme(made.group(TOTAL, 16, rows[0], made.group("2", 8, *rows[1:3]), rows[3]))
    named = {code: Q(0) for code in ("1", "2.1", "2.2", "3")}
    result = result_of(scheme, named, kinds=dict.fromkeys(named, YES))
    lines = (
        EffortLine(code="2", effort=Q(4)),
        EffortLine(code="2.2", feasible=False),
        EffortLine(code="3", effort=Q(1), unit="u0"),
        EffortLine(code="1", effort=Q(1), unit="another"),
    )
    found = {one.code: one.why_not for one in offers_of(result, 0, 0, efforts(*lines[:3], only_listed=True))}
    assert found == {
        "1": "the efforts do not name it, so nothing is done there",
        "2.1": "",
        "2.2": "the efforts say that it is not feasible",
        "3": "",
    }
    assert offers_of(result, 0, 0, efforts(*lines[:3]))[0].moves


def test_who_supplies_and_who_verifies_is_told() -> None:
    row = evolve(made.value("A", 10, scale=made.rule("each", points=Q(1))), data_from="UBND huyện", verified_by="Sở")
    (offer,) = offers_of(result_of(made.alone(row), {"A": Q(1)}), 0, 0)
    assert (offer.done_by, offer.received_by) == ("UBND huyện", "Sở")
    assert {(move.done_by, move.received_by) for move in offer.moves} == {("UBND huyện", "Sở")}
    row = evolve(row, data_from="", verified_by="")
    kinds = {"A": {"data_from": "Phòng VHTT"}}
    (offer,) = offers_of(result_of(made.alone(row), {"A": Q(1)}, kinds=kinds), 0, 0)
    assert (offer.done_by, offer.received_by) == ("Phòng VHTT", "")


# --- words ------------------------------------------------------------------------------------------------------------


def test_names_of_figures_are_told_only_where_the_criterion_has_another() -> None:
    row = evolve(made.leaf("A", 3, made.rule("yes-no", input="A")), name="Có mạng nội bộ")
    kinds = {"A": {**YES, "name": "Có mạng  nội bộ"}}
    (offer,) = offers_of(result_of(made.alone(row), {"A": Q(0)}, kinds=kinds), 0, 0)
    assert offer.moves[0].words == "from no to yes"
    kinds = {"A": {**YES, "name": "Mạng nội bộ"}}
    (offer,) = offers_of(result_of(made.alone(row), {"A": Q(0)}, kinds=kinds), 0, 0)
    assert offer.moves[0].words == "bring Mạng nội bộ from no to yes"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (made.ratio("A", 10), "51.72 % to 55.17 %"),
        (
            made.ratio("A", 10, per=Q(100), scale=made.rule("goalposts", start=Q(0), end=Q(100), log=False)),
            "51.72 % to",
        ),
        (made.ratio("A", 10, scale=made.rule("steps", table=((Q(9, 10), Q(10)), (Q(11, 20), Q(6))))), "51.72 % to"),
        (made.ratio("A", 10, scale=made.rule("goalposts", start=Q(0), end=Q(3), log=False)), "0.5172 to 0.5517"),
        (
            made.ratio("A", 10, per=Q(100000), scale=made.rule("goalposts", start=Q(0), end=Q(90000), log=False)),
            "51724",
        ),
    ],
)
def test_ratios_are_told_in_percent_or_with_four_digits(row: Any, told: str) -> None:
    (offer,) = offers_of(result_of(made.alone(row), {"A.a": Q(15), "A.b": Q(29)}), 0, 0)
    assert told in offer.moves[0].words


def test_a_ratio_that_is_the_same_in_two_digits_is_not_told() -> None:
    (offer,) = offers_of(result_of(made.alone(made.ratio("A", 10)), {"A.a": Q(1), "A.b": Q(10**6)}), 0, 0)
    assert offer.moves[0].words == "raise A.a from 1 to 2"
    assert offer.moves[0].small


def test_an_index_is_told_on_its_own_scale() -> None:
    row = made.assessed("A", 200, publish=made.INDEX)
    (offer,) = offers_of(result_of(made.alone(row), {"A": Q("0.85")}), 0, 0)
    assert offer.moves[-1].words == "from 0.85 to 1 of 1, which an assessor gives"


def test_deducted_points_are_told_as_less() -> None:
    scheme = made.scheme(made.group(TOTAL, 10, made.assessed("A", 10), made.assessed("D", 4, role="deduct")))
    _, offer = offers_of(result_of(scheme, {"A": Q(10), "D": Q(3)}), 0, 0)
    assert offer.moves[-1].words == "from 3 to 0 of 4: 3 points less, which an assessor gives"
    assert offer.left == 3
