"""What a student handed in: which file counts, and its bytes, read without running or parsing them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from grader import manifest
from grader.course import Assignment, digest
from grader.errors import why
from grader.sandbox.supervisor import Program
from grader.text import Text, text

MAX_SOURCE = 2 << 20  # bytes; a large honest module has 50 KB
MAX_NOTEBOOK = 32 << 20  # bytes; a hundred figures, which Jupyter keeps in the notebook, take 10 MB
MAX_COMPANIONS = 50
SUFFIXES = (".py", ".ipynb")  # the first counts where a student has worked in both
READ: Final = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))  # each lacks on some system


@dataclass(frozen=True)
class Submission:
    """One student's file for one assignment."""

    student: str
    assignment: str
    path: Path
    ignored: tuple[str, ...] = ()  # other files of the same student for the same assignment
    files: Mapping[str, bytes] | None = None  # the file and those beside it, where they came in an archive
    notes: tuple[Text, ...] = ()  # what the student should know of how it arrived
    problem: Text | None = None  # why there is nothing to run


@dataclass(frozen=True)
class Unreadable:
    """Why a submission cannot be run, in words for the student."""

    problem: Text


def choose(candidates: Sequence[Submission], assignment: Assignment, released: Collection[str] = ()) -> Submission:
    """Which of a student's files counts: what they worked in, a module before a notebook, then the shortest path.

    `released` are fingerprints of what an earlier release handed out.
    """
    first, *others = in_order(candidates, assignment, released)
    begun = len(candidates) > 1 and not untouched(first, assignment, released)  # nobody works in a stub: no note on two of them
    return replace(first, ignored=tuple(other.path.name for other in others) if begun else ())


def in_order(
    candidates: Sequence[Submission],
    assignment: Assignment,
    released: Collection[str] = (),
    *,
    rank: Callable[[Submission], tuple[int, ...]] = lambda submission: (),
) -> list[Submission]:
    """The candidates that their student has worked in, the one that counts first: by `rank`, suffix and path.

    `released` are fingerprints of what an earlier release handed out.
    """
    suffixes = {suffix: number for number, suffix in enumerate(SUFFIXES)}
    own = [s for s in candidates if not untouched(s, assignment, released)] if len(candidates) > 1 else []
    return sorted(own or candidates, key=lambda s: (*rank(s), suffixes.get(s.path.suffix, 0), len(s.path.parts), str(s.path)))


def untouched(submission: Submission, assignment: Assignment, released: Collection[str]) -> bool:
    """Whether a file is as it was handed out, by this course or by the release whose fingerprints are given."""
    content = content_of(submission)
    return isinstance(content, bytes) and (assignment.handed_out_as(content) or manifest.fingerprint(content) in released)


def content_of(submission: Submission) -> bytes | Unreadable:
    """The bytes of the submission's own file."""
    if submission.problem is not None:
        return Unreadable(submission.problem)
    if submission.files is not None:
        return submission.files[submission.path.name]
    try:
        return _content(submission.path, most_of(submission.path.name))
    except FileNotFoundError:
        return Unreadable(text("file_missing", name=submission.path.name))
    except OSError as error:
        return Unreadable(text("file_unreadable", reason=why(error)))


def read(submission: Submission) -> Program | Unreadable:
    """The submission's bytes and those of the files beside it, which it may import or open."""
    content = content_of(submission)
    if isinstance(content, Unreadable):
        return content
    files = submission.files or {submission.path.name: content, **_companions(submission.path)}
    return Program(submission.assignment, submission.path.name, files)


def most_of(name: str) -> int:
    """How many bytes a file of this name may have."""
    return MAX_NOTEBOOK if name.lower().endswith(".ipynb") else MAX_SOURCE


def _content(path: Path, most: int) -> bytes | Unreadable:
    status = path.lstat()  # before any open: opening a FIFO would wait for ever
    if stat.S_ISDIR(status.st_mode):
        return Unreadable(text("file_is_folder", name=path.name))
    if not stat.S_ISREG(status.st_mode):
        return Unreadable(text("file_is_special", name=path.name))
    if status.st_size > most:
        key = "notebook_too_large" if most == MAX_NOTEBOOK else "file_too_large"
        return Unreadable(text(key, mebibytes=status.st_size / (1 << 20), limit=most >> 20))
    fd = os.open(path, READ)
    with open(fd, "rb") as file:
        return file.read(most)


def _companions(path: Path) -> dict[str, bytes]:
    """The other plain files of the same folder, while they are few and small."""
    found: dict[str, bytes] = {}
    total = 0
    for entry in sorted(path.parent.iterdir())[: 4 * MAX_COMPANIONS]:
        if entry == path or entry.name.startswith(".") or len(found) == MAX_COMPANIONS:
            continue
        try:
            content = _content(entry, MAX_SOURCE)
        except OSError:
            continue
        if isinstance(content, bytes) and total + len(content) <= MAX_SOURCE:
            found[entry.name] = content
            total += len(content)
    return found


def fingerprint(content: Program | Unreadable) -> str:
    """Changes when what the student handed in changes."""
    if isinstance(content, Unreadable):
        return digest([content.problem.say("en").encode("utf-8", "surrogateescape")])
    return digest(part for name, raw in sorted(content.files.items()) for part in (name.encode("utf-8", "surrogateescape"), raw))


def held(submission: Submission, content: Program | Unreadable) -> Submission:
    """The submission with what has been read of it: it can be graded where its path does not lead anywhere."""
    if isinstance(content, Unreadable):
        return replace(submission, problem=content.problem)
    return replace(submission, files=content.files)
