"""A worker is alone: it starts nothing, reaches no other process, and cannot loosen what holds it.

Positive controls switch layers off. Their victim is always another worker that the test has started itself.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from grader.errors import Crashed
from tests.conftest import gone
from tests.sandbox.attack import hostile, needs, number, running, trouble, within

IDLE = "import time\ndef f(): return 1"
FORK = hostile("""
    def child(seconds):
        pid = os.fork()
        if pid == 0:
            time.sleep(seconds)
            os._exit(0)
        return pid
    def forks():
        n = 0
        try:
            while n < 2000:
                child(60)
                n += 1
        except OSError as error: return n, error.strerror
    """)


def test_fork_bomb_forks_nothing(load):
    """seccomp refuses the first fork."""
    assert load(FORK).forks() == (0, "Operation not permitted")


@needs("seccomp")
def test_forked_child_ends_with_its_worker(load):
    """Positive control and second line: without seccomp a fork works, and its process group is killed with the worker."""
    student = load(FORK, skip={"seccomp"})
    child = student.child(30)
    assert Path(f"/proc/{child}").exists()
    student._session.worker.close()
    with within(1):
        while running(child):
            time.sleep(0.01)


THREADS = """
import threading, time
def threads(most):
    n = 0
    try:
        while n < most:
            threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
            n += 1
    except RuntimeError as error: return n, str(error)
    return n, ""
def loop():
    while True: pass
try: threading.Thread(target=loop, daemon=True).start()
except RuntimeError: pass
def f(): return "on merits"
"""


def test_thread_bomb_starts_nothing_and_leaves_the_rest_on_merits(load):
    """seccomp refuses the first thread; a submission that tries to leave one behind is graded without it."""
    student = load(THREADS)
    assert student.threads(3000) == (0, "can't start new thread")
    assert student.f() == "on merits"


@needs("seccomp")
def test_without_seccomp_threads_start_and_end_with_the_worker(load):
    """Positive control: without seccomp four threads start, beside the one left at import; none outlives the worker."""
    student = load(THREADS, skip={"seccomp"})
    assert student.threads(4) == (4, "")
    gone(student._session.worker)
    assert not running(student._session.worker.pid)


EXEC = hostile("""
    import subprocess
    def f(): return [
        attempt(lambda: subprocess.run(["/bin/true"]).returncode), attempt(lambda: os.posix_spawn("/bin/true", ["true"], {})),
        attempt(lambda: os.system("true")), attempt(lambda: os.popen("true").read()),
    ]
    def execute(): os.execv("/bin/sh", ["sh", "-c", "exit 7"])
    """)


def test_programs_cannot_be_run(load):
    """seccomp refuses fork and exec of every kind (os.system reports that as exit code 127, or -1)."""
    answers = load(EXEC).f()
    assert [answer for answer in answers if answer.startswith("GOT") and answer not in ("GOT -1", f"GOT {127 << 8}")] == []
    assert trouble(load(EXEC).execute).fact.values["kind"] == "PermissionError"


@needs("landlock", "seccomp")
def test_what_refuses_programs_layer_by_layer(load):
    """Positive control. Without seccomp alone, Landlock still refuses exec (no file has the right); without both it works."""
    assert trouble(load(EXEC, skip={"seccomp"}).execute).fact.values["kind"] == "PermissionError"
    free = {"seccomp", "landlock"}
    assert load(EXEC, skip=free).f()[0] == "GOT 0"
    assert trouble(load(EXEC, skip=free).execute).fact.values == {"how": "exit 7"}


KILL = hostile("""
    def f(victim): return [attempt(lambda: os.kill(pid, 0)) for pid in (os.getppid(), victim, -1, 0)]
    """)


def test_no_other_process_can_be_signalled(start, load):
    """seccomp lets kill() through for the worker's own number alone: not for its parent, the grader, a group or everybody."""
    victim = start(IDLE)
    assert not [line for line in load(KILL).f(victim.pid) if line.startswith("GOT")]
    assert not [line for line in load(KILL).f(os.getpid()) if line.startswith("GOT")]


