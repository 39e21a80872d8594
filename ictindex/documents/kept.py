"""Schemes that were read before, kept on disk as plain data under the hash of everything that they depend on.

Reading a scheme takes PyYAML, jsonschema and all checks; a scheme without errors, once read, is only its values. A kept
one is JSON: numbers, texts and the names of the few frozen classes of the model, which are built again by their
constructors, so that nothing in the file is ever run. What a scheme depends on is in its key: its own text and path,
the variant, the files of this package, Python, and what is installed. Whatever is odd about a kept file (its hash, its
owner, one unknown word) makes it one that is not there, and the scheme is read anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from ictindex import citations, model, origins
from ictindex.installed import seen
from ictindex.model import Scheme
from ictindex.registry import Vocabulary
from ictindex.version import VERSION

FORM = 1
"""The number of the form of kept files; whoever changes it counts it up."""

MOST_BYTES = 16 * 1024 * 1024
MOST_KEPT = 200
"""Of more schemes than this the oldest are let go."""

_OTHERS_WRITE = 0o022
_ATOMS = (type(None), bool, int, str)
_CLASSES: dict[str, type[Any]] = {
    name: kind
    for module in (citations, origins, model)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and kind.__module__ == module.__name__ and attrs.has(kind)
}
_ENUMS: dict[str, type[Any]] = {"InputKind": model.InputKind, "Status": citations.Status}


@lru_cache(maxsize=32)
def scheme_in(content: bytes, source: str, variant: str, words: Vocabulary, *, keeping: bool) -> Scheme | None:
    """Return the scheme in a file with this content, read now or before; None where another file has a part in it.

    `keeping`: whether it may be kept on disk, which it may not be where the words are not those of ictindex alone.
    Raises SchemeInvalid and UnknownName as `build_scheme`.
    """
    shelf, key = Shelf.of_user(), key_of(content, source, variant) if keeping else ""
    found = shelf.scheme(key)
    if found is None:
        from ictindex.documents.build import build_scheme
        from ictindex.documents.kinds import kind_of
        from ictindex.documents.source import read_document

        document = read_document(content, source)
        if kind_of(document) == "overlay":
            return None
        found = build_scheme(document, words, variant=variant)
        shelf.keep(key, found)
    return found


class Shelf:
    """The folder of kept schemes; without one nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @classmethod
    def of_user(cls) -> Shelf:
        """Return the shelf that `ICTINDEX_CACHE` names (`off`: none), else the one of the user on this computer."""
        named = os.environ.get("ICTINDEX_CACHE", "")
        if named.lower() == "off":
            return cls(None)
        return cls(Path(named) if named else _usual())

    def scheme(self, key: str) -> Scheme | None:
        """Return the scheme that is kept under a key; None where there is none that can be trusted."""
        if self._folder is None or not key:
            return None
        try:
            with (self._folder / f"{key}.json").open("rb") as file:
                if not _own(os.fstat(file.fileno())):
                    return None
                content = file.read(MOST_BYTES)
            told, _, plain = content.partition(b"\n")
            if told.decode() != _seal(key, plain):
                return None
            found = unpacked(json.loads(plain))
        except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError):
            return None
        return found if isinstance(found, Scheme) else None

    def keep(self, key: str, scheme: Scheme) -> None:
        """Keep a scheme under a key, whole or not at all; where that cannot be done, nothing happens."""
        if self._folder is None or not key:
            return
        with contextlib.suppress(OSError, ValueError, TypeError):
            plain = json.dumps(packed(scheme), ensure_ascii=False, separators=(",", ":")).encode()
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _own(self._folder.stat()):
                return
            import tempfile  # takes long to import

            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_seal(key, plain).encode() + b"\n" + plain)
                Path(name).replace(self._folder / f"{key}.json")
                self._let_go()
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def _let_go(self) -> None:
        """Delete the oldest files where there are too many."""
        files = sorted(Path(self._folder or "").glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-MOST_KEPT]:
            file.unlink(missing_ok=True)


