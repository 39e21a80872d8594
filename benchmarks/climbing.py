"""How long a climb takes: random communes and goals under `btttt-2392/2017-commune`, and the shipped example tables.

`python benchmarks/climbing.py` prints, for each table, how many goals had a plan, the share of answers that are proven,
and the median and the worst time of the processor: other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
sys.path.insert(0, str(HERE / "tests"))

import ictindex  # noqa: E402
from ictindex import Result, climb, score  # noqa: E402
from ictindex.errors import WrongUse  # noqa: E402


def main() -> None:
    """Print a line for each table: answers, plans, proven, times."""
    parser = argparse.ArgumentParser(description="Measure climbs.")
    parser.add_argument("--count", type=int, default=200, help="how many units and goals (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other units and goals")
    options = parser.parse_args()
    print("table                            units  goals  plans  proven  median s  worst s")
    for name, result in _results():
        chance = random.Random(options.seed)  # noqa: S311 - units and goals, no secrets
        taken, plans, proven = [], 0, 0
        for _ in range(options.count if len(result.units) > 100 else max(1, options.count // 10)):
            unit, goal = chance.choice(result.units), _goal(result, chance)
            start = time.process_time()
            try:
                answer = climb(result, unit, **goal)
            except WrongUse:  # not ranked, or no score
                continue
            taken.append(time.process_time() - start)
            plans += answer.outlook.plan is not None
            proven += answer.outlook.proven
        print(
            f"{name:<32} {len(result.units):>5}  {len(taken):>5}  {plans:>5}  {proven / len(taken):>6.0%}"
            f"  {statistics.median(taken):>8.3f}  {max(taken):>7.3f}"
        )


def _goal(result: Result, chance: random.Random) -> dict[str, Any]:
    row = chance.choice(result.totals)
    kinds = ["ranks", "to_rank", "to_score", *(["to_level"] if row.levels else [])]
    kind = chance.choice(kinds)
    if kind == "to_level" and row.levels is not None:
        return {kind: chance.choice(row.levels.levels).name, "code": row.code}
    if kind == "to_score":
        most = max(float(one) for one in result.published(row.code) if one is not None)
        return {kind: round(most * chance.uniform(0.6, 1), row.publish.decimals), "code": row.code}
    return {kind: chance.randint(1, 5), "code": row.code}


def _results() -> Iterator[tuple[str, Result]]:
    from make_communes import communes

    plan = ictindex.compile_scheme("btttt-2392/2017-commune")
    header, rows = communes()
    cells = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    yield "3,321 communes", score(plan, ictindex.table_from_columns(plan.scheme, cells))
    for path in sorted((HERE / "schemes").glob("*/*.example*.csv")):
        scheme = f"{path.parent.name}/{path.name.split('.')[0]}"
        plan = ictindex.compile_scheme(scheme)
        yield scheme, score(plan, ictindex.read_table(path, scheme=plan))


if __name__ == "__main__":
    main()
