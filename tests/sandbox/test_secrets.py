"""Nothing that a student must not know is in any memory that student code can read.

The reference, the mistakes, the hidden checks and the seed are given marks, a Runner uses them all, and then a submission
searches every page of its own process for the marks. Landlock is off, so that the list of its pages can be read.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from textwrap import dedent

import pytest

from grader.course import Course
from grader.runner import Runner, program_of
from grader.sandbox.limits import Limits
from grader.sandbox.student import Clock, Student, WorkerSession
from grader.sandbox.supervisor import Program, Worker, Zygote
from tests import tiny_course

SEARCH = '''
import ctypes

def pages():
    """Every readable mapping of this process, but for those that the kernel keeps for itself."""
    for line in open("/proc/self/maps"):
        span, rights, *rest = line.split()
        if rights.startswith("r") and not rest[-1].startswith(("[vv", "[vsys", "/dev")):
            yield [int(end, 16) for end in span.split("-")]

def found(first, second):
    """How often the bytes `first + second`, which are never put together here, lie in memory; and how much was searched."""
    count = searched = 0
    for start, end in pages():
        while start < end:
            size = min(end - start, 1 << 20)
            here = ctypes.string_at(start, min(size + 200, end - start))
            at = here.find(first)
            while at >= 0:
                count += here.startswith(second, at + len(first))
                at = here.find(first, at + 1)
            start += size
            searched += size
    return count, searched

'''


def halves(mark: bytes) -> str:
    """Two Python literals: a submission that holds them does not hold the mark."""
    middle = len(mark) // 2
    return f"{mark[:middle]!r}, {mark[middle:]!r}"


@pytest.fixture(scope="module")
def marks() -> dict[str, str]:
    """What to look for, by the place where it is planted."""
    return {place: f"{place}-{secrets.token_hex(16)}" for place in ("reference", "mistake", "variant", "hidden", "seed", "environment")}


@pytest.fixture(scope="module")
def used(tmp_path_factory, marks):
    """A Runner that has used a course with the marks in it: a reference, a mistake, a hidden check, the seed."""
    folder = tiny_course.build(tmp_path_factory.mktemp("course"))
    yaml = folder / "assignments" / "square" / "assignment.yaml"
    yaml.write_text(yaml.read_text().replace("call_s: 2, check_s: 4, load_s: 2", "call_s: 30, check_s: 60, load_s: 10"))
    secret = folder / "reference" / "square"
    mistake, variant = "mistakes/square_times_3.py", "variants/loops.py"
    for place, file in {"reference": "square.py", "mistake": mistake, "variant": variant, "hidden": "checks.py"}.items():
        path = secret / file
        path.write_text(f"{path.read_text()}\nMARK = {marks[place]!r}  # {marks[place]}\n")
    with pytest.MonkeyPatch.context() as patch, Runner(marks["seed"], skip=("landlock",)) as runner:
        patch.setenv("GRADER_SEED", marks["environment"])
        course = Course.load(folder)
        assignment = course.assignments["square"]
        for file in ("square.py", mistake, variant):
            for check in assignment.checks:
                trial = runner.attempt(assignment, check, program_of(assignment, secret / file))
                assert trial.fault == ""
        yield runner, assignment


def search(used, mark: bytes, *, extra: str = "") -> tuple[int, int]:
    """What a submission finds in its own memory, in the middle of the hidden check."""
    runner, assignment = used
    source = SEARCH + f"{extra}\ndef square(x): return x ** 2\ndef slope(x): raise ValueError('%d %d' % found({halves(mark)}))\n"
    program = Program("square", "square.py", {"square.py": source.encode()})
    trials = [runner.attempt(assignment, check, program) for check in assignment.checks]
    assert trials[0].trouble is None
    count, searched = trials[1].trouble.detail.values["message"].split()
    return int(count), int(searched)


@pytest.mark.parametrize("place", ["reference", "mistake", "variant", "hidden", "seed", "environment"])
def test_mark_is_in_no_memory_of_a_worker(used, marks, place):
    """The whole of a worker's memory, and the mark is nowhere in it."""
    count, searched = search(used, marks[place].encode())
    assert searched > 20 << 20
    assert count == 0


def test_seed_is_in_no_memory_of_a_worker_in_the_form_that_is_used(used, marks):
    """The numbers that inputs are drawn from are made of the seed's digest: it is not there either."""
    assert search(used, hashlib.sha256(marks["seed"].encode()).digest())[0] == 0


def test_what_is_in_memory_is_found(used):
    """Positive control: a mark that the submission itself puts together is found, at least once."""
    first, second = "planted", secrets.token_hex(16)
    assert search(used, (first + second).encode(), extra=f"KEPT = ''.join([{first!r}, {second!r}])")[0] >= 1


def test_argument_is_found(load):
    """Positive control: a mark that is passed as an argument is found."""
    mark = secrets.token_hex(20)
    student = load(SEARCH + f"def f(mark): return found({halves(mark.encode())})[0]", skip={"landlock"})
    assert student.f(mark) >= 1
    assert student.f("x") >= 0


@pytest.fixture
def fresh(marks, monkeypatch):
    """A function that asks a worker of a zygote started now, from an environment and with a descriptor to be kept secret."""
    monkeypatch.setenv("GRADER_SEED", marks["environment"])
    monkeypatch.setenv("GITHUB_TOKEN", marks["environment"])
    reader, writer = os.pipe()
    os.set_inheritable(reader, True)
    zygote = Zygote((), skip=["landlock"])

    def ask(source: str) -> object:
        with Worker(zygote, Program("m", "m.py", {"m.py": dedent(source).encode()}), Limits(), 10.0) as worker:
            return Student(WorkerSession(worker, Clock(10.0, 10.0))).f()

    yield ask
    zygote.close()
    os.close(reader)
    os.close(writer)


def test_environment_and_arguments_hold_nothing(fresh, marks):
    """A worker's environment is a fixed list, whatever the grader's is; its command line names the program that forks it."""
    environment, argv, command, block = fresh("""
        import os, sys
        def f():
            try: block = open("/proc/self/environ", "rb").read().decode()
            except PermissionError: block = ""  # an ordinary user's worker, not dumpable, may not even read that
            return dict(os.environ), sys.argv, sys.orig_argv, block
        """)
    assert set(environment) == {
        "PATH", "LANG", "HOME", "MPLBACKEND", "PYTHONHASHSEED", "TZ", "MALLOC_ARENA_MAX",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    }  # fmt: skip
    assert argv == ["m.py"]
    assert marks["environment"] not in "".join(command) + block
    assert environment["HOME"] == "/nonexistent"
    assert command[0] == sys.executable


def test_descriptors_of_the_grader_are_not_inherited(fresh):
    """A pipe that the grader has open, inheritable even, is not open in a worker."""
    assert fresh("""
        import os
        def f():
            found = []
            for fd in range(1024):
                try: os.fstat(fd)
                except OSError: continue
                found.append(fd)
            return found
        """) == [0, 1, 2, 3]  # fmt: skip


def test_traces_of_the_machinery_are_harmless(load):
    """What a student finds by walking up the stack and through the collector is the code that answers, and no check."""
    source = """
        import gc, sys
        def f():
            frame, files = sys._getframe(), []
            while frame:
                files.append(frame.f_code.co_filename.rpartition("/")[2])
                frame = frame.f_back
            return files, sorted(name for name in sys.modules if name.partition(".")[0] in ("grader", "msgspec", "tests", "pytest"))
        """
    files, modules = load(source).f()
    assert set(files) <= {"module.py", "worker.py", "zygote.py", "<string>"}
    assert modules == []
