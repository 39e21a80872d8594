"""What a unit can do next: for every criterion its moves, from the unit's own cells, with exact points.

What could be tried is drawn up by rule (`options`), scored in one exact run (`trials`), and only what earns more than
anything cheaper is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from attrs import evolve

from ictindex.analysis.climbing.criterion import Criterion, cells_of
from ictindex.analysis.climbing.efforts import Efforts, price_of
from ictindex.analysis.climbing.offers import Move, Offer, Part
from ictindex.analysis.climbing.options import Option, options_of, whole_of, with_evidence
from ictindex.analysis.climbing.refusing import full, nothing_earns, why_not
from ictindex.analysis.climbing.trials import Standing, Trial, changed_points, together, trials_of
from ictindex.analysis.climbing.wording import evidence_words, shown_words
from ictindex.analysis.rescoring import Earned, earned, refuse_merged
from ictindex.messages import joined, say
from ictindex.model import Evidence, Row
from ictindex.plan import Leaf, Plan
from ictindex.result import Result
from ictindex.strategies.measures import Assessed, Ratio

ZERO, ONE = Fraction(0), Fraction(1)


def offers_of(
    result: Result, unit: int, total: int, efforts: Efforts | None = None, *, fine: int = 0
) -> tuple[Offer, ...]:
    """Return what every indicator below a total (its row of the matrix) offers the unit at that position.

    A move's points are exact, those that the edited table gives; where units are compared with one another they are a
    first look, in which the pool is taken as it was. Without efforts, of the file or of the scheme, each step, level,
    yes and piece of evidence counts 1, and a tenth of any other way to full marks; with an effort E a move costs E
    times the share of the steps that it takes. `fine` asks for so many moves more where a figure can take any value;
    `finer.between` finds those between two moves. Raises WrongUse (U200) where units are means of rows, TableInvalid
    (T226) where the efforts name an unknown unit.
    """
    refuse_merged(result)
    found = standing_of(result, unit, total, efforts or Efforts(), fine=fine)
    readers = _readers(result.plan)
    standing = [_tried(one, readers) for one in found]
    with result.plan.arithmetic.context():
        return tuple(_offers(result, unit, standing))


def standing_of(result: Result, unit: int, total: int, efforts: Efforts, *, fine: int = 0) -> list[Standing]:
    """Return every indicator below a total as it stands for a unit, with what it takes; nothing is tried yet."""
    said, plan, names = efforts.among(result), result.plan, (result.units[unit], result.names[unit])
    wants, fixed = wants_of(plan), _divisors(plan)
    standing = []
    for leaf in _below(plan, total):
        price = price_of(result.scheme, leaf.row.code, said, names)
        criterion = Criterion(
            result=result,
            unit=unit,
            leaf=leaf,
            wants=wants[leaf.place],
            fixed=fixed,
            cells=cells_of(result.table, unit, leaf.inputs),
            fine=fine,
            cap=price.at_most,
        )
        standing.append(Standing(criterion, price, whole_of(criterion) + _rests_on_evidence(criterion)))
    return standing


def wants_of(plan: Plan) -> tuple[int, ...]:
    """Return, for each row, +1 where a total is better for more points of it, -1 where they are deducted."""
    found: list[int] = []
    for node in plan.nodes:  # headings stand before their rows
        parent = plan.parent(node.place)
        found.append((-1 if node.row.role == "deduct" else 1) * (found[parent] if parent >= 0 else 1))
    return tuple(found)


def _offers(result: Result, unit: int, standing: Sequence[Standing]) -> Iterator[Offer]:
    groups = together(result.plan, standing)
    trials = [trials_of(group) for group in groups]
    before, *after = earned(result, unit, [(), *(one.edits for found in trials for one in found)])
    if before is None:
        raise AssertionError("the unit as it is has been scored")
    prices, scored = prices_of(standing), iter(after)
    offers: dict[int, Offer] = {}
    for group, found in zip(groups, trials, strict=True):
        first = group[0].criterion.leaf.row
        moves = kept_of(result.plan, before, [move_of(first, one, before, next(scored), prices) for one in found])
        there = say("its figures are also those of {row}: see there", row=joined((first.code, first.name), " "))
        for at, one in enumerate(group):
            why = nothing_earns(one.criterion) if not moves else there if at else ""
            offers[one.place] = _offer(one, before, why, moves if at == 0 else ())
    yield from (offers.get(one.place) or _offer(one, before, one.why_not) for one in standing)


def _offer(one: Standing, before: Earned, why: str, moves: Sequence[Move] = ()) -> Offer:
    row, points = one.criterion.leaf.row, Fraction(before.points[one.place])
    return Offer(
        code=row.code,
        name=row.name,
        moves=tuple(moves),
        why_not=why,
        effort_from=one.price.said_by,
        left=max(row.max - points, ZERO) if one.criterion.wants > 0 else points,
        most=row.max,
        assessed=isinstance(one.criterion.leaf.measure, Assessed),
        done_by=_who([one.criterion], "data_from"),
        received_by=_who([one.criterion], "verified_by"),
    )


def _who(criteria: Sequence[Criterion], field: Literal["data_from", "verified_by"]) -> str:
    """Return who the scheme says supplies or verifies criteria, or else their figures."""
    found: dict[str, None] = {}
    for one in criteria:
        row = one.leaf.row
        of_figures = dict.fromkeys(getattr(one.input(code), field) for code in one.leaf.inputs)
        found |= {getattr(row, field): None} if getattr(row, field) else of_figures
    return joined(found, ", ")


# --- which criteria, and what can be tried there --------------------------------------------------------------------


def _below(plan: Plan, place: int) -> Iterator[Leaf]:
    node = plan.nodes[place]
    if isinstance(node, Leaf):
        yield node
    for child in node.children:
        yield from _below(plan, child)


def _divisors(plan: Plan) -> frozenset[str]:
    """Return the inputs that something is divided by."""
    ratios = (one.measure for one in plan.nodes if isinstance(one, Leaf) and isinstance(one.measure, Ratio))
    return frozenset(code for ratio in ratios for code in ratio.b.inputs)


def _readers(plan: Plan) -> Mapping[str, int]:
    """Return how many indicators that have points read each input."""
    found: dict[str, int] = {}
    for node in plan.nodes:
        for code in set(node.inputs) if isinstance(node, Leaf) and node.row.max else ():
            found[code] = found.get(code, 0) + 1
    return found


def _tried(one: Standing, readers: Mapping[str, int]) -> Standing:
    """Return the criterion with what can be tried there, or with why there is nothing."""
    criterion, lacks = one.criterion, _lacks_evidence(one.criterion)
    why = why_not(criterion, one.price) or ("" if lacks else full(criterion))
    if why:
        return evolve(one, why_not=why)
    options = options_of(criterion, shared=any(readers[code] > 1 for code in criterion.cells))
    if options is None:
        rule = criterion.leaf.row.measure.name
        return evolve(one, why_not=say("what would earn more under the rule '{rule}' is not known", rule=rule))
    evidence = criterion.leaf.row.evidence
    if lacks and evidence is not None:
        options = _with_evidence(criterion, evidence, options)
    return evolve(one, options=options, why_not="" if options else nothing_earns(criterion))


def _rests_on_evidence(criterion: Criterion) -> bool:
    """Whether the criterion has no points without its evidence."""
    evidence = criterion.leaf.row.evidence
    if evidence is None:
        return False
    silent = evidence.without == "flag" and not evidence.stated
    return (criterion.table.without_evidence if silent else evidence.without) != "flag"


def _lacks_evidence(criterion: Criterion) -> bool:
    """Whether the criterion earns nothing, or is refused, until evidence is shown."""
    if criterion.wants < 0 or not _rests_on_evidence(criterion):
        return False
    shown = criterion.table.evidence.get(criterion.leaf.row.code)
    return bool(criterion.missing) if shown is None else not shown[criterion.unit]


def _with_evidence(criterion: Criterion, evidence: Evidence, options: Sequence[Option]) -> tuple[Option, ...]:
    """Return the options with the evidence shown beside them, behind the evidence alone."""
    column = criterion.evidence_column
    beside = (with_evidence(one, column, evidence) for one in options)
    alone = Option(cells={column: ONE}, steps=ONE, words=shown_words(evidence))
    return tuple(beside) if criterion.missing else (alone, *beside)


# --- what it takes, and what is worth it ----------------------------------------------------------------------------


def prices_of(standing: Sequence[Standing]) -> Mapping[int, Fraction]:
    """Return what one step costs at each indicator; where a heading's effort is stated, all steps below share it."""
    steps: dict[str, Fraction] = {}
    for one in standing:
        if one.price.row is not None:
            steps[one.price.row.code] = steps.get(one.price.row.code, ZERO) + one.steps
    return {
        one.place: one.price.effort / steps[one.price.row.code] if one.price.row is not None and one.steps else ONE
        for one in standing
    }


