"""What criteria offer: every move earns what it says, is no more than it takes, and can be typed into the table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction as Q
from typing import Any, ClassVar

import made
import numpy as np
import pytest
from acme.ictindex_acme.sigmoid import Sigmoid
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_schemes import IDS, example_path

from ictindex import compile_scheme, load_scheme, read_table, score
from ictindex.analysis.climbing.moves import offers_of, wants_of
from ictindex.analysis.climbing.offers import Move, Offer
from ictindex.compiling import compile_scheme as compile_with
from ictindex.editing import edited, taken
from ictindex.engine import run
from ictindex.formats.csv import CsvFormat
from ictindex.messages import LANGUAGES, in_language
from ictindex.model import TOTAL, Case, Evidence, Group, Indicator, Input, InputKind, Publication, Quantity, Scheme
from ictindex.plan import Leaf
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.strategies.measures import Ratio, _Single
from ictindex.table import Table
from ictindex.testing.drawing import Tape, tapes
from ictindex.testing.making import SIZE, scheme_from
from ictindex.testing.rows import Wanted, rows_from
from ictindex.testing.written import table_of

SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def worlds() -> st.SearchStrategy[tuple[Scheme, Table]]:
    """Draw a scheme and a table that it takes, with missing cells, given scores, points left out and lost evidence."""

    def drawn(tape: Tape) -> tuple[Scheme, Table]:
        scheme = scheme_from(tape, relative=True, irrational=True, negative=True, refusals=False)
        if tape.chance(3):
            scheme = sharing(scheme, tape)
        rows = rows_from(compile_scheme(scheme), Wanted(1, 4, given=True, left=True), tape.cut(SIZE))
        return scheme, table_of(scheme, rows)

    return tapes(SIZE + 800).map(drawn)


def sharing(scheme: Scheme, tape: Tape) -> Scheme:
    """Let some rows read each other's figures: inputs of one kind become one, within the bounds of all of them."""
    kept: dict[str, Input] = {}
    names: dict[str, str] = {}
    for one in scheme.inputs:
        alike = [other for other in kept.values() if other.kind is one.kind and one.kind in _SHARED]
        other = tape.choose(alike) if alike and tape.chance(2) else one
        low = max((end for end in (one.low, other.low) if end is not None), default=None)
        high = min((end for end in (one.high, other.high) if end is not None), default=None)
        if low is not None and high is not None and low >= high:
            other, low, high = one, one.low, one.high
        kept[other.code] = evolve(other, low=low, high=high)
        names[one.code] = other.code

    def named(value: Any) -> Any:
        if isinstance(value, Quantity):
            return evolve(value, terms=tuple((names[code], factor) for code, factor in value.terms))
        if isinstance(value, Case):
            return evolve(value, code=names.get(value.code, value.code))
        if isinstance(value, tuple):
            return tuple(map(named, value))
        return names.get(value, value) if isinstance(value, str) else value

    def row(one: Any) -> Any:
        if isinstance(one, Group):
            return evolve(one, children=tuple(map(row, one.children)))
        parameters = [(key, named(value) if key in _NAMING else value) for key, value in one.measure.parameters]
        inputs = tuple(dict.fromkeys(names[code] for code in one.inputs))
        return evolve(one, measure=evolve(one.measure, parameters=tuple(parameters)), inputs=inputs)

    return evolve(scheme, root=row(scheme.root), inputs=tuple(kept.values()))


_SHARED = (InputKind.COUNT, InputKind.AMOUNT, InputKind.YES_NO)
_NAMING = ("input", "inputs", "a", "b", "cases")


def everything(result: Result, unit: int, **more: Any) -> list[tuple[Offer, ...]]:
    return [offers_of(result, unit, total, **more) for total in result.plan.totals]


def keep_the_laws(result: Result, unit: int, **more: Any) -> int:
    """Hold every law against everything that a unit is offered; return how many moves there were."""
    count = 0
    for offers in everything(result, unit, **more):
        told_apart(result, offers)
        for offer in offers:
            assert bool(offer.moves) != bool(offer.why_not), offer
            each_better_than_the_cheaper_ones(result, unit, offer)
        moves = [move for offer in offers for move in offer.moves]
        earns_what_it_says(result, unit, moves)
        count += len(moves)
    return count


