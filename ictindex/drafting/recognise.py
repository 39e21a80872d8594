"""The wording of a scoring column to a rule of the language, where the wording is plain; else nothing.

A rule is read only where every piece of the wording has its place in it and the figures fit the row's points exactly.
What is plain but rests on something that the wording leaves open comes with a doubt, for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from ictindex.cells import fold
from ictindex.documents.grammar import write_number
from ictindex.drafting.counted import each
from ictindex.drafting.figures import FIGURE
from ictindex.drafting.ratios import MORE_THAN_WORDS, SHARE_FIRST, Ends, definitions, ratio
from ictindex.drafting.reading import Reading, Value
from ictindex.drafting.steps import step_table
from ictindex.drafting.wording import (
    NOTHING,
    Clause,
    clause_of,
    interval_of,
    is_denial,
    is_introduction,
    is_rest,
    item_of,
    level_of,
    pieces,
    points_said,
    without_introduction,
)

LONGEST_PIECE = 400
"""Characters: a sentence that is longer is not plain."""

_FEW_LETTERS = 20
_FILE = re.compile(
    r"(?:chấm|đánh giá|căn cứ|thẩm định|xem xét)?(?: điểm)? ?(?:theo|dựa trên|căn cứ(?: vào)?|qua|trên cơ sở)? ?"
    r"(?:hồ sơ|tài liệu)(?: (?:minh chứng|kiểm chứng|thực tế|gửi kèm))*"
    r"|chấm theo thực tế|theo kết quả thẩm định",
    re.IGNORECASE,
)
_BY_WHOM = re.compile(
    r"(?:do )?(?P<who>(?:hội đồng|tổ|đoàn)(?: thẩm định| đánh giá| kiểm tra)?) (?:chấm|đánh giá|thẩm định|quyết định)"
    r"(?: điểm)?(?: (?:theo|dựa trên|căn cứ(?: vào)?|qua|trên cơ sở) (?:hồ sơ|tài liệu)"
    r"(?: (?:minh chứng|kiểm chứng|thực tế|gửi kèm))*)?",
    re.IGNORECASE,
)
_NAMED_SHARE = re.compile(r"(?P<name>(?:tỷ lệ|tỉ lệ) [^:=/0-9]{2,150}):(?P<rest>.*)", re.IGNORECASE)
_STATISTICS = re.compile(
    rf"(?:chỉ )?(?:thống kê|tham khảo|theo dõi)(?:(?:[,;]| và|)? (?:{NOTHING}))?|{NOTHING}", re.IGNORECASE
)
_EACH_SHARE = re.compile(
    r"mỗi (?:nội dung|ý|tiêu chí|trường hợp|điều kiện|nhiệm vụ|yêu cầu|mục)[^:]{0,60}?(?: được| tính| đạt| chấm|:)+ "
    r"(?P<share>[^:]+):",
    re.IGNORECASE,
)
_ADDED = re.compile(rf"\b(?:cộng|thưởng) (?:thêm )?{FIGURE}|\bcộng thêm\b|[:=] ?\+ ?{FIGURE}", re.IGNORECASE)
"""Points on top of those of another clause."""

_Shape: TypeAlias = Callable[[Sequence[str], Fraction], Reading | None]
_YES = frozenset(("có", "đạt", "yes", "đã có", "có đạt"))
_NO = frozenset(("không", "không đạt", "no", "chưa", "không có", "chưa có", "chưa đạt"))


def recognise(wording: str, maximum: Fraction, role: str = "max") -> Reading | None:
    """Return the rule that a wording plainly says for a row with that many points, None where it is not plain.

    `role` is max, bonus or deduct, as in a scheme. A row of 0 points is read where the wording says that it is only
    counted.
    """
    if maximum < 0 or not wording.strip():
        return None
    if not maximum:
        only = _STATISTICS.fullmatch(wording.strip().rstrip("."))
        return Reading((("value", ""),), "thống kê, không tính điểm") if only else None
    found = [piece for piece in pieces(wording) if not is_introduction(piece)]
    if not found or any(len(piece) > LONGEST_PIECE for piece in found):
        return None
    if len(found) == 1 and _FILE.fullmatch(found[0]):
        return Reading((("assessed", ""),), "chấm theo hồ sơ")
    if len(found) == 1 and (by := _BY_WHOM.fullmatch(found[0])):
        return Reading((("assessed", by["who"].casefold()),), "chấm theo hồ sơ")
    if role == "deduct":  # any other wording may give points where nothing has happened: they would be taken away
        return each(found, maximum, role)
    shapes: tuple[_Shape, ...] = (ratio, _steps, _yes_no, partial(each, role=role), _checks, _choice)
    return next(filter(None, (shape(found, maximum) for shape in shapes)), None)


def _steps(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read a step table: on a ratio where a and b are said, else on a count or a number."""
    clauses: list[Clause] = []
    defined: dict[str, str] = {}
    share: re.Match[str] | None = None
    name = ""
    for piece in found:
        text = without_introduction(piece)
        inner, first = definitions(text), next(filter(None, (one.fullmatch(text) for one in SHARE_FIRST)), None)
        if inner:
            defined |= inner
            continue
        if first and share is None:
            share, text = first, (first["rest"] or "").strip()
        elif not clauses and not name and (named := _share_that_is_named(text, maximum)):
            name, text = named
        if not text:
            continue
        clause = clause_of(text, maximum)
        if clause is None:
            return None
        clauses.append(clause)
    table = step_table(clauses, maximum)
    if table is None or (bool(share or defined or name) and not table.percent):
        return None
    letters = (share["a"], share["b"]) if share else ("a", "b")
    ends = Ends.of(*letters, defined)
    if ends and ends.said and not name:
        steps = tuple((f"{number}%", points) for number, points in table.steps)
        rule: tuple[tuple[str, Value], ...] = (("ratio", ends.written), (table.keyword, steps))
        return Reading(rule, "các bậc điểm", (*table.doubts, *ends.doubts))
    if share or defined:
        return None
    words = f"{name}, tính bằng % (0 đến 100)" if name else table.unit
    return Reading(((table.measure, words), (table.keyword, table.steps)), "các bậc điểm", table.doubts)


