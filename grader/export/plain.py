"""Files that need none of the teacher's: a plain table, GitHub Classroom's grades, and Gradescope's results."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from grader.atomic import replace
from grader.export.filling import Filled, Request, told
from grader.export.marks import earned
from grader.export.people import Matches, Person
from grader.export.sheet import harmless
from grader.reports import gradescope
from grader.text import Text, text

_CLASSROOM = (
    "assignment_name", "assignment_url", "starter_code_url", "github_username", "roster_identifier", "student_repository_name",
    "student_repository_url", "submission_timestamp", "points_awarded", "points_available",
)  # fmt: skip


def table(request: Request) -> Filled:
    """One row for each student: who it is, a column for each assignment (empty: no mark), the total."""
    known = request.people
    kinds = [kind for kind in ("names", "emails", "numbers") if any(getattr(who, kind) for who in known.values())]
    head = [text(f"word_{kind}").say(request.language) for kind in kinds]
    rows = [[text("word_student").say(request.language), *head, *request.assignments, text("word_total").say(request.language)]]
    for student, who in sorted(known.items()):
        marks = [request.marks.value(student, name, request.worth) for name in request.assignments]
        cells = [_number(mark) for mark in (*marks, sum(mark for mark in marks if mark is not None))]
        rows.append([student, *(next(iter(getattr(who, kind)), "") for kind in kinds), *cells])
    return _filled(request, rows)


def classroom(request: Request) -> Filled:
    """GitHub Classroom's grades. What only GitHub knows (addresses, times) is left empty, not made up.

    Source: the files that its web page and `gh classroom assignment-grades` write.
    """
    rows = [list(_CLASSROOM)]
    for name in request.assignments:
        title = request.course.assignments[name].file.title.say(request.language)
        for student, who in sorted(request.people.items()):
            report = request.marks.reports[student].get(name)
            if report is None or earned(report) is None:
                continue
            points = [_number(request.marks.value(student, name, request.worth)), f"{request.worth or report.max_score:g}"]
            rows.append([title, "", "", _username(student, who), next(iter(who.numbers), ""), "", "", "", *points])
    return _filled(request, rows)


def results(request: Request, folder: Path) -> tuple[list[Path], list[Text]]:
    """Gradescope's results.json for each student, in `folder`; none for who has no mark, by our fault. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    faults = request.marks.faults(request.assignments)
    written = []
    for student, own in sorted(request.marks.reports.items()):
        reports = [own[name] for name in request.assignments if name in own]
        path = folder / f"{quote(student, safe=' @+,')[:200]}.json"
        if not reports or student in faults:
            path.unlink(missing_ok=True)
            continue
        replace(path, json.dumps(gradescope.results(reports, request.language), indent=2) + "\n")
        written.append(path)
    return written, told(request, Matches({}, [], []))[0]


def _username(student: str, who: Person) -> str:
    """The GitHub user: what the class list says, or else what the student is called here, as in clones of Classroom."""
    return next(iter(who.accounts), student)


def _filled(request: Request, rows: Iterable[Iterable[str]]) -> Filled:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)
    return Filled(buffer.getvalue().encode("utf-8", "replace"), *told(request, Matches({}, [], [])))


def _number(mark: float | None) -> str:
    return "" if mark is None else f"{round(mark, 2):g}"
