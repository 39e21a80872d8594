"""The pending ranking for a person: what to verify first, then where everybody stands and could end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ictindex.analysis.pending.answer import Pending, PendingAppeal, PendingClaim, PendingCriterion, PendingUnit
from ictindex.analysis.pending.opens import Why
from ictindex.explanation import Exact, number_text
from ictindex.messages import joined, say
from ictindex.pages import Grid, Lines, Page, Section
from ictindex.plan import points_per_unit

_WHY: Mapping[Why, str] = {
    "unverified": say("not verified"),
    "appealed": say("under appeal"),
    "missing": say("figure missing"),
    "evidence": say("evidence not shown"),
}


def page_of(answer: Pending) -> Page:
    """Return the page of a pending ranking: appeals first, for they have a day by which they must be decided."""
    scheme = answer.subject.scheme
    title = say("{scheme}: the pending ranking, and what can still change it", scheme=scheme.id)
    if len(scheme.totals) > 1:
        name = scheme.row(answer.total).name
        title = say("{title} ({code} {name})", title=title, code=answer.total, name=name)
    sections = [Section("", (Lines(tuple(_summary(answer))),)), *_lists(answer)]
    sections.append(Section(say("The ranking so far"), (_ranking(answer),)))
    notes = tuple(_notes(answer))
    if notes:
        sections.append(Section(say("How to read this"), (Lines(notes, bullets=True),)))
    return Page(title, tuple(sections), answer.subject.notices_at(answer.total))


def _lists(answer: Pending) -> Iterator[Section]:
    """Yield what there is to do, one list of it after the other."""
    shown = answer.shown
    if answer.appeals:
        blocks: tuple[Grid | Lines, ...] = (
            _appeals(answer, answer.appeals[:shown]),
            *_more(answer, len(answer.appeals)),
        )
        yield Section(say("Appeals to decide"), blocks)
    criteria = [one for one in answer.criteria if one.decisive or one.together]
    if criteria:
        blocks = (_criteria(answer, criteria[:shown]), *_more(answer, len(criteria)))
        yield Section(say("Which criteria decide"), blocks)
    first = [one for one in answer.queue if one.urgency != "can-wait"]
    if first:
        yield Section(say("Verify these first"), (_queue(answer, first[:shown]), *_rest(answer, len(first))))


def _summary(answer: Pending) -> Iterator[str]:
    """Yield the state in a few sentences, what to do first."""
    ranked = [one for one in answer.units if one.best is not None]
    if answer.queue:
        yield from _counts(answer)
        settled = sum(one.settled for one in ranked)
        yield say("{settled} of {units} units keep their rank whatever happens.", settled=settled, units=len(ranked))
    elif answer.track:
        yield say("Nothing is open: the ranking of {units} units is final as it stands.", units=len(ranked))
    else:
        yield say("No figure that counts here is missing, so nothing is open in this table.")
    if not answer.track:
        yield say(
            "A table does not say whether its figures were verified: if they were only declared, add `--declared`, or "
            "`--round FILE` where a round knows."
        )


def _counts(answer: Pending) -> Iterator[str]:
    """Yield how much is open, and how much of it decides."""
    count = {word: sum(one.urgency == word for one in answer.queue) for word in ("decisive", "together", "can-wait")}
    units, levels = len({one.unit for one in answer.queue}), _has_levels(answer)
    if answer.appeals:
        yield say("Appeals to decide: {count}.", count=len(answer.appeals))
    yield say("{open} criteria of {units} units are still open.", open=len(answer.queue), units=units)
    if count["decisive"] and levels:
        yield say("{count} of them each change a rank or a level by themselves.", count=count["decisive"])
    elif count["decisive"]:
        yield say("{count} of them each change a rank by themselves.", count=count["decisive"])
    if count["together"]:
        yield say("{count} can do so only together with others.", count=count["together"])
    if count["can-wait"] and levels:
        yield say("{count} can wait: whatever becomes of them, no rank and no level changes.", count=count["can-wait"])
    elif count["can-wait"]:
        yield say("{count} can wait: whatever becomes of them, no rank changes.", count=count["can-wait"])


def _appeals(answer: Pending, appeals: Sequence[PendingAppeal]) -> Grid:
    header = (
        say("unit"),
        say("criterion"),
        say("asks for"),
        say("since"),
        say("points if granted"),
        say("rank"),
        say("ranks changed"),
    )
    body = [
        (
            _named(one.unit, one.name),
            _named(one.code, one.criterion),
            _asked(one),
            one.since or "-",
            _change(_points(answer, one.points), _points(answer, one.granted)),
            _change(_number(one.rank), _number(one.becomes)),
            "-" if one.ranks is None else str(one.ranks),
        )
        for one in appeals
    ]
    return Grid(header, body, right=(4, 5, 6))


def _asked(one: PendingAppeal) -> str:
    """Return what a unit asks for: another figure, or that its evidence counts, and with which words."""
    asks = say("{now} → {asked}", now=one.now, asked=one.asked) if one.asked is not None else say("its evidence counts")
    if one.figure != one.code:
        asks = say("{figure}: {asks}", figure=one.figure, asks=asks)
    return joined((asks, one.evidence, one.remark), "; ")


def _criteria(answer: Pending, criteria: Sequence[PendingCriterion]) -> Grid:
    header = (
        say("criterion"),
        say("units"),
        say("decides alone"),
        say("only together"),
        say("most ranks"),
        say("points at stake"),
    )
    body = [
        (
            _named(one.code, one.criterion),
            str(one.units),
            str(one.decisive),
            str(one.together),
            str(one.ranks),
            _points(answer, one.swing),
        )
        for one in criteria
    ]
    return Grid(header, body, right=(1, 2, 3, 4, 5))


def _queue(answer: Pending, first: Sequence[PendingClaim]) -> Grid:
    level = _has_levels(answer)
    header = [
        say("no."),
        say("unit"),
        say("criterion"),
        say("open because"),
        say("points may be"),
        say("points at stake"),
        say("ranks changed"),
        *([say("level")] * level),
    ]
    body = [
        [
            str(number),
            _named(one.unit, one.name),
            _named(one.code, one.criterion),
            joined((_WHY[why] for why in one.why), by=", "),
            _span(_points(answer, one.lowest_points), _points(answer, one.highest_points)),
            _points(answer, one.swing),
            _moved(one),
            *([say("changes") if one.level else "-"] * level),
        ]
        for number, one in enumerate(first, 1)
    ]
    return Grid(header, body, right=(0, 4, 5, 6))


def _moved(one: PendingClaim) -> str:
    """Return how many ranks a criterion changes: by itself, or at most together with others."""
    if one.ranks:
        return str(one.ranks)
    return say("0 (together: {count})", count=one.reach) if one.reach else "0"


def _more(answer: Pending, count: int) -> Iterator[Lines]:
    left = 0 if answer.shown is None else count - answer.shown
    if left > 0:
        yield Lines((say("{count} more; `--all` lists them.", count=left),))


def _rest(answer: Pending, count: int) -> Iterator[Lines]:
    left = 0 if answer.shown is None else count - answer.shown
    if left > 0 and _has_levels(answer):
        yield Lines((say("{count} more can change a rank or a level; `--all` lists them.", count=left),))
    elif left > 0:
        yield Lines((say("{count} more can change a rank; `--all` lists them.", count=left),))


def _has_levels(answer: Pending) -> bool:
    return answer.subject.scheme.row(answer.total).levels is not None


def _ranking(answer: Pending) -> Grid:
    level = _has_levels(answer)
    pools = any(one.pool for one in answer.units)
    header = [say("rank"), say("rank may be"), say("unit"), say("name"), say("score"), say("score may be"), say("open")]
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
    if answer.queue:
        yield say("'May be' says what is still possible while criteria of this unit and of others are open.")
    if "unverified" in whys:
        yield say("A figure that is not verified may stand as declared, or be turned down and count for nothing.")
    if "missing" in whys:
        yield say("A missing figure may stay missing, or bring anything from no points to full marks.")
    if "appealed" in whys:
        yield say("An appeal may be turned down, or be granted as asked; what it changes is told as if it alone were.")
    if "evidence" in whys:
        yield say("Evidence that was not shown may still be shown.")
    if answer.queue:
        yield say(
            "'Points at stake' and 'ranks changed' say what one criterion does while all others stay as they are."
        )
    if answer.criteria:
        yield say(
            "Of each criterion: for how many units it is open, for how many it decides, the most for one of them."
        )
    if any(one.reach and not one.ranks for one in answer.queue):
        yield say("'Together' says how many ranks a criterion can move at most together with others.")
    if not all(one.exact and one.exact_ranks for one in answer.units):
        yield say("Some ranges are bounds: no outcome lies outside, but perhaps none reaches their ends.")
    if answer.compares:
        yield say("Units are compared with one another here: a figure that is corrected may move others by more.")
    if any(one.first_look for one in answer.queue):
        yield say("Too many criteria are open to score all units anew for each: what one does to others is left out.")


def _points(answer: Pending, number: Exact) -> str:
    """Return points with as many digits as the score shows of them, two at least; of fewer the first that is there."""
    if number is None:
        return "-"
    row = answer.subject.scheme.row(answer.total)
    shown = f"{float(number):z.{max(2, row.publish.decimals - _zeros(points_per_unit(row)))}f}"
    return number_text(float(f"{float(number):.1g}")) if number and not float(shown) else shown


def _zeros(whole: Fraction) -> int:
    """Return how many digits a number has before its point, but one: 2 for 400."""
    return len(str(int(whole))) - 1


def _change(before: str, after: str) -> str:
    return before if before == after else say("{before} → {after}", before=before, after=after)


def _named(code: str, name: str) -> str:
    return code if name in ("", code) else joined((code, name), " ")


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:g}"


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} – {high}"
