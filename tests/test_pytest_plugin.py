"""`pytest` in a students' copy: an item for each public check, in nobody else's way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import manifest, validation
from grader.course import Course
from tests import tiny_course
from tests.tiny_course import RIGHT

ROOT = Path(__file__).parents[1]
WRONG = RIGHT.replace("** 2", "/ 'x'")
CHECK = "assignments/square/square.py::square_is_the_square"


@pytest.fixture
def course(tmp_path):
    course = Course.load(tiny_course.build(tmp_path / "course"))
    validation.record(course.assignments["square"])
    return course.folder


@pytest.fixture
def copy(course, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(course / "assignments", folder / "assignments")
    names = [f"assignments/square/square{end}" for end in (".py", ".ipynb")]
    manifest.save(folder, manifest.Manifest("0", {name: manifest.fingerprint((folder / name).read_bytes()) for name in names}))
    return folder


def run(folder: Path, *words: str) -> list[str]:
    """What pytest prints, with the plugin as the entry point loads it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "grader.pytest_plugin", "-p", "no:cacheprovider", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()


def write(folder: Path, code: str) -> None:
    (folder / "assignments/square/square.py").write_text(code)


def test_each_public_check_is_an_item_and_the_last_line_says_that_hidden_ones_exist(copy):
    write(copy, RIGHT)
    lines = run(copy, "-v")
    assert any(CHECK in line and "PASSED" in line for line in lines)
    assert "1 passed" in lines[-2]
    assert "hidden" in lines[-1]
    assert "slope_is_the_derivative" not in "\n".join(lines)


def test_a_failure_shows_title_message_and_the_students_line_and_nothing_of_ours(copy):
    write(copy, WRONG)
    shown = "\n".join(run(copy, "-k", "square_is"))
    for words in ("square is the square", "TypeError", "square.py:6", "return np.asarray(x) / 'x'", "x times x", "1 failed"):
        assert words in shown
    assert "Traceback" not in shown
    assert "grader/" not in shown


def test_k_knows_names_and_titles_and_a_node_can_be_named(copy):
    write(copy, RIGHT)
    assert "1 passed" in run(copy, CHECK)[-2]
    assert "1 deselected" in run(copy, "-k", "slope")[-2]


def test_what_is_not_begun_is_skipped_and_the_notebook_stands_back(copy):
    lines = run(copy, "-rs")
    assert "1 skipped" in lines[-2]
    assert any("Not begun" in line for line in lines)


def test_a_broken_course_is_told_without_a_traceback(copy):
    write(copy, RIGHT)
    (copy / "assignments/course.yaml").write_text("title: 3\n")
    shown = "\n".join(run(copy))
    assert "course.yaml" in shown
    assert "Traceback" not in shown


def test_an_instructors_folder_is_left_alone_unless_asked(course):
    write(course, RIGHT)
    assert "no tests ran" in run(course)[-1]
    assert "2 passed" in run(course, "--grader")[-2]  # the stub's place and the reference
    assert "1 passed" in run(course, "assignments/square/square.py")[-2]


def test_other_projects_notice_nothing(tmp_path):
    (tmp_path / "square.py").write_text("raise SystemExit\n")
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n")
    lines = run(tmp_path, "-v")
    assert "1 passed" in lines[-1]
    code = "import sys, grader.pytest_plugin; print([m for m in ('numpy', 'torch', 'rich', 'msgspec', 'click') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
