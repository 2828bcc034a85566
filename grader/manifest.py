"""What a release handed out: each file's fingerprint, kept in the students' copy.

It tells a file that nobody has worked in from one that holds somebody's work: the first may be replaced by an update, and
does not count where a student's notebook stands beside the stub that came with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

NAME = ".grader-release.json"
_LARGEST = 1 << 20  # bytes; a course of 17 assignments needs 12 KB


class Manifest(msgspec.Struct, frozen=True):
    """The files of one release.

    Attributes:
        grader: the version that made it.
        files: path inside the copy, with slashes -> fingerprint.
    """

    grader: str
    files: Mapping[str, str]
    version: int = 1


def fingerprint(content: bytes) -> str:
    """The same for the same text, whatever its line ends: git may have changed them on the way."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]


def load(folder: Path) -> Manifest | None:
    """The manifest in `folder`; None where there is none that can be read: students may have changed it."""
    path = folder / NAME
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            return None
        return decode(path.read_bytes())
    except OSError:
        return None


def decode(raw: bytes) -> Manifest | None:
    """A manifest's bytes, None for other ones."""
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # ValueError: bytes that are not UTF-8
        return None


def save(folder: Path, manifest: Manifest) -> None:
    """Write the manifest. Raises OSError."""
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
