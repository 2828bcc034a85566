"""What students handed in: find it in a folder, and read it without running or parsing it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader import manifest
from grader.course import Assignment, digest
from grader.errors import UsageError, why
from grader.sandbox.supervisor import Program
from grader.text import Text, text

MAX_SOURCE = 2 << 20  # bytes; a large honest module has 50 KB
MAX_COMPANIONS = 50
SUFFIXES = (".py", ".ipynb")  # the first counts where a student has worked in both


@dataclass(frozen=True)
class Submission:
    """One student's file for one assignment."""

    student: str
    assignment: str
    path: Path
    ignored: tuple[str, ...] = ()  # other files of the same student for the same assignment
    content: Program | Unreadable | None = None  # what has been read of it already


@dataclass(frozen=True)
class Unreadable:
    """Why a submission cannot be run, in words for the student."""

    problem: Text


def find(folder: Path, assignments: Mapping[str, Assignment]) -> list[Submission]:
    """The submissions in `folder`: one folder per student, files named like their assignment. Raises UsageError."""
    if not folder.is_dir():
        raise UsageError(text("no_submissions_folder", path=folder))
    found = [
        Submission(student.name, path.name.removesuffix(path.suffix), path)
        for student in sorted(folder.iterdir())
        if student.is_dir() and not student.name.startswith(".")
        for path in sorted(_files(student))
        if path.suffix in SUFFIXES and path.name.removesuffix(path.suffix) in assignments
    ]
    if not found:
        raise UsageError(text("no_submissions", path=folder, names=", ".join(sorted(assignments)[:4])))
    return _one_each(found, assignments, folder)


def _one_each(found: list[Submission], assignments: Mapping[str, Assignment], folder: Path) -> list[Submission]:
    """One submission per student and assignment."""
    groups: dict[tuple[str, str], list[Submission]] = {}
    for submission in found:
        groups.setdefault((submission.student, submission.assignment), []).append(submission)
    chosen = [choose(group, assignments[name], folder / student) for (student, name), group in groups.items()]
    return sorted(chosen, key=lambda s: (s.student, s.assignment))


def choose(candidates: Sequence[Submission], assignment: Assignment, copy: Path | None = None) -> Submission:
    """Which of a student's files counts: what they worked in, a module before a notebook, then the shortest path.

    The manifest in `copy`, the student's copy of the course, says what an earlier release handed out.
    """
    released = manifest.load(copy) if copy else None
    rank = {suffix: number for number, suffix in enumerate(SUFFIXES)}
    own = [s for s in candidates if not _untouched(s.path, assignment, released)] if len(candidates) > 1 else []
    first, *others = sorted(own or candidates, key=lambda s: (rank[s.path.suffix], len(s.path.parts), str(s.path)))
    return replace(first, ignored=tuple(other.path.name for other in others) if own else ())  # nobody works in a stub: no note on it


def _untouched(path: Path, assignment: Assignment, released: manifest.Manifest | None) -> bool:
    """Whether a file is as it was handed out."""
    try:
        if isinstance(_content(path), Unreadable):
            return False
        return assignment.untouched(path) or (released is not None and manifest.fingerprint(path.read_bytes()) in released.files.values())
    except OSError:
        return False


def _files(folder: Path) -> Iterator[Path]:
    """Everything in a student's folder that could be a submission, folders that are named like one included."""
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")):
            continue
        if entry.suffix not in SUFFIXES and entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        else:
            yield entry


def read(submission: Submission) -> Program | Unreadable:
    """The submission's bytes and those of the files beside it, which it may import or open."""
    if submission.content is not None:
        return submission.content
    try:
        content = _content(submission.path)
    except OSError as error:
        return Unreadable(text("file_unreadable", reason=why(error)))
    if isinstance(content, Unreadable):
        return content
    files = {submission.path.name: content, **_companions(submission.path)}
    return Program(submission.assignment, submission.path.name, files)


def _content(path: Path) -> bytes | Unreadable:
    status = path.lstat()  # before any open: opening a FIFO would wait for ever
    if stat.S_ISDIR(status.st_mode):
        return Unreadable(text("file_is_folder", name=path.name))
    if not stat.S_ISREG(status.st_mode):
        return Unreadable(text("file_is_special", name=path.name))
    if status.st_size > MAX_SOURCE:
        return Unreadable(text("file_too_large", mebibytes=status.st_size / (1 << 20), limit=MAX_SOURCE >> 20))
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(fd, "rb") as file:
        return file.read(MAX_SOURCE)


def _companions(path: Path) -> dict[str, bytes]:
    """The other plain files of the same folder, while they are few and small."""
    found: dict[str, bytes] = {}
    total = 0
    for entry in sorted(path.parent.iterdir())[: 4 * MAX_COMPANIONS]:
        if entry == path or entry.name.startswith(".") or len(found) == MAX_COMPANIONS:
            continue
        try:
            content = _content(entry)
        except OSError:
            continue
        if isinstance(content, bytes) and total + len(content) <= MAX_SOURCE:
            found[entry.name] = content
            total += len(content)
    return found


def fingerprint(content: Program | Unreadable) -> str:
    """Changes when what the student handed in changes."""
    if isinstance(content, Unreadable):
        return content.problem.key
    return digest(part for name, raw in sorted(content.files.items()) for part in (name.encode("utf-8", "surrogateescape"), raw))
