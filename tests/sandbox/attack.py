"""What the hostile submissions of these tests are made of."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from grader import doctor
from grader.errors import StudentTrouble
from grader.sandbox.confine import landlock_abi

MISSING = frozenset(doctor.missing())  # layers that this machine does not offer
SLACK_S = 20.0  # what a test may take beyond the limits that it sets itself: other people's work shares the machine

PRELUDE = '''
import ctypes, os, signal, struct, sys, time

libc = ctypes.CDLL(None, use_errno=True)

def attempt(action):
    """What came of an attack, as text that starts with GOT if it worked."""
    try:
        return f"GOT {action()!r}"[:100]
    except BaseException as error:
        return f"{type(error).__name__}: {error}"[:100]

def call(number, *args):
    """A bare system call."""
    result = libc.syscall(*map(ctypes.c_long, (number, *args)))
    return f"GOT {result}" if result >= 0 else os.strerror(ctypes.get_errno())

'''
_NUMBERS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "unshare": (272, 97), "mount": (165, 40), "bpf": (321, 280), "io_uring_setup": (425, 425), "keyctl": (250, 219),
    "shmget": (29, 194), "shmctl": (31, 195), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
}  # fmt: skip


def number(name: str) -> int:
    """The number of a system call on this machine."""
    return _NUMBERS[name][platform.machine() == "aarch64"]


def hostile(source: str) -> str:
    """A submission with the prelude in front."""
    return PRELUDE + dedent(source)


def needs(*layers: str, landlock: int = 1) -> pytest.MarkDecorator:
    """Skip a test where the machine lacks a layer that it is about."""
    lacking = [layer for layer in layers if layer in MISSING]
    if "landlock" in layers and landlock_abi() < landlock:
        lacking.append(f"Landlock ABI {landlock}")
    return pytest.mark.skipif(bool(lacking), reason=f"this machine lacks {', '.join(lacking)}")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if the block takes longer than `seconds` and the slack."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds + SLACK_S


def trouble(action: Callable[[], object]) -> StudentTrouble:
    """The trouble that `action` ends in."""
    with pytest.raises(StudentTrouble) as caught:
        action()
    return caught.value


def running(pid: int) -> bool:
    """Whether a process is there and not a zombie, which its new parent may take a while to bury."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
