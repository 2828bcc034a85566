"""The trusted side of a worker's life: start, watch, time, kill. Every deadline is kept here, by our own clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from grader.errors import Crashed, Fault, Frame, LimitReached, StudentTrouble
from grader.sandbox import nodes, scratch, wire
from grader.sandbox.channel import DeadlinePassed, PeerGone
from grader.sandbox.forkserver import Zygote
from grader.sandbox.limits import Limits
from grader.sandbox.starting import START_S, Program, Starter
from grader.sandbox.trouble import frames, told_before, words
from grader.text import text

__all__ = ["Deadline", "Limits", "Program", "Worker", "Zygote"]

_R = TypeVar("_R", wire.Confined, wire.Loaded)
_LAST_WORD_S = 0.2
_LOST = "lost"
_SCRATCH_BYTES = 64 << 20


@dataclass(frozen=True, order=True)
class Deadline:
    """When a worker's time is up, and what is needed to tell whether it ever had that time.

    Attributes:
        at: on the monotonic clock.
        since: when its time began, on the same clock.
        processor_s: seconds of processor time that the worker had used by then.
    """

    at: float
    since: float
    processor_s: float

    def starved(self, processor_s: float) -> bool:
        """Whether the worker, which has used `processor_s` by now, had the processor for less than half of its time."""
        return processor_s - self.processor_s < (self.at - self.since) / 2


class Worker:
    """One confined process that has loaded one program.

    Args:
        limits: its memory and processor time.
        load_s: seconds of wall clock that importing the program may take.
        another: whether one more with these limits will be wanted: it is made ready while this one imports and works.

    Attributes:
        layers: the confinement in force.
        loaded: how importing the program went.

    Raises:
        StudentTrouble: the program ended, or used too much, while it was being imported.
        Fault: there is no worker, or it could not be confined.
    """

    def __init__(self, zygote: Starter, program: Program, limits: Limits, load_s: float, *, another: bool = False) -> None:
        self._zygote, self._files, self._ended, self._killed, self._closed = zygote, program.files, "", False, False
        self._process = zygote.fork(limits)
        self.pid, self.folder = self._process.pid, self._process.folder
        self._channel = self._process.channel(self._watch)
        try:
            self._hand_over(program, load_s)
            if another:
                zygote.prepare(limits)
            self.layers = self._confined()
            self.loaded = self._first(wire.Loaded, load_s)
        except BaseException:
            self.close()
            raise

    def _hand_over(self, program: Program, load_s: float) -> None:
        try:
            scratch.fill(self.folder, program.files, self._zygote.uid)
        except (OSError, ValueError) as error:
            raise Fault(f"a submission could not be handed to a worker: {error}") from error
        try:
            self.send(wire.encode(wire.Load(program.file, program.module, list(program.skip))), self.deadline(load_s))
        except StudentTrouble as trouble:
            raise Fault(f"a worker could not be started: {trouble.fact.key} {self.output()}".strip()) from trouble

    def _confined(self) -> list[str]:
        try:
            return self._first(wire.Confined, START_S).layers
        except StudentTrouble as trouble:  # no student code has run yet
            raise Fault(f"a worker could not be confined: {trouble.fact.key} {self.output()}".strip()) from trouble

    def _first(self, kind: type[_R], seconds: float) -> _R:
        reply, _ = self.receive(self.deadline(seconds))
        if not isinstance(reply, kind):
            raise Crashed(text("protocol_broken"))
        return reply

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return not (self._ended or self._closed or self._process.gone_within(0.0))

    def deadline(self, seconds: float) -> Deadline:
        """The deadline of something that begins now and may take `seconds`."""
        now = time.monotonic()
        return Deadline(now + seconds, now, self._process.processor_s())

    def send(self, frame: list[object], deadline: Deadline) -> None:
        """Send a request. Raises StudentTrouble."""
        try:
            self._channel.send(frame, deadline.at)
        except DeadlinePassed:
            raise self._late(deadline) from None
        except (PeerGone, StudentTrouble) as error:
            raise self._trouble(error) from None

    def receive(self, deadline: Deadline) -> tuple[wire.Reply, bytes]:
        """The next reply and its array bytes. Raises StudentTrouble, and the worker is gone then."""
        try:
            meta, arrays = self._channel.receive(deadline.at)
            return self._told_before(wire.decode_reply(meta)), arrays
        except DeadlinePassed:
            raise self._late(deadline) from None
        except (PeerGone, StudentTrouble, nodes.ProtocolError) as error:
            raise self._trouble(error) from None

    @cached_property
    def _names(self) -> frozenset[str]:
        return words(self._files)

    def _told_before(self, reply: wire.Reply) -> wire.Reply:
        return told_before(reply, self._files, self._names) if isinstance(reply, wire.Raised) else reply

    def _interrupt(self) -> tuple[Frame, ...]:
        """Where the student's code is when its time is up, if it can be stopped politely: a loop in Python can."""
        try:
            self._process.interrupt()
            reply = self._told_before(wire.decode_reply(self._channel.receive(time.monotonic() + _LAST_WORD_S)[0]))
        except (OSError, PeerGone, DeadlinePassed, StudentTrouble, nodes.ProtocolError):
            return ()
        error = reply.errors[-1] if isinstance(reply, wire.Loaded) and reply.errors else reply
        return frames(error) if isinstance(error, wire.Raised) else ()

    def _late(self, deadline: Deadline) -> LimitReached:
        starved = deadline.starved(self._process.processor_s())
        trouble = LimitReached(text("limit_time", function="", seconds=0.0), frames=self._interrupt())
        trouble.starved = starved
        self.kill()
        return trouble

    def _trouble(self, error: Exception) -> StudentTrouble:
        """What went wrong, in the student's terms; the worker is killed. Raises Fault if that is not the student's doing."""
        used = self._process.processor_s()
        self.kill(grace_s=_LAST_WORD_S if isinstance(error, PeerGone) else 0.0)  # its own signal is the better word
        if self._ended == _LOST:
            raise Fault("the process that forks workers has died, and a worker with it") from error
        if isinstance(error, StudentTrouble):
            return error
        if isinstance(error, nodes.ProtocolError):
            return Crashed(text("protocol_broken"))
        if self._ended == "SIGXCPU" or (self._ended == "SIGKILL" and not self._killed and used >= self._process.limits.cpu_s):
            return LimitReached(text("limit_cpu"))
        if self._ended == "SIGXFSZ":
            return LimitReached(text("limit_output"))
        crashed = Crashed(text("process_ended", how=self._ended))
        crashed.killed = self._ended == "SIGKILL" and not self._killed
        return crashed

    def _watch(self) -> None:
        if self._process.resident() > self._process.limits.memory + (512 << 20):  # includes the zygote's shared pages: torch 330 MB
            raise LimitReached(text("limit_memory", mebibytes=self._process.limits.memory >> 20))
        if self._process.floods():
            raise LimitReached(text("limit_output"))
        if scratch.size(self.folder) > _SCRATCH_BYTES:
            raise LimitReached(text("limit_disk", mebibytes=_SCRATCH_BYTES >> 20))

    def output(self, limit: int = 1 << 16) -> str:
        """What the student's code has printed, made harmless for a terminal."""
        return nodes.printable(self._process.printed(limit).decode("utf-8", "replace"))

    def printed_too_much(self) -> bool:
        """Whether the output has reached its limit."""
        return self._process.printed_too_much()

    def kill(self, grace_s: float = 0.0) -> None:
        """End the worker and everything that it may have started, after `grace_s` in which it may end by itself."""
        if self._ended:
            return
        self._killed = not self._process.gone_within(grace_s)
        self._process.kill()
        try:
            self._ended = self._zygote.reap(self._process)
        except Fault:  # the zygote is gone, and its workers with it
            self._ended = _LOST

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill the worker; its folder goes with it."""
        if self._closed:
            return
        self._closed = True
        if self._ended:
            self._process.close()
        else:
            self._zygote.leave(self._process)
