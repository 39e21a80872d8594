"""Overlays: what someone who holds the annex puts in the place of a scheme's numbers, names, rules and levels.

An overlay is read as a patch addressed by code, as variants are, and laid over the document of its scheme before that
is read. It differs from a variant in whose word it is. A status in it covers what the overlay states and nothing
else, so statuses are not patched into rows: they are kept aside (`Draft.overlay`) for the nodes that come from the
overlay's file. It also changes less: rows are neither added nor removed, and where a heading states several choices
side by side (`below`, `publish`, `rank`, `inputs`, `choices`), those that the overlay does not name stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, evolve, field, frozen

from ictindex.documents.draft import Draft, LaidOver, mapping_items, row_lines
from ictindex.documents.grammar import ROW_KEYS, STATUS_KEYS, TOP_KEYS, split_line
from ictindex.documents.source import Document, Mapping, Node, Scalar, Sequence, to_plain
from ictindex.documents.variants import applied, patched, replaced, variants
from ictindex.errors import did_you_mean
from ictindex.messages import say
from ictindex.model import TOTAL

SIDE_BY_SIDE = ("below", "publish", "rank")
"""Mappings of choices that are independent of one another."""

LISTS = ("inputs", "choices")
"""Mappings of lines at the top."""

_NAMES = ("name", "title")
_UNCHANGED = ("scheme", "unit", "edition", "revision", "replaces", "history", "sources", "uses", "variants")
"""What no change can be about: `structure` says so."""
_OF_ROWS_BENEATH = ("combine", "rows", "criteria", "below")


@frozen
class Change:
    """One key that an overlay states for a row: `value` is what it wrote, before that is laid over anything."""

    code: str
    key: Scalar
    value: Node


@frozen
class Laid:
    """The top mapping of a document as it is read, and the changes that an overlay made to it.

    `spoken` are the rows whose change has a status of its own.
    """

    root: Mapping
    changes: tuple[Change, ...] = ()
    spoken: frozenset[str] = frozenset()


def laid(draft: Draft, document: Document, overlay: Document | None = None, variant: str = "") -> Laid:
    """Return what is read: the document, with an overlay laid over it, and then a variant's changes made.

    What they name wrongly is noted in the draft, and so is whose word each status of the overlay is. The names of the
    two sources must differ: they tell whose a node is.
    """
    found = Laid(document.root)
    if overlay is not None:
        found = _Reader(draft, document.root).read(overlay)
    root = found.root
    if variant:
        here = {code for code, _, _ in row_lines(root)}
        names = {code: name for code, name, _ in row_lines(document.root) if code in here}
        root = patched(draft, root, variants(document.root)[variant][1], names)
    return found if overlay is None and not variant else evolve(found, root=_used(root, overlay))


@frozen
class _Row:
    """A row of the scheme: its name, what stands under it, and the code of the row above."""

    name: str
    node: Mapping
    above: str


@define
class _Reader:
    """Reads the changes of one overlay, and notes what is wrong with them."""

    draft: Draft
    root: Mapping
    rows: dict[str, _Row] = field(init=False)
    patches: dict[str, list[tuple[Scalar, Node]]] = field(factory=dict)
    names: dict[str, Scalar] = field(factory=dict)
    gone: dict[str, set[str]] = field(factory=dict)  # keys that go with a row's former measure
    said: dict[tuple[str, str], Mapping] = field(factory=dict)
    changes: list[Change] = field(factory=list)
    changed: dict[str, Scalar] = field(factory=dict)  # rows that are changed, and the line that says so

    def __attrs_post_init__(self) -> None:
        self.rows = {TOTAL: _Row("", self.root, "")}
        for code, row in _rows(self.root, TOTAL):
            self.rows.setdefault(code, row)

    def read(self, overlay: Document) -> Laid:
        """Return the scheme's top mapping with the overlay's changes in it."""
        self._row(TOTAL, overlay.root.get("changes"))
        self._lost()
        for key in ("sources", "uses"):
            self._declared(key, overlay.root)
        self.draft.overlay = LaidOver(overlay.source, overlay.root.get("below"), self.said)
        root = applied(self.draft, self._renamed(self.root, TOTAL, ""), TOTAL, "", self.patches)
        return Laid(root, tuple(self.changes), frozenset(at for at, path in self.said if not path))

    def _row(self, at: str, node: Node | None) -> None:
        """Read the change of one row, and the changes that stand under it."""
        before, statuses = len(self.changes), []
        beneath: list[tuple[Scalar, Node]] = []
        for key, value in mapping_items(node):
            if key.text in self.rows or split_line(key.text) or not self._is_keyword(key.text):
                beneath.append((key, value))
            elif key.text in STATUS_KEYS:
                statuses.append((key, value))
            else:
                self._state(at, key, value)
        if statuses and node is not None:
            self.said[at, ""] = Mapping(tuple(statuses), node.where)
            misspelt = any(not split_line(key.text) and key.text not in self.rows for key, _ in beneath)
            if len(self.changes) == before and not misspelt:
                key = statuses[0][0]
                message = say("`{key}` covers nothing: this change states nothing else", key=key.text)
                hint = say("state again what it is about, such as `max: 8`; a status covers what the overlay states")
                self.draft.error("S271", message, key.where, hint)
        for key, value in beneath:
            self._beneath(at, key, value)

    def _is_keyword(self, key: str) -> bool:
        known = self.draft.vocabulary
        own = key in ROW_KEYS or key in TOP_KEYS or key in _NAMES
        return own or key in known.measures or key in known.normalizations

    def _beneath(self, at: str, key: Scalar, value: Node) -> None:
        code, name = split_line(key.text) or (key.text, "")
        row = self.rows.get(code)
        if row is None or code == TOTAL:
            self._no_row(at, key, code, name, value)
        elif code in self.changed:
            message = say("{row} is changed twice; first on line {line}", row=code, line=self.changed[code].where.line)
            self.draft.error("S266", message, key.where, say("write all that changes in a row in one place"))
        else:
            self.changed[code] = key
            if name and name != row.name:
                message = say(
                    "'{code}' is named '{name}' here and '{known}' in its row", code=code, name=name, known=row.name
                )
                hint = say("is it the row you mean? to give it another name write `name: ...` beneath its code")
                self.draft.error("S261", message, key.where, hint)
            self._row(code, value)

    def _no_row(self, at: str, key: Scalar, code: str, name: str, value: Node) -> None:
        """Say that there is no such row: it is misspelt, or the overlay wants to add it."""
        of_that_name = [one for one, row in self.rows.items() if name and row.name == name]
        if f"{at}.{code}" in self.rows:
            of_that_name.insert(0, f"{at}.{code}")
        measured = any(one.text in self.draft.vocabulary.measures for one, _ in mapping_items(value))
        if not of_that_name and name and measured:
            message = say("{row} is no row of the scheme, and an overlay adds none", row=code)
            own = say("to add or remove rows write a scheme of your own; `ictindex show --expanded` gives a start")
            self.draft.error("S264", message, key.where, own)
            return
        close = did_you_mean(code, [one for one in self.rows if one != TOTAL])
        if of_that_name:
            close = say("did you mean '{name}'?", name=of_that_name[0])
        hint = close or say("a change names the code of a row")
        self.draft.error("S260", say("no row has the code '{code}'", code=code), key.where, hint)

    def _state(self, at: str, key: Scalar, value: Node) -> None:
        """Read one key that the overlay states for a row."""
        if key.text in _UNCHANGED:
            return
        self.changes.append(Change(at, key, value))
        if key.text == "name":
            if isinstance(value, Scalar) and value.text.strip():
                self.names[at] = value
            return
        laid_over = value
        if key.text in SIDE_BY_SIDE and isinstance(value, Mapping):
            laid_over = self._beside(at, key.text, value)
        elif key.text in LISTS and isinstance(value, Mapping):
            laid_over = self._lines(at, key.text, value)
        elif key.text in self.draft.vocabulary.measures or key.text == "parts":
            self.gone[at] = self._former_rule(at, key.text)
        self.patches.setdefault(at, []).append((key, laid_over))

    def _base(self, at: str, key: str) -> Mapping:
        """Return the scheme's mapping under a key, an empty one where it has none."""
        found = self.rows[at].node.get(key)
        return found if isinstance(found, Mapping) else Mapping((), self.rows[at].node.where)

    def _said(self, at: str, key: str, value: Mapping) -> list[tuple[Scalar, Node]]:
        """Put the statuses in such a mapping aside, and return the rest of it."""
        statuses = tuple(pair for pair in value.items if pair[0].text in STATUS_KEYS)
        if statuses and key == "below":
            message = say(
                "a status cannot stand in `below` here: it would cover numbers that the overlay does not state"
            )
            hint = say("write it in the change itself, or once for all in the overlay's own `below:`")
            self.draft.error("S268", message, statuses[0][0].where, hint)
        elif statuses:
            self.said[at, f"{key}."] = Mapping(statuses, value.where)
        return [pair for pair in value.items if pair not in statuses]

    def _beside(self, at: str, key: str, value: Mapping) -> Mapping:
        base = self._base(at, key)
        return evolve(base, items=replaced(self.draft, base.items, self._said(at, key, value)))

    def _lines(self, at: str, key: str, value: Mapping) -> Mapping:
        """Return lines with those of the overlay in the place of those that have the same code."""
        base, stated = self._base(at, key), {_code(pair[0]): pair for pair in self._said(at, key, value)}
        kept = [stated.pop(_code(pair[0]), pair) for pair in base.items]
        return evolve(base, items=(*kept, *stated.values()))

    def _former_rule(self, at: str, measure: str) -> set[str]:
        """Return the keys that go with a row's measure when another one takes its place.

        Its scale is made for the former measure; the same measure stated anew keeps it.
        """
        node, known = self.rows[at].node, self.draft.vocabulary
        if node.get(measure) is not None or any(split_line(key.text) for key, _ in node.items):
            return set()
        return {key.text for key, _ in node.items if key.text in known.normalizations or key.text in _OF_ROWS_BENEATH}

    def _lost(self) -> None:
        """Say which changes of parts are lost, since the criterion that they are parts of is measured anew."""
        measures = (*self.draft.vocabulary.measures, "parts")
        anew = {change.code: change.key.text for change in self.changes if change.key.text in measures}
        for code, key in self.changed.items():
            above = self.rows[code].above
            while above and above not in anew:
                above = self.rows[above].above
            if above and code in self.patches | self.names:
                parts = {"part": code, "row": above, "measure": anew[above]}
                message = say(
                    "the change of {part} is lost: `{measure}` of {row} takes the place of its parts", **parts
                )
                self.draft.error("S267", message, key.where, say("write it in the new rule, or delete one of the two"))

    def _declared(self, key: str, overlay: Mapping) -> None:
        """Add the sources, or the packages, that the overlay declares to those of the scheme."""
        base, stated = self.root.get(key), overlay.get(key)
        if not isinstance(stated, Mapping):
            return
        known = {_code(name): (name, value) for name, value in mapping_items(base)}
        added = []
        for name, value in stated.items:
            before = known.get(_code(name))
            if before is None:
                added.append((name, value))
            elif before[0].text != name.text or to_plain(before[1]) != to_plain(value):
                message = say("the scheme has another '{code}' under `{key}`", code=_code(name), key=key)
                self.draft.error("S269", message, name.where, say("choose another code"))
        place = self.root.key(key) or overlay.key(key)
        if place is not None and added:
            self.patches.setdefault(TOTAL, []).append(
                (place, Mapping((*mapping_items(base), *added), self.root.where if base is None else base.where))
            )

    def _renamed(self, node: Mapping, code: str, prefix: str) -> Mapping:
        """Return a row's mapping with the new names of the rows beneath it, and without what goes."""
        items: list[tuple[Scalar, Node]] = []
        for key, value in node.items:
            line = split_line(key.text)
            if line and isinstance(value, Mapping):
                inner = prefix + line[0]
                items.append((self._name(key, line[0], inner), self._renamed(value, inner, "")))
            elif key.text == "parts" and isinstance(value, Mapping):
                items.append((key, self._renamed(value, "", f"{code}.")))
            elif key.text not in self.gone.get(code, ()):
                items.append((key, value))
        return evolve(node, items=tuple(items))

    def _name(self, key: Scalar, code: str, row: str) -> Scalar:
        name = self.names.get(row)
        text = f"{code} {name.text}" if name else key.text
        return Scalar(text, text, name.where, name.quoted) if name else key


