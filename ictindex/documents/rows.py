"""Rows: a line with a mapping under it becomes a Group where rows stand beneath it, else an Indicator."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal, get_args

from attrs import evolve, field, frozen

from ictindex.citations import Citation
from ictindex.documents.draft import Draft, Place, mapping_items, words
from ictindex.documents.grammar import ADDING, ROW_KEYS, read_number, split_line
from ictindex.documents.inputs import RowContext
from ictindex.documents.policies import effort_rule, evidence_rule, levels_rule, publication, rank_rule
from ictindex.documents.rules import measure_rule, scale_rule
from ictindex.documents.source import Mapping, Node, Scalar
from ictindex.documents.status import Speaker, speaker_in
from ictindex.errors import Location
from ictindex.messages import say
from ictindex.model import TOTAL, Evidence, Group, Indicator, Policy, Publication, RankRule, Row, Rule
from ictindex.registry import Registry

Role = Literal["max", "bonus", "deduct"]
_POLICIES: tuple[Policy, ...] = get_args(Policy)
_WHOLE = say("a whole number")
_UNREADABLE = Rule("assessed")  # stands in for a measure that has a problem: no scheme is made of it


@frozen
class Above:
    """What a row has from above: the nearest `below` for each thing, and what its heading decides."""

    citation: Citation = field(factory=Citation)
    overlaid: Citation = field(factory=Citation)  # the one for what an overlay states
    scale: tuple[str, Node] | None = None  # its keyword and value: points in it are of each row's own maximum
    evidence: Evidence | None = None
    data_from: str = ""
    verified_by: str = ""
    publish: Publication = field(factory=Publication)
    rank: RankRule = field(factory=RankRule)
    combine: str = "none"


def read_row(draft: Draft, code: str, name: str, line: Location, node: Mapping, above: Above) -> Row:
    """Return the row of a line and everything beneath it; every problem is noted in the draft."""
    draft.places[code] = Place(line, node)
    speaker, before = speaker_in(draft, code, node, (above.citation, above.overlaid)), len(draft.statements)
    group = code == TOTAL or node.get("parts") is not None or any(split_line(key.text) for key, _ in node.items)
    combine = _combine(speaker, node) if group else ""
    role, maximum = _maximum(speaker, node, bool({combine, above.combine} & set(ADDING)))
    weight = speaker.number("weight", node.get("weight"))
    measured = not group or node.get("parts") is not None
    own = {key: words(node.get(key)) for key in ("data-from", "verified-by")}
    evidence = evidence_rule(node.get("evidence"), speaker)
    common: dict[str, Any] = {
        "code": code,
        "name": name,
        "en": words(node.get("en")),
        "max": maximum,
        "weight": Fraction(1) if weight is None else weight,
        "role": role,
        "missing": speaker.word("missing", node.get("missing"), _POLICIES),
        "not_applicable": speaker.word("not-applicable", node.get("not-applicable"), _POLICIES),
        "publish": publication(node.get("publish"), speaker, above.publish),
        "rank": rank_rule(node.get("rank"), speaker, above.rank),
        "levels": levels_rule(node.get("levels"), node.get("between-levels"), speaker),
        "evidence": evidence or (above.evidence if measured else None),
        "effort": effort_rule(node.get("effort"), speaker),
        "data_from": own["data-from"] or (above.data_from if measured else ""),
        "verified_by": own["verified-by"] or (above.verified_by if measured else ""),
        "notes": words(node.get("notes")),
        "was": words(node.get("was")),
        "citation": speaker.citation,
        "line": line.line,
    }
    rows = _whole(speaker, "rows", node.get("rows"))
    criteria = _whole(speaker, "criteria", node.get("criteria"))
    _unknown_keys(draft, code, node)
    _unknown_keys(draft, TOTAL, node.get("below"))
    if group:
        common["citation"] = _rests_on(speaker, before)
        counts = {"stated_rows": rows, "stated_criteria": criteria, "combine": Rule(combine)}
        return _group(speaker, node, common, counts, above)
    return _indicator(speaker, node, common, above)


def _rests_on(speaker: Speaker, before: int) -> Citation:
    """Return what a heading rests on: the overlay's citation where all that it says has that one."""
    own = {one.citation for one in speaker.draft.statements[before:]}
    return speaker.overlaid if own == {speaker.overlaid} else speaker.citation


def _combine(speaker: Speaker, node: Mapping) -> str:
    stated, known = node.get("combine"), speaker.draft.vocabulary.aggregations
    if stated is None:
        return "sum"
    before = len(speaker.draft.statements)
    names = ("none", *known)
    name = speaker.word("combine", stated, names)
    if name == "sum":
        del speaker.draft.statements[before:]  # the default is no choice of policy
    _declared(speaker.draft, known, name or "", stated.where)
    return name or "sum"


