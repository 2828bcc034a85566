"""A mistake is named when its answers are the student's own and no other mistake's; otherwise nothing is claimed."""

from __future__ import annotations

import numpy as np
import pytest

from grader.causes import Cause
from grader.course import Course
from grader.diagnosis import same_trouble, same_values
from grader.errors import Crashed, Mismatch
from grader.grading import Grader
from grader.runner import Runner
from grader.submission import Submission
from grader.tensor import Tensor
from grader.text import literal, text
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

FACT = literal(es="mal", en="wrong")
A = np.linspace(1.0, 2.0, 6)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (A, A + 1e-13, True),
        (A, A + 1e-3, False),
        (A, A[:5], False),
        (A.astype("f4"), A + 2e-5, True),
        ({"W": A, "b": [1.0]}, {"W": A, "b": [1.0]}, True),
        ({"W": A}, {"V": A}, False),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf]), True),
        (np.array([np.nan, 1.0]), np.array([1.0, np.nan]), False),
        (np.array([np.inf]), np.array([-np.inf]), False),
        (Tensor(A), A, True),
        ("text", "text", True),
        ("text", 1.0, False),
        (None, None, True),
    ],
)
def test_answers_are_the_same_up_to_their_precision(first, second, same):
    assert same_values(first, second) is same


def mismatch(got, expected, **rest):
    return Mismatch(FACT, name="W", got=got, expected=expected, **rest)


def test_troubles_are_the_same_when_the_answers_are():
    assert same_trouble(mismatch(3 * A, A), mismatch(3 * A, A))
    assert not same_trouble(mismatch(3 * A, A), mismatch(4 * A, A))
    assert not same_trouble(mismatch(3 * A, A), Crashed(FACT))
    assert same_trouble(Crashed(text("said", message="x")), Crashed(text("said", message="x")))
    assert not same_trouble(Crashed(text("said", message="x")), Crashed(text("said", message="y")))


def test_where_questions_differ_the_cause_counts():
    """Two random starts make two right answers: the same cause is the same mistake, another one or none is not."""
    late, twice = Cause("late", FACT), Cause("factor:2", FACT)
    assert same_trouble(mismatch(3 * A, A, cause=late), mismatch(5 * A, 2 * A, cause=late))
    assert not same_trouble(mismatch(3 * A, A, cause=late), mismatch(5 * A, 2 * A, cause=twice))


@pytest.fixture
def check_of(tmp_path):
    """The first check of a wrong square, graded in a course whose bank has been changed."""

    def check_of(change=lambda folder: None, code: str = RIGHT.replace("** 2", "** 2 * 3")):
        folder = tiny_course.build(tmp_path / "course")
        change(folder)
        path = hand_in(tmp_path, "ana", code)
        with Runner("secret") as runner:
            return Grader(Course.load(folder), runner, language="en").grade(Submission("ana", "square", path)).checks[0]

    return check_of


def test_two_mistakes_with_the_same_answers_are_not_named(check_of):
    def change(folder):
        mistakes = folder / "reference" / "square" / "mistakes"
        (mistakes / "square_times_4.py").write_text((mistakes / "square_times_3.py").read_text())

    assert check_of(change).diagnosis is None


def test_a_property_said_in_words_is_offered_as_a_question(check_of):
    def change(folder):
        checks = folder / "assignments" / "square" / "checks.py"
        text = checks.read_text().replace("from grader import Case, check", "import numpy as np\nfrom grader import Case, check, require")
        judged = 'require(bool(np.allclose(case.student.square(x), x**2)), es="no", en="it is not the square")\n'
        checks.write_text(text[: text.index("values.matches(")] + judged)
        for k in (4, 5, 6, 7):  # one mistake alone fails in this sentence
            (folder / "reference" / "square" / "mistakes" / f"square_times_{k}.py").write_text(RIGHT)

    check = check_of(change, RIGHT.replace("** 2", "** 2 * 9"))
    assert check.diagnosis is None
    assert "Could this be it?" in check.message
