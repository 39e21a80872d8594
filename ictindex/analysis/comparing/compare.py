"""Two results compared: the change of each unit's score and rank, divided among its causes.

A state says whose figures the unit has, as declared and as verified, which scheme scores them and among whose figures
the others stand: each from before or after. The change from all of them before to all of them after is divided by
Shapley values, so the order in which the causes are looked at does not matter, and the parts add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from ictindex.analysis.comparing.answers import CAUSES, Carrying, Cause, Comparison, Side
from ictindex.analysis.comparing.asking import MOST, back_of, check_number, check_result, chosen_of, rows_of, stated_of
from ictindex.analysis.comparing.carrying import Taken, Way, carried
from ictindex.analysis.comparing.moves import Game, moves_of
from ictindex.analysis.comparing.rows import keys_of
from ictindex.analysis.comparing.scales import scale_of
from ictindex.analysis.comparing.standing import AFTER, BEFORE, Field, Figures
from ictindex.analysis.differences.pairs import Pairs, pairs_of
from ictindex.analysis.rescoring import subject_of
from ictindex.messages import say
from ictindex.model import Group, Row, walk
from ictindex.naming import ColumnMapping
from ictindex.result import Result
from ictindex.table import Table


def compare_results(
    before: Result, after: Result, *, code: str = "", units: Sequence[str] = (), mapping: ColumnMapping | None = None
) -> Comparison:
    """Return why the scores and ranks of two results differ, unit by unit, at a row (without one, at the total).

    `units` are those to be told of, by code or name, all that both have without them; `mapping` says which code of the
    second scheme a code of the first one has become. Raises WrongUse and UnknownName, see the module.
    """
    for result in (before, after):
        check_result(result)
    same, stated = before.scheme == after.scheme, stated_of(mapping, before.scheme, after.scheme)
    pairs = pairs_of(before.scheme, after.scheme, {} if same else stated)
    rows = rows_of(before, after, pairs, code)
    fields, carrying = _fields(before, after, (rows[0].code, rows[1].code), pairs, same)
    chosen, apart = chosen_of(before, after, units, fields)
    causes, relative = _causes(before, after, same), before.plan.relative or after.plan.relative
    if relative:
        check_number(chosen, units)
    game = Game(
        results=(before, after),
        fields=fields,
        rows=rows,
        keys=(keys_of(before.plan, pairs.rows, after=False), keys_of(after.plan, back_of(pairs.rows), after=True)),
        scale=scale_of(*rows),
        causes=causes,
        score_causes=causes if relative else tuple(one for one in causes if one != "others"),
        in_rows=len(chosen) <= MOST,
    )
    moves, unscored = moves_of(game, chosen)
    return Comparison(
        subject=evolve(subject_of(after), notes=tuple(_notes(before, after))),
        before=_side(before),
        after=_side(after),
        row_before=rows[0].code,
        row_after=rows[1].code,
        row_name=rows[1].name,
        scale=game.scale.kind,
        exact=all(plan.arithmetic.name == "fraction" for plan in (before.plan, after.plan)),
        causes=game.score_causes,
        rank_causes=causes,
        units=moves,
        apart=(*apart, *unscored),
        rows_before=tuple(row.code for row in walk(rows[0]) if row.code not in pairs.rows),
        rows_after=tuple(row.code for row in walk(rows[1]) if row.code not in pairs.rows.values()),
        guessed=tuple(f"{one} → {new}" for one, new in pairs.rows.items() if pairs.matched_by[one] == "name"),
        given=tuple(dict.fromkeys(_given((before, after), rows))),
        carrying=carrying,
    )


def _fields(
    before: Result, after: Result, codes: tuple[str, str], pairs: Pairs, same: bool
) -> tuple[tuple[Field, Field], tuple[Carrying, ...]]:
    """Return all figures under either scheme, and how they came under that of the other year."""
    tables = {
        (year, declared): _figures(one, declared)
        for year, one in enumerate((before, after))
        for declared in (True, False)
    }
    if same:
        field = Field(before.plan, codes[0], tables, None)
        return (field, field), ()
    ways = {
        BEFORE: Way(after.plan, before.plan, pairs.rows, pairs.inputs),
        AFTER: Way(before.plan, after.plan, back_of(pairs.rows), back_of(pairs.inputs)),
    }
    fields, told = [], []
    for native, plan in ((BEFORE, before.plan), (AFTER, after.plan)):
        under, found = dict[Figures, Table](), Taken()
        known: dict[int, Table] = {}
        for whose, table in tables.items():
            if whose[0] != native and id(table) not in known:
                known[id(table)], took = carried(table, tables[native, True], ways[native])
                found = found.beside(took)
            under[whose] = known.get(id(table), table)
        fields.append(Field(plan, codes[native], under, native))
        told.append(
            Carrying(
                under="before" if native == BEFORE else "after",
                taken=tuple(sorted(found.columns)),
                filled=dict(sorted(found.cells.items())),
                rescaled=tuple(sorted(found.scaled)),
            )
        )
    return (fields[0], fields[1]), tuple(told)


def _figures(result: Result, declared: bool) -> Table:
    """Return the table of a result, or that of what its units declared, where it has one."""
    table = result.declared.table if declared and result.declared is not None else result.table
    return table if table.declared is None else evolve(table, declared=None)


def _causes(before: Result, after: Result, same: bool) -> tuple[Cause, ...]:
    """Return what may have changed anything."""
    may = {
        "own": not _alike(_figures(before, True), _figures(after, True)),
        "verification": before.declared is not None or after.declared is not None,
        "scheme": not same,
        "others": not _alike(_figures(before, False), _figures(after, False)),
    }
    return tuple(one for one in CAUSES if may[one]) or CAUSES[:1]


def _alike(one: Table, other: Table) -> bool:
    """Whether two tables have the same figures of the same units."""
    first, second = (evolve(table, names=(), notes=(), declared=None) for table in (one, other))
    return first == second


def _side(result: Result) -> Side:
    scheme, table, track = result.scheme, result.table, str(result.options.get("track") or "")
    file = table.origin.at().source or table.source
    return Side(
        scheme=scheme.id,
        title=scheme.title,
        edition=scheme.edition,
        variant=scheme.variant,
        source=file,
        round=table.source if track != "declared" and table.source != file else "",
        track=track,
        units=len(result.units),
        receipt=result.receipt(),
    )


def _notes(before: Result, after: Result) -> Iterator[str]:
    """Yield the notes of the second table, and what must be known of the first result beside it."""
    here = subject_of(after)
    yield from here.notes
    for notice in subject_of(before).notices:
        if notice not in here.notices:
            yield say("before: {notice}", notice=notice)


def _given(results: Sequence[Result], rows: Sequence[Row]) -> Iterator[str]:
    """Yield the headings at the compared row, or below it, whose scores are given in either table."""
    for result, top in zip(results, rows, strict=True):
        groups = (row.code for row in walk(top) if isinstance(row, Group))
        yield from (code for code in groups if f"{code}.score" in result.table.columns)
