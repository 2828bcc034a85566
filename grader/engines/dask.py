"""A Dask cluster: submissions travel as bytes, each node grades with its own zygotes and the same course, reports come back.

What a node runs of a student's is as confined as it is here. A node that is lost costs nothing: Dask gives its work to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from distributed import Client, KilledWorker, as_completed

from grader.course import Course
from grader.engines import Setup, grade_here
from grader.errors import Fault, UsageError
from grader.model import Report
from grader.submission import Submission
from grader.text import text

_AHEAD: Final = 4  # submissions for each node that are read before they are needed
_CONNECT_S: Final = 20
_QUEUES: Final = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "sge": "SGECluster"}

Engine = Callable[[Setup, Iterable[Submission]], Iterator[Report]]


@contextmanager
def engine(scheduler: str | None, jobs: int) -> Iterator[Engine]:
    """An engine on a cluster.

    Args:
        scheduler: the address of one that runs (tcp://host:8786), the name of a queueing system that starts one (slurm, pbs or
            sge, configured in ~/.config/dask/jobqueue.yaml), or None for one on this machine.
        jobs: nodes to start, where they are not running yet.

    Raises:
        UsageError: nobody answers there.
    """
    with _cluster(scheduler, jobs) as cluster:
        try:
            client = Client(cluster, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise UsageError(text("no_scheduler", address=scheduler, reason=error)) from error
        with client:
            yield lambda setup, submissions: run(client, setup, submissions)


@contextmanager
def _cluster(scheduler: str | None, jobs: int) -> Iterator[Any]:
    if scheduler is not None and scheduler not in _QUEUES:
        yield scheduler
    elif scheduler is None:
        from distributed import LocalCluster

        with LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None) as cluster:
            yield cluster
    else:
        import dask_jobqueue

        with getattr(dask_jobqueue, _QUEUES[scheduler])() as cluster:
            cluster.scale(jobs=jobs)
            yield cluster


def run(client: Client, setup: Setup, submissions: Iterable[Submission]) -> Iterator[Report]:
    """Grade all submissions; reports come as they are done. Raises Fault where a node cannot see the course."""
    digests = {name: assignment.digest for name, assignment in Course.load(setup.course).assignments.items()}
    waiting = iter(submissions)
    futures = as_completed(loop=client.loop)
    handed: dict[str, Submission] = {}
    while True:
        room = max(1, _AHEAD * len(client.scheduler_info(n_workers=-1)["workers"])) - futures.count()
        for submission in islice(waiting, max(room, 0)):
            future = client.submit(_grade, setup, submission, digests[submission.assignment], pure=False)
            handed[future.key] = submission
            futures.add(future)
        if futures.is_empty():
            return
        future = next(futures)
        submission = handed.pop(future.key)
        try:
            yield future.result()
        except KilledWorker:  # every node that had it was lost: the last one is this machine
            yield grade_here(setup, submission)
        future.release()


def _grade(setup: Setup, submission: Submission, digest: str) -> Report:
    """On a node: only by the very course that the instructor's machine has."""
    try:
        own = Course.load(setup.course).assignments[submission.assignment].digest
    except (UsageError, KeyError, OSError) as error:
        raise Fault(f"a node of the cluster does not find the course in {setup.course}: {error}") from error
    if own != digest:
        raise Fault(f"a node of the cluster has another version of {submission.assignment} in {setup.course}")
    return grade_here(setup, submission)
