"""Did you mean: every name that a document may misspell is answered with the name that is close to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import HEAD, VOCABULARY, document, problems

from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.source import read_document
from ictindex.documents.structure import compose_schema
from ictindex.errors import UnknownName, did_you_mean

SCHEMA = compose_schema(VOCABULARY)
ROW = "max: 9\n1 Một: {max: 9, yes-no: }\n"


def hints(text: str) -> set[str]:
    return {one.hint for one in problems(text)}


def meant(name: str) -> str:
    return f"did you mean '{name}'?"


def without_one_letter(word: str, place: int) -> str:
    return word[:place] + word[place + 1 :]


# --------------------------------------------------------------------------------------------------- keys and words

KEYS = {
    "@: x\n" + ROW: SCHEMA["properties"],
    "max: 9\n1 Một: {max: 9, yes-no: , @: x}\n": SCHEMA["$defs"]["row"]["properties"],
    "below: {@: x}\n" + ROW: SCHEMA["$defs"]["below"]["properties"],
    "publish: {@: x}\n" + ROW: SCHEMA["$defs"]["publish"]["properties"],
    "rank: {@: x}\n" + ROW: SCHEMA["$defs"]["rank"]["properties"],
    "max: 9\n1 Một: {max: 9, ratio: {a: x, b: y, @: z}}\n": SCHEMA["$defs"]["ratio"]["properties"],
    "inputs: {dan Dân: {kind: count, @: x}}\n" + ROW: SCHEMA["$defs"]["input"]["properties"],
}


@given(st.data())
def test_a_key_that_lacks_a_letter(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(sorted(KEYS)))
    key = data.draw(st.sampled_from(sorted(key for key in KEYS[text] if len(key) > 3)))
    wrong = without_one_letter(key, data.draw(st.integers(1, len(key) - 1)))
    if wrong not in KEYS[text] and not wrong.endswith((".", "-")):
        assert meant(key) in hints(text.replace("@", wrong)), wrong


@pytest.mark.parametrize("key", ["max", "ratio", "yes-no", "data-from"])
def test_a_key_in_capitals(key: str) -> None:
    assert meant(key) in hints(f"max: 9\n1 Một: {{{key.upper()}: x}}\n")


@pytest.mark.parametrize("key", ["self-scored", "data-year", "between-levels", "not-applicable"])
def test_a_key_with_a_blank_in_place_of_its_hyphen(key: str) -> None:
    assert meant(key) in hints(f"{key.replace('-', ' ')}: x\n{ROW}")


PLACES = {
    "policy": "missing: @\n" + ROW,
    "aggregation": "combine: @\n" + ROW,
    "merged": "merged: @\n" + ROW,
    "between-levels": "levels: {I: 5, II: 0}\nbetween-levels: @\n" + ROW,
    "pool-scope": "max: 9\n1 Một: {max: 9, value: x, min-max: @}\n",
    "publish-as": "publish: {as: @}\n" + ROW,
    "rounding": "publish: {rounding: @}\n" + ROW,
    "ties": "rank: {ties: @}\n" + ROW,
    "rank-on": "rank: {on: @}\n" + ROW,
    "over": "max: 9\n1 Một: {max: 9, ratio: {a: x, b: y, over: @}}\n",
    "if-none": "max: 9\n1 Một: {max: 9, ratio: {a: x, b: y, if-none: @}}\n",
    "without": "max: 9\n1 Một: {max: 9, yes-no: , evidence: {ask: x, without: @}}\n",
    "kind": "inputs: {dan Dân: {kind: @}}\n" + ROW,
    "ranked": "pools: {by: k, so Các sở: @}\n" + ROW,
}
LISTED = {
    name: schema.get("enum") or schema["then"]["enum"]
    for name, schema in SCHEMA["$defs"].items()
    if "enum" in schema or "enum" in schema.get("then", {})
}
WORDS = [(PLACES[name], word) for name, words in LISTED.items() for word in words]
WORDS += [
    ("inputs: {dan Dân: @}\n" + ROW, "amount"),
    ("self-scored: @\n" + ROW, "true"),
    ("max: 9\n1 Một: {max: 9, choice: {a Có: @, b Không: 0}}\n", "max"),
    ("max: 9\n1 Một: {max: 9, value: , steps: {1: 1/2 @}}\n", "max"),
]


def test_every_list_of_words_has_its_place_here() -> None:
    assert set(LISTED) == set(PLACES)


@pytest.mark.parametrize(("text", "word"), WORDS, ids=lambda one: one.strip()[:20])
def test_a_word_that_lacks_a_letter_or_is_in_capitals(text: str, word: str) -> None:
    assert meant(word) in hints(text.replace("@", without_one_letter(word, 1)))
    if word != "true" and "." not in word:  # TRUE is true, and a name with a dot is looked up as a plugin's
        assert meant(word) in hints(text.replace("@", word.upper()))
        if word != "max":
            assert meant(word) in hints(text.replace("@", without_one_letter(word.upper(), 1)))


def test_a_truth_in_quotes() -> None:
    assert "write it without quotes: true" in hints(f'self-scored: "true"\n{ROW}')


# ----------------------------------------------------------------------------------------- names that a document gives

NAMES = [
    ("1 A: {max: 9, value: x, cited: qd1 mục 2}", "qd"),
    ("1 A: {max: 9, value: x, cited: QD}", "qd"),
    ("1 A: {max: 9, value: $dan-s}\ninputs: {dan-so Dân: count}", "dan-so"),
    ("1 A: {max: 9, value: $DAN}\ninputs: {dan Dân: count}", "dan"),
    ("1 A: {max: 9, value: $dan}\ninputs: {dan-so Dân: count}", "dan-so"),
    ("1 A: {max: 9, ratio: {a: x, b: {sum: {$dn: 2}}}}\ninputs: {dan Dân: count}", "dan"),
    ("1 A: {max: 9, all-of: {a Có: $kh}}\ninputs: {kho Kho: yes-no}", "kho"),
    ("1 A: {max: 9, choice: $mucc}\nchoices: {muc Mức: {a B: max}}", "muc"),
    ("1 A: {max: 9, value: $d}\ninputs: {d D: {kind: count, weighted-by: $dan}, dans Dân: count}", "dans"),
    ("levels: {I: {is: 5, only-if: {11: 3}}, II: 0}\n1.1 A: {max: 9, value: x}", "1.1"),
    ("rank: {then: [a1]}\nA1 A: {max: 9, value: x}", "A1"),
    ("1.1 A: {max: 9, value: x}\nvariants: {v V: {11: {max: 9}}}", "1.1"),
    ("1 A: {max: 9, value: x}\nvariants: {v V: {blow: {missing: zero}}}", "below"),
    ("1 A: {max: 9, value: x}\nvariants: {v V: {1: {vale: x}}}", "value"),
    ("1 A: {max: 9, value: x, acme.sigmod: {middle: 1}}", "acme.sigmoid"),
    ("1 A: {max: 9, value: x, acm.sigmoid: {middle: 1}}", "acme.sigmoid"),
    ("1 A: {max: 9, value: x, sigmoid: {middle: 1}}", "acme.sigmoid"),
    ("1 A: {max: 9, gap: {more: x, less: y}}", "acme.gap"),
    ("1 A: {max: 9, value: x, othr.scale: {}}\nuses: {other: ict-other}", "other.scale"),
    ("1 A: {max: 9, value: x}\ncombine: acme.ow", "acme.owa"),
    ("1 A: {max: 9, value: x}\ncombine: acm.owa", "acme.owa"),
    ("1 A: {max: 9, value: x}\ncombine: owa", "acme.owa"),
]


@pytest.mark.parametrize(("text", "name"), NAMES, ids=[text[:60] for text, _ in NAMES])
def test_a_name_that_is_nearly_one(text: str, name: str) -> None:
    assert meant(name) in hints(f"max: 9\n{text}\n")


def test_a_list_and_an_input_taken_for_one_another() -> None:
    lists = "max: 9\n1 A: {max: 9, value: $muc}\nchoices: {muc Mức: {a B: max}}\n"
    assert "it is a list of cases: write `choice: $muc`" in hints(lists)
    inputs = "max: 9\n1 A: {max: 9, choice: $dan}\ninputs: {dan Dân: count}\n"
    assert any("it is an input" in hint for hint in hints(inputs))


def test_a_variant() -> None:
    text = f"{HEAD}{ROW}variants: {{z-score Chuẩn hóa: {{max: 9}}}}\n"
    with pytest.raises(UnknownName, match="did you mean 'z-score'"):
        build_scheme(document(text), VOCABULARY, variant="zscore")


# ------------------------------------------------------------------------------------------------- what close means


def test_what_is_far_is_not_suggested() -> None:
    assert did_you_mean("frobnicate", ["max", "value"]) == ""
    assert did_you_mean("", ["max"]) == "" and did_you_mean("max", []) == ""


def test_capitals_come_before_letters_in_common() -> None:
    assert did_you_mean("MEAN", ["mead", "mean"]) == meant("mean")
    assert did_you_mean("Sum", ["Sun", "sum"]) == meant("sum")


def test_a_beginning_is_enough_where_one_name_has_it() -> None:
    assert did_you_mean("geo", ["sum", "geometric"]) == meant("geometric")
    assert did_you_mean("not", ["not-applicable-a", "not-applicable-b"]) == ""
    assert did_you_mean("no", ["not-applicable"]) == ""


@given(st.text(max_size=8), st.lists(st.text(min_size=1, max_size=8), max_size=6))
def test_a_suggestion_is_one_of_the_names(word: str, names: list[str]) -> None:
    said = did_you_mean(word, names)
    assert said == "" or said in {meant(name) for name in names}
    if word in names:
        assert said == meant(word)


# ------------------------------------------------------------------------------------- one slip of the pen, one problem


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("sources:", "souces:"),
        ("inputs:", "inptus:"),
        ("below:", "belwo:"),
        ("title:", "titel:"),
        ("combine: mean", "combne: mean"),
        ("combine: mean", "combine: meaan"),
        ("  max: 60", "  mxa: 60"),
        ("    max: 40", "    điểm: 40"),
        ("b: $dan", "bb: $dan"),
        ("ratio:", "ratoi:"),
    ],
)
def test_a_misspelt_word_is_the_only_problem_since_the_rest_is_read_as_it_was_meant(right: str, wrong: str) -> None:
    whole = """max: 100
