"""A result as a text table for a terminal."""

from __future__ import annotations

from attrs import evolve, frozen

from ictindex.messages import LANGUAGES, in_language
from ictindex.notices import scheme_notices
from ictindex.result import Result


@frozen
class TextFormat:
    """The ranking under each total, with the provisional notice and the receipt."""

    name: str = "table"
    suffixes: tuple[str, ...] = (".txt",)
    language: str = LANGUAGES[0]

    def speaking(self, language: str) -> TextFormat:
        """Return the format that writes in a language."""
        return evolve(self, language=language)

    def write(self, result: Result) -> str:
        """Return the tables as text."""
        from ictindex.formats.changes import CHANGED, changes_told

        scheme = result.scheme
        lines = [f"{scheme.id}  {scheme.title}"]
        lines += [f"! {line}" for line in notices(result)]
        for total in result.totals:
            heading = f"{total.code} {total.name}" if len(result.totals) > 1 else ""
            lines += ["", *([heading] if heading else []), result.ranking(total.code).told(self.language)]
            changes = changes_told(result, total, self.language)
            lines += ["", in_language(CHANGED, self.language), changes] if changes else []
        return "\n".join([*lines, "", result.receipt_line()]) + "\n"


def notices(result: Result) -> list[str]:
    """Return what every reader of the result must be told: an overlay, assumed numbers, data that are made up."""
    return [*scheme_notices(result.scheme), *result.table.notes]
