"""The worked examples of the scheme syntax, and short ways to build one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

from attrs import asdict, frozen

from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.source import Document, read_document
from ictindex.errors import Problem, SchemeInvalid
from ictindex.model import Row, Scheme
from ictindex.registry import Registry, Vocabulary
from ictindex.strategies.aggregations import AGGREGATIONS
from ictindex.strategies.measures import MEASURES
from ictindex.strategies.normalizations import NORMALIZATIONS

FOLDER = Path(__file__).parent / "data" / "documents"
NAMES = ("dong-thap", "ict-index", "commune", "hue", "dti", "shapes")
HEAD = "scheme: test/2020-unit\ntitle: Bộ thử\nunit: unit\nedition: 2020\nsources: {qd Quyết định mẫu: }\n"
_POOLS = """
max: 9
pools: {by: khối, so Các sở: ranked, kh Thanh tra: not ranked}
1 Một: {max: 9, assessed: }
"""
_TWO_TOTALS = """
combine: none
A Điều kiện: {max: 50, assessed: , levels: {I: 90%, II: 70%, III: 0%}}
B Kết quả: {max: 100, assessed: , levels: {I: 90%, II: 70%, III: 0%}}
"""
_BANDS = """
max: 100
levels: {Tốt: 85-100, Khá: 70-84, Trung bình: 50-69, Yếu: 0-49}
between-levels: {is: lower, assumed: nguồn không nói}
1 Một: {max: 100, assessed: }
"""
_PUBLISHED = """
max: 9
publish: {as: index, decimals: 4}
rank: {ties: dense, on: exact, then: ['1']}
pools: {by: huyện}
merged: mean-of-rows
self-scored: true
1 Một: {max: 9, assessed: }
"""
_GATES = """
max: 20
levels: {I: {is: 90%, only-if: {A.1: 10}}, II: 70%, III: 0%}
A.1 Một: {max: 20, assessed: }
"""
TOPS = (_POOLS, _TWO_TOTALS, _BANDS, _PUBLISHED, _GATES)


@frozen
class Sigmoid:
    """A third party's scale, as far as a document is concerned."""

    middle: Fraction
    words: str = ""
    top: Fraction | None = None
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "middle": {"$ref": "#/$defs/number"},
            "words": {"type": "string"},
            "top": {"$ref": "#/$defs/points"},
        },
    }
    title: ClassVar[str] = "Sigmoid"
    description: ClassVar[str] = "An S-shaped curve."


@frozen
class Gap:
    """A third party's measure of two quantities."""

    more: Any
    less: Any = None
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"more": {"$ref": "#/$defs/quantity"}, "less": {"$ref": "#/$defs/quantity"}},
    }
    title: ClassVar[str] = "Gap"
    description: ClassVar[str] = "The gap between two quantities."
    gives: ClassVar[str] = "share"


@frozen
class Cell:
    """A third party's measure of one column."""

    input: str
    schema: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/words"}
    title: ClassVar[str] = "Cell"
    description: ClassVar[str] = "One cell."
    gives: ClassVar[str] = "quantity"


def _registry(kind: str, built_in: Any, more: dict[str, Any]) -> Registry[Any]:
    return Registry[Any](kind).adding_things("ictindex", dict(built_in)).adding_things("ictindex-acme", more)


VOCABULARY = Vocabulary(
    _registry("measure", MEASURES, {"acme.gap": Gap, "acme.cell": Cell}),
    _registry("normalization", NORMALIZATIONS, {"acme.sigmoid": Sigmoid}),
    _registry("aggregation", AGGREGATIONS, {"acme.owa": object}),
)


def text_of(name: str) -> str:
    """Return the YAML of a worked example."""
    return (FOLDER / f"{name}.yaml").read_text("utf-8")


def document(text: str) -> Document:
    """Return the document in a text."""
    return read_document(text, "test.yaml")


def build(text: str, variant: str = "") -> Scheme:
    """Return the scheme in a text."""
    return build_scheme(document(text), VOCABULARY, variant=variant)


def build_top(text: str, variant: str = "") -> Scheme:
    """Return the scheme in a text that leaves out the four lines every document begins with."""
    return build(HEAD + text, variant)


LEFT_OUT = ("S206", "S209", "S284", "S290")
"""What short examples leave out on purpose: statuses, policies of the top, denominators of 0, groups of a good size."""


def problems(text: str) -> list[Problem]:
    """Return every problem of such a text, S0xx and S1xx too, but not what short examples leave out."""
    return [one for one in all_problems(text) if one.code not in LEFT_OUT]


def all_problems(text: str) -> list[Problem]:
    """Return every problem of such a text."""
    try:
        return check_document(document(HEAD + text), VOCABULARY)
    except SchemeInvalid as invalid:
        return list(invalid.problems)


def without_lines(row: Row) -> dict[str, Any]:
    """Return everything a row says, and the rows beneath it, save the lines of the file."""
    said = asdict(row, recurse=False) | {"line": 0}
    if "children" in said:
        said["children"] = [without_lines(child) for child in said["children"]]
    return said
