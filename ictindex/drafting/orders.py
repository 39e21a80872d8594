"""What a person orders of `ictindex new`, read and refused kindly: family, edition, unit, title, groups.

Problems: U120 something is not said, U121 something cannot be used, U125 orders that do not go together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ictindex.documents.source import not_allowed
from ictindex.drafting.grid import one_line, tidy
from ictindex.drafting.head import UNITS, About
from ictindex.drafting.starter import GroupOfRows, read_group
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.model import RESERVED_SUFFIXES, TOTAL

FIRST_YEAR, LAST_YEAR = 1990, 2100
_WORD = re.compile("[a-z0-9][a-z0-9-]*")


def check_family(text: str) -> Problem | None:
    """Return what is wrong with the word for who issued the decision, such as `dong-thap-1397`, or None."""
    if _WORD.fullmatch(text):
        return None
    meant = _plain(text)
    message = say("the family '{family}' cannot be used: it is part of a file's name", family=text[:60])
    rule = say("use letters a-z without accents, digits and -, such as dong-thap-1397")
    return Problem("U121", message, hint=say("write {family}", family=meant) if meant else rule)


def check_edition(text: str) -> Problem | None:
    """Return what is wrong with the year that is assessed, or None."""
    if re.fullmatch("[0-9]{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return None
    message = say("the edition '{edition}' is not a year", edition=text[:60])
    return Problem("U121", message, hint=say("write the year that is assessed, such as 2025"))


def check_unit(text: str) -> Problem | None:
    """Return what is wrong with the word for who is scored, or None."""
    if _WORD.fullmatch(text) and not text.isdigit():
        return None
    meant = next((word for word, told in UNITS.items() if one_line(text).casefold() in (told, told[4:])), "")
    message = say("the unit '{unit}' cannot be used", unit=text[:60])
    hint = say("write one word in small letters: {units}", units=", ".join(UNITS))
    return Problem("U121", message, hint=say("write {unit}", unit=meant) if meant else hint)


def check_title(text: str) -> Problem | None:
    """Return what is wrong with a title, or None. It may be empty."""
    trouble = not_allowed(text)
    return Problem("U121", trouble, hint=say("type the title anew")) if trouble else None


def check_group(text: str, before: Iterable[GroupOfRows] = ()) -> Problem | None:
    """Return what is wrong with a group such as `1 Nhận thức số=60`, beside the groups before it, or None."""
    group = read_group(text)
    trouble = not_allowed(text)
    if trouble:
        return Problem("U121", trouble, hint=say("type the group anew"))
    if group is None:
        message = say("the group '{group}' cannot be read", group=text[:60])
        hint = say("write a code, a blank, words, = and points above 0, such as: 1 Nhận thức số=60")
        return Problem("U121", message, hint=hint)
    if group.code in (TOTAL, "unit", "name") or group.code.endswith((*RESERVED_SUFFIXES, ".")):
        message = say("the code '{code}' cannot be used: tables use it", code=group.code)
        return Problem("U121", message, hint=say("choose another code, such as 1 or I"))
    for other in before:
        codes = (group.code.casefold(), other.code.casefold())
        if codes[0] == codes[1] or any(f"{one}.".startswith(f"{two}.") for one, two in (codes, codes[::-1])):
            message = say("the code '{code}' does not go with '{other}'", code=group.code, other=other.code)
            return Problem("U121", message, hint=say("give each group a code of its own, such as 1, 2, 3"))
    return None


def read_orders(
    family: str, edition: str, unit: str, title: str, groups: Sequence[str] | None
) -> tuple[About, list[GroupOfRows]]:
    """Return what the new scheme is, and its groups; `groups` is None where a table brings them.

    Raises WrongUse with everything that is missing or cannot be used.
    """
    needed = [("--family", family), ("--edition", edition), ("--unit", unit)]
    if groups is not None:
        needed.append(("--group", groups[0] if groups else ""))
    missing = [name for name, text in needed if not text]
    problems = [_missing(missing)] if missing else []
    checks = ((check_family, family), (check_edition, edition), (check_unit, unit), (check_title, title))
    problems += [problem for check, text in checks if text and (problem := check(text))]
    read, wrong = read_groups(groups or ())
    if problems or wrong:
        raise WrongUse([*problems, *wrong])
    return About(family, int(edition), unit, one_line(tidy(title))), read


def read_groups(texts: Sequence[str]) -> tuple[list[GroupOfRows], list[Problem]]:
    """Return the groups that can be read, and what is wrong with the others."""
    groups: list[GroupOfRows] = []
    problems: list[Problem] = []
    for text in texts:
        problem, group = check_group(text, groups), read_group(text)
        if problem is not None:
            problems.append(problem)
        elif group is not None:
            groups.append(group)
    return groups, problems


def _missing(names: Sequence[str]) -> Problem:
    message = say("not said: {options}", options=", ".join(names))
    example = 'ictindex new --family my-province --edition 2025 --unit commune --group "1 Nhận thức số=60"'
    hint = say("for example: {command}; in place of groups --from-csv or --from-xlsx FILE", command=example)
    return Problem("U120", message, hint=hint)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(one for one in apart if not unicodedata.combining(one))
    return "-".join(re.findall("[a-z0-9]+", letters))
