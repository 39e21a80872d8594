"""The structure of a scheme document: which keys may stand where, and what kind of value each takes.

What is right is said by the composed schema (`compose`); here its errors become problems that a person can mend.

jsonschema is imported here and in `compose` only, when the first document is checked.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from typing import Any

from attrs import frozen

from ictindex.cells import fold
from ictindex.documents.compose import DEFINITIONS, compose_schema
from ictindex.documents.draft import key_of, mapping_items
from ictindex.documents.grammar import STATUS_KEYS, TOP_KEYS, is_code, split_line
from ictindex.documents.source import Document, Mapping, Node, Scalar, Sequence, to_plain
from ictindex.errors import Location, Problem, Severity, did_you_mean
from ictindex.messages import either, say
from ictindex.registry import Vocabulary

_PLUGIN_KEY = re.compile(r"([a-z][a-z0-9_-]*)\.[a-z][a-z0-9_.-]*")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+ ?%?")
_TRUTHS = ("true", "false")
_KEY_WITH_BLANKS = re.compile(r"[a-z]+(?: [a-z]+)+")
_POINTS = "điểm"
_FEW = 12  # as many words as a message can list


def structure_problems(document: Document, vocabulary: Vocabulary, kind: str = "scheme") -> list[Problem]:
    """Return what is wrong with the structure (S1xx) and the warnings of the text, in the order of the file.

    `kind` is what the document should be, `scheme` or `overlay`.
    """
    if kind == "scheme" and "cases" in document.root and "scheme" not in document.root:
        return [_cases(document.root)]
    schema = _composed(vocabulary, kind)
    problems = list(document.warnings)
    told = {one.where for one in problems if one.severity is Severity.ERROR}  # what follows from these is not said
    for error in _validator(vocabulary, kind).iter_errors(to_plain(document.root)):
        found = _Spot.of(document, error.absolute_path).told(error, schema, document.root)
        problems.extend(one for one in found if one.where not in told)
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.where, problem.code, problem.message))


_composed = functools.lru_cache(maxsize=8)(compose_schema)


@functools.lru_cache(maxsize=8)
def _validator(vocabulary: Vocabulary, kind: str) -> Any:
    """Return the validator of a kind of document. It looks up a `$ref` in `$defs`: the general way takes far longer."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    schema = _composed(vocabulary, kind)

    def referred(validator: Any, name: str, instance: Any, _: Any) -> Any:
        return validator.descend(instance, schema["$defs"][name.removeprefix(DEFINITIONS)])

    return extend(Draft202012Validator, {"$ref": referred})(schema)  # type: ignore[no-untyped-call]


