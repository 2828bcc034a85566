"""This machine: in this process for one job, in processes of their own for several. Each keeps its own warm zygotes."""

from __future__ import annotations

import atexit
import multiprocessing
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader import validation
from grader.course import Course
from grader.grading import Grader
from grader.model import Report
from grader.runner import Runner
from grader.sandbox.confine import die_with_parent
from grader.submission import Submission
from grader.validation import Proof


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


def run(setup: Setup, submissions: Sequence[Submission], jobs: int) -> Iterator[Report]:
    """Grade all submissions with `jobs` processes; reports come as they are done."""
    if jobs <= 1 or len(submissions) < 2:
        with Runner(setup.seed) as runner:
            grader = Grader(Course.load(setup.course), runner, language=setup.language)
            yield from map(grader.grade, submissions)
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would copy this process's descriptors into the zygotes
    with ProcessPoolExecutor(min(jobs, len(submissions)), spawn, _follow) as pool:
        futures = [pool.submit(_grade, setup, submission) for submission in submissions]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _follow() -> None:
    """A killed grader must not leave its processes behind at work."""
    if platform.system() == "Linux":
        die_with_parent()


def _grade(setup: Setup, submission: Submission) -> Report:
    return _grader(setup).grade(submission)


@cache
def _grader(setup: Setup) -> Grader:
    """This process's grader: its zygotes and remembered answers last as long as the process."""
    runner = Runner(setup.seed)
    atexit.register(runner.close)
    return Grader(Course.load(setup.course), runner, language=setup.language)


def prove(course: Path, assignments: Sequence[str], seeds: int, jobs: int, progress: Callable[[int], None]) -> Iterator[Proof]:
    """Validate assignments on `seeds` seeds each with `jobs` processes; proofs come in the order asked."""
    parts = [range(seeds)[i * seeds // jobs : (i + 1) * seeds // jobs] for i in range(jobs)] if seeds >= 2 * jobs else [range(seeds)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn, _follow) as pool:
        running = {name: [pool.submit(_prove, course, name, part) for part in parts] for name in assignments}
        for futures in running.values():
            proofs = []
            for future, part in zip(futures, parts, strict=True):
                proofs.append(future.result())
                progress(len(part))
            yield sum(proofs[1:], proofs[0])


def _prove(course: Path, assignment: str, seeds: range) -> Proof:
    return validation.validate(Course.load(course).assignments[assignment], seeds)
