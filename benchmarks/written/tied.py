"""The same rules on figures on which rounding and ties go wrong: what a library does to a ranking, not its speed.

Under W1 the amounts are whole numbers from 0 to 4: many units have the same score on paper, and other floats. Under W2
the wholes are 400: every fourth ratio ends in half of the last published decimal.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import reference
from data import Workload

from written import Answer, Difference, Peer, bounds, compared, exactly, expected

UNITS = 3_000


def tied(work: Workload) -> Workload:
    """Return the workload with figures that give ties and halves, of as many units; the rules stay."""
    random = np.random.default_rng(5)
    matrix = work.matrix.copy()
    units = matrix.shape[1]
    if work.name == "W1":
        matrix[:] = random.integers(0, 5, matrix.shape)
        for at, row in enumerate(matrix):  # each indicator has its lowest and highest, of different units
            row[2 * at % units], row[(2 * at + 1) % units] = 0, 4
    else:
        for group in work.groups:
            for one in group.indicators:
                if one.kind == "ratio":
                    part, whole = one.columns
                    matrix[whole] = 400
                    matrix[part] = random.integers(0, 401, units)
    return replace(work, matrix=matrix)


def apart(work: Workload, found: list[Peer]) -> dict[str, Difference]:
    """Return for how many units each library says something else than exact arithmetic.

    Raises AssertionError where a library that states no reason differs at all.
    """
    hard = tied(work)
    floats = expected(hard)
    keys, ranks = exactly.settled(hard, floats.keys, np.asarray(floats.ranks), np.arange(hard.matrix.shape[1]))
    grades = None if hard.name == "W1" else reference.grades(keys, bounds(hard))
    exact = Answer(keys, ranks, grades)
    differences = {}
    for peer in found:
        if hard.name in peer.written:
            answer = peer.answer(hard, peer.written[hard.name](hard)())
            differences[peer.name] = compared(answer, exact)
            assert peer.differs or peer.name == "reference" or not differences[peer.name].any, peer.name
    return differences
