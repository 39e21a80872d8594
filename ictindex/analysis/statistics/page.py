"""The statistics for a person: what they say in words, then the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ictindex.analysis.statistics.parts import Correlation, Flag, GroupStatistics, IndicatorStatistics, RowStatistics
from ictindex.messages import joined, listed, say
from ictindex.model import TOTAL
from ictindex.pages import Grid, Lines, Section

MOST = 12
"""So many indicators are named in one finding; the table below marks all of them."""
PAIRS = 15
"""So many pairs of rows are printed, the strongest first; the data have all of them."""
AXES = 3
"""So many components are printed."""
SOUND = 0.7
"""An alpha below this is low (docs/statistics.md)."""

FLAGS: Mapping[Flag, str] = {
    "absent": say("no points"),
    "constant": say("all the same"),
    "at-maximum": say("nearly all at the maximum"),
    "at-zero": say("nearly all at 0"),
    "no-effect": say("next to no effect"),
    "against-heading": say("against its group"),
    "against-total": say("against the total"),
    "double": say("counted twice"),
    "skewed": say("a few outliers"),
}
"""The flags as they are printed; in data they are always the stable English words."""


def findings(indicators: Sequence[IndicatorStatistics], groups: Sequence[GroupStatistics]) -> Iterator[str]:
    """Yield what the statistics say, a sentence each, the gravest first."""
    told = False
    for flag in FLAGS:
        found = [one for one in indicators if flag in one.flags]
        if found:
            told = True
            names = _pairs(found) if flag == "double" else [one.code for one in found]
            some = flag == "constant" and any(one.left_out or one.not_computed for one in found)
            told_names = listed(names, MOST)
            yield _constant(len(names), told_names) if some else _finding(flag, len(names), told_names)
    if not told and any(one.total_pearson is None for one in indicators):
        yield say("No indicator stands out.")  # where all totals are the same, none goes with them
    elif not told:
        yield say("No indicator stands out: each tells units apart and goes with its group and the total.")
    loose = [one for one in groups if one.alpha is not None and one.alpha.raw is not None and one.alpha.raw < SOUND]
    if loose:
        names = [
            say("{group} ({alpha})", group=called(one.code), alpha=_number(one.alpha.raw, 2))
            for one in loose
            if one.alpha is not None
        ]
        yield say(
            "The rows of these groups hardly go together (alpha below {sound}): {names}.",
            sound=SOUND,
            names=listed(names, MOST),
        )
    most = sorted((one for one in indicators if (one.effective or 0) > 0), key=lambda one: -(one.effective or 0))[:3]
    if most:
        told_most = [
            say(
                "indicator {code}: {effect} (its weight: {weight})",
                code=one.code,
                effect=_share(one.effective),
                weight=_share(one.nominal) or "-",
            )
            for one in most
        ]
        yield say("The differences between units come most from: {names}.", names=joined(told_most, "; "))


def _constant(count: int, names: str) -> str:
    """Return what is said where some units have no points: those that have are all the same."""
    return say(
        "Indicators at which all units that have points have the same ({count}): {names}.", count=count, names=names
    )


def _finding(flag: Flag, count: int, names: str) -> str:
    match flag:
        case "absent":
            return say("Indicators at which nobody has points ({count}): {names}.", count=count, names=names)
        case "constant":
            return say(
                "Indicators that do nothing, since all units have the same points ({count}): {names}.",
                count=count,
                names=names,
            )
        case "at-maximum":
            return say(
                "Indicators with nearly all units at the maximum, which no longer tell units apart ({count}): {names}.",
                count=count,
                names=names,
            )
        case "at-zero":
            return say("Indicators with nearly all units at 0 ({count}): {names}.", count=count, names=names)
        case "no-effect":
            return say(
                "Indicators that hardly move the total, less than a tenth of their weight ({count}): {names}.",
                count=count,
                names=names,
            )
        case "against-heading":
            return say("Indicators that fall where their group rises ({count}): {names}.", count=count, names=names)
        case "against-total":
            return say("Indicators that fall where the total rises ({count}): {names}.", count=count, names=names)
        case "double":
            return say("Indicators that say the same twice ({count}): {names}.", count=count, names=names)
        case "skewed":
            return say(
                "Indicators that a few units far from the others decide ({count}): {names}.", count=count, names=names
            )


def weights(indicators: Sequence[IndicatorStatistics]) -> Section:
    """Return the table of the indicators: what they weigh, how they go with the rest, what is wrong."""
    header = (
        say("indicator"),
        say("weight %"),
        say("in effect %"),
        say("with total"),
        say("with group"),
        say("what stands out"),
    )
    body = [
        (
            _named(one),
            _percent(one.nominal),
            _percent(one.effective),
            _number(one.total_pearson, 2),
            _number(one.heading_pearson, 2),
            joined((FLAGS[flag] for flag in one.flags), "; "),
        )
        for one in indicators
    ]
    return Section(say("Weight by the scheme and in effect, correlations"), [Grid(header, body, (1, 2, 3, 4))])


def points(indicators: Sequence[IndicatorStatistics]) -> Section:
    """Return the table of the indicators' points."""
    header = (
        say("indicator"),
        say("units"),
        say("maximum"),
        say("mean"),
        say("deviation"),
        say("lowest"),
        say("highest"),
        say("at 0 %"),
        say("at max %"),
        say("as zero"),
        say("skewness"),
        say("kurtosis"),
    )
    body = [
        (
            one.code,
            str(one.units),
            _short(one.max),
            *(_number(value, 2) for value in (one.mean, one.deviation, one.low, one.high)),
            _percent(one.at_zero),
            _percent(one.at_maximum),
            str(one.as_zero),
            _number(one.skewness, 2),
            _number(one.kurtosis, 2),
        )
        for one in indicators
    ]
    return Section(say("Points"), [Grid(header, body, range(1, len(header)))])


