"""Files that stand where a form is to be written: an empty form of the scheme may give way, nothing else does.

Problems: U189 a file that is not written over: a form in which something is filled in, or a file that is no form of
the scheme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ictindex.cells import clean
from ictindex.errors import Location, Problem, TableInvalid, WrongUse
from ictindex.formats import contents
from ictindex.forms.opening import Form, form_in
from ictindex.messages import say
from ictindex.model import Scheme

LISTED = 10
"""So many files are told one by one; the rest are counted."""


def check_free(paths: Iterable[Path], scheme: Scheme) -> None:
    """Raise WrongUse where a form written to one of the paths would replace work, with every such file."""
    found = list(_in_the_way(paths, scheme))
    if len(found) > LISTED:
        message = say("and {count} more files in the way", count=len(found) - LISTED)
        found[LISTED:] = [Problem("U189", message, Location(str(Path(found[0].where.source).parent)))]
    if found:
        raise WrongUse(found)


def _in_the_way(paths: Iterable[Path], scheme: Scheme) -> Iterator[Problem]:
    for path in paths:
        why = _why_kept(path, scheme)
        if why:
            hint = say("choose another name, or move the file away; --replace writes over it")
            yield Problem("U189", why, Location(str(path)), hint)


def _why_kept(path: Path, scheme: Scheme) -> str:
    """Return why a file must not be written over; empty where there is none, or an empty form of the scheme."""
    try:
        if not path.is_file():  # whoever writes says what is wrong with a folder
            return ""
    except (OSError, ValueError):
        return ""
    try:
        form = form_in(contents(path), str(path))
    except TableInvalid:
        return say("there is a file of this name, and it is no form that can be read")
    if form.record.about.get("scheme") != scheme.id:
        return say("there is a form of another scheme, {scheme}", scheme=form.record.about.get("scheme", ""))
    if is_filled_in(form):
        return say("there is a form of this name that is filled in")
    return say("there is a form of this name that was changed") if was_changed(form) else ""


def is_filled_in(form: Form) -> bool:
    """Whether anything is typed into a cell of a form, figures or other."""
    return any(form.at(spot) is not None for spot in form.record.cells.values())


def was_changed(form: Form) -> bool:
    """Whether sheets, rows or columns of a form are not where they were: what was typed may be elsewhere."""
    return any(form.text(anchor.spot) != clean(anchor.text) for anchor in form.record.anchors)
