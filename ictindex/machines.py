"""Workers on other machines: an executor of a Dask engine, by its address. distributed is imported in this file only.

Whoever has a client of their own needs nothing of this: `client.get_executor()` is an executor too. What is done here
beside that is to look first (is there a scheduler, are there workers, has everybody the same versions?), to say in
words what went wrong, and to send what all pieces of work share once to each worker.

Problems: U320 distributed is not installed; U321 no address of an engine; U322 no scheduler there; U323 no workers,
or none that could be started; U324 versions differ; U325 the engine gave up or was lost.
"""

from __future__ import annotations

import logging
import re
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.metadata import entry_points
from multiprocessing import resource_tracker
from threading import Event, Thread
from typing import Any
from weakref import WeakSet

from ictindex.errors import Problem, WrongUse, reason_of
from ictindex.messages import listed, say
from ictindex.working import Shared

LOCAL = "local"

PATIENCE = 10.0
"""So many seconds are waited for a scheduler, and for its first worker."""

ALONE = 60.0
"""So many seconds is worked for with an engine whose workers are all gone: others may come."""

_OFTEN = 1.0
"""So many seconds lie between two looks at whether the engine is still there."""

LOSSES = 10
"""A piece of work is given up when more workers than that were lost while they had it: it may be what kills them."""

_ADDRESS = re.compile(r"(?:dask://)?local|dask://(?P<address>(?:(?:tcp|tls)://)?[^/\s]+:\d+)")
_EQUAL = ("dask", "distributed")
_COMPUTING = ("ictindex", "numpy", "pyarrow")


@contextmanager
def engine(address: str, *, workers: int = 0, patience: float = PATIENCE) -> Iterator[Executor]:
    """Yield an executor of the engine at an address: `dask://HOST:PORT`, or `dask://local` for workers made here.

    `dask://local` starts `workers` processes, without it one for each processor, that only this computer can reach, and
    ends them. `patience` is how many seconds are waited for a scheduler, and for a worker. Raises WrongUse where
    there is no such engine, where versions differ, or, from the body, where the engine is lost.
    """
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        message = say("'{address}' is no engine", address=address)
        raise WrongUse(Problem("U321", message, hint=say("write dask://HOST:PORT, or dask://local for this computer")))
    distributed = _distributed()
    import dask

    with ExitStack() as stack:
        stack.enter_context(_quiet())
        # What is shared goes out once, and may be large.
        stack.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}))
        if found["address"] is None:
            client = stack.enter_context(_local_client(distributed, workers))
        else:
            client = stack.enter_context(_client(distributed, _with_protocol(found["address"]), patience))
        _check_workers(client, patience)
        stack.enter_context(_told(distributed, address))
        executor = _executor_class()(client)
        stack.enter_context(_watched(client, executor, address))
        yield executor


def _with_protocol(address: str) -> str:
    return address if "://" in address else f"tcp://{address}"


@contextmanager
def _local_client(distributed: Any, workers: int) -> Iterator[Any]:
    """Yield a client of a cluster of processes on this computer, which nobody else can reach."""
    import dask

    with (
        tempfile.TemporaryDirectory(prefix="ictindex-") as folder,
        dask.config.set({"distributed.scheduler.allowed-failures": LOSSES, "temporary-directory": folder}),
        ExitStack() as stack,
    ):
        with _deaf(), _started():
            cluster = distributed.LocalCluster(
                n_workers=workers or None,
                threads_per_worker=1,  # numbers as objects are computed under Python's lock
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # any free port, on which there is no dashboard but only its health
                scheduler_kwargs={"dashboard": False},
                local_directory=folder,
                silence_logs=logging.CRITICAL,
            )
            stack.enter_context(cluster)
        yield stack.enter_context(distributed.Client(cluster))


@contextmanager
def _started() -> Iterator[None]:
    """Say why processes cannot be started: raises WrongUse (U323)."""
    try:
        yield
    except (RuntimeError, OSError) as error:
        message = say("no workers could be started on this computer: {reason}", reason=reason_of(error))
        hint = say('in a script, use the engine under `if __name__ == "__main__":`, for each worker imports the script')
        raise WrongUse(Problem("U323", message, hint=hint)) from None


