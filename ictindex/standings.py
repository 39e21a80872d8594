"""A ranking as people read it: the units from first to last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import asdict, frozen

from ictindex.messages import LANGUAGES, in_language, say
from ictindex.model import Row, Scheme
from ictindex.pages import grid


@frozen(kw_only=True)
class Standing:
    """One unit's place: its published score, its rank in its pool (None: not ranked) and its level.

    `declared` is the published score of the unit's own figures, None where the table has none.
    """

    unit: str
    name: str
    pool: str
    rank: int | float | None
    published: str | None
    level: str | None
    declared: str | None = None


@frozen
class Standings:
    """The standings under one total, pool by pool, the best first, units without a rank last."""

    rows: tuple[Standing, ...]
    total: Row
    scheme: Scheme

    @classmethod
    def sorted(cls, rows: Sequence[Standing], total: Row, scheme: Scheme) -> Standings:
        """Return the rows in reading order: by pool, rank and unit code."""
        order = sorted(rows, key=lambda one: (one.pool, one.rank is None, one.rank or 0, one.unit))
        return cls(tuple(order), total, scheme)

    def __iter__(self) -> Iterator[Standing]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the standings as plain data."""
        return [asdict(row) for row in self.rows]

    def __str__(self) -> str:
        return self.told(LANGUAGES[0])

    def told(self, language: str) -> str:
        """Return the standings as a text table, its headings in a language."""
        pools, levels = any(row.pool for row in self.rows), self.total.levels is not None
        declared = any(row.declared is not None for row in self.rows)
        header = [say("rank"), say("unit"), say("name"), say("score")]
        header += [say("declared")] * declared + [say("level")] * levels + [say("pool")] * pools
        body = [
            [
                "-" if row.rank is None else str(row.rank),
                row.unit,
                row.name,
                row.published or "-",
                *([row.declared or "-"] * declared),
                *([row.level or "-"] * levels),
                *([row.pool] * pools),
            ]
            for row in self.rows
        ]
        return grid([in_language(word, language) for word in header], body, right=(0, 3, 4) if declared else (0, 3))
