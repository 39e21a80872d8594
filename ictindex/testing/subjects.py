"""The schemes whose laws are asked: those at a path, each as it stands and in every variant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ictindex.api import compile_scheme
from ictindex.documents.case_files import ENDINGS, scheme_beside
from ictindex.errors import Location, Problem, WrongUse
from ictindex.messages import say
from ictindex.plan import Plan

_KEYS = ("scheme:", "overlay:")
_ENDINGS = {".yaml", ".yml"}


def scheme_files(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Return the schemes at a path: an id or a scheme's file is one, a file of cases means the scheme beside it.

    A folder has those beneath it that begin like one, hidden folders left out. Raises WrongUse (U138) where a folder
    has none.
    """
    name = os.fspath(path)
    beside = scheme_beside(name)
    if beside is not None:
        return (str(beside),)
    if not _is_folder(name):
        return (name,)
    found = tuple(
        str(one) for one in sorted(Path(name).rglob("*")) if _visible(one, Path(name)) and is_scheme_file(one)
    )
    if not found:
        hint = say("name a folder with scheme documents in it")
        raise WrongUse(Problem("U138", say("there is no scheme in this folder"), Location(name), hint))
    return found


def plans_of(scheme: str) -> Iterator[Plan]:
    """Yield the plan of a scheme as it stands, then in each of its variants. Raises SchemeInvalid, UnknownName."""
    plan = compile_scheme(scheme)
    yield plan
    for variant in plan.scheme.variants:
        yield compile_scheme(scheme, variant=variant.code)


def is_cases_file(path: Path) -> bool:
    """Return whether a file is one of cases, by its name."""
    return path.name.lower().endswith(ENDINGS)


def is_scheme_file(path: Path) -> bool:
    """Return whether a file begins like a scheme or an overlay: a key at the left says so, good or not."""
    if path.suffix.lower() not in _ENDINGS or not path.is_file():
        return False
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return any(line.startswith(_KEYS) for line in file)
    except OSError:
        return False


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):  # too long for a name
        return False


def _visible(path: Path, folder: Path) -> bool:
    return not any(part.startswith(".") for part in path.relative_to(folder).parts)