def _share_that_is_named(text: str, maximum: Fraction) -> tuple[str, str] | None:
    """Return (name, rest) of a piece such as `Tỷ lệ thôn có tổ: 100%: 10 điểm`, None where it is no share by name."""
    found = _NAMED_SHARE.fullmatch(text)
    if not found or MORE_THAN_WORDS.search(found["name"]):
        return None
    rest = found["rest"].strip()
    clause = clause_of(rest, maximum) if rest else None
    interval = interval_of(clause.condition) if clause else None
    return (found["name"], rest) if not rest or (interval and interval.percent) else None


def _yes_no(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read `Có: 10 điểm; Không: 0 điểm`, or what is done and the same not done."""
    clauses = [clause_of(piece, maximum) for piece in found]
    if len(clauses) != 2 or clauses[0] is None or clauses[1] is None:
        return None
    yes, no = sorted(clauses, key=lambda clause: -clause.points if clause else 0)
    if yes is None or no is None or yes.points != maximum or no.points:
        return None
    said, denied = fold(yes.condition), fold(no.condition)
    bare = re.sub("^(?:có|đã|đã có) ", "", said)
    same = said in _YES and denied in _NO
    same |= said not in _YES and denied in {f"{word} {bare}" for word in ("không", "chưa", "không có", "chưa có")}
    same |= said not in _YES and not is_denial(said) and (denied in _NO or is_rest(no.condition))
    if not same:
        return None
    # A few words such as `Đã ban hành` say less than the name of the row, which the input then has; a number does not.
    few = len(yes.condition) <= _FEW_LETTERS and not re.search("[0-9]", yes.condition)
    words = "" if few else yes.condition
    return Reading((("yes-no", words),), "có hoặc không")


def _checks(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read independent conditions whose points together are the maximum."""
    shared = _EACH_SHARE.match(found[0] if found else "")
    if shared:
        points = points_said(shared["share"].strip(), maximum)
        first = found[0][shared.end() :].strip()
        items = [item_of(text) for text in ((first,) if first else ()) + tuple(found[1:])]
        if points is None or any(clause_of(text, maximum) for _, text in items):
            return None
        clauses = [Clause(text, points, marker) for marker, text in items]
    else:
        read = [clause_of(piece, maximum) for piece in found]
        clauses = [clause for clause in read if clause]
        if len(clauses) != len(read):
            return None
    best = max((clause.points for clause in clauses), default=maximum)
    total = sum((clause.points for clause in clauses), Fraction(0))
    if len(clauses) < 2 or total != maximum or best == maximum or not all(clause.points for clause in clauses):
        return None
    if any(interval_of(clause.condition) or level_of(clause.condition) for clause in clauses) or _alike(clauses):
        return None  # steps of which one is missing, or a line that is copied and not rewritten
    doubts = () if shared else ("điểm các ý cộng lại vừa đúng điểm tối đa, nên đọc là cộng từng ý",)
    return Reading((("checks", _lines(clauses)),), "cộng điểm từng ý", doubts)


def _choice(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read exclusive cases: the best earns the maximum, so that no two can be added."""
    if any(_ADDED.search(piece) for piece in found):
        return None
    read = [clause_of(piece, maximum) for piece in found]
    clauses = [clause for clause in read if clause]
    if (
        len(clauses) < 2
        or len(clauses) != len(read)
        or _alike(clauses)
        or max(clause.points for clause in clauses) != maximum
    ):
        return None
    doubts: tuple[str, ...] = ()
    if sum(interval_of(clause.condition) is not None for clause in clauses) > 1:
        doubts = ("các bậc hở, chồng nhau hoặc không viết được thành bậc; tạm đọc là chọn một trường hợp",)
    elif sum(clause.points == maximum for clause in clauses) > 1:
        doubts = ("nhiều trường hợp cùng được điểm tối đa",)
    elif not any(not clause.points or is_rest(clause.condition) for clause in clauses):
        doubts = ("lời văn không nói trường hợp còn lại được mấy điểm; thêm một dòng nếu cần",)
    return Reading((("choice", _lines(clauses)),), "chọn một trường hợp", doubts)


def _alike(clauses: Sequence[Clause]) -> bool:
    return len({fold(clause.condition) for clause in clauses}) < len(clauses)


def _lines(clauses: Sequence[Clause]) -> tuple[tuple[str, Value], ...]:
    """Return conditions as lines with their points; they keep their letters or numbers of levels where each has one.

    What the levels leave has the number 0.
    """
    levels = ["0" if is_rest(clause.condition) else level_of(clause.condition) for clause in clauses]
    markers = levels if all(levels) else [clause.marker.replace("đ", "dd") for clause in clauses]
    if not all(markers) or len(set(markers)) < len(markers):
        markers = [chr(ord("a") + place) if place < 26 else f"z{place}" for place in range(len(clauses))]
    pairs = zip(markers, clauses, strict=True)
    return tuple((f"{marker} {clause.condition}", write_number(clause.points)) for marker, clause in pairs)
