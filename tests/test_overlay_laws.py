"""Laws of overlays, held on random overlays over every shipped scheme."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from attrs import evolve, field, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from overlaid import BASE, NAMED, laid
from test_expand import SHIPPED, meant
from test_schemes import example_path
from worked import VOCABULARY, document

from ictindex import load_scheme, read_table, score
from ictindex.citations import Citation, Statement, Status
from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.draft import row_lines
from ictindex.documents.expand import expanded
from ictindex.documents.grammar import ROW_KEYS, STATUS_KEYS, TOP_KEYS, split_line
from ictindex.documents.policies import DEFAULT
from ictindex.documents.source import Document, Mapping, Node, Sequence, read_document, read_document_file
from ictindex.errors import Severity
from ictindex.model import TOTAL, Scheme
from ictindex.plugins import vocabulary

KNOWN = vocabulary()
RULES = {*KNOWN.measures, *KNOWN.normalizations}
SIDE_BY_SIDE = ("publish", "rank")
LEFT_ALONE = {"scheme", "unit", "edition", "revision", "replaces", "history", "sources", "uses", "variants", "was"}
LEFT_ALONE |= {"inputs", "choices", "below", "parts", "pools", *STATUS_KEYS}
ORDER = (Status.ASSUMED, Status.DERIVED, Status.CITED)
SAYINGS = (
    None,
    Citation(Status.CITED, "xx mục 1", "xx"),
    Citation(Status.DERIVED, "cộng lại"),
    Citation(Status.ASSUMED, "thử"),
)
loaded = cache(load_scheme)
NAMES = sorted({name for name, _ in SHIPPED})
FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


@cache
def document_of(name: str) -> Document:
    return read_document_file(loaded(name).path)


def plain(node: Node) -> Any:
    """Return what a node says without who says it, as JSON can hold it exactly."""
    if isinstance(node, Mapping):
        said = {key.text: plain(value) for key, value in node.items if key.text not in (*STATUS_KEYS, "between")}
        return said["is"] if set(said) == {"is"} else said
    if isinstance(node, Sequence):
        return [plain(one) for one in node.items]
    return node.text if isinstance(node.value, float) else node.value


def spoken(saying: Citation | None) -> dict[str, str]:
    return {} if saying is None else {str(saying.status): saying.words}


@frozen
class Overlay:
    """An overlay over a shipped scheme: what it states of each row, and on whose word."""

    base: Document = field(repr=False)
    stated: dict[str, dict[str, Any]]
    sayings: dict[str, Citation | None]
    below: Citation | None

    def text(self) -> str:
        """Return the document: YAML in the shape of JSON."""
        changes: dict[str, Any] = {}
        for code, stated in self.stated.items():
            change = stated | spoken(self.sayings[code])
            changes |= change if code == TOTAL else {code: change}
        whole = {"overlay": "base", "by": "Sở", "date": "2020", "sources": {"xx Văn bản mẫu": None}}
        whole |= {"below": spoken(self.below)} if self.below else {}
        return "".join(
            f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in (whole | {"changes": changes}).items()
        )

    def document(self) -> Document:
        return read_document(self.text(), "over.yaml")

    def build(self, variant: str = "") -> Scheme:
        return build_scheme(self.base, KNOWN, variant=variant, overlay=self.document())

    def states(self, one: Statement) -> bool:
        """Return whether a statement stands under a key that the overlay states."""
        if one.at == TOTAL and one.citation is DEFAULT:
            return any(one.key.split(".")[0] in stated for stated in self.stated.values())
        for key, value in self.stated.get(one.at, {}).items():
            paths = [f"{key}.{name}" for name in value] if key in SIDE_BY_SIDE else [key]
            if any(one.key == path or one.key.startswith(f"{path}.") for path in paths):
                return True
        return one.key == "rule" and not RULES.isdisjoint(self.stated.get(one.at, {}))

    def word(self, one: Statement, before: Scheme) -> Citation:
        """Return on whose word such a statement is: a rule of which one half is the scheme's is on the weaker word."""
        own = self.sayings[one.at] or self.below or Citation()
        if one.key != "rule":
            return own
        keys = [key.text for key, _ in self.rows()[one.at].items]
        halves = [key for rules in (KNOWN.measures, KNOWN.normalizations) for key in keys if key in rules]
        words = (own if key in self.stated[one.at] else before.row(one.at).citation for key in halves)
        return min(words, key=lambda said: ORDER.index(said.status))

    def rows(self) -> dict[str, Mapping]:
        lines = {code: node for code, _, node in row_lines(self.base.root) if isinstance(node, Mapping)}
        return {TOTAL: self.base.root, **lines}


