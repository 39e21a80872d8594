"""pymcdm: the weighted sum model with min-max normalization."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
from data import Workload
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization

from written import Answer, Peer, weights


def _w1(work: Workload) -> Callable[[], Any]:
    matrix, own = np.ascontiguousarray(work.matrix.T), weights(work)
    types = np.ones(len(own), dtype=int)
    model = WSM(minmax_normalization)

    def call() -> Any:
        scores = model(matrix, own, types)
        return np.round(scores, 4), model.rank(scores)

    return call


PEER = Peer(
    "pymcdm",
    "pymcdm",
    version("pymcdm"),
    {"W1": _w1},
    lambda work, made: Answer.of(work.name, *made),
    differs="rounds the float that it has, a half to the even digit; equal floats share the mean of their ranks",
    lacks="no step tables, levels, caps or grades",
)
