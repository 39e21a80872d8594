"""A patch addressed by code, applied to a document before it is built.

A key that the patch states replaces the row's key whole; a measure, a scale, a status or a maximum replaces
whichever the row has. Names may be left out; one that differs from the row's is reported.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from ictindex.documents.draft import Draft, mapping_items, row_lines
from ictindex.documents.grammar import ROW_KEYS, STATUS_KEYS, TOP_KEYS, split_line
from ictindex.documents.source import Mapping, Node, Scalar
from ictindex.errors import did_you_mean
from ictindex.messages import say
from ictindex.model import TOTAL


def variants(root: Mapping) -> dict[str, tuple[str, Node]]:
    """Return the name and the changes of each variant of a document, by code."""
    lines = ((split_line(key.text), value) for key, value in mapping_items(root.get("variants")))
    return {line[0]: (line[1], value) for line, value in lines if line}


def patched(draft: Draft, root: Mapping, changes: Node, names: dict[str, str] | None = None) -> Mapping:
    """Return the top mapping with the changes made; what they name wrongly is noted in the draft.

    `names` are the rows' names as the changes know them, by code, where those in the mapping are other ones.
    """
    known = {code: name for code, name, _ in reversed(list(row_lines(root)))} | (names or {})
    patches: dict[str, list[tuple[Scalar, Node]]] = {}
    _collect(draft, changes, TOTAL, known, patches)
    return applied(draft, root, TOTAL, "", patches)


def _collect(
    draft: Draft, node: Node, at: str, names: dict[str, str], patches: dict[str, list[tuple[Scalar, Node]]]
) -> None:
    for key, value in mapping_items(node):
        line = split_line(key.text)
        code, name = line or (key.text, "")
        if line is None and code not in names and code in _keywords(draft):
            patches.setdefault(at, []).append((key, value))
        elif code not in names:
            close = did_you_mean(code, names) or (did_you_mean(code, _keywords(draft)) if line is None else "")
            hint = close or say("a change names the code of a row")
            draft.error("S260", say("no row has the code '{code}'", code=code), key.where, hint)
        else:
            if name and name != names[code]:
                message = say(
                    "'{code}' is named '{name}' here and '{known}' in its row", code=code, name=name, known=names[code]
                )
                mend = say("is it the row you mean? write its name, or the code alone")
                draft.error("S261", message, key.where, mend)
            _collect(draft, value, code, names, patches)


def _keywords(draft: Draft) -> frozenset[str]:
    return ROW_KEYS | TOP_KEYS | {*draft.vocabulary.measures, *draft.vocabulary.normalizations}


def applied(
    draft: Draft, node: Mapping, code: str, prefix: str, patches: dict[str, list[tuple[Scalar, Node]]]
) -> Mapping:
    """Return a row's mapping with the patches of its own and of the rows beneath it, each by code.

    `prefix` stands before the codes of the lines in it: in the parts of a criterion it is the criterion's code.
    """
    items: list[tuple[Scalar, Node]] = []
    for key, value in node.items:
        line = split_line(key.text)
        if line and isinstance(value, Mapping):
            items.append((key, applied(draft, value, prefix + line[0], "", patches)))
        elif key.text == "parts" and isinstance(value, Mapping):
            items.append((key, applied(draft, value, "", f"{code}.", patches)))
        else:
            items.append((key, value))
    return evolve(node, items=replaced(draft, items, patches.get(code, [])))


def replaced(
    draft: Draft, items: Iterable[tuple[Scalar, Node]], patch: Iterable[tuple[Scalar, Node]]
) -> tuple[tuple[Scalar, Node], ...]:
    """Return the items with those of a patch in the place of what they replace."""
    # A changed key keeps its place, so that the document reads in its own order.
    changed = {key.text: (key, value) for key, value in patch}
    gone = {other for key in changed for other in _rivals(draft, key)}
    kept = [changed.pop(key.text, (key, value)) for key, value in items if key.text in changed or key.text not in gone]
    return (*kept, *changed.values())


def _rivals(draft: Draft, key: str) -> frozenset[str]:
    """Return the keys that cannot stand beside this one."""
    measures = frozenset((*draft.vocabulary.measures, "parts"))
    families = (measures, frozenset(draft.vocabulary.normalizations), frozenset(STATUS_KEYS))
    roles = frozenset(("max", "bonus", "deduct"))
    return next((family for family in (*families, roles) if key in family), frozenset((key,)))
