"""Reports for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import click

from grader.model import CheckResult, Report
from grader.text import text

_MARKS = {"passed": "✔", "partial": "◐", "failed": "✘", "crashed": "✘", "limit": "⏱", "skipped": "·", "fault": "!"}
_COLOURS = {"passed": "green", "partial": "yellow", "skipped": "bright_black", "fault": "magenta"}
_WIDTH = 100
_NAMED = 8  # columns; more have numbers, or no terminal would be wide enough


def report(result: Report, title: str, expected_layers: Sequence[str], *, colour: bool = True) -> str:
    """One submission: its marks, and for every point lost what is wrong and where."""
    head = click.style(f"{result.assignment}", bold=True) + f" · {title} · {result.student}"
    lines = [_row(head, _score(result, result.language))]
    lines += [f"  {text('word_note').say(result.language)}: {note}" for note in result.notes]
    for before, check in zip([None, *result.checks], result.checks, strict=False):
        repeated = before is not None and check.message != "" and check.message == before.message
        lines += _check(check, result.language, repeated=repeated)
    missing = sorted(set(expected_layers) - set(result.protection))
    if missing and result.status == "graded":
        lines.append("  " + text("word_unprotected", layers=", ".join(missing)).say(result.language))
    return "\n".join(lines) if colour else click.unstyle("\n".join(lines))


def _check(check: CheckResult, language: str, *, repeated: bool) -> list[str]:
    """The lines of one check; a message that is the same as that of the check before is not said again."""
    colour = _COLOURS.get(check.outcome, "red")
    word = text(f"word_{check.outcome}").say(language)
    points = f"{check.points:g}" if check.points is not None else "–"
    hidden = "" if check.visibility == "public" else f" ({text('word_hidden').say(language)})"
    lines = [_row(click.style(f"  {_MARKS[check.outcome]} {check.title}{hidden}", fg=colour), f"{word}  {points} / {check.max_points:g}")]
    if repeated:
        return [*lines, f"      {text('same_as_above').say(language)}"]
    lines += [f"      {line}" for line in check.message.splitlines()]
    if check.location:
        key = "line_of_cell" if check.location.cell else "line"
        place = text(key, line=check.location.line, cell=check.location.cell).say(language)
        lines.append(click.style(f"      {check.location.file}, {place}", fg="cyan"))
    if check.hint:
        lines.append(click.style(f"      {text('word_hint').say(language)}: {check.hint}", fg="cyan"))
    return lines


def _row(left: str, right: str) -> str:
    room = _WIDTH - len(click.unstyle(left)) - len(right)
    return f"{left}{' ' * max(room, 2)}{right}"


def _score(result: Report, language: str) -> str:
    if result.counts is None:
        return text("word_no_mark").say(language)
    return f"{result.counts:g} / {result.max_score:g}"


def class_table(marks: Sequence[tuple[str, str, float | None]], assignments: Sequence[str], language: str) -> str:
    """The whole class: one row per student, one column per assignment, the total. Many columns have numbers, told below.

    Args:
        marks: student, assignment and points (None: no mark, by our fault).
        assignments: the columns, in their order.
        language: of the words.
    """
    from rich.console import Console  # not needed, nor loaded, for one student's report
    from rich.table import Table

    many = len(assignments) > _NAMED
    table = Table(header_style="bold", padding=0 if many else (0, 1))
    table.add_column(text("word_student").say(language))
    for number, name in enumerate(assignments, 1):
        table.add_column(str(number) if many else name, justify="right")
    table.add_column(text("word_total").say(language), justify="right")
    points = {(student, assignment): value for student, assignment, value in marks}
    for student in sorted({student for student, _, _ in marks}):
        row = [_cell(points[student, name], language) if (student, name) in points else "" for name in assignments]
        table.add_row(student, *row, f"{sum(points.get((student, name)) or 0.0 for name in assignments):g}")
    console = Console(width=max(_WIDTH, 24 + 20 * len(assignments)), color_system=None)
    with console.capture() as capture:
        console.print(table)
    legend = ", ".join(f"{number}\N{NO-BREAK SPACE}{name}" for number, name in enumerate(assignments, 1))
    return "\n".join([capture.get().rstrip(), *(textwrap.wrap(legend, _WIDTH) if many else [])]).replace("\N{NO-BREAK SPACE}", " ")


def _cell(points: float | None, language: str) -> str:
    return text("word_no_mark").say(language) if points is None else f"{points:g}"


def frequent_mistakes(made: Sequence[tuple[str, str, int]], language: str, most: int = 5) -> str:
    """The known mistakes that the class makes most: assignment, name, and how many students make it."""
    lines = [f"  {count} × {assignment}: {mistake}" for assignment, mistake, count in made[:most]]
    return "\n".join([text("frequent").say(language) + ":", *lines]) if lines else ""
