"""A students' copy as a student uses it: cloned, set up in an environment of its own, worked in without a network.

What is run is what its README says: a command that is not run here is not in it.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from grader import release
from grader.course import Course

ROOT = Path(__file__).parents[1]
SOLUTION = (ROOT / "reference/neuron/neuron.py").read_text(encoding="utf-8")
HIDDEN = "La nota oficial incluye además otras ocultas, con otros datos."
OFFLINE = ["unshare", "-n"] if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0 else []


class Clone:
    """A clone of the students' copy, with the commands of its own environment."""

    def __init__(self, folder: Path, environment: Path) -> None:
        self.folder, self.module = folder, folder / "assignments/neuron/neuron.py"
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "GRADER_LANG", "VIRTUAL_ENV")}
        self.variables = {**kept, "PATH": f"{environment / 'bin'}:{kept['PATH']}", "IPYTHONDIR": str(environment)}

    def run(self, line: str, here: str = ".") -> tuple[int, str]:
        """Exit code and output of a command line of the README."""
        done = subprocess.run(
            [*OFFLINE, "sh", "-c", line], cwd=self.folder / here, env=self.variables, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def watch(self) -> Watching:
        return Watching(self)


class Watching:
    """`grader watch neuron` on a terminal of its own."""

    def __init__(self, clone: Clone) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*OFFLINE, "grader", "watch", "neuron"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=clone.folder, env=clone.variables,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    def wait_for(self, *words: str) -> str:
        """What the terminal shows until it has shown all these words."""
        seen, end = "", time.monotonic() + 90
        while not all(word in seen for word in words):
            assert time.monotonic() < end, seen
            if select.select([self._ours], [], [], 1)[0]:
                seen += os.read(self._ours, 4096).decode(errors="replace")
        return seen

    def press(self, key: str) -> None:
        os.write(self._ours, key.encode())

    def __enter__(self) -> Watching:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """What `pip install -r requirements.txt` gives, without a network: the copy's own wheel beside the packages of this machine."""
    folder, copy = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("release") / "copy"
    release.write(Course.load(ROOT), copy)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "machine.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}))
    (wheel,) = (copy / "wheels").iterdir()
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin/python", "install", "-q", "--no-deps", "--no-index", "--ignore-installed"]
    subprocess.run([*pip, wheel], check=True, capture_output=True)
    (folder / "bin/pytest").write_text(f"#!{folder}/bin/python\nimport sys, pytest\nsys.exit(pytest.main())\n")
    (folder / "bin/pytest").chmod(0o755)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "release"]):
        subprocess.run([*git, *words], cwd=copy, check=True)
    return folder, copy


@pytest.fixture
def clone(environment, tmp_path):
    folder, copy = environment
    subprocess.run(["git", "clone", "-q", copy, tmp_path / "mine"], check=True)
    return Clone(tmp_path / "mine", folder)


def last(said: str) -> str:
    return said.rstrip().splitlines()[-1]


def test_what_runs_is_the_copys_own_grader(clone, environment):
    assert str(environment[0]) in clone.run("python -c 'import grader; print(grader.__file__)'")[1]


def test_the_readme_names_no_command_that_is_not_run_here(clone):
    for readme in ("README.md", "README.en.md"):
        text = (clone.folder / readme).read_text(encoding="utf-8")
        named = {re.sub(r" (CHECK|COMPROBACIÓN)$", "", line) for line in re.findall(r"`((?:grader|pytest|%)[^`]*)`", text)}
        assert named - {"grader"} == {
            "grader check neuron", "grader watch neuron", "grader hint neuron", "grader list", "pytest -k neuron",
            "%load_ext grader", "%grade neuron",
        }  # fmt: skip


def test_from_clone_to_green(clone):
    code, said = clone.run("grader check neuron")
    assert (code, last(said)) == (1, "Esto son las comprobaciones públicas. " + HIDDEN)
    assert "`forward` está sin hacer" in said
    assert "neuron.ipynb" not in said  # a note on which of two files counts is for who has begun both
    assert "skipped" in clone.run("pytest -k neuron")[1]

    name = re.search(r"(\w+): `forward`", clone.run("grader list")[1])
    assert name is not None
    assert "sigmoide" in clone.run(f"grader hint neuron {name[1]}")[1]

    clone.module.write_text(SOLUTION, encoding="utf-8")
    for line in ("grader check neuron", "grader check", "grader check neuron.py", "pytest -k neuron", "pytest"):
        code, said = clone.run(line, "assignments/neuron" if line.endswith(".py") else ".")
        assert code == 0, said
        assert HIDDEN in last(said)
        assert "60 / 60" in said or "5 passed" in said
    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone.folder, capture_output=True, text=True, check=True).stdout
    assert status == " M assignments/neuron/neuron.py\n"


def test_in_a_notebook(clone):
    clone.module.write_text(SOLUTION, encoding="utf-8")
    cell = "get_ipython().run_line_magic('load_ext', 'grader'); print(repr(get_ipython().run_line_magic('grade', 'neuron')))"
    code, said = clone.run(f'python -m IPython --no-banner -c "{cell}"', "assignments/neuron")
    assert code == 0, said
    assert "60 / 60" in said
    assert HIDDEN in last(said)


def test_one_save_while_watching(clone):
    with clone.watch() as watching:
        assert "`forward` está sin hacer" in watching.wait_for(HIDDEN)
        time.sleep(0.5)
        clone.module.write_text(SOLUTION, encoding="utf-8")
        watching.wait_for("60 / 60", HIDDEN)
        watching.press("q")
        assert watching.process.wait(60) == 0


def test_watching_goes_on_after_a_broken_save_and_ends_quietly_with_ctrl_c(clone):
    with clone.watch() as watching:
        watching.wait_for(HIDDEN)
        time.sleep(0.5)
        clone.module.write_text("def forward(x, W, b)\n    return x\n", encoding="utf-8")
        assert "error de sintaxis en la línea 1" in watching.wait_for(HIDDEN)
        clone.module.unlink()
        time.sleep(1)
        clone.module.write_text(SOLUTION, encoding="utf-8")
        seen = watching.wait_for("60 / 60", HIDDEN)
        os.killpg(watching.process.pid, signal.SIGINT)
        assert watching.process.wait(60) == 0
        assert "Traceback" not in seen


def test_wrong_turns(clone):
    told = {
        "grader check neurona": "¿Querías decir neuron?",
        "grader check nuron.py": "no se llama como ningún ejercicio",
        "grader hint neuron forward": "forward_gives_z_and_a",
        "grader check": "grader check neuron",
        "grader grade . -o out": "es para quien lo enseña",
        "grader new mine": "es para quien lo enseña",
        "grader check neuron --lang fr": "'es', 'en'",
    }
    for line, words in told.items():
        code, said = clone.run(line)
        assert (code, words in said) == (2, True), said
        assert "Traceback" not in said
    clone.module.write_text("import numpy as np\ndef forward(x, W, b:\n", encoding="utf-8")
    code, said = clone.run("grader check neuron")
    assert code == 1
    assert "en la línea 2 empieza algo que no acaba" in said
    shutil.rmtree(clone.folder / "assignments/neuron")
    assert clone.run("grader check neuron")[0] == 2
