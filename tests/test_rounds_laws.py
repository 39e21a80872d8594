"""Laws of rounds, on histories drawn at random: what a track says follows from the history and from nothing else."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from made import group, ratio, scheme, value
from rounded import HEAD, declared, read, read_json

from ictindex import table_from_columns
from ictindex.api import score
from ictindex.model import TOTAL
from ictindex.rounds.events import Track, Unverified
from ictindex.rounds.opening import read_round_file
from ictindex.rounds.round import Round

VALUES = {
    "1.1": ["0", "3", "4", "9"],
    "1.2.a": ["10.5", "12.25", "empty", "n/a"],
    "cb": ["30", "31.5"],
    "1.3": ["yes", "no"],
    "2.1": ["1", "2", "3"],
    "2.3": ["5", "2.5", "10"],
}
DECLARED = {
    "u1": {"1.1": "4", "1.2.a": "10.5", "cb": "30", "1.3": "yes", "2.1": "2", "2.3": "5"},
    "u2": {"1.1": "7", "1.2.a": "20", "cb": "40", "1.3": "no", "2.1": "3", "2.3": "2.5"},
}
Event = dict[str, Any]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Return the events of some figures, oldest first: corrected, verified, appealed, verified again, closed."""
    figures = draw(st.lists(st.tuples(st.sampled_from(["u1", "u2"]), st.sampled_from(list(VALUES))), unique=True))
    events: list[Event] = []
    for unit, code in figures:
        now, day = DECLARED[unit][code], draw(st.integers(1, 3))
        stages = ["declared"] * draw(st.integers(0, 1)) + ["verified"] * draw(st.integers(1, 2))
        stages += ["appealed"] * draw(st.integers(0, 1)) + ["final"] * draw(st.integers(0, 1))
        for stage in stages:
            value = draw(st.sampled_from(VALUES[code]))
            event = {"unit": unit, "code": code, "stage": stage, "value": value, "when": f"2026-01-{day:02d}"}
            if stage in ("verified", "final"):
                event |= {"old": now, "by": "Tổ thẩm định", "reason": "sai-so"}
            now, day = value if stage != "appealed" else now, day + draw(st.integers(1, 4))
            events.append(event)
    return sorted(events, key=lambda one: str(one["when"]))


def written(events: list[Event]) -> Round:
    return read(*(",".join(str(event.get(key, "")) for key in HEAD.split(",")) for event in events))


def said(events: list[Event], track: Track) -> dict[tuple[str, str], str]:
    """Return what a track says of each figure that the events are about, by a plain replay."""
    counted = {"declared", *(["verified"] if track is not Track.DECLARED else []), str(track)}
    found = {(one["unit"], one["code"]): DECLARED[one["unit"]][one["code"]] for one in events}
    return found | {(one["unit"], one["code"]): one["value"] for one in events if one["stage"] in counted}


@given(histories(), st.randoms())
def test_the_order_of_the_lines_says_nothing(events: list[Event], random: Any) -> None:
    shuffled = random.sample(events, len(events))
    one, other = (written(those) for those in (events, shuffled)) if events else (None, None)
    if one is not None and other is not None:
        assert dict(one.claims) == dict(other.claims)
        assert all(one.table(track) == other.table(track) for track in Track)


@given(histories().filter(bool), st.sampled_from(list(Track)))
def test_a_track_says_what_a_plain_replay_of_the_events_says(events: list[Event], track: Track) -> None:
    found, typed = written(events), said(events, track)
    for (unit, code), text in typed.items():
        claim = found.claim(unit, code)
        figure = claim and claim.value(track)
        assert figure is not None
        assert figure.text == {"empty": "", "n/a": "n/a"}.get(text, text)
    untouched = declared()
    for key, column in found.table(track).columns.items():
        for at, unit in enumerate(("u1", "u2")):
            if (unit, key) not in typed:
                assert repr(column.values[at]) == repr(untouched.columns[key].values[at])


@given(histories().filter(bool))
def test_verified_and_never_closed_is_final(events: list[Event]) -> None:
    found = written([one for one in events if one["stage"] != "final"])
    assert dict(found.table("final").columns) == dict(found.table("verified").columns)


@given(histories().filter(bool))
def test_an_appeal_changes_no_value(events: list[Event]) -> None:
    without = [one for one in events if one["stage"] != "appealed"]
    for track in Track:
        assert written(events).table(track) == written(without).table(track)


@given(histories().filter(bool), st.data())
def test_the_beginning_of_a_file_gives_the_state_at_that_time(events: list[Event], data: st.DataObject) -> None:
    until = data.draw(st.integers(1, len(events)))
    early, late = written(events[:until]), written(events)
    for key, claim in early.claims.items():
        assert late.claims[key].history[: len(claim.history)] == claim.history
    for (unit, code), text in said(events[:until], Track.FINAL).items():
        figure = early.claims[unit, code].value(Track.FINAL)
        assert figure is not None and figure.text == {"empty": "", "n/a": "n/a"}.get(text, text)


@given(histories().filter(bool))
def test_json_lines_say_what_csv_says(events: list[Event]) -> None:
    typed = read_json(*events)
    assert dict(typed.claims) == dict(written(events).claims)


SUM = scheme(group(TOTAL, 30, ratio("1", 10), group("B", 20, value("2", 15), value("3", 5))))
FIGURES = {"1.a": 3, "1.b": 7, "2": 12, "3": 2}


@given(st.dictionaries(st.sampled_from(list(FIGURES)), st.integers(0, 50).map(lambda tenths: tenths / 10), min_size=1))
def test_what_the_criteria_lose_adds_up_to_what_the_sum_loses(changes: dict[str, float]) -> None:
    changes |= {"1.b": 1 + changes["1.b"]} if "1.b" in changes else {}  # nobody divides by 0
    lines = [f"u,{code},verified,{FIGURES[code]},{new},2026-01-15,Tổ,sai-so" for code, new in changes.items()]
    file = io.StringIO("\n".join(["unit,code,stage,old,value,when,by,reason", *lines]))
    base = table_from_columns(SUM, {"unit": ["u"]} | {code: [figure] for code, figure in FIGURES.items()})
    result = score(SUM, read_round_file(file, SUM, declared=base).table("final"))
    for heading, rows in (("total", ("1", "B")), ("B", ("2", "3")), ("total", ("1", "2", "3"))):
        (whole,) = result.differences(heading)
        parts = [result.differences(row)[0].exact for row in rows]
        assert sum((Fraction(part) for part in parts if part is not None), Fraction(0)) == whole.exact
        assert whole.changed == bool(whole.exact)


@given(histories().filter(bool))
def test_what_nobody_verified_is_as_declared_missing_or_refused_as_was_said(events: list[Event]) -> None:
    found = written(events)
    as_declared = found.table("verified")
    missing = found.table("verified", unverified=Unverified.MISSING)
    for key, mask in found.unverified(Track.VERIFIED).items():
        states = missing.columns[key].states
        for at, unverified in enumerate(mask):
            if unverified:
                assert states is not None and states[at] == 1
                assert as_declared.columns[key].values[at] == found.declared.columns[key].values[at]
