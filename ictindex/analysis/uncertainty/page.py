"""An analysis of uncertainty as a page: the verdict in one sentence, then the units, then what moves them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ictindex.analysis.uncertainty.leaves import NUMBERS
from ictindex.explanation import number_text
from ictindex.messages import joined, say
from ictindex.model import TOTAL
from ictindex.pages import Grid, Lines, Page, Section

if TYPE_CHECKING:
    from ictindex.analysis.uncertainty.answer import Effect, Uncertainty, Varied
    from ictindex.analysis.uncertainty.units import UnitRanks

MOST_UNITS = 100
"""So many units are shown; CSV has all of them."""

MOST_INDICATORS = 10
"""So many indicators are shown, those that move the ranks most."""


MOST_LETTERS = 50
"""So many letters of a row are shown."""


def uncertainty_page(answer: Uncertainty) -> Page:
    """Return the page."""
    sections = [Section("", (Lines(tuple(_verdict(answer) if answer.varied else _nothing(answer))),))]
    if answer.varied:
        sections.append(_units(answer))
    if answer.leave_one_out:
        sections.append(_indicators(answer))
    if answer.effects:
        sections.append(_effects(answer))
    if answer.reversals is not None:
        sections.append(Section(say("When one unit comes or goes"), tuple(_reversals(answer))))
    if answer.varied:
        sections.append(Section(say("What was varied"), tuple(_varied(answer))))
    title = say("How sure the ranking is: {name}", name=answer.name)
    return Page(title, tuple(sections), answer.subject.notices_at(answer.code))


def percent(share: float) -> str:
    """Return a share as whole percents; what is not quite all or nothing does not become it."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return "> 99 %"
    return "< 1 %" if whole == 0 and share > 0 else f"{whole} %"


def _rank(rank: float | None) -> str:
    return "-" if rank is None else number_text(_short(rank))


def _short(number: float) -> float:
    return round(number, 1)


def _verdict(answer: Uncertainty) -> Iterator[str]:
    found = answer.stability
    facts = {"kept": found.kept_sure, "published": found.published, "top": found.top}
    if any(unit.pool for unit in answer.units):
        yield say(
            "In 95 % of the draws, at least {kept} of the {published} units among the first {top} of their pool stay "
            "there.",
            **facts,
        )
    else:
        yield say("In 95 % of the draws, at least {kept} of the first {published} stay among the first {top}.", **facts)
    yield say(
        "A rank moves by {shift} places on average, and in 95 % of the draws by {sure} at most (mean of all units).",
        shift=number_text(_short(found.shift)),
        sure=number_text(_short(found.shift_sure)),
    )
    if found.neighbours:
        yield say(
            "Two neighbours in the ranking cannot be told apart where the upper one is ahead in less than 95 % of the "
            "draws: that is so of {unsure} pairs of {neighbours}.",
            unsure=found.unsure,
            neighbours=found.neighbours,
        )
    yield say(
        "What was varied is told at the end. It is an assumption of this analysis, not of the decision: the published "
        "ranks stand."
    )


def _nothing(answer: Uncertainty) -> Iterator[str]:
    """Yield what is said where no draw can differ from the published ranking: no number of it means anything."""
    yield say("Nothing could be varied here, so nothing can be said of how sure these ranks are.")
    if any(one.kind in NUMBERS for one in answer.subject.scheme.inputs):
        yield say("Ask how far they hold where figures are a little off: `--noise 2` lets each be off by about 2 %.")


def _units(answer: Uncertainty) -> Section:
    shown = answer.units[:MOST_UNITS]
    ranked = [unit for unit in shown if unit.rank is not None]
    pools, levels = any(unit.pool for unit in shown), [*dict.fromkeys(name for one in shown for name in one.levels)]
    header = [
        say("rank"),
        say("unit"),
        *([say("pool")] if pools else []),
        say("score"),
        say("90 % of the draws"),
        say("median"),
        say("among the first {top}", top=answer.stability.top),
        say("ahead of the next"),
        *([say("level")] if levels else []),
        *levels,
    ]
    body = [_unit(unit, pools, levels) for unit in ranked]
    words = {1, 2} if pools else {1}
    words |= {header.index(say("level"))} if levels else set()
    grid = Grid(tuple(header), tuple(body), tuple(column for column in range(len(header)) if column not in words))
    blocks: list[Grid | Lines] = [grid]
    left = sum(unit.rank is not None for unit in answer.units[MOST_UNITS:])
    if left:
        blocks.append(Lines((say("And {count} more units; `--format csv` has all of them.", count=left),)))
    if levels:
        blocks.append(Lines((say("Under each level: the share of the draws in which the unit has it."),)))
    return Section(say("Ranks over {draws} draws", draws=answer.draws), tuple(blocks))


