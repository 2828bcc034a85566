"""What a worker may import and read: the standard library and the libraries of its assignment, never a project's root.

A virtual environment often lies inside a course's folder, so site-packages is never opened as a whole: each library's own
folders are, found from the metadata of what is installed.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import sysconfig
from functools import cache
from pathlib import Path

_DEVICES = ("/dev/null", "/dev/urandom", "/dev/zero", "/etc/localtime", "/usr/share/zoneinfo", "/sys/devices/system/cpu")
_NOT_STANDARD = {"site-packages", "dist-packages", "test", "idlelib", "lib2to3", "turtledemo", "ensurepip"}


def worker_path() -> list[str]:
    """`sys.path` of a worker: the standard library. Other libraries are loaded before, and find their own parts."""
    return [sysconfig.get_path("stdlib"), *(path for path in sys.path if path.endswith(("lib-dynload", "DLLs")))]


@cache
def readable(imports: tuple[str, ...]) -> tuple[str, ...]:
    """Every path that a worker of this profile may read, besides its own folder."""
    standard = {str(entry) for root in set(map(Path, worker_path())) for entry in root.iterdir() if entry.name not in _NOT_STANDARD}
    libraries = {folder for name in imports for folder in _folders(name)}
    shared = {f"{root}/{sysconfig.get_config_var('MULTIARCH')}" for root in ("/lib", "/usr/lib")}
    return tuple(sorted(path for path in {*standard, *libraries, *shared, *_DEVICES} if os.path.exists(path)))


def coarse(imports: tuple[str, ...]) -> tuple[str, ...]:
    """A few folders that hold all of `readable`: the worker narrows itself within what its zygote has left."""
    prefixes = {sys.base_prefix, sys.prefix, "/usr", "/lib", "/dev", "/sys/devices/system/cpu", "/etc/localtime"}
    outside = {path for path in readable(imports) if not any(path.startswith(f"{p}/") or path == p for p in prefixes)}
    return tuple(sorted(path for path in prefixes | outside if os.path.exists(path)))


def _folders(name: str) -> set[str]:
    """The folders and modules of the distribution that provides `name`, and of what it requires."""
    found: set[str] = set()
    todo = list(importlib.metadata.packages_distributions().get(name, [name]))
    seen: set[str] = set()
    while todo:
        distribution = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if distribution in seen:
            continue
        seen.add(distribution)
        try:
            metadata = importlib.metadata.distribution(distribution)
        except importlib.metadata.PackageNotFoundError:
            continue  # required elsewhere: another system, an extra
        found |= {str(metadata.locate_file(file.parts[0])) for file in metadata.files or [] if _is_code(file.parts)}
        todo += [re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in metadata.requires or [] if "extra ==" not in need]
    return found


def _is_code(parts: tuple[str, ...]) -> bool:
    return parts[0] not in ("..", "__pycache__") and not parts[0].endswith((".dist-info", ".pth"))


def unprivileged_uid(imports: tuple[str, ...] = ()) -> int | None:
    """The user that a root grader's workers become, or None where others cannot read the interpreter or a library."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    libraries = {folder for name in imports for folder in _folders(name)}
    places = {Path(path).resolve() for path in (sys.base_prefix, sys.prefix, *libraries) if os.path.isdir(path)}
    open_to_all = all(os.stat(folder).st_mode & 0o005 == 0o005 for place in places for folder in (place, *place.parents))
    return 64_242 if open_to_all else None
