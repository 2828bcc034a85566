"""A regrade shows what would change before anything does, says why, keeps adjustments, and needs nothing but the gradebook."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from grader import batch
from grader.arrivals import look
from grader.cli import main
from grader.course import Course
from grader.gradebook import Gradebook
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

HALF = "def square(x): return x ** 2\n"  # 60 points: no slope


@pytest.fixture
def graded(tmp_path):
    """A course and a class graded with it; the submissions are gone."""
    course = Course.load(tiny_course.build(tmp_path / "course"))
    folder = tmp_path / "class"
    hand_in(folder, "ana", RIGHT)
    hand_in(folder, "bea", HALF)
    hand_in(folder, "cid", "def square(x): return x\ndef slope(x): return 2 * x\n")
    batch.grade(course, look(folder, course.assignments).submissions, tmp_path / "out", seed="secret", language="en")
    shutil.rmtree(folder)
    return course.folder


def reweigh(course, square, slope):
    path = course / "assignments" / "square" / "assignment.yaml"
    path.write_text(path.read_text().replace("points: 60", f"points: {square}").replace("points: 40", f"points: {slope}"))


def regrade(course, *more):
    out = course.parent / "out"
    result = CliRunner().invoke(
        main, ["regrade", str(out), "--course", str(course), "--seed", "secret", "--lang", "en", "--jobs", "1", *more]
    )
    assert result.exit_code == 0, result.output
    return result


def marks(course):
    with Gradebook(course.parent / "out") as book:
        return {one.student: one.mark.value for one in book.marks()}


def test_nothing_changes_where_nothing_has_changed(graded):
    assert "Marks that would rise: 0; fall: 0" in regrade(graded, "--dry-run").stdout


def test_a_dry_run_shows_who_gains_who_loses_and_why_and_changes_nothing(graded):
    reweigh(graded, 30, 70)
    shown = regrade(graded, "--dry-run").stdout
    assert "bea  square  60 → 30" in shown
    assert "square is the square: ok 60/60 → ok 30/30 (other weight)" in shown
    assert "Marks that would rise: 0; fall: 1" in shown
    assert marks(graded) == {"ana": 100, "bea": 60, "cid": 0}


def test_what_is_applied_is_what_was_shown_and_adjustments_stay(graded):
    with Gradebook(graded.parent / "out") as book:
        book.adjust("bea", "square", 5, "a good question")
    reweigh(graded, 30, 70)
    differences = json.loads(regrade(graded, "--format", "json").stdout)
    assert [(one["student"], one["before"], one["after"]) for one in differences if one["before"] != one["after"]] == [("bea", 65, 35)]
    regrade(graded, "--apply")
    assert marks(graded) == {"ana": 100, "bea": 35, "cid": 0}
    result = json.loads((graded.parent / "out" / "results" / "bea" / "square.json").read_text())
    assert (result["score"], result["mark"]["value"], result["checks"][0]["max_points"]) == (30, 35, 30)
    assert "Marks that would rise: 0; fall: 0" in regrade(graded).stdout
    with Gradebook(graded.parent / "out") as book:
        assert [(change.value, change.why) for change in book.history() if change.student == "bea"] == [
            (60, "handed_in"),
            (65, "adjusted"),
            (35, "regraded"),
        ]


def test_a_check_that_judges_otherwise_is_named(graded):
    path = graded / "assignments" / "square" / "checks.py"
    path.write_text(path.read_text().replace("values.matches", "x or values.matches").replace("case.student.square(x)", "x", 1))
    path.write_text(path.read_text().replace("x or values.matches(x, ", "values.matches(case.reference.square(x), "))
    shown = regrade(graded, "--dry-run").stdout
    assert "cid  square  0 → 100" in shown
    assert "square is the square: wrong 0/60 → ok 60/60 (judged otherwise)" in shown


def test_a_fault_of_ours_is_no_proposal(graded):
    reference = graded / "reference" / "square" / "square.py"
    reference.write_text("def square(x): raise ValueError\n")
    out = graded.parent / "out"
    result = CliRunner().invoke(main, ["regrade", str(out), "--course", str(graded), "--seed", "secret", "--lang", "en", "--apply"])
    assert result.exit_code == 3
    assert marks(graded) == {"ana": 100, "bea": 60, "cid": 0}


def test_dry_run_and_apply_exclude_each_other(graded):
    result = CliRunner().invoke(
        main, ["regrade", str(graded.parent / "out"), "--course", str(graded), "--dry-run", "--apply", "--lang", "en"]
    )
    assert result.exit_code == 2
    assert "choose one" in result.output


def test_adjusting_and_looking_back_from_the_command_line(graded):
    out = str(graded.parent / "out")
    common = ["--course", str(graded), "--lang", "en"]
    result = CliRunner().invoke(main, ["adjust", out, "bea", "square", *common, "--reason", "late bus", "--", "-10"])
    assert result.exit_code == 0, result.output
    assert "the mark is now 50" in result.output
    history = CliRunner().invoke(main, ["history", out, "--student", "bea", *common]).output
    assert "60  handed in" in history
    assert "50  adjusted by hand" in history
    assert CliRunner().invoke(main, ["adjust", out, "nobody", "square", "5", "--reason", "x", *common]).exit_code == 2
