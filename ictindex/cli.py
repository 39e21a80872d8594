"""The command line: each command is a thin call on the public functions.

Exit codes: 0 fine, 1 the input has problems, 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import IO, Any

from ictindex import api
from ictindex.errors import IctIndexError, Problem, Severity, UnknownName, WrongUse
from ictindex.receipt import library_version

FINE, PROBLEMS, WRONG_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _speak_vietnamese(stream)
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except (UnknownName, WrongUse) as error:
        return _tell(error.problems, WRONG_USE)
    except IctIndexError as error:
        return _tell(error.problems, PROBLEMS)
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130
    return code


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
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    reference = None
    if options.reference:
        reference = api.score(plan, _table(options.reference, plan))
    result = api.score(plan, _table(options.table, plan), reference=reference)
    with _progress("writing"):
        if options.output == "-":
            _write(api.write_result(result, format=options.format or "table"), "-")
        else:
            api.write_result(result, options.output, format=options.format)
    return FINE


def _explain(options: argparse.Namespace) -> int:
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
        problems = api.check_scheme(file)
        _tell(problems, PROBLEMS, sys.stdout)
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        if errors:
            worst = PROBLEMS
        others = len(problems) - errors
        print(
            f"{file}: {_counted(errors, 'error')}, {_counted(others, 'warning')}" if problems else f"{file}: no problem"
        )
    return worst


def _schema(options: argparse.Namespace) -> int:
    _write(json.dumps(api.scheme_schema(), ensure_ascii=False, indent=1), options.output)
    return FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
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
    command.add_argument("--format", help="table, csv or json; without it the ending of FILE decides, else table")
    command.add_argument(
        "--reference",
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
    with _progress(f"reading {source}"):
        return api.read_table(sys.stdin.buffer if source == "-" else source, scheme=plan)


def _write(text: str, path: str) -> None:
    """Write text to a file, or to standard output for `-`."""
    text = text if text.endswith("\n") else f"{text}\n"
    if path == "-":
        sys.stdout.write(text)
        return
    api.write_text(text, path)


def _tell(problems: Sequence[Problem], code: int, stream: IO[str] | None = None) -> int:
    for problem in problems:
        print(problem, file=stream or sys.stderr)
    return code


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


@contextlib.contextmanager
def _progress(what: str) -> Iterator[None]:
    """Say on a terminal what is going on, and wipe it when it is done."""
    if not sys.stderr.isatty():
        yield
        return
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
