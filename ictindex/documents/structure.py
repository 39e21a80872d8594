"""The structure of a scheme document: which keys may stand where, and what kind of value each takes.

`scheme.schema.json` holds the grammar. The strategies that are installed add their keywords to it, each with its own
JSON Schema, so one composed schema serves this check, editors and plugins. The schema has no `oneOf`: a key's name
says which rule its value follows, so an error is always about the rule that the author meant.

jsonschema is imported in this file only, when the first document is checked.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from importlib.resources import files
from typing import Any

from attrs import frozen

from ictindex.documents.grammar import is_code, split_line
from ictindex.documents.source import Document, Mapping, Node, Scalar, Sequence, to_plain
from ictindex.errors import IctIndexError, Location, Problem, did_you_mean
from ictindex.registry import Registry, Vocabulary

_DEFINITIONS = "#/$defs/"
_PLUGIN_KEY = re.compile(r"([a-z][a-z0-9_-]*)\.[a-z][a-z0-9_.-]*")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+ ?%?")
_FEW = 12  # as many words as a message can list


def compose_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scheme with the keywords of every installed strategy.

    A plugin that cannot be loaded, or whose own schema is wrong, keeps its keyword: using it is then the error.
    """
    schema: dict[str, Any] = json.loads(files("ictindex.documents").joinpath("scheme.schema.json").read_text("utf-8"))
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
    definitions["below"]["properties"].update(scales)
    definitions["aggregation"]["enum"] = list(dict.fromkeys((*vocabulary.aggregations, "none")))
    fixed = (*schema["required"], "variants")
    changes = definitions["changes"]
    changes["properties"] = {key: value for key, value in schema["properties"].items() if key not in fixed}
    keywords = "|".join(map(re.escape, [*schema["properties"], *spoken]))
    changes["patternProperties"] = {
        rf"^(?!(?:{keywords})$)[0-9A-Za-z][0-9A-Za-z._-]*(?:[ \n]+\S|$)": {"$ref": f"{_DEFINITIONS}row"}
    }
    for name, definition in definitions.items():
        if set(definition) == {"enum"}:
            definitions[name] = _word(definition["enum"])
    _let_speak(schema, spoken)
    return schema


def structure_problems(document: Document, vocabulary: Vocabulary) -> list[Problem]:
    """Return what is wrong with the structure (S1xx) and the warnings of the text, in the order of the file."""
    for kind in ("overlay", "cases"):
        if kind in document.root and "scheme" not in document.root:
            return [_other_document(kind, document.root)]
    schema = _composed(vocabulary)
    problems = list(document.warnings)
    for error in _validator(vocabulary).iter_errors(to_plain(document.root)):
        problems.extend(_Spot.of(document, error.absolute_path).told(error, schema, document.root))
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.where, problem.code, problem.message))


_composed = functools.lru_cache(maxsize=8)(compose_schema)


@functools.lru_cache(maxsize=8)
def _validator(vocabulary: Vocabulary) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(_composed(vocabulary))


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
        return _broken(f"{registry.package(name)} does not describe it well: {str(error).splitlines()[0]}")
    unknown = [ref for ref in _references(schema) if ref.removeprefix(_DEFINITIONS) not in definitions]
    if unknown:
        return _broken(f"{registry.package(name)} refers to '{unknown[0]}', which is unknown")
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


