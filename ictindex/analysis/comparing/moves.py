"""The change of each unit's score, of its rank and of what each row brings, divided among the causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from attrs import frozen

from ictindex.analysis.comparing.answers import Apart, Cause, RowMove, Split, UnitMove, negated
from ictindex.analysis.comparing.rows import Key, brought, ends_of, given_headings
from ictindex.analysis.comparing.scales import Scale, printed_places
from ictindex.analysis.comparing.shapley import shapley
from ictindex.analysis.comparing.standing import AFTER, BEFORE, Field, Figures, Standing
from ictindex.messages import say
from ictindex.model import Group, Indicator, Row, walk
from ictindex.origins import Reason
from ictindex.publication import NEGLIGIBLE
from ictindex.result import Result

_SCORE, _RANK = "score", "rank"
_Number = str | Key


@frozen(eq=False, kw_only=True)
class Game:
    """What is compared: both results, all figures under either scheme, the row in both, and what may be a cause.

    `keys` say, by code, which row of a scheme is which; with `in_rows` it is also told what each criterion brings.
    """

    results: tuple[Result, Result]
    fields: tuple[Field, Field]
    rows: tuple[Row, Row]
    keys: tuple[Mapping[str, Key], Mapping[str, Key]]
    scale: Scale
    causes: tuple[Cause, ...]
    score_causes: tuple[Cause, ...]
    in_rows: bool


def moves_of(game: Game, units: Sequence[str]) -> tuple[tuple[UnitMove, ...], tuple[Apart, ...]]:
    """Return each unit's move, and the units that have no score somewhere on the way."""
    for one in dict.fromkeys(game.fields):
        one.settle(units)
    sides = _SideFacts(game.results[BEFORE], game.rows[BEFORE]), _SideFacts(game.results[AFTER], game.rows[AFTER])
    moves, apart = [], []
    for unit in units:
        made = _move(game, sides, unit)
        if isinstance(made, Apart):
            apart.append(made)
        else:
            moves.append(made)
    return tuple(moves), tuple(apart)


class _SideFacts:
    """What one result published at the row, unit by unit."""

    def __init__(self, result: Result, row: Row) -> None:
        self.result, self.row = result, row
        self.scored, self.published = result.scored(row.code), result.published(row.code)
        self.ranks, self.levels, self.keys = result.ranks(row.code), result.levels(row.code), result.keys(row.code)
        self.pools: Sequence[str] = result.table.pool or ("",) * len(result.units)
        ranked = [pool for pool, rank in zip(self.pools, self.ranks, strict=True) if rank]
        self.ranked = {pool: ranked.count(pool) for pool in set(ranked)}

    def rank(self, at: int) -> int | float | None:
        rank = float(self.ranks[at])
        return None if not rank else int(rank) if rank.is_integer() else rank


def _move(game: Game, sides: tuple[_SideFacts, _SideFacts], unit: str) -> UnitMove | Apart:
    before, after = sides
    at = tuple(side.result.position(unit) for side in sides)
    name = after.result.names[at[AFTER]]
    for side, place, which in zip(sides, at, (say("before"), say("after")), strict=True):
        if not side.scored[place]:
            return Apart(unit=unit, name=name, why=say("it has no score {when}", when=which))
    states = _States(game, unit)
    if not states.scored:
        return Apart(unit=unit, name=name, why=say("one year's figures give no score under the other's scheme"))
    parts = shapley(game.causes, states.numbers)
    first, last = states.numbers(frozenset()), states.numbers(frozenset(game.causes))
    keys = [_key(game.scale, side, place, score) for side, place, score in zip(sides, at, (first, last), strict=True)]
    score = _split(parts, _SCORE, first, last)
    places = negated(_split(parts, _RANK, first, last)) if _RANK in first else None
    if before.ranked.get(before.pools[at[0]], 0) < 2 and after.ranked.get(after.pools[at[1]], 0) < 2:
        places = None  # alone in its pool: every score is the first
    return UnitMove(
        unit=unit,
        name=name,
        pool=after.pools[at[AFTER]],
        before=first[_SCORE],
        after=last[_SCORE],
        published_before=before.published[at[BEFORE]] or "",
        published_after=after.published[at[AFTER]] or "",
        printed_before=game.scale.number(keys[BEFORE]),
        printed_after=game.scale.number(keys[AFTER]),
        score=score,
        printed=game.scale.printed(score, keys[AFTER] - keys[BEFORE], game.score_causes),
        rank_before=before.rank(at[BEFORE]),
        rank_after=after.rank(at[AFTER]),
        ranked_before=before.ranked.get(before.pools[at[BEFORE]], 0),
        ranked_after=after.ranked.get(after.pools[at[AFTER]], 0),
        places=places,
        printed_places=None if places is None else printed_places(places, game.causes),
        level_before=before.levels[at[BEFORE]],
        level_after=after.levels[at[AFTER]],
        rows=tuple(_row_moves(game, unit, parts, first, last)),
    )


def _key(scale: Scale, side: _SideFacts, at: int, numbers: Mapping[_Number, Fraction]) -> int:
    return int(side.keys[at]) if scale.as_published else scale.key(numbers[_SCORE])


def _split(
    parts: Mapping[str, Mapping[_Number, Fraction]],
    number: _Number,
    first: Mapping[_Number, Fraction],
    last: Mapping[_Number, Fraction],
) -> Split:
    whole = last.get(number, Fraction(0)) - first.get(number, Fraction(0))
    return Split(whole=whole, **{cause: found[number] for cause, found in parts.items()})


