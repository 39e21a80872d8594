"""Results for the tests of receipts, of what is written and of `verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from oracle import NA
from strategies import Cells, worlds

from ictindex import Result, Scheme, load_scheme, read_table, score
from ictindex.testing.written import NOT_APPLICABLE, table_of

HERE = Path(__file__).parent.parent
EXAMPLES = sorted(HERE.glob("schemes/*/*.example*.csv"))
HUE = HERE / "schemes" / "hue-1784" / "2020-district.example.csv"
DTI = HERE / "schemes" / "dti-922" / "2022-province.example.csv"
COMMUNES = HERE / "schemes" / "btttt-2392" / "2017-commune.example.synthetic.csv"


def name_of(path: Path) -> str:
    """The id of the scheme that an example is for."""
    return f"{path.parent.name}/{path.name.split('.example')[0]}"


def result_of(path: Path, variant: str = "") -> Result:
    """The result of an example."""
    scheme = load_scheme(name_of(path), variant=variant)
    return score(scheme, read_table(path, scheme=scheme))


def drawn_results() -> st.SearchStrategy[Result]:
    """Results of random tables under random schemes."""
    return worlds().map(_scored)


def _scored(world: tuple[Scheme, list[Cells]]) -> Result:
    scheme, rows = world
    cells: list[dict[str, Any]] = [
        {name: NOT_APPLICABLE if found is NA else found for name, found in row.items()} for row in rows
    ]
    table = table_of(scheme, cells)
    names = tuple(f"Đơn vị, số {at}" for at in range(len(table)))
    return score(scheme, evolve(table, names=names, notes=("=ghi chú; một", "# hai  dấu cách")))
