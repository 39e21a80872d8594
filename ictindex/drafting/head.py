"""What stands above the rows of every new scheme: what it is, its source, what the decision leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from ictindex.documents.marks import REVIEW
from ictindex.drafting.grid import one_line
from ictindex.drafting.yaml_lines import comment, flow_words, words
from ictindex.errors import Problem

MODELINE = "# yaml-language-server: $schema=scheme.schema.json"
UNSAID = "bảng không nói"
"""Why a choice is assumed that the table leaves open."""

SOURCE = "Quyết định ban hành bộ chỉ số này"
"""What the source is called until someone writes its number and date."""

UNITS = {
    "province": "cấp tỉnh",
    "department": "cấp sở",
    "district": "cấp huyện",
    "commune": "cấp xã",
    "agency": "các cơ quan",
}
"""The usual kinds of unit, in Vietnamese."""

_DECISION = re.compile(
    r"((?:Quyết định|Kế hoạch|Công văn|Thông tư|Nghị quyết|Hướng dẫn|Văn bản)(?: số)?:? "
    r"[0-9]{1,5}[0-9A-Za-zĐđ]?/[\w/-]+)",
    re.IGNORECASE,
)
_DAY = re.compile(r"ngày ?([0-9]{1,2}) ?(?:/|-|tháng) ?([0-9]{1,2}) ?(?:/|-|năm) ?([12][0-9]{3})", re.IGNORECASE)
_OF = re.compile(r"của ((?:ủy ban|uỷ ban|ubnd|chủ tịch|bộ|sở|thủ tướng|hội đồng)[^,;.()]{2,80})", re.IGNORECASE)
_TITLE = re.compile(
    r"(?:bộ|bảng|các|danh mục|nội dung)? ?(?:tiêu chí|chỉ số|chỉ tiêu|điểm|chấm điểm|đánh giá) .{4,}", re.IGNORECASE
)

OPEN = (
    ("missing", "is: refuse", "ô trống: refuse là báo lỗi, zero là 0 điểm, rescale là bỏ ra rồi quy đổi"),
    ("not-applicable", "is: refuse", "ô ghi n/a, không áp dụng: như trên"),
    ("publish", "as: points, decimals: 2, rounding: half-up", "điểm công bố: points, index hoặc percent; số chữ số"),
    ("rank", "ties: competition, on: published", "đồng hạng: competition là 1 2 2 4, dense là 1 2 2 3"),
)
"""What decisions seldom say and every scheme must: the key, the usual choice, and what it means."""


@frozen
class About:
    """What a new scheme is: its family (who issued it), year, kind of unit, and its title, empty where unknown."""

    family: str
    edition: int
    unit: str
    title: str = ""

    @property
    def id(self) -> str:
        """The identifier: family/edition-unit."""
        return f"{self.family}/{self.edition}-{self.unit}"


@frozen
class Starter:
    """A new scheme document: its text, what was odd about the table, and how much of it was read.

    `rows` are the criteria; `recognised` of them have a rule that was read out of the wording, `review` places in the
    text are marked to be looked at. `checked` are the errors and warnings that `ictindex check` will tell of it.
    """

    text: str
    problems: tuple[Problem, ...] = ()
    rows: int = 0
    recognised: int = 0
    review: int = 0
    checked: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        return self.text


@frozen
class Source:
    """The document that a table belongs to, as the lines above the table name it; empty where they do not."""

    title: str = ""
    date: str = ""


def opening(about: About, title: str, told: Sequence[str]) -> Iterator[str]:
    """Yield the first lines: the modeline, what a reader is told, and the keys that name the scheme."""
    yield MODELINE
    for text in told:
        yield from comment(text)
    yield ""
    yield f"scheme: {about.id}"
    if not title:
        yield from comment(f"{REVIEW}: đặt tên bộ chỉ số như trong quyết định.")
        title = f"Bộ chỉ số {UNITS.get(about.unit, about.unit)} năm {about.edition}"
    yield f"title: {words(title)}"
    yield f"unit: {about.unit}"
    yield f"edition: {about.edition}"
    yield "revision: 1"


def left_open(why: str) -> Iterator[str]:
    """Yield the choices that a decision leaves open, each assumed for a reason and with a word on what it means."""
    for key, chosen, told in OPEN:
        yield from comment(told)
        yield f"{key}: {{{chosen}, assumed: {flow_words(why)}}}"


def source_of(lines: Sequence[str]) -> Source:
    """Return the document that lines of title name: `(Kèm theo Quyết định số 12/QĐ-UBND ngày 05/3/2025 của ...)`."""
    for line in map(one_line, lines):
        found = _DECISION.search(line)
        if found:
            day, issuer = _DAY.search(line), _OF.search(line)
            date = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day and _is_day(day) else ""
            return Source(f"{found[1]} của {issuer[1].strip()}" if issuer else found[1], date)
    return Source()


def _is_day(found: re.Match[str]) -> bool:
    return 1 <= int(found[1]) <= 31 and 1 <= int(found[2]) <= 12


def title_of(lines: Sequence[str]) -> str:
    """Return the line of title that names the set of criteria, empty where none does."""
    return next((line for line in map(one_line, lines) if _TITLE.match(line) and not _DECISION.search(line)), "")
