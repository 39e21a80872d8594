"""What every answer about a result is: typed, immutable, and told for a person, for a program and for a spreadsheet.

An answer is a frozen class with plain fields. As data it is made of these fields alone, so its JSON Schema follows from
their types (`answer_schema`); for a person it makes a page.
"""

from __future__ import annotations

import enum
import math
import types
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
import numpy as np
from attrs import field, frozen

from ictindex.messages import LANGUAGES, Text, joined, say
from ictindex.model import Scheme
from ictindex.notices import scheme_identity, told_notices
from ictindex.pages import Page, as_markdown, as_text

T = TypeVar("T")

DECIMALS = 10
"""An exact number is given to so many decimals in plain data."""


@frozen(kw_only=True)
class Subject:
    """What an answer is about: the scheme, the notes of the table, and the receipt of the result that it reads."""

    scheme: Scheme
    notes: tuple[str, ...] = ()
    receipt: Mapping[str, Any] = field(factory=dict)

    @property
    def notices(self) -> tuple[str, ...]:
        """What every reader must know, in sentences: an overlay, assumed numbers, the notes of the table."""
        return (*told_notices(self.scheme), *map(_ended, self.notes))

    def notices_at(self, code: str) -> tuple[str, ...]:
        """Return the notices of an answer about one total, first which one it is where the scheme has several."""
        return (*self.which_total(code), *self.notices)

    def which_total(self, code: str) -> Iterator[str]:
        """Yield which total an answer is about, and how to ask about the others; nothing where there is no other."""
        totals = self.scheme.totals
        others = [one for one in totals if one.code != code]
        if len(others) == 1 < len(totals):
            facts = {"total": self.scheme.row(code).label, "other": others[0].label, "code": others[0].code}
            yield say("This is about {total}. About {other}: --total {code}.", **facts)
        elif others and len(others) < len(totals):
            options = joined((f"--total {one.code} ({one.name})" for one in others), ", ")
            total = self.scheme.row(code).label
            yield say("This is about {total}. About the others: {options}.", total=total, options=options)

    def to_dict(self) -> dict[str, Any]:
        """Return the subject as plain data."""
        return {
            "scheme": scheme_identity(self.scheme),
            "provisional": self.scheme.provisional,
            "assumed": self.scheme.assumed,
            "notes": list(self.notes),
            "receipt": dict(self.receipt),
        }


@frozen(kw_only=True)
class Answer(ABC):
    """An answer. `kind` names it in data and in its schema; `version` grows where its fields change."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    subject: Subject

    @abstractmethod
    def page(self) -> Page:
        """Return the answer for a person."""

    @abstractmethod
    def to_columns(self) -> dict[str, list[Any]]:
        """Return the main table of the answer, a list for each column, as every library of frames takes it."""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, its words in English; exact numbers are given to 10 decimals."""
        told = {"format": f"ictindex-{self.kind}/{self.version}"} | self.subject.to_dict()
        return told | {name: plain(getattr(self, name)) for name in data_fields(type(self)) if name != "subject"}

    def told(self, language: str = LANGUAGES[0]) -> str:
        """Return the answer as text, its words in a language."""
        return as_text(self.page(), language)

    def markdown(self, language: str = LANGUAGES[0]) -> str:
        """Return the answer as Markdown, its words in a language."""
        return as_markdown(self.page(), language)

    def __str__(self) -> str:
        return self.told()


class Lines(Sequence[T]):
    """Lines of an answer that are made when they are asked for; as data they are what a tuple of them is."""


def data_fields(kind: type[Any]) -> list[str]:
    """Return the names of a class's fields that are data; one behind an underscore is about how it is told."""
    return [one.name for one in attrs.fields(kind) if not one.name.startswith("_")]


def _ended(note: str) -> str:
    """Return a note as a sentence; behind an address there is no full stop."""
    whole = not note.strip() or note.rstrip()[-1] in ".!?…" or "://" in note.rsplit(maxsplit=1)[-1]
    return note if whole else joined((note, "."), "")


def plain(value: Any) -> Any:
    """Return a value of an answer as plain data: what is frozen becomes a dictionary of its fields.

    Raises TypeError for what is none of the types that a field may have, ValueError for a float that is no number.
    """
    if value is None or (isinstance(value, bool | int) and not isinstance(value, enum.Enum)):
        return value
    if attrs.has(type(value)):
        return {one.name: plain(getattr(value, one.name)) for one in attrs.fields(type(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, str):
        return str(value.value) if isinstance(value, enum.Enum) else str(value)
    if isinstance(value, Fraction | Decimal):
        return round(float(value), DECIMALS)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, list | tuple | Lines | np.ndarray):
        return [plain(one) for one in value]
    raise TypeError(f"a field of an answer cannot be a {type(value).__name__}")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"an answer says None where there is no number, not {value}")
    return value


def columns_of(rows: Sequence[Any], kind: type[Any]) -> dict[str, list[Any]]:
    """Return frozen rows of one class as columns by field; a field that may hold more than one cell is left out.

    A text that can be said in more than one language stays one.
    """
    hints = get_type_hints(kind)
    named = [one.name for one in attrs.fields(kind) if _is_cell(hints[one.name])]
    return {name: [_cell(getattr(row, name)) for row in rows] for name in named}


def _cell(value: Any) -> Any:
    return value if isinstance(value, Text) else plain(value)


def _is_cell(hint: Any) -> bool:
    """Whether what has this type is one text, one number, yes or no, or nothing."""
    if get_origin(hint) in (Union, types.UnionType):
        return all(_is_cell(one) for one in get_args(hint))
    if get_origin(hint) is Literal:
        return True
    return isinstance(hint, type) and issubclass(hint, str | int | float | Fraction | Decimal | types.NoneType)
