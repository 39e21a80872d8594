"""Words in two languages: what `say` promises, and that every call of it in the package can keep the promise."""

from __future__ import annotations

import ast
import copy
import gettext
import pickle
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_messages import PACKAGE, templates
from problem_codes import CODE
from worked import FOLDER, problems

from ictindex import messages
from ictindex.errors import Location, Problem, SchemeInvalid, Severity
from ictindex.messages import Text, either, in_language, joined, one_of, say

VIETNAMESE = {
    "{row} has no `max`": "{row} chưa có `max`",
    "the top": "toàn bộ",
    "{one} or {other}": "{one} hoặc {other}",
    "known: {names}": "đã có: {names}",
    "write `{{is: {number}}}`": "hãy ghi `{{is: {number}}}`",
    "error": "lỗi",
    "warning": "cảnh báo",
    "input": "đầu vào",
}


class Fixed(gettext.NullTranslations):
    """A catalog that needs no file."""

    def gettext(self, message: str) -> str:
        return VIETNAMESE.get(message, message)


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        messages, "_catalog", lambda language: Fixed() if language == "vi" else gettext.NullTranslations()
    )


TEXTS = [
    say("the top"),
    say("{row} has no `max`", row=say("the top")),
    say("write `{{is: {number}}}`", number=Fraction(1, 3)),
    either("a number", "một số"),
    joined([say("the top"), "", either("a list", "một danh sách")], by="; "),
    one_of(["1.1", say("the top")]),
]


def test_english_is_the_filled_template() -> None:
    assert say("the top") == "the top"
    assert say("{row} has {count} rows", row="1.1", count=3) == "1.1 has 3 rows"
    assert say("write `{{is: {number}}}`", number=90) == "write `{is: 90}`"
    assert say("{a}", a="{b} {{c}}") == "{b} {{c}}"  # what is filled in is not a template


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_a_str(text: Text) -> None:
    plain = str(text)
    assert type(plain) is str
    assert (text, hash(text), len(text)) == (plain, hash(plain), len(plain))
    assert f"{text}!" == plain + "!" and text.upper() == plain.upper()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.usefixtures("catalog")
