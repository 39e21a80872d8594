"""Schemes drawn at random that keep every rule of the language.

Numbers are few and small on purpose: ties, thresholds, caps and empty denominators must come up often. Maxima are
split into odd shares (1/3, 2/7), so that nothing is exact in binary.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from attrs import evolve

from ictindex.model import (
    TOTAL,
    Case,
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
from ictindex.testing.drawing import Tape, st, tapes

ZERO, ONE, HALF, THIRD = Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 3)
FITTED = ("min-max", "z-score", "of-best")
KINDS = ("value", "count", "yes-no", "choice", "checks", "all-of", "assessed", "ratio", "ratio")
COMBINES = ("sum", "sum", "sum", "capped", "mean", "mean", "geometric", "best", "least")
POOL_COLUMN = "khối"

SIZE = 320
"""So many bytes are drawn for a scheme at most; few have so many rows that they end, and from there all is simple."""


def rule(name: str, **parameters: Any) -> Rule:
    """Return a rule with its parameters in the order given."""
    return Rule(name, tuple(parameters.items()))


# --- schemes -------------------------------------------------------------------------------------------------------


def schemes(
    *, relative: bool = True, irrational: bool = True, negative: bool = True, refusals: bool = False
) -> st.SearchStrategy[Scheme]:
    """Return a strategy of schemes.

    `relative`: scales may look at the pool; `irrational`: roots and logarithms may enter; `negative`: points may leave
    0..max, under z-score; `refusals`: a ratio may be above 1 or have nothing to divide by where that is refused.
    """
    made = partial(scheme_from, relative=relative, irrational=irrational, negative=negative, refusals=refusals)
    return tapes(SIZE // 2, SIZE).map(made)


def scheme_from(tape: Tape, *, relative: bool, irrational: bool, negative: bool, refusals: bool) -> Scheme:
    """Return the scheme that a tape says; the options are those of `schemes`."""
    maker = _Maker(tape, relative=relative, irrational=irrational, negative=negative, refusals=refusals)
    root = maker.root()
    pools = None
    if tape.chance(3):
        listed = (Pool("a", "Các sở"), Pool("b", "Cơ quan ngành dọc"), Pool("c", "Thanh tra", ranked=False))
        pools = Pools(POOL_COLUMN, tape.choose(((), listed)))
    return Scheme(
        id="made/2020-unit",
        title="Bộ tiêu chí ngẫu nhiên",
        unit="unit",
        edition=2020,
        root=root,
        inputs=tuple(maker.inputs.values()),
        pools=pools,
        sha256="0" * 64,
    )


class _Maker:
    """Reads the rows of one scheme off a tape, from the top down, and keeps the inputs that they declare."""

    def __init__(self, tape: Tape, *, relative: bool, irrational: bool, negative: bool, refusals: bool) -> None:
        self.tape, self.refusals = tape, refusals
        self.inputs: dict[str, Input] = {}
        self.fitted = [name for name in FITTED if relative and (negative or name != "z-score")]
        if not irrational:
            self.fitted = [name for name in self.fitted if name != "z-score"]
        self.irrational = irrational

    def of(self, *choices: Any) -> Any:
        return self.tape.choose(choices)

    def root(self) -> Group:
        publish, rank = self.publication(), RankRule(self.of("competition", "dense", "ordinal", "average"))
        rank = evolve(rank, on=self.of("published", "exact"))
        rank = evolve(rank, then=self.of(("1", "2"), ("2", "1")) if self.tape.chance(3) else ())
        top: dict[str, Any] = {"publish": publish, "rank": rank}
        if self.tape.chance(5):
            maxima = self.of(Fraction(50), ONE), self.of(Fraction(100), THIRD)
            totals = tuple(self.row(f"{at}", each, 1, {}, top) for at, each in enumerate(maxima, 1))
            policy = self.policies(always=True)
            children = tuple(evolve(one, levels=self.levels(one)) for one in totals)
            return Group(code=TOTAL, name="Tổng", children=children, combine=Rule("none"), **policy, **top)
        root = self.heading(TOTAL, self.of(Fraction(100), Fraction(10), ONE, THIRD), 0, {}, top)
        return evolve(root, **self.policies(always=True), levels=self.levels(root))

    def row(self, code: str, top: Fraction, depth: int, more: dict[str, Any], above: dict[str, Any]) -> Row:
        if depth < 3 and top and "role" not in more and self.of(True, False, False):
            return self.heading(code, top, depth, more, above)
        return self.indicator(code, top, more, above)

    def publication(self) -> Publication:
        return Publication(
            self.of("points", "index", "percent"), self.tape.below(5), self.of("half-up", "half-up", "cut")
        )

    def policies(self, *, always: bool = False) -> dict[str, Any]:
        if not always and not self.tape.chance(4):
            return {}
        named = ("refuse", "zero", "rescale")
        return {"missing": self.of(*named), "not_applicable": self.of(*named)}

    # --- headings

    def heading(self, code: str, top: Fraction, depth: int, more: dict[str, Any], above: dict[str, Any]) -> Group:
        if self.tape.chance(8):
            above = {**above, "publish": self.publication()}
        combine = self.of(*(name for name in COMBINES if self.irrational or name != "geometric"))
        count = 2 + self.tape.below(2)
        prefix = "" if code == TOTAL else f"{code}."
        children = tuple(
            self.row(f"{prefix}{at}", child, depth + 1, stated, above)
            for at, (child, stated) in enumerate(self.split(combine, top, count), 1)
        )
        own: dict[str, Any] = {**more, **above}
        group = Group(code=code, name=f"Nhóm {code}", max=top, children=children, combine=Rule(combine), **own)
        group = evolve(group, **self.policies())
        if code != TOTAL and combine != "best" and all(isinstance(child, Indicator) for child in children):
            group = evolve(group, parts=self.of(False, True))
        scale = self.relative_scale() if self.tape.chance(6) and "role" not in more else None
        levels = self.levels(group) if self.tape.chance(6) else None
        return evolve(group, scale=scale, levels=levels)

    def split(self, combine: str, top: Fraction, count: int) -> list[tuple[Fraction, dict[str, Any]]]:
        """Return the maximum of each child, with its weight or role."""
        if combine in ("mean", "geometric"):
            maxima = [self.of(ONE, Fraction(10), THIRD), *(self.of(ONE, Fraction(100), ZERO) for _ in range(count - 1))]
            return [(each, {"weight": self.of(ONE, Fraction(2), Fraction(2, 5), THIRD)}) for each in maxima]
        if combine == "least":
            return [(top, {})] * count
        if combine == "best":
            return [(top, {}), *((top * self.of(ONE, HALF), {}) for _ in range(count - 1))]
        if combine == "capped":
            return [(top * self.of(ONE, Fraction(2, 3), HALF), {}) for _ in range(count + 1)]
        shares = [1 + self.tape.below(4), *(self.tape.below(5) for _ in range(count - 1))]
        children: list[tuple[Fraction, dict[str, Any]]] = [(top * one / sum(shares), {}) for one in shares]
        if self.tape.chance(5):
            children.append((top / 10, {"role": self.of("bonus", "deduct")}))
        return children

    def relative_scale(self) -> Rule | None:
        return rule(self.of(*self.fitted), over=self.of("pool", "all")) if self.fitted else None

    def levels(self, row: Row) -> Levels | None:
        whole = {"points": row.max, "index": ONE, "percent": Fraction(100)}[row.publish.scale]
        if self.tape.chance(3) and whole >= 10:
            steps = int(whole) - 1
            some = {1 + self.tape.below(steps) for _ in range(3)}
            cuts = sorted(some if len(some) > 1 else {*some, min(some) % steps + 1}, reverse=True)
            tops = [Fraction(int(whole)), *(Fraction(cut - 1) for cut in cuts[:-1])]
            bands = tuple(
                Level(f"Mức {at}", Fraction(cut), upper, of_max=False)
                for at, (cut, upper) in enumerate(zip(cuts, tops, strict=True), 1)
            )
            return Levels(bands, self.of("lower", "upper", "round"))
        cuts_of_max = self.of((Fraction(9, 10), HALF, ZERO), (Fraction(2, 3), THIRD), (ONE, ZERO))
        best, *rest = (Level(f"Mức {at}", cut) for at, cut in enumerate(cuts_of_max, 1))
        below = [one for one in walk(row) if one.code != row.code and one.max]
        if below and self.tape.chance(2):
            gate = self.of(*below)
            best = evolve(best, only_if=((gate.code, gate.max * self.of(HALF, THIRD)),))
        return Levels((best, *rest))

    # --- indicators

    def indicator(self, code: str, top: Fraction, more: dict[str, Any], above: dict[str, Any]) -> Indicator:
        kind = self.of(*KINDS)
        measure, inputs = getattr(self, "_" + kind.replace("-", "_"))(code, top, above["publish"])
        evidence = Evidence("Số hiệu, ngày", without=self.of("flag", "zero", "refuse")) if self.tape.chance(8) else None
        made = Indicator(code=code, name=f"Tiêu chí {code}", max=top, measure=measure, inputs=inputs, **more, **above)
        scale = self.scale(kind, top, "role" in more, ONE if measure.get("over") == "refuse" else Fraction(4))
        if kind == "value" and scale is None and top:
            self.inputs[code] = evolve(self.inputs[code], low=ZERO, high=top)
        return evolve(made, scale=scale, evidence=evidence, **self.policies())

    def scale(self, kind: str, top: Fraction, extra: bool, most: Fraction) -> Rule | None:
        """Return a scale whose ends lie within what is measured: up to `most` and, below 4, no further."""
        fitted = ["relative"] if self.fitted and not extra else []
        if kind not in ("value", "count", "ratio"):
            return self.relative_scale() if fitted and self.tape.chance(5) else None
        names = ["none", "steps", "steps-down", "goalposts", *fitted]
        names += ["log"] if self.irrational else []
        names += ["each"] if kind != "ratio" else []
        match self.of(*names):
            case "none":
                return None
            case "relative":
                return self.relative_scale()
            case "each":
                return rule("each", points=top * self.of(ONE, HALF, THIRD))
            case "goalposts":
                wide = [(Fraction(3), ONE), (Fraction(-1), Fraction(6))] if most > 1 else [(ONE, HALF)]
                start, end = self.of((ZERO, ONE), *wide)
                return rule("goalposts", start=start, end=end, log=False)
            case "log":
                start, end = self.of((most / 4, most * 4 if most > 1 else ONE), (Fraction(10), Fraction(1, 10)))
                return rule("goalposts", start=start, end=end, log=True)
            case "steps":
                return rule("steps", table=tuple(zip(_marks(most), _earned(top), strict=True)))
        return rule("steps-down", table=tuple(zip(_marks(most)[::-1], _earned(top), strict=True)))

    def column(self, code: str, kind: InputKind, owner: str, **more: Any) -> str:
        self.inputs.setdefault(code, Input(code=code, name=f"số liệu {code}", kind=kind, owner=owner, **more))
        return code

    def _value(self, code: str, _top: Fraction, _publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        return rule("value", input=self.column(code, InputKind.AMOUNT, code)), (code,)

    def _count(self, code: str, _top: Fraction, _publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        return rule("count", input=self.column(code, InputKind.COUNT, code, low=ZERO)), (code,)

    def _yes_no(self, code: str, _top: Fraction, _publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        return rule("yes-no", input=self.column(code, InputKind.YES_NO, code)), (code,)

    def _assessed(self, code: str, top: Fraction, publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        high = {"points": top, "index": ONE, "percent": Fraction(100)}[publish.scale]
        return rule("assessed", input=self.column(code, InputKind.POINTS, code, low=ZERO, high=high)), (code,)

    def _choice(self, code: str, top: Fraction, _publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        shares = self.of((ONE, HALF, ZERO), (Fraction(1, 4), HALF, Fraction(3, 4), ONE), (ONE, THIRD))
        cases = tuple(Case("abcd"[at], f"trường hợp {at}", top * share) for at, share in enumerate(shares))
        return rule("choice", input=self.column(code, InputKind.CHOICE, code, cases=cases), cases=cases), (code,)

    def _checks(self, code: str, top: Fraction, _publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        shares = self.of((HALF, HALF), (THIRD, Fraction(2, 3)), (Fraction(1, 10), Fraction(2, 10), Fraction(7, 10)))
        cases = tuple(
            Case(self.column(f"{code}.{'abc'[at]}", InputKind.YES_NO, code), f"điều kiện {at}", top * share)
            for at, share in enumerate(shares)
        )
        return rule("checks", cases=cases), tuple(case.code for case in cases)

    def _all_of(self, code: str, _top: Fraction, _publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        inputs = tuple(self.column(f"{code}.{part}", InputKind.YES_NO, code) for part in "ab")
        return rule("all-of", inputs=inputs), inputs

    def _ratio(self, code: str, _top: Fraction, _publish: Publication) -> tuple[Rule, tuple[str, ...]]:
        over = "refuse" if self.tape.chance(8) else "clamp"
        if_none = self.of("refuse", "zero", "full", "not-applicable")
        amount = InputKind.AMOUNT
        if over == "refuse" and not self.refusals:  # steered clear of refusing: at most 2 of at least 2
            a = Quantity(((self.column(f"{code}.a", amount, code, low=ZERO, high=Fraction(2)), ONE),))
            b = Quantity(((self.column(f"{code}.b", amount, code, low=Fraction(2)), ONE),))
            per = ONE
        else:
            a = Quantity(((self.column(f"{code}.a", amount, code, low=ZERO), ONE),))
            low = ONE if if_none == "refuse" and not self.refusals else ZERO
            b, per = self.denominator(code, low), self.of(ONE, ONE, HALF, Fraction(100))
        if self.tape.chance(6) and over == "clamp":
            a = Quantity((*a.terms, (self.column(f"{code}.x", amount, code, low=ZERO), HALF)))
        floor = self.of(None, None, None, HALF)
        inputs = tuple(dict.fromkeys((*a.inputs, *b.inputs)))
        return rule("ratio", a=a, b=b, per=per, over=over, if_none=if_none, floor=floor), inputs

    def denominator(self, code: str, low: Fraction) -> Quantity:
        match self.of("own", "own", "shared", "fixed"):
            case "fixed":
                return Quantity((), self.of(Fraction(5), Fraction(3)))
            case "shared":
                return Quantity(((self.column("can-bo", InputKind.COUNT, "", low=ONE), ONE),))
        return Quantity(((self.column(f"{code}.b", InputKind.COUNT, code, low=low), ONE),))


def _marks(most: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """Return thresholds of which none lies below the floor of a ratio, the highest first."""
    return (most, most / 2, most / 8) if most > 1 else (most, most * 3 / 4, most / 2)


def _earned(top: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    return top, top * Fraction(2, 3), top / 4
