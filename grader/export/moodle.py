"""Moodle: the worksheet for offline grading or the gradebook's export, filled in; or a new file for the gradebook's import.

Source: moodle/moodle, mod/assign/feedback/offline/importgradeslib.php and grade/import/csv/classes/load_data.php. The headers
are in the language of the site. Rows without a mark stay as they are: Moodle reads an empty cell or - as no mark.
"""

from __future__ import annotations

import csv
import io
import re

from grader.errors import UsageError
from grader.export.filling import Filled, Request, columns_of, disarm, match_rows, told
from grader.export.marks import comment
from grader.export.people import Matches, Person, person
from grader.export.sheet import Sheet, harmless, number_in, read
from grader.text import text

_GRADE = ("grade", "calificación", "nota")
_MAXIMUM = ("maximum grade", "calificación máxima", "nota máxima")
_FEEDBACK = (
    "feedback comments",
    "comentarios de retroalimentación",
    "comentarios de la retroalimentación",
    "retroalimentación",
    "comentarios",
)
_KEYS = ("id number", "número de id", "email address", "dirección de correo", "username", "nombre de usuario", "email", "correo")
_PARTICIPANT = re.compile(r"\D+ \d+")  # "Participant 12", in the site's language


def fill(request: Request) -> Filled:
    """The file for Moodle. Raises UsageError."""
    if request.into is None:
        return _gradebook_import(request)
    sheet = read(request.into)
    if _is_worksheet(sheet):
        return _worksheet(request, sheet)
    return _gradebook(request, sheet)


def _is_worksheet(sheet: Sheet) -> bool:
    """Whether the first column says which participant a row is."""
    cells = [sheet.cell(row, 0) for row in range(1, len(sheet))]
    return bool(cells) and all(_PARTICIPANT.fullmatch(cell.strip()) for cell in cells)


def _worksheet(request: Request, sheet: Sheet) -> Filled:
    """One assignment's worksheet: the grade and, where it has the column, the comments."""
    if len(request.assignments) != 1:
        raise UsageError(text("export_one_assignment", path=request.into, names=", ".join(request.assignments)))
    (name,) = request.assignments
    grade = _column(sheet, (request.columns.get(name, "").casefold(),) if name in request.columns else _GRADE)
    if grade is None:
        raise UsageError(text("export_no_grade_column", path=request.into, name=name, headers=", ".join(sheet.header)))
    maximum, feedback = _column(sheet, _MAXIMUM), _column(sheet, _FEEDBACK)
    matches = _match(request, sheet)
    for row, student in matches.students.items():
        most = number_in(sheet.cell(row, maximum)) if maximum is not None else None
        value = request.marks.value(student, name, request.worth or most)
        if value is None:
            continue
        sheet.set(row, grade, sheet.number(value))
        if feedback is not None and (words := comment(request.marks.reports[student][name])):
            sheet.set(row, feedback, harmless(words))
    return _done(request, sheet, matches, [], {grade, maximum, 0})


def _gradebook(request: Request, sheet: Sheet) -> Filled:
    """An export of the gradebook: one column for each assignment."""
    if not any(name.strip().casefold() in _KEYS for name in sheet.header):
        raise UsageError(text("export_not_moodle", path=request.into))
    columns, missing = columns_of(request, sheet, range(1, len(sheet.header)))
    matches = _match(request, sheet)
    for row, student in matches.students.items():
        for name, column in columns.items():
            value = request.marks.value(student, name, request.worth)
            if value is not None:
                sheet.set(row, column, sheet.number(value))
    return _done(request, sheet, matches, missing, set(columns.values()))


def _match(request: Request, sheet: Sheet) -> Matches:
    return match_rows(request, {row: _person(sheet, row) for row in range(1, len(sheet)) if len(sheet.row(row)) > 1})


def _person(sheet: Sheet, row: int) -> Person:
    return person(sheet.header, sheet.row(row))


def _done(request: Request, sheet: Sheet, matches: Matches, missing: list[str], untouched: set[int | None]) -> Filled:
    """The file, with free text made harmless: not what Moodle finds people and marks by."""
    rows = [row for row in range(1, len(sheet)) if len(sheet.row(row)) > 1]
    keys = {column for column, name in enumerate(sheet.header) if name.strip().casefold() in _KEYS}
    text_columns = [column for column in range(len(sheet.header)) if column not in untouched | keys]
    disarm(sheet, rows, text_columns, lambda value: value.strip() == "-" or number_in(value.lstrip("+-")) is not None)
    unmarked = [_called(sheet, row) for row in rows if row not in matches.students]
    said, incomplete = told(request, matches, missing, unmarked)
    return Filled(sheet.encode(), said, incomplete)


def _called(sheet: Sheet, row: int) -> str:
    who = _person(sheet, row)
    return next(iter((*who.names, *who.emails, *who.numbers)), sheet.cell(row, 0))


def _column(sheet: Sheet, names: tuple[str, ...]) -> int | None:
    header = [name.strip().casefold() for name in sheet.header]
    return next((header.index(name) for name in names if name in header), None)


def _gradebook_import(request: Request) -> Filled:
    """A new file: who is who by user name, address and number, as far as the class list has them."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    titles = [harmless(request.course.assignments[name].file.title.say(request.language)) for name in request.assignments]
    word = text("export_feedback").say(request.language)
    writer.writerow(["username", "email", "idnumber", *(cell for title in titles for cell in (title, f"{title} {word}"))])
    for student, who in sorted(request.people.items()):
        cells = [next(reversed(who.logins), student), next(iter(who.emails), ""), next(iter(who.numbers), "")]
        for name in request.assignments:
            value = request.marks.value(student, name, request.worth)
            report = request.marks.reports[student].get(name)
            cells += ["" if value is None else f"{round(value, 2):g}", comment(report) if report and value is not None else ""]
        writer.writerow([harmless(cell) for cell in cells])
    said, incomplete = told(request, Matches({}, [], []))
    return Filled(buffer.getvalue().encode(), said, incomplete)