@st.composite
def overlays(draw: st.DrawFn, name: str, *, changing: bool = False) -> Overlay:
    """Return an overlay that says again some of what a scheme says of some rows, or what does no harm to change."""
    base = document_of(name)
    found = Overlay(base, {}, {}, draw(st.sampled_from(SAYINGS)))
    rows = {code: node for code, node in found.rows().items() if free(node)}
    for code in draw(st.lists(st.sampled_from(sorted(rows)), min_size=1, max_size=5, unique=True)):
        keys = draw(st.lists(st.sampled_from(free(rows[code])), min_size=1, max_size=4, unique=True))
        values = {key: plain(rows[code].get(key) or base.root) for key in keys}
        found.stated[code] = {key: draw(changed(key, value)) if changing else value for key, value in values.items()}
        found.sayings[code] = draw(st.sampled_from(SAYINGS))
    return found


def free(node: Mapping) -> list[str]:
    """Return the keys of a row that an overlay may state."""
    return [key.text for key, _ in node.items if not split_line(key.text) and key.text not in LEFT_ALONE]


def changed(key: str, value: Any) -> st.SearchStrategy[Any]:
    """Return the value, or another one that fits wherever it stood."""
    others: dict[str, list[Any]] = {
        "missing": ["zero"],
        "not-applicable": ["zero"],
        "publish": [{"decimals": 3}],
        "rank": [{"ties": "dense"}, {"on": "exact", "then": []}],
        "levels": [{"Đạt": "50%", "Chưa": "0%"}],
        "notes": ["mới"],
        "evidence": ["văn bản mới", {"ask": "văn bản", "without": "flag"}],
        "ratio": [value | {"floor": "1%"}] if isinstance(value, dict) else [],
    }
    return st.sampled_from([value, *others.get(key, [])])


def without_words(scheme: Scheme) -> dict[str, Any]:
    """Return everything that a scheme means, without on whose word."""

    def row(said: dict[str, Any]) -> dict[str, Any]:
        return said | {"citation": None, "children": [row(child) for child in said.get("children", ())]}

    found = meant(scheme)
    return {"rows": row(found["rows"]), "columns": found["columns"], "head": found["head"], "rest": found["rest"][1:]}


@pytest.mark.parametrize(("name", "variant"), SHIPPED)
@FEW
@given(data=st.data())
def test_what_an_overlay_does_not_state_is_as_it_was(name: str, variant: str, data: st.DataObject) -> None:
    overlay = data.draw(overlays(name, changing=True))
    before, after = loaded(name, variant=variant), overlay.build(variant)
    kept = [one for one in before.statements if not overlay.states(one)]
    assert [one for one in after.statements if not overlay.states(one)] == kept


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
def test_what_an_overlay_states_is_on_its_own_word(name: str, data: st.DataObject) -> None:
    overlay = data.draw(overlays(name, changing=True))
    before, after = loaded(name), overlay.build()
    for one in after.statements:
        if overlay.states(one) and one.citation is not DEFAULT:
            assert one.citation == overlay.word(one, before), one


@pytest.mark.parametrize(("name", "variant"), SHIPPED)
@FEW
@given(data=st.data())
def test_an_overlay_that_says_the_same_again_changes_no_score(name: str, variant: str, data: st.DataObject) -> None:
    overlay = data.draw(overlays(name))
    before, after = loaded(name, variant=variant), overlay.build(variant)
    assert without_words(after) == without_words(before)
    assert [one.key for one in after.statements] == [one.key for one in before.statements]
    table = read_table(example_path(before), scheme=before)
    one, other = score(before, table), score(after, table)
    for row in before.rows():
        if row is not before.root or before.root.combine.name != "none":
            assert other.published(row.code) == one.published(row.code)
            assert other.ranks(row.code).tolist() == one.ranks(row.code).tolist()


UNSAID = Citation(Status.ASSUMED, "không ghi căn cứ")


def answered(scheme: Scheme) -> dict[str, Any]:
    """Return what a scheme means, with the words that an expanded document has for what nobody answers for."""

    def told(citation: Citation) -> Citation:
        return UNSAID if citation == Citation() else citation

    def row(said: dict[str, Any]) -> dict[str, Any]:
        inner = {"children": [row(child) for child in said["children"]]} if "children" in said else {}
        return said | {"citation": told(said["citation"])} | inner

    found = meant(scheme)
    statements = [(evolve(one, citation=told(one.citation)), told(citation)) for one, citation in found["statements"]]
    return found | {"rows": row(found["rows"]), "statements": sorted(statements, key=str)}


@pytest.mark.parametrize(("name", "variant"), SHIPPED)
@FEW
@given(data=st.data())
def test_an_expanded_overlay_means_the_same(name: str, variant: str, data: st.DataObject) -> None:
    overlay = data.draw(overlays(name, changing=True))
    scheme = overlay.build(variant)
    text = expanded(overlay.base, scheme, KNOWN, overlay=overlay.document())
    again = build_scheme(read_document(text, "expanded.yaml"), KNOWN)
    assert answered(again) == answered(scheme)
    assert again.assumed == scheme.assumed


