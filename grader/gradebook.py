"""`OUT/gradebook.db`: every attempt, what it counts and why, one transaction each. What `grade` writes besides is made from it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final

import msgspec

from grader import schema
from grader.atomic import replace
from grader.errors import Fault, UsageError, unwritable
from grader.model import Change, Mark, Report, Why, from_json, to_json
from grader.packed import pack
from grader.policy import Attempt, Rules, mark, notes
from grader.sandbox.supervisor import Program
from grader.text import text

RulesOf = Callable[[str, str], Rules]  # of a student and an assignment
_BUSY_S = 60.0
_ERRNO: Final = MappingProxyType({  # what the system has said to SQLite
    sqlite3.SQLITE_READONLY: errno.EROFS, sqlite3.SQLITE_IOERR: errno.EIO, sqlite3.SQLITE_FULL: errno.ENOSPC,
})  # fmt: skip


@dataclass(frozen=True)
class Handed:
    """What a student handed in for an assignment: the digest of its content and, where somebody knows, when."""

    student: str
    assignment: str
    digest: str
    submitted: datetime | None = None


@dataclass(frozen=True)
class Marked:
    """What one student's work on one assignment counts."""

    student: str
    assignment: str
    mark: Mark


class Gradebook:
    """The attempts and marks of one class.

    Args:
        folder: OUT; made if it does not exist.
        rules: what counts; by default the last attempt, never late.

    Attributes:
        db: the connection, for `grader.regrade`.

    Raises:
        UsageError: the folder is no place for results, or is of a later version.
        Fault: the machine does not let us write there.
    """

    def __init__(self, folder: Path, rules: RulesOf = lambda student, assignment: Rules()) -> None:
        self.folder, self.rules = folder, rules
        try:
            (folder / "results").mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(folder / "gradebook.db", timeout=_BUSY_S, isolation_level=None)
            self.db.execute("PRAGMA foreign_keys = ON")
            schema.migrate(self.db, folder / "gradebook.db")
        except (OSError, sqlite3.Error) as error:
            raise _unwritable(folder, error) from error

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, whole or not at all. Raises Fault where the disk is full or the folder cannot be written any more."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
        except (OSError, sqlite3.OperationalError) as error:
            raise _unwritable(self.folder, error) from error

    def store(self, report: Report, handed: Handed, key: str, program: Program | None = None) -> None:
        """Keep a report with what was handed in. A fault is kept without a key, so that it is done again.

        An attempt is a content: handed in twice, it is as old as the first time. The file is written before the transaction
        ends: whoever is killed in between grades this one again.
        """
        with self._writing():
            if program is not None:
                self.db.execute("INSERT OR IGNORE INTO program VALUES (?, ?)", (handed.digest, pack(program)))
            known = self._attempt(handed)
            attempt = self._keep(report, handed, key)
            self._settle(handed.student, handed.assignment, "handed_in" if known is None else "regraded", touched=attempt)

    def hand_in_again(self, handed: Handed) -> None:
        """A content that is known already, and was not the newest, is the newest now."""
        with self._writing():
            newest = "UPDATE attempt SET place = 1 + (SELECT max(place) FROM attempt) WHERE id = ?"
            self.db.execute(newest, (self._attempt(handed),))
            self._settle(handed.student, handed.assignment, "handed_in")

    def date(self, times: Iterable[tuple[str, str, datetime]]) -> None:
        """Note when the newest attempts of students and assignments were handed in; of two times the earlier one stays."""
        newest = "SELECT id FROM attempt WHERE student = ?2 AND assignment = ?3 ORDER BY place DESC LIMIT 1"
        query = f"UPDATE attempt SET submitted = min(ifnull(submitted, ?1), ?1) WHERE id = ({newest})"
        with self._writing():
            self.db.executemany(query, ((_told(when), student, assignment) for student, assignment, when in times))

    def _attempt(self, handed: Handed) -> int | None:
        row = self.db.execute(
            "SELECT id FROM attempt WHERE student = ? AND assignment = ? AND submission = ?",
            (handed.student, handed.assignment, handed.digest),
        ).fetchone()
        return int(row[0]) if row else None

    def _keep(self, report: Report, handed: Handed, key: str) -> int:
        kept = key if report.status != "fault" else ""
        when = _told(handed.submitted) if handed.submitted else None
        row = (handed.student, handed.assignment, handed.digest, when, kept, report.score, report.max_score, to_json(report))
        self.db.execute(
            "INSERT INTO attempt (student, assignment, submission, submitted, key, score, max_score, report, place)"
            " SELECT ?, ?, ?, ?, ?, ?, ?, ?, 1 + ifnull(max(place), 0) FROM attempt WHERE true"
            " ON CONFLICT (student, assignment, submission) DO UPDATE SET key = excluded.key, score = excluded.score,"
            " max_score = excluded.max_score, report = excluded.report,"
            " submitted = min(ifnull(submitted, excluded.submitted), ifnull(excluded.submitted, submitted))",
            row,
        )
        attempt = self._attempt(handed)
        assert attempt is not None
        self.db.execute("DELETE FROM outcome WHERE attempt = ?", (attempt,))
        self.db.executemany(
            "INSERT INTO outcome VALUES (?, ?, ?, ?, ?, ?)",
            [(attempt, check.name, check.outcome, check.points, check.max_points, check.diagnosis) for check in report.checks],
        )
        return attempt

    def _settle(self, student: str, assignment: str, why: Why, *, touched: int | None = None) -> bool:
        """Work out what counts, and write down what has changed, if anything has; `touched` is an attempt with a new report."""
        rows = self.db.execute(
            "SELECT id, score, submitted, max_score FROM attempt WHERE student = ? AND assignment = ? ORDER BY place", (student, assignment)
        ).fetchall()
        attempts = [Attempt(number, score, datetime.fromisoformat(when) if when else None) for number, score, when, _ in rows]
        chosen, found = mark(attempts, self.rules(student, assignment), self.adjustment(student, assignment), float(rows[-1][3]))
        before = self._current(student, assignment)
        if before == (chosen, found) and chosen != touched:
            return False
        self.db.execute("INSERT OR REPLACE INTO current VALUES (?, ?, ?, ?)", (student, assignment, chosen, msgspec.json.encode(found)))
        last = "SELECT value FROM history WHERE student = ? AND assignment = ? ORDER BY id DESC LIMIT 1"
        if self.db.execute(last, (student, assignment)).fetchone() != (found.value,):
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row = (student, assignment, now, found.value, why)
            self.db.execute("INSERT INTO history (student, assignment, at, value, why) VALUES (?, ?, ?, ?, ?)", row)
        self._write_result(student, assignment)
        return True

    def _current(self, student: str, assignment: str) -> tuple[int, Mark] | None:
        row = self.db.execute("SELECT attempt, mark FROM current WHERE student = ? AND assignment = ?", (student, assignment)).fetchone()
        return (int(row[0]), msgspec.json.decode(row[1], type=Mark)) if row else None

    def adjust(self, student: str, assignment: str, points: float, reason: str) -> Mark:
        """Add points to a mark, or take some away; the mark after it. Raises UsageError where there is no mark."""
        with self._writing():
            if self._current(student, assignment) is None:
                raise UsageError(text("nothing_to_adjust", student=student, assignment=assignment))
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row = (student, assignment, points, reason, now)
            self.db.execute("INSERT INTO adjustment (student, assignment, points, reason, made) VALUES (?, ?, ?, ?, ?)", row)
            self._settle(student, assignment, "adjusted")
            settled = self._current(student, assignment)
        assert settled is not None
        return settled[1]

    def adjustment(self, student: str, assignment: str) -> float:
        """The points of all adjustments together."""
        query = "SELECT total(points) FROM adjustment WHERE student = ? AND assignment = ?"
        return float(self.db.execute(query, (student, assignment)).fetchone()[0])

    def settle(self) -> set[str]:
        """Work out every mark again, after deadlines or the late policy may have changed. Returns the students that it changes."""
        with self._writing():
            marks = self.db.execute("SELECT DISTINCT student, assignment FROM attempt").fetchall()
            return {student for student, assignment in marks if self._settle(student, assignment, "policy")}

    def kept(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """For each student and assignment the digest and key of every attempt, the newest last."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        with closing(self.db.execute("SELECT student, assignment, submission, key FROM attempt ORDER BY place")) as rows:
            for student, assignment, digest, key in rows:
                found.setdefault((student, assignment), []).append((digest, key))
        return found

    def failed(self) -> set[tuple[str, str]]:
        """The students and assignments whose report does not give all the points."""
        query = "SELECT current.student, current.assignment FROM current JOIN attempt ON attempt.id = attempt"
        with closing(self.db.execute(f"{query} WHERE score IS NULL OR score < max_score")) as rows:
            return set(rows)

    def marks(self) -> Iterator[Marked]:
        """What counts, by student and assignment."""
        with closing(self.db.execute("SELECT student, assignment, mark FROM current ORDER BY student, assignment")) as rows:
            for student, assignment, raw in rows:
                yield Marked(student, assignment, msgspec.json.decode(raw, type=Mark))

    def mistakes(self) -> list[tuple[str, str, int]]:
        """The known mistakes in what counts: assignment, name, and how many students make it, the most frequent first."""
        query = "SELECT assignment, mistake, count(DISTINCT student) AS made FROM current JOIN outcome USING (attempt)"
        with closing(self.db.execute(f"{query} WHERE mistake IS NOT NULL GROUP BY 1, 2 ORDER BY made DESC, 1, 2")) as rows:
            return [(assignment, name, made) for assignment, name, made in rows]

    def reports(self) -> Generator[Report]:
        """What counts of everybody, by student and assignment, with its mark."""
        return self._reports("")

    def report(self, student: str, assignment: str) -> Report:
        """What counts of one student. Raises KeyError."""
        for found in self._reports("WHERE current.student = ? AND current.assignment = ?", student, assignment):
            return found
        raise KeyError((student, assignment))

    def _reports(self, where: str, *values: str) -> Generator[Report]:
        rows_of = f"SELECT report, mark FROM current JOIN attempt ON attempt.id = attempt {where}"
        query = f"{rows_of} ORDER BY current.student, current.assignment"
        with closing(self.db.execute(query, values)) as rows:
            for raw, counted in rows:
                report, found = from_json(raw), msgspec.json.decode(counted, type=Mark)
                told = [note.say(report.language) for note in notes(found)]
                yield msgspec.structs.replace(report, mark=found, notes=[*report.notes, *told])

    def history(self) -> list[Change]:
        """Every value that a mark has had, oldest first."""
        with closing(self.db.execute("SELECT student, assignment, at, value, why FROM history ORDER BY id")) as rows:
            return [Change(*row) for row in rows]

    def result_path(self, report: Report) -> Path:
        """Where a report is written as JSON."""
        return self.folder / "results" / report.student / f"{report.assignment}.json"

    def _write_result(self, student: str, assignment: str) -> None:
        report = self.report(student, assignment)
        path = self.result_path(report)
        path.parent.mkdir(exist_ok=True)
        replace(path, to_json(report).decode() + "\n")


def _unwritable(folder: Path, error: OSError | sqlite3.Error) -> UsageError | Fault:
    if isinstance(error, OSError):
        return unwritable(folder, error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says which of our calls it was
    if code in _ERRNO:
        return unwritable(folder, OSError(_ERRNO[code], ""))
    return UsageError(text("cannot_write", path=folder, reason=error))


def _told(moment: datetime) -> str:
    """A moment as it is kept: two of them are compared as texts."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
