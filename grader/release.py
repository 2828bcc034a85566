"""The students' copy of a course: a repository template with everything that they need and nothing of `reference/`."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import grader
from grader import leaks, manifest, notebook, recording, validation, variants, wheel
from grader.course import Assignment, Course
from grader.errors import UsageError, why
from grader.text import LANGUAGES, text

_TEMPLATE = Path(__file__).parent / "template"
_AS_THEY_ARE = {  # file of the template -> its place in the copy
    "grader.yml": ".github/workflows/grader.yml",
    "devcontainer.json": ".devcontainer/devcontainer.json",
    "gitignore": ".gitignore",
    "pytest.ini": "pytest.ini",
}
_WHEELS = "wheels"

State = Literal["new", "changed", "same", "removed", "kept"]


@dataclass(frozen=True)
class Change:
    """What became of one file of the copy; `kept` is one that somebody has edited since the last release."""

    path: str
    state: State


def write(course: Course, folder: Path, *, secret: str = "", requirement: str | None = None, student: str = "") -> list[Change]:
    """Make the students' copy in `folder`, or bring a former one up to date. Nothing is written if anything is wrong.

    `secret`, the seed of the hidden checks, is made sure to be in no file. `requirement` is how pip installs the grader, a line
    of requirements.txt; None puts a wheel into the copy. `student` is whose numbers the public checks draw, where the course
    gives each student their own.

    Raises:
        UsageError: `folder` holds something else, the course is incomplete, or something hidden would be given away.
    """
    before = _former(course, folder)
    files = dict(_files(course, requirement, variants.seed_of(secret, student) if student else ""))
    if found := leaks.find(course, files, secret):
        first = found[0]
        raise UsageError(text("release_leaks", count=len(found), file=first.file, source=first.source, what=first.what))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        changes = [*_written(folder, files, before), *_removed(folder, files, before)]
        manifest.save(folder, manifest.Manifest(grader.__version__, {name: manifest.fingerprint(files[name]) for name in files}))
    except OSError as error:
        raise UsageError(text("cannot_write", path=folder, reason=why(error))) from error
    return changes


def _former(course: Course, folder: Path) -> Mapping[str, str]:
    """What a former release has put into `folder`: path -> fingerprint. Raises UsageError unless we may write there."""
    for part in ("assignments", "reference"):
        if folder.resolve().is_relative_to((course.folder / part).resolve()):
            raise UsageError(text("release_inside", path=folder, part=part))
    if folder.exists() and not folder.is_dir():
        raise UsageError(text("release_not_empty", path=folder))
    if former := manifest.load(folder):
        return former.files
    if folder.is_dir() and any(entry.name != ".git" for entry in folder.iterdir()):
        raise UsageError(text("release_not_empty", path=folder))
    return {}


def _files(course: Course, requirement: str | None, seed: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the copy but the manifest: path -> content."""
    yield "assignments/course.yaml", (course.folder / "assignments" / "course.yaml").read_bytes()
    for assignment in course.assignments.values():
        for path in _public(assignment):
            own = seed and path == assignment.recorded
            content = recording.encode(validation.recorded(assignment, seed)).encode() if own else path.read_bytes()
            yield path.relative_to(course.folder).as_posix(), content
    for name, place in _AS_THEY_ARE.items():
        yield place, (_TEMPLATE / name).read_bytes()
    for language in LANGUAGES:
        yield _readme(course, language), _filled(f"README.{language}.md", _words(course, language))
    if requirement is None:
        name, content = wheel.build()
        yield f"{_WHEELS}/{name}", content
        requirement = f"./{_WHEELS}/{name}"
    versions = {"torch": version("torch").partition("+")[0], "numpy": version("numpy")}
    yield "requirements.txt", _filled("requirements.txt", {**versions, "grader": requirement})


def _public(assignment: Assignment) -> list[Path]:
    """An assignment's files, data beside them included. Raises UsageError if one is missing or out of date."""
    if assignment.file.draft:
        raise UsageError(text("release_incomplete", problem=text("problem_draft", path=assignment.folder / "assignment.yaml")))
    wanted = [*assignment.handed_out, assignment.recorded, assignment.folder / "assignment.yaml", assignment.folder / "checks.py"]
    wanted += [assignment.folder / f"statement.{language}.md" for language in LANGUAGES]
    for path in wanted:
        if not path.is_file():
            raise UsageError(text("release_incomplete", problem=text("problem_missing_file", path=path)))
    if not notebook.in_step(assignment):
        problem = text("problem_notebook", path=notebook.path_of(assignment), assignment=assignment.id)
        raise UsageError(text("release_incomplete", problem=problem))
    public = {name for name, check in assignment.file.checks.items() if check.visibility == "public"}
    if recording.load(assignment.recorded).checks.keys() != public:
        raise UsageError(text("release_incomplete", problem=text("problem_recorded", assignment=assignment.id)))
    found = (path for path in assignment.folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not any(part.startswith((".", "__")) for part in path.relative_to(assignment.folder).parts))


def _readme(course: Course, language: str) -> str:
    """GitHub shows README.md: that one speaks the course's language."""
    return "README.md" if language == course.file.language else f"README.{language}.md"


def _words(course: Course, language: str) -> dict[str, str]:
    """What the README is filled with."""
    rows = [
        f"| [`{assignment.id}`](assignments/{assignment.id}/statement.{language}.md) | {assignment.file.title.say(language)} |"
        for assignment in course.assignments.values()
    ]
    head = f"| {text('word_assignment').say(language)} | |"
    return {
        "title": course.file.title.say(language), "first": next(iter(course.assignments)),
        "table": "\n".join([head, "| --- | --- |", *rows]),
        "english": _readme(course, "en"), "spanish": _readme(course, "es"),
    }  # fmt: skip


def _filled(name: str, words: Mapping[str, str]) -> bytes:
    return string.Template((_TEMPLATE / name).read_text(encoding="utf-8")).substitute(words).encode()


def _written(folder: Path, files: Mapping[str, bytes], before: Mapping[str, str]) -> Iterator[Change]:
    """Write each file that is not there yet, or that is there as the last release left it."""
    for name, content in files.items():
        path = folder / name
        there = _on_disk(path)
        if there == manifest.fingerprint(content):
            yield Change(name, "same")
        elif there is None or there == before.get(name):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            yield Change(name, "new" if there is None else "changed")
        else:
            yield Change(name, "kept")


def _removed(folder: Path, files: Mapping[str, bytes], before: Mapping[str, str]) -> Iterator[Change]:
    """Remove what the last release had and this one has not, unless somebody has edited it."""
    for name, fingerprint in before.items():
        path = folder / name
        if name in files or not path.resolve().is_relative_to(folder.resolve()) or (there := _on_disk(path)) is None:
            continue
        if there != fingerprint:
            yield Change(name, "kept")
            continue
        path.unlink()
        yield Change(name, "removed")


def _on_disk(path: Path) -> str | None:
    """The fingerprint of what is at `path`: None where nothing is, empty where it is no plain file."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return ""
    return manifest.fingerprint(path.read_bytes()) if path.exists() else None
