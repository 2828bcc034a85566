"""A machine that cannot confine grades in the same way, says what is missing, and grades strangers only when told to.

GRADER_WITHOUT stands in for such machines: kernels without Landlock or seccomp, and macOS and Windows, which have no zygote either.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import doctor
from grader.cli import main
from grader.course import Course
from grader.errors import Fault
from grader.grading import Grader
from grader.runner import Runner
from grader.sandbox.limits import LAYERS, OUTPUT_BYTES, Limits
from grader.sandbox.plain import Plain
from grader.sandbox.student import Clock, Student, WorkerSession
from grader.sandbox.supervisor import Program, Worker
from grader.submission import Submission
from tests import tiny_course
from tests.conftest import MIB
from tests.sandbox.attack import MISSING, running, trouble, within
from tests.tiny_course import RIGHT, hand_in

ROOT = Path(__file__).parents[2]
LEVELS = {"landlock": {"landlock"}, "seccomp": {"seccomp"}, "landlock,seccomp": {"landlock", "seccomp"}, "zygote": set(LAYERS)}
LOOP = "def square(x):\n    while True: pass\n"
BOMB = "held = []\ndef square(x):\n    while True: held.append(bytearray(10_000_000))\n"


@pytest.fixture(params=LEVELS)
def level(request, monkeypatch):
    """A machine without some layers; the layers that it lacks."""
    monkeypatch.setenv("GRADER_WITHOUT", request.param)
    return LEVELS[request.param] | MISSING


@pytest.fixture
def plain(monkeypatch):
    """A machine without a zygote."""
    monkeypatch.setenv("GRADER_WITHOUT", "zygote")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The tiny course, its answers recorded."""
    folder = tiny_course.build(tmp_path_factory.mktemp("course"))
    assert CliRunner().invoke(main, ["record", "--course", str(folder)]).exit_code == 0
    return folder


def command(made, *arguments, lang="en"):
    return CliRunner().invoke(main, [*map(str, arguments), "--course", str(made), "--lang", lang])


def test_right_and_wrong_are_told_apart_and_the_report_says_what_held(level):
    course = Course.load(ROOT)
    wrong = next((ROOT / "reference" / "neuron" / "mistakes").glob("*.py"))
    with Runner("secret") as runner:
        grader = Grader(course, runner, language="en")
        right = grader.grade(Submission("ana", "neuron", ROOT / "reference" / "neuron" / "neuron.py"))
        lost = grader.grade(Submission("bea", "neuron", wrong))
    assert (right.status, right.score) == ("graded", 100)
    assert lost.status == "graded"
    assert lost.score < 100
    assert any(check.diagnosis == wrong.stem for check in lost.checks)
    assert right.protection == lost.protection == sorted(set(LAYERS) - level)


@pytest.mark.parametrize("level", ["landlock,seccomp", "zygote"], indirect=True)
@pytest.mark.parametrize(("source", "outcomes"), [(LOOP, {"limit"}), (BOMB, {"limit", "crashed"})], ids=["loop", "bomb"])
def test_what_never_ends_is_stopped(level, made, tmp_path, source, outcomes):
    """By the grader's clock, and by its eye on memory, where nothing else bounds it."""
    path = hand_in(tmp_path, "ana", source)
    with within(15), Runner("secret") as runner:
        report = Grader(Course.load(made), runner, language="en").grade(Submission("ana", "square", path))
        path.write_text(RIGHT)
        assert Grader(Course.load(made), runner, language="en").grade(Submission("ana", "square", path)).score == 100
    assert report.checks[0].outcome in outcomes
    assert (report.status, report.score) == ("graded", 0)


