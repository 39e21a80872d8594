"""A data set scored by workers is what one machine makes of the whole table: columns, ranks and all, to the bit."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_machines import begin, done_again, kill
from worked import build

from ictindex import api
from ictindex.batches import parts, scoring
from ictindex.batching import data_set, score_data_set
from ictindex.errors import TableInvalid, WrongUse
from ictindex.formats.arrow import figures_table, result_table
from ictindex.machines import engine
from ictindex.plan import Plan
from ictindex.table import Table

pytestmark = pytest.mark.dask

SCHEMES = Path(__file__).parent.parent / "schemes"
EXAMPLES = ("ict-index/2017-province", "dti-1726/2020-province", "dak-lak-366/2018-department")
CLOSE = """\
scheme: close/2026-unit
title: Điểm sát nhau
unit: unit
edition: 2026
sources:
  s Văn bản giả định: {date: 2026-01-01}
below: {cited: s}
combine: mean
publish: {as: index, decimals: 2}
rank: {ties: competition, on: exact}
1 Một: {weight: 1, value: , min-max: all}
2 Hai: {weight: 2, value: , min-max: all}
"""
"""Ranks on exact points, of units that floats cannot tell apart."""


def example(scheme: str) -> tuple[Plan, Table]:
    plan = api.compile_scheme(scheme)
    return plan, api.read_table(next(SCHEMES.glob(f"{scheme}.example*.csv")), scheme=plan)


def close(units: int = 60) -> tuple[Plan, Table]:
    plan = api.compile_scheme(build(CLOSE))
    some = np.arange(units)
    # 1 and 2 x 2 are the same number of points, at most a bit apart as floats.
    figures = {"1": (some % 7) / 10, "2": (6 - some % 7) / 20 + 0.3, "unit": [f"u{at:03}" for at in some]}
    return plan, api.read_table({name: list(cells) for name, cells in figures.items()}, scheme=plan)


def write_set(plan: Plan, table: Table, folder: Path, *, files: int = 3, group: int = 3) -> Path:
    """Write a table as several files with several row groups each."""
    whole = figures_table(table, plan.scheme)
    folder.mkdir()
    edges = [at * len(table) // files for at in range(files + 1)]
    for at in range(files):
        part = whole.slice(edges[at], edges[at + 1] - edges[at])
        pq.write_table(part, folder / f"part-{at}.parquet", row_group_size=group)
    return folder


def same(output: Path, plan: Plan, table: Table) -> None:
    """The file is what is written of the whole table, but for the facts in its metadata."""
    expected, found = result_table(api.score(plan, table)), pq.read_table(output)
    assert found.schema.remove_metadata() == expected.schema.remove_metadata()
    for name in expected.column_names:
        assert found.column(name).to_pylist() == expected.column(name).to_pylist(), name
    facts = (b"ictindex.scheme", b"ictindex.notice", b"ictindex.provisional")
    told = {key: found.schema.metadata[key] for key in facts}
    assert told.items() <= expected.schema.metadata.items()


@pytest.fixture(scope="module")
def everybody() -> Iterator[list[Executor | None]]:
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2) as processes, engine("local", workers=2) as local:
        yield [None, threads, processes, local, local.client.get_executor(pure=False)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", [*EXAMPLES, "close"])
def test_whoever_scores_the_parts_the_file_is_that_of_one_machine(
    scheme: str, everybody: list[Executor | None], tmp_path: Path
) -> None:
    plan, table = close() if scheme == "close" else example(scheme)
    data = data_set(write_set(plan, table, tmp_path / "set", files=2), rows=4 if len(table) < 30 else 24)
    assert len(data.parts) >= 3 and len(data) == len(table)
    for at, executor in enumerate(everybody):
        output = tmp_path / f"{at}.parquet"
        assert score_data_set(plan, data, output, keep="all", executor=executor, decimal="point") == len(table)
        same(output, plan, table)
    assert sorted(one.name for one in tmp_path.iterdir()) == [*(f"{at}.parquet" for at in range(5)), "set"]


def held(work: Any, piece: Any, number: int) -> Any:
    """Score a part as `scoring._scored` does; wait as `test_machines.begin` says."""
    begin(os.environ["ICTINDEX_TEST_FOLDER"], Path(piece.path).name.removesuffix(".parquet") + f".{piece.first}")
    return SCORED(work, piece, number)


SCORED = scoring._scored


def test_a_worker_that_is_killed_while_it_scores_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, table = close()
    data = data_set(write_set(plan, table, tmp_path / "set"), rows=8)
    folder = tmp_path / "begun"
    folder.mkdir()
    monkeypatch.setenv("ICTINDEX_TEST_FOLDER", str(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
    monkeypatch.setattr(scoring, "_scored", held)
    killer = Thread(target=kill, args=(folder,))
    with engine("local", workers=2) as executor:
        workers = list(executor.client.run(os.getpid).values())  # type: ignore[attr-defined]
        killer.start()
        score_data_set(plan, data, tmp_path / "out.parquet", keep="all", executor=executor, decimal="point")
    assert int((folder / "killed").read_text(encoding="utf-8")) in workers and done_again(folder)
    same(tmp_path / "out.parquet", plan, table)


# --- the command line -------------------------------------------------------------------------------------------------


def test_the_command_scores_a_data_set_on_an_engine(run: Any, tmp_path: Path, everybody: list[Executor | None]) -> None:
    plan, table = example("dti-1726/2020-province")
    folder = write_set(plan, table, tmp_path / "set")
    address = f"dask://{everybody[3].client.scheduler.address}"  # type: ignore[union-attr]
    found = run("score", plan.scheme.id, folder, "--engine", address, "-o", tmp_path / "out.parquet")
    told = "figures that look wrong are not looked for by an engine; `ictindex table` looks for them\n"
    assert found == (0, "", told)
    same(tmp_path / "out.parquet", plan, table)
    facts = pq.read_schema(tmp_path / "out.parquet").metadata
    assert facts[b"ictindex.units"] == str(len(table)).encode() and b"ictindex.receipt" not in facts


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("-o", "out.csv"), "out.csv: U329 a data set is scored into a Parquet file"),
        ((), "U326 an engine reads and writes files, no standard input or output (name the data set, and -o FILE"),
        (("-o", "out.parquet", "--format", "csv"), "U326 an engine writes Parquet, not csv (leave --format out"),
        (("-o", "out.parquet", "--track", "final"), "U326 --track does not go together with --engine"),
        (("-o", "nowhere/out.parquet"), "nowhere/out.parquet: U108 there is no folder 'nowhere' (make it first"),
        (("-o", "set/out.parquet"), "set/out.parquet: U115 the output would be written into the folder that is read"),
    ],
)
def test_what_an_engine_cannot_do_is_told(
    run: Any, options: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, table = example("dti-1726/2020-province")
    write_set(plan, table, tmp_path / "set")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ictindex.cli.engines.engine", lambda _: ThreadPoolExecutor(1))
    found = run("score", plan.scheme.id, "set", "--engine", "local", *options)
    assert (found.code, found.out) == (2, "") and found.err.startswith(told)
    assert [one.name for one in tmp_path.iterdir()] == ["set"]


# --- data sets --------------------------------------------------------------------------------------------------------


def no_set(source: Path) -> str:
    with pytest.raises((TableInvalid, WrongUse)) as error:
        data_set(source)
    return str(error.value).removeprefix(f"{source}: ")


def test_what_is_no_data_set_is_told(tmp_path: Path) -> None:
    assert no_set(tmp_path / "nothing").startswith("T001 there is no such file or folder")
    assert no_set(tmp_path).startswith("U327 there are no files that end with .parquet in this folder")
    (tmp_path / "a.parquet").write_bytes(b"unit,total\n")
    assert "a.parquet: T086 this is another file, not Parquet (" in no_set(tmp_path)
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    assert "a.parquet: T087 the file is damaged: " in no_set(tmp_path)
    (tmp_path / "a.parquet").write_bytes(b"")
    assert "a.parquet: T086 the file is empty (write it again" in no_set(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"unit,total\n")
    assert no_set(tmp_path / "a.csv").startswith("U327 this is no Parquet file (an engine reads Parquet")
    pq.write_table(pa.table({"unit": ["1"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"unit": ["2"], "total": [0.5]}), tmp_path / "b.parquet")
    assert "b.parquet: U327 this file has other columns than " in no_set(tmp_path)
    (tmp_path / "b.parquet").unlink()
    pq.write_table(pa.table({"unit": pa.array([], pa.string())}), tmp_path / "a.parquet")
    assert no_set(tmp_path).startswith("T011 there are no rows in this data set")
    (tmp_path / "year=2025").mkdir()
    (tmp_path / "a.parquet").rename(tmp_path / "year=2025" / "a.parquet")
    assert no_set(tmp_path).startswith("U327 a column of this data set stands in the names of its folders: year=2025")


def test_a_worker_has_few_rows_in_hand_and_knows_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, table = close()
    data = data_set(write_set(plan, table, tmp_path / "set", files=2, group=10), rows=25)
    assert [(part.first, part.rows, part.groups) for part in data] == 2 * [(0, 20, (0, 1)), (20, 10, (2,))]
    monkeypatch.setattr(parts, "READ", 7)
    batches = [rows for part in data for rows in part.batches()]
    assert {rows.source for rows in batches} == {part.path for part in data}
    seen = [(len(rows.batch), rows.before, rows.batch.column("unit")[0].as_py()) for rows in batches]
    assert sum(rows for rows, _, _ in seen) == len(table) and max(rows for rows, _, _ in seen) <= 7
    assert [unit for _, _, unit in seen] == [
        f"u{first + 30 * (at >= len(seen) / 2):03}" for at, (_, first, _) in enumerate(seen)
    ]


def test_files_that_may_hold_units_and_are_not_read_are_told(tmp_path: Path) -> None:
    plan, table = close()
    folder = write_set(plan, table, tmp_path / "set", files=1)
    for name in ("b.csv", "_c.parquet", ".d.parquet", "e.pq", "_SUCCESS", "read.me", ".part-0.parquet.crc"):
        (folder / name).write_bytes(b"x")
    told = {Path(one.where.source).name: (one.code, one.severity, one.message) for one in data_set(folder).doubts}
    assert {name: message for name, (_, _, message) in told.items()} == {
        **dict.fromkeys(("b.csv", "e.pq"), "it is no Parquet file and is not read"),
        **dict.fromkeys(("_c.parquet", ".d.parquet"), "its name begins with _ or a point: it is not read"),
    }
    assert {(code, severity) for code, severity, _ in told.values()} == {("T139", "warning")}


def test_files_of_those_who_wrote_the_set_are_not_read(tmp_path: Path) -> None:
    plan, table = example("dti-1726/2020-province")
    write_set(plan, table, tmp_path / "set")
    for name in ("_temporary", ".hidden"):
        (tmp_path / "set" / name).mkdir()
        (tmp_path / "set" / name / "x.parquet").write_bytes(b"half")
    (tmp_path / "set" / "_SUCCESS").touch()
    assert len(data_set(tmp_path / "set")) == len(table)


def test_a_worker_that_does_not_see_the_files_is_told(tmp_path: Path, everybody: list[Executor | None]) -> None:
    plan, table = example("dti-1726/2020-province")
    data = data_set(write_set(plan, table, tmp_path / "set"))
    first = Path(data.parts[0].path)
    content = first.read_bytes()
    for change, told in (
        (lambda: first.write_bytes(content[:-8] + content), "U328 a worker finds another file in the place of "),
        (first.unlink, "U328 a worker cannot read "),
    ):
        change()
        for executor in everybody:
            with pytest.raises(WrongUse, match=told):
                score_data_set(plan, data, tmp_path / "out.parquet", executor=executor)
    assert [one.name for one in tmp_path.iterdir()] == ["set"], "half an output was left"


def test_problems_are_told_of_the_rows_of_their_file(tmp_path: Path, everybody: list[Executor | None]) -> None:
    plan, table = close()
    folder = write_set(plan, table, tmp_path / "set", files=2, group=10)
    whole = pq.read_table(folder / "part-1.parquet")
    figures = whole.column("2").to_numpy().copy()
    figures[[3, 17]] = np.nan
    broken = whole.set_column(whole.column_names.index("2"), "2", pa.array(figures))
    pq.write_table(broken, folder / "part-1.parquet", row_group_size=10)
    for executor in everybody:
        with pytest.raises(TableInvalid) as error:
            score_data_set(plan, data_set(folder, rows=10), tmp_path / "out.parquet", executor=executor)
        lines = str(error.value).splitlines()
        for line, at in zip(lines, (4, 18), strict=True):
            assert line.startswith(f"{folder / 'part-1.parquet'}:{at} [2]: T043 'nan' is not a number")


def test_a_column_that_all_parts_lack_is_told_once(tmp_path: Path, everybody: list[Executor | None]) -> None:
    plan, table = close()
    folder = write_set(plan, table, tmp_path / "set", files=2, group=10)
    for file in folder.iterdir():
        pq.write_table(pq.read_table(file).drop_columns(["2"]), file, row_group_size=10)
    for executor in everybody:
        with pytest.raises(TableInvalid) as error:
            score_data_set(plan, data_set(folder, rows=10), tmp_path / "out.parquet", executor=executor)
        (problem,) = error.value.problems
        assert problem.where.source == str(folder / "part-0.parquet") and "2" in problem.message


def test_a_unit_in_two_files_is_told(tmp_path: Path) -> None:
    plan, table = close()
    folder = write_set(plan, table, tmp_path / "set", files=2, group=30)
    (folder / "part-2.parquet").write_bytes((folder / "part-0.parquet").read_bytes())
    with pytest.raises(TableInvalid) as error:
        score_data_set(plan, data_set(folder), tmp_path / "out.parquet", decimal="point")
    assert len(error.value.problems) == 30
    told = (
        f"{folder / 'part-2.parquet'}:1: T031 the unit 'u000' stands in line 1 of {folder / 'part-0.parquet'} already"
    )
    assert str(error.value).startswith(f"{told} (keep one of the two lines)\n")
    assert error.value.problems[-1].where.line == 30


def test_a_unit_twice_in_one_file_is_told_by_its_lines_though_parts_are_apart(tmp_path: Path) -> None:
    plan, table = close()
    folder = write_set(plan, table, tmp_path / "set", files=1, group=10)
    whole = pq.read_table(folder / "part-0.parquet")
    pq.write_table(pa.concat_tables([whole, whole.slice(12, 1)]), folder / "part-0.parquet", row_group_size=10)
    with pytest.raises(TableInvalid) as error:
        score_data_set(plan, data_set(folder, rows=10), tmp_path / "out.parquet", decimal="point")
    place = f"{folder / 'part-0.parquet'}:{len(whole) + 1}"
    assert str(error.value) == f"{place}: T031 the unit 'u012' stands in line 13 already (keep one of the two lines)"


def test_what_was_learned_before_scores_a_data_set(tmp_path: Path) -> None:
    plan, table = close()
    data = data_set(write_set(plan, table, tmp_path / "set"))
    reference = api.score(plan, close(30)[1])
    score_data_set(plan, data, tmp_path / "out.parquet", reference=reference)
    expected = result_table(api.score(plan, table, reference=reference))
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.column_names == ["unit", "name", "score", "rank", "total", "states", "notice"]
    assert all(found.column(name).to_pylist() == expected.column(name).to_pylist() for name in found.column_names)
    assert len(found.schema.metadata[b"ictindex.learned_sha256"]) == 64
