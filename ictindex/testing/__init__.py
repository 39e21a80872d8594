"""Tables and schemes drawn at random, and the laws that a scheme must keep: for authors and for other packages.

    tables(scheme)        a hypothesis strategy of tables that the scheme takes
    schemes()             a hypothesis strategy of schemes
    check_laws(scheme)    what became of each law, with the smallest table that breaks it
    LAWS                  the laws, each with its name and its words

Hypothesis is needed, which `pip install "ictindex[testing]"` brings; it is loaded with the first of these names, so
that the pytest plugin `ictindex.testing.plugin` runs cases without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ictindex.testing.checking import check_laws
    from ictindex.testing.laws import LAWS
    from ictindex.testing.making import schemes
    from ictindex.testing.rows import tables
    from ictindex.testing.world import Broken, Law, LawReport

__all__ = ["LAWS", "Broken", "Law", "LawReport", "check_laws", "schemes", "tables"]

_HOMES = {
    "Broken": "world",
    "LAWS": "laws",
    "Law": "world",
    "LawReport": "world",
    "check_laws": "checking",
    "schemes": "making",
    "tables": "rows",
}


def __getattr__(name: str) -> Any:
    """Return a public name from its module. Raises WrongUse (U135) where hypothesis is not installed."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
