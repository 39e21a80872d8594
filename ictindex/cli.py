"""The command line: each command is a thin call on the public functions.

Exit codes: 0 fine, 1 the input has problems, 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

from ictindex import api
from ictindex.errors import IctIndexError, Location, Problem, Severity, UnknownName, WrongUse, did_you_mean
from ictindex.formats import unreadable
from ictindex.receipt import library_version

FINE, PROBLEMS, WRONG_USE = 0, 1, 2
MOST = 100
"""So many problems are printed one by one; the rest are counted."""

# What could move the cursor, colour the screen or turn the reading direction; a name in a file may hold any of it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()  # None where the caller closed it
    for stream in (sys.stdout, sys.stderr):
        _speak_vietnamese(stream)
    try:
        try:
            options = _parser().parse_args(arguments)
            code: int = options.run(options)
        finally:  # help is written here too
            sys.stdout.flush()
    except (UnknownName, WrongUse) as error:
        return _tell(error.problems, WRONG_USE)
    except IctIndexError as error:
        return _tell(error.problems, PROBLEMS)
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        _give_up_stdout()
        return FINE
    except OSError as error:  # a full disk: every other file is looked after where it is opened
        _give_up_stdout()
        problem = Problem("U114", f"the work could not be finished: {error.strerror}", hint="is the disk full?")
        return _tell([problem], PROBLEMS)
    except KeyboardInterrupt:
        return 130
    return code


def _give_up_stdout() -> None:
    """Send what is still unwritten nowhere, so that the interpreter does not stumble over it at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _list(options: argparse.Namespace) -> int:
    from ictindex.standings import grid

    schemes = api.list_schemes()
    if options.format == "json":
        from attrs import asdict

        _write(json.dumps([asdict(one) for one in schemes], ensure_ascii=False, indent=1), "-")
        return FINE
    body = [[one.id, one.unit, str(one.cited), str(one.derived), str(one.assumed), one.title] for one in schemes]
    _write(grid(["scheme", "unit", "cited", "derived", "assumed", "title"], body, right=(2, 3, 4)), "-")
    return FINE


def _show(options: argparse.Namespace) -> int:
    if options.expanded:
        _write(api.expand_scheme(options.scheme, variant=options.variant), options.output)
    else:
        from ictindex.outline import outline

        _write(outline(api.load_scheme(options.scheme, variant=options.variant)), options.output)
    return FINE


def _score(options: argparse.Namespace) -> int:
    _check_files(options)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    reference = None
    if options.reference:
        reference = api.score(plan, _table(options.reference, plan))
    result = api.score(plan, _table(options.table, plan), reference=reference)
    with _progress("writing"):
        text = api.result_format(_path(options.output), format=options.format).write(result)
    _write(text, options.output)
    return FINE


def _check_files(options: argparse.Namespace) -> None:
    """Raise WrongUse or UnknownName where the files cannot be meant so, before any work is done."""
    api.result_format(_path(options.output), format=options.format)
    if options.table == options.reference == "-":
        raise WrongUse(Problem("U115", "both tables are standard input", hint="write one of them to a file"))
    _keep(options.output, options.scheme, options.table, options.reference)


def _keep(output: str, *sources: str) -> None:
    """Raise WrongUse where the output would be written over one of the files that are read."""
    for source in filter(None, sources):
        with contextlib.suppress(OSError, ValueError):  # one of them is no file
            if Path(output).samefile(source):
                message = "the output would be written over a file that is read"
                raise WrongUse(Problem("U115", message, Location(output), "choose another name for the output"))


def _path(output: str) -> str | None:
    return None if output == "-" else output


def _explain(options: argparse.Namespace) -> int:
    _keep(options.output, options.scheme, options.table)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    result = api.score(plan, _table(options.table, plan))
    explanation = api.explain(result, options.unit, code=options.code)
    if options.format == "json":
        _write(json.dumps(explanation.to_dict(), ensure_ascii=False, indent=1), options.output)
    else:
        _write(str(explanation), options.output)
    return FINE


def _check(options: argparse.Namespace) -> int:
    worst = FINE
    for file in options.files:
        try:
            problems = api.check_scheme(file)
        except UnknownName as error:  # the other files are looked at all the same
            worst = _tell(error.problems, WRONG_USE)
            continue
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        worst = max(worst, _tell(problems, PROBLEMS if errors else FINE, sys.stdout))
        told = f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}"
        print(_harmless(f"{file}: {told if problems else 'no problem'}"))
    return worst


def _schema(options: argparse.Namespace) -> int:
    _write(json.dumps(api.scheme_schema(), ensure_ascii=False, indent=1), options.output)
    return FINE


