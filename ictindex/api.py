"""The public functions of scoring: verbs that take their subject first. Defaults are here and in `authoring` alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from ictindex.assembling import ReadOptions
from ictindex.cells import clean
from ictindex.citations import Status
from ictindex.engine import run
from ictindex.errors import IctIndexError, Location, PluginBroken, Problem, WrongUse
from ictindex.explanation import Explanation
from ictindex.formats.choosing import choose
from ictindex.intake import Source, read_source
from ictindex.messages import LANGUAGES, say
from ictindex.model import Scheme
from ictindex.plan import Plan
from ictindex.plan import compile_scheme as _compile
from ictindex.plugins import formats, scheme_packages, vocabulary
from ictindex.result import Result
from ictindex.table import Table

SchemeLike = Scheme | Plan | str | os.PathLike[str]
"""A scheme, a compiled one, an id such as `dti-922/2022-province`, or the path of a YAML file."""


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
    from ictindex.documents.bases import read_layers
    from ictindex.documents.build import build_scheme

    catalog = installed_schemes()
    document, overlay = read_layers(catalog.path(name), catalog)
    return build_scheme(document, vocabulary(), variant=variant, overlay=overlay)


def list_schemes() -> tuple[SchemeInfo, ...]:
    """Return every installed scheme that can be used, by id; `broken_schemes` says why others cannot."""
    return tuple(one for one in _installed() if isinstance(one, SchemeInfo))


def broken_schemes() -> tuple[Problem, ...]:
    """Return why installed schemes cannot be used, one problem a scheme or package; nothing where all of them can.

    Two packages may claim one id, a document may have problems, a package of schemes may be gone.
    """
    return tuple(one for one in _installed() if isinstance(one, Problem))


def compile_scheme(scheme: SchemeLike, *, variant: str = "") -> Plan:
    """Return the plan of a scheme: compile once, score many tables."""
    if isinstance(scheme, Plan):
        return scheme
    return _plan(scheme if isinstance(scheme, Scheme) else load_scheme(scheme, variant=variant))


def read_table(
    source: Source,
    *,
    scheme: SchemeLike,
    format: str = "",  # noqa: A002 - the field's word
    decimal: Literal["", "point", "comma"] = "",
    sheet: str = "",
    mapping: Mapping[str, str] | None = None,
) -> Table:
    """Return the table in a file, a stream, a frame, or columns or records in memory.

    The format of a file is named or follows from its ending; a stream without a name is CSV. `decimal` is the sign
    before decimals, where the cells do not show it; `sheet` is the sheet of a workbook; `mapping` says which code a
    heading of the source stands for. Raises TableInvalid with every problem of the table, WrongUse where no format
    fits.
    """
    options = ReadOptions(decimal=decimal, sheet=sheet, mapping=mapping or {})
    return read_source(source, compile_scheme(scheme).scheme, formats(), format_name=format, options=options)


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
    suffix = "" if path is None else Path(path).suffix.lower()
    content: str | bytes = choose(formats(), format, suffix, "write_table").write_table(
        table, compile_scheme(scheme).scheme
    )
    if path is not None:
        write_file(content, path)
    return content


def score(scheme: SchemeLike, table: Table, *, variant: str = "", reference: Result | None = None) -> Result:
    """Return the scores, ranks and levels of a table's units under a scheme.

    With `reference`, what an earlier result learned from its pool is used again, so that new units are scored without
    disturbing the others. Raises TableInvalid where the scheme refuses cells of the table.
    """
    return run(compile_scheme(scheme, variant=variant), table, reference=reference)


def explain(result: Result, unit: str, *, code: str = "") -> Explanation:
    """Return why a unit has its score, from the top or from one row down. Raises UnknownName."""
    return result.explain(clean(unit), clean(code))


def write_result(
    result: Result,
    path: str | os.PathLike[str] | None = None,
    *,
    format: str = "",  # noqa: A002 - the field's word
    language: str = LANGUAGES[0],
) -> str | bytes:
    """Return the result in a format (`table`, `csv`, `json`), and write it to a file where a path is given.

    Without a format the file's ending decides, and without a path it is `table`. The words of formats that people read
    are in the language, `en` or `vi`; those for machines have no language.
    """
    content: str | bytes = result_format(path, format=format, language=language).write(result)
    if path is not None:
        write_file(content, path)
    return content


def result_format(
    path: str | os.PathLike[str] | None = None,
    *,
    format: str = "",  # noqa: A002 - the field's word
    language: str = LANGUAGES[0],
) -> Any:
    """Return the format that `write_result` would write in. Raises UnknownName or WrongUse where there is none."""
    suffix = "" if path is None else Path(path).suffix.lower()
    found = choose(formats(), format or ("" if suffix else "table"), suffix, "write")
    return found.speaking(language) if hasattr(found, "speaking") else found


def write_file(content: str | bytes, path: str | os.PathLike[str]) -> None:
    """Write bytes, or text in UTF-8, to a file. Raises WrongUse where the file cannot be written."""
    try:
        Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    except FileNotFoundError:
        message = say("there is no folder '{folder}'", folder=Path(path).parent)
        hint = say("make it first, or write somewhere else")
    except IsADirectoryError:
        message, hint = say("this is a folder, not a file"), say("name a file in it")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = say("the file cannot be written: {reason}", reason=reason)
        hint = say("is it open in another program, or write-protected?")
    else:
        return
    raise WrongUse(Problem("U108", message, Location(str(path)), hint))


def read_scheme(scheme: SchemeLike, *, variant: str = "") -> Scheme:
    """Return the scheme that is meant, read where only its name is given. Raises as `load_scheme`."""
    if isinstance(scheme, Scheme | Plan):
        return scheme.scheme if isinstance(scheme, Plan) else scheme
    return load_scheme(scheme, variant=variant)


@lru_cache(maxsize=32)
def _plan(scheme: Scheme) -> Plan:
    return _compile(scheme, vocabulary())


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
