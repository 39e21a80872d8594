"""Document to Scheme: the worked examples, one row of every shape, and where each number comes from."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import pytest
from worked import HEAD, NAMES, TOPS, VOCABULARY, build, build_top, document, problems, text_of

from ictindex.citations import Status
from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.policies import DEFAULT
from ictindex.errors import SchemeInvalid, Severity, UnknownName
from ictindex.model import Case, Evidence, Group, Indicator, InputKind, Pool, Quantity, Rule, Scheme

F = Fraction
SHAPES = build(text_of("shapes"))


def rule(scheme: Scheme, code: str) -> Rule:
    row = scheme.row(code)
    assert isinstance(row, Indicator)
    return row.measure


def scale(scheme: Scheme, code: str) -> Rule:
    found = scheme.row(code).scale
    assert found is not None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_worked_examples_have_no_error(name: str) -> None:
    found = check_document(document(text_of(name)), VOCABULARY)
    assert [str(problem) for problem in found if problem.severity is Severity.ERROR] == []


@pytest.mark.parametrize("top", TOPS)
def test_shapes_of_the_top_have_no_problem(top: str) -> None:
    assert problems(top) == []


def test_dong_thap_choice_checks_and_ratio() -> None:
    scheme = build(text_of("dong-thap"))
    assert (scheme.id, scheme.edition, scheme.unit) == ("dong-thap-1397/2022-district", 2022, "district")
    assert [case.points for case in rule(scheme, "1.1").get("cases")] == [10, 5, 0]
    assert [case.code for case in rule(scheme, "1.2").get("cases")] == ["1.2.a", "1.2.b"]
    assert rule(scheme, "1.3") == Rule(
        "ratio",
        (
            *(("a", Quantity((("1.3.a", F(1)),))), ("b", Quantity((("1.3.b", F(1)),)))),
            *(("per", F(1)), ("over", "clamp"), ("if_none", "refuse"), ("floor", None)),
        ),
    )
    assert scheme.input("1.3.a").name == "số văn bản do người đứng đầu ký"
    assert scheme.row("1.1").verified_by == "Sở Thông tin và Truyền thông"
    assert scheme.row("1").verified_by == ""
    assert scheme.row("1.1").evidence == Evidence("Số hiệu, tên, ngày, trích yếu văn bản")
    assert len(scheme.criteria) == 11


def test_dong_thap_statuses() -> None:
    scheme = build(text_of("dong-thap"))
    said = {(one.at, one.key): one for one in scheme.statements}
    assert str(said["total", "max"].citation) == "cited: qd"
    assert str(said["1", "max"].citation) == "cited: qd"
    assert str(said["1.1", "choice.b"].citation) == "cited: cl nhóm 1"
    assert said["1.1", "choice.b"].text == "1/2 max"
    assert said["1.1", "max"].citation.source == "cl"
    assert said["1.4", "max"].citation.status is Status.DERIVED
    assert said["2", "max"].citation.source == "qd"
    assert str(said["total", "rank.ties"].citation) == "assumed: như các bảng công bố khác"
    assert str(said["total", "publish.rounding"].citation) == "assumed: mặc định của ictindex"
    assert scheme.provisional
    assert scheme.assumed == 6


def test_the_ict_index_inherits_its_scale_and_has_a_variant() -> None:
    plain = build(text_of("ict-index"))
    assert {row.scale for row in plain.indicators} == {Rule("min-max", (("over", "all"),))}
    assert plain.row("HTKT").scale is None
    assert [one.at for one in plain.statements if one.key == "below.min-max"] == ["total"]
    assert rule(plain, "1").get("per") == 100
    assert rule(plain, "1").get("b") == Quantity((("dan-so", F(1)),))
    other = build(text_of("ict-index"), "z-score")
    assert {row.scale.name for row in other.indicators if row.scale} == {"z-score"}
    assert scale(other, "HTKT").name == "min-max"
    assert (other.variant, other.sha256) == ("z-score", hashlib.sha256(f"{plain.sha256}#z-score".encode()).hexdigest())
    assert plain.sha256 == document(text_of("ict-index")).sha256
    assert [one.code for one in plain.variants] == ["z-score"]


def test_unknown_variants_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'z-score'"):
        build(text_of("ict-index"), "z-scor")


def test_the_commune_scheme_has_two_totals_and_shared_lists() -> None:
    scheme = build(text_of("commune"))
    assert [row.code for row in scheme.totals] == ["A", "B"]
    assert [case.points for case in rule(scheme, "B.1.1").get("cases")] == [F(25, 4), F(25, 2), F(75, 4), 25]
    levels = scheme.row("A").levels
    assert levels is not None
    assert [(level.name, level.lower) for level in levels.levels] == [
        ("I", F(9, 10)),
        ("II", F(8, 10)),
        ("III", F(65, 100)),
        ("IV", 0),
    ]
    between = next(one for one in scheme.statements if (one.at, one.key) == ("A", "levels.I")).between
    assert between == (F("0.888"), F("0.914"))
    assert scheme.pools is not None
    assert scheme.pools.by == "huyện"
    # A number of a shared list is stated once, where the list stands.
    assert [one.at for one in scheme.statements if one.key == "choices.muc.1"] == ["total"]
    assert scheme.inputs[-1].code == "cb"  # in the order of the document


def test_the_2022_index_publishes_and_counts() -> None:
    scheme = build(text_of("dti"))
    assert (scheme.row("1").publish.scale, scheme.row("1").publish.decimals) == ("index", 4)
    assert scheme.root.stated_rows == 9
    assert scheme.merged == "mean-of-rows"
    assert scheme.input("1").high == 1  # on the scale that the row publishes
    assert scheme.input("6").high is None
    said = {(one.at, one.key): one.citation.status for one in scheme.statements}
    assert (said["9", "rows"], said["8", "rows"]) == (Status.DERIVED, Status.CITED)


def test_measures_of_the_shapes() -> None:
    assert rule(SHAPES, "3") == Rule("count", (("input", "3"),))
    assert SHAPES.input("3").kind is InputKind.COUNT
    assert SHAPES.input("4").name == "có trung tâm dữ liệu"
    assert rule(SHAPES, "13").get("b") == Quantity(constant=F(12))
    assert rule(SHAPES, "12").get("a") == Quantity((("12.thue-rieng", F(1)), ("12.cap-quang", F(1, 2))))
    assert SHAPES.input("12.cap-quang").name == "Mbps cáp quang"
    assert rule(SHAPES, "18.1").get("if_none") == "not-applicable"
    assert rule(SHAPES, "36.1").get("floor") == F(1, 2)
    assert rule(SHAPES, "25").get("cases")[0] == Case("1", "Hiện diện", F(25, 4))
    assert rule(SHAPES, "9.a").get("cases")[1] == Case("9.a.b", "có chứng nhận", F(10))
    assert (SHAPES.input("28.1").low, SHAPES.input("28.1").high) == (0, 1)
    assert (SHAPES.input("17").low, SHAPES.input("17").high) == (None, None)
    assert (SHAPES.input("31.3").low, SHAPES.input("14").high) == (None, 6)


def test_scales_of_the_shapes() -> None:
    assert scale(SHAPES, "3") == Rule("steps", (("table", ((4, 20), (3, 15), (2, 10), (1, 5))),))
    assert scale(SHAPES, "7") == Rule("each", (("points", F(1)),))
    assert scale(SHAPES, "11") == Rule("of-best", (("over", "pool"),))
    assert scale(SHAPES, "15") == Rule("steps", (("table", ((1, 10),)),))
    assert scale(SHAPES, "30") == Rule("min-max", (("over", "all"),))
    assert scale(SHAPES, "30.1") == Rule("z-score", (("over", "all"),))
    assert scale(SHAPES, "31.2") == Rule("goalposts", (("start", F(10)), ("end", F(200000)), ("log", True)))
    assert scale(SHAPES, "plugin") == Rule("acme.sigmoid", (("middle", F(12)),))


def test_groups_of_the_shapes() -> None:
    parts, best, capped = SHAPES.row("8"), SHAPES.row("9"), SHAPES.row("10")
    assert isinstance(parts, Group)
    assert isinstance(best, Group)
    assert isinstance(capped, Group)
    assert (parts.parts, [child.code for child in parts.children]) == (True, ["8.a", "8.b"])
    assert (best.combine.name, capped.combine.name, capped.parts) == ("best", "capped", False)
    assert SHAPES.row("27.2").weight == 200
    assert (SHAPES.row("36.2").role, SHAPES.row("36.2").max, SHAPES.row("36.3").role) == ("bonus", 3, "deduct")
    assert SHAPES.row("18").not_applicable == "rescale"
    assert SHAPES.row("18.1").not_applicable is None
    evidence = SHAPES.row("16").evidence
    assert evidence == Evidence("số hiệu, tên, ngày, trích yếu văn bản", "30/01", "zero")


def test_the_top_says_pools_levels_ranks_and_gates() -> None:
    pools, _, bands, many, gates = (build_top(top) for top in TOPS)
    assert pools.pools is not None
    assert pools.pools.pools == (Pool("so", "Các sở"), Pool("kh", "Thanh tra", ranked=False))
    assert bands.root.levels is not None
    assert (bands.root.levels.levels[0].lower, bands.root.levels.levels[0].upper) == (85, 100)
    assert {level.of_max for level in bands.root.levels.levels} == {False}
    assert (many.root.rank.ties, many.root.rank.on, many.root.rank.then) == ("dense", "exact", ("1",))
    assert many.row("1").publish.decimals == 4
    assert many.self_scored
    assert gates.root.levels is not None
    assert gates.root.levels.levels[0].only_if == (("A.1", F(10)),)


def test_steps_down_and_all_of() -> None:
    scheme = build_top(
        "max: 20\ninputs: {tt Có trung tâm: yes-no}\n"
        "1 Thời gian: {max: 10, value: số ngày, steps-down: {3: max, 5: 1/3 max}}\n"
        "2 Đủ: {max: 10, all-of: {a Có kế hoạch: , b Có báo cáo: hằng quý, c Có trung tâm: $tt}}\n"
    )
    assert scale(scheme, "1") == Rule("steps-down", (("table", ((3, 10), (5, F(10, 3)))),))
    assert rule(scheme, "2") == Rule("all-of", (("inputs", ("2.a", "2.b", "tt")),))
    assert scheme.input("2.b").notes == "hằng quý"
    assert scheme.indicators[1].inputs == ("2.a", "2.b", "tt")


def test_points_in_below_are_of_each_rows_maximum() -> None:
    scheme = build_top(
        "max: 30\nbelow: {steps: {100%: max, 50%: 1/2 max}, assumed: mẫu}\n"
        "1 Một: {max: 10, ratio: {a: x, b: y}}\n2 Hai: {max: 20, ratio: {a: z, b: t}}\n"
    )
    assert scale(scheme, "1").get("table") == ((1, 10), (F(1, 2), 5))
    assert scale(scheme, "2").get("table") == ((1, 20), (F(1, 2), 10))
    stated = [one.key for one in scheme.statements if one.at == "total" and one.citation != DEFAULT]
    assert stated == ["max", "below.steps.100%", "below.steps.50%"]


def test_a_scale_from_below_leaves_points_alone() -> None:
    scheme = build_top(
        "combine: mean\nbelow: {z-score: pool}\n1 Một: {value: }\n2 Hai: {assessed: }\n3 Ba: {yes-no: }\n"
        "4 Bốn: {ratio: {a: x, b: y}}\n5 Năm: {acme.gap: {more: p, less: 3}}\nuses: {acme: ictindex-acme}\n"
    )
    assert [row.code for row in scheme.indicators if row.scale] == ["1", "4", "5"]


def test_plugins_bring_measures_scales_and_aggregations() -> None:
    scheme = build_top(
        "combine: acme.owa\nuses: {acme: ictindex-acme}\ninputs: {ho Số hộ: count}\n"
        "1 Một: {max: 10, acme.gap: {more: số máy, less: $ho}}\n"
        "2 Hai: {max: 10, acme.cell: số giờ, acme.sigmoid: {middle: {is: 1/3, cited: qd}, words: êm, top: 1/2 max}}\n"
    )
    assert scheme.root.combine == Rule("acme.owa")
    assert rule(scheme, "1").parameters == (
        ("more", Quantity((("1.more", F(1)),))),
        ("less", Quantity((("ho", F(1)),))),
    )
    assert scheme.indicators[0].inputs == ("1.more", "ho")
    assert rule(scheme, "2") == Rule("acme.cell", (("input", "2"),))
    assert scale(scheme, "2").parameters == (("middle", F(1, 3)), ("words", "êm"), ("top", F(5)))
    assert str(next(one for one in scheme.statements if one.key == "acme.sigmoid.middle").citation) == "cited: qd"


def test_numbers_are_exact() -> None:
    scheme = build_top(
        "max: 1\n1 A: {max: 0.1, assessed: }\n2 B: {max: 1/3, assessed: }\n3 C: {max: 17/30, assessed: }\n"
    )
    assert [row.max for row in scheme.indicators] == [F(1, 10), F(1, 3), F(17, 30)]


def test_the_nearest_status_wins() -> None:
    scheme = build_top(
        "below: {assumed: trên}\nmax: {is: 30, derived: qd cộng lại}\n"
        "1 Một:\n  max: 30\n  cited: qd mục 1\n  below: {derived: giữa}\n"
        "  1.1 A: {max: 10, assessed: }\n"
        "  1.2 B: {max: 10, ratio: {a: x, b: y, per: 100, assumed: gần}}\n"
        "  1.3 C: {max: {is: 10, assumed: riêng}, parts: {a D: {max: 10, yes-no: }}, cited: qd}\n"
    )
    said = {(one.at, one.key): str(one.citation) for one in scheme.statements}
    assert said["total", "max"] == "derived: qd cộng lại"
    assert said["1", "max"] == "cited: qd mục 1"
    assert said["1.1", "max"] == "derived: giữa"
    assert (said["1.2", "ratio.per"], said["1.2", "rule"]) == ("assumed: gần", "derived: giữa")
    assert (said["1.3", "max"], said["1.3.a", "max"]) == ("assumed: riêng", "cited: qd")
    total = next(one for one in scheme.statements if (one.at, one.key) == ("total", "max"))
    assert total.citation.source == "qd"


def test_without_any_status_a_number_is_assumed() -> None:
    scheme = build_top("max: 5\n1 Một: {max: 5, assessed: }\n")
    assert {str(one.citation) for one in scheme.statements} == {"assumed", str(DEFAULT)}
    assert scheme.assumed == len(scheme.statements) == 3 + 7


def test_a_row_that_breaks_ties_and_does_not_exist_is_reported_once() -> None:
    text = "max: 9\nrank: {then: [9]}\n1 Một: {max: 9, 1.1 A: {max: 4, assessed: }, 1.2 B: {max: 5, assessed: }}\n"
    assert [(one.code, one.where.line) for one in problems(text)] == [("S255", 7)]
    assert len(problems(text.replace("{max: 4,", "{max: 4, rank: {then: [8]},"))) == 2


def test_the_code_of_the_top_is_reserved() -> None:
    (problem,) = problems("max: 9\ntotal Một: {max: 9, assessed: }\n")
    assert (problem.code, problem.message) == ("S212", "the code 'total' is reserved for the top")


def defaults(text: str) -> list[str]:
    return [one.key for one in build_top(text).statements if one.citation == DEFAULT and one.at == "total"]


def test_a_choice_for_the_whole_scheme_that_nobody_states_is_assumed() -> None:
    assert defaults("max: 5\n1 Một: {max: 5, assessed: }\n") == [
        *("publish.as", "publish.decimals", "publish.rounding", "rank.ties", "rank.on", "missing", "not-applicable")
    ]
    top = "max: 5\nmissing: zero\npublish: {as: index, decimals: 2}\nrank: {ties: dense}\n1 Một: {max: 5, assessed: }\n"
    assert defaults(top) == ["publish.rounding", "rank.on", "not-applicable"]
    found = build_top(top)
    assert [one.text for one in found.statements if one.citation == DEFAULT] == ["half-up", "published", "refuse"]
    assert (found.root.not_applicable, found.row("1").not_applicable) == (None, None)


def test_a_default_that_is_nowhere_in_force_is_not_assumed() -> None:
    here = "publish: {as: index, decimals: 1, rounding: cut}, rank: {ties: dense, on: exact}"
    both = (
        f"combine: none\nA Một: {{assessed: , missing: zero, {here}}}\nB Hai: {{assessed: , missing: zero, {here}}}\n"
    )
    assert defaults(both) == ["not-applicable"]
    one = f"combine: none\nA Một: {{assessed: , missing: zero, {here}}}\nB Hai: {{assessed: }}\n"
    assert len(defaults(one)) == 7
    beneath = "max: 9\nA Một: {max: 9, missing: zero, A.1 Hai: {max: 9, assessed: , publish: {decimals: 1}}}\n"
    assert "missing" not in defaults(beneath) and "publish.decimals" in defaults(beneath)


def test_shared_inputs_say_what_is_known() -> None:
    scheme = build_top(
        "max: 10\n1 Một: {max: 10, ratio: {a: $tb, b: $ho}}\n"
        "inputs:\n  tb Thu nhập: {kind: amount, unit: đồng, additive: false, weighted-by: $ho,"
        " high: 9, data-from: Cục}\n"
        "  ho Số hộ: count\n"
    )
    income = scheme.input("tb")
    assert (income.unit, income.additive, income.weighted_by) == ("đồng", False, "ho")
    assert (income.low, income.high, income.data_from) == (0, 9, "Cục")


def test_variants_change_rows_by_code() -> None:
    text = (
        "max: 20\n1 Một:\n  max: 10\n  parts:\n    a X: {max: 10, value: x}\n"
        "2 Hai: {max: 10, cited: qd, count: y, each: 1}\n"
        "variants:\n  v Khác:\n    max: 25\n    1: {max: 15, 1.a X: {max: 15}}\n"
        "    2 Hai: {assumed: thử, ratio: {a: y, b: 3}, steps: {1: max}}\n"
    )
    assert problems(text) == []
    scheme = build_top(text, "v")
    assert (scheme.root.max, scheme.row("1.a").max) == (25, 15)
    assert (rule(scheme, "2").name, scale(scheme, "2").name) == ("ratio", "steps")
    assert str(scheme.row("2").citation) == "assumed: thử"
    assert build_top(text).root.max == 20


def test_every_problem_is_raised_at_once() -> None:
    text = (
        HEAD + "max: 10\n1 Một: {max: 4, assesed: }\n2 Hai: {max: 5, value: $x}\n3 Ba: {max: 5, cited: qq, yes-no: }\n"
    )
    with pytest.raises(SchemeInvalid) as caught:
        build_scheme(document(text), VOCABULARY)
    assert [(one.code, one.where.line) for one in caught.value.problems] == [
        ("S230", 6),
        ("S101", 7),
        ("S241", 8),
        ("S201", 9),
    ]


def test_each_part_of_a_criterion_is_asked_for_its_evidence() -> None:
    scheme = build_top(
        "max: 9\n1 Một:\n  max: 9\n  evidence: {ask: số hiệu, without: zero}\n"
        "  parts: {a Hai: {max: 4, yes-no: }, b Ba: {max: 5, yes-no: , evidence: biên bản}}\n"
    )
    asked = {row.code: (row.evidence.ask, row.evidence.without) for row in scheme.rows() if row.evidence}
    assert asked == {"1.a": ("số hiệu", "zero"), "1.b": ("biên bản", "flag")}
