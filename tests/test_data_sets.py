"""What is wrong with a data set, or with batches, is told as of one table: all at once, once, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from made import alone, group, ratio, rule, scheme, value

from ictindex import read_table
from ictindex.batching import (
    data_set,
    exact_batch,
    learn_batches,
    rank_batches,
    score_batch,
    score_batches,
    score_data_set,
)
from ictindex.compiling import compile_scheme
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.model import TOTAL, RankRule
from ictindex.plan import Plan
from ictindex.plugins import vocabulary


def plain() -> Plan:
    return compile_scheme(alone(value("x")), vocabulary())


def relative() -> Plan:
    """Two rows: what is learned of `x` needs nobody to look at `y`."""
    rows = (value("x", scale=rule("min-max", over="all")), ratio("y", 1))
    return compile_scheme(scheme(group(TOTAL, 2, *rows)), vocabulary())


def exact() -> Plan:
    """Ranks on exact scores."""
    made = alone(value("x", 1, scale=rule("min-max", over="all")))
    return compile_scheme(evolve(made, root=evolve(made.root, rank=RankRule(on="exact"))), vocabulary())


def write(folder: Path, **files: dict[str, Sequence[Any]]) -> Path:
    folder.mkdir()
    for name, columns in files.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet", row_group_size=2)
    return folder


def problems(plan: Plan, folder: Path, rows: int = 2) -> list[Problem]:
    """What is told of a data set that is refused; nothing is left beside it."""
    output = folder.parent / "out.parquet"
    before = sorted(folder.parent.iterdir())
    with pytest.raises(TableInvalid) as caught:
        score_data_set(plan, data_set(folder, rows=rows), output)
    assert sorted(folder.parent.iterdir()) == before
    return list(caught.value.problems)


def test_a_column_that_counts_lines_may_go_on_or_begin_anew_in_every_part(tmp_path: Path) -> None:
    plan = plain()
    for at, second in enumerate(([5, 6], [1, 2], ["6", ""])):
        first = {"STT": [1, 2, 3, 4] if second != ["6", ""] else ["1", "2", "3", "4"]}
        folder = write(
            tmp_path / f"set{at}",
            a={**first, "unit": ["u", "v", "w", "x"], "x": [0.1, 0.2, 0.3, 0.4]},
            b={"STT": second, "unit": ["y", "z"], "x": [0.5, 0.6]},
        )
        assert score_data_set(plan, data_set(folder, rows=2), tmp_path / f"{at}.parquet") == 6
    folder = write(tmp_path / "odd", a={"STT": [7, 7], "unit": ["u", "v"], "x": [0.1, 0.2]})
    assert [(one.code, one.where.line) for one in problems(plan, folder)] == [("T056", 2)]


def test_units_that_are_looked_up_again_need_not_be_counted_from_one() -> None:
    batch = pa.record_batch({"STT": [1, 2, 3], "unit": ["u", "v", "w"], "x": [0.1, 0.3, 0.3]})
    scored = list(score_batches(exact(), [batch]))
    assert rank_batches(exact(), scored, batches=[batch]).column("rank").to_pylist() == [3, 1, 1]
    learned = learn_batches(exact(), [batch])
    assert exact_batch(exact(), batch, ["w", "z"], learned) == {"w": [Fraction(1)]}


def test_a_line_that_a_message_names_is_one_of_the_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", a={"unit": ["t", "u", "v", "v"], "x": [0.1] * 4})
    (problem,) = problems(plain(), folder)
    assert str(problem).startswith(f"{folder / 'a.parquet'}:4 [unit]: T031 the unit 'v' stands in line 3 already")


def test_a_damaged_page_is_told_of_its_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", a={"unit": ["t", "u"], "x": [0.1, 0.2]}, b={"unit": ["v", "w"], "x": [0.1, 0.2]})
    content = bytearray((folder / "b.parquet").read_bytes())
    content[4:40] = b"x" * 36  # the first page; what the end of the file says is whole
    (folder / "b.parquet").write_bytes(content)
    (problem,) = problems(plain(), folder)
    assert problem.code == "T087" and problem.where.source == str(folder / "b.parquet")


def test_what_only_scoring_refuses_is_told_with_what_learning_refuses(tmp_path: Path) -> None:
    plan = relative()
    one = {"unit": ["t", "u"], "x": [0.1, None], "y.a": [1, 1], "y.b": [2, 2]}
    other = {"unit": ["v", "w"], "x": [0.1, 0.2], "y.a": [1, 1], "y.b": [2, 0]}
    folder = write(tmp_path / "set", a=one, b=other)
    told = [(one.code, Path(one.where.source).name, one.where.line) for one in problems(plan, folder)]
    assert told == [("T201", "a.parquet", 2), ("T204", "b.parquet", 2)]
    with pytest.raises(TableInvalid) as caught:
        list(score_batches(plan, [pa.record_batch(one), pa.record_batch(other)]))
    assert [(one.code, one.where.source) for one in caught.value.problems] == [
        ("T201", "record batch 1"),
        ("T204", "record batch 2"),
    ]


def test_counted_problems_of_all_parts_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST", "MOST_KEPT"):
        monkeypatch.setattr(f"ictindex.refusals.{name}", 3)
    units = [f"u{at:02}" for at in range(24)]
    folder = write(tmp_path / "set", a={"unit": units, "x": pa.array([None] * 24, pa.float64())})
    found = problems(plain(), folder, rows=8)
    assert sum(one.count for one in found) == 24 and len(found) < 24


def test_notes_of_the_files_mean_what_they_mean_in_one_table(tmp_path: Path) -> None:
    def noted(*notes: str, x: Sequence[str]) -> Any:
        metadata = {"ictindex.notes": "[" + ", ".join(f'"{note}"' for note in notes) + "]"}
        return pa.table({"unit": ["u", "v"], "x": x}).replace_schema_metadata(metadata)

    folder = tmp_path / "set"
    folder.mkdir()
    pq.write_table(noted("decimal: comma", "tạm tính", x=["0,5", "0,25"]), folder / "a.parquet")
    score_data_set(plain(), data_set(folder), tmp_path / "out.parquet")
    written = pq.read_table(tmp_path / "out.parquet")
    assert written.column("score").to_pylist() == [0.5, 0.25]
    assert all(notice.endswith("tạm tính") for notice in written.column("notice").to_pylist())
    (folder / "list.csv").write_text("code,name\nu,U\nv,V\n", encoding="utf-8")
    pq.write_table(noted("units: list.csv", x=["1", "1"]), folder / "a.parquet")
    assert score_data_set(plain(), data_set(folder), tmp_path / "out.parquet") == 2
    assert read_table(folder / "a.parquet", scheme=plain()).names == ("U", "V")


def test_places_in_files_are_told_only_where_they_are_known(tmp_path: Path) -> None:
    plan = plain()
    folder = write(tmp_path / "set", a={"unit": ["u", "v"], "x": [0.1, 0.2]}, b={"unit": ["w", "u"], "x": [0.1, 0.2]})
    data = data_set(folder)
    (problem,) = problems(plan, folder)
    assert (problem.where.source, problem.where.line) == (str(folder / "b.parquet"), 2)
    scored = list(score_batches(plan, data))
    for order in (scored, scored[::-1]):
        with pytest.raises(TableInvalid) as caught:
            rank_batches(plan, order, batches=data)
        assert str(caught.value) == "batches: T031 the unit u of batch 2 is in batch 1 already (keep one of the two)"


def test_what_is_no_batch_is_told_and_one_batch_is_one() -> None:
    batch = pa.record_batch({"unit": ["u", "v"], "x": [0.1, 0.3]})
    assert len(list(score_batches(plain(), batch))) == 1
    nothing: list[Any] = ["folder", {"unit": ["u"]}, 5, ["a"], [pa.table({"unit": ["u"]})]]
    for batches in nothing:
        with pytest.raises(WrongUse, match=r"U333 \w+ is no record batch \(give a list of Arrow record batches"):
            list(score_batches(plain(), batches))


def test_empty_batches_are_passed_over() -> None:
    batch = pa.record_batch({"unit": ["u", "v"], "x": [0.1, 0.3]})
    for plan in (plain(), exact()):
        (scored,) = score_batches(plan, [batch.slice(0, 0), batch, batch.slice(0, 0)])
        assert scored.column("unit").to_pylist() == ["u", "v"]
    with pytest.raises(TableInvalid, match="T011"):
        score_batch(plain(), batch.slice(0, 0))


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "set", a={"unit": ["u", "v"], "x": [0.1, 0.2]})
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "round.parquet").symlink_to("round.parquet")
    for name in ("round.parquet", "round/out.parquet"):
        with pytest.raises(WrongUse, match="U108"):
            score_data_set(plain(), data_set(folder), tmp_path / name)
    long = tmp_path / f"{'đ' * 100}.parquet"
    assert score_data_set(plain(), data_set(folder), long) == 2

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(
        WrongUse, match=r"U108 the file cannot be written: no space is left on the disk \(is the disk full"
    ):
        score_data_set(plain(), data_set(folder), tmp_path / "full.parquet")
