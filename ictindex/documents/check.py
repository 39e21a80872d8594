"""What a scheme must mean: maxima add up, counts are as stated, inputs are used, levels can be reached.

Each check looks at rows that are already built, and says what would put things right. Rows that could not be read
whole (`Draft.doubtful`) have a problem already, so nothing is summed over them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ictindex.documents.check_inputs import input_problems, list_problems
from ictindex.documents.check_levels import level_problems
from ictindex.documents.check_names import name_problems
from ictindex.documents.check_numbering import numbering_problems
from ictindex.documents.check_points import point_problems
from ictindex.documents.check_reach import reach_problems
from ictindex.documents.check_rules import evidence_problems, rule_problems
from ictindex.documents.check_status import status_problems
from ictindex.documents.check_weights import weight_problems
from ictindex.documents.draft import Draft, name_of
from ictindex.documents.grammar import ADDING, WEIGHING, write_number
from ictindex.documents.source import Mapping
from ictindex.errors import Location, Problem, Severity, did_you_mean
from ictindex.messages import joined, say
from ictindex.model import RESERVED_SUFFIXES, TOTAL, Group, Indicator, Row, Scheme, walk

_TABLE_WORDS = ("unit", "name")


def meaning_problems(draft: Draft, scheme: Scheme) -> list[Problem]:
    """Return what is wrong with the meaning of the rows (S2xx), in no particular order."""
    top = draft.places[TOTAL].node
    if top.get("cases") is not None:
        return []  # no scheme at all, which is said already
    found: list[Problem] = [*_top(draft, scheme), *input_problems(draft), *status_problems(draft, scheme)]
    found += [
        *list_problems(draft, scheme),
        *name_problems(draft, scheme),
        *numbering_problems(draft),
        *reach_problems(draft, scheme),
        *point_problems(draft, scheme),
    ]
    for row in scheme.rows():
        found += [*_codes(draft, row, scheme), *_numbers(draft, row), *level_problems(draft, row, scheme)]
        if isinstance(row, Group):
            found += [
                *_children(draft, row),
                *_counts(draft, row),
                *_maxima(draft, row),
                *weight_problems(draft, row),
                *evidence_problems(draft, row),
            ]
        elif isinstance(row, Indicator):
            found += rule_problems(draft, row)
    return found


def _top(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    place = draft.places[TOTAL]
    if not scheme.root.children and TOTAL not in draft.doubtful:
        line = say("add a line for each heading or criterion, such as `1 Nhận thức số: {{max: 60, assessed: }}`")
        yield Problem("S210", say("the scheme has no rows"), place.line, line)
    if scheme.merged == "mean-of-rows" and scheme.root.combine.name not in ("sum", "mean"):
        message = say(
            "`merged: mean-of-rows` needs rows that are added or averaged; they combine by `{how}`",
            how=scheme.root.combine.name,
        )
        yield Problem("S256", message, place.of("merged"), say("use `merged: sum-of-inputs`, or refuse"))
    for row in scheme.rows():
        rank = draft.places[row.code].node.get("rank")
        stated = isinstance(rank, Mapping) and rank.get("then") is not None
        for code in row.rank.then:
            if stated and code not in draft.places:
                listed = say("`then` lists codes of rows, in the order they break a tie")
                hint = did_you_mean(code, draft.places) or listed
                message = say("`rank.then` names '{code}', which is no row", code=code)
                yield Problem("S255", message, _place(draft, row, "rank"), hint)


def _codes(draft: Draft, row: Row, scheme: Scheme) -> Iterable[Problem]:
    ending = next((suffix for suffix in RESERVED_SUFFIXES if row.code.endswith(suffix)), "")
    where = draft.places[row.code].line
    if ending:
        message = say("the code '{code}' ends in '{ending}', which tables use", code=row.code, ending=ending)
        yield Problem("S212", message, where, say("choose another code"))
    pool = scheme.pools.by if scheme.pools else ""
    if row.code != TOTAL and row.code in (*_TABLE_WORDS, pool):
        message = say("the code '{code}' is the name of a table's column", code=row.code)
        yield Problem("S212", message, where, say("choose another code"))


def _numbers(draft: Draft, row: Row) -> Iterable[Problem]:
    if row.max < 0:
        message = say("the points of {row} are {points}, below 0", row=row.code, points=write_number(row.max))
        hint = say("write `deduct:` for points that are taken away")
        if row.role == "deduct":
            hint = say("write `deduct: {points}`: they are taken away already", points=write_number(-row.max))
        yield Problem("S213", message, _place(draft, row, row.role), hint)
    if row.effort is not None and row.effort.number <= 0:
        effort = write_number(row.effort.number)
        message = say("the effort of {row} is {effort}, not above 0", row=name_of(row.code), effort=effort)
        hint = say("write what it takes from nothing to full marks, such as `effort: {{is: 20, assumed: days}}`")
        yield Problem("S287", message, _place(draft, row, "effort"), hint)
    if row.weight < 0:
        message = say("the weight of {row} is {weight}, below 0", row=row.code, weight=write_number(row.weight))
        yield Problem("S221", message, _place(draft, row, "weight"), say("a weight is 0 or more"))


def _children(draft: Draft, group: Group) -> Iterable[Problem]:
    how = group.combine.name
    if group.code in draft.unjoined:
        return
    if how == "none" and group.code != TOTAL:
        message = say("{row} combines none of its rows, so it has no score for the heading above", row=group.code)
        yield Problem("S220", message, _place(draft, group, "combine"), say("`combine: none` is for the top only"))
    for child in group.children:
        if child.role != "max" and how not in ADDING:
            message = say(
                "{row} has `{role}`, but its heading combines by `{how}`", row=child.code, role=child.role, how=how
            )
            yield Problem("S219", message, _place(draft, child, child.role), say("a bonus or deduction needs a sum"))
        stated = draft.places[child.code].node.get("weight")
        if stated is not None and how in (*ADDING, "best", "least", "none"):
            message = say("the weight of {row} has no effect: its heading combines by `{how}`", row=child.code, how=how)
            yield Problem("S222", message, stated.where, say("delete it, or combine by mean"), Severity.WARNING)
    if how in WEIGHING and group.children and not sum(child.weight for child in group.children):
        message = say("the weights beneath {row} are all 0", row=name_of(group.code))
        yield Problem("S221", message, draft.places[group.code].line, say("give one a weight above 0"))


def _counts(draft: Draft, group: Group) -> Iterable[Problem]:
    broken = any(row.code in draft.doubtful for row in walk(group))
    rows = len(group.children)
    if group.stated_rows is not None and group.stated_rows != rows and not broken:
        message = say(
            "`rows` of {row} says {stated}, but {found} stand directly beneath it",
            row=name_of(group.code),
            stated=group.stated_rows,
            found=rows,
        )
        yield Problem("S232", message, _place(draft, group, "rows"), _recount("rows", group.stated_rows, rows))
    if group.stated_criteria is not None and not broken:
        criteria = _criteria(group)
        if criteria != group.stated_criteria:
            message = say(
                "`criteria` of {row} says {stated}, but {found} are measured beneath it",
                row=name_of(group.code),
                stated=group.stated_criteria,
                found=criteria,
            )
            hint = _recount("criteria", group.stated_criteria, criteria)
            yield Problem("S232", message, _place(draft, group, "criteria"), hint)


def _recount(key: str, stated: int, found: int) -> str:
    if stated > found:
        return say("{count} missing; or write `{key}: {found}`", count=stated - found, key=key, found=found)
    return say("{count} too many; or write `{key}: {found}`", count=found - stated, key=key, found=found)


def _criteria(row: Row) -> int:
    whole = not isinstance(row, Group) or row.parts
    return 1 if whole else sum(_criteria(child) for child in getattr(row, "children", ()))


def _maxima(draft: Draft, group: Group) -> Iterable[Problem]:
    if group.code in draft.unjoined or any(child.max < 0 for child in group.children):
        return  # what is wrong is told already, and what would follow from it is not known
    children = [child for child in group.children if child.role == "max"]
    missing = [child for child in children if child.code in draft.no_max]
    others = sum((child.max for child in children if child not in missing), Fraction(0))
    broken = any(row.code in draft.doubtful for row in (group, *children))
    has_max = group.code not in draft.no_max and not broken
    for child in missing:
        yield _no_max(draft, group, child, len(children), missing, group.max - others if has_max else None)
    if group.code == TOTAL and group.code in draft.no_max:
        hint = _would_close(others) if children and not missing and not broken else say("add `max:`")
        yield Problem("S213", say("the top has no `max`"), draft.places[TOTAL].line, hint)
    if missing or not has_max or not children:
        return
    checks = {"sum": _sum, "capped": _capped, "best": _best, "least": _least}
    check = checks.get(group.combine.name)
    if check:
        yield from check(draft, group, children)


def _no_max(draft: Draft, group: Group, child: Row, rows: int, missing: list[Row], left: Fraction | None) -> Problem:
    where, message = draft.places[child.code].line, say("{row} has no `max`", row=child.code)
    if isinstance(child, Group) and child.combine.name in ADDING:
        beneath = [one for one in child.children if one.role == "max"]
        if beneath and not draft.no_max & {one.code for one in beneath}:
            total = sum((one.max for one in beneath), Fraction(0))
            return Problem("S213", message, where, _would_close(total))
    if left is None or left < 0 or group.combine.name != "sum":
        return Problem("S213", message, where, say("every row of a sum needs its points; 0 is informational"))
    said, rest = {"above": name_of(group.code), "max": write_number(group.max)}, write_number(left)
    if len(missing) > 1:
        codes = ", ".join(one.code for one in missing)
        hint = say("{above} says {max}; {rest} are left for {codes}", **said, rest=rest, codes=codes)
        return Problem("S213", message, where, hint)
    count, others = rows - 1, write_number(group.max - left)
    if count == 0:
        message = say("{row} has no `max`; {above} says {max} and it is the only row", row=child.code, **said)
    elif count == 1:
        message = say(
            "{row} has no `max`; {above} says {max} and the other one has {others}",
            row=child.code,
            **said,
            others=others,
        )
    else:
        message = say(
            "{row} has no `max`; {above} says {max} and the other {count} add up to {others}",
            row=child.code,
            **said,
            count=count,
            others=others,
        )
    return Problem("S213", message, where, say("`max: {max}` would close the sum", max=rest))


def _would_close(total: Fraction) -> str:
    return say("its rows add up to {total}, so `max: {total}` would close the sum", total=write_number(total))


def _sum(draft: Draft, group: Group, children: list[Row]) -> Iterable[Problem]:
    total, said = sum((child.max for child in children), Fraction(0)), group.max
    if total == said:
        return
    about = {"row": name_of(group.code), "total": write_number(total), "max": write_number(said)}
    fitting = [child for child in children if child.max + said - total >= 0]
    hint = say("`max: {max}` would close the sum", max=write_number(total))
    if len(fitting) == 1:
        hint = say(
            "`max: {max}` would close the sum, or {points} for {row}",
            max=write_number(total),
            points=write_number(fitting[0].max + said - total),
            row=fitting[0].code,
        )
    if total > said:
        message = say(
            "the rows beneath {row} add up to {total}, {difference} too many for its max {max}",
            **about,
            difference=write_number(total - said),
        )
        hint = joined([hint, say("'at most' is `combine: capped`, the best of several is `combine: best`")], by="; ")
        beyond = say("points given or taken beyond the maximum are `bonus:` or `deduct:` in place of `max:`")
        hint = joined([hint, beyond], by="; ")
    else:
        message = say(
            "the rows beneath {row} add up to {total}, {difference} too few for its max {max}",
            **about,
            difference=write_number(said - total),
        )
    yield Problem("S230", message, _place(draft, group, "max"), hint)


def _capped(draft: Draft, group: Group, children: list[Row]) -> Iterable[Problem]:
    total = sum((child.max for child in children), Fraction(0))
    if total < group.max:
        message = say(
            "{row} is cut at {max}, but its rows add up to only {total}",
            row=name_of(group.code),
            max=write_number(group.max),
            total=write_number(total),
        )
        hint = say("`max: {max}` would be reached; is a row missing?", max=write_number(total))
        yield Problem("S230", message, _place(draft, group, "max"), hint)


def _best(draft: Draft, group: Group, children: list[Row]) -> Iterable[Problem]:
    top = max(children, key=lambda child: child.max)
    if top.max != group.max:
        message = say(
            "the best row beneath {row} is {best} with {points}, not its max {max}",
            row=name_of(group.code),
            best=top.code,
            points=write_number(top.max),
            max=write_number(group.max),
        )
        yield Problem("S230", message, _place(draft, group, "max"), _would_agree(top))


def _least(draft: Draft, group: Group, children: list[Row]) -> Iterable[Problem]:
    low = min(children, key=lambda child: child.max)
    if low.max != group.max:
        message = say(
            "the least row beneath {row}, {least}, ends at {points}, not at its max {max}",
            row=name_of(group.code),
            least=low.code,
            points=write_number(low.max),
            max=write_number(group.max),
        )
        yield Problem("S230", message, _place(draft, group, "max"), _would_agree(low))


def _would_agree(child: Row) -> str:
    return say("`max: {max}` would agree", max=write_number(child.max))


def _place(draft: Draft, row: Row, key: str) -> Location:
    return draft.places[row.code].of(key)