def told_apart(result: Result, offers: Sequence[Offer]) -> None:
    """No two offers change the same cell or the same points, and nothing is changed that something is divided by."""
    nodes = result.plan.nodes
    divisors = {
        code
        for one in nodes
        if isinstance(one, Leaf) and isinstance(one.measure, Ratio)
        for code in one.measure.b.inputs
    }
    for seen in (
        [{edit.column for move in offer.moves for edit in move.edits} for offer in offers],
        [{place for move in offer.moves for place in move.points} for offer in offers],
    ):
        together: set[Any] = set().union(*seen)
        assert len(together) == sum(map(len, seen))
        assert not together & divisors


def each_better_than_the_cheaper_ones(result: Result, unit: int, offer: Offer) -> None:
    wants, before = wants_of(result.plan), result.settled.column(unit)
    places = sorted({place for move in offer.moves for place in move.points})
    with result.plan.arithmetic.context():
        worth = [[wants[at] * one.points.get(at, before[at]) for at in places] for one in offer.moves]
        nothing = [wants[at] * before[at] for at in places]
    efforts = [move.effort for move in offer.moves]
    assert all(effort > 0 for effort in efforts)
    assert efforts == sorted(efforts)
    for at, one in enumerate(worth):
        for cheaper in (nothing, *worth[:at]):
            assert any(new > old for new, old in zip(one, cheaper, strict=True)), offer.moves[at]
        if len(places) == 1:
            assert not at or efforts[at] > efforts[at - 1]


def earns_what_it_says(result: Result, unit: int, moves: Sequence[Move]) -> None:
    """Type every move into a table of its own, read it, and score it: it has the points that the move says."""
    if not moves:
        return
    scheme, plan = result.scheme, result.plan
    codes = [f"move {at}" for at in range(len(moves))]
    table = taken(evolve(result.table, declared=None, notes=()), [unit] * len(moves), codes)
    edits = [evolve(edit, unit=at) for at, move in enumerate(moves) for edit in move.edits]
    text = CsvFormat().write_table(edited(table, edits), scheme)
    read = evolve(read_table(io.StringIO(text), scheme=scheme), without_evidence=result.table.without_evidence)
    scored = run(plan, read, reference=result if plan.relative else None)
    before = result.settled.column(unit)
    scored.settled.settle(np.arange(len(moves)))
    for at, move in enumerate(moves):
        after = scored.settled.column(at)
        for node in plan.nodes:
            if isinstance(node, Leaf):
                told = move.points.get(node.place, before[node.place])
                with plan.arithmetic.context():
                    assert abs(after[node.place] - told) <= plan.arithmetic.tolerance, (node.row.code, move)


@SOME
@given(worlds(), st.sampled_from([0, 7]))
def test_every_move_of_a_drawn_scheme_earns_what_it_says(world: tuple[Scheme, Table], fine: int) -> None:
    scheme, table = world
    result = run(compile_scheme(scheme), table)
    for unit in range(min(len(table), 2)):
        keep_the_laws(result, unit, fine=fine)


