"""The grader's handle on a zygote: starts it, asks it for workers and for how they ended, ends it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from grader.errors import Fault
from grader.sandbox import profile, scratch
from grader.sandbox.confine import Limits

START_S = 120.0  # torch needs 2.2 s on a quiet machine, and was seen to need 30 s where thirteen processes shared two cores
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
        path = [*filter(None, sys.path), str(Path(__file__).parents[2])]  # as it is here, whatever made it so: PYTHONPATH, --user
        boot = f"import sys; sys.path[:] = {path!r}; from grader.sandbox.zygote import main; main({theirs.fileno()})"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-X", "utf8", "-c", boot],
            pass_fds=[theirs.fileno()], env=_ENVIRONMENT, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt from the keyboard is for the grader, which then ends it
        )  # fmt: skip
        theirs.close()
        self._socket.settimeout(START_S)
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

    def fork(self, folder: Path, program: Program, limits: Limits, fds: Sequence[int]) -> tuple[int, int]:
        """A new worker: its process id and a pidfd. Raises Fault."""
        job = {
            "do": "fork", "folder": str(folder), "file": program.file, "module": program.module,
            "limits": asdict(replace(limits, uid=self.uid)),
        }  # fmt: skip
        pid, received = self._ask(job, "pid", fds)
        return pid, received[0]

    def reap(self, pid: int) -> int:
        """The wait status of a worker that has ended. Raises Fault."""
        return self._ask({"do": "reap", "pid": pid}, "status")[0]

    def _ask(self, message: Mapping[str, object], wanted: str, fds: Sequence[int] = ()) -> tuple[int, list[int]]:
        try:
            socket.send_fds(self._socket, [json.dumps(message).encode()], list(fds))
            reply, received, _, _ = socket.recv_fds(self._socket, 1 << 16, 1)
            return int(json.loads(reply)[wanted]), received
        except (OSError, ValueError, KeyError) as error:
            self._process.kill()  # a late answer would be taken for the next one's; its workers end with it
            self._process.wait()
            raise Fault(f"the process that forks workers is gone ({type(error).__name__})") from error

    def close(self) -> None:
        """End the zygote and remove what its workers left."""
        self._socket.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._remove()
