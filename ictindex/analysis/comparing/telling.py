"""A comparison of two results as a page: the most important first, what could not be compared at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath

from ictindex.analysis.comparing.answers import Apart, Cause, Comparison, PrintedSplit, RowMove, Side, UnitMove
from ictindex.explanation import number_text
from ictindex.messages import joined, listed, say
from ictindex.model import TOTAL
from ictindex.pages import Grid, Lines, Page, Section

FEW = 3
"""So many units are told one by one; more of them in a table."""

TOP = 8
"""So many rows are told of a unit: those that moved its score most."""

NAMED = 12
"""So many codes are named in one line."""

CAUSES: Mapping[Cause, str] = {
    "own": say("own figures"),
    "verification": say("verification"),
    "scheme": say("scheme"),
    "others": say("others"),
}

_MEANT: Mapping[Cause, str] = {
    "own": say("own figures: what the unit reports is different"),
    "verification": say("verification: what verifying its figures took or gave is different"),
    "scheme": say("scheme: the same figures are scored otherwise"),
    "others": say("others: the other units' figures are different, and the unit is held against them"),
}

_TRACKS = {"declared": say("as declared"), "verified": say("as verified"), "final": say("as final")}


def page_of(found: Comparison) -> Page:
    """Return the page of a comparison."""
    few = len(found.units) <= FEW
    apart = [_apart(found)] if found.apart else []
    sections = [*(apart if few else ()), *(Section("", (one,)) for one in _head(found))]
    if few:
        sections += [Section(_named(one), tuple(_unit(one, found))) for one in found.units]
    else:
        sections += _tables(found)
    if found.units:
        sections.append(Section(say("Why a score or a rank changes"), (Lines(tuple(_meanings(found)), bullets=True),)))
    sections += () if few else apart
    notes = tuple(_notes(found))
    if notes:
        sections.append(Section(say("Take care"), (Lines(notes, bullets=True),)))
    row = found.row_name if found.row_after != TOTAL else say("the total")
    title = say("What changed between two results: {row}", row=row)
    return Page(title, tuple(sections), found.subject.notices)


def _apart(found: Comparison) -> Section:
    """Return who cannot be compared: the first of all where single units are told of, else at the end."""
    lines = (say("{unit}: {why}", unit=_named(one), why=one.why) for one in found.apart)
    return Section(say("Not compared"), (Lines(tuple(lines), bullets=True),))


def _head(found: Comparison) -> Iterator[Lines]:
    sides = say("before: {side}", side=_side(found.before)), say("after: {side}", side=_side(found.after))
    yield Lines((*sides, *found.subject.which_total(found.row_after)))
    if found.given and {"scheme", "others"} & {*found.causes}:
        given = say(
            "The scores of {rows} are given, not computed. What the scheme or the others did inside them cannot be "
            "told apart: it stands among the unit's own figures.",
            rows=listed(found.given, NAMED),
        )
        yield Lines((given,))
    if len(found.units) > FEW:
        places = [one.places.whole for one in found.units if one.places is not None]  # not of units without a rank
        up, down = sum(one > 0 for one in places), sum(one < 0 for one in places)
        told = {"count": len(found.units), "up": up, "down": down, "same": len(places) - up - down}
        yield Lines((say("{count} units compared: {up} rank higher, {down} lower, {same} keep their rank", **told),))


def _side(side: Side) -> str:
    scheme = f"{side.scheme}#{side.variant}" if side.variant else side.scheme
    file, round_file = (PurePath(one).name for one in (side.source, side.round))
    if round_file:
        file = say("{table} with the round {round}", table=file, round=round_file)
    return joined((scheme, file, _TRACKS.get(side.track, side.track), say("units: {count}", count=side.units)), ", ")


def _named(one: UnitMove | Apart) -> str:
    return one.unit if one.name in ("", one.unit) else f"{one.name} ({one.unit})"


def _unit(one: UnitMove, found: Comparison) -> Iterator[Lines | Grid]:
    yield Lines(tuple(_verdict(one, found)))
    if one.is_unchanged:
        return
    places = None if one.keeps_rank else one.printed_places
    header, right = [say("why"), say("score")], [1]
    if places is not None:
        header.append(say("places"))
        right.append(2)
    body = [_cause(cause, one, found, places) for cause in (found.rank_causes if places is not None else found.causes)]
    whole = [say("in all"), one.printed.whole]
    body.append([*whole, places.whole] if places is not None else whole)
    yield Grid(header, body, right)
    if one.rows:
        yield Lines((say("The rows that moved the score most:"),))
        yield _rows(one, found)
    reasons = [say("{row}: {why}", row=row.after or row.before, why=_why(row)) for row in one.rows if row.reasons]
    if reasons:
        yield Lines((say("Reasons that were given:"),))
        yield Lines(reasons, bullets=True)


def _why(row: RowMove) -> str:
    """Return the reasons that a round gave at a row, each by its code and its words."""
    return joined((joined((one.code, f"({one.name})"), " ") for one in row.reasons), ", ")


def _cause(cause: Cause, one: UnitMove, found: Comparison, places: PrintedSplit | None) -> list[str]:
    cells = [CAUSES[cause], one.printed.part(cause) if cause in found.causes else "-"]
    return cells if places is None else [*cells, places.part(cause)]


def _verdict(one: UnitMove, found: Comparison) -> Iterator[str]:
    scores = {"before": one.printed_before, "after": one.printed_after, "change": one.printed.whole}
    if one.is_unchanged:
        yield say("score {score}, unchanged", score=one.printed_after)
    else:
        yield say("score {before} → {after} ({change})", **scores)
    if one.places is not None and one.keeps_rank and one.ranked_before == one.ranked_after:
        yield say("rank unchanged: {rank} of {count}", rank=one.rank_after, count=one.ranked_after)
    elif one.places is not None:
        ranks = {"before": one.rank_before, "of": one.ranked_before, "after": one.rank_after, "all": one.ranked_after}
        yield say("rank {before} of {of} → {after} of {all} ({places})", **ranks, places=_places(one.places.whole))
    if (one.level_before or one.level_after) and one.level_before != one.level_after:
        yield say("level {before} → {after}", before=one.level_before or "-", after=one.level_after or "-")
    if found.scale == "share":
        published = {"before": one.published_before, "after": one.published_after}
        yield say("published {before} and {after}; here both are in percent of their maximum", **published)


def _places(places: Fraction) -> str:
    if not places:
        return say("the same place")
    if abs(places) == 1:
        return say("1 place down") if places < 0 else say("1 place up")
    count = number_text(abs(places))
    return say("{count} places down", count=count) if places < 0 else say("{count} places up", count=count)


def _rows(one: UnitMove, found: Comparison) -> Grid:
    """Return the rows that moved the score most, and the others together."""
    shown, rest = one.rows[:TOP], one.rows[TOP:]
    header = [say("row"), say("before"), say("after"), say("change"), *(CAUSES[cause] for cause in found.causes)]
    body = [
        [
            _row_name(row),
            row.printed_before,
            row.printed_after,
            row.printed.whole,
            *(row.printed.part(cause) for cause in found.causes),
        ]
        for row in shown
    ]
    if rest:
        named = say("the other {count} rows together", count=len(rest))
        whole = _less(one.printed.whole, [row.printed.whole for row in shown])
        parts = (_less(one.printed.part(cause), [row.printed.part(cause) for row in shown]) for cause in found.causes)
        body.append([named, "", "", whole, *parts])
    return Grid(header, body, right=range(1, len(header)))


def _less(whole: str, parts: Sequence[str]) -> str:
    """Return what is left of a printed number without some printed parts of it, printed alike."""
    sign = "%" if whole.endswith("%") else ""
    left = Decimal(whole.rstrip("%")) - sum(Decimal(part.rstrip("%")) for part in parts)
    return f"{left:+f}{sign}" if left else f"{abs(left):f}{sign}"


def _row_name(row: RowMove) -> str:
    if row.before == row.after or not row.before:
        codes = row.after
    else:
        codes = f"{row.before} → {row.after}" if row.after else row.before
    named = joined((codes, row.name), " ") if codes != row.name else codes
    if not row.before:
        return say("{row} (new)", row=named)
    return named if row.after else say("{row} (gone)", row=named)


def _tables(found: Comparison) -> Iterator[Section]:
    """Yield the units whose score or rank changed; those that did not change are only named."""
    changed = [one for one in _ordered(found.units) if not one.is_unchanged]
    same = [_named(one) for one in _ordered(found.units) if one.is_unchanged]
    blocks: list[Grid | Lines] = [_scores(changed, found)] if changed else []
    if same:
        blocks.append(Lines((say("Unchanged, {count} units: {units}", count=len(same), units=listed(same, NAMED)),)))
    yield Section(say("Scores"), blocks)
    moved = [one for one in changed if not one.keeps_rank]
    if any(one.places for one in moved):
        yield Section(say("Ranks: places up (+) or down (-)"), (_ranks(moved, found),))


def _scores(units: Sequence[UnitMove], found: Comparison) -> Grid:
    header = [say("unit"), say("before"), say("after"), say("change"), *(CAUSES[cause] for cause in found.causes)]
    body = [
        [
            _named(one),
            one.printed_before,
            one.printed_after,
            one.printed.whole,
            *(one.printed.part(cause) for cause in found.causes),
        ]
        for one in units
    ]
    return Grid(header, body, right=range(1, len(header)))


def _ranks(units: Sequence[UnitMove], found: Comparison) -> Grid:
    header = [say("unit"), say("before"), say("after"), say("change"), *(CAUSES[cause] for cause in found.rank_causes)]
    body = []
    for one in units:
        printed = one.printed_places
        parts = ["-"] * (len(found.rank_causes) + 1)
        if printed is not None:
            parts = [printed.whole, *(printed.part(cause) for cause in found.rank_causes)]
        body.append([_named(one), _rank(one.rank_before), _rank(one.rank_after), *parts])
    return Grid(header, body, right=range(1, len(header)))


def _rank(rank: float | None) -> str:
    return "-" if rank is None else str(rank)


def _ordered(units: Sequence[UnitMove]) -> list[UnitMove]:
    """Return the units pool by pool, by their rank after."""
    return sorted(units, key=lambda one: (one.pool, one.rank_after is None, one.rank_after or 0, one.unit))


def _meanings(found: Comparison) -> Iterator[str]:
    yield from (_MEANT[cause] for cause in found.rank_causes)
    if len(found.rank_causes) > 1:
        yield say("each part is the mean over every order in which the causes may come, so no order is favoured")
    if any(_has_part(one, found) for one in found.units):
        yield say("a part of a place, such as +0.5: the cause moves the rank in some of these orders, in others not")
    if "others" in found.rank_causes and "others" not in found.causes:
        yield say("under these schemes the others' moves change ranks only, no score")


def _has_part(one: UnitMove, found: Comparison) -> bool:
    """Whether parts of places are printed of a unit."""
    split = None if one.keeps_rank else one.places
    return split is not None and any(split.part(cause).denominator > 1 for cause in found.rank_causes)


def _notes(found: Comparison) -> Iterator[str]:
    """Yield what a reader must know of how the two were made comparable."""
    if found.scale == "share":
        yield say("the two schemes publish on different scales, so scores are compared as shares of their maximum")
    if not found.exact:
        yield say("roots or logarithms enter: all numbers are decimals of 60 digits")
    for rows, side in ((found.rows_before, say("before")), (found.rows_after, say("after"))):
        if rows:
            yield say("rows that stand in the scheme {side} only: {rows}", side=side, rows=listed(rows, NAMED))
    if found.guessed:
        yield say(
            "matched by nothing but their name: {rows}; a mapping of rows settles it", rows=listed(found.guessed, NAMED)
        )
    for one in found.carrying:
        yield from _carried(one.under, one.taken, one.filled, one.rescaled)


def _carried(under: str, taken: Sequence[str], filled: Mapping[str, int], rescaled: Sequence[str]) -> Iterator[str]:
    year, other = (say("after"), say("before")) if under == "before" else (say("before"), say("after"))
    if taken:
        told = {"year": year, "other": other, "columns": listed(taken, NAMED)}
        yield say(
            "the table {year} cannot have these columns of the scheme {other}, so they were taken from the table "
            "{other}: {columns}",
            **told,
        )
    if filled:
        told = {
            "year": year,
            "other": other,
            "columns": listed([f"{code} ({count})" for code, count in filled.items()], NAMED),
        }
        yield say(
            "cells that are empty {year} and that the scheme {other} refuses to lack were taken from the table "
            "{other}: {columns}",
            **told,
        )
    if rescaled:
        told = {"year": year, "other": other, "rows": listed(rescaled, NAMED)}
        yield say("points of {year} were brought to the maximum {other} as the same share of it: {rows}", **told)