@pytest.mark.parametrize("name", IDS)
def test_every_move_of_the_examples_earns_what_it_says(name: str) -> None:
    scheme = load_scheme(name)
    result = score(scheme, read_table(example_path(scheme), scheme=scheme))
    found = sum(keep_the_laws(result, unit) for unit in range(0, len(result.units), 1 + len(result.units) // 2))
    assert found > 5


# --- what each rule offers --------------------------------------------------------------------------------------------


def offered(
    row: Any, cells: dict[str, Any], *others: dict[str, Any], kinds: dict[str, Any] | None = None, **more: Any
) -> Offer:
    """Return the offer of a scheme of one row beside nothing to the first of some units."""
    scheme = made.alone(row)
    known = {one.code: evolve(one, **(kinds or {}).get(one.code, {})) for one in scheme.inputs}
    scheme = evolve(scheme, inputs=tuple(known.values()))
    rows = [{"unit": f"u{at}", **one} for at, one in enumerate((cells, *others))]
    (offer,) = offers_of(run(compile_scheme(scheme), table_of(scheme, rows)), 0, 0, **more)
    return offer


def figures(offer: Offer) -> list[tuple[float, Any, Q]]:
    """Return the new figure, the points and the steps of each move that changes one cell."""
    return [(move.edits[0].value, next(iter(move.points.values())), move.steps) for move in offer.moves]


COUNT = {"kind": InputKind.COUNT, "low": Q(0)}
YES = {"kind": InputKind.YES_NO}


def count(code: str, top: int, scale: Any) -> Indicator:
    return made.leaf(code, top, made.rule("count", input=code), scale=scale)


def test_steps_are_reached_by_the_smallest_figure() -> None:
    steps = made.rule("steps", table=((Q(9), Q(10)), (Q(5), Q(6)), (Q(2), Q(1))))
    offer = offered(count("A", 10, steps), {"A": Q(3)}, kinds={"A": COUNT})
    assert figures(offer) == [(5, 6, 1), (9, 10, 2)]
    assert offer.moves[0].words == "from 3 to 5"
    assert in_language(offer.moves[0].words, LANGUAGES[0]) == offer.moves[0].words


def test_a_share_is_raised_to_whole_numbers_of_the_numerator() -> None:
    steps = made.rule("steps", table=((Q(9, 10), Q(10)), (Q(1, 2), Q(6))))
    offer = offered(made.ratio("A", 10, scale=steps), {"A.a": Q(10), "A.b": Q(35)})
    assert figures(offer) == [(18, 6, 1), (32, 10, 2)]


def test_less_is_better_under_steps_downward_and_falling_goalposts() -> None:
    down = made.rule("steps-down", table=((Q(3), Q(10)), (Q(5), Q(4))))
    offer = offered(made.value("A", 10, scale=down), {"A": Q(8)})
    assert figures(offer) == [(5, 4, 1), (3, 10, 2)]
    assert offer.moves[0].words == "from 8 to 5"
    falling = made.rule("goalposts", start=Q(10), end=Q(0), log=False)
    assert figures(offered(made.value("A", 10, scale=falling), {"A": Q(2)})) == [(1, 9, 1), (0, 10, 2)]


def test_pieces_are_offered_one_by_one_up_to_the_cap() -> None:
    offer = offered(count("A", 5, made.rule("each", points=Q(2))), {"A": Q(0)}, kinds={"A": COUNT})
    assert figures(offer) == [(1, 2, 1), (2, 4, 2), (3, 5, 3)]


def test_many_pieces_are_thinned_and_end_at_the_cap() -> None:
    offer = offered(count("A", 100, made.rule("each", points=Q(1, 10))), {"A": Q(0)}, kinds={"A": COUNT})
    assert len(offer.moves) < 30
    assert figures(offer)[0] == (1, Q(1, 10), 1)
    assert figures(offer)[-1] == (1000, 100, 1000)


def test_every_better_case_is_offered() -> None:
    cases = tuple(Case(code, f"level {code}", Q(points)) for code, points in (("4", 10), ("3", 6), ("2", 2), ("1", 0)))
    row = made.leaf("A", 10, made.rule("choice", input="A", cases=cases))
    offer = offered(row, {"A": Q(2)}, kinds={"A": {"kind": InputKind.CHOICE, "cases": cases}})
    assert figures(offer) == [(1, 6, 1), (0, 10, 2)]
    assert offer.moves[0].words == "from '2 level 2' to '3 level 3'"


def test_yes_where_there_was_no() -> None:
    row = made.leaf("A", 3, made.rule("yes-no", input="A"))
    assert figures(offered(row, {"A": Q(0)}, kinds={"A": YES})) == [(1, 3, 1)]
    assert offered(row, {"A": Q(1)}, kinds={"A": YES}).why_not == "it has all of its points"


def test_of_several_conditions_those_with_the_most_points_come_first() -> None:
    cases = tuple(Case(f"A.{at}", "", Q(points)) for at, points in enumerate((1, 4, 2, 3)))
    row = made.leaf("A", 10, made.rule("checks", cases=cases), *(one.code for one in cases))
    cells = {"A.0": Q(0), "A.1": Q(0), "A.2": Q(1), "A.3": Q(0)}
    offer = offered(row, cells, kinds=dict.fromkeys(cells, YES))
    changed = [{edit.column for edit in move.edits} for move in offer.moves]
    assert changed == [{"A.1"}, {"A.1", "A.3"}, {"A.0", "A.1", "A.3"}]
    assert [[*move.points.values()] for move in offer.moves] == [[6], [9], [10]]
    assert [move.steps for move in offer.moves] == [1, 2, 3]


def test_all_that_is_missing_of_a_whole_is_one_move() -> None:
    row = made.leaf("A", 4, made.rule("all-of", inputs=("A.a", "A.b", "A.c")), "A.a", "A.b", "A.c")
    (move,) = offered(
        row, {"A.a": Q(1), "A.b": Q(0), "A.c": Q(0)}, kinds=dict.fromkeys(("A.a", "A.b", "A.c"), YES)
    ).moves
    assert ({edit.column for edit in move.edits}, move.steps) == ({"A.b", "A.c"}, 2)


def test_a_share_is_raised_by_tenths_by_one_more_and_to_what_others_have() -> None:
    cells = [{"A.a": Q(a), "A.b": Q(200)} for a in (150, 167, 190)]
    offer = offered(made.ratio("A", 10), *cells)
    assert [figure for figure, _, _ in figures(offer)] == [151, 160, 167, 180, 190, 200]
    assert figures(offer)[-1] == (200, 10, Q(5, 2))
    assert offer.moves[1].words == "raise A.a from 150 to 160; the ratio goes from 75 % to 80 %"


def test_finer_moves_of_a_share_are_spread_evenly() -> None:
    offer = offered(made.ratio("A", 10), {"A.a": Q(0), "A.b": Q(30)}, fine=1000)
    assert [figure for figure, _, _ in figures(offer)] == [*range(1, 31)]
    offer = offered(made.ratio("A", 10), {"A.a": Q(0), "A.b": Q(4000)}, fine=8)
    assert {500.0 * at for at in range(1, 9)} <= {figure for figure, _, _ in figures(offer)}


def test_assessed_points_go_up_to_the_next_digit_the_next_whole_and_all() -> None:
    offer = offered(made.assessed("A", 3), {"A": Q("1.25")})
    found = [figure for figure, _, _ in figures(offer)]
    assert (found[0], found[-1]) == (1.26, 3)
    assert {1.5, 2.0} <= set(found)
    assert offer.moves[0].words == "from 1.25 to 1.26 of 3: 0.01 more points, which an assessor gives"
    assert offer.moves[-1].words == "from 1.25 to 3 of 3: 1.75 more points, which an assessor gives"
    assert [move.small for move in offer.moves[:2]] == [True, False]
    assert offer.assessed
    assert all(move.assessed for move in offer.moves)
    assert (offer.left, offer.most) == (Q("1.75"), 3)


def test_among_units_the_next_ones_the_median_and_the_best_are_worth_reaching() -> None:
    units = [{"A": Q(one)} for one in (1, 2, 3, 5, 8, 9, 20)]
    offer = offered(made.value("A", 10, scale=made.rule("min-max", over="pool")), *units)
    assert [figure for figure, _, _ in figures(offer)] == [2, 3, 5, 20]
    best = offered(made.value("A", 10, scale=made.rule("z-score", over="pool")), *units[::-1])
    assert best.why_not == "no unit that it is compared with does better"


def test_deductions_are_made_less() -> None:
    row = count("D", 4, made.rule("each", points=Q(1)))
    scheme = made.scheme(made.group(TOTAL, 10, made.assessed("A", 10), evolve(row, role="deduct")))
    inputs = tuple(evolve(one, **COUNT) if one.code == "D" else one for one in scheme.inputs)
    scheme = evolve(scheme, inputs=inputs)
    table = table_of(scheme, [{"unit": "u", "A": Q(10), "D": Q(2)}])
    _, offer = offers_of(run(compile_scheme(scheme), table), 0, 0)
    assert figures(offer) == [(1, 1, 1), (0, 0, 2)]


# --- evidence, absent figures, figures that are shared ----------------------------------------------------------------


def test_evidence_alone_and_with_better_figures() -> None:
    proof = Evidence("Số hiệu, ngày", "30/01", "zero")
    row = count("A", 3, made.rule("each", points=Q(1)))
    offer = offered(evolve(row, evidence=proof), {"A": Q(2), "A.evidence": False}, kinds={"A": COUNT})
    assert [[edit.column for edit in move.edits] for move in offer.moves] == [["A.evidence"], ["A", "A.evidence"]]
    assert [(move.steps, *move.points.values()) for move in offer.moves] == [(1, 2), (2, 3)]
    assert offer.moves[0].words == "show the evidence: Số hiệu, ngày, by 30/01"
    assert offer.moves[1].evidence == "Số hiệu, ngày, by 30/01"


def test_a_missing_figure_is_reported_as_what_it_shall_be() -> None:
    row = made.ratio("A", 10, missing="zero")
    offer = offered(row, {"A.a": None, "A.b": Q(10)})
    assert figures(offer)[-1] == (10, 10, 10)
    assert offer.moves[-1].words == "report A.a: 10; the ratio becomes 100 %"
    below = offered(row, {"A.a": Q(4), "A.b": None})
    assert below.why_not == "what it is divided by is not reported: A.b"


def test_what_is_left_out_or_given_offers_nothing() -> None:
    left = offered(made.value("A", 10, missing="rescale"), {"A": None})
    assert left.why_not.startswith("it is left out")
    given_score = offered(made.value("A", 10), {"A": Q(3), "A.score": Q(5)})
    assert given_score.why_not == "its score is given, not computed from figures"
    whole = offered(made.value("A", 10), {"A": Q(3), f"{TOTAL}.score": Q(5)})
    assert whole.why_not.startswith("a score is given at")
    nothing = offered(made.ratio("A", 10, if_none="zero"), {"A.a": Q(4), "A.b": Q(0)})
    assert nothing.why_not == "what it is divided by is 0"


def test_criteria_that_share_a_figure_are_one_offer() -> None:
    one = count("A", 10, made.rule("steps", table=((Q(5), Q(10)), (Q(3), Q(5)))))
    other = evolve(one, code="B", name="B", scale=made.rule("steps", table=((Q(6), Q(10)), (Q(4), Q(5)))))
    scheme = made.scheme(made.group(TOTAL, 20, one, other))
    scheme = evolve(scheme, inputs=tuple(evolve(given, **COUNT) for given in scheme.inputs))
    result = run(compile_scheme(scheme), table_of(scheme, [{"unit": "u", "A": Q(0)}]))
    first, second = offers_of(result, 0, 0)
    assert second.why_not == "its figures are also those of A A: see there"
    a, b = result.plan.place("A"), result.plan.place("B")
    assert {(move.edits[0].value, move.points.get(a), move.points.get(b)) for move in first.moves} == {
        (4.0, 5, 5),
        (6.0, 10, 10),
    }


def test_what_something_is_divided_by_is_not_raised_for_its_own_sake() -> None:
    own = made.leaf("A", 10, made.rule("value", input="B.b"), "B.b", scale=made.rule("each", points=Q(1)))
    scheme = made.scheme(made.group(TOTAL, 20, own, made.ratio("B", 10)))
    result = run(compile_scheme(scheme), table_of(scheme, [{"unit": "u", "B.a": Q(1), "B.b": Q(4)}]))
    first, second = offers_of(result, 0, 0)
    assert first.why_not.startswith("its figures are what other criteria are divided by")
    assert {edit.column for move in second.moves for edit in move.edits} == {"B.a"}


def test_a_numerator_stays_within_its_whole_where_more_is_refused() -> None:
    row = made.ratio("A", 10, over="refuse", b=Quantity(((("A.b"), Q(1)),)))
    offer = offered(row, {"A.a": Q(1), "A.b": Q("2.5")})
    assert figures(offer)[-1][0] == 2.5
    assert all(figure <= 2.5 for figure, _, _ in figures(offer))


def test_an_index_is_moved_on_the_scale_that_it_publishes() -> None:
    row = made.assessed("A", 200, publish=Publication("index", 4))
    offer = offered(row, {"A": Q("0.85")})
    assert figures(offer)[0] == (0.8501, Q("170.02"), Q("0.001"))
    assert figures(offer)[-1] == (1, 200, Q(3, 2))


def test_a_numerator_that_jumps_over_its_whole_stops_before_it() -> None:
    row = made.ratio("A", 10, over="refuse", b=Quantity(constant=Q(1)))
    tenths = Quantity((("A.a", Q(3, 10)),))
    measure = evolve(row.measure, parameters=(*row.measure.parameters[1:], ("a", tenths)))
    offer = offered(evolve(row, measure=measure), {"A.a": Q(1)})
    assert figures(offer)[-1][:2] == (3, 9)


def test_what_another_criterion_would_refuse_is_not_offered() -> None:
    own = made.leaf("A", 10, made.rule("value", input="B.a"), "B.a", scale=made.rule("each", points=Q(1)))
    scheme = made.scheme(made.group(TOTAL, 20, own, made.ratio("B", 10, over="refuse")))
    scheme = evolve(scheme, inputs=tuple(evolve(one, low=Q(0)) for one in scheme.inputs))
    result = run(compile_scheme(scheme), table_of(scheme, [{"unit": "u", "B.a": Q(1), "B.b": Q(4)}]))
    first, second = offers_of(result, 0, 0)
    assert {edit.value for move in first.moves for edit in move.edits} == {2, 3, 4}
    assert second.why_not == "its figures are also those of A A: see there"


def test_a_ratio_of_which_only_the_lower_part_could_change_offers_nothing() -> None:
    row = made.ratio("A", 10, b=Quantity((("A.b", Q(1)),)))
    fixed = evolve(row.measure, parameters=(*row.measure.parameters[1:], ("a", Quantity(constant=Q(1)))))
    scheme = made.alone(evolve(row, measure=fixed, inputs=("A.b",)))
    result = run(compile_scheme(scheme), table_of(scheme, [{"unit": "u", "A.b": Q(4)}]))
    (offer,) = offers_of(result, 0, 0)
    assert "divided by" in offer.why_not


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (Q(8), "from 8 to 5 days"),
        (None, "report 5 days"),
    ],
)
def test_a_figure_is_told_with_its_unit_of_measure(before: Q | None, words: str) -> None:
    row = made.value("A", 10, scale=made.rule("steps-down", table=((Q(5), Q(10)),)), missing="zero")
    assert offered(row, {"A": before}, kinds={"A": {"unit": "days"}}).moves[-1].words == words


