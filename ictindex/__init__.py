"""Score and rank government units under published scoring schemes: right, explainable, repeatable."""

from ictindex.api import (
    check_table,
    compile_scheme,
    explain,
    list_schemes,
    load_scheme,
    read_crosswalk,
    read_table,
    read_units,
    regroup,
    result_frame,
    score,
    write_result,
    write_table,
)
from ictindex.assembling import table_from_columns
from ictindex.authoring import check_scheme
from ictindex.collecting import read_claims, write_form, write_forms
from ictindex.errors import IctIndexError, Problem, ResultInvalid, SchemeInvalid, TableInvalid
from ictindex.model import Group, Indicator, Input, Scheme
from ictindex.plan import Plan
from ictindex.questions import (
    assumptions,
    climb,
    compare,
    headroom,
    indicator_statistics,
    pending,
    read_efforts,
    uncertainty,
    whatif,
    write_answer,
)
from ictindex.result import Result
from ictindex.table import Table
from ictindex.verifying import verify
from ictindex.yearly import read_round, round_report

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
    "assumptions",
    "check_scheme",
    "check_table",
    "climb",
    "compare",
    "compile_scheme",
    "explain",
    "headroom",
    "indicator_statistics",
    "list_schemes",
    "load_scheme",
    "pending",
    "read_claims",
    "read_crosswalk",
    "read_efforts",
    "read_round",
    "read_table",
    "read_units",
    "regroup",
    "result_frame",
    "round_report",
    "score",
    "table_from_columns",
    "uncertainty",
    "verify",
    "whatif",
    "write_answer",
    "write_form",
    "write_forms",
    "write_result",
    "write_table",
]
