"""The reasons that may be given where a declared figure is changed: the scheme's own, or these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ictindex.cells import fold
from ictindex.messages import either, in_language
from ictindex.model import Scheme
from ictindex.origins import Reason

DEFAULT: Final = tuple(
    Reason(code, either(english, vietnamese))
    for code, english, vietnamese in (
        ("thieu", "evidence missing", "thiếu tài liệu kiểm chứng"),
        ("sai-ky", "evidence of another period", "tài liệu kiểm chứng không đúng kỳ"),
        (
            "khong-hop-le",
            "evidence not valid (not signed, not issued, not by who may)",
            "tài liệu kiểm chứng không hợp lệ",
        ),
        ("sai-so", "arithmetic mistake", "sai số học"),
        ("sai-don-vi-tinh", "wrong unit of measure", "sai đơn vị tính"),
        ("sai-doi-tuong", "counts what the criterion does not mean", "không đúng đối tượng"),
        ("sai-cach-tinh", "not calculated as the criterion says", "không đúng cách tính của tiêu chí"),
        ("lech-nguon", "differs from another source", "số liệu lệch nguồn khác"),
        ("trung", "counted twice", "tính trùng"),
        ("qua-han", "handed in too late", "nộp quá hạn"),
        ("bo-sung", "evidence or explanation added", "đã bổ sung tài liệu kiểm chứng, giải trình"),
        ("khac", "another reason, see the remark", "lý do khác, xem ghi chú"),
    )
)
"""The reasons of a scheme that lists none."""

NEEDS_A_REMARK: Final = frozenset(one for one in DEFAULT if one.code == "khac")
"""Reasons that say nothing without a remark."""


def reasons_of(scheme: Scheme) -> tuple[Reason, ...]:
    """Return the reasons that may be given in a round of the scheme."""
    return scheme.reasons or DEFAULT


def reason_words(known: Sequence[Reason]) -> dict[str, Reason]:
    """Return the reasons by what may be written for them, folded: the code, the words, or both."""
    found: dict[str, Reason] = {}
    for reason in known:
        vietnamese = in_language(reason.name, "vi")
        for text in (reason.code, reason.name, vietnamese, f"{reason.code} {vietnamese}"):
            found.setdefault(fold(text), reason)
    return found
