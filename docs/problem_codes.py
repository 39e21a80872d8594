"""The problem codes of ictindex, read from its source: each code with the messages and hints that it is given.

A problem is made by a call that is given its code; the parameters `message` (or `what`) and `hint` of what is called
are its words: calls of `say`, names of such, or functions that return them. What a message fills in when it is made is
shown as `…`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from pathlib import Path
from string import Formatter

CODE = re.compile(r"[A-Z]\d{3}")
SOURCE = Path(__file__).parent.parent / "ictindex"
FAMILIES = {
    "S": "Scheme documents",
    "A": "Tables of decisions, read for a new scheme",
    "C": "Cases beside a scheme",
    "T": "Tables",
    "U": "Use",
}
USUAL = ["code", "message", "where", "hint"]
UNKNOWN = "…"


@cache
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
    return dict(sorted(found.items()))


def markdown(letters: Iterable[str] = FAMILIES) -> str:
    """Return one table for each family of codes, all of them or those of the letters."""
    codes = problem_codes()
    lines = []
    for letter, title in FAMILIES.items():
        own = {code: pairs for code, pairs in codes.items() if code.startswith(letter)}
        if not own or letter not in letters:
            continue
        lines += [f"## {title}", "", "| code | message | what to do |", "|---|---|---|"]
        for code, pairs in own.items():
            messages = "<br>".join(sorted({_cell(message) for message, _ in pairs if message}))
            hints = "<br>".join(sorted({_cell(hint) for _, hint in pairs if hint}))
            lines.append(f"| {code} | {messages} | {hints} |")
        lines.append("")
    return "\n".join(lines)


@dataclass(frozen=True)
class _Place:
    """Where an expression stands: its module, the function around it, its line."""

    module: ast.Module
    function: ast.FunctionDef | None
    line: int


@dataclass
class _Package:
    modules: list[ast.Module]
    parameters: dict[str, list[str]] = field(default_factory=dict)
    functions: dict[str, list[_Place]] = field(default_factory=dict)
    calls: list[tuple[_Place, ast.Call]] = field(default_factory=list)
    entered: list[ast.FunctionDef] = field(default_factory=list)

    def __post_init__(self) -> None:
        for module in self.modules:
            functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
            for function in functions:
                self.functions.setdefault(function.name, []).append(_Place(module, function, function.lineno))
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
        values: list[ast.expr] = []
        for value in call.args:
            if isinstance(value, ast.Starred):  # a function that returns the words with their place
                values += [ast.Subscript(value.value, ast.Constant(place)) for place in range(len(names) - len(values))]
            else:
                values.append(value)
        positional: dict[str | None, ast.expr] = dict(zip(names, values, strict=False))
        given = positional | {word.arg: word.value for word in call.keywords}
        return {"message": given["what"], **given} if "what" in given else given

    def texts(self, node: ast.expr | None, place: _Place) -> Iterator[str]:
        """Yield the texts that an expression may be; a part that is only known when it runs is `…`."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else UNKNOWN for part in parts)
            case ast.IfExp(body=one, orelse=other):
                yield from self.texts(one, place)
                yield from self.texts(other, place)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from self.texts(value, place)
            case ast.Call():
                yield from self._said(node, place)
            case ast.Subscript(value=ast.Call() as call, slice=ast.Constant(value=int(index))):
                for value, within in self._returned(call, place):
                    if isinstance(value, ast.Tuple):
                        yield from self.texts(value.elts[index], within)
            case ast.Name(id=name):
                yield from self._named(name, place)

    def _said(self, call: ast.Call, place: _Place) -> Iterator[str]:
        """Yield what a call gives: `say` its template, `joined` its texts in a row, others what they return."""
        match call:
            case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str(template))]):
                yield "".join(f"{text}{UNKNOWN if name else ''}" for text, name, _, _ in Formatter().parse(template))
            case ast.Call(
                func=ast.Name(id="joined"),
                args=[ast.List(elts=rows) | ast.Tuple(elts=rows)],
                keywords=[ast.keyword(arg="by", value=ast.Constant(value=str(by)))],
            ):
                choices = [list(self.texts(row, place)) or [UNKNOWN] for row in rows]
                yield from (by.join(filter(None, row)) for row in product(*choices))
            case _:
                for value, within in self._returned(call, place):
                    yield from self.texts(value, within)

    def _returned(self, call: ast.Call, place: _Place) -> Iterator[tuple[ast.expr, _Place]]:
        """Yield what the function that is called returns: that of its own module, else that of the package."""
        known = self.functions.get(_called(call), [])
        for one in [near for near in known if near.module is place.module] or known:
            if one.function is None or one.function is place.function or one.function in self.entered:
                continue
            self.entered.append(one.function)  # two functions that return each other's words have no end
            for node in ast.walk(one.function):
                if isinstance(node, ast.Return) and node.value is not None:
                    yield node.value, replace(one, line=node.lineno)
            self.entered.pop()

    def _named(self, name: str, place: _Place) -> Iterator[str]:
        """Yield what a name stands for: an assignment above, an argument of whoever calls, a constant of the module."""
        values = _assigned(place.function, name, place.line) if place.function else []
        if not values and place.function and name in _parameters(place.function):
            private = place.function.name.startswith("_")
            for caller, call in self.calls:
                if _called(call) == place.function.name and (caller.module is place.module or not private):
                    yield from self.texts(self.given(call).get(name), caller)
            return
        for line, value in values or _constants(place.module, name):
            yield from self.texts(value, replace(place, line=line))


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


def _assigned(function: ast.FunctionDef, name: str, line: int) -> list[tuple[int, ast.expr]]:
    """Return (line, value) of what a name may hold in a line: what is assigned nearest above it, and where that stands
    in an `if` that has ended, what its other branches assign, or what was assigned before it.
    """
    found = [pair for node in ast.walk(function) for pair in _pairs(node, name) if pair[0] < line]
    if not found:
        return []
    nearest = max(above for above, _ in found)
    around = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.If) and node.lineno <= nearest <= (node.end_lineno or 0) < line
    ]
    if not around:
        return [pair for pair in found if pair[0] == nearest]
    outer = min(around, key=lambda node: node.lineno)
    before = [] if _surely(outer, name) else _assigned(function, name, outer.lineno)
    return [*before, *(pair for pair in found if pair[0] >= outer.lineno)]


def _surely(node: ast.If, name: str) -> bool:
    """Return whether each branch of an `if` assigns to the name, or leaves."""
    branches = [node.body, node.orelse]
    return all(
        branch and (isinstance(branch[-1], ast.Return | ast.Raise | ast.Continue) or _assigns(branch, name))
        for branch in branches
    )


def _assigns(branch: list[ast.stmt], name: str) -> bool:
    if len(branch) == 1 and isinstance(branch[0], ast.If):
        return _surely(branch[0], name)
    return any(True for statement in branch for node in ast.walk(statement) for _ in _pairs(node, name))


def _constants(module: ast.Module, name: str) -> list[tuple[int, ast.expr]]:
    return [pair for node in module.body for pair in _pairs(node, name)]


def _pairs(node: ast.AST, name: str) -> Iterator[tuple[int, ast.expr]]:
    """Yield (line, value) where a statement assigns to a name."""
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
