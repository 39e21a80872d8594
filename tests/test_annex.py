"""A scheme printed as a decision's annex: every rule in words, every number with its status, in each format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from strategies import schemes
from worked import NAMES, TOPS, VOCABULARY, build, build_top, text_of

import ictindex
from ictindex.annex import FORMATS, written
from ictindex.annex.measures import MEASURES
from ictindex.annex.rows import Annex, AnnexRow, annex_of
from ictindex.annex.scales import SCALES
from ictindex.annex.words import Words
from ictindex.authoring import annex_text, scheme_annex
from ictindex.choices import COMBINES
from ictindex.citations import Status
from ictindex.errors import UnknownName
from ictindex.messages import in_language
from ictindex.model import Scheme
from ictindex.strategies.aggregations import AGGREGATIONS
from ictindex.strategies.measures import MEASURES as ALL_MEASURES
from ictindex.strategies.normalizations import NORMALIZATIONS

SCHEMES = [one.id for one in ictindex.list_schemes()]
VOID = ("meta", "br", "link", "img", "input", "hr")
HOSTILE = "a|b <script>alert(1)</script> *x* _y_ `z` [w](javascript:alert) & \"q\" 'r' \\ # {braces} {0} %s"


def every_scheme() -> Iterator[Scheme]:
    """Yield every shipped scheme in every variant, and every worked example."""
    for name in SCHEMES:
        plain = ictindex.load_scheme(name)
        yield plain
        yield from (ictindex.load_scheme(name, variant=one.code) for one in plain.variants)
    yield from (build(text_of(name)) for name in NAMES)
    yield from (build_top(text) for text in TOPS)


EVERY = list(every_scheme())
NAMED = [f"{made.id}#{made.variant}" for made in EVERY]


def annex(made: Scheme) -> Annex:
    return annex_of(made, VOCABULARY)


def printed(text: str, form: str = "text", language: str = "en") -> str:
    return written(annex(build_top(text)), form, language)


def row(text: str, code: str) -> AnnexRow:
    return next(one for one in annex(build_top(text)).rows if one.code == code)


def squeezed(text: str) -> str:
    """Return the text without blanks, which formats set in their own way."""
    return re.sub(r"\s", "", text)


def flat(text: str) -> str:
    return " ".join(text.split())


class Page(HTMLParser):
    """Reads a page: its tags must close in order; keeps tags with their attributes, and the text outside `style`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return flat("".join(self.words).replace("\u2060", ""))


@pytest.mark.parametrize("name", SCHEMES)
def test_every_row_of_every_scheme_is_printed(name: str) -> None:
    made = scheme_annex(name)
    plain = flat(annex_text(made))
    assert all(f"{one.code} {flat(one.name)}"[:60] in plain for one in made.scheme.rows())
    assert ("PROVISIONAL" in plain) == made.scheme.provisional


@pytest.mark.parametrize("made", EVERY, ids=NAMED)
@pytest.mark.parametrize("form", FORMATS)
def test_every_reason_is_told_once_and_every_interval_stands_beside_its_number(made: Scheme, form: str) -> None:
    whole = annex(made)
    reasons = {one.citation for one in made.statements if one.citation.status is not Status.CITED}
    assert {note.citation for note in whole.footnotes} == reasons
    assert len(whole.footnotes) == len(reasons)
    text = written(whole, form, "en")
    for note in whole.footnotes:
        assert f"({note.number})" in text or form == "json"
    assert text.count("published results:") >= sum(one.between is not None for one in made.statements)


@pytest.mark.parametrize("made", EVERY, ids=NAMED)
def test_every_format_says_the_same_words_in_each_language(made: Scheme) -> None:
    whole = annex(made)
    for language in ("en", "vi"):
        page, text = (squeezed(Page(written(whole, "html", language)).text), squeezed(written(whole, "text", language)))
        marked = squeezed(written(whole, "markdown", language).replace("\\", ""))
        for one in json.loads(written(whole, "json", language))["rows"]:
            said = [one["how"], one["levels"], one["evidence"], *one["remarks"], one["code"]]
            said += [one["name"]] if one["kind"] != "total" else []
            for words in map(squeezed, filter(None, said)):
                assert words in page and words in marked
                assert words in text or words == squeezed(in_language(COMBINES["sum"], language))


