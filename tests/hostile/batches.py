"""Grades the cases of a group as one class, in shuffled order among honest students, and sees what is left behind."""

from __future__ import annotations

import ctypes
import hashlib
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader.model import Report, from_json, to_json
from tests.hostile.case import RIGHT, Hostile
from tests.hostile.course import ROOT

SEED = "of the hostile class"
_SENTINEL_EVERY = 10  # cases
_SUBREAPER = 36  # prctl(2)
_PARTS = re.compile(r"^(\d{3})_(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Batch:
    """What came of a class.

    Attributes:
        reports: by the id of the case.
        sentinels: the reports on honest work, as bytes without name, date and durations.
        code: the exit code of `grader grade`.
        said: what it printed.
        orphans: processes that were left.
        left: files that were left where none should be.
        touched: whether the class's or the course's files were changed, in content, mode or date.
        seconds: that it took.
    """

    reports: dict[str, Report]
    sentinels: list[bytes]
    code: int
    said: str
    orphans: list[int]
    left: list[str]
    touched: bool
    seconds: float


def grade(cases: Sequence[Hostile], course: Path, folder: Path, *, language: str, order: int) -> Batch:
    """Grade the cases, with an honest student first, last and after every ten of them."""
    names = _hand_in(cases, folder / "class", order)
    scratch, home = folder / "scratch", folder / "home"
    scratch.mkdir(), home.mkdir()
    for path in (folder, scratch):
        path.chmod(0o711)  # a worker's user has to get to its own folder
    before = [state(place) for place in (folder / "class", course)]
    started = time.monotonic()
    options = ["-o", folder / "out", "--course", course, "--seed", SEED, "--jobs", 2, "--lang", language]
    command = [sys.executable, "-m", "grader", "grade", folder / "class", *options]
    code, said, orphans = run(command, {"TMPDIR": str(scratch), "HOME": str(home)})
    seconds = time.monotonic() - started
    found = {_PARTS.match(path.parent.name)[1]: path for path in (folder / "out" / "results").glob("*/*.json")}  # type: ignore[index]
    reports = {names[place]: from_json(path.read_bytes()) for place, path in found.items()}
    return Batch(
        {name: report for name, report in reports.items() if not name.startswith("honest")},
        [anonymous(report) for name, report in sorted(reports.items()) if name.startswith("honest")],
        code,
        said,
        orphans,
        [str(path) for place in (scratch, home) for path in place.iterdir()],
        [state(place) for place in (folder / "class", course)] != before,
        seconds,
    )


def _hand_in(cases: Sequence[Hostile], folder: Path, order: int) -> dict[str, str]:
    """Make the class; by the number in front of each student's name, the id of the case. Students are graded in that order."""
    shuffled = random.Random(order).sample(list(cases), len(cases))
    honest = Hostile("honest", "an honest student", RIGHT, "passed")
    line: list[Hostile] = []
    for count, case in enumerate(shuffled):
        line += [honest, case] if count % _SENTINEL_EVERY == 0 else [case]
    names = {}
    for place, case in enumerate([*line, honest]):
        case.hand_in(folder / f"{place:03d}_{case.student or case.id}")
        names[f"{place:03d}"] = case.id if case is not honest else f"honest {place}"
    return names


def anonymous(report: Report) -> bytes:
    """The report without what is different for two students whose work is the same."""
    checks = [msgspec.structs.replace(check, duration_s=0.0) for check in report.checks]
    return to_json(msgspec.structs.replace(report, student="", started="", duration_s=0.0, checks=checks))


def run(command: Sequence[object], environment: dict[str, str], timeout: float = 300) -> tuple[int, str, list[int]]:
    """Exit code and output of a command, and the processes that it left: while it runs, orphans become our children."""
    libc = ctypes.CDLL(None)
    children = _children()
    libc.prctl(_SUBREAPER, 1)
    try:
        done = subprocess.run(
            [str(word) for word in command], cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=timeout, check=False,
        )  # fmt: skip
        left = [pid for pid in _children() - children if _alive(pid)]
    finally:
        libc.prctl(_SUBREAPER, 0)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"), left


def _children() -> set[int]:
    """The processes whose parent we are."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = entry.read_text().rpartition(")")[2].split()[1]
        except (OSError, IndexError):
            continue  # it has ended meanwhile
        if int(parent) == os.getpid():
            found.add(int(entry.parent.name))
    return found


def _alive(pid: int) -> bool:
    """Whether a process is there; one that has ended is buried, and gone a second later at most."""
    for _ in range(20):
        try:
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return False
        except ChildProcessError:
            return False
        time.sleep(0.05)
    return True


def state(folder: Path) -> str:
    """A text that changes when anything beneath `folder` does: content, mode, owner, date."""
    said = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if "__pycache__" in path.parts:
            continue  # of the course's own checks, which the grader imports
        status = path.lstat()
        said.update(
            repr((str(path), status.st_mode, status.st_uid, status.st_size, None if path.is_dir() else status.st_mtime_ns)).encode()
        )
    return said.hexdigest()