@contextmanager
def _deaf() -> Iterator[None]:
    """Have threads and processes that begin here leave Ctrl-C to whoever began them; it comes when they have begun.

    A terminal sends it to all processes of a command, and a worker would print where in its work it was.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # beginning that, multiprocessing would hear it again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _client(distributed: Any, address: str, patience: float) -> Iterator[Any]:
    import dask

    if address.startswith("tls://") and not dask.config.get("distributed.comm.tls.ca-file", None):
        message = say("for {address} Dask must know the certificates", address=address)
        hint = say("name them in Dask's configuration, `distributed.comm.tls`, on every machine")
        raise WrongUse(Problem("U322", message, hint=hint))
    try:
        client = distributed.Client(address, timeout=patience, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        message = say("no scheduler answers at {address}", address=address)
        hint = say("start one with `dask scheduler`, or check its address; it was: {reason}", reason=reason_of(error))
        raise WrongUse(Problem("U322", message, hint=hint)) from None
    with client:
        yield client


def _check_workers(client: Any, patience: float) -> None:
    """Raise WrongUse where there are no workers (U323), or other versions at one of them (U324)."""
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        message = say("the scheduler has no workers")
        raise WrongUse(Problem("U323", message, hint=say("start some with `dask worker ADDRESS`"))) from None
    plugins = _plugins()
    versions = client.get_versions(packages=[*_COMPUTING, *plugins])
    here = _versions(versions["client"])
    unlike: dict[str, None] = {}
    for place, wanted in (
        (versions["scheduler"], ("python", *_EQUAL)),
        *((found, ("python", *_EQUAL, *_COMPUTING, *plugins)) for found in versions["workers"].values()),
    ):
        there = _versions(place)
        for name in wanted:
            if there.get(name) != here.get(name):
                facts = {"there": there.get(name) or "-", "here": here.get(name) or "-"}
                unlike.setdefault(say("{package} {there}, here {here}", package=name, **facts))
    if unlike:
        message = say("versions differ on the engine: {versions}", versions=listed(list(unlike), 5))
        raise WrongUse(Problem("U324", message, hint=say("install the same versions on every machine")))


def _versions(place: Mapping[str, Any] | None) -> dict[str, str | None]:
    found = dict((place or {}).get("packages", {}))
    if found.get("python"):  # 3.11.7 and 3.11.9 read each other's pickles
        found["python"] = ".".join(found["python"].split(".")[:2])
    return found


def _plugins() -> list[str]:
    """Return the packages that bring strategies or formats: workers need them too."""
    groups = ("measures", "normalizations", "aggregations")
    points = (point for group in groups for point in entry_points(group=f"ictindex.{group}"))
    return sorted({point.dist.name for point in points if point.dist is not None} - {"ictindex"})


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log from the screen: what matters of it is said in words."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _watched(client: Any, executor: Any, address: str) -> Iterator[None]:
    """Give up the work that waits for an engine which is no longer there: nobody would ever answer (U325).

    A scheduler may be away for `PATIENCE` seconds, all workers for `ALONE`.
    """
    over = Event()

    def watch() -> None:
        seen = {"scheduler": time.monotonic(), "workers": time.monotonic()}
        while not over.wait(_OFTEN):
            now, workers = time.monotonic(), _workers(client)
            seen |= dict.fromkeys(seen, now) if workers else {"scheduler": now} if workers is not None else {}
            if now - seen["scheduler"] > PATIENCE:
                executor.give_up(_lost(say("the engine at {address} was lost", address=address)))
            elif now - seen["workers"] > ALONE:
                executor.give_up(_lost(say("the engine at {address} has no workers any more", address=address)))

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _workers(client: Any) -> int | None:
    """Return how many workers the scheduler has, None where it is not there. One that takes its time has some."""
    try:
        return len(client.sync(client.scheduler.ncores, callback_timeout=_OFTEN * 5))
    except TimeoutError:
        return 1 if client.status == "running" else None
    except Exception:  # noqa: BLE001 - whatever stands between, there is no answer
        return None


def _lost(message: str) -> WrongUse:
    hint = say("are its scheduler and workers still running? then begin again: nothing was written")
    return WrongUse(Problem("U325", message, hint=hint))


@contextmanager
def _told(distributed: Any, address: str) -> Iterator[None]:
    """Say in words what becomes of an engine while it works: raises WrongUse (U325)."""
    try:
        yield
    except distributed.KilledWorker:
        message = say("one piece of the work was given up: every worker that had it was lost")
        hint = say("give the workers more memory, or write the data set with smaller row groups")
    except (CancelledError, distributed.comm.CommClosedError):
        raise _lost(say("the engine at {address} was lost", address=address)) from None
    else:
        return
    raise WrongUse(Problem("U325", message, hint=hint))


@cache
def _executor_class() -> Any:
    """Return an executor that hands what is shared to the engine once, as the result of a task that all others need.

    Where the worker that holds it is lost, the engine does that task again, as it does any other.
    """
    from distributed.cfexecutor import ClientExecutor

    class EngineExecutor(ClientExecutor):  # type: ignore[misc]  # distributed brings no types
        def __init__(self, client: Any) -> None:
            super().__init__(client, pure=False)
            self.client = client
            self._shared: dict[str, Any] = {}
            self._waiting: WeakSet[Future[Any]] = WeakSet()
            self._max_workers = sum(client.nthreads().values())

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            future = super().submit(fn, *map(self._known, args), **kwargs)
            self._waiting.add(future)
            return future

        def give_up(self, error: WrongUse) -> None:
            """End the waiting for everything that was handed out."""
            for future in list(self._waiting):
                with suppress(InvalidStateError):  # it is over
                    future.set_exception(error)

        def _known(self, one: Any) -> Any:
            if not isinstance(one, Shared):
                return one
            if one.key not in self._shared:
                self._shared[one.key] = self._client.submit(_same, one, key=f"ictindex-{one.key}", pure=True)
            return self._shared[one.key]

    return EngineExecutor


def _same(one: Any) -> Any:
    return one


def _distributed() -> Any:
    """Return distributed. Raises WrongUse (U320) where it is not installed."""
    try:
        import distributed
    except ImportError:
        message = say("for an engine of several machines, {package} must be installed", package="distributed")
        raise WrongUse(Problem("U320", message, hint=say('pip install "ictindex[dask]"'))) from None
    return distributed
