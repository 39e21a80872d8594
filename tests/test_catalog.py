"""Ids and files: what is found, what is suggested, and what a broken package does."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from ictindex.documents.catalog import Catalog, read_catalog
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
    return installed(package)


def installed(package: object) -> Packages:
    return Packages("package of schemes").adding_things("some-package", {"some": package})


@pytest.fixture
def catalog(packages: Packages) -> Catalog:
    return read_catalog(packages)


def test_ids_are_schemes_only_and_sorted(catalog: Catalog) -> None:
    assert catalog.ids == ("dti-922/2020-province", "dti-922/2022-province")


def test_an_id_is_a_file(catalog: Catalog, tmp_path: Path) -> None:
    found = catalog.path("dti-922/2022-province")
    assert found == tmp_path / "some_schemes" / "dti-922" / "2022-province.yaml"


def test_a_path_is_itself(catalog: Catalog, tmp_path: Path) -> None:
    assert catalog.path("no/such.yaml") == Path("no/such.yaml")
    assert catalog.path(tmp_path / "mine.YML") == tmp_path / "mine.YML"
    assert catalog.path(str(tmp_path)) == tmp_path  # a folder: its reader says that it is one


def test_a_module_is_a_package_too(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "2024-commune.yaml").write_text("a: 1\n", encoding="utf-8")
    module = ModuleType("in_memory")
    module.__path__ = ["__editable__.hook", str(tmp_path)]
    assert read_catalog(installed(module)).ids == ("ab/2024-commune",)
    assert read_catalog(installed(ModuleType("no_folder"))).ids == ()


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
def test_an_unknown_id(catalog: Catalog, name: str, hint: str) -> None:
    with pytest.raises(UnknownName) as caught:
        catalog.path(name)
    assert caught.value.problems[0].code == "U111"
    assert hint in caught.value.problems[0].hint


def test_an_id_of_two_packages_names_both(packages: Packages) -> None:
    both = packages.adding_things("another-package", {"another": "some_schemes"})
    with pytest.raises(PluginBroken, match="some-package, another-package"):
        read_catalog(both).path("dti-922/2022-province")


def test_a_broken_package_hides_no_other(packages: Packages) -> None:
    def fail() -> object:
        raise RuntimeError("halved")

    broken = packages.adding([Entry("bad", "bad-package", fail)])
    broken = broken.adding_things("gone-package", {"gone": "gone_schemes"})
    found = read_catalog(broken)
    assert found.path("dti-922/2022-province").name == "2022-province.yaml"
    assert [problem.code for problem in found.broken] == ["U103", "U113"]
    with pytest.raises(UnknownName, match="bad-package") as caught:
        found.path("dti-922/1999-province")
    assert [problem.code for problem in caught.value.problems] == ["U111", "U103", "U113"]


def test_a_package_that_fails_while_it_is_imported_is_named(
    packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "halved_schemes.py").write_text("raise RuntimeError('halved')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = read_catalog(packages.adding_things("halved-package", {"halved": "halved_schemes"}))
    assert len(found.ids) == 2
    assert [str(one) for one in found.broken] == [
        "U113 the schemes of halved-package cannot be found: halved (reinstall or remove that package)"
    ]
