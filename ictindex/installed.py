"""What is installed beside ictindex, as far as the names of folders tell it.

`importlib.metadata` answers the same questions and more, but importing it takes a third of the time of numpy, and most
people have no plugin.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from importlib.machinery import PathFinder
from typing import NamedTuple

_METADATA = (".dist-info", ".egg-info")


class Seen(NamedTuple):
    """The folders of metadata on the path, and what the entry points of those packages are that name ictindex."""

    folders: tuple[str, ...]
    points: tuple[bytes, ...]


def lacks(group: str) -> bool:
    """Whether surely no installed package has entry points of a group of ictindex, such as `measures`.

    Where False, `importlib.metadata` knows.
    """
    found = seen()
    return found is not None and not any(f"ictindex.{group}".encode() in points for points in found.points)


def seen() -> Seen | None:
    """Return what is on the path; None where packages may be found in other ways than in folders."""
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return None
    changed, here = [], ""
    for folder in sys.path:
        try:
            changed.append(os.stat(folder or ".").st_mtime_ns)
            here = here if folder else os.getcwd()
        except (OSError, ValueError):  # it is not there
            changed.append(0)
    return _seen(tuple(sys.path), here, tuple(changed))


@lru_cache(maxsize=8)
def _seen(path: tuple[str, ...], _here: str, changed: tuple[int, ...]) -> Seen | None:
    folders: list[str] = []
    points: list[bytes] = []
    for folder, there in zip(path, changed, strict=True):
        if not there:
            continue
        try:
            names = os.listdir(folder or ".")
        except OSError:  # an archive, in which importlib.metadata can look
            return None
        if any(name.lower().endswith(".egg") for name in (*names, folder)):
            return None
        found = [name for name in names if name.lower().endswith(_METADATA)]
        folders += sorted(found)
        points += filter(None, (_points(os.path.join(folder, name, "entry_points.txt")) for name in found))
    return Seen(tuple(folders), tuple(points))


def _points(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            content = opened.read()
    except OSError:
        return b""
    return content if b"ictindex." in content else b""
