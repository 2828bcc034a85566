"""`grader watch`: at each save, only what changed, the first failure first."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import validation, workspace
from grader.course import Course
from grader.watch import Watch
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

ROOT = Path(__file__).parents[1]
WRONG = RIGHT.replace("** 2", "** 3")


@pytest.fixture
def course(tmp_path):
    course = Course.load(tiny_course.build(tmp_path / "course"))
    validation.record(course.assignments["square"])
    return course


def test_each_save_is_checked_once_and_the_hint_is_one_key_away(course, tmp_path):
    path = hand_in(tmp_path, "ana", WRONG)
    pages: list[str] = []
    steps = [(None, ""), (None, "h"), (RIGHT, ""), (RIGHT, ""), (None, "a"), (None, "h"), (WRONG, "q"), (WRONG, "")]
    typed = iter([key for _, key in steps])

    def changes():
        for code, _ in steps:
            if code:
                path.write_text(code)
            yield

    Watch(course, "en", workspace.find(course, str(path), tmp_path), pages.append).run(changes(), lambda: next(typed))
    first, hint, right, again, none = pages
    assert first.startswith("✘ square · square is the square")
    assert "0 / 60 (0 of 1 checks)" in first
    assert "x times x" in hint
    assert right == again
    assert right.startswith("square: 60 / 60")
    assert "nothing to hint" in none
    assert all("hidden" in page.splitlines()[-1] for page in (first, hint, right))


def test_on_a_terminal_a_save_is_noticed_and_q_ends(course, tmp_path):
    path = hand_in(tmp_path, "ana", WRONG)
    ours, theirs = pty.openpty()
    words = ["watch", str(path), "--course", str(course.folder), "--lang", "en"]
    watching = subprocess.Popen(
        [sys.executable, "-m", "grader", *words], stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )

    def wait_for(words: str) -> None:
        seen, end = "", time.monotonic() + 60
        while words not in seen:
            assert time.monotonic() < end, seen
            if select.select([ours], [], [], 1)[0]:
                seen += os.read(ours, 4096).decode(errors="replace")

    try:
        wait_for("other data.")
        os.write(ours, b"h")
        wait_for("x times x")
        time.sleep(0.5)
        path.write_text(RIGHT)
        wait_for("60 / 60")
        os.write(ours, b"q")
        assert watching.wait(20) == 0
    finally:
        watching.kill()
        watching.wait()
        os.close(ours)
        os.close(theirs)
