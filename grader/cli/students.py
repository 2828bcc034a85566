"""What students ask for: the public checks, the course, help when they want it."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import click
import msgspec

from grader import submission
from grader.cli.terminal import (
    assignment_of,
    common,
    course_in,
    exit_for,
    explained,
    help_text,
    output_format,
    show,
    unknown_assignment,
)  # fmt: skip
from grader.course import Assignment, Course
from grader.errors import UsageError
from grader.grading import Grader
from grader.runner import PRACTICE, Runner
from grader.text import text


@click.command(help=help_text("check"))
@click.argument("target", required=False)
@output_format
@common
def check(target: str | None, style: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        found = _own_submissions(course, target)
        live = all(course.assignments[s.assignment].reference for s in found)
        with Runner(PRACTICE, replay=not live) as runner:
            grading = Grader(course, runner, language=language, only_public=True)
            reports = [grading.grade(s) for s in found]
        show(reports, course, style, language)
        if style == "text":
            click.echo(text("hidden_exist").say(language))
    exit_for(reports)


def _own_submissions(course: Course, target: str | None) -> list[submission.Submission]:
    """What a student asks to check: a file, an assignment's file here or in its folder, or all of them here."""
    names = [target] if target and target in course.assignments else list(course.assignments)
    if target and target not in course.assignments:
        path = Path(target)
        if path.stem not in course.assignments:
            raise UsageError(
                text("not_a_module", path=path, names=", ".join(list(course.assignments)[:3]))
                if path.exists() or path.suffix
                else unknown_assignment(course, target)
            )
        if not path.exists():
            raise UsageError(text("unreadable", path=path, reason=os.strerror(errno.ENOENT)))
        return [submission.Submission(path.resolve().parent.name, path.stem, path)]
    places = [Path.cwd() / f"{name}.py" for name in names]
    found = [path for path in places if path.exists()] or [
        path for name in names if target and (path := course.assignments[name].folder / f"{name}.py").exists()
    ]
    if not found:
        raise UsageError(text("nothing_to_check"))
    return [submission.Submission(path.parent.name, path.stem, path) for path in found]


@click.command(name="list", help=help_text("list"))
@output_format
@common
def list_(style: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        rows = [_listed(assignment, language) for assignment in course.assignments.values()]
        if style == "json":
            click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2))
            return
        for row in rows:
            click.echo(click.style(row["id"], bold=True) + f" · {row['title']}")
            for item in row["checks"]:
                visibility = text(f"word_{item['visibility']}").say(language)
                click.echo(f"  {item['points']:>3}  {item['name']}: {item['title']} ({visibility})")


def _listed(assignment: Assignment, language: str) -> dict[str, Any]:
    checks = [
        {"name": name, "title": file.title.say(language), "points": file.points, "visibility": file.visibility}
        for name, file in assignment.file.checks.items()
    ]
    return {"id": assignment.id, "title": assignment.file.title.say(language), "checks": checks}


@click.command(help=help_text("hint"))
@click.argument("name", metavar="ID")
@click.argument("check_name", metavar="CHECK")
@common
def hint(name: str, check_name: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        assignment = assignment_of(course, name)
        checks = assignment.file.checks
        if check_name not in checks:
            raise UsageError(text("unknown_check", assignment=name, name=check_name, names=", ".join(checks)))
        click.echo(checks[check_name].hint.say(lang or course.file.language))
