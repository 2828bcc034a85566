"""What one worker may use, and the layers that hold it to that; known on every system, also where none of them exists."""

from __future__ import annotations

from dataclasses import dataclass

LAYERS = ("landlock", "seccomp", "rlimits", "no_privileges")
OUTPUT_BYTES = 16 << 20  # of stdout and stderr together, and of any file


@dataclass(frozen=True)
class Limits:
    """What one worker may use.

    Attributes:
        memory: bytes above what it starts with.
        cpu_s: seconds of processor time, a backstop behind the grader's own clock.
        uid: user to become when started as root, or None to stay root without any capability.
    """

    memory: int = 1 << 30
    cpu_s: int = 60
    uid: int | None = None
