"""The students' copy: complete, installable, free of everything hidden, and careful with work that is already there."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader import batch, leaks, manifest, release, validation
from grader.course import Course
from grader.errors import UsageError
from tests import tiny_course
from tests.tiny_course import RIGHT

ROOT = Path(__file__).parents[1]
URL = "backprop-grader @ git+https://example.org/grader"


@pytest.fixture
def course(tmp_path):
    course = Course.load(tiny_course.build(tmp_path / "course"))
    validation.record(course.assignments["square"])
    return course


@pytest.fixture
def released(course, tmp_path):
    """Releases into the same folder; what became of each file that is not as it was."""

    def again(**options) -> dict[str, str]:
        changes = release.write(Course.load(course.folder), tmp_path / "copy", requirement=URL, **options)
        return {change.path: change.state for change in changes if change.state != "same"}

    again()
    return again


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The copy of this repository's course."""
    course, folder = Course.load(ROOT), tmp_path_factory.mktemp("release") / "copy"
    release.write(course, folder, secret=batch.known_secret(course))
    return course, folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a copy, those inside its wheel included."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name in [name for name in files if name.endswith(".whl")]:
        with zipfile.ZipFile(io.BytesIO(files.pop(name))) as wheel:
            files |= {f"{name}/{member}": wheel.read(member) for member in wheel.namelist()}
    return files


def test_nothing_hidden_is_in_the_copy(whole):
    course, folder = whole
    files = contents(folder)
    assert len([name for name in files if name.endswith("recorded.json")]) == len(course.assignments)
    assert any("backprop_grader" in name and name.endswith("grader/cli/__init__.py") for name in files)
    assert leaks.find(course, files, batch.known_secret(course) or "no secret yet") == []


def test_recordings_hold_public_checks_only(whole):
    course, folder = whole
    for assignment in course.assignments.values():
        recorded = json.loads((folder / "assignments" / assignment.id / "recorded.json").read_bytes())["checks"]
        assert {assignment.file.checks[name].visibility for name in recorded} == {"public"}


