"""Independent pieces of work, done here or by the workers of an executor: the same results in the same order.

An executor is any `concurrent.futures.Executor`: threads, processes, or that of an engine on other machines. What all
pieces need alike is `Shared`: it is pickled once, and a process unpickles it once however many pieces it does.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import cached_property
from itertools import islice, pairwise
from threading import Lock
from typing import Any, Generic, TypeVar

from ictindex.errors import IctIndexError

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 16
"""So many pieces at least are handed out before the first comes back, so that memory stays bounded."""

_KEPT = 4
"""So many shared things a worker's process keeps: few analyses run at once."""

_received: OrderedDict[str, Shared[Any]] = OrderedDict()
_lock = Lock()


class Shared(Generic[T]):
    """Something that many pieces of work read. Nobody changes it."""

    def __init__(self, value: T) -> None:
        self.value = value

    @cached_property
    def content(self) -> bytes:
        """The value pickled. Raises what pickling it raises."""
        return pickle.dumps(self.value, protocol=pickle.HIGHEST_PROTOCOL)

    @cached_property
    def key(self) -> str:
        """The hash of the pickled value: what has the same one is the same."""
        return hashlib.sha256(self.content).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.key, self.content)


def _unpickled(key: str, content: bytes) -> Shared[Any]:
    """Return what was shared; the last few of them are kept, with whatever they computed for later pieces."""
    with _lock:
        if key in _received:
            _received.move_to_end(key)
            return _received[key]
    # S301: the pickle is part of a pickle that is being read, and no less to be trusted.
    found: Shared[Any] = Shared(pickle.loads(content))  # noqa: S301
    with _lock:
        _received[key] = found
        while len(_received) > _KEPT:
            _received.popitem(last=False)
    return found


def done(
    work: Callable[..., R], shared: Any, pieces: Iterable[tuple[Any, ...]], executor: Executor | None = None
) -> Iterator[R]:
    """Yield `work(shared, *piece)` for each piece, in their order; with an executor computed by it, some at a time.

    `work` and what it takes and gives must be picklable where the workers are other processes. An exception of one
    piece is raised when its turn comes, and pieces that have not begun are given up.
    """
    if executor is None:
        for piece in pieces:
            yield work(shared, *piece)
        return
    one, coming = Shared(shared), iter(pieces)
    waiting: list[Future[R | _Refused]] = []
    try:
        waiting += (executor.submit(_worked, work, one, *piece) for piece in islice(coming, _ahead(executor)))
        while waiting:
            found = waiting.pop(0).result()
            if isinstance(found, _Refused):
                raise found.error
            waiting += [executor.submit(_worked, work, one, *piece) for piece in islice(coming, 1)]
            yield found
    finally:
        for future in waiting:
            future.cancel()


def portions(size: int, executor: Executor | None, least: int = 1) -> list[slice]:
    """Return slices that cut so many things into a few portions for each worker, each of `least` things or more.

    One portion where nothing is shared out: for work on single things that is too small to be handed out one by one.
    """
    count = 1 if executor is None else max(1, min(_ahead(executor), size // least))
    edges = [at * size // count for at in range(count + 1)]
    return [slice(start, stop) for start, stop in pairwise(edges) if stop > start]


class _Refused:
    """What a piece of work raised on purpose. As a result it comes back whole; engines cut long exceptions short."""

    def __init__(self, error: IctIndexError) -> None:
        self.error = error


def _worked(work: Callable[..., R], shared: Shared[Any], *piece: Any) -> R | _Refused:
    try:
        return work(shared.value, *piece)
    except IctIndexError as error:
        return _Refused(error)


def _ahead(executor: Executor) -> int:
    """Return how many pieces are handed out at once: two for each worker, where the executor says how many it has."""
    return max(AHEAD, 2 * int(getattr(executor, "_max_workers", 0) or 0))
