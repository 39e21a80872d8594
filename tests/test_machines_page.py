"""docs/machines.md: its example does what it says, and its recipes give on Spark and on Ray what one machine gives.

The recipes are run with `pytest -m spark` and `pytest -m ray`, by whoever has these installed.
"""

from __future__ import annotations

import doctest
import os
import re
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ictindex import api
from ictindex.formats.arrow import figures_table, result_table
from ictindex.result import Result

TOP = Path(__file__).parent.parent
PAGE = TOP / "docs" / "machines.md"
SCHEME = "ict-index/2017-province"
"""Its points depend on other units, and it ranks on published scores."""


def code_of(name: str) -> str:
    """Return the block of the page under a mark."""
    (found,) = re.findall(rf"<!-- {name} -->\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


@pytest.fixture
def result(tmp_path: Path) -> Result:
    """The whole table scored by one machine; its figures lie in tmp_path/units, in three files of several parts."""
    plan = api.compile_scheme(SCHEME)
    table = api.read_table(TOP / "schemes" / f"{SCHEME}.example.synthetic.csv", scheme=plan)
    (tmp_path / "units").mkdir()
    whole = figures_table(table, plan.scheme)
    for at in range(3):
        pq.write_table(whole.slice(21 * at, 21), tmp_path / "units" / f"{at}.parquet", row_group_size=5)
    return api.score(plan, table)


def ranks_of(table: Any) -> dict[str, float]:
    return {row["unit"]: row["rank"] for row in table.to_pylist()}


def test_the_example_of_the_page_does_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    (block,) = re.findall(r"```pycon\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = doctest.DocTestParser().get_doctest(block, {}, PAGE.name, str(PAGE), 0)
    told: list[str] = []
    results = doctest.DocTestRunner().run(found, out=told.append)
    assert results.attempted == 7 and not results.failed, "".join(told)


@pytest.mark.parametrize("name", ["spark", "ray"])
def test_the_recipes_are_python_and_use_what_there_is(name: str) -> None:
    from ictindex import batching

    code = code_of(name)
    compile(code, str(PAGE), "exec")
    used = set(re.findall(r"batching\.(\w+)", code))
    assert used and used <= set(batching.__all__)


@pytest.mark.spark
@pytest.mark.filterwarnings("default")
def test_spark_gives_what_one_machine_gives(result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setitem(os.environ, "PYSPARK_PYTHON", sys.executable)
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    spark = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    names: dict[str, Any] = {"SCHEME": SCHEME, "SOURCE": str(tmp_path / "units"), "spark": spark}
    try:
        exec(code_of("spark"), names)  # noqa: S102 - the code of the page
        scored = names["scored"].select("unit", "score").toArrow()
        by_engine = names["ranked"].toArrow()
    finally:
        spark.stop()
    expected = result_table(result)
    assert ranks_of(names["ranks"]) == ranks_of(by_engine) == ranks_of(expected)
    assert scored.sort_by("unit").to_pylist() == expected.select(["unit", "score"]).sort_by("unit").to_pylist()


@pytest.mark.ray
@pytest.mark.filterwarnings("default")
def test_ray_gives_what_one_machine_gives(result: Result, tmp_path: Path) -> None:
    import ray

    output = tmp_path / "scored.parquet"
    names = {"SCHEME": SCHEME, "SOURCE": str(tmp_path / "units"), "OUT": str(output)}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, _node_ip_address="127.0.0.1")
    try:
        exec(code_of("ray"), names)  # noqa: S102 - the code of the page
    finally:
        ray.shutdown()
    expected, found = result_table(result), pq.read_table(output)
    assert isinstance(found, pa.Table) and found.num_rows == len(result.units)
    for name in found.column_names:
        assert found.column(name).to_pylist() == expected.column(name).to_pylist(), name
