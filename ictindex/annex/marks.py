"""The status of a number where a person reads it: cited `20`, derived `20'`, assumed `[20]`, each reason a footnote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from string import Formatter
from typing import Protocol

from attrs import field, frozen

from ictindex.cells import number_text
from ictindex.citations import Citation, Statement, Status
from ictindex.messages import Text, joined, say, template_in

SIGNS = {Status.CITED: "{text}", Status.DERIVED: "{text}'", Status.ASSUMED: "[{text}]"}
"""How a number of each status is printed; `text` is the number."""


class Marked(Text):
    """A number, or words, of a scheme printed with its status; its reason is the footnote of number `note`."""

    __slots__ = ()

    @property
    def status(self) -> Status:
        """Where it comes from."""
        return Status(self.parts["status"])

    @property
    def note(self) -> int:
        """The number of its footnote; 0 where it has none, as what is cited."""
        return int(self.parts["note"])

    @property
    def inner(self) -> str:
        """The number or the words alone."""
        text: str = self.parts["text"]
        return text


def _sample(status: Status) -> Marked:
    return Marked(SIGNS[status], {"text": "20", "status": status, "note": 0})


LEGEND = say(
    "{cited} is cited, {derived} is derived, {assumed} is assumed; the reasons stand below the table",
    cited=_sample(Status.CITED),
    derived=_sample(Status.DERIVED),
    assumed=_sample(Status.ASSUMED),
)
"""What the signs mean."""


@frozen
class Footnote:
    """A reason, told once: why numbers and choices are derived or assumed."""

    number: int
    citation: Citation

    @property
    def words(self) -> str:
        """The status and the reason."""
        words = self.citation.words
        if self.citation.status is Status.DERIVED:
            return say("derived: {how}", how=words) if words else say("derived")
        return say("assumed: {why}", why=words) if words else say("assumed, and nobody says why")


class Pen(Protocol):
    """Writes a number, or words, that stand under a key of a row; without a row, of the one in hand."""

    def __call__(self, key: str, text: str, row: str = ..., /) -> str:
        """Return the text as it is printed."""


@frozen
class Marks:
    """Marks every number by its status and gives each reason a footnote, in the order in which they come up.

    Without statements it marks nothing: the words alone.
    """

    statements: tuple[Statement, ...] = ()
    _notes: dict[Citation, int] = field(factory=dict, init=False)
    _said: dict[tuple[str, str], Statement] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._said.update({(one.at, one.key): one for one in self.statements})

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        """The reasons so far, by their numbers."""
        return tuple(Footnote(number, citation) for citation, number in self._notes.items())

    def citation(self, at: str, key: str) -> Citation | None:
        """Return who says what stands under a key of a row, None where nobody does."""
        found = self._said.get((at, key))
        return None if found is None else found.citation

    def mark(self, text: str, citation: Citation | None) -> str:
        """Return the text with the status of a citation."""
        if citation is None:
            return text
        if citation.status is Status.CITED:
            return Marked(SIGNS[citation.status], {"text": text, "status": citation.status, "note": 0})
        if citation.status is Status.DERIVED and " " in text:
            text = joined(("(", text, ")"), "")  # the stroke is meant for all of the words
        note = self._notes.setdefault(citation, len(self._notes) + 1)
        return Marked(f"{SIGNS[citation.status]} ({{note}})", {"text": text, "status": citation.status, "note": note})

    def number(self, at: str, key: str, text: str, within: Citation | None = None) -> str:
        """Return the text with the status of that statement, and the interval that published results put it in.

        Where the words around it have the same citation, `within`, they carry the mark.
        """
        found = self._said.get((at, key))
        if found is None:
            return text
        text = as_typed(text, found.text)
        told = text if found.citation == within else self.mark(text, found.citation)
        if found.between is None:
            return told
        low, high = (_like(found.text, end) for end in found.between)
        return say("{number} (published results: {low} to {high})", number=told, low=low, high=high)

    def whole(self, at: str, key: str, told: Callable[[Pen], str], form: str = "") -> str:
        """Return words with numbers in them, marked once where all of it has one status, else number by number.

        `told` writes the words with a pen. They are stated as a whole under `key`; `form` names what is left of them
        without their numbers.
        """
        seen: dict[Citation, None] = {}

        def probe(key: str, text: str, row: str = at, /) -> str:
            if (citation := self.citation(row, key)) is not None:
                seen[citation] = None
            return text

        told(probe)
        stated = self.citation(at, key)
        if stated is None and len(seen) == 1:
            (stated,) = seen
        apart = not set(seen) <= {stated}

        def pen(key: str, text: str, row: str = at, /) -> str:
            return self.number(row, key, text, None if apart else stated)

        if not apart:
            return self.mark(told(pen), stated)
        open_form = stated is not None and stated.status is not Status.CITED
        return joined((told(pen), self.mark(form, stated) if open_form else ""), "; ")

    def together(self, at: str, parts: Sequence[tuple[str, str]]) -> str:
        """Return several texts in a row, each with the key it is stated under; one status of all is told once."""
        return self.whole(at, "", lambda pen: joined((pen(key, text) for key, text in parts), ", "))


def as_typed(text: str, typed: str) -> str:
    """Return a number as the document has it where that is a percent: a threshold of 1% is not told as 0.01."""
    same = typed.endswith("%") and number_typed(text) is not None and number_typed(typed) == number_typed(text)
    return typed if same else text


def number_typed(text: str) -> Fraction | None:
    """Return the number of a text such as `4` or `90%`, None where it is none."""
    try:
        return Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        return None


def _like(text: str, number: Fraction) -> str:
    """Return a number the way another one was written: as a percent or plain."""
    return f"{number_text(number * 100)}%" if text.endswith("%") else number_text(number)


def rendered(
    text: str, language: str, plain: Callable[[str], str], marked: Callable[[Marked, str], str] | None = None
) -> str:
    """Return a text in a language, with its words and what was filled in passed through `plain`.

    What is marked goes through `marked`, which is given it with its words rendered already.
    """
    if not isinstance(text, Text):
        return plain(str(text))
    if marked is not None and isinstance(text, Marked):
        return marked(text, rendered(text.inner, language, plain, marked))
    pieces = []
    for words, name, _, _ in Formatter().parse(template_in(text, language)):
        pieces.append(plain(words) if words else "")
        pieces.append(rendered(text.parts[name], language, plain, marked) if name else "")
    return "".join(pieces)
