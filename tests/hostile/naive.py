"""A grader as one writes it in an afternoon, to show that the attacks work: student code in its process, verdict by what is printed.

Run as a program in a copy of the student's folder it imports `square` there and judges it. It believes, as such graders do,
results.json if there is one, else the last line that looks like a verdict, else the exit code.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

LIMIT_S = 1.0  # where an attack hangs the naive grader; the rest ends in a tenth of that
START_S = 20.0  # and this much on a busy machine before its code begins
SOLUTION = "import numpy as np\ndef square(x): return np.asarray(x) ** 2\ndef slope(x): return 2 * np.asarray(x)\n"
PYTEST = (
    "import numpy as np, square\ndef test_square(): assert np.allclose(square.square(np.array([1.0, 2, 3, 4, 5])), [1, 4, 9, 16, 25])\n"
)
MAIN = """
import json
import sys
import numpy as np
open("started", "w").close()

def grade(name):
    import solution
    x = np.linspace(0.5, 2.0, 5)
    expected = getattr(solution, name)(x)
    try:
        import square as student
        if name == "slope":
            student.square(x)
        got = getattr(student, name)(x)
        return bool(np.allclose(got, expected))
    except Exception:
        return False

if __name__ == "__main__":
    ok = grade("square") and grade("slope")
    print(json.dumps({"passed": ok}))
    sys.exit(not ok)
"""


def verdict(folder: Path, *, pytest: bool = False) -> str:
    """What the naive grader says of the submission in `folder`, which it may change: passed, failed, hung or crashed."""
    for name, content in {"solution.py": SOLUTION, "naive_main.py": MAIN, "test_square.py": PYTEST}.items():
        if not (folder / name).exists():
            (folder / name).write_text(content)
    program = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_square.py"] if pytest else ["naive_main.py"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}
    with open(folder / "output", "w+b") as output:
        process = subprocess.Popen(
            [sys.executable, *program], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=output,
            stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=_limit,
        )  # fmt: skip
        try:
            code = _wait(process, folder)
        finally:
            _end(process)
        output.seek(0)
        printed = output.read(1 << 20).decode("utf-8", "replace").splitlines()
    return _read(folder, printed, code, pytest)


def _limit() -> None:
    """What protects the machine that this is shown on."""
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wait(process: subprocess.Popen[bytes], folder: Path) -> int | None:
    """Its exit code; None if it is still there some time after student code could begin."""
    deadline = time.monotonic() + START_S
    while process.poll() is None and not (folder / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        return process.wait(LIMIT_S)
    except subprocess.TimeoutExpired:
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def _read(folder: Path, printed: list[str], code: int | None, pytest: bool) -> str:
    if (folder / "results.json").is_file():
        return "passed" if json.loads((folder / "results.json").read_text())["passed"] else "failed"
    if code is None:
        return "hung"
    said = [json.loads(line)["passed"] for line in printed if line.startswith('{"passed"')]
    if said and not pytest:
        return "passed" if said[-1] else "failed"
    return "passed" if code == 0 else "failed" if code in (1, 2) else "crashed"


def judge(hand_in: Path, folder: Path, *, pytest: bool = False) -> str:
    """The verdict on a copy of the submission `hand_in`."""
    shutil.copytree(hand_in, folder, symlinks=True)
    return verdict(folder, pytest=pytest)
