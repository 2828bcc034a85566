"""The `result` that GitHub Classroom's graders hand to its grading reporter: one line of base64.

Source: classroom-resources/autograding-grading-reporter, v1 (d13b591). It adds up the `score` of all tests for what it
announces ("Points 64.4/100"); the table in its log counts the passed tests only, and no payload can make that table show
partial points. A runner without `max_score` has no points at all: so a fault of ours announces no mark, not a zero.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from typing import Any

from grader.model import CheckResult, Report
from grader.reports import rows
from grader.text import text

_LONGEST = 500  # characters of a message


def encoded(reports: Sequence[Report], language: str) -> str:
    """The result as the reporter takes it from its environment."""
    return base64.b64encode(json.dumps(result(reports, language)).encode()).decode()


def result(reports: Sequence[Report], language: str) -> dict[str, Any]:
    """The result as a JSON object."""
    if not reports:  # the reporter divides by the number of tests
        return {"version": 1, "status": "fail", "tests": [_nothing(language)]}
    every = list(rows.rows(reports))
    scores = _adding_up([row.check.points or 0.0 for row in every])
    tests = [_test(row, score) for row, score in zip(every, scores, strict=True)]
    failed = any(test["status"] != "pass" for test in tests)
    if rows.faulty(reports):
        return {"version": 1, "status": "error", "tests": tests}
    return {"version": 1, "status": "fail" if failed else "pass", "max_score": _number(rows.max_score(reports)), "tests": tests}


def _test(row: rows.Row, score: float) -> dict[str, Any]:
    check = row.check
    return {
        "name": _line(row.name),
        "status": _status(check),
        "score": _number(score),
        "message": _line(check.message)[:_LONGEST] or None,
        "test_code": "",
        "filename": check.location.file if check.location else "",
        "line_no": check.location.line if check.location and not check.location.cell else 0,
        "duration": round(1000 * check.duration_s),
    }


def _nothing(language: str) -> dict[str, Any]:
    """The only line of a repository in which nothing has been begun: it has no points, not even none."""
    name = text("ci_nothing_begun").say(language)
    return {"name": name, "status": "fail", "score": 0, "message": None, "test_code": "", "filename": "", "line_no": 0, "duration": 0}


def _status(check: CheckResult) -> str:
    if check.outcome == "fault":
        return "error"
    return "pass" if rows.full(check) else "fail"


def _adding_up(points: Sequence[float]) -> list[float]:
    """The points, moved by less than 1e-12 so that adding them one after another, as the reporter does, gives two decimals.

    9.6 + 7.2 + 4.1 is 20.900000000000002 in floating point, and that is what students would read.
    """
    total, exact, moved = 0.0, 0.0, []
    for number in points:
        exact = round(exact + number, 2)
        step = exact - total
        candidates = (step, math.nextafter(step, math.inf), math.nextafter(step, -math.inf), number)
        chosen = next((c for c in candidates if total + c == exact), number)
        moved.append(number if total + number == exact else chosen)
        total += moved[-1]
    return moved


def _number(value: float) -> float | int:
    """A whole number without its decimals."""
    return int(value) if value == int(value) else value


def _line(value: str) -> str:
    """One line: the reporter prints it to a log in which a line that starts with :: is a command."""
    return " ".join(value.split())
