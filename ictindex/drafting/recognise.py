"""The wording of a scoring column to a rule of the language, where the wording is plain; else nothing.

A rule is read only where every piece of the wording has its place in it and the figures fit the row's points exactly.
What is plain but rests on something that the wording leaves open comes with a doubt, for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from attrs import field, frozen

from ictindex.cells import fold
from ictindex.documents.grammar import write_number
from ictindex.drafting.figures import FIGURE, read_figure
from ictindex.drafting.steps import step_table
from ictindex.drafting.wording import (
    Clause,
    clause_of,
    interval_of,
    is_denial,
    is_introduction,
    is_rest,
    item_of,
    pieces,
    points_said,
    without_introduction,
)

Value: TypeAlias = "str | tuple[tuple[str, Value], ...]"

LONGEST_PIECE = 400
"""Characters: a sentence that is longer is not plain."""

_FEW_LETTERS = 20
_FILE = re.compile(
    r"(?:chấm|đánh giá|căn cứ|thẩm định|xem xét)?(?: điểm)? ?(?:theo|dựa trên|căn cứ(?: vào)?|qua|trên cơ sở)? ?"
    r"(?:hồ sơ|tài liệu)(?: (?:minh chứng|kiểm chứng|thực tế|gửi kèm))*"
    r"|(?:do )?hội đồng (?:thẩm định |đánh giá )?(?:chấm|đánh giá|thẩm định|quyết định)(?: điểm)?"
    r"|chấm theo thực tế|theo kết quả thẩm định",
    re.IGNORECASE,
)
_LETTER = r"[A-Za-z]"
_TIMES = r"(?:[x×*]|nhân(?: với)?)"
_WHOLE = r"(?:số )?điểm (?:tối đa|chuẩn)(?: của (?:tiêu chí|chỉ tiêu|chỉ số))?|tối đa|max"
_FACTOR = rf"(?P<factor>{_WHOLE}|{FIGURE}(?: ?điểm)?)"
_HUNDRED = rf"(?: ?{_TIMES} ?100 ?%)?"
_SHARE_OF = rf"\(?(?P<a>{_LETTER}) ?/ ?(?P<b>{_LETTER}|{FIGURE})\)?{_HUNDRED}"
_RESULT = r"(?:(?:số )?điểm(?: số| đạt| đạt được| được tính)? ?[=:] ?)?"
_NAMED = r"(?P<name>.{2,200}?[:=] ?)?"
_RATIO = (
    re.compile(rf"{_NAMED}{_RESULT}{_SHARE_OF} ?{_TIMES} ?{_FACTOR}", re.IGNORECASE),
    re.compile(rf"{_NAMED}{_RESULT}{_FACTOR} ?{_TIMES} ?{_SHARE_OF}", re.IGNORECASE),
)
_WORDS = r"[^/():=]{2,150}?"
_SHARE_IN_WORDS = rf"\(?(?P<a>(?:tỷ lệ|tỉ lệ|số|tổng|lượng) {_WORDS}) ?/ ?(?P<b>(?:số|tổng) {_WORDS})\)?"
_RATIO_IN_WORDS = re.compile(
    rf"{_RESULT}{_SHARE_IN_WORDS}"
    rf"{_HUNDRED} ?{_TIMES} ?{_FACTOR}",
    re.IGNORECASE,
)
_SHARE_FIRST = re.compile(
    rf"(?:tỷ lệ|tỉ lệ)(?:[^:=]{{0,150}}[:=] ?| )\(?(?P<a>{_LETTER}) ?/ ?(?P<b>{_LETTER})\)?{_HUNDRED}"
    r"(?::(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_WORDS_FIRST = re.compile(rf"{_SHARE_IN_WORDS}{_HUNDRED}:(?P<rest>.*)", re.IGNORECASE)
_DEFINED = re.compile(rf"(?P<letter>{_LETTER}) ?(?:=|:|là) ?(?:là )?(?P<words>.+)", re.IGNORECASE | re.DOTALL)
_NEXT_LETTER = re.compile(rf"(?:[,;.]|,? và) *(?={_LETTER} ?(?:=|:|là) )", re.IGNORECASE)
_MORE_THAN_WORDS = re.compile(
    rf"{FIGURE} ?điểm|[=×]|[0-9] ?%|\b[a-z] ?/ ?[a-z]\b|\b(?:nếu|thì|tối đa|tối thiểu|loại trừ|trừ điểm)\b",
    re.IGNORECASE,
)
"""What the words of a quantity do not say: where it stands, a rule goes on behind the words."""

_TAKEN = frozenset(("trừ", "giảm", "bớt", "mất", "hạ", "bị", "-", "–"))
_THING = r"(?:(?!tối đa|không quá)[^\d:=;≥≤<>]){2,120}?"
_EACH = (
    re.compile(
        rf"(?P<points>{FIGURE}) ?điểm ?(?:/|cho mỗi|mỗi|trên mỗi) ?(?:01 |1 )?(?P<what>{_THING})"
        r"(?P<cap>[,;(].*)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:cứ )?(?:mỗi|01|1) (?P<what>{_THING})(?: ?[:,=]| thì)? ?(?:được |tính |đạt |chấm |cho |cộng )*"
        rf"(?P<points>{FIGURE}) ?điểm(?:/{_LETTER}+)?(?P<cap>.*)",
        re.IGNORECASE,
    ),
)
_CAP = re.compile(
    r"[\s,;.(]*(?:nhưng |và )?(?:tổng điểm |tổng số điểm |tổng )?(?:tối đa|không quá|không vượt quá):? ?(?:là )?"
    rf"(?P<max>{FIGURE}) ?điểm\)?",
    re.IGNORECASE,
)
_EACH_SHARE = re.compile(
    r"mỗi (?:nội dung|ý|tiêu chí|trường hợp|điều kiện|nhiệm vụ|yêu cầu|mục)[^:]{0,60}?(?: được| tính| đạt| chấm|:)+ "
    r"(?P<share>[^:]+):",
    re.IGNORECASE,
)
_YES = frozenset(("có", "đạt", "yes", "đã có", "có đạt"))
_NO = frozenset(("không", "không đạt", "no", "chưa", "không có", "chưa có", "chưa đạt"))


@frozen
class Reading:
    """A rule as it is written under a row, how it was read, and what a person should look at (both in Vietnamese).

    `rule` are keys with their values: words, figures, or further keys with values.
    """

    rule: tuple[tuple[str, Value], ...]
    how: str
    doubts: tuple[str, ...] = field(default=())


def recognise(wording: str, maximum: Fraction) -> Reading | None:
    """Return the rule that a wording plainly says for a row with that many points, None where it is not plain."""
    if maximum <= 0 or not wording.strip():
        return None
    found = [piece for piece in pieces(wording) if not is_introduction(piece)]
    if not found or any(len(piece) > LONGEST_PIECE for piece in found):
        return None
    if len(found) == 1 and _FILE.fullmatch(found[0]):
        return Reading((("assessed", ""),), "chấm theo hồ sơ")
    return next(filter(None, (shape(found, maximum) for shape in _SHAPES)), None)


def _ratio(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read `a/b x điểm tối đa` with a and b said in words, or the words themselves in place of a and b."""
    formula, defined, rest = _formula(found)
    if formula is None or rest or not _is_whole(formula["factor"], maximum):
        return None
    if re.search(r"[0-9]|\bnếu\b|\bkhi\b", formula.groupdict().get("name") or "", re.IGNORECASE):
        return None  # what stands before the formula says more than its name
    ends = [_quantity(formula[part], defined) for part in ("a", "b")]
    return Reading((("ratio", _between(*ends)),), "tỷ lệ nhân điểm tối đa") if all(ends) else None


