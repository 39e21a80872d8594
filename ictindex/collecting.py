"""The public functions for collecting figures: forms that units fill in, and what they claim in them.

Filled-in forms are read by `api.read_table`, as every other table: one form, or a folder of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from ictindex.api import SchemeLike, UnitsLike, as_date, compile_scheme, read_scheme, read_units
from ictindex.errors import Location, Problem, WrongUse, reason_of
from ictindex.formats.writing import write_file
from ictindex.messages import say
from ictindex.plugins import vocabulary

if TYPE_CHECKING:
    from ictindex.forms.claims import FormClaim
    from ictindex.units.lists import Roster


@frozen
class FormCell:
    """A cell of a form: the number of its unit (0 where there is one), what it is for, and where it is.

    `key` is the column of the table that the cell fills; `CODE@number`, `@date`, `@title` and `@link` are of the
    evidence for a criterion, `CODE@remark` is a remark, and `@chosen`, `@unit`, `@name`, `@pool`, `@by`, `@date` and
    `@phone` say who filled the form in.
    """

    unit: int
    key: str
    sheet: str
    address: str


def write_form(
    scheme: SchemeLike,
    path: str | os.PathLike[str] | None = None,
    *,
    variant: str = "",
    unit: tuple[str, str] | None = None,
    units: UnitsLike | None = None,
    on: date | str | None = None,
    many: bool = False,
    language: Literal["vi", "en"] = "vi",
    replace: bool = False,
) -> bytes:
    """Return a form as the bytes of an Excel workbook that a unit fills in, and write it to a file.

    The unit says who it is; `unit`, a code and a name, fills that in; with `units`, a list (as it is `on` a day), it is
    chosen; `many` gives each unit of the list a column. The same call gives the same bytes. A file that is there
    already is written over where it is an empty form of the scheme, any other with `replace` only. Raises WrongUse
    where these do not go together, where a file is in the way or where xlsxwriter is not installed, else as
    `load_scheme` and `read_units`.
    """
    from ictindex.forms.book import workbook
    from ictindex.forms.existing import check_free
    from ictindex.forms.record import FormUnit
    from ictindex.forms.requests import ordered

    order = ordered(
        compile_scheme(scheme, variant=variant),
        vocabulary(),
        language=language,
        unit=None if unit is None else FormUnit(*unit),
        roster=_roster(units, on),
        many=many,
    )
    if path is not None and not replace:
        check_free([Path(path)], order.scheme)
    content = workbook(order)
    if path is not None:
        write_file(content, path)
    return content


def write_forms(
    scheme: SchemeLike,
    folder: str | os.PathLike[str],
    *,
    units: UnitsLike,
    variant: str = "",
    on: date | str | None = None,
    language: Literal["vi", "en"] = "vi",
    replace: bool = False,
) -> tuple[Path, ...]:
    """Write a form for each unit of a list into a folder, which is made where it is not there; return the files.

    A file is named by its unit's code and name. Where one of the files is in the way (`write_form`), none is written
    unless they are to be replaced. Raises WrongUse where one cannot be written, else as `write_form`.
    """
    from ictindex.forms.existing import check_free
    from ictindex.forms.requests import each_form, files_for

    roster, top = _roster(units, on), Path(folder)
    if roster is None:
        raise WrongUse(Problem("U185", say("forms for each unit need the list of the units")))
    plan = compile_scheme(scheme, variant=variant)
    files = files_for(plan, roster)
    if not replace:
        check_free([top / name for name in files], plan.scheme)
    try:
        top.mkdir(exist_ok=True)
    except (OSError, ValueError) as error:
        message = say("the folder cannot be made: {reason}", reason=reason_of(error))
        raise WrongUse(Problem("U108", message, Location(str(top)), say("name another folder"))) from None
    written = []
    for name, content in each_form(plan, vocabulary(), files, language=language):
        write_file(content, top / name)
        written.append(top / name)
    return tuple(written)


def form_doubts(
    scheme: SchemeLike, *, units: UnitsLike, variant: str = "", on: date | str | None = None
) -> tuple[Problem, ...]:
    """Return what looks wrong in a list that forms are made for: warnings, one for all units that it is about.

    They name units that get a form without the list saying that they are of the scheme's kind, and units of another
    kind, which get none.
    """
    from ictindex.units.levels import scored

    known = read_units(units)
    found = scored(known.on(as_date(on)), read_scheme(scheme, variant=variant).unit)
    return (*found.doubts(known.source), *found.left_out(known.source))


def form_cells(content: bytes) -> tuple[FormCell, ...]:
    """Return the cells of a form that are filled in, for programs that do so; `content` are the bytes of the form.

    Raises TableInvalid where it is no form.
    """
    from ictindex.forms.opening import form_in

    record = form_in(content, "form").record
    return tuple(FormCell(unit, key, spot.sheet, spot.address) for (unit, key), spot in record.cells.items())


def read_claims(source: Any, *, scheme: SchemeLike, variant: str = "") -> tuple[FormClaim, ...]:
    """Return what units claim in a filled-in form, or in all forms of a folder, with the evidence that they show.

    Raises TableInvalid where a form is of another scheme, was changed, or does not say whose it is.
    """
    from ictindex.forms.claims import claims_of

    return claims_of(source, read_scheme(scheme, variant=variant))


def cell_lines(cells: tuple[FormCell, ...]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the cells of a form as lines of a table, the headings first."""
    yield "unit", "key", "sheet", "cell"
    for cell in cells:
        yield str(cell.unit), cell.key, cell.sheet, cell.address


def _roster(units: UnitsLike | None, on: date | str | None) -> Roster | None:
    if units is None:
        if on is not None:
            message = say("no list of units is named: nothing says who there is on a day")
            raise WrongUse(Problem("U185", message, hint=say("name the list with `units` (--units FILE)")))
        return None
    return read_units(units).on(as_date(on))
