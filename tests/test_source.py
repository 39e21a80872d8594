"""Strict YAML: what is read, what is refused, where it is said to be, and that nothing else is ever raised."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ictindex.documents import source as module
from ictindex.documents.source import (
    MAX_BYTES,
    Document,
    Mapping,
    Scalar,
    Sequence,
    read_document,
    read_document_file,
    to_plain,
)
from ictindex.errors import Problem, SchemeInvalid, Severity


@pytest.fixture(params=["C parser", "Python parser"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test holds with and without libyaml."""
    if request.param == "C parser" and not hasattr(yaml, "CLoader"):
        pytest.skip("PyYAML was built without libyaml")
    if request.param == "Python parser":
        monkeypatch.delattr(yaml, "CLoader", raising=False)


def read(text: str | bytes) -> Document:
    return read_document(text, "s.yaml")


def value(text: str) -> object:
    return to_plain(read(f"key: {text}\n").root)["key"]


def problems(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(SchemeInvalid) as caught:
        read(text)
    return caught.value.problems


def problem(text: str | bytes) -> Problem:
    found = problems(text)
    assert len(found) == 1, found
    return found[0]


def place(found: Problem) -> tuple[int, int]:
    return found.where.line, found.where.column


class TestReading:
    def test_lines_keep_their_order_and_places(self) -> None:
        document = read("1 Nhận thức số:\n  max: 60\n  ratio: {a: số máy, b: [1, 2.5]}\n")
        row = document.root.get("1 Nhận thức số")
        assert isinstance(row, Mapping)
        assert [key.text for key, _ in row.items] == ["max", "ratio"]
        assert (row.items[0][0].where.line, row.items[0][0].where.column) == (2, 3)
        assert (row.items[0][1].where.line, row.items[0][1].where.column) == (2, 8)
        listed = document.node_at(["1 Nhận thức số", "ratio", "b"])
        assert isinstance(listed, Sequence)
        second = document.node_at(["1 Nhận thức số", "ratio", "b", 1])
        assert isinstance(second, Scalar)
        assert (second.text, second.value, str(second.where)) == ("2.5", 2.5, "s.yaml:3:29")
        assert "max" in row and "min" not in row

    @pytest.mark.parametrize("path", [["b"], ["a", 1], ["a", "0"], ["a", -1], ["c", "d"]])
    def test_a_path_that_leads_nowhere(self, path: list[str | int]) -> None:
        with pytest.raises(KeyError):
            read("a: [1]\nc: 2\n").node_at(path)

    def test_keys_are_text_and_can_be_looked_up(self) -> None:
        root = read("1.10: a\ntrue: b\n~: c\n").root
        assert [key.value for key, _ in root.items] == ["1.10", "true", "~"]
        found = root.key("true")
        assert found is not None and found.where.line == 2
        assert root.key("no such key") is None and root.get("no such key") is None

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("", None), ("~", None), ("null", None), ("true", True), ("FALSE", False),
            ("20", 20), ("-3", -3), ("+7", 7), ("0", 0), ("0.5", 0.5), (".5", 0.5), ("5.", 5.0),
            ("1e5", 1e5), ("1.10", 1.1),
            ("90%", "90%"), ("1/3", "1/3"), ("0,4655", "0,4655"), ("2022-05-20", "2022-05-20"), ("30/01", "30/01"),
            ('"12"', "12"), ("'no'", "no"), ("|\n  12\n", "12\n"), ('"e\\u0301"', "é"), ('"a\\_b"', "a b"),
        ],
    )  # fmt: skip
    def test_core_types(self, typed: str, expected: object) -> None:
        found = value(typed)
        assert found == expected and type(found) is type(expected)
        assert read(f"key: {typed}\n").warnings == ()

    @pytest.mark.parametrize("typed", ["no", "Yes", "on", "00123", "1_000", "12:30", "0x1F", "0o17", "0b11", "1_000.5"])
    def test_what_older_readers_change_stays_text_with_a_warning(self, typed: str) -> None:
        document = read(f"key: {typed}\n")
        assert to_plain(document.root) == {"key": typed}
        (warning,) = document.warnings
        assert (warning.code, warning.severity, place(warning)) == ("S020", Severity.WARNING, (1, 6))
        assert f'"{typed}"' in warning.hint

    def test_text_that_a_comment_hides_is_warned_of(self) -> None:
        document = read("title: Bộ chỉ số #1 của tỉnh\nmax: 5 #điểm\nen: words # a comment\n")
        assert to_plain(document.root) == {"title": "Bộ chỉ số", "max": 5, "en": "words"}
        (warning,) = document.warnings
        assert (warning.code, place(warning)) == ("S021", (1, 8))

    def test_text_is_composed_and_its_digest_does_not_depend_on_the_file_system(self) -> None:
        plain = read("a: Hòa Bình\n")
        content = '["ictindex-scheme/1",["map","a","Hòa Bình"]]'
        assert plain.sha256 == hashlib.sha256(content.encode()).hexdigest()
        assert read("\ufeffa: Ho\u0300a Bi\u0300nh\r\n") == plain
        assert read("a: Hòa Bình\r") == plain
        assert read("a: Hòa Bình\n".encode("utf-8-sig")) == plain

    def test_a_blank_pasted_from_a_word_processor_is_a_blank(self) -> None:
        assert to_plain(read("1.1\u00a0Họp: \u00a05\n").root) == {"1.1 Họp": 5}


