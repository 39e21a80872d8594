"""The grammar of scheme documents as one JSON Schema, for the check of structure and for editors.

`scheme.schema.json` holds the grammar. The strategies that are installed add their keywords to it, each with its own
JSON Schema. The schema has no `oneOf`: a key's name says which rule its value follows, so an error is always about
the rule that the author meant.

For editors every key has a title and a description, "English / Tiếng Việt", and so has every word out of a list.
`defaultSnippets`, `enumDescriptions` and `patternErrorMessage` are understood by editors and change no rule. Where
a value is a number or words, or a mapping around them, the mapping's keys stand under `if` and `then`: an editor that
completes the key would else write the mapping.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as Map
from importlib.resources import files
from typing import Any

from ictindex.errors import IctIndexError
from ictindex.messages import say
from ictindex.registry import Registry, Vocabulary

DEFINITIONS = "#/$defs/"
GRAMMARS = ("scheme", "overlay")
"""The kinds of document that have a JSON Schema. What may stand in a file of cases depends on its scheme."""
_SPOKEN = ("cited", "derived", "assumed", "notes")
_NOT_CHANGED = ("revision", "replaces", "history", "uses")
"""What stands at the top of a scheme and an overlay cannot change; packages it declares at its own top."""
_CHANGED_LINE = r"^(?![a-z][a-z0-9._-]+$)[0-9A-Za-z][0-9A-Za-z._-]*(?:[ \n]+\S|$)"
"""A code, alone or with words; small letters alone are a keyword, so such a code needs its words."""
_NONE = "no score: the rows below are separate totals / không có điểm chung: các dòng bên dưới là những tổng riêng"


def compose_schema(vocabulary: Vocabulary, kind: str = "scheme") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of document, `scheme` or `overlay`.

    It has the keywords of every installed strategy. A plugin that cannot be loaded, or whose own schema is wrong,
    keeps its keyword: using it is then the error.
    """
    return _overlay(_scheme(vocabulary)) if kind == "overlay" else _scheme(vocabulary)


def _grammar(kind: str) -> dict[str, Any]:
    text = files("ictindex.documents").joinpath(f"{kind}.schema.json").read_text("utf-8")
    grammar: dict[str, Any] = json.loads(text)
    return grammar


def _scheme(vocabulary: Vocabulary) -> dict[str, Any]:
    schema = _grammar("scheme")
    definitions = schema["$defs"]
    heading, spoken = (definitions.pop(name)["properties"] for name in ("heading", "spoken"))
    measures, scales = (
        {name: _keyword(registry, name, definitions) for name in registry}
        for registry in (vocabulary.measures, vocabulary.normalizations)
    )
    row = definitions["row"]
    row["properties"].update(heading | measures | scales)
    schema["properties"].update(heading | scales)
    schema["patternProperties"] = row["patternProperties"]
    schema["defaultSnippets"] = row["defaultSnippets"]
    definitions["below"]["properties"].update(scales)
    definitions["aggregation"] = _aggregations(vocabulary.aggregations)
    fixed = (*schema["required"], "variants")
    changes = definitions["changes"]
    changes["properties"] = {key: value for key, value in schema["properties"].items() if key not in fixed}
    keywords = "|".join(map(re.escape, [*schema["properties"], *spoken]))
    changes["patternProperties"] = {
        rf"^(?!(?:{keywords})$)[0-9A-Za-z][0-9A-Za-z._-]*(?:[ \n]+\S|$)": {"$ref": f"{DEFINITIONS}row"}
    }
    for name, definition in definitions.items():
        if set(definition) == {"enum", "enumDescriptions"}:
            definitions[name] = _word(definition["enum"], definition["enumDescriptions"])
        elif "pattern" in definition:
            definition["patternErrorMessage"] = definition["description"]
    _let_speak(schema, spoken)
    return schema


def _overlay(scheme: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an overlay, made of the definitions of a scheme: its changes are a row's keys, by code."""
    overlay, definitions = _grammar("overlay"), scheme["$defs"]
    spoken = {key: about for key, about in definitions["below"]["properties"].items() if key in _SPOKEN}
    own, row, changes = overlay["$defs"], definitions["row"], definitions["changes"]
    own["status"]["properties"] = spoken
    lines = {_CHANGED_LINE: {"$ref": f"{DEFINITIONS}change"}}
    own["change"] |= {
        "properties": own["change"]["properties"] | row["properties"],
        "patternProperties": lines,
        "additionalProperties": False,
    }
    kept = {key: about for key, about in changes["properties"].items() if key not in _NOT_CHANGED}
    kept = {"title": scheme["properties"]["title"]} | kept
    own["changes"] = changes | {"properties": kept, "patternProperties": lines, "minProperties": 1}
    overlay["$defs"] = {name: about for name, about in definitions.items() if name != "variants"} | own
    return overlay


def _keyword(registry: Registry[Any], name: str, definitions: Map[str, Any]) -> dict[str, Any]:
    from jsonschema import Draft202012Validator, SchemaError

    try:
        strategy = registry.get(name)
        schema = json.loads(json.dumps(dict(strategy.schema)))
        about = {"title": str(strategy.title), "description": str(strategy.description)}
        Draft202012Validator.check_schema(schema)
    except IctIndexError as error:
        return _broken(error.problems[0].message)
    except (SchemaError, AttributeError, TypeError, ValueError) as error:
        parts = {"package": registry.package(name), "reason": str(error).splitlines()[0]}
        return _broken(say("{package} does not describe it well: {reason}", **parts))
    unknown = [ref for ref in _references(schema) if ref.removeprefix(DEFINITIONS) not in definitions]
    if unknown:
        package = registry.package(name)
        return _broken(say("{package} refers to '{name}', which is unknown", package=package, name=unknown[0]))
    return {**schema, **about}


def _broken(reason: str) -> dict[str, Any]:
    return {"not": {}, "title": "Broken / Hỏng", "description": reason}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _aggregations(known: Registry[Any]) -> dict[str, Any]:
    """Return the words of `combine`, each with what it does."""
    told = {name: _told(known, name) for name in known} | {"none": _NONE}
    return {"enum": list(told), "enumDescriptions": list(told.values())}


def _told(known: Registry[Any], name: str) -> str:
    try:
        return str(known.get(name).description)
    except (IctIndexError, AttributeError):  # broken: using it is the error, and says more
        return f"Broken, from {known.package(name)} / Hỏng, của {known.package(name)}"


def _word(words: list[str], told: list[str]) -> dict[str, Any]:
    """Return the schema of one word out of a list, plain or as `{is: word, assumed: why}`."""
    listed = {"enum": words, "enumDescriptions": told}
    described = {"title": "Is / Là", "description": "The word itself / Chính từ đó"}
    return {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": listed,
        "else": {"required": ["is"], "properties": {"is": listed | described}, "additionalProperties": False},
        "defaultSnippets": [
            {"label": word, "body": word, "description": about} for word, about in zip(words, told, strict=True)
        ],
        "description": f"one of {', '.join(words)} / một trong {', '.join(words)}",
    }


def _let_speak(schema: Any, spoken: dict[str, Any]) -> None:
    """Let every mapping with known keys say where its numbers come from."""
    if isinstance(schema, list):
        for value in schema:
            _let_speak(value, spoken)
    elif isinstance(schema, dict):
        for value in list(schema.values()):
            _let_speak(value, spoken)
        named = schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict)
        if schema.get("additionalProperties") is False or named:
            schema["properties"] = spoken | schema.get("properties", {})
