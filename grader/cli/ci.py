"""What a platform asks for: the repository that this runs in, graded for whoever reads the result."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr
from pathlib import Path

import click

from grader import batch, doctor, repository
from grader import ci as run
from grader.cli.terminal import assignment_of, common, course_in, exit_for, explained, help_text, output_format, show
from grader.course import Course
from grader.errors import UsageError
from grader.model import Report
from grader.reports import github, rows
from grader.surroundings import surroundings
from grader.text import text

_GRADESCOPE = Path("/autograder")


@click.command(name="ci", help=help_text("ci"))
@click.argument("target", metavar="[FOLDER]", required=False, type=click.Path(path_type=Path))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--student", help=help_text("ci_student"))
@click.option("--public-only", is_flag=True, help=help_text("public_only"))
@click.option("--seed", help=help_text("seed"))
@click.option("--unconfined", is_flag=True, help=help_text("unconfined"))
@click.option("--junit", type=click.Path(path_type=Path), help=help_text("junit"))
@click.option("--summary", type=click.Path(path_type=Path), help=help_text("summary"))
@click.option("--gradescope", type=click.Path(path_type=Path), default=_GRADESCOPE, help=help_text("gradescope"))
@output_format
@common
def ci_(
    target: Path | None, only: tuple[str, ...], student: str | None, public_only: bool, seed: str | None, unconfined: bool,
    junit: Path | None, summary: Path | None, gradescope: Path, style: str, lang: str | None, folder: Path | None,
) -> None:  # fmt: skip
    around = surroundings(os.environ, gradescope)
    with _inert(around.actions, err=style == "json"), explained(lang):
        root = target or (around.gradescope / "submission" if around.gradescope else Path.cwd())
        course = course_in(folder) if folder else Course.find(root)
        language = lang or course.file.language
        seed = None if public_only or not _official(course, unconfined) else seed or _secret(course, language)
        asked = run.wanted(course, around, [assignment_of(course, name).id for name in only])
        found = repository.find(root, course, asked, student or around.student)
        places = run.places(found.begun, around.workspace or root)
        delivery = run.Delivery(course, language, around, os.environ, places, Path.cwd(), junit, summary)
        reports = _graded(delivery, found, seed, style)
        if not reports and style == "text":
            click.echo(text("ci_not_begun", names=", ".join(found.untouched)).say(language))
        elif seed is None and style == "text":
            click.echo(text("hidden_exist").say(language))
    if around.actions:
        _annotate(reports, places, language, err=style == "json")
    exit_for(reports)


def _official(course: Course, unconfined: bool) -> bool:
    """Whether hidden checks run. Raises UsageError where they would not be safe from what they grade."""
    if not (course.folder / "reference").is_dir():
        return False
    if (missing := doctor.missing()) and not unconfined:
        raise UsageError(text("unconfined", layers=", ".join(missing)))
    return True


def _secret(course: Course, language: str) -> str:
    if not batch.known_secret(course):
        click.echo(text("ci_new_secret").say(language), err=True)
    return batch.secret(course)


def _graded(delivery: run.Delivery, found: repository.Found, seed: str | None, style: str) -> list[Report]:
    """Grade, show and deliver."""
    reports: list[Report] = []
    with run.delivering(delivery):
        names = [submission.assignment for submission in found.begun]
        delivery.begin(reports, names)
        for report in run.grade(delivery.course, found.begun, delivery.language, seed):
            reports.append(report)
            delivery.begin(reports, names[len(reports) :])
            if style == "text":
                show([report], delivery.course, style, delivery.language)
        if style == "json":
            show(reports, delivery.course, style, delivery.language)
        delivery.finish(reports)
    return reports


@contextmanager
def _inert(active: bool, *, err: bool) -> Iterator[None]:
    """Nothing that is printed within is a workflow command, whatever a student has had an exception say.

    All of it goes one way, as the runner reads two streams in any order: to stdout, or with `err` to stderr.
    """
    token = secrets.token_hex(16)
    if active:
        click.echo(github.stop(token), err=err)
    try:
        with redirect_stderr(sys.stdout) if active and not err else nullcontext():
            yield
    finally:
        if active:
            click.echo(github.resume(token), err=err)


def _annotate(reports: list[Report], places: dict[str, github.Place], language: str, *, err: bool) -> None:
    for annotation in github.remarks(reports, places, language):
        click.echo(annotation.command(), err=err)
    if reports and not rows.faulty(reports):
        mark = f"{rows.score(reports):g} / {rows.max_score(reports):g}"
        click.echo(github.Annotation("notice", "grader", mark).command(), err=err)