class TestRefusing:
    @pytest.mark.parametrize(
        ("text", "code", "where", "words"),
        [
            ("a: 1\nb: 2\na: 3\n", "S011", (3, 1), "first on line 1"),
            ("a: {b: 1, b: 2}\n", "S011", (1, 11), "'b' stands twice"),
            ("a: Ho\u0300\nHo\u0300: 1\nHò: 2\n", "S011", (3, 1), "'Hò' stands twice"),
            ("a: &x 1\n", "S012", (1, 4), "anchor ('&x')"),
            ("a: *x\n", "S012", (1, 4), "alias ('*x')"),
            ("<<: {b: 1}\n", "S013", (1, 1), "merge key"),
            ("a: !!str 1\n", "S014", (1, 4), "tag ('!!str')"),
            ("a: !mine {b: 1}\n", "S014", (1, 4), "tag ('!mine')"),
            ("a: 1\n---\nb: 2\n", "S009", (2, 1), "second document"),
            ("", "S008", (0, 0), "empty"),
            ("# only words\n", "S008", (0, 0), "empty"),
            ("---\n", "S008", (0, 0), "empty"),
            ("- a\n- b\n", "S010", (1, 1), "a list"),
            ("only words\n", "S010", (1, 1), "one text"),
            ("? {a: 1}\n: 2\n", "S017", (1, 3), "key must be words"),
            ("'': 2\n", "S017", (1, 1), "a key is empty"),
            ("a: .nan\n", "S018", (1, 4), "not a finite number"),
            ("a: -.inf\n", "S018", (1, 4), "not a finite number"),
            ("a: 1e400\n", "S018", (1, 4), "too long or too large"),
            ("a: 1e-999999999\n", "S018", (1, 4), "too long or too large"),
            (f"a: {'9' * 5000}\n", "S018", (1, 4), "999999999999..."),
            ("a: {1 Họp, giao ban: 5}\n", "S019", (1, 5), "'1 Họp' stands inside { }"),
            ("a: x\0y\n", "S005", (1, 5), "U+0000"),
            ("a: x\u200by\n", "S005", (1, 5), "zero width space"),
            ('a: "x\\0y"\n', "S005", (1, 4), "U+0000"),
            ("a: \ud800\n", "S005", (1, 4), "U+D800"),
        ],
    )
    def test_what_is_refused(self, text: str, code: str, where: tuple[int, int], words: str) -> None:
        found = problem(text)
        assert (found.code, place(found)) == (code, where)
        assert words in found.message
        assert found.hint

    @pytest.mark.parametrize(
        ("text", "where", "message", "hint"),
        [
            ("1 Họp: giao ban: {max: 5}\n", (1, 16), "second ':' stands on one line", "quote the name"),
            ("1 Họp: giao ban:\n  max: 5\n", (1, 16), "second ':' stands on one line", "quote the name"),
            ("a: {1 Họp: giao ban: 5}\n", (1, 20), "second ':' stands in one entry", "quote the name"),
            ("a: {b: số #1, c: 2}\nd: 1\n", (1, 4), "not closed by '}'", "begins a comment"),
            ("1 Họp\n  max: 5\n", (2, 6), "cannot stand below the line above", "end the line above with ':'"),
            ("a: 1\n1 Họp # giao ban:\nb: 5\n", (2, 1), "this line has no ':'", "begins a comment"),
            ("a: 1\n1 Họp\nb: 5\n", (2, 1), "this line has no ':'", "end the line with ':'"),
            ("a: {b: 1\n", (1, 4), "not closed by '}'", "close it with '}'"),
            ("a: [1, 2\n", (1, 4), "not closed by ']'", "close it with ']'"),
            ('a: "xin chào\nb: 1\n', (1, 4), "never ends", "close the quote"),
            ('a: "x" y: z\n', (1, 8), "behind a closing quote", "as a whole"),
            ("a: 'x' y\n", (1, 8), "behind a closing quote", "as a whole"),
            ("a: @x\n", (1, 4), "cannot begin with '@'", "quote the text"),
            ("a: %x\n", (1, 4), "cannot begin with '%'", "quote the text"),
            ("a: * x\n", (1, 4), "cannot begin with '*'", "quote the text"),
            ("a: !x!y z\n", (1, 4), "cannot begin with '!'", "quote the text"),
            ("a: !<x y\n", (1, 4), "cannot begin with '!'", "quote the text"),
            ("a: ? b\n", (1, 4), "cannot begin with '?'", "quote the text"),
            ("a: |x\n  y\n", (1, 4), "begins on the next line", "indent"),
            ("a:\n  b: 1\n c: 2\n", (3, 2), "does not stand in the column", "same column"),
            ("  a: 1\nb: 2\n", (2, 1), "does not stand in the column", "same column"),
            ("- a\nb: 1\n", (2, 1), "a list", "without '- '"),
            (": x\n", (1, 1), "no key before", "write a code"),
            ("%YAML 3.0\n---\na: 1\n", (1, 1), "this is not YAML", ""),
        ],
    )
    def test_syntax_is_explained(self, text: str, where: tuple[int, int], message: str, hint: str) -> None:
        found = problems(text)[-1]
        assert (found.code, place(found)) == ("S006", where)
        assert message in found.message and hint in found.hint

    def test_an_unknown_escape(self) -> None:
        found = problem('a: "C:\\đường"\n')
        assert found.code == "S006" and found.where.line == 1 and "backslash" in found.message

    def test_an_end_that_comes_too_early(self) -> None:
        assert problem("a: {").code == "S006"

    def test_an_escape_beyond_every_character(self) -> None:
        assert problem('a: "\\UFFFFFFFF"\n').code == "S006"

    @pytest.mark.parametrize("text", ["a:\n\tb: 1\n", "a: 1\n\tb: 1\n", "a: >\n\tb\n"])
    def test_tabs(self, text: str) -> None:
        found = problem(text)
        assert (found.code, found.where.line) == ("S007", 2)

    def test_everything_is_said_at_once(self) -> None:
        found = problems("a: &x 1\nb: *x\na: !t 2\nc: .inf\nd: no\n")
        assert [one.code for one in found] == ["S012", "S012", "S014", "S011", "S018"]

    def test_what_was_found_before_a_syntax_error_is_said_too(self) -> None:
        assert [one.code for one in problems("a: 1\na: 2\nb: c: d\n")] == ["S011", "S006"]

    def test_many_forbidden_characters_are_not_listed_without_end(self) -> None:
        assert len(problems("a: " + "\x01" * 5000)) == 20


