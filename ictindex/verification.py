"""A written result held against its own receipt, the scheme that it names, and the same table scored anew.

What differs is told with the gravest first: another scheme, other figures, another way of scoring, and only then the
cells, which all of these may have changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from attrs import define, field, frozen

from ictindex.canonical import FORM
from ictindex.formats.result_data import scheme_data
from ictindex.formats.written import Written
from ictindex.messages import either, in_language, joined, say
from ictindex.model import Scheme
from ictindex.notices import scheme_notices
from ictindex.receipt import receipt_head, receipt_line
from ictindex.result import Result
from ictindex.result_columns import ResultColumn

Kind = Literal[
    "form", "scheme", "round", "data", "options", "version", "changed", "notices", "units", "columns", "cell"
]
Compared = Literal["result", "scheme", "table"]

KINDS: tuple[Kind, ...] = (
    "form",
    "scheme",
    "round",
    "data",
    "options",
    "version",
    "changed",
    "notices",
    "units",
    "columns",
    "cell",
)
"""What may differ, the gravest first."""

TRACKS = {"verified": either("verified", "đã thẩm định"), "final": either("final", "kết luận")}
"""The tracks of a round whose figures are other than was declared."""


@frozen(kw_only=True)
class Difference:
    """One thing in which a written result differs, told in `message`.

    A cell is that of a `unit` in a `column`, by its stable name: `written` stands in the file, `found` is what comes
    out now.
    """

    kind: Kind
    message: str
    unit: str = ""
    column: str = ""
    written: str | None = None
    found: str | None = None

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the difference as plain data, its message in a language."""
        return {
            "kind": self.kind,
            "message": in_language(self.message, language),
            "unit": self.unit or None,
            "column": self.column or None,
            "written": self.written,
            "found": self.found,
        }