@needs("seccomp", "landlock", landlock=6)
def test_what_refuses_signals_layer_by_layer(start, load):
    """Positive control, signal 0. Without seccomp alone, Landlock's scope refuses them; without both they arrive."""
    victim = start(IDLE)
    parent, other, *_ = load(KILL, skip={"seccomp"}).f(victim.pid)
    assert "GOT" not in parent + other
    *_, other, _, _ = load(KILL, skip={"seccomp", "landlock"}).f(victim.pid)
    assert other == "GOT None"


MEDDLE = hostile("""
    import fcntl, resource
    def f(victim):
        reader, _ = os.pipe()
        return [
            attempt(lambda: fcntl.fcntl(reader, fcntl.F_SETOWN, victim)), attempt(lambda: fcntl.fcntl(reader, 10, 9)),
            attempt(lambda: resource.prlimit(victim, resource.RLIMIT_NOFILE)),
            attempt(lambda: os.sched_setaffinity(victim, os.sched_getaffinity(0))),
            attempt(lambda: os.setpriority(os.PRIO_PROCESS, victim, 19)),
        ]
    """)


@needs("seccomp")
def test_no_other_process_can_be_meddled_with(start, load):
    """F_SETOWN (signals by way of a descriptor), rlimits, affinity and priority of others: seccomp alone stops them.

    Positive control: without it all five work on another worker.
    """
    victim = start(IDLE)
    assert not [line for line in load(MEDDLE).f(victim.pid) if line.startswith("GOT")]
    assert [line[:3] for line in load(MEDDLE, skip={"seccomp"}).f(victim.pid)] == ["GOT"] * 5


CAP_SYS_RESOURCE, CAP_DAC_OVERRIDE = 24, 1


def has_capability(bit: int) -> bool:
    """Whether this process, and so a worker that keeps its privileges, has a capability."""
    effective = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff"))
    return bool(int(effective.split()[1], 16) >> bit & 1)


RAISE = hostile("""
    import resource as r
    def f(): return [attempt(lambda: r.setrlimit(which, (-1, -1))) for which in (r.RLIMIT_DATA, r.RLIMIT_CPU, r.RLIMIT_FSIZE)]
    """)


def test_limits_cannot_be_raised(load):
    """Limits are hard, and the worker has no capability to raise them."""
    assert not [line for line in load(RAISE).f() if line.startswith("GOT")]


@pytest.mark.skipif(not has_capability(CAP_SYS_RESOURCE), reason="the tests' own process lacks CAP_SYS_RESOURCE")
def test_limits_could_be_raised_with_privileges(load):
    """Positive control: a worker that keeps root's capabilities raises them."""
    assert [line[:3] for line in load(RAISE, skip={"no_privileges"}).f()] == ["GOT"] * 3


@pytest.mark.skipif(not has_capability(CAP_DAC_OVERRIDE), reason="only root has a capability that could be kept")
@needs("landlock")
def test_root_is_no_root_in_a_worker(load, tmp_path):
    """Without capabilities (or as another user) a worker of root's cannot open others' files; with them it can.

    Landlock, which forbids it too, is off in both.
    """
    file = tmp_path / "private"
    file.write_text("x")
    os.chown(file, 12345, 12345)
    os.chmod(file, 0o600)
    source = hostile("def f(file): return attempt(lambda: open(file).read())")
    assert "Permission denied" in load(source, skip={"landlock"}).f(str(file))
    assert load(source, skip={"landlock", "no_privileges"}).f(str(file)) == "GOT 'x'"


DEBUG = hostile(f"""
    CALLS = {{
        "attach": lambda victim: call({number("ptrace")}, 16, victim, 0, 0),
        "read memory": lambda victim: call({number("process_vm_readv")}, victim, 0, 0, 0, 0, 0),
        "pidfd": lambda victim: call({number("pidfd_open")}, victim, 0),
        "descriptor of another": lambda victim: call({number("pidfd_getfd")}, 0, 0, 0),
        "namespaces": lambda victim: call({number("unshare")}, 0x10000000),
        "mount": lambda victim: call({number("mount")}, 0, 0, 0, 0, 0),
        "bpf": lambda victim: call({number("bpf")}, 0, 0, 0),
        "io_uring": lambda victim: call({number("io_uring_setup")}, 1, 0),
        "keyring": lambda victim: call({number("keyctl")}, 0, -3, 0),
        "perf": lambda victim: call({number("perf_event_open")}, 0, 0, 0, 0, 0),
        "userfaultfd": lambda victim: call({number("userfaultfd")}, 0),
        "x32": lambda victim: call(0x40000000 | 39),
    }}
    def f(victim): return {{name: action(victim) for name, action in CALLS.items()}}
    """)


