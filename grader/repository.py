"""A student's repository: which of its files are solutions, and which are still as they were handed out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import manifest
from grader.course import Course
from grader.errors import UsageError
from grader.submission import SUFFIXES, Submission, choose, untouched
from grader.text import text

_NOT_THEIRS = {"reference", "site-packages", "node_modules", "venv", "env"}  # folders that never hold what a student hands in


@dataclass(frozen=True)
class Found:
    """What a repository holds.

    Attributes:
        begun: one file for each assignment that has been begun, in the order of the course.
        untouched: assignments whose file is still as it was handed out.
    """

    begun: list[Submission]
    untouched: list[str]


def find(root: Path, course: Course, wanted: Sequence[str], student: str) -> Found:
    """The submissions in `root`. Raises UsageError if it holds no file of any assignment.

    Those of `wanted` are graded even where their file is missing or untouched; all that have been begun, if it is empty. The
    reports name `student`, or else the folder.
    """
    if not root.is_dir():
        raise UsageError(text("ci_no_folder", path=root))
    student = student or root.resolve().name
    names = list(wanted or course.assignments)
    released = _released(root)
    chosen = {
        name: choose([Submission(student, name, path) for path in paths], course.assignments[name], released)
        for name, paths in _by_assignment(root, names).items()
    }
    if wanted:
        return Found([chosen.get(name) or Submission(student, name, root / f"{name}.py") for name in wanted], [])
    if not chosen:
        raise UsageError(text("ci_nothing", path=root, names=", ".join(f"{name}.py" for name in names[:3])))
    fresh = [name for name, submission in chosen.items() if _is_fresh(submission, course, root)]
    return Found([submission for name, submission in chosen.items() if name not in fresh], fresh)


def _by_assignment(root: Path, names: Sequence[str]) -> dict[str, list[Path]]:
    """The files named like each assignment, in the order of the course."""
    found = [path for path in _files(root) if path.suffix in SUFFIXES and path.stem in names]
    grouped = {name: [path for path in found if path.stem == name] for name in names}
    return {name: paths for name, paths in grouped.items() if paths}


def _is_fresh(submission: Submission, course: Course, root: Path) -> bool:
    """Whether a file is as it was handed out.

    In a copy that no release has made, the student's file is itself all that there is to compare it with: it counts as begun.
    """
    assignment = course.assignments[submission.assignment]
    own = submission.path.resolve().parent == assignment.folder.resolve()
    if own and assignment.reference is None and manifest.load(course.folder) is None:
        return False
    return untouched(submission, assignment, _released(root))


def _released(root: Path) -> Collection[str]:
    """Fingerprints of what the release that a repository began with handed out."""
    found = manifest.load(root)
    return found.files.values() if found else ()


def _files(folder: Path) -> Iterator[Path]:
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")) and name not in _NOT_THEIRS)
        yield from (Path(path) / name for name in sorted(names))
