"""The scheme that an overlay is laid over: an id of the catalog, or a file as seen from the overlay's own."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ictindex.documents.build import check_document
from ictindex.documents.catalog import Catalog
from ictindex.documents.draft import words
from ictindex.documents.kinds import kind_of
from ictindex.documents.source import Document, read_document_file
from ictindex.documents.structure import structure_problems
from ictindex.errors import IctIndexError, Location, Problem, SchemeInvalid, did_you_mean
from ictindex.messages import say
from ictindex.registry import Vocabulary

_ENDINGS = (".yaml", ".yml")


def read_layers(path: str | os.PathLike[str], catalog: Catalog) -> tuple[Document, Document | None]:
    """Return the document of a scheme, and the overlay over it where the path is that of an overlay.

    Raises SchemeInvalid where a file cannot be read, or where there is no such scheme to lay the overlay over.
    """
    document = read_document_file(path)
    return (base_of(document, catalog), document) if kind_of(document) == "overlay" else (document, None)


def base_of(overlay: Document, catalog: Catalog) -> Document:
    """Return the document of the scheme that an overlay names.

    Raises SchemeInvalid: there is no such scheme (S262), it is no scheme (S263), or its file cannot be read.
    """
    node = overlay.root.get("overlay")
    where, name = (overlay.root.where, "") if node is None else (node.where, words(node).strip())
    if not name:
        message, hint = (
            say("the overlay does not say which scheme it changes"),
            say("add `overlay: family/edition-kind`"),
        )
        raise SchemeInvalid(Problem("S262", message, where, hint))
    if Path(name).suffix.lower() in _ENDINGS:
        file = Path(overlay.source).parent / name
        if not _exists(file):
            message = say("there is no file '{name}' to lay this overlay over", name=name)
            beside = sorted(one.name for one in file.parent.glob("*.yaml")) if file.parent.is_dir() else []
            seen = say("write the path as seen from this file's folder")
            raise SchemeInvalid(Problem("S262", message, where, did_you_mean(file.name, beside) or seen))
    else:
        file = _installed(name, catalog, where)
    base = read_document_file(file)
    kind = kind_of(base)
    if kind == "overlay":
        message = say("'{name}' is itself an overlay, and overlays do not stack", name=name)
        hint = say("name the scheme, and write all changes in one overlay")
        raise SchemeInvalid(Problem("S263", message, where, hint))
    if kind == "cases":
        message = say("'{name}' is a file of cases, not a scheme", name=name)
        raise SchemeInvalid(Problem("S263", message, where, say("name the scheme")))
    return base


def check_overlay(overlay: Document, catalog: Catalog, vocabulary: Vocabulary) -> list[Problem]:
    """Return every problem of an overlay, warnings too, in the order of the file; or those of its scheme."""
    try:
        base = base_of(overlay, catalog)
    except SchemeInvalid as error:
        own = structure_problems(overlay, vocabulary, kind="overlay")
        told = {one.where for one in own}
        return sorted(
            [*own, *(one for one in error.problems if one.where not in told)], key=lambda one: (one.where, one.code)
        )
    return check_document(base, vocabulary, overlay=overlay)


def _exists(file: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name that no file can have
        return file.exists()
    return False


def _installed(name: str, catalog: Catalog, where: Location) -> Path:
    try:
        file = catalog.path(name)
    except IctIndexError as error:
        first = error.problems[0]
        raise SchemeInvalid(Problem("S262", first.message, where, first.hint)) from None
    if name not in catalog.ids:  # a folder, or a file without its ending, as seen from where someone stands
        message = say("'{name}' is neither the id of a scheme nor a file that ends with .yaml", name=name)
        raise SchemeInvalid(Problem("S262", message, where, say("write the path as seen from this file's folder")))
    return file
