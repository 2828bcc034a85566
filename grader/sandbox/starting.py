"""What starts workers, as the rest of the grader knows it: a zygote that forks them, or, where there is none, one Python for each."""

from __future__ import annotations

import os
import platform
import signal
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from grader.sandbox.limits import Limits

START_S: Final = 120.0  # torch needs 2.2 s on a quiet machine, and was seen to need 30 s where thirteen processes shared two cores
ENVIRONMENT: Final = MappingProxyType({
    "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "TZ": "UTC",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
})  # fmt: skip


@dataclass(frozen=True)
class Program:
    """Code to be run by a worker.

    Attributes:
        module: the name under which it is imported.
        file: its file name among `files`.
        files: file name -> content, copied into the worker's own folder.
        skip: top-level statements of the file that are left out, by (cell or 0, line).
    """

    module: str
    file: str
    files: Mapping[str, bytes]
    skip: tuple[tuple[int, int], ...] = ()


class Frames(Protocol):
    """The grader's end of a worker's channel; see `grader.sandbox.channel.Channel`."""

    def send(self, frame: Sequence[Any], deadline: float | None = None) -> None:
        """Send the buffers of one frame."""

    def receive(self, deadline: float | None = None) -> tuple[bytes, bytes]:
        """The meta and array bytes of the next frame."""


class Running(Protocol):
    """A worker's process, seen from the grader; see `grader.sandbox.process.Process`."""

    pid: int
    folder: Path
    limits: Limits

    def channel(self, tick: Callable[[], None]) -> Frames:
        """Its frames."""

    def processor_s(self) -> float:
        """Seconds of processor time used."""

    def resident(self) -> int:
        """Bytes of memory held."""

    def printed(self, limit: int) -> bytes:
        """The first bytes of its output."""

    def printed_too_much(self) -> bool:
        """Whether its output has reached the limit."""

    def floods(self) -> bool:
        """Whether its output has to be stopped from here."""

    def interrupt(self) -> None:
        """Ask it where it is. Raises OSError."""

    def gone_within(self, seconds: float) -> bool:
        """Whether it ends within that time."""

    def kill(self) -> None:
        """End it."""

    def close(self) -> None:
        """Give back what it took."""


class Starter(Protocol):
    """Starts workers of one import profile; see `grader.sandbox.forkserver.Zygote`."""

    imports: tuple[str, ...]
    stage: Path
    uid: int | None

    @property
    def alive(self) -> bool:
        """Whether it can still start workers."""

    def fork(self, limits: Limits) -> Running:
        """A new process that waits for a program. Raises Fault."""

    def prepare(self, limits: Limits) -> None:
        """Have a process ready for the next `fork`."""

    def leave(self, process: Any) -> None:
        """Kill a process whose end nobody waits for."""

    def reap(self, process: Any) -> str:
        """How a process that has ended did so. Raises Fault."""

    def close(self) -> None:
        """End everything."""


def starter(imports: tuple[str, ...], *, skip: Collection[str] = ()) -> Starter:
    """Whatever can start workers here; `skip` leaves layers out, and with `zygote` the fork server. Raises Fault."""
    if "zygote" in skip or not has_zygote():
        from grader.sandbox.plain import Plain

        return Plain(imports)
    from grader.sandbox.forkserver import Zygote

    return Zygote(imports, skip=sorted({*skip, *left_out()}))


@cache
def _forks(system: str) -> bool:
    """Whether a system has what a zygote is made of: macOS, Windows and kernels before 5.3 have not."""
    if system != "Linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
        os.close(os.memfd_create("probe"))
    except (AttributeError, OSError):
        return False
    return hasattr(os, "fork")


def has_zygote() -> bool:
    """Whether workers can be forked here."""
    return "zygote" not in left_out() and _forks(platform.system())


def left_out() -> frozenset[str]:
    """What GRADER_WITHOUT forgoes, to see how a lesser machine fares: layers, or `zygote`, with commas between them."""
    return frozenset(filter(None, os.environ.get("GRADER_WITHOUT", "").split(",")))


def ending(code: int) -> str:
    """How a process ended, from its exit code, which is negative for a signal: `SIGKILL`, `exit 0`."""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:  # most real-time signals have no name
        return f"signal {-code}"


def python(code: str) -> list[str]:
    """The command line of a Python of ours that runs `code`."""
    path = [*filter(None, sys.path), str(Path(__file__).parents[2])]  # as it is here, whatever made it so: PYTHONPATH, --user
    return [sys.executable, "-P", "-s", "-X", "utf8", "-c", f"import sys; sys.path[:] = {path!r}; {code}"]
