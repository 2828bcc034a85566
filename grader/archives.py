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
from grader.sandbox.limits import Limits
from grader.sandbox.starting import Program, Starter, starter
from grader.sandbox.student import Clock, Remote, Student, WorkerSession
from grader.sandbox.supervisor import Worker
from grader.submission import READ
from grader.submission import SUFFIXES as WORK
from grader.text import Text, text

MAX_FILE = 2 << 20  # bytes of one member that is read; a large honest module has 50 KB
MAX_INNER = 48 << 20  # of an archive inside an archive, which has to fit into one answer
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
FOREIGN = (".rar", ".7z")  # what cannot be read here

_LISTING = 16 << 20  # bytes of JSON
_LIMITS = Limits(memory=256 << 20, cpu_s=300)
_LONGEST = 500  # characters of a member's path
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
        whole_class: whether it holds the work of many.
    """

    members: int
    unpacked: int
    clock: Clock
    whole_class: bool = False


ONE = Bounds(5_000, 512 << 20, Clock(10.0, 30.0))  # a virtual environment has 2000 files, a data set 100 MB; 512 MB take 2 s
EXPORT = Bounds(100_000, 64 << 30, Clock(60.0, 900.0), whole_class=True)


class Refused(Exception):
    """An archive, or a member, is not read.

    Args:
        why: for its owner, with the way out.
        condemns: whether a member for which this is so condemns its whole archive.
    """

    def __init__(self, why: Text, *, condemns: bool = True) -> None:
        super().__init__(why.key)
        self.why, self.condemns = why, condemns


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
        self._zygote: Starter | None = None
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
            self._zygote = self._zygote or starter(("numpy",), skip=self._skip)
            with _explained(), Worker(self._zygote, program, _LIMITS, 10.0, another=True) as worker:
                inside = Student(WorkerSession(worker, bounds.clock))
                yield Archive(inside.Archive(held.read, held.size, held.read(0, _BLOCK), bounds.unpacked), bounds)


class Archive:
    """An open archive.

    Args:
        remote: the worker's own Archive.
        bounds: what it may hold.

    Attributes:
        members: the files, judged; what is hidden or an operating system's own is left out.
        skipped: paths of members that are left out and might be missed, with why.

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
        self.members, self.skipped = judged(listed, bounds)

    def content(self, member: Member, most: int = MAX_FILE) -> bytes:
        """A member's bytes. Raises Refused."""
        if member.size > most:
            raise Refused(_too_large(most))
        problem, raw = _answer(self._remote.content(member.number, most))
        if problem:
            raise Refused(_too_large(most) if problem == "large" else _why(problem, ONE))
        return raw


def judged(listed: Sequence[Listed], bounds: Bounds) -> tuple[list[Member], list[tuple[tuple[str, ...], Text]]]:
    """The members that may be read, and the paths of those that are left out, with why. Raises Refused.

    A member that nobody honest makes condemns one student's archive; of a whole class's only that member is left out.
    """
    members: dict[str, Member | None] = {}  # by the name that systems blind to case and accents' forms give them
    skipped: list[tuple[tuple[str, ...], Text]] = []
    for number, entry in enumerate(listed):
        try:
            if member := _member(number, entry):
                _add(member, members)
        except Refused as refused:
            if refused.condemns and not bounds.whole_class:
                raise
            skipped.append((_harmless(entry.name), refused.why))
    found = [member for member in members.values() if member]
    if sum(max(member.size, 0) for member in found) > bounds.unpacked:
        raise Refused(text("archive_bomb"))
    if skipped and not found and bounds.whole_class:
        raise Refused(skipped[0][1])
    return found, skipped


def _member(number: int, entry: Listed) -> Member | None:
    """A member that may be read, None for what nobody misses. Raises Refused."""
    parts = _parts(entry.name)
    if entry.kind == "special":
        raise Refused(text("archive_device", name=shown(entry.name)))
    if entry.kind == "folder" or not parts or ignored(parts):
        return None
    if entry.kind == "link":
        raise Refused(text("archive_link"), condemns=False)
    if entry.kind == "encrypted":
        raise Refused(text("archive_encrypted"))
    if len(entry.name) > _LONGEST:
        raise Refused(text("archive_long_name"), condemns=False)
    return Member(number, parts, entry.size)


def _add(member: Member, members: dict[str, Member | None]) -> None:
    """Add a member; of two modules of one name neither stays. Raises Refused."""
    is_work = member.parts[-1].lower().endswith(WORK)
    same = unicodedata.normalize("NFC", "/".join(member.parts)).casefold() if is_work else f"\0{member.number}"
    if same in members:
        other, members[same] = members[same] or member, None
        raise Refused(text("archive_collision", name=shown("/".join(member.parts)), other=shown("/".join(other.parts))))
    members[same] = member


def _harmless(name: str) -> tuple[str, ...]:
    """What of a member's path tells whose it is, whatever it was meant to do."""
    parts = [part for part in name[:_LONGEST].replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return tuple(parts) or ("?",)


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
        if self._fd < 0:
            return np.frombuffer(self._held[offset : offset + size], "u1")
        os.lseek(self._fd, offset, os.SEEK_SET)  # nobody else reads here
        return np.frombuffer(os.read(self._fd, size), "u1")

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)


def _opened(path: Path) -> int:
    if not stat.S_ISREG(path.lstat().st_mode):  # before any open: opening a FIFO would wait for ever
        raise Refused(text("file_is_special", name=shown(path.name)))
    return os.open(path, READ)
