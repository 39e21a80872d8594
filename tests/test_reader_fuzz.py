"""Whatever is read, nothing but IctIndexError leaves the readers; nothing hangs, and no file is written.

Files that were right are damaged in many ways (`mutated`). Each problem must also be tellable in both languages.
"""

from __future__ import annotations

import csv
import functools
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mutated import TEXTS, damaged_book, damaged_bytes, damaged_columns, damaged_json, damaged_lines
from rounded import HEAD, declared, line
from tabled import SCHEME as ROUND

from ictindex import IctIndexError, Table, api, collecting, verify, yearly
from ictindex.cli import main
from ictindex.messages import LANGUAGES

SCHEMES = ("btttt-2392/2017-commune", "dong-thap-1397/2022-district", "hue-1784/2020-district")
TOP = Path(__file__).parent.parent
seeds = st.integers(0, 2**32)


@functools.cache
def plan(scheme: str) -> Any:
    return api.compile_scheme(scheme)


@functools.cache
def table(scheme: str) -> Table:
    (path,) = TOP.glob(f"schemes/{scheme}.example*.csv")
    return api.read_table(path, scheme=plan(scheme))


@functools.cache
def written(scheme: str, form: str) -> bytes:
    content = api.write_table(table(scheme), scheme=plan(scheme), format=form)
    return content.encode() if isinstance(content, str) else content


@functools.cache
def form(scheme: str) -> bytes:
    return collecting.write_form(plan(scheme), unit=("x1", "Xã Một"))


def stream(content: bytes, name: str) -> io.BytesIO:
    """Return an open file of that name that is nowhere."""
    made = io.BytesIO(content)
    made.name = name  # type: ignore[attr-defined]
    return made


def survives(work: Callable[[], Any]) -> None:
    """Do the work, and say every problem that it may end with in every language."""
    try:
        work()
    except IctIndexError as error:
        assert error.problems
        for problem in error.problems:
            assert all(problem.told(language) and problem.to_dict(language) for language in LANGUAGES)


def used(read: Table, scheme: str) -> None:
    """Use a table that was read in spite of its damage: say its doubts, score it, write it."""
    for doubt in read.doubts:
        assert all(doubt.told(language) for language in LANGUAGES)
    survives(lambda: api.score(plan(scheme), read))
    for name in ("csv", "jsonl", "parquet", "excel"):
        survives(lambda name=name: api.write_table(read, scheme=plan(scheme), format=name))  # type: ignore[misc]


def reads(content: bytes, name: str, scheme: str, **options: Any) -> None:
    survives(lambda: used(api.read_table(stream(content, name), scheme=plan(scheme), **options), scheme))


@given(seeds, st.sampled_from(SCHEMES), st.sampled_from(("", "point", "comma")))
@settings(max_examples=30)
def test_lines_of_cells(seed: int, scheme: str, decimal: Any) -> None:
    chance = Random(seed)
    text = written(scheme, "csv")
    damaged = damaged_bytes(chance, text) if chance.random() < 0.4 else damaged_lines(chance, text.decode())
    reads(damaged, "t.csv", scheme, decimal=decimal, previous=table(scheme))


@given(seeds, st.sampled_from(SCHEMES))
@settings(max_examples=30)
def test_lines_of_json(seed: int, scheme: str) -> None:
    chance = Random(seed)
    damage = damaged_json if chance.random() < 0.7 else damaged_bytes
    reads(damage(chance, written(scheme, "jsonl")), "t.jsonl", scheme)


@given(seeds, st.sampled_from(SCHEMES))
@settings(max_examples=30)
def test_tables_of_json(seed: int, scheme: str) -> None:
    reads(damaged_bytes(Random(seed), written(scheme, "json")), "t.json", scheme)


@functools.cache
def result(scheme: str, kind: str) -> bytes:
    content = api.write_result(api.score(plan(scheme), table(scheme)), format=kind)
    return content.encode() if isinstance(content, str) else content


@given(seeds, st.sampled_from(SCHEMES), st.sampled_from(("json", "jsonl", "csv", "excel", "parquet")))
@settings(max_examples=40)
def test_written_results(seed: int, scheme: str, kind: str) -> None:
    damaged = (damaged_book if kind == "excel" else damaged_bytes)(Random(seed), result(scheme, kind))
    survives(lambda: str(verify(stream(damaged, f"r.{kind}"), format=kind)))


@given(seeds, st.sampled_from(SCHEMES))
@settings(max_examples=50)
def test_workbooks(seed: int, scheme: str) -> None:
    reads(damaged_book(Random(seed), written(scheme, "excel")), "t.xlsx", scheme)


def test_every_byte_of_the_list_of_sheets() -> None:
    """The part that says what a workbook is: packed, each of its bytes is turned over once."""
    content = written(SCHEMES[2], "excel")
    part = zipfile.ZipFile(io.BytesIO(content)).getinfo("xl/workbook.xml")
    begin = part.header_offset + 30 + len(part.filename)
    for at in range(begin, begin + part.compress_size, 5):
        turned = bytes([content[at] ^ 0xFF])
        source = stream(content[:at] + turned + content[at + 1 :], "t.xlsx")
        survives(lambda source=source: api.read_table(source, scheme=plan(SCHEMES[2])))  # type: ignore[misc]


