"""The columns of a scheme: words declare an input, `$code` names a shared one, a number is fixed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen

from ictindex.documents.draft import Draft, mapping_items, words
from ictindex.documents.grammar import read_number, split_line
from ictindex.documents.source import Mapping, Node, Scalar
from ictindex.documents.status import Speaker
from ictindex.errors import Location, did_you_mean
from ictindex.messages import one_of, say
from ictindex.model import Case, Input, InputKind, Publication, Quantity

_SHARED_KINDS = (InputKind.COUNT, InputKind.AMOUNT, InputKind.YES_NO)
_NUMBERS = (InputKind.COUNT, InputKind.AMOUNT)
_TRUTHS = {"true": True, "false": False}


@frozen
class RowContext:
    """What the rules of a row need to know of it."""

    draft: Draft
    code: str
    name: str
    maximum: Fraction
    informational: bool
    speaker: Speaker
    publish: Publication
    data_from: str
    verified_by: str
    line: Location
    scaled: bool = False  # whether a scale turns the measured number into points
    reads: list[str] = field(factory=list)  # every column that the row's measure reads, in order

    def declare(self, code: str, kind: InputKind, node: Node, name: str = "", **known: Any) -> str:
        """Declare a column of this row; words are its name, else the row's. Returns its code."""
        said = words(node) if not name else ""
        one = Input(
            code=code,
            name=name or said or self.name,
            kind=kind,
            owner=self.code,
            data_from=self.data_from,
            verified_by=self.verified_by,
            line=node.where.line,
            **known,
        )
        self.reads.append(code)
        if code in self.draft.columns:
            first = self.draft.columns[code][1]
            message = say(
                "two columns have the code '{code}'; the first is declared on line {line}", code=code, line=first.line
            )
            self.draft.error("S243", message, node.where, say("give one of them another code"))
            return code
        self.draft.columns[code] = (one, node.where)
        if said:
            self.draft.worded.append((said, one, node.where))
        return code

    def shared(self, node: Node, kinds: tuple[InputKind, ...]) -> str | None:
        """Return the code of the shared input that `$code` names, None where the node names none."""
        text = words(node).strip()
        if not text.startswith("$"):
            return None
        code, draft = text[1:], self.draft
        self.reads.append(code)
        found = draft.shared.get(code)
        if found is None:
            added = say("add a line `{code} words: count` under `inputs:`", code=code)
            if code in draft.lists:
                added = say("it is a list of cases: write `choice: {name}`", name=text)
            message = say("'{name}' is not declared under `inputs`", name=text)
            draft.unknown.add(code)
            draft.error("S241", message, node.where, did_you_mean(code, draft.shared) or added)
            draft.half_read.add(self.code)
            return code
        if found.kind not in kinds:
            wanted = one_of(f"`{kind}`" for kind in kinds) or say("a column of its own")
            message = say("'{name}' is `{kind}`; here {wanted} is needed", name=text, kind=found.kind, wanted=wanted)
            draft.error("S246", message, node.where, say("use another input"))
        draft.used.add(code)
        return code

    def single(self, kind: InputKind, node: Node, **known: Any) -> str | None:
        """Return the column of a measure that reads one: the row's own, or a shared one."""
        if not isinstance(node, Scalar):
            self.draft.skip(say("words, `$code` or nothing"), node, row=self.code)
            return None
        kinds = {InputKind.AMOUNT: _NUMBERS, InputKind.POINTS: ()}.get(kind, (kind,))
        return self.shared(node, kinds) or self.declare(self.code, kind, node, **known)

    def quantity(self, key: str, node: Node | None, speaker: Speaker) -> Quantity | None:
        """Return what a part of a ratio says: words, `$shared`, a number, or `{sum: {code words: factor}}`."""
        if isinstance(node, Mapping) and node.get("sum") is not None:
            return self._converted(node.get("sum"), speaker.within(node, key).within(node.get("sum"), "sum"))
        if (isinstance(node, Mapping) and node.get("is") is not None) or read_number(words(node)) is not None:
            constant = speaker.number(key, node)
            return None if constant is None else Quantity(constant=constant)
        if not isinstance(node, Scalar) or not words(node).strip():
            self.draft.skip(say("words, `$code` or a number"), node, self.line, row=self.code)
            return None
        code = self.shared(node, _NUMBERS)
        if code is None:
            code = self.declare(f"{self.code}.{key}", InputKind.AMOUNT, node, low=Fraction(0))
        elif code in self.draft.shared and self.draft.shared[code].low is None:
            # What is counted into a share cannot be negative.
            self.draft.shared[code] = evolve(self.draft.shared[code], low=Fraction(0))
        return Quantity(((code, Fraction(1)),))

    def _converted(self, node: Node | None, speaker: Speaker) -> Quantity | None:
        terms = []
        for key, value in mapping_items(node):
            line = split_line(key.text)
            factor = speaker.number(line[0] if line else key.text, value) if line or key.text[:1] == "$" else None
            if factor is None:
                continue
            if line is None:
                code = self.shared(key, _NUMBERS)
            else:
                code = self.declare(f"{self.code}.{line[0]}", InputKind.AMOUNT, key, name=line[1], low=Fraction(0))
            if code is not None:
                terms.append((code, factor))
        if not terms:
            what = say("lines such as `thue-rieng Mbps kênh thuê riêng: 0.5`")
            self.draft.skip(what, node, self.line, row=self.code)
            return None
        return Quantity(tuple(terms))


