"""Ids and files: what is found, what is suggested, and what a broken package does."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from ictindex.documents.catalog import read_catalog, scheme_ids, scheme_path
from ictindex.errors import PluginBroken, UnknownName
from ictindex.registry import Entry, Registry

Packages = Registry[object]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of schemes that can be imported and has no __init__.py."""
    family = tmp_path / "some_schemes" / "dti-922"
    family.mkdir(parents=True)
    for name in ("2022-province.yaml", "2022-province.cases.yaml", "2022-province.example.csv", "notes.yaml"):
        (family / name).write_text("a: 1\n", encoding="utf-8")
    (family / "2020-province.yaml").write_text("a: 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "some_schemes", raising=False)
    return "some_schemes"


@pytest.fixture
def packages(package: str) -> Packages:
    return Packages("package of schemes").adding_things("some-package", {"some": package})


def test_ids_are_schemes_only_and_sorted(package: str, packages: Packages) -> None:
    assert scheme_ids(package) == ("dti-922/2020-province", "dti-922/2022-province")
    assert read_catalog(packages).ids == scheme_ids(package)


def test_an_id_is_a_file(packages: Packages, tmp_path: Path) -> None:
    found = scheme_path("dti-922/2022-province", packages)
    assert found == tmp_path / "some_schemes" / "dti-922" / "2022-province.yaml"


def test_a_path_is_itself(packages: Packages, tmp_path: Path) -> None:
    assert scheme_path("no/such.yaml", packages) == Path("no/such.yaml")
    assert scheme_path(tmp_path / "mine.YML", packages) == tmp_path / "mine.YML"
    assert scheme_path(str(tmp_path), packages) == tmp_path  # a folder: its reader says that it is one


def test_a_module_is_a_package_too(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "2024-commune.yaml").write_text("a: 1\n", encoding="utf-8")
    module = ModuleType("in_memory")
    module.__path__ = ["__editable__.hook", str(tmp_path)]
    assert scheme_ids(module) == ("ab/2024-commune",)
    assert scheme_ids(ModuleType("no_folder")) == ()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("dti-922/2022-provinces", "did you mean 'dti-922/2022-province'?"),
        ("DTI-922", "is it dti-922/2020-province or dti-922/2022-province?"),
        ("quite another", "`ictindex list`"),
        ("", "`ictindex list`"),
        ("a\0b", "`ictindex list`"),
        ("x" * 5000, "`ictindex list`"),
    ],
)
def test_an_unknown_id(packages: Packages, name: str, hint: str) -> None:
    with pytest.raises(UnknownName) as caught:
        scheme_path(name, packages)
    assert caught.value.problems[0].code == "U111"
    assert hint in caught.value.problems[0].hint


def test_an_id_of_two_packages_names_both(packages: Packages) -> None:
    both = packages.adding_things("another-package", {"another": "some_schemes"})
    with pytest.raises(PluginBroken, match="some-package, another-package"):
        scheme_path("dti-922/2022-province", both)


def test_a_broken_package_hides_no_other(packages: Packages) -> None:
    def fail() -> object:
        raise RuntimeError("halved")

    broken = packages.adding([Entry("bad", "bad-package", fail)])
    broken = broken.adding_things("gone-package", {"gone": "gone_schemes"})
    assert scheme_path("dti-922/2022-province", broken).name == "2022-province.yaml"
    assert [problem.code for problem in read_catalog(broken).broken] == ["U103", "U113"]
    with pytest.raises(UnknownName, match="bad-package") as caught:
        scheme_path("dti-922/1999-province", broken)
    assert [problem.code for problem in caught.value.problems] == ["U111", "U103", "U113"]
