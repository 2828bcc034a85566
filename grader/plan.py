"""What a run has to do: which submissions have a report that is still good, and why the others have not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import grader
from grader.course import Course
from grader.gradebook import Handed
from grader.grading import seed_fingerprint
from grader.submission import Submission, fingerprint, read

Reason = Literal["new", "changed", "outdated", "asked", "same"]  # outdated: what it was graded with has changed
Kept = Mapping[tuple[str, str], Sequence[tuple[str, str]]]  # see Gradebook.kept


@dataclass
class Plan:
    """The work of one run.

    Attributes:
        todo: to be graded; together, what shares a zygote and a reference's answers.
        again: handed in before, and newest now: nothing to grade.
        counts: how many submissions there are for each reason.
    """

    todo: list[Submission] = field(default_factory=list)
    again: list[Handed] = field(default_factory=list)
    counts: Counter[Reason] = field(default_factory=Counter)


def plan(submissions: Iterable[Submission], kept: Kept, key: Mapping[str, str], *, again: bool = False) -> Plan:
    """Look at every submission; `key` is of each assignment (see `key_of`), `again` grades all."""
    found = Plan()
    for submission in submissions:
        digest = fingerprint(read(submission))
        attempts = kept.get((submission.student, submission.assignment), ())
        reason = _reason(digest, attempts, key[submission.assignment])
        if reason == "same" and digest != attempts[-1][0]:
            found.again.append(Handed(submission.student, submission.assignment, digest))
        if reason == "same" and again:
            reason = "asked"
        if reason != "same":
            found.todo.append(submission)
        found.counts[reason] += 1
    found.todo.sort(key=lambda s: (s.assignment, s.student))
    return found


def _reason(digest: str, attempts: Sequence[tuple[str, str]], key: str) -> Reason:
    keys = dict(attempts)
    if digest not in keys:
        return "changed" if attempts else "new"
    return "same" if keys[digest] == key else "outdated"


def key_of(course: Course, assignment: str, seed: str, language: str) -> str:
    """Of all that a report depends on besides the submission: the same key means the same report."""
    parts = (course.assignments[assignment].digest, seed_fingerprint(seed), language, grader.__version__, f"{course.file.follow_through:g}")
    return " ".join(parts)