@given(schemes())
def test_any_scheme_is_printed_in_every_format(made: Scheme) -> None:
    whole = annex(made)
    for form in FORMATS:
        text = written(whole, form, "vi")
        assert all(one.name in flat(text) for one in made.rows() if one.code != "total")


def test_every_rule_that_is_built_in_has_words() -> None:
    assert set(MEASURES) == set(ALL_MEASURES)
    assert set(SCALES) == set(NORMALIZATIONS)
    assert set(COMBINES) == {*AGGREGATIONS, "none"}


def test_a_number_shows_its_status_and_equal_reasons_share_a_footnote() -> None:
    told = printed(
        "max: {is: 30, cited: qd}\nbelow: {assumed: không ai nói}\n"
        "1 Một: {max: {is: 20, derived: 30 - 10}, assessed: }\n2 Hai: {max: 10, assessed: }\n"
    ).splitlines()
    assert "total Bộ thử  (max 30)" in told
    assert "missing figures: [refused until it is mended] (1)" in told  # the defaults in force are assumed too
    assert "  1 Một  (max 20' (2))" in told
    assert "  2 Hai  (max [10] (3))" in told
    notes = [line for line in told if line.startswith("(")]
    assert len(notes) == len({note.split(") ", 1)[1] for note in notes})  # a reason is told once
    assert any(line.endswith("assumed: không ai nói") for line in notes)
    assert any(line.endswith("derived: 30 - 10") for line in notes)


def test_the_counts_stand_on_top() -> None:
    text = "max: 9\ncited: qd\nbelow: {cited: qd}\nmissing: refuse\nnot-applicable: refuse\n"
    text += "publish: {as: points, decimals: 2, rounding: half-up}\nrank: {ties: competition, on: published}\n"
    sure = printed(f"{text}1 Một: {{max: 9, assessed: }}\n").splitlines()
    assert sure[2] == "10 numbers and rules: 10 are cited, 0 derived, none assumed"
    told = printed(text.replace("below: {cited: qd}\n", "") + "1 Một: {max: 9, assessed: }\n")
    assert told.splitlines()[2] == "PROVISIONAL: 2 of 10 numbers and rules are assumed; 0 are derived, 8 cited"
    assert "(1) assumed, and nobody says why" in told


