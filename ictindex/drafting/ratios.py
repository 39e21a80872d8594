"""Wordings that divide: `a/b x điểm tối đa`, what a and b are, from where on it counts, and what holds where b is 0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from attrs import define, field

from ictindex.cells import fold
from ictindex.documents.grammar import write_number
from ictindex.drafting.figures import FIGURE, read_figure
from ictindex.drafting.reading import Reading, Value
from ictindex.drafting.wording import FULL, NOTHING, item_of, without_introduction

_LETTER = r"[A-Za-z]"
_TIMES = r"(?:[x×*]|nhân(?: với)?)"
_WHOLE = r"(?:số )?điểm (?:tối đa|chuẩn)(?: của (?:tiêu chí|chỉ tiêu|chỉ số))?|tối đa|max"
_FACTOR = rf"(?P<factor>{_WHOLE}|{FIGURE}(?: ?điểm)?)"
_HUNDRED = rf"(?: ?{_TIMES} ?100 ?%)?"
_SHARE_OF = rf"(?:(?:tỷ lệ|tỉ lệ) )?\(?(?P<a>{_LETTER}) ?/ ?(?P<b>{_LETTER}|{FIGURE})\)?{_HUNDRED}"
_RESULT = r"(?:(?:số )?điểm(?: số| đạt| đạt được| được tính)? ?[=:] ?)?"
_NAMED = r"(?P<name>.{2,200}?[:=] ?)?"
_WORDS = r"[^/():=]{2,150}?"
_UNIT = r"[^\W\d_]+(?: [^\W\d_]+){0,3}?"
_SHARE_IN_WORDS = rf"\(?(?P<a>(?:tỷ lệ|tỉ lệ|số|tổng|lượng) {_WORDS}) ?/ ?(?P<b>(?:số|tổng) {_WORDS})\)?"
_SHARE_OF_A_NUMBER = (
    rf"\(?(?P<a>(?:(?:tỷ lệ|tỉ lệ) )?(?:số|tổng|lượng) {_WORDS}) ?/ ?(?P<b>{FIGURE})(?: (?P<unit>{_UNIT}))?\)?"
)
_RATIO = tuple(
    re.compile(text, re.IGNORECASE)
    for text in (
        rf"{_NAMED}{_RESULT}{_SHARE_OF} ?{_TIMES} ?{_FACTOR}",
        rf"{_NAMED}{_RESULT}{_FACTOR} ?{_TIMES} ?{_SHARE_OF}",
        rf"{_RESULT}{_SHARE_IN_WORDS}{_HUNDRED} ?{_TIMES} ?{_FACTOR}",
        rf"{_RESULT}{_SHARE_OF_A_NUMBER}{_HUNDRED} ?{_TIMES} ?{_FACTOR}",
    )
)
SHARE_FIRST = (
    re.compile(
        rf"(?:tỷ lệ|tỉ lệ)(?:[^:=]{{0,150}}[:=] ?| )\(?(?P<a>{_LETTER}) ?/ ?(?P<b>{_LETTER})\)?{_HUNDRED}"
        r"(?::(?P<rest>.*)|$)",
        re.IGNORECASE,
    ),
    re.compile(rf"{_SHARE_IN_WORDS}{_HUNDRED}:(?P<rest>.*)", re.IGNORECASE),
)
"""A share that steps follow: `Tỷ lệ a/b: từ 90% trở lên: ...`."""

_DEFINED = re.compile(rf"(?P<letter>{_LETTER}) ?(?:=|:|là) ?(?:là )?(?P<words>.+)", re.IGNORECASE | re.DOTALL)
_NEXT_LETTER = re.compile(rf"(?:[,;.]|,? và) *(?={_LETTER} ?(?:=|:|là) )", re.IGNORECASE)
MORE_THAN_WORDS = re.compile(
    rf"{FIGURE} ?điểm|[=×]|[0-9] ?%|\b[a-z] ?/ ?[a-z]\b|\b(?:nếu|thì|tối đa|tối thiểu|loại trừ|trừ điểm)\b",
    re.IGNORECASE,
)
"""What the words of a quantity do not say: where it stands, a rule goes on behind the words."""

_BRACKETED = re.compile(rf"(?P<words>.+?) ?\((?P<figure>{FIGURE}) (?P<unit>{_UNIT})\)")
_NUMBER_IN_BRACKETS = re.compile(r"\([^)]*[0-9]")
_FLOOR = re.compile(
    r"(?:nếu |khi )?(?:(?:tỷ lệ|tỉ lệ|kết quả|a ?/ ?b) )?(?:đạt )?(?:dưới|<|nhỏ hơn|thấp hơn) ?"
    rf"(?P<floor>{FIGURE}) ?%(?:,? thì|:|,)? ?(?:{NOTHING}|(?:được )?0 điểm)",
    re.IGNORECASE,
)
_IF_NONE = re.compile(
    r"(?:nếu |khi |trường hợp )?(?:(?:đơn vị|địa phương|cơ quan|huyện|xã|phường|sở|tỉnh|thành phố)(?: nào)? )?"
    rf"(?:(?:không|chưa) (?:phát sinh|có) (?P<what>{_UNIT})|(?:b|mẫu số) ?(?:=|bằng) ?0),? thì "
    rf"(?P<then>không (?:đánh giá|áp dụng)|được (?:tính )?(?:{FULL}))",
    re.IGNORECASE,
)


def ratio(found: Sequence[str], maximum: Fraction) -> Reading | None:
    """Read `a/b x điểm tối đa` with a and b said in words, or the words themselves in place of a and b."""
    formula, defined, rest = _formula(found)
    if formula is None or not _is_whole(formula["factor"], maximum):
        return None
    said = formula.groupdict()
    if re.search(r"[0-9]|\bnếu\b|\bkhi\b", said.get("name") or "", re.IGNORECASE):
        return None  # what stands before the formula says more than its name
    ends = Ends.of(said["a"], said["b"], defined)
    unit = said.get("unit")
    if ends is None or (unit and not _within(unit, said["a"])):
        return None
    conditions = _conditions(rest, ends)
    if conditions is None:
        return None
    more, doubts = conditions
    rule: tuple[tuple[str, Value], ...] = (("ratio", (*ends.written, *more)),)
    return Reading(rule, "tỷ lệ nhân điểm tối đa", (*ends.doubts, *doubts))


@define
class Ends:
    """What a ratio divides, in words or as a fixed number; empty where the wording does not say it."""

    a: str
    b: str
    fixed: bool = False
    doubts: list[str] = field(factory=list)

    @classmethod
    def of(cls, a: str, b: str, defined: dict[str, str]) -> Ends | None:
        """Return both ends of a share as it is written, None where one of them cannot be the words of an input."""
        ends = cls(_quantity(a, defined), _quantity(b, defined), read_figure(b) is not None)
        if any(text.startswith("$") for text in (ends.a, ends.b)) or ends.b == "0":
            return None  # a scheme reads `$words` as the name of a shared input
        if re.fullmatch(FIGURE, b) and not ends.fixed:
            return None  # 1.250 may be two numbers
        number = _BRACKETED.fullmatch(ends.b)
        figure = read_figure(number["figure"]) if number else None
        if number and figure and _within(number["unit"], number["words"]):
            words, ends.b, ends.fixed = ends.b, write_number(figure), True
            ends.doubts.append(f"mẫu số '{words}' đọc là số cố định {ends.b}, chung cho mọi đơn vị")
        elif _NUMBER_IN_BRACKETS.search(ends.b):
            ends.doubts.append(f"mẫu số '{ends.b}' có con số trong ngoặc: là số cố định, hay mỗi đơn vị một số?")
        unsaid = [letter for letter, text in (("a", ends.a), ("b", ends.b)) if not text]
        if unsaid:
            ends.doubts.append(f"lời văn không nói {' và '.join(unsaid)} là gì: ghi lời cho số liệu đó")
        return ends

    @property
    def written(self) -> tuple[tuple[str, Value], ...]:
        """The ends as they are written under `ratio`."""
        return ("a", self.a), ("b", self.b)

    @property
    def said(self) -> bool:
        """Whether both are said."""
        return bool(self.a and self.b)


def definitions(text: str) -> dict[str, str]:
    """Return what letters stand for in `a = số máy tính, b là tổng số cán bộ`; nothing where it is no such list."""
    defined: dict[str, str] = {}
    bare = item_of(text)[1] if text[:1] in "-+*•" else text
    for part in _NEXT_LETTER.split(re.sub("^(?:với|trong đó,?) ", "", bare, flags=re.IGNORECASE)):
        match = _DEFINED.fullmatch(part.strip(" .;"))
        if match is None or MORE_THAN_WORDS.search(match["words"]) or len(match["words"]) < 3:
            return {}
        defined[match["letter"].lower()] = match["words"].strip()
    return defined


def _formula(found: Sequence[str]) -> tuple[re.Match[str] | None, dict[str, str], list[str]]:
    """Return the formula among the pieces, what its letters mean, and the pieces that are neither."""
    formula: re.Match[str] | None = None
    defined: dict[str, str] = {}
    rest = []
    for piece in found:
        text = without_introduction(piece)
        inner = definitions(text)
        match = next(filter(None, (pattern.fullmatch(text) for pattern in _RATIO)), None)
        if inner:
            defined |= inner
        elif match and formula is None:
            formula = match
        else:
            rest.append(text)
    return formula, defined, rest


def _quantity(said: str, defined: dict[str, str]) -> str:
    """Return the words of one end of a ratio, or its fixed number; empty where its letter is not defined."""
    figure = read_figure(said)
    if figure is not None:
        return write_number(figure)
    if len(said) == 1:
        return defined.get(said.lower(), "")
    return re.sub("^(?:tỷ lệ|tỉ lệ) ", "", said.strip(), flags=re.IGNORECASE)


def _conditions(rest: Sequence[str], ends: Ends) -> tuple[list[tuple[str, str]], list[str]] | None:
    """Return the floor and what holds where b is 0, with doubts; None where a piece says something else."""
    said: dict[str, str] = {}
    doubts: list[str] = []
    for piece in rest:
        if floor := _FLOOR.fullmatch(piece):
            share = read_figure(floor["floor"])
            if share is None or not 0 < share <= 100 or "floor" in said:
                return None
            said["floor"] = f"{write_number(share)}%"
        elif (none := _IF_NONE.fullmatch(piece)) and not ends.fixed and "if-none" not in said:
            if ends.b and none["what"] and not _within(none["what"], ends.b):
                return None  # there may be none of that, and still something to divide by
            left_out = none["then"].casefold().startswith("không")
            said["if-none"] = "not-applicable" if left_out else "full"
            read = "không áp dụng (xem `not-applicable` ở đầu tệp)" if left_out else "được điểm tối đa"
            doubts.append(f"đọc là khi b bằng 0 thì tiêu chí {read}")
        else:
            return None
    return list(said.items()), doubts


def _within(words: str, text: str) -> bool:
    return f" {fold(words)} " in f" {fold(text)} "


def _is_whole(factor: str, maximum: Fraction) -> bool:
    if re.fullmatch(_WHOLE, factor, re.IGNORECASE):
        return True
    return read_figure(re.sub(" ?điểm$", "", factor, flags=re.IGNORECASE)) == maximum
