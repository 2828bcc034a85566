"""Gradescope's `results.json`.

Source: gradescope-autograders.readthedocs.io, "Autograder specifications". Scores may have decimals. Students see the public
checks at once and the hidden ones when grades are published; what our harness prints, they never see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.model import Report
from grader.reports import rows
from grader.text import text

_VISIBILITY = {"public": "visible", "hidden": "after_published"}


def results(reports: Sequence[Report], language: str) -> dict[str, Any]:
    """The results as a JSON object. There are none for a fault of ours: the caller ends with an error instead."""
    tests = [_test(row) for row in rows.rows(reports)]
    return {
        "score": rows.score(reports),
        "execution_time": round(sum(report.duration_s for report in reports), 3),
        "output": "\n".join(_head(report) for report in reports) or text("ci_unfinished").say(language),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"grader": {report.assignment: _facts(report) for report in reports}},
        "tests": tests,
    }


def unfinished(reports: Sequence[Report], missing: Sequence[str], language: str) -> dict[str, Any]:
    """What stands while grading goes on: if Gradescope stops it, this is what remains, and it says so."""
    words = text("ci_unfinished_of", names=", ".join(missing)).say(language)
    whole = results(reports, language)
    return {**whole, "output": words + ("\n" + whole["output"] if reports else "")}


def _test(row: rows.Row) -> dict[str, Any]:
    check = row.check
    return {
        "name": row.name,
        "number": row.number,
        "score": check.points or 0.0,
        "max_score": check.max_points,
        "status": "passed" if rows.full(check) else "failed",
        "output": rows.explanation(check, row.report.language),
        "tags": [check.family],
        "visibility": _VISIBILITY[check.visibility],
        "extra_data": {"check": check.name, "outcome": check.outcome, "diagnosis": check.diagnosis},
    }


def _head(report: Report) -> str:
    notes = [f"{text('word_note').say(report.language)}: {note}" for note in report.notes]
    return "\n".join([report.assignment, *notes])


def _facts(report: Report) -> dict[str, Any]:
    return {
        "status": report.status,
        "protection": report.protection,
        "seed": report.seed,
        "grader_version": report.grader_version,
        "assignment_digest": report.assignment_digest,
        "submission_digest": report.submission_digest,
    }
