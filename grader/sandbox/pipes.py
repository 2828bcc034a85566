"""Frames over two pipes, where there is no socket pair to be read with a deadline: the same frames as `grader.sandbox.channel`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, TypeVar

from grader.sandbox import wire
from grader.sandbox.channel import TICK_S, DeadlinePassed, PeerGone

_T = TypeVar("_T")


class Pipes:
    """Sends and receives whole frames, however long that takes.

    Args:
        incoming, outgoing: the ends of two pipes.
    """

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming, self._outgoing = incoming, outgoing

    def send(self, frame: Sequence[Any], deadline: float | None = None) -> None:
        """Send the buffers of one frame. Raises PeerGone."""
        try:
            for buffer in frame:
                self._outgoing.write(buffer)
            self._outgoing.flush()
        except (OSError, ValueError):  # ValueError: closed from here
            raise PeerGone from None

    def receive(self, deadline: float | None = None) -> tuple[bytes, bytes]:
        """The meta and array bytes of the next frame. Raises PeerGone, ProtocolError."""
        meta, arrays = wire.lengths(self._take(wire.HEAD.size))
        return self._take(meta), self._take(arrays)

    def _take(self, size: int) -> bytes:
        try:
            data = self._incoming.read(size)
        except (OSError, ValueError):
            raise PeerGone from None
        if len(data) < size:
            raise PeerGone
        return data


class TimedPipes:
    """The same with a deadline. A pipe of Windows cannot be waited for, so a thread reads and writes; it ends with the worker.

    Args:
        tick: called about every 20 ms while waiting; may raise.
    """

    def __init__(self, pipes: Pipes, tick: Callable[[], None]) -> None:
        self._pipes, self._tick = pipes, tick
        self._thread = ThreadPoolExecutor(1)
        self._coming: Future[tuple[bytes, bytes]] | None = None  # asked for, and not there when its deadline passed

    def send(self, frame: Sequence[Any], deadline: float | None = None) -> None:
        """Send the buffers of one frame. Raises PeerGone, DeadlinePassed, and what `tick` raises."""
        self._wait(self._thread.submit(self._pipes.send, frame), deadline)

    def receive(self, deadline: float | None = None) -> tuple[bytes, bytes]:
        """The meta and array bytes of the next frame. Raises PeerGone, DeadlinePassed, ProtocolError, and what `tick` raises."""
        self._coming = self._coming or self._thread.submit(self._pipes.receive)
        received = self._wait(self._coming, deadline)
        self._coming = None
        return received

    def _wait(self, future: Future[_T], deadline: float | None) -> _T:
        while True:
            try:
                return future.result(TICK_S)
            except TimeoutError:
                if deadline is not None and time.monotonic() >= deadline:
                    raise DeadlinePassed from None
                self._tick()

    def close(self) -> None:
        """Let the thread go, which the end of the worker has freed."""
        self._thread.shutdown(wait=False, cancel_futures=True)
