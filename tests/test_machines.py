"""Dask, on a cluster of two worker processes of this computer: the same numbers, whoever computes and whoever dies.

Only addresses of this computer are used, and nothing is left running.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from distributed import Client

from ictindex import api, machines
from ictindex.cli.workers import working
from ictindex.errors import Location, Problem, TableInvalid, WrongUse
from ictindex.machines import engine
from ictindex.questions import assumptions, indicator_statistics, uncertainty
from ictindex.result import Result
from ictindex.working import done

pytestmark = pytest.mark.dask

SCHEME = "dti-1726/2020-province"
TABLE = Path(__file__).parent.parent / "schemes" / f"{SCHEME}.example.csv"


@pytest.fixture(scope="module")
def result() -> Result:
    plan = api.compile_scheme(SCHEME)
    return api.score(plan, api.read_table(TABLE, scheme=plan))


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    """An executor of two processes; `client` is the client of their scheduler."""
    with engine("dask://local", workers=2) as executor:
        yield executor


@pytest.fixture(scope="module")
def address(local: Any) -> str:
    found = str(local.client.scheduler.address)
    assert found.startswith("tcp://127.0.0.1:")
    return f"dask://{found}"


@pytest.fixture(scope="module")
def everybody(local: Any) -> Iterator[list[Executor]]:
    """Every kind of executor: threads, processes, the engine by its address, and what a client of one's own gives."""
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2) as processes:
        yield [threads, processes, local, local.client.get_executor(pure=False)]


# --- the same numbers -------------------------------------------------------------------------------------------------


def test_an_analysis_of_uncertainty_is_the_same_whoever_computes_it(result: Result, everybody: list[Executor]) -> None:
    varied = assumptions(noise=0.02, vary=("normalization", "aggregation"))
    options: dict[str, Any] = {"assumptions": varied, "draws": 200, "effect_draws": 70, "unit": result.units[3]}
    alone = uncertainty(result, **options).to_dict()
    for executor in everybody:
        assert uncertainty(result, **options, executor=executor).to_dict() == alone


