"""What every command shares: its options, its language, its course, and what becomes of our exceptions.

Exit codes: 0 done, whatever the marks; 1 something asked for did not hold; 2 wrong usage or unusable input; 3 our fault.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from grader.cli.language import spoken
from grader.course import Assignment, Course
from grader.errors import Fault, UsageError
from grader.model import Report
from grader.reports import text as terminal
from grader.sandbox.limits import LAYERS
from grader.text import LANGUAGES, text

_F = TypeVar("_F", bound=Callable[..., Any])


def help_text(key: str) -> str:
    """What `--help` says of a command or an option: a key of the catalogue, put into words once the language is known."""
    return f"help_{key}"


def common(command: _F) -> _F:
    """The options that every command has."""
    command = click.option("--lang", type=click.Choice(LANGUAGES), help=help_text("lang"))(command)
    return click.option("--course", "folder", type=click.Path(path_type=Path), default=None, help=help_text("course"))(command)


_FORMATS = click.Choice(["text", "json"])
output_format = click.option("--format", "style", type=_FORMATS, default="text", show_default=True, help=help_text("format"))


def course_in(folder: Path | None) -> Course:
    """The course in `folder`, or the one that holds the current folder. Raises UsageError."""
    return Course.load(folder) if folder else Course.find(Path.cwd())


def assignment_of(course: Course, name: str) -> Assignment:
    """The assignment `name`. Raises UsageError, with the name that may have been meant."""
    if name not in course.assignments:
        raise UsageError(course.unknown(name))
    return course.assignments[name]


def require_reference(course: Course, command: str) -> None:
    """Raise UsageError in a student's copy."""
    if not (course.folder / "reference").is_dir():
        raise UsageError(text("no_reference", command=f"grader {command}"))


def show(reports: Sequence[Report], course: Course, style: str, language: str, layers: Sequence[str] = LAYERS) -> None:
    """Print the reports; of `layers`, those that did not hold are named."""
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(reports), indent=2))
        return
    for report in reports:
        click.echo(terminal.report(report, course.assignments[report.assignment].file.title.say(language), layers))


def exit_for(reports: Sequence[Report]) -> None:
    """End with the exit code that `check` and `ci` promise."""
    if any(report.status == "fault" for report in reports):
        raise SystemExit(3)
    if any((report.score or 0) < report.max_score for report in reports):
        raise SystemExit(1)


@contextmanager
def progress(total: int, language: str) -> Iterator[Callable[..., None]]:
    """A bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda steps=1: None
        return
    from rich.console import Console  # a tenth of a second that `grader check` does not wait for
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(text("checking").say(language), total=total)
        yield lambda steps=1: bar.advance(task, steps)


@contextmanager
def explained(lang: str | None) -> Iterator[None]:
    """Turn our exceptions into one line on stderr and an exit code."""
    language = lang or spoken()
    try:
        yield
    except UsageError as error:
        click.echo(error.problem.say(language), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        click.echo(text("stopped").say(language), err=True)
        sys.exit(130)
    except (click.exceptions.Exit, BrokenPipeError):  # `grader list | head`: click ends quietly
        raise
    except Exception as error:  # a traceback of ours helps nobody at this end
        reason = error.problem if isinstance(error, Fault) else f"{type(error).__name__}: {error}"
        click.secho(text("fault_line", reason=reason).say(language), fg="red", err=True)
        sys.exit(3)
