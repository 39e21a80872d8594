"""The public functions of scoring in parts: what units teach, scores and ranks of Arrow record batches.

`learn_batch` and `score_batch` are pure functions, for the workers of any engine. `learn_batches`
and `score_batches` go through all batches, here or with an executor.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from ictindex.api import MappingLike, SchemeLike, compile_scheme, read_mapping, read_units, result_format
from ictindex.assembling import ReadOptions
from ictindex.batches.gathering import score_data_set
from ictindex.batches.parts import DataSet, Part, data_set
from ictindex.batches.ranks import exact_batch, rank_batches
from ictindex.batches.scoring import Decimal, learn_batch, learn_batches, score_batch, score_batches
from ictindex.filling import BLOCK
from ictindex.formats.choosing import choose, suffix_of
from ictindex.layout import Keep, checked_keep
from ictindex.learned import Learned, merge_learned
from ictindex.learning import learn, stages_to_learn
from ictindex.messages import LANGUAGES
from ictindex.plugins import formats
from ictindex.result import Result

if TYPE_CHECKING:
    from ictindex.batches.streaming import Streamed

__all__ = [
    "DataSet",
    "Learned",
    "Part",
    "data_set",
    "exact_batch",
    "learn",
    "learn_batch",
    "learn_batches",
    "merge_learned",
    "rank_batches",
    "score_batch",
    "score_batches",
    "score_data_set",
    "score_file",
    "stages_to_learn",
]


def score_file(
    scheme: SchemeLike,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str] | None = None,
    *,
    block: int = BLOCK,
    keep: Keep = "all",
    variant: str = "",
    reference: Result | Learned | None = None,
    decimal: Decimal = "",
    mapping: MappingLike | None = None,
    format: str = "",  # noqa: A002 - the field's word
    language: str = LANGUAGES[0],
    say_text: Callable[[str], object] | None = None,
) -> Streamed:
    """Score a CSV, Parquet or Arrow file in blocks of so many units, and write the result as `write_result` does.

    Only a few blocks are in memory, and of each unit what ranks are made on; the rest lies in temporary files, which
    take about as much room as the table. Without a target, CSV goes to `say_text`, or to standard output. `keep` says
    of which rows points are written. Figures that look wrong are not looked for. Raises TableInvalid with everything
    that is wrong with the table, WrongUse where the whole table would be needed at once, or the target is the source.
    """
    from ictindex.batches.streaming import Stream, score_file

    path = os.fspath(source)
    form = result_format(target, format=format or ("" if target else "csv"), language=language)
    options = ReadOptions(decimal=decimal, mapping=read_mapping(mapping) if mapping else {}, list_reader=read_units)
    how = Stream(block=max(block, 1), keep=checked_keep(keep), reference=reference, options=options)
    kind = choose(formats(), "", suffix_of(path), "read")
    goal = None if target is None else os.fspath(target)
    return score_file(
        compile_scheme(scheme, variant=variant), path, kind, form, goal, how, say_text or sys.stdout.write
    )
