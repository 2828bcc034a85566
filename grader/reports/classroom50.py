"""Classroom 50's `result.json`.

Source: foundation50/classroom50, schemas/result-v1.schema.json. Scores are whole numbers: every point counts as 100, always, also
where a student happens to have whole points only, so that all scores of an assignment have the same maximum. The points
themselves are beside them (`points`, `max-points`), in the only place where the schema lets more be said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grader.model import Report
from grader.reports import rows

SCALE = 100  # of a point: marks have two decimals


@dataclass(frozen=True)
class Identity:
    """Whose submission it is, as the runner's environment says it."""

    classroom: str
    assignment: str
    submission: str
    owner: str
    commit: str
    release: str
    review: str
    assignment_type: str = "individual"


def result(reports: Sequence[Report], identity: Identity, graded: datetime) -> dict[str, Any]:
    """The result as a JSON object; `graded` in UTC. There is none for a fault of ours: the caller ends with an error instead."""
    tests = [_test(row) for row in rows.rows(reports)]
    return {
        "schema": "classroom50/result/v1",
        "classroom": identity.classroom,
        "assignment": identity.assignment,
        "assignment_type": identity.assignment_type,
        "owner": identity.owner,
        "submission": identity.submission,
        "commit": identity.commit,
        "release": identity.release,
        "review": identity.review,
        "datetime": graded.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def status(reports: Sequence[Report]) -> str:
    """What a commit of these reports is marked with: success, failure or error."""
    if rows.faulty(reports):
        return "error"
    return "success" if all(rows.full(row.check) for row in rows.rows(reports)) else "failure"


def _test(row: rows.Row) -> dict[str, Any]:
    check = row.check
    most = math.ceil(round(SCALE * check.max_points, 6))
    return {
        "test-name": row.name,
        "passed": rows.full(check),
        "score": most if rows.full(check) else _whole(check.points or 0.0, most),
        "max-score": most,
        "check": check.name,
        "outcome": check.outcome,
        "visibility": check.visibility,
        "points": check.points,
        "max-points": check.max_points,
        "message": check.message,
        "hint": check.hint,
        "diagnosis": check.diagnosis,
    }


def _whole(points: float, most: int) -> int:
    """Points of a check that did not pass, as hundredths, rounded down: full marks are for full marks only."""
    return max(0, min(math.floor(round(SCALE * points, 6)), most - 1))
