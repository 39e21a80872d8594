"""The composition root: the built-in strategies, formats and schemes, and what installed packages add to them.

Entry-point groups: `ictindex.schemes` (value: a package with YAML in it), `ictindex.measures`,
`ictindex.normalizations`, `ictindex.aggregations` and `ictindex.formats`. A plugin is loaded only when it is used.
`ICTINDEX_NO_PLUGINS=1` turns all of them off.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from ictindex.installed import lacks
from ictindex.messages import say
from ictindex.registry import Entry, Registry, Vocabulary
from ictindex.strategies.aggregations import AGGREGATIONS
from ictindex.strategies.measures import MEASURES
from ictindex.strategies.normalizations import NORMALIZATIONS

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

HOME = "ictindex"


@cache
def vocabulary() -> Vocabulary:
    """Return the strategies that a scheme may name."""
    return Vocabulary(
        measures=_installed(say("measure"), "measures", dict(MEASURES)),
        normalizations=_installed(say("normalization"), "normalizations", dict(NORMALIZATIONS)),
        aggregations=_installed(say("aggregation"), "aggregations", dict(AGGREGATIONS)),
    )


def foreign(words: Vocabulary) -> bool:
    """Whether any strategy comes from another package."""
    known = (words.measures, words.normalizations, words.aggregations)
    return any(entry.package != HOME for registry in known for entry in registry.entries)


@cache
def scheme_packages() -> Registry[str]:
    """Return the importable packages that hold schemes, by distribution."""
    own = Entry("ictindex", HOME, lambda: "ictindex_schemes")
    others = [Entry(entry.name, _distribution(entry), _value(entry)) for entry in _entries("schemes")]
    return Registry(say("scheme package"), (own, *others))


@cache
def formats() -> Registry[Any]:
    """Return the file formats that tables are read from and results written to."""
    own: list[Entry[Any]] = [
        Entry("csv", HOME, _csv),
        Entry("csv-vi", HOME, _csv_vi),
        Entry("json", HOME, _json),
        Entry("table", HOME, _text),
    ]
    own += [Entry("parquet", HOME, _parquet), Entry("arrow", HOME, _arrow), Entry("excel", HOME, _excel)]
    own += [Entry("jsonl", HOME, _json_lines), Entry("markdown", HOME, _markdown)]
    others = [Entry(entry.name, _distribution(entry), _made(entry)) for entry in _entries("formats")]
    return Registry(say("format"), (*own, *others))


def _installed(kind: str, group: str, own: dict[str, Any]) -> Registry[Any]:
    registry: Registry[Any] = Registry(kind).adding_things(HOME, own)
    return registry.adding(Entry(entry.name, _distribution(entry), _strategy(entry)) for entry in _entries(group))


def _entries(group: str) -> list[EntryPoint]:
    if os.environ.get("ICTINDEX_NO_PLUGINS") == "1" or lacks(group):
        return []
    from importlib.metadata import entry_points  # slow to import, and not needed where there are no plugins

    found = entry_points(group=f"ictindex.{group}")
    return sorted(found, key=lambda entry: (entry.name, _distribution(entry)))


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _strategy(entry: EntryPoint) -> Any:
    """Return what loads a strategy. Without a dot its name could be taken by ictindex itself one day."""
    if "." in entry.name:
        return entry.load

    def refuse() -> Any:
        raise ValueError("its name must have a dot, such as `acme.sigmoid`")

    return refuse


def _value(entry: EntryPoint) -> Any:
    return lambda: entry.value


def _made(entry: EntryPoint) -> Any:
    """Return what loads a format; an entry point may name the format or its class."""

    def load() -> Any:
        found = entry.load()
        return found() if isinstance(found, type) else found

    return load


def _csv() -> Any:
    from ictindex.formats.csv import CsvFormat

    return CsvFormat()


def _csv_vi() -> Any:
    from ictindex.formats.csv import VIETNAMESE

    return VIETNAMESE


def _json() -> Any:
    from ictindex.formats.json import JsonFormat

    return JsonFormat()


def _parquet() -> Any:
    from ictindex.formats.arrow import ParquetFormat

    return ParquetFormat()


def _arrow() -> Any:
    from ictindex.formats.arrow import ArrowFormat

    return ArrowFormat()


def _json_lines() -> Any:
    from ictindex.formats.jsonl import JsonLinesFormat

    return JsonLinesFormat()


def _markdown() -> Any:
    from ictindex.formats.markdown import MarkdownFormat

    return MarkdownFormat()


def _text() -> Any:
    from ictindex.formats.text import TextFormat

    return TextFormat()


def _excel() -> Any:
    from ictindex.formats.excel.format import ExcelFormat

    return ExcelFormat()
