"""How long one unit alone takes with a compiled scheme, beside a table of one unit and a calculation by hand.

    python benchmarks/single.py
    python benchmarks/single.py --forms 300

A form is scored, its total published and its level told; `typed` has all figures as text, and `all rows` tells every
row as data for JSON. `by hand` is the same rules as a Python programmer would write them over a dictionary: no checks
of cells, no flags, no second look at a doubtful float. Each call is given the next of the forms; all published scores
are asserted identical.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any

import data

from ictindex import compile_scheme, load_scheme, score, table_from_columns

Form = dict[str, Any]

_FEW = 40
"""So many forms are scored as tables of one unit, which takes longer."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the score of one unit alone.")
    parser.add_argument("--forms", type=int, default=1000, help="how many forms are scored (default: 1000)")
    options = parser.parse_args()
    print("| workload | one unit, µs | typed, µs | all rows, µs | by hand, µs | to by hand | of a table of one unit |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name in ("w1", "w2"):
        print(_line(name, options.forms), flush=True)


def prepared(name: str, units: int) -> tuple[Any, list[Form], Any]:
    """Return a workload's compiled scheme, a form for each of its units, and the result of all of them together."""
    work = getattr(data, name)(units)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(work.document, encoding="utf-8")
        scheme = load_scheme(path)
    table = table_from_columns(scheme, {"unit": [f"u{at}" for at in range(units)], **work.columns})
    plan = compile_scheme(scheme)
    columns = {
        code: [int(one) if one.is_integer() else one for one in column.tolist()]
        for code, column in work.columns.items()
    }
    forms = [{code: column[at] for code, column in columns.items()} for at in range(units)]
    return plan, forms, score(plan, table)


def _line(name: str, count: int) -> str:
    plan, forms, everyone = prepared(name, count)
    work = getattr(data, name)(count)
    reference = everyone if plan.relative else None
    by_hand = _w1(work) if name == "w1" else _w2(work)

    def one(form: Form) -> str:
        found = plan.score_one(form, reference=reference)
        found.level()
        return str(found.published())

    def typed(form: Form) -> str:
        found = plan.score_one({code: str(cell) for code, cell in form.items()}, reference=reference, decimal="point")
        found.level()
        return str(found.published())

    def all_rows(form: Form) -> str:
        found = plan.score_one(form, reference=reference).to_dict()
        return str(found["rows"]["total"]["published"])

    def table_of_one(form: Form) -> str:
        table = table_from_columns(plan.scheme, {"unit": ["u"], **{code: [cell] for code, cell in form.items()}})
        result = score(plan, table, reference=reference)
        result.levels()
        return str(result.published()[0])

    published = everyone.published()
    calls = {"one": one, "typed": typed, "rows": all_rows, "hand": by_hand, "table": table_of_one}
    few = forms[:_FEW]
    seconds: dict[str, list[float]] = {each: [] for each in calls}
    for each, call in calls.items():
        assert [call(form) for form in few] == published[: len(few)], f"{each}: the published scores differ"
    for at, form in enumerate(forms):
        for each, call in calls.items():
            if each != "table" or at < _FEW:
                start = time.perf_counter()
                found = call(form)
                seconds[each].append(time.perf_counter() - start)
                assert found == published[at], f"{each}: the published scores differ"
    took = {each: statistics.median(times) * 1e6 for each, times in seconds.items()}
    told = " | ".join(f"{took[each]:.0f}" for each in ("one", "typed", "rows", "hand"))
    return f"| {name.upper()} | {told} | {took['one'] / took['hand']:.1f} | {took['one'] / took['table']:.3f} |"


def _w1(work: data.Workload) -> Callable[[Form], str]:
    ends = {code: (float(column.min()), float(column.max())) for code, column in work.columns.items()}

    def scored(form: Form) -> str:
        total = 0.0
        for group in work.groups:
            points = 0.0
            for indicator in group.indicators:
                low, high = ends[indicator.code]
                points += (form[indicator.code] - low) / (high - low) * indicator.points
            total += points / sum(indicator.points for indicator in group.indicators) * group.points
        return f"{total / sum(group.points for group in work.groups) + 1e-12:.4f}"

    return scored


def _w2(work: data.Workload) -> Callable[[Form], str]:
    steps = [0.0, *(points for _, points in data.STEPS)]
    marks = [mark for mark, _ in data.STEPS]
    cases = {int(case): points for case, points in data.CASES}

    def scored(form: Form) -> str:
        total = 0.0
        for group in work.groups:
            points = 0.0
            for one in group.indicators:
                if one.kind == "ratio":
                    points += min(form[f"{one.code}.a"] / form[f"{one.code}.b"], 1.0) * one.points
                elif one.kind == "steps":
                    points += steps[bisect_right(marks, form[one.code])]
                elif one.kind == "choice":
                    points += cases[form[one.code]]
                else:
                    points += min(form[one.code] * 0.5, one.points)
            total += min(points, group.points)
        bands = (90, 70, 50)
        next((band for band in bands if total * 100 >= band * sum(group.points for group in work.groups)), 0)
        return f"{total + 1e-9:.2f}"

    return scored


if __name__ == "__main__":
    main()
