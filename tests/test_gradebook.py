"""The gradebook keeps every attempt, what counts and why, and loses nothing to whoever kills or doubles the grader."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import batch
from grader.arrivals import look
from grader.course import Course
from grader.errors import Fault, UsageError
from grader.gradebook import Gradebook
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

HALF = "def square(x): return x ** 2\n"
DEADLINE = datetime(2026, 10, 9, 22, 0, tzinfo=UTC)


@pytest.fixture
def course(tmp_path):
    return Course.load(tiny_course.build(tmp_path / "course"))


def with_policy(course, policy):
    path = course.folder / "assignments" / "course.yaml"
    path.write_text(tiny_course.COURSE + policy)
    return Course.load(course.folder)


def run(course, folder, out, **options):
    return batch.grade(course, look(folder, course.assignments).submissions, out, seed="secret", language="en", **options)


def mark(out, student="ana"):
    return json.loads((out / "results" / student / "square.json").read_text())["mark"]


def changes(out):
    with Gradebook(out) as book:
        return [(change.student, change.value, change.why) for change in book.history()]


def grades(out):
    with (out / "grades.csv").open(newline="") as file:
        return {row["student"]: row["square"] for row in csv.DictReader(file)}


def test_every_attempt_is_kept_and_the_last_counts(course, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    for code in (RIGHT, HALF):
        hand_in(folder, "ana", code)
        run(course, folder, out)
    assert (mark(out)["value"], mark(out)["attempt"], mark(out)["attempts"]) == (60, 2, 2)
    assert changes(out) == [("ana", 100, "handed_in"), ("ana", 60, "handed_in")]


def test_who_goes_back_to_an_earlier_version_has_handed_that_in(course, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    for code in (RIGHT, HALF):
        hand_in(folder, "ana", code)
        run(course, folder, out)
    hand_in(folder, "ana", RIGHT)
    assert run(course, folder, out).graded == 0  # its report was still good
    assert (mark(out)["value"], mark(out)["attempts"], grades(out)["ana"]) == (100, 2, "100")


def test_who_goes_back_has_handed_that_in_also_where_the_assignment_has_changed_meanwhile(course, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    for code in (RIGHT, HALF):
        hand_in(folder, "ana", code)
        run(course, folder, out)
    hand_in(folder, "ana", RIGHT)
    batch.grade(course, look(folder, course.assignments).submissions, out, seed="another secret", language="en")
    assert (mark(out)["value"], mark(out)["attempts"]) == (100, 2)


def test_the_best_attempt_counts_where_the_course_says_so(course, tmp_path):
    course, folder, out = with_policy(course, "attempts: best\n"), tmp_path / "class", tmp_path / "out"
    for code in (RIGHT, HALF):
        hand_in(folder, "ana", code)
        run(course, folder, out)
    assert (mark(out)["value"], mark(out)["attempt"], mark(out)["attempts"]) == (100, 1, 2)


def test_lateness_costs_what_the_course_says_and_an_extension_moves_the_deadline(course, tmp_path):
    course = with_policy(course, "deadlines: {square: 2026-10-09T22:00:00+00:00}\nlate: {per_day: 20, most: 60}\n")
    folder, out = tmp_path / "class", tmp_path / "out"
    for student in ("ana", "bea", "cid"):
        hand_in(folder, student, RIGHT)
    late = {"ana": DEADLINE + timedelta(hours=25), "bea": DEADLINE + timedelta(hours=25)}
    run(course, folder, out, times=lambda submission: late.get(submission.student))
    assert grades(out) == {"ana": "60", "bea": "60", "cid": "100"}  # nobody knows when cid handed in: never late
    assert (mark(out)["late_days"], mark(out)["penalty"]) == (2, 40)
    (course.folder / "reference" / "extensions.yaml").write_text("bea: {square: 2026-10-12T22:00:00+00:00}\n")
    assert run(Course.load(course.folder), folder, out).graded == 0
    assert grades(out) == {"ana": "60", "bea": "100", "cid": "100"}
    assert changes(out)[-1] == ("bea", 100, "policy")


def test_times_that_come_after_the_grading_count_too(course, tmp_path):
    course = with_policy(course, "deadlines: {square: 2026-10-09T22:00:00+00:00}\nlate: {per_day: 20}\n")
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "ana", RIGHT)
    run(course, folder, out)
    assert run(course, folder, out, times=lambda submission: DEADLINE + timedelta(hours=25)).graded == 0
    assert (mark(out)["value"], grades(out)["ana"]) == (60, "60")


def test_what_is_seen_again_later_is_as_old_as_the_first_time(course, tmp_path):
    course = with_policy(course, "deadlines: {square: 2026-10-09T22:00:00+00:00}\nlate: {per_day: 20}\n")
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "ana", RIGHT)
    run(course, folder, out, times=lambda submission: DEADLINE)
    run(course, folder, out, times=lambda submission: DEADLINE + timedelta(days=3), again=True)
    assert mark(out)["value"] == 100


def test_an_adjustment_survives_and_is_written_down(course, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "ana", HALF)
    run(course, folder, out)
    with Gradebook(out) as book:
        assert book.adjust("ana", "square", 10, "explained it well in class").value == 70
        with pytest.raises(UsageError, match="bea"):
            book.adjust("bea", "square", 10, "nobody")
    hand_in(folder, "ana", RIGHT)
    run(course, folder, out)
    assert mark(out)["value"] == 100  # never above what could be had
    run(course, folder, out, again=True)
    assert mark(out)["adjustment"] == 10
    assert changes(out) == [("ana", 60, "handed_in"), ("ana", 70, "adjusted"), ("ana", 100, "handed_in")]


def test_a_gradebook_of_a_later_grader_is_left_alone(course, tmp_path):
    out = tmp_path / "out"
    Gradebook(out).__exit__(None, None, None)
    with sqlite3.connect(out / "gradebook.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="99"):
        Gradebook(out)


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"no database" * 100), lambda path: path.mkdir()])
def test_a_broken_gradebook_is_named(tmp_path, spoil):
    (tmp_path / "out").mkdir()
    spoil(tmp_path / "out" / "gradebook.db")
    with pytest.raises(UsageError, match="out"):
        Gradebook(tmp_path / "out")


def test_a_full_disk_is_told_and_keeps_what_there_is(course, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "ana", RIGHT)
    run(course, folder, out)
    hand_in(folder, "bea", RIGHT)
    with Gradebook(out) as book:
        book.db.execute("PRAGMA max_page_count = 1")  # as SQLite sees a disk without room
        with pytest.raises(Fault, match="disk is full"), book._writing():
            book.db.execute("CREATE TABLE more AS SELECT randomblob(1000000)")
    assert changes(out) == [("ana", 100, "handed_in")]


GRADE = [sys.executable, "-m", "grader", "grade"]


def command(course, folder, out, *more):
    return [*GRADE, str(folder), "-o", str(out), "--course", str(course.folder), "--seed", "secret", "--lang", "en", "--jobs", "1", *more]


def without_times(out):
    """Every result, but for when it was made and how long it took."""
    found = {}
    for path in sorted(out.glob("results/*/*.json")):
        report = json.loads(path.read_text())
        for part in (report, *report["checks"]):
            part.pop("started", None), part.pop("duration_s", None)
        found[path.parent.name] = report
    return found


def test_a_grader_killed_again_and_again_comes_to_the_same_end(course, tmp_path):
    """Killed at random moments, 50 times: what is graded stays, and at the end all is as if nothing had happened."""
    folder = tmp_path / "class"
    for number in range(24):
        hand_in(folder, f"s{number:02}", RIGHT if number % 3 else HALF.replace("2", f"2 + {number}"))
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    run(course, folder, whole)
    rng, kept = random.Random(0), set()
    for _ in range(50):
        process = subprocess.Popen(command(course, folder, killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.1, 0.9))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (killed / "gradebook.db").exists():
            with Gradebook(killed) as book:
                now = set(book.kept())
            assert kept <= now
            kept = now
    done = subprocess.run(command(course, folder, killed), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert without_times(killed) == without_times(whole)
    assert (killed / "grades.csv").read_text() == (whole / "grades.csv").read_text()


def test_two_graders_at_once_do_not_disturb_each_other(course, tmp_path):
    folder, out, whole = tmp_path / "class", tmp_path / "out", tmp_path / "whole"
    for number in range(12):
        hand_in(folder, f"s{number:02}", RIGHT if number % 2 else HALF)
    both = [subprocess.Popen(command(course, folder, out, "--again"), stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    run(course, folder, whole)
    assert without_times(out) == without_times(whole)
    assert not list(out.rglob("*.tmp"))


def test_a_process_that_is_killed_is_replaced(course, tmp_path):
    """kill -9 of one of our own processes, by the machine for want of memory, say: its submission is graded by a new one."""
    folder, out = tmp_path / "class", tmp_path / "out"
    for number in range(30):
        hand_in(folder, f"s{number:02}", RIGHT)
    slow = [*command(course, folder, out)[:-1], "2"]
    process = subprocess.Popen(slow, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    victim = wait_for_child(process.pid)
    time.sleep(0.3)
    subprocess.run(["kill", "-9", str(victim)], check=True)
    _, trouble = process.communicate(timeout=120)
    assert process.returncode == 0, trouble
    assert set(grades(out).values()) == {"100"}


ORPHAN = """
import multiprocessing, os, signal, sys, time
from concurrent.futures import ProcessPoolExecutor
from grader.engines import follow

