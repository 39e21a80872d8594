"""Words as YAML text: as they were typed where that is safe, else in double quotes."""

from __future__ import annotations

import json
import re

from ictindex.documents.source import Scalar

_PLAIN = re.compile(r"[\w$(/][\w .,/%()$+;?'’“”–=<>-]*", re.UNICODE)
_PLAIN_IN_BRACKETS = re.compile(r"[\w$][\w ./%$+-]*", re.UNICODE)


def quoted(text: str) -> str:
    """Return the text in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def block(node: Scalar) -> str:
    """Return a key or a value as it can stand in block style."""
    return _as_typed(node, _PLAIN)


def flow(node: Scalar) -> str:
    """Return a key or a value as it can stand inside `{ }` or `[ ]`."""
    return _as_typed(node, _PLAIN_IN_BRACKETS)


def _as_typed(node: Scalar, plain: re.Pattern[str]) -> str:
    # A number, true, false or nothing has no quotes: with them it would be words.
    means_more = not isinstance(node.value, str)
    return node.text if means_more or (not node.quoted and plain.fullmatch(node.text)) else quoted(node.text)
