"""The public checks in a notebook: `%load_ext grader` and `%grade ID`, or `grader.jupyter.check("ID")`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader import workspace
from grader.course import Course
from grader.errors import UsageError
from grader.model import Report
from grader.practice import Practice
from grader.reports import notebook as page
from grader.reports import text as terminal
from grader.text import LANGUAGES, environment_language, text


@dataclass(frozen=True)
class Feedback:
    """What a cell shows: HTML in a notebook, text elsewhere.

    Attributes:
        report: the public checks' results.
        title: the assignment's.
        notes: what was read and when, and that hidden checks exist.
    """

    report: Report
    title: str
    notes: tuple[str, ...]

    def _repr_html_(self) -> str:
        return page.html(self.report, self.title, self.notes)

    def __repr__(self) -> str:
        return "\n".join([terminal.report(self.report, self.title, (), colour=False), *self.notes])


def check(name: str, lang: str | None = None) -> Feedback | None:
    """Run the public checks on the saved file of the assignment `name`, beside this notebook or in the course's folder.

    Only what has been saved is read: a notebook's kernel cannot know what has been typed since. None after wrong usage, which is
    told on stderr.
    """
    language = lang if lang in LANGUAGES else environment_language()
    try:
        course = Course.find(Path.cwd())
        language = lang if lang in LANGUAGES else course.file.language
        (submission,) = workspace.find(course, name, Path.cwd())
        with Practice(course, language, [submission], hints=True) as practice:
            report = practice.check(submission)
        saved = datetime.fromtimestamp(submission.path.stat().st_mtime)
    except UsageError as error:
        print(error.problem.say(language), file=sys.stderr)
        return None
    read = text("read_as_saved", file=submission.path.name, at=f"{saved:%H:%M:%S}").say(language)
    title = course.assignments[submission.assignment].file.title.say(language)
    return Feedback(report, title, (read, text("hidden_exist").say(language)))


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext grader`: adds the magic `%grade ID [es|en]`."""
    shell.register_magic_function(_grade, magic_name="grade")


def _grade(line: str) -> Feedback | None:
    """%grade ID [es|en]"""
    words = line.split()
    if not words:
        print(text("magic_usage").say(environment_language()), file=sys.stderr)
        return None
    return check(words[0], *words[1:2])