MIXTURES = (
    "  1.2: {ratio: {a: số máy, b: $cb}, steps: {50%: max}}\n  1.3.a: {max: 8}\n",
    "  rank: {then: ['2'], cited: pl 7}\n  publish: {decimals: 1}\n  2: {below: {min-max: all}}\n",
    "  levels: {Tốt: {is: 85%, assumed: đoán}, Yếu: 0%}\n  combine: {is: sum, cited: pl}\n  merged: mean-of-rows\n",
    "  1.3: {cited: pl 3, parts: {a Nối: {max: 6, ratio: {a: x, b: 5}}, b Dùng: {max: 4, yes-no: , assumed: đoán}}}\n",
    "  choices: {muc Mức: {a Có: max, b Không: 1}}\n  inputs: {xe Xe: {kind: count, low: 2, derived: hai}}\n",
    "  1.2: {name: 'Máy, có: dấu', yes-no: }\n  1.3: {assessed: hội đồng}\n  2.1: {assessed: hội đồng}\n",
)


@pytest.mark.parametrize("below", ["below: {cited: pl}\n", ""])
@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize("changes", MIXTURES)
def test_an_expanded_overlay_of_any_shape_means_the_same(changes: str, bare: bool, below: str) -> None:
    base = BASE.replace("below: {assumed: mẫu, ", "below: {") if bare else BASE
    base = base.replace("assumed: bản tạm\n", "").replace(", assumed: như nơi khác", "") if bare else base
    scheme = laid(changes, below, base=base)
    overlay = read_document(f"{NAMED}{below}changes:\n{changes}", "over.yaml")
    text = expanded(document(base), scheme, VOCABULARY, overlay=overlay)
    assert text.startswith("# test/2020-unit with the overlay of Sở Mẫu, 2020-02-03, revision 1\n")
    again = document(text)
    assert answered(build_scheme(again, VOCABULARY)) == answered(scheme)
    assert [str(one) for one in check_document(again, VOCABULARY) if one.severity is Severity.ERROR] == []


NAMES = st.sampled_from(["Nền", "Nen", "Nền móng"])
COMMENTS = st.sampled_from(["", "# a", "# b"])


@given(st.lists(st.tuples(NAMES, NAMES, COMMENTS, COMMENTS), min_size=2, max_size=4))
def test_other_words_of_either_are_another_hash_and_comments_are_not(texts: list[tuple[str, str, str, str]]) -> None:
    hashes: dict[tuple[str, str], set[str]] = {}
    for base, overlay, above, below in texts:
        for variant in ("", "phang"):
            changes = f"{above}\n  2.2: {{max: 8, en: {overlay}}}\n{below}"
            scheme = laid(changes, base=f"{above}\n{BASE}notes: {base}\n{below}\n", variant=variant)
            hashes.setdefault((base, overlay + variant), set()).add(scheme.sha256)
    assert all(len(found) == 1 for found in hashes.values())
    assert len(set.union(*hashes.values())) == len(hashes)


@given(st.permutations(["  1: {max: 21}\n", "  1.2: {max: 6, cited: pl 2}\n", "  max: 41\n", "  1.3: {name: Nối}\n"]))
def test_the_order_of_the_changes_means_nothing(changes: list[str]) -> None:
    def told(scheme: Scheme) -> list[Statement]:
        return [evolve(one, line=0) for one in scheme.statements]

    assert told(laid("".join(changes))) == told(laid("".join(sorted(changes))))
    assert laid("".join(changes)).row("1").max == Fraction(21)


ODD: tuple[Any, ...] = (
    *(None, "", 0, -1, "1/3", "90%", "max", "x", "$cb", "zero", "mean", "none", "all", True, [], ["1"], {}),
    *({"a": "x", "b": 0}, {"90%": "max"}, {"a Có": "max"}, {"is": 5, "assumed": "x"}, {"cited": "pl"}, {"by": "khối"}),
    {"a Một": {"max": 5, "yes-no": None}},
)
keywords = st.sampled_from(
    sorted({*ROW_KEYS, *TOP_KEYS, *RULES, *STATUS_KEYS, "name", "maxx", "1", "1.2", "1.3.a", "9", "2 Xe"})
)
mess = st.dictionaries(keywords, st.sampled_from(ODD) | st.dictionaries(keywords, st.sampled_from(ODD), max_size=3))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(mess, st.sampled_from(ODD))
def test_whatever_stands_in_an_overlay_is_told_of_in_the_overlay(changes: dict[str, Any], below: Any) -> None:
    text = f"{NAMED}below: {json.dumps(below)}\nchanges: {json.dumps(changes)}\n"
    overlay = read_document(text, "over.yaml")
    found = check_document(document(BASE), VOCABULARY, overlay=overlay)
    assert {one.where.source for one in found} <= {"over.yaml"}
    if not any(one.severity is Severity.ERROR for one in found):
        build_scheme(document(BASE), VOCABULARY, overlay=overlay)
