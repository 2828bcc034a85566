"""The trusted side of archives: what may be read of one, asked of a confined worker, and why one is refused.

An archive is never unpacked. A worker (`grader.sandbox.unpacking`) lists it and hands back the bytes of the few members that
are asked for, each under a limit; a member's name is looked at here and never used as a path. Each archive has a worker of
its own, so that a bomb costs its owner's submission and nobody else's.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import msgspec
import numpy as np

from grader.errors import LimitReached, StudentTrouble
from grader.sandbox import unpacking
from grader.sandbox.confine import Limits
from grader.sandbox.student import Clock, Remote, Student, WorkerSession
from grader.sandbox.supervisor import Program, Worker, Zygote
from grader.text import Text, text

MAX_FILE = 2 << 20  # bytes of one member that is read; a large honest module has 50 KB
MAX_INNER = 48 << 20  # of an archive inside an archive, which has to fit into one answer
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
FOREIGN = (".rar", ".7z")  # what cannot be read here

_LISTING = 16 << 20  # bytes of JSON
_LIMITS = Limits(memory=256 << 20, cpu_s=300)
_BLOCK = 1 << 20  # bytes handed to a worker at a time
_DRIVE = re.compile("^[A-Za-z]:")
_WHY = {
    "large": "archive_bomb", "many": "archive_many", "damaged": "archive_damaged", "method": "archive_method",
    "rar": "archive_foreign", "7z": "archive_foreign",
}  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """What an archive may hold.

    Attributes:
        members: files and folders.
        unpacked: bytes of all members together.
        clock: seconds that reading it may take.
    """

    members: int
    unpacked: int
    clock: Clock


ONE = Bounds(5_000, 512 << 20, Clock(10.0, 30.0))  # a virtual environment has 2000 files, a data set 100 MB; 512 MB take 2 s
EXPORT = Bounds(100_000, 64 << 30, Clock(60.0, 900.0))  # of a whole class


class Refused(Exception):
    """An archive, or a member, is not read; `why` is one sentence for its owner, with the way out."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.key)
        self.why = why


class Listed(msgspec.Struct, array_like=True, frozen=True):
    """A member as a worker reports it."""

    name: str
    size: int
    kind: Literal["file", "folder", "link", "special", "encrypted"]


@dataclass(frozen=True)
class Member:
    """A file in an archive: its number, its path as harmless parts, and the bytes that it claims to have."""

    number: int
    parts: tuple[str, ...]
    size: int


def is_archive(name: str) -> bool:
    """Whether a file's name is that of an archive that can be read."""
    return name.lower().endswith(SUFFIXES)


def is_packed(name: str) -> bool:
    """Whether a file's name is that of any archive."""
    return name.lower().endswith((*SUFFIXES, *FOREIGN))


def stem(name: str) -> str:
    """The name without the end that makes it an archive's."""
    end = max((suffix for suffix in (*SUFFIXES, *FOREIGN) if name.lower().endswith(suffix)), key=len, default="")
    return name[: len(name) - len(end)]


class Reader:
    """Opens archives, each in a worker of its own. Nothing is started before the first one."""

    def __init__(self, *, skip: Sequence[str] = ()) -> None:
        self._zygote: Zygote | None = None
        self._skip = skip

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None

    @contextmanager
    def open(self, source: Path | bytes, *, whole_class: bool = False) -> Iterator[Archive]:
        """The archive in a file or in memory, listed and judged. Raises Refused, OSError, Fault."""
        bounds = EXPORT if whole_class else ONE
        with closing(_Source(source)) as held:
            program = Program("unpacking", "unpacking.py", {"unpacking.py": Path(unpacking.__file__).read_bytes()})
            self._zygote = self._zygote or Zygote(("numpy",), skip=self._skip)
            with _explained(), Worker(self._zygote, program, _LIMITS, 10.0) as worker:
                inside = Student(WorkerSession(worker, bounds.clock))
                yield Archive(inside.Archive(held.read, held.size, bounds.unpacked), bounds)


class Archive:
    """An open archive.

    Args:
        remote: the worker's own Archive.
        bounds: what it may hold.

    Attributes:
        members: the files, judged; what is hidden or an operating system's own is left out.
        skipped: names of members that are left out and might be missed, with why.

    Raises:
        Refused: it cannot be read, or nobody honest could have made it.
    """

    def __init__(self, remote: Remote, bounds: Bounds) -> None:
        self._remote = remote
        problem, raw = _answer(remote.members(bounds.members))
        if problem:
            raise Refused(_why(problem, bounds))
        try:
            listed = msgspec.json.decode(raw[:_LISTING], type=list[Listed])
        except (msgspec.MsgspecError, ValueError, RecursionError):  # ValueError: bytes that are not UTF-8
            raise Refused(text("archive_damaged")) from None
        self.skipped: list[tuple[str, Text]] = []
        self.members = judged(listed, self.skipped, bounds)

    def content(self, member: Member, most: int = MAX_FILE) -> bytes:
        """A member's bytes. Raises Refused."""
        if member.size > most:
            raise Refused(_too_large(most))
        problem, raw = _answer(self._remote.content(member.number, most))
        if problem:
            raise Refused(_too_large(most) if problem == "large" else _why(problem, ONE))
        return raw


