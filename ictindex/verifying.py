"""The public functions that hold a written result against its receipt, its scheme and its table."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from ictindex.api import SchemeLike, compile_scheme, read_table, score
from ictindex.errors import IctIndexError, Location, Problem, UnknownName, WrongUse
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.choosing import choose, suffix_of
from ictindex.layout import Keep
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.plugins import formats
from ictindex.table import Table

if TYPE_CHECKING:
    from ictindex.formats.written import Written
    from ictindex.intake import Source
    from ictindex.verification import Verification

Reader = Callable[[Plan], Table]
"""What reads a table for a scheme."""


def read_result(source: Readable, *, format: str = "") -> Written:  # noqa: A002 - the field's word
    """Return what a file or stream says of a result: one that was written as json, jsonl, csv, excel, parquet or arrow.

    The format of a stream without a name follows from how it begins. Raises ResultInvalid or TableInvalid where no
    result can be read in it, WrongUse where its format has none.
    """
    name, suffix = format, suffix_of(source)
    if not name and not suffix and not isinstance(source, str | os.PathLike):
        content = contents(source)
        source = io.BytesIO(content.encode() if isinstance(content, str) else content)
        name = _format_of(source.getvalue())
    if not name:
        _refuse_pages(source, suffix)
    written: Written = choose(formats(), name, suffix, "read_result").read_result(source)
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
    anew and every cell is compared; a workbook needs its table. Sources are read as `read_table` reads them; one that
    needs options is given as a Table. Raises what reading and scoring raise; a difference is never raised.
    """
    from ictindex.formats.written import Written

    written = result if isinstance(result, Written) else read_result(result, format=format)
    return verify_written(
        written,
        scheme=scheme,
        table=None if table is None else lambda plan: _read(table, plan),
        reference=None if reference is None else lambda plan: _read(reference, plan),
    )


def verify_written(
    written: Written,
    *,
    scheme: SchemeLike | None = None,
    table: Reader | None = None,
    reference: Reader | None = None,
) -> Verification:
    """Return what `verify` does, the tables read by functions that are handed the compiled scheme."""
    from ictindex.verification import Check

    if table is None and not written.complete:
        message = say("this file does not have all that its hash is made of")
        hint = say("add `--table TABLE`: it is scored anew, and each cell is compared")
        raise WrongUse(Problem("U171", message, Location(written.source), hint))
    check = Check(written)
    check.itself(scored_anew=table is not None)
    try:
        plan = compile_scheme(_named(written) if scheme is None else scheme, variant=written.receipt["variant"] or "")
    except UnknownName as error:
        if table is not None or scheme is not None:
            raise
        check.remarks.append(say("the scheme was not compared: {reason}", reason=error.problems[0].message))
        return check.answer()
    is_same = check.scheme(plan.scheme)
    if table is not None:
        _score_anew(check, plan, table, reference, forgiving=not is_same)
    return check.answer()


def _refuse_pages(source: Readable, suffix: str) -> None:
    """Raise WrongUse (U107) where the file is one for people only, such as Markdown: it does not hold every figure."""
    for name in formats():
        found = formats().get(name)
        if suffix and suffix in getattr(found, "suffixes", ()) and not hasattr(found, "read_result"):
            message = say("a result that was written as {format} cannot be verified", format=name)
            hint = say("verify the one that was written as csv, json, jsonl, excel, parquet or arrow")
            raise WrongUse(Problem("U107", message, Location(source_name(source)), hint))


def _format_of(content: bytes) -> str:
    """Return the format of a result that begins so."""
    for beginning, name in ((b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"PK", "excel"), (b"{", "json")):
        if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(beginning):
            lines = content.strip().split(b"\n", 2)
            whole = len(lines) > 1 and lines[0].rstrip().endswith(b"}") and lines[1].lstrip().startswith(b"{")
            return "jsonl" if name == "json" and whole else name
    return "csv"


def _named(written: Written) -> str:
    """Return the id of the scheme that a result names. A file that somebody sent opens no other files."""
    name: str = written.receipt["scheme"]
    if name.lower().endswith((".yaml", ".yml")) or os.path.lexists(name):
        message = say("the result names a file as its scheme: '{name}'", name=name)
        raise UnknownName(Problem("U173", message, Location(written.source), say("name the scheme yourself")))
    return name


def _score_anew(check: Any, plan: Plan, table: Reader, reference: Reader | None, *, forgiving: bool) -> None:
    """Compare with the table; under another scheme it may not be readable at all, and then that is said."""
    if reference is None and "reference" in check.written.receipt["options"]:
        hint = say("name the table that it was scored with")
        raise WrongUse(Problem("U170", say("the result was scored with a reference"), hint=hint))
    try:
        known = None if reference is None else score(plan, reference(plan))
        result = score(plan, table(plan), reference=known)
    except IctIndexError as error:
        if not forgiving:
            raise
        told = say("under this scheme the table cannot be scored: {reason}", reason=error.problems[0].message)
        check.remarks.append(told)
    else:
        check.table(result.keeping(keep_stated(check.written.receipt["options"])))


def keep_stated(options: Mapping[str, Any]) -> Keep:
    """Return of which rows a result tells the points, as its receipt says it."""
    found: Keep = options["keep"] if options.get("keep") in get_args(Keep) else "all"
    return found


def _read(source: Any, plan: Plan) -> Table:
    return source if isinstance(source, Table) else read_table(source, scheme=plan, doubts=False)
