"""What starts: nothing is imported that is not used, a scheme is kept once it was read, and no kept one is trusted."""

from __future__ import annotations

import ast
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.machinery import PathFinder
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import ictindex
from ictindex import api, installed, plugins
from ictindex.cli.commands import LISTED
from ictindex.documents import kept
from ictindex.documents.kept import Shelf, packed, unpacked
from ictindex.errors import SchemeInvalid, UnknownName

TOP = Path(__file__).parent.parent
SCHEME = """\
scheme: mẫu/2024-unit
title: Bộ mẫu
unit: unit
edition: 2024
sources: {qd Quyết định mẫu: }
assumed: để thử
max: 9
1 Một: {max: 9, value: , steps: {2: 9, 1: 4.5}}
""".replace("mẫu/", "mau/")
TABLE = "unit,1\n" + "".join(f"u{at},{at % 4}\n" for at in range(60))
HEAVY = (
    "jsonschema",
    "yaml",
    "pyarrow",
    "openpyxl",
    "xlsxwriter",
    "jinja2",
    "narwhals",
    "numpy.ma",
    "pandas",
    "importlib.metadata",
)
UNUSED = (
    *HEAVY,
    *("difflib", "concurrent.futures", "tempfile", "zipfile", "logging"),
    *("ictindex.documents.build", "ictindex.documents.source", "ictindex.documents.structure", "ictindex.questions"),
    *("ictindex.explaining", "ictindex.explanation", "ictindex.forms", "ictindex.rounds", "ictindex.regrouping"),
    *("ictindex.units.lists", "ictindex.units.matching", "ictindex.formats.json", "ictindex.formats.excel"),
    *("ictindex.analysis.statistics", "ictindex.analysis.uncertainty", "ictindex.analysis.climbing", "ictindex.pages"),
)


def modules_after(statement: str, folder: Path = TOP, cache: str = "off") -> set[str]:
    """Return the names of all modules that a statement imports into a fresh interpreter, beyond what starts with it."""
    code = f"import sys; held = set(sys.modules); {statement}; print(); print(*(set(sys.modules) - held))"
    environment = os.environ | {"ICTINDEX_CACHE": cache, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, encoding="utf-8", check=True, env=environment
    )
    return set(ran.stdout.splitlines()[-1].split())


def command(words: str) -> str:
    """Return the statement that runs a command, which may end by itself."""
    return f"from ictindex.cli import main\ntry: main({words.split()})\nexcept SystemExit: pass\n"


def run_then_list(words: str, folder: Path, cache: str = "off") -> set[str]:
    return modules_after(f"exec({command(words)!r})", folder, cache)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_importing_the_package_imports_nothing_else() -> None:
    found = modules_after("import ictindex")
    assert {one for one in found if one.startswith("ictindex")} == {"ictindex"}
    assert not {"numpy", "attr", "argparse", *HEAVY} & found


def test_every_public_name_is_found_where_it_is_said_to_be() -> None:
    tree = ast.parse((TOP / "ictindex" / "__init__.py").read_text("utf-8"))
    (checked,) = (one for one in tree.body if isinstance(one, ast.If))
    told = {name.name: one.module for one in checked.body if isinstance(one, ast.ImportFrom) for name in one.names}
    assert told == {name: f"ictindex.{home}" for name, home in ictindex._HOMES.items()}
    assert sorted(told) == sorted(ictindex.__all__)
    for name in ictindex.__all__:
        assert getattr(ictindex, name).__module__.startswith("ictindex")
        assert not (TOP / "ictindex" / f"{name}.py").exists(), "a module would hide it"
    assert set(ictindex.__all__) <= set(dir(ictindex))
    assert ictindex.cells.__name__ == "ictindex.cells"
    with pytest.raises(AttributeError, match="no attribute 'scoer'"):
        _ = ictindex.scoer  # type: ignore[attr-defined]


def test_help_imports_no_command(folder: Path) -> None:
    found = run_then_list("--help", folder)
    assert not {"numpy", "ictindex.api", *UNUSED} & found
    assert not {f"ictindex.cli.{one.module}" for one in LISTED.values()} & found


def test_scoring_imports_what_it_uses(folder: Path) -> None:
    wide = "".join(f"v{at},{10.0 ** (at % 8 - 4)}\n" for at in range(40))  # so wide that a median is taken of it
    (folder / "t.csv").write_text(TABLE + wide, encoding="utf-8")
    words, cache = "score s.yaml t.csv -o r.csv", str(folder / "cache")
    first = run_then_list(words, folder, cache)
    assert {"yaml", "jsonschema"} <= first and not {"pyarrow", "openpyxl", "xlsxwriter", "pandas"} & first
    written = (folder / "r.csv").read_bytes()
    again = run_then_list(words, folder, cache)
    assert sorted(set(UNUSED) & again) == []
    assert {f"ictindex.cli.{one.module}" for one in LISTED.values()} & again == {"ictindex.cli.scoring"}
    assert (folder / "r.csv").read_bytes() == written


