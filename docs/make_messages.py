"""The catalogs of messages: what the calls of `say` hold, with the translations there are. Run it when one changes:

python docs/make_messages.py

It renews `ictindex/locale/vi/LC_MESSAGES/ictindex.po`, where translations are written, and compiles the `.mo` there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).parent.parent
PACKAGE = TOP / "ictindex"
CATALOG = PACKAGE / "locale" / "vi" / "LC_MESSAGES" / "ictindex.po"
HEADER = "# Messages of ictindex in Vietnamese. `python docs/make_messages.py` renews and compiles this file.\n#"


class Messages(Catalog):
    """A catalog whose header says nothing but what reading it needs: no dates and addresses, so it stays the same."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "ictindex"),
            ("Language", "vi"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def templates() -> Iterator[tuple[str, str]]:
    """Yield (file, template) of every call of `say` in the package."""
    for file, _, message, _, _ in extract_from_dir(PACKAGE, [("**.py", "python")], keywords={"say": None}):
        yield file, message if isinstance(message, str) else message[0]


def renewed() -> Catalog:
    """Return the catalog as it should be: today's templates, each with the translation that it has."""
    before = read_po(io.BytesIO(CATALOG.read_bytes()), locale="vi") if CATALOG.exists() else Catalog("vi")
    catalog = Messages("vi", header_comment=HEADER, fuzzy=False)
    for file, template in templates():
        known = before.get(template)
        flags = ("python-brace-format",) if "{" in template else ()
        told = known.string if known else ""
        catalog.add(template, told if told or in_words(template) else template, [(file, 0)], flags)
    return catalog


def in_words(template: str) -> str:
    """Return the letters of a template outside what is filled in and `code`: what has none needs no translation."""
    words = "".join(text for text, *_ in Formatter().parse(re.sub(r"`[^`]*`", "", template)))
    return "".join(re.findall(r"[^\W\d_]+", words))


def as_po(catalog: Catalog) -> bytes:
    """Return the catalog as the text that translations are written in."""
    written = io.BytesIO()
    write_po(written, catalog, width=0, sort_output=True, omit_header=False, include_lineno=False)
    return written.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """Return the catalog as it is read when messages are said."""
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


if __name__ == "__main__":
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    whole = renewed()
    CATALOG.write_bytes(as_po(whole))
    CATALOG.with_suffix(".mo").write_bytes(as_mo(whole))
    untranslated = [one.id for one in whole if one.id and not one.string]
    print(f"{len(whole)} messages, {len(untranslated)} without a translation")  # noqa: T201
