"""Where submissions are graded: an engine takes a setup and submissions and yields their reports as they are done."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
from dataclasses import dataclass
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread
from typing import Final

from grader.course import Course
from grader.grading import Grader
from grader.model import Report
from grader.runner import Runner
from grader.submission import Submission

_TURN: Final = Lock()  # a cluster's node may have several threads, and a zygote answers one question at a time


@dataclass(frozen=True)
class Setup:
    """Everything that a process needs to grade like any other.

    Attributes:
        course: the course's folder.
        seed: its secret.
        language: of the reports.
    """

    course: Path
    seed: str
    language: str


def grade_here(setup: Setup, submission: Submission) -> Report:
    """The report on one submission, by this process's own grader: one at a time, whatever threads ask."""
    with _TURN:
        return _grader(setup).grade(submission)


@cache
def _grader(setup: Setup) -> Grader:
    """This process's grader: its zygotes and remembered answers last as long as the process."""
    runner = Runner(setup.seed)
    atexit.register(runner.close)
    return Grader(Course.load(setup.course), runner, language=setup.language)


def follow() -> None:
    """A killed grader must not leave its processes behind, at work or waiting: not even one that was killed while they started.

    One that is interrupted has said all that there is to say.
    """
    signal.signal(signal.SIGINT, _leave)  # Ctrl-C reaches every process of a terminal
    if parent := multiprocessing.parent_process():
        Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _leave(*_: object) -> None:
    raise SystemExit(130)  # quietly, and with all that is closed at the end