def test_doctor_says_what_is_missing(level):
    assert set(doctor.missing()) == level
    said = CliRunner().invoke(main, ["doctor", "--lang", "en"]).output
    for layer in LAYERS:
        assert f"{layer}: {'NOT ' if layer in level else ''}available" in said
    assert ("a Python of its own" in said) is (level == set(LAYERS))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_grade_refuses_strangers_unless_told_to(level, made, tmp_path, lang):
    """Exit code 2, and the message names what is missing and the way out; with it everybody gets a report that says so."""
    hand_in(tmp_path / "class", "ana", RIGHT)
    arguments = "grade", tmp_path / "class", "-o", tmp_path / "out", "--jobs", "1", "--seed", "s"
    refused = command(made, *arguments, lang=lang)
    assert refused.exit_code == 2
    assert "--unconfined" in refused.stderr
    assert all(layer in refused.stderr for layer in level)
    assert not (tmp_path / "out").exists()
    if lang == "es":
        return
    done = command(made, *arguments, "--unconfined")
    assert done.exit_code == 0, done.output
    report = json.loads((tmp_path / "out" / "results" / "ana" / "square.json").read_text())
    assert (report["score"], set(report["protection"])) == (100, set(LAYERS) - level)
    shown = command(made, "report", tmp_path / "out").stdout
    assert all(layer in shown for layer in level)


def test_check_on_ones_own_code_warns_once(level, made, tmp_path):
    """On stderr, once for the command, in either language; the result is that of any other machine."""
    files = [hand_in(tmp_path, "ana", RIGHT)]
    for lang, words in (("en", "your own rights"), ("es", "tus propios permisos")):
        result = command(made, "check", *files, lang=lang)
        assert result.exit_code == 0, result.output
        assert result.stderr.count(words) == 1
        assert words not in result.stdout


def test_fully_confined_machine_warns_of_nothing(made, tmp_path):
    """Positive control of the two above."""
    if MISSING:
        pytest.skip(f"this machine lacks {', '.join(MISSING)}")
    hand_in(tmp_path / "class", "ana", RIGHT)
    assert command(made, "check", tmp_path / "class" / "ana" / "square.py").stderr == ""
    assert command(made, "grade", tmp_path / "class", "-o", tmp_path / "out", "--jobs", "1", "--seed", "s").exit_code == 0


def test_who_only_fails_at_import_is_not_called_unconfined(made, tmp_path):
    """What held is known even where the submission never came to answer."""
    path = hand_in(tmp_path, "ana", "import os\nos._exit(0)\n")
    with Runner("secret") as runner:
        report = Grader(Course.load(made), runner, language="en").grade(Submission("ana", "square", path))
    assert set(report.protection) == set(LAYERS) - MISSING


# -- plain processes ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def load(plain):
    """A student's module in a plain process."""
    opened: list[Plain | Worker] = []

    def get(source: str, *, memory: int = 256 * MIB, call_s: float = 20.0) -> Student:
        starter = Plain(("numpy",))
        opened.append(starter)
        worker = Worker(starter, Program("m", "m.py", {"m.py": source.encode()}), Limits(memory=memory), 20.0)
        opened.append(worker)
        return Student(WorkerSession(worker, Clock(call_s, 60.0)))

    yield get
    for one in reversed(opened):
        one.close()
    for starter in opened[::2]:
        assert not starter.stage.exists()


def test_plain_worker_answers_like_any_other(load):
    student = load("import numpy as np\ndef f(x):\n    print('x' * 1000)\n    return x + 1\ndef g(h): return h(3) * 2\n")
    assert student.f(2.5) == 3.5
    assert student.f(sum(range(10))) == 46
    assert student.g(lambda x: x + 1.0) == 8.0


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("import time\ndef f(): time.sleep(60)", "limit_time"),
        ("def f():\n    while True: pass", "limit_time"),
        ("import signal, time\nsignal.pthread_sigmask(0, range(1, 32))\ndef f(): time.sleep(60)", "limit_time"),
        (f"def f():\n    while True: print('x' * {OUTPUT_BYTES // 8}, flush=True)", "limit_output"),
        ("def f():\n    for n in range(99): open(str(n), 'wb').write(bytes(1 << 20))\n    while True: pass", "limit_disk"),
        ("import os\ndef f(): os._exit(3)", "process_ended"),
        ("import os\ndef f(): os.kill(os.getpid(), 40)", "process_ended"),
        (
            "import os\ndef f():\n    for fd in range(3, 20):\n        try: os.write(fd, b'x' * 64)\n        except OSError: pass",
            "protocol_broken",
        ),
    ],
)
def test_plain_worker_is_stopped_with_the_same_words(load, source, key):
    with within(8):
        assert trouble(load(source, call_s=3.0).f).fact.key == key


