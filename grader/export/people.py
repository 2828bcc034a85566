"""Which row of somebody else's list is which of our students: by what is equal, never by what is similar."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.export import sheet
from grader.text import text

# What a class list calls its columns, by what they hold; lower case. GitHub's own number is not among them: no LMS knows it, and
# it could be somebody else's number there.
_ACCOUNTS = ("github_username", "github")
_LOGINS = (
    "student", "estudiante", "alumno", "folder", "carpeta", "sis login id", "login", "user", "usuario", "nombre de usuario", "username",
)  # fmt: skip
_NUMBERS = ("identifier", "identificador", "id", "sis user id", "idnumber", "id number", "número de id", "sid", "student id")
_EMAILS = ("email", "email address", "correo", "dirección de correo", "correo electrónico")
_NAMES = ("name", "nombre completo", "full name")
_FIRST = ("first_name", "first name", "nombre")
_LAST = ("last_name", "last name", "surname", "apellidos", "apellido(s)")


@dataclass(frozen=True)
class Person:
    """One row of a list.

    Attributes:
        accounts, logins, numbers, emails, names: what it says of the person, as it is written; each may be empty. Accounts are
            GitHub's, the last of the logins is what an LMS most likely calls them.
    """

    accounts: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def exact(self) -> frozenset[str]:
        """All that an LMS may know them by and nobody else, in small letters."""
        return frozenset(cell.strip().casefold() for cell in (*self.logins, *self.numbers, *self.emails))

    @property
    def known(self) -> frozenset[str]:
        """The same, and what GitHub knows them by: in an LMS that may be somebody else."""
        return self.exact | {cell.strip().casefold() for cell in self.accounts}

    @property
    def mailboxes(self) -> frozenset[str]:
        """What stands before the @ of the addresses, and logins."""
        addresses = (cell for cell in self.numbers if "@" in cell)
        return frozenset(cell.strip().casefold().partition("@")[0] for cell in (*self.logins, *self.emails, *addresses))

    @property
    def spelled(self) -> frozenset[str]:
        """The names, whatever their order ("Gil, Eva"), accents, spaces and capitals; an identifier may be one."""
        names = [cell for cell in (*self.names, *self.logins, *self.numbers) if not cell.strip().isdecimal()]
        turned = (" ".join(reversed(name.split(",", 1))) for name in names)
        return frozenset(_letters(name) for name in (*names, *turned)) - {""}


def person(header: Sequence[str], cells: Sequence[str]) -> Person:
    """What a row under this header says of somebody."""
    row = dict(zip((name.strip().casefold() for name in header), (cell.strip() for cell in cells), strict=False))

    def under(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(row[name] for name in names if row.get(name))

    accounts, logins = under(_ACCOUNTS), under(_LOGINS)
    if not accounts and "github_id" in row:  # Classroom 50: its user names are GitHub's
        accounts, logins = logins, ()
    first, last = under(_FIRST), under(_LAST)
    whole = (f"{first[0]} {last[0]}", f"{last[0]} {first[0]}") if first and last else ()
    return Person(accounts, logins, under(_NUMBERS), under(_EMAILS), (*under(_NAMES), *whole))


class Roster:
    """A class list: it joins what platforms call a student with what we call them.

    Args:
        people: its rows.
    """

    def __init__(self, people: Sequence[Person] = ()) -> None:
        self._people = people

    def of(self, student: str) -> Person:
        """What is known of one of our students: their row, and only where there is none, the name that we have for them.

        Two rows that fit, two of the same name say, are none: neither is surely this one.
        """
        key = student.strip().casefold()
        rows = [row for row in self._people if key in row.known] or [row for row in self._people if _letters(student) in row.spelled]
        return rows[0] if len(rows) == 1 else Person(logins=(student,))


def load(path: Path) -> Roster:
    """The class list in a CSV file: of GitHub Classroom, Classroom 50, an LMS, or your own. Raises UsageError."""
    table = sheet.read(path)
    people = [person(table.header, table.row(number)) for number in range(1, len(table))]
    if not any(row.exact or row.names for row in people):
        raise UsageError(text("export_no_roster", path=path, names=", ".join(table.header)[:200]))
    return Roster(people)


@dataclass(frozen=True)
class Matches:
    """Who is who.

    Attributes:
        students: row -> student.
        lost: students that no row is.
        unsure: students that more than one row may be, or that share a row.
    """

    students: dict[int, str]
    lost: list[str]
    unsure: list[str]


def match(students: Mapping[str, Person], rows: Mapping[int, Person]) -> Matches:
    """Match students with rows: first by logins, numbers and addresses, then by mailbox, then by name."""
    found: dict[int, str] = {}
    unsure: set[str] = set()
    closed: set[int] = set()
    for kind in ("exact", "mailboxes", "spelled"):
        free_rows = {number: getattr(row, kind) for number, row in rows.items() if number not in found and number not in closed}
        free = {name: getattr(who, kind) for name, who in students.items() if name not in found.values() and name not in unsure}
        pairs = _pairs(free, free_rows)
        names, numbers = Counter(name for name, _ in pairs), Counter(number for _, number in pairs)
        for name, number in pairs:
            if names[name] == 1 == numbers[number]:
                found[number] = name
            else:
                unsure.add(name)
                closed.add(number)
    matched = set(found.values())
    return Matches(found, sorted(students.keys() - matched - unsure), sorted(unsure))


def _pairs(students: Mapping[str, frozenset[str]], rows: Mapping[int, frozenset[str]]) -> list[tuple[str, int]]:
    """Every student with every row that has a key in common."""
    owners: dict[str, list[str]] = {}
    for name, keys in students.items():
        for key in keys - {""}:
            owners.setdefault(key, []).append(name)
    return sorted({(name, number) for number, keys in rows.items() for key in keys for name in owners.get(key, ())})


def _letters(name: str) -> str:
    """What is left of a name without accents, spaces, marks and capitals."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())
