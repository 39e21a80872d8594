"""Meaning checks: each says what is wrong, where, and what would put it right; and nothing else is ever raised."""

from __future__ import annotations

import re

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from worked import FOLDER, HEAD, NAMES, TOPS, VOCABULARY, all_problems, document, problems, text_of

from ictindex.documents import build
from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.source import Mapping, Node, Scalar, Sequence
from ictindex.errors import Location, SchemeInvalid, Severity, UnknownName

START = HEAD.count("\n")


@frozen
class Mistake:
    """A text below the head, and the problem that it must give: code, line, and words of the message and the hint."""

    text: str
    code: str
    line: int
    message: str
    hint: str


def read_mistakes() -> list[Mistake]:
    """Return the mistakes of the file: `# CODE LINE: message => hint`, then the text; `top` is line 1."""
    mistakes = []
    for part in (FOLDER / "mistakes.txt").read_text("utf-8").split("\n\n"):
        first, text = part.split("\n", 1)
        place, rest = first.removeprefix("# ").split(": ", 1)
        (code, line), (message, hint) = place.split(), rest.split(" => ")
        mistakes.append(Mistake(text + "\n", code, 1 if line == "top" else START + int(line), message, hint))
    return mistakes


MISTAKES = read_mistakes()
TWO_PLACES = ("S211", "S213", "S216", "S217")  # what follows from these is said at its own place


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one.code} {one.message[:40]}")
def test_a_mistake_is_named_with_its_mending(mistake: Mistake) -> None:
    found = all_problems(mistake.text)
    same = [one for one in found if one.code == mistake.code and one.where.line == mistake.line]
    assert same, "\n".join(map(str, found))
    assert all(one.where.column for one in same)
    said = "\n".join(map(str, same))
    assert any(mistake.message in one.message and mistake.hint in one.hint for one in same), said


@pytest.mark.parametrize("text", [one.text for one in MISTAKES if one.code not in TWO_PLACES])
def test_a_mistake_is_said_once(text: str) -> None:
    found = [one for one in problems(text) if one.severity is Severity.ERROR]
    assert len({one.where for one in found}) == len(found), "\n".join(map(str, found))


WRONG_SHAPES = [
    "1 A: 9",
    "1 A: {max: x, assessed: }",
    "1 A: {max: {assumed: y}, assessed: }",
    "1 A: {max: {is: 9, between: [1]}, assessed: }",
    "1 A: {max: 9, assumed: {a: b}, assessed: }",
    "1 A: {max: 9, assessed: {a: b}}",
    "1 A: {max: 9, odd: 1, assessed: }",
    "1 A: {max: 9, ratio: x}",
    "1 A: {max: 9, ratio: {a: x}}",
    "1 A: {max: 9, ratio: {a: {sum: {}}, b: y}}",
    "1 A: {max: 9, ratio: {a: {sum: {x: 1, y Y: z}}, b: y}}",
    "1 A: {max: 9, choice: }",
    "1 A: {max: 9, choice: {}}",
    "1 A: {max: 9, choice: x}",
    "1 A: {max: 9, choice: {a B: nine}}",
    "1 A: {max: 9, choice: {a B: 100%}}",
    "1 A: {max: 9, choice: $m}\nchoices: {m M: {a B: nine}}",
    "1 A: {max: 9, choice: $m}\nchoices: {m M: nine}",
    "1 A: {max: 9, checks: {}}",
    "1 A: {max: 9, all-of: {}}",
    "1 A: {max: 9, value: , steps: {}}",
    "1 A: {max: 9, value: , steps: {x: 1}}",
    "1 A: {max: 9, value: , each: x}",
    "1 A: {max: 9, value: , min-max: x}",
    "1 A: {max: 9, value: , goalposts: {from: 1}}",
    "1 A: {max: 9, value: , goalposts: x}",
    "1 A: {max: 9, parts: x}",
    "1 A: {max: 9, value: $d}\ninputs: {d D: number}",
    "1 A: {max: 9, value: $d}\ninputs: {d D: {kind: [a]}}",
    "1 A: {max: 9, assessed: }\npools: {a B: ranked}",
    "1 A: {max: 9, assessed: }\nlevels: {I: x, II: 0}",
    "1 A: {max: 9, assessed: }\npublish: {decimals: 2.5}",
    "1 A: {max: 9, assessed: }\nrank: {ties: none}",
    "1 A: {max: 9, assessed: }\ncombine: total",
]


