"""The command line: parse, call one function, print, exit.

Exit codes: 0 done, whatever the marks; 1 something asked for did not hold; 2 wrong usage or unusable input; 3 our fault.
"""

from __future__ import annotations

import difflib
import errno
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

import grader
from grader import batch, doctor, submission, validation
from grader.course import Assignment, Course
from grader.engines import local
from grader.errors import Fault, UsageError
from grader.gradebook import Gradebook
from grader.grading import Grader
from grader.model import Report
from grader.reports import text as terminal
from grader.runner import PRACTICE, Runner
from grader.sandbox.confine import LAYERS
from grader.text import LANGUAGES, Text, text

_F = TypeVar("_F", bound=Callable[..., Any])


def _environment_language() -> str:
    """The language of the environment: GRADER_LANG, then the locale, Spanish unless it says English."""
    asked = next((os.environ[name] for name in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "es")
    return "en" if asked.lower().startswith("en") else "es"


def _help(key: str) -> str:
    return text(f"help_{key}").say(_environment_language())


def _common(command: _F) -> _F:
    """The options that every command has."""
    command = click.option("--lang", type=click.Choice(LANGUAGES), help=_help("lang"))(command)
    return click.option("--course", "folder", type=click.Path(path_type=Path), default=None, help=_help("course"))(command)


_format = click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True, help=_help("format"))


@click.group(help=_help("main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(grader.__version__)
def main() -> None:
    """Every command's words are in the catalogue."""


@main.command(help=_help("check"))
@click.argument("target", required=False)
@_format
@_common
def check(target: str | None, style: str, lang: str | None, folder: Path | None) -> None:
    with _explained(lang):
        course = _course(folder)
        language = lang or course.file.language
        found = _own_submissions(course, target)
        live = all(course.assignments[s.assignment].reference for s in found)
        with Runner(PRACTICE, replay=not live) as runner:
            grading = Grader(course, runner, language=language, only_public=True)
            reports = [grading.grade(s) for s in found]
        _show(reports, course, style, language)
        if style == "text":
            click.echo(text("hidden_exist").say(language))
    _exit_for(reports)


@main.command(help=_help("grade"))
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help=_help("out"))
@click.option("--assignment", "only", multiple=True, help=_help("assignment"))
@click.option("--seed", help=_help("seed"))
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help=_help("jobs"))
@click.option("--again", is_flag=True, help=_help("again"))
@click.option("--unconfined", is_flag=True, help=_help("unconfined"))
@_format
@_common
def grade(
    submissions: Path, out: Path, only: tuple[str, ...], seed: str | None, jobs: int, again: bool, unconfined: bool,
    style: str, lang: str | None, folder: Path | None,
) -> None:  # fmt: skip
    with _explained(lang):
        course = _course(folder)
        language = lang or course.file.language
        _for_instructors(course, "grade")
        if (missing := doctor.missing()) and not unconfined:
            raise UsageError(text("unconfined", layers=", ".join(missing)))
        wanted = [_assignment(course, name).id for name in only] or list(course.assignments)
        found = submission.find(submissions, wanted)
        students = len({s.student for s in found})
        click.echo(text("found", submissions=len(found), students=students, path=submissions).say(language), err=True)
        try:
            with _progress(len(found), language) as advance:
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


@main.command(help=_help("report"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--student", "students", multiple=True, help=_help("student"))
@click.option("--assignment", "only", multiple=True, help=_help("assignment"))
@_format
@_common
def report(out: Path, students: tuple[str, ...], only: tuple[str, ...], style: str, lang: str | None, folder: Path | None) -> None:
    with _explained(lang):
        course = _course(folder)
        if not (out / "gradebook.db").is_file():
            raise UsageError(text("no_gradebook", path=out))
        with Gradebook(out) as book:
            reports = book.reports()
        known = sorted({report.student for report in reports})
        for student in students:
            if student not in known:
                raise UsageError(text("unknown_student", name=student, names=", ".join(known[:20])))
        wanted = {_assignment(course, name).id for name in only} or set(course.assignments)
        chosen = [report for report in reports if report.assignment in wanted and (not students or report.student in students)]
        _show(chosen, course, style, lang or course.file.language)


@main.command(help=_help("validate"))
@click.option("--assignment", "only", multiple=True, help=_help("assignment"))
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help=_help("seeds"))
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help=_help("jobs"))
@_format
@_common
def validate(only: tuple[str, ...], seeds: int, jobs: int, style: str, lang: str | None, folder: Path | None) -> None:
    problems = 0
    with _explained(lang):
        course = _course(folder)
        language = lang or course.file.language
        _for_instructors(course, "validate")
        assignments = [_assignment(course, name) for name in only] or list(course.assignments.values())
        with _progress(len(assignments) * seeds, language) as advance:
            for proof in local.prove(course.folder, [assignment.id for assignment in assignments], seeds, jobs, advance):
                click.echo(proof.row.say(language) if style == "text" else msgspec.json.encode(proof.summary(language)))
                for problem in proof.problems:
                    click.echo("  " + text("validate_problem", assignment=proof.assignment, problem=problem).say(language), err=True)
                problems += len(proof.problems)
        if not problems and style == "text":
            click.echo(text("validate_ok", assignments=len(assignments), seeds=seeds).say(language))
    raise SystemExit(1 if problems else 0)


