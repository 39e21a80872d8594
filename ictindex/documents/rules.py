"""The value under each keyword of a row becomes a Rule: a measure, or a scale (a normalization)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map
from fractions import Fraction
from typing import Any

from ictindex.documents.draft import mapping_items, words
from ictindex.documents.grammar import STATUS_KEYS, read_number, read_points
from ictindex.documents.inputs import RowContext, case_lines, unique_cases
from ictindex.documents.source import Mapping, Node, Scalar, Sequence
from ictindex.documents.status import Speaker
from ictindex.errors import did_you_mean
from ictindex.messages import say
from ictindex.model import Case, InputKind, Rule

OVER = ("clamp", "refuse")
IF_NONE = ("refuse", "zero", "full", "not-applicable")
SCOPES = ("pool", "all")
_POINTS = say("points such as 15, max, 1/2 max or 50% max")
PUBLISHED_FULL = {"index": Fraction(1), "percent": Fraction(100)}


def measure_rule(keyword: str, node: Node, row: RowContext) -> Rule | None:
    """Return the measure under a keyword and declare its inputs; None where it cannot be read."""
    if "." in keyword:
        return _plugin(keyword, node, row, row.draft.strategy(row.draft.vocabulary.measures, keyword, node.where))
    reader = MEASURES.get(keyword)
    return reader(node, row) if reader else None


def _value(node: Node, row: RowContext) -> Rule | None:
    known: dict[str, Any] = {}
    if not row.scaled and not row.informational:
        known = {"low": Fraction(0), "high": row.maximum}
    return _on_input("value", row.single(InputKind.AMOUNT, node, **known))


def _count(node: Node, row: RowContext) -> Rule | None:
    return _on_input("count", row.single(InputKind.COUNT, node, low=Fraction(0)))


def _yes_no(node: Node, row: RowContext) -> Rule | None:
    return _on_input("yes-no", row.single(InputKind.YES_NO, node))


def _assessed(node: Node, row: RowContext) -> Rule | None:
    full = PUBLISHED_FULL.get(row.publish.scale, row.maximum)
    high = None if row.informational else full
    return _on_input("assessed", row.single(InputKind.POINTS, node, low=Fraction(0), high=high))


def _on_input(name: str, code: str | None) -> Rule | None:
    return None if code is None else Rule(name, (("input", code),))


def _ratio(node: Node, row: RowContext) -> Rule | None:
    if not isinstance(node, Mapping):
        row.draft.skip(say("`{{a: words, b: words}}`"), node, row=row.code)
        return None
    speaker = row.speaker.within(node, "ratio")
    a, b = (row.quantity(key, node.get(key), speaker) for key in ("a", "b"))
    per = speaker.number("per", node.get("per"))
    over = speaker.word("over", node.get("over"), OVER)
    if_none = speaker.word("if-none", node.get("if-none"), IF_NONE)
    floor = speaker.number("floor", node.get("floor"))
    if per is not None and per <= 0:
        message = say("`per` is {number}; it must be above 0", number=written(node.get("per")))
        row.draft.error("S239", message, node.where, say("such as 100"))
    if b is not None and not b.terms and b.constant <= 0:
        message = say("the fixed denominator `b` must be above 0")
        row.draft.error(
            "S239", message, node.where, say("write the number that the decision fixes, or words for what is reported")
        )
    if a is None or b is None:
        return None
    parameters = {"a": a, "b": b, "per": per or Fraction(1), "over": over or "clamp", "if_none": if_none or "refuse"}
    return Rule("ratio", (*parameters.items(), ("floor", floor)))


def _choice(node: Node, row: RowContext) -> Rule | None:
    stated, lines = row.speaker.within(node, "choice"), case_lines(node)
    if isinstance(node, Scalar):
        found = _shared_list(node, row)
        if found is None:
            return None
        # The numbers of a shared list are stated where the list stands, once.
        cases = [(Case(code, name, points), place.where) for code, name, place, points in found]
    else:
        cases = []
        for code, name, key, value in lines:
            points = read_case(stated, code, value, row.maximum)
            if points is not None:
                cases.append((Case(code, name, points), key.where))
    if not cases:
        row.draft.skip(say("lines of cases"), node, row=row.code)
        return None
    unique = unique_cases(row.draft, cases)
    code = row.declare(row.code, InputKind.CHOICE, node, name=row.name, cases=unique)
    return Rule("choice", (("input", code), ("cases", unique)))


def _shared_list(node: Scalar, row: RowContext) -> list[tuple[str, str, Scalar, Fraction]] | None:
    draft, text = row.draft, words(node).strip()
    if not text.startswith("$"):
        draft.skip(say("lines of cases, or `$code` of a list"), node, row=row.code)
        return None
    if text[1:] not in draft.lists:
        added = say("add a line `{code} words:` with its cases under `choices:`", code=text[1:])
        if text[1:] in draft.shared:
            added = say("it is an input; a choice names a list under `choices:`, or has its cases below it")
        message = say("'{name}' is not declared under `choices`", name=text)
        draft.unknown.add(text[1:])
        draft.error("S241", message, node.where, did_you_mean(text[1:], draft.lists) or added)
        draft.half_read.add(row.code)
        return None
    draft.lists_used.add(text[1:])
    found = []
    for code, name, key, value in case_lines(draft.lists[text[1:]][1]):
        said = value.get("is") if isinstance(value, Mapping) else value
        points = read_points(words(said), row.maximum)
        if points is None:
            draft.half_read.add(row.code)
        else:
            found.append((code, name, key, points))
    return found


def _checks(node: Node, row: RowContext) -> Rule | None:
    speaker = row.speaker.within(node, "checks")
    cases = []
    for code, name, key, value in case_lines(node):
        points = read_case(speaker, code, value, row.maximum)
        if points is not None:
            column = row.declare(f"{row.code}.{code}", InputKind.YES_NO, key, name=name)
            cases.append((Case(column, name, points), key.where))
    if not cases:
        row.draft.skip(say("lines of conditions with their points"), node, row=row.code)
        return None
    return Rule("checks", (("cases", unique_cases(row.draft, cases)),))


def _all_of(node: Node, row: RowContext) -> Rule | None:
    codes = []
    for code, name, key, value in case_lines(node):
        shared = row.shared(value, (InputKind.YES_NO,))
        notes = "" if shared else words(value)
        codes.append(shared or row.declare(f"{row.code}.{code}", InputKind.YES_NO, key, name=name, notes=notes))
    if not codes:
        row.draft.skip(say("lines of conditions"), node, row=row.code)
        return None
    return Rule("all-of", (("inputs", tuple(dict.fromkeys(codes))),))


MEASURES: Map[str, Callable[[Node, RowContext], Rule | None]] = {
    "value": _value,
    "count": _count,
    "yes-no": _yes_no,
    "assessed": _assessed,
    "ratio": _ratio,
    "choice": _choice,
    "checks": _checks,
    "all-of": _all_of,
}


def scale_rule(keyword: str, node: Node, row: RowContext) -> Rule | None:
    """Return the scale under a keyword, None where it cannot be read."""
    if "." in keyword:
        return _plugin(keyword, node, row, row.draft.strategy(row.draft.vocabulary.normalizations, keyword, node.where))
    reader = SCALES.get(keyword)
    return reader(keyword, node, row) if reader else None


def _over_pool(keyword: str, node: Node, row: RowContext) -> Rule | None:
    scope = words(node)
    if scope not in SCOPES:
        row.draft.skip(say("`pool` or `all`"), node, row=row.code)
        return None
    return Rule(keyword, (("over", scope),))


def _steps(keyword: str, node: Node, row: RowContext) -> Rule | None:
    speaker = row.speaker.within(node, keyword)
    table: dict[Fraction, Fraction] = {}
    for key, value in mapping_items(node):
        threshold = read_number(key.text)
        if key.text in STATUS_KEYS or threshold is None:
            continue
        points = read_case(speaker, key.text, value, row.maximum)
        if threshold in table:
            message = say("the step {step} of {row} stands twice, written differently", step=key.text, row=row.code)
            row.draft.error("S211", message, key.where, say("keep one"))
        elif points is not None:
            table[threshold] = points
    if not table:
        row.draft.skip(say("steps such as `{{4: 20, 3: 15}}`"), node, row=row.code)
        return None
    return Rule(keyword, (("table", tuple(sorted(table.items(), reverse=keyword == "steps"))),))


def _each(keyword: str, node: Node, row: RowContext) -> Rule | None:
    points = read_case(row.speaker, keyword, node, row.maximum)
    if points == 0:
        message = say("`each` is {points} points a piece; it must be above 0", points=written(node))
        row.draft.error(
            "S239", message, node.where, say("write what one piece earns; to take points away use a row with `deduct:`")
        )
    return None if points is None else Rule(keyword, (("points", points),))


def _goalposts(keyword: str, node: Node, row: RowContext) -> Rule | None:
    speaker = row.speaker.within(node, keyword)
    ends = node if isinstance(node, Mapping) else Mapping((), node.where)
    start, end = (speaker.number(key, ends.get(key)) for key in ("from", "to"))
    log = words(ends.get("log")).lower() == "true"
    if start is None or end is None:
        row.draft.skip(say("`{{from: 0, to: 60}}`"), node, row=row.code)
        return None
    if start == end:
        message = say("`from` and `to` of the goalposts are equal")
        row.draft.error(
            "S239", message, node.where, say("`from` earns 0 and `to` earns the max: write two different numbers")
        )
    elif log and min(start, end) <= 0:
        message = say("goalposts on a log scale must both be above 0")
        row.draft.error(
            "S239",
            message,
            node.where,
            say("a logarithm needs numbers above 0: raise the lower one, or leave out `log`"),
        )
    return Rule(keyword, (("start", start), ("end", end), ("log", log)))


SCALES: Map[str, Callable[[str, Node, RowContext], Rule | None]] = {
    "steps": _steps,
    "steps-down": _steps,
    "each": _each,
    "goalposts": _goalposts,
    "min-max": _over_pool,
    "z-score": _over_pool,
    "of-best": _over_pool,
}


def read_case(speaker: Speaker, key: str, node: Node, maximum: Fraction) -> Fraction | None:
    """Return the points of a case or step. A bare percent is refused: of what would it be?"""
    text = written(node)
    if text.endswith("%") and read_number(text) is not None:
        message = say("'{percent}' does not say of what", percent=text)
        hint = say("write `{percent} max` for a share of the maximum", percent=text)
        speaker.draft.error("S204", message, node.where, hint)
        speaker.draft.half_read.add(speaker.at)
        return None
    points = speaker.value(key, node, lambda said: read_points(said, maximum), _POINTS)
    if points is not None and points < 0:
        message = say("{points} points are below 0", points=text)
        speaker.draft.error(
            "S238", message, node.where, say("points are 0 or more; to take points away use a row with `deduct:`")
        )
    return points


def written(node: Node | None) -> str:
    """Return the text of a value, also where it is `{is: ...}`."""
    return words(node.get("is") if isinstance(node, Mapping) else node).strip()


def _plugin(keyword: str, node: Node, row: RowContext, strategy: Any) -> Rule | None:
    """Return a third party's rule. Its schema says which of its values are quantities or points; the rest is plain."""
    schema = getattr(strategy, "schema", {})
    if isinstance(node, Scalar) and schema.get("$ref") == "#/$defs/words":
        return _on_input(keyword, row.single(InputKind.AMOUNT, node))
    speaker = row.speaker.within(node, keyword)
    parameters: list[tuple[str, Any]] = []
    for key, value in mapping_items(node):
        kind = _reference(schema, key.text)
        if key.text in STATUS_KEYS:
            continue
        found: Any
        if kind == "quantity":
            found = row.quantity(key.text, value, speaker)
        elif kind == "points":
            found = read_case(speaker, key.text, value, row.maximum)
        else:
            found = _plain(speaker, key.text, value)
        if found is not None:
            parameters.append((key.text.replace("-", "_"), found))
    return Rule(keyword, tuple(parameters))


def _reference(schema: Any, key: str) -> str:
    properties = schema.get("properties", {}) if isinstance(schema, Map) else {}
    about = properties.get(key, {}) if isinstance(properties, Map) else {}
    return str(about.get("$ref", "")).rpartition("/")[2] if isinstance(about, Map) else ""


def _plain(speaker: Speaker, key: str, node: Node) -> Any:
    """Return a plugin's own value: a number as Fraction, true and false, words, or a tuple of those."""
    if isinstance(node, Sequence):
        return tuple(_plain(speaker, f"{key}.{place}", item) for place, item in enumerate(node.items, 1))
    if isinstance(node, Mapping) and node.get("is") is None:
        inner = speaker.within(node, key)
        return tuple((name.text, _plain(inner, name.text, value)) for name, value in node.items)
    if isinstance(node, Scalar) and (isinstance(node.value, bool) or read_number(node.text) is None):
        return node.value
    return speaker.number(key, node)
