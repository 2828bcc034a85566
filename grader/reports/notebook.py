"""A report inside a notebook: HTML for the page, the same as text for everything else. Every word is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.model import CheckResult, Location, Report
from grader.text import text

_COLOURS = {"passed": "#1a7f37", "partial": "#9a6700", "skipped": "#6e7781", "fault": "#8250df"}
_WRONG = "#cf222e"
_MARKS = {"passed": "✔", "partial": "◐", "failed": "✘", "crashed": "✘", "limit": "⏱", "skipped": "·", "fault": "!"}


def html(report: Report, title: str, notes: Sequence[str]) -> str:
    """One submission's checks, what is wrong first to the eye, and `notes` below. Colours work on white and on black."""
    score = text("word_no_mark").say(report.language) if report.score is None else f"{report.score:g} / {report.max_score:g}"
    parts = [f"<p><b>{escape(report.assignment)}</b> · {escape(title)} · <b>{score}</b></p>"]
    parts += [f"<p>{escape(text('word_note').say(report.language))}: {escape(note)}</p>" for note in report.notes]
    parts += [_check(check, report.language) for check in report.checks]
    parts += [f'<p style="opacity:.75">{escape(note)}</p>' for note in notes]
    return f'<div style="max-width:60em">{"".join(parts)}</div>'


def _check(check: CheckResult, language: str) -> str:
    """One check: open where points were lost, its hint one click away."""
    colour = _COLOURS.get(check.outcome, _WRONG)
    points = "–" if check.points is None else f"{check.points:g}"
    head = f'<span style="color:{colour}">{_MARKS[check.outcome]} {escape(check.title)}</span> · {points} / {check.max_points:g}'
    if not (check.message or check.hint):
        return f"<div>{head}</div>"
    body = "".join(f"<div>{escape(line)}</div>" for line in check.message.splitlines())
    if check.location:
        body += f"<div><code>{escape(_place(check.location, language))}</code></div>"
    if check.hint:
        body += f"<details><summary>{escape(text('word_hint').say(language))}</summary>{escape(check.hint)}</details>"
    return f'<div>{head}<div style="margin:.2em 0 .6em 1.5em">{body}</div></div>'


def _place(location: Location, language: str) -> str:
    key = "line_of_cell" if location.cell else "line"
    return f"{location.file}, {text(key, line=location.line, cell=location.cell).say(language)}"
