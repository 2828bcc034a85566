"""How fast a whole class is graded, where the time goes, and what the grader's memory does as classes grow.

`make throughput`, or `python benchmarks/throughput.py [SUBMISSIONS]`. All figures are of one run: the same submissions (every
assignment's variants and known mistakes in turn) graded by us, by the same calls in one warm process without isolation (the
floor), by two processes of ours, and one of each assignment by pytest.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import msgspec
from overhead import ROOT, in_process, in_pytest, works_in_process

from grader import batch
from grader.arrivals import look
from grader.course import Assignment, Course
from grader.engines import Setup
from grader.gradebook import Gradebook
from grader.model import Report
from grader.runner import _Reference
from grader.sandbox.student import WorkerSession
from grader.sandbox.supervisor import Worker
from grader.submission import Submission


def main() -> None:
    if sys.argv[1:2] == ["--memory"]:
        print(peak_of_canned(int(sys.argv[2]), Path(sys.argv[3])))
        return
    course = Course.load(ROOT)
    with tempfile.TemporaryDirectory() as temporary:
        submissions = hand_in(course, Path(temporary) / "class", int(sys.argv[1]) if len(sys.argv) > 1 else 500)
        rates(course, submissions, Path(temporary))
        memory(Path(temporary))


def rates(course: Course, submissions: list[Submission], temporary: Path) -> None:
    clock = Clock()
    clock.watch(Worker, "__init__", "confinement")
    for name in ("call", "get", "set"):
        clock.watch(WorkerSession, name, "student code")
        clock.watch(_Reference, name, "reference")
    clock.watch(Gradebook, "store", "reports")
    clock.watch(batch, "write", "reports")
    one = graded(course, submissions, temporary / "one", 1)
    clock.stop()
    print(f"{len(submissions)} submissions, one process: {one:.1f} s, {len(submissions) / one:.1f} per second")
    shares = {**clock.seconds, "checks, diagnosis and the rest": one - sum(clock.seconds.values())}
    print("where the time goes: " + ", ".join(f"{name} {100 * seconds / one:.0f} %" for name, seconds in shares.items()))
    two = graded(course, submissions, temporary / "two", 2)
    print(f"two processes: {two:.1f} s, {one / two:.2f} times the rate")
    beside(course, submissions, temporary / "one")


def beside(course: Course, submissions: list[Submission], out: Path) -> None:
    """Our median time by assignment, the libraries' once-only start left out, beside the floor's and pytest's."""
    with Gradebook(out) as book:
        ours = {(report.student, report.assignment): report.duration_s for report in book.reports()}
    print(f"{'assignment':24}{'n':>4}{'ours ms':>9}{'floor ms':>10}{'x floor':>9}{'+ms/check':>11}{'pytest ms':>11}{'x faster':>10}")
    for name, assignment in course.assignments.items():
        own = [s for s in submissions if s.assignment == name and right(s.path) and works_in_process(assignment, s.path)]
        if not own:
            print(f"{name:24}   its checks need what only a worker gives: no floor")
            continue
        floor = statistics.median(seconds(in_process, assignment, submission.path) for submission in own)
        mine = statistics.median(ours[s.student, s.assignment] for s in own)
        assert assignment.reference
        pytest = seconds(in_pytest, assignment, assignment.reference / f"{name}.py")
        above = (mine - 2 * floor) / len(assignment.checks)
        print(
            f"{name:24}{len(own):4}{mine * 1e3:9.1f}{floor * 1e3:10.1f}{mine / floor:9.2f}{above * 1e3:11.1f}"
            f"{pytest * 1e3:11.0f}{pytest / mine:10.1f}"
        )


def seconds(run: Callable[[Assignment, Path], None], assignment: Assignment, path: Path) -> float:
    started = time.perf_counter()
    run(assignment, path)
    return time.perf_counter() - started


def right(path: Path) -> bool:
    """Whether this is a variant: a mistake is diagnosed by us, and by nobody else."""
    return int(path.parent.name[1:]) % 2 == 0


def hand_in(course: Course, folder: Path, count: int) -> list[Submission]:
    """A class: every assignment's variants and mistakes in turn, `count` submissions in all."""
    each = -(-count // len(course.assignments))
    for name, assignment in course.assignments.items():
        assert assignment.reference
        kinds = [sorted((assignment.reference / kind).glob("*.py")) for kind in ("variants", "mistakes")]
        files = [path for pair in zip(*(islice(cycle(kind), each) for kind in kinds), strict=True) for path in pair][:each]
        for number, path in enumerate(files):
            target = folder / f"s{number:04}" / f"{name}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return look(folder, course.assignments).submissions[:count]


def graded(course: Course, submissions: list[Submission], out: Path, jobs: int) -> float:
    started = time.perf_counter()
    batch.grade(course, submissions, out, seed="benchmark", language="en", jobs=jobs)
    return time.perf_counter() - started


class Clock:
    """Wall time spent in functions of ours, by what they are for; what one of them calls is counted once."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running = False
        self._watched: list[tuple[Any, str, Callable[..., Any]]] = []

    def watch(self, owner: Any, name: str, what: str) -> None:
        function = getattr(owner, name)
        self._watched.append((owner, name, function))
        self.seconds.setdefault(what, 0.0)

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._running:
                return function(*args, **kwargs)
            self._running, started = True, time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self._running = False
                self.seconds[what] += time.perf_counter() - started

        setattr(owner, name, timed)

    def stop(self) -> None:
        for owner, name, function in self._watched:
            setattr(owner, name, function)


def memory(temporary: Path) -> None:
    """Peak memory of the process that grades, for classes of each size; reports are canned, all else is as always."""
    peaks = {}
    for count in (100, 1_000, 10_000):
        command = [sys.executable, __file__, "--memory", str(count), str(temporary)]
        peaks[count] = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    print("peak memory of the grader: " + ", ".join(f"{peak:.0f} MiB for {count}" for count, peak in peaks.items()))


def peak_of_canned(count: int, temporary: Path) -> float:
    course = Course.load(ROOT)
    with Gradebook(temporary / "one") as book:
        canned = next(report for report in book.reports() if report.assignment == "neuron" and report.score != report.max_score)
    stub = ROOT / "reference" / "neuron" / "neuron.py"
    submissions = [Submission(f"s{number:05}", "neuron", stub) for number in range(count)]

    def engine(setup: Setup, given: Iterable[Submission]) -> Iterator[Report]:
        for submission in given:
            yield msgspec.structs.replace(canned, student=submission.student, mark=None)

    batch.grade(course, submissions, temporary / f"canned{count}", seed="s", language="en", engine=engine)
    status = Path("/proc/self/status").read_text(encoding="ascii")  # ru_maxrss would begin with what started us
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    main()
