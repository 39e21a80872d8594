"""Work that is shared among workers gives what one worker gives, whoever the workers are."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ictindex.testing.checking import check_laws
from ictindex.working import AHEAD, Shared, done, portions


def times(factor: int, number: int, plus: int = 0) -> int:
    return factor * number + plus


def whoami(shared: list[int], number: int) -> tuple[int, int, int]:
    return number, os.getpid(), id(shared)


def refused(_: Any, number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


@pytest.fixture(scope="module")
def pools() -> Iterator[list[Executor | None]]:
    with ThreadPoolExecutor(3) as threads, ProcessPoolExecutor(2) as processes:
        yield [None, threads, processes]


def test_results_come_in_the_order_of_the_pieces(pools: list[Executor | None]) -> None:
    for executor in pools:
        assert list(done(times, 3, ((at, 1) for at in range(100)), executor)) == [3 * at + 1 for at in range(100)]
        assert list(done(times, 3, (), executor)) == []


def test_what_is_shared_is_unpickled_once_in_each_process(pools: list[Executor | None]) -> None:
    found = list(done(whoami, [1, 2], ((at,) for at in range(40)), pools[2]))
    assert {number for number, _, _ in found} == set(range(40))
    assert len({one[1:] for one in found}) == len({pid for _, pid, _ in found})


def unpickled(content: bytes) -> Any:
    return pickle.loads(content)  # noqa: S301 - it was written just before


def test_the_same_content_is_the_same_thing_after_pickling() -> None:
    one, other = (pickle.dumps(Shared([1, number])) for number in (2, 3))
    assert unpickled(one) is unpickled(one) is not unpickled(other)
    many = [unpickled(pickle.dumps(Shared([at]))).value for at in range(20)]
    assert many == [[at] for at in range(20)] and unpickled(one).value == [1, 2]


def test_an_error_comes_at_its_turn_and_the_rest_is_given_up(pools: list[Executor | None]) -> None:
    for executor in pools:
        found = done(refused, None, ((at,) for at in range(1000)), executor)
        assert [next(found) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="three"):
            next(found)


class _Lazy(Executor):
    """Counts how much is handed out, and does it when its result is asked for."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_only_some_pieces_are_handed_out_at_once() -> None:
    executor = _Lazy()
    for at, _ in enumerate(done(times, 1, ((at,) for at in range(100)), executor), start=1):
        assert executor.submitted == min(100, AHEAD + at)


@given(st.integers(0, 500), st.integers(1, 60), st.booleans())
def test_portions_cut_everything_once(size: int, least: int, shared: bool) -> None:
    found = portions(size, _Lazy() if shared else None, least)
    assert [at for one in found for at in range(size)[one]] == list(range(size))
    assert len(found) <= (AHEAD if shared else 1)
    assert all(one.stop - one.start >= min(least, size) for one in found)


def test_laws_say_the_same_whoever_asks_them(pools: list[Executor | None]) -> None:
    laws, scheme = ("bounds", "order"), "dti-1726/2020-province"
    alone = check_laws(scheme, examples=3, seed=1, laws=laws)
    assert [one.outcome for one in alone] == ["held", "held"]
    assert check_laws(scheme, examples=3, seed=1, laws=laws, executor=pools[2]) == alone
