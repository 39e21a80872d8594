"""More moves between two moves of an offer: a plan that overshoots its goal is brought down to what just meets it."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from ictindex.analysis.climbing.criterion import Criterion
from ictindex.analysis.climbing.dials import FIGURES, Dial, dial_of, finer_grid
from ictindex.analysis.climbing.efforts import Efforts
from ictindex.analysis.climbing.moves import kept_of, move_of, prices_of, standing_of
from ictindex.analysis.climbing.offers import Move, Offer, Part
from ictindex.analysis.climbing.options import Option, figured, with_evidence
from ictindex.analysis.climbing.roads import road_of
from ictindex.analysis.climbing.trials import Standing, Trial
from ictindex.analysis.rescoring import earned
from ictindex.result import Result

ZERO = Fraction(0)
STOPS = 15
"""So many moves are tried between two others, where the figures have so many values between them."""


def between(
    result: Result,
    unit: int,
    total: int,
    offer: Offer,
    low: Move | None,
    high: Move,
    efforts: Efforts | None = None,
    *,
    stops: int = STOPS,
    standing: Sequence[Standing] | None = None,
) -> tuple[Move, ...]:
    """Return moves of less than `high` and more than `low` (None: nothing is done), the least effort first.

    Both are moves of the offer, or came from here; `unit`, `total` and `efforts` are those of `offers_of`. The figures
    of `high` are brought back towards those of `low` in steps as even as they can be: whole numbers for counts, else
    the decimals of the column, and for assessed points those that the row publishes. Yeses, cases and evidence stay as
    `high` has them. Each move earns more than `low` and all cheaper ones; none is returned where nothing between does,
    as between two steps of a scale, or where the figures are as near as they can be. `standing` is what `standing_of`
    gives, for whoever asks more than once.
    """
    standing = standing_of(result, unit, total, efforts or Efforts()) if standing is None else standing
    rows = {one.criterion.leaf.row.code: one for one in standing}
    parts = [(rows[part.code], part) for part in high.parts]
    start = {} if low is None else {code: value for part in low.parts for code, value in part.cells.items()}
    trials = list(_between(parts, start, stops))
    if not trials:
        return ()
    with result.plan.arithmetic.context():
        before, *after = earned(result, unit, [(), *(one.edits for one in trials)])
        if before is None:
            raise AssertionError("the unit as it is has been scored")
        home, prices = rows[offer.code].criterion.leaf.row, prices_of([*rows.values()])
        moves = [move_of(home, one, before, found, prices) for one, found in zip(trials, after, strict=True)]
        return kept_of(result.plan, before, moves, beside=() if low is None else (low,))


def lowered(
    result: Result,
    unit: int,
    total: int,
    offer: Offer,
    move: Move,
    enough: Callable[[Move], bool],
    efforts: Efforts | None = None,
    *,
    standing: Sequence[Standing] | None = None,
) -> Move:
    """Return the least move that is still enough, between the next lesser move of the offer and this one.

    It is this one where nothing less is enough. `enough` is asked a few times and should score the whole table again;
    whatever is more than enough is taken to be enough.
    """
    standing = standing_of(result, unit, total, efforts or Efforts()) if standing is None else standing
    lesser = [one for one in offer.moves if one.effort < move.effort]
    low, high = lesser[-1] if lesser else None, move
    while stops := between(result, unit, total, offer, low, high, efforts, standing=standing):
        first = bisect_left(stops, True, key=enough)
        low, high = stops[first - 1] if first else low, stops[first] if first < len(stops) else high
    return high


def _between(parts: list[tuple[Standing, Part]], start: Mapping[str, Fraction], stops: int) -> Iterator[Trial]:
    """Yield what to try: at each criterion the figures so much of the way along, all of them together."""
    ways = [(one, part, _dial(one.criterion)) for one, part in parts]
    widths = [width for one, part, dial in ways for width in _widths(one.criterion, part, dial, start)]
    count = min(stops + 1, math.ceil(max(widths, default=ZERO)))
    whole = tuple(cell for _, part in parts for cell in part.cells.items())
    seen: set[tuple[tuple[str, Fraction], ...]] = set()
    for at in range(1, count):
        options = [(one, _stopped(one.criterion, part, dial, start, Fraction(at, count))) for one, part, dial in ways]
        made = tuple((one, option) for one, option in options if option is not None)
        key = tuple(cell for _, option in made for cell in option.cells.items())
        if len(made) == len(ways) and key not in seen and key != whole:
            seen.add(key)
            yield Trial(made)


def _dial(criterion: Criterion) -> Dial | None:
    return dial_of(criterion) if isinstance(criterion.leaf.measure, FIGURES) else None


def _widths(criterion: Criterion, part: Part, dial: Dial | None, start: Mapping[str, Fraction]) -> Iterator[Fraction]:
    """Yield how many of its smallest changes each figure is away from where it starts."""
    for knob in () if dial is None else dial.knobs:
        if knob.code in part.cells:
            yield abs(part.cells[knob.code] - start.get(knob.code, knob.now)) / finer_grid(criterion, knob)


def _stopped(
    criterion: Criterion, part: Part, dial: Dial | None, start: Mapping[str, Fraction], along: Fraction
) -> Option | None:
    """Return what is done at a criterion so much of the way along; None where it is no better than now."""
    turned: dict[str, Fraction] = {}
    for knob in () if dial is None else dial.knobs:
        if knob.code in part.cells:
            end, grid = part.cells[knob.code], finer_grid(criterion, knob)
            begin = start.get(knob.code, knob.now)
            exact = (begin + (end - begin) * along) / grid
            value = (math.ceil(exact) if end > begin else math.floor(exact)) * grid
            turned[knob.code] = sorted((begin, value, end))[1]
    if dial is None or not turned:
        return Option(cells=part.cells, steps=part.steps, words=part.words)
    option = figured(criterion, dial, road_of(criterion), turned) if dial.fits(turned) else None
    evidence = criterion.leaf.row.evidence
    if option is None or evidence is None or criterion.evidence_column not in part.cells:
        return option
    return with_evidence(option, criterion.evidence_column, evidence)
