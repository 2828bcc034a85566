"""Which known mistake gives exactly what this student's code gave?

Every mistake of the assignment is put through the failing check on the same inputs. If one of them goes wrong there with
the student's own answer, and no other does, it is named. Where the student's own random start makes answers incomparable,
the same cause found in the arrays counts as the same; where nothing fits, the cause alone is told.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from grader.causes import Cause, find_cause
from grader.course import Assignment, Check
from grader.errors import Fault, Mismatch, StudentTrouble
from grader.runner import Runner, program_of
from grader.tensor import Tensor
from grader.text import text

_SAME = 1e-6  # relative to the largest entry: two codes for one wrong formula agree to 1e-12, in float32 to 2e-6
_UNMISTAKABLE = ("not_implemented", "process_ended", "unsendable", "protocol_broken", "limit_time", "memory_error", "limit_output")
_SAME_FLOAT32 = 1e-4


class Diagnoser:
    """Compares troubles with those of the known mistakes, whose answers are computed once per check."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._known: dict[tuple[str, str, str], StudentTrouble | None] = {}

    def mistake(self, assignment: Assignment, check: Check, trouble: StudentTrouble, named: Collection[str] = ()) -> str | None:
        """The name of the only mistake that goes wrong in the same way, or None.

        Tried are the mistakes that this check is there to catch (`grader validate` has shown that no other one gives the same
        answers there) and those already `named` for the same submission, which come first: one slip fails several checks.
        """
        if trouble.fact.key in _UNMISTAKABLE or trouble.fact.key.startswith("missing"):
            return None
        own = [name for name, mistake in assignment.mistakes.items() if mistake.check == check.name]
        for names in (list(named), own):
            alike = self.alike(assignment, check, trouble, names)
            if len(alike) == 1:
                return alike[0]
        return None

    def alike(self, assignment: Assignment, check: Check, trouble: StudentTrouble, names: Collection[str]) -> list[str]:
        """Those of the mistakes `names` that go wrong in the same way as `trouble`."""
        known = {name: self.trouble(assignment, check, name) for name in names}
        return [name for name, other in known.items() if other is not None and same_trouble(trouble, other)]

    def trouble(self, assignment: Assignment, check: Check, name: str) -> StudentTrouble | None:
        """What the mistake `name` does wrong in this check, None if it passes. Raises Fault where that cannot be found out."""
        key = (assignment.id, check.name, name)
        if key not in self._known:
            assert assignment.reference is not None
            program = program_of(assignment, assignment.reference / "mistakes" / f"{name}.py")
            trial = self._runner.attempt(assignment, check, program)
            if trial.fault:
                raise Fault(trial.fault)
            if trial.loaded and any(error.type_name == "SyntaxError" for error in trial.loaded.errors):
                raise Fault(text("mistake_broken", file=program.file, reason=trial.loaded.errors[0].text))
            self._known[key] = trial.trouble
        return self._known[key]


def is_sure(trouble: StudentTrouble) -> bool:
    """Whether equal troubles mean equal mistakes: not where a check only says, in words, which property does not hold."""
    return not isinstance(trouble, Mismatch) or trouble.got is not None


def cause_of(trouble: StudentTrouble) -> Cause | None:
    """What is wrong, from the arrays alone; None unless it is sure."""
    if not isinstance(trouble, Mismatch):
        return None
    if trouble.cause is not None or trouble.got is None:
        return trouble.cause
    return find_cause(trouble.got, trouble.expected, trouble.sizes)


def same_trouble(first: StudentTrouble, second: StudentTrouble) -> bool:
    """Whether two programs went wrong in the same way."""
    if type(first) is not type(second):
        return False
    if not isinstance(first, Mismatch) or not isinstance(second, Mismatch):
        return first.fact == second.fact and first.detail == second.detail
    if first.name != second.name:
        return False
    if first.got is None or second.got is None:
        return first.got is second.got and first.fact == second.fact
    if same_values(first.expected, second.expected):
        return same_values(first.got, second.got)
    causes = cause_of(first), cause_of(second)
    return causes[0] is not None and causes[1] is not None and causes[0].key == causes[1].key


def same_values(first: Any, second: Any) -> bool:
    """Whether two answers are equal up to the rounding of their precision."""
    if isinstance(first, Tensor):
        first = first.data
    if isinstance(second, Tensor):
        second = second.data
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_values(first[key], second[key]) for key in first)
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(map(same_values, first, second))
    try:
        return _same_array(np.asarray(first), np.asarray(second))
    except (TypeError, ValueError):
        return False


def _same_array(first: np.ndarray, second: np.ndarray) -> bool:
    if first.shape != second.shape or first.dtype.kind not in "fiub" or second.dtype.kind not in "fiub":
        return bool(first.shape == second.shape and first.dtype.kind == second.dtype.kind and np.all(first == second))
    a, b = first.astype(float), second.astype(float)
    bound = _SAME_FLOAT32 if _is_float32(a) or _is_float32(b) else _SAME
    finite = np.isfinite(a)
    if not np.array_equal(finite, np.isfinite(b)):
        return False
    scale = float(np.max(np.abs(b[finite]), initial=0.0))
    close = np.all(np.abs(a[finite] - b[finite]) <= bound * scale)
    return bool(close) and np.array_equal(a[~finite], b[~finite], equal_nan=True)


def _is_float32(array: np.ndarray) -> bool:
    """Whether every number fits into float32: by chance one in 5e8 does."""
    with np.errstate(over="ignore"):
        return bool(np.array_equal(array.astype("float32"), array, equal_nan=True))
