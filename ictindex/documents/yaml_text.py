"""Words as YAML text: quoted where a reader could take them for something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

from ictindex.documents.source import Mapping, Node, Sequence

Lines: TypeAlias = Iterator[str]

_PLAIN = re.compile(r"[\w$(/][\w .,/%()$+;?'’“”–=<>-]*", re.UNICODE)
_PLAIN_IN_BRACKETS = re.compile(r"[\w$][\w ./%$+-]*", re.UNICODE)
_SPECIAL = re.compile(r"~|null|true|false|yes|no|on|off|[-+.0-9_:xoa-f]*", re.IGNORECASE)


def quoted(text: str) -> str:
    """Return the text in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def scalar(text: str) -> str:
    """Return the text as it can stand in block style, plain where that is safe."""
    safe = _PLAIN.fullmatch(text) and not _SPECIAL.fullmatch(text) and text == text.strip()
    return text if safe else quoted(text)


def flow(text: str) -> str:
    """Return the text of a number or word as it can stand inside `{ }`; a number stays a number."""
    return text if _PLAIN_IN_BRACKETS.fullmatch(text) and text == text.strip() else quoted(text)


def block(key: str, node: Node) -> Lines:
    """Yield a key with its value as lines, as the document has it."""
    name = scalar(key)
    if isinstance(node, Mapping) and node.items:
        yield f"{name}:"
        for inner, value in node.items:
            yield from (f"  {line}" for line in block(inner.text, value))
    else:
        yield f"{name}: {_inline(node)}".rstrip()


def _inline(node: Node) -> str:
    if isinstance(node, Mapping):
        return f"{{{', '.join(f'{quoted(key.text)}: {_inline(value)}' for key, value in node.items)}}}"
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_inline, node.items))}]"
    return quoted(node.text) if isinstance(node.value, str) else node.text
