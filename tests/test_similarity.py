"""Copies are found however they are dressed up; independent work, the stub and short answers are not."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from grader import batch
from grader.arrivals import look
from grader.cli import main
from grader.course import Course
from grader.gradebook import Gradebook
from grader.similarity import pairs
from tests import tiny_course
from tests.tiny_course import hand_in

OWN = '''
import numpy as np

def square(x):
    """Mine."""
    total = np.zeros(len(x))
    for place, value in enumerate(x):
        total[place] = value * value  # by hand
    return total

def slope(x):
    step = 1e-6
    above, below = square(np.asarray(x) + step), square(np.asarray(x) - step)
    return (above - below) / (2 * step)
'''
RENAMED = OWN.replace("total", "acc").replace("place", "k").replace("value", "v").replace("Mine", "All mine").replace("by hand", "so it is")
OTHER = """
import numpy as np
from functools import reduce

def square(x):
    return np.array([reduce(lambda a, b: a + b, [v] * 1) * v if v else 0.0 for v in np.asarray(x, dtype=float).tolist()])

class Line:
    def __init__(self, factor): self.factor = factor
    def __call__(self, x):
        if not hasattr(x, "shape"):
            x = np.asarray(x)
        return np.einsum(",i->i", self.factor, x)

slope = Line(2.0)
"""


@pytest.fixture
def graded(tmp_path):
    course = Course.load(tiny_course.build(tmp_path / "course"))
    folder = tmp_path / "class"
    hand_in(folder, "ana", OWN)
    hand_in(folder, "bea", RENAMED)
    hand_in(folder, "cid", OTHER)
    hand_in(folder, "dan", tiny_course.STUB)
    hand_in(folder, "eva", tiny_course.STUB)
    hand_in(folder, "fay", "def square(x): return x * x\n")
    hand_in(folder, "gil", "def square(x): return x * x\n")
    hand_in(folder, "hal", "this is ( no python at all \x00 '''\n" * 40)
    cells = [{"cell_type": "code", "metadata": {}, "source": OWN.splitlines(keepends=True), "outputs": [], "execution_count": None}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    hand_in(folder, "ivo", json.dumps(notebook), "square.ipynb")
    hand_in(folder, "jan", "{" * 5000, "square.ipynb")
    batch.grade(course, look(folder, course.assignments).submissions, tmp_path / "out", seed="s", language="en")
    return course


def found(course, least=90.0):
    with Gradebook(course.folder.parent / "out") as book:
        return {(pair.first, pair.second): pair for pair in pairs(book, course.assignments["square"], least, 100)}


def test_a_copy_is_found_under_other_names_other_comments_and_as_a_notebook(graded):
    alike = found(graded)
    assert set(alike) == {("ana", "bea"), ("ana", "ivo"), ("bea", "ivo")}
    assert alike["ana", "bea"].structure == 100
    assert alike["ana", "bea"].words < 90
    assert alike["ana", "ivo"].words == 100


def test_what_both_wrote_is_marked_in_the_lines(graded):
    pair = found(graded)["ana", "bea"]
    shared = [line for line, same in pair.left if same]
    assert "import numpy as np" in shared
    assert not any("total" in line for line in shared)


def test_a_page_and_a_list_for_a_person_to_judge(graded):
    out = graded.folder.parent / "out"
    result = CliRunner().invoke(main, ["similarity", str(out), "--course", str(graded.folder), "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert "ana ~ bea" in result.output
    assert "looked at by a person" in result.output
    page = (out / "similarity.html").read_text()
    assert "<mark>import numpy as np</mark>" in page
    shown = CliRunner().invoke(main, ["similarity", str(out), "--course", str(graded.folder), "--format", "json", "--least", "95"])
    assert {(pair["first"], pair["second"]) for pair in json.loads(shown.output)} == set(found(graded, 95))
