"""What is in the repository is in the package: names listed in pyproject.toml match the folders and files.

That the built wheel holds them is shown by .ci/run, which installs it into an empty environment.
"""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from ictindex.version import VERSION

TOP = Path(__file__).parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]


def test_every_package_is_listed() -> None:
    found = {".".join(path.parent.relative_to(TOP).parts) for path in TOP.glob("ictindex/**/*.py")}
    assert set(SETUPTOOLS["packages"]) == found | {"ictindex_schemes"}


def test_every_data_file_is_shipped() -> None:
    folders = {name: TOP / name.replace(".", "/") for name in SETUPTOOLS["packages"]}
    folders["ictindex_schemes"] = TOP / SETUPTOOLS["package-dir"]["ictindex_schemes"]
    shipped = {
        path
        for name, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in folders[name].glob(pattern)
    }
    there = {
        path
        for folder in (TOP / "ictindex", TOP / "schemes")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert there == shipped


def test_extras_are_named_once() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    assert set(metadata.metadata("ictindex").get_all("Provides-Extra") or []) == set(extras)


def test_the_version_is_in_the_changelog() -> None:
    changes = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    assert VERSION in changes
