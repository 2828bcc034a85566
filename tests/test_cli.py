"""Every command: its exit code, its first words, and what each wrong turn is told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from grader.cli import main
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tiny_course.build(tmp_path_factory.mktemp("course"))
    assert CliRunner().invoke(main, ["record", "--course", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def grader(made):
    def run(*arguments: object, course=made):
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(main, [*words, "--course", str(course), "--lang", "en"])

    return run


def test_check_passes_a_right_file_and_says_that_hidden_checks_exist(grader, tmp_path):
    result = grader("check", hand_in(tmp_path, "ana", RIGHT))
    assert result.exit_code == 0, result.output
    assert "60 / 60" in result.output
    assert "hidden" in result.output.splitlines()[-1]


def test_check_fails_a_wrong_file_with_exit_code_1(grader, tmp_path):
    result = grader("check", hand_in(tmp_path, "ana", "def square(x): return x\n"))
    assert result.exit_code == 1
    assert "0 / 60" in result.output


def test_grade_says_what_it_found_before_it_starts_and_takes_a_class_list(grader, tmp_path):
    root = tmp_path / "class"
    hand_in(root, "Ana B_12_assignsubmission_file", RIGHT)
    hand_in(root, "Eva_13_assignsubmission_file", b"not a zip", "tarea.zip")
    (tmp_path / "list.csv").write_text("student;email\nana-b;Ana B\nfin;f@x\n")
    result = grader("grade", root, "-o", tmp_path / "out", "--roster", tmp_path / "list.csv", "--jobs", 1)
    assert result.exit_code == 0, result.output
    words = result.output
    assert "2 submissions by 2 students" in words
    assert "Moodle export (2)" in words
    assert "Eva: `tarea.zip` was not read." in words
    assert "nothing (1): fin." in words
    assert "Not on the roster (1): Eva." in words
    assert words.index("Moodle") < words.index("graded")
    assert {path.name for path in (tmp_path / "out" / "results").iterdir()} == {"ana-b", "Eva"}
    assert grader("grade", root, "-o", tmp_path / "out", "--roster", tmp_path / "none.csv").exit_code == 2


def test_check_takes_an_assignment_and_looks_here_and_then_in_its_folder(grader, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "not written yet" in grader("check", "square").output
    (tmp_path / "square.py").write_text(RIGHT)
    assert grader("check", "square").exit_code == 0
    assert grader("check").exit_code == 0


def test_check_works_in_a_students_copy_without_reference(made, grader, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(made / "assignments", copy / "assignments")
    right = grader("check", hand_in(tmp_path, "ana", RIGHT), course=copy)
    wrong = grader("check", hand_in(tmp_path, "bea", RIGHT.replace("** 2", "** 2 * 3")), course=copy)
    assert right.exit_code == 0, right.output
    assert wrong.exit_code == 1
    assert "factor, 3" in wrong.output
    assert grader("grade", tmp_path, "-o", tmp_path / "out", course=copy).exit_code == 2


def test_a_stale_recording_is_no_fault_of_the_student(made, grader, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(made / "assignments", copy / "assignments")
    path = copy / "assignments" / "square" / "recorded.json"
    path.write_text(path.read_text().replace("0.", "1."))
    result = grader("check", hand_in(tmp_path, "ana", RIGHT), course=copy)
    assert result.exit_code == 3
    assert "not yours" in result.output


def test_grade_prints_the_class_and_where_the_reports_are(grader, tmp_path):
    hand_in(tmp_path / "class", "ana", RIGHT)
    hand_in(tmp_path / "class", "bea", RIGHT.replace("2 * np", "4 * np"))
    result = grader("grade", tmp_path / "class", "-o", tmp_path / "out", "--seed", "1", "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert "ana" in result.stdout
    assert "1 × square: slope_times_3" not in result.stdout
    assert str(tmp_path / "out") in result.stdout
    assert "2 submissions by 2 students" in result.stderr


def test_report_shows_a_graded_class(grader, tmp_path):
    hand_in(tmp_path / "class", "ana", RIGHT)
    hand_in(tmp_path / "class", "bea", RIGHT)
    grader("grade", tmp_path / "class", "-o", tmp_path / "out", "--jobs", "1")
    one = grader("report", tmp_path / "out", "--student", "ana")
    assert one.exit_code == 0, one.output
    assert "ana" in one.output and "bea" not in one.output
    assert "ana, bea" in grader("report", tmp_path / "out", "--student", "cid").output
    assert "First: `grader grade" in grader("report", tmp_path).output


def test_grade_as_json_is_a_list_of_reports(grader, tmp_path):
    hand_in(tmp_path / "class", "ana", RIGHT)
    result = grader("grade", tmp_path / "class", "-o", tmp_path / "out", "--format", "json", "--jobs", "1")
    (report,) = json.loads(result.stdout)
    assert (report["student"], report["score"]) == ("ana", 100)


def test_list_and_hint_speak_both_languages(made):
    def say(*words: str) -> str:
        return CliRunner().invoke(main, [*words, "--course", str(made)]).output

    assert "square is the square" in say("list", "--lang", "en")
    assert "square es el cuadrado" in say("list", "--lang", "es")
    assert say("hint", "square", "square_is_the_square", "--lang", "es") == "x por x\n"
    assert json.loads(say("list", "--format", "json"))[0]["id"] == "square"


def test_validate_as_json_is_one_object_for_each_assignment(grader):
    result = grader("validate", "--seeds", "1", "--jobs", "1", "--format", "json")
    proof = json.loads(result.stdout)
    assert result.exit_code == 0, result.output
    assert (proof["assignment"], proof["caught"], proof["problems"]) == ("square", 10, [])
    assert proof["margins"]["square_is_the_square"]["smallest_wrong"] > 1


def test_doctor_names_every_layer():
    result = CliRunner().invoke(main, ["doctor", "--format", "json"])
    assert set(json.loads(result.output)) == {"landlock", "seccomp", "rlimits", "no_privileges"}
    assert "Landlock" in CliRunner().invoke(main, ["doctor", "--lang", "en"]).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "sqare"], "Did you mean square"),
        (["check", "nowhere/square.py"], "nowhere"),
        (["check", "other.py"], "not named like any assignment"),
        (["hint", "square", "nothing"], "square_is_the_square"),
        (["hint", "sqare", "nothing"], "Did you mean square"),
        (["grade", "nowhere", "-o", "out"], "nowhere is neither a folder"),
        (["record", "sqare"], "Did you mean square"),
        (["validate", "--assignment", "sqare"], "Did you mean square"),
    ],
)
def test_a_wrong_turn_is_told_the_way_out(grader, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    result = grader(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("course.yaml", "language: en", "langage: en", "langage"),
        ("course.yaml", "[square]", "[square, cube]", "cube"),
        ("square/assignment.yaml", "points: 60", "points: 50", "add up to 90"),
        ("square/assignment.yaml", "points: 60", "points: sixty", "points"),
        ("square/assignment.yaml", "slope_is_the_derivative:", "slope_is:", "slope_is"),
        ("square/checks.py", "from grader import Case", "from grader import Cas", "checks.py"),
    ],
)
def test_a_broken_course_file_is_named_with_the_place(grader, tmp_path, file, old, new, words):
    course = tiny_course.build(tmp_path / "course")
    path = course / "assignments" / file
    path.write_text(path.read_text().replace(old, new))
    result = grader("check", hand_in(tmp_path, "ana", RIGHT), course=course)
    assert result.exit_code == 2
    assert words in result.output
    assert path.name in result.output


def test_no_course_is_told_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["list", "--lang", "en"])
    assert result.exit_code == 2
    assert "--course" in result.output


def test_an_out_folder_that_is_a_file_is_named(grader, tmp_path):
    hand_in(tmp_path / "class", "ana", RIGHT)
    (tmp_path / "out").write_text("")
    result = grader("grade", tmp_path / "class", "-o", tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 2
    assert "Cannot write" in result.output


def test_check_loads_nothing_that_it_does_not_use(made, tmp_path):
    """A student waits for it at every try: rich, nbformat and sqlite cost as much as the checks of a small assignment."""
    path = hand_in(tmp_path, "ana", RIGHT)
    heavy = ("rich", "nbformat", "torch", "matplotlib", "sqlite3", "watchfiles", "multiprocessing", "concurrent.futures")
    code = f"""
import sys
from grader.cli import main
main(["check", {str(path)!r}, "--course", {str(made)!r}], standalone_mode=False)
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_exists_for_every_command():
    for name in main.list_commands(click.Context(main)):
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 3


def test_a_reader_who_stops_listening_is_no_fault_of_ours(made):
    command = f"{sys.executable} -m grader list --course {made} | true"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert ended.stderr == ""
