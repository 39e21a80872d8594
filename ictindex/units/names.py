"""Names of units as they are compared, and the level that a kind of unit stands on.

`Phường Hoà An`, `P. Hòa An` and `Hòa An` name one unit; `Xã Hòa An` names another. The word before the name may be left
out, and `Phường 01` is `Phường 1`.
"""

from __future__ import annotations

import re

from attrs import frozen

from ictindex.cells import fold
from ictindex.messages import either

_KINDS = {
    "province": ("tỉnh", "thành phố trực thuộc trung ương", "thành phố trung ương", "province"),
    "district": (
        *("huyện", "quận", "thị xã", "district"),
        *("thành phố thuộc tỉnh", "thành phố trực thuộc tỉnh", "thành phố thuộc thành phố trực thuộc trung ương"),
    ),
    "commune": ("xã", "phường", "thị trấn", "đặc khu", "commune", "ward", "township"),
    "department": ("sở", "department"),
}
_LEVEL_WORDS = {
    "province": either("province", "cấp tỉnh"),
    "district": either("district", "cấp huyện"),
    "commune": either("commune", "cấp xã"),
    "department": either("department", "sở, ban, ngành"),
    "city": either("city", "thành phố"),
}
_LEVELS = {fold(kind): level for level, kinds in _KINDS.items() for kind in kinds}
_CITY = fold("thành phố")
_DEPARTMENT = fold("sở")
_SHORT = {"tp": _CITY, "tx": "thị xã", "tt": "thị trấn", "x": "xã", "p": "phường", "q": "quận", "h": "huyện"}
_BEFORE = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
_PREFIX = re.compile(rf"({'|'.join(map(fold, _BEFORE))}) +(?=\S)")
_SHORTENED = re.compile(r"(tp|tx|tt|[xpqh])\. *(?=\S)|(tp|tx|tt) +(?=\S)")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_SIGNS = str.maketrans({"–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "`": "'"})


@frozen
class NameKey:
    """A name as it is compared: the kind before it, empty where none was written, and the rest, folded."""

    kind: str
    stem: str

    def fits(self, other: NameKey) -> bool:
        """Whether both may name one unit: the same rest, and no two different kinds before it."""
        return self.stem == other.stem and (self.kind == other.kind or not (self.kind and other.kind))


def name_key(name: str) -> NameKey:
    """Return a name as it is compared."""
    text = re.sub(" *- *", "-", fold(name).translate(_SIGNS))
    kind = ""
    if found := _PREFIX.match(text):
        kind = found[1]
    elif found := _SHORTENED.match(text):
        kind = fold(_SHORT[found[1] or found[2]])
    return NameKey(kind, _ZEROS.sub("", text[found.end() :] if found else text))


def same_name(one: str, other: str) -> bool:
    """Whether two texts may name one unit."""
    return name_key(one).fits(name_key(other))


def _in_full(kind: str) -> str:
    """Return a kind, folded, its abbreviation written out."""
    word = fold(kind)
    short = _SHORT.get(word.removesuffix("."))
    return fold(short) if short else word


def word_before(kind: str) -> str:
    """Return the word, folded, that stands before the names of units of a kind; empty where none does."""
    word = _in_full(kind)
    return next((one for one in map(fold, _BEFORE) if word == one or word.startswith(f"{one} ")), "")


def kind_in(name: str) -> str:
    """Return the word, folded, in a name that says the unit's kind; empty where none does.

    `Sở` says it too, but is a part of the name: `Sở Y tế` is not compared with a `Y tế`.
    """
    return name_key(name).kind or (_DEPARTMENT if fold(name).startswith(f"{_DEPARTMENT} ") else "")


def is_city(kind: str) -> bool:
    """Whether a kind is `thành phố` alone, which does not say on which level the unit stands."""
    return _in_full(kind) in (_CITY, "city")


def level_words(level: str) -> str:
    """Return a level as a person is told it; the word itself, where it is none of the known ones."""
    return _LEVEL_WORDS.get(level, level)


def level_of(kind: str, *, under: bool = False) -> str:
    """Return the level of a kind of unit: province, district, commune, department, or the word itself, folded.

    A `thành phố` is a district where it stands `under` another unit, else a province.
    """
    word = _in_full(kind)
    if is_city(word):
        return "district" if under else "province"
    return _LEVELS.get(word, word)
