"""What students ask for: the public checks, the course, help when they want it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from grader import doctor, watch, workspace
from grader.cli.terminal import assignment_of, common, course_in, exit_for, explained, help_text, output_format, show
from grader.course import Assignment
from grader.errors import UsageError
from grader.practice import Practice
from grader.text import text


@click.command(help=help_text("check"))
@click.argument("target", metavar="[ID|FILE]", required=False)
@output_format
@common
def check(target: str | None, style: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        found = workspace.find(course, target, Path.cwd())
        _warn_unconfined(language)
        with Practice(course, language, found) as practice:
            reports = [practice.check(submission) for submission in found]
        show(reports, course, style, language, layers=())
        if style == "text":
            click.echo(text("hidden_exist").say(language))
    exit_for(reports)


def _warn_unconfined(language: str) -> None:
    """Students run their own code: what it lacks here is told once, and stops nobody."""
    if missing := doctor.missing():
        click.echo(text("unconfined_own", layers=", ".join(missing)).say(language), err=True)


@click.command(name="watch", help=help_text("watch"))
@click.argument("target", metavar="[ID|FILE]", required=False)
@common
def watch_(target: str | None, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        found = workspace.find(course, target, Path.cwd())
        _warn_unconfined(language)
        watch.on_terminal(course, language, found)


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
