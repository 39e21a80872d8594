"""The public functions of scoring: verbs that take their subject first. Defaults are here and in `authoring` alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import evolve, frozen

from ictindex.assembling import ReadOptions, check_sign
from ictindex.citations import Status
from ictindex.compiling import compile_scheme as _compile
from ictindex.engine import run
from ictindex.errors import IctIndexError, Location, PluginBroken, Problem, WrongUse
from ictindex.formats import Readable
from ictindex.formats.choosing import choose
from ictindex.formats.writing import write_file
from ictindex.intake import Source, read_source
from ictindex.layout import Keep, checked_keep
from ictindex.messages import LANGUAGES, say
from ictindex.model import Scheme
from ictindex.naming import ColumnMapping, mapping_of
from ictindex.plan import Plan
from ictindex.plugins import foreign, formats, scheme_packages, vocabulary
from ictindex.result import Result
from ictindex.single.plan import CompiledScheme
from ictindex.table import Table
from ictindex.texts import said

if TYPE_CHECKING:
    from ictindex.explaining.answer import Explanation
    from ictindex.learned import Learned
    from ictindex.regrouping.regroup import Regrouped
    from ictindex.units.crosswalks import Crosswalk
    from ictindex.units.lists import UnitList

SchemeLike = Scheme | Plan | str | os.PathLike[str]
"""A scheme, a compiled one, an id such as `dti-922/2022-province`, or the path of a YAML file."""


MappingLike = Mapping[str, str] | ColumnMapping | Readable
"""Which code each heading of a form stands for: a dictionary, or a CSV file or stream."""

UnitsLike: TypeAlias = "UnitList | Readable"
"""A list of units, or the path or stream of a CSV file with one."""

CrosswalkLike: TypeAlias = "Crosswalk | Readable"
"""A crosswalk, or the path or stream of a CSV file with one."""


@frozen
class SchemeInfo:
    """A line of the list of schemes: how many of its numbers are cited, derived and assumed."""

    id: str
    title: str
    unit: str
    cited: int
    derived: int
    assumed: int
    package: str


def load_scheme(name: str | os.PathLike[str], *, variant: str = "") -> Scheme:
    """Return a scheme by its id or from the path of a YAML file, in one of its variants.

    The file of an overlay gives its scheme with the overlay laid over it (`Scheme.overlay` says which). Raises
    SchemeInvalid with every problem of the document, UnknownName where there is no such scheme or variant.
    """
    from ictindex.documents.kept import content_of, scheme_in

    file = Path(name)
    if file.suffix.lower() not in (".yaml", ".yml"):
        file = installed_schemes().path(name)
    content = content_of(file)
    words = vocabulary()
    found = None if content is None else scheme_in(content, str(file), variant, words, keeping=not foreign(words))
    if found is not None:
        return found
    from ictindex.documents.bases import read_layers
    from ictindex.documents.build import build_scheme

    document, overlay = read_layers(file, installed_schemes())
    return build_scheme(document, words, variant=variant, overlay=overlay)


def list_schemes() -> tuple[SchemeInfo, ...]:
    """Return every installed scheme that can be used, by id; `broken_schemes` says why others cannot."""
    return tuple(one for one in _installed() if isinstance(one, SchemeInfo))


def broken_schemes() -> tuple[Problem, ...]:
    """Return why installed schemes cannot be used, one problem a scheme or package; nothing where all of them can.

    Two packages may claim one id, a document may have problems, a package of schemes may be gone.
    """
    return tuple(one for one in _installed() if isinstance(one, Problem))


def compile_scheme(scheme: SchemeLike, *, variant: str = "") -> CompiledScheme:
    """Return the plan of a scheme: compile once, score many tables, or one unit after the other (`score_one`)."""
    if isinstance(scheme, Plan):
        return scheme if isinstance(scheme, CompiledScheme) else _compiled(scheme)
    return _plan(scheme if isinstance(scheme, Scheme) else load_scheme(scheme, variant=variant))


def read_table(
    source: Source,
    *,
    scheme: SchemeLike,
    format: str = "",  # noqa: A002 - the field's word
    decimal: Literal["", "point", "comma"] = "",
    sheet: str = "",
    mapping: MappingLike | None = None,
    previous: Table | None = None,
    previous_scheme: SchemeLike | None = None,
    doubts: bool = True,
    units: UnitsLike | None = None,
    on: date | str | None = None,
    complete: bool = False,
) -> Table:
    """Return the table in a file, a stream, a frame, filled-in forms, or columns or records in memory.

    The format of a file is named or follows from its ending; a stream without a name is CSV. `decimal` is the sign
    before decimals, where the cells do not show it; `sheet` is the sheet of a workbook; `mapping` says which code a
    heading of the source stands for: a dictionary, or a CSV file with the columns `heading` and `code`. What looks
    wrong (`check_table`, which `previous` and `previous_scheme` are for) becomes the table's doubts; nobody looks for
    it where `doubts` is false. The units are held against a list, as it was `on` a day: `units`, or the list that the
    table or the scheme names; `complete` refuses a table that lacks one of them, which is a doubt otherwise. Raises
    TableInvalid with every problem of the table, WrongUse where no format fits.
    """
    check_sign(decimal)  # before the scheme is looked at
    plan = compile_scheme(scheme)
    options = ReadOptions(
        decimal=decimal,
        sheet=sheet,
        mapping=read_mapping(mapping) if mapping else {},
        units=None if units is None else read_units(units),
        on=as_date(on),
        complete=complete,
    )
    table = read_source(source, plan.scheme, formats(), format_name=format, options=options)
    if not doubts:
        return table
    found = check_table(table, scheme=plan, previous=previous, previous_scheme=previous_scheme)
    return evolve(table, doubts=(*table.doubts, *found)) if found else table


def read_mapping(source: MappingLike) -> ColumnMapping:
    """Return which code each heading of a form stands for: from a dictionary, or a CSV file or stream.

    Raises TableInvalid with everything that is wrong in it.
    """
    from ictindex.formats.mappings import read_mapping

    return mapping_of(source) if isinstance(source, ColumnMapping | Mapping) else read_mapping(source)


def read_units(source: UnitsLike) -> UnitList:
    """Return the list of units in a CSV file or stream: code, name, kind, the unit above, first and last day.

    Raises TableInvalid with everything that is wrong in it.
    """
    from ictindex.formats.unit_lists import read_units
    from ictindex.units.lists import UnitList

    return source if isinstance(source, UnitList) else read_units(source)


def read_crosswalk(source: CrosswalkLike) -> Crosswalk:
    """Return the crosswalk in a CSV file or stream: old code, new code, date, share.

    Raises TableInvalid with everything that is wrong in it.
    """
    from ictindex.formats.crosswalks import read_crosswalk
    from ictindex.units.crosswalks import Crosswalk

    return source if isinstance(source, Crosswalk) else read_crosswalk(source)


def regroup(
    table: Table,
    crosswalk: CrosswalkLike,
    *,
    scheme: SchemeLike,
    units: UnitsLike | None = None,
    on: date | str | None = None,
    whole_counts: bool = False,
) -> Regrouped:
    """Return the table of the units that those of a table became, and a report of what could not be carried.

    `units` is the list of the new units, read on the day of the last change: their names, pools, and who is missing;
    without it the one that the scheme names. `on` is the day of the table, or the one that its note says: changes up to
    it are past. With `whole_counts` the counts of a split unit are divided into whole numbers, largest remainders
    first. Raises TableInvalid where a new unit cannot be told.
    """
    from ictindex.regrouping.regroup import regroup
    from ictindex.units.chosen import day_stated, list_of_scheme

    changes, plan = read_crosswalk(crosswalk), compile_scheme(scheme)
    known = read_units(units) if units is not None else list_of_scheme(plan.scheme, read_units)
    roster = None if known is None else known.on(changes.days[-1] if changes.days else None)
    since = as_date(on) or day_stated(table.notes)
    return regroup(table, changes, plan.scheme, roster=roster, since=since, whole_counts=whole_counts)


def as_date(day: date | str | None) -> date | None:
    """Return a day that may be given as text, `2025-07-01` or `01/07/2025`. Raises WrongUse where it is none."""
    from ictindex.units.dates import read_date

    found = read_date(day) if isinstance(day, str) else day
    if found is None and day is not None:
        message = say("'{text}' is no date", text=str(day))
        raise WrongUse(Problem("U181", message, hint=say("write 2025-07-01 or 01/07/2025")))
    return found


def check_table(
    table: Table, *, scheme: SchemeLike, previous: Table | None = None, previous_scheme: SchemeLike | None = None
) -> tuple[Problem, ...]:
    """Return what looks wrong in a table, though it can be scored: warnings, each with its cell. Nothing is changed.

    `previous` is the table of the year before, against which jumps are seen; `previous_scheme` is the scheme that it
    was read under, if that is another edition.
    """
    from ictindex.analysis.doubts import doubts_of

    before = None if previous_scheme is None else compile_scheme(previous_scheme).scheme
    return doubts_of(table, compile_scheme(scheme).scheme, previous, before)


def write_table(
    table: Table,
    path: str | os.PathLike[str] | None = None,
    *,
    scheme: SchemeLike,
    format: str = "",  # noqa: A002 - the field's word
) -> str | bytes:
    """Return the figures of a table in a format that reads back as the same table, and write them to a file.

    Without a format the file's ending decides, and without a path it is `csv`. Raises UnknownName or WrongUse where
    there is no such format.
    """
    content: str | bytes = table_format(path, format=format).write_table(table, compile_scheme(scheme).scheme)
    if path is not None:
        write_file(content, path)
    return content


def table_format(
    path: str | os.PathLike[str] | None = None,
    *,
    format: str = "",  # noqa: A002 - the field's word
) -> Any:
    """Return the format that `write_table` would write in. Raises UnknownName or WrongUse where there is none."""
    return choose(formats(), format, "" if path is None else Path(path).suffix.lower(), "write_table")


def score(
    scheme: SchemeLike,
    table: Table,
    *,
    variant: str = "",
    reference: Result | Learned | None = None,
    keep: Keep = "totals",
) -> Result:
    """Return the scores, ranks and levels of a table's units under a scheme.

    `keep` says of which rows the points stay in memory: `totals` with what decides their ranks, `groups` as well, or
    `all`. The result answers about every row all the same: those that were not kept are computed again when one of
    them is first asked for. Say `all` where every row will be looked at.

    With `reference`, what an earlier result learned from its pool is used again, or what was learned in parts
    (`ictindex.batching.learn`), so that new units are scored without disturbing the others. Raises TableInvalid where
    the scheme refuses cells of the table, WrongUse where it was read for another scheme.
    """
    plan = compile_scheme(scheme, variant=variant)
    if table.scheme not in ("", plan.scheme.id):
        message = say(
            "the table was read for the scheme {read}, not for {scheme}", read=table.scheme, scheme=plan.scheme.id
        )
        raise WrongUse(
            Problem("U117", message, Location(table.source), say("read it anew, for the scheme that scores it"))
        )
    return run(plan, table, reference=reference, keep=checked_keep(keep))


def explain(result: Result, unit: str, *, code: str = "") -> Explanation:
    """Return why a unit has its score, from the top or from one row down. Raises UnknownName."""
    return result.explain(said(unit), said(code))


def write_result(
    result: Result,
    path: str | os.PathLike[str] | None = None,
    *,
    format: str = "",  # noqa: A002 - the field's word
    language: str = LANGUAGES[0],
    units: Sequence[str] = (),
) -> str | bytes:
    """Return the result in a format (`table`, `csv`, `json`, `excel`, ...), and write it to a file if a path is given.

    Without a format the file's ending decides, and without a path it is `table`. The words of formats that people read
    are in the language, `en` or `vi`; those for machines have no language. A workbook explains `units`, each on a sheet
    of its own; `("all",)` are all of them.
    """
    content: str | bytes = result_format(path, format=format, language=language, units=units).write(result)
    if path is not None:
        write_file(content, path)
    return content


def result_format(
    path: str | os.PathLike[str] | None = None,
    *,
    format: str = "",  # noqa: A002 - the field's word
    language: str = LANGUAGES[0],
    units: Sequence[str] = (),
) -> Any:
    """Return the format that `write_result` would write in. Raises UnknownName or WrongUse where there is none."""
    suffix = "" if path is None else Path(path).suffix.lower()
    found = choose(formats(), format or ("" if suffix else "table"), suffix, "write")
    if units:
        if not hasattr(found, "explaining"):
            message = say("the format '{name}' has no sheets for single units", name=found.name)
            raise WrongUse(Problem("U166", message, hint=say("write a workbook (.xlsx), or use `ictindex explain`")))
        found = found.explaining(units)
    return found.speaking(language) if hasattr(found, "speaking") else found


def result_frame(result: Result, *, like: Any) -> Any:
    """Return a result as the kind of frame that `like` is: pandas, polars or Arrow.

    The columns are those of `Result.to_columns`. Raises WrongUse where a result cannot be given so.
    """
    from ictindex.formats.frames import result_frame as made

    return made(result, like)


def read_scheme(scheme: SchemeLike, *, variant: str = "") -> Scheme:
    """Return the scheme that is meant, read where only its name is given. Raises as `load_scheme`."""
    if isinstance(scheme, Scheme | Plan):
        return scheme.scheme if isinstance(scheme, Plan) else scheme
    return load_scheme(scheme, variant=variant)


@lru_cache(maxsize=32)
def _plan(scheme: Scheme) -> CompiledScheme:
    return CompiledScheme.of(_compile(scheme, vocabulary()))


@lru_cache(maxsize=32)
def _compiled(plan: Plan) -> CompiledScheme:
    return CompiledScheme.of(plan)


def installed_schemes() -> Any:
    """Return where the installed schemes are, by id (a `documents.catalog.Catalog`)."""
    from ictindex.documents.catalog import read_catalog

    return read_catalog(scheme_packages())


def _installed() -> Iterator[SchemeInfo | Problem]:
    """Yield every installed scheme, by id, or what is wrong with it; then the packages that cannot be looked into."""
    catalog = installed_schemes()
    packages = {name: package for name, package, _ in catalog.files}
    for name in catalog.ids:
        try:
            scheme = load_scheme(name)
        except PluginBroken as error:  # two packages claim the id: that says which
            yield error.problems[0]
        except IctIndexError as error:
            first = error.problems[0]
            message = say(
                "the scheme '{id}' of {package} cannot be used: {reason}",
                id=name,
                package=packages[name],
                reason=first.message,
            )
            hint = say("`ictindex check {id}` shows everything that is wrong with it", id=name)
            yield Problem("U155", message, first.where, hint)
        else:
            cited, derived, assumed = (scheme.count(status) for status in Status)
            yield SchemeInfo(name, scheme.title, scheme.unit, cited, derived, assumed, packages[name])
    yield from catalog.broken
