"""A student's own folder: which file there is their work for which assignment."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from grader.course import Assignment, Course
from grader.errors import UsageError, why
from grader.submission import SUFFIXES, Submission, choose
from grader.text import text


def find(course: Course, target: str | None, here: Path) -> list[Submission]:
    """What to check: the file `target`, the assignment `target`, or all that has been begun here or else in the course.

    An assignment's file is looked for in `here` and then in the assignment's own folder. Raises UsageError.
    """
    if target is not None and target not in course.assignments:
        return [_named(course, Path(target))]
    if target is None:
        found = _all(_in(assignment, here) for assignment in course.assignments.values()) or begun(course)
    else:
        assignment = course.assignments[target]
        found = _all([_in(assignment, here) or _in(assignment, assignment.folder)])
    if not found:
        raise UsageError(text("nothing_to_check"))
    return found


def begun(course: Course) -> list[Submission]:
    """The files in the course's own folders that are no longer as they were handed out."""
    everywhere = _all(_in(assignment, assignment.folder) for assignment in course.assignments.values())
    return [found for found in everywhere if not course.assignments[found.assignment].untouched(found.path)]


def _all(found: Iterable[Submission | None]) -> list[Submission]:
    return [submission for submission in found if submission]


def _in(assignment: Assignment, folder: Path) -> Submission | None:
    """The student's file for one assignment in one folder."""
    paths = [path for suffix in SUFFIXES if (path := folder / f"{assignment.id}{suffix}").exists()]
    return choose([_submission(assignment, path) for path in paths], assignment) if paths else None


def _submission(assignment: Assignment, path: Path) -> Submission:
    folder = path.resolve().parent
    inside = folder == assignment.folder.resolve()
    return Submission((folder.parents[1] if inside else folder).name, assignment.id, path)


def _named(course: Course, path: Path) -> Submission:
    """The file that was asked for."""
    if path.stem not in course.assignments:
        raise UsageError(
            text("not_a_module", path=path, names=", ".join(list(course.assignments)[:3]))
            if path.exists() or path.suffix
            else course.unknown(str(path))
        )
    if not path.exists():
        raise UsageError(text("unreadable", path=path, reason=why(errno.ENOENT)))
    return _submission(course.assignments[path.stem], path)
