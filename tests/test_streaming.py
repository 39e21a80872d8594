"""A file scored in blocks: what is written and what is refused is that of the whole table, and little is in memory."""

from __future__ import annotations

import errno
import re
import tracemalloc
import weakref
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wide
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import ratio, rule, totals, value
from made import scheme as made_scheme
from strategies import Cells, worlds
from test_laws import as_table

from ictindex import api, read_table, score, verify, write_result, write_table
from ictindex.batches import reading
from ictindex.batches.spool import TableSpool
from ictindex.batching import data_set, learn, score_data_set, score_file
from ictindex.compiling import compile_scheme
from ictindex.errors import IctIndexError, Problem, WrongUse
from ictindex.filling import BLOCK
from ictindex.formats.writing import writable
from ictindex.learning import check_mergeable
from ictindex.model import TOTAL, Group, Pools, RankRule, Rule, Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.table import Table

LAW = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def compiled(scheme: Scheme) -> Plan:
    return compile_scheme(scheme, vocabulary())


def whole(plan: Plan, source: Path, target: Path, keep: Any = "all", **options: Any) -> None:
    """Write what scoring the whole file writes."""
    table = read_table(source, scheme=plan, doubts=False, **options)
    write_result(score(plan, table).keeping(keep), target)


def told(work: Any) -> list[Problem]:
    """What a function that must fail says."""
    with pytest.raises(IctIndexError) as caught:
        work()
    return list(caught.value.problems)


def alike(plan: Plan, source: Path, block: int, **options: Any) -> None:
    """Both ways refuse the file with the same words, or write the same file."""
    one, other = source.with_name("one.csv"), source.with_name("other.csv")
    try:
        whole(plan, source, one, **options)
    except IctIndexError as error:
        assert told(lambda: score_file(plan, source, other, block=block, **options)) == list(error.problems)
        assert not other.exists()
    else:
        score_file(plan, source, other, block=block, **options)
        assert one.read_bytes() == other.read_bytes()
        one.unlink()
        other.unlink()


@LAW
@given(worlds(refusals=True), st.integers(1, 4), st.sampled_from(["csv", "parquet", "arrow"]), st.booleans())
def test_blocks_give_the_file_that_the_whole_table_gives(
    tmp_path_factory: pytest.TempPathFactory, world: tuple[Scheme, list[Cells]], block: int, kind: str, exact: bool
) -> None:
    scheme, rows = world
    if exact:
        codes = [row.code for row in scheme.rows() if row.max and row.code != TOTAL][:1]
        ranked = RankRule("average", "exact", tuple(codes))
        scheme = evolve(scheme, root=evolve(scheme.root, rank=ranked), pools=Pools("khối"))
    plan, source = compiled(scheme), tmp_path_factory.mktemp("blocks") / f"table.{kind}"
    columns = {"khối": ["ab"[at % 2] for at in range(len(rows))]} if exact else {}
    write_table(as_table(scheme, rows, **columns), source, scheme=plan)
    alike(plan, source, block)


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_what_is_wrong_is_told_in_the_order_of_the_whole_table(tmp_path: Path, block: int) -> None:
    plan, source = compiled(totals(ratio("1", 10), ratio("2", 10))), tmp_path / "table.csv"
    zeros = [f"u{at},{at},{at % 3},{at},{at % 2}" for at in range(1, 8)]  # rows 1 and 2 lack a denominator in turn
    source.write_text("\n".join(["unit,1.a,1.b,2.a,2.b", *zeros, ""]), encoding="utf-8")
    alike(plan, source, block)
    signs = ["u1;1,5;2;-;3", "u2;3;4;0.125;2", "u3;2;2;-;1", "u4;1.234.567;-;2.5;1", "u5;-;1;1.234.567;1"]
    source.write_text("\n".join(["unit;1.a;1.b;2.a;2.b", *signs, ""]), encoding="utf-8")
    alike(plan, source, block)
    read = told(lambda: read_table(source, scheme=plan, doubts=False))
    assert [one.code for one in read if one.where.line == 6] == ["T053", "T049"]  # the sign of a column comes first


