"""A result as a text table for a terminal."""

from __future__ import annotations

from attrs import frozen

from ictindex.notices import provisional_notice
from ictindex.result import Result


@frozen
class TextFormat:
    """The ranking under each total, with the provisional notice and the receipt."""

    name: str = "table"
    suffixes: tuple[str, ...] = (".txt",)

    def write(self, result: Result) -> str:
        """Return the tables as text."""
        scheme = result.scheme
        lines = [f"{scheme.id}  {scheme.title}"]
        lines += [f"! {line}" for line in notices(result)]
        for total in result.totals:
            heading = f"{total.code} {total.name}" if len(result.totals) > 1 else ""
            lines += ["", *([heading] if heading else []), str(result.ranking(total.code))]
        receipt = result.receipt()
        short = f"scheme {receipt['scheme_sha256'][:12]}, data {receipt['data_sha256'][:12]}"
        return "\n".join([*lines, "", f"{short}, ictindex {receipt['ictindex']}"]) + "\n"


def notices(result: Result) -> list[str]:
    """Return what every reader of the result must be told: that numbers are assumed, that data are made up."""
    told = provisional_notice(result.scheme)
    return [*told, *result.table.notes]
