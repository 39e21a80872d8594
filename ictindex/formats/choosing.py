"""Which format is meant: the one of that name, or the one whose files end so."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from ictindex.errors import PluginBroken, Problem, WrongUse
from ictindex.messages import say
from ictindex.registry import Registry, unknown

Verb = Literal["read", "write", "write_table", "read_result"]


def suffix_of(source: Any) -> str:
    """Return the ending of a path or of a named stream in small letters, empty where there is none."""
    name = source if isinstance(source, str | os.PathLike) else getattr(source, "name", "")
    return Path(name).suffix.lower() if isinstance(name, str | os.PathLike) else ""


def choose(known: Registry[Any], name: str, suffix: str, verb: Verb) -> Any:
    """Return the format of that name, or the one whose files end so; CSV where a table's file ends otherwise.

    A format that `reads` files of other endings than it writes says which. Raises UnknownName where there is no format
    of that name, WrongUse where it cannot do what is asked.
    """
    if name:
        if name not in known:
            raise unknown(known.kind, name, _names(known, verb))
        found = known.get(name)
        if not hasattr(found, verb):
            hint = say("these can: {names}", names=", ".join(_names(known, verb)))
            raise WrongUse(Problem("U107", _unable(name, verb), hint=hint))
        return found
    for _, one in _able(known, verb):
        if suffix in (getattr(one, "reads", one.suffixes) if verb == "read" else one.suffixes):
            return one
    if suffix and verb != "read":
        message = say("no format is known for files that end with '{suffix}'", suffix=suffix)
        hint = say("say which with a format: {names}", names=", ".join(_names(known, verb)))
        raise WrongUse(Problem("U107", message, hint=hint))
    return known.get("csv")


def _unable(name: str, verb: Verb) -> str:
    match verb:
        case "read":
            return say("the format '{name}' cannot read tables", name=name)
        case "write":
            return say("the format '{name}' cannot write results", name=name)
        case "write_table":
            return say("the format '{name}' cannot write tables", name=name)
        case "read_result":
            return say("results in the format '{name}' cannot be read back", name=name)


def _names(known: Registry[Any], verb: Verb) -> list[str]:
    return [name for name, _ in _able(known, verb)]


def _able(known: Registry[Any], verb: Verb) -> Iterator[tuple[str, Any]]:
    """Yield the formats that can do it, with their names; each is imported when its turn comes.

    A broken plugin does not keep the others from being used.
    """
    for name in known:
        with contextlib.suppress(PluginBroken):
            found = known.get(name)
            if hasattr(found, verb):
                yield name, found
