"""A new assignment: a small one that is whole and validates at once, for its author to replace piece by piece."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import yaml  # type: ignore[import-untyped]  # its marks say where in the file a list is

from grader import atomic, validation
from grader.course import Assignment, Course
from grader.errors import UsageError, why
from grader.text import text

_TEMPLATE = Path(__file__).parent / "template" / "assignment"
_ID, _SUFFIX = "@id@", ".template"  # what stands for the name; an ending that keeps tools from taking half a module for one
_LONGEST = 60
_TAKEN = {"checks", "conftest", "numpy", "torch", "matplotlib", "grader"}  # beside the standard library


def create(course: Course, name: str) -> list[Path]:
    """Write the assignment `name` into `course` and enter it in course.yaml; every file of it, course.yaml last.

    Raises:
        UsageError: the name will not do or is taken, or the folder cannot be written to. Nothing is left behind then.
        Fault: the answers of its reference cannot be recorded here.
    """
    _check_name(course, name)
    listed = course.folder / "assignments" / "course.yaml"
    entered = _entered(listed, name)
    assignment = Assignment(name, course.folder / "assignments" / name, course.folder / "reference" / name)
    assert assignment.reference is not None
    with _all_or_nothing(assignment.folder, assignment.reference):
        written = [*_written(_TEMPLATE / "assignments", assignment.folder, name)]
        written += [*_written(_TEMPLATE / "reference", assignment.reference, name)]
        written += validation.record(assignment)
        atomic.replace(listed, entered)
    return [*sorted(written), listed]


def _check_name(course: Course, name: str) -> None:
    """Raise UsageError unless `name` can be a module's, and is nobody's yet."""
    if not re.fullmatch(rf"[a-z][a-z0-9_]{{0,{_LONGEST - 1}}}", name) or keyword.iskeyword(name):
        raise UsageError(text("bad_name", name=name))
    if name in _TAKEN or name in sys.stdlib_module_names:
        raise UsageError(text("name_of_a_module", name=name))
    for place in (course.folder / "assignments" / name, course.folder / "reference" / name):
        if place.exists() or place.is_symlink():
            raise UsageError(text("name_taken", name=name, path=place))


def _entered(path: Path, name: str) -> str:
    """course.yaml with one more assignment, everything else in it left as it is. Raises UsageError where that is beyond us."""
    before = path.read_text(encoding="utf-8")
    node = next(value for key, value in yaml.compose(before, yaml.SafeLoader).value if key.value == "assignments")
    if node.flow_style:  # [a, b]
        end = node.end_mark.index - 1
        entry = f", {name}" if node.value else name
        after = before[:end].rstrip().removesuffix(",") + entry + before[end:]
    else:  # one a line
        lines = before.splitlines(keepends=True)
        last = node.value[-1].end_mark.line
        end = sum(map(len, lines[: last + 1]))
        after = before[:end].removesuffix("\n") + f"\n{' ' * node.start_mark.column}- {name}\n" + before[end:]
    if not _is_one_more(before, after, name):
        raise UsageError(text("cannot_enter", path=path, name=name))
    return after


def _is_one_more(before: str, after: str, name: str) -> bool:
    """Whether nothing in course.yaml has changed but that its list has `name` at its end."""
    try:
        old, new = msgspec.yaml.decode(before), msgspec.yaml.decode(after)
    except msgspec.MsgspecError:
        return False
    old["assignments"].append(name)
    return bool(old == new)


def _written(template: Path, folder: Path, name: str) -> Iterator[Path]:
    """Each file of the template, under its own name and with the assignment's in it."""
    for source in sorted(path for path in template.rglob("*") if path.is_file()):
        place = folder / source.relative_to(template).as_posix().removesuffix(_SUFFIX).replace(_ID, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(source.read_text(encoding="utf-8").replace(_ID, name), encoding="utf-8")
        yield place


@contextmanager
def _all_or_nothing(*folders: Path) -> Iterator[None]:
    """Make the folders for the block; whatever ends it early takes them away again. Raises UsageError where they cannot be."""
    made: list[Path] = []
    try:
        for folder in folders:
            folder.mkdir()
            made.append(folder)
        yield
    except BaseException as error:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise UsageError(text("cannot_write", path=error.filename or folders[0], reason=why(error))) from error
        raise
