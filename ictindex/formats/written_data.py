"""A written result in JSON or JSON lines, read back. Problems: T180, T181, as `written` has them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from ictindex.canonical import RESULT, plain_number
from ictindex.errors import Location, Problem, ResultInvalid
from ictindex.formats.result_data import score_of_points
from ictindex.formats.written import NUMBER, Written, canonical_number, lacking, no_result
from ictindex.messages import say
from ictindex.notices import assuming, overlaid
from ictindex.result_columns import COMPUTED, points_name, sorted_states

_HASH = re.compile("[0-9a-f]{64}")
_TEXT, _NUMBER, _WHOLE = (str,), (int, Decimal), (int,)
_MAYBE_TEXT, _MAYBE_NUMBER = (str, type(None)), (int, Decimal, type(None))


def written_json(text: str, source: str) -> Written:
    """Return the result in JSON. Raises ResultInvalid."""
    data = parsed(text, source)
    if not isinstance(data, dict) or "receipt" not in data or not isinstance(data.get("units"), list):
        raise no_result(source)
    return _written(data, enumerate(data["units"]), source)


def written_in_lines(text: str, source: str) -> Written:
    """Return the result in JSON lines, the head on the first. Raises ResultInvalid."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    head = parsed(lines[0][1], source, lines[0][0]) if lines else None
    if not isinstance(head, dict) or "receipt" not in head:
        raise no_result(source)
    return _written(head, ((number - 2, parsed(line, source, number)) for number, line in lines[1:]), source)


