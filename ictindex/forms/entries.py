"""What one cell of a form takes: in words, as a spreadsheet's validation, and as a formula that says what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from ictindex.cells import CellRule, clean, fold, number_text
from ictindex.forms.lines import Entry
from ictindex.forms.numbers import number
from ictindex.forms.words import Speaker
from ictindex.messages import either
from ictindex.model import Case, InputKind

LONGEST_LABEL = 120
"""A case in a drop-down list is cut to so many characters."""

_PROMPT, _TITLE = 250, 32  # what Excel shows of a note and of its title

YES, NO = {"vi": "Có", "en": "Yes"}, {"vi": "Không", "en": "No"}


@frozen
class Ranges:
    """Ranges on the sheet of lists: of words that speak yes and no, and of each choice's codes, labels and points."""

    yes: str
    no: str
    absent: str
    codes: Mapping[str, str]
    labels: Mapping[str, str]
    options: Mapping[str, str]  # what a list offers, by the key of the entry; `yes-no` and `yes-no-absent` are shared


def label_of(case: Case) -> str:
    """Return a case as a list offers it: its code and its words."""
    text = clean(f"{case.code} {case.name}")
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"


def case_meant(text: str, cases: tuple[Case, ...]) -> str:
    """Return the code of the case whose label stands in a cell, or the text as it is."""
    word = fold(text)
    return next((case.code for case in cases if fold(label_of(case)) == word), text)


def options_of(entry: Entry, speak: Speaker) -> list[str]:
    """Return what the list of a cell offers; nothing where it takes a number."""
    absent = [speak.not_applicable] if entry.takes_absent else []
    match entry.rule.kind:
        case InputKind.CHOICE:
            return [*map(label_of, entry.rule.cases), *absent]
        case InputKind.YES_NO:
            return [YES[speak.language], NO[speak.language], *absent]
    return []


def unit_words(entry: Entry) -> str:
    """Return the unit of measure: what the scheme says, or else what kind of cell it is."""
    if entry.unit:
        return entry.unit
    match entry.rule.kind:
        case InputKind.CHOICE:
            return either("one case", "chọn 1 mục")
        case InputKind.YES_NO:
            return either("yes / no", "có / không")
        case InputKind.COUNT:
            return either("number of", "số lượng")
        case InputKind.POINTS if entry.scale == "index":
            return either("index 0-1", "chỉ số 0–1")
        case InputKind.POINTS if entry.scale == "percent":
            return either("percent 0-100", "phần trăm 0–100")
        case InputKind.POINTS:
            return either("points", "điểm")
    return either("number", "con số")


def takes_words(rule: CellRule) -> str:
    """Return what a cell takes, in words."""
    low, high = (None if end is None else number_text(end) for end in (rule.low, rule.high))
    vi_low, vi_high = ("" if end is None else end.replace(".", ",") for end in (low, high))
    match rule.kind:
        case InputKind.CHOICE:
            return either("Choose one line of the list.", "Chọn một dòng trong danh sách.")
        case InputKind.YES_NO:
            return either("Choose yes or no.", "Chọn Có hoặc Không.")
    whole = rule.kind is InputKind.COUNT
    vi, en = ("Số nguyên", "A whole number") if whole else ("Con số", "A number")
    if low is not None and high is not None:
        return either(f"{en} from {low} to {high}.", f"{vi} từ {vi_low} đến {vi_high}.")
    if low is not None:
        return either(f"{en}, {low} or more.", f"{vi}, từ {vi_low} trở lên.")
    if high is not None:
        return either(f"{en}, at most {high}.", f"{vi}, không quá {vi_high}.")
    return either(f"{en}.", f"{vi}.")