def _cases(root: Mapping) -> Problem:
    """Return the problem of cases in the place of a scheme."""
    node = root.get("cases")
    scheme = node.text if isinstance(node, Scalar) and node.text else say("its scheme")
    message = say(
        "this is a file of cases, the published figures that {scheme} must reproduce; it is not a scheme", scheme=scheme
    )
    where = node.where if node is not None else root.where
    return Problem("S107", message, where, say("name the scheme instead: {scheme}", scheme=scheme))


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
                message = say("{key} is missing", key=key_of(key, self.name if self.path else ""))
                about = _described(described.get(key, {}), lower=True)
                hint = (
                    say("add `{key}: ...`: {about}", key=key, about=about)
                    if about
                    else say("add `{key}: ...`", key=key)
                )
                yield Problem("S102", message, self.named_at, hint)
        elif error.validator == "enum":
            yield self._wrong_word(error.validator_value, root)
        elif error.validator == "not":
            message = say("{place} cannot be used: {reason}", place=self.name, reason=error.schema["description"])
            yield Problem("S106", message, self.named_at)
        else:
            yield self._wrong_value(error, schema)

    def _wrong_word(self, words: list[str], root: Mapping) -> Problem:
        text = self.node.text if isinstance(self.node, Scalar) else ""
        if self.path[-1] == "combine" and _PLUGIN_KEY.fullmatch(text):
            return _not_installed(text, self.where, words, root)
        listed = say("expected: one of {words}", words=", ".join(map(str, words)))
        return Problem(
            "S104", self._cannot_be(), self.where, _close(text, words) or did_you_mean(text.casefold(), words) or listed
        )

    def _wrong_value(self, error: Any, schema: Map[str, Any]) -> Problem:
        what = _described(error.schema) or f"{error.validator} {json.dumps(error.validator_value)}"
        hint = say("expected: {what}", what=what)
        if isinstance(self.node, Scalar) and not self.node.quoted:
            kinds = error.schema.get("type", ())
            if "number" in kinds and _DECIMAL_COMMA.fullmatch(self.node.text):
                hint = say("write a decimal point: {number}", number=self.node.text.replace(",", "."))
            elif kinds == "string" and isinstance(self.node.value, bool | int | float):
                hint = say('quote it: "{text}"', text=self.node.text)
        return Problem("S103", self._cannot_be(), self.where, self._meant(error.schema, schema) or hint)

    def _meant(self, wanted: Map[str, Any], schema: Map[str, Any]) -> str:
        """Return which word was meant: `true` or `max` as a value, or a key that has a hyphen and no blank."""
        text = self.node.text if isinstance(self.node, Scalar) else ""
        key = str(self.path[-1]) if self.path else ""
        if wanted.get("type") == "boolean":
            bare = say("write it without quotes: {text}", text=text.lower())
            return bare if text.lower() in _TRUTHS else did_you_mean(text, _TRUTHS)
        if "max" in str(wanted.get("pattern")):
            return did_you_mean(text.rpartition(" ")[2], ("max",))
        if "patternProperties" in wanted and _KEY_WITH_BLANKS.fullmatch(key):
            return did_you_mean(key.replace(" ", "-"), {**schema["properties"], **wanted.get("properties", {})})
        return ""

    def _cannot_be(self) -> str:
        return say("{place} cannot be {found}", place=self.name, found=_found(self.node))


def _name(path: tuple[str | int, ...]) -> str:
    """Return what messages call the place: a row by its code, a key with the row that it stands in."""
    if not path:
        return say("the document")
    last, rest = path[-1], path[:-1]
    if last == "is" and rest:  # `{is: ...}` is a value with its status: it goes by the name of its key
        return _name(rest)
    if isinstance(last, int):
        return say("item {number} of {place}", number=last + 1, place=_name(rest))
    line = split_line(last)
    if line:
        return _line_name(line[0], rest)
    lines = (at for at in range(len(rest), 0, -1) if split_line(str(rest[at - 1])))
    return key_of(last, next((_name(rest[:at]) for at in lines), ""))


def _line_name(code: str, above: tuple[str | int, ...]) -> str:
    """Return what messages call a line: its code, with the row where it is a part or a case of one."""
    if above[-1:] == ("parts",):
        return f"{_name(above[:-1])}.{code}"
    if above and above[-1] in ("choice", "checks", "all-of"):
        return key_of(code, _name(above[:-1]))
    if above[-2:-1] == ("choices",):
        return key_of(code, _name(above))
    return code


def _found(node: Node) -> str:
    if isinstance(node, Mapping):
        keys = ", ".join(key.text for key, _ in node.items[:3])
        return say("a mapping ({{{keys}: ...}})", keys=keys[:40]) if keys else say("empty")
    if isinstance(node, Sequence):
        return say("a list of {count}", count=len(node.items))
    if node.value is None or not node.text.strip():
        return say("empty")
    return f"'{node.text[:40]}...'" if len(node.text) > 40 else f"'{node.text}'"


def _described(schema: Map[str, Any], lower: bool = False) -> str:
    """Return a schema's `English / Vietnamese` description, as the end of a sentence where `lower` says so."""
    english, _, vietnamese = str(schema.get("description", "")).partition(" / ")
    if lower:
        english, vietnamese = (words[:1].lower() + words[1:] for words in (english, vietnamese))
    return either(english, vietnamese)


