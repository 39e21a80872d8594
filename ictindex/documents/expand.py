"""A scheme with everything written out: each row has its own status, each number says where it comes from.

Defaults are written as assumed, with the word `default`. Variants and shared lists are applied, so they are not
repeated. What comes out is a scheme document again, with the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from ictindex.documents.draft import Draft, mapping_items, row_lines
from ictindex.documents.grammar import split_line, write_number
from ictindex.documents.rules import MEASURES, SCALES
from ictindex.documents.source import Document, Mapping, Node
from ictindex.documents.variants import patched, variants
from ictindex.documents.yaml_text import Lines, block, flow, quoted, scalar
from ictindex.model import TOTAL, Citation, Group, Indicator, Input, Quantity, Row, Rule, Scheme, Statement
from ictindex.registry import Registry, Vocabulary

_DEFAULT = Citation(words="default")
_WEIGHING = ("mean", "geometric")


def expanded(document: Document, scheme: Scheme) -> str:
    """Return the document as YAML text with every default, inheritance and status written out.

    `scheme` is what was built from the document, in any of its variants.
    """
    root = document.root
    if scheme.variant:
        root = patched(Draft(_names(scheme)), root, variants(root)[scheme.variant][1])
    return "\n".join(_Writer.of(scheme, root).document()) + "\n"


@frozen
class _Writer:
    """Writes the rows of one scheme from its statements; what is not a statement is taken from the document."""

    scheme: Scheme
    root: Mapping
    said: dict[tuple[str, str], Statement]
    nodes: dict[str, Node]
    above: dict[str, Row]  # the heading of each row

    @classmethod
    def of(cls, scheme: Scheme, root: Mapping) -> _Writer:
        said = {(one.at, one.key): one for one in scheme.statements}
        nodes: dict[str, Node] = {TOTAL: root, **{code: node for code, _, node in row_lines(root)}}
        headings = (row for row in scheme.rows() if isinstance(row, Group))
        return cls(scheme, root, said, nodes, {child.code: row for row in headings for child in row.children})

    def document(self) -> Lines:
        scheme = self.scheme
        if scheme.variant:
            yield f"# variant {scheme.variant} of {scheme.id}"
        texts = {"scheme": scheme.id, "title": scheme.title, "en": scheme.en, "unit": scheme.unit}
        yield from (f"{key}: {scalar(text)}" for key, text in texts.items() if text)
        yield f"edition: {scheme.edition}"
        if scheme.data_year is not None:
            yield f"data-year: {scheme.data_year}"
        yield f"revision: {scheme.revision}"
        if scheme.replaces:
            yield f"replaces: {scheme.replaces}"
        for key in ("history", "sources", "uses"):
            yield from self._copied(key)
        yield from self._shared()
        yield from self._pools()
        yield f"merged: {self._stated('merged', scheme.merged, [TOTAL])}"
        yield f"self-scored: {str(scheme.self_scored).lower()}"
        yield from self._row(scheme.root)

    def _copied(self, key: str) -> Lines:
        node = self.root.get(key)
        return block(key, node) if node is not None else iter(())

    def _shared(self) -> Lines:
        """Shared inputs in full. One that only weights another is no column of a row, and is copied."""
        node = self.root.get("inputs")
        if node is None:
            return
        known = {one.code: one for one in self.scheme.inputs if not one.owner}
        yield "inputs:"
        for key, value in mapping_items(node):
            code = (split_line(key.text) or (key.text, ""))[0]
            if code in known:
                yield f"  {scalar(key.text)}:"
                yield from _indented(self._input(known[code]), 4)
            else:
                yield from _indented(block(key.text, value), 2)

    def _input(self, one: Input) -> Lines:
        yield f"kind: {one.kind}"
        for key, bound in (("low", one.low), ("high", one.high)):
            if bound is not None:
                yield f"{key}: {self._stated(f'inputs.{one.code}.{key}', write_number(bound), [TOTAL])}"
        if one.additive is not None:
            yield f"additive: {str(one.additive).lower()}"
        texts = {"unit": one.unit, "weighted-by": one.weighted_by, "data-from": one.data_from}
        texts |= {"verified-by": one.verified_by, "notes": one.notes}
        yield from (f"{key}: {scalar(text)}" for key, text in texts.items() if text)

    def _pools(self) -> Lines:
        yield from self._copied("pools")
        citations = {one.citation for (at, key), one in self.said.items() if at == TOTAL and key.startswith("pools.")}
        node = self.root.get("pools")
        citations.discard(Citation())
        if citations and isinstance(node, Mapping) and not any(one in node for one in ("cited", "derived", "assumed")):
            yield f"  {_status(citations.pop())}"

    def _row(self, row: Row) -> Lines:
        """Everything under the line of a row."""
        chain = [row.code]
        while chain[-1] in self.above:
            chain.append(self.above[chain[-1]].code)
        heading = self.above.get(row.code)
        texts = {"en": row.en, "was": row.was} if heading else {}
        yield from (f"{key}: {scalar(text)}" for key, text in texts.items() if text)
        if row.citation != Citation():
            yield _status(row.citation)
        yield from self._numbers(row, heading)
        yield from self._policies(row, heading, chain)
        texts = {"data-from": row.data_from, "verified-by": row.verified_by, "notes": row.notes}
        yield from (f"{key}: {scalar(text)}" for key, text in texts.items() if text)
        if isinstance(row, Indicator):
            yield from self._measure(row)
        if row.scale is not None:
            yield from self._scale(row.scale, chain)
        if isinstance(row, Group):
            yield from self._children(row)

    def _children(self, group: Group) -> Lines:
        if group.parts:
            yield "parts:"
        margin = 2 if group.parts else 0
        for child in group.children:
            code = child.code.removeprefix(f"{group.code}.") if group.parts else child.code
            yield from ("" for _ in range(group.code == TOTAL))
            yield f"{' ' * margin}{scalar(f'{code} {child.name}')}:"
            yield from _indented(self._row(child), margin + 2)

    def _numbers(self, row: Row, heading: Row | None) -> Lines:
        chain = [row.code]
        none = isinstance(row, Group) and row.combine.name == "none"
        if not none or (row.code, "max") in self.said:
            yield f"{row.role}: {self._stated(row.role, write_number(row.max), chain)}"
        averaged = isinstance(heading, Group) and heading.combine.name in _WEIGHING
        if averaged or (row.code, "weight") in self.said:
            yield f"weight: {self._stated('weight', write_number(row.weight), chain)}"
        for key in ("rows", "criteria"):
            if (row.code, key) in self.said:
                yield f"{key}: {self._stated(key, '', chain)}"
        if isinstance(row, Group):
            sums = row.combine.name == "sum"
            yield "combine: sum" if sums else f"combine: {self._stated('combine', row.combine.name, chain)}"

    def _policies(self, row: Row, heading: Row | None, chain: list[str]) -> Lines:
        for key, policy in (("missing", row.missing), ("not-applicable", row.not_applicable)):
            if policy is not None:
                yield f"{key}: {self._stated(key, policy, [row.code])}"
            elif heading is None:
                yield f"# {key}: refuse (default)"
        if heading is None or row.publish != heading.publish:
            texts = {"as": row.publish.scale, "decimals": str(row.publish.decimals), "rounding": row.publish.rounding}
            yield from self._under("publish", texts, chain)
        if heading is None or row.rank != heading.rank:
            yield from self._under("rank", {"ties": row.rank.ties, "on": row.rank.on}, chain)
            if row.rank.then:
                yield f"  then: [{', '.join(map(quoted, row.rank.then))}]"
        if row.levels:
            yield from self._levels(row)
        if row.evidence:
            at, path = self._home("evidence", chain)
            yield "evidence:"
            yield f"  ask: {scalar(row.evidence.ask)}"
            if row.evidence.due:
                yield f"  due: {scalar(row.evidence.due)}"
            yield f"  without: {self._stated(f'{path}evidence.without', row.evidence.without, [at])}"

    def _under(self, key: str, texts: dict[str, str], chain: list[str]) -> Lines:
        yield f"{key}:"
        yield from (f"  {name}: {self._stated(f'{key}.{name}', text, chain)}" for name, text in texts.items())

    def _levels(self, row: Row) -> Lines:
        if row.levels is None:
            return
        yield "levels:"
        for level in row.levels.levels:
            key, at = f"levels.{level.name}", [row.code]
            gates = (f"{quoted(code)}: {self._stated(f'{key}.only-if.{code}', '', at)}" for code, _ in level.only_if)
            extra = f", only-if: {{{', '.join(gates)}}}" if level.only_if else ""
            yield f"  {scalar(level.name)}: {self._stated(key, '', at, extra)}"
        yield f"between-levels: {self._stated('between-levels', row.levels.between, [row.code])}"

    def _measure(self, row: Indicator) -> Lines:
        rule, name = row.measure, row.measure.name
        if name == "ratio":
            yield from self._ratio(row)
        elif name in ("choice", "checks"):
            yield f"{name}:"
            listed = self.said[row.code, "rule"].text.partition("$")[2].partition(",")[0]
            for case in rule.get("cases"):
                code = case.code.removeprefix(f"{row.code}.")
                at, key = (TOTAL, f"choices.{listed}.{code}") if listed else (row.code, f"{name}.{code}")
                yield f"  {scalar(f'{code} {case.name}')}: {self._stated(key, write_number(case.points), [at])}"
        elif name == "all-of":
            yield "all-of:"
            for one in map(self.scheme.input, row.inputs):
                line = f"{one.code.removeprefix(row.code + '.')} {one.name}"
                yield f"  {scalar(line)}: {scalar(one.notes) if one.owner else f'${one.code}'}"
        elif "." in name:
            yield from self._plugin(name, [row.code])
        else:
            yield f"{name}: {self._column(rule.get('input'))}"

    def _column(self, code: str) -> str:
        one = self.scheme.input(code)
        return scalar(one.name) if one.owner else f"${code}"

    def _ratio(self, row: Indicator) -> Lines:
        rule, chain = row.measure, [row.code]
        yield "ratio:"
        for part in ("a", "b"):
            yield from _indented(self._quantity(row, part, rule.get(part)), 2)
        yield f"  per: {self._stated('ratio.per', write_number(rule.get('per')), chain)}"
        yield f"  over: {self._stated('ratio.over', rule.get('over'), chain)}"
        yield f"  if-none: {self._stated('ratio.if-none', rule.get('if_none'), chain)}"
        if rule.get("floor") is not None:
            yield f"  floor: {self._stated('ratio.floor', '', chain)}"

    def _quantity(self, row: Indicator, part: str, quantity: Quantity) -> Lines:
        if not quantity.terms:
            yield f"{part}: {self._stated(f'ratio.{part}', write_number(quantity.constant), [row.code])}"
            return
        code, factor = quantity.terms[0]
        one = self.scheme.input(code)
        if len(quantity.terms) == 1 and factor == 1 and code in (f"{row.code}.{part}", one.code * (not one.owner)):
            yield f"{part}: {self._column(code)}"
            return
        yield f"{part}:"
        yield "  sum:"
        for code, factor in quantity.terms:
            one = self.scheme.input(code)
            local = code.removeprefix(f"{row.code}.") if one.owner else f"${code}"
            key = scalar(f"{local} {one.name}") if one.owner else local
            yield f"    {key}: {self._stated(f'ratio.{part}.sum.{local}', write_number(factor), [row.code])}"

    def _scale(self, scale: Rule, chain: list[str]) -> Lines:
        name = scale.name
        at, path = self._home(name, chain)
        if "." in name:
            yield from self._plugin(name, chain)
        elif name in ("steps", "steps-down"):
            yield f"{name}:"
            start = f"{path}{name}."
            for (where, key), one in self.said.items():
                if where == at and key.startswith(start):
                    yield f"  {key.removeprefix(start)}: {self._number(one)}"
        elif name == "each":
            yield f"each: {self._stated(f'{path}each', write_number(scale.get('points')), [at])}"
        elif name == "goalposts":
            yield "goalposts:"
            for key, end in (("from", scale.get("start")), ("to", scale.get("end"))):
                yield f"  {key}: {self._stated(f'{path}goalposts.{key}', write_number(end), [at])}"
            yield f"  log: {str(scale.get('log')).lower()}"
        else:
            stated = self.said.get((at, f"{path}{name}"))
            yield f"{name}: {scale.get('over')}" + (f"  # {stated.citation}" if stated else "")

    def _home(self, name: str, chain: list[str]) -> tuple[str, str]:
        """Return which row says something, and on which path: the row itself, or the `below` of a heading."""
        own = self.nodes.get(chain[0])
        if isinstance(own, Mapping) and name in own:
            return chain[0], ""
        for code in chain[1:]:
            node = self.nodes.get(code)
            below = node.get("below") if isinstance(node, Mapping) else None
            if isinstance(below, Mapping) and name in below:
                return code, "below."
        return chain[0], ""

    def _plugin(self, name: str, chain: list[str]) -> Lines:
        at, path = self._home(name, chain)
        node = self.nodes[at]
        if path and isinstance(node, Mapping):
            node = node.get("below") or node
        found = node.get(name) if isinstance(node, Mapping) else None
        return block(name, found) if found is not None else iter(())

    def _stated(self, key: str, default: str, chain: Iterable[str], extra: str = "") -> str:
        """Return a number or word with its status, as the nearest row of the chain states it, else the default."""
        found = next((self.said[code, key] for code in chain if (code, key) in self.said), None)
        return self._number(found or Statement("", key, default, _DEFAULT), extra)

    def _number(self, one: Statement, extra: str = "") -> str:
        between = f", between: [{', '.join(map(write_number, one.between))}]" if one.between else ""
        status = f", {_status(one.citation)}"
        if one.citation == Citation():  # nobody says anything, so that what stands in the row is enough
            if not between and not extra:
                return flow(one.text)
            status = ""
        return f"{{is: {flow(one.text)}{status}{between}{extra}}}"


def _names(scheme: Scheme) -> Vocabulary:
    """Return the names of the strategies, which is all that a patch needs to know of them."""
    measures = {*MEASURES, *(row.measure.name for row in scheme.indicators)}
    scales = {*SCALES, *(row.scale.name for row in scheme.rows() if row.scale)}
    registries: list[Registry[Any]] = [
        Registry[Any]("strategy").adding_things("", dict.fromkeys(names)) for names in (measures, scales, ())
    ]
    return Vocabulary(*registries)


def _status(citation: Citation) -> str:
    return f"{citation.status}: {quoted(citation.words)}"


def _indented(lines: Iterable[str], by: int) -> Iterator[str]:
    margin = " " * by
    return (margin + line if line else line for line in lines)