def validation(entry: Entry, cell: str, options: str, speak: Speaker, *, title: str) -> dict[str, Any]:
    """Return the validation of a cell for xlsxwriter; `cell` is its relative address, `options` the range of a list."""
    takes = speak(takes_words(entry.rule))
    absent = empty = ""
    if entry.takes_absent and not options:
        absent = speak(either("Write n/a where it does not apply.", "Không áp dụng thì ghi n/a."))
    if not entry.key.endswith(".excluded"):
        empty = speak(either("Leave it empty where there is no figure yet.", "Chưa có số liệu thì để trống."))
    found: dict[str, Any] = {
        "input_title": _cut(title, _TITLE),
        "input_message": _cut(" ".join(filter(None, (takes, absent, empty))), _PROMPT),
        "error_title": _cut(speak(either("This cell does not take that", "Ô này không nhận giá trị đó")), _TITLE),
        "error_message": _cut(" ".join(filter(None, (takes, absent))), _PROMPT),
        "ignore_blank": True,
    }
    if options:
        return {**found, "validate": "list", "source": f"={options}"}
    fine = _in_bounds(entry.rule, cell)
    if entry.takes_absent:
        words = ",".join(f'LOWER(TRIM({cell}))="{word}"' for word in ("n/a", "không áp dụng"))
        return {**found, "validate": "custom", "value": f"=IF(ISNUMBER({cell}),{fine},OR({words}))"}
    return {**found, "validate": "custom", "value": f"=IF(ISNUMBER({cell}),{fine},FALSE)"}


def state_formula(entry: Entry, cell: str, ranges: Ranges) -> str:
    """Return the state of a cell as a formula: 0 reported, 1 not applicable, 2 empty, 3 wrong."""
    word = f"LOWER(TRIM({cell}))"
    match entry.rule.kind:
        case InputKind.CHOICE:
            known = (
                f"SUMPRODUCT(--({ranges.codes[entry.key]}={word}))+SUMPRODUCT(--({ranges.labels[entry.key]}={word}))"
            )
        case InputKind.YES_NO:
            known = f"SUMPRODUCT(--({ranges.yes}={word}))+SUMPRODUCT(--({ranges.no}={word}))"
        case _:
            known = f"IF(ISNUMBER({cell}),IF({_in_bounds(entry.rule, cell)},1,0),0)"
    empty = "0" if entry.key.endswith(".excluded") else "2"
    absent = f"SUMPRODUCT(--({ranges.absent}={word}))>0"
    read = f'IF({word}="",{empty},IF({absent},{"0" if empty == "0" else "1"},IF({known}>0,0,3)))'
    return f"IF(ISBLANK({cell}),{empty},IF(ISERROR({cell}),3,{read}))"


def number_formula(entry: Entry, cell: str, state: str, ranges: Ranges) -> str:
    """Return what a cell says as a number: a choice by its position from 1, yes as 1; 0 where nothing is reported."""
    word = f"LOWER(TRIM({cell}))"
    match entry.rule.kind:
        case InputKind.CHOICE:
            codes, labels = ranges.codes[entry.key], ranges.labels[entry.key]
            first = codes.partition(":")[0]
            found = f"SUMPRODUCT(--((({codes}={word})+({labels}={word}))>0),ROW({codes})-ROW({first})+1)"
        case InputKind.YES_NO:
            found = f"IF(SUMPRODUCT(--({ranges.yes}={word}))>0,1,0)"
        case _:
            return f"IF({state}=0,N({cell}),0)"
    return f"IF({state}=0,{found},0)"


def cases_are_told_apart(rule: CellRule) -> bool:
    """Whether the codes of a choice differ in more than capitals: a spreadsheet sees no difference there."""
    return len({fold(case.code) for case in rule.cases}) == len(rule.cases)


def _in_bounds(rule: CellRule, cell: str) -> str:
    ends: list[tuple[str, Fraction | None]] = [(">=", rule.low), ("<=", rule.high)]
    tests = [f"{cell}{sign}{number(end)}" for sign, end in ends if end is not None]
    if rule.kind is InputKind.COUNT:
        tests.append(f"{cell}=INT({cell})")
    return f"AND({','.join(tests)})" if tests else "TRUE"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
