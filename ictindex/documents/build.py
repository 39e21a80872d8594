"""Document to Scheme: tolerant while it reads, strict at the end.

Every problem of a document is gathered before any is raised. What `structure` has reported is left out quietly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve

from ictindex.citations import Citation, Source
from ictindex.documents.check import meaning_problems
from ictindex.documents.check_overlays import UNREAD, Compared, blamed, overlay_problems
from ictindex.documents.draft import Draft, mapping_items, words
from ictindex.documents.grammar import read_number, split_line
from ictindex.documents.inputs import case_lines, read_shared
from ictindex.documents.meant import as_meant, is_misspelt
from ictindex.documents.overlays import Laid, laid
from ictindex.documents.policies import default_statements, pools_rule
from ictindex.documents.rows import Above, read_row
from ictindex.documents.rules import read_case
from ictindex.documents.source import Document, Mapping, Node
from ictindex.documents.status import Speaker, citation_of, speaker_in
from ictindex.documents.structure import structure_problems
from ictindex.documents.variants import variants
from ictindex.errors import Location, Problem, SchemeInvalid, Severity, UnknownName, did_you_mean
from ictindex.messages import either, say
from ictindex.model import TOTAL, Group, Input, OverlayInfo, Scheme, Variant
from ictindex.origins import Reason
from ictindex.registry import Vocabulary

MERGED = ("refuse", "mean-of-rows", "sum-of-inputs")


def build_scheme(
    document: Document, vocabulary: Vocabulary, *, variant: str = "", overlay: Document | None = None
) -> Scheme:
    """Return the scheme that a document describes, with an overlay laid over it and in one of its variants.

    Raises SchemeInvalid with every problem of the documents, and UnknownName where there is no such variant.
    """
    known = variants(document.root)
    if variant and variant not in known:
        listed = say("known: {names}", names=", ".join(known) or say("none"))
        message = say("the scheme has no variant '{name}'", name=variant)
        hint = did_you_mean(variant, known) or listed
        raise UnknownName(Problem("U110", message, Location(document.source), hint))
    scheme, problems = _read(document, vocabulary, variant, overlay)
    errors = _errors(problems)
    if errors:
        raise SchemeInvalid(errors)
    return scheme


def check_document(document: Document, vocabulary: Vocabulary, *, overlay: Document | None = None) -> list[Problem]:
    """Return every problem of a document and of its variants, in the order of the file; warnings too.

    With an overlay the problems are those that it has or brings, or the errors of the document where it has any.
    """
    found = _read(document, vocabulary, "", overlay)[1]
    known = set(found)
    for variant, (_, changes) in variants(document.root).items():
        inside = {*_places(changes)}
        more = [one for one in _read(document, vocabulary, variant, overlay)[1] if one not in known]
        found += [one if one.where in inside else _of_variant(one, variant) for one in more]
    return _sorted(found)


def _of_variant(problem: Problem, variant: str) -> Problem:
    """Return a problem that stands where nothing is wrong without the variant, and says so."""
    message = say("in the variant '{variant}': {problem}", variant=variant, problem=problem.message)
    return evolve(problem, message=message)


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.where, problem.code))


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _read(
    document: Document, vocabulary: Vocabulary, variant: str, overlay: Document | None = None
) -> tuple[Scheme, list[Problem]]:
    """Return the scheme as far as it could be read, and every problem that was found."""
    base, known, _ = _made(document, vocabulary, variant)
    if overlay is None:
        return base, known
    own = structure_problems(overlay, vocabulary, kind="overlay")
    if _errors(known):
        return base, _sorted([*own, *_errors(known)])
    scheme, found, read = _made(document, vocabulary, variant, overlay)
    broken = {problem.where for problem in _errors(own)}
    found = [one for one in found if one.where not in broken or one.code.startswith("S1")]
    told = {(one.code, one.where) for one in found}  # of structure, and with the row's code in its words
    if broken or any(one.code in UNREAD for one in found):
        # A change that could not be read may close the sum that another one opens.
        found = [one for one in found if one.where.source == overlay.source]
    problems = [*(one for one in own if (one.code, one.where) not in told)]
    problems += blamed(found, known, base, overlay.source, read.changes)
    if not broken and not variant:
        problems += overlay_problems(Compared.of(document, base, scheme, vocabulary), overlay, read)
    return scheme, _sorted(problems)


def _made(
    document: Document, vocabulary: Vocabulary, variant: str, overlay: Document | None = None
) -> tuple[Scheme, list[Problem], Laid]:
    """Return the scheme as far as it could be read, every problem that was found, and what was read."""
    draft = Draft(vocabulary)
    read = laid(draft, document, overlay, variant)
    said = structure_problems(evolve(document, root=read.root), vocabulary)
    root = as_meant(read.root, said)
    if root is not read.root:  # what stands beneath a misspelt key is looked at as well
        misspelt = [problem for problem in said if is_misspelt(problem)]
        said = [*misspelt, *structure_problems(evolve(document, root=root), vocabulary)]
    scheme = evolve(_top(draft, root), path=(overlay or document).source, variant=variant)
    scheme = evolve(scheme, sha256=_sha256(document, variant, overlay), overlay=_info(document, overlay))
    scheme = evolve(scheme, statements=(*scheme.statements, *default_statements(scheme)))
    found = [*draft.problems, *meaning_problems(draft, scheme)]
    broken = {problem.where for problem in _errors(said)}
    if any(problem.code == "S106" for problem in said):  # a broken plugin is told where its keyword stands
        found = [problem for problem in found if problem.code not in ("U102", "U103")]
    if not broken:
        # Structure had nothing to say, so whatever could not be read must be said here.
        found += draft.unread
    return scheme, _sorted([*said, *(problem for problem in found if problem.where not in broken)]), read


def _sha256(document: Document, variant: str, overlay: Document | None) -> str:
    found = document.sha256
    for more in (f"+{overlay.sha256}" if overlay else "", f"#{variant}" if variant else ""):
        found = hashlib.sha256(f"{found}{more}".encode()).hexdigest() if more else found
    return found


def _info(document: Document, overlay: Document | None) -> OverlayInfo | None:
    if overlay is None:
        return None
    return OverlayInfo(
        revision=_integer(overlay.root.get("revision")) or 1,
        by=words(overlay.root.get("by")),
        date=words(overlay.root.get("date")),
        sha256=overlay.sha256,
        path=overlay.source,
        base_sha256=document.sha256,
        base_path=document.source,
    )


def _top(draft: Draft, root: Mapping) -> Scheme:
    draft.sources.update(_sources(root.get("sources")))
    draft.uses.update((key.text, words(value)) for key, value in mapping_items(root.get("uses")))
    start = Above(overlaid=citation_of(draft, draft.overlay.below if draft.overlay else None, Citation()))
    speaker = lists = speaker_in(draft, TOTAL, root, (start.citation, start.overlaid))
    if speaker.citation is start.citation:
        # Lists and shared inputs are no rows, but what the rows beneath have covers them where the top says nothing.
        lists = evolve(speaker, citation=citation_of(draft, root.get("below"), start.citation))
    read_shared(draft, root.get("inputs"), lists)
    _choices(draft, root.get("choices"), lists)
    title = words(root.get("title"))
    group = read_row(draft, TOTAL, title, root.where, root, start)
    merged = speaker.word("merged", root.get("merged"), MERGED)
    return Scheme(
        id=words(root.get("scheme")),
        title=title,
        en=words(root.get("en")),
        unit=words(root.get("unit")),
        edition=_integer(root.get("edition")) or 0,
        data_year=_integer(root.get("data-year")),
        revision=_integer(root.get("revision")) or 1,
        replaces=words(root.get("replaces")),
        history=tuple((key.text, words(value)) for key, value in mapping_items(root.get("history"))),
        notes=words(root.get("notes")),
        sources=tuple(draft.sources.values()),
        inputs=_columns(draft, root),
        root=group if isinstance(group, Group) else Group(code=TOTAL, name=title),
        pools=pools_rule(draft, root.get("pools"), speaker),
        merged=merged or "refuse",
        self_scored=words(root.get("self-scored")).lower() == "true",
        unit_list=words(root.get("unit-list")),
        unit_list_in=_file_of(root.get("unit-list")),
        reasons=_reasons(draft, root.get("reasons")),
        uses=tuple(draft.uses.items()),
        variants=tuple(Variant(code, name) for code, (name, _) in variants(root).items()),
        statements=tuple(draft.statements),
    )


def _reasons(draft: Draft, node: Node | None) -> tuple[Reason, ...]:
    """Return the reasons for which a declared figure may be changed: a code, its words, in English where they are."""
    found: dict[str, Reason] = {}
    for key, value in mapping_items(node):
        line = split_line(key.text)
        if line is None:
            continue
        if line[0] in found:
            message = say("the reason '{code}' stands twice", code=line[0])
            draft.error("S211", message, key.where, say("give each reason its own code"))
        found[line[0]] = Reason(line[0], either(words(value) or line[1], line[1]))
    return tuple(found.values())


def _file_of(node: Node | None) -> str:
    """Return the file that a node stands in, the scheme's or an overlay's; empty where there is no node."""
    return "" if node is None else node.where.source


def _columns(draft: Draft, root: Mapping) -> tuple[Input, ...]:
    """Return all columns that rows read, in the order of the document."""
    placed = [*draft.columns.values(), *((draft.shared[code], draft.shared_at[code]) for code in draft.used)]
    if draft.overlay is None:
        return tuple(one for one, where in sorted(placed, key=lambda pair: pair[1]))
    order = {where: place for place, where in enumerate(_places(root))}  # lines of two files have no order
    return tuple(one for one, where in sorted(placed, key=lambda pair: order[pair[1]]))


def _places(node: Node) -> Iterator[Location]:
    yield node.where
    for key, value in mapping_items(node):
        yield key.where
        yield from _places(value)


def _sources(node: Node | None) -> dict[str, Source]:
    found = {}
    for key, value in mapping_items(node):
        line = split_line(key.text)
        if line:
            about = {name.text: words(said) for name, said in mapping_items(value)}
            known = {name: about.get(name, "") for name in ("date", "url", "page", "until")}
            found[line[0]] = Source(line[0], line[1], **known)
    return found


def _choices(draft: Draft, node: Node | None, speaker: Speaker) -> None:
    inner = speaker.within(node, "choices")
    for code, _, key, cases in case_lines(node):
        if not isinstance(cases, Mapping):
            draft.skip(say("lines of cases"), cases)
            continue
        if code in draft.lists:
            message = say("the list '{code}' stands twice", code=code)
            draft.error("S211", message, key.where, say("give each list its own code"))
        draft.lists[code] = (key, cases)
        stated = inner.within(cases, code)
        for case, _, _, value in case_lines(cases):
            read_case(stated, case, value, Fraction(1))


def _integer(node: Node | None) -> int | None:
    number = read_number(words(node))
    return int(number) if number is not None and number.denominator == 1 else None
