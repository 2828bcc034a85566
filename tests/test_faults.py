"""What goes wrong on our side: nothing graded is lost, the next run goes on, it is told as ours (exit code 3), no mark is made up.

Done for real where that can be done: processes are killed, disks are full, the keyboard interrupts. `test_gradebook` kills the grader
itself again and again, `tests/sandbox/test_recovery.py` what it holds in memory.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import runner as running_of_checks
from grader.cli import main
from grader.course import Course
from grader.errors import Fault
from grader.gradebook import Gradebook
from grader.grading import Grader
from grader.runner import Runner
from grader.submission import Submission
from tests import tiny_course
from tests.sandbox.attack import running, within
from tests.tiny_course import RIGHT, hand_in

STUDENTS = [f"s{number:02}" for number in range(24)]
ROOT = os.geteuid() == 0


@pytest.fixture
def course(tmp_path):
    """The tiny course, its answers recorded."""
    folder = tiny_course.build(tmp_path / "course")
    assert CliRunner().invoke(main, ["record", "--course", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def handed_in(tmp_path):
    """A class of right submissions."""
    for student in STUDENTS:
        hand_in(tmp_path / "class", student, RIGHT)
    return tmp_path / "class"


def command(course: Path, handed_in: Path, out: Path, jobs: int = 1) -> list[str]:
    words = ["grade", handed_in, "-o", out, "--course", course, "--seed", "secret", "--lang", "en", "--jobs", jobs]
    return [sys.executable, "-m", "grader", *map(str, words)]


def begun(course: Path, handed_in: Path, out: Path, jobs: int = 1) -> subprocess.Popen[str]:
    """A grader at work, in a process group like those that a terminal makes, with its first results there."""
    words = command(course, handed_in, out, jobs)
    temporary(out).mkdir()
    grader = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(temporary(out))},
    )  # fmt: skip
    until(lambda: len(kept(out)) >= 2 or grader.poll() is not None)
    return grader


def temporary(out: Path) -> Path:
    """Where that grader has its temporary files."""
    return out.with_name("temporary")


def finished(course: Path, handed_in: Path, out: Path) -> str:
    """Grade, or go on; it must end well. What it said at its end."""
    done = subprocess.run(command(course, handed_in, out), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert set(grades(out).values()) == {"100"}
    return done.stdout


def kept(out: Path) -> dict[str, bytes]:
    """The reports that are there."""
    return {path.parent.name: path.read_bytes() for path in out.glob("results/*/square.json")}


def grades(out: Path) -> dict[str, str]:
    with (out / "grades.csv").open(newline="") as file:
        return {row["student"]: row["square"] for row in csv.DictReader(file)}


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait, but not for ever."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that are there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            found += [int(stat.parent.name)] if int(parent) == pid and state != "Z" else []
    return found


def descendants(pid: int) -> list[int]:
    """Those, and theirs."""
    return [other for child in children(pid) for other in (child, *descendants(child))]


# -- the keyboard, and kill -9 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupt_ends_cleanly_and_tells_how_to_go_on(course, handed_in, tmp_path, jobs):
    """Ctrl-C reaches every process of the terminal: one line is said, nothing is left running, and the same command goes on."""
    out = tmp_path / "out"
    grader = begun(course, handed_in, out, jobs)
    ours = descendants(grader.pid)
    os.killpg(grader.pid, signal.SIGINT)
    _, said = grader.communicate(timeout=60)
    before = kept(out)
    assert grader.returncode == 130
    assert said.splitlines()[-1] == f"Interrupted. What has been graded is kept in {out}; the same command goes on from there."
    assert "Traceback" not in said
    assert 2 <= len(before) < len(STUDENTS)
    assert set(grades(out)) >= set(before)
    until(lambda: not any(map(running, ours)), 20)
    assert list(temporary(out).iterdir()) == []
    assert f"Unchanged since last time: {len(before)}." in finished(course, handed_in, out)
    assert {student: kept(out)[student] for student in before} == before


def test_killed_zygote_costs_no_mark(course, handed_in, tmp_path):
    """kill -9 of what forks the workers: the run goes on; where a check was lost there is no mark, and the next run gives it."""
    out = tmp_path / "out"
    grader = begun(course, handed_in, out)
    shot: set[int] = set()
    while len(shot) < 3 and grader.poll() is None:
        for zygote in children(grader.pid):
            killed(zygote, shot)
        time.sleep(0.3)
    _, said = grader.communicate(timeout=120)
    assert shot
    marks = grades(out)
    assert set(marks) == set(STUDENTS)
    assert set(marks.values()) <= {"100", ""}
    assert grader.returncode == (3 if "" in marks.values() else 0), said
    finished(course, handed_in, out)


def test_killed_workers_cost_no_mark(course, handed_in, tmp_path):
    """kill -9 of whatever the zygote has forked (students' workers and the reference's), now and then, by the machine say."""
    out = tmp_path / "out"
    grader = begun(course, handed_in, out)
    (zygote,) = children(grader.pid)
    shot: set[int] = set()
    while grader.poll() is None:
        for pid in children(zygote)[:1]:
            killed(pid, shot)
        time.sleep(0.4)
    _, said = grader.communicate(timeout=120)
    assert shot
    marks = grades(out)
    assert set(marks.values()) <= {"100", ""}, said
    assert grader.returncode == (3 if "" in marks.values() else 0), said
    finished(course, handed_in, out)


def killed(pid: int, shot: set[int]) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        shot.add(pid)


def graded(course: Path, path: Path, **options: object):
    """The report on one submission, by a grader of its own."""
    with Runner("secret", **options) as runner:
        return Grader(Course.load(course), runner, language="en", only_public=bool(options)).grade(Submission("ana", "square", path))


@pytest.mark.parametrize(("times", "score"), [(1, 100), (99, 0)])
def test_worker_that_is_killed_once_is_tried_again(course, tmp_path, monkeypatch, times, score):
    """Killed once, it was the machine; killed at every try, it is the submission's own doing, and never a fault of ours."""
    judge, left = Runner._judge, [times]

    def shooting(self, assignment, check, student, drawings):
        if left[0] > 0:
            left[0] -= 1
            os.kill(student._session.worker.pid, signal.SIGKILL)
        return judge(self, assignment, check, student, drawings)

    monkeypatch.setattr(Runner, "_judge", shooting)
    report = graded(course, hand_in(tmp_path, "ana", RIGHT))
    assert (report.status, report.score) == ("graded", score)