def _maximum(speaker: Speaker, node: Mapping, needed: bool) -> tuple[Role, Fraction]:
    """Return the row's role and its points: `max`, or outside the heading's max `bonus` or `deduct`."""
    roles: tuple[Role, ...] = get_args(Role)
    stated = [role for role in roles if node.get(role) is not None]
    if len(stated) > 1:
        message = say("both `{one}` and `{other}` stand in {row}", one=stated[0], other=stated[1], row=speaker.at)
        place = speaker.draft.places[speaker.at].of(stated[1])
        hint = say("a row counts inside the maximum, as a bonus or as a deduction")
        speaker.draft.error("S219", message, place, hint)
    role = stated[-1] if stated else "max"
    points = speaker.number(role, node.get(role))
    if not stated and needed:
        speaker.draft.no_max.add(speaker.at)
    return role, Fraction(1) if points is None else points


def _whole(speaker: Speaker, key: str, node: Node | None) -> int | None:
    def read(text: str) -> int | None:
        number = read_number(text)
        return int(number) if number is not None and number.denominator == 1 and number >= 0 else None

    return speaker.value(key, node, read, _WHOLE)


def _unknown_keys(draft: Draft, code: str, node: Node | None) -> None:
    """Structure names keys that are unknown; a plugin's key must also be declared, so that others can install it."""
    known = draft.vocabulary
    for key, _ in mapping_items(node):
        for registry in (known.measures, known.normalizations):
            if key.text in registry:
                _declared(draft, registry, key.text, key.where)
                break
        else:
            if key.text not in ROW_KEYS and code != TOTAL and not split_line(key.text):
                draft.skip(say("a keyword of a row"), key, row=code)


def _declared(draft: Draft, registry: Registry[Any], name: str, where: Location) -> None:
    prefix, dot, _ = name.partition(".")
    if dot and name in registry and prefix not in draft.uses:
        message = say("'{name}' comes from a plugin that `uses` does not name", name=name)
        package = registry.package(name)
        hint = say("write `uses: {{{prefix}: {package}}}` at the top", prefix=prefix, package=package)
        draft.error("S205", message, where, hint)


def _group(speaker: Speaker, node: Mapping, common: dict[str, Any], counts: dict[str, Any], above: Above) -> Group:
    draft, code, line = speaker.draft, speaker.at, speaker.line
    has_parts = node.get("parts") is not None
    lines = any(split_line(key.text) for key, _ in node.items)
    for key, _ in node.items:
        if key.text in draft.vocabulary.measures:
            message = say("{row} has rows beneath it and the measure `{measure}`", row=code, measure=key.text)
            hint = say("a heading is made of its rows; move the measure into a row")
            draft.error("S217", message, key.where, hint)
    if has_parts and lines:
        message = say("{row} has both `parts` and rows beneath it", row=code)
        draft.error("S217", message, line, say("keep one of the two"))
    combine: str = counts["combine"].name
    if has_parts and not lines:
        inner = evolve(above, citation=speaker.citation, overlaid=speaker.overlaid, evidence=common["evidence"])
        inner = evolve(inner, data_from=common["data_from"], verified_by=common["verified_by"])
        common = {**common, "evidence": None}  # each part is asked for it, and nothing else would be
        below, prefix = node.get("parts"), f"{code}."
    else:
        inner, below, prefix = _below(speaker, node, above), node, ""
    inner = evolve(inner, publish=common["publish"], rank=common["rank"], combine=combine)
    children = _children(draft, code, below, inner, prefix)
    context = _context(speaker, common, line)
    scale = _scale(context, node)
    if scale is not None:
        common["citation"] = speaker.state("rule", scale.name, node.get(scale.name) or node)
    return Group(children=children, scale=scale, parts=has_parts and not lines, **counts, **common)


def _children(draft: Draft, code: str, node: Node | None, above: Above, prefix: str) -> tuple[Row, ...]:
    if not isinstance(node, Mapping):
        draft.skip(say("lines of rows"), node)
        draft.doubtful.add(code)
        return ()
    rows = []
    for key, value in node.items:
        line = split_line(key.text)
        if line is None:
            continue
        child = prefix + line[0]
        if not isinstance(value, Mapping):
            draft.skip(say("a row (`max: ...` and a measure)"), value)
            draft.doubtful.add(code)
        elif child == TOTAL:
            message = say("the code '{code}' is reserved for the top", code=TOTAL)
            draft.error("S212", message, key.where, say("choose another code"))
            draft.doubtful.add(code)
        elif child in draft.places:
            first = draft.places[child].line.line
            message = say("the code '{code}' stands twice; first on line {line}", code=child, line=first)
            draft.error("S211", message, key.where, say("give one of them another code"))
            draft.doubtful.add(code)
        else:
            rows.append(read_row(draft, child, line[1], key.where, value, above))
    return tuple(rows)


