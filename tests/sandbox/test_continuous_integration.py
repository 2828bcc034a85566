"""On a runner: student code finds no variable, token or secret of the job, and can change none of the files that steer it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.limits import Limits
from grader.sandbox.student import Clock, Student, WorkerSession
from grader.sandbox.supervisor import Program, Worker, Zygote
from tests.sandbox.attack import needs

TOKEN = "ghs_" + "0123456789abcdef" * 2
LOOT = '''
import os

def processes(more):
    """All that can be listed, or else those that can be guessed."""
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return [*range(1, 2000), os.getppid(), *more]

def loot(write, read, first, second, *more):
    """What student code gets at: names of variables, processes whose environment holds the token, files that it changes or reads."""
    found = [name for name in os.environ if name.startswith(("GITHUB_", "ACTIONS_", "RUNNER_", "GRADER_")) or "TOKEN" in name]
    for pid in processes(more):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if (first + second).encode() in file.read():
                    found.append("environ of a process")
        except OSError:
            pass
    for path in write:
        try:
            with open(path, "a") as file:
                file.write("forged")
            found.append("wrote " + os.path.basename(path))
        except OSError:
            pass
    for path in read:
        try:
            with open(path) as file:
                found.append("read " + os.path.basename(path) + (", with the token" if first + second in file.read() else ""))
        except OSError:
            pass
    return sorted(set(found))
'''


@pytest.fixture
def job(tmp_path, monkeypatch) -> dict[str, list[str]]:
    """A checkout as actions/checkout leaves it, the runner's files, and this process's environment as that of a step."""
    workflow = tmp_path / "repo" / ".github" / "workflows" / "grader.yml"
    config = tmp_path / "repo" / ".git" / "config"
    commands = {name: tmp_path / "runner" / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
    files = [workflow, config, *commands.values()]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"AUTHORIZATION: basic {TOKEN}")
        path.chmod(0o666)  # a runner's user owns everything: file modes are no help there
    for folder in (tmp_path, *(path.parent for path in files)):
        folder.chmod(0o777)
    for name, path in commands.items():
        monkeypatch.setenv(name, str(path))
    for name in ("GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "GRADER_SEED", "CLASS_TOKEN"):
        monkeypatch.setenv(name, TOKEN)
    return {"write": [str(path) for path in files], "read": [str(config), str(workflow)]}


@pytest.fixture
def worker(job) -> Iterator[Worker]:
    """Started, zygote and all, from within such a step."""
    zygote = Zygote(("numpy",))
    try:
        program = Program("module", "module.py", {"module.py": LOOT.encode()})
        with Worker(zygote, program, Limits(memory=256 << 20), 10.0) as worker:
            yield worker
    finally:
        zygote.close()


@needs("landlock", "seccomp")
def test_student_code_gets_at_nothing_of_the_job(worker, job):
    student = Student(WorkerSession(worker, Clock(10.0, 60.0)))
    before = [Path(path).read_text() for path in job["write"]]
    assert student.loot(job["write"], job["read"], TOKEN[:9], TOKEN[9:], os.getpid()) == []
    assert [Path(path).read_text() for path in job["write"]] == before


def test_control_the_same_code_unconfined_gets_at_everything(job, tmp_path):
    """So run most in-repository graders: `python student.py` inside the step."""
    code = f"import json, sys\n{LOOT}\nprint(json.dumps(loot(*json.loads(sys.argv[1]))))"
    words = json.dumps([job["write"], job["read"], TOKEN[:9], TOKEN[9:]])
    done = subprocess.run([sys.executable, "-c", code, words], capture_output=True, text=True, timeout=60, check=True, env=os.environ)
    found = json.loads(done.stdout)
    assert {"GITHUB_TOKEN", "GRADER_SEED", "GITHUB_OUTPUT", "environ of a process"} <= set(found)
    assert {"wrote grader.yml", "wrote github_output", "wrote github_env", "read config, with the token"} <= set(found)
