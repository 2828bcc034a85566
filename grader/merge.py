"""Several gradebooks of one class, graded in parts or on several machines, put together into one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.text import text

_COPY: Final = (
    "INSERT OR IGNORE INTO program SELECT * FROM part.program",
    """
    INSERT OR IGNORE INTO attempt (student, assignment, submission, place, submitted, key, score, max_score, report)
    SELECT student, assignment, submission, place + (SELECT ifnull(max(place), 0) FROM main.attempt), submitted, key, score, max_score,
        report FROM part.attempt ORDER BY place
    """,
    """
    INSERT OR IGNORE INTO outcome
    SELECT own.id, name, outcome, points, outcome.max_points, mistake FROM part.outcome
    JOIN part.attempt AS theirs ON theirs.id = attempt JOIN main.attempt AS own USING (student, assignment, submission)
    WHERE own.report = theirs.report
    """,
    """
    INSERT INTO adjustment (student, assignment, points, reason, made)
    SELECT student, assignment, points, reason, made FROM part.adjustment AS theirs WHERE NOT EXISTS (
        SELECT 1 FROM main.adjustment AS own WHERE own.student = theirs.student AND own.assignment = theirs.assignment
        AND own.points = theirs.points AND own.reason = theirs.reason AND own.made = theirs.made
    ) ORDER BY id
    """,
    """
    INSERT INTO history (student, assignment, at, value, why)
    SELECT student, assignment, at, value, why FROM part.history AS theirs WHERE NOT EXISTS (
        SELECT 1 FROM main.history AS own WHERE own.student = theirs.student AND own.assignment = theirs.assignment
        AND own.at = theirs.at AND own.value IS theirs.value AND own.why = theirs.why
    ) ORDER BY id
    """,
)


def merge(book: Gradebook, parts: Sequence[Path]) -> set[str]:
    """Copy what the gradebooks in `parts` hold into `book`, where it does not have it yet.

    Returns:
        The students whose marks are new.

    Raises:
        UsageError: a part holds no gradebook, or one that cannot be read.
    """
    for part in parts:
        path = part / "gradebook.db"
        if not path.is_file():
            raise UsageError(text("no_gradebook", path=part))
        Gradebook(part).__exit__(None, None, None)  # of an older version? Now it is not
        try:
            book.db.execute("ATTACH ? AS part", (str(path),))
            try:
                book.db.execute("BEGIN IMMEDIATE")
                for statement in _COPY:
                    book.db.execute(statement)
                book.db.execute("COMMIT")
            finally:
                if book.db.in_transaction:
                    book.db.execute("ROLLBACK")
                book.db.execute("DETACH part")
        except sqlite3.Error as error:
            raise UsageError(text("unreadable", path=path, reason=error)) from error
    return book.settle()
