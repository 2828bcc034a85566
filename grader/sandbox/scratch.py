"""A worker's own folder: filled before it starts, measured while it runs, removed when it is gone.

Student code may have made anything in it: folders 1500 deep (where recursion ends in a RecursionError), paths longer than
the kernel takes, folders that cannot be listed. So nothing here recurses, and nothing follows a link.

What a worker deletes while it holds it open is not measured: at most 1 GB (60 descriptors, 16 MB each), gone when it ends.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
MAX_FILES = 2000
MAX_DEPTH = 30  # to look into 1500 folders, each in the one before, would take 0.3 s every 20 ms


def fill(folder: Path, files: Mapping[str, bytes], owner: int | None) -> None:
    """Write `files` into `folder`, for the user `owner` if given. Raises OSError, ValueError for more than a file's name."""
    for name, content in files.items():
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise ValueError(f"{name!r} is not the name of a file")
        (folder / name).write_bytes(content)
    if owner is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner, owner)


def size(folder: Path) -> int:
    """Bytes on disk beneath `folder`; too many files, too deep, and what cannot be looked into count as infinite."""
    total = count = 0
    todo = [(os.fspath(folder), 0)]
    while todo:
        path, depth = todo.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    count += 1
                    if count > MAX_FILES or depth > MAX_DEPTH:
                        return sys.maxsize
                    if entry.is_dir(follow_symlinks=False):
                        todo.append((entry.path, depth + 1))
                    else:
                        total += _on_disk(entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            continue  # removed meanwhile
        except OSError:
            return sys.maxsize
    return total


def _on_disk(status: os.stat_result) -> int:
    return status.st_blocks * 512 if hasattr(status, "st_blocks") else status.st_size  # Windows counts no blocks


def remove(folder: Path) -> None:
    """Remove `folder` and everything in it, as far as that can be done; raises nothing."""
    if platform.system() != "Linux":  # elsewhere unlinking a folder is another error, and Windows opens none
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        here = os.open(folder, _FOLDER)
        way: list[tuple[str, tuple[int, int]]] = []  # from `folder` down to `here`: names, and whose parent each one has
        try:
            while (name := _clear(here)) or way:
                here = _down(here, name, way) if name else _up(here, way)
        finally:
            os.close(here)
        os.rmdir(folder)


def _clear(here: int) -> str | None:
    """Remove the files in the folder `here`; the name of a folder that is in the way, if there is one."""
    for name in os.listdir(here):
        try:
            os.unlink(name, dir_fd=here)
        except IsADirectoryError:
            return name
    return None


def _down(here: int, name: str, way: list[tuple[str, tuple[int, int]]]) -> int:
    os.chmod(name, 0o700, dir_fd=here)  # it may have been made with mode 0
    inner = os.open(name, _FOLDER, dir_fd=here)
    way.append((name, _identity(here)))
    os.close(here)
    return inner


def _up(here: int, way: list[tuple[str, tuple[int, int]]]) -> int:
    parent = os.open("..", _FOLDER, dir_fd=here)
    name, identity = way.pop()
    try:
        if _identity(parent) != identity:
            raise OSError("moved while it was being removed")  # what is above it now is not ours to clear
        os.rmdir(name, dir_fd=parent)
    except OSError:
        os.close(parent)
        raise
    os.close(here)
    return parent


def _identity(folder: int) -> tuple[int, int]:
    status = os.fstat(folder)
    return status.st_dev, status.st_ino
