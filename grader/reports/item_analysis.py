"""What a class's reports say about the checks: how hard each one is, and whether it tells strong work from weak."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.model import CheckResult, Report

FEW: Final = 5  # submissions: a correlation of fewer says nothing


@dataclass(frozen=True)
class Item:
    """One check over a class.

    Attributes:
        passed: share of the submissions that passed it, in [0, 1].
        earned: mean share of its points, in [0, 1].
        separation: item-rest correlation, in [-1, 1]: of the points for this check with the points for all others of the
            same assignment. None where there are too few submissions, or no differences.
    """

    name: str
    title: str
    visibility: str
    count: int
    passed: float
    earned: float
    separation: float | None


def items(reports: Iterable[Report]) -> list[Item]:
    """The checks of one assignment, in their order; submissions without a mark are left out."""
    marked = [report for report in reports if report.score is not None]
    seen: dict[str, list[tuple[CheckResult, float]]] = defaultdict(list)
    for report in marked:
        for check in report.checks:
            seen[check.name].append((check, (report.score or 0.0) - (check.points or 0.0)))
    return [_item(pairs) for pairs in seen.values()]


def _item(pairs: Sequence[tuple[CheckResult, float]]) -> Item:
    checks = [check for check, _ in pairs]
    points = [check.points or 0.0 for check in checks]
    passed = sum(check.outcome == "passed" for check in checks) / len(checks)
    earned = statistics.fmean(points) / (checks[0].max_points or 1.0)
    separation = correlation(points, [rest for _, rest in pairs])
    return Item(checks[0].name, checks[0].title, checks[0].visibility, len(checks), passed, earned, separation)


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's, or None where it means nothing."""
    if len(first) < FEW or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    found = statistics.correlation(first, second)
    return found if math.isfinite(found) else None
