"""Which layers hold is said truthfully, for every user who may grade; and nothing is left behind by anybody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from grader import doctor
from grader.errors import Fault, StudentTrouble
from grader.sandbox import profile
from grader.sandbox.limits import LAYERS, Limits
from grader.sandbox.student import Clock, Student, WorkerSession
from grader.sandbox.supervisor import Program, Worker, Zygote
from tests.sandbox.attack import MISSING, running, trouble, within

ROOT = Path(__file__).parents[2]
MADE_UP = 64_999  # a user that no machine has


@pytest.mark.parametrize("layer", LAYERS)
def test_missing_layer_is_not_claimed(start, layer):
    """A worker says which layers hold: all that the machine offers, and not the one that is left out."""
    offered = set(LAYERS) - MISSING
    assert set(start("x = 1").layers) == offered
    assert set(start("x = 1", skip={layer}).layers) == offered - {layer}


def test_doctor_says_what_workers_say(start):
    """`grader doctor` and a worker name the same layers."""
    assert {layer.name for layer in doctor.layers() if layer.available} == set(start("x = 1").layers)


def readable_python() -> str | None:
    """A Python of this version that every user can run: this one, or the system's."""
    version = "{}.{}".format(*sys.version_info)
    for python in map(Path, (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}")):
        if python.exists() and all(place.stat().st_mode & 0o005 == 0o005 for place in (python.resolve(), *python.resolve().parents)):
            return str(python)
    return None


def elsewhere(uid: int, tmp_path: Path) -> dict:
    """What elsewhere.py answers as another user; skips the test where that user cannot run it, and says why."""
    python = readable_python()
    if python is None:
        pytest.skip(f"no Python {sys.version_info[:2]} here can be run by other users")
    private = tmp_path / "private"
    private.write_text("secret")
    private.chmod(0o600)
    libraries = [str(ROOT), sysconfig.get_path("purelib")]
    environment = {"PYTHONPATH": os.pathsep.join(libraries), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python, str(Path(__file__).with_name("elsewhere.py")), str(uid), str(private)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, cwd="/", check=False)
    if done.returncode and ("ImportError" in done.stderr or "ModuleNotFoundError" in done.stderr or "Permission denied" in done.stderr):
        pytest.skip(f"{python} as user {uid} cannot load the grader: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user; all other tests run as this one")


@ONLY_ROOT
def test_ordinary_user_is_protected_in_the_same_way(tmp_path):
    """A grader without privileges gets every layer that the machine offers, and the same attacks are refused."""
    answers = elsewhere(MADE_UP, tmp_path)
    assert answers["left"] is False
    all_ = answers["all"]
    assert set(all_["layers"]) == set(LAYERS) - MISSING
    assert all_["who"][:3] == [MADE_UP] * 3
    assert (all_["works"], all_["owner"]) == (3.0, MADE_UP)
    assert {name: said for name, said in all_["tries"].items() if said.startswith("GOT")} == {}
    if "landlock" not in MISSING:
        assert "landlock" not in answers["without landlock"]["layers"]
        assert answers["without landlock"]["tries"]["passwd"].startswith("GOT")


@ONLY_ROOT
def test_workers_of_root_become_another_user_where_that_user_can_read_python(tmp_path):
    """Root's workers are user 64242: even without Landlock, root's private files are closed to them."""
    answers = elsewhere(0, tmp_path)
    assert answers["left"] is False
    for way in ("all", "without landlock"):
        assert answers[way]["who"] == [64_242, 64_242, 64_242, []]
        assert (answers[way]["works"], answers[way]["owner"]) == (3.0, 64_242)
        assert answers[way]["tries"]["read"] == "PermissionError"
        assert answers[way]["tries"]["become"] == "PermissionError"


def test_user_to_become_is_none_where_a_library_cannot_be_read(monkeypatch, tmp_path):
    """Root stays root, without capabilities, if the interpreter or a library lies where others cannot read."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "prefix", "/usr")
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    assert profile.unprivileged_uid() == 64_242
    tmp_path.chmod(0o700)
    monkeypatch.setattr(profile, "_folders", lambda name: {str(tmp_path)})
    assert profile.unprivileged_uid(("numpy",)) is None
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert profile.unprivileged_uid() is None


ENDINGS = {
    "returns": "def f(): return 1",
    "exits": "import os\ndef f(): os._exit(0)",
    "is stopped": "import time\ndef f(): time.sleep(60)",
    "breaks the channel": "import os, time\ndef f(): os.write(3, b'x' * 64); time.sleep(60)",
    "fills memory": "def f(): return bytearray(1 << 40)",
    "writes files": "import os\ndef f():\n    for n in range(50): open(str(n), 'w').close()\n    os.mkdir('d', 0); os._exit(1)",
    "is stopped at import": "while True: pass",
    "exits at import": "import os\nos._exit(0)",
}


def descriptors(pid: int | str = "self") -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def children(pid: int) -> list[int]:
    """The processes whose parent is `pid`, zombies included."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def test_workers_leave_nothing_behind():
    """After forty workers, most of them ended by force: no process, no file, no descriptor more than before."""
    zygote = Zygote(())
    try:
        one_of_each(zygote)
        before = descriptors(), descriptors(zygote._process.pid)
        for _ in range(4):
            one_of_each(zygote)
        assert (descriptors(), descriptors(zygote._process.pid)) == before
        assert children(zygote._process.pid) == []
        assert list(zygote.stage.iterdir()) == []
    finally:
        zygote.close()
    assert not zygote.stage.exists()
    assert zygote._process.returncode == 0


def one_of_each(zygote: Zygote) -> None:
    """A worker for every way to end."""
    for source in ENDINGS.values():
        program = Program("m", "m.py", {"m.py": source.encode()})
        try:
            with Worker(zygote, program, Limits(memory=64 << 20), 0.2) as worker:
                Student(WorkerSession(worker, Clock(0.05, 1.0))).f()
        except StudentTrouble:
            continue


@pytest.mark.parametrize("where", ["the name of a file", "the fork", "the limits"])
def test_failed_starts_leave_nothing_behind(where, monkeypatch):
    """A worker that cannot be started or confined is a Fault, never the student's, and takes its descriptors with it."""
    zygote = Zygote(())
    program = Program("m", "m.py", {"m.py": b""})
    limits = Limits()
    try:
        before = descriptors()
        if where == "the name of a file":
            program = Program("m", "m.py", {"../x": b""})
        elif where == "the limits":
            limits = Limits(cpu_s=1 << 70)  # which no system call takes
        else:
            monkeypatch.setattr(os, "memfd_create", lambda *_: os.open("/nonexistent", os.O_RDONLY))
        for _ in range(3):
            with pytest.raises(Fault):
                Worker(zygote, program, limits, 1.0)
        zygote.bury(2.0)
        assert descriptors() == before
        assert list(zygote.stage.iterdir()) == []
        assert zygote.alive
    finally:
        zygote.close()


def test_library_that_is_not_there_is_our_fault():
    """A zygote that cannot import its libraries does not start: a Fault, at once, and nothing left."""
    before = descriptors()
    with within(5), pytest.raises(Fault, match="no_such_library"):
        Zygote(("no_such_library",))
    assert descriptors() == before


KILLED = """
import sys
sys.path.insert(0, {root!r})
from grader.sandbox.limits import Limits
from grader.sandbox.supervisor import Program, Worker, Zygote

zygote = Zygote(())
workers = [Worker(zygote, Program("m", "m.py", {{"m.py": b"open('file', 'w').close()"}}), Limits(), 30.0) for _ in range(3)]
print(zygote._process.pid, *[worker.pid for worker in workers], zygote.stage, flush=True)
sys.stdin.read()
"""


def test_killed_grader_leaves_no_process_and_no_submission():
    """kill -9 of the grader: its zygote notices, removes what workers had written, and ends; its workers end with it."""
    code = KILLED.format(root=str(ROOT))
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as grader:
        *pids, stage = grader.stdout.readline().split()
        assert len(list(Path(stage).rglob("file"))) == 3
        grader.kill()
    with within(5):
        while any(running(int(pid)) for pid in pids):
            time.sleep(0.02)
    assert list(Path(stage).iterdir()) == []
    Path(stage).rmdir()


def test_grader_that_ends_in_an_error_leaves_nothing():
    """A grader that never came to close its zygote: its processes end, and the folder is gone."""
    code = KILLED.format(root=str(ROOT)).replace("sys.stdin.read()", "raise SystemExit(3)")
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, timeout=100, check=False)
    *pids, stage = done.stdout.split()
    with within(5):
        while any(running(int(pid)) for pid in pids):
            time.sleep(0.02)
    assert done.returncode == 3
    assert not Path(stage).exists()