@pytest.fixture
def plan() -> Plan:
    return compiled(wide.scheme())


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow"])
@pytest.mark.parametrize("keep", ["totals", "groups", "all"])
def test_every_format_is_written_as_it_is_written_whole(tmp_path: Path, plan: Plan, kind: str, keep: Any) -> None:
    (tmp_path / "table.csv").write_text(wide.csv_text(120), encoding="utf-8")
    source, one, other = (tmp_path / f"{name}.{kind}" for name in ("table", "one", "other"))
    write_table(read_table(tmp_path / "table.csv", scheme=plan), source, scheme=plan)
    whole(plan, source, one, keep)
    assert score_file(plan, source, other, block=50, keep=keep).units == 120
    if kind == "csv":
        assert one.read_bytes() == other.read_bytes()
    else:
        first, second = (pq.read_table(path) if kind == "parquet" else _arrow(path) for path in (one, other))
        assert first.schema.equals(second.schema, check_metadata=True) and first.to_pylist() == second.to_pylist()
    assert verify(other, scheme=plan, table=source).same


def _arrow(path: Path) -> Any:
    with pa.ipc.open_file(path) as file:
        return file.read_all()


# --- what is wrong is told with the same words ---------------------------------------------------------------------

SMALL = made_scheme(
    Group(
        code=TOTAL,
        name=TOTAL,
        max=value("x").max * 2,
        children=(value("x", scale=rule("min-max", over="all")), value("y")),
        combine=Rule("sum"),
    )
)
HEAD = "STT,unit,x,y\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "1,u,0.5,0.25\n2,v,0.75,1\n3,w,1,1\n",
        HEAD + "1,u,0.5,0.25\n2,v,0.75,abc\n3,w,1,\n4,x,n/a,1\n5,y,,1\n",
        HEAD + "1,u,0.5,0.25\n2,u,0.75,1\n3,v,1,1\n4,u,1,1\n",
        HEAD + "1,u,0.5,0.25\n2,,0.75,1\n3,,1,1\n",
        HEAD + "1,u,0.5,0.25\n2,v,0.75,1\n4,w,1,1\n9,x,1,1\n",
        HEAD + "1,u,0.5,0.25\n2,v,0.75\n\n3,w,1,1,1\n,Tổng cộng,1,1\n",
        HEAD + '1,u,0.5,0.25\n2,v,0.75,1\n3,"w,1,1\n',
        HEAD + '1,u,"0,5","0,25"\n2,v,"0,75",1\n3,w,1,1\n',
        HEAD + '1,u,1,1\n2,v,1,1\n3,w,1,1\n4,z,1,"0,25"\n',
        HEAD + '1,u,"0,5","0.25"\n2,v,"0,75",0.125\n3,w,1,1\n',
        HEAD + '1,u,"0,5",1\n2,v,0.75,1\n3,w,1,1\n',
        HEAD + "1,u,1.234,1\n2,v,1,1\n3,w,1,1\n4,z,2.345,1\n",
        "# decimal: comma\n" + HEAD + '1,u,"0,5",1\n2,v,0.75,1\n',
        "Bảng điểm\nstt;unit;x;y\n1;'=u;0,5;0,25\n2;v;0,75;1\n3;w;1;1\n",
        "# một chú thích\n#hai: ba\nunit,x,y\nu,1,0.1\nv,0.1,1\nw,0.2,0.2\n",
        "unit,x,z\nu,1,0.1\nv,0.1,1\n",
        "x,y\n1,0.1\n0.1,1\n",
        "unit,x,y\n",
        "unit,x,z,w\n",
        "# decimal: so\nunit,x,z\n",
        "",
        "unit,name,x,y\nu,Tên dài 1,1,0.1\nv,,0.1,1\nw,\u0110\u1eb7c khu,0.2,0.2\n",
    ],
)
@pytest.mark.parametrize("block", [1, 2, 50])
def test_a_file_in_blocks_is_read_and_refused_as_the_whole_file(tmp_path: Path, text: str, block: int) -> None:
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    alike(compiled(SMALL), tmp_path / "table.csv", block)


@pytest.mark.parametrize(
    "content",
    [
        b"unit,x,y\nu,1,1\nv,\xff,1\n",
        b"unit,x,y\nu,1,1\nv,\x00,1\n",
        "unit,x,y\nu,1,1\nv,1,0.5\n".encode("utf-16"),
        b"\xef\xbb\xbfunit,x,y\r\nu,1,1\r\nv,0.5,1\r\n",
        "unit,name,x,y\nu,TØnh A,1,1\nv,X· ®«ng,1,1\n".encode(),
        b"PK\x03\x04 no zip",
        b"%PDF-1.7",
    ],
)
def test_other_encodings_are_read_or_refused_as_in_the_whole_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table.csv").write_bytes(content)
    alike(compiled(SMALL), tmp_path / "table.csv", 1)


