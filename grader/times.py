"""When each submission was handed in: from a table that the teacher has, or from the files.

Never from a repository's own dates: those are its student's word.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import UsageError
from grader.submission import Submission
from grader.text import text

_COLUMNS = {"student", "assignment", "submitted"}


def times_in(path: Path) -> Callable[[Submission], datetime | None]:
    """A CSV file with the columns student, assignment and submitted (ISO 8601 with a time zone). Raises UsageError."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            if missing := _COLUMNS - set(rows.fieldnames or ()):
                raise UsageError(text("table_without", path=path, names=", ".join(sorted(missing))))
            found = {(row["student"], row["assignment"]): _moment(row["submitted"], path, rows.line_num) for row in rows}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(text("unreadable", path=path, reason=error)) from error
    return lambda submission: found.get((submission.student, submission.assignment))


def _moment(value: str, path: Path, line: int) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
    except (ValueError, AttributeError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(text("not_a_moment", path=path, line=line, value=value))
    return moment


def modified(submission: Submission) -> datetime | None:
    """When a submission's file was last changed, where that can be told."""
    try:
        return datetime.fromtimestamp(submission.path.lstat().st_mtime, UTC)
    except OSError:
        return None