def _word(words: list[str]) -> dict[str, Any]:
    """Return the schema of one word out of a list, plain or as `{is: word, assumed: why}`."""
    described = {"title": "Is / Là", "description": "The word itself / Chính từ đó"}
    return {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": words},
        "required": ["is"],
        "properties": {"is": {"enum": words, **described}},
        "additionalProperties": False,
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


def _other_document(kind: str, root: Mapping) -> Problem:
    node = root.get(kind)
    scheme = node.text if isinstance(node, Scalar) and node.text else "its scheme"
    where = node.where if node is not None else root.where
    if kind == "overlay":
        message = f"this is an overlay, which changes the scheme {scheme}; it is not a scheme itself"
    else:
        message = f"this is a file of cases, the published figures that {scheme} must reproduce; it is not a scheme"
    return Problem("S107", message, where, f"name the scheme instead: {scheme}")


@frozen
class _Spot:
    """A place in the document: the path to it, its node, its key, and what messages call it."""

    path: tuple[str | int, ...]
    node: Node
    where: Location  # of the value
    named_at: Location  # of its key
    name: str

    @classmethod
    def of(cls, document: Document, steps: Iterable[str | int]) -> _Spot:
        path = tuple(steps)
        node = document.node_at(path)
        above = document.node_at(path[:-1])
        key = above.key(str(path[-1])) if path and isinstance(above, Mapping) else None
        return cls(path, node, node.where, key.where if key else node.where, _name(path))

    def told(self, error: Any, schema: Map[str, Any], root: Mapping) -> Iterator[Problem]:
        """Yield what one error of jsonschema means."""
        if error.validator == "additionalProperties" and isinstance(self.node, Mapping):
            patterns = error.schema.get("patternProperties", {})
            for key, value in self.node.items:
                known = key.text in error.schema.get("properties", {})
                if not known and not any(re.search(pattern, key.text) for pattern in patterns):
                    yield _unknown_key(key, value, error.schema, schema, root)
        elif error.validator == "required":
            described = error.schema.get("properties", {})
            for key in (key for key in error.validator_value if key not in error.instance):
                message = f"`{key}` of {self.name} is missing" if self.path else f"`{key}` is missing"
                about = _english(described.get(key, {}))
                hint = f"add `{key}: ...`{about and ': '}{about[:1].lower()}{about[1:]}"
                yield Problem("S102", message, self.named_at, hint)
        elif error.validator == "enum":
            yield self._wrong_word(error.validator_value, root)
        elif error.validator == "not":
            yield Problem("S106", f"{self.name} cannot be used: {error.schema['description']}", self.named_at)
        else:
            yield self._wrong_value(error)

    def _wrong_word(self, words: list[str], root: Mapping) -> Problem:
        text = self.node.text if isinstance(self.node, Scalar) else ""
        listed = f"one of {', '.join(map(str, words))}"
        if self.path[-1] == "combine" and _PLUGIN_KEY.fullmatch(text):
            return _not_installed(text, self.where, words, root)
        close = did_you_mean(text, words)
        return Problem("S104", f"{self.name} cannot be {_found(self.node)}", self.where, close or f"expected: {listed}")

    def _wrong_value(self, error: Any) -> Problem:
        hint = f"expected: {_english(error.schema) or f'{error.validator} {json.dumps(error.validator_value)}'}"
        if isinstance(self.node, Scalar) and not self.node.quoted:
            kinds = error.schema.get("type", ())
            if "number" in kinds and _DECIMAL_COMMA.fullmatch(self.node.text):
                hint = f"write a decimal point: {self.node.text.replace(',', '.')}"
            elif kinds == "string" and isinstance(self.node.value, bool | int | float):
                hint = f'quote it: "{self.node.text}"'
        return Problem("S103", f"{self.name} cannot be {_found(self.node)}", self.where, hint)


def _name(path: tuple[str | int, ...]) -> str:
    """Return what messages call the place: a row by its code, a key with the row that it stands in."""
    if not path:
        return "the document"
    last, rest = path[-1], path[:-1]
    if last == "is" and rest:  # `{is: ...}` is a value with its status: it goes by the name of its key
        return _name(rest)
    if isinstance(last, int):
        return f"item {last + 1} of {_name(rest)}"
    line = split_line(last)
    if line:
        return line[0]
    above = (split_line(step) for step in reversed(rest) if isinstance(step, str))
    code = next((line[0] for line in above if line), "")
    return f"`{last}` of {code}" if code else f"`{last}`"


def _found(node: Node) -> str:
    if isinstance(node, Mapping):
        keys = ", ".join(key.text for key, _ in node.items[:3])
        return f"a mapping ({{{keys[:40]}: ...}})" if keys else "empty"
    if isinstance(node, Sequence):
        return f"a list of {len(node.items)}"
    if node.value is None or not node.text.strip():
        return "empty"
    return f"'{node.text[:40]}...'" if len(node.text) > 40 else f"'{node.text}'"


def _english(schema: Map[str, Any]) -> str:
    return str(schema.get("description", "")).split(" / ")[0]


def _unknown_key(key: Scalar, value: Node, place: Map[str, Any], schema: Map[str, Any], root: Mapping) -> Problem:
    """Say why a key cannot stand in a place: misspelt, elsewhere at home, of a plugin, or a line that is none."""
    known = list(place.get("properties", {}))
    keywords = {*schema["properties"], *schema["$defs"]["row"]["properties"]}
    if _PLUGIN_KEY.fullmatch(key.text):
        return _not_installed(key.text, key.where, known, root)
    close = did_you_mean(key.text, known)
    lines = any(re.search(pattern, "1.1 words") for pattern in place.get("patternProperties", {}))
    if key.text in keywords:
        home = "in a row" if key.text in schema["$defs"]["row"]["properties"] else "at the top of the document"
        return Problem("S101", f"the key '{key.text}' cannot stand here", key.where, f"it stands {home}")
    if lines and not close and (words := key.text.split(maxsplit=1)):
        if not is_code(words[0]):
            hint = "begin with a code of letters a-z, digits and . _ - (no accents), a blank, then the words"
            return Problem("S108", f"'{key.text[:60]}' does not begin with a code", key.where, hint)
        if len(words) == 1 and (isinstance(value, Mapping) or not key.text[0].islower() or len(known) < _FEW):
            hint = f"a line has a code, a blank and words: `{key.text} words:`"
            return Problem("S108", f"the line '{key.text}' has no words", key.where, hint)
    few = f"known here: {', '.join(known)}" if len(known) <= _FEW else "a line has a code, a blank and words"
    return Problem("S101", f"the key '{key.text}' is unknown", key.where, close or few)


def _not_installed(name: str, where: Location, known: Iterable[str], root: Mapping) -> Problem:
    """Say which package would bring a name with a dot, by the document's `uses`."""
    prefix = name.partition(".")[0]
    uses = root.get("uses")
    package = uses.get(prefix) if isinstance(uses, Mapping) else None
    mine = [one for one in known if one.startswith(f"{prefix}.")]
    if mine:
        hint = did_you_mean(name, mine) or f"it has: {', '.join(mine)}"
        return Problem("S105", f"the plugin '{prefix}' has no '{name}' for this place", where, hint)
    if isinstance(package, Scalar):
        message = f"'{name}' is not installed; `uses` says that {package.text} brings it"
        return Problem("S105", message, where, f"pip install {package.text}")
    hint = f"install its package and name it at the top: `uses: {{{prefix}: package}}`"
    return Problem("S105", f"'{name}' is not installed, and `uses` does not say which package brings it", where, hint)
