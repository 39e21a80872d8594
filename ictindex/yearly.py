"""The public functions of the yearly round: what was declared, what was verified and what is final."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ictindex.api import SchemeLike, read_scheme, read_table
from ictindex.intake import holds_forms
from ictindex.model import Scheme
from ictindex.table import Table

if TYPE_CHECKING:
    from ictindex.intake import Source
    from ictindex.origins import Reason
    from ictindex.rounds.declared import Details
    from ictindex.rounds.report import RoundReport
    from ictindex.rounds.round import Round

_LINES = (".csv", ".txt", ".tsv", ".jsonl", ".ndjson", "")


def read_round(
    source: Source | Table,
    *,
    scheme: SchemeLike,
    declared: Source | Table | None = None,
    forms: Source | None = None,
    format: Literal["", "csv", "jsonl"] = "",  # noqa: A002 - the field's word
    decimal: Literal["", "point", "comma"] = "",
) -> Round:
    """Return a round: a file of CSV, Excel or JSON lines, an event a line, in the order of time whatever the file's.

    `declared` is the table of what the units declared, or whatever `read_table` reads one from; without it the file
    has the declarations too. `forms` are the filled-in forms that a declared table was read from: the claims then keep
    their documents and remarks; where forms are given as such, they do anyway. A source that holds no lines (a
    workbook, a folder of filled-in forms, a frame, a table) is a round in which everything was declared and nothing
    else happened. Raises TableInvalid with everything that is wrong, each thing with its line.
    """
    from ictindex.rounds.opening import read_round_file, table_round

    known = read_scheme(scheme)
    if declared is None and not holds_events(source):
        return table_round(known, _table(source, known, decimal), _details(source if forms is None else forms, known))
    base = None if declared is None else _table(declared, known, decimal)
    details = _details(declared if forms is None else forms, known)
    lines: Any = source
    return read_round_file(lines, known, declared=base, details=details, format_name=format, decimal=decimal)


def round_report(found: Round, *, unit: str = "") -> RoundReport:
    """Return how far a round is: for each unit what was declared, verified, changed, appealed and closed.

    With a unit, its code or its name, only that one, with the history of each of its claims. Raises UnknownName.
    """
    from ictindex.rounds.report import report_of

    return report_of(found, unit)


def reasons(scheme: SchemeLike) -> tuple[Reason, ...]:
    """Return the reasons for which a declared figure may be changed: the scheme's own, else the usual ones."""
    from ictindex.rounds.reasons import reasons_of

    return reasons_of(read_scheme(scheme))


def round_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one event of a round: a JSON object, or a line of CSV by its headings."""
    from ictindex.rounds.schema import event_schema

    return event_schema()


def holds_events(source: Any) -> bool:
    """Whether a source is a file or a stream of lines, and neither a folder nor a workbook nor a table."""
    if isinstance(source, str | os.PathLike):
        return Path(source).suffix.lower() in _LINES and not Path(source).is_dir()
    return hasattr(source, "read")


def _details(source: Any, scheme: Scheme) -> Details:
    """Return what filled-in forms say beside each figure; nothing where the source is no form."""
    if isinstance(source, Table) or not holds_forms(source):
        return {}
    from ictindex.forms.claims import claims_of
    from ictindex.rounds.dates import read_when
    from ictindex.rounds.events import Event, Proof, Stage

    return {
        (one.unit, one.code): Event(
            stage=Stage.DECLARED,
            when=read_when(one.when),
            by=one.by,
            remark=one.remark,
            proof=Proof(one.number, one.date, one.title, one.link),
        )
        for one in claims_of(source, scheme)
    }


def _table(source: Source | Table, scheme: SchemeLike, decimal: Literal["", "point", "comma"]) -> Table:
    return source if isinstance(source, Table) else read_table(source, scheme=scheme, decimal=decimal)
