"""The laws asked of one scheme: tables are drawn until one breaks a law, and that one is made as small as can be."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from concurrent.futures import Executor
from typing import Any

from ictindex.api import SchemeLike, compile_scheme
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.testing.drawing import Flaky, Tape, assume, hunt
from ictindex.testing.laws import LAWS, law
from ictindex.testing.reducing import Rows, smallest
from ictindex.testing.rows import drawn
from ictindex.testing.trials import trials_table
from ictindex.testing.world import Broken, Examine, Law, LawReport, World, shown
from ictindex.testing.written import table_of
from ictindex.working import done

EXAMPLES = 100
"""How many tables each law is asked of where nothing is said."""


class _Found(Exception):
    """A law is broken by these rows."""

    def __init__(self, broken: Broken, rows: Rows, tape: Tape) -> None:
        super().__init__(broken.words)
        self.broken, self.rows, self.tape = broken, rows, tape


def check_laws(
    scheme: SchemeLike,
    *,
    variant: str = "",
    seed: int = 0,
    examples: int = EXAMPLES,
    laws: Iterable[str | Law] | None = None,
    executor: Executor | None = None,
) -> tuple[LawReport, ...]:
    """Return what became of each law under a scheme; the same every time for the same seed.

    `examples` is how many tables a law is asked of; `laws` names some of them, all without it. Nothing is written to
    hypothesis's database of examples. Processes of an `executor` may share the laws; a law is asked by one of them, so
    that what is drawn stays the same. Raises SchemeInvalid, UnknownName, WrongUse where `examples` is no number of
    tables.
    """
    check_examples(examples)
    plan = compile_scheme(scheme, variant=variant)
    chosen = LAWS if laws is None else tuple(law(one) if isinstance(one, str) else one for one in laws)
    return tuple(done(_checked, plan, ((one, seed, examples) for one in chosen), executor))


def check_examples(examples: int) -> None:
    """Raise WrongUse (U137) where that many tables show nothing."""
    if examples < 1:
        told = say("a law cannot be asked of {count} tables", count=examples)
        raise WrongUse(Problem("U137", told, hint=say("{count} is usual", count=EXAMPLES)))


def _checked(plan: Plan, one: Law, start: int, examples: int) -> LawReport:
    asked = one.asked(plan)
    if asked.why_not:
        return LawReport(law=one.name, outcome="not asked", why=asked.why_not)
    remarks: tuple[str, ...] = ()
    tables, broken = 0, None
    if one.examine is not None:
        tables, broken, remarks = _examined(plan, one.name, one.examine)
    elif one.look is not None:
        tables, broken = _drawn(plan, one, start, examples)
    outcome: Any = "broken" if broken else "held" if tables else "not asked"
    why = "" if tables or broken else say("no table was found that the scheme takes")
    return LawReport(
        law=one.name, outcome=outcome, tables=tables, why=why, remarks=(*asked.remarks, *remarks), broken=broken
    )


def _drawn(plan: Plan, one: Law, start: int, examples: int) -> tuple[int, Broken | None]:
    """Return on how many drawn tables the law holds, or the smallest that breaks it."""
    last: list[Broken] = []

    def example(made: tuple[Rows, Tape]) -> None:
        rows, tape = made
        try:
            broken = _looked(plan, one, rows, tape)
        except TableInvalid:  # a measure of another package may refuse what nobody outside can foresee
            assume(False)
        if broken is not None:
            last.append(broken)
            raise _Found(broken, rows, tape)

    try:
        return hunt(drawn(plan, one.wanted), example, start=start, examples=examples), None
    except _Found as error:
        found = error
    except Flaky:
        told = say("the same table is not scored the same each time")
        return 1, Broken(law=one.name, row=last[-1].row, words=told, table=last[-1].table, unit=last[-1].unit)

    def look(rows: Rows) -> Broken | None:
        with contextlib.suppress(TableInvalid):
            return _looked(plan, one, rows, found.tape)
        return None

    return 1, smallest(plan, found.rows, found.broken, look, least=one.wanted.least)


def _looked(plan: Plan, one: Law, rows: Rows, tape: Tape) -> Broken | None:
    """Return what a law finds in a table; a strategy that fails on it breaks every law. Raises TableInvalid."""
    world = World(plan, table_of(plan.scheme, rows), tape.again().choose)
    try:
        return None if one.look is None else one.look(world)
    except TableInvalid:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a strategy raises is its author's to mend, and is shown
        return world.broken(one.name, plan.scheme.root.code, _failure(error))


def _failure(error: Exception) -> str:
    return say("the table cannot be scored: {error}", error=f"{type(error).__name__}: {error}")


def _examined(plan: Plan, name: str, examine: Examine) -> tuple[int, Broken | None, tuple[str, ...]]:
    try:
        return examine(plan)
    except TableInvalid:
        return 0, None, ()
    except Exception as error:  # noqa: BLE001 - as above
        return 0, shown(plan, name, plan.scheme.root.code, _failure(error), trials_table(plan, [{}])), ()
