"""Shared by all tests: warm zygotes for the whole session, and a student's module from a line of source."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from grader.sandbox.limits import Limits
from grader.sandbox.student import Clock, Student, WorkerSession
from grader.sandbox.supervisor import Program, Worker, Zygote

MIB = 1 << 20


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """A suite that a script runs in the background ignores Ctrl-C, and so would every process that it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Callable[..., Zygote]]:
    """The zygote of a profile, `zygote("numpy", skip={"seccomp"})`: started once, ended after the last test."""
    started: dict[tuple[tuple[str, ...], frozenset[str]], Zygote] = {}

    def get(*imports: str, skip: frozenset[str] | set[str] = frozenset()) -> Zygote:
        key = imports, frozenset(skip)
        if key not in started or not started[key].alive:
            started[key] = Zygote(imports, skip=sorted(skip))
        return started[key]

    yield get
    for one in started.values():
        one.close()
        assert not one.stage.exists()


@pytest.fixture
def start(zygote: Callable[..., Zygote]) -> Iterator[Callable[..., Worker]]:
    """A worker that has loaded a source: `start("def f(): return 1")`; ended after the test."""
    workers: list[Worker] = []

    def get(
        source: str | bytes, *, imports: tuple[str, ...] = ("numpy",), skip: set[str] | frozenset[str] = frozenset(),
        memory: int = 256 * MIB, cpu_s: int = 60, load_s: float = 10.0, files: dict[str, bytes] | None = None,
    ) -> Worker:  # fmt: skip
        raw = source if isinstance(source, bytes) else dedent(source).encode()
        program = Program("module", "module.py", {"module.py": raw, **(files or {})})
        worker = Worker(zygote(*imports, skip=skip), program, Limits(memory=memory, cpu_s=cpu_s), load_s)
        workers.append(worker)
        return worker

    yield get
    for worker in workers:
        worker.close()


def gone(worker: Worker) -> None:
    """Close a worker and wait until nothing of it is left."""
    worker.close()
    worker._zygote.bury(2.0)


@pytest.fixture
def load(start: Callable[..., Worker]) -> Callable[..., Student]:
    """A student's module from its source: `load("def f(): return 1").f()`."""

    def get(source: str | bytes, *, call_s: float = 10.0, check_s: float = 60.0, **options: object) -> Student:
        return Student(WorkerSession(start(source, **options), Clock(call_s, check_s)))

    return get
