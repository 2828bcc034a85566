"""What instructors hand on: the marks of a graded class as the file that somebody else reads."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from grader.cli.terminal import assignment_of, common, course_in, explained, help_text
from grader.course import Course
from grader.errors import UsageError, why
from grader.export import canvas, moodle, people, plain
from grader.export.filling import Filled, Request
from grader.export.marks import marks_of
from grader.gradebook import Gradebook
from grader.text import Text, text

_FILES: dict[str, Callable[[Request], Filled]] = {
    "csv": plain.table, "canvas": canvas.fill, "moodle": moodle.fill, "classroom": plain.classroom,
}  # fmt: skip


@click.command(name="export", help=help_text("export"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--format", "style", type=click.Choice([*_FILES, "gradescope"]), default="csv", show_default=True, help=help_text("export_format")
)
@click.option("--into", type=click.Path(path_type=Path), help=help_text("into"))
@click.option("--roster", type=click.Path(path_type=Path), help=help_text("roster"))
@click.option("-o", "--output", type=click.Path(path_type=Path), help=help_text("export_output"))
@click.option("--assignment", "only", multiple=True, help=help_text("assignment"))
@click.option("--column", "columns", multiple=True, metavar="ID=HEADER", help=help_text("column"))
@click.option("--points", type=click.FloatRange(0, min_open=True), help=help_text("points"))
@common
def export(
    out: Path, style: str, into: Path | None, roster: Path | None, output: Path | None, only: tuple[str, ...], columns: tuple[str, ...],
    points: float | None, lang: str | None, folder: Path | None,
) -> None:  # fmt: skip
    with explained(lang):
        course = course_in(folder)
        language = lang or course.file.language
        if into and style not in ("canvas", "moodle"):
            raise UsageError(text("export_into_unused", format=style))
        if into and output and output.exists() and output.samefile(into):
            raise UsageError(text("export_same_file", path=into))
        request = _request(course, out, roster, only, columns, (points, language, into))
        if style == "gradescope":
            said, incomplete = _results(request, output or out / "gradescope")
        else:
            filled = _FILES[style](request)
            said, incomplete = filled.said, filled.incomplete
            _write(filled.content, output)
        for sentence in said:
            click.echo(sentence.say(language), err=True)
    if incomplete:
        raise SystemExit(1)


def _request(
    course: Course, out: Path, roster: Path | None, only: tuple[str, ...], columns: tuple[str, ...],
    rest: tuple[float | None, str, Path | None],
) -> Request:  # fmt: skip
    """What is asked for. Raises UsageError."""
    worth, language, into = rest
    if not (out / "gradebook.db").is_file():
        raise UsageError(text("no_gradebook", path=out))
    with Gradebook(out) as book:
        marks = marks_of(book.reports())
    pairs = dict(_pair(course, words) for words in columns)
    graded = {name for own in marks.reports.values() for name in own}
    wanted = {assignment_of(course, name).id for name in only} or graded
    assignments = [name for name in course.assignments if name in wanted]
    if not assignments:
        raise UsageError(text("export_nothing", path=out))
    return Request(course, marks, people.load(roster) if roster else people.Roster(), assignments, language, pairs, worth, into)


def _pair(course: Course, words: str) -> tuple[str, str]:
    name, sign, header = words.partition("=")
    if not sign or not header:
        raise UsageError(text("export_bad_column", words=words))
    return assignment_of(course, name).id, header


def _results(request: Request, folder: Path) -> tuple[list[Text], bool]:
    try:
        written, said = plain.results(request, folder)
    except OSError as error:
        raise UsageError(text("cannot_write", path=folder, reason=why(error))) from error
    click.echo(text("export_results", count=len(written), path=folder).say(request.language))
    return said, bool(said)


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(text("cannot_write", path=output, reason=why(error))) from error
