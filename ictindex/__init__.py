"""Score and rank government units under published scoring schemes: right, explainable, repeatable."""

from ictindex.api import (
    check_table,
    compile_scheme,
    explain,
    list_schemes,
    load_scheme,
    read_table,
    result_frame,
    score,
    write_result,
)
from ictindex.assembling import table_from_columns
from ictindex.authoring import check_scheme
from ictindex.errors import IctIndexError, Problem, ResultInvalid, SchemeInvalid, TableInvalid
from ictindex.model import Group, Indicator, Input, Scheme
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.table import Table
from ictindex.yearly import read_round
from ictindex.verifying import verify

__all__ = [
    "Group",
    "IctIndexError",
    "Indicator",
    "Input",
    "Plan",
    "Problem",
    "Result",
    "ResultInvalid",
    "Scheme",
    "SchemeInvalid",
    "Table",
    "TableInvalid",
    "check_scheme",
    "check_table",
    "compile_scheme",
    "explain",
    "list_schemes",
    "load_scheme",
    "read_round",
    "read_table",
    "result_frame",
    "score",
    "table_from_columns",
    "verify",
    "write_result",
]
