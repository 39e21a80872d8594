"""Rules that were read out of wordings, written as lines under their rows; and the quantities that rows share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import define, field, frozen

from ictindex.cells import fold
from ictindex.documents.grammar import read_number
from ictindex.documents.marks import REVIEW
from ictindex.drafting.grid import one_line
from ictindex.drafting.head import UNSAID
from ictindex.drafting.reading import Reading, Value
from ictindex.drafting.yaml_lines import comment, indented, line_key, words

_LONG = 100  # characters of a name that is not repeated as the words of an input
_ENDS = {"a": "tử số", "b": "mẫu số"}
_NAMES_OF_TABLES = ("unit", "name", "total")


@frozen
class Shared:
    """A quantity that several rows divide in the same words: its code, its words, the codes of the rows."""

    code: str
    words: str
    rows: tuple[str, ...]


def shared_quantities(readings: Mapping[str, Reading | None], taken: Collection[str]) -> dict[str, Shared]:
    """Return the quantities of ratios that stand in several rows in the same words, by their folded words.

    `readings` are by the code of the row; `taken` are codes that a shared input may not have.
    """
    rows: dict[str, list[str]] = {}
    named: dict[str, str] = {}
    for code, reading in readings.items():
        for text in {fold(one): one for one in _quantities(reading)}.values():
            rows.setdefault(fold(text), []).append(code)
            named.setdefault(fold(text), one_line(text))
    used = {one.casefold() for one in (*taken, *_NAMES_OF_TABLES)}
    shared: dict[str, Shared] = {}
    for folded, codes in rows.items():
        if len(codes) > 1:
            code = _code_of(named[folded], used)
            used.add(code)
            shared[folded] = Shared(code, named[folded], tuple(codes))
    return shared


def input_lines(shared: Mapping[str, Shared]) -> Iterator[str]:
    """Yield the block of shared inputs, each marked to be looked at; nothing where there are none."""
    if not shared:
        return
    yield from comment("Số liệu dùng chung cho nhiều dòng; trong dòng viết $mã.")
    yield "inputs:"
    for one in shared.values():
        told = f"{REVIEW}: lời văn này có ở các dòng {', '.join(one.rows)}. Nếu không phải một số liệu thì tách ra."
        yield from indented(comment(told))
        yield f"  {line_key(one.code, one.words)} {{kind: amount, low: 0}}"


@define
class RuleWriter:
    """Writes the rules of rows one by one, and keeps the words of their inputs apart."""

    shared: Mapping[str, Shared]
    _said: set[tuple[str, str]] = field(factory=set)

    def lines(self, reading: Reading, code: str, name: str) -> Iterator[str]:
        """Yield the lines of a reading for the row with that code and name."""
        for key, value in reading.rule:
            if key == "ratio" and not isinstance(value, str):
                yield from self._ratio(value, code)
            elif key in ("value", "count", "yes-no") and isinstance(value, str):
                yield f"{key}: {self._own_words(key, value, code, name)}".rstrip()
            elif key in ("steps", "steps-down") and not isinstance(value, str):
                yield f"{key}: {{{', '.join(f'{one}: {points}' for one, points in value)}}}"
            elif isinstance(value, str):
                yield f"{key}: {value}".rstrip()
            else:
                yield f"{key}:"
                for line, points in value:
                    case, _, condition = line.partition(" ")
                    yield f"  {line_key(case, one_line(condition))} {points}"

    def _ratio(self, said: Sequence[tuple[str, Value]], code: str) -> Iterator[str]:
        yield "ratio:"
        parts = {key: one_line(str(value)) for key, value in said}
        for key, text in parts.items():
            yield f"  {key}: {self._end(key, text, code) if key in _ENDS else text}"
        if read_number(parts["b"]) is None and "if-none" not in parts:
            yield f"  if-none: {{is: refuse, assumed: {UNSAID} khi b bằng 0}}"

    def _end(self, key: str, text: str, code: str) -> str:
        """Return one end of a ratio: its fixed number, the name of a shared quantity, or its own words."""
        if read_number(text) is not None:
            return text
        shared = self.shared.get(fold(text))
        return f"${shared.code}" if shared else words(text or f"{_ENDS[key]} của {code}, lời văn không nói là gì")

    def _own_words(self, key: str, text: str, code: str, name: str) -> str:
        """Return the words of a row's own input, with the row's code where another row says the same."""
        if text.endswith("%") and len(name) <= _LONG:
            text = f"{name}, tính bằng % (0 đến 100)"
        if not text or (key == "count" and name.casefold().startswith(("số ", "tổng số "))):
            return ""  # the name of the row says best what is counted
        if (key, fold(text)) in self._said or fold(text) in self.shared:
            text = f"{text} ({code})"
        self._said.add((key, fold(text)))
        return words(text)


def _quantities(reading: Reading | None) -> Iterator[str]:
    """Yield the words of the quantities that a ratio divides."""
    for key, value in reading.rule if reading else ():
        if key == "ratio" and not isinstance(value, str):
            yield from (str(text) for end, text in value if end in _ENDS and text and read_number(str(text)) is None)


def _code_of(text: str, taken: Collection[str]) -> str:
    """Return a short code for words: `tổng số cán bộ` is tong-so-can-bo."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    parts = re.findall("[a-z0-9]+", "".join(one for one in plain if not unicodedata.combining(one)))
    code = tried = "-".join(parts[:5]) or "so-lieu"
    count = 2
    while tried in taken:
        tried, count = f"{code}-{count}", count + 1
    return tried