def _formula(found: Sequence[str]) -> tuple[re.Match[str] | None, dict[str, str], list[str]]:
    """Return the formula among the pieces, what its letters mean, and the pieces that are neither."""
    formula: re.Match[str] | None = None
    defined: dict[str, str] = {}
    rest = []
    for piece in found:
        text = without_introduction(piece)
        inner = _definitions(text)
        match = next(filter(None, (pattern.fullmatch(text) for pattern in (*_RATIO, _RATIO_IN_WORDS))), None)
        if inner:
            defined |= inner
        elif match and formula is None:
            formula = match
        else:
            rest.append(piece)
    return formula, defined, rest


def _definitions(text: str) -> dict[str, str]:
    """Return what letters stand for in `a = số máy tính, b là tổng số cán bộ`; nothing where it is no such list."""
    defined: dict[str, str] = {}
    bare = item_of(text)[1] if text[:1] in "-+*•" else text
    for part in _NEXT_LETTER.split(re.sub("^(?:với|trong đó,?) ", "", bare, flags=re.IGNORECASE)):
        match = _DEFINED.fullmatch(part.strip(" .;"))
        if match is None or _MORE_THAN_WORDS.search(match["words"]) or len(match["words"]) < 3:
            return {}
        defined[match["letter"].lower()] = match["words"].strip()
    return defined