def test_who_kills_itself_is_no_fault_of_ours(course, tmp_path):
    report = graded(course, hand_in(tmp_path, "ana", "import os\ndef square(x): os.kill(os.getpid(), 9)\n"))
    assert (report.status, report.score, report.checks[0].outcome) == ("graded", 0, "crashed")
    assert "SIGKILL" in report.checks[0].message


# -- disks and clocks -----------------------------------------------------------------------------------------------------------------


@contextmanager
def disk(folder: Path, size: str) -> Iterator[None]:
    """A small disk of its own at `folder`."""
    folder.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def remounted(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


@pytest.mark.skipif(not ROOT, reason="only root can mount a small disk")
@pytest.mark.parametrize(("size", "jobs", "all_graded"), [("160k", 1, False), ("160k", 2, False), ("300k", 1, True)])
def test_full_disk_is_told_as_ours_and_the_next_run_goes_on(course, handed_in, tmp_path, size, jobs, all_graded):
    """Full in mid-batch, or when the pages are written."""
    out = tmp_path / "disk"
    with disk(out, size):
        done = subprocess.run(command(course, handed_in, out, jobs), capture_output=True, text=True, timeout=120, check=False)
        before = kept(out)
        assert done.returncode == 3, done.stderr
        assert "the disk is full" in done.stderr
        assert "goes on from there" in done.stderr
        assert "Traceback" not in done.stderr
        assert (len(before) > 0, len(before) == len(STUDENTS)) == (True, all_graded)
        assert all(json.loads(report)["score"] == 100 for report in before.values())
        remounted(out, "size=64m")
        with Gradebook(out) as book:
            assert {report.student for report in book.reports()} <= set(before)
        finished(course, handed_in, out)
        assert set(kept(out)) == set(STUDENTS)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody can write to `folder`: not even root, to whom modes mean nothing."""
    if ROOT:
        remounted(folder, "ro")
        yield
        remounted(folder, "rw")
        return
    inside = [folder, *folder.rglob("*")]
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield
    for path in inside:
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize("graded_before", [False, True])
def test_read_only_output_folder_is_told_as_ours(course, handed_in, tmp_path, graded_before):
    """At the first run and at a later one: exit code 3, in words, and all that there was is still there."""
    out = tmp_path / "disk"
    with disk(out, "16m") if ROOT else nullcontext():
        out.mkdir(exist_ok=True)
        if graded_before:
            finished(course, handed_in, out)
            hand_in(handed_in, "zoe", RIGHT)
        before = kept(out)
        with read_only(out):
            done = subprocess.run(command(course, handed_in, out), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 3, done.stderr
        assert "read-only" in done.stderr or "permission" in done.stderr
        assert "Traceback" not in done.stderr
        assert kept(out) == before
        finished(course, handed_in, out)


def test_clock_that_jumps_changes_nothing(course, tmp_path, monkeypatch):
    """Deadlines are kept by a clock that nobody sets: with a wall clock that leaps by a day to and fro, marks and limits are the same."""
    real, calls = time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: real() + (86_400 if next(calls) % 2 else -86_400))
    assert abs(time.time() - time.time()) > 86_400
    path = hand_in(tmp_path, "ana", RIGHT)
    assert graded(course, path).score == 100
    path.write_text("def square(x):\n    while True: pass\n")
    with within(15):
        report = graded(course, path)
    assert (report.status, report.checks[0].outcome) == ("graded", "limit")


# -- the course -----------------------------------------------------------------------------------------------------------------------

WRONG_SLOPE = RIGHT.replace("2 * np", "5 * np")


def spoilt(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Something of the course is broken."""

    def spoil(course: Path) -> None:
        file = course / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return spoil


HIDDEN, REFERENCE, BANK = "reference/square/checks.py", "reference/square/square.py", "reference/square/mistakes"
SPOILT = {
    "a crash inside a check": (RIGHT, spoilt(HIDDEN, "    x = point", "    1 / 0\n    x = point"), "ZeroDivisionError"),
    "a check without its name": (RIGHT, spoilt("assignments/square/checks.py", "values.matches(", "values.no_such("), "no_such"),
    "a reference that raises": (RIGHT, spoilt(REFERENCE, "    return 2", "    raise OSError\n    return 2"), "reference's slope"),
    "a reference that ends": (RIGHT, spoilt(REFERENCE, "import numpy", "import os; os._exit(0)\nimport numpy"), "reference"),
    "a reference without a function": (RIGHT, spoilt(REFERENCE, "def slope", "def slop"), "slope"),
    "a broken mistake": (WRONG_SLOPE, spoilt(f"{BANK}/slope_times_3.py", "def slope(x):", "def slope(x:"), "slope_times_3"),
    "a lost mistake": (WRONG_SLOPE, lambda course: (course / BANK / "slope_times_3.py").unlink(), "slope_times_3"),
    "a broken list of mistakes": (WRONG_SLOPE, spoilt(f"{BANK}.yaml", "check:", "check"), "mistakes.yaml"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_broken_course_is_told_as_ours_and_mending_it_gives_the_mark(course, tmp_path, what):
    """Exit code 3, no points in any check that could not be judged, no total; whoever could be judged has a mark; then all have."""
    code, spoil, words = SPOILT[what]
    whole = tiny_course.build(tmp_path / "whole")
    hand_in(tmp_path / "class", "ana", code)
    hand_in(tmp_path / "class", "bea", "")
    spoil(course)
    out = tmp_path / "out"
    arguments = ["grade", str(tmp_path / "class"), "-o", str(out), "--seed", "secret", "--lang", "en", "--jobs", "1", "--course"]
    done = CliRunner().invoke(main, [*arguments, str(course)])
    report = json.loads((out / "results" / "ana" / "square.json").read_text())
    assert done.exit_code == 3, done.output
    assert "our own fault" in done.stderr
    assert (report["status"], report["score"], grades(out)["ana"]) == ("fault", None, "")
    assert any(check["outcome"] == "fault" and words in check["message"] for check in report["checks"])
    assert all(check["points"] is None for check in report["checks"] if check["outcome"] in ("fault", "skipped"))
    mended = CliRunner().invoke(main, [*arguments, str(whole)])
    assert mended.exit_code == 0, mended.output
    assert grades(out) == {"ana": "100" if code == RIGHT else "60", "bea": "0"}


LOST = {
    "the file": lambda file: file.unlink(),
    "its end": lambda file: file.write_text(file.read_text()[:200]),
    "an answer": lambda file: file.write_text(json.dumps(json.loads(file.read_text()) | {"checks": {}})),
}


@pytest.mark.parametrize("what", LOST)
def test_missing_recorded_answer_is_ours(course, tmp_path, what):
    """In a student's copy nothing else can answer: no mark and exit code 3, whatever the submission is like."""
    LOST[what](course / "assignments/square/recorded.json")
    (course / "reference").rename(tmp_path / "hidden")
    done = CliRunner().invoke(main, ["check", str(hand_in(tmp_path, "ana", RIGHT)), "--course", str(course), "--lang", "en"])
    assert done.exit_code == 3, done.output
    assert "recorded.json" in done.output
    assert "–" in done.stdout
    assert "Traceback" not in done.output


def test_machine_where_no_worker_can_import_is_asked_again_each_time(course, tmp_path, monkeypatch):
    """What fails for a harmless program is never taken for the student's failure: not at the second check either."""
    tried = []

    def failing(zygote):
        tried.append(zygote)
        raise Fault("no library")

    monkeypatch.setattr(running_of_checks, "_probe", failing)
    with Runner("secret") as runner:
        grader = Grader(Course.load(course), runner, language="en")
        for _ in range(2):
            report = grader.grade(Submission("ana", "square", hand_in(tmp_path, "ana", "import numpy as np\nnp.nothing\n")))
            assert (report.status, report.score) == ("fault", None)
            assert all(check.points is None for check in report.checks)
    assert len(tried) == 2
    assert not any(zygote.alive for zygote in tried)
