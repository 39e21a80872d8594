"""The problem codes of ictindex, read from its source: each code with the messages and hints that it is given.

A problem is made by a call that is given its code; the parameters `message` (or `what`) and `hint` of what is called
are its words, with or without `say`. What a message fills in when it is made is shown as `…`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

CODE = re.compile(r"[SCTU]\d{3}")
SOURCE = Path(__file__).parent.parent / "ictindex"
FAMILIES = {"S": "Scheme documents", "C": "Cases beside a scheme", "T": "Tables", "U": "Use"}
COMPOSED = {  # messages that are put together further away than this file looks
    "S230": ("the maxima of the rows do not close the maximum of their heading", ""),
    "T004": ("a quotation mark is not closed, or stands inside a cell", ""),
    "T045": ("… is below …, or above …", ""),
}
USUAL = ["code", "message", "where", "hint"]


def problem_codes(source: Path = SOURCE) -> dict[str, set[tuple[str, str]]]:
    """Return the (message, hint) pairs of every code in the package, by code."""
    package = _Package([ast.parse(path.read_text(encoding="utf-8")) for path in sorted(source.rglob("*.py"))])
    found: dict[str, set[tuple[str, str]]] = {}
    for place, call in package.calls:
        given = package.given(call)
        first = given.get("code")
        code = first.value if isinstance(first, ast.Constant) else None
        if isinstance(code, str) and CODE.fullmatch(code):
            messages = list(package.texts(given.get("message"), place)) or [""]
            hints = list(package.texts(given.get("hint"), place)) or [""]
            found.setdefault(code, set()).update((message, hint) for message in messages for hint in hints)
    for code in found.keys() & COMPOSED.keys():
        found[code].add(COMPOSED[code])
    return dict(sorted(found.items()))


def markdown() -> str:
    """Return one table for each family of codes."""
    codes = problem_codes()
    lines = []
    for letter, title in FAMILIES.items():
        own = {code: pairs for code, pairs in codes.items() if code.startswith(letter)}
        if not own:
            continue
        lines += [f"## {title}", "", "| code | message | what to do |", "|---|---|---|"]
        for code, pairs in own.items():
            messages = "<br>".join(sorted({_cell(message) for message, _ in pairs if message}))
            hints = "<br>".join(sorted({_cell(hint) for _, hint in pairs if hint}))
            lines.append(f"| {code} | {messages} | {hints} |")
        lines.append("")
    return "\n".join(lines)


@dataclass
class _Place:
    """Where a call stands: its module, the function around it, its line."""

    module: ast.Module
    function: ast.FunctionDef | None
    line: int


@dataclass
class _Package:
    modules: list[ast.Module]
    parameters: dict[str, list[str]] = field(default_factory=dict)
    calls: list[tuple[_Place, ast.Call]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for module in self.modules:
            functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
            for node in ast.walk(module):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    names = _parameters(node)
                    if "message" in names or {"code", "what"} <= {*names}:
                        self.parameters[node.name] = names
                if isinstance(node, ast.Call):
                    around = [one for one in functions if one.lineno <= node.lineno <= (one.end_lineno or 0)]
                    # A function that stands inside another comes after it.
                    self.calls.append((_Place(module, around[-1] if around else None, node.lineno), node))

    def given(self, call: ast.Call) -> dict[str | None, ast.expr]:
        """Return the arguments of a call by the names of the parameters."""
        names = self.parameters.get(_called(call), USUAL)
        positional: dict[str | None, ast.expr] = dict(zip(names, call.args, strict=False))
        given = positional | {word.arg: word.value for word in call.keywords}
        return {"message": given["what"], **given} if "what" in given else given

    def texts(self, node: ast.expr | None, place: _Place) -> Iterator[str]:
        """Yield the texts that an expression may be; a part that is only known when it runs is `…`."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
            case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str(template))]):
                yield "".join(f"{text}{'…' if name else ''}" for text, name, _, _ in Formatter().parse(template))
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                ends = list(self.texts(right, place)) or ["…"]
                yield from (start + end for start in list(self.texts(left, place)) or ["…"] for end in ends)
            case ast.IfExp(body=one, orelse=other):
                yield from self.texts(one, place)
                yield from self.texts(other, place)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from self.texts(value, place)
            case ast.Name(id=name):
                yield from self._named(name, place)

    def _named(self, name: str, place: _Place) -> Iterator[str]:
        """Yield what a name stands for: an assignment above, an argument of whoever calls, a constant of the module."""
        values = _assigned(place.function, name, place.line) if place.function else []
        if not values and place.function and name in _parameters(place.function):
            for caller, call in self.calls:
                if _called(call) == place.function.name:
                    yield from self.texts(self.given(call).get(name), caller)
            return
        for value in values or _constants(place.module, name):
            if not isinstance(value, ast.Name):
                yield from self.texts(value, place)


def _parameters(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    if isinstance(node, ast.ClassDef):
        return [
            one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
    names = [one.arg for one in [*node.args.posonlyargs, *node.args.args]]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _assigned(function: ast.FunctionDef, name: str, line: int) -> list[ast.expr]:
    """Return the nearest value above a line, with those of the other branches of its `if`."""
    found = [pair for node in ast.walk(function) for pair in _pairs(node, name) if pair[0] < line]
    if not found:
        return []
    first = nearest = max(above for above, _ in found)
    for node in ast.walk(function):
        if isinstance(node, ast.If) and node.lineno <= nearest <= (node.end_lineno or 0) < line:
            first = min(first, node.lineno)
    return [value for above, value in found if above >= first]


def _constants(module: ast.Module, name: str) -> list[ast.expr]:
    return [value for node in module.body for _, value in _pairs(node, name)]


def _pairs(node: ast.AST, name: str) -> Iterator[tuple[int, ast.expr]]:
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        pairs: list[tuple[ast.expr, ast.expr]] = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        yield from ((node.lineno, value) for one, value in pairs if isinstance(one, ast.Name) and one.id == name)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    print(markdown())  # noqa: T201