@pytest.fixture(autouse=True)
def _plain_finders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the finder that some library has put beside Python's own: with it nothing is kept."""
    plain = [one for one in sys.meta_path if one is PathFinder or not hasattr(one, "find_distributions")]
    monkeypatch.setattr(sys, "meta_path", plain)


@pytest.fixture(name="cache")
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for kept schemes, and nothing remembered of the schemes that were read."""
    monkeypatch.setenv("ICTINDEX_CACHE", str(tmp_path / "cache"))
    kept.scheme_in.cache_clear()
    yield tmp_path / "cache"
    kept.scheme_in.cache_clear()


def read_anew(path: Path, **options: Any) -> ictindex.Scheme:
    kept.scheme_in.cache_clear()
    return ictindex.load_scheme(path, **options)


@pytest.fixture(name="unread")
def _unread(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function after whose call no document can be read."""

    def forbid() -> None:
        def refuse(*_: Any, **__: Any) -> Any:
            raise AssertionError("the document is read")

        monkeypatch.setattr("ictindex.documents.source.read_document", refuse)

    return forbid


@pytest.mark.parametrize("name", [one.id for one in api.list_schemes()])
def test_every_scheme_comes_out_of_its_parts_as_it_was(name: str) -> None:
    scheme = ictindex.load_scheme(name)
    again = unpacked(json.loads(json.dumps(packed(scheme))))
    assert again == scheme and repr(again) == repr(scheme) and pickle.dumps(again) is not None
    assert [row.code for row in again.rows()] == [row.code for row in scheme.rows()]


def test_a_kept_scheme_is_the_one_that_was_read(folder: Path, cache: Path, unread: Any) -> None:
    first = read_anew(folder / "s.yaml")
    (file,) = cache.iterdir()
    assert file.suffix == ".json" and (os.name == "nt" or cache.stat().st_mode & 0o777 == 0o700)
    unread()
    again = read_anew(folder / "s.yaml")
    assert again is not first and again == first and repr(again) == repr(first)