class _Parser(argparse.ArgumentParser):
    """A parser that suggests what a misspelt command or choice may have been."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, and end with 2."""
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        close = did_you_mean(found[1], re.findall(r"[\w-]+", found[2])) if found else ""
        super().error(_harmless(f"{message}; {close}" if close else message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ictindex",
        description="Score and rank government units under published scoring schemes.",
        epilog="A SCHEME is an id that `ictindex list` shows, or the path of a YAML file. `-` is standard input.",
    )
    parser.add_argument("--version", action="version", version=f"ictindex {library_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    command = _command(commands, "list", _list, "list the installed schemes", "ictindex list")
    command.add_argument("--format", choices=("table", "json"), default="table", help="how to print the list")

    command = _command(
        commands, "show", _show, "print a scheme as a decision's annex would", "ictindex show dti-922/2022-province"
    )
    _scheme(command)
    command.add_argument(
        "--expanded", action="store_true", help="print the YAML with every default written out and each number's status"
    )
    _output(command)

    example = "ictindex score dti-922/2022-province provinces.csv --format csv -o result.csv"
    command = _command(commands, "score", _score, "score and rank the units of a table", example)
    _scheme(command)
    _table_argument(command)
    command.add_argument(
        "--format", default="", help="table, csv or json; without it the ending of FILE decides, else table"
    )
    command.add_argument(
        "--reference",
        default="",
        metavar="TABLE",
        help="use what this table's units teach (lowest, highest, ...), not the scored ones'",
    )
    _output(command)

    example = "ictindex explain dti-922/2022-province provinces.csv quang-ninh"
    command = _command(commands, "explain", _explain, "say why a unit has its score", example)
    _scheme(command)
    _table_argument(command)
    command.add_argument("unit", metavar="UNIT", help="the unit's code or name, as in the table")
    command.add_argument(
        "code", metavar="CODE", nargs="?", default="", help="a row of the scheme; without it, everything"
    )
    command.add_argument("--format", choices=("tree", "json"), default="tree", help="how to print the explanation")
    _output(command)

    command = _command(
        commands, "check", _check, "report every problem of scheme documents", "ictindex check my-scheme.yaml"
    )
    command.add_argument("files", metavar="FILE", nargs="+", help="a YAML file, or the id of an installed scheme")

    command = _command(
        commands,
        "schema",
        _schema,
        "print the JSON Schema of scheme documents",
        "ictindex schema -o scheme.schema.json",
    )
    _output(command)
    return parser


def _command(commands: Any, name: str, run: Any, summary: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=f"example: {example}"
    )
    parser.set_defaults(run=run)
    return parser


def _scheme(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scheme", metavar="SCHEME", help="an id, such as dti-922/2022-province, or a YAML file")
    parser.add_argument("--variant", default="", metavar="NAME", help="a named alternative inside the scheme")


def _table_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "table", metavar="TABLE", help="a CSV file: a `unit` column, then inputs or row codes; - for stdin"
    )


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="write to FILE instead of standard output")


def _table(source: str, plan: Any) -> Any:
    if source != "-":
        with _progress(f"reading {source}"):
            return api.read_table(source, scheme=plan)
    if sys.stdin is None:
        raise unreadable("<stdin>", "standard input is closed", "name a file, or pipe a table into the command")
    with _progress("reading standard input"):
        return api.read_table(sys.stdin.buffer, scheme=plan)


def _write(text: str, path: str) -> None:
    """Write text to a file, or to standard output for `-`."""
    text = text if text.endswith("\n") else f"{text}\n"
    if path == "-":
        sys.stdout.write(_harmless(text))
        return
    api.write_text(text, path)


def _tell(problems: Sequence[Problem], code: int, stream: IO[str] | None = None) -> int:
    out = stream or sys.stderr
    for problem in problems[:MOST]:
        print(_harmless(str(problem)), file=out)
    if len(problems) > MOST:
        print(f"and {len(problems) - MOST} more problems; mend these first", file=out)
    return code


def _harmless(text: str) -> str:
    """Return the text with its control characters written out: no name in a file may command the terminal."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


@contextlib.contextmanager
def _progress(what: str) -> Iterator[None]:
    """Say on a terminal what is going on, and wipe it when it is done."""
    if not sys.stderr.isatty():
        yield
        return
    what = _harmless(what)
    sys.stderr.write(f"{what} ...")
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r" + " " * (len(what) + 4) + "\r")
        sys.stderr.flush()


def _speak_vietnamese(stream: Any) -> None:
    """Switch a stream that cannot print Vietnamese (code pages 1252, 1258, ASCII) to UTF-8."""
    try:
        "Đắk Lắk ├─".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