@frozen(kw_only=True)
class Verification:
    """What came of verifying a result: `same`, or what differs, the gravest first.

    `compared` says with what: with the `result`'s own receipt, with the `scheme`, with a `table` scored anew. `remarks`
    are what could not be compared, and what is no difference of the result.
    """

    source: str
    receipt: str
    compared: tuple[Compared, ...]
    differences: tuple[Difference, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs of what was compared."""
        return not self.differences

    @property
    def first(self) -> Difference | None:
        """What differs first; None where nothing does."""
        return self.differences[0] if self.differences else None

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the answer as plain data, its words in a language."""
        return {
            "source": self.source,
            "receipt": self.receipt,
            "same": self.same,
            "compared": list(self.compared),
            "differences": [one.to_dict(language) for one in self.differences],
            "remarks": [in_language(remark, language) for remark in self.remarks],
        }

    def told(self, language: str = "en", most: int = 0) -> str:
        """Return the answer as lines of text in a language, with at most so many differences, 0 for all of them."""
        lines = [self._verdict()]
        shown = self.differences[: most or None]
        lines += [say("  {difference}", difference=one.message) for one in shown]
        if len(shown) < len(self.differences):
            lines.append(say("  and {count} more differences", count=len(self.differences) - len(shown)))
        lines += [say("  note: {remark}", remark=remark) for remark in self.remarks]
        return "\n".join(in_language(line, language) for line in lines)

    def _verdict(self) -> str:
        if self.differences:
            return say("{file}: not the same", file=self.source)
        if "table" in self.compared:
            return say("{file}: same, scored anew from the table", file=self.source)
        if "scheme" in self.compared:
            return say("{file}: same as when it was written, and the scheme is the same", file=self.source)
        return say("{file}: same as when it was written", file=self.source)


@define
class Check:
    """Gathers what differs: from the file itself, then from the scheme, then from the table."""

    written: Written
    found: list[Difference] = field(factory=list)
    remarks: list[str] = field(factory=list)
    compared: list[Compared] = field(factory=list)

    def answer(self) -> Verification:
        """Return the answer with the gravest difference first."""
        order = sorted(self.found, key=lambda one: KINDS.index(one.kind))
        line = receipt_line(self.written.receipt)
        return Verification(
            source=self.written.source,
            receipt=line,
            compared=tuple(self.compared),
            differences=tuple(order),
            remarks=tuple(self.remarks),
        )

    @property
    def _comparable(self) -> bool:
        """Whether the hashes are of the forms that this version makes."""
        return bool(self.written.receipt["form"] == FORM)

    def itself(self, *, scored_anew: bool) -> None:
        """Compare what the file says with the hash in its receipt."""
        written = self.written
        self.compared.append("result")
        if not self._comparable:
            told = say(
                "the receipt has canonical forms of number {theirs}, this version makes number {ours}",
                theirs=written.receipt["form"],
                ours=FORM,
            )
            self._add("form", joined((told, say("score the table again with this version")), by="; "))
            return
        if written.complete and not _begins(written.sha256, written.receipt["result_sha256"]):
            told = say("the file was changed after it was written: what it says is not what its receipt says")
            more = "" if scored_anew else say("in which cell, only the table can tell: add `--table TABLE`")
            self._add("changed", joined((told, more), by="; "))
        for places in written.contradictions:
            self._add("changed", say("the file contradicts itself: {places}", places=places))

    def scheme(self, scheme: Scheme) -> bool:
        """Compare the scheme with the one that was scored under, and return whether it is the same."""
        receipt = self.written.receipt
        self.compared.append("scheme")
        stated = receipt["scheme"], receipt["revision"], receipt["variant"] or ""
        if scheme.id != stated[0]:
            told = say("the result is one of {theirs}, the scheme is {ours}", theirs=stated[0], ours=scheme.id)
        elif scheme.revision != stated[1]:
            told = say(
                "the scheme {scheme} was revision {theirs} and is revision {ours} now",
                scheme=scheme.id,
                theirs=stated[1],
                ours=scheme.revision,
            )
        elif scheme.variant != stated[2]:
            told = say(
                "the result is of the variant '{theirs}', the scheme is in '{ours}'",
                theirs=stated[2],
                ours=scheme.variant,
            )
        elif self._comparable and not _begins(scheme.sha256, receipt["scheme_sha256"]):
            told = say(
                "the scheme {scheme} has the same revision, {revision}, and other content than what was scored under",
                scheme=scheme.id,
                revision=scheme.revision,
            )
            told = joined((told, _overlaid(self.written, scheme)), by="; ")
        else:
            self._told_of(scheme)
            return True
        self._add("scheme", told)
        return False

    def _told_of(self, scheme: Scheme) -> None:
        """What JSON says of the scheme, and what its readers must be told."""
        ours = json.loads(json.dumps(scheme_data(scheme)), parse_float=Decimal)
        for key, value in ours.items():
            if self.written.head and self.written.head.get(key) != value:
                self._add("notices", say("what it says of `{key}` is not what the scheme says", key=key))
        told = scheme_notices(scheme)
        if list(map(_words, self.written.notices[: len(told)])) != list(map(_words, told)):
            self._add("notices", say("its readers are not told what the scheme's readers must be told"))

    def table(self, result: Result) -> None:
        """Compare with the table that was scored anew, under the scheme as it is now."""
        written, ours = self.written, result.receipt()
        self.compared.append("table")
        other = self._comparable and not _begins(ours["data_sha256"], written.receipt["data_sha256"])
        if other and "unverified" in written.receipt["options"] and not result.table.origin.has_events:
            track = TRACKS.get(written.receipt["options"].get("track", ""), written.receipt["options"].get("track", ""))
            self._add("round", say("it is a result of the {track} figures of a round: add `--round FILE`", track=track))
            self.remarks.append(say("the cells are compared when the round is given"))
            return
        if other:
            self._add("data", say("the figures of the table are other ones than those that were scored"))
        self._options(receipt_head(written.receipt)[5:], receipt_head(ours)[5:])
        self._notes(result)
        before = len(self.found)
        self._units(result)
        self._cells(result)
        version = written.receipt["ictindex"]
        if version != ours["ictindex"]:
            told = say("it was written by ictindex {theirs}, this is {ours}", theirs=version, ours=ours["ictindex"])
            if len(self.found) > before:
                self._add("version", told)
            else:
                self.remarks.append(told)

    def _options(self, theirs: Sequence[str], ours: Sequence[str]) -> None:
        if sorted(theirs) != sorted(ours):
            none = say("none")
            told = say(
                "it was scored with other options: {theirs}, and now {ours}",
                theirs=", ".join(theirs) or none,
                ours=", ".join(ours) or none,
            )
            self._add("options", told)

    def _notes(self, result: Result) -> None:
        theirs = self.written.notices[len(scheme_notices(result.scheme)) :]
        if list(map(_words, theirs)) != list(map(_words, result.table.notes)):
            self._add("notices", say("its notes are not those of the table"))

    def _units(self, result: Result) -> None:
        theirs, ours = self.written.columns["unit"], set(result.units)
        seen: set[str] = set()
        for unit in theirs:
            if unit in seen:
                self._add("units", say("the unit {unit} stands in it twice", unit=unit), unit=unit)
            elif unit not in ours:
                self._add("units", say("the unit {unit} is not in the table", unit=unit), unit=unit)
            seen.add(unit)
        for unit in result.units:
            if unit not in seen:
                self._add("units", say("the unit {unit} is missing in it", unit=unit), unit=unit)

    def _cells(self, result: Result) -> None:
        written = self.written.columns
        for column in result.columns:
            if column.name in written:
                self._column(column, result)
            elif self.written.complete:
                told = say("the column {column} is missing in it", column=column.name)
                self._add("columns", told, column=column.name)
        known = {column.name for column in result.columns}
        for name in written:
            if name not in known:
                self._add("columns", say("the column {column} is none of a result", column=name), column=name)

    def _column(self, column: ResultColumn, result: Result) -> None:
        place = {unit: at for at, unit in enumerate(result.units)}
        ours, shown, theirs = column.canonical, column.texts, self.written.columns[column.name]
        for unit, cell in zip(self.written.columns["unit"], theirs, strict=True):
            at = place.get(unit)
            if at is not None and cell != ours[at]:
                told = say(
                    "{unit}, {column}: it says {theirs}, and {ours} comes out",
                    unit=unit,
                    column=column.heading,
                    theirs=cell or say("nothing"),
                    ours=shown[at] or say("nothing"),
                )
                self._add("cell", told, unit=unit, column=column.name, written=cell, found=shown[at])

    def _add(self, kind: Kind, message: str, **more: Any) -> None:
        self.found.append(Difference(kind=kind, message=message, **more))


def _begins(whole: str, stated: str) -> bool:
    """Whether a hash is the one that is stated, whole or by its beginning."""
    return bool(stated) and whole.startswith(stated)


def _words(text: str) -> str:
    return " ".join(text.lstrip("#").split())


def _overlaid(written: Written, scheme: Scheme) -> str:
    """Return advice where an overlay was laid over the scheme and is not now, empty where that is not the reason."""
    overlay: Mapping[str, Any] | None = written.receipt.get("overlay")
    by = str(overlay.get("by", "")) if overlay else ""
    if scheme.overlay is None and overlay:
        return say("it was made with the overlay of {by}: name the overlay's file as the scheme", by=by)
    if scheme.overlay is None and "overlay" not in written.receipt:
        return say("if an overlay was laid over it, name the overlay's file as the scheme")
    return ""