if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), follow if sys.argv[1] == "follow" else None)
    pool.submit(time.sleep, 0)
    open(sys.argv[2], "w").write(str(*pool._processes))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("how", ["follow", "control"])
def test_processes_of_a_grader_that_is_killed_while_they_start_end_too(tmp_path, how):
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run([sys.executable, script, how, tmp_path / "pid"], env=environment, stderr=subprocess.DEVNULL, timeout=60)
    pid = int((tmp_path / "pid").read_text())
    until = time.monotonic() + (30 if how == "follow" else 3)
    while (there := Path(f"/proc/{pid}").exists()) and time.monotonic() < until:
        time.sleep(0.05)
    if there:
        os.kill(pid, signal.SIGKILL)
    assert there == (how == "control")


def wait_for_child(pid):
    """The first process that grades for `pid`."""
    for _ in range(500):
        time.sleep(0.02)
        for child in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split():
            line = Path(f"/proc/{child}/cmdline")
            if line.exists() and b"spawn_main" in line.read_bytes() and b"resource_tracker" not in line.read_bytes():
                return int(child)
    raise AssertionError("no child")


def test_a_mark_that_is_not_just_the_points_is_explained_to_the_student(course, tmp_path):
    course = with_policy(course, "deadlines: {square: 2026-10-09T22:00:00+00:00}\nlate: {per_day: 20}\n")
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder, "ana", RIGHT)
    run(course, folder, out, times=lambda submission: DEADLINE + timedelta(days=1))
    with Gradebook(out, course.rules) as book:
        book.adjust("ana", "square", 5, "why not")
        batch.write(course, book, {"ana"})
    told = ["Handed in late (days that had begun: 1): 20 points less.", "Adjusted by your teacher: +5 points."]
    assert json.loads((out / "results" / "ana" / "square.json").read_text())["notes"] == told
    page = (out / "html" / "ana.html").read_text()
    assert "20 points less" in page and "85" in page
    assert "why not" not in page
