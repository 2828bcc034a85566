"""The records that everything else passes around: what a check found and what a submission earned. Frozen, JSON-ready."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

VERSION = 1  # of the report's schema

Outcome = Literal["passed", "partial", "failed", "crashed", "limit", "skipped", "fault"]
Visibility = Literal["public", "hidden"]
Status = Literal["graded", "refused", "fault"]


class Location(msgspec.Struct, frozen=True):
    """A line of the student's own file; `cell` counts a notebook's code cells from 1."""

    file: str
    line: int
    cell: int | None = None


class CheckResult(msgspec.Struct, frozen=True):
    """What one check found about one submission, in the language of the report.

    Attributes:
        points: earned, in [0, max_points]; None for a fault, which is ours and gives no mark.
        message: what is wrong, and where; empty when passed.
        hint: what to think about next; from the diagnosed mistake, if there is one.
        diagnosis: name of the known mistake that gives exactly the student's answers, or None.
        details: numbers behind the message (got, expected, allowed); empty for hidden checks.
    """

    name: str
    title: str
    family: str
    visibility: Visibility
    outcome: Outcome
    points: float | None
    max_points: float
    message: str = ""
    hint: str = ""
    diagnosis: str | None = None
    location: Location | None = None
    details: dict[str, Any] = {}
    duration_s: float = 0.0


class Report(msgspec.Struct, frozen=True):
    """All that is known about one submission for one assignment.

    Attributes:
        status: graded; refused (nothing could be run, score 0); fault (ours: score None).
        protection: layers of confinement that held while the student's code ran.
        seed: fingerprint of the course's secret, not the secret.
        notes: one sentence each on what the student should know besides the checks.
    """

    version: int
    student: str
    assignment: str
    status: Status
    score: float | None
    max_score: float
    protection: list[str]
    seed: str
    grader_version: str
    assignment_digest: str
    submission_digest: str
    started: str
    duration_s: float
    language: str
    checks: list[CheckResult]
    notes: list[str] = []


def to_json(report: Report) -> bytes:
    """The report as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2)


def from_json(raw: bytes) -> Report:
    """Read a report back. Raises msgspec.ValidationError."""
    return msgspec.json.decode(raw, type=Report)


def schema() -> dict[str, Any]:
    """The report's JSON Schema."""
    return msgspec.json.schema(Report)
