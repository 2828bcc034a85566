"""What instructors ask for: a class graded, and its reports."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from grader import batch, doctor, pages, submission
from grader.cli.terminal import assignment_of, common, course_in, explained, help_text, output_format, progress, require_reference, show
from grader.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.reports import text as terminal
from grader.text import text


@click.command(help=help_text("grade"))
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help=help_text("out"))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--seed", help=help_text("seed"))
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help=help_text("jobs"))
@click.option("--again", is_flag=True, help=help_text("again"))
@click.option("--unconfined", is_flag=True, help=help_text("unconfined"))
@output_format
@common
def grade(
    submissions: Path, out: Path, only: tuple[str, ...], seed: str | None, jobs: int, again: bool, unconfined: bool,
    style: str, lang: str | None, folder: Path | None,
) -> None:  # fmt: skip
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        require_reference(course, "grade")
        if (missing := doctor.missing()) and not unconfined:
            raise UsageError(text("unconfined", layers=", ".join(missing)))
        wanted = [assignment_of(course, name).id for name in only] or list(course.assignments)
        found = submission.find(submissions, {name: course.assignments[name] for name in wanted})
        students = len({s.student for s in found})
        click.echo(text("found", submissions=len(found), students=students, path=submissions).say(language), err=True)
        try:
            with progress(len(found), language) as advance:
                summary = batch.grade(
                    course, found, out, seed=seed or batch.secret(course), language=language, jobs=jobs, again=again,
                    progress=lambda report: advance(),
                )  # fmt: skip
        except KeyboardInterrupt:
            click.echo(text("interrupted", path=out).say(language), err=True)
            raise SystemExit(130) from None
        _show_class(summary, course, out, style, language)
    faults = sum(report.status == "fault" for report in summary.reports)
    if faults:
        click.echo(text("with_faults", count=faults).say(language), err=True)
        raise SystemExit(3)


def _show_class(summary: batch.Summary, course: Course, out: Path, style: str, language: str) -> None:
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(summary.reports), indent=2))
        return
    handed_in = {report.assignment for report in summary.reports}
    click.echo(terminal.class_table(summary.reports, [name for name in course.assignments if name in handed_in], language))
    if mistakes := terminal.frequent_mistakes(summary.reports, language):
        click.echo(mistakes)
    click.echo(text("graded", graded=summary.graded, same=summary.same, seconds=summary.seconds).say(language))
    click.echo(text("where_reports", results=out / "results", grades=summary.grades, pages=summary.pages).say(language))


@click.command(help=help_text("report"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--student", "students", multiple=True, help=help_text("student"))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--html", is_flag=True, help=help_text("html"))
@output_format
@common
def report(
    out: Path, students: tuple[str, ...], only: tuple[str, ...], html: bool, style: str, lang: str | None, folder: Path | None
) -> None:
    with explained(lang):
        course = course_in(folder)
        if not (out / "gradebook.db").is_file():
            raise UsageError(text("no_gradebook", path=out))
        with Gradebook(out) as book:
            reports = book.reports()
        known = sorted({report.student for report in reports})
        for student in students:
            if student not in known:
                raise UsageError(text("unknown_student", name=student, names=", ".join(known[:20])))
        if html:
            click.echo(pages.write(course, reports, out, students or None))
            return
        wanted = {assignment_of(course, name).id for name in only} or set(course.assignments)
        chosen = [report for report in reports if report.assignment in wanted and (not students or report.student in students)]
        show(chosen, course, style, lang or course.file.language)
