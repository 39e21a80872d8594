"""`new`: a starter of a scheme, from options, from a decision's table, or from a few questions on a terminal."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ictindex import authoring
from ictindex.cli.files import keep
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, PROBLEMS, harmless, tell, write
from ictindex.errors import Location, Problem, Severity, WrongUse
from ictindex.messages import in_language, say

if TYPE_CHECKING:
    from ictindex.drafting.head import Starter

SCHEMA = "scheme.schema.json"
"""The file beside a scheme that editors read the grammar from, as the first line of a new scheme says."""

_TITLE = "Bộ tiêu chí đánh giá chuyển đổi số cấp huyện"


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("new", _new)
    told = say("who issued the decision, and its number: a-z, digits and -, such as dong-thap-1397")
    command.add_argument("--family", default="", metavar="WORD", help=words(told))
    told = say("the year that is assessed")
    command.add_argument("--edition", default="", metavar="YEAR", help=words(told))
    told = say("who is scored: province, department, district, commune, agency")
    command.add_argument("--unit", default="", metavar="WORD", help=words(told))
    told = say("the title, as in the decision")
    command.add_argument("--title", default="", metavar="WORDS", help=words(told))
    told = say('a group with its code and points, such as "1 Nhận thức số=60"; once for each group')
    command.add_argument("--group", action="append", default=[], metavar="GROUP", help=words(told))
    told = say("the decision's table as CSV: a row of headings, then number, criterion, points, how scored, ...")
    command.add_argument("--from-csv", default="", metavar="FILE", help=words(told))
    told = say("the decision's table as an Excel workbook")
    command.add_argument("--from-xlsx", default="", metavar="FILE", help=words(told))
    told = say("the sheet of the workbook, where it has several")
    command.add_argument("--sheet", default="", metavar="NAME", help=words(told))
    told = say("write to FILE, or beneath FOLDER/ by the scheme's id, with the grammar for editors beside it")
    command.add_argument("-o", "--output", metavar="FILE", default="-", help=words(told))
    told = say("write over a file that is there already")
    command.add_argument("--force", action="store_true", help=words(told))


def _new(options: argparse.Namespace) -> int:
    if sys.stdin is not None and sys.stdin.isatty():
        _ask(options)
    path = _path(options)
    made = authoring.new_scheme(
        family=options.family,
        edition=options.edition,
        unit=options.unit,
        title=options.title,
        groups=options.group,
        from_csv=options.from_csv,
        from_xlsx=options.from_xlsx,
        sheet=options.sheet,
        name="" if path == "-" else path,
    )
    if _is_folder(str(options.output)):
        with contextlib.suppress(OSError):  # writing says what is wrong
            Path(path).parent.mkdir(parents=True, exist_ok=True)
    write(made.text, path)
    if path != "-":
        _say(say("{file} is written", file=path), options.lang)
        _schema_beside(path, options.lang)
    return _told(made, options.lang)


def _path(options: argparse.Namespace) -> str:
    """Return the path to write to, `-` for standard output; a folder's file is named by the scheme's id."""
    path = str(options.output)
    if path == "-":
        return path
    if _is_folder(path):
        path = str(Path(path) / (options.family or "-") / f"{options.edition}-{options.unit}.yaml")
    keep(path, options.from_csv, options.from_xlsx)
    if not options.force and _is(path, Path.exists):
        hint = say("choose another name, or write over it with --force")
        raise WrongUse(Problem("U122", say("there is such a file already"), Location(path), hint))
    return path


def _is_folder(path: str) -> bool:
    return path.endswith(("/", "\\")) or (path != "-" and _is(path, Path.is_dir))


def _is(path: str, what: Callable[[Path], bool]) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name that no file can have: writing says so
        return what(Path(path))
    return False


def _schema_beside(path: str, language: str) -> None:
    file = Path(path).parent / SCHEMA
    if not file.exists():
        write(json.dumps(authoring.scheme_schema(), ensure_ascii=False, indent=1), str(file))
        _say(say("{file} is written beside it: editors complete and check the scheme with it", file=file), language)


def _told(made: Starter, language: str) -> int:
    """Say what was odd about a table, what was made of it, and what `check` will say; return the exit code."""
    tell(made.problems, FINE, language)
    if made.recognised or made.problems:
        parts = {"rows": made.rows, "recognised": made.recognised, "review": made.review}
        told = say("{rows} criteria, {recognised} of them with a rule that was read from the wording", **parts)
        _say(told, language)
        _say(say("{review} places to look at are marked XEM LẠI", **parts), language)
    if not made.checked:
        return FINE
    _say(say("`ictindex check` will say:"), language)
    errors = any(problem.severity is Severity.ERROR for problem in made.checked)
    return tell(made.checked, PROBLEMS if errors else FINE, language)


def _say(text: str, language: str) -> None:
    print(harmless(in_language(text, language)), file=sys.stderr)


def _ask(options: argparse.Namespace) -> None:
    """Ask on the terminal for what no option says, each question with an example, until the answer can be used."""
    from ictindex.drafting import orders

    language = options.lang
    asked = not (options.family and options.edition and options.unit)
    table = options.from_csv or options.from_xlsx
    if not options.family:
        told = say("Who issued the decision, and its number, in letters a-z, digits and -. Example: dong-thap-1397")
        options.family = _answer(told, orders.check_family, language)
    if not options.edition:
        told = say("Which year is assessed? Example: 2025")
        options.edition = _answer(told, orders.check_edition, language)
    if not options.unit:
        told = say("Who is scored: province, department, district, commune or agency? Example: district")
        options.unit = _answer(told, orders.check_unit, language)
    if asked and not options.title and not table:
        told = say("The title, as in the decision; empty if you do not know it yet. Example: {title}", title=_TITLE)
        options.title = _answer(told, orders.check_title, language, empty=True)
    if not options.group and not table:
        options.group = _groups(language)
        asked = True
    if asked and options.output == "-":
        told = say("Which file shall it be written to? Empty prints it here. Example: schemes/")
        options.output = _answer(told, lambda _: None, language, empty=True) or "-"


def _groups(language: str) -> list[str]:
    """Ask for groups until an empty line, and for at least one."""
    from ictindex.drafting import orders

    _say(say("The groups, one a line: code, words, = and points. Example: 1 Nhận thức số=60"), language)
    _say(say("End with an empty line."), language)
    groups: list[str] = []

    def check(text: str) -> Problem | None:
        return orders.check_group(text, orders.read_groups(groups)[0])

    while text := _answer("", check, language, empty=bool(groups)):
        groups.append(text)
    return groups


def _answer(question: str, check: Callable[[str], Problem | None], language: str, *, empty: bool = False) -> str:
    """Return the answer to a question that the check has nothing against; empty only where that is an answer."""
    if question:
        _say(question, language)
    while True:
        sys.stderr.write("> ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:  # the end of input, as Ctrl-D: what is missing is said as without a terminal
            return ""
        text = " ".join(line.split())
        if not text and empty:
            return ""
        problem = check(text)
        if problem is None:
            return text
        _say(problem.told(language), language)
