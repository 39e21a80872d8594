"""What a scheme must mean: maxima add up, counts are as stated, inputs are used, levels can be reached.

Each check looks at rows that are already built, and says what would put things right. Rows that could not be read
whole (`Draft.doubtful`) have a problem already, so nothing is summed over them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ictindex.documents.check_inputs import input_problems
from ictindex.documents.check_levels import level_problems
from ictindex.documents.check_rules import rule_problems
from ictindex.documents.draft import Draft
from ictindex.documents.grammar import write_number
from ictindex.documents.source import Mapping
from ictindex.errors import Location, Problem, Severity, did_you_mean
from ictindex.model import RESERVED_SUFFIXES, TOTAL, Group, Indicator, Row, Scheme, walk

_ADDING = ("sum", "capped")
_WEIGHING = ("mean", "geometric")
_TABLE_WORDS = ("unit", "name")


def meaning_problems(draft: Draft, scheme: Scheme) -> list[Problem]:
    """Return what is wrong with the meaning of the rows (S2xx), in no particular order."""
    top = draft.places[TOTAL].node
    if top.get("cases") is not None or top.get("overlay") is not None:
        return []  # a document of another kind, which is said already
    found: list[Problem] = [*_top(draft, scheme), *input_problems(draft)]
    for row in scheme.rows():
        found += [*_codes(draft, row, scheme), *_numbers(draft, row), *level_problems(draft, row, scheme)]
        if isinstance(row, Group):
            found += [*_children(draft, row), *_counts(draft, row), *_maxima(draft, row)]
        elif isinstance(row, Indicator):
            found += rule_problems(draft, row)
    return found


def _top(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    place = draft.places[TOTAL]
    if not scheme.root.children and TOTAL not in draft.doubtful:
        hint = "add a line for each heading or criterion, such as `1 Nhận thức số: {max: 60, assessed: }`"
        yield Problem("S210", "the scheme has no rows", place.line, hint)
    if scheme.merged == "mean-of-rows" and scheme.root.combine.name not in ("sum", "mean"):
        message = f"`merged: mean-of-rows` needs rows that are added or averaged; they combine by {_how(scheme.root)}"
        yield Problem("S256", message, place.of("merged"), "use `merged: sum-of-inputs`, or refuse")
    for row in scheme.rows():
        rank = draft.places[row.code].node.get("rank")
        stated = isinstance(rank, Mapping) and rank.get("then") is not None
        for code in row.rank.then:
            if stated and code not in draft.places:
                hint = did_you_mean(code, draft.places) or "`then` lists codes of rows, in the order they break a tie"
                yield Problem("S255", f"`rank.then` names '{code}', which is no row", _place(draft, row, "rank"), hint)


def _codes(draft: Draft, row: Row, scheme: Scheme) -> Iterable[Problem]:
    ending = next((suffix for suffix in RESERVED_SUFFIXES if row.code.endswith(suffix)), "")
    where = draft.places[row.code].line
    if ending:
        message = f"the code '{row.code}' ends in '{ending}', which tables use"
        yield Problem("S212", message, where, "choose another code")
    pool = scheme.pools.by if scheme.pools else ""
    if row.code != TOTAL and row.code in (*_TABLE_WORDS, pool):
        yield Problem("S212", f"the code '{row.code}' is the name of a table's column", where, "choose another code")


def _numbers(draft: Draft, row: Row) -> Iterable[Problem]:
    if row.max < 0:
        message = f"the points of {row.code} are {write_number(row.max)}, below 0"
        yield Problem("S213", message, _place(draft, row, row.role), "write `deduct:` for points that are taken away")
    if row.weight < 0:
        message = f"the weight of {row.code} is {write_number(row.weight)}, below 0"
        yield Problem("S221", message, _place(draft, row, "weight"), "a weight is 0 or more")


def _children(draft: Draft, group: Group) -> Iterable[Problem]:
    how = group.combine.name
    if how == "none" and group.code != TOTAL:
        message = f"{group.code} combines none of its rows, so it has no score for the heading above"
        yield Problem("S220", message, _place(draft, group, "combine"), "`combine: none` is for the top only")
    for child in group.children:
        if child.role != "max" and how not in _ADDING:
            message = f"{child.code} has `{child.role}`, but its heading combines by {_how(group)}"
            yield Problem("S219", message, _place(draft, child, child.role), "a bonus or deduction needs a sum")
        stated = draft.places[child.code].node.get("weight")
        if stated is not None and how in (*_ADDING, "best", "least", "none"):
            message = f"the weight of {child.code} has no effect: its heading combines by {_how(group)}"
            yield Problem("S222", message, stated.where, "delete it, or combine by mean", Severity.WARNING)
    if how in _WEIGHING and group.children and not sum(child.weight for child in group.children):
        message = f"the weights beneath {_name(group)} are all 0"
        yield Problem("S221", message, draft.places[group.code].line, "give one a weight above 0")


def _counts(draft: Draft, group: Group) -> Iterable[Problem]:
    broken = any(row.code in draft.doubtful for row in walk(group))
    rows = len(group.children)
    if group.stated_rows is not None and group.stated_rows != rows and not broken:
        yield _count_problem(draft, group, "rows", group.stated_rows, rows, "stand directly beneath it")
    if group.stated_criteria is not None and not broken:
        criteria = _criteria(group)
        if criteria != group.stated_criteria:
            yield _count_problem(draft, group, "criteria", group.stated_criteria, criteria, "are measured beneath it")


def _count_problem(draft: Draft, group: Group, key: str, stated: int, found: int, stand: str) -> Problem:
    many = f"{stated - found} missing" if stated > found else f"{found - stated} too many"
    message = f"`{key}` of {_name(group)} says {stated}, but {found} {stand}"
    return Problem("S232", message, _place(draft, group, key), f"{many}; or write `{key}: {found}`")


def _criteria(row: Row) -> int:
    whole = not isinstance(row, Group) or row.parts
    return 1 if whole else sum(_criteria(child) for child in getattr(row, "children", ()))


def _maxima(draft: Draft, group: Group) -> Iterable[Problem]:
    children = [child for child in group.children if child.role == "max"]
    missing = [child for child in children if child.code in draft.no_max]
    others = sum((child.max for child in children if child not in missing), Fraction(0))
    broken = any(row.code in draft.doubtful for row in (group, *children))
    has_max = group.code not in draft.no_max and not broken
    for child in missing:
        yield _no_max(draft, group, child, len(children), missing, group.max - others if has_max else None)
    if group.code == TOTAL and group.code in draft.no_max:
        hint = "add `max:`"
        if children and not missing and not broken:
            hint = f"its rows add up to {write_number(others)}, so `max: {write_number(others)}` would close the sum"
        yield Problem("S213", "the top has no `max`", draft.places[TOTAL].line, hint)
    if missing or not has_max or not children:
        return
    checks = {"sum": _sum, "capped": _capped, "best": _best, "least": _least}
    check = checks.get(group.combine.name)
    if check:
        message, hint = check(group, children)
        if message:
            yield Problem("S230", message, _place(draft, group, "max"), hint)


def _no_max(draft: Draft, group: Group, child: Row, rows: int, missing: list[Row], left: Fraction | None) -> Problem:
    where, message = draft.places[child.code].line, f"{child.code} has no `max`"
    if isinstance(child, Group) and child.combine.name in _ADDING:
        beneath = [one for one in child.children if one.role == "max"]
        if beneath and not draft.no_max & {one.code for one in beneath}:
            total = write_number(sum((one.max for one in beneath), Fraction(0)))
            return Problem("S213", message, where, f"its rows add up to {total}, so `max: {total}` would close the sum")
    if left is None or left < 0 or group.combine.name != "sum":
        return Problem("S213", message, where, "every row of a sum needs its points; 0 is informational")
    said, others = f"{_name(group)} says {write_number(group.max)}", write_number(group.max - left)
    count = rows - len(missing)
    rest = f"the other {count} add up to {others}"
    if count < 2:
        rest = f"the other one has {others}" if count else "it is the only row"
    if len(missing) == 1:
        hint = f"`max: {write_number(left)}` would close the sum"
        return Problem("S213", f"{message}; {said} and {rest}", where, hint)
    codes = ", ".join(one.code for one in missing)
    return Problem("S213", message, where, f"{said}; {write_number(left)} are left for {codes}")


def _sum(group: Group, children: list[Row]) -> tuple[str, str]:
    total, said = sum((child.max for child in children), Fraction(0)), group.max
    if total == said:
        return "", ""
    difference = write_number(abs(total - said))
    many = f"{difference} too {'many' if total > said else 'few'}"
    hint = f"`max: {write_number(total)}` would close the sum"
    fitting = [child for child in children if child.max + said - total >= 0]
    if len(fitting) == 1:
        hint += f", or {write_number(fitting[0].max + said - total)} for {fitting[0].code}"
    if total > said:
        hint += "; for 'at most' write `combine: capped`"
    message = f"the rows beneath {_name(group)} add up to {write_number(total)}"
    return f"{message}, {many} for its max {write_number(said)}", hint


def _capped(group: Group, children: list[Row]) -> tuple[str, str]:
    total = sum((child.max for child in children), Fraction(0))
    if total >= group.max:
        return "", ""
    message = f"{_name(group)} is cut at {write_number(group.max)}, but its rows add up to only {write_number(total)}"
    return message, f"`max: {write_number(total)}` would be reached; is a row missing?"


def _best(group: Group, children: list[Row]) -> tuple[str, str]:
    top = max(children, key=lambda child: child.max)
    if top.max == group.max:
        return "", ""
    message = f"the best row beneath {_name(group)} is {top.code} with {write_number(top.max)}"
    return f"{message}, not its max {write_number(group.max)}", f"`max: {write_number(top.max)}` would agree"


def _least(group: Group, children: list[Row]) -> tuple[str, str]:
    low = min(children, key=lambda child: child.max)
    if low.max == group.max:
        return "", ""
    message = f"the least row beneath {_name(group)}, {low.code}, ends at {write_number(low.max)}"
    return f"{message}, not at its max {write_number(group.max)}", f"`max: {write_number(low.max)}` would agree"


def _how(group: Group) -> str:
    return f"`{group.combine.name}`"


def _name(row: Row) -> str:
    return "the top" if row.code == TOTAL else row.code


def _place(draft: Draft, row: Row, key: str) -> Location:
    return draft.places[row.code].of(key)
