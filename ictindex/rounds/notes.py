"""What every reader of a track's scores must be told, Vietnamese first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ictindex.rounds.events import Track, Unverified
from ictindex.rounds.words import TRACK_NAMES

if TYPE_CHECKING:
    from ictindex.rounds.round import Round

_OPEN = {
    Unverified.DECLARED: ("{} số liệu chưa ai thẩm định, lấy theo tự khai", "{} figures not verified, as declared"),
    Unverified.MISSING: ("{} số liệu chưa ai thẩm định, coi như thiếu", "{} figures not verified, taken as missing"),
    Unverified.REFUSE: ("", ""),
}


def track_notes(found: Round, track: Track, unverified: Unverified) -> list[str]:
    """Return which track the figures are of, how many nobody verified, and whose evidence was never asked for."""
    vietnamese, english = TRACK_NAMES[track]
    told = ([f"số liệu {vietnamese}"], [f"{english} figures"])
    if track is not Track.DECLARED:
        count = sum(int(mask.sum()) for mask in found.unverified(track).values())
        unseen = [", ".join(found.undeclared)] if found.undeclared else []
        for words, text, about in zip(told, _OPEN[unverified], _EVIDENCE, strict=True):
            words.extend([text.format(count)] if count and text else [])
            words.extend(about.format(codes) for codes in unseen)
    return ["; ".join(words) for words in told]


_EVIDENCE = (
    "tài liệu kiểm chứng của {} không được khai, coi là có trừ khi bị bác",
    "evidence of {} was not declared and counts as shown unless rejected",
)
