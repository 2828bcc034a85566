#!/usr/bin/env python3
"""Classroom 50: grades the checkout that it runs in with the course beside this file.

Goes into CLASSROOM/autograders/ASSIGNMENT/, together with `course/`, which `grader release course` makes. ASSIGNMENT is the
id of an exercise, with - for _; any other name grades all of them. Classroom 50 publishes this folder on the web: so it holds
the public checks only, never `reference/`.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

COURSE = Path(os.environ.get("CLASSROOM50_BUNDLE_DIR") or Path(__file__).resolve().parent) / "course"
GRADED = (0, 1)  # full marks, or points lost; anything else is no mark


def install() -> None:
    """Install the grader that the course brings along, unless it is there."""
    if importlib.util.find_spec("grader"):
        return
    wheels = sorted(map(str, (COURSE / "wheels").glob("*.whl")))
    command = [sys.executable, "-P", "-m", "pip", "install", "--quiet", "--extra-index-url", "https://download.pytorch.org/whl/cpu"]
    subprocess.run([*command, *(wheels or ["-r", "requirements.txt"])], cwd=COURSE, check=True)


def main() -> int:
    """The exit code that Classroom 50 expects: 0 if there is a result, whatever the mark."""
    install()
    # -P: the student's folder, where this runs, is not searched for modules
    command = [sys.executable, "-P", "-m", "grader", "ci", ".", "--course", str(COURSE), "--public-only"]
    code = subprocess.run(command, check=False).returncode
    return 0 if code in GRADED else code


if __name__ == "__main__":
    sys.exit(main())
