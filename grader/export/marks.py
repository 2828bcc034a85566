"""What a graded class has earned, as grade files need it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.model import Report
from grader.reports import rows

_LONGEST = 4000  # characters of a comment


@dataclass(frozen=True)
class Marks:
    """The reports of a class.

    Attributes:
        reports: student -> assignment -> report.
    """

    reports: dict[str, dict[str, Report]]

    def value(self, student: str, assignment: str, worth: float | None = None) -> float | None:
        """The mark of one assignment, of `worth` points or as it was given; None where there is none, or by our fault."""
        report = self.reports.get(student, {}).get(assignment)
        if report is None or (score := earned(report)) is None:
            return None
        return score if worth is None or not report.max_score else score * worth / report.max_score

    def faults(self, assignments: Sequence[str]) -> list[str]:
        """The students who have no mark somewhere, by our fault."""
        return sorted({name for name, own in self.reports.items() for a in assignments if a in own and earned(own[a]) is None})


def marks_of(reports: Iterable[Report]) -> Marks:
    """The marks in a gradebook."""
    found: dict[str, dict[str, Report]] = {}
    for report in reports:
        found.setdefault(report.student, {})[report.assignment] = report
    return Marks(found)


def earned(report: Report) -> float | None:
    """The points that count; None where the grader is at fault."""
    return report.counts


def comment(report: Report) -> str:
    """What a report says of each lost point, as one line of HTML: what LMS take comments for."""
    lines = []
    for check in report.checks:
        if rows.full(check):
            continue
        points = "–" if check.points is None else f"{check.points:g}"
        told = rows.explanation(check, report.language)
        lines.append(f"{check.title}: {points} / {check.max_points:g}" + (f". {told}" if told else ""))
    whole = "\n".join([*report.notes, *lines])
    return html.escape(whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…", quote=False).replace("\n", "<br>")
