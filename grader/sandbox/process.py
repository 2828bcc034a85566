"""A forked worker's process as its kernel objects: a folder, a channel, an output, a pidfd. It waits to be told what to load."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from grader.sandbox import scratch
from grader.sandbox.channel import Channel
from grader.sandbox.limits import OUTPUT_BYTES, Limits

_SEND_BUFFER = 4 << 20  # 8 MB round trip in 2.6 ms instead of 5.6


class Process:
    """What there is before a fork, and then the process itself.

    Args:
        stage: where its own folder is made.
        limits: its memory and processor time.

    Attributes:
        theirs: what the process is given: its end of the channel, and its output. Closed once it has them.
        pid, pidfd: set by `born`.

    Raises:
        OSError: the machine has no room for it.
    """

    def __init__(self, stage: Path, limits: Limits) -> None:
        self.limits = limits
        self.pid = self.pidfd = -1
        with contextlib.ExitStack() as undo:
            self.folder = Path(tempfile.mkdtemp(dir=stage))
            undo.callback(scratch.remove, self.folder)
            self.output = os.memfd_create("output")
            undo.callback(os.close, self.output)
            self.socket, self.theirs = socket.socketpair()
            undo.callback(self.socket.close)
            undo.callback(self.theirs.close)
            for end in (self.socket, self.theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            self.socket.setblocking(False)
            self._undo = undo.pop_all()

    def born(self, pid: int, pidfd: int) -> None:
        """The process has been forked."""
        self.pid, self.pidfd = pid, pidfd
        self._undo.callback(os.close, pidfd)
        self.theirs.close()

    def channel(self, tick: Callable[[], None]) -> Channel:
        """Its frames; `tick` is called while they are waited for."""
        return Channel(self.socket.fileno(), tick)

    def processor_s(self) -> float:
        """Seconds of processor time that it has used."""
        try:
            return time.clock_gettime(~self.pid << 3 | 2)  # the clock that clock_getcpuclockid(3) names
        except OSError:
            return 0.0

    def resident(self) -> int:
        """Bytes of memory that it holds now, those that it shares with its zygote too; 0 when it is gone."""
        try:
            with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0

    def printed(self, limit: int) -> bytes:
        """The first bytes of what it has printed."""
        return os.pread(self.output, limit, 0)

    def printed_too_much(self) -> bool:
        """Whether the output has reached its limit."""
        return os.fstat(self.output).st_size >= OUTPUT_BYTES

    def floods(self) -> bool:
        """Whether its output has to be stopped from here: the kernel bounds it."""
        return False

    def interrupt(self) -> None:
        """Ask it where it is. Raises OSError."""
        signal.pidfd_send_signal(self.pidfd, signal.SIGUSR1)

    def gone_within(self, seconds: float) -> bool:
        """Whether it ends within that time."""
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def kill(self) -> None:
        """End it and everything that it may have started. It must have been born."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # its session: matters only where seccomp could not refuse a fork

    def close(self) -> None:
        """Give back what it took; it must be gone, or never have been."""
        self._undo.close()