def _unit(unit: UnitRanks, pools: bool, levels: Sequence[str]) -> list[str]:
    return [
        _rank(unit.rank),
        unit.name,
        *([unit.pool] if pools else []),
        unit.published or "-",
        f"{_rank(unit.low)} - {_rank(unit.high)}",
        _rank(unit.median),
        percent(unit.top or 0.0),
        "-" if unit.ahead is None else percent(unit.ahead),
        *([unit.level or "-"] if levels else []),
        *(percent(unit.levels.get(name, 0.0)) for name in levels),
    ]


def _indicators(answer: Uncertainty) -> Section:
    shown = [one for one in answer.leave_one_out[:MOST_INDICATORS] if one.shift]
    if not shown:
        told = say("No rank changes when any one indicator is left out.")
        return Section(say("Without one indicator"), (Lines((told,)),))
    header = (
        say("indicator left out"),
        say("ranks move by (mean)"),
        say("at most"),
        say("who moves most"),
        say("of the first {top} stay", top=answer.stability.published),
    )
    body = [
        (
            _row(one.code, one.name),
            f"{one.shift:.2f}",
            number_text(_short(one.most)),
            say("{unit}: {rank} → {becomes}", unit=one.unit_name, rank=_rank(one.rank), becomes=_rank(one.becomes)),
            str(one.kept),
        )
        for one in shown
    ]
    blocks: list[Grid | Lines] = [Grid(header, tuple(body), (1, 2, 4))]
    left = len(answer.leave_one_out) - len(shown)
    if left:
        blocks.append(Lines((say("The other {count} indicators move the ranks no more than these.", count=left),)))
    return Section(say("Without one indicator"), tuple(blocks))


def _effects(answer: Uncertainty) -> Section:
    blocks: list[Grid | Lines] = []
    for on in dict.fromkeys(effect.on for effect in answer.effects):
        effects = [effect for effect in answer.effects if effect.on == on]
        names = {unit.unit: unit.name for unit in answer.units}
        told = say("On how far ranks move:") if on == "shift" else say("On the rank of {unit}:", unit=names[on])
        if effects[0].first is None:
            blocks.append(Lines((told, say("It never changes in the draws."))))
            continue
        header = (say("varied"), say("alone"), say("90 % interval"), say("in all"), say("90 % interval"))
        effects.sort(key=lambda effect: -(effect.total or 0.0))
        body = [
            (
                _source(effect),
                _share(effect.first),
                f"{_share(effect.first_low)} - {_share(effect.first_high)}",
                _share(effect.total),
                f"{_share(effect.total_low)} - {_share(effect.total_high)}",
            )
            for effect in effects[:MOST_INDICATORS]
        ]
        first = (_most(effects),) if on == "shift" else ()
        blocks += [Lines((*first, told)), Grid(header, tuple(body), (1, 2, 3, 4))]
    told = say(
        "Shares of the variation (Sobol' effects): what each makes alone, and what it has a part in. From {draws} "
        "pairs of draws; a small share may come out a little below 0.",
        draws=answer.effect_draws,
    )
    return Section(say("What matters most"), (*blocks, Lines((told,))))


def _row(code: str, name: str) -> str:
    return textwrap.shorten(f"{code} {name}", MOST_LETTERS, placeholder=" …")


