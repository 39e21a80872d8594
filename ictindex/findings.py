"""What is wrong with a table, gathered while it is read and raised together, each with the place of its cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from ictindex.errors import MOST_KEPT, Location, Problem, TableInvalid
from ictindex.messages import say
from ictindex.origins import placed

MANY = 20
"""So many problems of one kind in one column are kept of any table, and get a hint that takes a search."""


@frozen
class Heading:
    """One heading of a table: its text, and its column as counted from 0."""

    text: str
    column: int = 0


NOWHERE = Heading("", -1)
"""No column: a problem of a whole line or table."""


class Found:
    """Gathers the problems of one table, in the order of the file, and raises them together.

    All are kept up to `errors.MOST_KEPT`; beyond it the first of each kind in each column, and how many others there
    are. `letters` are those of each column of a sheet; a text file has none. Without `searching` nobody reads the
    hints, so none is searched for.
    """

    def __init__(self, source: str, sheet: str = "", letters: Sequence[str] = (), *, searching: bool = True) -> None:
        self.source, self.sheet, self.letters, self.searching = source, sheet, letters, searching
        self._told: list[Problem] = []
        self._counts: dict[tuple[str, Heading], int] = {}
        self._left: dict[tuple[str, Heading], tuple[Location, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._told)

    def add(
        self,
        code: str,
        message: str,
        *,
        line: int = 0,
        cell: Heading = NOWHERE,
        hint: str = "",
        across: bool = False,
    ) -> None:
        """Add a problem. `across`: count it with those of its code in all columns."""
        letters = self.letters[cell.column] if 0 <= cell.column < len(self.letters) else ""
        where = placed(self.source, self.sheet, line, cell.text, letters)
        group = (code, NOWHERE if across else cell)
        self._counts[group] = self._counts.get(group, 0) + 1
        if self._counts[group] <= MANY or len(self._told) < MOST_KEPT:
            self._told.append(Problem(code, message, where, hint))
        else:
            first, count = self._left.get(group, (where, 0))
            self._left[group] = (first, count + 1)

    def tell(self, problems: Iterable[Problem]) -> None:
        """Add problems of something else that was read with the table."""
        self._told.extend(problems)

    def told_enough(self, code: str) -> bool:
        """Whether so many of this code, counted across columns, are told that the next needs no search for a hint."""
        return not self.searching or self._counts.get((code, NOWHERE), 0) >= MANY

    def raise_any(self) -> None:
        """Raise TableInvalid with everything found, if anything was."""
        if self._told:
            raise TableInvalid(self.problems())

    def problems(self) -> list[Problem]:
        """Return everything found, in the order of the lines; one stands for what was only counted."""
        counted = [
            Problem(code, say("and {count} more of the same kind", count=count), where, count=count)
            for (code, _), (where, count) in self._left.items()
        ]
        return sorted((*self._told, *counted), key=lambda problem: problem.where.line)