def _row_moves(
    game: Game,
    unit: str,
    parts: Mapping[str, Mapping[_Number, Fraction]],
    first: Mapping[_Number, Fraction],
    last: Mapping[_Number, Fraction],
) -> Iterator[RowMove]:
    """Yield what the rows bring that anything changed in, those that moved the score most first."""
    found = [(key, _split(parts, key, first, last)) for key in next(iter(parts.values())) if isinstance(key, tuple)]
    moved = [(key, split) for key, split in found if any(abs(parts[one][key]) > NEGLIGIBLE for one in parts)]
    schemes = game.results[BEFORE].scheme, game.results[AFTER].scheme
    for key, split in sorted(moved, key=lambda one: -abs(one[1].whole)):
        row = schemes[AFTER].row(key[1]) if key[1] else schemes[BEFORE].row(key[0])
        yield RowMove(
            before=key[0],
            after=key[1],
            name=row.name,
            brought_before=first.get(key, Fraction(0)),
            brought_after=last.get(key, Fraction(0)),
            printed_before=game.scale.number(game.scale.key(first.get(key, Fraction(0)))),
            printed_after=game.scale.number(game.scale.key(last.get(key, Fraction(0)))),
            change=split,
            printed=game.scale.rounded(split, game.score_causes),
            reasons=_reasons(game, unit, key),
        )


def _reasons(game: Game, unit: str, key: Key) -> tuple[Reason, ...]:
    """Return why a round changed the figures of a criterion, or the score of a heading."""
    year = AFTER if game.results[AFTER].table.origin.has_events else BEFORE
    result = game.results[year]
    if not key[year] or not result.table.origin.has_events:
        return ()
    row, at = result.scheme.row(key[year]), result.position(unit)
    found = dict[Reason, None]()
    for one in walk(row) if isinstance(row, Group) and row.parts else [row]:
        inputs = one.inputs if isinstance(one, Indicator) else ()
        for cell in (*inputs, *(f"{one.code}.{kind}" for kind in ("score", "excluded", "evidence"))):
            found |= dict.fromkeys(result.table.origin.reasons(at, cell))
    return tuple(found)


class _States:
    """The numbers of one unit in every state: its score, its rank, and what each row brings."""

    def __init__(self, game: Game, unit: str) -> None:
        self.game, self.unit = game, unit
        self.verifies, self.changes = "verification" in game.causes, "scheme" in game.causes
        self.known: dict[tuple[int, int, int], Standing] = {}
        every = [
            (figures, scheme, others)
            for figures in product((BEFORE, AFTER), (True, False) if self.verifies else (False,))
            for scheme in ((BEFORE, AFTER) if self.changes else (BEFORE,))
            for others in (BEFORE, AFTER)
        ]
        standings = [(state[1], self._standing(*state)) for state in every]
        self.scored = all(self._has_score(scheme, one) for scheme, one in standings)
        self.ranked = all(one.rank is not None for _, one in standings)
        self.ends: set[Key] = set()
        if game.in_rows:
            for plan_of, keys in zip(game.results, game.keys, strict=True):
                self.ends |= set(ends_of(plan_of.plan, keys))
            for scheme, one in standings:
                self.ends |= set(given_headings(one.result, one.position, game.keys[scheme]))
        self.told: dict[tuple[int, int, int], dict[_Number, Fraction]] = {}

    def numbers(self, moved: frozenset[str]) -> dict[_Number, Fraction]:
        """Return the numbers once these causes have moved.

        What verification does is what it does to its own year's declared figures, put on top of those of the unit.
        """
        own, scheme, others = (AFTER if one in moved else BEFORE for one in ("own", "scheme", "others"))
        if not self.verifies:
            return self._at((own, False), scheme, others)
        year = AFTER if "verification" in moved else BEFORE
        total = dict(self._at((own, True), scheme, others))
        for declared, sign in ((False, 1), (True, -1)):
            for number, value in self._at((year, declared), scheme, others).items():
                total[number] = total.get(number, Fraction(0)) + sign * value
        return total

    def _field(self, scheme: int) -> Field:
        return self.game.fields[scheme]

    def _standing(self, figures: Figures, scheme: int, others: int) -> Standing:
        place = scheme, self._field(scheme).rows[figures][self.unit], others
        if place not in self.known:
            self.known[place] = self._field(scheme).standing(self.unit, figures, others)
        return self.known[place]

    def _has_score(self, scheme: int, one: Standing) -> bool:
        return bool(one.result.settled.matrix.scored(self._place(scheme, one))[one.position])

    def _place(self, scheme: int, one: Standing) -> int:
        return one.result.plan.place(self.game.rows[scheme].code)

    def _at(self, figures: Figures, scheme: int, others: int) -> dict[_Number, Fraction]:
        scheme = scheme if self.changes else BEFORE
        one = self._standing(figures, scheme, others)
        place = scheme, self._field(scheme).rows[figures][self.unit], others
        if place not in self.told:
            self.told[place] = self._numbers(scheme, one)
        return self.told[place]

    def _numbers(self, scheme: int, one: Standing) -> dict[_Number, Fraction]:
        per = (self.game.scale.per_before, self.game.scale.per_after)[scheme]
        points: Any = one.result.settled.column(one.position)[self._place(scheme, one)]
        found: dict[_Number, Fraction] = {_SCORE: Fraction(points) / per}
        if self.ranked and one.rank is not None:
            found[_RANK] = one.rank
        if self.game.in_rows:
            code = self.game.rows[scheme].code
            rows = brought(one.result, one.position, code, per, self.game.keys[scheme], self.ends)
            found.update((key, value) for key, value in rows.items())
        return found