def test_what_is_not_assessed_yet_is_to_be_assessed() -> None:
    offer = offered(made.assessed("A", 3, missing="zero"), {"A": None})
    assert offer.moves[-1].words == "3 of 3 points, which an assessor gives"
    cases = (Case("a", "best", Q(10)), Case("b", "", Q(0)))
    row = made.leaf("A", 10, made.rule("choice", input="A", cases=cases), missing="zero")
    offer = offered(row, {"A": None}, kinds={"A": {"kind": InputKind.CHOICE, "cases": cases}})
    assert offer.moves[-1].words == "report 'a best'"


@frozen
class Halved(_Single):
    """A measure of another package: half of the cell."""

    gives: ClassVar[Any] = "points"


def test_a_measure_of_another_package_is_not_guessed() -> None:
    known = vocabulary()
    more = evolve(known, measures=known.measures.adding_things("acme", {"acme.halved": Halved}))
    scheme = made.alone(made.leaf("A", 10, made.rule("acme.halved", input="A")))
    result = run(compile_with(scheme, more), table_of(scheme, [{"unit": "u", "A": Q(4)}]))
    (offer,) = offers_of(result, 0, 0)
    assert offer.why_not == "what would earn more under the rule 'acme.halved' is not known"


def test_under_a_scale_of_another_package_others_show_what_is_worth_reaching() -> None:
    known = vocabulary()
    more = evolve(known, normalizations=known.normalizations.adding_things("acme", {"acme.sigmoid": Sigmoid}))
    scheme = made.alone(made.value("A", 10, scale=made.rule("acme.sigmoid", middle=Q(12))))
    table = table_of(scheme, [{"unit": f"u{at}", "A": Q(one)} for at, one in enumerate((4, 7, 9))])
    result = run(compile_with(scheme, more), table)
    assert [figure for figure, _, _ in figures(offers_of(result, 0, 0)[0])] == [7, 9]
    assert "the rule 'acme.sigmoid' is not known" in offers_of(result, 2, 0)[0].why_not
