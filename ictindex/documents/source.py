"""Strict YAML: text in, a `Document` out, with the line and column of every key and value.

What is read is the part of YAML that a decision's annex needs: mappings, lists and scalars. What surprises people is
refused with a plain message (duplicate keys, anchors, aliases, merge keys, tags, a second document), and so is what is
too large. Scalars follow the YAML 1.2 core schema, so `no`, `12:30` and `2022-05-20` are text; numbers in other bases
and numbers with a leading zero stay text too, because codes are written that way.

The events of PyYAML's parser are read one by one. A parser looks ahead by at most one possible key (1,024 characters),
so counting depth and nodes while reading stops thirty thousand brackets long before anything grows; no parser here
calls itself, and aliases are never followed.

PyYAML is imported in this file only, when the first document is read.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import frozen

from ictindex.documents.marks import unsettled
from ictindex.documents.nodes import Mapping, Node, Scalar, Sequence, content_sha256
from ictindex.documents.syntax import syntax_problem
from ictindex.errors import Location, Problem, SchemeInvalid, Severity, reason_of
from ictindex.messages import say

__all__ = [
    "Document",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "not_allowed",
    "read_document",
    "read_document_file",
    "to_plain",
]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 50_000
MAX_DIGITS = 40
MAX_EXPONENT = 30

_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([-+]?[0-9]+))?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# What YAML 1.1 readers change silently: booleans, other bases, `1_000`, times. A date reads the same in both.
_AMBIGUOUS = re.compile(
    r"(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)"
    r"|[-+]?(?:0[0-9_]+|0b[01_]+|0o[0-7]+|0x[0-9a-fA-F_]+)"
    r"|[-+]?[0-9]+(?:_[0-9]+)+(?:\.[0-9_]*)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f", " "))  # blanks that only look like a space
_CUT = ("S009", "S011")
"""After these a part of the document is gone, and what would be said of the rest is not about what was written."""
_COLON = re.compile(r"[ \n]*:")
_HIDDEN = re.compile(r"[ \t]+(#\S[^\n]{0,20})")
_NO_SHARING = say("write the value in place; a text that begins with '*' or '&' must be quoted")
_COMMA = say("a comma inside {{ }} begins a new entry: quote the name, and write numbers as 0.5")


@frozen
class Document:
    """One document: its top mapping, the name of its source, and the SHA-256 of its content.

    `warnings` stop nothing: values that other YAML readers would change, marks that are not settled; and, where it was
    read for a check, errors that leave the rest readable.
    """

    root: Mapping
    source: str
    sha256: str
    warnings: tuple[Problem, ...] = ()

    def node_at(self, path: Iterable[str | int]) -> Node:
        """Return the node at a path of keys and positions. Raises KeyError where there is none."""
        node: Node = self.root
        for step in path:
            below = None
            if isinstance(node, Mapping):
                below = node.get(str(step))
            elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
                below = node.items[step]
            if below is None:
                raise KeyError(step)
            node = below
        return node


def to_plain(node: Node) -> Any:
    """Return the node as dict, list, int, float, str, bool and None; keys are text."""
    if isinstance(node, Mapping):
        return {key.text: to_plain(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [to_plain(item) for item in node.items]
    return node.value


def read_document_file(path: str | os.PathLike[str], *, forgiving: bool = False) -> Document:
    """Return the document in a file. Raises SchemeInvalid, also where there is no such file or it is not text."""
    source = os.fspath(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        hint = say("check the name and the folder")
        raise _refusal("S001", say("there is no such file"), Location(source), hint) from None
    except IsADirectoryError:
        hint = say("name a .yaml file in it")
        raise _refusal("S002", say("this is a folder, not a file"), Location(source), hint) from None
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise _refusal("S001", say("the file cannot be read: {reason}", reason=reason), Location(source)) from None
    return read_document(data, source, forgiving=forgiving)


def read_document(text: str | bytes, source: str, *, forgiving: bool = False) -> Document:
    """Return the document in a text; `source` is the name that messages give it.

    Raises SchemeInvalid with everything that was found (codes S0xx). Where it is `forgiving`, errors that leave the
    rest readable are kept among the `warnings`: so a check finds what else is wrong.
    """
    if len(text) > MAX_BYTES:
        limit = MAX_BYTES // 1024
        message = say("the document is too large: more than {limit} KiB; no scheme is that long", limit=limit)
        raise _refusal("S003", message, Location(source), say("is this the right file?"))
    text = _decoded(text, source) if isinstance(text, bytes) else text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text)
    _refuse_characters(text, source)
    reader = _Reader(text.translate(_BLANKS), source)
    root = reader.read()
    errors = [problem for problem in dict.fromkeys(reader.problems) if problem.severity is Severity.ERROR]
    cut = any(problem.code in _CUT for problem in errors)
    if not isinstance(root, Mapping) or cut or (errors and not forgiving):
        raise SchemeInvalid(errors)
    marks = unsettled(reader.text, source, reader.texts)
    return Document(root, source, content_sha256(root), (*reader.problems, *marks))


def _refusal(code: str, message: str, where: Location, hint: str = "") -> SchemeInvalid:
    return SchemeInvalid(Problem(code, message, where, hint))


def _place(text: str, index: int, source: str) -> Location:
    return Location(source, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _decoded(data: bytes, source: str) -> str:
    save, other = say("save it as text in UTF-8"), say("a scheme is a .yaml text file")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise _refusal("S004", say("this is an Excel, Word, zip or PDF file, not text"), Location(source), other)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = say("the text is in UTF-16 ('Unicode' in old Windows programs)")
        raise _refusal("S004", message, Location(source), save)
    if b"\x00" in data[:4096]:
        raise _refusal("S004", say("this is a binary file, not text"), Location(source), other)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        where = _place(before, len(before), source)
        message = say("byte {byte} is not UTF-8 text", byte=f"{data[error.start]:#04x}")
        raise _refusal("S004", message, where, save) from None


def _refuse_characters(text: str, source: str) -> None:
    problems = [
        Problem("S005", _not_allowed(found[0]), _place(text, found.start(), source), say("delete it"))
        for found, _ in zip(_FORBIDDEN.finditer(text), range(20), strict=False)  # one pasted file may hold thousands
    ]
    if problems:
        raise SchemeInvalid(problems)


def not_allowed(text: str) -> str:
    """Return what is wrong with the first character that no document may hold, empty where there is none."""
    found = _FORBIDDEN.search(text)
    return _not_allowed(found[0]) if found else ""


def _not_allowed(character: str) -> str:
    name = unicodedata.name(character, "").lower() or say("a control character")
    code = f"U+{ord(character):04X}"
    return say("the invisible character {code} ({name}) is not allowed", code=code, name=name)


class _Reader:
    """Builds nodes from parser events, and gathers what is wrong on the way."""

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.source = source
        self.problems: list[Problem] = []
        self.events = self._events()
        self.nodes = 0
        self.texts: list[tuple[int, int]] = []  # where what is quoted or a block begins and ends

    def read(self) -> Node | None:
        """Return the top node, or None where the document is empty. Raises SchemeInvalid where reading must stop."""
        import yaml

        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                message = say("a second document begins here ('---')")
                hint = say("keep each document in a file of its own")
                self._error("S009", message, self._where(event.start_mark), hint)
                return root
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 0)
        hint = say("a scheme begins with lines such as `scheme:`, `title:`, `unit:`")
        if root is None or (isinstance(root, Scalar) and root.value is None):
            self._error("S008", say("the document is empty"), Location(self.source), hint)
        elif not isinstance(root, Mapping):
            found = say("a list") if isinstance(root, Sequence) else say("one text")
            message = say("the document is {found}, not lines of `key: value`", found=found)
            self._error("S010", message, root.where, hint)
        return root

    def _events(self) -> Iterator[Any]:
        import yaml

        seen = 0
        try:
            for event in yaml.parse(self.text, Loader=getattr(yaml, "CLoader", yaml.Loader)):
                seen += 1
                yield event
        except yaml.MarkedYAMLError as error:
            if "nesting depth" in str(error.problem):  # newer C parsers give up before they tell of the first bracket
                yield from islice(yaml.parse(self.text, Loader=yaml.Loader), seen, None)
                return
            raise SchemeInvalid([*self.problems, syntax_problem(self.text, self.source, error)]) from None
        except (yaml.YAMLError, ArithmeticError, ValueError) as error:  # an escape or a `%YAML` number that is too big
            words = str(error).splitlines()[0]
            problem = Problem("S006", say("this is not YAML: {reason}", reason=words), Location(self.source))
            raise SchemeInvalid([*self.problems, problem]) from None

    def _where(self, mark: Any) -> Location:
        return Location(self.source, mark.line + 1, mark.column + 1)

    def _error(self, code: str, message: str, where: Location, hint: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(code, message, where, hint, severity))

    def _stop(self, code: str, message: str, where: Location, hint: str) -> SchemeInvalid:
        return SchemeInvalid([*self.problems, Problem(code, message, where, hint)])

    def _node(self, event: Any, depth: int, is_key: bool = False) -> Node:
        import yaml

        where = self._where(event.start_mark)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = say("the document has more than {most} keys and values", most=f"{MAX_NODES:,}")
            raise self._stop("S016", message, where, say("split it into several schemes"))
        if depth > MAX_DEPTH:
            message = say("values are nested more than {most} deep", most=MAX_DEPTH)
            raise self._stop("S015", message, where, say("is a bracket or a blank at the start of a line too many?"))
        if isinstance(event, yaml.AliasEvent):
            self._error("S012", say("an alias ('*{name}') is not allowed", name=event.anchor), where, _NO_SHARING)
            return Scalar("", None, where)
        if event.anchor is not None:
            self._error("S012", say("an anchor ('&{name}') is not allowed", name=event.anchor), where, _NO_SHARING)
        if event.tag is not None:
            message = say("a tag ('{tag}') is not allowed", tag=event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._error("S014", message, where, say("delete it, or quote the text"))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, where, is_key)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(depth + 1)), where)
        return Mapping(tuple(self._pairs(event.flow_style, depth + 1)), where)

    def _items(self, depth: int) -> Iterator[Node]:
        import yaml

        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            yield self._node(event, depth)

    def _pairs(self, flow: bool, depth: int) -> Iterator[tuple[Scalar, Node]]:
        import yaml

        first: dict[str, Scalar] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, depth)
            if flow and isinstance(event, yaml.ScalarEvent) and not self._colon_follows(event):
                message = say("'{words}' stands inside {{ }} without a ':'", words=key.text)
                self._error("S019", message, key.where, _COMMA)
                self._node(next(self.events), depth)
                continue
            value = self._node(next(self.events), depth)
            if key.text in first:
                line = first[key.text].where.line
                message = say("the key '{key}' stands twice; first on line {line}", key=key.text, line=line)
                self._error("S011", message, key.where, say("keep one, or give each its own code"))
                continue
            first[key.text] = key
            yield key, value

    def _colon_follows(self, event: Any) -> bool:
        return _COLON.match(self.text, event.end_mark.index) is not None

    def _key(self, event: Any, depth: int) -> Scalar:
        node = self._node(event, depth, is_key=True)
        if not isinstance(node, Scalar):
            message = say("a key must be words, not a list or a mapping")
            self._error("S017", message, node.where, say("quote it if it is a name"))
            return Scalar("", "", node.where)
        if not node.text.strip():
            self._error("S017", say("a key is empty"), node.where, say("write a code or a word before the ':'"))
        if node.text == "<<" and not node.quoted:
            message = say("a merge key ('<<') is not allowed")
            self._error("S013", message, node.where, say("use `below:` for what rows share"))
        return node

    def _scalar(self, event: Any, where: Location, is_key: bool) -> Scalar:
        text: str = event.value
        if event.style in (None, "") and is_key:
            return Scalar(text, text, where)
        if event.style in (None, ""):
            value = self._value(text, where)
            if isinstance(value, str) and (hidden := _HIDDEN.match(self.text, event.end_mark.index)):
                message = say("'{words}' is read as a comment, not as part of the text", words=hidden[1])
                hint = say("quote the text, or write a blank behind the '#' of a comment")
                self._error("S021", message, where, hint, Severity.WARNING)
            return Scalar(text, value, where)
        self.texts.append((event.start_mark.index, event.end_mark.index))
        # Escapes such as "\0" or "e\u0301" bring in what the text itself may not hold.
        text = unicodedata.normalize("NFC", text).translate(_BLANKS)
        if found := _FORBIDDEN.search(text):
            self._error("S005", _not_allowed(found[0]), where, say("delete its escape"))
        return Scalar(text, text, where, quoted=True)

    def _value(self, text: str, where: Location) -> int | float | bool | str | None:
        if text in _NULLS:
            return None
        if text in _BOOLS:
            return _BOOLS[text]
        if _NOT_FINITE.fullmatch(text):
            message = say("'{text}' is not a finite number", text=text)
            self._error("S018", message, where, say("write a number, or quote it if it is text"))
            return None
        if found := _NUMBER.fullmatch(text):
            return self._number(text, found[1], where)
        if _AMBIGUOUS.fullmatch(text):
            message = say("{text} is read as the text '{text}', where older YAML readers see something else", text=text)
            self._error("S020", message, where, say('quote it: "{text}"', text=text), Severity.WARNING)
        return text

    def _number(self, text: str, exponent: str | None, where: Location) -> int | float | None:
        digits = sum(character.isdigit() for character in text)
        if digits > MAX_DIGITS or abs(int(exponent or 0)) > MAX_EXPONENT:
            shown = text if len(text) <= MAX_DIGITS else f"{text[:12]}..."
            message = say("the number {number} is too long or too large", number=shown)
            self._error("S018", message, where, say("quote it if it is text"))
            return None
        return int(text) if text.lstrip("+-").isdigit() else float(text)