def test_so_are_statistics(result: Result, everybody: list[Executor], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ictindex.analysis.statistics.weights._PORTION", 5)
    alone = indicator_statistics(result).to_dict()
    for executor in everybody:
        again = api.score(result.plan, result.table)  # knows no exact numbers yet
        assert indicator_statistics(again, executor=executor).to_dict() == alone


# --- a worker dies ----------------------------------------------------------------------------------------------------


PATIENCE = 60
"""Seconds after which a test fails whose workers were lost in another way than it says."""


def begin(folder: str, piece: int | str) -> None:
    """Note which process begins a piece of work; all but the first one that is begun wait until a worker is killed."""
    Path(folder, f"{piece}-{os.getpid()}").touch()
    last = time.monotonic() + PATIENCE
    try:
        Path(folder, "first").touch(exist_ok=False)
    except FileExistsError:
        while not Path(folder, "killed").exists():
            time.sleep(0.005)
            assert time.monotonic() < last, "no worker was killed"


def kill(folder: Path) -> None:
    """Kill the worker that has done the first piece, while it is at the next one; then let everybody go on."""
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        begun = [one.name.rpartition("-")[2] for one in folder.iterdir() if "-" in one.name]
        twice = [process for process in begun if begun.count(process) > 1]
        if twice:
            break
        time.sleep(0.005)
    else:
        raise AssertionError("no worker has begun a second piece")
    os.kill(int(twice[0]), signal.SIGKILL)
    (folder / "killed").write_text(twice[0], encoding="utf-8")


def done_again(folder: Path) -> list[str]:
    """Return the pieces that were begun more than once."""
    begun = [one.name.rpartition("-")[0] for one in folder.iterdir() if "-" in one.name]
    return sorted({piece for piece in begun if begun.count(piece) > 1})


def held(shared: tuple[str, list[int]], piece: int) -> int:
    folder, numbers = shared
    begin(folder, piece)
    return numbers[piece] ** 2


def test_a_worker_that_is_killed_at_work_changes_nothing(tmp_path: Path) -> None:
    killer = Thread(target=kill, args=(tmp_path,))
    with engine("dask://local", workers=2) as executor:
        workers = list(executor.client.run(os.getpid).values())  # type: ignore[attr-defined]
        killer.start()
        found = done(held, (str(tmp_path), list(range(20))), [(piece,) for piece in range(20)], executor)
        assert list(found) == [piece**2 for piece in range(20)]
    assert int((tmp_path / "killed").read_text(encoding="utf-8")) in workers
    assert done_again(tmp_path), "what the killed worker had was not done again"
    for process in workers:
        with pytest.raises(ProcessLookupError):  # nothing is left running
            os.kill(process, 0)


# --- what can be wrong ------------------------------------------------------------------------------------------------


def refused(address: str, **more: Any) -> str:
    with pytest.raises(WrongUse) as error, engine(address, **more):
        raise AssertionError("there is an engine")
    return str(error.value)


@pytest.mark.parametrize("address", ["", "dask", "spark://host:1", "dask://host", "dask://", "127.0.0.1:8786"])
def test_what_is_no_address_is_told(address: str) -> None:
    told = f"U321 '{address}' is no engine (write dask://HOST:PORT, or dask://local for this computer)"
    assert refused(address) == told


def test_a_scheduler_that_is_not_there_is_told() -> None:
    told = refused("dask://127.0.0.1:1", patience=0.2)
    assert told.startswith("U322 no scheduler answers at tcp://127.0.0.1:1 (start one with `dask scheduler`")


def test_a_scheduler_without_workers_is_told() -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        told = refused(f"dask://{cluster.scheduler_address}", patience=0.2)
    assert told == "U323 the scheduler has no workers (start some with `dask worker ADDRESS`)"


UNGUARDED = """\
from ictindex.machines import engine
with engine("local", workers=1) as executor:
    print(executor.submit(len, "abc").result())
"""


def test_a_script_that_its_workers_would_run_again_is_told_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(UNGUARDED, encoding="utf-8")
    command = [sys.executable, "script.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8", timeout=120)
    last = ran.stderr.rstrip().splitlines()[-1]
    assert ran.returncode == 1 and "U323 no workers could be started on this computer: " in last
    assert '(in a script, use the engine under `if __name__ == "__main__":`' in last


CLUSTER = """\
from distributed import LocalCluster
if __name__ == "__main__":
    options = dict(processes=True, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0")
    cluster = LocalCluster(n_workers=1, **options)
    print(cluster.scheduler_address, flush=True)
    for line in iter(input, "end"):
        cluster.scale(int(line))
"""


@pytest.fixture(name="elsewhere")
def _elsewhere(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A cluster of another process, which says its address and takes the number of its workers."""
    (tmp_path / "cluster.py").write_text(CLUSTER, encoding="utf-8")
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    pipes |= {"stderr": subprocess.DEVNULL, "env": os.environ | {"PYTHONPATH": path}}
    with subprocess.Popen([sys.executable, "cluster.py"], cwd=tmp_path, encoding="utf-8", **pipes) as cluster:
        yield cluster
        cluster.kill()


def slowly(_: Any, seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def lose(cluster: subprocess.Popen[str], address: str, gone: str) -> None:
    """Have work done, and lose the engine after the first piece of it."""
    with engine(address) as executor:
        found = done(slowly, None, [(0.2,)] * 200, executor)
        assert next(found) == 0.2
        if gone == "scheduler":
            cluster.kill()
        else:
            print(0, file=cluster.stdin, flush=True)
        list(found)


@pytest.mark.parametrize("gone", ["scheduler", "workers"])
def test_an_engine_that_is_gone_is_not_waited_for(
    gone: str, elsewhere: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "ALONE", 2.0)
    assert elsewhere.stdout is not None
    address = f"dask://{elsewhere.stdout.readline().strip()}"
    begun = time.monotonic()
    with pytest.raises(WrongUse) as error:
        lose(elsewhere, address, gone)
    assert time.monotonic() - begun < PATIENCE
    words = "was lost" if gone == "scheduler" else "has no workers any more"
    assert str(error.value).startswith(f"U325 the engine at {address} {words} (are its scheduler and workers still")


def test_a_scheduler_behind_certificates_needs_some_here() -> None:
    told = refused("dask://tls://127.0.0.1:1")
    assert told.startswith("U322 for tls://127.0.0.1:1 Dask must know the certificates (name them in Dask's config")


def test_other_versions_are_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Client.get_versions

    def versions(client: Client, **options: Any) -> Any:
        found = real(client, **options)
        for one in found["workers"].values():
            minor = ".".join(map(str, sys.version_info[:2]))
            one["packages"] |= {"ictindex": None, "numpy": "1.0", "python": f"{minor}.99.final.0"}
        return found

    monkeypatch.setattr(Client, "get_versions", versions)
    told = refused(address)
    assert told.startswith("U324 versions differ on the engine: ictindex -, here ") and "numpy 1.0, here 2." in told
    assert "python" not in told  # only the last part of its version differs
    assert told.endswith("(install the same versions on every machine)")


def test_that_distributed_is_not_installed_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = 'for an engine of several machines, distributed must be installed (pip install "ictindex[dask]")'
    assert refused("local") == f"U320 {told}"


def dies(_: Any, number: int) -> None:
    os.kill(os.getpid(), number)


def test_work_that_kills_every_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "LOSSES", 0)
    with pytest.raises(WrongUse) as error, engine("local", workers=1) as executor:
        list(done(dies, None, [(signal.SIGKILL,)], executor))
    assert str(error.value).startswith("U325 one piece of the work was given up: every worker that had it was lost")


def table_refused(_: Any, count: int) -> None:
    raise TableInvalid(
        [Problem("T040", f"'{at}x' is not a number", Location("folder/part.parquet", at)) for at in range(count)]
    )


def test_a_part_with_very_many_bad_cells_is_told_as_one_with_few(local: Any) -> None:
    for count in (1, 1000):
        with pytest.raises(TableInvalid) as error:
            list(done(table_refused, None, [(count,)], local))
        assert len(error.value.problems) == count


INTERRUPTING = """
import os, signal, time
from ictindex.machines import engine
from ictindex.working import done

def interrupted(_, number):
    os.kill(os.getpid(), number)
    time.sleep(0.2)
    return os.getpid()

if __name__ == "__main__":
    with engine("local", workers=1) as executor:
        workers = [*executor.client.run(os.getpid).values()]
        assert list(done(interrupted, None, [(signal.SIGINT,)], executor)) == workers
        assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()
    print("done")
"""


def test_workers_made_here_leave_ctrl_c_to_whoever_made_them(tmp_path: Path) -> None:
    """A terminal sends it to all processes of a command; a worker that took it would print where it was."""
    (script := tmp_path / "script.py").write_text(INTERRUPTING, encoding="utf-8")
    found = subprocess.run([sys.executable, script], check=False, capture_output=True, text=True, timeout=50)
    assert (found.stdout, found.stderr) == ("done\n", "")


def slow(seconds: float, number: int) -> int:
    time.sleep(seconds)
    return number


def test_a_scheduler_that_is_lost_is_told_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    from distributed import LocalCluster

    cluster = LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    )
    capfd.readouterr()
    with pytest.raises(WrongUse) as error, engine(cluster.scheduler_address.replace("tcp", "dask")) as executor:
        [cluster.close() for _ in done(slow, 0.05, [(at,) for at in range(1000)], executor)]
    assert str(error.value).startswith("U325 the engine at dask://127.0.0.1:")
    assert capfd.readouterr() == ("", "")


def test_dask_is_imported_when_it_is_used_and_not_before() -> None:
    code = "import sys, ictindex.cli, ictindex.machines, ictindex.api; print({'dask', 'distributed'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.strip() == b"set()"


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("robustness", "--draws", "70", "--effects", "0"), ("statistics",)])
def test_commands_say_the_same_with_an_engine(run: Any, command: tuple[str, ...], address: str) -> None:
    name, *options = command
    alone = run(name, SCHEME, TABLE, *options)
    assert alone.code == 0
    assert run(name, SCHEME, TABLE, *options, "--engine", address) == alone
    assert run(name, SCHEME, TABLE, *options, "--workers", 2) == alone


def quiet(_: Any) -> bool:
    os.kill(os.getpid(), signal.SIGINT)
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_ctrl_c_ends_the_workers_of_a_command_at_once() -> None:
    late = []

    def command() -> None:
        with working(argparse.Namespace(engine="", workers=2)) as executor:
            assert executor is not None and list(done(quiet, None, [()], executor)) == [True]
            late.append(executor.submit(time.sleep, 60))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        command()
    assert isinstance(late[0].exception(), BrokenProcessPool)  # it was not waited for


@pytest.mark.parametrize("threads", [True, False])
def test_so_many_workers_that_none_could_be_started_are_fewer(threads: bool) -> None:
    with working(argparse.Namespace(engine="", workers=999_999_999), threads=threads) as executor:
        assert executor is not None and executor._max_workers == 60  # type: ignore[attr-defined]


def test_workers_and_an_engine_are_too_much(run: Any) -> None:
    found = run("statistics", SCHEME, TABLE, "--workers", 2, "--engine", "local")
    assert (found.code, found.out) == (2, "")
    assert "U326 --workers and --engine both say who works (leave one of them out)" in found.err
