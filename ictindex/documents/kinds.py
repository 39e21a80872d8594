"""What kind of document a YAML file is: a scheme, the cases of one, or an overlay over one.

The first key that names what it is for decides. A document without such a key is taken for what its file's name says,
so that the missing key is told of by whoever reads that kind.
"""

from __future__ import annotations

from typing import Literal

from ictindex.documents.source import Document

Kind = Literal["scheme", "cases", "overlay"]

KINDS: tuple[Kind, ...] = ("scheme", "cases", "overlay")
"""Each kind is also the key at the top that says so."""


def kind_of(document: Document) -> Kind:
    """Return the kind of a document."""
    named: dict[str, Kind] = {kind: kind for kind in KINDS}
    for key, _ in document.root.items:
        if key.text in named:
            return named[key.text]
    source = document.source.lower()
    return next((kind for kind in KINDS if source.endswith((f".{kind}.yaml", f".{kind}.yml"))), "scheme")
