"""The page of `headroom`: where points are lost, largest first, and what the unit is strong and weak at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ictindex.analysis.headroom.answer import Headroom, LostRow
from ictindex.explanation import number_text
from ictindex.messages import joined, listed, say
from ictindex.model import TOTAL, Publication
from ictindex.pages import Grid, Lines, Page, Section
from ictindex.publication import half_up, text

MOST = 15
"""So many rows are told of one by one; the rest are counted."""

MOST_NAMED = 2
"""So many of those who are best at a row are named."""

_NOTHING = Fraction(0)
_FEW = 10
"""Where the total has fewer points than this, they are shown with more decimals."""


def page_of(answer: Headroom) -> Page:
    """Return the page of an answer."""
    title = say("{unit}: where points are lost", unit=answer.name)
    if answer.pool:
        title = say("{unit} ({pool}): where points are lost", unit=answer.name, pool=answer.pool)
    sections = [
        Section("", [Lines([_summary(answer), *_pool(answer), *_known(answer)])]),
        *_lost(answer),
        *_groups(answer),
        *_sides(answer),
    ]
    notes = list(_notes(answer))
    if notes:
        sections.append(Section(say("What the numbers mean"), [Lines(notes, bullets=True)]))
    return Page(title, sections, answer.subject.notices)


# --- the sentence at the head ----------------------------------------------------------------------------------------


def _summary(answer: Headroom) -> str:
    total, printed = answer.total, _points(answer, answer.total.points)
    facts = {"total": total.label, "points": printed, "max": number_text(total.max)}
    head = say("{total}: {points} of {max} points", **facts)
    published = "" if answer.published == printed else say("published {score}", score=answer.published)
    rank = "" if answer.rank is None else say("rank {rank} of {count}", rank=answer.rank, count=answer.ranked)
    level = "" if answer.level is None else say("level {level}", level=answer.level)
    told = joined((head, published, rank, level), ", ")
    if not total.lost:
        return say("{standing}. No point is lost.", standing=told)
    lost, parts = _points(answer, total.lost), joined(_parts(answer), ", ")
    if total.substance == total.lost:
        return say("{standing}. {points} points are lost, all of them in the figures.", standing=told, points=lost)
    return say("{standing}. {points} points are lost: {parts}.", standing=told, points=lost, parts=parts)


def _pool(answer: Headroom) -> Iterator[str]:
    """Yield how the unit's total compares with those of its pool."""
    total = answer.total
    if total.of is not None and total.of > 1:
        facts = {"median": _points(answer, total.median), "best": _points(answer, total.best)}
        yield say("The median of the pool is {median}, the best {best}: {units}.", **facts, units=_best(answer, total))


def _known(answer: Headroom) -> Iterator[str]:
    """Yield what a reader must know before the tables: which total it is, what is not known, and what may be taken."""
    yield from answer.subject.which_total(answer.total.code)
    if answer.total.lost and not any(row.is_finest for row in answer.rows):
        yield say("There is only one score of the whole part, so it is not known which criteria lost the points.")
    unshown = sorted((row for row in answer.rows if row.unshown), key=lambda row: -(row.points or _NOTHING))
    if unshown:
        told = [joined((row.code, f"({_points(answer, row.points)})"), " ") for row in unshown]
        yield say("Scored though no evidence is shown: {rows}.", rows=listed(told, MOST))


def _parts(answer: Headroom) -> Iterator[str]:
    """Yield what the points are lost by, the parts that are not nothing."""
    total = answer.total
    if total.substance:
        yield say("{points} in the figures", points=_points(answer, total.substance))
    if total.evidence:
        yield say("{points} because evidence is missing or rejected", points=_points(answer, total.evidence))
    if total.absence:
        yield say("{points} because figures are absent", points=_points(answer, total.absence))


# --- tables ----------------------------------------------------------------------------------------------------------


_FIGURES, _EVIDENCE, _ABSENT = say("in figures"), say("in evidence"), say("absent")


def _lost(answer: Headroom) -> Iterator[Section]:
    """Yield the criteria at which points are lost; the parts of a loss have columns where there are several kinds."""
    rows = [row for row in answer.rows if row.is_finest and row.lost]
    if not rows:
        return
    parts = [
        (name, told)
        for name, told in (("substance", _FIGURES), ("evidence", _EVIDENCE), ("absence", _ABSENT))
        if any(getattr(row, name) for row in rows)
    ]
    if len(parts) == 1:  # all of it is lost by the same, as the head of the page says
        parts = []
    header = [say("criterion"), say("lost"), *(told for _, told in parts)]
    header += [say("points"), say("max"), say("median"), say("best"), say("rank")]
    body = []
    for row in rows[:MOST]:
        why = [_points(answer, getattr(row, name) or None) for name, _ in parts]
        body.append([row.label, _points(answer, row.lost), *why, *_standing(answer, row)])
    blocks: list[Lines | Grid] = [Grid(header, body, range(1, len(header)))]
    rest = rows[MOST:]
    if rest:
        points = _points(answer, sum((row.lost or _NOTHING for row in rest), _NOTHING))
        blocks.append(Lines([say("and {count} more criteria: {points} points", count=len(rest), points=points)]))
    yield Section(say("Where points are lost, the largest loss first"), blocks)


