"""The untrusted side of an archive: runs in a worker like a student's module, and only ever reads.

Its text is what the worker loads, so it imports the standard library and numpy and nothing of ours. It asks the grader for
the archive's bytes and answers with names and contents: nothing is unpacked to a disk, and no name is ever used as a path.
An archive that ends this process, fills its memory or never ends has hurt nobody but itself.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

_BLOCK = 1 << 18  # bytes asked for at a time
_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError, KeyError, IndexError,
    OverflowError, AttributeError, TypeError,
)  # fmt: skip
_OTHERS = ((b"Rar!", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"))
_COMPRESSED: tuple[tuple[bytes, Callable[..., Any]], ...] = (
    (b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open),
)  # fmt: skip


class TooLarge(Exception):
    """More comes out of the archive than is allowed."""


class _Asked(io.RawIOBase):
    """The archive's bytes, asked of the grader block by block beyond those that came at once."""

    def __init__(self, read: Callable[[int, int], Any], size: int, head: bytes) -> None:
        self._read, self._size, self._head, self._at = read, size, head, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        size = max(0, min(len(buffer), _BLOCK, self._size - self._at))
        if size and self._at + size <= len(self._head):
            buffer[:size] = self._head[self._at : self._at + size]
        elif size:
            buffer[:size] = self._read(self._at, size).tobytes()
        self._at += size
        return size


class _Bounded(io.RawIOBase):
    """A decompressed stream that ends in TooLarge after `most` bytes."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._most = stream, most
        self.last = b""  # what was read last

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return int(self._stream.tell())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset > self._most:
            raise TooLarge
        return int(self._stream.seek(offset))

    def read(self, size: int = -1) -> bytes:
        if size < 0 or self._stream.tell() + size > self._most:
            raise TooLarge
        self.last = bytes(self._stream.read(size))
        return self.last


class Archive:
    """A zip, or a tar with or without compression.

    Args:
        read: gives the bytes (offset, size) of the file, as an array.
        size: of the file.
        head: its first bytes, often all.
        most: bytes that a compressed tar may unpack to.
    """

    def __init__(self, read: Callable[[int, int], Any], size: int, head: Any, most: int) -> None:
        self._file = io.BufferedReader(_Asked(read, size, head.tobytes()), _BLOCK)
        self._most = most
        self._inside: _Zip | _Tar | None = None

    def members(self, most: int) -> tuple[str, Any]:
        """What is wrong (empty: nothing), and the members as JSON: [name, size, kind] each, in the order of `content`."""
        try:
            self._inside, problem = self._opened()
            listed = self._inside.members(most) if self._inside else []
        except TooLarge:
            return "large", _array(b"")
        except NotImplementedError:
            return "method", _array(b"")
        except _DAMAGED:
            return "damaged", _array(b"")
        if len(listed) > most:
            return "many", _array(b"")
        return problem, _array(json.dumps([(_utf8(name), size, kind) for name, size, kind in listed]).encode())

    def content(self, number: int, most: int) -> tuple[str, Any]:
        """What is wrong (empty: nothing), and the bytes of member `number`: those of a long member not all."""
        assert self._inside is not None
        try:
            with self._inside.open(number) as stream:
                content = stream.read(most + 1)
        except TooLarge:
            return "large", _array(b"")
        except (NotImplementedError, RuntimeError):
            return "method", _array(b"")
        except _DAMAGED:
            return "damaged", _array(b"")
        return ("large", _array(b"")) if len(content) > most else ("", _array(content))

    def _opened(self) -> tuple[_Zip | _Tar | None, str]:
        head = self._file.read(16)
        self._file.seek(0)
        for magic, name in _OTHERS:
            if head.startswith(magic):
                return None, name
        for magic, decompressed in _COMPRESSED:
            if head.startswith(magic):
                return _Tar(_Bounded(decompressed(self._file), self._most)), ""
        if zipfile.is_zipfile(self._file):
            return _Zip(self._file), ""
        self._file.seek(0)
        return _Tar(_Bounded(self._file, self._most)), ""


class _Zip:
    def __init__(self, file: Any) -> None:
        self._zip = zipfile.ZipFile(file)

    def members(self, most: int) -> list[tuple[str, int, str]]:
        return [(_name(info), info.file_size, _kind(info)) for info in self._zip.infolist()[: most + 1]]

    def open(self, number: int) -> Any:
        return self._zip.open(self._zip.infolist()[number])


class _Tar:
    def __init__(self, file: _Bounded) -> None:
        self._file = file
        self._tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115
        self._members: list[tarfile.TarInfo] = []

    def members(self, most: int) -> list[tuple[str, int, str]]:
        for info in self._tar:
            self._members.append(info)
            if len(self._members) > most:
                break
        else:
            if self._file.last != bytes(tarfile.BLOCKSIZE):  # tarfile takes a damaged header for the end
                raise tarfile.ReadError
        return [(info.name, info.size, _tar_kind(info)) for info in self._members]

    def open(self, number: int) -> Any:
        stream = self._tar.extractfile(self._members[number])
        if stream is None:
            raise tarfile.TarError
        return stream


def _kind(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "link"
    if info.is_dir():
        return "folder"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "special"
    return "encrypted" if info.flag_bits & 1 else "file"


def _tar_kind(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "link"
    return "folder" if info.isdir() else "file" if info.isreg() else "special"


def _name(info: zipfile.ZipInfo) -> str:
    """A name that its maker wrote as UTF-8 without saying so: zipfile has read it as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _utf8(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def _array(content: bytes) -> Any:
    return np.frombuffer(content, "u1")
