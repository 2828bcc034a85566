"""A notebook is graded like a module, whatever Jupyter has left in it; and students get one that is in step with the stub."""

from __future__ import annotations

import json

import nbformat
import pytest

from grader import notebook
from grader.arrivals import look
from grader.course import Course
from grader.grading import Grader
from grader.runner import Runner
from grader.sandbox.notebook import NotANotebook, code_cells, python
from grader.submission import Submission
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

SQUARE = "import numpy as np\ndef square(x):\n    return np.asarray(x) ** 2"
SLOPE = "def slope(x):\n    return 2 * np.asarray(x)"


def made_of(*cells: str | dict, **top) -> str:
    """A notebook of code cells."""
    full = [cell if isinstance(cell, dict) else {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": full, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **top})


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course.load(tiny_course.build(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def grader(course):
    with Runner("secret") as runner:
        yield Grader(course, runner, language="en")


@pytest.fixture
def grade(grader, tmp_path):
    def grade(code: str | bytes):
        return grader.grade(Submission("ana", "square", hand_in(tmp_path, "ana", code, "square.ipynb")))

    return grade


@pytest.mark.parametrize(
    "content",
    [
        made_of(SQUARE, SLOPE),
        made_of({"cell_type": "markdown", "source": "# text"}, SQUARE, {"cell_type": "raw", "source": "x"}, SLOPE),
        made_of({"cell_type": "code", "source": [line + "\n" for line in (SQUARE + "\n" + SLOPE).split("\n")]}),
        made_of("%matplotlib inline\n!pip install numpy\n" + SQUARE, "%%time\n" + SLOPE, "np?\n?np\nx = !ls\ny = %pwd\ndisplay(x)"),
        made_of("%%bash\nrm -rf /", "get_ipython().system('ls')", SQUARE, "%%html\n<b>", SLOPE),
        made_of("x = (7\n% 2)\n%time\n" + SQUARE, "if True:\n    !ls\n    %cd ..\n" + SLOPE),
        made_of({"cell_type": "code", "source": SQUARE + "\n" + SLOPE, "outputs": [{"output_type": "error", "ename": "X" * 10**5}]}),
        json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": SQUARE + "\n" + SLOPE}]}], "nbformat": 3, "metadata": {}}),
        json.dumps({"cells": [{"cell_type": "code", "source": SQUARE + "\n" + SLOPE}], "nbformat": 9}),
        b"\xef\xbb\xbf" + made_of(SQUARE, SLOPE).encode(),
    ],
)
def test_a_right_notebook_gets_everything(grade, content):
    report = grade(content)
    assert report.score == 100, (report.notes, [check.message for check in report.checks])


def test_one_failing_cell_is_told_by_number_and_costs_only_itself(grade):
    report = grade(made_of(SQUARE, "plot = 1 / 0", "def broken(:", SLOPE))
    assert report.score == 100
    assert [note[:6] for note in report.notes] == ["Cell 2", "Cell 3"]


def test_what_a_failing_cell_should_define_is_explained_by_it(grade):
    check = grade(made_of(SQUARE, "import pandas\nslope = pandas.DataFrame")).checks[1]
    assert check.outcome == "crashed"
    assert "pandas" in check.message


def test_an_exception_is_told_with_cell_and_line(grade):
    location = grade(made_of("import numpy as np", "x = 1", "def square(x):\n    y = 2\n    raise ValueError('no')")).checks[0].location
    assert (location.cell, location.line, location.file) == (3, 3, "square.ipynb")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": 3}', made_of(SQUARE)[:-40], "<html></html>", '{"cells": [{}, 4]}', b"\xff\xfe\x00"]
)
def test_a_broken_notebook_is_told_in_words(grade, content):
    report = grade(content)
    assert report.score == 0
    assert any(words in report.checks[0].message for words in ("cannot be read", "missing", "is empty"))
    assert report.status == "graded"


def test_conversion_never_adds_or_removes_lines():
    for cell in (SQUARE, "%%time\n" + SQUARE, "%magic\n!x\n" + SQUARE, "a?\nb"):
        assert python(cell).count("\n") == cell.count("\n")


def test_python_is_left_as_it_is():
    for cell in (SQUARE, "x = (1\n  % 2)", "s = '''\n%time\n!ls\n'''", "def f(x):\n    return x\n"):
        assert python(cell) == cell


def test_depth_is_no_trouble():
    with pytest.raises(NotANotebook):
        code_cells(b'{"cells": ' + b"[" * 100_000)


def test_a_module_counts_before_a_notebook_and_the_student_is_told(course, grader, tmp_path):
    hand_in(tmp_path / "class", "ana", RIGHT)
    hand_in(tmp_path / "class", "ana", made_of("x = 1"), "square.ipynb")
    (submission,) = look(tmp_path / "class", course.assignments).submissions
    report = grader.grade(submission)
    assert report.score == 100
    assert "square.ipynb" in report.notes[0]


def test_the_students_notebook_is_valid_in_step_and_unsolved(course, grader):
    assignment = course.assignments["square"]
    assert notebook.save(assignment)
    assert notebook.in_step(assignment)
    assert not notebook.save(assignment)
    nbformat.validate(nbformat.read(notebook.path_of(assignment), as_version=4))
    report = grader.grade(Submission("ana", "square", notebook.path_of(assignment)))
    assert report.score == 0
    assert "not written yet" in report.checks[0].message
