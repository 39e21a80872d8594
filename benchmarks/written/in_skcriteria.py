"""scikit-criteria: a decision matrix through its pipeline of min-max scaling and the weighted sum model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import skcriteria
from data import Workload
from skcriteria.agg.simple import WeightedSumModel
from skcriteria.pipelines import mkpipe
from skcriteria.preprocessing.scalers import MinMaxScaler

from written import Answer, Peer, weights


def _w1(work: Workload) -> Callable[[], Any]:
    decision = skcriteria.mkdm(
        np.ascontiguousarray(work.matrix.T), [max] * len(work.codes), weights=weights(work), criteria=work.codes
    )
    pipeline = mkpipe(MinMaxScaler(target="matrix"), WeightedSumModel())

    def call() -> Any:
        result = pipeline.evaluate(decision)
        return np.round(result.e_.score, 4), result.rank_

    return call


PEER = Peer(
    "scikit-criteria",
    "scikit-criteria",
    skcriteria.VERSION if isinstance(skcriteria.VERSION, str) else ".".join(skcriteria.VERSION),
    {"W1": _w1},
    lambda work, made: Answer.of(work.name, *made),
    differs="rounds the float that it has, a half to the even digit; dense ranks of floats, none skipped after a tie",
    lacks="no step tables, levels, caps or grades",
)
