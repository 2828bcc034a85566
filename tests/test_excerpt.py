"""A wrong answer shows the student's own function that gave it; where that is not sure, nothing is shown."""

import numpy as np

from grader.excerpt import definition, excerpt_at
from grader.model import Location
from grader.sandbox.answers import Answers

FILE = b"""import numpy as np


def forward(x):
    return x


def gradients(
    params, X, y
):
    a = forward(X)

    return {"W": a}


class Net:
    def loss(self):
        return 0


class Other:
    def loss(self):
        return 1
"""


def shown(function, **files):
    found = definition(function, "net.py", {"net.py": FILE, **files}, [])
    return found and excerpt_at(found, {"net.py": FILE, **files}, [])


def test_a_function_is_shown_whole_and_nothing_after_it():
    excerpt = shown("gradients")
    assert (excerpt.first, excerpt.lines[0], excerpt.lines[-1]) == (8, "def gradients(", '    return {"W": a}')


def test_two_of_one_name_or_none_show_nothing():
    assert shown("loss") is None
    assert shown("train") is None
    assert shown("") is None


def test_another_exercise_beside_it_does_not_matter_unless_it_alone_has_the_function():
    assert shown("forward", **{"other.py": FILE}).first == 4
    assert shown("helper", **{"other.py": b"def helper(): pass"}).lines == ["def helper(): pass"]


def test_a_notebooks_cells_are_searched_too():
    assert definition("f", "n.ipynb", {"n.ipynb": b"{}"}, ["x = 1", "\ndef f():\n    pass"]) == Location("n.ipynb", 2, 2)


def test_a_long_function_is_cut():
    body = b"def f():\n" + b"    x = 1\n" * 500
    assert len(excerpt_at(Location("f.py", 1), {"f.py": body}, []).lines) == 16


def test_the_function_is_known_by_what_it_returned():
    answers, gradient = Answers(), {"W": np.array([1.0, 2.0])}
    answers.add("gradients", gradient)
    answers.add("loss", 0.5)
    answers.add("train", (gradient, [0.25, 0.5]))
    assert answers.giver(0.5) == "loss"
    assert answers.giver([0.25, 0.5]) == "train"
    assert answers.giver(np.array([7.0])) == ""
    assert answers.giver({"dL/dW": gradient["W"]}) == "gradients"
    answers.add("numerical_gradient", gradient["W"])
    assert answers.giver({"dL/dW": gradient["W"]}) == ""  # two functions gave it


def test_hundreds_of_other_questions_do_not_push_an_answer_out():
    answers = Answers()
    answers.add("gradients", np.array([1.0, 2.0]))
    for i in range(500):
        answers.add("loss", float(i))
    assert answers.giver(np.array([1.0, 2.0])) == "gradients"


def test_large_answers_are_not_kept():
    answers = Answers()
    answers.add("f", np.zeros(1 << 18))
    assert answers.giver(np.zeros(1 << 18)) == ""
