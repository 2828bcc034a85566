"""A class graded in parts, by any engine, comes to the same reports and marks as one graded at once."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from grader import batch
from grader.arrivals import look
from grader.cli import main
from grader.cli.choice import Shard
from grader.course import Course
from grader.gradebook import Gradebook
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in


@pytest.fixture
def course(tmp_path):
    return Course.load(tiny_course.build(tmp_path / "course"))


@pytest.fixture
def handed_in(tmp_path):
    for number in range(9):
        hand_in(tmp_path / "class", f"s{number}", RIGHT if number % 2 else "def square(x): return x ** 2\n")
    return tmp_path / "class"


def grader(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def reports(out):
    found = {}
    for path in sorted(out.glob("results/*/*.json")):
        report = json.loads(path.read_text())
        for part in (report, *report["checks"]):
            part.pop("started", None), part.pop("duration_s", None)
        found[path.parent.name] = report
    return found


def test_parts_that_are_merged_are_the_whole(course, handed_in, tmp_path):
    common = ["--course", course.folder, "--lang", "en"]
    grade = ["grade", handed_in, *common, "--seed", "secret", "--jobs", "1"]
    grader(*grade, "-o", tmp_path / "whole")
    parts = [tmp_path / f"part{number}" for number in (1, 2, 3)]
    for number, part in enumerate(parts, 1):
        grader(*grade, "-o", part, "--shard", f"{number}/3")
    with Gradebook(parts[0]) as book:
        adjusted = next(student for student, _ in book.kept())
        book.adjust(adjusted, "square", -1, "a reason")
    grader("merge", *parts, "-o", tmp_path / "merged", *common)
    whole, merged = reports(tmp_path / "whole"), reports(tmp_path / "merged")
    assert {name: report["score"] for name, report in merged.items()} == {name: report["score"] for name, report in whole.items()}
    assert {name for name in merged if merged[name] != whole[name]} == {adjusted}
    before = len(reports(tmp_path / "merged"))
    grader("merge", *parts, "-o", tmp_path / "merged", *common)  # once more changes nothing
    with Gradebook(tmp_path / "merged") as book:
        assert len(book.history()) == 9 + 1
        assert book.failed() == {(f"s{number}", "square") for number in (0, 2, 4, 6, 8)}
    assert len(reports(tmp_path / "merged")) == before
    again = grader(*grade, "-o", tmp_path / "merged")
    assert "Unchanged since last time: 9" in again


@pytest.mark.parametrize("count", [1, 2, 7])
def test_every_student_is_in_exactly_one_part(handed_in, course, count):
    found = look(handed_in, course.assignments).submissions
    held = [[shard.holds(submission) for submission in found] for shard in (Shard(number, count) for number in range(1, count + 1))]
    assert [sum(column) for column in zip(*held, strict=True)] == [1] * len(found)


@pytest.mark.parametrize("wrong", ["0/3", "4/3", "1", "a/b", "1/0", "-1/2"])
def test_a_part_that_does_not_exist_is_refused(handed_in, course, tmp_path, wrong):
    result = CliRunner().invoke(
        main, ["grade", str(handed_in), "-o", str(tmp_path / "o"), "--course", str(course.folder), "--shard", wrong]
    )
    assert result.exit_code == 2
    assert wrong in result.output


def test_merging_what_is_no_gradebook_makes_nothing(course, tmp_path):
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(main, ["merge", str(tmp_path / "empty"), "-o", str(tmp_path / "merged"), "--course", str(course.folder)])
    assert result.exit_code == 2
    assert not (tmp_path / "merged").exists()


def test_only_who_failed_is_graded_again(course, handed_in, tmp_path):
    found = look(handed_in, course.assignments).submissions
    options = {"seed": "secret", "language": "en"}
    batch.grade(course, found, tmp_path / "out", **options)
    assert batch.grade(course, found, tmp_path / "out", only_failed=True, **options).counts == {"asked": 5}