def content_of(file: Path) -> bytes | None:
    """Return what is in the file of a scheme; None where it cannot be read, or is too long for one."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES)
    except (OSError, ValueError):  # whoever reads it says so
        return None
    return content if len(content) < MOST_BYTES else None


def key_of(content: bytes, source: str, variant: str) -> str:
    """Return the hash of everything that a scheme depends on which is read from this file; empty where it is unknown.

    That is its content, what messages call it, the variant, each file of this package that is about schemes, the
    interpreter, and the packages on the path, by name and version. Another vocabulary than the built-in one must not be
    asked about.
    """
    there = seen()
    if there is None:
        return ""
    told = [FORM, VERSION, sys.version, source, variant, *_files(), *there.folders]
    return sha256(json.dumps(told).encode() + b"\n" + content).hexdigest()


def packed(value: Any) -> list[Any]:
    """Return frozen values of the model as a list of parts, each after those that it is made of.

    A part is a text, a number, a truth or nothing; or a list: the name of what it is and the places of its parts.
    Raises TypeError where a value has another part.
    """
    parts: list[Any] = []
    places: dict[Any, int] = {}

    def place(part: Any) -> int:
        key = (type(part), part) if type(part) in _ATOMS else (list, tuple(part))
        if key not in places:
            places[key] = len(parts)
            parts.append(part)
        return places[key]

    def pack(one: Any) -> int:
        kind = type(one)
        if kind in _ATOMS:
            return place(one)
        if kind is tuple:
            return place(["tuple", *map(pack, one)])
        if kind is Fraction:
            return place(["Fraction", pack(one.numerator), pack(one.denominator)])
        if kind.__name__ in _ENUMS and kind is _ENUMS[kind.__name__]:
            return place([kind.__name__, pack(one.value)])
        if kind.__name__ in _CLASSES and kind is _CLASSES[kind.__name__]:
            return place([kind.__name__, *(pack(getattr(one, field)) for field in _fields(kind))])
        raise TypeError(kind)

    pack(value)
    return parts


def unpacked(parts: list[Any]) -> Any:
    """Return the values that `packed` made these parts of. Raises where they are no such parts."""
    makers: dict[str, Callable[..., Any]] = {"tuple": lambda *items: items, "Fraction": Fraction, **_ENUMS}
    made: list[Any] = []
    for part in parts:
        if not isinstance(part, list):
            made.append(part)
            continue
        name, *places = part
        items = [made[place] for place in places]
        if name in makers:
            made.append(makers[name](*items))
        else:
            kind = _CLASSES[name]
            made.append(kind(**dict(zip(_fields(kind), items, strict=True))))
    return made[-1]


def _fields(kind: type[Any]) -> list[str]:
    return [one.name for one in attrs.fields(kind) if one.init]


def _seal(key: str, plain: bytes) -> str:
    """Return what the first line of a kept file says: that these bytes belong to that key."""
    return sha256(key.encode() + b"\n" + plain).hexdigest()


def _own(told: os.stat_result) -> bool:
    """Whether a file or folder belongs to the user, and nobody else may write to it."""
    if not hasattr(os, "geteuid"):  # Windows keeps the folders of users apart itself
        return True
    return told.st_uid == os.geteuid() and not told.st_mode & _OTHERS_WRITE


def _usual() -> Path | None:
    """Return the folder for what programs keep for a user, None where there is none."""
    try:
        if sys.platform == "win32":
            return Path(os.environ["LOCALAPPDATA"]) / "ictindex" / "cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "ictindex"
        named = os.environ.get("XDG_CACHE_HOME", "")
        return (Path(named) if Path(named).is_absolute() else Path.home() / ".cache") / "ictindex"
    except (KeyError, RuntimeError):
        return None


def _files() -> Iterator[str]:
    """Yield each file of this package that may matter for a scheme, with its size and when it was last changed."""
    home = Path(__file__).parent.parent
    for folder in (home, home / "documents", home / "strategies"):
        with os.scandir(folder) as files:
            for file in sorted(files, key=lambda one: one.name):
                if file.name.endswith((".py", ".json")):
                    told = file.stat()
                    yield f"{file.path} {told.st_size} {told.st_mtime_ns} {told.st_ctime_ns}"
