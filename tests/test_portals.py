"""The portal of docs/portals.md answers what the page says, and its examples do."""

from __future__ import annotations

import doctest
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "portals.md"
TEXT = PAGE.read_text(encoding="utf-8")
FORM, SOME, WRONG = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))


def answered(form: Any, length: str = "") -> tuple[str, Any]:
    """What the page's portal answers to a form."""
    portal: dict[str, Any] = {"__name__": "portal"}
    exec(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[0], portal)  # noqa: S102 - the page's own words
    body, statuses = form if isinstance(form, bytes) else json.dumps(form).encode(), list[str]()
    environ = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": length or str(len(body) or "")}
    content = b"".join(portal["application"](environ, lambda status, _: statuses.append(status)))
    return statuses[0], json.loads(content)


def test_a_form_is_answered_with_its_scores() -> None:
    status, answer = answered(FORM)
    assert status == "200 OK" and {code: answer["rows"][code] for code in SOME} == SOME
    assert answer["notices"]


def test_what_is_wrong_is_told_at_its_field() -> None:
    assert answered({**FORM, "1.4": "35"}) == ("422 Unprocessable Content", WRONG)


LONG = (b"[" * 90_000, b" " * 100_000 + b"{}")
NO_FORM = [b"", b"1.4=3", b"\xff", b"[]", b'"a"', b'{"1.4": 1%s}' % (b"0" * 6000), *LONG]


@pytest.mark.parametrize("form", NO_FORM)
def test_what_is_no_form_is_answered_too(form: bytes) -> None:
    assert answered(form) == ("400 Bad Request", {"problems": []})


def test_half_letters_and_lengths_below_nothing_are_answered_too() -> None:
    assert answered(b"{}", length="-1") == ("400 Bad Request", {"problems": []})
    assert answered({"unit": "\ud800", **FORM})[0] == "200 OK"
    status, answer = answered({"\ud800": "1"})
    assert status == "422 Unprocessable Content" and answer["problems"][0]["cell"] == "\ud800"


def test_the_examples_of_the_page_do_what_it_says() -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", TEXT, re.DOTALL)
    found = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "portals.md", str(PAGE), 0)
    told: list[str] = []
    results = doctest.DocTestRunner().run(found, out=told.append)
    assert results.attempted == 10 and not results.failed, "".join(told)
