"""Which file counts as a student's work: the one that they have worked in."""

from __future__ import annotations

import shutil

import pytest

from grader import manifest, notebook, workspace
from grader.arrivals import look
from grader.course import Course
from grader.errors import UsageError
from tests import tiny_course
from tests.tiny_course import RIGHT, STUB, hand_in


@pytest.fixture
def course(tmp_path):
    course = Course.load(tiny_course.build(tmp_path / "course"))
    notebook.save(course.assignments["square"])
    return course


@pytest.fixture
def copy(course, tmp_path):
    """A students' copy, as a release leaves it."""
    folder = tmp_path / "ana"
    shutil.copytree(course.folder / "assignments", folder / "assignments")
    files = {f"assignments/square/square{end}": (folder / f"assignments/square/square{end}").read_bytes() for end in (".py", ".ipynb")}
    manifest.save(folder, manifest.Manifest("0", {name: manifest.fingerprint(content) for name, content in files.items()}))
    return Course.load(folder)


def test_a_notebook_counts_where_the_stub_beside_it_is_untouched(copy):
    folder = copy.assignments["square"].folder
    stub = folder / "square.py"
    stub.write_bytes(stub.read_bytes().replace(b"\n", b"\r\n"))  # git on Windows changed the line ends only
    (folder / "square.ipynb").write_text('{"cells": []}')
    (found,) = workspace.find(copy, "square", copy.folder)
    assert (found.path.name, found.ignored, found.student) == ("square.ipynb", (), "ana")


def test_a_module_counts_where_both_were_worked_in_and_the_other_is_named(copy):
    folder = copy.assignments["square"].folder
    (folder / "square.py").write_text(RIGHT)
    (folder / "square.ipynb").write_text('{"cells": []}')
    (found,) = workspace.find(copy, "square", copy.folder)
    assert (found.path.name, found.ignored) == ("square.py", ("square.ipynb",))


def test_without_a_name_what_was_begun_is_checked(copy):
    with pytest.raises(UsageError, match="no assignment's file"):
        workspace.find(copy, None, copy.folder)
    (copy.assignments["square"].folder / "square.py").write_text(RIGHT)
    assert [found.assignment for found in workspace.find(copy, None, copy.folder)] == ["square"]


def test_the_class_is_read_in_the_same_way(course, copy, tmp_path):
    """A whole repository handed in: the stub of an earlier release is no work, though it is not today's."""
    hand_in(tmp_path / "class", "bea", STUB, "square.py")
    hand_in(tmp_path / "class", "bea", '{"cells": []}', "square.ipynb")
    (copy.assignments["square"].folder / "square.ipynb").write_text('{"cells": [1]}')
    shutil.copytree(copy.folder, tmp_path / "class" / "ana")
    stub = course.assignments["square"].folder / "square.py"
    stub.write_text(STUB + "# today's\n")
    assert [found.path.name for found in look(tmp_path / "class", course.assignments).submissions] == ["square.ipynb", "square.py"]


def test_a_broken_manifest_is_none(copy):
    (copy.folder / manifest.NAME).write_text("{")
    assert manifest.load(copy.folder) is None