def test_interrupt_from_the_keyboard_does_not_reach_the_zygote(zygote):
    """The zygote has a session of its own: Ctrl-C is for the grader, which then closes it."""
    assert os.getsid(zygote()._process.pid) != os.getsid(0)


def test_closing_twice_is_closing_once(start):
    """A worker or a zygote that is closed again stays closed."""
    worker = start("x = 1")
    worker.close()
    worker.close()
    assert not worker.alive
    zygote = Zygote(())
    zygote.close()
    zygote.close()
    assert not zygote.alive


def test_dead_zygote_is_a_fault_and_its_workers_end():
    """When the zygote dies, its workers die with it; whoever was asked one is told of our fault, not of the student's."""
    zygote = Zygote(())
    program = Program("m", "m.py", {"m.py": b"def f(): return 1"})
    worker = Worker(zygote, program, Limits(), 10.0)
    zygote._process.kill()
    zygote._process.wait()
    with within(2):
        with pytest.raises(Fault):
            Student(WorkerSession(worker, Clock(5.0, 5.0))).f()
        with pytest.raises(Fault):
            Worker(zygote, program, Limits(), 10.0)
    assert not zygote.alive
    worker.close()
    assert not running(worker.pid)
    zygote.close()
    assert not zygote.stage.exists()


def test_stopped_zygote_is_a_fault_and_is_ended(monkeypatch):
    """A zygote that no longer answers is not waited for for ever, and never asked again: its late answer would be another's."""
    zygote = Zygote(())
    zygote._socket.settimeout(0.2)
    os.kill(zygote._process.pid, signal.SIGSTOP)
    with within(1), pytest.raises(Fault):
        Worker(zygote, Program("m", "m.py", {"m.py": b""}), Limits(), 10.0)
    assert not zygote.alive
    zygote.close()
    assert not zygote.stage.exists()


def test_signal_without_a_name_is_the_students_trouble(load):
    """Most real-time signals have no name; who ends by one has ended all the same."""
    assert trouble(load("import os\ndef f(): os.kill(os.getpid(), 40)").f).fact.values == {"how": "signal 40"}


def test_dead_worker_stays_dead(load):
    """After its end a worker answers nothing: the same trouble, at once, for every further question."""
    student = load("import os\ndef f(): os._exit(3)")
    for _ in range(3):
        with within(1):
            assert trouble(student.f).fact.values == {"how": "exit 3"}
