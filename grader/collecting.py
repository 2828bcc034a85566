"""Every file of a class, on disk and in archives, each with the place where it stood; nobody has said yet whose it is."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from grader.archives import FOREIGN, KEPT, MAX_FILE, MAX_INNER, Archive, Member, Reader, Refused, ignored, is_archive, shown
from grader.errors import UsageError, why
from grader.layouts import METADATA
from grader.submission import MAX_COMPANIONS, SUFFIXES
from grader.text import Text, text

MAX_FOLDER: Final = 20_000  # files of one student's folder that are looked at
MAX_TAKEN: Final = 8 << 20  # bytes that are taken out of one student's archives
GRADED: Final = "gradebook.db"
_DEEPEST: Final = 2  # an archive in an archive, beneath what may be the whole class's
_INNER: Final = 3  # archives in one student's archive that are opened: each may take half a minute
_METADATA_BYTES: Final = 48 << 20
_NOT_WORK: Final = ("node_modules", "site-packages")


@dataclass(frozen=True)
class Item:
    """A file that somebody handed in.

    Attributes:
        parts: its path below the class's folder; what was in an archive stands below the archive's name.
        path: on disk, or of the archive and on inside it.
        held: its bytes, if it was in an archive and may be wanted, or why they were not read.
        archived: whether it was in an archive.
    """

    parts: tuple[str, ...]
    path: Path
    held: bytes | Text | None = None
    archived: bool = False

    @property
    def is_work(self) -> bool:
        """Whether its name is that of a module or a notebook."""
        return is_work(self.parts[-1])


@dataclass
class Found:
    """All that was found.

    Attributes:
        name: of the folder or archive.
        items: the files, also those that cannot be graded: somebody may have handed in nothing else.
        skips: what was not read, with why.
        folders: the names of the folders on top, empty ones too.
        repositories: those of them that git made.
    """

    name: str
    items: list[Item] = field(default_factory=list)
    skips: list[tuple[tuple[str, ...], Text]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    repositories: list[str] = field(default_factory=list)


def is_work(name: str) -> bool:
    """Whether a name is that of a module or a notebook."""
    return name.lower().endswith(SUFFIXES)


def collect(path: Path, reader: Reader) -> Found:
    """Everything in the folder, or the archive, at `path`. Raises UsageError, Fault."""
    collector = _Collector(reader, Found(path.name if path.is_dir() else path.name.partition(".")[0]))
    try:
        if path.is_dir():
            collector.folder(path)
        elif path.is_file() and is_archive(path.name):
            collector.export(path)
        else:
            raise UsageError(text("no_submissions_folder", path=path))
    except OSError as error:
        raise UsageError(text("unreadable", path=path, reason=why(error))) from error
    except Refused as refused:
        raise UsageError(text("skipped_item", name=path, why=refused.why)) from refused
    return collector.found


class _Collector:
    def __init__(self, reader: Reader, found: Found) -> None:
        self._reader, self.found = reader, found
        self._taken: Counter[str] = Counter()  # bytes, by the name on top

    def folder(self, top: Path) -> None:
        """The class's folder."""
        for entry in sorted(top.iterdir()):
            if ignored([entry.name]) or os.path.isfile(entry / GRADED):  # what an earlier run has written
                continue
            if entry.is_symlink() and entry.is_dir():
                self._skip((entry.name,), text("archive_link"))
            elif entry.is_dir() and not is_work(entry.name):
                self._student(entry)
            else:
                self._file((entry.name,), entry)

    def _student(self, folder: Path) -> None:
        """What is in one folder on top."""
        self.found.folders.append(folder.name)
        if any(os.path.exists(folder / git) for git in (".git", ".github")):
            self.found.repositories.append(folder.name)
        for count, path in enumerate(_files(folder)):
            if count == MAX_FOLDER:
                self._skip((folder.name,), text("too_many_files", name=shown(folder.name), most=MAX_FOLDER))
                break
            self._file((folder.name, *path.relative_to(folder).parts), path)

    def export(self, path: Path) -> None:
        """A whole class in one archive. Raises Refused, OSError."""
        with self._reader.open(path, whole_class=True) as archive:
            self._members(archive, (), path, 0)
        tops = {item.parts[0] for item in self.found.items if len(item.parts) > 1}
        self.found.folders = sorted(top for top in tops if not is_archive(top))

    def _file(self, parts: tuple[str, ...], path: Path) -> None:
        if is_archive(path.name) and os.path.isfile(path) and not path.is_symlink():
            self._archive(path, parts, path, 1)
        elif path.name.lower().endswith(FOREIGN):
            self._skip(parts, text("archive_foreign"))
        else:
            self.found.items.append(Item(parts, path))

    def _archive(self, source: Path | bytes, parts: tuple[str, ...], path: Path, level: int) -> None:
        """One student's archive: if it cannot be read, only they are told."""
        before = len(self.found.items)
        try:
            with self._reader.open(source) as archive:
                self._members(archive, parts, path, level)
        except Refused as refused:
            del self.found.items[before:]
            self._skip(parts, refused.why)
        except OSError as error:
            self._skip(parts, text("file_unreadable", reason=why(error)))

    def _members(self, archive: Archive, above: tuple[str, ...], path: Path, level: int) -> None:
        self.found.skips += [((*above, *parts), why) for parts, why in archive.skipped]
        wanted = {member.number for member in _wanted(archive.members)}
        inner = 0
        for member in archive.members:  # in their order: a compressed tar is read once
            parts, place = (*above, *member.parts), path.joinpath(*member.parts)
            if is_archive(member.parts[-1]):
                inner += 1
                self._inner(archive, member, parts, place, level, inner)
            elif member.parts[-1].lower().endswith(FOREIGN):
                self._skip(parts, text("archive_foreign"))
            else:
                held = self._taken_out(archive, member, parts, level) if member.number in wanted else None
                self.found.items.append(Item(parts, place, held, archived=True))

    def _inner(self, archive: Archive, member: Member, parts: tuple[str, ...], path: Path, level: int, count: int) -> None:
        """An archive in an archive."""
        if level >= _DEEPEST or (level and count > _INNER):
            self._skip(parts, text("archive_nested"))
            return
        try:
            content = archive.content(member, MAX_INNER)
        except Refused as refused:
            self._skip(parts, refused.why)
            return
        self._archive(content, parts, path, level + 1)

    def _taken_out(self, archive: Archive, member: Member, parts: tuple[str, ...], level: int) -> bytes | Text:
        """A member's bytes, or why there are none. A damaged one condemns a student's archive: raises Refused."""
        metadata = level == 0 and member.parts[-1] == METADATA
        most = _METADATA_BYTES if metadata else MAX_TAKEN if member.parts[-1].lower().endswith(".ipynb") else MAX_FILE
        if member.size <= most and self._taken[parts[0]] + member.size > MAX_TAKEN and not metadata:
            return text("too_much_handed_in", limit=MAX_TAKEN >> 20)
        try:
            content = archive.content(member, most)
        except Refused as refused:
            if level and refused.why.key != "member_too_large":
                raise
            return refused.why
        self._taken[parts[0]] += len(content)
        return content

    def _skip(self, parts: tuple[str, ...], why: Text) -> None:
        self.found.skips.append((parts, why))