RULES = {
    "ratio: {a: máy tính, b: $cb}": "máy tính / Cán bộ × 10",
    "ratio: {a: máy tính, b: 12, per: 100, floor: 50%}": "máy tính / 12 × 100 × 10",
    "ratio: {a: {sum: {x kênh riêng: 1, y cáp quang: 0.5}}, b: $cb}": "(kênh riêng + cáp quang × 0.5) / Cán bộ × 10",
    "ratio: {a: đã dự, b: được mời}\n  steps: {100%: max}": "đã dự / được mời; from 100%: 10; below 100%: 0",
    "choice: {a đủ: max, b một phần: 5}": "one of: a đủ: 10; b một phần: 5",
    "checks: {a có quy chế: 4, b có bộ phận: 6}": "each adds: a có quy chế: 4; b có bộ phận: 6",
    "all-of: {a điều kiện một: , b điều kiện hai: }": (
        "10 where all of these hold, else 0: điều kiện một; điều kiện hai"
    ),
    "yes-no: có trung tâm": "có trung tâm: yes 10, no 0",
    "yes-no: ": "yes 10, no 0",
    "assessed: hội đồng": "points from 0 to 10, given by: hội đồng",
    "assessed: ": "points from 0 to 10, given by an assessor",
    "value: số giờ": "số giờ, as points from 0 to 10",
    "count: số bài\n  steps: {10: max, 5: 1/3 max}": "số bài; from 10: 10; from 5: 10/3; below 5: 0",
    "count: số bài\n  steps: {10: max, 0: 2}": "số bài; from 10: 10; from 0: 2",
    "value: số ngày\n  steps-down: {3: max, 5: 5}": "số ngày; up to 3: 10; up to 5: 5; above 5: 0",
    "count: số ứng dụng\n  each: 0.5": "số ứng dụng; 0.5 for each, at most 10",
    "value: \n  goalposts: {from: 0, to: 60}": "the number reported; 0 earns 0, 60 earns 10, in proportion between",
    "value: \n  goalposts: {from: 9, to: 1, log: true}": (
        "the number reported; 9 earns 0, 1 earns 10, by logarithm between"
    ),
    "value: \n  min-max: all": "the number reported; from the lowest (0) to the highest (10) of all units",
    "count: \n  of-best: pool": "the count reported; the share of the highest of the units of the same pool, × 10",
    "value: \n  z-score: all": (
        "the number reported; the distance from the mean of all units, in standard deviations, × 10"
    ),
    "value: số giờ\n  acme.sigmoid: {middle: 12}": "số giờ; Sigmoid: An S-shaped curve (acme.sigmoid: middle 12)",
    "acme.gap: {more: nam, less: $cb}": ("Gap: The gap between two quantities (acme.gap: more nam, less Cán bộ)"),
    "acme.cell: số giờ\n  each: 1": "Cell: One cell (acme.cell: input số giờ); 1 for each, at most 10",
}
TOP = (
    "max: 10\ncombine: mean\ncited: qd\nbelow: {cited: qd}\nuses: {acme: ictindex-acme}\n"
    "inputs: {cb Cán bộ: {kind: count, cited: qd, low: 1}}\n9 Khác: {max: 1, ratio: {a: x, b: $cb}}\n"
)


@pytest.mark.parametrize(("rule", "words"), RULES.items(), ids=[rule.split(":")[0] for rule in RULES])
def test_a_rule_is_told_in_words(rule: str, words: str) -> None:
    assert row(f"{TOP}1 Một:\n  max: 10\n  {rule}\n", "1").how == words


def test_what_a_ratio_does_at_its_edges() -> None:
    rule = "ratio: {a: x, b: y, over: refuse, if-none: full, floor: {is: 50%, assumed: tạm}}"
    told = row(f"{TOP}1 Một:\n  max: 10\n  {rule}\n", "1").remarks
    assert told == ("a ratio above 1 is refused", "without a denominator: all points", "below [50%] (2): 0")


def test_a_rule_whose_numbers_have_other_statuses_marks_each() -> None:
    rule = "assumed: tạm\n  ratio: {a: x, b: y}\n  steps: {90%: {is: 10, cited: qd}, 50%: 5}"
    told = row(f"{TOP}1 Một:\n  max: 10\n  {rule}\n", "1").how
    assert told == "x / y; from 90%: 10; from 50%: [5] (2); below 50%: 0; [this way of scoring] (2)"


def test_a_scale_from_above_has_the_status_of_its_heading() -> None:
    text = "max: 1\ncombine: mean\ncited: qd\nbelow: {assumed: tạm, min-max: all}\n1 Một: {value: x, cited: qd}\n"
    assert row(text, "1").how == "x; [from the lowest (0) to the highest (1) of all units] (2)"
    text = (
        "max: 9\ncited: qd\nbelow: {derived: suy ra, steps: {2: max, 1: 1/3 max}}\n1 Một: {max: 9, cited: qd, count: x}"
    )
    assert row(text, "1").how == "x; (from 2: 9; from 1: 3; below 1: 0)' (2)"


