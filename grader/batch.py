"""A whole class: what has changed is graded, every report is kept as soon as it exists, nothing stops the rest."""

from __future__ import annotations

import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from grader import grades, pages
from grader.course import Course
from grader.engines import Setup, local
from grader.errors import UsageError, why
from grader.gradebook import Gradebook, Handed
from grader.model import Report
from grader.plan import Reason, key_of, plan, with_notes
from grader.sandbox.supervisor import Program
from grader.submission import Submission, Unreadable, held, read
from grader.text import text

Engine = Callable[[Setup, Iterable[Submission]], Iterator[Report]]
Times = Callable[[Submission], datetime | None]


@dataclass(frozen=True)
class Summary:
    """What one run did.

    Attributes:
        counts: submissions by why they were graded, or were not.
        grades, pages: where the marks and the class's page are.
    """

    counts: Counter[Reason]
    grades: Path
    pages: Path
    seconds: float

    @property
    def same(self) -> int:
        """Submissions whose report was still good."""
        return self.counts["same"]

    @property
    def graded(self) -> int:
        """Submissions graded now."""
        return self.counts.total() - self.same


def grade(
    course: Course,
    submissions: Sequence[Submission],
    out: Path,
    *,
    seed: str,
    language: str,
    jobs: int = 1,
    engine: Engine | None = None,
    again: bool = False,
    only_failed: bool = False,
    times: Times = lambda submission: None,
    progress: Callable[[Report, int], None] = lambda report, total: None,
) -> Summary:
    """Grade the submissions that have no current report in `out`.

    Args:
        course: with its reference.
        submissions: at most one for each student and assignment.
        out: the folder of the gradebook.
        seed: the course's secret.
        language: of the reports.
        jobs: how many processes of this machine grade.
        engine: who grades instead.
        again: grade all, whatever is known.
        only_failed: grade those that did not get all their points, again, and no others.
        times: when each was handed in, None where that is not known.
        progress: called with each report when it has been kept, and with how many there will be.

    Raises:
        UsageError; Fault and KeyboardInterrupt with all kept.
    """
    started = time.monotonic()
    keys = {name: key_of(course, name, seed, language) for name in {s.assignment for s in submissions}}
    with Gradebook(out, course.rules) as book:
        failed = book.failed() if only_failed else None
        submissions = [s for s in submissions if failed is None or (s.student, s.assignment) in failed]
        work = plan(submissions, book.kept(), keys, again=again or only_failed)
        for handed in work.again:
            book.hand_in_again(handed)
        changed = {handed.student for handed in work.again}
        run, setup = engine or partial(local.run, jobs=jobs), Setup(course.folder, seed, language)
        try:
            for report in _stored(book, run, setup, work.todo, keys, times):
                changed.add(report.student)
                progress(report, len(work.todo))
            book.date((s.student, s.assignment, when) for s in submissions if (when := times(s)))  # of what is graded already, too
        finally:
            where = write(course, book, changed)
        return Summary(work.counts, *where, time.monotonic() - started)


def _stored(
    book: Gradebook, engine: Engine, setup: Setup, submissions: Iterable[Submission], keys: Mapping[str, str], times: Times
) -> Iterator[Report]:
    """Each report when it has been kept. A submission is read when the engine asks for it, and forgotten with its report."""
    desk: dict[tuple[str, str], tuple[Submission, Program | Unreadable]] = {}

    def reading() -> Iterator[Submission]:
        for submission in submissions:
            content = read(submission)
            desk[submission.student, submission.assignment] = submission, content
            yield held(submission, content)

    for report in engine(setup, reading()):
        submission, content = desk.pop((report.student, report.assignment))
        handed = Handed(report.student, report.assignment, report.submission_digest, times(submission))
        book.store(report, handed, with_notes(keys[report.assignment], submission), content if isinstance(content, Program) else None)
        yield report


def write(course: Course, book: Gradebook, changed: set[str]) -> tuple[Path, Path]:
    """Write what is made from a gradebook: the grades and, for those whose marks or reports have changed, pages."""
    changed |= book.settle()
    path = book.folder / "grades.csv"
    grades.write(book.marks(), list(course.assignments), path)
    with closing(book.reports()) as reports:
        return path, pages.write(course, reports, book.folder, changed)


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
        raise UsageError(text("cannot_write", path=path, reason=why(error))) from error
    return made
