"""A file of a round to a Round, with the table of what was declared or without it.

Problems: T170 a unit with two names or two pools, or with none that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from ictindex.cells import fold, shown
from ictindex.errors import Problem, WrongUse
from ictindex.findings import Found
from ictindex.formats import Readable
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.rounds.declared import Declared, Details
from ictindex.rounds.events import Track
from ictindex.rounds.histories import read_claims
from ictindex.rounds.lines import POOL, Line, read_lines
from ictindex.rounds.places import Units
from ictindex.rounds.reading import Told, read_events
from ictindex.rounds.round import Round, made_round
from ictindex.table import Table


def read_round_file(
    source: Readable,
    scheme: Scheme,
    *,
    declared: Table | None = None,
    details: Details | None = None,
    format_name: Literal["", "csv", "jsonl"] = "",
    decimal: Literal["", "point", "comma"] = "",
) -> Round:
    """Return the round in a file or stream of CSV or JSON lines.

    With `declared`, the table of what the units declared, the file has what happened to its figures since; `details`
    are what forms say beside them. Without a table the file has the declarations too. Raises TableInvalid with
    everything that is wrong.
    """
    found, lines = read_lines(source, scheme, format_name)
    if declared is not None and declared.options.get("track", Track.DECLARED) != Track.DECLARED:
        message = say("the declared table is the {track} track of a round", track=declared.options["track"])
        raise WrongUse(Problem("U193", message, hint=say("give the table of what was declared")))
    told = read_events(lines, scheme, Units(declared), found, decimal)
    claims = read_claims(told, Declared(scheme, declared, details or {}).event, found)
    base = declared if declared is not None else _units(scheme, told, lines, found)
    found.raise_any()
    return made_round(scheme, base, claims, found.source, details)


def table_round(scheme: Scheme, declared: Table, details: Details | None = None) -> Round:
    """Return the round of a declared table about which nothing more was said."""
    return made_round(scheme, declared, {}, declared.source, details)


def _units(scheme: Scheme, told: Iterable[Told], lines: Sequence[Line], found: Found) -> Table:
    """Return a table of the units that the lines name, by code, still without a figure."""
    units = tuple(sorted({one.unit for one in told}))
    names = _one_each("name", lines, found)
    pools = _one_each(POOL, lines, found)
    return Table(
        units=units,
        names=tuple(names.get(unit, unit) for unit in units),
        columns={},
        pool=None if scheme.pools is None else tuple(_pool(scheme, unit, pools, found) for unit in units),
    )


def _one_each(key: str, lines: Sequence[Line], found: Found) -> dict[str, str]:
    """Return the name, or the pool, of each unit: the lines that have one must agree."""
    known: dict[str, tuple[str, int]] = {}
    for line in sorted(lines, key=lambda one: one.number):
        unit, text = line.text("unit"), line.text(key)
        if not text:
            continue
        first, where = known.setdefault(unit, (text, line.number))
        if fold(first) != fold(text):
            message = say(
                "{unit} is {text} here and {first} in line {line}",
                unit=unit,
                text=shown(text),
                first=shown(first),
                line=where,
            )
            found.add("T170", message, line=line.number, cell=line.place(key), hint=say("write one of the two"))
    return {unit: text for unit, (text, _) in known.items()}


def _pool(scheme: Scheme, unit: str, pools: dict[str, str], found: Found) -> str:
    """Return the pool of a unit, by its code where the scheme lists the pools."""
    text = pools.get(unit, "")
    if scheme.pools is None:
        return ""
    if not text:
        message = say("no line says which pool the unit {unit} is in", unit=shown(unit))
        hint = say(
            "add the column {column} to one of its lines, or give the declared table", column=shown(scheme.pools.by)
        )
        found.add("T170", message, hint=hint)
        return ""
    known = {fold(pool.name): pool.code for pool in scheme.pools.pools if pool.name}
    known |= {fold(pool.code): pool.code for pool in scheme.pools.pools}
    code = known.get(fold(text), "") if known else text
    if not code:
        listed = ", ".join(f"{pool.code} {pool.name}".strip() for pool in scheme.pools.pools)
        message = say("unknown pool {pool} of the unit {unit}", pool=shown(text), unit=shown(unit))
        found.add("T170", message, hint=say("the pools are: {pools}", pools=listed))
    return code