@pytest.mark.parametrize("text", WRONG_SHAPES)
def test_a_wrong_shape_is_always_said(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Structure says it; and were structure ever silent, building would say it, so that nothing is left out unsaid."""
    assert any(one.code[:2] in ("S1", "S2") for one in problems("max: 9\n" + text))
    monkeypatch.setattr(build, "structure_problems", lambda *_: [])
    with pytest.raises(SchemeInvalid):
        build_scheme(document(f"{HEAD}max: 9\n{text}\n"), VOCABULARY)


def test_problems_come_in_the_order_of_the_file() -> None:
    found = problems("max: 9\n1 A: {max: 3, valu: }\n2 B: {max: 7, count: }\ninputs: {x X: count}\n")
    assert [one.where for one in found] == sorted(one.where for one in found)
    assert [one.code for one in found] == ["S230", "S101", "S218", "S240"]


def test_warnings_do_not_stop_a_scheme() -> None:
    text = HEAD + "max: 9\n1 A: {max: 4, value: số máy}\n2 B: {max: 5, value: số máy}\n"
    found = check_document(document(text), VOCABULARY)
    assert [(one.code, one.severity) for one in found if one.code != "S206"] == [
        ("S209", Severity.ADVICE),
        ("S290", Severity.ADVICE),
        ("S242", Severity.WARNING),
    ]
    assert build_scheme(document(text), VOCABULARY).root.max == 9


def test_one_council_assesses_many_rows() -> None:
    text = HEAD + "max: 9\n1 A: {max: 4, assessed: hội đồng}\n2 B: {max: 5, assessed: hội đồng}\n"
    assert "S242" not in {one.code for one in check_document(document(text), VOCABULARY)}


# ------------------------------------------------------------------------ nothing but SchemeInvalid, on any document

TEXTS = [*map(text_of, NAMES), *(HEAD + top for top in TOPS)]
HERE = Location("test.yaml", 1, 1)
ODD = [
    *(
        Scalar(text, text, HERE, quoted=True)
        for text in ("", " ", "$", "$x", "1/0", "-5", "1e30", "max", "a b", "9" * 50)
    ),
    *(Scalar(text, None, HERE) for text in ("", "null")),
    *(Scalar(text, True, HERE) for text in ("true",)),
    *(Scalar("0", 0, HERE), Scalar("-1", -1, HERE), Scalar("0.1", 0.1, HERE)),
    *(Mapping((), HERE), Sequence((), HERE)),
    Mapping(((Scalar("is", "is", HERE), Mapping((), HERE)),), HERE),
    Mapping(((Scalar("a b", "a b", HERE), Mapping((), HERE)),), HERE),
    Mapping(((Scalar("sum", "sum", HERE), Scalar("x", "x", HERE)),), HERE),
    Sequence((Scalar("x", "x", HERE), Mapping((), HERE)), HERE),
]
KEYS = [
    "",
    "x",
    "a b",
    "1 x",
    "max",
    "cited",
    "value",
    "steps",
    "parts",
    "below",
    "is",
    "total t",
    "x.y",
    "-1",
    "1.a b",
]


def places(node: Node, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Return the path, by position, of every value beneath a node."""
    values = [value for _, value in node.items] if isinstance(node, Mapping) else []
    values = list(node.items) if isinstance(node, Sequence) else values
    return [found for place, value in enumerate(values) for found in ((*path, place), *places(value, (*path, place)))]


def changed(node: Node, path: tuple[int, ...], key: str | None, value: Node | None) -> Node:
    """Return the node with one entry renamed, replaced, or (where neither is given) deleted."""
    assert isinstance(node, Mapping | Sequence)
    items = list(node.items)
    place, rest = path[0], path[1:]
    if isinstance(node, Sequence):
        below = node.items[place]
        items[place : place + 1] = [changed(below, rest, key, value)] if rest else [value] if value else []
        return evolve(node, items=tuple(items))
    name, below = node.items[place]
    if rest:
        items[place] = (name, changed(below, rest, key, value))
    elif key is not None and key not in node:
        items[place] = (evolve(name, text=key, value=key), below)
    elif value is not None:
        items[place] = (name, value)
    else:
        del items[place]
    return evolve(node, items=tuple(items))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: re.sub(r"\W+", "-", text)[:30])
def test_leaving_out_any_key_raises_nothing_but_scheme_invalid(text: str) -> None:
    whole = document(text)
    for path in places(whole.root):
        root = changed(whole.root, path, None, None)
        assert isinstance(root, Mapping)
        attempt(evolve(whole, root=root))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_mangling_any_keys_raises_nothing_but_scheme_invalid(text: str, data: st.DataObject) -> None:
    whole = document(text)
    root: Node = whole.root
    for _ in range(data.draw(st.integers(1, 3), label="changes")):
        path = data.draw(st.sampled_from(places(root)), label="path")
        key = data.draw(st.none() | st.sampled_from(KEYS), label="key")
        value = None if key is not None else data.draw(st.none() | st.sampled_from(ODD), label="value")
        root = changed(root, path, key, value)
    assert isinstance(root, Mapping)
    attempt(evolve(whole, root=root))


def attempt(mangled: object) -> None:
    """Check and build a document; a scheme comes out exactly where the check finds no error."""
    found = check_document(mangled, VOCABULARY)  # type: ignore[arg-type]
    assert found == sorted(found, key=lambda one: one.where)
    for variant in ("", "z-score"):
        try:
            build_scheme(mangled, VOCABULARY, variant=variant)  # type: ignore[arg-type]
        except SchemeInvalid as invalid:
            told = {(one.code, one.where) for one in found}  # of a variant, the check says that it is one
            assert {(one.code, one.where) for one in invalid.problems} <= told
            assert invalid.problems
        except UnknownName:
            assert variant


def test_a_problem_that_only_a_variant_brings_names_it() -> None:
    text = (
        "max: 5\n1 Một: {max: 3, assessed: }\n2 Hai: {max: 2, assessed: }\n"
        "variants: {v Khác: {1: {max: 4}}, w Lạ: {3: {max: 1}}}\n"
    )
    found = [str(one) for one in problems(text)]
    assert [one.split(" (")[0].removeprefix("test.yaml:") for one in found] == [
        "6:6: S230 in the variant 'v': the rows beneath the top add up to 6, 1 too many for its max 5",
        "9:42: S260 no row has the code '3'",
    ]
