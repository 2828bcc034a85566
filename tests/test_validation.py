"""`grader validate` accepts a sound course and refuses one with any single thing wrong."""

from __future__ import annotations

import pytest

from grader import validation
from grader.course import Course
from tests import tiny_course


@pytest.fixture
def folder(tmp_path):
    folder = tiny_course.build(tmp_path)
    validation.record(Course.load(folder).assignments["square"])
    return folder


def problems(folder, seeds=1):
    course = Course.load(folder)
    proof = validation.validate(course.assignments["square"], range(seeds))
    return proof, {problem.key for problem in proof.problems}


def test_a_sound_course_is_proved(folder):
    proof, found = problems(folder, seeds=2)
    assert found == set()
    assert (proof.variants, proof.mistakes, len(proof.caught), proof.undiagnosed) == (3, 10, 10, set())
    margins = proof.margins["square_is_the_square"]
    assert margins.honest < 0.5
    assert margins.wrong > 10


def edit(folder, file, old, new):
    path = folder / file
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("reference/square/variants/power.py", "2 * np", "2.1 * np", "problem_honest"),
        ("assignments/square/square.py", "raise NotImplementedError", "return x ** 2", "problem_stub"),
        ("assignments/square/checks.py", '"square", sizes', '"squares" + "x" * case.student.square(x)[0], sizes', "problem_fault"),
        ("reference/square/mistakes/slope_times_3.py", "6 * np", "2 * np", "problem_uncaught"),
        ("reference/square/mistakes/slope_times_3.py", "6 * np", "8 * np", "problem_undiagnosed"),
        ("reference/square/square.py", "** 2", "** 3", "problem_recorded"),
        ("reference/square/mistakes.yaml", "check: slope_is_the_derivative", "check: square_is_the_square", "problem_idle"),
    ],
)
def test_each_flaw_is_found(folder, file, old, new, problem):
    edit(folder, file, old, new)
    assert problem in problems(folder)[1]


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("assignments/square/statement.en.md", "problem_missing_file"),
        ("assignments/square/recorded.json", "problem_missing_file"),
        ("reference/square/mistakes/slope_times_3.py", "problem_files"),
        ("reference/square/variants/power.py", "problem_few"),
    ],
)
def test_each_missing_file_is_found(folder, file, problem):
    (folder / file).unlink()
    assert problem in problems(folder)[1]


def test_a_check_that_nonsense_passes_is_found(folder):
    checks = folder / "assignments" / "square" / "checks.py"
    checks.write_text(checks.read_text().replace("    values.matches(", "    case.student.square(x)\n    return\n    values.matches(", 1))
    assert "problem_garbage_earns" in problems(folder)[1]


def test_a_method_that_is_no_function_is_the_students_trouble(folder):
    """Classes that make no object, and objects whose methods are numbers, lists or None: never our fault."""
    checks = folder / "assignments" / "square" / "checks.py"
    natural = "    case.student.Net(1).forward(x)\n    values.matches("
    checks.write_text(checks.read_text().replace("    values.matches(", natural, 1))
    found = problems(folder)[1]
    assert "problem_garbage" not in found
    assert "problem_honest" in found


def test_a_check_that_trips_over_nonsense_is_found(folder):
    checks = folder / "assignments" / "square" / "checks.py"
    checks.write_text(checks.read_text().replace("    values.matches(", "    case.student.square(x).sum()\n    values.matches(", 1))
    assert "problem_garbage" in problems(folder)[1]
