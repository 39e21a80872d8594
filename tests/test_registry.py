"""Registries never change, and say who is to blame."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from ictindex.errors import PluginBroken, UnknownName
from ictindex.plugins import formats, vocabulary
from ictindex.registry import Entry, Registry


def colours() -> Registry[str]:
    return Registry[str]("colour").adding_things("home", {"red": "#f00", "green": "#0f0"})


def broken() -> Any:
    raise OSError("the disk is gone")


def test_adding_makes_another_registry() -> None:
    one = colours()
    two = one.adding_things("acme", {"blue": "#00f"})
    assert (list(one), list(two), len(one), len(two)) == (["red", "green"], ["red", "green", "blue"], 2, 3)
    assert "blue" in two and "blue" not in one and 3 not in two
    assert two.get("blue") == "#00f" and two.package("blue") == "acme"


def test_a_registry_cannot_be_changed() -> None:
    one = colours()
    with pytest.raises(FrozenInstanceError):
        one.kind = "shape"  # type: ignore[misc]
    with pytest.raises((TypeError, AttributeError)):
        one.entries += ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        one["red"] = "#fff"  # type: ignore[index]


def test_an_unknown_name_has_a_suggestion_or_the_list() -> None:
    with pytest.raises(UnknownName, match=r"U101 there is no colour 'gren' \(did you mean 'green'\?\)"):
        colours().get("gren")
    with pytest.raises(UnknownName, match=r"\(known: red, green\)"):
        colours().get("xyz")
    with pytest.raises(UnknownName, match=r"\(known: none\)"):
        Registry[str]("colour").get("xyz")


def test_a_name_that_two_packages_claim_stays_listed_and_is_an_error_when_used() -> None:
    both = colours().adding_things("acme", {"red": "#e00"})
    assert list(both) == ["red", "green"] and both.package("red") == "home, acme"
    assert both.get("green") == "#0f0"
    with pytest.raises(PluginBroken, match="U102 the colour 'red' is claimed by home, acme"):
        both.get("red")


def test_a_thing_that_cannot_be_loaded_is_its_packages_fault_and_only_when_used() -> None:
    one = colours().adding([Entry("mauve", "acme", broken)])
    assert "mauve" in one and one.get("red") == "#f00"
    with pytest.raises(
        PluginBroken, match="U103 the colour 'mauve' of acme cannot be loaded: the disk is gone"
    ) as caught:
        one.get("mauve")
    assert isinstance(caught.value.__cause__, OSError)


def test_registries_with_the_same_entries_are_equal() -> None:
    entry = Entry("mauve", "acme", broken)
    assert Registry("colour", (entry,)) == Registry("colour").adding([entry])


@pytest.mark.parametrize("error", [UnknownName, PluginBroken])
def test_what_a_registry_raises_survives_another_process(error: type[Exception]) -> None:
    registry = colours().adding([Entry("mauve", "acme", broken)])
    with pytest.raises(error) as caught:
        registry.get("mauve" if error is PluginBroken else "x")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (type(again), again.problems) == (error, caught.value.problems)


def test_what_is_built_in_is_known_without_a_plugin() -> None:
    words = vocabulary()
    assert {"value", "count", "yes-no", "assessed", "choice", "checks", "all-of", "ratio"} <= set(words.measures)
    assert {"steps", "steps-down", "each", "goalposts", "min-max", "z-score", "of-best"} <= set(words.normalizations)
    assert {"sum", "capped", "mean", "geometric", "best", "least"} <= set(words.aggregations)
    assert {"csv", "json", "table"} <= set(formats())
    assert all(words.measures.package(name) == "ictindex" for name in ("value", "ratio"))
