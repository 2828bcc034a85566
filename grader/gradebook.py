"""`OUT/gradebook.db`: every report, one transaction each. What `grade` writes besides is made from it."""

from __future__ import annotations

import csv
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType

from grader.errors import UsageError
from grader.model import Report, from_json, to_json
from grader.text import text

_SCHEMA = """
CREATE TABLE IF NOT EXISTS report (
    student TEXT NOT NULL,
    assignment TEXT NOT NULL,
    key TEXT NOT NULL,          -- of submission, assignment, seed and grader: the same key, the same report
    json BLOB NOT NULL,
    PRIMARY KEY (student, assignment)
)
"""


class Gradebook:
    """The reports of one class.

    Args:
        folder: OUT; made if it does not exist.

    Raises:
        UsageError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            (folder / "results").mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(folder / "gradebook.db", isolation_level=None)
            self._db.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(text("cannot_write", path=folder, reason=error)) from error

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def store(self, report: Report, key: str) -> None:
        """Keep a report, replacing an older one of the same submission. Faults are kept without a key: they are done again."""
        row = (report.student, report.assignment, key if report.status != "fault" else "", to_json(report))
        self._db.execute("INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?)", row)
        self._write_result(report)

    def key(self, student: str, assignment: str) -> str | None:
        """The key under which the student's report is kept, None if there is none."""
        row = self._db.execute("SELECT key FROM report WHERE student = ? AND assignment = ?", (student, assignment)).fetchone()
        return str(row[0]) if row else None

    def reports(self) -> list[Report]:
        """Every report, by student and assignment."""
        with closing(self._db.execute("SELECT json FROM report ORDER BY student, assignment")) as rows:
            return [from_json(row[0]) for row in rows]

    def _write_result(self, report: Report) -> None:
        path = self.result_path(report)
        path.parent.mkdir(exist_ok=True)
        replace(path, to_json(report) + b"\n")

    def result_path(self, report: Report) -> Path:
        """Where a report is written as JSON."""
        return self.folder / "results" / report.student / f"{report.assignment}.json"

    def write_grades(self, assignments: Sequence[str]) -> Path:
        """Write grades.csv: student, one column per assignment (empty: not handed in, or our fault), total."""
        path = self.folder / "grades.csv"
        with tempfile.NamedTemporaryFile("w", dir=self.folder, newline="", encoding="utf-8", delete=False) as file:
            writer = csv.writer(file)
            writer.writerow(["student", *assignments, "total"])
            writer.writerows(_rows(self.reports(), assignments))
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
        return path


def _rows(reports: Iterable[Report], assignments: Sequence[str]) -> Iterable[list[str]]:
    scores: dict[str, dict[str, float | None]] = {}
    for report in reports:
        scores.setdefault(report.student, {})[report.assignment] = report.score
    for student, marks in sorted(scores.items()):
        cells = ["" if (score := marks.get(name)) is None else f"{score:g}" for name in assignments]
        yield [_harmless(student), *cells, f"{sum(marks.get(name) or 0.0 for name in assignments):g}"]


def _harmless(cell: str) -> str:
    """A name that a spreadsheet will not run as a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)