def groups(found: Sequence[GroupStatistics]) -> Section:
    """Return the table of the groups: alpha and the components."""
    header = (
        say("group"),
        say("weight %"),
        say("in effect %"),
        say("rows"),
        say("units"),
        "alpha",
        say("standardised"),
        say("components above 1"),
        say("the first %"),
    )
    body = [
        (
            _named(one),
            _percent(one.nominal),
            _percent(one.effective),
            str(len(one.rows)),
            str(one.units),
            "" if one.alpha is None else _number(one.alpha.raw, 2),
            "" if one.alpha is None else _number(one.alpha.standardised, 2),
            "" if one.components is None else str(one.components.above_one),
            "" if one.components is None else _percent(one.components.explained[0]),
        )
        for one in found
    ]
    flat = [
        say(
            "{group}: left out, the same for all {units} units that have points at every row: {codes}",
            group=called(one.code),
            units=one.units,
            codes=listed(one.flat, MOST),
        )
        for one in found
        if one.flat
    ]
    given = [
        say(
            "{group}: {share} of the differences come from points given to the group itself",
            group=called(one.code),
            share=_share(one.given),
        )
        for one in found
        if one.given
    ]
    lines = [Lines([*flat, *given], bullets=True)] if flat or given else []
    return Section(say("Groups: do their rows go together?"), [Grid(header, body, range(1, len(header))), *lines])


def inside(group: GroupStatistics, rows: Sequence[RowStatistics], pairs: Sequence[Correlation]) -> Iterator[Section]:
    """Yield what is told of the rows of one group: alpha without each, the components, and how they correlate."""
    if group.alpha is not None and group.components is not None:
        yield Section(
            say("The rows of {group}", group=called(group.code)), [_axes(group, {one.code: one for one in rows})]
        )
    known = sorted((one for one in pairs if one.pearson is not None), key=lambda one: -abs(one.pearson or 0))
    if known:
        title = say("How the rows of {group} correlate", group=called(group.code))
        if len(known) > PAIRS:
            title = say(
                "How the rows of {group} correlate, the {most} strongest of {all} pairs",
                group=called(group.code),
                most=PAIRS,
                all=len(known),
            )
        header = (say("row"), say("row"), say("units"), "Pearson", "Spearman")
        body = [
            (one.first, one.second, str(one.units), _number(one.pearson, 2), _number(one.spearman, 2))
            for one in known[:PAIRS]
        ]
        yield Section(title, [Grid(header, body, (2, 3, 4))])


def _axes(group: GroupStatistics, rows: Mapping[str, RowStatistics]) -> Grid:
    """Return a line for each row of a group: its correlation, alpha without it, its loadings."""
    if group.alpha is None or group.components is None:
        raise AssertionError("only asked of groups with rows that differ")
    shown = range(min(AXES, len(group.components.eigenvalues)))
    header = [say("row"), say("with group"), say("alpha without it")]
    header += [
        say("component {number}: {share}", number=at + 1, share=_share(group.components.explained[at])) for at in shown
    ]
    without = {one.code: one.raw for one in group.alpha.without}
    body = [
        (
            _named(rows[one.code]),
            _number(rows[one.code].heading_pearson, 2),
            _number(without.get(one.code), 2),
            *(_number(one.loadings[at], 2) for at in shown),
        )
        for one in group.components.rows
    ]
    return Grid(header, body, range(1, len(header)))


def _pairs(found: Iterable[IndicatorStatistics]) -> list[str]:
    """Return the pairs that say the same, each once."""
    seen: dict[frozenset[str], str] = {}
    for one in found:
        for other in one.same_as:
            seen.setdefault(frozenset((one.code, other)), f"{one.code} ~ {other}")
    return list(seen.values())


def called(code: str) -> str:
    """Return what a row is called in a sentence: its code, which the whole has not."""
    return say("the total") if code == TOTAL else code


def _named(one: RowStatistics) -> str:
    if one.code == TOTAL:
        return one.name or called(one.code)
    return one.code if one.name == one.code else f"{one.code} {one.name}".strip()


def _number(value: float | None, decimals: int) -> str:
    """Return a number with so many decimals, without a minus before zeros; empty for None."""
    return "" if value is None else f"{value:z.{decimals}f}"


def _percent(value: float | None) -> str:
    return "" if value is None else _number(100 * value, 1)


def _share(value: float | None) -> str:
    """Return a share with its sign, as in `5.3 %`."""
    return "" if value is None else f"{_percent(value)} %"


def _short(value: float) -> str:
    return f"{value:.10g}"
