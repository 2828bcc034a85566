"""GitHub Actions: annotations on the lines of the student's files, and texts that cannot be taken for commands.

Source: docs.github.com, "Workflow commands for GitHub Actions". A step shows at most 10 errors, 10 warnings and 10 notices, the
rest is dropped without a word: so the last place says how many more there are, and the job summary has them all.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.model import CheckResult, Report
from grader.reports.rows import place
from grader.text import text

PER_LEVEL = 10  # annotations of one level that a step shows
_LONGEST = 2000  # characters of a message: the page shows about as many

Level = Literal["error", "warning", "notice"]
_LEVELS: dict[str, Level] = {"failed": "error", "crashed": "error", "limit": "error", "fault": "error", "partial": "warning"}


@dataclass(frozen=True)
class Place:
    """A graded file.

    Attributes:
        path: from the root of the repository, with slashes.
        source: its text; empty for a notebook, whose lines are not those that the student sees.
    """

    path: str
    source: str


@dataclass(frozen=True)
class Annotation:
    """One remark beside a line; line 0 is the whole file, an empty path the whole run."""

    level: Level
    title: str
    message: str
    path: str = ""
    line: int = 0

    def command(self) -> str:
        """The workflow command that makes it."""
        where = {"file": self.path, "line": self.line or (1 if self.path else 0), "title": self.title}
        given = ",".join(f"{name}={_property(str(value))}" for name, value in where.items() if value)
        return f"::{self.level} {given}::{_data(self.message)}"


def remarks(reports: Sequence[Report], places: Mapping[str, Place], language: str) -> list[Annotation]:
    """What to show beside the code: the first few remarks of each level. `places` has the graded file of each assignment."""
    found = [annotation for report in reports for annotation in _of(report, places.get(report.assignment), language)]
    shown: list[Annotation] = []
    dropped = 0
    for level in ("error", "warning"):
        of_level = [annotation for annotation in found if annotation.level == level]
        shown += of_level[:PER_LEVEL]
        dropped += len(of_level[PER_LEVEL:])
    if dropped:
        shown.append(Annotation("notice", "grader", text("ci_more", count=dropped).say(language)))
    return shown


def _of(report: Report, where: Place | None, language: str) -> Iterator[Annotation]:
    """The remarks on one report; what is said of several checks in the same words is said once."""
    said: set[tuple[str, int, str]] = set()
    for check in report.checks:
        if check.outcome not in _LEVELS:
            continue
        path, line = position(check, where)
        message = _message(check, language)
        if (path, line, check.message) in said:
            continue
        said.add((path, line, check.message))
        yield Annotation(_LEVELS[check.outcome], f"{report.assignment}: {check.title}", message, path, line)


def position(check: CheckResult, where: Place | None) -> tuple[str, int]:
    """Path and line of a check's trouble: where it was raised, else where the function that it names is defined."""
    if where is None or check.outcome == "fault":
        return "", 0
    if check.location is None:
        return where.path, definition(check.title, where.source) or definition(check.message, where.source)
    if check.location.file == posixpath.basename(where.path):
        return where.path, 0 if check.location.cell else check.location.line
    return posixpath.join(posixpath.dirname(where.path), check.location.file), check.location.line


def definition(words: str, source: str) -> int:
    """The line that defines the first name in backticks of `words` that `source` defines; 0 if none does.

    "`Linear.forward` is x W + b" finds the method of the class. The text is searched, never parsed: it is a student's.
    """
    for name in re.findall(r"`([A-Za-z_][\w.]*)", words):
        at = 0
        for part in name.split("."):
            found = re.compile(rf"^[ \t]*(?:def|class|async def)[ \t]+{re.escape(part)}\b", re.MULTILINE).search(source, at)
            if found is None:
                break
            at = found.end()
        else:
            return source.count("\n", 0, at) + 1
    return 0


def _message(check: CheckResult, language: str) -> str:
    lines = [check.message or check.title]
    if check.location and check.location.cell:
        lines.append(place(check, language))
    if check.hint:
        lines.append(f"{text('word_hint').say(language)}: {check.hint}")
    whole = "\n".join(lines)
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…"


def stop(token: str) -> str:
    """The command after which no other one counts; `token` must be one that no student can guess."""
    return f"::stop-commands::{token}"


def resume(token: str) -> str:
    """The command that ends what `stop` began."""
    return f"::{token}::"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
