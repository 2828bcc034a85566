"""Canvas: the file that its gradebook has exported, filled in.

Source: instructure/canvas-lms, lib/gradebook_importer.rb. A row is found by Canvas's own ID, which is never made up: nobody is
added, and no column either, which Canvas would take for a new assignment.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import UsageError
from grader.export.filling import Filled, Request, columns_of, disarm, match_rows, told
from grader.export.people import Person
from grader.export.sheet import Sheet, number_in, read
from grader.text import Text, text

_COMPUTED = ("current score", "current points", "current grade", "final score", "final points", "final grade", "override")
_INFO = {"id": "numbers", "sis user id": "numbers", "sis login id": "logins", "integration id": "numbers"}


@dataclass(frozen=True)
class _Layout:
    """Where things are in one export: the first assignment's column, the row of the points possible, those of the students."""

    first: int
    possible: int | None
    students: list[int]


def fill(request: Request) -> Filled:
    """The teacher's file with the marks in it. Raises UsageError."""
    if request.into is None:
        raise UsageError(text("export_needs_into", format="canvas"))
    sheet = read(request.into)
    layout = _layout(request, sheet)
    columns, missing = columns_of(request, sheet, _allowed(sheet, layout))
    matches = match_rows(request, {row: _person(sheet, layout, row) for row in layout.students})
    excused = [
        student
        for row, student in matches.students.items()
        for name, column in columns.items()
        if not _put(request, sheet, layout, (row, student), (name, column))
    ]
    disarm(sheet, layout.students, [0], lambda value: False)
    unmarked = [sheet.cell(row, 0) for row in layout.students if row not in matches.students]
    said, incomplete = told(request, matches, missing, unmarked)
    kept: list[Text] = [text("export_excused", names=", ".join(sorted(set(excused))))] if excused else []
    return Filled(sheet.encode(), [*said, *kept], incomplete)


def _put(request: Request, sheet: Sheet, layout: _Layout, who: tuple[int, str], what: tuple[str, int]) -> bool:
    """Write one mark, if there is one; whether that was allowed: who has been excused stays so."""
    (row, student), (name, column) = who, what
    possible = number_in(sheet.cell(layout.possible, column)) if layout.possible is not None else None
    value = request.marks.value(student, name, request.worth or possible)
    if value is None:
        return True
    if sheet.cell(row, column).strip().casefold() == "ex":
        return False
    sheet.set(row, column, sheet.number(value))
    return True


def _layout(request: Request, sheet: Sheet) -> _Layout:
    header = [name.strip().casefold() for name in sheet.header]
    sections = [column for column, name in enumerate(header) if name == "section"]
    if "student" not in header[0] or header[1] != "id" or not sections:
        raise UsageError(text("export_not_canvas", path=request.into))
    possible, students = None, []
    for row in range(1, len(sheet)):
        first = sheet.cell(row, 0).strip().casefold()
        if "points possible" in first:
            possible = row
        elif sheet.cell(row, 1).strip():  # rows of Canvas's own ("Manual Posting") name nobody
            students.append(row)
    return _Layout(sections[-1] + 1, possible, students)


def _allowed(sheet: Sheet, layout: _Layout) -> list[int]:
    """The columns that may be filled: no totals, nothing that Canvas says is read only."""
    return [
        column
        for column in range(layout.first, len(sheet.header))
        if not any(word in sheet.header[column].casefold() for word in _COMPUTED)
        and (layout.possible is None or "read only" not in sheet.cell(layout.possible, column).casefold())
    ]


def _person(sheet: Sheet, layout: _Layout, row: int) -> Person:
    found: dict[str, list[str]] = {"numbers": [], "logins": []}
    for column in range(1, layout.first):
        if kind := _INFO.get(sheet.header[column].strip().casefold()):
            found[kind].append(sheet.cell(row, column))
    return Person((), tuple(found["logins"]), tuple(found["numbers"]), (), (sheet.cell(row, 0),))
