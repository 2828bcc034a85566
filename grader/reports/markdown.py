"""A report in GitHub's Markdown: the job summary, and the text of a release. What a student wrote stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from grader.model import CheckResult, Report
from grader.reports import rows
from grader.text import text

MOST = 1_000_000  # bytes: GitHub refuses a summary of more than 1 MiB whole
_SIGNS = {"passed": "✅", "partial": "🟡", "failed": "❌", "crashed": "❌", "limit": "⏱️", "skipped": "⏭️", "fault": "⚠️"}
_SPECIAL = re.compile(r"([\\\[\]!|*_~#])")


def summary(reports: Sequence[Report], titles: Mapping[str, str], expected_layers: Sequence[str], language: str) -> str:
    """All reports, most important first, cut where it would be too long for GitHub.

    `titles` are those of the assignments, by id. Of the layers of confinement that are expected, those that did not hold are named.
    """
    parts = [_head(reports, language)]
    parts += [_report(report, titles.get(report.assignment, ""), expected_layers) for report in reports]
    whole, end = "\n".join(parts), "\n" + text("ci_cut").say(language) + "\n"
    if len(whole.encode()) <= MOST:
        return whole
    kept = whole.encode()[: MOST - len(end.encode())].decode(errors="ignore")
    return kept.rpartition("\n")[0] + end


def _head(reports: Sequence[Report], language: str) -> str:
    mark = f"{rows.score(reports):g} / {rows.max_score(reports):g}"
    lines = [f"# {text('word_no_mark').say(language) if rows.faulty(reports) else mark}", ""]
    if not any(check.visibility == "hidden" for report in reports for check in report.checks):
        lines += [text("hidden_exist").say(language), ""]
    return "\n".join(lines)


def _report(report: Report, title: str, expected_layers: Sequence[str]) -> str:
    language = report.language
    mark = text("word_no_mark").say(language) if report.score is None else f"{report.score:g} / {report.max_score:g}"
    words = [text(key).say(language) for key in ("ci_check", "word_points")]
    lines = [f"## {escaped(report.assignment)} · {escaped(title)}: {mark}", "", f"| | {words[0]} | {words[1]} |", "| --- | --- | ---: |"]
    lines += [_row(check, language) for check in report.checks]
    lines += ["", *_details(report)]
    lines += [f"> {text('word_note').say(language)}: {escaped(note)}\n" for note in report.notes]
    if report.status == "graded" and (missing := sorted(set(expected_layers) - set(report.protection))):
        lines.append(text("word_unprotected", layers=", ".join(missing)).say(language) + "\n")
    return "\n".join(lines)


def _row(check: CheckResult, language: str) -> str:
    hidden = "" if check.visibility == "public" else f" ({text('word_hidden').say(language)})"
    points = "–" if check.points is None else f"{check.points:g}"
    return f"| {_SIGNS[check.outcome]} | {escaped(check.title)}{hidden} | {points} / {check.max_points:g} |"


def _details(report: Report) -> Iterator[str]:
    """What is wrong, check by check; the same words again are not repeated."""
    before = ""
    for check in report.checks:
        if not check.message:
            continue
        yield f"**{_SIGNS[check.outcome]} {escaped(check.title)}**"
        yield ""
        if check.message == before:
            yield text("same_as_above").say(report.language) + "\n"
            continue
        before = check.message
        lines = [escaped(line) for line in check.message.splitlines()]
        if check.location:
            lines.append(f"{escaped(check.location.file)}, {rows.place(check, report.language)}")
        yield "<br>\n".join(lines) + "\n"
        if check.hint:
            yield f"> {text('word_hint').say(report.language)}: {escaped(check.hint)}\n"


def escaped(value: str) -> str:
    """`value` as one line in which nothing but `code` and mathematics between $ is formatted, and no HTML is left.

    A message may quote a student: links, pictures, mentions and tables that they write stay text.
    """
    line = " ".join(value.split())
    parts = line.split("`")
    if len(parts) % 2 == 0 or "``" in line:  # not a plain row of `pieces of code`
        return _plain(line.replace("`", "'"))
    return "`".join(part.replace("|", "\\|") if number % 2 else _with_mathematics(part) for number, part in enumerate(parts))


def _with_mathematics(words: str) -> str:
    """Words with $...$ left as it is, for GitHub to set; the only tag-like characters in it become entities."""
    parts = words.split("$")
    if len(parts) % 2 == 0:
        return _plain(words)
    return "$".join(_entities(part).replace("|", "\\vert ") if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(words: str) -> str:
    return _entities(_SPECIAL.sub(r"\\\1", words)).replace("@", "@&#8203;").replace("://", ":&#8203;//")


def _entities(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