def test_a_text_survives_copying_and_pickling(text: Text) -> None:
    for other in (copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301 - our own
        assert other == text and type(other) is type(text)
        assert in_language(other, "vi") == in_language(text, "vi")


def test_what_is_filled_in_need_not_be_picklable() -> None:
    class Broken(Exception):
        def __reduce__(self) -> str:
            raise TypeError

    text = say("it failed: {error}", error=Broken("no licence"))
    assert pickle.loads(pickle.dumps(text)) == "it failed: no licence"  # noqa: S301


@pytest.mark.usefixtures("catalog")
def test_nested_texts_are_said_in_the_same_language() -> None:
    known = say("known: {names}", names=one_of(["1.1", say("the top"), either("a list", "một danh sách")]))
    assert known == "known: 1.1 or the top or a list"
    assert in_language(known, "vi") == "đã có: 1.1 hoặc toàn bộ hoặc một danh sách"
    row = say("{row} has no `max`", row=say("the top"))
    assert in_language(joined([row, "", known], by="; "), "vi") == f"toàn bộ chưa có `max`; {in_language(known, 'vi')}"
    assert in_language(say("write `{{is: {number}}}`", number=say("the top")), "vi") == "hãy ghi `{is: toàn bộ}`"


@pytest.mark.parametrize("language", ["en", "fr", ""])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.usefixtures("catalog")
def test_a_language_without_translations_says_english(text: Text, language: str) -> None:
    assert in_language(text, language) == str(text)


@pytest.mark.usefixtures("catalog")
def test_what_has_no_translation_stays_english_around_what_has_one() -> None:
    assert in_language(say("nobody translated {row}", row=say("the top")), "vi") == "nobody translated toàn bộ"
    assert in_language("a plain text", "vi") == "a plain text"
    assert in_language(say(""), "vi") == "" and in_language(joined([], by=", "), "vi") == ""


def test_either_needs_no_catalog() -> None:
    text = either("a / b {x}", "một {y}")
    assert (text, in_language(text, "en"), in_language(text, "vi")) == ("a / b {x}", "a / b {x}", "một {y}")
    assert in_language(either("only English", ""), "vi") == "only English"


@given(st.lists(st.text(max_size=5), max_size=5), st.text(max_size=3))
def test_joined_leaves_out_what_is_empty(rows: list[str], by: str) -> None:
    text = joined(rows, by)
    assert text == by.join(row for row in rows if row)
    assert in_language(text, "vi") == str(text)


@given(st.lists(st.text(min_size=1, max_size=5), max_size=5))
def test_one_of_names_all(rows: list[str]) -> None:
    assert one_of(rows) == " or ".join(rows)


@pytest.mark.usefixtures("catalog")
def test_a_problem_is_told_in_the_language_of_whoever_reads_it() -> None:
    text, hint = say("{row} has no `max`", row=say("the top")), say("known: {names}", names="1.1")
    problem = Problem("S213", text, Location("a.yaml", 3), hint, Severity.WARNING)
    assert str(problem) == "a.yaml:3: warning S213 the top has no `max` (known: 1.1)"
    assert problem.told("vi") == "a.yaml:3: cảnh báo S213 toàn bộ chưa có `max` (đã có: 1.1)"
    assert problem.to_dict("vi")["message"] == "toàn bộ chưa có `max`"
    raised = pickle.loads(pickle.dumps(SchemeInvalid(problem)))  # noqa: S301
    assert [one.told("vi") for one in raised.problems] == [problem.told("vi")]


# ------------------------------------------------------------------------------------- every call of `say` there is

TEMPLATES = sorted({template for _, template in templates()})


def fields(template: str) -> set[str]:
    """Return the names of the parts that a template takes."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_a_template_takes_named_parts() -> None:
    """A format such as `{count:,}` is the same in every language; nothing else stands in the braces."""
    wrong = [
        template
        for template in TEMPLATES
        for _, name, form, conversion in Formatter().parse(template)
        if name is not None and not (name.isidentifier() and form in ("", ",") and not conversion)
    ]
    assert not wrong


@given(st.sampled_from(TEMPLATES), st.data())
def test_a_template_shows_each_part_that_it_names(template: str, data: st.DataObject) -> None:
    kinds = {name: form for _, name, form, _ in Formatter().parse(template) if name is not None}
    parts = {name: data.draw(st.integers() if form else st.text(max_size=8)) for name, form in sorted(kinds.items())}
    shown = [
        literal + (format(parts[name], form or "") if name is not None else "")
        for literal, name, form, _ in Formatter().parse(template)
    ]
    assert say(template, **parts) == "".join(shown)
    in_language(say(template, **parts), "vi")  # the translation takes the same parts


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield (file:line, call) of every call in the package."""
    for path in sorted(Path(PACKAGE).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def test_every_call_gives_the_parts_that_its_template_names() -> None:
    wrong = []
    for place, call in calls():
        if isinstance(call.func, ast.Name) and call.func.id == "say":
            match call.args:
                case [ast.Constant(value=str(template))]:
                    given = {word.arg for word in call.keywords}
                    missing, more = fields(template) - given, given - fields(template) - {None}
                    if more or (missing and None not in given):
                        wrong.append(f"{place}: {template}")
                case _:
                    wrong.append(f"{place}: the template must be one text that can be collected")
    assert not wrong


def joins_texts(one: ast.expr) -> bool:
    """Whether an expression may be words that were put together: texts have no other operators."""
    return isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add | ast.Mod)


def test_no_message_or_hint_is_made_without_say() -> None:
    glued = []
    for place, call in calls():
        match call.args:
            case [ast.Constant(value=str(code)), *words] if CODE.fullmatch(code):
                for one in (*words, *(word.value for word in call.keywords)):
                    plain = isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value
                    if plain or isinstance(one, ast.JoinedStr) or joins_texts(one):
                        glued.append(f"{place}: {ast.unparse(one)}")
    assert not glued


def test_every_problem_of_a_document_can_be_said_in_another_language() -> None:
    for mistake in (FOLDER / "mistakes.txt").read_text("utf-8").split("\n\n"):
        for problem in problems(mistake.split("\n", 1)[1]):
            assert isinstance(problem.message, Text), problem
            assert isinstance(problem.hint, Text) or not problem.hint, problem
