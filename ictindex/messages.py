"""Words for a person that can be said in more than one language.

`say("{code} has no `max`", code="1.4")` is a text in English, as any other, that still knows its template and what was
filled in; `in_language(text, "vi")` says the same in Vietnamese. So problems are made in one place and one language,
and whoever prints them chooses the language. What was filled in may be such a text as well.

The templates are collected from the calls of `say` by `python docs/make_messages.py`, and translated in
`ictindex/locale/<language>/LC_MESSAGES/ictindex.po`.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Sequence
from functools import cache
from numbers import Number
from pathlib import Path
from typing import Any, Self

LANGUAGES = ("en", "vi")
"""The languages that messages exist in; the first one is that of the templates."""

_FOLDER = Path(__file__).parent / "locale"


class Text(str):
    """A text in English that knows its template and the parts that were filled in."""

    __slots__ = ("parts", "template")
    template: str
    parts: dict[str, Any]

    def __new__(cls, template: str, parts: dict[str, Any]) -> Self:
        """Fill the parts into the template, whose own braces are doubled."""
        text = super().__new__(cls, template.format(**parts))
        text.template, text.parts = template, parts
        return text

    def __reduce__(self) -> tuple[type[Text], tuple[str, dict[str, Any]]]:
        return type(self), (self.template, self.parts)


class _Either(Text):
    """A text whose parts are the whole text in each language."""

    __slots__ = ()


def say(template: str, /, **parts: Any) -> Text:
    """Return the template filled in. Braces that are meant as such are doubled: `write {{is: {number}}}`.

    A part that is no text and no number, such as an exception, is kept as its words, so that the text can be pickled.
    """
    return Text(template, {name: one if isinstance(one, str | Number) else str(one) for name, one in parts.items()})


def either(english: str, vietnamese: str) -> Text:
    """Return a text that stands in both languages where it is written, so that no catalog needs it."""
    return _Either("{en}", {"en": english, "vi": vietnamese or english})


def joined(texts: Iterable[str], by: str) -> Text:
    """Return the texts in a row, leaving out empty ones; each is said in the language that the whole is said in."""
    parts = {f"t{place}": text for place, text in enumerate(filter(None, texts))}
    return Text(by.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in parts), parts)


def listed(names: Sequence[str], most: int) -> str:
    """Return names in a row; of many the first ones, and how many more there are."""
    told = joined(names[:most], ", ")
    return say("{names} and {count} more", names=told, count=len(names) - most) if len(names) > most else told


def one_of(texts: Iterable[str]) -> str:
    """Return `this or that`, with all of the texts; an empty text where there is none."""
    first, *others = [*texts] or [""]
    for other in others:
        first = say("{one} or {other}", one=first, other=other)
    return first


def in_language(text: str, language: str) -> str:
    """Return the text in a language; what has no translation stays as it is."""
    if not isinstance(text, Text) or language == LANGUAGES[0]:
        return str(text)
    parts = {name: in_language(part, language) if isinstance(part, Text) else part for name, part in text.parts.items()}
    return template_in(text, language).format(**parts)


def template_in(text: Text, language: str) -> str:
    """Return the template of a text in a language, its parts still to be filled in."""
    if isinstance(text, _Either) and language in text.parts:
        return f"{{{language}}}"
    if not text.template or language == LANGUAGES[0]:  # gettext answers an empty text with the catalog's head
        return text.template
    return _catalog(language).gettext(text.template)


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("ictindex", _FOLDER, [language], fallback=True)
