"""What became of declared figures is told where scores are read: by explain, in workbooks, in Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest

import ictindex
from ictindex.result import Result

ROOT = Path(__file__).parent.parent
SCHEME = "dong-thap-1397/2022-district"
DECLARED = ROOT / "schemes" / "dong-thap-1397" / "2022-district.example.synthetic.csv"
LINES = ROOT / "docs" / "rounds" / "2022-district.synthetic.csv"


def scored(track: str = "final") -> Result:
    scheme = ictindex.load_scheme(SCHEME)
    found = ictindex.read_round(LINES, scheme=scheme, declared=DECLARED)
    return ictindex.score(scheme, found.table(track))


@pytest.fixture(scope="module")
def final() -> Result:
    return scored()


def told(result: Result, unit: str, row: str, language: str = "en") -> str:
    return result.explain(unit, row).told(language)


# --- explain -------------------------------------------------------------------------------------------------------


def test_explain_tells_what_the_track_did_to_a_figure_with_who_when_and_why(final: Result) -> None:
    lines = [line.strip() for line in told(final, "huyen-02", "3").splitlines()]
    at = lines.index("declared: 45")
    assert lines[at + 1] == "verified: 45 → 40.5 (2026-01-12, Tổ thẩm định) differs from another source"
    assert lines[at + 2].startswith("appealed: 45, 12/BC-UBND")
    assert lines[at + 3].startswith("final: 40.5 → 43 (2026-01-22, Hội đồng thẩm định) evidence or explanation added")
    assert "45 → 40.5 (12/01/2026, Tổ thẩm định)" in told(final, "huyen-02", "3", "vi")
    assert final.explain("huyen-02", "3").to_dict()["explanation"]["history"][0] == "declared: 45"


def test_a_track_tells_only_what_it_sees_and_an_unverified_figure_nothing(final: Result) -> None:
    verified = told(scored("verified"), "huyen-02", "3")
    assert "45 → 40.5" in verified and "40.5 → 43" not in verified and "appealed" not in verified
    assert "→" not in told(scored("declared"), "huyen-02", "3")
    assert "declared:" not in told(final, "huyen-02", "4")


def test_a_figure_among_several_is_named(final: Result) -> None:
    assert "1.3.a: verified: 7 → 5" in told(final, "huyen-01", "1.3")


def test_rejected_evidence_is_told_as_rejected_with_its_reason(final: Result) -> None:
    text = told(final, "huyen-01", "1.1")
    assert "[evidence rejected]" in text and "no-evidence" not in text
    assert "; evidence rejected, so 0" in text
    assert "evidence rejected (2026-01-12, Tổ thẩm định) evidence of another period" in text
    assert final.explain("huyen-01", "1.1").root.flags == ("no-evidence",)  # data keep the stable word
    kept = told(final, "huyen-09", "1.1")  # rejected first, accepted in the end
    assert "[evidence rejected]" not in kept and "evidence accepted" in kept


def test_the_choices_of_a_scheme_are_told_in_words(final: Result) -> None:
    text = told(final, "huyen-02", "total")
    assert "how ranks are made: equal scores share a rank, as 1 2 2 4: assumed" in text
    assert "condition a: 1/2 of the max: cited" in text
    assert "max 60: cited" in text
    for key in ("rank.ties", "publish.as", "checks.a", "half-up"):
        assert key not in text
    vietnamese = told(final, "huyen-02", "total", "vi")
    assert "điểm tối đa 60" in vietnamese and "total" not in vietnamese
    assert "cách xếp hạng: điểm bằng nhau thì cùng hạng, như 1 2 2 4" in vietnamese
