"""The structure of scheme documents: the composed schema, and what is said about each wrong key and value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ictindex.documents.grammar import read_number, read_points, split_line
from ictindex.documents.source import MAX_DEPTH, read_document
from ictindex.documents.structure import compose_schema, structure_problems
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
    "steps": refer("steps"), "each": refer("points"), "goalposts": refer("goalposts"), "min-max": refer("pool-scope"),
    "acme.sigmoid": {
        "type": "object", "properties": {"middle": refer("number"), "power": {"exclusiveMinimum": 0, "type": "integer"}},
        "required": ["middle"], "additionalProperties": False,
    },
}  # fmt: skip
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
HEAD = "scheme: ab/2022-province\ntitle: Bộ chỉ số\nunit: province\nedition: 2022\nsources: {qd Quyết định 1: {date: 2022-05}}\n"
LINES = HEAD.count("\n")


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
        ours = {name: about for name, about in keys.items() if about.get("description") != "What it takes"}
        ours = {name: about for name, about in ours.items() if not name[-1].startswith("bad.") and "acme" not in str(name)}
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
            "uses: {acme: ictindex-acme}\n1 A: {max: 5, value: , acme.sigmoid: {middle: 12, assumed: x}}\ncombine: acme.owa\n",
            "levels: {Tốt: 85-100, Khá: {is: 70-84, assumed: x, only-if: {1: 10}}, I: 50%, cited: qd}\nbetween-levels: lower\n",
            "pools: {by: khối, so Các sở: ranked, nd Ngành dọc: not ranked, cited: qd}\n",
            "variants: {z Chuẩn hóa z: {below: {min-max: all}, HT: {min-max: all}, 1.2 Họp: {max: 8}, levels: {I: 90%}}}\n",
            "inputs: {ho Số hộ: {kind: count, unit: hộ, low: 0, additive: true}, dan-so Dân số: amount}\n",
            "choices: {muc Mức: {1 Hiện diện: 1/4 max, 2 Tương tác: 50% max}}\nhistory: {1: bản đầu}\nself-scored: true\n",
            "publish: {as: {is: index, cited: qd}, decimals: {is: 4, cited: qd}, rounding: cut}\n"
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
        ("text", "expected"),
        [
            ("1 A: {mx: 5}\n", ("S101", 1, 7, "the key 'mx' is unknown", "did you mean 'max'?")),
            ("combin: mean\n", ("S101", 1, 1, "the key 'combin' is unknown", "did you mean 'combine'?")),
            ("frobnicate: 3\n", ("S101", 1, 1, "the key 'frobnicate' is unknown", "a line has a code, a blank and words")),
            ("rank: {xyz: 3}\n", ("S101", 1, 8, "the key 'xyz' is unknown",
                                  "known here: cited, derived, assumed, notes, ties, on, then")),
            ("1 A: {title: x}\n", ("S101", 1, 7, "the key 'title' cannot stand here", "it stands at the top of the document")),
            ("1 A: {ratio: {a: x, b: y, max: 5}}\n", ("S101", 1, 27, "the key 'max' cannot stand here", "it stands in a row")),
            ("1.1: {max: 5}\n", ("S108", 1, 1, "the line '1.1' has no words", "a line has a code, a blank and words: `1.1 words:`")),
            ("1 A: {checks: {a: max}}\n", ("S108", 1, 16, "the line 'a' has no words",
                                           "a line has a code, a blank and words: `a words:`")),
            ("a) Có mặt: {max: 5}\n", ("S108", 1, 1, "'a) Có mặt' does not begin with a code",
                                    "begin with a code of letters a-z, digits and . _ - (no accents), a blank, then the words")),
            ("1 A:\n", ("S103", 1, 5, "1 cannot be empty", "expected: lines under it: `max` and one measure, or further rows")),
            ("1 A: 5\n", ("S103", 1, 6, "1 cannot be '5'", "expected: lines under it: `max` and one measure, or further rows")),
            ("1 A: {max: abc}\n", ("S103", 1, 12, "`max` of 1 cannot be 'abc'",
                                   "expected: a number such as 20, 0.5, 1/3 or 90%, or `{is: 20, assumed: ...}`")),
            ("1 A: {max: [5, 6]}\n", ("S103", 1, 12, "`max` of 1 cannot be a list of 2",
                                      "expected: a number such as 20, 0.5, 1/3 or 90%, or `{is: 20, assumed: ...}`")),
            ("1 A: {assessed: {x: 1}}\n", ("S103", 1, 17, "`assessed` of 1 cannot be a mapping ({x: ...})",
                                           "expected: words, `$code`, or nothing")),
            ("1 A: {yes-no: {}}\n", ("S103", 1, 15, "`yes-no` of 1 cannot be empty", "expected: words, `$code`, or nothing")),
            ("1 A: {max: '0,5'}\n", ("S103", 1, 12, "`max` of 1 cannot be '0,5'",
                                     "expected: a number such as 20, 0.5, 1/3 or 90%, or `{is: 20, assumed: ...}`")),
            ("max: 0,5\n", ("S103", 1, 6, "`max` cannot be '0,5'", "write a decimal point: 0.5")),
            ("1 A: {en: 2022}\n", ("S103", 1, 11, "`en` of 1 cannot be '2022'", 'quote it: "2022"')),
            ("1 A: {cited: }\n", ("S103", 1, 13, "`cited` of 1 cannot be empty", "expected: words")),
            ("1 A: {ratio: {a: x}}\n", ("S102", 1, 7, "`b` of `ratio` of 1 is missing", "add `b: ...`, What it is divided by")),
            ("1 A: {max: {assumed: x}}\n", ("S102", 1, 7, "`is` of `max` of 1 is missing", "add `is: ...`, The number itself")),
            ("missing: zer\n", ("S104", 1, 10, "`missing` cannot be 'zer'", "did you mean 'zero'?")),
            ("missing: ignore\n", ("S104", 1, 10, "`missing` cannot be 'ignore'", "expected: one of refuse, zero, rescale")),
            ("missing: 0\n", ("S103", 1, 10, "`missing` cannot be '0'", "expected: one of refuse, zero, rescale")),
            ("combine: meen\n", ("S104", 1, 10, "`combine` cannot be 'meen'", "did you mean 'mean'?")),
            ("combine: {is: 5}\n", ("S104", 1, 15, "`is` cannot be '5'", "expected: one of sum, mean, acme.owa, none")),
            ("1 A: {min-max: one}\n", ("S104", 1, 16, "`min-max` of 1 cannot be 'one'", "expected: one of pool, all")),
            ("revision: 0\n", ("S103", 1, 11, "`revision` cannot be '0'", "expected: a whole number from 1")),
            ("rank: {then: [{}]}\n", ("S103", 1, 15, "item 1 of `then` cannot be empty", "expected: words")),
            ("1 A: {steps: {}}\n", ("S103", 1, 14, "`steps` of 1 cannot be empty",
                                    "expected: steps such as `{90%: max, 70%: 1/2 max}`")),
            ("levels: {I: " + "tốt " * 20 + "}\n", ("S103", 1, 13, "`I` cannot be '" + ("tốt " * 20)[:40] + "...'", None)),
            # third parties
            ("1 A: {other.sigmoid: {}}\n", ("S105", 1, 7, "'other.sigmoid' is not installed, and `uses` does not say which "
                                          "package brings it", "install its package and name it at the top: `uses: {other: package}`")),
            ("uses: {other: ict-other}\n1 A: {other.x: {}}\n", ("S105", 2, 7,
                                          "'other.x' is not installed; `uses` says that ict-other brings it", "pip install ict-other")),
            ("uses: {acme: ict-acme}\n1 A: {acme.sigmod: {}}\n", ("S105", 2, 7,
                                          "the plugin 'acme' has no 'acme.sigmod' for this place", "did you mean 'acme.sigmoid'?")),
            ("combine: other.owa\n", ("S105", 1, 10, "'other.owa' is not installed, and `uses` does not say which "
                                          "package brings it", "install its package and name it at the top: `uses: {other: package}`")),
            ("1 A: {acme.sigmoid: {middle: 1, power: 0}}\n", ("S103", 1, 40, "`power` of 1 cannot be '0'",
                                                              "expected: exclusiveMinimum 0")),
            ("1 A: {bad.type: 1}\n", ("S106", 1, 17, None, "")),
            ("1 A: {bad.ref: 1}\n", ("S106", 1, 16, "`bad.ref` of 1 cannot be used: bad-package refers to "
                                                    "'#/$defs/nowhere', which is unknown", "")),
            ("1 A: {bad.bare: 1}\n", ("S106", 1, 17, None, "")),
            ("1 A: {bad.values: 1}\n", ("S106", 1, 19, None, "")),
            ("1 A: {bad.load: 1}\n", ("S106", 1, 17, "`bad.load` of 1 cannot be used: the measure 'bad.load' of bad-package "
                                                     "cannot be loaded: no licence", "")),
        ],
    )  # fmt: skip
    def test_what_is_said(self, text: str, expected: tuple[str, int, int, str | None, str | None]) -> None:
        found = said(text)
        known = tuple(one if two is not None else None for one, two in zip(found, expected, strict=True))
        assert known == expected

    def test_a_broken_plugin_fails_only_where_it_is_used(self) -> None:
        assert problems("1 A: {yes-no: }\n") == []

    def test_everything_is_said_at_once_in_the_order_of_the_file(self) -> None:
        found = problems("1 A: {mx: 5, yes-no: [], en: 5}\nfoo: 1\nmissing: maybe\n")
        assert [(one.code, one.where.line - LINES) for one in found] == [
            ("S101", 1), ("S103", 1), ("S103", 1), ("S101", 2), ("S104", 3),
        ]  # fmt: skip

    def test_required_keys(self) -> None:
        found = problems("en: words\n", head="")
        assert [one.message for one in found] == [f"`{key}` is missing" for key in ("edition", "scheme", "sources", "title", "unit")]
        assert {str(one.where) for one in found} == {"s.yaml:1:1"}

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("overlay: ab/2022-province\nchanges: {}\n", "an overlay, which changes the scheme ab/2022-province"),
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
