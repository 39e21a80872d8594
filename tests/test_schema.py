"""The composed grammar that editors read: it is current, and tells every key and word in English and Vietnamese."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from make_schema import SCHEMA, schema

from ictindex.documents.compose import compose_schema
from ictindex.plugins import vocabulary
from ictindex.registry import Registry, Vocabulary

SCHEMES = sorted(path for path in SCHEMA.parent.glob("*/*.yaml") if "." not in path.stem)
COMPOSED = json.loads(SCHEMA.read_text("utf-8"))
KINDS = {"scheme": COMPOSED, "overlay": compose_schema(vocabulary(), "overlay")}
MODELINE = "# yaml-language-server: $schema="


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every mapping of the schema with its path."""
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            yield from parts(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for place, value in enumerate(schema):
            yield from parts(value, f"{path}/{place}")


def bilingual(text: str) -> bool:
    """Return whether the text has two languages, parted once by ` / `."""
    said = text.split(" / ")
    return len(said) == 2 and all(said) and said[0] != said[1]


def test_the_file_is_current() -> None:
    assert SCHEMA.read_text("utf-8") == schema(), "run: python docs/make_schema.py"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_title_and_a_description_in_both_languages(kind: str) -> None:
    named = ((path, part["properties"]) for path, part in parts(KINDS[kind]) if "properties" in part)
    keys = {f"{path}/{name}": about for path, properties in named for name, about in properties.items()}
    assert {path.rpartition("/")[2] for path in keys} >= {kind, "max", "ratio", "steps", "log", "only-if", "is"}
    assert [path for path, about in keys.items() if not bilingual(about.get("title", ""))] == []
    assert [path for path, about in keys.items() if not bilingual(about.get("description", ""))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_out_of_a_list_is_told_in_both_languages(kind: str) -> None:
    lists = [(path, part) for path, part in parts(KINDS[kind]) if "enum" in part]
    assert len(lists) > 10
    for path, part in lists:
        assert len(part["enum"]) == len(part["enumDescriptions"]), path
        assert [text for text in part["enumDescriptions"] if not bilingual(text)] == [], path


def test_every_ready_made_text_is_told_in_both_languages() -> None:
    snippets = [one for _, part in parts(COMPOSED) for one in part.get("defaultSnippets", ())]
    assert len(snippets) > 10
    assert [one["label"] for one in snippets if not bilingual(one["description"])] == []


def test_a_wrong_text_is_answered_with_words_and_not_with_a_pattern() -> None:
    named = [(path, part) for path, part in parts(COMPOSED["$defs"]) if "pattern" in part]
    assert len(named) > 5
    assert [path for path, part in named if part.get("patternErrorMessage") != part["description"]] == []


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_scheme_names_the_grammar(path: Path) -> None:
    first = path.read_text("utf-8").partition("\n")[0]
    assert first.startswith(MODELINE)
    assert (path.parent / first.removeprefix(MODELINE)).resolve() == SCHEMA


def test_a_broken_aggregation_keeps_its_word_and_says_whose_it_is() -> None:
    known = vocabulary()
    broken = Registry[Any]("aggregation").adding_things("bad-package", {"bad.mean": object})
    words = compose_schema(Vocabulary(known.measures, known.normalizations, broken))["$defs"]["aggregation"]
    assert words["then"]["enum"] == ["bad.mean", "none"]
    assert "bad-package" in words["then"]["enumDescriptions"][0]
