"""The grader's handle on workers without a zygote: one Python for each, unconfined, with the same frames over pipes.

A worker costs the start of Python and of its libraries (numpy 0.2 s, torch 2 s) instead of milliseconds; the next one starts
while a check runs. Time is kept by the grader as ever, and output and disk are watched; memory is watched where /proc tells it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Final

from grader.errors import Fault
from grader.sandbox import profile, scratch
from grader.sandbox.channel import PeerGone
from grader.sandbox.limits import OUTPUT_BYTES, Limits
from grader.sandbox.pipes import Pipes, TimedPipes
from grader.sandbox.starting import ENVIRONMENT, ending, python

_WINDOWS: Final = ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP")  # without which Python does not start there
_END_S: Final = 5.0
_NEW_GROUP: Final = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # on Windows: Ctrl-C is for the grader


class PlainProcess:
    """A worker's process, its folder, its pipes and the file that holds its output.

    Raises:
        OSError: the machine has no room for it.
    """

    def __init__(self, stage: Path, imports: tuple[str, ...], limits: Limits) -> None:
        self.limits, self._started = limits, time.monotonic()
        self.folder = Path(tempfile.mkdtemp(dir=stage))
        self._output = stage / f"{self.folder.name}.txt"
        boot = f"from grader.sandbox.alone import main; main({list(imports)!r}, {profile.worker_path()!r}, {limits.cpu_s})"
        environment = {**ENVIRONMENT, **{name: os.environ[name] for name in _WINDOWS if name in os.environ}}
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                python(boot), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, env=environment, cwd=self.folder,
                bufsize=0, start_new_session=True, creationflags=_NEW_GROUP,
            )  # fmt: skip
        self.pid = self._process.pid

    def channel(self, tick: Callable[[], None]) -> TimedPipes:
        """Its frames; `tick` is called while they are waited for."""
        assert self._process.stdin and self._process.stdout

        def look() -> None:
            if self.gone_within(0.0):  # a process that it has started may hold its pipes open
                raise PeerGone
            tick()

        return TimedPipes(Pipes(self._process.stdout, self._process.stdin), look)

    def processor_s(self) -> float:
        """Seconds of processor time that it has used; where nobody tells, all the time since it was started."""
        try:
            return time.clock_gettime(~self.pid << 3 | 2)
        except (OSError, AttributeError):
            return time.monotonic() - self._started

    def resident(self) -> int:
        """Bytes of memory that it holds now; 0 where nobody tells."""
        try:
            with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, AttributeError, ValueError, IndexError):
            return 0

    def printed(self, limit: int) -> bytes:
        """The first bytes of what it has printed."""
        with self._output.open("rb") as file:
            return file.read(limit)

    def printed_too_much(self) -> bool:
        """Whether the output has reached its limit."""
        return self._output.stat().st_size >= OUTPUT_BYTES

    def floods(self) -> bool:
        """Whether its output has to be stopped from here: nobody else bounds it."""
        return self.printed_too_much()

    def interrupt(self) -> None:
        """Ask it where it is. Raises OSError where that cannot be asked."""
        if not hasattr(signal, "SIGUSR1"):
            raise OSError("no such signal")
        self._process.send_signal(signal.SIGUSR1)

    def gone_within(self, seconds: float) -> bool:
        """Whether it ends within that time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it and, where there are sessions, everything that it has started."""
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._process.kill()

    def ended(self) -> str:
        """How it ended: `SIGKILL`, `exit 0`. Raises Fault."""
        try:
            return ending(self._process.wait(_END_S))
        except subprocess.TimeoutExpired as error:
            raise Fault("a worker that was killed has not ended") from error

    def close(self) -> None:
        """Give back what it took; it has been killed."""
        self.gone_within(_END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        scratch.remove(self.folder)
        with contextlib.suppress(OSError):
            self._output.unlink()


class Plain:
    """Starts one Python for each worker.

    Args:
        imports: libraries that its workers may import besides the standard library.
    """

    uid: int | None = None

    def __init__(self, imports: tuple[str, ...]) -> None:
        self.imports = imports
        self.stage = Path(tempfile.mkdtemp(prefix="grader-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.stage, ignore_errors=True)
        self._spare: PlainProcess | None = None

    @property
    def alive(self) -> bool:
        """Whether it can still start workers."""
        return self._remove.alive

    def fork(self, limits: Limits) -> PlainProcess:
        """A new process that waits for a program. Raises Fault."""
        spare, self._spare = self._spare, None
        if spare and not (spare.limits == limits and not spare.gone_within(0.0)):
            self.leave(spare)
            spare = None
        return spare or self._new(limits)

    def prepare(self, limits: Limits) -> None:
        """Have a process ready for the next `fork` with these limits. Raises Fault."""
        if self._spare is None:
            self._spare = self._new(limits)

    def _new(self, limits: Limits) -> PlainProcess:
        try:
            return PlainProcess(self.stage, self.imports, limits)
        except OSError as error:
            raise Fault(f"a worker could not be started: {error}") from error

    def leave(self, process: PlainProcess) -> None:
        """Kill a process whose end nobody waits for."""
        process.kill()
        process.close()

    def reap(self, process: PlainProcess) -> str:
        """How a process that has ended did so. Raises Fault."""
        return process.ended()

    def close(self) -> None:
        """End the process that is ready, and remove what workers left."""
        if self._spare is not None:
            self.leave(self._spare)
            self._spare = None
        self._remove()