def read_shared(draft: Draft, node: Node | None, top: Speaker) -> None:
    """Read `inputs:` into the draft, as said by who speaks at the top."""
    speaker = top.within(node, "inputs")
    for key, value in mapping_items(node):
        line = split_line(key.text)
        if line is None:
            continue
        code, name = line
        kind = words(value.get("kind") if isinstance(value, Mapping) else value)
        if code in draft.shared:
            first = draft.shared_at[code].line
            message = say("the code '{code}' stands twice; first on line {line}", code=code, line=first)
            draft.error("S211", message, key.where, say("rename one"))
            continue
        if kind not in _SHARED_KINDS:
            draft.skip(say("one of {words}", words=", ".join(_SHARED_KINDS)), value)
        draft.shared_at[code] = key.where
        fallback = kind if kind in _SHARED_KINDS else InputKind.AMOUNT
        draft.shared[code] = _shared_input(code, name, InputKind(fallback), value, speaker.within(value, code))


def _shared_input(code: str, name: str, kind: InputKind, node: Node, speaker: Speaker) -> Input:
    def said(key: str) -> str:
        return words(node.get(key)) if isinstance(node, Mapping) else ""

    low = speaker.number("low", node.get("low")) if isinstance(node, Mapping) else None
    high = speaker.number("high", node.get("high")) if isinstance(node, Mapping) else None
    if low is not None and high is not None and low > high:
        message = say("the bounds of '{code}' are the wrong way round", code=code)
        speaker.draft.error("S248", message, node.where, say("write the smaller number as `low`"))
    return Input(
        code=code,
        name=name,
        kind=kind,
        unit=said("unit"),
        low=Fraction(0) if low is None and kind is InputKind.COUNT else low,
        high=high,
        additive=_TRUTHS.get(said("additive").lower()),
        weighted_by=said("weighted-by").removeprefix("$"),
        data_from=said("data-from"),
        verified_by=said("verified-by"),
        notes=said("notes"),
        line=node.where.line,
    )


def case_lines(node: Node | None) -> list[tuple[str, str, Scalar, Node]]:
    """Return (code, words, key, value) of each line of a list of cases."""
    lines = ((split_line(key.text), key, value) for key, value in mapping_items(node))
    return [(line[0], line[1], key, value) for line, key, value in lines if line is not None]


def unique_cases(draft: Draft, cases: list[tuple[Case, Location]]) -> tuple[Case, ...]:
    """Return the cases, with a problem noted for each code that stands twice."""
    kept: dict[str, Case] = {}
    for case, where in cases:
        if case.code in kept:
            message = say("the case '{code}' stands twice", code=case.code)
            draft.error("S211", message, where, say("give each case its own code"))
        kept.setdefault(case.code, case)
    return tuple(kept.values())
