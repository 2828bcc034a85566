"""A whole class: what has changed is graded, every report is kept as soon as it exists, nothing stops the rest."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import grader
from grader import pages
from grader.course import Course
from grader.engines import local
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.model import Report
from grader.submission import Submission, Unreadable, fingerprint, read
from grader.text import text


@dataclass(frozen=True)
class Summary:
    """What one run did.

    Attributes:
        graded: submissions graded now.
        same: submissions whose report was still good.
        reports: all reports of the class.
        grades, pages: where the marks and the class's page are.
    """

    graded: int
    same: int
    reports: list[Report]
    grades: Path
    pages: Path
    seconds: float


def grade(
    course: Course,
    submissions: Sequence[Submission],
    out: Path,
    *,
    seed: str,
    language: str,
    jobs: int = 1,
    again: bool = False,
    progress: Callable[[Report], None] = lambda report: None,
) -> Summary:
    """Grade the submissions that have no current report in `out`. Raises UsageError, and KeyboardInterrupt with all kept."""
    started = time.monotonic()
    setup = local.Setup(course.folder, seed, language)
    with Gradebook(out) as book:
        keys = {(s.student, s.assignment): _key(course, s, seed, language) for s in submissions}
        todo = [s for s in submissions if again or book.key(s.student, s.assignment) != keys[s.student, s.assignment]]
        todo.sort(key=lambda s: (s.assignment, s.student))  # together, what shares a zygote and a reference's answers
        changed: set[str] = set()
        try:
            for report in local.run(setup, todo, jobs):
                book.store(report, keys[report.student, report.assignment])
                changed.add(report.student)
                progress(report)
        finally:
            grades, reports = book.write_grades(list(course.assignments)), book.reports()
            index = pages.write(course, reports, out, changed)
        return Summary(len(todo), len(submissions) - len(todo), reports, grades, index, time.monotonic() - started)


def _key(course: Course, submission: Submission, seed: str, language: str) -> str:
    """The same key means the same report."""
    program = read(submission)
    content = program.problem.key if isinstance(program, Unreadable) else fingerprint(program)
    parts = (content, course.assignments[submission.assignment].digest, seed, language, grader.__version__, str(course.file.follow_through))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def known_secret(course: Course) -> str:
    """The course's secret, empty if it has none yet: GRADER_SEED, or reference/secret.txt."""
    path = course.folder / "reference" / "secret.txt"
    return os.environ.get("GRADER_SEED") or (path.read_text(encoding="utf-8").strip() if path.is_file() else "")


def secret(course: Course) -> str:
    """The course's secret, made the first time. Raises UsageError."""
    if known := known_secret(course):
        return known
    path = course.folder / "reference" / "secret.txt"
    made = secrets.token_hex(16)
    try:
        path.write_text(made + "\n", encoding="utf-8")
        path.chmod(0o600)
    except OSError as error:
        raise UsageError(text("cannot_write", path=path, reason=error.strerror)) from error
    return made
