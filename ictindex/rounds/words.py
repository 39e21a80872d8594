"""The headings and the words of a round's file, in English and in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from ictindex.messages import Text, either, say
from ictindex.rounds.events import Stage, Track, Verdict
from ictindex.texts import bare

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit": ("đơn vị", "mã đơn vị"),
    "name": ("tên đơn vị", "tên"),
    "code": ("mã", "mã số liệu", "mã chỉ tiêu", "mã tiêu chí"),
    "stage": ("bước", "giai đoạn"),
    "old": ("giá trị cũ",),
    "value": ("giá trị", "giá trị mới"),
    "number": ("số văn bản", "số hiệu"),
    "date": ("ngày văn bản",),
    "title": ("tên văn bản", "trích yếu"),
    "link": ("liên kết", "đường dẫn"),
    "evidence": ("tài liệu kiểm chứng", "minh chứng"),
    "when": ("ngày", "thời điểm"),
    "seq": ("thứ tự",),
    "by": ("người thực hiện", "người thẩm định"),
    "reason": ("lý do", "mã lý do"),
    "remark": ("ghi chú",),
}
"""Each heading with what it is called in Vietnamese, the first name being the one that is written."""

PROOF = ("number", "date", "title", "link")
"""The headings of a document that is shown as evidence."""

STAGES: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.DECLARED: ("khai", "tự khai", "kê khai", "tự chấm", "tự đánh giá"),
    Stage.VERIFIED: ("thẩm định", "thẩm tra", "xác minh"),
    Stage.APPEALED: ("kiến nghị", "giải trình", "khiếu nại"),
    Stage.FINAL: ("kết luận", "quyết định", "chốt"),
}
VERDICTS: Final[Mapping[Verdict, tuple[str, ...]]] = {
    Verdict.ACCEPTED: ("chấp nhận", "công nhận", "đạt", "hợp lệ"),
    Verdict.REJECTED: ("không chấp nhận", "không công nhận", "không đạt", "không hợp lệ", "bác"),
}
NOTHING: Final = frozenset({"empty", "trống", "bỏ trống"})
"""What is written where a figure is meant to be missing: an empty cell of a decision leaves it as it was."""

STAGE_NAMES: Final[Mapping[Stage, Text]] = {
    Stage.DECLARED: either("declared", "tự khai"),
    Stage.VERIFIED: either("verified", "thẩm định"),
    Stage.APPEALED: say("appealed"),
    Stage.FINAL: say("final"),
}
VERDICT_NAMES: Final[Mapping[Verdict, Text]] = {
    Verdict.ACCEPTED: say("evidence accepted"),
    Verdict.REJECTED: say("evidence rejected"),
}
TRACK_NAMES: Final[Mapping[Track, tuple[str, str]]] = {
    Track.DECLARED: ("tự khai", "declared"),
    Track.VERIFIED: ("đã thẩm định", "verified"),
    Track.FINAL: ("kết luận", "final"),
}
"""What a notice above a table calls each track, in Vietnamese and in English."""


_HEADINGS = {bare(name): key for key, names in HEADINGS.items() for name in (key, *names)}
_STAGES = {bare(name): stage for stage, names in STAGES.items() for name in (stage.value, *names)}
_VERDICTS = {bare(name): verdict for verdict, names in VERDICTS.items() for name in (verdict.value, *names)}
_NOTHING = frozenset(map(bare, NOTHING))
_IGNORED = frozenset({"stt", "tt"})  # lines that are only counted have no order of their own


def heading(text: str) -> str | None:
    """Return the heading that a text stands for, empty for a column of remarks, None where it is unknown."""
    word = bare(text)
    return "" if not word or word.startswith("#") or word in _IGNORED else _HEADINGS.get(word)


@lru_cache(maxsize=1024)
def stage(text: str) -> Stage | None:
    """Return the stage that a word names, None where it names none."""
    return _STAGES.get(bare(text))


def verdict(text: str) -> Verdict | None:
    """Return the decision about evidence that a word names, None where it names none."""
    return _VERDICTS.get(bare(text))


@lru_cache(maxsize=1024)
def says_nothing(text: str) -> bool:
    """Whether a text says in so many words that there is no figure."""
    return bare(text) in _NOTHING


def known_headings() -> list[str]:
    """Return every heading, in English and in Vietnamese."""
    return [name for key, names in HEADINGS.items() for name in (key, *names)]


def stage_words() -> str:
    """Return the stages for a hint, each with its first Vietnamese word."""
    return ", ".join(f"{stage} ({names[0]})" for stage, names in STAGES.items())


def verdict_words() -> str:
    """Return the decisions about evidence for a hint, each with its first Vietnamese word."""
    return ", ".join(f"{verdict} ({names[0]})" for verdict, names in VERDICTS.items())
