"""Every kind of answer has a public function, a command, a schema and a page of the guide."""

from __future__ import annotations

import argparse
import inspect
import json
import re
from pathlib import Path
from typing import Any

import attrs
import pytest

import ictindex
from ictindex import questions
from ictindex.answer import Answer
from ictindex.cli import FINE, build_parser
from ictindex.formats.answers import ANSWER_FORMATS

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {path.name: path.read_text("utf-8") for path in DOCS.glob("*.md")}
KINDS = questions.answer_kinds()


def commands() -> set[str]:
    """The commands that print an answer."""
    (found,) = (one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))
    return {name for name, parser in found.choices.items() if _formats(parser) >= set(ANSWER_FORMATS) - {"text"}}


def _formats(parser: argparse.ArgumentParser) -> set[str]:
    return {str(word) for one in parser._actions if "--format" in one.option_strings for word in one.choices or ()}


def returned() -> set[str]:
    """The names of the classes that public functions return."""
    public = (getattr(ictindex, name) for name in ictindex.__all__)
    return {str(one.__annotations__["return"]) for one in public if inspect.isfunction(one)}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_answer_is_frozen_told_and_public(kind: str, run: Any) -> None:
    made = KINDS[kind]
    assert made.kind == kind and issubclass(made, Answer) and made.__doc__
    assert not inspect.isabstract(made) and attrs.has(made) and made.__setattr__ is not object.__setattr__
    assert made.__name__ in returned(), "no function of `ictindex.__all__` returns it"
    told = run("schema", "--kind", kind)
    assert told.code == FINE and json.loads(told.out) == questions.answer_schema(kind)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_page_of_the_guide_is_about_it(kind: str) -> None:
    about = [name for name, text in PAGES.items() if re.search(rf"--kind {kind}\b|\b{kind}\.schema\.json", text)]
    assert about, f"no page in docs names the schema of {kind}"
    assert any(f"[]({name})" in PAGES["index.md"] for name in about)
    shown = {word for name in about for word in re.findall(r"ictindex (\w[\w-]*)", PAGES[name])}
    assert shown & commands(), f"{', '.join(about)} shows no command that prints an answer"


def test_there_are_as_many_commands_as_the_guide_has() -> None:
    shown = {word for text in PAGES.values() for word in re.findall(r"ictindex (\w[\w-]*)", text)}
    assert commands() and commands() <= shown