def test_stranger_that_holds_the_pipes_stops_nobody(load, tmp_path):
    """A daemon in another session outlives the worker (unconfined means that), and is waited for by nobody: neither here nor at our end."""
    code = f"""
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            open({str(tmp_path / "pid")!r}, "w").write(str(os.getpid()))
            time.sleep(60)
        os._exit(0)
    time.sleep(0.5)
    os._exit(0)
"""
    with within(2):
        assert trouble(load(code, call_s=40.0).f).fact.key == "process_ended"
    os.kill(int((tmp_path / "pid").read_text()), 9)


def test_plain_workers_leave_nothing_behind(plain):
    """No process, no file and no descriptor more than before, however they end."""
    before = len(os.listdir("/proc/self/fd"))
    starter = Plain(())
    pids = []
    for source in ("def f(): return 1", "import os\ndef f(): os._exit(0)", "import time\ndef f(): time.sleep(60)"):
        try:
            with Worker(starter, Program("m", "m.py", {"m.py": source.encode()}), Limits(), 20.0) as worker:
                pids.append(worker.pid)
                starter.prepare(Limits())
                trouble(Student(WorkerSession(worker, Clock(1.0, 1.0))).f)
        except pytest.fail.Exception:
            continue
    starter.close()
    assert not starter.stage.exists()
    assert not [pid for pid in pids if running(pid)]
    deadline = time.monotonic() + 5
    while len(os.listdir("/proc/self/fd")) > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(os.listdir("/proc/self/fd")) <= before


def test_library_that_is_not_there_is_our_fault_here_too(plain):
    starter = Plain(("no_such_library",))
    with within(10), pytest.raises(Fault, match="no_such_library"):
        Worker(starter, Program("m", "m.py", {"m.py": b""}), Limits(), 20.0)
    starter.close()


ELSEWHERE = """
import os, platform, signal, sys

class Refused:
    def find_spec(self, name, path=None, target=None):
        if name in {"resource", "fcntl", "termios", "tty", "pwd", "grp", "syslog"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refused())
for name in ("fcntl", "resource", "termios", "tty", "pwd", "grp"):
    sys.modules.pop(name, None)
for name in ("fork", "killpg", "geteuid", "getuid", "chown", "memfd_create", "pidfd_open", "O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY"):
    if hasattr(os, name):
        delattr(os, name)
del signal.SIGUSR1, signal.pidfd_send_signal
platform.system = lambda: "Windows"
from grader.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("arguments", [["list"], ["doctor"], ["check"], ["grade"]], ids=lambda words: words[0])
def test_nothing_that_only_posix_has_is_needed(made, tmp_path, arguments):
    """The modules, functions and flags that Windows lacks are taken away; the commands do their work."""
    path = hand_in(tmp_path / "class", "ana", RIGHT)
    more = {"check": [path], "grade": [tmp_path / "class", "-o", tmp_path / "out", "--jobs", "1", "--seed", "s", "--unconfined"]}
    course = [] if arguments == ["doctor"] else ["--course", made]
    words = [*arguments, *more.get(arguments[0], []), *course, "--lang", "en"]
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, *map(str, words)], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr + done.stdout
    if arguments == ["grade"]:
        assert json.loads((tmp_path / "out" / "results" / "ana" / "square.json").read_text())["score"] == 100
