"""The public functions for authors of schemes: check, cases, a new scheme, the annex, differences between editions."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ictindex.api import SchemeLike, compile_scheme, installed_schemes, read_scheme
from ictindex.errors import Problem, TableInvalid, WrongUse, did_you_mean
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.plugins import vocabulary

if TYPE_CHECKING:
    from ictindex.analysis.cases import CaseReport
    from ictindex.analysis.coverage import Coverage
    from ictindex.analysis.differences.results import Differences
    from ictindex.annex.rows import Annex
    from ictindex.documents.case_files import FoundCases
    from ictindex.documents.source import Document
    from ictindex.drafting.head import Starter


def check_scheme(source: str | os.PathLike[str]) -> list[Problem]:
    """Return every problem of a scheme, of an overlay or of a file of cases, warnings too, in the order of the file.

    `source` is an id or the path of a YAML file. Raises UnknownName where there is no such scheme.
    """
    from ictindex.documents.bases import check_overlay
    from ictindex.documents.build import check_document
    from ictindex.documents.check_cases import check_cases
    from ictindex.documents.kinds import kind_of
    from ictindex.documents.source import read_document_file
    from ictindex.errors import SchemeInvalid, Severity

    try:
        document = read_document_file(installed_schemes().path(source), forgiving=True)
    except SchemeInvalid as error:
        return list(error.problems)
    unread = [problem for problem in document.warnings if problem.severity is Severity.ERROR]
    if kind_of(document) == "cases" and unread:
        return unread  # what is given and expected there hangs together too closely to look at the rest
    if kind_of(document) == "cases":
        return check_cases(document, installed_schemes(), _compile_file)
    if kind_of(document) == "overlay":
        return check_overlay(document, installed_schemes(), vocabulary())
    return [*check_document(document, vocabulary()), *_of_unit_list(document)]


def _of_unit_list(document: Document) -> Sequence[Problem]:
    """Return what is wrong in the list of units that a scheme names; that it is not there is told in the scheme."""
    from ictindex.documents.source import Scalar
    from ictindex.formats.unit_lists import read_units

    named = document.root.get("unit-list")
    if not isinstance(named, Scalar) or not named.text:
        return ()
    try:
        read_units(Path(document.source).parent / named.text)
    except TableInvalid as error:
        return [one for one in error.problems if one.code != "T001"]
    return ()


def find_cases(source: str | os.PathLike[str]) -> FoundCases:
    """Return the files of cases of a scheme (its id or file), beneath a folder, or the one that is named.

    Raises UnknownName where there is no such scheme, SchemeInvalid where there is no such file.
    """
    from ictindex.documents.case_files import find_cases

    return find_cases(installed_schemes().path(source))


def run_cases(file: str | os.PathLike[str]) -> CaseReport:
    """Return what a scheme makes of a file of cases: every figure that holds, and every one that differs, with why.

    The scheme is the one beside the file, or else the installed one that the file names. Raises SchemeInvalid with
    every problem of the cases, TableInvalid where the scheme refuses what a case gives.
    """
    from ictindex.analysis.cases import run_cases
    from ictindex.documents.case_files import load_cases

    cases, plan = load_cases(Path(file), installed_schemes(), _compile_file)
    return run_cases(plan, cases)


def case_coverage(report: CaseReport) -> Coverage:
    """Return which parts of its scheme the cases of a report touch, and which none does."""
    from ictindex.analysis.coverage import cover

    return cover(report)


def expand_scheme(source: str | os.PathLike[str], *, variant: str = "") -> str:
    """Return a scheme document with every default and inheritance written out, each number with its status.

    Raises SchemeInvalid where the document has problems, UnknownName where there is no such scheme or variant.
    """
    from ictindex.documents.bases import read_layers
    from ictindex.documents.build import build_scheme
    from ictindex.documents.expand import expanded

    catalog, known = installed_schemes(), vocabulary()
    document, overlay = read_layers(catalog.path(source), catalog)
    scheme = build_scheme(document, known, variant=variant, overlay=overlay)
    return expanded(document, scheme, known, overlay=overlay)


def scheme_annex(scheme: SchemeLike, *, variant: str = "") -> Annex:
    """Return a scheme as the annex of a decision: every rule in words, every number with its status.

    Raises SchemeInvalid where the document has problems, UnknownName where there is no such scheme or variant.
    """
    from ictindex.annex.rows import annex_of

    return annex_of(read_scheme(scheme, variant=variant), vocabulary())


def annex_text(annex: Annex, *, format: str = "text", language: str = "en") -> str:  # noqa: A002
    """Return an annex as `text`, `markdown`, `html` (a whole page) or `json`, its words in a language.

    Raises UnknownName where there is no such format.
    """
    from ictindex.annex import written

    return written(annex, format, language)


def table_header(scheme: SchemeLike, *, variant: str = "") -> str:
    """Return the line of headings of a table of the scheme, as CSV: write a line for each unit below it.

    Columns that may be left out are not in it, but for `name` and those of informational rows. Raises SchemeInvalid
    where the document has problems, UnknownName where there is no such scheme or variant.
    """
    from ictindex.annex.columns import header_of

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(header_of(read_scheme(scheme, variant=variant)))
    return out.getvalue()


def new_scheme(
    *,
    family: str,
    edition: int | str,
    unit: str,
    title: str = "",
    groups: Sequence[str] = (),
    from_csv: str | os.PathLike[str] = "",
    from_xlsx: str | os.PathLike[str] = "",
    sheet: str = "",
    name: str = "",
) -> Starter:
    """Return a new scheme document (`text`), from groups such as `1 Nhận thức số=60` or from a decision's table.

    `name` is the file that it is for, by default its id. Raises WrongUse where something is not said or cannot be used,
    AnnexInvalid with everything about the table that cannot be read or kept.
    """
    from ictindex.drafting import new
    from ictindex.drafting.orders import read_orders
    from ictindex.drafting.starter import starter

    new.check_orders(groups, from_csv, from_xlsx, sheet)
    has_table = bool(from_csv or from_xlsx)
    about, read = read_orders(family, str(edition), unit, title, None if has_table else groups)
    if has_table:
        made = new.from_table(about, new.csv_grid(from_csv) if from_csv else new.xlsx_grid(from_xlsx, sheet))
    else:
        made = starter(about, read)
    return new.checked(made, name or f"{about.id}.yaml", vocabulary())


def diff_schemes(a: SchemeLike, b: SchemeLike, *, variant_a: str = "", variant_b: str = "") -> Differences:
    """Return what changed from scheme `a` to scheme `b`, and whether their scores may be set side by side.

    Either may be an edition, the file of an overlay, or a scheme in a variant. Raises SchemeInvalid where a document
    has problems, UnknownName where there is no such scheme or variant.
    """
    from ictindex.analysis.differences.compare import differences

    return differences(read_scheme(a, variant=variant_a), read_scheme(b, variant=variant_b), vocabulary())


def differences_text(
    found: Differences,
    *,
    format: str = "text",  # noqa: A002 - the field's word
    language: str = "en",
    brief: bool = False,
) -> str:
    """Return differences as `text`, `markdown` or `json`, the words in a language; a `brief` one leaves out notes.

    Raises UnknownName where there is no such format.
    """
    from ictindex.analysis.differences.report import written

    return written(found.without_notes() if brief else found, format, language)


def scheme_schema(*, kind: str = "scheme") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of scheme documents, with the keywords of every installed strategy.

    `kind` is `scheme` or `overlay`, or `result` for what is written as JSON; raises WrongUse where it is another.
    """
    from ictindex.documents.compose import GRAMMARS, compose_schema
    from ictindex.formats.result_data import result_schema

    if kind == "result":
        return result_schema()
    if kind not in GRAMMARS:
        kinds = (*GRAMMARS, "result")
        hint = did_you_mean(kind, kinds) or say("there is one of {kinds}", kinds=", ".join(kinds))
        raise WrongUse(Problem("U150", say("there is no grammar of the kind '{kind}'", kind=kind), hint=hint))
    return compose_schema(vocabulary(), kind)


def _compile_file(path: Path, variant: str) -> Plan:
    return compile_scheme(path, variant=variant)
