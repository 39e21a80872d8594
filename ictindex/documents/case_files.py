"""Where cases are, and which scheme they belong to.

`2020-district.cases.yaml` belongs to `2020-district.yaml` beside it, and so does `2020-district.z-score.cases.yaml`,
which may name a variant. Cases with no such file beside them belong to the scheme that they name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import frozen

from ictindex.analysis.cases import CaseFile
from ictindex.documents.cases import read_cases
from ictindex.documents.catalog import Catalog
from ictindex.documents.source import Document, Scalar, read_document_file
from ictindex.errors import Location, Problem, SchemeInvalid, did_you_mean
from ictindex.messages import say
from ictindex.plan import Plan

ENDINGS = (".cases.yaml", ".cases.yml")

Compile = Callable[[Path, str], Plan]
"""(file of a scheme, variant) -> its plan. Raises SchemeInvalid where the scheme has problems."""


@frozen
class FoundCases:
    """Files of cases, sorted, and the schemes among what was looked at that have none."""

    files: tuple[Path, ...]
    without: tuple[Path, ...] = ()


def find_cases(path: Path) -> FoundCases:
    """Return the cases in a file of cases, beside a scheme's file, or beneath a folder.

    Raises SchemeInvalid where there is no such file.
    """
    if _is(Path.is_dir, path):
        found = sorted(_visible(path))
        schemes = [one for one in found if not _has_cases_name(one) and _is_scheme(one)]
        without = tuple(one for one in schemes if not cases_beside(one))
        return FoundCases(tuple(one for one in found if _has_cases_name(one)), without)
    if _has_cases_name(path):
        return FoundCases((path,))
    if not _is(Path.exists, path):
        read_document_file(path)  # which says so
    beside = cases_beside(path)
    return FoundCases(beside, () if beside else (path,))


def cases_beside(scheme: Path) -> tuple[Path, ...]:
    """Return the files of cases beside a scheme's file, sorted: the plain one first, then those with a further name."""
    if not scheme.parent.is_dir():
        return ()
    named = (one for one in scheme.parent.iterdir() if _has_cases_name(one) and scheme_beside(one) == scheme)
    return tuple(sorted(named, key=lambda one: (len(one.name.split(".")), one.name)))


def scheme_beside(cases: str | os.PathLike[str]) -> Path | None:
    """Return the scheme's file that cases stand beside: `x.yaml` of `x.cases.yaml` and of `x.more.cases.yaml`."""
    path = Path(cases)
    if not _has_cases_name(path):
        return None
    stem = path.name.rsplit(".", 2)[0]
    while stem:
        for ending in (".yaml", ".yml"):
            if (beside := path.with_name(stem + ending)).is_file():
                return beside
        stem = stem.rpartition(".")[0]
    return None


def load_cases(path: Path, catalog: Catalog, compile_file: Compile) -> tuple[CaseFile, Plan]:
    """Return the cases in a file, and the plan of their scheme in the variant that they name.

    Raises SchemeInvalid with every problem of the cases (C0xx); those of the scheme are told as one (C016).
    """
    document = read_document_file(path)
    plan = plan_of(document, catalog, compile_file)
    return read_cases(document, plan.scheme), plan


def plan_of(document: Document, catalog: Catalog, compile_file: Compile) -> Plan:
    """Return the plan of the scheme that cases belong to, in the variant that they name, where it has that.

    Raises SchemeInvalid where there is no such scheme (C013), or where it has problems (C016).
    """
    named = document.root.get("cases")
    file, where = scheme_beside(document.source), document.root.where if named is None else named.where
    if file is None:
        file = _named(_text(document, "cases"), catalog, where)
    variant = _text(document, "variant")
    try:
        plan = compile_file(file, "")
        if variant in {one.code for one in plan.scheme.variants}:  # whoever reads the cases tells of one that is not
            plan = compile_file(file, variant)
    except SchemeInvalid as error:
        message = say("the scheme of these cases, {file}, has problems: {count}", file=file, count=len(error.problems))
        hint = say("mend it first: ictindex check {file}", file=file)
        raise SchemeInvalid(Problem("C016", message, where, hint)) from error
    return plan


def _named(scheme: str, catalog: Catalog, where: Location) -> Path:
    """Return the file of the installed scheme that cases name. Raises SchemeInvalid where there is none."""
    if scheme in catalog.ids:
        return catalog.path(scheme)
    if not scheme:
        message = say("there is no scheme for these cases: none stands beside them, and they name none")
    else:
        message = say("there is no scheme '{scheme}' for these cases, neither beside them nor installed", scheme=scheme)
    family, _, edition = scheme.partition("/")
    known = [one for one in catalog.ids if did_you_mean(family, [one.partition("/")[0]]) or not edition]
    hint = did_you_mean(scheme, known) or say("x.cases.yaml belongs to x.yaml beside it, or names an id: `cases: ID`")
    raise SchemeInvalid(Problem("C013", message, where, hint))


def _text(document: Document, key: str) -> str:
    node = document.root.get(key)
    return node.text if isinstance(node, Scalar) else ""


def _has_cases_name(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS)


def _visible(folder: Path) -> Iterator[Path]:
    """Yield the YAML files beneath a folder, without hidden ones."""
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.suffix.lower() in {".yaml", ".yml"} and path.is_file() and not any(one[:1] == "." for one in inside):
            yield path


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Whether a path is of a kind; one that no file can have, since it is too long, is of none."""
    try:
        return kind(path)
    except OSError:
        return False


def _is_scheme(path: Path) -> bool:
    """Whether a file looks like a scheme: the key at the top is enough, whether or not it is a good one."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return any(line.startswith("scheme:") for line in file)
    except OSError:
        return False
