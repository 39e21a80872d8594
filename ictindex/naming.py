"""What people call things in the heading of a table: a scheme's inputs and rows, the units, and a form's own names.

A heading is compared folded: any case, any blanks, either placement of a tone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from ictindex.model import Indicator, Input, Row, Scheme
from ictindex.texts import clean, fold

_KINDS = {
    "province": ("tỉnh", "tỉnh, thành phố", "tỉnh/thành phố", "tỉnh, tp", "tỉnh/tp"),
    "department": ("sở", "sở, ngành", "sở, ban, ngành"),
    "agency": ("cơ quan", "cơ quan, đơn vị"),
    "district": ("huyện", "quận, huyện", "huyện, thị xã, thành phố"),
    "commune": ("xã", "xã, phường", "phường, xã", "xã/phường", "xã, phường, thị trấn", "xã, phường, đặc khu"),
}
_CODES = ("code", "unit code", "mã", "mã số", "mã đơn vị", "mã số đơn vị")
_NAMES = ("unit name", "tên", "tên đơn vị")
_COUNTS = frozenset({"stt", "tt", "số tt", "số thứ tự", "no.", "no"})
_ENDS = " .,;:)-–—"


@frozen
class Called:
    """The headings under which units are named. `either` is the code, or the name where another column is the code."""

    code: frozenset[str]
    name: frozenset[str]
    either: frozenset[str]
    pool: frozenset[str]

    @classmethod
    def of(cls, scheme: Scheme) -> Called:
        """Return what units and pools of the scheme are called, folded."""
        kinds = _KINDS.get(scheme.unit, ())
        by = fold(scheme.pools.by) if scheme.pools else ""
        return cls(
            frozenset((*_CODES, *(f"mã {kind}" for kind in kinds))),
            frozenset((*_NAMES, *(f"tên {kind}" for kind in kinds))),
            frozenset(("đơn vị", *kinds)),
            frozenset((by, "pool", f"mã {by}", f"tên {by}") if by else ()),
        )


def counts(word: str) -> bool:
    """Whether a folded heading is that of a column which counts the lines, such as `STT`."""
    return word in _COUNTS


@frozen
class Names:
    """Which codes a heading may mean, and what each code is called.

    A row of one input that has its own name gives that input its name as well; then the row's name means both.
    """

    _meant: Mapping[str, tuple[str, ...]]
    _called: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, inputs: Iterable[Input], rows: Mapping[str, Row]) -> Names:
        """Return the names of inputs and of the rows that can have a score, in Vietnamese and English."""
        meant: dict[str, dict[str, None]] = {}
        called: dict[str, dict[str, None]] = {}

        def add(code: str, *names: str) -> None:
            meant.setdefault(fold(code), {})[code] = None
            for name in filter(None, names):
                meant.setdefault(fold(name), {})[code] = None
                called.setdefault(code, {})[fold(name)] = None

        for one in inputs:
            add(one.code, one.name)
            row = rows.get(one.owner)
            if isinstance(row, Indicator) and row.inputs == (one.code,):
                add(one.code, row.name, row.en)
        for row in rows.values():
            add(row.code, row.name, row.en)
        return cls(
            {word: tuple(codes) for word, codes in meant.items()},
            {code: tuple(names) for code, names in called.items()},
        )

    def codes(self, text: str) -> tuple[str, ...]:
        """Return the codes that a text may mean: a code or a name, in any case."""
        return self._meant.get(fold(text), ())

    def agree(self, code: str, words: str) -> bool:
        """Whether words beside a code are its name, or the beginning of it, or begin with it."""
        said = fold(words).strip(_ENDS)
        return not said or any(_begins(said, name) or _begins(name, said) for name in self._called.get(code, ()))

    def name(self, code: str) -> str:
        """Return a name of the code, folded; empty where it has none."""
        return next(iter(self._called.get(code, ())), "")


def apart(text: str) -> tuple[str, str]:
    """Return the code and the words of a heading such as `1.3.a Số máy tính`; without words the second is empty."""
    first, _, words = text.partition(" ")
    return first.rstrip(".):;"), words.lstrip(_ENDS)


def _begins(text: str, other: str) -> bool:
    """Whether a text begins with the other one, and a word ends there."""
    return text.startswith(other) and not text[len(other) : len(other) + 1].isalnum()


@frozen
class Entry:
    """One line of a mapping: a heading of the form, the code that it stands for, and the line that says so."""

    heading: str
    code: str
    line: int = 0


@frozen
class ColumnMapping:
    """Which code each heading of a form stands for; `source` is what messages call the mapping."""

    entries: tuple[Entry, ...] = ()
    source: str = "mapping"
    _meant: Mapping[str, str] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_meant", {fold(one.heading): clean(one.code) for one in reversed(self.entries)})

    def meant(self, heading: str) -> str:
        """Return the code that a heading stands for, else the heading itself."""
        return self._meant.get(fold(heading), heading)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


def mapping_of(given: ColumnMapping | Mapping[str, str]) -> ColumnMapping:
    """Return the mapping itself, or that of a dictionary from headings to codes."""
    if isinstance(given, ColumnMapping):
        return given
    return ColumnMapping(tuple(Entry(str(heading), str(code)) for heading, code in given.items()))
