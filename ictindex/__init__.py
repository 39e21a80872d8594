"""Score and rank government units under published scoring schemes: right, explainable, repeatable.

Everything in `__all__` is imported from its module when it is first used: `import ictindex` itself costs next to
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "check_table": "api",
    "compile_scheme": "api",
    "explain": "api",
    "list_schemes": "api",
    "load_scheme": "api",
    "read_crosswalk": "api",
    "read_table": "api",
    "read_units": "api",
    "regroup": "api",
    "result_frame": "api",
    "score": "api",
    "write_result": "api",
    "write_table": "api",
    "table_from_columns": "assembling",
    "check_scheme": "authoring",
    "read_claims": "collecting",
    "write_form": "collecting",
    "write_forms": "collecting",
    "IctIndexError": "errors",
    "Problem": "errors",
    "ResultInvalid": "errors",
    "SchemeInvalid": "errors",
    "TableInvalid": "errors",
    "Group": "model",
    "Indicator": "model",
    "Input": "model",
    "Scheme": "model",
    "Plan": "plan",
    "assumptions": "questions",
    "climb": "questions",
    "compare": "questions",
    "headroom": "questions",
    "indicator_statistics": "questions",
    "pending": "questions",
    "read_efforts": "questions",
    "uncertainty": "questions",
    "whatif": "questions",
    "write_answer": "questions",
    "Result": "result",
    "Table": "table",
    "verify": "verifying",
    "read_round": "yearly",
    "round_report": "yearly",
}
"""The module that has each public name."""


def __getattr__(name: str) -> Any:
    """Return a public name, or a module of the package, which is imported now."""
    if name in _HOMES:
        found = globals()[name] = getattr(import_module(f"ictindex.{_HOMES[name]}"), name)
        return found
    from importlib.util import find_spec  # only where a module is named

    if not name.startswith("_") and find_spec(f"ictindex.{name}"):
        return import_module(f"ictindex.{name}")
    raise AttributeError(f"module 'ictindex' has no attribute '{name}'")


def __dir__() -> list[str]:
    """Return all names, those too that are not imported yet."""
    return sorted({*globals(), *__all__})
