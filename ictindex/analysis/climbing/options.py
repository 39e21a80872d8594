"""Everything that could be tried at one criterion: cells, how many steps it is away, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from attrs import frozen

from ictindex.analysis.climbing.criterion import Criterion
from ictindex.analysis.climbing.dials import FIGURES, Dial, dial_of
from ictindex.analysis.climbing.roads import Road, road_of
from ictindex.analysis.climbing.wording import chosen_words, figure_words, shown_words, yes_no_words
from ictindex.editing import Edit
from ictindex.model import Evidence
from ictindex.strategies.measures import AllOf, Checks, Choice, Ratio, YesNo

ZERO, ONE = Fraction(0), Fraction(1)
CONDITIONS = (YesNo, Checks, AllOf)
SUBSETS = 6
"""Of so many conditions that are shared with other criteria every combination is tried."""


@frozen(kw_only=True)
class Option:
    """Something that could be tried: the cells as they would be, the steps that lie between, and the words for it."""

    cells: Mapping[str, Fraction]
    steps: Fraction
    words: str

    def edits(self, unit: int) -> tuple[Edit, ...]:
        """Return the changed cells of a unit."""
        return tuple(Edit(unit, code, float(value)) for code, value in self.cells.items())


def options_of(criterion: Criterion, *, shared: bool = False) -> tuple[Option, ...] | None:
    """Return what can be tried at a criterion, None where its rule is of a kind that is not known.

    `shared`: other criteria read its figures too, so that what is best for it alone may not be the best.
    """
    measure = criterion.leaf.measure
    if isinstance(measure, FIGURES):
        dial = dial_of(criterion)
        return () if dial is None else tuple(_figures(criterion, dial, road_of(criterion)))
    if isinstance(measure, Choice):
        return tuple(_cases(criterion, measure))
    if isinstance(measure, CONDITIONS):
        return tuple(_conditions(criterion, shared))
    return None


def whole_of(criterion: Criterion) -> Fraction:
    """Return how many steps lie between nothing and full marks, the evidence left out; 0 where there are no points."""
    measure = criterion.leaf.measure
    if not criterion.leaf.row.max:
        return ZERO
    if isinstance(measure, FIGURES):
        return max(road_of(criterion).whole, ONE)
    if isinstance(measure, Choice):
        return Fraction(max(len({case.points for case in measure.cases}) - 1, 1))
    return Fraction(max(len(measure.inputs), 1))


def _figures(criterion: Criterion, dial: Dial, road: Road) -> Iterator[Option]:
    """Yield the figures that bring the measured number to each stop of its road."""
    seen: set[tuple[tuple[str, Fraction], ...]] = set()
    for turned in _turned(criterion, dial, road):
        option = figured(criterion, dial, road, turned)
        key = () if option is None else tuple(option.cells.items())
        if option is not None and key not in seen:
            seen.add(key)
            yield option


def figured(criterion: Criterion, dial: Dial, road: Road, turned: Mapping[str, Fraction]) -> Option | None:
    """Return the option of these figures, None where the measured number is not better with them."""
    way, now, number = criterion.better, criterion.number, dial.after(turned)
    if now is not None and way * (number - now) <= 0:
        return None
    starts = {knob.code: knob.now for knob in dial.knobs}
    cells = {**{code: starts.get(code, ZERO) for code in criterion.missing}, **turned}
    along = road.position(number) - (ZERO if now is None else road.position(now))
    steps = max(along, ONE) if now is None or along <= 0 else along
    return Option(cells=cells, steps=steps, words=figure_words(criterion, cells, now, number))


def with_evidence(option: Option, column: str, evidence: Evidence) -> Option:
    """Return the option with the evidence shown beside it: one step more."""
    words = shown_words(evidence, option.words)
    return Option(cells={**option.cells, column: ONE}, steps=option.steps + 1, words=words)


def _turned(criterion: Criterion, dial: Dial, road: Road) -> Iterator[dict[str, Fraction]]:
    """Yield the changed cells of each stop, none of them beyond what a ratio may be."""
    measure, way = criterion.leaf.measure, criterion.better
    limited = isinstance(measure, Ratio) and measure.over == "refuse"
    for target, beyond in _targets(criterion, dial, road):
        turned = dial.turned(target, way, strict=beyond)
        yield dial.less(turned, 1) if limited and turned and dial.after(turned) > 1 else turned


def _targets(criterion: Criterion, dial: Dial, road: Road) -> Iterator[tuple[Fraction, bool]]:
    """Yield the measured numbers worth reaching, or passing; and, of a ratio, that of one more of what is counted."""
    way, now, knob = criterion.better, criterion.number, dial.knobs[0]
    if now is None and way > 0:  # where less is better, 0 is the best of all
        yield dial.number, False
    for stop in road.stops:
        if now is None or way * (stop.number - now) > 0 or (stop.beyond and stop.number == now):
            yield stop.number, stop.beyond
    if isinstance(criterion.leaf.measure, Ratio) and knob.grid == 1:
        yield dial.number + way * abs(knob.slope), False
    width = ZERO if road.full is None else road.full - dial.number
    if criterion.fine and way * width > 0:
        count = min(criterion.fine, int(abs(width / knob.slope) / knob.grid) + 1)
        yield from ((dial.number + width * at / count, False) for at in range(1, count + 1))


def _cases(criterion: Criterion, measure: Choice) -> Iterator[Option]:
    """Yield every better case, the nearest first; a level of points is a step."""
    (code,), way = measure.inputs, criterion.better
    worth = [way * case.points for case in measure.cases]
    levels, cell = sorted(set(worth)), criterion.cells[code]
    now = None if cell is None else worth[int(cell)]
    for at in sorted(range(len(worth)), key=lambda case: worth[case]):
        if now is None or worth[at] > now:
            steps = levels.index(worth[at]) - (0 if now is None else levels.index(now))
            words = chosen_words(criterion, code, at)
            yield Option(cells={code: Fraction(at)}, steps=Fraction(max(steps, 1)), words=words)


def _conditions(criterion: Criterion, shared: bool) -> Iterator[Option]:
    """Yield one more condition met (or, where points are deducted, one less), two more, the most points first."""
    measure, better = criterion.leaf.measure, Fraction(criterion.better > 0)
    cells = criterion.cells
    open_ones = [code for code in measure.inputs if cells[code] != better and code not in criterion.fixed]
    worth = {case.code: case.points for case in measure.cases} if isinstance(measure, Checks) else {}
    if isinstance(measure, Checks):
        open_ones = sorted((code for code in open_ones if worth[code]), key=lambda code: -worth[code])
    for chosen in _chosen(open_ones, whole=isinstance(measure, AllOf) and better == 1, shared=shared):
        changed = dict.fromkeys(chosen, better)
        reported = {code: ONE - better for code in criterion.missing if code not in changed}
        words = yes_no_words(criterion, changed, reported)
        yield Option(cells={**reported, **changed}, steps=Fraction(max(len(chosen), 1)), words=words)
    if criterion.missing:  # what is met already may earn points once the rest is reported
        reported = dict.fromkeys(criterion.missing, ONE - better)
        yield Option(cells=reported, steps=ONE, words=yes_no_words(criterion, {}, reported))


def _chosen(codes: Sequence[str], *, whole: bool, shared: bool) -> Iterator[Sequence[str]]:
    if whole:
        yield codes
    elif shared and len(codes) <= SUBSETS:
        for count in range(1, len(codes) + 1):
            yield from combinations(codes, count)
    else:  # each takes the same, so the best of a count are those with the most points
        yield from (codes[:count] for count in range(1, len(codes) + 1))
