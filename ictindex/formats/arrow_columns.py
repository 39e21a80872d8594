"""The columns of frames and of Arrow's batches, as what a table is assembled of: arrays with a mask, or texts.

Problems: T080 a column that has not one value in a cell, T083 an index without a name that looks like codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ictindex.assembling import RawColumn
from ictindex.cells import fold, shown
from ictindex.findings import Found, Heading
from ictindex.messages import say

NAMELESS_INDEX = re.compile(r"__index_level_[0-9]+__")
"""The name under which pandas writes an index that has none."""


def not_read(name: str, rows: int) -> RawColumn:
    """Return what stands in for a column that is not read, about which nothing more is to be told."""
    return [f"{row}" for row in range(rows)] if fold(name) == "unit" else [None] * rows


def refuse_nested(found: Found, heading: Heading, kind: str) -> None:
    """Add the problem of a column whose cells are lists, structures or bytes."""
    message = say("the column {column} has not one value in a cell: {kind}", column=shown(heading.text), kind=kind[:60])
    hint = say("make numbers or texts of it, or begin its name with # if it holds remarks")
    found.add("T080", message, cell=heading, hint=hint)


def refuse_nameless_index(found: Found, header: Iterable[str], labels: Sequence[Any]) -> None:
    """Add the problem of a frame without a column `unit` whose index has texts and no name."""
    if labels and isinstance(labels[0], str) and not any(fold(name) == "unit" for name in header):
        message = say("the index holds {label} and has no name, so it is not read", label=shown(labels[0]))
        found.add("T083", message, hint=say("if these are the units, name it: frame.rename_axis('unit')"))


class Pieces:
    """One column, gathered batch by batch: arrays of numbers with their masks, or texts."""

    def __init__(self, pa: Any, kind: Any, name: str) -> None:
        self.name, self.type = name, kind
        self._pa = pa
        self._remark = name.strip().startswith("#")
        while isinstance(kind, pa.BaseExtensionType):
            kind = kind.storage_type
        self._inner = kind.value_type if pa.types.is_dictionary(kind) or _run_ends(pa, kind) else kind
        self._numbers: list[NDArray[Any]] = []
        self._absent: list[NDArray[np.bool_]] = []
        self._texts: list[Any] = []
        self._known: dict[Any, Any] = {}
        self._rows = 0
        types = pa.types
        self._numeric = types.is_integer(self._inner) or types.is_floating(self._inner) or types.is_boolean(self._inner)
        single = types.is_temporal(self._inner) or types.is_decimal(self._inner) or types.is_null(self._inner)
        self._plain = (single or _is_text(pa, self._inner)) and not types.is_interval(self._inner)
        self.refused = not (self._numeric or self._plain or self._remark)

    def add(self, array: Any) -> None:
        """Add the cells of a batch."""
        self._rows += len(array)
        if self._remark or self.refused:
            return
        while isinstance(array.type, self._pa.BaseExtensionType):
            array = array.storage
        if _run_ends(self._pa, array.type):
            array = self._pa.compute.run_end_decode(array)
        if self._numeric:
            self._add_numbers(array)
        else:
            self._add_texts(array)

    def _add_numbers(self, array: Any) -> None:
        if self._pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        self._absent.append(np.asarray(array.is_null().to_numpy(zero_copy_only=False), np.bool_))
        filled = array.fill_null(False if self._pa.types.is_boolean(array.type) else 0) if array.null_count else array
        self._numbers.append(np.array(filled.to_numpy(zero_copy_only=False)))  # a copy: the batch is let go

    def _add_texts(self, array: Any) -> None:
        pa = self._pa
        if pa.types.is_temporal(self._inner):
            array = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
            if pa.types.is_duration(array.type):  # as text it would be a number without its unit
                array = array.cast(pa.int64())
                self._texts += [None if one is None else f"{one} {self._inner.unit}" for one in array.to_pylist()]
                return
            array = array.cast(pa.string())
        if not pa.types.is_dictionary(array.type):
            if array.type not in (pa.string(), pa.large_string()):
                self._texts += [self._known.setdefault(one, one) for one in array.to_pylist()]
                return
            array = array.dictionary_encode()
        words = ["" if one is None else self._known.setdefault(one, one) for one in array.dictionary.to_pylist()]
        absent = np.asarray(array.is_null().to_numpy(zero_copy_only=False), np.bool_)
        places = np.where(absent, len(words), array.indices.fill_null(0).to_numpy(zero_copy_only=False))
        words.append("")  # a column of texts stays one: an empty cell of it is an empty text
        self._texts += [words[place] for place in places.tolist()]

    def whole(self) -> RawColumn:
        """Return the whole column."""
        if self._remark or self.refused:
            return not_read(self.name, self._rows)
        if not self._numeric:
            return self._texts
        if not self._numbers:
            return np.zeros(0)
        numbers, absent = np.concatenate(self._numbers), np.concatenate(self._absent)
        self._numbers, self._absent = [], []
        return cast(RawColumn, np.ma.MaskedArray(numbers, absent)) if absent.any() else numbers


def _run_ends(pa: Any, kind: Any) -> bool:
    return bool(hasattr(pa.types, "is_run_end_encoded") and pa.types.is_run_end_encoded(kind))


def _is_text(pa: Any, kind: Any) -> bool:
    view = hasattr(pa.types, "is_string_view") and pa.types.is_string_view(kind)
    return bool(view or pa.types.is_string(kind) or pa.types.is_large_string(kind))
