"""Every example of docs/frames.md gives what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "frames.md"


def test_the_examples_of_the_page_do_what_it_says() -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 5
    found = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "frames.md", str(PAGE), 0)
    told: list[str] = []
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(found, out=told.append)
    assert results.attempted > 20 and not results.failed, "".join(told)