def test_a_shared_list_has_the_status_of_the_list() -> None:
    text = "max: 9\ncited: qd\nbelow: {cited: qd}\nchoices:\n  muc Mức: {a thấp: 0, b cao: {is: max, assumed: tạm}}\n"
    assert row(f"{text}1 Một: {{max: 9, choice: $muc}}\n", "1").how == "one of: a thấp: 0; b cao: [9] (2)"


def test_headings_levels_evidence_bonus_and_weights_are_told() -> None:
    text = printed(
        "max: 30\nbelow: {cited: qd}\ncited: qd\nlevels: {I: {is: 90%, only-if: {A.1: 10}}, II: 0%}\n"
        "A Hạ tầng: {max: 20, combine: capped, A.1 Một: {max: 20, assessed: }, A.2 Hai: {max: 10, assessed: }}\n"
        "B Nhân lực:\n  max: 10\n  combine: mean\n  rows: 2\n"
        "  B.1 Một: {max: 1, weight: 2, yes-no: , evidence: Số hiệu văn bản}\n"
        "  B.2 Hai: {max: 1, yes-no: , evidence: {ask: Ảnh, due: 30/01, without: zero}}\n"
        "C Thưởng: {bonus: 2, assessed: , was: D, publish: {as: percent}}\n"
    )
    assert "the rows below added up, at most the max" in text and "the mean of the rows below, by weight" in text
    assert "I from 90% (only with 10 or more in A.1 Một); II from 0%" in text
    assert "(max 1, weight 2)" in text and "(max 1, weight 1)" in text
    assert "C Thưởng  (bonus 2)" in text and "was D in the edition before" in text
    assert "evidence: Số hiệu văn bản; without it the score is flagged" in text
    assert "evidence: Ảnh, by 30/01; without it 0 points" in text
    assert "the source counts 2 rows directly below" in text
    assert "published as a percent of max, decimals: 2, rounded half up" in text


def test_printed_bands_say_who_gets_a_score_between_them() -> None:
    text = "max: 100\ncited: qd\nlevels: {Tốt: 85-100, Khá: 0-84}\nbetween-levels: {is: upper, assumed: tạm}\n"
    told = row(f"{text}1 Một: {{max: 100, assessed: }}\n", "total").levels
    assert told == "Tốt 85 to 100; Khá 0 to 84; [a score between two bands belongs to the upper one] (2)"


def test_pools_merging_and_the_scores_that_units_give_themselves() -> None:
    text = "max: 9\npools: {by: khối, so Các sở: ranked, kh Thanh tra: not ranked}\nmerged: mean-of-rows\n"
    told = printed(f"{text}self-scored: true\nrank: {{ties: dense, then: ['1']}}\n1 Một: {{max: 9, assessed: }}\n")
    assert "pools: by the column 'khối': [so Các sở: ranked, kh Thanh tra: not ranked] (2)" in told
    assert "merged units: [the mean of the scores of its parts] (2)" in told
    assert "self-scored: columns `CODE.self` stand beside the verified ones" in told
    assert "as 1 2 2 3" in told and "ties are broken by 1 Một" in told
    assert "  khối  the pool within which units are ranked" in told


def test_an_informational_row_says_so() -> None:
    text = printed("max: 9\nbelow: {cited: qd}\ncited: qd\n1 Một: {max: 9, assessed: }\n2 Hai: {max: 0, count: }\n")
    assert "2 Hai  (0, informational)" in text


def test_a_heading_scaled_among_the_units_says_so() -> None:
    text = "max: 9\nbelow: {cited: qd}\ncited: qd\nA Một: {max: 9, combine: mean, min-max: all, A.1 Con: {yes-no: }}\n"
    told = row(text, "A").how
    assert told == "the plain mean of the rows below; then from the lowest (0) to the highest (9) of all units"


