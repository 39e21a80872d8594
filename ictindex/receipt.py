"""What identifies a result: the scheme, the data, the options and the library's version.

The hash of the data is over the units in the order of their codes, then each column in the order of its name as
little-endian float64 with its states, so neither the order of rows nor of columns nor the file format matters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from ictindex.model import Scheme
from ictindex.notices import overlay_identity
from ictindex.table import Table


def receipt(scheme: Scheme, table: Table, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the receipt as plain data."""
    return {
        "scheme": scheme.id,
        "revision": scheme.revision,
        "variant": scheme.variant or None,
        "overlay": overlay_identity(scheme),
        "scheme_sha256": scheme.sha256,
        "data_sha256": table_sha256(table),
        "options": dict(options),
        "ictindex": library_version(),
    }


def table_sha256(table: Table) -> str:
    """Return the SHA-256 of the table's figures, whatever the order of its rows and columns."""
    order = np.array(sorted(range(len(table.units)), key=lambda unit: table.units[unit]), np.intp)
    digest = hashlib.sha256()
    for unit in order:
        pool = "" if table.pool is None else table.pool[unit]
        digest.update(f"{table.units[unit]}\x1f{pool}\x1e".encode())
    for code in sorted(table.columns):
        column = table.columns[code]
        digest.update(f"\x1d{code}\x1f".encode())
        digest.update((np.nan_to_num(column.values[order], nan=0.0) + 0.0).astype("<f8").tobytes())
        states = np.zeros(len(order), np.uint8) if column.states is None else column.states[order].astype(np.uint8)
        digest.update(states.tobytes())
    for code in sorted(table.evidence):
        digest.update(f"\x1c{code}\x1f".encode() + table.evidence[code][order].tobytes())
    return digest.hexdigest()


def library_version() -> str:
    """Return the installed version of ictindex."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import, and not every run prints it

    try:
        return version("ictindex")
    except PackageNotFoundError:
        return "unknown"
