"""The numbers of an annex: what stands in its first column, which row belongs to which heading, and unique codes.

Annexes number in many ways: I, 1, a) one below the other and beginning anew under each heading; 1, 1.1, 1.1.1; A, I, 1.
A row belongs to the row whose number its own begins with (1.1 to 1), else beneath the row above it where it is numbered
in a way that is not open yet. A number that stands under several headings has its heading's code before it: I.1, II.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from attrs import define, field

from ictindex.documents.grammar import is_code
from ictindex.model import RESERVED_SUFFIXES, TOTAL

_LABEL = r"(?:(?:tiêu chí|nhóm|mục|phần|chỉ số|chỉ tiêu)(?: số)? )?"
_PART = r"[0-9]{1,4}|[IVXLC]{1,6}|[ivxlc]{1,6}|[A-Za-zĐđ]"
_NUMBER = rf"(?:[A-ZĐ]{{1,4}}[0-9]{{1,3}}|{_PART})(?:[.,](?:{_PART}))*"
_PRINTED = re.compile(rf"\(?(?i:{_LABEL})({_NUMBER})[.)/:]*")
_MARKED = re.compile(rf"(?:{_NUMBER})(?:[.)] ?|[.]? ?[-–] )(?=[^\W\d_]|[\"“(])")
_LABELLED = re.compile(
    rf"(?i:(?:tiêu chí|nhóm|mục|phần|chỉ số|chỉ tiêu) (?:số )?)(?:{_NUMBER}) ?[-–:.)]+ ?(?=[^\W\d_])"
)
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})+\.? (?=[^\W\d_]|[\"“(])")
_ROMAN = re.compile("(?=.)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", re.IGNORECASE)
_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN_STEPS = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LETTERS = "abcdđeghiklmnopqrstuvxy"  # the Vietnamese alphabet as lists count with it
_NAMES_OF_TABLES = (TOTAL, "unit", "name")
_LETTERED = re.compile("([A-ZĐ]{1,4})([0-9]{1,3})")  # A1, TC12
_COLUMN = re.compile(r"[a-z]")  # ends such as .a are columns of a ratio or a list of conditions

Parts = tuple[str, ...]


class Loose(Enum):
    """Where a row without a number belongs: beneath the row above it, or beside it."""

    BENEATH = "beneath"
    BESIDE = "beside"


@define
class Node:
    """A row in its place: its position in the table, its number in parts, its code, its heading, what is beneath."""

    position: int
    parts: Parts = ()
    style: str = ""
    code: str = ""
    above: Node | None = None
    beneath: list[Node] = field(factory=list)
    twice: bool = False  # its number stands twice under one heading
    missing: str = ""  # the number that should stand between the row before and this one
    tenth: bool = False  # 1.1 behind 1.9, which must be 1.10

    @property
    def printed(self) -> str:
        """The number without what stands around it."""
        return ".".join(self.parts)


def parts_of(printed: str) -> Parts | None:
    """Return the parts of a number such as `1.10`, `I`, `a)` or `Tiêu chí 2`, None where the text is none."""
    found = _PRINTED.fullmatch(printed)
    return tuple(re.split("[.,]", found[1])) if found else None


def code_and_words(text: str) -> tuple[str, str] | None:
    """Return (number, words) of a text that begins with a number, such as `I. Hạ tầng số`, None where it does not.

    A lone number needs a mark behind it: `4 cuộc họp` has none, `4. Cuộc họp` has.
    """
    found = _MARKED.match(text) or _DOTTED.match(text) or _LABELLED.match(text)
    return (text[: found.end()].strip(" -–:"), text[found.end() :].strip()) if found else None


def outline(numbers: Sequence[Parts | Loose]) -> list[Node]:
    """Return the rows in their places, in the order of the table, each with a code of its own."""
    nodes: list[Node] = []
    trail: list[Node] = []  # the open rows, from the outermost heading to the row before
    for position, number in enumerate(numbers):
        if isinstance(number, Loose):
            node = Node(position)
            beneath = number is Loose.BENEATH and bool(trail)
            node.above = trail[-1] if beneath else (trail[-1].above if trail else None)
        else:
            node = Node(position, number, _style(number, trail))
            trail = _still_open(trail, node)
            node.above = trail[-1] if trail else None
            trail.append(node)
        _join(node, nodes)
    _name(nodes)
    return nodes


def _join(node: Node, nodes: list[Node]) -> None:
    beside = node.above.beneath if node.above else [one for one in nodes if one.above is None]
    if node.parts:
        node.twice = any(one.parts == node.parts for one in beside)
        tenth = _tenth(node, beside) if node.twice else None
        if tenth is not None:
            node.parts, node.twice, node.tenth = tenth, False, True
        node.missing = "" if node.twice else _gap(node, beside, nodes)
    if node.above:
        node.above.beneath.append(node)
    nodes.append(node)


def _style(parts: Parts, trail: Sequence[Node]) -> str:
    """Return how a number counts. I, V and X alone are Roman where a Roman number may stand, else letters."""
    if len(parts) > 1:
        return f"dotted {len(parts)}"
    text = parts[0]
    if text.isdigit():
        return "digits"
    if _LETTERED.fullmatch(text):
        return "lettered"
    case = "upper" if text.isupper() else "lower"
    letters, roman = f"letters {case}", f"roman {case}"
    if len(text) > 1:
        return roman if _ROMAN.fullmatch(text) else "word"
    if not _ROMAN.fullmatch(text):
        return letters
    open_now = {one.style: one.parts[-1] for one in trail}
    if roman in open_now and _place(open_now[roman], roman) + 1 == _place(text, roman):
        return roman
    if letters in open_now and text.lower() in _after(open_now[letters].lower()):
        return letters
    return roman if text.lower() == "i" else letters


def _place(text: str, style: str) -> int:
    """Return the place of the last part of a number in its way of counting; 0 where it has none."""
    if text.isdigit():
        return int(text)
    if style == "lettered":
        return int(_LETTERED.sub(r"\2", text))
    if style.startswith("roman"):
        values = [_DIGITS[letter] for letter in text.lower()]
        after = [*values[1:], 0]
        return sum(-one if one < then else one for one, then in zip(values, after, strict=True))
    return 0


def _after(letter: str) -> set[str]:
    """Return what may follow a letter in a list: the next one in Vietnamese, or in English."""
    following = {chr(ord(letter) + 1)} if letter.isascii() else set()
    place = _LETTERS.find(letter)
    return following | ({_LETTERS[place + 1]} if 0 <= place < len(_LETTERS) - 1 else set())


def _still_open(trail: list[Node], node: Node) -> list[Node]:
    """Return the rows that a new row stands beneath."""
    lettered = _LETTERED.fullmatch(node.parts[-1])
    heading = node.parts[:-1] or ((lettered[1],) if lettered else ())  # of 1.2 it is 1, of A1 it is A
    for depth in range(len(trail), 0, -1):
        if heading and trail[depth - 1].parts == heading:
            return trail[:depth]
    for depth, one in enumerate(trail):
        if one.style == node.style:
            return trail[:depth]
    return list(trail)


def _gap(node: Node, beside: Sequence[Node], nodes: Sequence[Node]) -> str:
    """Return the number that is missing before a row, empty where it follows the one before."""
    last, same = node.parts[-1], [one for one in beside if one.style == node.style]
    lead = ".".join((*node.parts[:-1], ""))
    if last.isalpha() and not node.style.startswith("roman"):
        before = same[-1].parts[-1].lower() if same and same[-1].parts[-1].isalpha() else ""
        skipped = len(last) == 1 and before and last.lower() not in _after(before)
        return f"{lead}{max(_after(before))}" if skipped and last.lower() > max(_after(before)) else ""
    place = _place(last, node.style)
    if not place:
        return ""
    earlier = same[-1] if same else _run_on(node, nodes)
    expected = (_place(earlier.parts[-1], node.style) if earlier else 0) + 1
    return f"{lead}{_written(expected, last)}" if expected < place else ""


def _run_on(node: Node, nodes: Sequence[Node]) -> Node | None:
    """Return the last row that was numbered in the same way, where the numbers run on from heading to heading."""
    if len(node.parts) > 1:
        return None
    return next((one for one in reversed(nodes) if one.style == node.style), None)


def _written(place: int, like: str) -> str:
    if like.isdigit():
        return str(place)
    if lettered := _LETTERED.fullmatch(like):
        return f"{lettered[1]}{place}"
    text = ""
    for value, letters in _ROMAN_STEPS:
        while place >= value:
            text, place = text + letters, place - value
    return text if like.isupper() else text.lower()


def _name(nodes: Sequence[Node]) -> None:
    """Give every row its code: its number where that is its own, else with its heading's code before it."""
    headings: dict[Parts, set[int]] = {}
    for node in nodes:
        headings.setdefault(node.parts, set()).add(id(node.above))
    anew = {node.style for node in nodes if node.parts and len(headings[node.parts]) > 1}
    taken: set[str] = set()
    for node in nodes:
        above = node.above
        own = [_ascii(part) for part in node.parts]
        renamed = above is not None and above.code != ".".join(map(_ascii, above.parts))
        lower = node.style.endswith("lower")  # a) says little by itself
        if above is not None and (not own or lower or node.style in anew or (renamed and _begins(node, above))):
            rest = own[len(above.parts) :] if _begins(node, above) else own
            own = [above.code, *(rest or [str(above.beneath.index(node) + 1)])]
        elif not own:
            own = [str(sum(one.above is None for one in nodes[: node.position + 1]))]
        node.code = _unique(".".join(own), node, taken)
        taken.add(node.code)


