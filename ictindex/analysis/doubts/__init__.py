"""Figures that can be scored and look wrong: each is doubted with its place, and none is changed.

A doubt is a warning. It says what was found beside what is usual, and what to look at; whoever knows the unit decides.
Every rule and its threshold, with the reason, stands in docs/doubts.md.
"""

from __future__ import annotations

import numpy as np

from ictindex.analysis.doubts.copies import doubt_copies
from ictindex.analysis.doubts.documents import doubt_documents
from ictindex.analysis.doubts.gathering import Doubts
from ictindex.analysis.doubts.scales import doubt_scales
from ictindex.analysis.doubts.shares import doubt_shares
from ictindex.analysis.doubts.totals import doubt_totals
from ictindex.errors import Problem
from ictindex.model import Scheme
from ictindex.table import Table

__all__ = ["doubts_of"]


def doubts_of(
    table: Table, scheme: Scheme, previous: Table | None = None, previous_scheme: Scheme | None = None
) -> tuple[Problem, ...]:
    """Return what looks wrong in a table, as warnings in the order of their codes, columns and lines.

    `previous` is the table of the year before, read under `previous_scheme`, which without a name is the same one. The
    order of the units has no part in what is doubted.
    """
    doubts = Doubts(table)
    with np.errstate(all="ignore"):  # what is not reported is NaN, and figures may be beyond all sizes
        doubt_shares(scheme, table, doubts)
        if previous is not None:
            from ictindex.analysis.doubts.years import LastYear, doubt_changes

            doubt_changes(LastYear(scheme, table, previous_scheme or scheme, previous), doubts)
        doubt_copies(scheme, table, doubts)
        doubt_documents(table, doubts)
        doubt_totals(scheme, table, doubts)
        doubt_scales(scheme, table, doubts)
    return doubts.all()
