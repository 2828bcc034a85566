"""The course that hostile submissions are handed in for: `square`, with limits of a second, and assignments of the real course."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests import tiny_course

ROOT = Path(__file__).parents[2]
REAL = ("neuron", "backprop_1_network", "backprop_2_activations", "backprop_4_batch_size", "layers", "autograd", "rnn_cell")
LIMITS = "limits: {call_s: 1, check_s: 3, load_s: 2, memory_mib: 96}"


def build(folder: Path) -> Path:
    """Write the course into `folder`."""
    tiny_course.build(folder)
    for part in ("assignments", "reference"):
        for name in REAL:
            shutil.copytree(ROOT / part / name, folder / part / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = folder / "assignments" / "square" / "assignment.yaml"
    settings.write_text(_replaced(settings.read_text(), "limits: {call_s: 2, check_s: 4, load_s: 2, memory_mib: 96}", LIMITS))
    course = folder / "assignments" / "course.yaml"
    course.write_text(_replaced(course.read_text(), "[square]", f"[square, {', '.join(REAL)}]"))
    return folder


def changed(assignment: str, *changes: tuple[str, str]) -> str:
    """The real course's solution of `assignment` with each old part replaced by a new one."""
    code = (ROOT / "reference" / assignment / f"{assignment}.py").read_text(encoding="utf-8")
    for old, new in changes:
        code = _replaced(code, old, new)
    return code


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"{old!r} is no longer there"
    return text.replace(old, new)
