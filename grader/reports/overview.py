"""A class in numbers, for its page: marks, how they spread, the checks, the mistakes, and what a person should look at."""

from __future__ import annotations

import re
import statistics
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from grader.model import CheckResult, Report
from grader.reports.item_analysis import Item, items

BINS: Final = 10


@dataclass(frozen=True)
class Row:
    """One student: the marks by assignment (None: not handed in), their sum, and its share of what could be had."""

    student: str
    reports: Mapping[str, Report]
    total: float
    share: float
    attention: bool


@dataclass(frozen=True)
class Column:
    """One assignment: how many handed it in, mean and median in percent, its checks."""

    assignment: str
    count: int
    mean: float
    median: float
    bins: tuple[int, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Mistake:
    """A known mistake and who made it."""

    assignment: str
    name: str
    title: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Concern:
    """A submission that a person should look at, and why: keys of the catalogue (concern_...), with what they concern."""

    student: str
    assignment: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Overview:
    """Everything that the class's page shows."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    mistakes: tuple[Mistake, ...]
    concerns: tuple[Concern, ...]
    bins: tuple[int, ...]
    mean: float
    median: float


def overview(reports: Sequence[Report], assignments: Sequence[str], layers: Sequence[str]) -> Overview:
    """The class in numbers; `assignments` gives the order of the columns, `layers` the confinement that should have held."""
    handed_in = {report.assignment for report in reports}
    order = [name for name in assignments if name in handed_in] + sorted(handed_in - set(assignments))
    concerns = tuple(concern for report in reports if (concern := _concern(report, layers)))
    rows = _rows(reports, {concern.student for concern in concerns})
    shares = [row.share for row in rows]
    return Overview(
        rows,
        tuple(_column(name, [report for report in reports if report.assignment == name]) for name in order),
        _mistakes(reports),
        concerns,
        _bins(shares),
        statistics.fmean(shares) if shares else 0.0,
        statistics.median(shares) if shares else 0.0,
    )


def brief(report: Report) -> Report:
    """What the class's page needs of a report: a tenth of it, its words shared with those of the others."""
    told = report.status != "graded" or not any(check.outcome == "passed" for check in report.checks)
    return msgspec.structs.replace(
        report,
        notes=[],
        checks=[
            CheckResult(
                sys.intern(check.name), sys.intern(check.title), "", check.visibility, check.outcome, check.points, check.max_points,
                message=check.message if told else "", diagnosis=check.diagnosis and sys.intern(check.diagnosis),
                mistake=sys.intern(check.mistake),
            )
            for check in report.checks
        ],
    )  # fmt: skip


def _rows(reports: Sequence[Report], attention: set[str]) -> tuple[Row, ...]:
    """One row for each student. The share is of all that somebody of the class handed in: what is missing counts as nothing."""
    by_student: dict[str, dict[str, Report]] = defaultdict(dict)
    for report in reports:
        by_student[report.student][report.assignment] = report
    whole = sum({report.assignment: report.max_score for report in reports}.values()) or 1.0
    totals = {student: sum(report.counts or 0.0 for report in own.values()) for student, own in by_student.items()}
    return tuple(
        Row(student, own, round(totals[student], 2), 100 * totals[student] / whole, student in attention)
        for student, own in sorted(by_student.items(), key=lambda pair: alphabetical(pair[0]))
    )


def alphabetical(name: str) -> tuple[list[str | int], str]:
    """What names are sorted by: without accents and capitals, numbers by their value; at last by every letter."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter)).casefold()
    return [int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]+)", plain))], name


def _column(assignment: str, reports: Sequence[Report]) -> Column:
    shares = [100 * report.counts / (report.max_score or 1.0) for report in reports if report.counts is not None] or [0.0]
    return Column(assignment, len(reports), statistics.fmean(shares), statistics.median(shares), _bins(shares), tuple(items(reports)))


def _bins(shares: Sequence[float]) -> tuple[int, ...]:
    """How many shares (0 to 100) fall into each tenth; full marks are in the last one."""
    counts = [0] * BINS
    for share in shares:
        counts[min(int(share * BINS / 100 + 1e-9), BINS - 1)] += 1
    return tuple(counts)


def _mistakes(reports: Sequence[Report]) -> tuple[Mistake, ...]:
    """The most frequent first."""
    students: dict[tuple[str, str], set[str]] = defaultdict(set)
    titles: dict[tuple[str, str], str] = {}
    for report in reports:
        for check in report.checks:
            if check.diagnosis:
                students[report.assignment, check.diagnosis].add(report.student)
                titles.setdefault((report.assignment, check.diagnosis), check.mistake or check.diagnosis)
    ranked = sorted(students.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(Mistake(*key, titles[key], tuple(sorted(who, key=alphabetical))) for key, who in ranked)


def _concern(report: Report, layers: Sequence[str]) -> Concern | None:
    reasons: list[tuple[str, str]] = []
    if report.status != "graded":
        told = next(
            (check.message for check in report.checks if check.message and (report.status == "refused" or check.points is None)), ""
        )
        reasons.append((report.status, told))
    said = {check.message.partition("\n")[0] for check in report.checks if check.outcome != "skipped"}
    if report.status == "graded" and len(said) == 1 and all(check.outcome in ("crashed", "skipped") for check in report.checks):
        reasons.append(("broken", said.pop()))  # it ends at its import; a stub ends in each function by itself
    limits = [check.title for check in report.checks if check.outcome == "limit"]
    reasons += [("limit", limits[0])] if limits else []
    missing = sorted(set(layers) - set(report.protection))
    if report.status == "graded" and missing:
        reasons.append(("unconfined", ", ".join(missing)))
    return Concern(report.student, report.assignment, tuple(reasons)) if reasons else None
