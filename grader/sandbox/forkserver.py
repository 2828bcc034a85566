"""The grader's handle on a zygote: starts it, asks it for workers and for how they ended, ends it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from grader.errors import Fault
from grader.sandbox import profile, scratch
from grader.sandbox.limits import Limits
from grader.sandbox.process import Process
from grader.sandbox.starting import ENVIRONMENT, START_S, ending, python

_BURIAL_S = 2.0


class Zygote:
    """A warm fork server for one import profile.

    Args:
        imports: libraries that its workers may import besides the standard library.
        skip: layers of confinement left out; for tests and for machines that lack them.

    Raises:
        Fault: it did not start.
    """

    def __init__(self, imports: tuple[str, ...], *, skip: Collection[str] = ()) -> None:
        self.imports = imports
        self.stage = Path(tempfile.mkdtemp(prefix="grader-"))
        self._remove = weakref.finalize(self, scratch.remove, self.stage)  # also if the grader ends in an error of its own
        self.uid = profile.unprivileged_uid(imports)
        if self.uid is not None:
            os.chmod(self.stage, 0o711)
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            python(f"from grader.sandbox.zygote import main; main({theirs.fileno()})"),
            pass_fds=[theirs.fileno()], env=ENVIRONMENT, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt from the keyboard is for the grader, which then ends it
        )  # fmt: skip
        theirs.close()
        self._socket.settimeout(START_S)
        self._spare: Process | None = None
        self._coming: Process | None = None  # the next spare, until it is known to be there
        self._dying: list[Process] = []
        self._buried: list[int] = []  # which the zygote may forget
        self._start(list(skip))

    def _start(self, skip: list[str]) -> None:
        setup: dict[str, object] = {
            "imports": self.imports, "worker_path": profile.worker_path(), "skip": skip,
            "read": profile.readable(self.imports), "coarse_read": profile.coarse(self.imports), "stage": str(self.stage),
        }  # fmt: skip
        try:
            self._socket.send(json.dumps(setup).encode())
            ready = self._socket.recv(16)
        except OSError:  # TimeoutError is one
            ready = b""
        if not ready:
            self._process.kill()
            self.close()
            raise Fault(f"the process that prepares {', '.join(self.imports) or 'python'} did not start")

    @property
    def alive(self) -> bool:
        """Whether it can still make workers."""
        return self._process.poll() is None

    def fork(self, limits: Limits) -> Process:
        """A new process, confined, that waits for a program. Raises Fault."""
        self._settle()
        spare, self._spare = self._spare, None
        if spare and not (spare.limits == limits and not spare.gone_within(0.0)):
            self.leave(spare)
            spare = None
        return spare or self._born(self._requested(limits))

    def prepare(self, limits: Limits) -> None:
        """Have a process ready for the next `fork` with these limits, while the caller does something else. Raises Fault."""
        if self._spare is None and self._coming is None:
            self._coming = self._requested(limits)

    def leave(self, process: Process) -> None:
        """Kill a process whose end nobody waits for: emptying torch's memory takes 8 ms."""
        process.kill()
        self._dying.append(process)
        if self._socket.fileno() == -1:  # this zygote is closed already
            self.bury(_BURIAL_S)

    def reap(self, process: Process) -> str:
        """How a worker that has ended did so: `SIGKILL`, `exit 0`. Raises Fault."""
        self._settle()
        status = self._ask({"do": "reap", "pid": process.pid}, "status")[0]
        return ending(os.waitstatus_to_exitcode(status))

    def _requested(self, limits: Limits) -> Process:
        try:
            process = Process(self.stage, limits)
        except OSError as error:
            raise Fault(f"a worker could not be started: {error}") from error
        self.bury()
        buried, self._buried = self._buried, []
        job = {"do": "fork", "folder": str(process.folder), "limits": asdict(replace(limits, uid=self.uid)), "buried": buried}
        with _given_back_on_fault(process):
            self._send(job, [process.theirs.fileno(), process.output])
        return process

    def _settle(self) -> None:
        """Take in the process that is being prepared."""
        if self._coming is not None:
            coming, self._coming = self._coming, None
            self._spare = self._born(coming)

    def _born(self, process: Process) -> Process:
        with _given_back_on_fault(process):
            pid, received = self._receive("pid")
            process.born(pid, received[0])
        return process

    def bury(self, seconds: float = 0.0) -> None:
        """Give back what those processes took that were left and are dead, or are within that time."""
        dead = [process for process in self._dying if process.gone_within(seconds)]
        self._dying = [process for process in self._dying if process not in dead]
        for process in dead:
            process.close()
            self._buried.append(process.pid)

    def _ask(self, message: Mapping[str, object], wanted: str) -> tuple[int, list[int]]:
        self._send(message)
        return self._receive(wanted)

    def _send(self, message: Mapping[str, object], fds: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self._socket, [json.dumps(message).encode()], list(fds))
        except OSError as error:
            raise self._gone(error) from error

    def _receive(self, wanted: str) -> tuple[int, list[int]]:
        try:
            reply, received, _, _ = socket.recv_fds(self._socket, 1 << 16, 1)
            return int(json.loads(reply)[wanted]), received
        except (OSError, ValueError, KeyError) as error:
            raise self._gone(error) from error

    def _gone(self, error: Exception) -> Fault:
        self._process.kill()  # a late answer would be taken for the next one's; its workers end with it
        self._process.wait()
        return Fault(f"the process that forks workers is gone ({type(error).__name__})")

    def close(self) -> None:
        """End the zygote and remove what its workers left."""
        with contextlib.suppress(Fault):
            self._settle()
            if self._spare is not None:
                self.leave(self._spare)
        self.bury(_BURIAL_S)
        self._socket.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._remove()


@contextlib.contextmanager
def _given_back_on_fault(process: Process) -> Iterator[None]:
    try:
        yield
    except Fault:
        process.close()
        raise
