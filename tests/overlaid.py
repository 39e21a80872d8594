"""A small scheme, and short ways to lay an overlay over it."""

from __future__ import annotations

from worked import HEAD, VOCABULARY, document

from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.source import Document, read_document
from ictindex.model import Scheme

NAMED = "overlay: test/2020-unit\nby: Sở Mẫu\ndate: 2020-02-03\nsources: {pl Phụ lục: {date: 2020}}\n"
BASE = (
    HEAD
    + """max: {is: 40, assumed: tổng}
assumed: bản tạm
below: {assumed: mẫu, verified-by: Sở cũ, evidence: {ask: văn bản, without: zero, cited: qd}}
missing: {is: refuse, assumed: không nói}
publish: {as: points, decimals: 2, assumed: chưa thấy}
rank: {ties: dense, then: ['1'], assumed: như nơi khác}
levels: {assumed: mức mẫu, Tốt: {is: 80%, between: [75%, 85%]}, Yếu: 0%}
variants:
  phang Tính phẳng:
    1.2 Máy tính: {ratio: {a: số máy, b: $cb, floor: 10%}}
choices:
  muc Mức: {a Có: max, b Không: {is: 0, assumed: không nói}}
inputs:
  cb Cán bộ: {kind: count, low: {is: 1, assumed: ít nhất một}}
  xe Xe: count

1 Hạ tầng:
  max: 20
  cited: qd mục 1
  1.1 Trung tâm: {max: 5, choice: $muc}
  1.2 Máy tính: {max: 5, assumed: bịa, ratio: {a: số máy, b: $cb}, steps: {90%: max, 50%: {is: 2, derived: nửa}}}
  1.3 Kết nối:
    max: 10
    assumed: như 1B
    parts:
      a Đã nối: {max: 8, ratio: {a: số nối, b: 12}}
      b Ứng dụng: {max: 2, count: , each: 1}
2 Xe cộ:
  max: 20
  2.1 Xe điện: {max: 12, ratio: {a: số xe điện, b: $xe}}
  2.2 Xe khác: {max: 8, assessed: }
"""
)


def over(changes: str, below: str = "below: {cited: pl}\n") -> Document:
    """Return an overlay over BASE."""
    return read_document(f"{NAMED}{below}changes:\n{changes}", "over.yaml")


def laid(changes: str, below: str = "below: {cited: pl}\n", variant: str = "", base: str = BASE) -> Scheme:
    """Return the scheme with the changes laid over it."""
    return build_scheme(document(base), VOCABULARY, variant=variant, overlay=over(changes, below))


def told(changes: str, below: str = "below: {cited: pl}\n", base: str = BASE) -> list[tuple[int, int, str]]:
    """Return (line, column, code) of every problem, the lines counted from `changes`."""
    before = f"{NAMED}{below}".count("\n")
    found = check_document(document(base), VOCABULARY, overlay=over(changes, below))
    assert {one.where.source for one in found} <= {"over.yaml"}, found
    return [(one.where.line - before, one.where.column, one.code) for one in found if one.code != "S270"]


def said(scheme: Scheme) -> dict[tuple[str, str], tuple[str, str]]:
    """Return text and status of every number and choice."""
    return {(one.at, one.key): (one.text, str(one.citation)) for one in scheme.statements}


def differences(scheme: Scheme) -> dict[tuple[str, str], tuple[str, str] | None]:
    """Return what is stated otherwise than in BASE; None where it is no longer stated."""
    before, after = said(build_scheme(document(BASE), VOCABULARY)), said(scheme)
    return {one: after.get(one) for one in {**before, **after} if before.get(one) != after.get(one)}
