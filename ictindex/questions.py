"""The public functions that answer questions about a result: what to do next, what if, what changed, how sure.

Each returns an answer (`answer.Answer`): typed, immutable, with `to_dict`, `to_columns` and `told`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ictindex.answer import Answer
from ictindex.answer_schema import answer_schema as _schema
from ictindex.api import CrosswalkLike, MappingLike, SchemeLike, compile_scheme, regroup, score
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.formats import Readable
from ictindex.formats.writing import write_file
from ictindex.messages import LANGUAGES, say
from ictindex.naming import mapping_of
from ictindex.result import Result
from ictindex.texts import said

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ictindex.analysis.climbing.answer import Climb
    from ictindex.analysis.climbing.efforts import Efforts
    from ictindex.analysis.comparing.answers import Comparison
    from ictindex.analysis.headroom.answer import Headroom
    from ictindex.analysis.pending.answer import Pending
    from ictindex.analysis.statistics.answer import Statistics
    from ictindex.analysis.uncertainty.answer import Uncertainty
    from ictindex.analysis.uncertainty.assumptions import Assumptions
    from ictindex.analysis.whatif.answer import WhatIf
    from ictindex.rounds.round import Round

ChangesLike = Readable | Iterable[tuple[str, str, Any]]
"""A CSV file, sheet or stream of changes, or triples of unit, column and value."""
EffortsLike: TypeAlias = "Readable | Efforts"
"""A CSV file, sheet or stream of efforts, or what was read of it."""


def answer_kinds() -> dict[str, type[Answer]]:
    """Return every class of answers by its kind."""
    from ictindex.analysis.climbing.answer import Climb
    from ictindex.analysis.comparing.answers import Comparison
    from ictindex.analysis.headroom.answer import Headroom
    from ictindex.analysis.pending.answer import Pending
    from ictindex.analysis.statistics.answer import Statistics
    from ictindex.analysis.uncertainty.answer import Uncertainty
    from ictindex.analysis.whatif.answer import WhatIf
    from ictindex.explaining.answer import Explanation

    kinds: tuple[type[Answer], ...] = (
        Climb,
        Comparison,
        Explanation,
        Headroom,
        Pending,
        Statistics,
        Uncertainty,
        WhatIf,
    )
    return {one.kind: one for one in kinds}


def indicator_statistics(
    result: Result, *, code: str = "", group: str = "", pool: str = "", executor: Executor | None = None
) -> Statistics:
    """Return statistics of the indicators and groups below a total, or below one `group` of it.

    Weights in effect beside those of the scheme, correlations, Cronbach's alpha, principal components, and flags for
    indicators that do nothing; of all units with a score at the total, or of those of one `pool`. Most of the
    time goes into exact numbers of each unit; processes of an `executor` can share them. Raises UnknownName where there
    is no such row or pool, WrongUse for fewer than three units or a row that has none below.
    """
    from ictindex.analysis.statistics.measuring import statistics_of

    return statistics_of(result, said(code), said(group), said(pool), executor)


def headroom(result: Result, unit: str, *, code: str = "") -> Headroom:
    """Return where a unit's points are lost, row by row: in its figures, its evidence, or figures that are absent.

    `code` is the row at which losses are counted, without it the first total. Raises UnknownName where there is no such
    unit or row, WrongUse where the row has no points, the unit no score there, or units are means of several rows.
    """
    from ictindex.analysis.headroom.losing import headroom_of

    return headroom_of(result, said(unit), said(code))


def whatif(
    result: Result,
    changes: ChangesLike = (),
    *,
    sets: Sequence[str] = (),
    decimal: Literal["", "point", "comma"] = "",
) -> WhatIf:
    """Return everyone whose score, rank or level is another where some cells are others, old beside new.

    `changes` are triples of unit, column and value, or a CSV file, sheet or stream with the columns `unit`, `code` and
    `value`; `sets` are texts such as `tp-hue:A=45`. Each value says what it says in a cell of the table. `decimal` is
    the sign before decimals, where the values do not show it and the table neither. Raises TableInvalid with everything
    that is wrong with the changes, or that the scheme refuses of them; WrongUse for a text that is no change.
    """
    from ictindex.analysis.whatif.comparing import whatif_of
    from ictindex.analysis.whatif.reading import changes_of, changes_of_options
    from ictindex.formats.change_lists import read_changes

    if isinstance(changes, str | os.PathLike) or hasattr(changes, "read"):
        lists = [read_changes(changes)]  # type: ignore[arg-type]
    else:
        lists = [changes_of(changes)]
    return whatif_of(result, [*lists, changes_of_options([sets] if isinstance(sets, str) else sets, result)], decimal)


def pending(
    result: Result,
    round: Round | None = None,  # noqa: A002 - the field's word
    *,
    code: str = "",
    shown: int | None = 20,
) -> Pending:
    """Return what is still open in a result: the scores and ranks that units can still have, and what decides them.

    `round` is the round that the result's table is the verified or final track of: its figures are open while nobody
    verified them, or an appeal is undecided. With it and without it figures that are missing are open, where the
    scheme takes that, and evidence that was not shown. `code` is the row that ranks, without it the first total;
    `shown` is how much of each list a page prints, None: all. Raises UnknownName for an unknown row, WrongUse where the
    round is not that of the result or units are means of several rows, TableInvalid where the scheme refuses what an
    appeal asks for.
    """
    from ictindex.analysis.pending.asking import pending_of
    from ictindex.analysis.pending.figures import OpenFigures

    if round is None:
        return pending_of(result, OpenFigures(), said(code), shown)
    from ictindex.rounds.pending import open_figures

    return pending_of(result, open_figures(round, result), said(code), shown)


def assumptions(
    *,
    weights: float = 0.2,
    concentration: float | None = None,
    noise: float = 0.0,
    vary: Sequence[Literal["normalization", "aggregation", "missing"]] = (),
) -> Assumptions:
    """Return what an analysis of uncertainty varies: weights and figures so far, and all methods of what `vary` names.

    `weights` is the relative standard deviation of equal weights, or `concentration` that of their Dirichlet
    distribution; `noise` that of reported figures. Raises WrongUse for a number that cannot be meant. `Assumptions`
    has the details, and chooses single methods.
    """
    from ictindex.analysis.uncertainty.assumptions import NORMALIZING, Assumptions

    return Assumptions(
        weights=weights,
        concentration=concentration,
        noise=noise,
        normalization=NORMALIZING if "normalization" in vary else ("scheme",),
        aggregation=("arithmetic", "geometric") if "aggregation" in vary else ("scheme",),
        missing=("zero", "left-out") if "missing" in vary else ("scheme",),
    )


def uncertainty(
    result: Result,
    *,
    code: str = "",
    assumptions: Assumptions | None = None,
    draws: int = 1000,
    seed: int = 1,
    top: int = 0,
    unit: str = "",
    effect_draws: int = 512,
    leave_one_out: bool = True,
    reversals: bool = True,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Uncertainty:
    """Return how sure the ranks of a row are: over many draws of what is varied, and without one indicator or unit.

    `code` is the row, without it the first total; `assumptions` say what is varied and how far (weights alone, without
    them), and are assumptions of the analysis. The first `top` units are looked at in particular (0: ten, or a third
    of few units). `effect_draws` pairs of draws are made for Sobol' effects on all ranks, and on the rank of `unit`
    where one is named; 0: none. The same seed gives the same numbers, whatever `executor` computes them; `progress` is
    told after each piece of work (done, of). Raises UnknownName where there is no such row or unit, WrongUse where
    nobody is ranked there, where units are means of several rows, or for a number that cannot be meant.
    """
    from ictindex.analysis.uncertainty.asking import Question, answered
    from ictindex.analysis.uncertainty.assumptions import Assumptions

    question = Question(
        result=result,
        code=said(code),
        assumptions=Assumptions() if assumptions is None else assumptions,
        draws=draws,
        seed=seed,
        top=top,
        unit=said(unit),
        effect_draws=effect_draws,
        leave_one_out=leave_one_out,
        reversals=reversals,
        executor=executor,
        progress=progress,
    )
    return answered(question)


def compare(
    before: Result,
    after: Result,
    *,
    code: str = "",
    units: Sequence[str] = (),
    mapping: MappingLike | None = None,
    crosswalk: CrosswalkLike | None = None,
) -> Comparison:
    """Return why the scores and ranks of two results differ: years, tracks or schemes, one change of each or several.

    The change of each unit's score and rank is divided exactly into its own figures, their verification, the scheme's
    change and the others' moves (Shapley values). `code` is a row of the scheme, without it the total; `units` are
    those to be told of, without them all that both results have. `mapping` says which row or column after one of before
    has become, where the schemes do not say it: a dictionary of codes, or a CSV file with the columns `before` and
    `after`. With `crosswalk` the units before are made those after, as `regroup` does it. Raises WrongUse and
    UnknownName where the two cannot be compared so, TableInvalid where a table cannot be carried.
    """
    from ictindex.analysis.comparing.compare import compare_results
    from ictindex.formats.mappings import read_row_mapping

    if crosswalk is not None:
        before = score(before.plan, regroup(before.given or before.table, crosswalk, scheme=before.plan).table)
    pairs = None
    if mapping is not None:
        is_file = isinstance(mapping, str | os.PathLike) or hasattr(mapping, "read")
        pairs = read_row_mapping(mapping) if is_file else mapping_of(mapping)  # type: ignore[arg-type]
    chosen = [units] if isinstance(units, str) else units
    return compare_results(before, after, code=said(code), units=[said(one) for one in chosen], mapping=pairs)


def read_efforts(source: EffortsLike, *, scheme: SchemeLike) -> Efforts:
    """Return what criteria take, from nothing to full marks: a CSV file, sheet or stream with a line for each.

    Its columns are `code` (of an indicator or a heading), `effort` (a number in any unit, such as days), `feasible`
    (no: nothing can be done there), `unit` (the line holds for that unit only) and `remark`. Raises TableInvalid with
    everything that is wrong in it.
    """
    from ictindex.analysis.climbing.efforts import Efforts
    from ictindex.formats.efforts import read_efforts

    return source if isinstance(source, Efforts) else read_efforts(source, compile_scheme(scheme).scheme)


def climb(
    result: Result,
    unit: str,
    *,
    ranks: int | None = None,
    to_rank: int | None = None,
    to_level: str | None = None,
    to_score: str | float | Fraction | Decimal | None = None,
    code: str = "",
    efforts: EffortsLike | None = None,
    previous: Result | None = None,
) -> Climb:
    """Return what a unit can do to reach a goal with the least effort, each plan checked by scoring again.

    The goal is one of: so many `ranks` better (1 without a goal), `to_rank`, `to_level` or a better one, or `to_score`
    as it is published; at the row `code`, without it the first total. `efforts` say what criteria take (see
    `read_efforts`); without them each step counts 1. With `previous`, last year's result, the answer also says what it
    takes if rivals' scores move once more as they did since then. Raises UnknownName where there is no such unit, row
    or level, WrongUse where that cannot be a goal of the unit, or units are means of several rows.
    """
    from ictindex.analysis.climbing.climb import climb_of

    return climb_of(
        result,
        said(unit),
        ranks=ranks,
        to_rank=to_rank,
        to_level=None if to_level is None else said(to_level),
        to_score=to_score,
        code=said(code),
        efforts=None if efforts is None else read_efforts(efforts, scheme=result.plan),
        previous=previous,
    )


def answer_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an answer's data. Raises UnknownName where there is no such kind."""
    known = answer_kinds()
    if kind not in known:
        hint = did_you_mean(kind, known) or say("known: {names}", names=", ".join(known))
        raise UnknownName(Problem("U202", say("there is no answer of the kind '{kind}'", kind=kind), hint=hint))
    return _schema(known[kind])


def write_answer(
    answer: Answer,
    path: str | os.PathLike[str] | None = None,
    *,
    format: str = "",  # noqa: A002 - the field's word
    language: str = LANGUAGES[0],
) -> str | bytes:
    """Return an answer as `text`, `markdown`, `json`, `csv`, `csv-vi` or `excel`; with a path, write it there.

    Without a format the file's ending decides, and without a path it is text; a workbook is bytes. Raises UnknownName
    where there is no such format, WrongUse where the ending names another kind of file, or it cannot be written.
    """
    from ictindex.formats.answers import answer_format, written_answer

    content = written_answer(answer, answer_format(path, format), language)
    if path is not None:
        write_file(content, path)
    return content