inputs: {dan Dân số: {kind: count, low: 1}}
below: {cited: qd}
1 Một:
  max: 60
  combine: mean
  1.1 Điện thoại: {ratio: {a: số máy, b: $dan}}
  1.2 Mạng: {ratio: {a: số nhà có mạng, b: $dan}}
2 Hai:
  max: 40
  2.1 Ba:
    max: 40
    yes-no:
"""
    whole = HEAD + whole
    assert right in whole
    before, found = (
        check_document(read_document(text, "s.yaml"), VOCABULARY) for text in (whole, whole.replace(right, wrong, 1))
    )
    (told,) = [one for one in found if str(one) not in map(str, before)]
    assert told.code in ("S101", "S104", "S108") and told.hint


def test_what_stands_beneath_a_misspelt_key_is_looked_at_as_well() -> None:
    found = problems("max: 9\n1 Một: {max: 9, ratoi: {a: x, b: $dan}}\n")
    assert [one.code for one in found if one.severity == "error"] == ["S101", "S241"]


def test_a_misspelt_key_beside_the_right_one_takes_nothing_from_it() -> None:
    found = [one for one in problems("max: 9\n1 Một: {max: 9, maxx: 3, yes-no: }\n") if one.severity == "error"]
    assert [one.code for one in found] == ["S101"]


def test_points_that_are_deducted_are_written_without_their_sign() -> None:
    assert "write `deduct: 5`: they are taken away already" in hints("max: 9\n1 Một: {deduct: -5, yes-no: }\n")
