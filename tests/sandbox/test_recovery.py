"""What dies of ours costs one check at most: the Runner starts it anew for the next one."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from msgspec import structs

from grader.course import Course
from grader.errors import Fault
from grader.runner import Runner, _Reference, _require_closed
from grader.sandbox import profile
from grader.sandbox.supervisor import Program
from tests import tiny_course


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    """The tiny course's one assignment, with time enough for a machine that others use too."""
    found = Course.load(tiny_course.build(tmp_path_factory.mktemp("course"))).assignments["square"]
    return with_limits(found, call_s=30.0, check_s=60.0, load_s=30.0)


def with_limits(assignment, **limits):
    """The assignment with other limits."""
    other = replace(assignment)
    vars(other)["file"] = structs.replace(assignment.file, limits=structs.replace(assignment.file.limits, **limits))  # a cached property
    return other


@pytest.fixture
def runner():
    """A Runner, closed after the test."""
    with Runner("seed") as runner:
        yield runner


def attempt(runner, assignment, source=tiny_course.RIGHT, check=0):
    """One check of one submission."""
    return runner.attempt(assignment, assignment.checks[check], Program("square", "square.py", {"square.py": source.encode()}))


def passed(trial):
    """Whether a check passed without a fault."""
    return trial.trouble is None and trial.fault == ""


def test_dead_zygote_is_replaced(runner, assignment):
    """A zygote that was killed between two checks is started again, and so is the reference that it took with it."""
    assert passed(attempt(runner, assignment))
    (zygote,) = runner._zygotes.values()
    os.kill(zygote._process.pid, signal.SIGKILL)
    zygote._process.wait()
    assert passed(attempt(runner, assignment))
    assert not zygote.stage.exists()


def test_zygote_that_dies_during_a_check_costs_that_check_alone(runner, assignment, monkeypatch):
    """The check in which it happens has no mark (a fault, not the student's); the next one passes."""
    assert passed(attempt(runner, assignment))
    (zygote,) = runner._zygotes.values()
    judge = Runner._judge

    def killed(self, *args):
        os.kill(zygote._process.pid, signal.SIGKILL)
        zygote._process.wait()
        return judge(self, *args)

    monkeypatch.setattr(Runner, "_judge", killed)
    trial = attempt(runner, assignment)
    assert trial.trouble is None
    assert trial.fault != ""
    monkeypatch.setattr(Runner, "_judge", judge)
    assert passed(attempt(runner, assignment))


def test_dead_reference_is_replaced(runner, assignment):
    """A reference whose worker has ended is started again before the next check."""
    assert passed(attempt(runner, assignment))
    runner._references["square"].worker.kill()
    assert passed(attempt(runner, assignment, check=1))


def test_worn_reference_is_replaced(runner, assignment, monkeypatch):
    """A reference that has answered many questions holds many objects: it is replaced between two checks."""
    monkeypatch.setattr("grader.runner._REQUESTS", 1)
    assert passed(attempt(runner, assignment))
    first = runner._references["square"]
    runner.seed = "another"  # what was asked before is remembered, not asked again
    assert passed(attempt(runner, assignment))
    assert runner._references["square"] is not first
    assert not first.worker.alive


def test_reference_that_does_not_load_is_our_fault(runner, assignment, monkeypatch):
    """A reference whose import ends its process is no trouble of the student's."""
    broken = Program("square", "square.py", {"square.py": b"import os\nos._exit(1)"})
    monkeypatch.setattr("grader.runner.reference_program", lambda assignment: broken)
    trial = attempt(runner, assignment)
    assert trial.trouble is None
    assert "loading the reference" in trial.fault


def test_reference_may_take_its_time(runner, assignment):
    """A reference serves a whole class: it has a day of processor time, where a submission has its check's."""
    assert passed(attempt(runner, assignment))
    assert isinstance(runner._references["square"], _Reference)
    assert runner._references["square"].worker._process.limits.cpu_s == 86_400


def test_starved_import_is_marked_for_a_second_try(runner, assignment):
    """Time that ran out during the import, little of it the student's, is said so to whoever grades."""
    trial = attempt(runner, with_limits(assignment, load_s=0.4), "import time\ntime.sleep(60)")
    assert trial.loading
    assert trial.trouble.fact.key == "limit_load"
    assert trial.trouble.starved


@pytest.mark.parametrize("source", ["import os\nos._exit(0)", "import os, time\ntime.sleep(0)\nos.kill(os.getpid(), 9)", "1 / 0", ""])
def test_end_of_a_submission_is_no_end_of_the_runner(runner, assignment, source):
    """However a submission ends, the next one is graded."""
    assert not passed(attempt(runner, assignment, source))
    assert passed(attempt(runner, assignment))


def test_reference_in_a_place_that_all_may_read_is_refused(assignment, monkeypatch):
    """A course inside a folder that workers may read, a library's, say, is not graded: its reference would be open."""
    _require_closed(assignment)
    readable, course = profile.readable, str(assignment.folder.parents[1])
    monkeypatch.setattr(profile, "readable", lambda imports: (*readable(imports), course))
    with pytest.raises(Fault, match="move the course elsewhere"):
        _require_closed(assignment)


def test_fault_that_quotes_a_student_is_made_harmless(runner, assignment, monkeypatch):
    """An exception of ours may quote what a student returned: it is cut, and printable."""

    def failing(*_):
        raise ValueError("\x1b[2J" + "x" * 10_000)

    monkeypatch.setattr(Runner, "_reference", failing)
    trial = attempt(runner, assignment)
    assert len(trial.fault) == 500
    assert "\x1b" not in trial.fault
