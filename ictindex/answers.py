"""What people write for yes, for no, for what does not apply, and where nothing is shown; compared when folded."""

from __future__ import annotations

from ictindex.texts import CELL_LIMIT, fold

NOT_APPLICABLE_WORDS = frozenset({"n/a", "không áp dụng"})
YES = frozenset({"yes", "có", "đã có", "1", "true", "x", "đạt", "đã đạt"})
NO = frozenset({"no", "không", "không có", "chưa", "chưa có", "0", "false", "không đạt", "chưa đạt"})
LACKING = frozenset({"none", "nothing", "missing", "not yet", "not shown", "not submitted", "no evidence"}) | {
    f"{verb} {what}".strip()
    for verb in ("thiếu", "không có", "chưa có", "không nộp", "chưa nộp", "không gửi", "chưa gửi")
    for what in ("", "tài liệu", "văn bản", "hồ sơ", "minh chứng", "tài liệu kiểm chứng")
}
"""What else says of evidence that there is none. Of a yes or no it says less: the figure itself may be missing."""

NOTHING_SHOWN = NO | LACKING | NOT_APPLICABLE_WORDS
"""Every word that says of evidence that there is none."""

AROUND = " .,;:!?()[]-–—−"
"""What may stand around such a word and says nothing."""


def is_shown(text: str) -> bool:
    """Whether a cell of evidence shows something: no word for no or for not applicable, no error of a spreadsheet."""
    word = fold(text[:CELL_LIMIT]).strip(AROUND)
    return bool(word) and word not in NOTHING_SHOWN and not word.startswith("#")
