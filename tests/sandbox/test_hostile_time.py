"""Code that does not end is ended, by a clock that it cannot reach."""

from __future__ import annotations

import time

import pytest

from grader.errors import Crashed, LimitReached
from grader.sandbox import nodes, wire
from grader.sandbox.process import Process
from tests.sandbox.attack import hostile, trouble, within

CALL_S = 0.4
ENDLESS = {
    "spin": "def mean(x):\n    while True: pass",
    "spin in C": "def mean(x): return sum(range(10 ** 13))",
    "spin with signals ignored and blocked": """
        def mean(x):
            signal.signal(signal.SIGXCPU, signal.SIG_IGN)
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            while True: pass
        """,
    "spin that catches everything": """
        def mean(x):
            while True:
                try:
                    while True: pass
                except BaseException: pass
        """,
    "sleep": "def mean(x): time.sleep(1e9)",
    "alarms of its own": """
        signal.alarm(1); signal.setitimer(signal.ITIMER_PROF, 1)
        signal.signal(signal.SIGALRM, lambda *_: None)
        def mean(x):
            signal.alarm(0)
            while True: time.sleep(0.01)
        """,
    "clocks patched": "time.monotonic = time.time = time.perf_counter = lambda: 0.0\ndef mean(x):\n    while True: pass",
    "stopped": "def mean(x): os.kill(os.getpid(), signal.SIGSTOP)",
    "recursion without limit": """
        def mean(x):
            sys.setrecursionlimit(10 ** 9)
            def down(n):
                time.sleep(0.001)
                return down(n + 1)
            return down(0)
        """,
    "one byte at a time": """
        def mean(x):
            os.write(3, struct.pack('<4sIQ', b'GRD1', 1000, 0))
            while True: os.write(3, b'x'); time.sleep(0.05)
        """,
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_endless_call_is_stopped(load, source):
    """The grader's own deadline ends whatever a call does, and says that time was the reason."""
    student = load(hostile(source), call_s=CALL_S)
    with within(CALL_S):
        assert trouble(lambda: student.mean([1.0])).fact.key == "limit_time"


def test_the_same_loop_ends_by_itself_within_a_longer_deadline(load):
    """Positive control: it is the deadline that stopped the loops above, for a loop of 0.6 s passes with 10 s."""
    source = "import time\ndef mean(x):\n    end = time.monotonic() + 0.6\n    while time.monotonic() < end: pass\n    return 0.5"
    assert trouble(lambda: load(source, call_s=0.2).mean([1.0])).fact.key == "limit_time"
    assert load(source).mean([1.0]) == 0.5


def test_all_calls_of_a_check_share_one_deadline(load):
    """A hundred calls that are each just quick enough end when the check's time is up."""
    student = load("import time\ndef f(): time.sleep(0.1)", call_s=5.0, check_s=0.4)
    with within(0.4):
        assert trouble(lambda: [student.f() for _ in range(100)]).fact.key == "limit_time"


def test_endless_import_is_stopped(start):
    """The deadline holds while the submission is being imported, too."""
    with within(CALL_S):
        assert trouble(lambda: start("while True: pass", load_s=CALL_S)).fact.key == "limit_time"


def test_line_is_told_where_a_python_loop_was_when_time_ran_out(load):
    """Where a loop in Python can be interrupted, its line is in the trouble's frames."""
    student = load("def f():\n    n = 0\n    while True:\n        n += 1\n", call_s=CALL_S)
    frame = trouble(student.f).frames[-1]
    assert frame.file == "module.py"
    assert frame.line in (3, 4)


def test_alarm_without_a_handler_ends_its_own_process_alone(load):
    """A submission that is killed by its own alarm has crashed; the grader has no alarm of its own to be confused."""
    student = load(hostile("def mean(x):\n    signal.setitimer(signal.ITIMER_REAL, 0.05); time.sleep(60)"))
    found = trouble(lambda: student.mean([1.0]))
    assert isinstance(found, Crashed)
    assert found.fact.values == {"how": "SIGALRM"}


SPIN = "import signal, time\n{before}\ndef f():\n    while time.process_time() < {seconds}: pass\n    return 'done'"


def test_processor_time_is_limited_behind_the_deadline(load):
    """RLIMIT_CPU ends a worker that the deadline lets live, and the student is told that it was processor time."""
    assert trouble(lambda: load(SPIN.format(before="", seconds=1.3), cpu_s=1).f()).fact.key == "limit_cpu"


def test_processor_time_is_limited_even_if_the_warning_is_ignored(load):
    """A worker that ignores SIGXCPU is killed by the kernel a second later, with the same words for the student."""
    source = SPIN.format(before="signal.signal(signal.SIGXCPU, signal.SIG_IGN)", seconds=2.5)
    assert trouble(lambda: load(source, cpu_s=1).f()).fact.key == "limit_cpu"


def test_without_rlimits_processor_time_is_not_limited(load):
    """Positive control: without rlimits the same spin comes to its end."""
    assert load(SPIN.format(before="", seconds=1.3), cpu_s=1, skip={"rlimits"}).f() == "done"


@pytest.mark.parametrize(("used_s", "starved"), [(0.01, True), (0.39, False)])
def test_starved_is_who_had_no_processor(load, monkeypatch, used_s, starved):
    """A deadline missed with less than half of the time on a processor is marked: grading tries such a check once more."""
    student = load("import time\ndef f(): time.sleep(9)", call_s=CALL_S)
    clock = iter([5.0, 5.0 + used_s])
    monkeypatch.setattr(Process, "processor_s", lambda process: next(clock))
    found = trouble(student.f)
    assert isinstance(found, LimitReached)
    assert found.starved is starved


def test_processor_clock_is_the_workers_own(start):
    """What `starved` is decided by: the worker's processor time goes on while it works, and stands still while it waits."""
    worker = start("import time\nwhile time.process_time() < 0.3: pass")
    before = worker._process.processor_s()
    time.sleep(0.2)
    assert 0.3 <= before <= worker._process.processor_s() < before + 0.1


def test_flood_of_questions_does_not_outlast_the_deadline(load):
    """A student who asks faster than the grader answers never makes it wait; the clock is looked at all the same.

    Found here: the grader looked at its clock only when it had to wait, and hung for ever.
    """
    asked = b"".join(wire.encode(wire.Asked(1, 0, nodes.Sequence_("list", []))))
    source = f"""
        import os
        os.set_blocking(3, False)
        def f(g):
            many = {asked!r} * 1000
            while True:
                for action in (lambda: os.write(3, many), lambda: os.read(3, 1 << 20)):
                    try: action()
                    except BlockingIOError: pass
        """
    student = load(source, call_s=CALL_S)
    with within(CALL_S):
        assert trouble(lambda: student.f(lambda: 1.0)).fact.key == "limit_time"