@needs("seccomp")
def test_calls_that_open_doors_are_refused(start, load):
    """Debugging, other processes' descriptors, namespaces, io_uring, keyrings: refused by number, x32's second table too.

    Positive control: without seccomp a pidfd of another worker and the keyring are had, and io_uring gets as far as its
    arguments. ptrace is refused even then: workers are not dumpable, Landlock and the missing capabilities stand behind that.
    """
    victim = start(IDLE)
    refused = load(DEBUG).f(victim.pid)
    assert set(refused.values()) <= {"Operation not permitted", "Function not implemented"}
    free = load(DEBUG, skip={"seccomp"}).f(victim.pid)
    assert free["pidfd"].startswith("GOT")
    assert free["keyring"].startswith("GOT")
    assert free["io_uring"] != refused["io_uring"] or free["userfaultfd"] != refused["userfaultfd"]
    assert not free["attach"].startswith("GOT")


@needs("seccomp")
def test_worker_cannot_outlive_its_zygote(load):
    """PDEATHSIG and being undumpable cannot be undone with prctl: seccomp allows four of its options."""
    source = hostile("""
        def f(): return [libc.prctl(option, argument, 0, 0, 0) for option, argument in ((1, 0), (4, 1), (36, 1))]
        """)
    assert load(source).f() == [-1] * 3
    assert load(source, skip={"seccomp"}).f() == [0] * 3


ENDS = {
    "os._exit(0)": ("os._exit(0)", "exit 0"),
    "os._exit(3)": ("os._exit(3)", "exit 3"),
    "segmentation fault": ("ctypes.string_at(0)", "SIGSEGV"),
    "abort": ("os.abort()", "SIGABRT"),
    "kills itself": ("os.kill(os.getpid(), 9)", "SIGKILL"),
    "closes the channel and lingers": ("(os.close(3), time.sleep(60))", "SIGKILL"),
    "closes everything": ("(os.closerange(0, 64), time.sleep(60))", "SIGKILL"),
}


@pytest.mark.parametrize(("code", "how"), ENDS.values(), ids=ENDS)
def test_end_of_the_process_is_a_crash_and_never_a_pass(load, code, how):
    """However a worker ends, 0 or not, before it has answered: the student has crashed, and is told how."""
    with within(1):
        found = trouble(load(hostile(f"def f(): {code}")).f)
    assert isinstance(found, Crashed)
    assert found.fact.values == {"how": how}


def test_end_of_the_process_at_import_is_a_crash(start):
    """The same while the submission is imported."""
    assert trouble(lambda: start("import os\nos._exit(0)")).fact.values == {"how": "exit 0"}


def test_exit_at_import_keeps_what_was_defined_before(load, start):
    """sys.exit(0) ends the import, not the worker: what came before it is graded, what came after is missing."""
    source = "import sys\ndef early(): return 1\nsys.exit(0)\ndef late(): return 2\n"
    assert start(source).loaded.errors[0].type_name == "SystemExit"
    student = load(source)
    assert student.early() == 1
    assert trouble(student.late).fact.key == "missing"


@pytest.mark.parametrize("code", ["sys.exit(0)", "raise KeyboardInterrupt", "raise GeneratorExit", "raise SystemExit"])
def test_exceptions_that_are_no_exceptions_are_reported(load, code):
    """A BaseException in a call is an exception like any other."""
    found = trouble(load(f"import sys\ndef f():\n    {code}").f)
    assert isinstance(found, Crashed)
    assert found.fact.key in ("raised", "exit_in_function")
