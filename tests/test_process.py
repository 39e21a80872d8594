"""The command line as a process: its streams and its signals, and how it ends."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from ictindex.cli import FINE, PROBLEMS, WRONG_USE, main

HERE = Path(__file__).parent.parent
DTI = "dti-922/2022-province"
FIVE = str(HERE / "schemes" / f"{DTI}.example.csv")


def process(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "ictindex", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **environment}, check=False)


def test_a_module_and_exit_codes_in_a_real_process(tmp_path: Path) -> None:
    told = process("score", DTI, "-", "--format", "csv", stdin=Path(FIVE).read_bytes())
    assert told.returncode == FINE and told.stderr == b"" and "Đà Nẵng".encode() in told.stdout
    told = process("score", DTI, str(tmp_path / "none.csv"))
    assert told.returncode == PROBLEMS and told.stdout == b"" and b"T001 there is no such file" in told.stderr
    told = process("score", "no/2022-scheme", FIVE)
    assert told.returncode == WRONG_USE and b"Traceback" not in told.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "cp1258", "ascii"])
def test_vietnamese_on_any_console(encoding: str) -> None:
    told = process("explain", DTI, FIVE, "da-nang", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert told.returncode == FINE and "├─ 1 Nhận thức số: 100 of 100" in told.stdout.decode()
    told = process("explain", DTI, FIVE, "Đà Lạt", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert told.returncode == WRONG_USE and "'Đà Lạt'" in told.stderr.decode()


class Stream(io.StringIO):
    """A standard stream that is a terminal, or whose other end fails."""

    def __init__(self, failure: BaseException | None = None) -> None:
        super().__init__()
        self.failure = failure

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        if self.failure is not None:
            raise self.failure


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (BrokenPipeError(), FINE, ""),
        (OSError(28, "No space left"), PROBLEMS, "U114"),
        (OSError("bad page"), PROBLEMS, "U114"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_an_output_that_fails(failure: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = Stream()
    monkeypatch.setattr(sys, "stdout", Stream(failure))
    monkeypatch.setattr(sys, "stderr", errors)
    assert main(["schema"]) == code and errors.getvalue().startswith(words) and bool(words) == bool(errors.getvalue())
    assert "None" not in errors.getvalue()
    assert words != "U114" or f"temporary files lie in {tempfile.gettempdir()}; TMPDIR names" in errors.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and terminals of Unix")
class TestStreams:
    """Pipes that close, disks that are full, streams that are not there, terminals."""

    @pytest.mark.parametrize("arguments", ["schema", "show dong-thap-1397/2022-district", "--help"])
    def test_a_reader_that_has_seen_enough(self, arguments: str) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "ictindex", *arguments.split()]
        told = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
        os.close(writing)
        assert told.returncode == FINE and told.stderr == b""

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_a_command_that_is_ended_clears_up(self, number: int, tmp_path: Path) -> None:
        (tmp_path / "temporary").mkdir()
        source, here = tmp_path / "t.csv", tmp_path / "temporary"
        example = (HERE / "schemes" / "dti-1726" / "2020-province.example.csv").read_text(encoding="utf-8")
        head, line, *_ = [one for one in example.splitlines() if not one.startswith("#")]
        some = [f"u{at}{line[line.index(',') :]}" for at in range(4_000)]
        source.write_text("\n".join([head, *some, ""]), encoding="utf-8")
        words = ["score", "dti-1726/2020-province", "t.csv", "--block", "1", "-o", "r.csv"]
        command = [sys.executable, "-m", "ictindex", *words]
        environment = {**os.environ, "TMPDIR": str(here)}
        ran = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
        last = time.monotonic() + 30
        while not list(here.iterdir()) and ran.poll() is None and time.monotonic() < last:
            time.sleep(0.01)
        ran.send_signal(number)
        told = ran.communicate(timeout=30)[1]
        assert (ran.returncode, told) == (128 + number, b"")
        assert not list(here.iterdir()) and sorted(one.name for one in tmp_path.iterdir()) == ["t.csv", "temporary"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
    def test_a_full_disk(self) -> None:
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "ictindex", "schema"]
            told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        assert told.returncode == PROBLEMS and told.stderr.startswith(b"U114 ") and told.stderr.count(b"\n") == 1

    @pytest.mark.parametrize(("closed", "code"), [("<&-", PROBLEMS), (">&-", PROBLEMS), ("2>&-", PROBLEMS)])
    def test_streams_that_are_closed(self, closed: str, code: int) -> None:
        command = ["/bin/sh", "-c", f'"$0" -m ictindex score {DTI} - {closed}', sys.executable]
        told = subprocess.run(command, input=b"", capture_output=True, check=False)
        assert told.returncode == code and b"Traceback" not in told.stderr

    def test_progress_is_told_on_a_terminal_only(self) -> None:
        import pty

        master, slave = pty.openpty()
        command = [sys.executable, "-m", "ictindex", "score", DTI, FIVE]
        told = subprocess.run(command, stdout=subprocess.PIPE, stderr=slave, check=False)
        os.close(slave)
        seen = os.read(master, 10_000).decode()
        os.close(master)
        assert told.returncode == FINE and "reading" in seen and "writing ..." in seen and seen.endswith("\r")
        assert b"reading" not in told.stdout