def test_shared_inputs_stand_with_their_unit_bounds_and_suppliers() -> None:
    text = (
        "max: 1\ncombine: mean\ninputs:\n  bt Băng thông:\n    {kind: amount, unit: Mbps, low: {is: 1, assumed: tạm},"
        " high: 1000, data-from: Sở, verified-by: Thanh tra, additive: false, notes: đo cuối năm}\n"
        "1 Một: {max: 1, ratio: {a: x, b: $bt}}\n"
    )
    (column,) = (one for one in annex(build_top(text)).columns if one.heading == "bt")
    assert re.fullmatch(
        r"a number, Mbps, at least \[1\] \(\d\), at most \[1000\] \(\d\), not added up where units merge", column.holds
    )
    assert column.shared
    assert "data from: Sở; verified by: Thanh tra; đo cuối năm" in printed(text)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("goalposts: {from: 0%, to: 1%}", "0% earns 0, 1% earns 9, in proportion between"),
        ("goalposts: {from: 0, to: 0.01}", "0 earns 0, 0.01 earns 9, in proportion between"),
        ("steps: {50%: 9, 20%: 3}", "from 50%: 9; from 20%: 3; below 20%: 0"),
        ("steps: {0.5: 9, 0.2: 3}", "from 0.5: 9; from 0.2: 3; below 0.2: 0"),
    ],
)
def test_a_percent_is_told_as_a_percent_where_it_was_typed_as_one(rule: str, told: str) -> None:
    made = build_top(f"max: 9\ncited: qd\n1 Một: {{max: 9, value: x, {rule}, cited: qd}}\n")
    assert told in row(f"max: 9\ncited: qd\n1 Một: {{max: 9, value: x, {rule}, cited: qd}}\n", "1").how
    assert told == Words(made, VOCABULARY).scale(made.row("1"))  # as `diff` tells it
    above = build_top(f"max: 9\ncited: qd\nbelow: {{cited: qd, {rule}}}\n1 Một: {{max: 9, value: x}}\n")
    assert told == Words(above, VOCABULARY).scale(above.row("1"))


def test_the_source_and_who_verifies_stand_at_each_row_that_has_them() -> None:
    text = printed(
        "max: 9\nbelow: {cited: qd phụ lục, verified-by: Sở, data-from: xã}\ncited: qd\n"
        "1 Một: {max: 3, assessed: }\n2 Hai: {max: 3, assessed: }\n3 Ba: {max: 3, assessed: , verified-by: Tỉnh}\n"
    )
    assert text.count("source: qd phụ lục; data from: xã; verified by: Sở\n") == 2
    assert "source: qd phụ lục; data from: xã; verified by: Tỉnh\n" in text


def test_the_head_tells_history_packages_and_the_pages_of_sources() -> None:
    text = (
        "max: 9\nreplaces: test/2019-unit\nhistory: {2: sửa tên}\nuses: {acme: ictindex-acme}\ndata-year: 2019\n"
        "1 Một: {max: 9, value: x, acme.sigmoid: {middle: 1}}\n"
    )
    made = build(
        f"scheme: test/2020-unit\ntitle: Bộ\nunit: unit\nedition: 2020\n{text}sources: {{q Văn bản: {{page: tr. 7}}}}\n"
    )
    told = written(annex(made), "text", "en")
    assert "data of the year 2019, revision 1, replaces test/2019-unit" in told
    assert "needs the package ictindex-acme (acme)" in told and "revision 2 sửa tên" in told
    assert "source q: Văn bản, at: tr. 7" in told


def test_the_variant_in_force_and_the_variants_there_are() -> None:
    for name in SCHEMES:
        for one in ictindex.load_scheme(name).variants:
            told = flat(annex_text(scheme_annex(name, variant=one.code)))
            assert re.search(rf", variant {one.code}\b", told)
            assert flat(f"has the variant {one.code}: {one.name}") in told


def hostile() -> Annex:
    text = text_of("shapes").replace("title: Mỗi dạng một dòng", f"title: {json.dumps(HOSTILE)}")
    text = text.replace("Quyết định mẫu: {date: 2020-01-01}", f"{json.dumps(HOSTILE)[1:-1]}: {{url: 'javascript:x'}}")
    text = text.replace("4 yes or no:", json.dumps(f"4 {HOSTILE}") + ":").replace(
        "có trung tâm dữ liệu", json.dumps(HOSTILE)
    )
    text = text.replace("  qd a|b", '  "qd a|b').replace("%s: {url", '%s": {url')
    return annex(build(text))


