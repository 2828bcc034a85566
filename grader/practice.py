"""The public checks as students run them, from the command line, in a notebook or at every save."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import TracebackType

import msgspec

from grader.course import Course
from grader.grading import Grader
from grader.model import CheckResult, Report
from grader.recording import PRACTICE
from grader.runner import Runner
from grader.submission import Submission


class Practice(AbstractContextManager["Practice"]):
    """Runs public checks; its processes stay warm from one submission to the next.

    Args:
        hints: fill the hint of every lost point from assignment.yaml, where diagnosis has none.
    """

    def __init__(self, course: Course, language: str, submissions: Iterable[Submission], *, hints: bool = False) -> None:
        live = all(course.assignments[submission.assignment].reference for submission in submissions)
        self._course, self._language, self._hints = course, language, hints
        self._runner = Runner(PRACTICE, replay=not live)
        self._grader = Grader(course, self._runner, language=language, only_public=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._runner.close()

    def check(self, submission: Submission) -> Report:
        """The report on one submission."""
        report = self._grader.grade(submission)
        return msgspec.structs.replace(report, checks=[self._hinted(report, check) for check in report.checks]) if self._hints else report

    def _hinted(self, report: Report, check: CheckResult) -> CheckResult:
        if check.outcome in ("passed", "skipped", "fault") or check.hint:
            return check
        hint = self._course.assignments[report.assignment].file.checks[check.name].hint.say(self._language)
        return msgspec.structs.replace(check, hint=hint)