def _groups(answer: Headroom) -> Iterator[Section]:
    rows = [row for row in answer.rows if row.kind == "group" and row.lost and not row.is_finest]
    if not rows:
        return
    header = [say("group"), say("lost"), say("points"), say("max"), say("median"), say("best"), say("rank")]
    body = [[row.label, _points(answer, row.lost), *_standing(answer, row)] for row in rows[:MOST]]
    yield Section(say("By group: what full marks in all of it would add"), [Grid(header, body, range(1, 7))])


def _sides(answer: Headroom) -> Iterator[Section]:
    for title, codes in (
        (say("Strengths: above the median of the pool, the best rank first"), answer.strengths),
        (say("Weaknesses: below the median of the pool, the worst rank first"), answer.weaknesses),
    ):
        if codes:
            yield Section(title, [_side(answer, [answer.row(code) for code in codes])])


def _side(answer: Headroom, rows: Sequence[LostRow]) -> Grid:
    header = [say("criterion"), say("points"), say("max"), say("median"), say("best"), say("rank"), say("who is best")]
    return Grid(header, [[row.label, *_standing(answer, row), _best(answer, row)] for row in rows], range(1, 6))


def _standing(answer: Headroom, row: LostRow) -> tuple[str, ...]:
    rank = "" if row.rank is None else f"{row.rank}/{row.of}"
    own = (_points(answer, row.points), number_text(row.max))
    return (*own, _points(answer, row.median), _points(answer, row.best), rank)


def _best(answer: Headroom, row: LostRow) -> str:
    """Return who has the best points of the pool, the first two in the order of the table."""
    named = ", ".join(answer.names[unit] for unit in row.best_units[:MOST_NAMED])
    more = row.best_count - len(row.best_units[:MOST_NAMED])
    return say("{names} and {count} more", names=named, count=more) if more else named


def _points(answer: Headroom, number: Fraction | None) -> str:
    """Return points with two decimals, or with four where the whole total is only a few points."""
    if number is None:
        return ""
    decimals = 2 if answer.total.max >= _FEW else 4
    return text(half_up(number * 10**decimals), Publication("points", decimals))


# --- what must be known of the numbers -------------------------------------------------------------------------------


def _notes(answer: Headroom) -> Iterator[str]:
    if any(row.is_finest for row in answer.rows):
        yield from _sums(answer)
    if answer.relative:
        yield say("Rows that compare units: full marks mean being the best, while everybody else stays as they are.")
    yield from _by_state(answer)


def _sums(answer: Headroom) -> Iterator[str]:
    """Yield what a loss is, and why losses may not add up."""
    if answer.total.code == TOTAL:
        yield say("Lost is what full marks in this row alone would add to the total.")
    else:
        yield say("Lost is what full marks in this row alone would add to {row}.", row=answer.total.label)
    alone = sum((row.lost or _NOTHING for row in answer.rows if row.is_finest), _NOTHING)
    if alone != answer.total.lost:
        facts = {"alone": _points(answer, alone), "together": _points(answer, answer.total.lost)}
        yield say(
            "Row by row {alone} points are lost, all together {together}: "
            "means, caps and points converted back do not simply add up.",
            **facts,
        )


def _by_state(answer: Headroom) -> Iterator[str]:
    """Yield the rows that say something else than points earned and lost."""
    rows = (answer.total, *answer.rows)
    given = [row for row in answer.rows if row.state == "given" and row.kind == "group"]
    if given:
        yield say("The score is given, so nothing is known of what lies below: {rows}.", rows=_codes(given))
    rejected = [row for row in rows if row.rejected]
    if rejected:
        yield say("The evidence was shown and rejected: {rows}.", rows=_codes(rejected))
    left = [row for row in rows if row.state == "left-out" and row.is_finest]
    if left:
        yield say("Left out as it does not apply, so nothing is lost: {rows}.", rows=_codes(left))
    missing = [row for row in rows if row.state == "missing-left-out"]
    if missing:
        yield say("Left out as a figure is missing; full marks would count: {rows}.", rows=_codes(missing))
    informational = [row for row in rows if row.state == "informational"]
    if informational:
        yield say("For information only, without points: {rows}.", rows=_codes(informational))


def _codes(rows: Sequence[LostRow]) -> str:
    """Return the codes of rows; of many the first ones."""
    return listed([row.code for row in rows], MOST)
