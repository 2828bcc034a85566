"""Each student's own numbers: in their copy and in the official grading the same, for others different, hidden ones for all alike."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from grader import batch, recording, release, validation, variants
from grader.arrivals import look
from grader.cli import main
from grader.course import Course
from grader.gradebook import Gradebook
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

SEEING = RIGHT + "\nseen = []\nsquare_, slope_ = square, slope\n" + "".join(
    f"def {name}(x):\n    raise ValueError(repr(float(x[0])))\n" for name in ("square", "slope")
)  # fmt: skip


@pytest.fixture
def course(tmp_path):
    folder = tiny_course.build(tmp_path / "course")
    path = folder / "assignments" / "course.yaml"
    path.write_text(path.read_text() + "variants: true\n")
    course = Course.load(folder)
    validation.record(course.assignments["square"])
    return course


def first_numbers(course, tmp_path, code):
    """What the checks asked `ana` and `bea`, by check."""
    for student in ("ana", "bea"):
        hand_in(tmp_path / "class", student, code)
    batch.grade(course, look(tmp_path / "class", course.assignments).submissions, tmp_path / "out", seed="secret", language="en")
    with Gradebook(tmp_path / "out") as book:
        return {report.student: {check.name: check.message for check in report.checks} for report in book.reports()}


def test_public_numbers_differ_and_hidden_ones_do_not(course, tmp_path):
    asked = first_numbers(course, tmp_path, SEEING)
    assert asked["ana"]["square_is_the_square"] != asked["bea"]["square_is_the_square"]
    path = course.folder / "reference" / "square" / "checks.py"
    path.write_text(path.read_text().replace("(needs=square_is_the_square)", ""))
    asked = first_numbers(Course.load(course.folder), tmp_path, SEEING)
    assert asked["ana"]["slope_is_the_derivative"] == asked["bea"]["slope_is_the_derivative"] != ""


def test_a_right_solution_passes_for_everybody(course, tmp_path):
    first_numbers(course, tmp_path, RIGHT)
    with Gradebook(tmp_path / "out") as book:
        assert {one.mark.value for one in book.marks()} == {100}


def test_a_copy_holds_that_students_numbers(course, tmp_path):
    for student in ("ana", "bea"):
        release.write(course, tmp_path / student, secret="secret", requirement="x", student=student)
    copies = {student: tmp_path / student / "assignments" / "square" / "recorded.json" for student in ("ana", "bea")}
    recordings = {student: recording.load(path) for student, path in copies.items()}
    assert recordings["ana"].seed == variants.seed_of("secret", "ana")
    assert json.dumps(recordings["ana"].checks) != json.dumps(recordings["bea"].checks)
    for student in copies:
        (tmp_path / student / "assignments" / "square" / "square.py").write_text(RIGHT)
        result = CliRunner().invoke(main, ["check", "square", "--course", str(tmp_path / student), "--lang", "en"])
        assert result.exit_code == 0, result.output


def test_whose_copy_it_is_must_be_said_exactly_where_it_matters(course, tmp_path):
    result = CliRunner().invoke(main, ["release", str(tmp_path / "copy"), "--course", str(course.folder), "--lang", "en"])
    assert (result.exit_code, "--student NAME" in result.output) == (2, True)
    plain = tiny_course.build(tmp_path / "plain")
    result = CliRunner().invoke(main, ["release", str(tmp_path / "copy"), "--course", str(plain), "--student", "ana", "--lang", "en"])
    assert (result.exit_code, "variants: true" in result.output) == (2, True)