def _quantity(said: str, defined: dict[str, str]) -> str:
    """Return the words of one end of a ratio, or its fixed number; empty where its letter is not defined."""
    figure = read_figure(said)
    if figure is not None:
        return write_number(figure) if figure > 0 else ""
    if len(said) == 1:
        words = defined.get(said.lower(), "")
    else:
        words = re.sub("^(?:tỷ lệ|tỉ lệ) ", "", said.strip(), flags=re.IGNORECASE)
    return "" if words.startswith("$") else words  # a scheme reads `$words` as the name of a shared input


def _between(a: str, b: str) -> tuple[tuple[str, Value], ...]:
    return ("a", a), ("b", b)


def _is_whole(factor: str, maximum: Fraction) -> bool:
    if re.fullmatch(_WHOLE, factor, re.IGNORECASE):
        return True
    return read_figure(re.sub(" ?điểm$", "", factor, flags=re.IGNORECASE)) == maximum


def _steps(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read a step table: on a ratio where a and b are said, else on a count or a number."""
    clauses: list[Clause] = []
    defined: dict[str, str] = {}
    share: re.Match[str] | None = None
    for piece in found:
        text = without_introduction(piece)
        inner, first = _definitions(text), _SHARE_FIRST.fullmatch(text) or _WORDS_FIRST.fullmatch(text)
        if inner:
            defined |= inner
            continue
        if first and share is None:
            share, text = first, (first["rest"] or "").strip()
            if not text:
                continue
        clause = clause_of(text, maximum)
        if clause:
            clauses.append(clause)
        else:
            return None
    table = step_table(clauses, maximum)
    if table is None or (bool(share or defined) and not table.percent):
        return None
    letters = (share["a"], share["b"]) if share else ("a", "b")
    ends = [_quantity(letter, defined) for letter in letters]
    if all(ends):
        measure: tuple[str, Value] = ("ratio", _between(*ends))
        steps = tuple((f"{number}%", points) for number, points in table.steps)
    elif share or defined:
        return None
    else:
        measure = (table.measure, table.unit)
        steps = table.steps
    return Reading((measure, (table.keyword, steps)), "các bậc điểm", table.doubts)


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


def _each(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read `mỗi ... được 1 điểm, tối đa 5 điểm`."""
    match = next(filter(None, (pattern.fullmatch("; ".join(found)) for pattern in _EACH)), None)
    points = read_figure(match["points"]) if match else None
    if not match or not points or points > maximum or _TAKEN.intersection(fold(match[0]).split()):
        return None
    doubts: tuple[str, ...] = ()
    cap = (match["cap"] or "").strip(" ;,.")
    if not cap and match[0][0].isdigit() and "mỗi" not in fold(match[0]).split():
        return None  # `1 cuộc: 5 điểm` may be a step
    if cap:
        capped = _CAP.fullmatch(cap)
        if not capped or read_figure(capped["max"]) != maximum:
            return None
    else:
        doubts = (f"lời văn không nói tối đa; đọc là không quá {write_number(maximum)} điểm",)
    what = f"số {match['what'].strip()}"
    return Reading((("count", what), ("each", write_number(points))), "số lượng nhân điểm mỗi đơn vị", doubts)


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
    if any(interval_of(clause.condition) for clause in clauses) or _alike(clauses):
        return None  # steps of which one is missing, or a line that is copied and not rewritten
    doubts = () if shared else ("điểm các ý cộng lại vừa đúng điểm tối đa, nên đọc là cộng từng ý",)
    return Reading((("checks", _lines(clauses)),), "cộng điểm từng ý", doubts)


def _choice(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read exclusive cases: the best earns the maximum, so that no two can be added."""
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
    """Return conditions as lines with their points; they keep their letters where each has one of its own."""
    markers = [clause.marker.replace("đ", "dd") for clause in clauses]
    if not all(markers) or len(set(markers)) < len(markers):
        markers = [chr(ord("a") + place) if place < 26 else f"z{place}" for place in range(len(clauses))]
    pairs = zip(markers, clauses, strict=True)
    return tuple((f"{marker} {clause.condition}", write_number(clause.points)) for marker, clause in pairs)


_Shape: TypeAlias = Callable[[Sequence[str], Fraction], Reading | None]
_SHAPES: tuple[_Shape, ...] = (_ratio, _steps, _yes_no, _each, _checks, _choice)
