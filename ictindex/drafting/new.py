"""A new scheme document from what a person orders: groups with their points, or the file of a decision's table."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve

from ictindex.documents.build import check_document
from ictindex.documents.source import read_document
from ictindex.drafting.annex_csv import read_annex_csv
from ictindex.drafting.annex_scheme import scheme_of_annex
from ictindex.drafting.annex_table import read_annex
from ictindex.drafting.grid import Grid, grid_of
from ictindex.drafting.head import About, Starter
from ictindex.errors import AnnexInvalid, IctIndexError, Problem, SchemeInvalid, Severity, WrongUse
from ictindex.formats import contents
from ictindex.formats.excel.annex import read_sheet
from ictindex.messages import say
from ictindex.registry import Vocabulary

PathLike = str | os.PathLike[str]


def check_orders(groups: Sequence[str], from_csv: PathLike, from_xlsx: PathLike, sheet: str) -> None:
    """Raise WrongUse where the orders do not go together (U125)."""
    given = [
        name for name, value in (("--group", groups), ("--from-csv", from_csv), ("--from-xlsx", from_xlsx)) if value
    ]
    if len(given) > 1:
        message = say("{options} do not go together", options=", ".join(given))
        raise WrongUse(Problem("U125", message, hint=say("the groups come from one place: keep one of them")))
    if sheet and not from_xlsx:
        raise WrongUse(Problem("U125", say("--sheet goes with --from-xlsx only"), hint=say("add --from-xlsx FILE")))


def from_table(about: About, grid: Grid) -> Starter:
    """Return the scheme document of a decision's table. Raises AnnexInvalid where the table cannot be read."""
    return scheme_of_annex(read_annex(grid), about, Path(grid.source).name)


def csv_grid(path: PathLike) -> Grid:
    """Return the cells of a CSV file. Raises AnnexInvalid where it cannot be read."""
    try:
        data = contents(path)
    except IctIndexError as error:
        raise AnnexInvalid(error.problems) from None
    return read_annex_csv(data if isinstance(data, bytes) else data.encode(), os.fspath(path))


def xlsx_grid(path: PathLike, sheet: str) -> Grid:
    """Return the cells of a sheet of a workbook. Raises as `ictindex.formats.excel.annex.read_sheet`."""
    found = read_sheet(path, sheet=sheet)
    return grid_of(os.fspath(path), enumerate(found.rows, 1), found.merged)


def checked(made: Starter, name: str, vocabulary: Vocabulary) -> Starter:
    """Return the starter with what `ictindex check` says of it, advice left out; `name` is the file it is for."""
    try:
        found = check_document(read_document(made.text, name), vocabulary)
    except SchemeInvalid as error:
        found = list(error.problems)
    return evolve(made, checked=tuple(one for one in found if one.severity is not Severity.ADVICE))
