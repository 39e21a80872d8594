"""An immutable map from names to things that may come from several packages.

Nothing here is global: the composition root (`plugins`) builds registries and hands them down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from attrs import evolve, field, frozen

from ictindex.errors import PluginBroken, Problem, UnknownName, did_you_mean
from ictindex.messages import say

T = TypeVar("T")


@frozen
class Entry(Generic[T]):
    """A named thing, the package it comes from, and how to get it. It is loaded only when it is used."""

    name: str
    package: str
    load: Callable[[], T]


@frozen
class Registry(Generic[T]):
    """Names to things of one kind (`kind` is the word used in messages, made with `say`).

    Registries never change: `adding` gives a new one. A name claimed by two packages stays listed and is an
    error that names both packages when it is asked for.
    """

    kind: str
    entries: tuple[Entry[T], ...] = ()
    _index: dict[str, tuple[Entry[T], ...]] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        index: dict[str, tuple[Entry[T], ...]] = {}
        for entry in self.entries:
            index[entry.name] = (*index.get(entry.name, ()), entry)
        object.__setattr__(self, "_index", index)

    def adding(self, entries: Iterable[Entry[T]]) -> Registry[T]:
        """Return a registry that also knows these entries."""
        return evolve(self, entries=(*self.entries, *entries))

    def adding_things(self, package: str, things: dict[str, T]) -> Registry[T]:
        """Return a registry that also knows these things, already loaded, as coming from `package`."""
        return self.adding(Entry(name, package, _constant(thing)) for name, thing in things.items())

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __len__(self) -> int:
        return len(self._index)

    def package(self, name: str) -> str:
        """Return the package (or packages) that the name comes from."""
        return ", ".join(entry.package for entry in self._index[name])

    def get(self, name: str) -> T:
        """Return the thing of that name.

        Raises UnknownName (with a suggestion) where there is none, PluginBroken where two packages claim the
        name or the thing cannot be loaded.
        """
        found = self._index.get(name, ())
        if not found:
            raise unknown(self.kind, name, self._index)
        if len(found) > 1:
            packages = self.package(name)
            message = say("the {kind} '{name}' is claimed by {packages}", kind=self.kind, name=name, packages=packages)
            raise PluginBroken(Problem("U102", message, hint=say("uninstall one")))
        try:
            return found[0].load()
        except Exception as error:  # whatever a plugin raises is the plugin's fault, and is said so
            message = say(
                "the {kind} '{name}' of {package} cannot be loaded: {error}",
                kind=self.kind,
                name=name,
                package=found[0].package,
                error=error,
            )
            raise PluginBroken(Problem("U103", message, hint=say("reinstall or remove that package"))) from error


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """Return the error of a name that is none of the known ones, with the one that was meant or else all of them."""
    names = list(known)
    listed = say("known: {names}", names=", ".join(names)) if names else say("known: none")
    message = say("there is no {kind} '{name}'", kind=kind, name=name)
    return UnknownName(Problem("U101", message, hint=did_you_mean(name, names) or listed))


@frozen
class Vocabulary:
    """The strategies that a scheme may name: the words of the language beyond its grammar."""

    measures: Registry[Any]
    normalizations: Registry[Any]
    aggregations: Registry[Any]


def _constant(thing: T) -> Callable[[], T]:
    return lambda: thing
