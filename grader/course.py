"""A course on disk: `course.yaml`, and for each assignment its `assignment.yaml`, checks and, for instructors, reference.

Everything is validated when it is loaded, unknown keys are refused, and an error names the file, the place and the way out.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from grader import manifest
from grader.checks import CheckFunction, checks_in, needs_of
from grader.errors import UsageError, why
from grader.files import AssignmentFile, CheckFile, CourseFile, Extensions, MistakeFile, read
from grader.policy import Rules
from grader.text import Text, text

TOTAL = 100  # points of an assignment


@dataclass(frozen=True)
class Check:
    """A check with its words and its function."""

    name: str
    file: CheckFile
    function: CheckFunction

    @property
    def needs(self) -> tuple[str, ...]:
        return needs_of(self.function)


@dataclass(frozen=True)
class Assignment:
    """One exercise.

    Attributes:
        folder: what students get.
        reference: what they never get, or None in a student's copy.
    """

    id: str
    folder: Path
    reference: Path | None

    @cached_property
    def file(self) -> AssignmentFile:
        """assignment.yaml, validated."""
        path = self.folder / "assignment.yaml"
        file = read(path, AssignmentFile)
        total = sum(check.points for check in file.checks.values())
        if total != TOTAL:
            raise UsageError(text("points_do_not_add_up", path=path, total=total, expected=TOTAL))
        return file

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks that can run here, public ones first, in the order of assignment.yaml."""
        functions: dict[str, CheckFunction] = {}
        for visibility, path in (("public", self.folder / "checks.py"), ("hidden", self.hidden_checks)):
            if path is None:
                continue
            found = checks_in(_load(path, f"course.{self.id}.{'checks' if visibility == 'public' else 'hidden'}"))
            declared = {name for name, check in self.file.checks.items() if check.visibility == visibility}
            if wrong := declared ^ found.keys():
                raise UsageError(text("checks_disagree", path=path, yaml=self.folder / "assignment.yaml", names=", ".join(sorted(wrong))))
            functions |= found
        return tuple(
            Check(name, file, functions[name])
            for wanted in ("public", "hidden")
            for name, file in self.file.checks.items()
            if file.visibility == wanted and name in functions
        )

    @property
    def hidden_checks(self) -> Path | None:
        """The file of the hidden checks, for instructors."""
        return self.reference / "checks.py" if self.reference else None

    @cached_property
    def mistakes(self) -> Mapping[str, MistakeFile]:
        """The bank of known mistakes, by name; empty in a student's copy."""
        if self.reference is None:
            return {}
        path = self.reference / "mistakes.yaml"
        mistakes = read(path, dict[str, MistakeFile])
        for name, mistake in mistakes.items():
            if mistake.check not in self.file.checks:
                raise UsageError(text("mistake_names_no_check", path=path, mistake=name, check=mistake.check))
        return mistakes

    @property
    def recorded(self) -> Path:
        """The reference's answers to the public checks."""
        return self.folder / "recorded.json"

    @property
    def handed_out(self) -> tuple[Path, Path]:
        """The files that a student works in, as a module and as a notebook."""
        return self.folder / f"{self.id}.py", self.folder / f"{self.id}.ipynb"

    @cached_property
    def _untouched(self) -> frozenset[str]:
        """Fingerprints of what was handed out: by the release that this copy is, or by the one that could be made now."""
        if released := manifest.load(self.folder.parents[1]):
            names = (path.relative_to(self.folder.parents[1]).as_posix() for path in self.handed_out)
            return frozenset(released.files[name] for name in names if name in released.files)
        return frozenset(manifest.fingerprint(path.read_bytes()) for path in self.handed_out if path.is_file())

    def untouched(self, path: Path) -> bool:
        """Whether a student's file is still as it was handed out. Raises OSError."""
        return self.handed_out_as(path.read_bytes())

    def handed_out_as(self, content: bytes) -> bool:
        """Whether these bytes are those of a file as it was handed out."""
        return manifest.fingerprint(content) in self._untouched

    @cached_property
    def digest(self) -> str:
        """Changes when anything changes that a mark depends on."""
        files = [self.folder / "assignment.yaml", self.folder / "checks.py"]
        if self.reference:
            files += [*sorted(self.reference.rglob("*.py")), self.reference / "mistakes.yaml"]
        return digest(path.read_bytes() for path in files if path.exists())


@dataclass(frozen=True)
class Course:
    """A folder with `assignments/` and, for instructors, `reference/`."""

    folder: Path
    file: CourseFile

    @staticmethod
    def load(folder: Path) -> Course:
        """The course in `folder`. Raises UsageError."""
        path = folder / "assignments" / "course.yaml"
        if not path.is_file():
            raise UsageError(text("no_course", path=folder))
        course = Course(folder, read(path, CourseFile))
        if unknown := sorted(course.file.deadlines.keys() - set(course.file.assignments)):
            raise UsageError(text("deadline_of_nothing", path=path, place="deadlines", name=unknown[0]))
        for name in course.file.assignments:
            if not (folder / "assignments" / name / "assignment.yaml").is_file():
                raise UsageError(text("assignment_without_folder", path=path, name=name))
        return course

    @staticmethod
    def find(start: Path) -> Course:
        """The course that `start` lies in. Raises UsageError."""
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / "assignments" / "course.yaml").is_file():
                return Course.load(folder)
        raise UsageError(text("no_course", path=start))

    @cached_property
    def extensions(self) -> Extensions:
        """Deadlines of single students; empty in a student's copy."""
        path = self.folder / "reference" / "extensions.yaml"
        found = read(path, Extensions) if path.is_file() else {}
        for student, own in found.items():
            if unknown := sorted(own.keys() - set(self.file.assignments)):
                raise UsageError(text("deadline_of_nothing", path=path, place=student, name=unknown[0]))
        return found

    def rules(self, student: str, assignment: str) -> Rules:
        """What counts for a student: the deadline of the course or their own, and the course's policy. Raises UsageError."""
        deadline = self.extensions.get(student, {}).get(assignment) or self.file.deadlines.get(assignment)
        return Rules(deadline, self.file.late, self.file.attempts)

    @cached_property
    def assignments(self) -> dict[str, Assignment]:
        """By id, in the order of course.yaml."""
        return {name: self._assignment(name) for name in self.file.assignments}

    def unknown(self, name: str) -> Text:
        """What to say of a name that no assignment has."""
        close = difflib.get_close_matches(name, self.assignments, n=1) or list(self.assignments)[:1]
        return text("unknown_assignment", name=name, close=close[0])

    def _assignment(self, name: str) -> Assignment:
        reference = self.folder / "reference" / name
        return Assignment(name, self.folder / "assignments" / name, reference if reference.is_dir() else None)


def digest(parts: Any) -> str:
    """A short fingerprint of some bytes, 16 hexadecimal digits."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(len(part).to_bytes(8, "little") + part)
    return sha.hexdigest()[:16]


def _load(path: Path, name: str) -> ModuleType:
    """Run an author's checks file as a module of the virtual package `course.<assignment>`.

    So that hidden checks can say `from .checks import problem` though the two files live in different folders.
    """
    package = name.rpartition(".")[0]
    for parent in (package.partition(".")[0], package):
        module = sys.modules.setdefault(parent, ModuleType(parent))
        module.__path__ = []
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UsageError(text("unreadable", path=path, reason=why(errno.ENOENT)))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(text("broken_checks", path=path, reason=f"{type(error).__name__}: {error}")) from error
    return module
