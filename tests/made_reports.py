"""Reports made by hand, with everything in them that a format may stumble over."""

from __future__ import annotations

from grader.model import CheckResult, Location, Report

NASTY = "bell \x07, null \x00, <b>& ]]> | `x`\n::error::no\n##[add-mask]no 💥 %0A"


def made_check(name: str = "first", outcome: str = "passed", points: float | None = 60.0, of: float = 60.0, **rest: object) -> CheckResult:
    """One check's result."""
    return CheckResult(
        name=name, title=rest.pop("title", f"`{name}` is right"), family="values", visibility=rest.pop("visibility", "public"),
        outcome=outcome, points=points, max_points=of, duration_s=0.0123, **rest,
    )  # fmt: skip


def made_report(*checks: CheckResult, student: str = "ana", assignment: str = "square", **rest: object) -> Report:
    """A report of these checks."""
    points = [check.points for check in checks]
    faulty = None in points
    fields = {
        "version": 1, "status": "fault" if faulty else "graded", "score": None if faulty else round(sum(points), 2),
        "max_score": float(sum(check.max_points for check in checks)), "protection": ["landlock"], "seed": "0123abcd",
        "grader_version": "1", "assignment_digest": "a", "submission_digest": "b", "started": "2026-11-22T10:00:00+00:00",
        "duration_s": 1.25, "language": "en",
    }  # fmt: skip
    return Report(student=student, assignment=assignment, checks=list(checks), **{**fields, **rest})


def partial(**rest: object) -> Report:
    """Some of everything: 9.6 + 7.2 + 4.1 + 0 points."""
    return made_report(
        made_check("a", "partial", 9.6, 16.0, message="nearly", hint="think"),
        made_check("b", "passed", 7.2, 7.2),
        made_check("c", "partial", 4.1, 10.0, message=NASTY, location=Location("square.py", 3)),
        made_check("d", "failed", 0.0, 60.0, visibility="hidden", message="wrong", diagnosis="slope_times_3"),
        made_check("e", "skipped", 0.0, 6.8, message="not looked at"),
        **rest,
    )


def faulty(**rest: object) -> Report:
    """One check of which we know nothing, by our fault."""
    return made_report(made_check("a"), made_check("b", "fault", None, 40.0, message="ours"), **rest)
