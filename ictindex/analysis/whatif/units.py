"""The units of a table by what people call them."""

from __future__ import annotations

from functools import cached_property
from itertools import chain

from ictindex.table import Table
from ictindex.texts import bare, clean, fold
from ictindex.units.names import NameKey, name_key


class Units:
    """The units of a table by what people call them: a code, or a name that only one of them has, in any case.

    Where nothing is called so, tones and marks do not count (`tp hue` is TP Huế), and then the word before a name may
    be left out.
    """

    def __init__(self, table: Table) -> None:
        self._names = table.names
        self._codes = {clean(unit): at for at, unit in enumerate(table.units)}
        self._called: dict[str, set[int]] = {}
        for at, (unit, name) in enumerate(zip(table.units, table.names, strict=True)):
            for text in filter(None, (unit, name)):
                self._called.setdefault(fold(text), set()).add(at)
        self.known = tuple(dict.fromkeys(chain(table.units, table.names)))

    def find(self, text: str) -> tuple[int, ...]:
        """Return the positions of the units that a text may mean."""
        exact = self._codes.get(clean(text))
        if exact is not None:
            return (exact,)
        return tuple(sorted(self._called.get(fold(text)) or self._bare.get(bare(text)) or self._fitting(text)))

    @cached_property
    def _bare(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for called, units in self._called.items():
            found.setdefault(bare(called), set()).update(units)
        return found

    @cached_property
    def _stems(self) -> dict[str, list[tuple[int, NameKey]]]:
        """The units by their names without the word before it, bare."""
        found: dict[str, list[tuple[int, NameKey]]] = {}
        for at, name in enumerate(self._names):
            key = name_key(name)
            found.setdefault(bare(key.stem), []).append((at, key))
        return found

    def _fitting(self, text: str) -> set[int]:
        key = name_key(text)
        those = self._stems.get(bare(key.stem), []) if key.stem else []
        return {at for at, one in those if one.kind == key.kind or not (one.kind and key.kind)}
