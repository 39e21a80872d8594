"""Whether a filled-in form is the one that was sent out: of this scheme, with every row, column and sheet in its place.

Problems: T130 a form of another scheme, revision, variant, overlay or text, T132 a sheet that is gone, T133 rows or
columns that were added, deleted or moved; T131 as in `opening`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ictindex.cells import clean, shown
from ictindex.errors import Location, Problem
from ictindex.formats.excel.values import text_of
from ictindex.forms.opening import Form
from ictindex.forms.record import SHEET, Anchor, identity
from ictindex.messages import say
from ictindex.model import Scheme

MANY = 5
"""So many places of one sheet are told one by one; the rest are counted."""


def problems_of(form: Form, scheme: Scheme) -> Iterator[Problem]:
    """Yield why a form cannot be read for a scheme; of another scheme's form nothing else is looked at."""
    other = next(_others(form, scheme), None)
    if other is not None:
        yield other
        return
    if not _whole(form, scheme):
        message = say("the hidden sheet of the form lacks cells of the scheme: it was changed")
        yield Problem(
            "T131", message, Location(form.source, sheet=SHEET), say("fill in the form again as it was sent out")
        )
        return
    gone = {anchor.spot.sheet for anchor in form.record.anchors} - set(form.sheets)
    for sheet in sorted(gone | ({spot.sheet for spot in form.record.cells.values()} - set(form.sheets))):
        message = say("the form has no sheet '{sheet}' any more", sheet=sheet)
        hint = say("it was renamed or deleted: give it its name again, or fill in the form anew")
        yield Problem("T132", message, Location(form.source), hint)
    for sheet in form.sheets:
        yield from _moved(form, [anchor for anchor in form.record.anchors if anchor.spot.sheet == sheet])


def _whole(form: Form, scheme: Scheme) -> bool:
    """Whether the hidden sheet has a cell for every input of each of its units."""
    record = form.record
    return all((unit, one.code) in record.cells for unit in range(len(record.units) or 1) for one in scheme.inputs)


def _others(form: Form, scheme: Scheme) -> Iterator[Problem]:
    """Yield the differences between the scheme of the form and the one in hand, the plainest first."""
    here, there = identity(scheme), form.record.about
    for key in here:
        if here[key] != there.get(key, ""):
            message = _difference(key, there.get(key, ""), here[key])
            hint = say("send out the form of this scheme again, or read it with the scheme that it is of")
            yield Problem("T130", message, Location(form.source), hint)


def _difference(key: str, there: str, here: str) -> str:
    match key:
        case "scheme":
            return say("this is a form of the scheme {other}, not of {scheme}", other=there, scheme=here)
        case "revision":
            return say(
                "this is a form of revision {other} of the scheme, not of {revision}", other=there, revision=here
            )
        case "variant":
            return _variants(there, here)
        case "overlay":
            return _overlays(there, here)
    return say("the text of the scheme was changed after this form was made")


def _variants(there: str, here: str) -> str:
    if not there:
        return say("this is a form without a variant, not of the variant {variant}", variant=here)
    if not here:
        return say("this is a form of the variant {other}, not of the scheme without one", other=there)
    return say("this is a form of the variant {other}, not of {variant}", other=there, variant=here)


def _overlays(there: str, here: str) -> str:
    other, own = _laid(there), _laid(here)
    if not other:
        return say("this is a form without an overlay, not with that of {overlay}", overlay=own)
    if not own:
        return say("this is a form with the overlay of {other}, not of the scheme without one", other=other)
    return say("this is a form with the overlay of {other}, not with that of {overlay}", other=other, overlay=own)


def _laid(text: str) -> str:
    """Return whose overlay is meant, with its date and revision."""
    try:
        found: Any = json.loads(text) if text else {}
    except ValueError:
        return text
    if not isinstance(found, Mapping):
        return text
    return ", ".join(str(found[key]) for key in ("by", "date", "revision") if found.get(key))


def _moved(form: Form, anchors: list[Anchor]) -> Iterator[Problem]:
    """Yield the texts of a sheet that stand elsewhere or nowhere, the first few one by one."""
    wrong = [anchor for anchor in anchors if form.text(anchor.spot) != clean(anchor.text)]
    for anchor in wrong[:MANY]:
        where = _found(form, anchor)
        place = form.place(anchor.spot)
        found = form.text(anchor.spot)
        if where:
            message = say("{text} stands in {address}, not here", text=shown(anchor.text), address=where)
            hint = say("a row or column was added, deleted or moved: undo that, or fill in the form anew")
        elif not anchor.text:
            message = say("{text} stands where the form has nothing", text=shown(found))
            hint = say("delete it, or fill in the form anew")
        else:
            message = say(
                "{text} is gone from the form; {found} stands here", text=shown(anchor.text), found=shown(found)
            )
            hint = say("the row was deleted or typed over: undo that, or fill in the form anew")
        yield Problem("T133", message, place, hint)
    if len(wrong) > MANY:
        message = say("and {count} more places of this sheet", count=len(wrong) - MANY)
        yield Problem("T133", message, Location(form.source, sheet=wrong[0].spot.sheet), count=len(wrong) - MANY)


def _found(form: Form, anchor: Anchor) -> str:
    """Return where in its column, or else in its row, the text stands now; empty where it is gone."""
    text = clean(anchor.text)
    if not text:
        return ""
    column = anchor.spot.letters
    for row in form.sheets[anchor.spot.sheet].rows:
        address = f"{column}{row.line}"
        if clean(text_of(form.sheets[anchor.spot.sheet].at(address))) == text:
            return address
    return ""