@main.command(help=_help("record"))
@click.argument("names", nargs=-1, metavar="[ID]...")
@_common
def record(names: tuple[str, ...], lang: str | None, folder: Path | None) -> None:
    with _explained(lang):
        course = _course(folder)
        _for_instructors(course, "record")
        for assignment in [_assignment(course, name) for name in names] or course.assignments.values():
            for path, changed in validation.record(assignment).items():
                click.echo(text("recorded_written" if changed else "recorded_same", path=path).say(lang or course.file.language))


@main.command(name="list", help=_help("list"))
@_format
@_common
def list_(style: str, lang: str | None, folder: Path | None) -> None:
    with _explained(lang):
        course = _course(folder)
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


@main.command(help=_help("hint"))
@click.argument("name", metavar="ID")
@click.argument("check_name", metavar="CHECK")
@_common
def hint(name: str, check_name: str, lang: str | None, folder: Path | None) -> None:
    with _explained(lang):
        course = _course(folder)
        assignment = _assignment(course, name)
        checks = assignment.file.checks
        if check_name not in checks:
            raise UsageError(text("unknown_check", assignment=name, name=check_name, names=", ".join(checks)))
        click.echo(checks[check_name].hint.say(lang or course.file.language))


@main.command(name="doctor", help=_help("doctor"))
@_format
@click.option("--lang", type=click.Choice(LANGUAGES), help=_help("lang"))
def doctor_(style: str, lang: str | None) -> None:
    language = lang or _environment_language()
    layers = doctor.layers()
    if style == "json":
        click.echo(msgspec.json.encode({layer.name: layer.available for layer in layers}))
        return
    click.echo(text("doctor_python", version=platform.python_version(), system=f"{platform.system()} {platform.release()}").say(language))
    for layer in layers:
        click.echo("  " + layer.line.say(language))
    if root := doctor.root():
        click.echo("  " + root.say(language))
    click.echo(text("doctor_some" if doctor.missing() else "doctor_all").say(language))


def _course(folder: Path | None) -> Course:
    return Course.load(folder) if folder else Course.find(Path.cwd())


def _assignment(course: Course, name: str) -> Assignment:
    if name not in course.assignments:
        close = difflib.get_close_matches(name, course.assignments, n=1) or list(course.assignments)[:1]
        raise UsageError(text("unknown_assignment", name=name, close=close[0]))
    return course.assignments[name]


def _for_instructors(course: Course, command: str) -> None:
    if not (course.folder / "reference").is_dir():
        raise UsageError(text("no_reference", command=f"grader {command}"))


def _own_submissions(course: Course, target: str | None) -> list[submission.Submission]:
    """What a student asks to check: a file, an assignment's file here or in its folder, or all of them here."""
    names = [target] if target and target in course.assignments else list(course.assignments)
    if target and target not in course.assignments:
        path = Path(target)
        if path.stem not in course.assignments:
            raise UsageError(
                text("not_a_module", path=path, names=", ".join(list(course.assignments)[:3]))
                if path.exists() or path.suffix
                else _unknown(course, target)
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


def _unknown(course: Course, name: str) -> Text:
    close = difflib.get_close_matches(name, course.assignments, n=1) or list(course.assignments)[:1]
    return text("unknown_assignment", name=name, close=close[0])


def _show(reports: Sequence[Report], course: Course, style: str, language: str) -> None:
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(reports), indent=2))
        return
    for report in reports:
        click.echo(terminal.report(report, course.assignments[report.assignment].file.title.say(language), LAYERS))


def _show_class(summary: batch.Summary, course: Course, out: Path, style: str, language: str) -> None:
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(summary.reports), indent=2))
        return
    handed_in = {report.assignment for report in summary.reports}
    click.echo(terminal.class_table(summary.reports, [name for name in course.assignments if name in handed_in], language))
    if mistakes := terminal.frequent_mistakes(summary.reports, language):
        click.echo(mistakes)
    click.echo(text("graded", graded=summary.graded, same=summary.same, seconds=summary.seconds).say(language))
    click.echo(text("where_reports", results=out / "results", grades=summary.grades).say(language))


def _exit_for(reports: Sequence[Report]) -> None:
    if any(report.status == "fault" for report in reports):
        raise SystemExit(3)
    if any((report.score or 0) < report.max_score for report in reports):
        raise SystemExit(1)


@contextmanager
def _progress(total: int, language: str) -> Iterator[Callable[..., None]]:
    """A bar on stderr where that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda steps=1: None
        return
    with Progress(*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(text("checking").say(language), total=total)
        yield lambda steps=1: bar.advance(task, steps)


@contextmanager
def _explained(lang: str | None) -> Iterator[None]:
    """Turn our exceptions into one line on stderr and an exit code."""
    language = lang or _environment_language()
    try:
        yield
    except UsageError as error:
        click.echo(error.problem.say(language), err=True)
        sys.exit(2)
    except click.exceptions.Exit:
        raise
    except Exception as error:  # a traceback of ours helps nobody at this end
        reason = str(error) if isinstance(error, Fault) else f"{type(error).__name__}: {error}"
        click.secho(text("fault_line", reason=reason).say(language), fg="red", err=True)
        sys.exit(3)
