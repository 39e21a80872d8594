"""The pages of the shipped schemes are what the schemes say today."""

from __future__ import annotations

import re

import pytest
from make_schemes import FOLDER, pages

from ictindex import list_schemes, load_scheme

PAGES = pages()


def test_every_scheme_has_its_page_and_no_page_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.md")} == set(PAGES), "run: python docs/make_schemes.py"
    assert len(PAGES) == len(list_schemes()) + 1


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_what_the_scheme_says(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name], "run: python docs/make_schemes.py"
    for link in re.findall(r"\]\(([^)#:]+)\)", PAGES[name]):
        assert (FOLDER / link).exists(), link


@pytest.mark.parametrize("one", list_schemes(), ids=lambda one: one.id)
def test_the_counts_and_the_statuses_are_seen(one) -> None:  # type: ignore[no-untyped-def]
    scheme, text = load_scheme(one.id), PAGES[one.id.replace("/", "-") + ".md"]
    total = one.cited + one.derived + one.assumed
    head = text.split("## ")[0]
    assert f"**PROVISIONAL: {one.assumed} of {total} numbers and rules are assumed; " in head
    assert scheme.title in head and f"*{scheme.en}*" in head
    assert text.count('<span class="assumed">') > 1 and f"(../../schemes/{one.id}.yaml)" in head