def test_names_cannot_become_html() -> None:
    page = Page(written(hostile(), "html", "vi"))
    assert not {"script", "img", "iframe", "link"} & {tag for tag, _ in page.tags}
    assert page.text.count(HOSTILE) >= 3
    links = [about["href"] or "" for tag, about in page.tags if tag == "a"]
    assert links and all(link.startswith(("#note-", "https://", "http://")) for link in links)


def test_names_cannot_become_markdown() -> None:
    text = written(hostile(), "markdown", "en")
    assert not re.search(r"(?<!\\)<(?!br>|https?://)", text)
    plain = re.sub(r"\\(.)", "", text)  # without what is escaped
    assert "`" not in plain and "javascript:" in plain and "](" not in plain
    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| ")}
    assert cells == {6, 4}  # the rows, nobody being named to verify them, and the columns of a table


def test_the_page_stands_alone_and_can_be_heard_and_printed() -> None:
    text = annex_text(scheme_annex("btttt-2392/2017-commune"), format="html", language="vi")
    page = Page(text)
    names = {tag for tag, _ in page.tags}
    assert ("html", {"lang": "vi"}) in page.tags and not names & {"script", "link", "img"}
    assert "url(" not in text and "@import" not in text
    heads = [about for tag, about in page.tags if tag == "th"]
    assert heads and all(about.get("scope") in ("col", "row") for about in heads)
    assert "size: A4 landscape" in text and "default-src 'none'" in text.replace("&#x27;", "'")
    notes = {about["id"] for tag, about in page.tags if tag == "li"}
    links = {(about["href"] or "")[1:] for tag, about in page.tags if tag == "a" and (about["href"] or "")[0] == "#"}
    assert links == notes


def test_markdown_is_the_table_that_provinces_publish() -> None:
    text = printed(
        "max: 9\ncited: qd\nbelow: {cited: qd mục 1, verified-by: Sở Nội vụ}\n"
        "1 Một: {max: {is: 9, assumed: tạm}, yes-no: , evidence: Văn bản}\n",
        "markdown",
    )
    assert "| No. | criterion | max | how scored | evidence | source, verified by |" in text
    assert (
        r"| 1 | Một | \[9\] (2) | yes 9, no 0 | Văn bản; without it the score is flagged |"
        " qd mục 1<br>verified by: Sở Nội vụ |"
    ) in text
    assert "- (2) assumed: tạm" in text


def test_the_plain_data_have_numbers_with_their_status() -> None:
    text = "max: 9\ncited: qd\n1 Một: {max: {is: 9, assumed: tạm}, cited: qd, yes-no: }\n"
    data = json.loads(printed(text, "json"))
    top, one = data["rows"]
    assert data["provisional"] is True and data["counts"]["assumed"] == len(build_top(text).statements) - 2
    assert top["max"] == {"value": "9", "status": "cited", "footnote": None}
    assert (one["max"]["value"], one["max"]["status"]) == ("9", "assumed")
    assert data["footnotes"][one["max"]["footnote"] - 1] == {
        "number": one["max"]["footnote"],
        "status": "assumed",
        "words": "tạm",
    }
    assert one["how"] == "yes 9, no 0" and one["sources"] == ["qd"]


def test_a_format_that_is_unknown() -> None:
    with pytest.raises(UnknownName) as raised:
        annex_text(scheme_annex(SCHEMES[0]), format="htm")
    assert "U140" in str(raised.value) and "did you mean 'html'?" in str(raised.value)


