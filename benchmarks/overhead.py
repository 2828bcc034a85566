"""What confinement costs: whole-grade time per submission beside the same checks in one warm process and beside pytest.

Run by `make bench`, or with the names of assignments. All figures are of one run, on the same checks and submissions
(each assignment's variants).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from in_process import InProcess

from grader.checks import Case
from grader.course import Assignment, Course
from grader.errors import StudentTrouble
from grader.grading import Grader
from grader.recording import PRACTICE
from grader.runner import Runner
from grader.submission import Submission

ROOT = Path(__file__).parents[1]
ROUNDS = 3


def main() -> None:
    course = Course.load(ROOT)
    print(f"{'assignment':22}{'checks':>7}{'ours ms':>9}{'floor ms':>10}{'x floor':>9}{'+ms/check':>11}{'pytest ms':>11}{'x faster':>10}")
    with Runner(PRACTICE) as runner:
        grader = Grader(course, runner, language="en")
        for name in sys.argv[1:] or course.assignments:
            row(grader, course.assignments[name])


def row(grader: Grader, assignment: Assignment) -> None:
    assert assignment.reference
    files = [path for path in sorted((assignment.reference / "variants").glob("*.py")) if works_in_process(assignment, path)]
    checks = len(assignment.checks)
    if not files:
        print(f"{assignment.id:22}{checks:7}  its checks need what only a worker gives: no floor")
        return
    grader.grade(Submission("warm", assignment.id, files[0]))
    in_process(assignment, files[0])
    ours = timed(lambda path: grade(grader, assignment, path), files, ROUNDS)
    floor = timed(lambda path: in_process(assignment, path), files, ROUNDS)
    pytest = timed(lambda path: in_pytest(assignment, path), files[:3], 1)
    above = (ours - 3 * floor) / checks
    print(
        f"{assignment.id:22}{checks:7}{ours * 1e3:9.1f}{floor * 1e3:10.1f}{ours / floor:9.2f}{above * 1e3:11.1f}"
        f"{pytest * 1e3:11.0f}{pytest / ours:10.1f}"
    )


def timed(run: Callable[[Path], None], files: list[Path], rounds: int) -> float:
    """Seconds per submission: the median over the rounds of the mean over the files."""
    means = []
    for _ in range(rounds):
        started = time.perf_counter()
        for path in files:
            run(path)
        means.append((time.perf_counter() - started) / len(files))
    return statistics.median(means)


def grade(grader: Grader, assignment: Assignment, path: Path) -> None:
    report = grader.grade(Submission("bench", assignment.id, path))
    assert report.score == report.max_score, f"{path}: {report.score}"


def in_process(assignment: Assignment, path: Path) -> None:
    assert assignment.reference
    for check in assignment.checks:
        student = InProcess(path, "submission")
        reference = InProcess(assignment.reference / f"{assignment.id}.py", "reference")
        case = Case(student, reference, np.random.default_rng(zlib.crc32(check.name.encode())))
        check.function(case)
        if check.file.visibility == "public":  # what is drawn may be computed by the student's own functions
            for drawing in case.drawings:
                drawing.draw()
        reference.close()
        student.close()


def works_in_process(assignment: Assignment, path: Path) -> bool:
    """Some variants need what only a worker gives: methods called under no_grad, a process of their own."""
    try:
        in_process(assignment, path)
    except StudentTrouble:
        return False
    return True


def in_pytest(assignment: Assignment, path: Path) -> None:
    environment = {**os.environ, "COURSE": str(ROOT), "ASSIGNMENT": assignment.id, "SUBMISSION": str(path), "OMP_NUM_THREADS": "1"}
    test = Path(__file__).parent / "one_submission.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(test.parent), str(test)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    main()
