"""What a run has to do: which submissions have a report that is still good, and why the others have not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import grader
from grader.course import Course, digest
from grader.gradebook import Handed
from grader.grading import seed_fingerprint
from grader.submission import Submission, fingerprint, read

_PARTS = 5  # of a key
Reason = Literal["new", "changed", "outdated", "asked", "same"]  # outdated: what it was graded with has changed
Kept = Mapping[tuple[str, str], Sequence[tuple[str, str]]]  # see Gradebook.kept


@dataclass
class Plan:
    """The work of one run.

    Attributes:
        todo: to be graded; together, what shares a zygote and a reference's answers.
        again: handed in before, and newest now.
        counts: how many submissions there are for each reason.
    """

    todo: list[Submission] = field(default_factory=list)
    again: list[Handed] = field(default_factory=list)
    counts: Counter[Reason] = field(default_factory=Counter)


def plan(submissions: Iterable[Submission], kept: Kept, key: Mapping[str, str], *, again: bool = False) -> Plan:
    """Look at every submission; `key` is of each assignment (see `key_of`), `again` grades all."""
    found = Plan()
    for submission in submissions:
        content = fingerprint(read(submission))
        attempts = kept.get((submission.student, submission.assignment), ())
        reason = _reason(content, attempts, with_notes(key[submission.assignment], submission))
        if reason in ("same", "outdated") and content != attempts[-1][0]:
            found.again.append(Handed(submission.student, submission.assignment, content))
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


def with_notes(key: str, submission: Submission) -> str:
    """The key of one submission's report, which also says what is to be told of how it arrived."""
    told = "".join([*submission.ignored, *(note.say("en") for note in submission.notes)])
    return f"{key} {digest([told.encode('utf-8', 'surrogateescape')])}" if told else key


def shared(key: str) -> str:
    """What a report's key has in common with those of the other students."""
    return " ".join(key.split(" ")[:_PARTS])


def key_of(course: Course, assignment: str, seed: str, language: str) -> str:
    """Of all that a report depends on besides the submission: the same key means the same report."""
    parts = (course.assignments[assignment].digest, seed_fingerprint(seed), language, grader.__version__, f"{course.file.follow_through:g}")
    assert len(parts) == _PARTS
    return " ".join(parts)