EVERYTHING = """
max: {is: 100, assumed: a1}
rows: {is: 5, assumed: a2}
criteria: {is: 13, assumed: a3}
missing: {is: refuse, assumed: a4}
not-applicable: {is: rescale, assumed: a5}
publish: {as: {is: points, assumed: a6}, decimals: {is: 1, assumed: a7}, rounding: {is: cut, assumed: a8}}
rank: {ties: {is: dense, assumed: a9}, on: {is: exact, assumed: a10}, then: ['1'], assumed: a11}
merged: {is: sum-of-inputs, assumed: a12}
levels: {Tốt: {is: 85-100, assumed: a13, only-if: {1.1: 5, assumed: a14}}, Khá: 0-84, assumed: a15}
between-levels: {is: round, assumed: a16}
pools: {by: khối, so Sở: ranked, kh Khác: not ranked, assumed: a17}
uses: {acme: ictindex-acme}
inputs:
  cb Cán bộ: {kind: count, low: {is: 1, assumed: a18}, high: {is: 9, assumed: a19}}
choices:
  muc Mức: {a thấp: {is: 0, assumed: a20}, b cao: {is: max, assumed: a21}}
1 Một:
  max: {is: 40, assumed: a22}
  combine: {is: capped, assumed: a23}
  missing: {is: zero, assumed: a24}
  below: {assumed: a25, evidence: {ask: Văn bản, without: {is: zero, assumed: a26}}}
  1.1 Tỷ lệ:
    max: 10
    assumed: a27
    ratio:
      a: {sum: {x thứ nhất: {is: 2, assumed: a28}, $cb: 1}}
      b: {is: 12, assumed: a29}
      per: {is: 3, assumed: a30}
      over: {is: clamp, assumed: a31}
      if-none: {is: refuse, assumed: a32}
      floor: {is: 0.5, assumed: a33}
    steps: {90%: {is: max, assumed: a34}, 50%: 5}
  1.2 Xuống: {max: 10, value: , steps-down: {3: {is: max, assumed: a35}, 5: 1}}
  1.3 Mỗi: {max: 10, count: , each: {is: 2, assumed: a36}}
  1.4 Mốc: {max: 10, value: , goalposts: {from: {is: 0, assumed: a37}, to: {is: 9, assumed: a38}}}
  1.5 Chọn: {max: 10, choice: {a một: {is: max, assumed: a39}, b hai: 0}}
  1.6 Kiểm: {max: 10, checks: {a một: {is: 4, assumed: a40}, b hai: {is: 6, assumed: a41}}}
  1.7 Danh sách: {max: 10, choice: $muc}
2 Hai:
  max: 30
  combine: {is: mean, assumed: a42}
  min-max: all
  assumed: a43
  below: {z-score: all, assumed: a44}
  2.1 A: {max: 1, weight: {is: 2, assumed: a45}, value: }
  2.2 B: {max: 1, weight: {is: 1, assumed: a46}, value: , not-applicable: {is: zero, assumed: a47}}
3 Ba:
  max: 30
  below: {steps: {2: {is: max, assumed: a48}, 1: {is: 1, assumed: a49}}, assumed: a50}
  publish: {decimals: {is: 3, assumed: a51}}
  rank: {ties: {is: average, assumed: a52}}
  3.1 C: {max: 20, count: }
  3.2 D: {max: 10, value: , acme.sigmoid: {middle: {is: 4, assumed: a53}, top: {is: max, assumed: a54}}}
4 Thưởng: {bonus: {is: 3, assumed: a55}, yes-no: , rows: {is: 2, assumed: a56}}
5 Trừ: {deduct: {is: 2, assumed: a57}, count: , each: 1}
"""


def test_no_number_that_a_document_states_is_without_its_reason() -> None:
    made = build_top(EVERYTHING)
    told = {note.citation.words for note in annex(made).footnotes}
    assert told >= {f"a{at}" for at in range(1, 58)} & {one.citation.words for one in made.statements}
    assert len({one.citation.words for one in made.statements if re.fullmatch(r"a\d+", one.citation.words)}) >= 55