def parsed(text: str, source: str, line: int = 0) -> Any:
    """Return JSON with exact numbers. Raises ResultInvalid (T181), also where a key stands twice."""
    try:
        return json.loads(
            text.removeprefix("\ufeff"), parse_float=_decimal, parse_int=_integer, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        message = say("this is no JSON, or a key stands twice in it")
        raise ResultInvalid(Problem("T181", message, Location(source, line), say("write the result again"))) from None


def _decimal(text: str) -> Decimal | str:
    """Return a number; one that is too long for any result stays a text, and is found to be no number."""
    return Decimal(text) if NUMBER.fullmatch(text) else text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. Raises ValueError where a key stands twice, since readers differ in which they take."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _integer(text: str) -> int | str:
    return int(text) if NUMBER.fullmatch(text) else text


@frozen
class _Reader:
    """Takes values out of plain data, and knows where it is."""

    source: str
    places: tuple[str, ...] = ()
    data: Any = field(default=None, repr=False)

    def at(self, key: str | int, kinds: tuple[type, ...] = (dict,)) -> _Reader:
        """Return what stands under a key, which must be there and of one of these kinds."""
        places = (*self.places, str(key))
        try:
            found = self.data[key]
        except (KeyError, IndexError, TypeError):
            raise lacking(self.source, ".".join(places)) from None
        if not isinstance(found, kinds) or (isinstance(found, bool) and bool not in kinds):
            raise lacking(self.source, ".".join(places))
        return _Reader(self.source, places, found)

    def get(self, key: str | int, kinds: tuple[type, ...]) -> Any:
        return self.at(key, kinds).data

    def each(self, key: str, kinds: tuple[type, ...] = (dict,)) -> Iterator[_Reader]:
        inner = self.at(key, (list,))
        for place in range(len(inner.data)):
            yield inner.at(place, kinds)


def _written(data: Mapping[str, Any], units: Iterable[tuple[int, Any]], source: str) -> Written:
    head = _Reader(source, (), data)
    if head.get("format", _TEXT) != RESULT:
        raise lacking(source, "format")
    told = _Told(head)
    for number, unit in units:
        if not isinstance(unit, dict):
            raise lacking(source, f"units.{number}")
        told.unit(_Reader(source, (f"units.{number}",), unit))
    if len({len(column) for column in told.columns.values()}) > 1:  # what some units declared, others did not
        raise lacking(source, "declared")
    return Written(
        source=source,
        receipt=_receipt(head.at("receipt")),
        notices=_notices(head),
        columns=told.columns,
        contradictions=[*_contradictions(head), *told.contradictions],
        head={key: value for key, value in data.items() if key not in ("units", "receipt", "notes", "format")},
    )


def receipt_in(data: Any, source: str) -> dict[str, Any]:
    """Return a receipt that stands in data, with all that it must have. Raises ResultInvalid (T181)."""
    return _receipt(_Reader(source, (), {"receipt": data}).at("receipt"))


def _receipt(receipt: _Reader) -> dict[str, Any]:
    for key in ("scheme", "scheme_sha256", "data_sha256", "result_sha256", "ictindex"):
        text = receipt.get(key, _TEXT)
        if key.endswith("_sha256") and not _HASH.fullmatch(text):  # a shorter one would fit too well
            raise lacking(receipt.source, f"receipt.{key}")
    for key in ("revision", "form"):
        receipt.get(key, _WHOLE)
    receipt.get("variant", _MAYBE_TEXT)
    receipt.get("options", (dict,))
    receipt.get("overlay", (dict, type(None)))
    return dict(receipt.data)


def _notices(head: _Reader) -> list[str]:
    """Return what readers are told: that there is an overlay, that numbers are assumed, the notes of the table."""
    found = head.at("scheme").at("overlay", (dict, type(None)))
    overlay = [] if found.data is None else _overlay_notice(found)
    return [*overlay, *assuming(head.get("assumed", _WHOLE)), *(note.data for note in head.each("notes", _TEXT))]


def _overlay_notice(overlay: _Reader) -> list[str]:
    return overlaid(overlay.get("by", _TEXT), overlay.get("date", _TEXT), overlay.get("revision", _WHOLE))


def _contradictions(head: _Reader) -> Iterator[str]:
    """Yield what the head says twice, and differently."""
    scheme, receipt = head.at("scheme"), head.at("receipt")
    pairs = {"id": "scheme", "revision": "revision", "sha256": "scheme_sha256", "overlay": "overlay"}
    for key, other in pairs.items():
        if scheme.data.get(key) != receipt.data.get(other):
            yield say("{one} and {other} differ", one=f"scheme.{key}", other=f"receipt.{other}")
    if receipt.data["options"].get("variant") != receipt.data["variant"]:
        yield say("{one} and {other} differ", one="receipt.variant", other="receipt.options.variant")
    if head.get("provisional", (bool,)) != (head.data["assumed"] > 0):
        yield say("{one} and {other} differ", one="provisional", other="assumed")
    overlay = scheme.data["overlay"]
    if overlay is not None and _combined(overlay, receipt.data["variant"]) != receipt.data["scheme_sha256"]:
        yield say("{one} and {other} differ", one="receipt.overlay", other="receipt.scheme_sha256")


def _combined(overlay: Mapping[str, Any], variant: str | None) -> str:
    """Return the hash of a scheme with an overlay, and a variant, out of the hashes of its documents."""
    found = hashlib.sha256(f"{overlay.get('base_sha256')}+{overlay.get('sha256')}".encode()).hexdigest()
    return hashlib.sha256(f"{found}#{variant}".encode()).hexdigest() if variant else found


class _Told:
    """The canonical columns, gathered unit by unit."""

    def __init__(self, head: _Reader) -> None:
        self.columns: dict[str, list[str]] = {"unit": [], "name": []}
        self.contradictions: list[str] = []
        self.pool = head.get("pools", _MAYBE_TEXT)
        self._totals = [_Total(one) for one in head.each("totals")]
        self._rows = [(one.get("code", _TEXT), one.get("max", _NUMBER)) for one in head.each("rows")]

    def unit(self, unit: _Reader) -> None:
        """Add a unit."""
        self._add("unit", unit.get("unit", _TEXT))
        self._add("name", unit.get("name", _TEXT))
        if self.pool is not None:
            self._add(self.pool, unit.get("pool", _TEXT))
        nodes = unit.at("nodes")
        several = len(self._totals) > 1
        for total in self._totals:
            scores = unit.at("totals").at(total.code) if several else unit
            self._scores(scores, total, f"{total.code}." if several else "")
            self._check_score(scores, total, nodes)
        states = []
        for code, most in self._rows:
            state = self._node(nodes.at(code), code, most)
            if state != COMPUTED:
                states.append(f"{code}: {state}")
        self._add("states", sorted_states("; ".join(states)))

    def _scores(self, scores: _Reader, total: _Total, lead: str) -> None:
        self._add(f"{lead}score", canonical_number(scores.get("published", _MAYBE_TEXT) or ""))
        self._add(f"{lead}rank", _number(scores.get("rank", _MAYBE_NUMBER)))
        level = scores.get("level", _MAYBE_TEXT)
        if total.levels:
            self._add(f"{lead}level", level or "")
        elif level is not None:
            self._contradict(say("{one} and {other} differ", one=_place(scores, "level"), other="totals"))
        if "declared" in scores.data:
            self._add(f"{lead}score.self", canonical_number(scores.get("declared", _MAYBE_TEXT) or ""))
            self._add(f"{lead}score.difference", canonical_number(scores.get("difference", _MAYBE_TEXT) or ""))

    def _check_score(self, scores: _Reader, total: _Total, nodes: _Reader) -> None:
        """The score beside the published one is no column of its own: it must follow from the points."""
        points = nodes.at(total.code).get("score", _MAYBE_NUMBER)
        wanted = score_of_points(None if points is None else str(points), total.per_unit)
        if _number(scores.get("score", _MAYBE_NUMBER)) != ("" if wanted is None else plain_number(repr(wanted))):
            self._contradict(
                say("{one} and {other} differ", one=_place(scores, "score"), other=f"nodes.{total.code}.score")
            )

    def _node(self, node: _Reader, code: str, most: int | Decimal) -> str:
        name = points_name(code, self.pool or "")
        self._add(name, _number(node.get("score", _MAYBE_NUMBER)))
        if node.get("max", _NUMBER) != most:
            self._contradict(say("{one} and {other} differ", one=_place(node, "max"), other=f"rows: {code}"))
        if "declared" in node.data:
            self._add(f"{name}.self", _number(node.get("declared", _MAYBE_NUMBER)))
            self._add(f"{name}.difference", _number(node.get("difference", _MAYBE_NUMBER)))
        state: str = node.get("state", _TEXT)
        return state

    def _add(self, name: str, cell: str) -> None:
        self.columns.setdefault(name, []).append(cell)

    def _contradict(self, text: str) -> None:
        self.contradictions.append(text)


class _Total:
    """What the head says of a total."""

    def __init__(self, told: _Reader) -> None:
        self.code: str = told.get("code", _TEXT)
        self.levels = told.get("levels", (list, type(None))) is not None
        scale, most = told.get("scale", _TEXT), Fraction(told.get("max", _NUMBER))
        self.per_unit = {"points": Fraction(1), "index": most, "percent": most / 100}.get(scale, Fraction(0))


def _number(number: int | Decimal | None) -> str:
    return "" if number is None else plain_number(str(number))


def _place(reader: _Reader, key: str) -> str:
    return ".".join((*reader.places, key))
