"""`OUT/html`: a page for each student and one for the class, written from the reports that the gradebook holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from grader.atomic import replace
from grader.course import Course
from grader.errors import UsageError, unwritable, why
from grader.model import Pair, Report
from grader.reports.html import INDEX, Names, class_page, page_name, similarity_page, student_page
from grader.reports.overview import brief
from grader.sandbox.limits import LAYERS
from grader.text import LANGUAGES, text


def write(course: Course, reports: Iterable[Report], out: Path, changed: Collection[str] | None = None) -> Path:
    """Write the pages of a class.

    Args:
        course: for its titles.
        reports: all of the class, by student, in one language or several; looked at once, so that they need not all be in memory.
        out: where `html` is made.
        changed: the students whose reports are new; only they get a new page, and who has none. None: everybody.

    Returns:
        The class's page.

    Raises:
        UsageError, Fault: the folder cannot be written.
    """
    folder = out / "html"
    names: dict[str, Names] = {language: _names(course, language) for language in LANGUAGES}
    briefs: list[Report] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for student, group in groupby(reports, key=lambda report: report.student):
            path, own = folder / page_name(student), list(group)
            briefs += map(brief, own)
            if changed is None or student in changed or not path.is_file():
                replace(path, student_page(own, names[own[0].language], LAYERS))
        spoken = Counter(report.language for report in briefs) or Counter([course.file.language])
        replace(folder / INDEX, class_page(briefs, names[spoken.most_common(1)[0][0]], LAYERS))
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder / INDEX


def write_similarity(course: Course, pairs: Sequence[Pair], out: Path, language: str) -> Path:
    """Write the page of similar submissions; its path. Raises UsageError."""
    path = out / "similarity.html"
    try:
        replace(path, similarity_page(pairs, _names(course, language)))
    except OSError as error:
        raise UsageError(text("cannot_write", path=path, reason=why(error))) from error
    return path


def _names(course: Course, language: str) -> Names:
    titles = {name: one.file.title.say(language) for name, one in course.assignments.items()}
    return Names(language, course.file.title.say(language), titles)