def _unknown_key(key: Scalar, value: Node, place: Map[str, Any], schema: Map[str, Any], root: Mapping) -> Problem:
    """Say why a key cannot stand in a place: misspelt, elsewhere at home, of a plugin, or a line that is none."""
    known = list(place.get("properties", {}))
    keywords = {*schema["properties"], *schema["$defs"]["row"]["properties"]}
    if _PLUGIN_KEY.fullmatch(key.text):
        return _not_installed(key.text, key.where, known, root)
    close = _close(key.text, known)
    lines = any(re.search(pattern, "1.1 words") for pattern in place.get("patternProperties", {}))
    if "changes" in known and key.text in {*keywords, *TOP_KEYS}:
        home = say("write it under `changes:`, in the row that it changes")
        if key.text in STATUS_KEYS:
            home = say("write it in the change itself, or once for all under `below:`")
        return Problem("S101", say("the key '{key}' cannot stand here", key=key.text), key.where, home)
    if key.text in keywords:
        in_row = key.text in schema["$defs"]["row"]["properties"]
        home = say("it stands in a row") if in_row else say("it stands at the top of the document")
        return Problem("S101", say("the key '{key}' cannot stand here", key=key.text), key.where, home)
    if "overlay" in schema["properties"] and key.text in TOP_KEYS:
        hint = say("an overlay does not change what a scheme is; for that write a scheme of your own")
        return Problem("S101", say("the key '{key}' cannot stand here", key=key.text), key.where, hint)
    if lines and not close and (words := key.text.split(maxsplit=1)):
        if not is_code(words[0]):
            message = say("'{words}' does not begin with a code", words=key.text[:60])
            hint = say("begin with a code of letters a-z, digits and . _ - (no accents), a blank, then the words")
            return Problem("S108", message, key.where, _in_english(key.text, place.get("properties", {})) or hint)
        if len(words) == 1 and (isinstance(value, Mapping) or not key.text[0].islower() or len(known) < _FEW):
            message = say("the line '{code}' has no words", code=key.text)
            hint = say("a line has a code, a blank and words: `{code} words:`", code=key.text)
            return Problem("S108", message, key.where, hint)
    few = say("a line has a code, a blank and words")
    if len(known) <= _FEW:
        few = say("known here: {keys}", keys=", ".join(known))
    return Problem("S101", say("the key '{key}' is unknown", key=key.text), key.where, close or few)


def _in_english(word: str, properties: Map[str, Any]) -> str:
    """Return which keyword was meant where someone wrote its Vietnamese title, `điểm` alone for the maximum."""
    titles = {key: fold(str(about.get("title", "")).partition(" / ")[2]) for key, about in properties.items()}
    meant = [key for key, title in titles.items() if title == fold(word)]
    if fold(word) == _POINTS and "max" in titles:
        meant = ["max"]
    return say("keywords are in English: write `{key}`", key=meant[0]) if meant else ""


def _not_installed(name: str, where: Location, known: Iterable[str], root: Mapping) -> Problem:
    """Say which package would bring a name with a dot, by the document's `uses`."""
    prefix = name.partition(".")[0]
    uses = root.get("uses")
    package = uses.get(prefix) if isinstance(uses, Mapping) else None
    mine = [one for one in known if one.startswith(f"{prefix}.")]
    if mine:
        message = say("the plugin '{prefix}' has no '{name}' for this place", prefix=prefix, name=name)
        hint = did_you_mean(name, mine) or say("it has: {names}", names=", ".join(mine))
        return Problem("S105", message, where, hint)
    if isinstance(package, Scalar):
        brings = {"name": name, "package": package.text}
        message = say("'{name}' is not installed; `uses` says that {package} brings it", **brings)
        return Problem("S105", message, where, say("pip install {package}", package=package.text))
    message = say("'{name}' is not installed, and `uses` does not say which package brings it", name=name)
    hint = say("install its package and name it at the top: `uses: {{{prefix}: package}}`", prefix=prefix)
    declared = [f"{key.text}{name[len(prefix) :]}" for key, _ in mapping_items(uses)]
    close = did_you_mean(name, [one for one in known if "." in one] + declared)
    return Problem("S105", message, where, close or hint)


def _close(word: str, known: Iterable[str]) -> str:
    """Return what was meant by a word, which may be a plugin's name without its prefix."""
    names = list(known)
    whole = [name for name in names if word and name.endswith(f".{word}")]
    return say("did you mean '{name}'?", name=whole[0]) if len(whole) == 1 else did_you_mean(word, names)
