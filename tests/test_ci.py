"""`grader ci`: what it writes for each platform, what it ends with, and that no trouble of ours is ever a zero."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from grader import ci as run
from grader import manifest, release, validation
from grader.cli import main
from grader.course import Course
from grader.errors import UsageError
from grader.surroundings import Surroundings, identity, surroundings
from tests import tiny_course
from tests.test_result_files import SCHEMA, command
from tests.tiny_course import RIGHT, STUB, hand_in

WRONG_SLOPE = RIGHT.replace("2 * np", "4 * np")
CLASSROOM50 = {
    "CLASSROOM": "class", "ASSIGNMENT": "square", "SUBMISSION_TAG": "submit/20261122T100000Z-abc1234", "OWNER": "ana",
    "COMMIT_URL": "https://c", "RELEASE_URL": "https://r", "REVIEW_URL": "https://v", "ASSIGNMENT_TYPE": "individual",
}  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tiny_course.build(tmp_path_factory.mktemp("course"))
    validation.record(Course.load(folder).assignments["square"])
    (folder / "reference" / "secret.txt").write_text("1\n")
    return folder


@pytest.fixture
def ci(course, tmp_path, monkeypatch):
    """Runs `grader ci` in tmp_path/repo with the instructor's course and an environment of its own."""
    repo = tmp_path / "repo"
    repo.mkdir()
    monkeypatch.chdir(repo)

    def call(*arguments: object, course=course, **environment: str) -> Result:
        words = ["ci", *map(str, arguments), "--lang", "en", "--gradescope", str(tmp_path / "autograder")]
        words += ["--course", str(course)] if course else []
        clean = dict.fromkeys(("GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", *CLASSROOM50))
        return CliRunner().invoke(main, words, env={**clean, **environment})

    return call


