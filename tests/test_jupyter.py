"""The public checks inside a notebook."""

from __future__ import annotations

import shutil

import pytest
from IPython.core.interactiveshell import InteractiveShell

import grader
from grader import validation
from grader.course import Course
from tests import tiny_course
from tests.tiny_course import RIGHT

EVIL = "<script>alert('x')</script>"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A students' copy, with the notebook's folder as the current one."""
    course = Course.load(tiny_course.build(tmp_path / "course"))
    validation.record(course.assignments["square"])
    shutil.copytree(course.folder / "assignments", tmp_path / "copy" / "assignments")
    folder = tmp_path / "copy" / "assignments" / "square"
    monkeypatch.chdir(folder)
    return folder


def test_a_notebook_sees_html_and_everything_else_the_same_as_text(here):
    (here / "square.py").write_text(RIGHT.replace("** 2", "** 3"))
    feedback = grader.jupyter.check("square")
    page, plain = feedback._repr_html_(), repr(feedback)
    for words in ("0 / 60", "square is the square", "x times x", "square.py", "saved", "hidden"):
        assert words in page
        assert words in plain
    assert "\x1b" not in plain
    assert "hidden" in plain.splitlines()[-1]


def test_a_students_words_are_escaped(here):
    (here / "square.py").write_text(f"def square(x): raise ValueError({EVIL!r})\n")
    page = grader.jupyter.check("square")._repr_html_()
    assert EVIL not in page
    assert "&lt;script&gt;" in page


def test_the_magic_takes_a_name_and_a_language(here, capsys):
    (here / "square.py").write_text(RIGHT)
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "grader")
    assert "60 / 60" in shell.run_line_magic("grade", "square es")._repr_html_()
    assert "ocultas" in repr(shell.run_line_magic("grade", "square es"))
    shell.run_line_magic("grade", "")
    shell.run_line_magic("grade", "sqare en")
    told = capsys.readouterr().err
    assert "%grade neuron" in told
    assert "sqare" in told


def test_a_wrong_name_is_told_in_the_courses_language(here, capsys, monkeypatch):
    monkeypatch.setenv("GRADER_LANG", "es")  # the course's is English
    assert grader.jupyter.check("sqare") is None
    assert "Did you mean square?" in capsys.readouterr().err
