"""Every exception of the grader, and whose fault each one is.

GraderError
|-- UsageError           the person at the keyboard: a path, an option, a broken course file (exit code 2)
|-- Fault                the grader, the course's checks or the machine: no mark is given (exit code 3)
`-- StudentTrouble       the submission: costs the points of the check, never more
    |-- Mismatch         an answer that is not the right one          -> failed, or partial
    |-- Crashed          an exception or an early end of student code -> crashed
    `-- LimitReached     time, memory or output                       -> limit
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.text import Text, text

if TYPE_CHECKING:
    from grader.causes import Cause


class GraderError(Exception):
    """Base of everything that the grader raises on purpose."""


class UsageError(GraderError):
    """Unusable input from the person who runs the grader; the message names the file, the place and the way out."""

    def __init__(self, problem: Text) -> None:
        super().__init__(problem.say("en"))
        self.problem = problem


class Fault(GraderError):
    """Our own error. It never costs a student anything.

    Args:
        problem: what people can do something about is in the catalogue; what only we can mend is in English.
    """

    def __init__(self, problem: Text | str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.say("en") if isinstance(self.problem, Text) else self.problem


_KNOWN = ("ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EEXIST", "ENOSPC", "EROFS", "ELOOP", "ENAMETOOLONG")


def why(error: OSError | int) -> Text | str:
    """What the operating system had against it, by the exception or its number; in the system's English where that is rare."""
    number = error if isinstance(error, int) else error.errno
    name = errno.errorcode.get(number or 0, "")
    return text(f"errno_{name}") if name in _KNOWN else os.strerror(number) if number else str(error)


def unwritable(path: object, error: OSError) -> UsageError | Fault:
    """What to raise where results cannot be kept: the machine has no room or gives no right to, or that is no place for them."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM):
        return Fault(text("cannot_keep", path=path, reason=why(error)))
    return UsageError(text("cannot_write", path=path, reason=why(error)))


FOLLOW_THROUGH = 0.6  # of a check's points, for what is right but for a slip that another check takes points for


@dataclass(frozen=True)
class Frame:
    """One line of the student's own code on the way to an exception."""

    file: str
    line: int
    function: str
    cell: int | None = None


class StudentTrouble(GraderError):
    """What a submission did wrong.

    Args:
        fact: what and where, safe to show for hidden checks (no inputs, no expected or returned values).
        detail: the numbers, shown for public checks only.
        frames: the student's own lines, innermost last.
    """

    def __init__(self, fact: Text, *, detail: Text | None = None, frames: tuple[Frame, ...] = ()) -> None:
        super().__init__(fact.key)
        self.fact, self.detail, self.frames = fact, detail, frames


class Mismatch(StudentTrouble):
    """The submission's answer is not the right one.

    Args:
        name: what was compared, "W1" or "z".
        got, expected: the whole compared answer; diagnosis compares `got` with what each known mistake answers.
        sizes: lengths and constants that a factor may mean, {"n": 7}.
        earned: fraction in [0, 1) of the check's points that is kept; FOLLOW_THROUGH stands for what the course sets.
        cause: what is wrong, where the family itself could tell.
        ratio: the largest error in units of what is allowed, where numbers decided.

    Attributes:
        answer: what was judged as the check had it, by which the function that gave it is found.
    """

    def __init__(
        self,
        fact: Text,
        *,
        name: str = "",
        got: object = None,
        expected: object = None,
        detail: Text | None = None,
        sizes: Mapping[str, float] | None = None,
        earned: float = 0.0,
        cause: Cause | None = None,
        ratio: float | None = None,
    ) -> None:
        super().__init__(fact, detail=detail)
        self.name, self.got, self.expected = name, got, expected
        self.answer: object = None
        self.sizes, self.earned, self.cause, self.ratio = dict(sizes or {}), earned, cause, ratio


class Crashed(StudentTrouble):
    """Student code raised an exception, or its process ended; `killed` when by a signal that others may have sent: for want of memory."""

    killed = False


class LimitReached(StudentTrouble):
    """Student code used more time, memory or output than it may; `starved` when others had the processor meanwhile."""

    starved = False
