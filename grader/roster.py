"""A class list as CSV: what each student is called here, and by which logins, numbers and names platforms know them.

Every cell of a row may be what a submission is marked with; the student's own name is in the column `student`, or else in
the first of those that the exports of GitHub Classroom, Classroom 50, Canvas, Gradescope and Moodle have.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UsageError, why
from grader.text import text

_LARGEST = 16 << 20  # bytes
# what names a student, best first; and where a number is a platform's own, which elsewhere may be a mark or a room
_NAMES = (
    "student", "estudiante", "alumno", "identifier", "full name", "nombre completo", "name", "nombre", "sid", "sis login id",
    "username", "github_username", "usuario", "email", "correo", "id",
)  # fmt: skip
_NUMBERS = ("id", "sid", "identifier", "identificador", "sis user id", "idnumber", "student id", "student", "username", "uniqueid")
_PARTS = (
    ("first_name", "last_name"), ("first name", "last name"), ("first name", "surname"), ("nombre", "apellidos"),
    ("nombre", "apellido(s)"),
)  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """A class list.

    Attributes:
        students: in the order of the list.
    """

    students: tuple[str, ...] = ()
    _aliases: dict[str, str] = field(default_factory=dict)

    def student(self, keys: Sequence[str]) -> str | None:
        """Who is known by the first of `keys` that anybody is known by."""
        return next((self._aliases[same] for key in keys if (same := _same(key)) in self._aliases), None)


def load(path: Path) -> Roster:
    """The list in a CSV file, its columns separated by commas, semicolons or tabs. Raises UsageError."""
    rows = _rows(path)
    if not rows:
        raise UsageError(text("roster_unreadable", path=path, reason="empty"))
    header = [cell.strip().lower() for cell in rows[0]]
    named = next((header.index(name) for name in _NAMES if name in header), None)
    if named is None:
        raise UsageError(text("roster_no_name", path=path, names=", ".join(rows[0])[:200]))
    owners: dict[str, set[str]] = {}
    students: dict[str, None] = {}
    for line, row in enumerate(rows[1:], 2):
        cells = [cell.strip() for cell in row] + [""] * (len(header) - len(row))
        if not (name := cells[named]) or "points possible" in name.lower():  # Canvas's second row
            continue
        if name in students:
            raise UsageError(text("roster_twice", path=path, line=line, name=name))
        students[name] = None
        for alias in _aliases(dict(zip(header, cells, strict=False)), name):
            owners.setdefault(alias, set()).add(name)
    return Roster(tuple(students), {alias: next(iter(names)) for alias, names in owners.items() if len(names) == 1})


def _rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(text("roster_unreadable", path=path, reason=f"> {_LARGEST >> 20} MiB"))
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(text("unreadable", path=path, reason=why(error))) from error
    try:
        words = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = raw.decode("cp1252", "replace")  # as a Spanish Excel saves it
    head = words.split("\n", 1)[0]
    try:
        rows = list(csv.reader(io.StringIO(words, newline=""), delimiter=max(",;\t", key=head.count)))
    except csv.Error as error:
        raise UsageError(text("roster_unreadable", path=path, reason=error)) from error
    return [row for row in rows if any(cell.strip() for cell in row)]


def _aliases(row: dict[str, str], name: str) -> set[str]:
    """All that may stand for the student of one row."""
    found = {_same(name)}
    for column, cell in row.items():
        number = re.fullmatch(r"(?:\w+ )?(\d+)", cell)  # "Participant 12" is number 12
        if not number:
            found |= {_same(cell), _same(" ".join(reversed(cell.split(",", 1))))}  # "Beltrán, Ana"
        elif column in _NUMBERS:
            found.add(number[1])
    for first, last in _PARTS:
        if row.get(first) and row.get(last):
            found |= {_same(row[first] + row[last]), _same(row[last] + row[first])}
    return found - {""}


def _same(key: str) -> str:
    """What is left of a name when platforms have dropped its accents, spaces and capitals."""
    letters = unicodedata.normalize("NFKD", key).casefold()
    return "".join(c for c in letters if c.isalnum())


_SUBMISSION = re.compile(r"^submission_(\d+):\s*$")
_FIELD = re.compile(r"^ +(- )? *:?(name|sid|email): +(.+?) *$")


def submitters(raw: bytes) -> dict[str, list[tuple[str, ...]]]:
    """Who handed in each of Gradescope's submissions: number -> for each student what they are known by, the surest first.

    `submission_metadata.yml` also holds what earlier graders printed, of any size: its few lines that matter are picked out.
    """
    found: dict[str, list[dict[str, str]]] = {}
    number, inside = "", False
    for line in raw.decode("utf-8", "replace").splitlines():
        if match := _SUBMISSION.match(line):
            number, inside = match[1], False
        elif number and re.match(r"^  ?:?submitters:", line):
            inside = number not in found  # a student's text must not name other students
            found.setdefault(number, [])
        elif inside and (match := _FIELD.match(line)):
            if match[1]:
                found[number].append({})
            if found[number]:
                found[number][-1][match[2]] = _unquoted(match[3])
        elif not line.startswith(("   ", "  -")):
            inside = False
    known = {number: [tuple(filter(None, map(who.get, ("sid", "email", "name")))) for who in people] for number, people in found.items()}
    return {number: [keys for keys in people if keys] for number, people in known.items()}


def _unquoted(scalar: str) -> str:
    """A YAML scalar of one line."""
    if scalar[:1] == scalar[-1:] == "'":
        return scalar[1:-1].replace("''", "'")
    if scalar[:1] == scalar[-1:] == '"':
        return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), scalar[1:-1]).replace('\\"', '"')
    return "" if scalar in ("null", "~") else scalar
