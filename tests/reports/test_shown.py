"""The pictures that the course's own checks show: one that cannot be drawn would only be missing, and nobody would notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import Course
from grader.recording import PRACTICE
from grader.runner import Runner, reference_program

COURSE = Course.load(Path(__file__).parents[2])
SHOWN = [
    (assignment, check)
    for assignment in COURSE.assignments.values()
    for check in assignment.checks
    if "show" in check.function.__code__.co_names
]


@pytest.fixture(scope="module", params=[False, True], ids=["instructor", "student"])
def runner(request):
    with Runner(PRACTICE, replay=request.param) as runner:
        yield runner


def test_the_comparisons_that_exercises_ask_for_are_shown():
    assert {assignment.id for assignment, _ in SHOWN} >= {
        "backprop_1_network", "backprop_2_activations", "backprop_3_regularization", "backprop_4_batch_size", "backprop_5_search",
        "bptt_2_rnn", "bptt_4_lengths", "bptt_5_activations",
    }  # fmt: skip
    assert {check.file.visibility for _, check in SHOWN} == {"public"}


@pytest.mark.parametrize(("assignment", "check"), SHOWN, ids=lambda one: getattr(one, "id", getattr(one, "name", "")))
def test_every_picture_can_be_drawn(runner, assignment, check):
    trial = runner.attempt(assignment, check, reference_program(assignment), pictures=True)
    assert (trial.trouble, trial.fault) == (None, "")
    shows = [name for name in check.function.__code__.co_names if name.endswith("_shown")]
    assert len(trial.pictures) == len(shows) > 0
    assert all(title.say("es") != title.say("en") for _, title in trial.pictures)
