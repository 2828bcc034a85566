"""What instructors copy: the action, the workflows and the scripts, run as their platforms run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from grader import release, validation
from grader.course import Course
from tests import tiny_course
from tests.test_ci import CLASSROOM50
from tests.test_result_files import SCHEMA
from tests.tiny_course import RIGHT, hand_in

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
WORKFLOWS = [
    *sorted(TEMPLATES.rglob("*.yml")), *sorted((ROOT / ".github" / "workflows").glob("*.yml")), ROOT / "grader" / "template" / "grader.yml",
]  # fmt: skip
SCRIPTS = [TEMPLATES / "gradescope" / "setup.sh", TEMPLATES / "gradescope" / "run_autograder", TEMPLATES / "private-repository" / "pull.sh"]
WRONG_SLOPE = RIGHT.replace("2 * np", "4 * np")


@pytest.fixture
def course(tmp_path):
    folder = tiny_course.build(tmp_path / "autograder" / "source" / "course")
    validation.record(Course.load(folder).assignments["square"])
    (folder / "reference" / "secret.txt").write_text("1\n")
    return folder


@pytest.fixture
def environment(tmp_path):
    """A clean environment in which this grader is the one that is installed, as a command and as a module."""
    command = tmp_path / "grader" / "bin" / "grader"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -P -c 'from grader.cli import main; main()' \"$@\"\n")
    command.chmod(0o755)
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "RUNNER_TEMP": str(tmp_path), "GRADER": str(command), "GRADER_LANG": "en"}


def run(command: list[str], cwd: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def steps(path: Path) -> list[dict]:
    """Every step of a workflow or an action."""
    file = yaml.safe_load(path.read_text())
    jobs = file["jobs"].values() if "jobs" in file else [file["runs"]]
    return [step for job in jobs for step in job["steps"]]


# Workflows


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_say_what_they_may_do_and_how_long(path):
    file = yaml.safe_load(path.read_text())
    assert file["permissions"]["contents"] == "read"
    for name, job in file["jobs"].items():
        assert name == "publish" or job["timeout-minutes"] <= 360


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.name)
def test_no_value_is_pasted_into_a_script(path):
    assert not [step["run"] for step in steps(path) if "${{" in step.get("run", "")]
    for step in steps(path):
        assert subprocess.run(["bash", "-n"], input=step.get("run", ""), text=True, check=False).returncode == 0


def test_where_student_code_runs_no_token_is_left_in_the_checkout():
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout")]
            if job.get("permissions", {}).get("contents") != "write":
                assert all(step.get("with", {}).get("persist-credentials") is False for step in checkouts), path


def test_while_the_class_is_graded_no_token_is_there():
    grade = yaml.safe_load((TEMPLATES / "private-repository" / "grade-class.yml").read_text())["jobs"]["grade"]
    (step,) = [step for step in grade["steps"] if step.get("name") == "Grade"]
    assert step["env"].keys() == {"GRADER_SEED"}
    assert "permissions" not in grade  # those of the workflow: read


def test_the_repository_runs_what_anybody_runs():
    assert [step["run"] for step in steps(ROOT / ".github" / "workflows" / "test.yml") if "run" in step] == [".ci/run"]


# The action


def test_the_action_grades_what_its_inputs_say(course, environment, tmp_path):
    hand_in(tmp_path, "repo", WRONG_SLOPE)
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    (grade,) = [step for step in action["runs"]["steps"] if step.get("id") == "grade"]
    given = {"assignments": "square", "folder": "repo", "course": str(course), "language": "en", "junit": "junit.xml"}
    inputs = {name: given.get(name, str(entry["default"])) for name, entry in action["inputs"].items()}
    filled = {name: inputs[re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)[1]] for name, value in grade["env"].items()}
    github = {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_WORKSPACE": str(tmp_path)}
    done = run(["bash", "-euo", "pipefail", "-c", grade["run"]], tmp_path, {**environment, **filled, **github})
    assert done.returncode == 1, done.stderr
    assert "::error file=repo/square.py" in done.stdout
    written = {line.partition("=")[0] for line in (tmp_path / "output").read_text().splitlines()}
    assert set(action["outputs"]) == written == {"result", "score", "max-score"}
    assert (tmp_path / "junit.xml").is_file()


def test_an_input_of_the_action_is_never_a_command(course, environment, tmp_path):
    (grade,) = [step for step in steps(ROOT / "action.yml") if step.get("id") == "grade"]
    nasty = dict.fromkeys(grade["env"], "") | {"FOLDER": "; touch owned", "ASSIGNMENTS": "$(touch owned)", "COURSE": str(course)}
    assert run(["bash", "-euo", "pipefail", "-c", grade["run"]], tmp_path, {**environment, **nasty}).returncode == 2
    assert not (tmp_path / "owned").exists()


# Classroom 50


@pytest.fixture
def bundle(course, tmp_path):
    """The folder of an assignment's autograder, with the students' copy in it."""
    folder = tmp_path / "bundle"
    release.write(Course.load(course), folder / "course", requirement="x")
    (folder / "autograder.py").write_text((TEMPLATES / "classroom50" / "autograder.py").read_text())
    return folder


@pytest.mark.parametrize(("code", "score"), [(RIGHT, 6000), (RIGHT.replace("** 2", "** 2 * 3"), 0)])
def test_classroom50s_autograder_ends_with_0_whatever_the_mark(bundle, environment, tmp_path, code, score):
    hand_in(tmp_path, "repo", code)
    hand_in(tmp_path / "repo", "grader", "raise SystemExit('HIJACKED')\n", "__init__.py")
    done = run([sys.executable, str(bundle / "autograder.py")], tmp_path / "repo", {**environment, **CLASSROOM50})
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "repo" / "result.json").read_text())
    jsonschema.validate(found, SCHEMA)
    assert (found["score"], found["max-score"]) == (score, 6000)


def test_classroom50s_autograder_gives_no_result_for_a_fault(bundle, environment, tmp_path):
    hand_in(tmp_path, "repo", RIGHT)
    (bundle / "course" / "assignments" / "square" / "recorded.json").write_text("{}")
    done = run([sys.executable, str(bundle / "autograder.py")], tmp_path / "repo", {**environment, **CLASSROOM50})
    assert done.returncode not in (0, 1)
    assert not (tmp_path / "repo" / "result.json").exists()


# Gradescope


@pytest.fixture
def gradescope(course, tmp_path):
    folder = tmp_path / "autograder"
    (folder / "source" / "assignments.txt").write_text("square\n")
    script = folder / "run_autograder"
    script.write_text((TEMPLATES / "gradescope" / "run_autograder").read_text())
    script.chmod(0o755)
    (folder / "submission").mkdir()
    return folder


@pytest.mark.parametrize(("code", "score"), [(WRONG_SLOPE, 60), ("", 0)])
def test_gradescopes_autograder_writes_its_results(gradescope, environment, code, score):
    if code:
        hand_in(gradescope, "submission", code)
    done = run([str(gradescope / "run_autograder")], Path("/"), environment)
    assert done.returncode == 0, done.stderr
    found = json.loads((gradescope / "results" / "results.json").read_text())
    assert (found["score"], sum(test["max_score"] for test in found["tests"])) == (score, 100)


def test_gradescopes_autograder_fails_aloud_where_the_fault_is_ours(gradescope, course, environment):
    hand_in(gradescope, "submission", RIGHT)
    (course / "reference" / "square" / "square.py").write_text("def square(x): 1 / 0\n")
    assert run([str(gradescope / "run_autograder")], Path("/"), environment).returncode == 3
    assert not (gradescope / "results" / "results.json").exists()


# The private repository


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_executable_and_whole(path):
    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


def test_pull_takes_everybodys_repository_and_goes_on_after_one_that_is_broken(environment, tmp_path):
    for name in ("hw-ana", "hw-bea", "other"):
        folder = hand_in(tmp_path / "github" / "org", f"{name}.git", RIGHT).parent
        (folder / "link.py").symlink_to("/etc/passwd")
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "x"]):
            subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text("#!/bin/sh\nprintf 'hw-ana\\nhw-gone\\nother\\nhw-bea\\nhw-\\n'\n")
    gh.chmod(0o755)
    git = {
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/github/.insteadOf", "GIT_CONFIG_VALUE_0": "https://github.com/",
    }  # fmt: skip
    path = f"{gh.parent}:{environment['PATH']}"
    command = [str(TEMPLATES / "private-repository" / "pull.sh"), "org", "hw-", "submissions"]
    done = run(command, tmp_path, {**environment, **git, "PATH": path})
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "submissions"
    assert sorted(entry.name for entry in folder.iterdir()) == ["ana", "bea"]
    assert (folder / "ana" / "square.py").read_text() == RIGHT
    assert not (folder / "ana" / "link.py").is_symlink()
    assert not (folder / "ana" / ".git").exists()
    assert "hw-gone" in done.stdout
