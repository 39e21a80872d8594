"""The pending ranking for a person: what to verify first, then where everybody stands and could end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from ictindex.analysis.pending.answer import Pending, PendingClaim, PendingUnit
from ictindex.analysis.pending.opens import Why
from ictindex.explanation import number_text
from ictindex.messages import joined, say
from ictindex.pages import Grid, Lines, Page, Section

_WHY: Mapping[Why, str] = {
    "unverified": say("not verified"),
    "appealed": say("under appeal"),
    "missing": say("figure missing"),
    "evidence": say("evidence not shown"),
}


def page_of(answer: Pending) -> Page:
    """Return the page of a pending ranking."""
    scheme = answer.subject.scheme
    title = say("{scheme}: the pending ranking, and what can still change it", scheme=scheme.id)
    if len(scheme.totals) > 1:
        name = scheme.row(answer.total).name
        title = say("{title} ({code} {name})", title=title, code=answer.total, name=name)
    sections = [Section("", (Lines(tuple(_summary(answer))),))]
    first = [one for one in answer.queue if one.urgency != "can-wait"]
    if first:
        told = say("Verify these first")
        sections.append(Section(told, (_queue(answer, first[: answer.shown]), *_rest(answer, first))))
    sections.append(Section(say("The ranking so far"), (_ranking(answer),)))
    sections.append(Section(say("How to read this"), (Lines(tuple(_notes(answer)), bullets=True),)))
    return Page(title, tuple(sections), answer.subject.notices)


def _summary(answer: Pending) -> Iterator[str]:
    """Yield the state in a few sentences, what to do first."""
    ranked = [one for one in answer.units if one.best is not None]
    count = {word: sum(one.urgency == word for one in answer.queue) for word in ("decisive", "together", "can-wait")}
    if not answer.queue:
        yield say("Nothing is open: the ranking of {units} units is final as it stands.", units=len(ranked))
        return
    units = len({one.unit for one in answer.queue})
    yield say("{open} criteria of {units} units are still open.", open=len(answer.queue), units=units)
    if count["decisive"]:
        yield say("{count} of them each change a rank or a level by themselves.", count=count["decisive"])
    if count["together"]:
        yield say("{count} can do so only together with others.", count=count["together"])
    if count["can-wait"]:
        yield say("{count} can wait: whatever becomes of them, no rank and no level changes.", count=count["can-wait"])
    settled = sum(one.settled for one in ranked)
    yield say("{settled} of {units} units keep their rank whatever happens.", settled=settled, units=len(ranked))


def _queue(answer: Pending, first: Sequence[PendingClaim]) -> Grid:
    level = answer.subject.scheme.row(answer.total).levels is not None
    header = [
        say("no."),
        say("unit"),
        say("criterion"),
        say("open because"),
        say("points"),
        say("may become"),
        say("total moves by"),
        say("ranks changed"),
        *([say("level")] * level),
    ]
    body = [
        [
            str(number),
            one.unit,
            f"{one.code} {one.criterion}",
            joined((_WHY[why] for why in one.why), by=", "),
            _points(one.points),
            _span(_points(one.lowest_points), _points(one.highest_points)),
            _points(one.swing),
            _moved(one),
            *([say("changes") if one.level else "-"] * level),
        ]
        for number, one in enumerate(first, 1)
    ]
    return Grid(header, body, right=(0, 4, 5, 6, 7))


def _moved(one: PendingClaim) -> str:
    """Return how many ranks a criterion changes: by itself, or at most together with others."""
    if one.ranks:
        return str(one.ranks)
    return say("0, with others up to {count}", count=one.reach) if one.reach else "0"


def _rest(answer: Pending, first: Sequence[PendingClaim]) -> Iterator[Lines]:
    left = 0 if answer.shown is None else len(first) - answer.shown
    if left > 0:
        yield Lines((say("{count} more can change a rank or a level; `--all` lists them.", count=left),))


def _ranking(answer: Pending) -> Grid:
    level = answer.subject.scheme.row(answer.total).levels is not None
    pools = any(one.pool for one in answer.units)
    header = [say("rank"), say("may become"), say("unit"), say("name"), say("score"), say("may become"), say("open")]
    header += [say("level")] * level + [say("pool")] * pools
    body = [
        [
            _number(one.rank),
            _places(one),
            one.unit,
            one.name,
            one.published or "-",
            _scores(one),
            str(one.open or "-"),
            *([_levels(one)] * level),
            *([one.pool] * pools),
        ]
        for one in answer.units
    ]
    return Grid(header, body, right=(0, 1, 4, 5, 6))


def _places(one: PendingUnit) -> str:
    if one.best is None:
        return "-"
    told = _span(_number(one.best), _number(one.worst))
    told = told if one.exact_ranks else say("within {span}", span=told)
    return told if one.always_scored else say("{ranks} or none", ranks=told)


def _scores(one: PendingUnit) -> str:
    if one.lowest is None or one.highest is None:
        return "-"
    told = _span(one.lowest, one.highest)
    return told if one.exact else say("within {span}", span=told)


def _levels(one: PendingUnit) -> str:
    names = [say("none") if name is None else name for name in one.levels]
    if not names:
        return "-"
    return names[0] if len(names) == 1 else say("{best} to {worst}", best=names[0], worst=names[-1])


def _notes(answer: Pending) -> Iterator[str]:
    """Yield how to read the tables, and what was taken for granted."""
    whys = {why for one in answer.queue for why in one.why}
    yield say("`may become` is what is still possible while criteria of this unit and of others are open.")
    if "unverified" in whys:
        yield say("A figure that is not verified may stand as declared, or be turned down and count for nothing.")
    if "missing" in whys:
        yield say("A missing figure may stay missing, or bring anything from no points to full marks.")
    if "appealed" in whys:
        yield say("An appeal may be turned down, or be granted as asked.")
    if "evidence" in whys:
        yield say("Evidence that was not shown may still be shown.")
    if answer.queue:
        yield say("`total moves by` and `ranks changed` are what one criterion does while all others stay as they are.")
    if not all(one.exact and one.exact_ranks for one in answer.units):
        yield say("Some ranges are bounds: no outcome lies outside, but perhaps none reaches their ends.")
    if answer.compares:
        yield say("Units are compared with one another here: a figure that is corrected may move others by more.")
    if any(one.first_look for one in answer.queue):
        yield say("Too many criteria are open to score all units anew for each: what one does to others is left out.")


def _points(number: Fraction | Decimal | None) -> str:
    return number_text(number)


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:g}"


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} – {high}"
