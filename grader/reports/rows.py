"""What every machine-readable form of a report needs: one row for each check, and numbers that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.model import CheckResult, Report
from grader.text import text


@dataclass(frozen=True)
class Row:
    """One check of one report.

    Attributes:
        name: unique among the rows; says the assignment only where there are several.
        number: "2.3" is the third check of the second report.
    """

    report: Report
    check: CheckResult
    name: str
    number: str


def rows(reports: Sequence[Report]) -> Iterator[Row]:
    """Every check of every report, in order."""
    taken: set[str] = set()
    for i, report in enumerate(reports, 1):
        for j, check in enumerate(report.checks, 1):
            name = check.title if len(reports) == 1 else f"{report.assignment}: {check.title}"
            if name in taken:
                name = f"{name} ({check.name})"
            taken.add(name)
            yield Row(report, check, name, f"{i}.{j}")


def faulty(reports: Sequence[Report]) -> bool:
    """Whether there is no mark for one of the reports, by our fault."""
    return any(report.status == "fault" for report in reports)


def full(check: CheckResult) -> bool:
    """Whether a check earned all its points."""
    return check.outcome == "passed"


def score(reports: Sequence[Report]) -> float:
    """Points earned in all the reports together; those without a mark count nothing."""
    return round(sum(report.score or 0.0 for report in reports), 2)


def max_score(reports: Sequence[Report]) -> float:
    """Points that could be earned in all the reports together."""
    return round(sum(report.max_score for report in reports), 2)


def explanation(check: CheckResult, language: str) -> str:
    """Message, place and hint of a check as plain text; empty when there is nothing to say."""
    parts = [check.message] if check.message else []
    if check.location:
        parts.append(f"{check.location.file}, {place(check, language)}")
    if check.hint:
        parts.append(f"{text('word_hint').say(language)}: {check.hint}")
    return "\n".join(parts)


def place(check: CheckResult, language: str) -> str:
    """The line, and the cell of a notebook, where a check went wrong; empty where that is not known."""
    if check.location is None:
        return ""
    key = "line_of_cell" if check.location.cell else "line"
    return text(key, line=check.location.line, cell=check.location.cell).say(language)