def judged(listed: Sequence[Listed], skipped: list[tuple[str, Text]], bounds: Bounds) -> list[Member]:
    """The members that may be read; what is only left out is added to `skipped`. Raises Refused."""
    members: list[Member] = []
    seen: dict[str, str] = {}
    for number, entry in enumerate(listed):
        parts = _parts(entry.name)
        if entry.kind == "special":
            raise Refused(text("archive_device", name=shown(entry.name)))
        if entry.kind == "folder" or not parts or ignored(parts):
            continue
        name = "/".join(parts)
        if entry.kind == "link":
            skipped.append((shown(name), text("archive_link")))
            continue
        if entry.kind == "encrypted":
            raise Refused(text("archive_encrypted"))
        same = unicodedata.normalize("NFC", name).casefold()
        if same in seen and parts[-1].lower().endswith((".py", ".ipynb")):
            raise Refused(text("archive_collision", name=shown(name), other=shown(seen[same])))
        seen[same] = name
        members.append(Member(number, parts, entry.size))
    if sum(max(member.size, 0) for member in members) > bounds.unpacked:
        raise Refused(text("archive_bomb"))
    return members


def ignored(parts: Sequence[str]) -> bool:
    """Whether a path is hidden or an operating system's own: .git, .DS_Store, __MACOSX, __pycache__."""
    return any(part.startswith((".", "__")) and part not in KEPT for part in parts)


KEPT = (".grader-release.json",)  # hidden, and still read: what a release handed out


def _parts(name: str) -> tuple[str, ...]:
    """A member's path, of which nothing leads out of the archive. Raises Refused."""
    slashed = name.replace("\\", "/")  # as some Windows programs write them
    if slashed.startswith("/") or _DRIVE.match(slashed):
        raise Refused(text("archive_absolute", name=shown(name)))
    parts = tuple(part for part in slashed.split("/") if part not in ("", "."))
    if ".." in parts:
        raise Refused(text("archive_traversal", name=shown(name)))
    return parts


def shown(name: str, most: int = 80) -> str:
    """A name from an archive or a disk, as a report may show it."""
    harmless = "".join(c if c.isprintable() and c != "`" else "\N{REPLACEMENT CHARACTER}" for c in name)
    return harmless if len(harmless) <= most else f"{harmless[: most - 1]}…"


def _why(problem: str, bounds: Bounds) -> Text:
    return text(_WHY.get(problem, "archive_damaged"), most=bounds.members)


def _too_large(most: int) -> Text:
    return text("member_too_large", limit=most >> 20)


def _answer(value: Any) -> tuple[str, bytes]:
    """What a worker says of an archive, whatever it really sent."""
    if type(value) is tuple and len(value) == 2 and type(value[0]) is str and isinstance(value[1], np.ndarray):
        return value[0], value[1].tobytes()
    return "damaged", b""


@contextmanager
def _explained() -> Iterator[None]:
    """A worker that an archive has ended, in words for its owner."""
    try:
        yield
    except LimitReached:
        raise Refused(text("archive_bomb")) from None
    except StudentTrouble:
        raise Refused(text("archive_damaged")) from None


class _Source:
    """An archive's bytes, for a worker that may ask for anything."""

    def __init__(self, source: Path | bytes) -> None:
        self._fd, self._held = (-1, source) if isinstance(source, bytes) else (_opened(source), b"")
        self.size = os.fstat(self._fd).st_size if self._fd >= 0 else len(self._held)

    def read(self, offset: object, size: object) -> Any:
        """Some bytes, as an array. Raises ValueError."""
        if type(offset) is not int or type(size) is not int or not 0 <= offset <= self.size or not 0 < size <= _BLOCK:
            raise ValueError("not a part of the archive")
        return np.frombuffer(os.pread(self._fd, size, offset) if self._fd >= 0 else self._held[offset : offset + size], "u1")

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)


def _opened(path: Path) -> int:
    if not stat.S_ISREG(path.lstat().st_mode):  # before any open: opening a FIFO would wait for ever
        raise Refused(text("file_is_special", name=shown(path.name)))
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
