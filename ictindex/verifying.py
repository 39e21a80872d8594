"""The public functions that hold a written result against its receipt, its scheme and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ictindex.api import SchemeLike, compile_scheme, read_table, score
from ictindex.errors import Problem, UnknownName, WrongUse
from ictindex.formats import Readable
from ictindex.formats.choosing import choose, suffix_of
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.plugins import formats
from ictindex.result import Result
from ictindex.table import Table

if TYPE_CHECKING:
    from ictindex.formats.written import Written
    from ictindex.intake import Source
    from ictindex.verification import Verification


def read_result(source: Readable, *, format: str = "") -> Written:  # noqa: A002 - the field's word
    """Return what a file or stream says of a result: one that was written as json, jsonl, csv, excel, parquet or arrow.

    Raises ResultInvalid or TableInvalid where no result can be read in it, WrongUse where its format has none.
    """
    written: Written = choose(formats(), format, suffix_of(source), "read_result").read_result(source)
    return written


def verify(
    result: Readable | Written,
    *,
    table: Source | Table | None = None,
    scheme: SchemeLike | None = None,
    reference: Source | Table | None = None,
    format: str = "",  # noqa: A002 - the field's word
) -> Verification:
    """Return whether a written result is the same as when it was written, or what differs first.

    Without a table, what it says is compared with the hash in its receipt, and the scheme that it names, or `scheme`,
    with the one that it was made under. With a table, and the `reference` where it was scored with one, it is scored
    anew and every cell is compared. Sources are read as `read_table` reads them; one that needs options is given as a
    Table. Raises what reading and scoring raise; a difference is never raised.
    """
    from ictindex.formats.written import Written
    from ictindex.verification import Check

    written = result if isinstance(result, Written) else read_result(result, format=format)
    check = Check(written)
    check.itself(scored_anew=table is not None)
    try:
        plan = scheme_of(written, scheme)
    except UnknownName as error:
        if table is not None or scheme is not None:
            raise
        told = say("the scheme was not compared: {reason}", reason=error.problems[0].message)
        check.remarks.append(told)
        return check.answer()
    check.scheme(plan.scheme)
    if table is not None:
        check.table(_scored(written, plan, table, reference))
    return check.answer()


def scheme_of(written: Written, scheme: SchemeLike | None = None) -> Plan:
    """Return the scheme that a result was made under, by its id, or another one; in the variant of the result.

    Raises UnknownName where there is no such scheme or variant.
    """
    named: Any = written.receipt["scheme"] if scheme is None else scheme
    return compile_scheme(named, variant=written.receipt["variant"] or "")


def _scored(written: Written, plan: Plan, table: Any, reference: Any) -> Result:
    known = _read(reference, plan) if reference is not None else None
    if known is None and "reference" in written.receipt["options"]:
        hint = say("name the table that it was scored with")
        raise WrongUse(Problem("U170", say("the result was scored with a reference"), hint=hint))
    return score(plan, _read(table, plan), reference=None if known is None else score(plan, known))


def _read(source: Any, plan: Plan) -> Table:
    return source if isinstance(source, Table) else read_table(source, scheme=plan, doubts=False)
