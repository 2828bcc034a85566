"""Frames over two pipes, where there is no socket pair to be read with a deadline: the same frames as `grader.sandbox.channel`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Thread
from typing import IO, Any, TypeVar

from grader.sandbox import wire
from grader.sandbox.channel import TICK_S, DeadlinePassed, PeerGone

_T = TypeVar("_T")
_PIECE = 1 << 20  # bytes asked for at once: a peer that promises much and sends nothing costs no more memory


class Pipes:
    """Sends and receives whole frames, however long that takes.

    Args:
        incoming, outgoing: the ends of two pipes, without buffers.
    """

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming, self._outgoing = incoming, outgoing

    def send(self, frame: Sequence[Any], deadline: float | None = None) -> None:
        """Send the buffers of one frame. Raises PeerGone."""
        try:
            for buffer in frame:
                rest = memoryview(buffer).cast("B")
                while rest:
                    rest = rest[self._outgoing.write(rest) :]
        except (OSError, ValueError):  # ValueError: closed from here
            raise PeerGone from None

    def receive(self, deadline: float | None = None) -> tuple[bytes, bytes]:
        """The meta and array bytes of the next frame. Raises PeerGone, ProtocolError."""
        meta, arrays = wire.lengths(self._take(wire.HEAD.size))
        return self._take(meta), self._take(arrays)

    def _take(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                piece = self._incoming.read(min(size - len(data), _PIECE))
            except (OSError, ValueError):
                piece = b""
            if not piece:
                raise PeerGone
            data += piece
        return bytes(data)


class TimedPipes:
    """The same with a deadline: threads read and write, because nobody can wait for a pipe of Windows. They end with the worker.

    Args:
        tick: called about every 20 ms while waiting; may raise.
    """

    def __init__(self, pipes: Pipes, tick: Callable[[], None]) -> None:
        self._pipes, self._tick = pipes, tick
        self._coming: Future[tuple[bytes, bytes]] | None = None  # asked for, and not there when its deadline passed

    def send(self, frame: Sequence[Any], deadline: float | None = None) -> None:
        """Send the buffers of one frame. Raises PeerGone, DeadlinePassed, and what `tick` raises."""
        self._wait(_begun(lambda: self._pipes.send(frame)), deadline)

    def receive(self, deadline: float | None = None) -> tuple[bytes, bytes]:
        """The meta and array bytes of the next frame. Raises PeerGone, DeadlinePassed, ProtocolError, and what `tick` raises."""
        self._coming = self._coming or _begun(self._pipes.receive)
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


def _begun(work: Callable[[], _T]) -> Future[_T]:
    """What `work` will come to. In no pool: the end of the grader would wait for its threads, and they for a stranger's process."""
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