def test_a_bad_cell_far_behind_is_told_with_its_line(tmp_path: Path) -> None:
    lines = [f"u{at},{at / 100},1" for at in range(70)]
    lines[64] = "u64,zero,1"
    (tmp_path / "table.csv").write_text("\n".join(["unit,x,y", *lines]) + "\n", encoding="utf-8")
    (problem,) = told(lambda: score_file(compiled(SMALL), tmp_path / "table.csv", block=10))
    assert (problem.code, problem.where.line, problem.where.cell) == ("T040", 66, "x")


def test_what_needs_the_whole_table_is_refused_with_what_to_do(tmp_path: Path) -> None:
    plan, table = compiled(SMALL), tmp_path / "table.csv"
    table.write_text("# units: list.csv\nunit,x,y\nu,1,1\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text("code,name\nu,U\n", encoding="utf-8")
    assert [one.code for one in told(lambda: score_file(plan, table))] == ["U317"]
    table.write_text("unit,x,y,y.self\nu,1,1,0.5\n", encoding="utf-8")
    scored = compiled(evolve(SMALL, self_scored=True))
    assert [one.code for one in told(lambda: score_file(scored, table))] == ["U317"]
    assert [one.code for one in told(lambda: score_file(plan, tmp_path / "table.xlsx"))] == ["U317"]
    assert [one.code for one in told(lambda: score_file(plan, table, tmp_path / "result.xlsx"))] == ["U317"]
    assert [one.code for one in told(lambda: score_file(plan, tmp_path / "none.csv"))] == ["T001"]
    merging = compiled(evolve(SMALL, merged="mean-of-rows"))
    assert [one.code for one in told(lambda: score_file(merging, table))] == ["U310"]
    (tmp_path / "good.csv").write_text("unit,x,y\nu,1,1\n", encoding="utf-8")
    gone = tmp_path / "no" / "result.csv"
    assert [one.code for one in told(lambda: score_file(plan, tmp_path / "good.csv", gone))] == ["U108"]


def test_a_file_is_not_written_over_what_it_is_scored_from(tmp_path: Path) -> None:
    plan, table, folder = compiled(SMALL), tmp_path / "table.csv", tmp_path / "folder"
    table.write_text("unit,x,y\nu,1,1\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(table)
    folder.mkdir()
    write_table(read_table(table, scheme=plan), folder / "one.parquet", scheme=plan)
    for work in (
        lambda: score_file(plan, table, table),
        lambda: score_file(plan, table, tmp_path / "link.csv"),
        lambda: score_data_set(plan, data_set(folder), folder / "one.parquet"),
    ):
        assert [one.code for one in told(work)] == ["U115"]
    assert table.read_text(encoding="utf-8") == "unit,x,y\nu,1,1\n"
    assert [one.name for one in folder.iterdir()] == ["one.parquet"]


def test_what_was_learned_is_a_reference_for_a_file_too(tmp_path: Path) -> None:
    plan, table = compiled(SMALL), tmp_path / "table.csv"
    table.write_text("unit,x,y\nu,0.25,0\nv,0.5,1\n", encoding="utf-8")
    learned = learn(plan, read_table(table, scheme=plan))
    (tmp_path / "new.csv").write_text("unit,x,y\nn,0.3,1\n", encoding="utf-8")
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    write_result(score(plan, read_table(tmp_path / "new.csv", scheme=plan), reference=learned).keeping("all"), one)
    score_file(plan, tmp_path / "new.csv", other, reference=learned)
    assert one.read_bytes() == other.read_bytes()


def test_a_full_disk_is_called_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(WrongUse) as caught, writable(tmp_path / "result.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert str(caught.value).endswith(
        "U108 the file cannot be written: no space is left on the disk (is the disk full?)"
    )


def test_links_that_lead_in_a_circle_and_names_that_fill_their_room(tmp_path: Path, plan: Plan) -> None:
    source, long = tmp_path / "t.csv", tmp_path / f"{'đ' * 120}.csv"
    source.write_text(wide.csv_text(120), encoding="utf-8")
    (tmp_path / "round").symlink_to("round")
    for target in ("round", "round/result.csv", "a\0b.csv"):
        with pytest.raises(WrongUse, match="U108"):
            score_file(plan, source, tmp_path / target, format="csv")
    whole(plan, source, tmp_path / "whole.csv")
    score_file(plan, source, long)
    assert long.read_bytes() == (tmp_path / "whole.csv").read_bytes()


PAGES = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("page", ["large.md", "machines.md"])
def test_what_a_page_shows_can_be_done(page: str) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    shown = re.findall(r"ictindex score (\S+/\S+) |(?:score_file|compile_scheme)\(\"(.+?)\"", text)
    assert shown
    for named in shown:
        check_mergeable(api.compile_scheme("".join(named)))


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_scores_in_blocks_what_it_scores_whole(run: Any, tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(wide.scheme_text(), encoding="utf-8")
    (tmp_path / "table.csv").write_text(wide.csv_text(60), encoding="utf-8")
    (tmp_path / "known.csv").write_text(wide.csv_text(20, seed=7), encoding="utf-8")
    given = (str(tmp_path / "scheme.yaml"), str(tmp_path / "table.csv"), "--format", "csv")
    for more in ((), ("--keep", "totals"), ("--reference", str(tmp_path / "known.csv"))):
        blocks = run("score", *given, *more, "--block", "7")
        assert (blocks.code, blocks.out) == (0, run("score", *given, *more).out)
        assert "are not looked for in blocks" in blocks.err
    assert "are not looked for" not in run("score", *given, "--block", "7", "--no-doubts").err
    for wrong in (("--units", "list.csv"), ("--round", "round.csv"), ("--sheet-of", "all")):
        refused = run("score", *given, "--block", "0", *wrong)
        assert (refused.code == 2 and "U317" in refused.err) or "U166" in refused.err
    assert run("score", given[0], "-", "--block", "7", "--format", "csv").code == 2
    assert "U318" in run("score", *given[:2], "--keep", "totals").err


# --- little is in memory -------------------------------------------------------------------------------------------


def many(columns: int, **scale: Any) -> Plan:
    rows = tuple(value(f"c{at}", **scale) for at in range(columns))
    root = Group(code=TOTAL, name=TOTAL, max=value("x").max * columns, children=rows, combine=Rule("sum"))
    return compiled(made_scheme(root))


def table_of(folder: Path, units: int, columns: int) -> Path:
    """A table of numbers that repeat."""
    cells = {f"c{at}": [(at * 7 + unit * 13) % 101 / 128 for unit in range(units)] for at in range(columns)}
    path = folder / f"{units}.parquet"
    pq.write_table(pa.table({"unit": [f"{unit:06}" for unit in range(units)], **cells}), path, row_group_size=500)
    return path


def test_memory_grows_by_a_few_bytes_a_unit_whatever_the_columns(tmp_path: Path) -> None:
    columns, peaks = 30, []
    plan = many(columns)
    sizes = (1300, 2900)
    score_file(plan, table_of(tmp_path, 100, columns), tmp_path / "out.csv", block=200)  # what is kept for good
    for units in sizes:
        source = table_of(tmp_path, units, columns)
        tracemalloc.start()
        score_file(plan, source, tmp_path / "out.csv", block=200)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    grown = (peaks[1] - peaks[0]) / (sizes[1] - sizes[0])
    assert grown < columns * 8 / 2  # half of the input columns, were there as few as these


def test_only_a_few_blocks_are_alive_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[Any] = []
    most = 0

    def noted(table: Table) -> Table:
        nonlocal most
        alive.append(weakref.ref(table.columns["c0"].values))
        most = max(most, sum(one() is not None for one in alive))
        return table

    add, take = TableSpool.add, TableSpool.take
    monkeypatch.setattr(TableSpool, "add", lambda self, table: add(self, noted(table)))
    monkeypatch.setattr(TableSpool, "take", lambda self, places: noted(take(self, places)))
    score_file(many(3, scale=rule("min-max", over="all")), table_of(tmp_path, 1000, 3), tmp_path / "out.csv", block=50)
    assert len(alive) >= 60 and most <= 4
    assert BLOCK >= 1024 and reading.TableSpool is TableSpool
