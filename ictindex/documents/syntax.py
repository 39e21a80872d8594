"""Kind words for what a YAML parser says when a text is not YAML.

The likely causes are those of Vietnamese names: `: `, a comma or ` #` in a name that is not quoted.
"""

from __future__ import annotations

import contextlib
from typing import Any

from attrs import frozen

from ictindex.errors import Location, Problem
from ictindex.messages import say

_QUOTE = say("if these are words of a name, quote the name")
_COMMENT = say("' #' begins a comment that hides the rest of the line; quote the name")
_ALIGN = say("begin the line in the same column as the lines that it belongs to")


@frozen
class _Spot:
    """A place in the text, and what its line holds before and after it."""

    where: Location
    before: str
    rest: str


def syntax_problem(text: str, source: str, error: Any) -> Problem:
    """Return the problem (S006, or S007 for a tab) that says a parser's marked error in plain words."""
    lines = text.rstrip("\n").split("\n")
    spot = _spot(lines, source, error.problem_mark or error.context_mark)
    opened = _spot(lines, source, error.context_mark or error.problem_mark)
    said, context = str(error.problem), str(error.context or "")
    if "quoted" in context:
        return _in_quotes(said, spot, opened)
    if "tab character" in said or spot.rest.startswith("\t") or spot.before.endswith("\t"):
        message = say("a tab stands where YAML wants blanks")
        return Problem("S007", message, spot.where, say("put blanks in its place, as many as the lines beside it have"))
    if "flow" in context:
        return _in_brackets(context, spot, opened)
    if "mapping values are not allowed" in said:
        return _colon(spot)
    if "simple key" in context:
        hint = _COMMENT if " #" in opened.rest else say("end the line with ':', or write `key: value`")
        return Problem("S006", say("this line has no ':'"), opened.where, hint)
    if context.startswith("while scanning a") or "tag" in f"{context} {said}".split():
        return _bad_start(opened)
    if said.startswith(("found character", "mapping keys")) or "node content" in said:
        return _bad_start(spot)
    return _out_of_place(text, said, context, spot)


def _spot(lines: list[str], source: str, mark: Any) -> _Spot:
    number = min(mark.line, len(lines) - 1)  # a parser may point behind the last line
    line = lines[number]
    column = mark.column if number == mark.line else len(line)
    return _Spot(Location(source, number + 1, column + 1), line[:column], line[column:])


def _in_quotes(said: str, spot: _Spot, opened: _Spot) -> Problem:
    if "end of stream" in said or "document indicator" in said:
        hint = say("close the quote, or double a ' inside it")
        return Problem("S006", say("a quoted text begins here and never ends"), opened.where, hint)
    hint = say("inside \" \" write \\\\ for a backslash, or use ' ' quotes")
    return Problem("S006", say("a backslash begins an escape that does not exist"), spot.where, hint)


def _in_brackets(context: str, spot: _Spot, opened: _Spot) -> Problem:
    closing = "]" if "sequence" in context else "}"
    if spot.rest.startswith(":") and spot.where.line == opened.where.line:
        return Problem("S006", say("a second ':' stands in one entry of {{ }}"), spot.where, _QUOTE)
    message = say("the bracket that opens here is not closed by '{bracket}'", bracket=closing)
    if " #" in opened.rest:
        return Problem("S006", message, opened.where, _COMMENT)
    hint = say(
        "close it with '{bracket}', put a comma between two entries, and quote a name that has a comma or brackets",
        bracket=closing,
    )
    return Problem("S006", message, opened.where, hint)


def _colon(spot: _Spot) -> Problem:
    if ": " in spot.before:
        return Problem("S006", say("a second ':' stands on one line"), spot.where, _QUOTE)
    hint = say("end the line above with ':', or begin this line in the column of the lines that it belongs to")
    return Problem("S006", say("this line cannot stand below the line above it"), spot.where, hint)


def _bad_start(spot: _Spot) -> Problem:
    found = spot.rest[:1]
    if found in ("|", ">"):
        message = say("after '{sign}' the text begins on the next line", sign=found)
        hint = say("end this line after '{sign}' and indent the text below it", sign=found)
        return Problem("S006", message, spot.where, hint)
    return Problem("S006", say("a text cannot begin with '{sign}' here", sign=found), spot.where, say("quote the text"))


def _long_quote(text: str, spot: _Spot) -> Location | None:
    """Return where a quoted text of several lines begins that ends at the spot: its own closing quote was forgotten."""
    import yaml

    start = None
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text):
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                ends_here = token.end_mark.line + 1 == spot.where.line
                start = token.start_mark if ends_here and token.start_mark.line < token.end_mark.line else None
    return None if start is None else Location(spot.where.source, start.line + 1, start.column + 1)


def _out_of_place(text: str, said: str, context: str, spot: _Spot) -> Problem:
    if "sequence entries" in said or "block collection" in context:
        message = say("a list ('- ') cannot stand here, or is broken by this line")
        return Problem("S006", message, spot.where, say("a scheme is written with `code words:` lines, without '- '"))
    if spot.rest.startswith(":"):
        message = say("there is no key before this ':'")
        return Problem("S006", message, spot.where, say("write a code or a word before it"))
    if "block mapping" in context and spot.before.rstrip().endswith(('"', "'", "}", "]")):
        if (start := _long_quote(text, spot)) is not None:
            message = say("the quote that opens here is closed only on line {line}", line=spot.where.line)
            return Problem("S006", message, start, say("close the quote, or double a ' inside it"))
        message = say("words stand behind a closing quote or bracket")
        return Problem("S006", message, spot.where, say("quote the text as a whole"))
    if "block mapping" in context or "<document start>" in said:
        return Problem("S006", say("this line does not stand in the column of any lines above it"), spot.where, _ALIGN)
    message = say("this is not YAML: {reason}", reason=said)
    return Problem("S006", message, spot.where, say("quote the text, or delete what YAML cannot read"))