def _below(speaker: Speaker, node: Mapping, above: Above) -> Above:
    """Return what the rows beneath a heading have: its own `below` over those further up."""
    below = node.get("below")
    if not isinstance(below, Mapping):
        return above
    inner = evolve(speaker, citation=above.citation).within(below, "below")
    context = RowContext(speaker.draft, speaker.at, "", Fraction(1), False, inner, above.publish, "", "", speaker.line)
    scale = _scale(context, below)
    stated: Node = below if scale is None else below.get(scale.name) or below
    if scale is not None and scale.get("over") is not None:
        inner.state(scale.name, words(stated), stated)
    return evolve(
        above,
        citation=inner.citation,
        overlaid=inner.overlaid if speaker.draft.is_laid(below) else above.overlaid,
        scale=above.scale if scale is None else (scale.name, stated),
        evidence=evidence_rule(below.get("evidence"), inner) or above.evidence,
        data_from=words(below.get("data-from")) or above.data_from,
        verified_by=words(below.get("verified-by")) or above.verified_by,
    )


def _context(speaker: Speaker, common: dict[str, Any], line: Location) -> RowContext:
    return RowContext(
        draft=speaker.draft,
        code=speaker.at,
        name=common["name"],
        maximum=common["max"],
        informational=common["max"] == 0,
        speaker=speaker,
        publish=common["publish"],
        data_from=common["data_from"],
        verified_by=common["verified_by"],
        line=line,
    )


def _scale(context: RowContext, node: Mapping) -> Rule | None:
    """Return the one scale that stands in a mapping."""
    stated = [(key, value) for key, value in node.items if key.text in context.draft.vocabulary.normalizations]
    for key, _ in stated[1:]:
        about = {"row": context.code, "one": stated[0][0].text, "other": key.text}
        message = say("{row} has two scales, `{one}` and `{other}`", **about)
        context.draft.error("S216", message, key.where, say("keep one"))
    return scale_rule(stated[0][0].text, stated[0][1], context) if stated else None


def _inherited(context: RowContext, keyword: str, node: Node) -> Rule | None:
    """Return the scale of a `below` for one row. Its statements and problems were noted where it stands."""
    aside = Draft(context.draft.vocabulary, sources=context.draft.sources)
    return scale_rule(keyword, node, evolve(context, draft=aside, speaker=evolve(context.speaker, draft=aside)))


def _indicator(speaker: Speaker, node: Mapping, common: dict[str, Any], above: Above) -> Indicator:
    draft, code, line = speaker.draft, speaker.at, speaker.line
    context = _context(speaker, common, line)
    stated = [(key, value) for key, value in node.items if key.text in draft.vocabulary.measures]
    own = _scale(context, node)
    for key, _ in stated[1:]:
        about = {"row": code, "one": stated[0][0].text, "other": key.text}
        message = say("{row} has two measures, `{one}` and `{other}`", **about)
        draft.error("S215", message, key.where, say("keep one, or make each a line under `parts:`"))
    if not stated:
        _no_measure(draft, code, node, line)
        return Indicator(measure=_UNREADABLE, scale=own, **common)
    keyword, value = stated[0]
    scale = own
    if own is None and above.scale is not None and _open(draft, keyword.text, keyword.where):
        scale = _inherited(context, *above.scale)
    context = evolve(context, scaled=scale is not None)
    measure = measure_rule(keyword.text, value, context)
    text = f"{keyword.text} {words(value)}" if words(value).startswith("$") else keyword.text
    scaled = own and node.get(own.name)
    rests_on = (value, scaled) if scaled else (value,)
    common["citation"] = speaker.state("rule", f"{text}, {own.name}" if own else text, *rests_on)
    if measure is None:
        draft.half_read.add(code)
    inputs = tuple(dict.fromkeys(context.reads))
    return Indicator(measure=measure or _UNREADABLE, scale=scale, inputs=inputs, **common)


def _open(draft: Draft, measure: str, where: Location) -> bool:
    """Return whether a scale from `below` is for this measure: points, and shares that end at 1, have their own."""
    strategy = draft.strategy(draft.vocabulary.measures, measure, where)
    return getattr(strategy, "gives", "quantity") != "points" and not getattr(strategy, "bounded", False)


def _no_measure(draft: Draft, code: str, node: Mapping, line: Location) -> None:
    known = {*draft.vocabulary.normalizations, *ROW_KEYS}
    if any(key.text not in known for key, _ in node.items):
        return  # a keyword that is misspelt, or not installed, is reported as such
    measures = ", ".join(name for name in draft.vocabulary.measures if "." not in name)
    hint = say("add one of {measures}, parts, or rows beneath it", measures=measures)
    if isinstance(node.get("combine"), Scalar):
        hint = say("it has `combine` but no rows beneath it; add them, or a measure")
    draft.error("S214", say("{row} has no measure", row=code), line, hint)