@pytest.fixture
def actions(tmp_path):
    """The environment of a step of GitHub Actions."""
    return {
        "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ana", "GITHUB_WORKSPACE": str(tmp_path / "repo"),
        "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }  # fmt: skip


def outputs(tmp_path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())


def commands(stdout: str) -> list[tuple[str, dict[str, str], str]]:
    """The workflow commands that the runner of GitHub would obey, by its rules."""
    found, stopped = [], ""
    for line in stdout.splitlines():
        line = line.lstrip()
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
        elif match := re.fullmatch(r"::stop-commands::(.+)", line):
            stopped = match[1]
        elif line.startswith("::"):
            found.append(command(line))
        else:
            assert "##[" not in line, line
    assert not stopped
    return found


def test_full_marks_end_with_0_and_lost_points_with_1(ci, tmp_path):
    hand_in(tmp_path, "repo", RIGHT)
    assert ci().exit_code == 0
    hand_in(tmp_path, "repo", WRONG_SLOPE)
    result = ci()
    assert result.exit_code == 1
    assert "60 / 100" in result.output
    assert "::" not in result.output


def test_in_actions_it_annotates_sums_up_and_hands_over_the_result(ci, actions, tmp_path):
    hand_in(tmp_path / "repo", "work", WRONG_SLOPE)
    result = ci("work", **actions)
    (error, notice) = commands(result.stdout)
    assert error[0] == "error"
    assert error[1]["file"] == "work/square.py"
    assert error[1]["line"] == str(1 + WRONG_SLOPE.splitlines().index("def slope(x):"))
    assert notice == ("notice", {"title": "grader"}, "60 / 100")
    assert (tmp_path / "summary.md").read_text().startswith("# 60 / 100")
    found = outputs(tmp_path)
    assert (found["score"], found["max-score"]) == ("60", "100")
    assert sum(test["score"] for test in json.loads(base64.b64decode(found["result"]))["tests"]) == 60


def test_no_word_of_a_student_is_a_workflow_command(ci, actions, tmp_path):
    """The control: outside the stopped part the same words would be commands."""
    words = "::error::forged\n::set-output name=score::100\n##[add-mask]x\n::endgroup::"
    assert len(commands("::error::forged")) == 1
    hand_in(tmp_path, "repo", f"print({words!r})\ndef square(x): raise ValueError({words!r})\n")
    result = ci(**actions)
    assert {level for level, _, _ in commands(result.stdout)} == {"error", "notice"}
    assert not [message for _, _, message in commands(result.stdout) if message == "forged"]
    assert "forged" in result.stdout
    (begin, *_), end = result.stdout.splitlines(), [line for line in result.stdout.splitlines() if re.fullmatch("::[0-9a-f]{32}::", line)]
    assert end == [f"::{begin.rpartition(':')[2]}::"]
    assert outputs(tmp_path)["score"] == "0"


def test_what_goes_wrong_is_told_in_the_stopped_part_too(ci, actions):
    result = ci("nowhere", **actions)
    assert result.exit_code == 2
    assert result.stderr == ""
    assert "not a folder" in result.stdout.splitlines()[1]
    assert commands(result.stdout) == []


def test_two_runs_never_use_the_same_token(ci, actions, tmp_path):
    hand_in(tmp_path, "repo", "square = 1")
    assert ci(**actions).stdout.splitlines()[0] != ci(**actions).stdout.splitlines()[0]


def test_files_that_were_asked_for_are_written(ci, tmp_path):
    hand_in(tmp_path, "repo", RIGHT)
    ci("--junit", tmp_path / "new" / "junit.xml", "--summary", tmp_path / "summary.md")
    assert 'tests="2"' in (tmp_path / "new" / "junit.xml").read_text()
    assert "100 / 100" in (tmp_path / "summary.md").read_text()


def test_public_only_leaves_hidden_checks_out_and_says_so(ci, tmp_path):
    hand_in(tmp_path, "repo", WRONG_SLOPE)
    result = ci("--public-only")
    assert result.exit_code == 0
    assert "60 / 60" in result.output
    assert "hidden" in result.output.splitlines()[-1]


def test_json_is_a_list_of_reports(ci, tmp_path):
    hand_in(tmp_path, "repo", RIGHT)
    (report,) = json.loads(ci("--format", "json", "--student", "bea").stdout)
    assert (report["student"], report["score"]) == ("bea", 100)


def test_json_stays_json_in_actions_and_the_runner_is_told_on_stderr(ci, actions, tmp_path):
    hand_in(tmp_path, "repo", WRONG_SLOPE)
    result = ci("--format", "json", **actions)
    assert json.loads(result.stdout)[0]["score"] == 60
    assert [level for level, _, _ in commands(result.stderr)] == ["error", "notice"]


# What is graded


def test_a_released_copy_in_which_nothing_was_begun_is_no_failure(ci, course, tmp_path, actions):
    release.write(Course.load(course), tmp_path / "repo" / "copy", requirement="x")
    result = ci("copy", course=None, **actions)
    assert result.exit_code == 0, result.output
    assert "not begun any assignment" in result.output
    assert json.loads(base64.b64decode(outputs(tmp_path)["result"]))["status"] == "fail"


def test_in_a_released_copy_what_was_begun_is_graded_on_its_public_checks(ci, course, tmp_path):
    copy = tmp_path / "repo" / "copy"
    release.write(Course.load(course), copy, requirement="x")
    (copy / "assignments" / "square" / "square.py").write_text(RIGHT)
    result = ci("copy", course=None)
    assert result.exit_code == 0, result.output
    assert "60 / 60" in result.output
    assert "square.ipynb" not in result.output  # it is as it was handed out: nobody handed it in
    (copy / manifest.NAME).unlink()
    assert "60 / 60" in ci("copy", course=None).output


def test_what_is_asked_for_is_graded_even_where_it_is_missing(ci, tmp_path):
    result = ci("--assignment", "square")
    assert result.exit_code == 1
    assert "`square.py` is missing" in result.output
    hand_in(tmp_path, "repo", STUB)
    assert "not written yet" in ci("--assignment", "square").output
    assert ci("--assignment", "sqare").exit_code == 2


def test_a_folder_without_any_exercise_is_a_usage_error(ci, tmp_path):
    assert ci().exit_code == 2
    assert ci("nowhere").exit_code == 2


def test_linked_and_odd_files_are_told_and_not_followed(ci, tmp_path, actions):
    (tmp_path / "repo" / "square.py").symlink_to("/etc/passwd")
    result = ci(**actions)
    assert "has to be an ordinary file" in result.output
    assert "root:" not in result.output + (tmp_path / "summary.md").read_text()


@pytest.mark.parametrize(
    ("around", "asked", "wanted"),
    [
        (Surroundings(), [], []),
        (Surroundings(), ["square"], ["square"]),
        (Surroundings(classroom50=True, slug="square"), [], ["square"]),
        (Surroundings(classroom50=True, slug="homework-1"), [], ["square"]),  # all: one maximum for everybody
        (Surroundings(gradescope=Path("/autograder")), [], ["square"]),
    ],
)
def test_where_a_platform_keeps_one_maximum_what_is_not_begun_counts(course, around, asked, wanted):
    assert run.wanted(Course.load(course), around, asked) == wanted


# Classroom 50


def test_classroom50_gets_a_result_that_its_schema_accepts(ci, tmp_path, actions):
    hand_in(tmp_path, "repo", WRONG_SLOPE)
    result = ci(**actions, **CLASSROOM50)
    found = json.loads((tmp_path / "repo" / "result.json").read_text())
    jsonschema.validate(found, SCHEMA)
    assert result.exit_code == 1
    assert (found["owner"], found["score"], found["max-score"]) == ("ana", 6000, 10000)
    assert outputs(tmp_path)["status"] == "failure"
    assert "60 / 100" in (tmp_path / "repo" / "release-body.md").read_text()


def test_a_link_in_the_students_repository_does_not_lead_our_result_elsewhere(ci, tmp_path):
    hand_in(tmp_path, "repo", RIGHT)
    victim = tmp_path / "workflow.yml"
    victim.write_text("safe")
    for name in ("result.json", "result.tmp", "release-body.md"):
        (tmp_path / "repo" / name).symlink_to(victim)
    assert ci(**CLASSROOM50).exit_code == 0
    assert victim.read_text() == "safe"
    assert json.loads((tmp_path / "repo" / "result.json").read_text())["score"] == 10000


@pytest.mark.parametrize("wrong", [{"COMMIT_URL": ""}, {"OWNER": ""}, {"SUBMISSION_TAG": "v1"}])
def test_half_an_environment_of_classroom50_is_refused(wrong):
    with pytest.raises(UsageError):
        identity({**CLASSROOM50, **wrong})


# Gradescope


@pytest.fixture
def autograder(tmp_path):
    """Gradescope's folder with one submission."""
    folder = tmp_path / "autograder"
    hand_in(folder, "submission", WRONG_SLOPE)
    (folder / "submission_metadata.json").write_text(json.dumps({"users": [{"name": "Ana Beltrán"}, {"name": "Bea"}]}))
    return folder


def test_gradescope_gets_its_results_and_names_who_handed_in(ci, autograder):
    result = ci()
    found = json.loads((autograder / "results" / "results.json").read_text())
    assert (found["score"], [test["score"] for test in found["tests"]]) == (60, [60, 0])
    assert "Ana Beltrán, Bea" in result.output


def test_odd_metadata_costs_nobody_anything(ci, autograder):
    (autograder / "submission_metadata.json").write_text("[1, 2")
    assert ci().exit_code == 1
    assert (autograder / "results" / "results.json").is_file()


def test_gradescope_is_not_looked_for_in_actions(tmp_path):
    (tmp_path / "submission").mkdir()
    assert surroundings({}, tmp_path).gradescope == tmp_path
    assert surroundings({"GITHUB_ACTIONS": "true"}, tmp_path).gradescope is None


# Our own faults


@pytest.fixture
def broken(course, tmp_path):
    """The course with a reference that fails."""
    folder = tiny_course.build(tmp_path / "broken")
    (folder / "reference" / "secret.txt").write_text("1\n")
    path = folder / "reference" / "square" / "square.py"
    path.write_text(path.read_text().replace("return 2 *", "return 1 / 0 *"))
    return folder


def test_a_fault_of_ours_is_no_mark_on_any_platform(ci, broken, autograder, actions, tmp_path):
    hand_in(tmp_path, "repo", RIGHT)
    result = ci(course=broken, **actions, **CLASSROOM50)
    assert result.exit_code == 3
    assert not (tmp_path / "repo" / "result.json").exists()
    found = outputs(tmp_path)
    assert "score" not in found and found["status"] == "error"
    assert "max_score" not in json.loads(base64.b64decode(found["result"]))
    assert ci(course=broken).exit_code == 3
    assert not (autograder / "results" / "results.json").exists()


def test_a_crash_of_ours_leaves_no_unfinished_mark_behind(ci, autograder, tmp_path, monkeypatch):
    def crash(*args: object) -> None:
        assert (autograder / "results" / "results.json").exists()  # the unfinished one
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(run.Delivery, "finish", crash)
    result = ci()
    assert result.exit_code == 3
    assert "disk on fire" in result.output
    assert not (autograder / "results" / "results.json").exists()


def test_what_stands_while_gradescope_may_stop_us_says_that_it_is_not_final(course, autograder):
    around = surroundings({}, autograder)
    run.Delivery(Course.load(course), "en", around, {}, {}, autograder).begin([], ["square"])
    assert "not final" in json.loads((autograder / "results" / "results.json").read_text())["output"]


def test_the_students_own_package_never_shadows_the_grader(course, tmp_path):
    """The console script does not look for modules where it runs. The control: `python -m` does."""
    hand_in(tmp_path, "repo", RIGHT)
    hand_in(tmp_path / "repo", "grader", "print('HIJACKED')\nraise SystemExit(0)\n", "__init__.py")
    hand_in(tmp_path / "repo", "grader", "", "__main__.py")

    def python(*options: str) -> str:
        command = [sys.executable, *options, "--version"]
        return subprocess.run(command, cwd=tmp_path / "repo", capture_output=True, text=True, timeout=60, check=False).stdout

    assert "HIJACKED" in python("-m", "grader")
    assert "HIJACKED" not in python("-P", "-m", "grader")
