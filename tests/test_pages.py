"""Pages: no line too wide, no word lost, nothing that was filled in taken for Markdown."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ictindex.markup import begun, escaped
from ictindex.messages import either, say
from ictindex.pages import WIDTH, Grid, Lines, Page, Section, as_markdown, as_text, grid

WORDS = st.text(st.sampled_from("aăâđêôơưứộ1.,%-"), min_size=1, max_size=20)
SENTENCES = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
HOSTILE = (
    "|",
    "a|b",
    "<script>alert(1)</script>",
    "<b>",
    "&lt;",
    "1.",
    "1. một",
    "12) hai",
    "- gạch",
    "+ cộng",
    "* sao",
    "# mục",
    "> trích",
    "    mã",
    "  - lùi",
    "=== ",
    "---",
    "[a](http://b)",
    "![a](b)",
    "`mã`",
    "**đậm**",
    "__đậm__",
    "a_b_c",
    "~~gạch~~",
    "$x$",
    "\\",
    "a\\|b",
    ": định nghĩa",
    "^chú^",
    "Hà\tNội",
    "hai\ndòng",
    "hai\r\n\r\nđoạn",
    "a\u2028b",
    "=1+1",
)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def page(*blocks: Lines | Grid, title: str = "", notices: tuple[str, ...] = ()) -> Page:
    return Page("T", [Section(title, blocks)], notices)


def lines_of(made: Page) -> list[str]:
    return as_text(made).splitlines()


def words_of(text: str) -> list[str]:
    return text.split()


# --- text ----------------------------------------------------------------------------------------------------------


@given(SENTENCES, st.lists(SENTENCES, max_size=3), st.booleans(), st.sampled_from(["", "Phần"]))
def test_no_line_is_too_wide_and_no_word_is_lost(title: str, texts: list[str], bullets: bool, section: str) -> None:
    made = Page(title, [Section(section, [Lines(texts, bullets)])], (title,))
    lines = as_text(made).splitlines()
    assert all(len(line) <= WIDTH and line == line.rstrip() for line in lines)
    expected = [*words_of(title) * 2, *words_of(section)]
    for text in texts:
        expected += [*(["-"] if bullets else []), *words_of(text)]
    assert words_of(as_text(made)) == expected


def test_a_word_longer_than_a_line_stays_whole() -> None:
    word = "https://" + "x" * WIDTH
    assert word in as_text(page(Lines([f"xem {word} nhé"]), notices=(word,), title="P")).split()


@given(st.lists(st.tuples(SENTENCES, SENTENCES, st.integers(0, 10**9).map(str)), min_size=1, max_size=5))
def test_a_table_is_as_wide_as_the_page_at_most(body: list[tuple[str, str, str]]) -> None:
    made = page(Grid(("một", "hai", "số"), body, (2,)), title="P")
    lines = lines_of(made)
    assert max(map(len, lines)) <= WIDTH
    assert sorted(words_of(as_text(made))) == sorted(
        ["T", "P", "một", "hai", "số", *(word for row in body for cell in row for word in words_of(cell))]
    )


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_a_narrow_table_has_a_line_a_row_and_columns_that_stand_below_each_other(body: list[tuple[str, str]]) -> None:
    header, *rows = grid(("tên", "số"), body, (1,)).splitlines()
    left = max(len("tên"), *(len(name) for name, _ in body))
    width = left + 2 + max(len("số"), *(len(number) for _, number in body))
    assert [row[:left].rstrip() for row in (header, *rows)] == ["tên", *(name for name, _ in body)]
    assert [row[left:].strip() for row in (header, *rows)] == ["số", *(number for _, number in body)]
    assert {len(row) for row in (header, *rows)} == {width}


def test_columns_of_few_letters_are_not_made_wider_by_a_page_of_numbers() -> None:
    """Where only numbers fill the line, nothing can be broken, and nothing is made worse."""
    body = [["a", *["1234567890"] * 12], ["bb", *["1"] * 12]]
    made = page(Grid(["tên", *["x"] * 12], body, range(1, 13)))
    assert lines_of(made)[2:] == grid(["tên", *["x"] * 12], body, range(1, 13)).splitlines()


def test_numbers_are_never_broken() -> None:
    body = [["chữ " * 40, "1234567890123"]]
    lines = lines_of(page(Grid(("tên", "số"), body, (1,))))
    assert "1234567890123" in lines[3] and max(map(len, lines)) <= WIDTH


def test_a_section_without_a_title_is_not_indented() -> None:
    made = Page("T", [Section("", [Lines(["a"])]), Section("P", [Lines(["b"]), Grid(("h",), [["c"]])])])
    assert as_text(made) == "T\n\na\n\nP\n  b\n  h\n  c"


def test_a_table_without_rows_shows_its_headings() -> None:
    assert as_text(page(Grid(("một", "hai"), []))) == "T\n\nmột  hai"
    assert as_markdown(page(Grid(("một", "hai"), [], (1,)))).endswith("| một | hai |\n|---|--:|\n")


def test_a_row_with_too_few_cells_is_a_mistake() -> None:
    with pytest.raises((ValueError, IndexError)):
        as_text(page(Grid(("a", "b"), [["c"]])))


def test_words_are_in_the_language_of_the_reader() -> None:
    both = either("unit", "đơn vị")
    made = Page(both, [Section(both, [Lines([both]), Grid((both,), [[say("{x}", x=both)]])])], (both,))
    for language, word in (("en", "unit"), ("vi", "đơn vị")):
        assert set(re.findall("unit|đơn vị", as_text(made, language))) == {word}
        assert set(re.findall("unit|đơn vị", as_markdown(made, language))) == {word}


# --- Markdown ------------------------------------------------------------------------------------------------------


def shown(text: str) -> str:
    """What a reader sees of a text: its words with single blanks."""
    return " ".join(text.split())


def cells(rendered: str) -> list[str]:
    return [shown(html.unescape(one)) for one in re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", rendered, re.DOTALL)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_it_is(name: str) -> None:
    made = Page(
        name,
        [Section(name, [Lines([name]), Lines([name, name], bullets=True), Grid((name, "b"), [["c", name]])])],
        (name,),
    )
    rendered = MARKDOWN.render(as_markdown(made))
    assert set(re.findall(r"<(\w+)", rendered)) <= {
        *("h1", "h2", "p", "ul", "li", "blockquote", "strong", "table", "thead", "tbody", "tr", "th", "td")
    }
    assert rendered.count("<li>") == 2 and rendered.count("<h1>") == rendered.count("<h2>") == 1
    assert rendered.count("<strong>") == 1 and rendered.count("<tr>") == 2
    assert cells(rendered) == [shown(name), "b", "c", shown(name)]
    paragraphs = [
        shown(html.unescape(re.sub("<.*?>", "", one)))
        for one in re.findall(r"<(?:h1|h2|p|li)>.*?</(?:h1|h2|p|li)>", rendered, re.DOTALL)
    ]
    assert paragraphs == [shown(name)] * 6


@given(st.text(max_size=30))
def test_any_text_in_a_cell_stays_in_its_cell(name: str) -> None:
    rendered = MARKDOWN.render(as_markdown(page(Grid(("a", "b"), [[name, "c"]]))))
    assert len(cells(rendered)) == 4 and cells(rendered)[3] == "c"
    assert "\n" not in escaped(name)


@given(st.text(max_size=30))
def test_what_begins_a_line_begins_no_list(name: str) -> None:
    rendered = MARKDOWN.render(begun(escaped(name)))
    assert not set(re.findall(r"<(\w+)", rendered)) - {"p"}


@given(SENTENCES)
def test_markdown_has_every_word(text: str) -> None:
    made: Any = page(Lines([text]), Grid((text,), [[text]]), title=text, notices=(text,))
    plain = html.unescape(re.sub("<.*?>", " ", MARKDOWN.render(as_markdown(made))))
    assert words_of(plain) == ["T", *words_of(text) * 5]
