"""Where schemes are: an id such as `dti-922/2022-province` is a file in a package, or the author names a file.

A package of schemes is an importable folder with `<family>/<edition>-<kind>.yaml` in it; `ictindex_schemes` is the one
that is shipped. Which packages there are is said by the registry that is handed down. A package may have overlays too:
the file `<family>/<edition>-<kind>.<name>.overlay.yaml` has the id `<family>/<edition>-<kind>+<name>`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import frozen

from ictindex.errors import IctIndexError, Location, PluginBroken, Problem, UnknownName, did_you_mean
from ictindex.messages import one_of, say
from ictindex.registry import Registry

_ID = re.compile(r"[a-z0-9][a-z0-9-]*/[0-9]{4}-[a-z0-9][a-z0-9-]*")
_OVERLAY = re.compile(rf"({_ID.pattern})\.([a-z0-9][a-z0-9-]*)\.overlay")


@frozen
class Catalog:
    """The schemes of every installed package. `broken` says which packages could not be looked into."""

    files: tuple[tuple[str, str, Path], ...]  # id, package, file
    broken: tuple[Problem, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, sorted, each once."""
        return tuple(sorted({name for name, _, _ in self.files}))

    def path(self, scheme: str | os.PathLike[str]) -> Path:
        """Return the file of a scheme: of an id, or the path to a .yaml file (which need not exist yet).

        Raises UnknownName with a suggestion where it is neither, PluginBroken where two packages claim the id.
        """
        name = os.fspath(scheme)
        if Path(name).suffix.lower() in {".yaml", ".yml"}:
            return Path(name)
        found = [(package, file) for known, package, file in self.files if known == name]
        if len(found) == 1:
            return found[0][1]
        if found:
            packages = ", ".join(package for package, _ in found)
            message = say("the scheme '{name}' is claimed by {packages}", name=name, packages=packages)
            raise PluginBroken(Problem("U112", message, Location(name), say("uninstall one")))
        if name and _exists(name):
            return Path(name)  # a folder, say: whoever reads it says so
        unknown = Problem("U111", say("there is no scheme '{name}'", name=name), hint=self._suggestion(name))
        raise UnknownName([unknown, *self.broken])

    def _suggestion(self, name: str) -> str:
        within = [known for known in self.ids if name and name.lower() in known]
        close = did_you_mean(name, self.ids)
        if close or not within:
            return close or say("`ictindex list` shows the ids; the name of a file ends with .yaml")
        return say("is it {ids}?", ids=one_of(within[:5]))


def read_catalog(schemes: Registry[Any]) -> Catalog:
    """Return the catalog of the packages in the registry, each a module or the name of one."""
    files: list[tuple[str, str, Path]] = []
    broken: list[Problem] = []
    for entry in schemes:
        try:
            package = schemes.get(entry)
            files.extend((name, schemes.package(entry), file) for name, file in _files(package))
        except IctIndexError as error:  # one broken package does not hide the schemes of the others
            broken.extend(error.problems)
        except Exception as error:  # noqa: BLE001  # whatever the package raises when it is imported
            package = schemes.package(entry)
            message = say("the schemes of {package} cannot be found: {error}", package=package, error=error)
            broken.append(Problem("U113", message, hint=say("reinstall or remove that package")))
    return Catalog(tuple(files), tuple(broken))


def _files(package: str | ModuleType) -> Iterator[tuple[str, Path]]:
    module = importlib.import_module(package) if isinstance(package, str) else package
    # A folder of data may lack an __init__.py. The path of such a package lists, beside its folder, the hook of an
    # editable install, at which importlib.resources stumbles; so folders are looked at directly.
    found: dict[str, Path] = {}
    for folder in getattr(module, "__path__", ()):
        for file in Path(folder).glob("*/*.yaml"):
            name = f"{file.parent.name}/{file.stem}"
            over = _OVERLAY.fullmatch(name)
            if over:
                found.setdefault(f"{over[1]}+{over[2]}", file)
            elif _ID.fullmatch(name):  # `.cases.yaml` and other companions have a second dot
                found.setdefault(name, file)
    yield from sorted(found.items())


def _exists(name: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return Path(name).exists()
    return False