@given(seeds, st.sampled_from(SCHEMES))
@settings(max_examples=24)
def test_forms(seed: int, scheme: str) -> None:
    reads(damaged_book(Random(seed), form(scheme)), "f.xlsx", scheme)


@given(seeds, st.sampled_from(SCHEMES), st.sampled_from(("parquet", "arrow")))
@settings(max_examples=40)
def test_columns_of_bytes(seed: int, scheme: str, kind: str) -> None:
    chance, content = Random(seed), written(scheme, kind)
    end = chance.choice((0, -400, -2000))  # the footer says where everything is
    reads(content[:end] + damaged_bytes(chance, content[end:]), f"t.{kind}", scheme)


@given(seeds, st.sampled_from(SCHEMES))
@settings(max_examples=50)
def test_values_in_memory(seed: int, scheme: str) -> None:
    rows = list(csv.reader(io.StringIO(written(scheme, "csv").decode())))
    rows = [row for row in rows if not row[0].startswith("#")]
    columns = {name: list(cells) for name, *cells in zip(*rows, strict=True)}
    source = damaged_columns(Random(seed), columns)
    survives(lambda: used(api.read_table(source, scheme=plan(scheme)), scheme))


@given(st.binary(max_size=300), st.sampled_from(("t.csv", "t.xlsx", "t.parquet", "t.arrow", "t.jsonl", "t.xls", "t")))
@example(b"", "t.xlsx")
@example(b"PK\x05\x06" + bytes(18), "t.xlsx")
@example(b"PAR1\xff\xff\xff\xffPAR1", "t.parquet")
@settings(max_examples=80)
def test_any_bytes(content: bytes, name: str) -> None:
    reads(content, name, SCHEMES[0])


LIST = "code,name,kind,parent,from,to\nt1,Tỉnh Một,province,,,\nx1,Xã Một,commune,t1,2000-01-01,2025-06-30\n"
CROSSWALK = "old,new,date,share\nx1,x2,2025-07-01,0.4\nx1,x3,2025-07-01,0.6\n"


@given(seeds, st.sampled_from(("", "2025-01-01", "31/02/2025", "99999-1-1", "x")))
@settings(max_examples=50)
def test_lists_of_units_and_crosswalks(seed: int, day: str) -> None:
    chance, scheme = Random(seed), SCHEMES[0]
    one, other = damaged_lines(chance, LIST), damaged_lines(chance, CROSSWALK)
    survives(lambda: api.read_table({"unit": ["x1"]}, scheme=plan(scheme), units=stream(one, "u.csv"), on=day or None))
    survives(lambda: api.regroup(table(scheme), stream(other, "c.csv"), scheme=plan(scheme)))


@given(seeds, st.sampled_from(("unit: Mã đơn vị\ncb: Số cán bộ\n", "heading,code\nMã đơn vị,unit\n")))
@settings(max_examples=40)
def test_mapping_files(seed: int, text: str) -> None:
    chance = Random(seed)
    damaged = damaged_bytes(chance, text.encode()) if chance.random() < 0.5 else damaged_lines(chance, text)
    survives(lambda: api.read_mapping(stream(damaged, "m.yaml" if ":" in text else "m.csv")))


@given(seeds)
@settings(max_examples=40)
def test_rounds(seed: int) -> None:
    chance = Random(seed)
    told = [
        line(value=chance.choice(("3", "", *TEXTS[:25])), when=chance.choice(("2026-01-15", "31/02/2026", "")))
        for _ in range(3)
    ]
    text = "\n".join((HEAD, *told))
    content = damaged_lines(chance, text) if chance.random() < 0.6 else text.encode("utf-8", "surrogatepass")

    def work() -> None:
        found = yearly.read_round(stream(content, "r.csv"), scheme=ROUND, declared=declared())
        for track in ("declared", "verified", "final"):
            survives(lambda track=track: api.score(ROUND, found.table(track)))  # type: ignore[misc]

    survives(work)


@given(seed=seeds, ending=st.sampled_from(("csv", "xlsx", "jsonl")))
@settings(max_examples=12)
def test_the_command_ends_with_a_code_and_writes_nothing(
    seed: int, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance, scheme = Random(seed), SCHEMES[0]
    folder = tmp_path_factory.mktemp("table")
    path = folder / f"t.{ending}"
    content = written(scheme, {"xlsx": "excel"}.get(ending, ending))
    path.write_bytes((damaged_book if ending == "xlsx" else damaged_bytes)(chance, content))
    for arguments in (["table", scheme, str(path)], ["score", scheme, str(path), "--lang", "vi"]):
        assert main(arguments) in (0, 1)
    assert list(folder.iterdir()) == [path]