class TestAttacks:
    @pytest.mark.parametrize(
        "text",
        [
            *(sign * 30000 for sign in ("[", "{", "{a: ", "- ", "? ", "[\n")),
            "a: " + "[" * 30000,
            "[" * 30000 + "]" * 30000,
            "\n".join(" " * depth + "a:" for depth in range(1000)),
        ],
    )
    def test_depth(self, text: str) -> None:
        found = problem(text)
        assert found.code == "S015" and "nested more than" in found.message

    def test_an_alias_bomb_is_not_followed(self) -> None:
        lines = ["a0: &a0 [x, x]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
        assert {one.code for one in problems("\n".join(lines))} == {"S012"}

    def test_nodes(self) -> None:
        assert problem("a: [" + "1," * 60_000 + "]").code == "S016"

    def test_size(self) -> None:
        assert problem("a" * (MAX_BYTES + 1)).code == "S003"
        assert problem(b"a" * (MAX_BYTES + 1)).code == "S003"

    @given(st.text(max_size=200))
    def test_any_text(self, text: str) -> None:
        nothing_but_problems(text)

    @given(st.binary(max_size=200))
    def test_any_bytes(self, data: bytes) -> None:
        nothing_but_problems(data)

    @given(st.text(alphabet="ab1.:,#-?&*!|>'\"%@`{}[]~<= \n\t\\0xuU", max_size=60))
    def test_any_text_of_the_signs_of_yaml(self, text: str) -> None:
        nothing_but_problems(text)


def nothing_but_problems(text: str | bytes) -> None:
    try:
        document = read(text)
    except SchemeInvalid as error:
        assert error.problems
        assert all(one.code.startswith("S0") and one.message for one in error.problems)
    else:
        assert isinstance(to_plain(document.root), dict)


class TestFiles:
    def test_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "s.yaml"
        path.write_text("a: 1\n", encoding="utf-8")
        assert read_document_file(path).source == str(path)

    def test_no_file(self, tmp_path: Path) -> None:
        assert file_code(tmp_path / "none.yaml") == "S001"

    def test_a_name_that_cannot_be_a_file(self) -> None:
        assert file_code(Path("a\0b")) == "S001"

    def test_a_file_that_cannot_be_opened(self, tmp_path: Path) -> None:
        (tmp_path / "s.yaml").write_text("a: 1\n", encoding="utf-8")
        assert file_code(tmp_path / "s.yaml" / "inside") == "S001"

    def test_a_folder(self, tmp_path: Path) -> None:
        assert file_code(tmp_path) == "S002"

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"PK\x03\x04rest", "Excel"),
            ("a: 1".encode("utf-16"), "UTF-16"),
            (b"a\x00b", "binary"),
            (b"a: 1\nb: \xe0 x", "byte 0xe0"),
        ],
    )
    def test_what_is_not_text(self, data: bytes, words: str) -> None:
        found = problem(data)
        assert found.code == "S004" and words in found.message

    def test_the_place_of_a_byte_that_is_not_text(self) -> None:
        assert place(problem("á: 1\nbé: ".encode() + b"\xe0 x")) == (2, 5)

    def test_a_large_file_is_not_read_to_its_end(self, tmp_path: Path) -> None:
        (tmp_path / "s.yaml").write_bytes(b"#" * (2 * MAX_BYTES))
        assert file_code(tmp_path / "s.yaml") == "S003"


def file_code(path: Path) -> str:
    with pytest.raises(SchemeInvalid) as caught:
        read_document_file(path)
    (found,) = caught.value.problems
    return found.code


def test_the_limits_are_stated() -> None:
    assert module.MAX_DEPTH >= 20 and module.MAX_NODES >= 10_000