def _begins(node: Node, above: Node) -> bool:
    return bool(above.parts) and node.parts[: len(above.parts)] == above.parts and len(node.parts) > len(above.parts)


def _tenth(node: Node, beside: Sequence[Node]) -> Parts | None:
    """Return 1.10 for a 1.1 that stands behind 1.9: a spreadsheet drops the 0 of a number. None where it is not so."""
    before, last = beside[-1].parts if beside else (), node.parts[-1]
    if len(before) == len(node.parts) > 1 and last.isdigit() and before[-1].isdigit():
        tenth = int(last) * 10
        if int(before[-1]) == tenth - 1:
            return (*node.parts[:-1], str(tenth))
    return None


def _ascii(part: str) -> str:
    return part.replace("Đ", "DD").replace("đ", "dd")


def _unique(code: str, node: Node, taken: Iterable[str]) -> str:
    """Return the code, changed where it is taken, is a name that tables use, or would be that of a column."""
    if not is_code(code) or code in _NAMES_OF_TABLES or code.endswith(RESERVED_SUFFIXES):
        code = f"r-{code.replace('.', '-')}"
    known = {one.casefold() for one in taken}  # a reader takes A and a for one
    lead, dot, end = code.rpartition(".")
    if dot and lead.casefold() in known and _COLUMN.fullmatch(end) and (node.above is None or node.above.code != lead):
        code = f"{lead}-{end}"  # 1.a is a column of row 1, unless row 1 is its heading
    if code.casefold() in known and node.above is not None and not code.startswith(f"{node.above.code}."):
        code = f"{node.above.code}.{code}"
    tried, count = code, 2
    while tried.casefold() in known:
        tried, count = f"{code}-{count}", count + 1
    return tried
