"""Random edits of a scheme: what an official changes from one edition to the next, and what only a clerk changes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from ictindex.citations import Citation, Status
from ictindex.model import (
    TOTAL,
    Case,
    Effort,
    Evidence,
    Group,
    Indicator,
    Input,
    InputKind,
    Level,
    Levels,
    Pool,
    Pools,
    Publication,
    Quantity,
    RankRule,
    Row,
    Rule,
    Scheme,
    walk,
)
from ictindex.origins import Reason

Draw = st.DrawFn
HALF = Fraction(1, 2)


def with_row(scheme: Scheme, code: str, change: Callable[[Any], Row | None]) -> Scheme:
    """Return the scheme with one row changed, or taken out where the change gives None."""

    def made(row: Row) -> Row | None:
        if isinstance(row, Group):
            children = tuple(child for child in map(made, row.children) if child is not None)
            row = evolve(row, children=children)
        return change(row) if row.code == code else row

    root = made(scheme.root)
    assert isinstance(root, Group)
    read = {code for row in walk(root) if isinstance(row, Indicator) for code in row.inputs}
    return evolve(scheme, root=root, inputs=tuple(one for one in scheme.inputs if one.code in read))


def recoded(scheme: Scheme, old: str, new: str) -> Scheme:
    """Return the scheme with a criterion renumbered: its columns, and whoever names it, follow."""

    def code(text: str) -> str:
        return new + text.removeprefix(old) if text == old or text in own else text

    def value(one: Any) -> Any:
        if isinstance(one, Quantity):
            return evolve(one, terms=tuple((code(name), factor) for name, factor in one.terms))
        if isinstance(one, Case):
            return evolve(one, code=code(one.code))
        if isinstance(one, tuple):
            return tuple(map(value, one))
        return code(one) if isinstance(one, str) else one

    def row(one: Row) -> Row:
        rank = evolve(one.rank, then=tuple(map(code, one.rank.then)))
        one = evolve(one, rank=rank, levels=one.levels and gated(one.levels))
        if isinstance(one, Group):
            return evolve(one, children=tuple(map(row, one.children)))
        if one.code != old or not isinstance(one, Indicator):
            return one
        parameters = tuple(
            (key, value(found) if key in ("a", "b", "input", "inputs", "cases") else found)
            for key, found in one.measure.parameters
        )
        rule = evolve(one.measure, parameters=parameters)
        if rule.name == "choice":
            rule = evolve(rule, parameters=(("input", code(old)), ("cases", one.measure.get("cases"))))
        return evolve(one, code=new, was=old, measure=rule, inputs=tuple(map(code, one.inputs)))

    def gated(levels: Levels) -> Levels:
        return evolve(
            levels,
            levels=tuple(
                evolve(one, only_if=tuple((code(name), least) for name, least in one.only_if)) for one in levels.levels
            ),
        )

    own = {one.code for one in scheme.inputs if one.owner == old}
    inputs = tuple(evolve(one, code=code(one.code), owner=new) if one.owner == old else one for one in scheme.inputs)
    root = row(scheme.root)
    assert isinstance(root, Group)
    return evolve(scheme, root=root, inputs=inputs)


@st.composite
def edited(draw: Draw, scheme: Scheme) -> Scheme:
    """Draw the scheme with one to three things changed; it is the next edition of the first."""
    made = evolve(scheme, id="made/2031-unit", edition=scheme.edition + 1, replaces=scheme.id)
    for _ in range(draw(st.integers(1, 3))):
        made = draw(st.sampled_from(EDITS))(draw, made)
    return made


def _any(draw: Draw, scheme: Scheme, kind: type = Row) -> Any:
    return draw(st.sampled_from([row for row in scheme.rows() if isinstance(row, kind)]))


def _words(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme)
    more: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"name": f"{row.name} khác"},
                {"name": row.name.upper()},
                {"en": "Other"},
                {"notes": "Ghi chú khác."},
                {"line": 99},
                {"citation": Citation(Status.CITED, "qd", "qd")},
                {"data_from": "Sở"},
                {"verified_by": "Thanh tra"},
                {"effort": Effort(Fraction(20))},
            ]
        )
    )
    return with_row(scheme, row.code, lambda one: evolve(one, **more))


def _worth(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme)
    more: dict[str, Any] = draw(
        st.sampled_from([{"max": row.max * 2}, {"weight": row.weight * 3}, {"max": row.max}, {"role": "bonus"}])
    )
    return with_row(scheme, row.code, lambda one: evolve(one, **more))


def _measure(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme, Indicator)
    rule, parameters = row.measure, dict(row.measure.parameters)
    if rule.name == "ratio":
        parameters |= draw(
            st.sampled_from(
                [
                    {"per": parameters["per"] * 2},
                    {"floor": HALF},
                    {"over": "refuse"},
                    {"if_none": "zero"},
                    {"floor": None},
                ]
            )
        )
    elif "cases" in parameters:
        first, *rest = parameters["cases"]
        name = draw(st.booleans())
        changed = evolve(first, name="lời khác") if name else evolve(first, points=first.points / 2)
        parameters["cases"] = (changed, *rest)
    return with_row(
        scheme, row.code, lambda one: evolve(one, measure=evolve(rule, parameters=tuple(parameters.items())))
    )


def _scale(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme)
    free = isinstance(row, Group) or row.measure.name in ("value", "count", "ratio")
    scales = [None, Rule("min-max", (("over", "all"),)), Rule("min-max", (("over", "pool"),))]
    if isinstance(row, Indicator):
        table = ((Fraction(4), row.max), (Fraction(1), row.max / 3))
        scales += [Rule("steps", (("table", table),)), Rule("each", (("points", row.max / 4),))]
    scale = draw(st.sampled_from(scales))
    if not free or (row.code == TOTAL and row.combine.name == "none"):
        return scheme
    return with_row(scheme, row.code, lambda one: evolve(one, scale=scale))


def _policy(draw: Draw, scheme: Scheme) -> Scheme:
    row, word = _any(draw, scheme), draw(st.sampled_from(["refuse", "zero", "rescale", None]))
    key = draw(st.sampled_from(["missing", "not_applicable"]))
    return with_row(scheme, row.code, lambda one: evolve(one, **{key: word}))


def _everywhere(scheme: Scheme, **more: Any) -> Scheme:
    """Return the scheme with something changed at every row, as a policy of the top is."""
    for code in [row.code for row in scheme.rows()]:
        scheme = with_row(scheme, code, lambda one: evolve(one, **more))
    return scheme


def _published(draw: Draw, scheme: Scheme) -> Scheme:
    publish = draw(
        st.sampled_from([Publication("points", 1), Publication("points", 2, "cut"), Publication("index", 4)])
    )
    if any(row.measure.name == "assessed" for row in scheme.indicators):
        publish = evolve(publish, scale=scheme.root.publish.scale)
    return _everywhere(scheme, publish=publish)


def _ranked(draw: Draw, scheme: Scheme) -> Scheme:
    rank = draw(st.sampled_from([RankRule("dense"), RankRule("competition", "exact"), RankRule("average")]))
    return _everywhere(scheme, rank=rank)


def _levels(draw: Draw, scheme: Scheme) -> Scheme:
    total = draw(st.sampled_from(scheme.totals))
    cut = draw(st.sampled_from([Fraction(9, 10), Fraction(1, 2)]))
    levels = draw(st.sampled_from([None, Levels((Level("I", cut), Level("II", Fraction(0))))]))
    return with_row(scheme, total.code, lambda one: evolve(one, levels=levels))


def _evidence(draw: Draw, scheme: Scheme) -> Scheme:
    row, without = _any(draw, scheme, Indicator), draw(st.sampled_from(["flag", "zero", "flag"]))
    return with_row(scheme, row.code, lambda one: evolve(one, evidence=Evidence("Văn bản mới", without=without)))


def _combine(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme, Group)
    if row.combine.name == "none":
        return scheme
    name = draw(st.sampled_from(["sum", "capped", "mean", "best", "least"]))
    return with_row(scheme, row.code, lambda one: evolve(one, combine=Rule(name)))


def _order(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme, Group)
    children = tuple(draw(st.permutations(row.children)))
    return with_row(scheme, row.code, lambda one: evolve(one, children=children))


def _removed(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme)
    above = scheme.above(row.code)
    named = {code for one in scheme.rows() if one.levels for each in one.levels.levels for code, _ in each.only_if}
    named |= {code for one in scheme.rows() for code in one.rank.then}
    below = {one.code for one in walk(row)}
    if not above or len(above[0].children) < 2 or named & below:
        return scheme
    return with_row(scheme, row.code, lambda _: None)


def _added(draw: Draw, scheme: Scheme) -> Scheme:
    row, most = _any(draw, scheme, Group), draw(st.sampled_from([Fraction(0), Fraction(5)]))
    if any(one.code == "z9" for one in scheme.rows()):
        return scheme
    new = Indicator(
        code="z9",
        name="Tiêu chí mới",
        max=most,
        publish=row.publish,
        rank=row.rank,
        measure=Rule("yes-no", (("input", "z9"),)),
        inputs=("z9",),
        missing="zero",
        not_applicable="zero",
    )
    column = Input(code="z9", name="Tiêu chí mới", kind=InputKind.YES_NO, owner="z9")
    made = with_row(scheme, row.code, lambda one: evolve(one, children=(*one.children, new)))
    return evolve(made, inputs=(*scheme.inputs, column))


def _moved(draw: Draw, scheme: Scheme) -> Scheme:
    row, to = _any(draw, scheme, Indicator), _any(draw, scheme, Group)
    above = scheme.above(row.code)[0]
    if len(above.children) < 2 or to.code == above.code:
        return scheme
    inputs = scheme.inputs
    scheme = with_row(scheme, row.code, lambda _: None)
    return evolve(with_row(scheme, to.code, lambda one: evolve(one, children=(*one.children, row))), inputs=inputs)


def _renumbered(draw: Draw, scheme: Scheme) -> Scheme:
    row = _any(draw, scheme, Indicator)
    if any(one.code == "r7" for one in scheme.rows()):
        return scheme
    made = recoded(scheme, row.code, "r7")
    named = draw(st.booleans())
    return made if named else with_row(made, "r7", lambda one: evolve(one, was=""))


def _columns(draw: Draw, scheme: Scheme) -> Scheme:
    if not scheme.inputs:
        return scheme
    at = draw(st.integers(0, len(scheme.inputs) - 1))
    one = scheme.inputs[at]
    more: dict[str, Any] = draw(
        st.sampled_from(
            [{"name": f"{one.name} khác"}, {"unit": "Mbps"}, {"notes": "x"}, {"additive": False}, {"line": 7}]
        )
    )
    return evolve(scheme, inputs=(*scheme.inputs[:at], evolve(one, **more), *scheme.inputs[at + 1 :]))


def _whole(draw: Draw, scheme: Scheme) -> Scheme:
    pools = Pools("khối", (Pool("a", "A"), Pool("b", "B"), Pool("c", "C", ranked=False)))
    return evolve(
        scheme,
        **draw(
            st.sampled_from(
                [
                    {"merged": "mean-of-rows"},
                    {"self_scored": True},
                    {"unit_list": "xa.csv"},
                    {"reasons": (Reason("sai", "Sai số học"),)},
                    {"unit": "commune"},
                    {"pools": pools},
                    {"title": "Bộ khác"},
                    {"data_year": 2030},
                    {"notes": "Một câu. Hai câu."},
                    {"sources": ()},
                    {"statements": ()},
                ]
            )
        ),
    )


EDITS: list[Callable[[Draw, Scheme], Scheme]] = [
    _words,
    _words,
    _worth,
    _measure,
    _scale,
    _policy,
    _published,
    _ranked,
    _levels,
    _evidence,
    _combine,
    _order,
    _removed,
    _added,
    _moved,
    _renumbered,
    _columns,
    _whole,
]
