"""The pictures that the course's own checks show: one that cannot be drawn would only be missing, and nobody would notice."""

from __future__ import annotations

from dataclasses import replace
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
def test_every_picture_can_be_drawn_of_every_style(runner, assignment, check):
    shows = {name for name in check.function.__code__.co_names if name.endswith("_shown")}
    assert shows
    for path in (assignment.reference / f"{assignment.id}.py", *sorted((assignment.reference / "variants").glob("*.py"))):
        program = replace(reference_program(assignment), files={f"{assignment.id}.py": path.read_bytes()})
        trial = runner.attempt(assignment, check, program, pictures=True)
        assert (trial.trouble, trial.fault, len(trial.pictures)) == (None, "", len(shows)), path
        assert all(title.say("es") != title.say("en") for _, title in trial.pictures)
