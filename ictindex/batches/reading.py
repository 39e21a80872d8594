"""A table read block by block, with the checks that a whole table gets: what is wrong is told with the same words.

Which sign stands before decimals is known only at the end of the file. The first pass takes it for a point; where the
cells show otherwise, the file is read again. What cannot be known of a part is not read in parts: a list of units, and
self-declared figures.

Problems: U317 what needs the whole table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from ictindex.assembling import ReadOptions, tell_no_units
from ictindex.batches.spool import TableSpool
from ictindex.cells import clean, shown
from ictindex.columns import ColumnReader, shortened_codes, tell_miscounted, tell_twice
from ictindex.errors import Location, Problem, TableInvalid, WrongUse
from ictindex.figures import Figures, RawColumn, figures, signs_of, stated_sign, texts_of
from ictindex.findings import Found, Heading
from ictindex.formats.blocks import Blocks
from ictindex.headers import Columns, Target
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.numerals import Shown, Sign
from ictindex.origins import placed
from ictindex.units.chosen import roster_for

Signs = Mapping[int, Sign | None]
"""The sign before decimals, by column."""


@frozen
class ReadTable:
    """What was read, beside the spool: the notes of the table, and what is to be told of it."""

    notes: tuple[str, ...]
    doubts: tuple[Problem, ...]


def read_into(spool: TableSpool, blocks: Blocks, scheme: Scheme, options: ReadOptions) -> ReadTable:
    """Read a file block by block into a spool.

    Raises TableInvalid with everything that is wrong, WrongUse where the whole table would be needed at once.
    """
    signs: Signs | None = None
    while True:
        spool.restart()
        one = _Pass(spool, blocks, scheme, options, signs)
        decided = one.run()
        if decided is None:
            return one.result()
        signs = decided


class _Pass:
    """One pass over a file. `signs` are those that an earlier pass found; without them they are taken for points."""

    def __init__(
        self, spool: TableSpool, blocks: Blocks, scheme: Scheme, options: ReadOptions, signs: Signs | None
    ) -> None:
        self.spool, self.blocks, self.scheme, self.signs = spool, blocks, scheme, signs
        self.found, self.totals, self.mixed = Found(blocks.name), Found(blocks.name), Found(blocks.name)
        self._refuse_list(options)
        names = Columns(scheme)
        self.targets = names.resolve(blocks.header, self.found, blocks.header_line, mapping=options.mapping)
        roles = ["" if target is None else target.role for target in self.targets]
        self.unit = roles.index("unit") if "unit" in roles else -1
        self.headings = [Heading(clean(text), at) for at, text in enumerate(blocks.header)]
        self._refuse_declared()
        self.stated, self.notes = stated_sign(options.decimal, blocks.notes, self.found)
        self.seen = {at: _Seen(self.headings[at], target) for at, target in self._numeric()}
        self.counts = {at for at, target in enumerate(self.targets) if target and target.role == "counting"}
        self.lengths: set[int] = set()
        self.typed_codes = False

    def run(self) -> Signs | None:
        """Read every block; return the signs where they are others than the blocks were read with."""
        before, known = 0, len(self.found.problems())
        for lines, columns in self.blocks.read(self.found, self.totals):
            self._block(lines, columns, before)
            before += len(lines)
        if not before and len(self.found.problems()) == known:  # told before what is wrong with the headings
            tell_no_units(self.totals, self.blocks.header_line)
        if self.stated or self.signs is not None:
            if self.signs is not None:
                self._decided(self.mixed)  # which adds what is wrong with the signs
            return None
        decided = self._decided(Found(""))
        return None if all(sign == "point" for at, sign in decided.items() if self.seen[at].shows) else decided

    def result(self) -> ReadTable:
        """Return what was read. Raises TableInvalid with everything that is wrong."""
        twice = self._twice()
        if self.found or self.totals or self.mixed or twice:
            # The signs of a whole table are decided before its cells are read.
            whole = [*twice, *self.totals.problems(), *self.mixed.problems(), *self.found.problems()]
            raise TableInvalid(sorted(whole, key=lambda problem: problem.where.line))
        return ReadTable(tuple(self.notes), (*self.blocks.doubts, *self._shortened()))

    def _block(self, lines: Sequence[int], columns: Sequence[RawColumn], before: int) -> None:
        reader = ColumnReader(lines, self.found, listed=True)  # who is there twice is looked at in the end
        for at, (target, cells) in enumerate(zip(self.targets, columns, strict=True)):
            if target is None:
                continue
            if at in self.seen:
                column = figures(self.headings[at], self.seen[at].rule, cells)
                self.seen[at].add(column, lines, before)
                if self.signs is not None or self.stated or not self.seen[at].shows_comma:
                    reader.read_figures(target, column, self._sign(at))
            elif at in self.counts:
                self._count(at, cells, lines, before)
            elif target.role != "counting":
                reader.read_words(self.headings[at], target, cells, self.scheme)
                if target.role == "unit":
                    self._codes(cells)
        if self.unit >= 0 and not self._is_vain:  # with problems too, for a unit may be there twice beside them
            self.spool.add(evolve(reader.table(tuple(self.notes)), scheme=self.scheme.id))

    @property
    def _is_vain(self) -> bool:
        """Whether the file will be read again, for its decimals have a comma somewhere."""
        known = self.stated or self.signs is not None
        return not known and any(one.shows_comma for one in self.seen.values())

    def _sign(self, at: int) -> Sign | None:
        if self.stated:
            return self.stated
        return "point" if self.signs is None else self.signs[at]

    def _decided(self, found: Found) -> Signs:
        columns: Any = [one.figures for one in self.seen.values()]
        return dict(zip(self.seen, signs_of(columns, self.stated, (), found), strict=True))

    def _numeric(self) -> list[tuple[int, Target]]:
        return [
            (at, target) for at, target in enumerate(self.targets) if target is not None and target.rule is not None
        ]

    def _refuse_list(self, options: ReadOptions) -> None:
        """Raise WrongUse where a list says who should be there: nobody is missing from a part."""
        if (
            options.units
            or options.complete
            or options.on
            or roster_for(self.scheme, self.blocks.notes, Found(self.blocks.name), reader=options.list_reader)
        ):
            message = say("a list of units is held against a whole table, not against blocks of it")
            hint = say("leave --block away; or check the table with `ictindex table`, and score it without the list")
            raise WrongUse(Problem("U317", message, Location(self.blocks.name), hint))

    def _refuse_declared(self) -> None:
        declared = [one for one, target in zip(self.headings, self.targets, strict=True) if target and target.declared]
        if declared:
            message = say(
                "the column {column} holds declared figures, which are not scored in blocks",
                column=shown(declared[0].text),
            )
            where = placed(self.blocks.name, "", self.blocks.header_line, declared[0].text)
            raise WrongUse(Problem("U317", message, where, say("leave --block away, or leave these columns out")))

    def _count(self, at: int, cells: RawColumn, lines: Sequence[int], before: int) -> None:
        """Add a problem where a column such as `STT` does not count the lines, once."""
        for place, text in enumerate(texts_of(cells)):
            if text.strip() not in ("", str(before + place + 1)):
                tell_miscounted(self.found, text, lines[place], self.headings[at])
                self.counts.discard(at)
                return

    def _codes(self, cells: RawColumn) -> None:
        """Note what codes of units are: texts, or numbers, and how long they are."""
        if self.typed_codes or any(isinstance(cell, str) for cell in cells[:1]):
            self.typed_codes = True
            return
        self.typed_codes = any(isinstance(cell, str) for cell in cells)
        self.lengths.update(map(len, filter(None, texts_of(cells))))

    def _shortened(self) -> tuple[Problem, ...]:
        if self.typed_codes or len(self.lengths) < 2:
            return ()
        return (shortened_codes(placed(self.blocks.name, "", 0, self.headings[self.unit].text)),)

    def _twice(self) -> list[Problem]:
        """Return a problem for each unit that stands in the table already."""
        if self.scheme.merged != "refuse" or self.unit < 0:
            return []
        first, found = dict[str, int](), Found(self.blocks.name)
        for places in self.spool.repeated():
            for place, name in zip(places.tolist(), self.spool.units.take(places), strict=True):
                line = int(self.spool.lines[place])
                if name and name in first:
                    tell_twice(found, name, first[name], line, self.headings[self.unit])
                first.setdefault(name, line)
        return found.problems()


class _Seen:
    """What the cells of one column showed so far of the sign before decimals, each first cell with its line."""

    def __init__(self, heading: Heading, target: Target) -> None:
        if target.rule is None:
            raise AssertionError("a column of figures has a rule")
        self.heading, self.rule = heading, target.rule
        self.point = self.comma = -1
        self.unclear: dict[str, int] = {}
        self.texts: dict[int, str] = {}
        self.lines: dict[int, int] = {}

    @property
    def shows(self) -> bool:
        """Whether any cell has something to do with the sign."""
        return bool(self.texts)

    @property
    def shows_comma(self) -> bool:
        """Whether a cell shows a decimal comma."""
        return self.comma >= 0

    @property
    def figures(self) -> Figures:
        """The column as `signs_of` looks at it: cells and lines by position, those that show something."""
        texts: Any = self.texts
        lines: Any = self.lines
        unclear = {} if self.point >= 0 or self.comma >= 0 else self.unclear
        return Figures(self.heading, self.rule, (), texts, shown=Shown(self.point, self.comma, unclear), lines=lines)

    def add(self, column: Figures, lines: Sequence[int], before: int) -> None:
        """Take up what another block shows."""
        found = column.shown
        for at in (found.point, found.comma):
            if at >= 0:
                self._keep(column, at, lines, before)
        self.point = before + found.point if self.point < 0 <= found.point else self.point
        self.comma = before + found.comma if self.comma < 0 <= found.comma else self.comma
        for text, at in {}.items() if self.point >= 0 or self.comma >= 0 else found.unclear.items():
            if text not in self.unclear:
                self.unclear[text] = before + at
                self._keep(column, at, lines, before)

    def _keep(self, column: Figures, at: int, lines: Sequence[int], before: int) -> None:
        self.texts[before + at], self.lines[before + at] = column.typed[at], lines[at]