def move_of(
    home: Row, trial: Trial, before: Earned, after: Earned | None, prices: Mapping[int, Fraction]
) -> Move | None:
    """Return the move of a trial, None where the scheme refuses it or it changes what is left out.

    `home` is the criterion that offers it, whose name is not said again.
    """
    if after is None or before.left != after.left:
        return None
    criteria = [one.criterion for one, _ in trial.parts]
    words = (_told(home, one.criterion.leaf.row, option) for one, option in trial.parts)
    plan, asked = criteria[0].result.plan, [one.leaf.row.evidence for one in criteria]
    points = changed_points(plan, before, after)
    steps = sum((option.steps for _, option in trial.parts), ZERO)
    return Move(
        code=criteria[0].leaf.row.code,
        words=joined(words, "; "),
        edits=trial.edits,
        points=points,
        steps=steps,
        effort=sum((option.steps * prices[one.place] for one, option in trial.parts), ZERO),
        evidence=joined((evidence_words(one) for one in asked if one is not None), "; "),
        small=steps < 1 and all(_barely(plan, place, before.points[place], now) for place, now in points.items()),
        assessed=any(isinstance(one.leaf.measure, Assessed) for one in criteria),
        done_by=_who(criteria, "data_from"),
        received_by=_who(criteria, "verified_by"),
        parts=tuple(
            Part(code=one.criterion.leaf.row.code, cells=option.cells, steps=option.steps, words=option.words)
            for one, option in trial.parts
        ),
    )


