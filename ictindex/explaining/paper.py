"""An explanation as a page: what was published, what every row contributes, and how each came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ictindex.citations import Source
from ictindex.explaining.telling import cell, coming, evidence, learned, levels, rule, sources
from ictindex.explanation import Explained, number_text
from ictindex.messages import joined, say
from ictindex.model import TOTAL
from ictindex.pages import Grid, Lines, Section

HOW_TO_READ = say(
    "The parts of the rows below a heading add up to its own. 'Published' has the parts in whole last digits "
    "of the published total: each is less than one last digit off, and they add up to it as well."
)


def sections(root: Explained, cited: Sequence[Source], lost: Iterable[str] = ()) -> Iterator[Section]:
    """Yield the sections of the page: the verdicts and what is `lost`, contributions, criteria, documents."""
    yield Section("", [Lines([*_verdicts(root), *lost])])
    yield Section(say("What each row contributes"), [Lines([HOW_TO_READ]), _contributions(root)])
    ends = [row for row in root.walk() if row.formula and (not row.children or rule(row))]
    if ends:
        yield Section(say("How the points came about"), [_rules(ends)])
    yield Section(say("Where the rules come from"), [_sources(root), *documents(cited)])


def _verdicts(root: Explained) -> Iterator[str]:
    """Yield what was published of each total and of each row with levels, and what a better level needs."""
    for row in root.walk():
        if row is root or row.total == row.code or row.verdict.level is not None:
            if row.points is None:
                if "left-out" in row.flags:
                    yield joined((row.label, say("not counted")), ": ")
                continue
            if row.verdict.published is None:
                yield joined((row.label, say("informational")), ": ")
                continue
            told = [
                say("{points} of {max} points", points=number_text(row.points), max=number_text(row.max)),
                say("published {found}", found=row.verdict.published),
            ]
            if row.verdict.rank is not None:
                told.append(say("rank {rank}", rank=row.verdict.rank))
            if row.verdict.level is not None:
                told.append(say("level {level}", level=row.verdict.level))
            yield joined((row.label, joined((joined(told, ", "), *levels(row)), "; ")), ": ")


def _contributions(root: Explained) -> Grid:
    heads = (
        say("Code"),
        say("Criterion"),
        say("Points"),
        say("At most"),
        say("To the heading"),
        say("To the total"),
        say("Published"),
        say("Remarks"),
    )
    body = [
        (
            say("Total") if row.code == TOTAL else row.code,
            row.name,
            number_text(row.points),
            number_text(row.max) if row.total else "-",  # a top that combines nothing has no points
            _number(row, row.contribution),
            _number(row, row.to_total),
            row.printed or "-",
            joined(row.remarks, ", "),
        )
        for row in root.walk()
    ]
    return Grid(heads, body, right=(2, 3, 4, 5, 6))


def _number(row: Explained, number: object) -> str:
    return number_text(None if row.points is None else number)


def _rules(rows: Iterable[Explained]) -> Grid:
    """Return each criterion's rule with its numbers, its figures, and what the pool taught or would be next."""
    heads = (say("Code"), say("Rule with its numbers"), say("Figures"), say("More"))
    return Grid(
        heads,
        [
            (
                say("Total") if row.code == TOTAL else row.code,
                joined(rule(row), ": "),
                joined((one.text if one.code == row.code and one.text else cell(one) for one in row.inputs), "; "),
                joined(_more(row), "; "),
            )
            for row in rows
        ],
    )


def _more(row: Explained) -> Iterator[str]:
    yield coming(row)
    if row.evidence is not None:
        yield evidence(row.evidence)
    if row.fit:
        yield say("of the pool: {learned}", learned=learned(row.fit))
    yield from row.history


def _sources(root: Explained) -> Lines:
    return Lines([joined((row.label, joined(told, "; ")), ": ") for row, told in _cited(root)], bullets=True)


def _cited(row: Explained, above: Explained | None = None) -> Iterator[tuple[Explained, list[str]]]:
    told = list(sources(row, None if above is None else above.citation))
    if told:
        yield row, told
    for child in row.children:
        yield from _cited(child, row)


def documents(cited: Sequence[Source]) -> Iterator[Lines]:
    """Yield a list of the documents that are cited by their codes; nothing where there is none."""
    if cited:
        told = (", ".join(filter(None, (one.title, one.date, one.url))) for one in cited)
        yield Lines([f"{one.code}: {words}" for one, words in zip(cited, told, strict=True)], bullets=True)
