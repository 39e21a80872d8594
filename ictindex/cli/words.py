"""The words of argparse in the language of the reader: headings, the usage, and what it says of wrong arguments."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterable
from typing import Any

from ictindex.messages import Text, in_language, say

_HEADINGS = {"positional arguments": say("positional arguments"), "options": say("options")}

# What argparse says, as it says it. The parts are filled in by what it said: here they are empty.
_COMPLAINTS = (
    say("invalid choice: {value} (choose from {choices})", value="", choices=""),
    say("invalid {type} value: {value}", type="", value=""),
    say("expected one argument"),
    say("expected at most one argument"),
    say("expected at least one argument"),
    say("expected {count} arguments", count=""),
    say("ignored explicit argument {value}", value=""),
    say("not allowed with argument {name}", name=""),
    say("the following arguments are required: {names}", names=""),
    say("one of the arguments {names} is required", names=""),
    say("unrecognized arguments: {names}", names=""),
    say("ambiguous option: {option} could match {matches}", option="", matches=""),
    say("argument {name}: {problem}", name="", problem=""),
)


def formatter(language: str) -> type[argparse.HelpFormatter]:
    """Return the class that lays out the help, with its own words in a language."""

    class Formatter(argparse.HelpFormatter):
        def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
            prefix = in_language(say("usage: "), language) if prefix is None else prefix
            super().add_usage(usage, actions, groups, prefix)

        def start_section(self, heading: str | None) -> None:
            super().start_section(in_language(_HEADINGS.get(heading or "", heading or ""), language))

        # A line never ends within an id or an option: an example can be copied as it stands.
        def _split_lines(self, text: str, width: int) -> list[str]:
            return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)

        def _fill_text(self, text: str, width: int, indent: str) -> str:
            return textwrap.indent("\n".join(self._split_lines(text, width - len(indent))), indent)

    return Formatter


def complaint(message: str) -> str:
    """Return what argparse said as a text that can be said in another language; unknown words stay as they are."""
    for pattern, template in _PATTERNS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            parts = found.groupdict()
            if "problem" in parts:  # the argument's name is told, and then what is wrong with it
                parts["problem"] = complaint(parts["problem"])
            return Text(template, parts)
    return message


def _patterns(texts: Iterable[Text]) -> list[tuple[str, str]]:
    """Return (pattern, template) of each: a part matches anything."""
    return [(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*?)", re.escape(text.template)), text.template) for text in texts]


_PATTERNS = _patterns(_COMPLAINTS)
