"""What no case touches, for a person: a row that no case looks into is one line, not one for each of its parts."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from ictindex.analysis.coverage import Coverage, Part
from ictindex.messages import joined, say
from ictindex.model import Group, Scheme, walk


@frozen
class Gap:
    """What no case touches at a row, with its line in the scheme's file."""

    row: str
    what: str
    line: int


def gaps(coverage: Coverage, scheme: Scheme) -> tuple[Gap, ...]:
    """Return what no case touches, in the order of the scheme."""
    parts: dict[str, list[Part]] = {row.code: [] for row in scheme.rows()}
    for part in coverage.parts:
        parts[part.row].append(part)
    return tuple(_gaps(scheme, parts))


def _gaps(scheme: Scheme, parts: dict[str, list[Part]]) -> Iterator[Gap]:
    inside: set[str] = set()  # rows that a heading above has told of
    for row in scheme.rows():
        own = parts[row.code]
        if row.code in inside or not own:
            continue
        below = [part for one in walk(row) for part in parts[one.code]]
        if not any(part.touched_by for part in below) and len(below) > 1:
            inside.update(one.code for one in walk(row))
            if isinstance(row, Group):
                told = say("no case looks at it, nor at the rows below ({count} parts)", count=len(below))
            else:
                told = say("never computed from what is reported ({count} parts)", count=len(below))
            yield Gap(row.code, told, row.line)
        else:
            yield from (Gap(part.row, part.what, part.line) for part in own if not part.touched_by)


def summary(coverage: Coverage) -> str:
    """Return the coverage in one line."""
    return say(
        "cases touch {touched} of {parts} parts of the scheme ({percent}%), "
        "and compute {computed} of {criteria} criteria from what is reported",
        touched=coverage.touched,
        parts=len(coverage.parts),
        percent=coverage.percent,
        computed=coverage.computed,
        criteria=coverage.criteria,
    )


def gap_lines(found: tuple[Gap, ...]) -> Iterator[str]:
    """Yield the gaps as an aligned table: line, row, what."""
    width = max((len(one.row) for one in found), default=0)
    for one in found:
        yield joined((f"{one.line or '':>6}", one.row.ljust(width), one.what), "  ")
