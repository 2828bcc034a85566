"""A student's repository: which of its files are solutions, and which are still the stubs that it began with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import notebook
from grader.course import Assignment, Course
from grader.errors import UsageError
from grader.submission import SUFFIXES, Submission
from grader.text import text

_NOT_THEIRS = {"reference", "site-packages", "node_modules", "venv", "env"}  # folders that never hold what a student hands in


@dataclass(frozen=True)
class Found:
    """What a repository holds.

    Attributes:
        begun: one file per assignment, in the order of the course.
        untouched: assignments whose file is still the stub.
    """

    begun: list[Submission]
    untouched: list[str]


def find(root: Path, course: Course, wanted: Sequence[str], student: str) -> Found:
    """The submissions in `root`. Raises UsageError if it holds no file of any assignment.

    Args:
        wanted: the assignments to grade, even where their file is missing or untouched; all that are begun if empty.
    """
    if not root.is_dir():
        raise UsageError(text("ci_no_folder", path=root))
    student = student or root.resolve().name
    files = _by_assignment(root, wanted or list(course.assignments))
    if wanted:
        best = {name: _best(course.assignments[name], files.get(name, [])) or root / f"{name}.py" for name in wanted}
        return Found([Submission(student, name, path) for name, path in best.items()], [])
    if not files:
        raise UsageError(text("ci_nothing", path=root, names=", ".join(f"{name}.py" for name in list(course.assignments)[:3])))
    begun, untouched = [], []
    for name, paths in files.items():
        path = _best(course.assignments[name], paths)
        if path is None or is_stub(course.assignments[name], path):
            untouched.append(name)
        else:
            begun.append(Submission(student, name, path))
    return Found(begun, untouched)


def _by_assignment(root: Path, names: Sequence[str]) -> dict[str, list[Path]]:
    """The files named like each assignment, those nearest to the root first, a module before a notebook."""
    found = [path for path in _files(root) if path.suffix in SUFFIXES and path.stem in names]
    found.sort(key=lambda path: (len(path.parts), SUFFIXES.index(path.suffix), str(path)))
    grouped = {name: [path for path in found if path.stem == name] for name in names}
    return {name: paths for name, paths in grouped.items() if paths}


def _best(assignment: Assignment, paths: Sequence[Path]) -> Path | None:
    """The file that a student worked in: the first that is no stub any more."""
    return next((path for path in paths if not is_stub(assignment, path)), paths[0] if paths else None)


def is_stub(assignment: Assignment, path: Path) -> bool:
    """Whether a file is what the student was given.

    The course's stub tells it, unless the student works in the course's own folder. There module and notebook tell it: both
    are made of the same text, so as long as they agree, nobody has worked in either.
    """
    stub = assignment.folder / path.name
    try:
        if not stub.is_file() or path.lstat().st_size != stub.lstat().st_size or path.read_bytes() != stub.read_bytes():
            return False
        return not path.samefile(stub) or notebook.in_step(assignment)
    except (OSError, SyntaxError, ValueError):
        return False


def _files(folder: Path) -> Iterator[Path]:
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")) and name not in _NOT_THEIRS)
        yield from (Path(path) / name for name in names)
