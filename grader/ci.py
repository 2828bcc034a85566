"""A repository graded where it is pushed, and for each platform the file that it reads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.atomic import replace
from grader.course import Course
from grader.grading import Grader
from grader.model import Report
from grader.practice import Practice
from grader.reports import classroom, classroom50, gradescope, junit, markdown, rows
from grader.reports.github import Place
from grader.runner import Runner
from grader.sandbox.limits import LAYERS
from grader.submission import MAX_SOURCE, Submission
from grader.surroundings import Surroundings, identity

_RESULT = "result.json"  # where Classroom 50 looks: in the folder that it runs in


def grade(course: Course, submissions: Sequence[Submission], language: str, seed: str | None) -> Iterator[Report]:
    """A report on each submission, as it is done: on the public checks, or with a `seed` on all of them."""
    if seed is None:
        with Practice(course, language, submissions) as practice:
            yield from map(practice.check, submissions)
        return
    with Runner(seed) as runner:
        yield from map(Grader(course, runner, language=language).grade, submissions)


def wanted(course: Course, around: Surroundings, asked: Sequence[str]) -> list[str]:
    """The assignments to grade whether begun or not: those asked for, the one that the platform names, or all where it keeps one
    maximum for everybody. None: what has been begun.
    """
    if asked or not around.fixed:
        return list(asked)
    slug = around.slug.replace("-", "_")
    return [slug] if slug in course.assignments else list(course.assignments)


def places(submissions: Sequence[Submission], root: Path) -> dict[str, Place]:
    """Where each assignment's file lies, seen from the root of the repository."""
    return {submission.assignment: _place(submission.path, root) for submission in submissions}


def _place(path: Path, root: Path) -> Place:
    relative = os.fsencode(os.path.relpath(path, root)).decode("utf-8", "replace")  # folders are named as students like
    if path.suffix != ".py" or path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_SOURCE:
        return Place(relative, "")
    return Place(relative, path.read_text(encoding="utf-8", errors="replace"))


@dataclass(frozen=True)
class Delivery:
    """The files that this run has to write.

    Attributes:
        places: see `places`.
        here: the folder in which Classroom 50 looks for its result.
        junit, summary: files that were asked for.
    """

    course: Course
    language: str
    around: Surroundings
    environment: Mapping[str, str]
    places: Mapping[str, Place]
    here: Path
    junit: Path | None = None
    summary: Path | None = None

    def begin(self, reports: Sequence[Report], missing: Sequence[str]) -> None:
        """Say how far it is, where a platform may stop us: what stands then is what remains. Raises UsageError."""
        if self.around.classroom50:
            identity(self.environment)
        if path := self._gradescope():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, gradescope.unfinished(reports, missing, self.language))

    def finish(self, reports: Sequence[Report]) -> None:
        """Write everything. For a fault of ours there is no file that would be read as a zero. Raises UsageError, OSError."""
        if self.junit:
            self.junit.parent.mkdir(parents=True, exist_ok=True)
            replace(self.junit, junit.document(reports, self.places))
        titles = {name: assignment.file.title.say(self.language) for name, assignment in self.course.assignments.items()}
        words = markdown.summary(reports, titles, LAYERS, self.language)
        if self.summary:
            replace(self.summary, words)
        if self.around.summary:
            _append(self.around.summary, words)
        if self.around.output:
            _append(self.around.output, "".join(f"{name}={value}\n" for name, value in self._outputs(reports)))
        if path := self._gradescope():
            _write_or_remove(path, None if rows.faulty(reports) else gradescope.results(reports, self.language))
        if self.around.classroom50:
            self._classroom50(reports, words)

    def abandon(self) -> None:
        """Leave nothing behind that a platform would read as a mark: this run ends without one."""
        for path in (self._gradescope(), self.here / _RESULT if self.around.classroom50 else None):
            if path:
                path.unlink(missing_ok=True)

    def _outputs(self, reports: Sequence[Report]) -> Iterator[tuple[str, str]]:
        yield "result", classroom.encoded(reports, self.language)
        if not rows.faulty(reports):
            yield "score", f"{rows.score(reports):g}"
        yield "max-score", f"{rows.max_score(reports):g}"
        if self.around.classroom50:
            yield "status", classroom50.status(reports)

    def _classroom50(self, reports: Sequence[Report], words: str) -> None:
        whole = None if rows.faulty(reports) else classroom50.result(reports, identity(self.environment), datetime.now(UTC))
        _write_or_remove(self.here / _RESULT, whole)
        if whole:
            replace(self.here / "release-body.md", words)

    def _gradescope(self) -> Path | None:
        return self.around.gradescope / "results" / "results.json" if self.around.gradescope else None


@contextmanager
def delivering(delivery: Delivery) -> Iterator[Delivery]:
    """A run that ends in an exception has no result: an unfinished one would be taken for a mark."""
    try:
        yield delivery
    except BaseException:
        delivery.abandon()
        raise


def _write_or_remove(path: Path, content: dict[str, Any] | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, content)


def _write(path: Path, content: dict[str, Any]) -> None:
    replace(path, msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n")


def _append(path: Path, words: str) -> None:
    """Add to a file of the runner, which other steps have written to as well."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(words)
