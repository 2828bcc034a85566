"""Frames over a file descriptor: blocking in the worker, bound by an absolute deadline in the grader.

Only readv and writev are used, so that socket(), send() and recv() need not be among a worker's system calls.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Sequence
from typing import Any

from grader.sandbox import wire

_AHEAD = 1 << 16  # bytes that may be read beyond what is asked for
TICK_S = 0.02  # memory is touched at 0.7 GB/s: at most about 15 MB between two looks


class PeerGone(Exception):
    """The other side closed the channel."""


class DeadlinePassed(Exception):
    """The other side did not answer in time, whatever it did send meanwhile."""


class Channel:
    """Sends and receives whole frames.

    Args:
        fd: one end of a socket pair.
        tick: called about every 20 ms while waiting; may raise.
    """

    def __init__(self, fd: int, tick: Callable[[], None] | None = None) -> None:
        self.fd, self.tick = fd, tick
        self._next_tick = 0.0
        self._ahead = b""
        self._room = memoryview(bytearray(_AHEAD))

    def send(self, frame: Sequence[Any], deadline: float | None = None) -> None:
        """Send the buffers of one frame. Raises PeerGone, DeadlinePassed, and what `tick` raises."""
        buffers = [memoryview(b).cast("B") for b in frame]
        while buffers:
            self._step(deadline)
            try:
                sent = os.writev(self.fd, buffers[:512])
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
                continue
            except (BrokenPipeError, ConnectionResetError):
                raise PeerGone from None
            while buffers and sent >= len(buffers[0]):
                sent -= len(buffers.pop(0))
            if sent:
                buffers[0] = buffers[0][sent:]

    def receive(self, deadline: float | None = None) -> tuple[bytes, bytes]:
        """The meta and array bytes of the next frame. Raises PeerGone, DeadlinePassed, ProtocolError."""
        meta, arrays = wire.lengths(self._take(wire.HEAD.size, deadline))
        return self._take(meta, deadline), self._take(arrays, deadline)

    def _take(self, size: int, deadline: float | None) -> bytes:
        """The next `size` bytes. What has come with them is kept: a small frame costs one system call."""
        data = bytearray(self._ahead[:size])
        self._ahead = self._ahead[size:]
        filled = len(data)
        data.extend(bytes(size - filled))
        while filled < size:
            rest = memoryview(data)[filled:]
            got = self._read([rest, self._room], deadline)
            self._ahead = bytes(self._room[: max(got - len(rest), 0)])
            filled += got
        return bytes(data)

    def _read(self, buffers: list[memoryview], deadline: float | None) -> int:
        """Wait for bytes, fill the buffers with what there is, return how many."""
        while True:
            self._step(deadline)
            self._wait(select.POLLIN, deadline)
            try:
                got = os.readv(self.fd, buffers)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                got = 0
            if not got:
                raise PeerGone
            return got

    def _step(self, deadline: float | None) -> None:
        """Look at the clock, and every 20 ms call `tick`: at every step, because a peer that floods us never makes us wait."""
        if deadline is None:
            return
        now = time.monotonic()
        if now >= deadline:
            raise DeadlinePassed
        if self.tick and now >= self._next_tick:
            self._next_tick = now + TICK_S
            self.tick()

    def _wait(self, event: int, deadline: float | None) -> None:
        if deadline is None:  # the system call itself waits
            return
        poll = select.poll()
        poll.register(self.fd, event)
        while not poll.poll(max(0.0, min(deadline - time.monotonic(), TICK_S)) * 1000 + 1):
            self._step(deadline)
