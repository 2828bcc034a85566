"""What filling a teacher's file comes to: which column is which assignment, who is who, and what could not be done."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course
from grader.errors import UsageError
from grader.export.marks import Marks
from grader.export.people import Matches, Person, Roster, match
from grader.export.sheet import Sheet, harmless
from grader.text import Text, text

_DECORATION = (re.compile(r"\s*\(\d+\)$"), re.compile(r"\s*\((?:real|letter|letra|percentage|porcentaje)\)$", re.IGNORECASE))


@dataclass(frozen=True)
class Request:
    """What the teacher wants.

    Attributes:
        assignments: the ids to export, in the order of the course.
        columns: assignment -> header, where the teacher has said it.
        worth: points of an assignment over there, where the teacher has said it.
        into: the teacher's file.
    """

    course: Course
    marks: Marks
    roster: Roster
    assignments: Sequence[str]
    language: str
    columns: Mapping[str, str] = field(default_factory=dict)
    worth: float | None = None
    into: Path | None = None

    @property
    def people(self) -> dict[str, Person]:
        """All that is known of each student who has a report on one of the assignments."""
        graded = [name for name, own in self.marks.reports.items() if any(a in own for a in self.assignments)]
        return {name: self.roster.of(name) for name in graded}


@dataclass(frozen=True)
class Filled:
    """A grade file, and what its teacher should know.

    Attributes:
        said: one sentence each; `incomplete` if one of them is a mark that is not in the file.
    """

    content: bytes
    said: list[Text]
    incomplete: bool


def columns_of(request: Request, sheet: Sheet, allowed: Sequence[int]) -> tuple[dict[str, int], list[str]]:
    """Assignment -> column, and those that have none. Raises UsageError where a header is unknown, or nothing fits."""
    found: dict[str, int] = {}
    for name in request.assignments:
        if name in request.columns:
            found[name] = _named(request, sheet, allowed, request.columns[name])
            continue
        titles = request.course.assignments[name].file.title
        wanted = {_bare(title) for title in (name, titles.es, titles.en)}
        fitting = [column for column in allowed if _bare(sheet.header[column]) in wanted]
        if len(fitting) == 1:
            found[name] = fitting[0]
    if not found:
        headers = ", ".join(sheet.header[column] for column in allowed)
        raise UsageError(text("export_no_column", path=request.into, name=request.assignments[0], headers=headers or "-"))
    return found, [name for name in request.assignments if name not in found]


def _named(request: Request, sheet: Sheet, allowed: Sequence[int], header: str) -> int:
    """The column that the teacher has named, with or without the LMS's own number behind it."""
    for spell in (str.strip, _bare):
        fitting = [column for column in allowed if spell(sheet.header[column]) == spell(header)]
        if len(fitting) == 1:
            return fitting[0]
    headers = ", ".join(sheet.header[column] for column in allowed)
    raise UsageError(text("export_unknown_column", path=request.into, header=header, headers=headers or "-"))


def _bare(header: str) -> str:
    """A header without what an LMS adds to a title: "Tarea: El perceptrón (Real)", "El perceptrón (12345)"."""
    title = header.strip()
    for decoration in _DECORATION:
        title = decoration.sub("", title)
    title = re.sub(r"^(?:assignment|tarea)\s*:\s*", "", title, flags=re.IGNORECASE)
    return " ".join(title.casefold().replace("_", " ").split())


def told(request: Request, matches: Matches, missing: Sequence[str] = (), unmarked: Sequence[str] = ()) -> tuple[list[Text], bool]:
    """What could not be done, and whether a mark is missing in the file for it."""
    said: list[tuple[bool, Text]] = []
    where = request.into or "-"
    if matches.lost:
        said.append((True, text("export_lost", count=len(matches.lost), path=where, names=", ".join(matches.lost))))
    if matches.unsure:
        said.append((True, text("export_unsure", count=len(matches.unsure), path=where, names=", ".join(matches.unsure))))
    if missing:
        said.append((True, text("export_column_missing", path=where, names=", ".join(missing))))
    if faults := request.marks.faults(request.assignments):
        said.append((True, text("export_faults", names=", ".join(faults))))
    if unmarked:
        said.append((False, text("export_unmarked", count=len(unmarked), names=", ".join(unmarked))))
    return [sentence for _, sentence in said], any(serious for serious, _ in said)


def match_rows(request: Request, rows: Mapping[int, Person]) -> Matches:
    """Which row is which student."""
    return match(request.people, rows)


def disarm(sheet: Sheet, rows: Sequence[int], columns: Sequence[int], spare: Callable[[str], bool]) -> None:
    """Make cells with free text harmless for spreadsheets; those that `spare` knows stay as they are."""
    for row in rows:
        for column in columns:
            value = sheet.cell(row, column)
            if not spare(value) and harmless(value) != value:
                sheet.set(row, column, harmless(value))
