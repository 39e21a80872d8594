"""Filled-in forms are the declared stage of a round: figures, documents, who and remarks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from filled import fill, form_of

from ictindex import read_table
from ictindex.api import compile_scheme, score
from ictindex.rounds.events import Proof, Track
from ictindex.yearly import read_round

DISTRICT = "dong-thap-1397/2022-district"
FILLED: dict[str, Any] = {
    "@unit": "00004", "@name": "Xã Phúc Xá", "1.1": "b Trưởng ban là Phó Bí thư hoặc Phó Chủ tịch", "1.2.a": "Có",
    "1.2.b": "Không", "1.3.a": 3, "1.3.b": 4, "1.4": 12.5, **{str(row): 10 for row in range(2, 9)},
    "1.1@number": "12/QĐ-UBND", "1.1@date": dt.date(2025, 3, 5), "1.1@remark": "đã gửi bản giấy",
    "@by": "Trần B",
}  # fmt: skip
VERIFIED = (
    "đơn vị,mã,bước,giá trị cũ,giá trị,minh chứng,ngày,người thực hiện,lý do\n"
    "Xã Phúc Xá,1.1,thẩm định,,,không chấp nhận,15/01/2026,Tổ thẩm định,sai-ky\n"
    '00004,1.4,thẩm định,"12,5","10,5",,15/01/2026,Tổ thẩm định,sai-so\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "00004.xlsx").write_bytes(fill(form_of(compile_scheme(DISTRICT)), FILLED))
    (tmp_path / "verified.csv").write_text(VERIFIED, "utf-8")
    return tmp_path / "forms"


def test_a_folder_of_forms_is_a_round_with_the_documents_that_were_shown(folder: Path) -> None:
    found = read_round(folder, scheme=DISTRICT)
    claim = found.claim("00004", "1.1")
    assert claim is not None and claim.unverified(Track.FINAL)
    assert claim.shown() == (Proof("12/QĐ-UBND", "2025-03-05"),)
    assert (claim.history[0].by, claim.history[0].remark) == ("Trần B", "đã gửi bản giấy")


def test_what_forms_declare_is_verified_by_a_file(folder: Path, run: Any) -> None:
    lines = folder.parent / "verified.csv"
    found = read_round(lines, scheme=DISTRICT, declared=folder)
    assert found.claims["00004", "1.1"].shown() == (Proof("12/QĐ-UBND", "2025-03-05"),)
    result = score(DISTRICT, found.table("verified"))
    # 1.1: b is 5 points, without its evidence none. 1.4: 10.5 for 12.5.
    assert [one.exact for one in result.differences()] == [-7]
    told = run("round", DISTRICT, folder, "--round", lines, "--unit", "00004")
    assert "declared: b, 12/QĐ-UBND, 2025-03-05 (Trần B) đã gửi bản giấy" in told.out
    assert "-7.00" in run("score", DISTRICT, folder, "--round", lines, "--track", "verified").out


def test_the_words_of_evidence_in_a_table_are_its_document() -> None:
    table = read_table(
        {"unit": ["u", "v"], "1.1": ["a", "b"], "1.1.evidence": ["12/QĐ-UBND", "không"]}
        | {code: [1, 1] for code in ("1.2.a", "1.2.b", "1.3.a", "1.3.b", "1.4", *map(str, range(2, 9)))},
        scheme=DISTRICT,
    )
    found = read_round(table, scheme=DISTRICT)
    shown, absent = found.claim("u", "1.1"), found.claim("v", "1.1")
    assert shown is not None and shown.shown() == (Proof(title="12/QĐ-UBND"),)
    assert absent is not None and absent.shown() == ()
