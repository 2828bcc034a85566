"""A worker's own folder: filled before it starts, measured while it runs, removed when it is gone.

Student code may have made anything in it: folders 1500 deep (where recursion ends in a RecursionError), paths longer than
the kernel takes, folders that cannot be listed. So nothing here recurses, and nothing follows a link.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.errors import Fault

MAX_FILES = 2000


def fill(folder: Path, files: Mapping[str, bytes], owner: int | None) -> None:
    """Write `files` into `folder`, for the user `owner` if given. Raises Fault if a name is more than a file's name."""
    for name, content in files.items():
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise Fault(f"{name!r} is not the name of a file")
        (folder / name).write_bytes(content)
    if owner is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner, owner)


def size(folder: Path) -> int:
    """Bytes on disk beneath `folder`; too many files, and what cannot be looked into, count as infinite."""
    total = count = 0
    todo = [os.fspath(folder)]
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    count += 1
                    if count > MAX_FILES:
                        return sys.maxsize
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except FileNotFoundError:
            continue  # removed meanwhile
        except OSError:
            return sys.maxsize
    return total


def remove(folder: Path) -> None:
    """Remove `folder` and everything in it, as far as that can be done; raises nothing."""
    with contextlib.suppress(OSError):
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            while names := os.listdir(top):
                for name in names:
                    _remove(top, name)
        finally:
            os.close(top)
        os.rmdir(folder)


def _remove(top: int, name: str) -> None:
    """Remove one entry of the folder `top`; what it holds is moved up into `top` first, so depth costs no recursion."""
    try:
        os.unlink(name, dir_fd=top)
        return
    except IsADirectoryError:
        pass
    os.chmod(name, 0o700, dir_fd=top)  # it may have been made with mode 0
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for entry in os.listdir(inner):
            try:
                os.unlink(entry, dir_fd=inner)
            except IsADirectoryError:
                os.chmod(entry, 0o700, dir_fd=inner)  # or else it may not be moved
                os.rename(entry, secrets.token_hex(16), src_dir_fd=inner, dst_dir_fd=top)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)
