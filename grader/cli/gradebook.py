"""What instructors do with marks that are given already: regrade, adjust, look back, put parts together."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from grader import batch
from grader import regrade as regrading
from grader.cli.live import live
from grader.cli.terminal import assignment_of, common, course_in, explained, help_text, output_format, require_reference
from grader.course import Course
from grader.engines import Setup, local
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.merge import merge as merge_parts
from grader.plan import key_of
from grader.reports import marks
from grader.text import text


def opened(out: Path, course: Course) -> Gradebook:
    """The gradebook in `out`. Raises UsageError if nothing has been graded there."""
    if not (out / "gradebook.db").is_file():
        raise UsageError(text("no_gradebook", path=out))
    return Gradebook(out, course.rules)


@click.command(help=help_text("regrade"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=help_text("dry_run"))
@click.option("--apply", "apply_it", is_flag=True, help=help_text("apply"))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--seed", help=help_text("seed"))
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help=help_text("jobs"))
@output_format
@common
def regrade(
    out: Path, dry_run: bool, apply_it: bool, only: tuple[str, ...], seed: str | None, jobs: int, style: str, lang: str | None,
    folder: Path | None,
) -> None:  # fmt: skip
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        require_reference(course, "regrade")
        if dry_run and apply_it:
            raise UsageError(text("dry_run_or_apply"))
        wanted = [assignment_of(course, name).id for name in only] or list(course.assignments)
        secret = seed or batch.secret(course)
        keys = {name: key_of(course, name, secret, language) for name in wanted}
        with opened(out, course) as book:
            faults = _propose(book, Setup(course.folder, secret, language), keys, jobs)
            found = regrading.differences(book, keys)
            click.echo(msgspec.json.encode(found) if style == "json" else marks.differences(found, language))
            if apply_it:
                batch.write(course, book, regrading.apply(book, keys))
            elif found:
                click.echo(text("regrade_apply", out=out).say(language), err=True)
    if faults:
        click.echo(text("with_faults", count=faults).say(language), err=True)
        raise SystemExit(3)


def _propose(book: Gradebook, setup: Setup, keys: dict[str, str], jobs: int) -> int:
    """Grade again what is stale; how many met a fault of ours. An interrupted regrade goes on where it was."""
    todo = {(one.submission.student, one.submission.assignment, one.digest): one for one in regrading.stale(book, keys)}
    faults = 0
    with live(setup.language) as progress:
        for report in local.run(setup, (one.submission for one in todo.values()), jobs):
            attempt = todo[report.student, report.assignment, report.submission_digest].attempt
            regrading.propose(book, attempt, keys[report.assignment], report)
            faults += report.status == "fault"
            progress(report, len(todo))
    return faults


@click.command(help=help_text("adjust"))
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("student")
@click.argument("assignment")
@click.argument("points", type=float)
@click.option("--reason", required=True, help=help_text("reason"))
@common
def adjust(out: Path, student: str, assignment: str, points: float, reason: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        name = assignment_of(course, assignment).id
        with opened(out, course) as book:
            mark = book.adjust(student, name, points, reason)
            batch.write(course, book, {student})
        value = "–" if mark.value is None else f"{mark.value:g}"
        click.echo(text("adjusted", student=student, assignment=name, value=value).say(lang or course.file.language))


@click.command(help=help_text("history"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--student", "students", multiple=True, help=help_text("student"))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@output_format
@common
def history(out: Path, students: tuple[str, ...], only: tuple[str, ...], style: str, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        wanted = {assignment_of(course, name).id for name in only} or set(course.assignments)
        with opened(out, course) as book:
            changes = [change for change in book.history() if change.assignment in wanted and (not students or change.student in students)]
        click.echo(msgspec.json.encode(changes) if style == "json" else marks.history(changes, lang or course.file.language))


@click.command(help=help_text("merge"))
@click.argument("parts", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help=help_text("out"))
@common
def merge(parts: tuple[Path, ...], out: Path, lang: str | None, folder: Path | None) -> None:
    with explained(lang):
        course = course_in(folder)
        for part in parts:
            opened(part, course).__exit__(None, None, None)  # before anything is made in `out`
        with Gradebook(out, course.rules) as book:
            changed = merge_parts(book, parts)
            grades, pages = batch.write(course, book, changed)
            count = sum(1 for _ in book.marks())
        language = lang or course.file.language
        click.echo(text("merged", count=count, parts=len(parts), grades=grades, pages=pages).say(language))


@click.command(help=help_text("similarity"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--least", type=click.FloatRange(0, 100), default=90, show_default=True, help=help_text("least"))
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help=help_text("most"))
@output_format
@common
def similarity(out: Path, only: tuple[str, ...], least: float, most: int, style: str, lang: str | None, folder: Path | None) -> None:
    from grader import pages  # rapidfuzz: for nobody else
    from grader import similarity as comparing

    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        wanted = [assignment_of(course, name) for name in only] or list(course.assignments.values())
        with opened(out, course) as book:
            found = [pair for assignment in wanted for pair in comparing.pairs(book, assignment, least, most)]
        if style == "json":
            click.echo(msgspec.json.encode(found))
            return
        click.echo(marks.pairs(found, language))
        click.echo(text("similarity_page", path=pages.write_similarity(course, found, out, language)).say(language))