def _most(effects: Sequence[Effect]) -> str:
    """Return what matters most, of effects by their size: with it all whose interval meets its own."""
    first = effects[0]
    near = [_source(one) for one in effects if (one.total_high or 0.0) >= (first.total_low or 0.0)]
    if len(near) == 1:
        return say("What matters most: {what}.", what=near[0])
    return say("What matters most: {what}; which of these more cannot be told.", what=joined(near, ", "))


def _share(number: float | None) -> str:
    return "-" if number is None else f"{round(100 * number)} %"


def _source(effect: Effect) -> str:
    if effect.source == "weights" and effect.code == TOTAL:
        return say("weights of the top rows")
    if effect.source == "weights":
        return say("weights: {row}", row=_row(effect.code, effect.name))
    if effect.source == "normalization":
        return say("how figures become points")
    if effect.source == "aggregation":
        return say("how rows are combined")
    return say("what a missing figure means") if effect.source == "missing" else say("how exact figures are")


def _reversals(answer: Uncertainty) -> Iterator[Lines]:
    found = answer.reversals
    if found is None:
        return
    if not found.possible:
        yield Lines((say("The order of two units never changes: points depend on no other unit."),))
        return
    if found.checked < found.changes:
        yield Lines((say("Checked: {checked} of {changes} changes.", checked=found.checked, changes=found.changes),))
    if not found.pairs:
        yield Lines((say("No two units change places when another one is removed, or is there twice."),))
        return
    told = say(
        "Pairs of units that change places when another one is removed, or is there twice: {pairs}. Units whose going "
        "or coming does it: {units}.",
        pairs=found.pairs,
        units=found.units,
    )
    yield Lines((told,))
    lines = []
    for one in found.examples[:MOST_INDICATORS]:
        facts = {"unit": one.unit_name, "ahead": one.ahead_name, "behind": one.behind_name}
        if one.change == "removed":
            lines.append(say("without {unit}, {behind} overtakes {ahead}", **facts))
        else:
            lines.append(say("with {unit} twice, {behind} overtakes {ahead}", **facts))
    yield Lines(tuple(lines), bullets=True)


_METHODS = {
    "scheme": say("as the scheme says"),
    "min-max": say("from the lowest unit to the highest"),
    "z-score": say("by the distance from the mean"),
    "rank": say("by rank"),
    "arithmetic": say("by the arithmetic mean"),
    "geometric": say("by the geometric mean"),
    "zero": say("it counts as 0 points"),
    "left-out": say("it is left out"),
}


def _varied(answer: Uncertainty) -> Iterator[Lines]:
    weights = [one for one in answer.varied if one.source == "weights"]
    lines = [*_weights(weights)] if weights else []
    for one in answer.varied:
        methods: str = ""
        for method in one.methods:
            told = _METHODS[method]
            methods = say("{first}; {then}", first=methods, then=told) if methods else told
        if one.source == "normalization":
            lines.append(say("How figures become points, each as often: {methods}.", methods=methods))
        elif one.source == "aggregation":
            lines.append(say("How rows are combined, each as often: {methods}.", methods=methods))
        elif one.source == "missing":
            lines.append(say("What a missing figure means, each as often: {methods}.", methods=methods))
        elif one.source == "noise":
            told = say("Reported figures: each is off at random, by about {spread}.", spread=percent(one.spread or 0.0))
            lines.append(told)
    yield Lines(tuple(lines), bullets=True)
    yield Lines(
        (
            say(
                "{draws} draws, seed {seed}: the same seed gives the same numbers.",
                draws=answer.draws,
                seed=answer.seed,
            ),
        )
    )


def _weights(weights: Sequence[Varied]) -> Iterator[str]:
    spread = weights[0].spread
    if spread is None:
        yield say(
            "Weights (headings: {count}): each varies at random, one of 20 % by about {moves} percentage points "
            "(concentration {concentration}). Where rows are added up, their maxima are the weights.",
            count=len(weights),
            concentration=number_text(weights[0].concentration),
            moves=number_text(_short(40 / ((weights[0].concentration or 0.0) + 1) ** 0.5)),
        )
    else:
        yield say(
            "Weights (headings: {count}): each varies at random, one of average size by about {spread}. Where rows "
            "are added up, their maxima are the weights.",
            count=len(weights),
            spread=percent(spread),
        )
