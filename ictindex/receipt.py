"""What identifies a result: the scheme, the data, the options, the result itself and the library's version.

Hashes are of the canonical forms (`ictindex.canonical`), so neither the order of rows and columns nor the format of a
file matters. The receipt as one line fits in an annex.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ictindex.canonical import FORM, SHORT, result_sha256, table_sha256
from ictindex.model import Scheme
from ictindex.notices import overlay_identity, scheme_notices
from ictindex.result_columns import ResultColumn
from ictindex.table import Table
from ictindex.version import VERSION

_LINE = re.compile(
    r"(?P<scheme>[^\s#|]+)(?:#(?P<variant>[^\s|]+))? r(?P<revision>[0-9]+)"
    r" \| scheme (?P<scheme_sha256>[0-9a-f]{12}) \| data (?P<data_sha256>[0-9a-f]{12})(?P<options>(?: \| [^|]+)*?)"
    r" \| result (?P<result_sha256>[0-9a-f]{12}) \| ictindex (?P<ictindex>[^\s|]+) \((?P<form>[0-9]+)\)"
)
_HASH = re.compile("[0-9a-f]{64}")


def receipt(
    scheme: Scheme, table: Table, options: Mapping[str, Any], columns: Sequence[ResultColumn]
) -> dict[str, Any]:
    """Return the receipt as plain data. `columns` are the result's, `table` the one that was scored."""
    told = receipt_begun(scheme, table_sha256(table), options)
    notices = [*scheme_notices(scheme), *table.notes]
    cells = {column.name: column.hashed for column in columns}
    return receipt_ended(told, result_sha256(receipt_head(told), notices, cells))


def receipt_begun(scheme: Scheme, data_sha256: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a result is made from, the receipt without the result's own hash."""
    return {
        "scheme": scheme.id,
        "revision": scheme.revision,
        "variant": scheme.variant or None,
        "overlay": overlay_identity(scheme),
        "scheme_sha256": scheme.sha256,
        "data_sha256": data_sha256,
        "options": dict(options),
    }


def receipt_ended(told: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    """Return the receipt with the hash of the result."""
    return {**told, "result_sha256": sha256, "form": FORM, "ictindex": VERSION}


def receipt_line(told: Mapping[str, Any]) -> str:
    """Return a receipt as one line: scheme, revision, and the beginnings of the hashes of scheme, data and result."""
    scheme, revision, variant, scheme_hash, data_hash, *options = receipt_head(told)
    parts = [f"{scheme}{'#' if variant else ''}{variant} r{revision}", f"scheme {scheme_hash}", f"data {data_hash}"]
    parts += [*options, f"result {told['result_sha256'][:SHORT]}", f"ictindex {told['ictindex']} ({told['form']})"]
    return " | ".join(parts)


def read_line(text: str) -> dict[str, Any] | None:
    """Return what a receipt line says, with its shortened hashes; None where the text is no such line."""
    found = _LINE.fullmatch(text.strip())
    if found is None:
        return None
    told: dict[str, Any] = dict(found.groupdict())
    options = dict(one.split(" ", 1) for one in told["options"].split(" | ") if " " in one)
    return told | {"revision": int(told["revision"]), "form": int(told["form"]), "options": options}


def receipt_head(told: Mapping[str, Any]) -> list[str]:
    """Return what a result was made from, as texts: with these its canonical form begins.

    They are the scheme's id, revision and variant, the beginnings of both hashes, and each option that is set.
    """
    options = {name: value for name, value in told["options"].items() if value is not None and name != "variant"}
    return [
        told["scheme"],
        str(told["revision"]),
        told["variant"] or "",
        told["scheme_sha256"][:SHORT],
        told["data_sha256"][:SHORT],
        *(f"{name} {_short(value)}" for name, value in sorted(options.items())),
    ]


def _short(value: Any) -> str:
    text = " ".join(str(value).replace("|", " ").split())
    return text[:SHORT] if _HASH.fullmatch(text) else text
