"""pandas: a DataFrame of float columns, expressions over whole frames, its own cut, map, round and rank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from data import Indicator, Workload

from written import SHARES, Answer, Peer, most


def _w1(work: Workload) -> Callable[[], Any]:
    frame = pd.DataFrame(work.columns)
    groups = {group.code: pd.Series({one.code: one.points for one in group.indicators}) for group in work.groups}
    own = pd.Series({group.code: group.points for group in work.groups})

    def call() -> Any:
        low, high = frame.min(), frame.max()
        scaled = (frame - low) / (high - low)
        headings = pd.DataFrame(
            {code: (scaled[weights.index] * weights).sum(axis=1) / weights.sum() for code, weights in groups.items()}
        )
        scores = (headings * own).sum(axis=1) / own.sum()
        return scores.round(4), scores.rank(method="min", ascending=False)

    return call


def _w2(work: Workload) -> Callable[[], Any]:
    frame = pd.DataFrame(work.columns)
    bins = [-np.inf, *(share * most(work) for share in reversed(SHARES)), np.inf]

    def call() -> Any:
        headings = {
            group.code: pd.DataFrame({one.code: _points(one, frame, work.codes) for one in group.indicators})
            .sum(axis=1)
            .clip(upper=group.points)
            for group in work.groups
        }
        scores = pd.DataFrame(headings).sum(axis=1).round(2)
        grades = pd.cut(scores, bins, right=False, labels=[3, 2, 1, 0])
        return scores, scores.rank(method="min", ascending=False), grades

    return call


def _points(one: Indicator, frame: pd.DataFrame, codes: list[str]) -> pd.Series:
    first = frame[codes[one.columns[0]]]
    if one.kind == "ratio":
        return (first / frame[codes[one.columns[1]]]).clip(upper=1) * one.points
    if one.kind == "each":
        return (first * one.table[0][1]).clip(upper=one.points)
    if one.kind == "choice":
        return first.map(dict(one.table))
    bins = [-np.inf, *(start for start, _ in one.table), np.inf]
    return pd.cut(first, bins, right=False, labels=[0.0, *(points for _, points in one.table)]).astype(float)


PEER = Peer(
    "pandas",
    "pandas",
    pd.__version__,
    {"W1": _w1, "W2": _w2},
    lambda work, made: Answer.of(work.name, *made),
    differs="rounds the float that it has, a half to the even digit; ranks floats",
)
