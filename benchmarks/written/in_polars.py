"""polars: a DataFrame of Float64 columns, one lazy query of expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from data import Indicator, Workload

from written import SHARES, Answer, Peer, most


def _w1(work: Workload) -> Callable[[], Any]:
    frame = pl.DataFrame(work.columns)
    headings = []
    for group in work.groups:
        parts = [_scaled(one.code) * one.points for one in group.indicators]
        whole = sum(one.points for one in group.indicators)
        headings.append(pl.sum_horizontal(parts) / whole * group.points)
    score = pl.sum_horizontal(headings) / sum(group.points for group in work.groups)
    query = frame.lazy().select(score=score).select(_published("score", 4), rank=_rank("score"))
    return query.collect


def _w2(work: Workload) -> Callable[[], Any]:
    frame = pl.DataFrame(work.columns)
    headings = [
        pl.sum_horizontal([_points(one, work.codes) for one in group.indicators]).clip(upper_bound=group.points)
        for group in work.groups
    ]
    good, fair, middling = (pl.col("score") >= share * most(work) for share in SHARES)
    grade = pl.when(good).then(0).when(fair).then(1).when(middling).then(2).otherwise(3)
    published = frame.lazy().select(score=pl.sum_horizontal(headings)).select(_published("score", 2))
    return published.with_columns(rank=_rank("score"), grade=grade).collect


def _scaled(code: str) -> pl.Expr:
    column = pl.col(code)
    return (column - column.min()) / (column.max() - column.min())


def _points(one: Indicator, codes: list[str]) -> pl.Expr:
    first = pl.col(codes[one.columns[0]])
    if one.kind == "ratio":
        return (first / pl.col(codes[one.columns[1]])).clip(upper_bound=1) * one.points
    if one.kind == "each":
        return (first * one.table[0][1]).clip(upper_bound=one.points)
    points = pl.lit(0.0)  # below the first number
    for start, earned in one.table:
        points = pl.when(first >= start).then(earned).otherwise(points)
    return points


def _published(name: str, decimals: int) -> pl.Expr:
    return pl.col(name).round(decimals, mode="half_away_from_zero")


def _rank(name: str) -> pl.Expr:
    return pl.col(name).rank(method="min", descending=True)


PEER = Peer(
    "polars",
    "polars",
    pl.__version__,
    {"W1": _w1, "W2": _w2},
    lambda work, made: Answer.of(work.name, *(made[name].to_numpy() for name in made.columns)),
    differs="rounds the float that it has; ranks floats",
    threads=pl.thread_pool_size(),
)
