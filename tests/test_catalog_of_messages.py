"""The Vietnamese catalog: it holds today's messages, each translated, and what is read is what is written there."""

from __future__ import annotations

import ast
import re
import unicodedata
from string import Formatter

import make_messages
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from make_messages import CATALOG, PACKAGE, as_mo, as_po, in_words, renewed

from ictindex.messages import LANGUAGES, in_language, say

RUN = "run: python docs/make_messages.py"


@pytest.fixture(scope="module")
def today() -> Catalog:
    """The catalog as `python docs/make_messages.py` makes it now."""
    return renewed()


@pytest.fixture(scope="module")
def pairs(today: Catalog) -> dict[str, str]:
    """Each template with its translation."""
    return {str(one.id): str(one.string) for one in today if one.id}


@pytest.fixture(scope="module")
def translated(pairs: dict[str, str]) -> dict[str, str]:
    """The templates that have a translation: each of them, but for those of `test_every_message_is_translated`."""
    return {template: told for template, told in pairs.items() if told}


def parts(template: str) -> list[tuple[str, str | None, str | None]]:
    """Return what is filled into a template: name, format and conversion, in any order."""
    return sorted((name, form, how) for _, name, form, how in Formatter().parse(template) if name is not None)


def test_the_catalog_holds_just_the_messages_of_today(today: Catalog) -> None:
    with CATALOG.open("rb") as file:
        written = {one.id for one in read_po(file) if one.id}
    assert written == {one.id for one in today if one.id}, RUN
    assert len(written) > 500


def test_making_it_again_changes_nothing(today: Catalog) -> None:
    assert CATALOG.read_bytes() == as_po(today), RUN
    assert CATALOG.with_suffix(".mo").read_bytes() == as_mo(today), RUN
    assert as_po(today) == as_po(renewed()) and as_mo(today) == as_mo(renewed())


def test_every_message_is_translated(pairs: dict[str, str]) -> None:
    assert not [template for template, told in pairs.items() if not told.strip()]
    same = {template for template, told in pairs.items() if template == told and in_words(template)}
    names = {"low <= high", "Arrow", "Parquet"}
    assert {template for template in same if not template.startswith("pip install ")} <= names


def test_a_translation_fills_in_the_same_parts(translated: dict[str, str]) -> None:
    assert not [template for template, told in translated.items() if parts(template) != parts(told)]


def test_keywords_stay_as_they_are(translated: dict[str, str]) -> None:
    code = re.compile(r"`[^`]*`")
    assert not [
        template
        for template, told in translated.items()
        if sorted(code.findall(template)) != sorted(code.findall(told))
    ]


def test_blanks_at_the_ends_stay(translated: dict[str, str]) -> None:
    for template, told in translated.items():
        assert template[:1].isspace() == told[:1].isspace() and template[-1:].isspace() == told[-1:].isspace()
        assert told.count("  ") == template.count("  ")


def test_the_letters_are_vietnamese_and_whole(translated: dict[str, str]) -> None:
    for template, told in translated.items():
        assert unicodedata.is_normalized("NFC", told)
        assert {sign for sign in told if ord(sign) > 127 and not sign.isalpha()} <= set(template), repr(told)
        # UTF-8 that was read as another code page leaves such translated behind, and bytes that could not be read.
        assert not re.search("[ÃÂÄÅÆ][\x80-\xbf]|áº|á»|Ä‘|â€|\ufffd|\\?\\?", told), repr(told)
    together = "".join(translated.values()).casefold()
    strange = {letter for letter in together if letter.isalpha() and ord(letter) > 127} - set(LETTERS)
    assert not strange


LETTERS = "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"


def test_the_header_has_no_date_and_no_address() -> None:
    header = CATALOG.read_text(encoding="utf-8").partition("#:")[0]
    assert "@" not in header and "Date" not in header and "Language: vi" in header
    assert '"Content-Type: text/plain; charset=utf-8\\n"' in header


def test_templates_are_written_where_they_are_said() -> None:
    """A template that is put together first would not be collected."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                first = node.args[0] if node.args else None
                where = f"{path.name}:{node.lineno}"
                assert isinstance(first, ast.Constant) and isinstance(first.value, str), where
                filled = {name for _, name, _, _ in Formatter().parse(first.value) if name is not None}
                given = {word.arg for word in node.keywords}
                assert len(node.args) == 1 and (filled == given or None in given), where


def test_what_is_read_is_what_is_written(pairs: dict[str, str]) -> None:
    assert LANGUAGES == ("en", "vi")
    assert in_language(say("the rank of {row} is {n}", row="1", n=2), "vi") == "the rank of 1 is 2"  # no such template
    template = "and {count} more problems; mend these first"
    assert in_language(say("and {count} more problems; mend these first", count=7), "vi") == pairs[template].format(
        count=7
    )


def test_a_new_message_is_added_and_an_old_one_dropped(monkeypatch: pytest.MonkeyPatch, pairs: dict[str, str]) -> None:
    kept = "there is no such file"
    monkeypatch.setattr(
        make_messages, "templates", lambda: iter([("a.py", kept), ("b.py", "new {thing}"), ("b.py", "{one}: {two}")])
    )
    made = {str(one.id): str(one.string) for one in renewed() if one.id}
    assert made == {kept: pairs[kept], "new {thing}": "", "{one}: {two}": "{one}: {two}"}
