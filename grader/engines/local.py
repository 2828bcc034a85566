"""This machine: in this process for one job, in processes of their own for several. Each keeps its own warm zygotes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from pathlib import Path

from grader import validation
from grader.course import Course
from grader.engines import Setup, follow, grade_here
from grader.errors import Fault
from grader.grading import Grader
from grader.model import Report
from grader.runner import Runner
from grader.submission import Submission
from grader.text import text
from grader.validation import Proof

_AHEAD = 4  # submissions for each process that are read before they are needed
_LOSSES = 4  # a submission is confined, its memory too: that processes of ours are killed is the machine's doing


def run(setup: Setup, submissions: Iterable[Submission], jobs: int) -> Iterator[Report]:
    """Grade all submissions with `jobs` processes; reports come as they are done."""
    submissions = iter(submissions)
    first = list(islice(submissions, 2))
    waiting = chain(first, submissions)
    if jobs <= 1 or len(first) < 2:
        with Runner(setup.seed) as runner:
            grader = Grader(Course.load(setup.course), runner, language=setup.language)
            yield from map(grader.grade, waiting)
        return
    yield from _pooled(setup, waiting, jobs)


def _pooled(setup: Setup, waiting: Iterator[Submission], jobs: int) -> Iterator[Report]:
    """In several processes. What one was at when it was killed is done again by new ones."""
    spawn = multiprocessing.get_context("spawn")  # a fork would copy this process's descriptors into the zygotes
    for _ in range(_LOSSES):
        taken: list[Submission] = []  # and not reported yet
        pool = ProcessPoolExecutor(jobs, spawn, follow)
        try:
            yield from _reports(pool, setup, waiting, taken, _AHEAD * jobs)
            return
        except BrokenProcessPool:
            waiting = chain(taken, waiting)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    raise Fault(text("processes_killed", times=_LOSSES, jobs=jobs))


def _reports(
    pool: ProcessPoolExecutor, setup: Setup, waiting: Iterator[Submission], taken: list[Submission], ahead: int
) -> Iterator[Report]:
    running: dict[Future[Report], Submission] = {}
    while True:
        for submission in islice(waiting, ahead - len(running)):
            taken.append(submission)
            running[pool.submit(grade_here, setup, submission)] = submission
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            report = future.result()
            taken.remove(running.pop(future))
            yield report


def prove(course: Path, assignments: Sequence[str], seeds: int, jobs: int, progress: Callable[[int], None]) -> Iterator[Proof]:
    """Validate assignments on `seeds` seeds each with `jobs` processes; proofs come in the order asked."""
    parts = [range(seeds)[i * seeds // jobs : (i + 1) * seeds // jobs] for i in range(jobs)] if seeds >= 2 * jobs else [range(seeds)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn, follow) as pool:
        running = {name: [pool.submit(_prove, course, name, part) for part in parts] for name in assignments}
        for futures in running.values():
            proofs = []
            for future, part in zip(futures, parts, strict=True):
                proofs.append(future.result())
                progress(len(part))
            yield sum(proofs[1:], proofs[0])


def _prove(course: Path, assignment: str, seeds: range) -> Proof:
    return validation.validate(Course.load(course).assignments[assignment], seeds)
