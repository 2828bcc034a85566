"""The trusted side of a worker's life: start, watch, time, kill. Every deadline is kept here, by our own clock."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

from grader.errors import Crashed, Fault, Frame, LimitReached, StudentTrouble
from grader.sandbox import profile, wire
from grader.sandbox.channel import Channel, DeadlinePassed, PeerGone
from grader.sandbox.confine import OUTPUT_BYTES, Limits
from grader.text import text

_R = TypeVar("_R", wire.Confined, wire.Loaded)
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SEND_BUFFER = 4 << 20  # 8 MB round trip in 2.6 ms instead of 5.6
_LAST_WORD_S = 0.2
_SCRATCH_BYTES = 64 << 20
_SCRATCH_FILES = 2000
_START_S = 60.0  # torch needs 2.2 s on a quiet machine
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "TZ": "UTC",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
}  # fmt: skip


@dataclass(frozen=True)
class Program:
    """Code to be run by a worker.

    Attributes:
        module: the name under which it is imported.
        file: its file name among `files`.
        files: file name -> content, copied into the worker's own folder.
    """

    module: str
    file: str
    files: Mapping[str, bytes]


class Zygote:
    """A warm fork server for one import profile.

    Args:
        imports: libraries that its workers may import besides the standard library.
        skip: layers of confinement left out; for tests and for machines that lack them.
    """

    def __init__(self, imports: tuple[str, ...], *, skip: Collection[str] = ()) -> None:
        self.imports = imports
        self.stage = Path(tempfile.mkdtemp(prefix="grader-"))
        self.uid = profile.unprivileged_uid()
        if self.uid is not None:
            os.chmod(self.stage, 0o711)
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).parents[2])
        boot = f"import sys; sys.path.insert(0, {root!r}); from grader.sandbox.zygote import main; main({theirs.fileno()})"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-X", "utf8", "-c", boot],
            pass_fds=[theirs.fileno()], env=_ENVIRONMENT, cwd="/", stdin=subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()
        self._socket.settimeout(_START_S)
        self._start([*sys.path, root], list(skip))

    def _start(self, path: list[str], skip: list[str]) -> None:
        setup = {
            "imports": self.imports, "path": [p for p in path if p], "worker_path": profile.worker_path(), "skip": skip,
            "read": profile.readable(self.imports), "coarse_read": profile.coarse(self.imports), "stage": str(self.stage),
        }  # fmt: skip
        self._socket.send(json.dumps(setup).encode())
        try:
            ready = self._socket.recv(16)
        except TimeoutError:
            ready = b""
        if not ready:
            self.close()
            raise Fault(f"the process that prepares {', '.join(self.imports) or 'python'} did not start")

    def fork(self, folder: Path, program: Program, limits: Limits, fds: list[int]) -> tuple[int, int]:
        """A new worker: its process id and a pidfd."""
        job = {
            "do": "fork", "folder": str(folder), "file": program.file, "module": program.module,
            "limits": asdict(replace(limits, uid=self.uid)),
        }  # fmt: skip
        reply, received = self._ask(job, fds)
        return int(reply["pid"]), received[0]

    def reap(self, pid: int) -> int:
        """The wait status of a worker that has ended."""
        return int(self._ask({"do": "reap", "pid": pid})[0]["status"])

    def _ask(self, message: dict[str, object], fds: list[int] | None = None) -> tuple[dict[str, int], list[int]]:
        try:
            socket.send_fds(self._socket, [json.dumps(message).encode()], fds or [])
            reply, received, _, _ = socket.recv_fds(self._socket, 1 << 16, 1)
            return json.loads(reply), received
        except (OSError, ValueError) as error:
            raise Fault(f"the process that forks workers is gone ({type(error).__name__})") from error

    def close(self) -> None:
        """End the zygote and remove what its workers left."""
        self._socket.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.stage, ignore_errors=True)


class Worker:
    """One confined process that has loaded one program.

    Args:
        limits: its memory and processor time.
        load_s: seconds of wall clock that importing the program may take.

    Raises:
        StudentTrouble: the program ended, or used too much, while it was being imported.
    """

    def __init__(self, zygote: Zygote, program: Program, limits: Limits, load_s: float) -> None:
        self._zygote, self._limits, self._ended = zygote, limits, ""
        self.folder = Path(tempfile.mkdtemp(dir=zygote.stage))
        self._output = os.memfd_create("output")
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        ours.setblocking(False)
        self._socket = ours
        try:
            self._fill(program.files)
            self.pid, self._pidfd = zygote.fork(self.folder, program, limits, [theirs.fileno(), self._output])
        except BaseException:
            self._release()
            raise
        finally:
            theirs.close()
        self._channel = Channel(ours.fileno(), self._watch)
        try:
            self.layers = self._first(wire.Confined, _START_S).layers
            self.loaded = self._first(wire.Loaded, load_s)
        except BaseException:
            self.close()
            raise

    def _fill(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        if self._zygote.uid is not None:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, self._zygote.uid, self._zygote.uid)

    def _first(self, kind: type[_R], seconds: float) -> _R:
        reply, _ = self.receive(time.monotonic() + seconds)
        if not isinstance(reply, kind):
            raise Crashed(text("protocol_broken"))
        return reply

    def send(self, frame: list[object], deadline: float) -> None:
        """Send a request. Raises StudentTrouble."""
        try:
            self._channel.send(frame, deadline)
        except (PeerGone, DeadlinePassed, StudentTrouble) as error:
            raise self._trouble(error) from None

    def receive(self, deadline: float) -> tuple[wire.Reply, bytes]:
        """The next reply and its array bytes. Raises StudentTrouble, and the worker is gone then."""
        try:
            meta, arrays = self._channel.receive(deadline)
            return wire.decode_reply(meta), arrays
        except DeadlinePassed as error:
            where = self._interrupt()
            trouble = self._trouble(error)
            trouble.frames = where
            raise trouble from None
        except (PeerGone, DeadlinePassed, StudentTrouble, wire.ProtocolError) as error:
            raise self._trouble(error) from None

    def _interrupt(self) -> tuple[Frame, ...]:
        """Where the student's code is when its time is up, if it can be stopped politely: a loop in Python can."""
        try:
            signal.pidfd_send_signal(self._pidfd, signal.SIGUSR1)
            reply = wire.decode_reply(self._channel.receive(time.monotonic() + _LAST_WORD_S)[0])
        except (OSError, PeerGone, DeadlinePassed, StudentTrouble, wire.ProtocolError):
            return ()
        error = reply.error if isinstance(reply, wire.Loaded) else reply
        return frames(error) if isinstance(error, wire.Raised) else ()

    def _trouble(self, error: Exception) -> StudentTrouble:
        """What went wrong, in the student's terms; the worker is killed."""
        self.kill(grace_s=0.2 if isinstance(error, PeerGone) else 0.0)  # its own signal is the better word
        match error:
            case DeadlinePassed():
                return LimitReached(text("limit_time"))
            case wire.ProtocolError():
                return Crashed(text("protocol_broken"))
            case StudentTrouble():
                return error
        return LimitReached(text("limit_cpu")) if self._ended == "SIGXCPU" else Crashed(text("process_ended", how=self._ended))

    def _watch(self) -> None:
        try:
            with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
                resident = int(file.read().split()[1]) * _PAGE
        except (OSError, ValueError, IndexError):
            return
        if resident > self._limits.memory + (512 << 20):  # includes the zygote's shared pages: torch 330 MB
            raise LimitReached(text("limit_memory", mebibytes=self._limits.memory >> 20))
        if _size(self.folder) > _SCRATCH_BYTES:
            raise LimitReached(text("limit_disk", mebibytes=_SCRATCH_BYTES >> 20))

    def output(self, limit: int = 1 << 16) -> str:
        """What the student's code has printed, made harmless for a terminal."""
        raw = os.pread(self._output, limit, 0).decode("utf-8", "replace")
        return "".join(c if c in "\n\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in raw)

    def printed_too_much(self) -> bool:
        """Whether the output has reached its limit."""
        return os.fstat(self._output).st_size >= OUTPUT_BYTES

    def kill(self, grace_s: float = 0.0) -> None:
        """End the worker and everything that it may have started, after `grace_s` in which it may end by itself."""
        if self._ended:
            return
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        if not poll.poll(grace_s * 1000):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # its session: matters only where seccomp could not refuse a fork
        status = self._zygote.reap(self.pid)
        self._ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill the worker and remove its folder."""
        try:
            self.kill()
        finally:
            self._release()
            os.close(self._pidfd)

    def _release(self) -> None:
        self._socket.close()
        os.close(self._output)
        shutil.rmtree(self.folder, ignore_errors=True)


def frames(error: wire.Raised) -> tuple[Frame, ...]:
    """The student's own lines on the way to an exception."""
    return tuple(Frame(where.file, where.line, where.function, where.cell) for where in error.where)


def _size(folder: Path) -> int:
    """Bytes on disk beneath `folder`; too many files count as infinite."""
    total = files = 0
    for parent, folders, names in os.walk(folder):
        files += len(names) + len(folders)
        if files > _SCRATCH_FILES:
            return sys.maxsize
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_blocks * 512
            except OSError:
                continue
    return total
