"""What instructors ask for: a class graded, and its reports."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click
import msgspec

from grader import arrivals, batch, doctor, pages, roster
from grader.cli.choice import DATE, SHARD, Shard, choose, engine_for, times_for
from grader.cli.live import live
from grader.cli.terminal import assignment_of, common, course_in, explained, help_text, output_format, require_reference, show
from grader.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.reports import text as terminal
from grader.text import text

_MOST_ROWS = 100  # students in a table on a terminal


@click.command(help=help_text("grade"))
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help=help_text("out"))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--roster", "listed", type=click.Path(path_type=Path), help=help_text("roster"))
@click.option("--seed", help=help_text("seed"))
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help=help_text("jobs"))
@click.option("--again", is_flag=True, help=help_text("again"))
@click.option("--only-failed", is_flag=True, help=help_text("only_failed"))
@click.option("--student", "students", multiple=True, help=help_text("student"))
@click.option("--since", type=DATE, help=help_text("since"))
@click.option("--times", type=click.Path(path_type=Path), help=help_text("times"))
@click.option("--unconfined", is_flag=True, help=help_text("unconfined"))
@click.option("--shard", type=SHARD, help=help_text("shard"))
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True, help=help_text("engine"))
@click.option("--scheduler", help=help_text("scheduler"))
@output_format
@common
def grade(
    submissions: Path, out: Path, only: tuple[str, ...], listed: Path | None, seed: str | None, jobs: int, again: bool, only_failed: bool,
    students: tuple[str, ...], since: datetime | None, times: Path | None, unconfined: bool, shard: Shard | None, engine: str,
    scheduler: str | None, style: str, lang: str | None, folder: Path | None,
) -> None:  # fmt: skip
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        require_reference(course, "grade")
        if (missing := doctor.missing()) and not unconfined:
            raise UsageError(text("unconfined", layers=", ".join(missing)))
        wanted = [assignment_of(course, name).id for name in only] or list(course.assignments)
        names = roster.load(listed) if listed else roster.Roster()
        arrived = arrivals.look(submissions, {name: course.assignments[name] for name in wanted}, names)
        for line in arrived.lines(submissions):
            click.echo(line.say(language), err=True)
        chosen = choose(arrived.submissions, students, since, shard)
        try:
            with live(language) as progress, engine_for(engine, scheduler, jobs) as run:
                summary = batch.grade(
                    course, chosen, out, seed=seed or batch.secret(course), language=language, engine=run, again=again,
                    only_failed=only_failed, times=times_for(times), progress=progress,
                )  # fmt: skip
        except KeyboardInterrupt:
            click.echo(text("interrupted", path=out).say(language), err=True)
            raise SystemExit(130) from None
        faults = _show_class(summary, course, out, style, language)
    if faults:
        click.echo(text("with_faults", count=faults).say(language), err=True)
        raise SystemExit(3)


def _show_class(summary: batch.Summary, course: Course, out: Path, style: str, language: str) -> int:
    """Print what a run has come to; how many submissions have no mark by our fault."""
    with Gradebook(out, course.rules) as book:
        marks = [(one.student, one.assignment, one.mark.value) for one in book.marks()]
        faults = sum(value is None for _, _, value in marks)
        if style == "json":
            click.echo(b"[" + b",\n".join(msgspec.json.format(msgspec.json.encode(report), indent=2) for report in book.reports()) + b"]")
            return faults
        mistakes = terminal.frequent_mistakes(book.mistakes(), language)
    handed_in = {assignment for _, assignment, _ in marks}
    if len({student for student, _, _ in marks}) <= _MOST_ROWS:
        click.echo(terminal.class_table(marks, [name for name in course.assignments if name in handed_in], language))
    if mistakes:
        click.echo(mistakes)
    click.echo(_done(summary, language))
    click.echo(text("where_reports", results=out / "results", grades=summary.grades, pages=summary.pages).say(language))
    return faults


def _done(summary: batch.Summary, language: str) -> str:
    """How many were graded, and why: `Graded: 3 (new 1, changed 2). Unchanged: 11. Time: 2.0 s.`"""
    reasons = [text(f"graded_{reason}", count=n).say(language) for reason, n in summary.counts.items() if n and reason != "same"]
    why = f" ({', '.join(reasons)})" if reasons else ""
    return text("graded", graded=summary.graded, why=why, same=summary.same, seconds=summary.seconds).say(language)


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
        with Gradebook(out, course.rules) as book:
            reports = list(book.reports())
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
