"""The pending ranking of rounds and tables: what is open, what it may become, the command, and the guide."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from made import INDEX, assessed, group, rule, scheme, value
from rounded import HEAD

import ictindex
from ictindex import pending, table_from_columns
from ictindex.analysis.pending import appeals, comparing, ends, queue
from ictindex.analysis.pending.answer import Pending, PendingClaim, PendingUnit
from ictindex.api import score
from ictindex.cli import FINE, WRONG_USE
from ictindex.errors import UnknownName, WrongUse
from ictindex.model import TOTAL, Evidence, RankRule, Scheme
from ictindex.questions import answer_schema
from ictindex.rounds.opening import read_round_file
from ictindex.rounds.round import Round

TOP = Path(__file__).parent.parent
GUIDE = (TOP / "docs" / "pending.md").read_text("utf-8")
SHOWN = re.findall(r"```console\n\$ ictindex (.*?)\n(.*?)```", GUIDE, re.DOTALL)
SCHEME_ID = "dong-thap-1397/2022-district"
DECLARED = TOP / "schemes" / f"{SCHEME_ID}.example.synthetic.csv"
EVENTS = TOP / "docs" / "rounds" / "2022-district.synthetic.csv"
PROOF = Evidence("Số hiệu, ngày", without="zero")
THREE = scheme(
    group(TOTAL, 100, assessed("1", 60), assessed("2", 30, evidence=PROOF), assessed("3", 10, missing="zero"))
)
UNITS: dict[str, list[Any]] = {
    "unit": ["a", "b", "c"], "1": [50, 40, 10], "2": [20, 20, 5], "3": [5, None, 5],
    "2.evidence": ["12/QĐ", "13/QĐ", None],
}  # fmt: skip
VERIFIED = [
    f"{unit},{code},verified,{old}"
    for unit, code, old in (("a", "1", 50), ("a", "3", 5), ("c", "1", 10), ("c", "3", 5))
]


def round_of(*lines: str, base: Scheme = THREE, **columns: list[Any]) -> Round:
    """Return a round; a line is `unit,code,stage,old,value,evidence`, verified by somebody on some day."""
    told = [HEAD]
    for day, one in enumerate(lines, 10):
        unit, code, stage, old, new, evidence = (*one.split(","), "", "", "")[:6]
        who = ",Tổ thẩm định,sai-so," if stage != "appealed" else ",,,"
        told.append(
            f"{unit},{code},{stage},{old},{new or (old if not evidence else '')},{evidence},,2026-01-{day},{who}"
        )
    return read_round_file(io.StringIO("\n".join(told)), base, declared=table_from_columns(base, columns or UNITS))


def asked(found: Round, **options: Any) -> Pending:
    return pending(score(found.scheme, found.table("final", beside=False)), found, **options)


def unit(answer: Pending, code: str) -> PendingUnit:
    return next(one for one in answer.units if one.unit == code)


def claim(answer: Pending, code: str, row: str) -> PendingClaim:
    return next(one for one in answer.queue if (one.unit, one.code) == (code, row))


def span(one: PendingUnit) -> tuple[Any, ...]:
    return one.lowest_points, one.highest_points, one.best, one.worst


def test_what_nobody_verified_may_be_turned_down() -> None:
    answer = asked(round_of(*VERIFIED))
    assert span(unit(answer, "a")) == (55, 75, 1, 2)
    assert span(unit(answer, "b")) == (0, 70, 1, 3)  # 40 and 20 unverified, 3 missing: 0 to 10
    assert span(unit(answer, "c")) == (15, 20, 2, 3)  # its evidence may still be shown
    assert claim(answer, "a", "2").figures == ("2",) and claim(answer, "a", "2").why == ("unverified",)
    assert claim(answer, "b", "3").why == ("missing",)
    assert claim(answer, "c", "2").why == ("unverified", "evidence")
    assert {(one.unit, one.code) for one in answer.queue} == {
        ("a", "2"),
        ("b", "1"),
        ("b", "2"),
        ("b", "3"),
        ("c", "2"),
    }
    assert all(one.exact and one.exact_ranks for one in answer.units) and not answer.compares


def test_the_most_decisive_stands_first() -> None:
    answer = asked(round_of(*VERIFIED))
    first = answer.queue[0]
    assert (first.unit, first.code, first.ranks, first.swing) == ("a", "2", 2, 20)  # 55 is below the 60 of b
    assert claim(answer, "b", "1").ranks == 0 and claim(answer, "b", "1").reach == 3  # 20 ties with 15 to 20 of c
    assert claim(answer, "b", "1").urgency == "together"
    assert claim(answer, "b", "3").urgency == "together"
    assert {one.urgency for one in answer.queue} == {"decisive", "together"}


def test_an_appeal_may_be_granted() -> None:
    lines = ["a,1,verified,50,30", "a,1,appealed,30,45", *VERIFIED[1:]]
    answer = asked(round_of(*lines))
    assert claim(answer, "a", "1").why == ("appealed",)
    assert (claim(answer, "a", "1").lowest_points, claim(answer, "a", "1").highest_points) == (30, 45)
    assert span(unit(answer, "a"))[:2] == (35, 70)
    decided = asked(round_of(*lines, "a,1,final,30,40"))
    assert span(unit(decided, "a"))[:2] == (45, 65)


def test_evidence_that_was_rejected_is_open_only_under_appeal() -> None:
    rejected = ["c,2,verified,,,rejected", *VERIFIED]
    assert span(unit(asked(round_of(*rejected)), "c"))[:2] == (15, 15)
    appealed = asked(round_of("c,2,verified,,,rejected", "c,2,appealed,,5", *VERIFIED))
    assert span(unit(appealed, "c"))[:2] == (15, 20) and claim(appealed, "c", "2").why == ("appealed",)


def test_a_figure_that_was_struck_out_is_not_missing_any_more() -> None:
    answer = asked(round_of("b,1,verified,40", "b,2,verified,20", "b,3,verified,,empty", *VERIFIED))
    assert span(unit(answer, "b"))[:2] == (60, 60) and unit(answer, "b").open == 0


def test_without_a_round_only_what_is_lacking_is_open() -> None:
    answer = pending(score(THREE, table_from_columns(THREE, UNITS)))
    assert {(one.unit, one.code, one.why) for one in answer.queue} == {
        ("b", "3", ("missing",)),
        ("c", "2", ("evidence",)),
    }
    assert answer.track == "" and span(unit(answer, "a")) == (75, 75, 1, 1)
    assert span(unit(answer, "c")) == (15, 20, 3, 3) and unit(answer, "c").settled
    assert all(one.urgency == "can-wait" for one in answer.queue)
    assert "2 can wait" in answer.told() and "Verify these first" not in answer.told()
    assert "Which criteria decide" not in answer.told()
    assert answer.criteria[0].units == 1 and answer.criteria[0].decisive == answer.criteria[0].together == 0


def test_a_table_is_never_called_final() -> None:
    full = table_from_columns(THREE, UNITS | {"3": [5, 5, 5], "2.evidence": ["1/A", "2/A", "3/A"]})
    told = " ".join(pending(score(THREE, full)).told().split())
    assert "No figure that counts here is missing, so nothing is open in this table." in told and "final" not in told
    assert "if they were only declared, add `--declared`, or `--round FILE`" in told
    assert "`--declared`" in pending(score(THREE, table_from_columns(THREE, UNITS))).told()
    every = [f"{unit},{code},verified,{old}" for code in "123" for unit, old in zip("abc", UNITS[code], strict=True)]
    found = round_of(*(one.replace("None", "empty") for one in every), **UNITS | {"2.evidence": ["1/A", "2/A", "3/A"]})
    closed = asked(found).told()
    assert "the ranking of 3 units is final as it stands" in closed and "--declared" not in closed


def test_which_total_is_meant_is_said(run: Any) -> None:
    hue = TOP / "schemes" / "hue-1784" / "2020-district.example.csv"
    told = " ".join(run("pending", "hue-1784/2020-district", hue).out.split())
    assert "This is about A Điều kiện sẵn sàng. About B Kết quả Chính quyền điện tử: --total B." in told
    assert "final as it stands" not in told


def test_appeals_stand_first_with_what_is_asked_and_since_when() -> None:
    lines = [*VERIFIED, "a,2,verified,20,10", "a,2,appealed,10,20", "c,2,verified,,,rejected", "c,2,appealed,,5"]
    answer = asked(round_of(*lines))
    first, second = answer.appeals
    assert (first.unit, first.code, first.now, first.asked, first.since) == ("a", "2", "10", "20", "2026-01-15")
    assert (first.points, first.granted, first.gain, first.rank, first.becomes, first.ranks) == (10, 20, 10, 1, 1, 0)
    assert (second.unit, second.asked, second.evidence) == ("c", "5", "") and second.granted == 5  # and its evidence
    told = answer.told()
    assert told.index("Appeals to decide\n") < told.index("Which criteria decide") < told.index("Verify these first")
    assert "10 → 20" in told and "2026-01-15" in told and "15/01/2026" in answer.told("vi")
    assert not asked(round_of(*VERIFIED)).appeals and "Appeals" not in asked(round_of(*VERIFIED)).told()


def test_an_appeal_is_told_as_if_it_alone_were_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = round_of("a,1,verified,50,30", "a,1,appealed,30,45", *VERIFIED[1:])
    (appeal,) = asked(found).appeals
    assert (appeal.points, appeal.granted, appeal.gain, appeal.rank, appeal.becomes) == (30, 45, 15, 2, 1)
    assert appeal.ranks == 2  # a and b change places
    monkeypatch.setattr(appeals, "LOOKS", 0)
    (appeal,) = asked(found).appeals
    assert appeal.granted is appeal.gain is appeal.becomes is appeal.ranks is None and appeal.points == 30
    asked(found).told()


def test_the_queue_is_summed_up_by_criterion() -> None:
    answer = asked(round_of(*VERIFIED))
    for one in answer.criteria:
        claims = [claim for claim in answer.queue if claim.code == one.code]
        assert (one.units, one.ranks) == (len(claims), max(claim.ranks for claim in claims))
        assert one.decisive == sum(claim.urgency == "decisive" for claim in claims)
        assert one.together == sum(claim.urgency == "together" for claim in claims)
        assert one.swing == max(claim.swing for claim in claims)
    assert [one.code for one in answer.criteria] == ["2", "1", "3"]


def test_levels_are_spoken_of_only_where_there_are_some() -> None:
    assert "level" not in asked(round_of(*VERIFIED), shown=1).told()
    told = asked(round_of(*VERIFIED)).told()
    assert "rank may be" in told and "score may be" in told and "points at stake" in told and "may become" not in told
    assert "0 (together: 3)" in told


def test_where_nothing_is_open_the_ranges_are_the_result() -> None:
    for path in sorted((TOP / "schemes").glob("*/*.example*.csv")):
        known = ictindex.load_scheme(f"{path.parent.name}/{path.name.split('.')[0]}")
        result = score(known, ictindex.read_table(path, scheme=known, doubts=False))
        answer = pending(result)
        for one in answer.units:
            if one.open or answer.compares:
                continue
            assert one.lowest == one.highest == one.published and one.lowest_points == one.points
            assert one.levels in ((one.level,), ())
        if not answer.queue:
            assert all((one.best, one.worst) == (one.rank, one.rank) for one in answer.units)
            assert "nothing is open" in answer.told()


def test_a_deduction_counts_against_the_unit() -> None:
    made = scheme(group(TOTAL, 100, assessed("1", 100), assessed("2", 20, role="deduct"), combine="sum"))
    found = round_of("a,1,verified,50", base=made, **{"unit": ["a"], "1": [50], "2": [5]})
    assert span(unit(asked(found), "a")) == (30, 45, 1, 1)


def test_the_shipped_round() -> None:
    known = ictindex.load_scheme(SCHEME_ID)
    found = ictindex.read_round(EVENTS, scheme=known, declared=DECLARED)
    answer = asked(found)
    assert len(answer.queue) == 127 and sum(one.urgency == "can-wait" for one in answer.queue) == 7
    assert [(one.unit, one.code, one.ranks) for one in answer.queue[:2]] == [("huyen-10", "6", 9), ("huyen-07", "6", 9)]
    appealed = claim(answer, "huyen-08", "1.3")
    assert appealed.why == ("unverified", "appealed") and unit(answer, "huyen-08").highest == "279.00"
    assert unit(answer, "huyen-10").lowest_points == 30  # criterion 5 is final
    assert not [one for one in answer.queue if (one.unit, one.code) in {("huyen-09", "1.1"), ("huyen-02", "3")}]


def test_units_that_are_compared_move_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scheme(group(TOTAL, 10, value("1", 10, scale=rule("min-max", over="all"))))
    base = table_from_columns(made, {"unit": ["a", "b", "c"], "1": [4, 2, 0]})
    lines = f"{HEAD}\nb,1,verified,2,2,,,2026-01-10,,Tổ,,\nc,1,verified,0,0,,,2026-01-10,,Tổ,,"
    found = read_round_file(io.StringIO(lines), made, declared=base)
    exact = asked(found)
    assert exact.compares and span(unit(exact, "b")) == (5, 10, 1, 2)  # without a, the 2 of b is the highest
    assert claim(exact, "a", "1").ranks == 3  # a is with c at the end
    monkeypatch.setattr(comparing, "TOGETHER", 1)
    monkeypatch.setattr(queue, "LOOKS", 0)
    bound = asked(found)
    assert span(unit(bound, "b"))[:2] == (5, 10) and not unit(bound, "b").exact
    assert claim(bound, "a", "1").first_look and "bounds" in bound.told() and "within" in bound.told()


def test_a_figure_that_brings_nothing_still_holds_the_lowest_end_of_a_comparison() -> None:
    made = scheme(group(TOTAL, 10, value("1", 10, scale=rule("min-max", over="all"))))
    base = table_from_columns(made, {"unit": ["a", "b", "c"], "1": [4, 2, 0]})
    lines = f"{HEAD}\na,1,verified,4,4,,,2026-01-10,,Tổ,,\nb,1,verified,2,2,,,2026-01-10,,Tổ,,"
    answer = asked(read_round_file(io.StringIO(lines), made, declared=base))
    assert span(unit(answer, "b")) == (0, 5, 2, 2)  # without c, the 2 of b is the lowest
    assert span(unit(answer, "c")) == (0, 0, 2, 3)
    assert claim(answer, "c", "1").swing == 0 and claim(answer, "c", "1").urgency == "decisive"


def test_leaving_a_criterion_out_can_raise_or_lower(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [assessed(f"{at}", 10) for at in range(1, 4)]
    made = scheme(group(TOTAL, 30, *rows, missing="rescale"))
    base = table_from_columns(made, {"unit": ["a"], "1": [9], "2": [3], "3": [6]})
    found = read_round_file(io.StringIO(f"{HEAD}\na,1,verified,9,9,,,2026-01-10,,Tổ,,"), made, declared=base)
    one = unit(asked(found), "a")
    assert span(one)[:2] == (9, 27) and one.exact  # both left out: 9 of 10
    monkeypatch.setattr(ends, "TRIED", 1)
    one = unit(asked(found), "a")
    assert span(one)[:2] == (9, 29) and not one.exact


def test_leaving_out_may_beat_full_marks_beside_a_deduction_and_cost_more_than_none_beside_a_bonus(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {}
    for role, most, cells in (("deduct", 6, [20, 15, 6]), ("bonus", 3, [0, 15, 3])):
        below = group("2", 15, assessed("2.1", 15), assessed("2.2", most, role=role))
        made = scheme(group(TOTAL, 40, assessed("1", 25), below, missing="rescale"))
        columns = {"unit": ["a"], **{code: [cell] for code, cell in zip(("1", "2.1", "2.2"), cells, strict=True)}}
        found[role] = round_of(f"a,2.2,verified,{most}", base=made, **columns)
    one = unit(asked(found["deduct"]), "a")
    assert one.highest_points == 32 and one.exact  # 20 of 25, where 15 less 6 of 15 would make it 29 of 40
    one = unit(asked(found["bonus"]), "a")
    assert one.lowest_points == 0 and one.exact  # the bonus goes with its heading, where 0 of 15 would keep its 3
    monkeypatch.setattr(ends, "TRIED", 1)
    one = unit(asked(found["deduct"]), "a")
    assert one.highest_points >= 32 and not one.exact
    one = unit(asked(found["bonus"]), "a")
    assert one.lowest_points == 0 and not one.exact


def test_pools_and_dense_ties() -> None:
    made = scheme(group(TOTAL, 60, assessed("1", 60), rank=RankRule("dense")))
    base = table_from_columns(made, {"unit": ["a", "b", "c", "d"], "1": [50, 40, 40, 10]})
    verified = "\n".join(f"{name},1,verified,{old},{old},,,2026-01-10,,Tổ,," for name, old in (("a", 50), ("d", 10)))
    answer = asked(read_round_file(io.StringIO(f"{HEAD}\n{verified}"), made, declared=base))
    assert [(one.unit, one.best, one.worst) for one in answer.units] == [
        ("a", 1, 1),
        ("b", 2, 4),
        ("c", 2, 4),
        ("d", 2, 4),
    ]
    assert not unit(answer, "d").exact_ranks


def test_a_row_without_points_ranks_nobody() -> None:
    made = scheme(group(TOTAL, 60, assessed("1", 60), group("2", 0, value("3", 0), publish=INDEX)))
    result = score(made, table_from_columns(made, {"unit": ["a"], "1": [50], "3": [1]}))
    for code in ("2", "3"):
        with pytest.raises(WrongUse, match="U263"):
            pending(result, code=code)


def test_wrong_use() -> None:
    found = round_of(*VERIFIED)
    with pytest.raises(WrongUse, match="declared") as error:
        pending(score(THREE, found.table("declared")), found)
    assert error.value.problems[0].code == "U261"
    other = table_from_columns(THREE, {key: cells[:2] for key, cells in UNITS.items()})
    with pytest.raises(WrongUse, match="not of the same units") as error:
        pending(score(THREE, other), found)
    assert error.value.problems[0].code == "U260"
    with pytest.raises(UnknownName):
        asked(found, code="9")


def test_the_data_fit_their_schema() -> None:
    for answer in (asked(round_of(*VERIFIED)), pending(score(THREE, table_from_columns(THREE, UNITS)))):
        told = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
        jsonschema.Draft202012Validator(answer_schema("pending")).validate(told)
        columns = answer.to_columns()
        assert columns["best"] == [one.best for one in answer.units] and "worst" in columns


def test_a_shorter_queue_says_how_much_is_left() -> None:
    found = round_of(*VERIFIED)
    assert "4 more can change a rank;" in asked(found, shown=1).told()
    assert "more can change" not in asked(found, shown=None).told()


def test_the_command(run: Any, tmp_path: Path) -> None:
    usual = ["pending", SCHEME_ID, str(DECLARED), "--round", str(EVENTS)]
    told = run(*usual)
    assert told.code == FINE and "100 more can change a rank;" in told.out
    every = run(*usual, "--all")
    assert "more can change" not in every.out and every.out.count("not verified") > 100
    data = json.loads(run(*usual, "--format", "json").out)
    assert data["format"] == "ictindex-pending/1" and len(data["queue"]) == 127 and data["track"] == "final"
    assert run(*usual, "-o", tmp_path / "x.csv").code == FINE
    lines = [line for line in (tmp_path / "x.csv").read_text("utf-8").splitlines() if not line.startswith(("#", '"#'))]
    assert next(csv.DictReader(lines))["unit"] == "huyen-07"
    wrong = run(*usual, "--track", "declared")
    assert wrong.code == WRONG_USE and "U261" in wrong.err
    alone = run("pending", SCHEME_ID, str(DECLARED))
    assert alone.code == FINE and "nothing is open" in alone.out
    declared = run("pending", SCHEME_ID, str(DECLARED), "--declared", "--lang", "vi")
    assert declared.code == FINE and "huyen-07" in declared.out and "127" not in declared.out
    both = run(*usual, "--declared")
    assert both.code == WRONG_USE and "U262" in both.err


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=[command.split()[0] for command, _ in SHOWN])
def test_the_guide_shows_what_the_command_prints(
    command: str, expected: str, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    parts = [part.strip("\n") for part in expected.split("…\n")]
    assert len(parts) > 3
    assert re.fullmatch(r".*".join(map(re.escape, parts)) + r"\n*", run(*shlex.split(command)).out, re.DOTALL)
