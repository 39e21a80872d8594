"""What units claim in filled-in forms: each figure as it was typed, with the evidence that is shown for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from ictindex.errors import Location, TableInvalid
from ictindex.forms.entries import case_meant
from ictindex.forms.filled import Filled, asked_rows, filled_in, is_empty_column
from ictindex.forms.opening import open_forms
from ictindex.forms.words import PARTS
from ictindex.model import Indicator, Input, InputKind, Scheme


@frozen(kw_only=True)
class FormClaim:
    """What one unit says of one figure, with the evidence that it shows for the criterion.

    `code` is the column of the table, `row` the criterion that the figure and the evidence belong to, empty for a
    figure that several criteria share. A criterion whose figures are all shared has a claim of its evidence alone: its
    code is `CODE.evidence`. Texts are as they were typed; what was not filled in is empty.
    """

    unit: str
    name: str
    code: str
    row: str
    value: str
    number: str = ""
    date: str = ""
    title: str = ""
    link: str = ""
    remark: str = ""
    by: str = ""
    when: str = ""
    where: Location = field(factory=Location, eq=False)


def claims_of(source: Any, scheme: Scheme) -> tuple[FormClaim, ...]:
    """Return what each unit claims in a form or in a folder of forms, in the order of the files and of the scheme.

    Raises TableInvalid where a form is of another scheme, was changed, or does not say whose it is. The figures
    themselves are looked at by `read_forms` alone.
    """
    opened = open_forms(source)
    filled, problems = filled_in(opened, scheme)
    if problems:
        raise TableInvalid(problems)
    return tuple(claim for one in filled if not is_empty_column(one) for claim in _claims(one, scheme))


def _claims(one: Filled, scheme: Scheme) -> Iterator[FormClaim]:
    """Yield the claims of one unit."""
    who = {"unit": one.unit.code, "name": one.unit.name, "by": one.text("@by"), "when": one.text("@date")}
    rows = {row.code for row in scheme.rows() if isinstance(row, Indicator)}
    proved: set[str] = set()
    for given in scheme.inputs:
        row = given.owner if given.owner in rows else ""
        proved.add(row)
        yield FormClaim(
            code=given.code,
            row=row,
            value=_figure_text(one, given),
            remark=one.text(f"{given.code}@remark") or one.text(f"{row}@remark"),
            where=one.place(given.code),
            **who,
            **_proof(one, row),
        )
    for row in dict.fromkeys(asked_rows(one.cells)):
        if row not in proved:
            key = f"{row}.evidence"
            yield FormClaim(
                code=key,
                row=row,
                value="",
                remark=one.text(f"{row}@remark"),
                where=one.place(key),
                **who,
                **_proof(one, row),
            )


def _figure_text(one: Filled, given: Input) -> str:
    text = one.text(given.code)
    return case_meant(text, given.cases) if given.kind is InputKind.CHOICE else text


def _proof(one: Filled, row: str) -> dict[str, str]:
    return {part: one.text(f"{row}@{part}") for part in PARTS}
