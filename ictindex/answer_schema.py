"""The JSON Schema (2020-12) of an answer's data, read off the types of its fields."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from ictindex.answer import Answer, Lines, data_fields

_SIMPLE: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Fraction: {"type": "number"},
    Decimal: {"type": "number"},
    type(None): {"type": "null"},
    Any: {},
}

_SUBJECT: Mapping[str, Any] = {
    "scheme": {"type": "object", "required": ["id", "revision", "sha256", "overlay"]},
    "provisional": {"type": "boolean", "description": "Whether any number of the scheme is assumed."},
    "assumed": {"type": "integer", "description": "How many numbers and rules of the scheme are assumed."},
    "notes": {"type": "array", "items": {"type": "string"}, "description": "The notes of the table."},
    "receipt": {"type": "object", "description": "The receipt of the result that the answer reads."},
}


def answer_schema(kind: type[Answer]) -> dict[str, Any]:
    """Return the schema of what `to_dict` of that class of answers gives.

    Raises TypeError for a field that is not of a plain type, and where two classes of the answer have one name.
    """
    parts: dict[type[Any], dict[str, Any]] = {}
    own = _object(kind, parts, leave=("subject",))
    told = {one.__name__: schema for one, schema in parts.items()}
    if len(told) < len(parts):
        raise TypeError(f"two classes of {kind.__name__} have one name: {', '.join(one.__name__ for one in parts)}")
    head = {"format": {"const": f"ictindex-{kind.kind}/{kind.version}"}, **_SUBJECT}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"ictindex {kind.kind}",
        **own,
        "required": [*head, *own["required"]],
        "properties": {**head, **own["properties"]},
        "$defs": dict(sorted(told.items())),
    }


def _object(kind: type[Any], parts: dict[type[Any], dict[str, Any]], leave: Sequence[str] = ()) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = [name for name in data_fields(kind) if name not in leave]
    return {
        "description": " ".join((kind.__doc__ or "").split()),
        "type": "object",
        "additionalProperties": False,
        "required": names,
        "properties": {name: _of(hints[name], parts) for name in names},
    }


def _of(hint: Any, parts: dict[type[Any], dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of one type; a frozen class is told once, under `$defs`."""
    if hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(one, parts) for one in inner]}
    if origin is tuple and Ellipsis not in inner:
        length = len(inner)
        return {
            "type": "array",
            "prefixItems": [_of(one, parts) for one in inner],
            "minItems": length,
            "maxItems": length,
        }
    if origin in (tuple, Lines):
        return {"type": "array", "items": _of(inner[0], parts)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(inner[1], parts)}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(one) for one in hint]}
    if attrs.has(hint):
        if hint not in parts:
            parts[hint] = {}
            parts[hint] = _object(hint, parts)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    raise TypeError(f"a field of an answer cannot be {hint}")
