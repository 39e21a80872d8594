"""The options that share work among workers: processes of this computer, or an engine on other machines.

Problems: U326 both are said, where only one can be.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ictindex.cli.parser import Commands
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

if TYPE_CHECKING:
    from concurrent.futures import Executor

MOST = 60
"""More workers than that are not started: Windows allows 61, and each process takes memory before it has work."""


def add_workers(commands: Commands, parser: argparse.ArgumentParser) -> None:
    """Add the options --workers and --engine."""
    told = say("share the work among so many workers; the numbers stay the same")
    parser.add_argument("--workers", type=commands.number, default=1, metavar="N", help=commands.words(told))
    add_engine(commands, parser)


def add_engine(commands: Commands, parser: argparse.ArgumentParser) -> None:
    """Add the option --engine."""
    told = say("share the work on Dask: dask://HOST:PORT, or dask://local; the numbers stay the same")
    parser.add_argument("--engine", default="", metavar="ADDRESS", help=commands.words(told))


@contextlib.contextmanager
def working(options: argparse.Namespace, *, threads: bool = False) -> Iterator[Executor | None]:
    """Yield who shares the work that the options of `add_workers` mean; None where it is done here.

    With `threads` the workers of this computer are threads: numpy computes beside other threads, and nothing needs to
    be copied. Exact numbers need processes. Raises WrongUse where there is no such engine, or two are said (U326).
    """
    if options.engine and options.workers > 1:
        message = say("--workers and --engine both say who works")
        raise WrongUse(Problem("U326", message, hint=say("leave one of them out")))
    if options.engine:
        from ictindex.machines import engine

        with engine(options.engine) as executor:
            yield executor
    elif options.workers > 1:
        with _threads(options.workers) if threads else _processes(options.workers) as executor:
            yield executor
    else:
        yield None


def _threads(workers: int) -> Executor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(min(workers, MOST))


@contextlib.contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    """Yield processes that leave Ctrl-C to the command, which ends them in the midst of their work."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(min(workers, MOST), initializer=_deaf) as executor:
        try:
            yield executor
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _deaf() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
