"""The structure of scheme documents: the composed schema, and what is said about each wrong key and value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ictindex.documents.compose import compose_schema
from ictindex.documents.grammar import read_number, read_points, split_line
from ictindex.documents.source import MAX_DEPTH, read_document
from ictindex.documents.structure import structure_problems
from ictindex.errors import Problem, Severity
from ictindex.registry import Entry, Registry, Vocabulary


def strategy(schema: object) -> type:
    class Strategy:
        title: ClassVar[str] = "A strategy / Một cách"
        description: ClassVar[str] = "What it takes"

    Strategy.schema = schema  # type: ignore[attr-defined]
    return Strategy


def refer(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


MEASURES = {
    "value": refer("words"), "yes-no": refer("words"), "assessed": refer("words"), "count": refer("words"),
    "ratio": refer("ratio"), "choice": refer("choice"), "checks": refer("lines-of-points"),
    "all-of": refer("lines-of-words"), "acme.gap": {"type": "object", "properties": {"to": refer("quantity")}},
}  # fmt: skip
SCALES = {
    "steps": refer("steps"),
    "each": refer("points"),
    "goalposts": refer("goalposts"),
    "min-max": refer("pool-scope"),
    "acme.sigmoid": {
        "type": "object",
        "properties": {"middle": refer("number"), "power": {"exclusiveMinimum": 0, "type": "integer"}},
        "required": ["middle"],
        "additionalProperties": False,
    },
}
BROKEN = {
    "bad.type": strategy({"type": "nubmer"}),
    "bad.ref": strategy({"properties": {"x": refer("nowhere")}}),
    "bad.bare": object,
    "bad.values": strategy({"const": object()}),
}


def registry(kind: str, schemas: dict[str, Any]) -> Registry[Any]:
    return Registry[Any](kind).adding_things("ictindex", {name: strategy(schema) for name, schema in schemas.items()})


def fails() -> Any:
    raise RuntimeError("no licence")


VOCABULARY = Vocabulary(
    registry("measure", MEASURES).adding([Entry("bad.load", "bad-package", fails)]),
    registry("normalization", SCALES).adding_things("bad-package", BROKEN),
    registry("aggregation", {"sum": {}, "mean": {}, "acme.owa": {}}),
)
HEAD = (
    "scheme: ab/2022-province\ntitle: Bộ chỉ số\nunit: province\nedition: 2022\n"
    "sources: {qd Quyết định 1: {date: 2022-05}}\n"
)
LINES = HEAD.count("\n")
ROW = "expected: lines under it: `max` and one measure, or further rows"
NUMBER = "expected: a number such as 20, 0.5, 1/3 or 90%, or `{is: 20, assumed: ...}`"
WORDS = "expected: words, `$code`, or nothing"
STEPS = "expected: steps such as `{90%: max, 70%: 1/2 max}`"


def problems(text: str, head: str = HEAD) -> list[Problem]:
    return structure_problems(read_document(head + text, "s.yaml"), VOCABULARY)


def said(text: str) -> tuple[str, int, int, str, str]:
    found = problems(text)
    assert len(found) == 1, [str(one) for one in found]
    (one,) = found
    return one.code, one.where.line - LINES, one.where.column, one.message, one.hint


class TestSchema:
    def test_it_is_a_schema_and_every_key_says_what_it_is_in_both_languages(self) -> None:
        schema = compose_schema(VOCABULARY)
        Draft202012Validator.check_schema(schema)
        keys = dict(properties(schema))
        foreign = ("acme", "bad.")
        ours = {path: about for path, about in keys.items() if not any(key.startswith(foreign) for key in path)}
        ours = {path: about for path, about in ours.items() if path[-1] not in MEASURES | SCALES}
        assert {"max", "combine", "below", "levels", "log", "is", "cited"} <= {name[-1] for name in ours}
        for name, about in ours.items():
            assert " / " in about.get("title", "") and " / " in about.get("description", ""), name

    def test_no_part_chooses_between_branches(self) -> None:
        assert not {"oneOf", "anyOf"} & set(words_of(compose_schema(VOCABULARY)))

    def test_strategies_bring_their_keywords(self) -> None:
        row = compose_schema(VOCABULARY)["$defs"]["row"]["properties"]
        assert {*MEASURES, *SCALES, "parts", "max"} <= set(row)
        assert row["acme.sigmoid"]["title"] == "A strategy / Một cách"
        assert row["acme.sigmoid"]["properties"]["assumed"]  # every mapping may say where its numbers come from

    @given(st.text(alphabet="ab1.-_ \nàđ:", max_size=8))
    def test_a_line_is_the_same_here_and_where_it_is_read(self, text: str) -> None:
        assert pattern("parts", "patternProperties").match(text) == bool(split_line(text))

    @given(st.text(alphabet="0123456789./%+-e max½*x", max_size=12))
    def test_what_passes_as_a_number_or_as_points_is_read(self, text: str) -> None:
        if pattern("plain-number").match(text):
            assert read_number(text) is not None or text.rstrip(" %").rstrip("0.").endswith("/")
        if pattern("plain-points").match(text) and "/" not in text and "%" not in text:
            assert read_points(text, read_number("10") or 0) is not None


class pattern:  # noqa: N801 - reads as a function
    """The pattern of a definition, matched as a validator does."""

    def __init__(self, definition: str, key: str = "pattern") -> None:
        about = compose_schema(VOCABULARY)["$defs"][definition][key]
        self.schema = {"pattern": about if isinstance(about, str) else next(iter(about))}

    def match(self, text: str) -> bool:
        return bool(Draft202012Validator(self.schema).is_valid(text))


def properties(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                for name, about in value.items():
                    yield (*path, name), about
                    yield from properties(about, (*path, name))
            else:
                yield from properties(value, (*path, key))


def words_of(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema
        for value in schema.values():
            yield from words_of(value)


class TestWhatIsRight:
    @pytest.mark.parametrize(
        "text",
        [
            "1 Hạ tầng: {max: 20, ratio: {a: số máy, b: số cán bộ, per: 100, if-none: zero, floor: 50%}}\n",
            "1 Hạ tầng: {max: {is: 20, assumed: như tỉnh khác, between: [18, 20.5]}, yes-no: , cited: qd mục 1}\n",
            "1 Hạ tầng: {max: 5, count: số ứng dụng, each: 1/2, notes: mỗi ứng dụng}\n",
            "1 Hạ tầng: {max: 5, value: $dan-so, steps: {4: max, 90%: 1/2 max, 1: {is: 0, derived: còn lại}}}\n",
            "1 Hạ tầng: {max: 5, choice: {a Có: max, b Không: 0, assumed: đoán}}\n",
            "1 Hạ tầng: {max: 5, choice: $muc}\n",
            "1 Hạ tầng: {max: 5, all-of: {a Có: , b Không: $x}, evidence: {ask: văn bản, due: 30/01, without: zero}}\n",
            "1 Hạ tầng: {ratio: {a: {sum: {k Kênh: 0.5, $x: 1}}, b: {is: 12, cited: qd}}, min-max: all}\n",
            "1 A: {max: 5, combine: {is: mean, derived: x}, parts: {a B: {max: 5, yes-no: }}, was: 1.10}\n",
            "uses: {acme: ict-acme}\n1 A: {value: , acme.sigmoid: {middle: 12, assumed: x}}\ncombine: acme.owa\n",
            "levels: {Tốt: 85-100, Khá: {is: 70-84, assumed: x, only-if: {1: 10}}, I: 50%, cited: qd}\n",
            "levels: {Tốt: 85, Yếu: 0}\nbetween-levels: {is: lower, assumed: nguồn không nói}\n",
            "pools: {by: khối, so Các sở: ranked, nd Ngành dọc: not ranked, cited: qd}\n",
            "variants: {z Chuẩn hóa z: {below: {min-max: all}, HT: {min-max: all}, 1.2 Họp: {max: 8}, max: 9}}\n",
            "inputs: {ho Số hộ: {kind: count, unit: hộ, low: 0, additive: true}, dan-so Dân số: amount}\n",
            "choices: {muc Mức: {1 Hiện diện: 1/4 max, 2 Tương tác: 50% max}}\nhistory: {1: bản đầu}\n",
            "publish: {as: {is: index, cited: qd}, decimals: {is: 4, cited: qd}, rounding: cut}\nself-scored: true\n",
            "rank: {ties: dense, on: published, then: [1, A.1]}\nmerged: mean-of-rows\n",
        ],
    )  # fmt: skip
    def test_a_document(self, text: str) -> None:
        assert problems(text) == []

    def test_warnings_of_the_text_come_along(self) -> None:
        (one,) = problems("1 A: {assessed: yes}\n")
        assert (one.code, one.severity) == ("S020", Severity.WARNING)


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("text", "column", "key", "hint"),
        [
            ("1 A: {mx: 5}\n", 7, "mx", "did you mean 'max'?"),
            ("combin: mean\n", 1, "combin", "did you mean 'combine'?"),
            ("frobnicate: 3\n", 1, "frobnicate", "a line has a code, a blank and words"),
            ("rank: {xyz: 3}\n", 8, "xyz", "known here: cited, derived, assumed, notes, ties, on, then"),
        ],
    )
    def test_an_unknown_key(self, text: str, column: int, key: str, hint: str) -> None:
        assert said(text) == ("S101", 1, column, f"the key '{key}' is unknown", hint)

    @pytest.mark.parametrize(
        ("text", "column", "key", "home"),
        [
            ("1 A: {title: x}\n", 7, "title", "at the top of the document"),
            ("1 A: {ratio: {a: x, b: y, max: 5}}\n", 27, "max", "in a row"),
        ],
    )
    def test_a_key_that_belongs_elsewhere(self, text: str, column: int, key: str, home: str) -> None:
        assert said(text) == ("S101", 1, column, f"the key '{key}' cannot stand here", f"it stands {home}")

    @pytest.mark.parametrize(
        ("text", "column", "code"),
        [("1.1: {max: 5}\n", 1, "1.1"), ("HT: {max: 5}\n", 1, "HT"), ("1 A: {checks: {a: max}}\n", 16, "a")],
    )
    def test_a_line_without_words(self, text: str, column: int, code: str) -> None:
        hint = f"a line has a code, a blank and words: `{code} words:`"
        assert said(text) == ("S108", 1, column, f"the line '{code}' has no words", hint)

    @pytest.mark.parametrize("line", ["a) Có mặt", "Điều 1 Họp", "(1) Họp"])
    def test_a_line_without_a_code(self, line: str) -> None:
        code, _, column, message, hint = said(f"{line}: {{max: 5}}\n")
        assert (code, column, message) == ("S108", 1, f"'{line}' does not begin with a code")
        assert "no accents" in hint

    @pytest.mark.parametrize(
        ("word", "keyword"),
        [
            ("điểm", "max"),
            ("Điểm tối đa", "max"),
            ("điểm thưởng", "bonus"),
            ("Trọng số", "weight"),
            ("xếp loại", "levels"),
        ],
    )
    def test_a_keyword_in_vietnamese_is_understood(self, word: str, keyword: str) -> None:
        code, _, column, message, hint = said(f"1 A: {{{word}: 5}}\n")
        assert (code, column, message) == ("S108", 7, f"'{word}' does not begin with a code")
        assert hint == f"keywords are in English: write `{keyword}`"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("1 A: {choice: {a Có: max, b Không: ba}}\n", "`b` of 1 cannot be 'ba'"),
            ("1 A: {checks: {a Có: {is: ba}}}\n", "`a` of 1 cannot be 'ba'"),
            ("choices: {x L: {a Có: ba}}\n", "`a` of x cannot be 'ba'"),
            ("1 A: {parts: {a B: {max: ba}}}\n", "`max` of 1.a cannot be 'ba'"),
            ("1 A: {parts: {a B: {choice: {c C: ba}}}}\n", "`c` of 1.a cannot be 'ba'"),
        ],
    )
    def test_a_case_or_a_part_is_named_with_its_row(self, text: str, message: str) -> None:
        assert said(text)[3] == message

    @pytest.mark.parametrize(
        ("text", "column", "message", "hint"),
        [
            ("1 A:\n", 5, "1 cannot be empty", ROW),
            ("1 A: 5\n", 6, "1 cannot be '5'", ROW),
            ("1 A: {max: abc}\n", 12, "`max` of 1 cannot be 'abc'", NUMBER),
            ("1 A: {max: [5, 6]}\n", 12, "`max` of 1 cannot be a list of 2", NUMBER),
            ("1 A: {max: '0,5'}\n", 12, "`max` of 1 cannot be '0,5'", NUMBER),
            ("max: 0,5\n", 6, "`max` cannot be '0,5'", "write a decimal point: 0.5"),
            ("1 A: {assessed: {x: 1}}\n", 17, "`assessed` of 1 cannot be a mapping ({x: ...})", WORDS),
            ("1 A: {yes-no: {}}\n", 15, "`yes-no` of 1 cannot be empty", WORDS),
            ("1 A: {en: 2022}\n", 11, "`en` of 1 cannot be '2022'", 'quote it: "2022"'),
            ("1 A: {cited: }\n", 14, "`cited` of 1 cannot be empty", "expected: words"),
            ("revision: 0\n", 11, "`revision` cannot be '0'", "expected: a whole number from 1"),
            ("rank: {then: [{}]}\n", 15, "item 1 of `then` cannot be empty", "expected: words"),
            ("1 A: {steps: {}}\n", 14, "`steps` of 1 cannot be empty", STEPS),
            ("missing: 0\n", 10, "`missing` cannot be '0'", "expected: one of refuse, zero, rescale"),
            (f"en: [{'x, ' * 9}]\n", 5, "`en` cannot be a list of 9", "expected: words"),
            (f"max: {'tốt ' * 20}\n", 6, f"`max` cannot be '{'tốt ' * 10}...'", NUMBER),
        ],
    )
    def test_a_value_of_another_kind(self, text: str, column: int, message: str, hint: str) -> None:
        assert said(text) == ("S103", 1, column, message, hint)

    @pytest.mark.parametrize(
        ("text", "key", "about"),
        [
            ("1 A: {ratio: {a: x}}\n", "`b` of `ratio` of 1", "what it is divided by"),
            ("1 A: {max: {assumed: x}}\n", "`is` of `max` of 1", "the number itself"),
        ],
    )
    def test_a_key_that_is_missing(self, text: str, key: str, about: str) -> None:
        assert said(text) == ("S102", 1, 7, f"{key} is missing", f"add `{key[1:].partition('`')[0]}: ...`: {about}")

    @pytest.mark.parametrize(
        ("text", "column", "message", "hint"),
        [
            ("missing: zer\n", 10, "`missing` cannot be 'zer'", "did you mean 'zero'?"),
            ("missing: ignore\n", 10, "`missing` cannot be 'ignore'", "expected: one of refuse, zero, rescale"),
            ("combine: meen\n", 10, "`combine` cannot be 'meen'", "did you mean 'mean'?"),
            ("combine: {is: 5}\n", 15, "`combine` cannot be '5'", "expected: one of sum, mean, acme.owa, none"),
            ("1 A: {min-max: one}\n", 16, "`min-max` of 1 cannot be 'one'", "expected: one of pool, all"),
        ],
    )
    def test_a_word_that_is_unknown(self, text: str, column: int, message: str, hint: str) -> None:
        assert said(text) == ("S104", 1, column, message, hint)


class TestPlugins:
    @pytest.mark.parametrize(("text", "column"), [("1 A: {other.scale: {}}\n", 7), ("combine: other.scale\n", 10)])
    def test_not_installed(self, text: str, column: int) -> None:
        message = "'other.scale' is not installed, and `uses` does not say which package brings it"
        hint = "install its package and name it at the top: `uses: {other: package}`"
        assert said(text) == ("S105", 1, column, message, hint)
        message = "'other.scale' is not installed; `uses` says that ict-other brings it"
        assert said("uses: {other: ict-other}\n" + text) == ("S105", 2, column, message, "pip install ict-other")

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("acme.sigmod", "did you mean 'acme.sigmoid'?"),
            ("acme.quite-other", "it has: acme.gap, acme.sigmoid"),
        ],
    )
    def test_misspelt(self, name: str, hint: str) -> None:
        message = f"the plugin 'acme' has no '{name}' for this place"
        assert said(f"uses: {{acme: ict-acme}}\n1 A: {{{name}: {{}}}}\n") == ("S105", 2, 7, message, hint)

    def test_values_follow_the_schema_of_the_plugin(self) -> None:
        found = said("1 A: {acme.sigmoid: {middle: 1, power: 0}}\n")
        assert found == ("S103", 1, 40, "`power` of 1 cannot be '0'", "expected: exclusiveMinimum 0")

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("bad.type", "does not describe it well"),
            ("bad.ref", "bad-package refers to '#/$defs/nowhere', which is unknown"),
            ("bad.bare", "does not describe it well"),
            ("bad.values", "does not describe it well"),
            ("bad.load", "the measure 'bad.load' of bad-package cannot be loaded: no licence"),
        ],
    )
    def test_broken(self, name: str, words: str) -> None:
        code, line, column, message, _ = said(f"1 A: {{{name}: 1}}\n")
        assert (code, line, column) == ("S106", 1, 7)
        assert message.startswith(f"`{name}` of 1 cannot be used: ") and words in message

    def test_a_broken_plugin_fails_only_where_it_is_used(self) -> None:
        assert problems("1 A: {yes-no: }\n") == []


class TestWholeDocuments:
    def test_everything_is_said_at_once_in_the_order_of_the_file(self) -> None:
        found = problems("1 A: {mx: 5, yes-no: [], en: 5}\nfoo: 1\nmissing: maybe\n")
        assert [(one.code, one.where.line - LINES) for one in found] == [
            ("S101", 1), ("S103", 1), ("S103", 1), ("S101", 2), ("S104", 3),
        ]  # fmt: skip

    def test_required_keys(self) -> None:
        found = problems("en: words\n", head="")
        assert [one.message.split("`")[1] for one in found] == ["edition", "scheme", "sources", "title", "unit"]
        assert {str(one.where) for one in found} == {"s.yaml:1:1"}

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("cases: ab/2022-province\nbelow: {}\n", "a file of cases"),
            ("cases:\n", "its scheme"),
        ],
    )
    def test_another_kind_of_document_is_recognised(self, text: str, words: str) -> None:
        (found,) = problems(text, head="")
        assert found.code == "S107" and words in found.message and found.where.line == 1

    def test_the_deepest_document_that_is_read_is_checked(self) -> None:
        rows = "".join(f"{' ' * depth}{depth} Dòng:\n" for depth in range(MAX_DEPTH - 1))
        (found,) = problems(f"{rows}{' ' * MAX_DEPTH}max: x\n")
        assert found.message == f"`max` of {MAX_DEPTH - 2} cannot be 'x'"

    @given(st.data())
    def test_any_document_is_answered_with_problems(self, data: st.DataObject) -> None:
        keys = st.sampled_from([*KEYS, "1 A", "a b c", "x", "1.1", "acme.gap", "no.such", "Điều 1"])
        scalars = st.sampled_from(["max", "90%", "1/2 max", "0,5", "", 5, -1, 0.5, True, None, "$x", "mean", "zero"])
        nested = st.recursive(scalars, lambda one: st.lists(one, max_size=3) | st.dictionaries(keys, one, max_size=5))
        top = data.draw(st.dictionaries(keys, nested, min_size=1, max_size=6))
        for found in problems(json.dumps(top, ensure_ascii=False), head=""):
            assert found.code.startswith(("S0", "S1")) and found.message and found.where.line == 1


KEYS = sorted({path[-1] for path, _ in properties(compose_schema(VOCABULARY))})