PLANTED = {
    "a line of a reference in a stub": ("assignments/neuron/neuron.py", "reference/neuron/neuron.py"),
    "a mistake in a notebook": ("assignments/neuron/neuron.ipynb", "reference/neuron/mistakes/tanh_for_sigmoid.py"),
    "a variant in a statement": ("assignments/layers/statement.en.md", "reference/layers/variants/bias_as_a_column.py"),
    "a hidden check among the public ones": ("assignments/neuron/checks.py", "reference/neuron/checks.py"),
    "a reference in a wheel": ("wheels/x.whl/grader/course.py", "reference/bptt_2_rnn/bptt_2_rnn.py"),
    "the words of a mistake": ("README.md", "reference/neuron/mistakes.yaml"),
    "another assignment's reference in recorded.json": ("assignments/neuron/recorded.json", "reference/layers/layers.py"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_search_finds_what_is_planted(whole, what):
    """Positive control: what an author might leave behind, laid out differently or inside JSON."""
    course, folder = whole
    place, source = PLANTED[what]
    path, code = folder / place, (ROOT / source).read_text(encoding="utf-8").replace("    ", "\t").replace('"', "'")
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    if place.endswith(".ipynb"):
        planted = json.loads(before)
        planted["cells"].append({"cell_type": "code", "outputs": [{"text": code.splitlines(keepends=True)}]})
        content = json.dumps(planted)
    else:
        content = json.dumps([before, code]) if place.endswith(".json") else before + code
    assert place in {leak.file for leak in leaks.find(course, {place: content.encode()})}


def test_the_search_finds_a_secret_and_a_hidden_name(whole):
    course, _ = whole
    files = {"a.ipynb": b'{"cells": [{"source": ["seed = 01234567"]}]}', "b.md": b"`calls_leave_no_trace`", "c.md": b"calm"}
    assert {leak.file for leak in leaks.find(course, files, "01234567")} == {"a.ipynb", "b.md"}


def test_a_copy_that_would_give_something_away_is_not_written(course, tmp_path):
    """The author has solved the stub to try it."""
    (course.assignments["square"].folder / "square.py").write_text(RIGHT.replace("x) ** 2", "x, dtype=float) ** 2"))
    (course.folder / "reference/square/square.py").write_text(RIGHT.replace("x) ** 2", "x, dtype=float) ** 2"))
    validation.record(course.assignments["square"])
    with pytest.raises(UsageError, match=r"square\.(py|ipynb) holds, from .*square"):
        release.write(course, tmp_path / "copy", requirement=URL)
    assert not (tmp_path / "copy").exists()


def test_an_update_says_what_changed_and_keeps_work(course, released, tmp_path):
    assert released() == {}
    copy, folder = tmp_path / "copy", course.assignments["square"].folder
    (copy / "assignments/square/square.py").write_text(RIGHT)
    (copy / "notes.txt").write_text("mine")
    (folder / "statement.es.md").write_text("# y\n")
    (folder / "data.csv").write_text("1\n")
    validation.record(course.assignments["square"])
    assert released() == {
        "assignments/square/square.py": "kept", "assignments/square/square.ipynb": "changed",
        "assignments/square/statement.es.md": "changed", "assignments/square/data.csv": "new",
    }  # fmt: skip
    (folder / "data.csv").unlink()
    assert released() == {"assignments/square/square.py": "kept", "assignments/square/data.csv": "removed"}
    assert (copy / "assignments/square/square.py").read_text() == RIGHT
    assert (copy / "notes.txt").read_text() == "mine"


def test_a_folder_with_anything_else_in_it_is_left_alone(course, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.tex").write_text("")
    for folder in (tmp_path / "home", tmp_path / "home" / "thesis.tex", course.folder, course.folder / "reference" / "copy"):
        with pytest.raises(UsageError):
            release.write(course, folder, requirement=URL)
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    release.write(course, tmp_path / "repository", requirement=URL)


@pytest.mark.parametrize("missing", ["square.ipynb", "recorded.json", "statement.es.md"])
def test_an_incomplete_course_is_not_released(course, tmp_path, missing):
    (course.assignments["square"].folder / missing).unlink()
    with pytest.raises(UsageError, match=missing):
        release.write(course, tmp_path / "copy", requirement=URL)


def test_the_copy_speaks_both_languages_and_the_courses_first(whole):
    _, folder = whole
    assert "Preparación" in (folder / "README.md").read_text(encoding="utf-8")
    assert "Setting up" in (folder / "README.en.md").read_text(encoding="utf-8")
    for path in (folder / "README.md", folder / "README.en.md"):
        assert "$" not in path.read_text(encoding="utf-8").replace("$grader", "")


def test_requirements_name_the_grader_and_torch_without_cuda(whole, released, tmp_path):
    _, folder = whole
    text = (folder / "requirements.txt").read_text()
    assert "https://download.pytorch.org/whl/cpu" in text
    assert (folder / text.splitlines()[-1]).is_file()
    assert URL in (tmp_path / "copy" / "requirements.txt").read_text()


def test_a_student_installs_the_wheel_and_works_offline(whole, tmp_path):
    """pip unpacks the copy's wheel; what runs in the copy is that grader and no other."""
    _, folder = whole
    (wheel,) = (folder / "wheels").iterdir()
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(tmp_path / "site"), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, cwd=folder)
    (folder / "assignments/neuron/neuron.py").write_bytes((ROOT / "reference/neuron/neuron.py").read_bytes())
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    def run(*words: str) -> str:
        done = subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert str(tmp_path / "site") in run("-c", "import grader; print(grader.__file__)")
    assert "60 / 60" in run("-m", "grader", "check")
    told = run("-m", "grader", "grade", ".", "-o", "out").replace("\n", " ")
    assert "reference/" in told


def test_an_untouched_file_is_known_by_the_manifest(released, tmp_path):
    copy = Course.load(tmp_path / "copy")
    assert manifest.load(copy.folder) is not None
    assert copy.assignments["square"].untouched(copy.assignments["square"].folder / "square.py")