def _rows(node: Node | None, above: str, prefix: str = "") -> Iterator[tuple[str, _Row]]:
    """Yield every row beneath a node with its code, parts included."""
    for key, value in mapping_items(node):
        line = split_line(key.text)
        if line and isinstance(value, Mapping):
            code = prefix + line[0]
            yield code, _Row(line[1], value, above)
            yield from _rows(value, code)
            yield from _rows(value.get("parts"), code, f"{code}.")


def _code(key: Scalar) -> str:
    """Return the code of a line, the whole text of another key."""
    return (split_line(key.text) or (key.text,))[0]


def _used(root: Mapping, overlay: Document | None) -> Mapping:
    """Return the top mapping without the scheme's shared inputs and lists that no row reads any more.

    What the overlay itself declares stays, so that it is told of where no row uses it.
    """
    if overlay is None:
        return root
    reading = tuple(pair for pair in root.items if pair[0].text not in (*LISTS, "variants"))
    items: list[tuple[Scalar, Node]] = []
    used = set(_named(evolve(root, items=reading)))
    weights = {_code(key): value.get("weighted-by") for key, value in _input_lines(root)}
    for code in [code for code in weights if code in used]:
        weight = weights[code]
        used |= {weight.text.removeprefix("$")} if isinstance(weight, Scalar) else set()
    for key, value in root.items:
        if key.text in LISTS and isinstance(value, Mapping):
            lines = tuple(
                (line, about)
                for line, about in value.items
                if split_line(line.text) is None or _code(line) in used or line.where.source == overlay.source
            )
            if lines:
                items.append((key, evolve(value, items=lines)))
        else:
            items.append((key, value))
    return evolve(root, items=tuple(items))


def _input_lines(root: Mapping) -> Iterator[tuple[Scalar, Mapping]]:
    for key, value in mapping_items(root.get("inputs")):
        if isinstance(value, Mapping):
            yield key, value


def _named(node: Node) -> Iterator[str]:
    """Yield the code behind each `$code` in a node."""
    if isinstance(node, Scalar):
        if node.text.strip().startswith("$"):
            yield node.text.strip()[1:]
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _named(item)
    else:
        for key, value in node.items:
            yield from _named(key)
            yield from _named(value)