def _wanted(members: Sequence[Member]) -> Iterator[Member]:
    """The members whose bytes are read: modules, notebooks, and what lies beside them, which they may open."""
    beside = {member.parts[:-1] for member in members if is_work(member.parts[-1])}
    companions: Counter[tuple[str, ...]] = Counter()
    for member in members:
        if is_work(member.parts[-1]) or member.parts[-1] in (*KEPT, METADATA):
            yield member
        elif member.parts[:-1] in beside and member.size <= MAX_FILE and companions[member.parts[:-1]] < MAX_COMPANIONS:
            companions[member.parts[:-1]] += 1
            yield member


def _files(folder: Path) -> Iterator[Path]:
    """The files beneath a folder, and folders that are named like a module; links are not followed."""
    todo = [folder]
    while todo:
        entries = _entries(todo.pop())
        for entry in entries:
            path = Path(entry.path)
            if ignored([entry.name]) or entry.name in _NOT_WORK:
                continue
            if entry.is_dir(follow_symlinks=False) and not is_work(entry.name):
                if not os.path.exists(path / "pyvenv.cfg"):
                    todo.append(path)
            elif not entry.is_symlink() or is_work(entry.name):
                yield path


def _entries(folder: Path) -> Iterable[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:  # a folder that may not be listed, or is deeper than the system takes
        return []
