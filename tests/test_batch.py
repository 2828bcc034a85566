"""A class is graded to the end, what was graded is kept, and a second run does only what changed."""

from __future__ import annotations

import csv
import json

import pytest

from grader import batch
from grader.arrivals import look
from grader.course import Course
from grader.errors import UsageError
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course.load(tiny_course.build(tmp_path_factory.mktemp("course")))


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "class"
    hand_in(folder, "ana", RIGHT)
    hand_in(folder, "bea", "def square(x): return x ** 2\n")
    hand_in(folder, "cid", "import os\nos._exit(0)\n")
    return folder


def run(course, folder, out, **options):
    return batch.grade(course, look(folder, course.assignments).submissions, out, seed="secret", language="en", **options)


def scores(out):
    with (out / "grades.csv").open(newline="") as file:
        return {row["student"]: row["square"] for row in csv.DictReader(file)}


def test_everybody_gets_a_mark_and_a_report(course, handed_in, tmp_path):
    out = tmp_path / "out"
    summary = run(course, handed_in, out)
    assert (summary.graded, summary.same) == (3, 0)
    assert scores(out) == {"ana": "100", "bea": "60", "cid": "0"}
    report = json.loads((out / "results" / "bea" / "square.json").read_text())
    assert report["score"] == 60
    assert (out / "gradebook.db").is_file()


def test_a_second_run_grades_only_what_changed(course, handed_in, tmp_path):
    run(course, handed_in, tmp_path / "out")
    hand_in(handed_in, "bea", RIGHT)
    summary = run(course, handed_in, tmp_path / "out")
    assert (summary.graded, summary.same) == (1, 2)
    assert scores(tmp_path / "out")["bea"] == "100"


def test_another_seed_or_again_grades_all(course, handed_in, tmp_path):
    run(course, handed_in, tmp_path / "out")
    assert run(course, handed_in, tmp_path / "out", again=True).graded == 3


def test_two_processes_give_the_same_marks(course, handed_in, tmp_path):
    run(course, handed_in, tmp_path / "one")
    run(course, handed_in, tmp_path / "two", jobs=2)
    assert scores(tmp_path / "one") == scores(tmp_path / "two")


def test_an_interrupted_run_keeps_what_it_has_and_goes_on(course, handed_in, tmp_path):
    def interrupt(report, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(course, handed_in, tmp_path / "out", progress=interrupt)
    assert len(scores(tmp_path / "out")) == 1
    summary = run(course, handed_in, tmp_path / "out")
    assert (summary.graded, summary.same) == (2, 1)


def test_a_fault_is_done_again(tmp_path, handed_in):
    course = Course.load(tiny_course.build(tmp_path / "course"))
    reference = course.folder / "reference" / "square" / "square.py"
    reference.write_text("def square(x): raise ValueError\n")
    out = tmp_path / "out"
    run(course, handed_in, out)
    assert scores(out)["ana"] == ""
    reference.write_text(RIGHT)
    assert run(Course.load(course.folder), handed_in, out).graded == 3
    assert scores(out)["ana"] == "100"


def test_names_that_a_spreadsheet_would_run_are_neutralised(course, tmp_path):
    hand_in(tmp_path / "class", "=HYPERLINK(1)", RIGHT)
    run(course, tmp_path / "class", tmp_path / "out")
    assert list(scores(tmp_path / "out")) == ["'=HYPERLINK(1)"]


@pytest.mark.parametrize("make", [lambda p: None, lambda p: p.mkdir(), lambda p: p.write_text("x")])
def test_an_unusable_folder_is_named(tmp_path, course, make):
    folder = tmp_path / "nowhere"
    make(folder)
    with pytest.raises(UsageError, match="nowhere"):
        look(folder, course.assignments)


def test_the_secret_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.delenv("GRADER_SEED", raising=False)
    course = Course.load(tiny_course.build(tmp_path / "course"))
    first = batch.secret(course)
    assert len(first) == 32
    assert batch.secret(course) == first
    monkeypatch.setenv("GRADER_SEED", "other")
    assert batch.secret(course) == "other"