def _told(home: Row, row: Row, option: Option) -> str:
    return option.words if row.code == home.code else joined((row.code, row.name, option.words), " ")


def _barely(plan: Plan, place: int, before: Any, after: Any) -> bool:
    """Whether the points of an indicator change by less than 1 % of its maximum."""
    return abs(Fraction(after) - Fraction(before)) * 100 < plan.nodes[place].row.max


def kept_of(plan: Plan, before: Earned, moves: Sequence[Move | None], beside: Sequence[Move] = ()) -> tuple[Move, ...]:
    """Return the moves that are better than nothing, and at some indicator better than every cheaper one.

    They are better than those `beside` them too.
    """
    known = [one for one in moves if one is not None]
    places = sorted({place for one in (*known, *beside) for place in one.points})
    wants, slack = wants_of(plan), plan.arithmetic.tolerance
    now = [wants[place] * before.points[place] for place in places]

    def worth(move: Move) -> list[Any]:
        return [wants[place] * move.points.get(place, before.points[place]) for place in places]

    valued = [(one, worth(one)) for one in known]
    kept: list[tuple[Move | None, list[Any]]] = [(None, now), *((None, worth(one)) for one in beside)]
    for move, value in sorted(valued, key=lambda pair: (pair[0].effort, -sum(pair[1]))):
        if not any(all(other >= one - slack for other, one in zip(others, value, strict=True)) for _, others in kept):
            kept.append((move, value))
    return tuple(move for move, _ in kept if move is not None)