def test_whatever_a_scheme_depends_on_is_in_its_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [kept.key_of(b"a", "s.yaml", "")]
    keys += [kept.key_of(b"b", "s.yaml", ""), kept.key_of(b"a", "t.yaml", ""), kept.key_of(b"a", "s.yaml", "v")]
    monkeypatch.setattr(kept, "VERSION", "9.9.9")
    keys.append(kept.key_of(b"a", "s.yaml", ""))
    monkeypatch.setattr(kept, "_files", lambda: iter(["model.py 1 2 3"]))
    keys.append(kept.key_of(b"a", "s.yaml", ""))
    (folder / "pyyaml-99.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(folder))
    keys.append(kept.key_of(b"a", "s.yaml", ""))
    assert len(set(keys)) == len(keys) and all(len(key) == 64 for key in keys)
    monkeypatch.setattr(kept, "seen", lambda: None)
    assert kept.key_of(b"a", "s.yaml", "") == ""


def test_a_changed_document_is_read_anew(folder: Path, cache: Path) -> None:
    path = folder / "s.yaml"
    assert read_anew(path).row("1").max == 9
    path.write_text(SCHEME.replace("max: 9", "max: 8").replace("2: 9", "2: 8"), encoding="utf-8")
    assert read_anew(path).row("1").max == 8
    assert len(list(cache.iterdir())) == 2


def sealed(key: str, parts: Any) -> bytes:
    plain = json.dumps(parts).encode()
    return sha256(key.encode() + b"\n" + plain).hexdigest().encode() + b"\n" + plain


@pytest.mark.parametrize(
    "damage",
    [
        lambda *_: b"",
        lambda content, _: content[:-1],
        lambda content, _: content.replace(b"2024", b"2025"),
        lambda content, _: content.partition(b"\n")[2],
        lambda *_: pickle.dumps({"a": 1}),
        lambda _, key: sealed(key, []),
        lambda _, key: sealed(key, {"a": 1}),
        lambda _, key: sealed(key, [1, ["tuple", 7]]),
        lambda _, key: sealed(key, ["x", ["Popen", 0]]),
        lambda _, key: sealed(key, ["x", ["os.system", 0]]),
        lambda _, key: sealed(key, [1, 0, ["Fraction", 0, 1]]),
        lambda _, key: sealed(key, ["a", ["Case", 0, 0, 0], ["Case", 0]]),
        lambda *_: sealed("another", packed(api.load_scheme("dti-922/2022-province"))),
    ],
)
def test_an_odd_file_is_as_none(folder: Path, cache: Path, damage: Any) -> None:
    first = read_anew(folder / "s.yaml")
    (file,) = cache.iterdir()
    content = file.read_bytes()
    file.write_bytes(damage(content, file.stem))
    assert Shelf(cache).scheme(file.stem) is None
    assert read_anew(folder / "s.yaml") == first
    assert file.read_bytes() == content, "it is kept anew"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of files here")
def test_a_file_that_others_can_write_is_as_none(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_anew(folder / "s.yaml")
    (file,) = cache.iterdir()
    assert Shelf(cache).scheme(file.stem) is not None
    file.chmod(0o666)
    assert Shelf(cache).scheme(file.stem) is None
    file.chmod(0o600)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert Shelf(cache).scheme(file.stem) is None
    Shelf(cache).keep("0" * 64, api.load_scheme("dti-922/2022-province"))
    assert [one.name for one in cache.iterdir()] == [file.name], "nothing is written into a folder of others"


def test_the_cache_can_be_off_or_anywhere(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICTINDEX_CACHE", "off")
    read_anew(folder / "s.yaml")
    assert not cache.exists()
    monkeypatch.setenv("ICTINDEX_CACHE", str(folder / "s.yaml"))  # a file, in which nothing can be kept
    assert read_anew(folder / "s.yaml").row("1").max == 9
    monkeypatch.delenv("ICTINDEX_CACHE")
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "home"))
        read_anew(folder / "s.yaml")
        assert len(list((folder / "home" / "ictindex").iterdir())) == 1
        monkeypatch.setenv("XDG_CACHE_HOME", "beside")
        monkeypatch.setenv("HOME", str(folder / "other"))
        read_anew(folder / "s.yaml")
        assert len(list((folder / "other" / ".cache" / "ictindex").iterdir())) == 1


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_where_schemes_are_kept(platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    found = kept._usual()
    assert found is not None and found.is_relative_to(tmp_path) and "ictindex" in found.parts
    monkeypatch.delenv("LOCALAPPDATA")

    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert kept._usual() is None


def test_the_oldest_are_let_go(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = api.load_scheme("dti-922/2022-province")
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    for file in cache.iterdir():
        file.unlink()
    for age, letter in enumerate("abcd"):
        key = letter * 64
        Shelf(cache).keep(key, scheme)
        os.utime(cache / f"{key}.json", (age, age))
    assert sorted(one.name[0] for one in cache.iterdir()) == ["c", "d"]


def test_problems_are_the_same_with_and_without_the_cache(folder: Path, cache: Path) -> None:
    path = folder / "s.yaml"
    path.write_text(SCHEME.replace("max: 9\n1", "max: 8\n1"), encoding="utf-8")
    told = []
    for _ in range(2):
        with pytest.raises(SchemeInvalid) as caught:
            read_anew(path)
        told.append(caught.value.problems)
        with pytest.raises(UnknownName):
            read_anew(path, variant="nope")
    assert told[0] == told[1] and told[0] and not cache.exists()
    with pytest.raises(SchemeInvalid) as gone:
        read_anew(folder / "gone.yaml")
    assert gone.value.problems[0].code == "S001"


def test_an_overlay_is_not_kept_and_neither_is_what_a_plugin_has_part_in(folder: Path, cache: Path) -> None:
    (folder / "o.yaml").write_text(
        "overlay: s.yaml\nby: Sở mẫu\ndate: 2024-05-01\nsources: {o Quyết định khác: }\n"
        "below: {assumed: để thử}\nchanges:\n  1: {name: Khác}\n",
        encoding="utf-8",
    )
    assert read_anew(folder / "o.yaml").row("1").name == "Khác"
    assert not cache.exists()
    words = plugins.vocabulary()
    assert not plugins.foreign(words)
    content = (folder / "s.yaml").read_bytes()
    kept.scheme_in(content, "s.yaml", "", words, keeping=False)
    assert not cache.exists()


def test_what_is_installed_is_seen_in_folders_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.lacks("measures")
    info = tmp_path / "one-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[ictindex.measures]\na.b = c:D\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not installed.lacks("measures") and installed.lacks("formats")
    for odd in ("lib.egg", "archive.zip"):
        (tmp_path / odd).write_bytes(b"PK")
        with monkeypatch.context() as patch:
            patch.syspath_prepend(str(tmp_path / odd))
            assert installed.seen() is None and not installed.lacks("formats")
        (tmp_path / odd).unlink()
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, SimpleNamespace(find_distributions=None)])
    assert installed.seen() is None
