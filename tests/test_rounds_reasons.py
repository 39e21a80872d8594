"""Reasons in a scheme document: read, shown, written out, changed by an overlay; and what a round makes of evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from ictindex import check_scheme, load_scheme
from ictindex.authoring import annex_text, diff_schemes, expand_scheme, scheme_annex
from ictindex.cells import fold
from ictindex.errors import Severity
from ictindex.messages import in_language
from ictindex.rounds.reasons import DEFAULT, reason_words, reasons_of

TEXT = """scheme: a/2025-unit
title: Bộ thử
unit: unit
edition: 2025
sources: {q Quyết định 1: {date: 2025-01-02}}
cited: q
below: {cited: q}
max: 10
reasons:
  sai Sai số học: arithmetic mistake
  thieu "Thiếu minh chứng":
1 Một: {max: 10, assessed: hội đồng, evidence: văn bản}
"""


def made(tmp_path: Path, text: str = TEXT) -> Path:
    path = tmp_path / "a" / "2025-unit.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_reasons_have_codes_and_words_in_both_languages(tmp_path: Path) -> None:
    scheme = load_scheme(made(tmp_path))
    assert [one.code for one in scheme.reasons] == ["sai", "thieu"]
    said = [(in_language(one.name, "en"), in_language(one.name, "vi")) for one in scheme.reasons]
    assert said[0] == ("arithmetic mistake", "Sai số học") and said[1][0] == said[1][1]
    assert reasons_of(scheme) == scheme.reasons
    assert reason_words(scheme.reasons)["sai số học"] == reason_words(scheme.reasons)["sai"] == scheme.reasons[0]


def test_the_usual_reasons_have_codes_of_their_own_and_words_in_both_languages() -> None:
    assert len({one.code for one in DEFAULT}) == len({one.name for one in DEFAULT}) == len(DEFAULT)
    assert all(in_language(one.name, "vi") != in_language(one.name, "en") for one in DEFAULT)
    assert [reason_words(DEFAULT)[fold(in_language(one.name, "vi"))] for one in DEFAULT] == list(DEFAULT)


def test_the_annex_and_the_expanded_document_show_the_reasons(tmp_path: Path) -> None:
    path = made(tmp_path)
    told = annex_text(scheme_annex(path), language="vi")
    assert "sai Sai số học" in told
    again = made(tmp_path, expand_scheme(path))
    assert load_scheme(again).reasons == load_scheme(path).reasons and len(load_scheme(again).reasons) == 2


def test_other_reasons_are_a_difference_that_touches_no_score(tmp_path: Path) -> None:
    before = load_scheme(made(tmp_path))
    after = load_scheme(made(tmp_path, TEXT.replace("Sai số học", "Tính sai")))
    (change,) = (one for one in diff_schemes(before, after).about if one.kind == "reasons")
    assert not change.affects and "arithmetic mistake" in change.before


def test_an_overlay_gives_reasons_in_place_of_the_scheme_s(tmp_path: Path) -> None:
    made(tmp_path)
    overlay = tmp_path / "o.yaml"
    overlay.write_text(
        "overlay: 2025-unit.yaml\nrevision: 1\nby: Sở\ndate: 2025-03-05\nsources: {p Phụ lục: {date: 2025-03-01}}\n"
        "below: {cited: p}\nchanges:\n  reasons: {khac Lý do khác: another reason}\n",
        "utf-8",
    )
    overlay.rename(tmp_path / "a" / "o.yaml")
    found = load_scheme(tmp_path / "a" / "o.yaml")
    assert [one.code for one in found.reasons] == ["khac"]


@pytest.mark.parametrize(
    ("reasons", "code"),
    [
        ("{sai Sai số học: a, sai Tính sai: b}", "S211"),
        ("{sai: Sai số học}", "S108"),
        ("{}", "S103"),
        ("[sai]", "S103"),
        ("{sai Sai số học: [1]}", "S103"),
    ],
)
def test_what_is_no_list_of_reasons_is_told(reasons: str, code: str, tmp_path: Path) -> None:
    lines = TEXT.splitlines()
    at = lines.index("reasons:")
    path = made(tmp_path, "\n".join([*lines[:at], f"reasons: {reasons}", *lines[at + 3 :], ""]))
    errors = [one for one in check_scheme(path) if one.severity is Severity.ERROR]
    assert [(one.code, one.where.line) for one in errors] == [(code, at + 1)]


def test_only_a_scheme_that_says_flag_flags_in_a_round(tmp_path: Path) -> None:
    silent = load_scheme(made(tmp_path)).row("1").evidence
    says = TEXT.replace("evidence: văn bản", "evidence: {ask: văn bản, without: flag}")
    flags = load_scheme(made(tmp_path, says)).row("1").evidence
    assert silent is not None and flags is not None
    assert (silent.without, silent.stated, flags.without, flags.stated) == ("flag", False, "flag", True)
