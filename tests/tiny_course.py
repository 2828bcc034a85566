"""A course small enough to break on purpose: one assignment, `square`, whose module defines square(x) and slope(x)."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

RIGHT = """
import numpy as np


def square(x):
    return np.asarray(x) ** 2


def slope(x):
    return 2 * np.asarray(x)
"""
STUB = '''
def square(x):
    """x (n,) -> (n,)"""
    raise NotImplementedError


def slope(x):
    """x (n,) -> (n,)"""
    raise NotImplementedError
'''
PUBLIC = """
from grader import Case, check
from grader.families import values


def point(rng):
    return rng.uniform(0.5, 2.0, 5)


@check
def square_is_the_square(case: Case) -> None:
    x = point(case.rng)
    values.matches(case.student.square(x), case.reference.square(x), "square", sizes={"n": 5})
"""
HIDDEN = """
from grader import Case, check
from grader.families import values

from .checks import point, square_is_the_square


@check(needs=square_is_the_square)
def slope_is_the_derivative(case: Case) -> None:
    x = point(case.rng)
    values.matches(case.student.slope(x), case.reference.slope(x), "slope", sizes={"n": 5})
"""
ASSIGNMENT = """
title: {es: "El cuadrado", en: "The square"}
source: none
imports: [numpy]
limits: {call_s: 2, check_s: 4, load_s: 2, memory_mib: 96}
checks:
  square_is_the_square:
    points: 60
    visibility: public
    title: {es: "square es el cuadrado", en: "square is the square"}
    hint: {es: "x por x", en: "x times x"}
  slope_is_the_derivative:
    points: 40
    visibility: hidden
    title: {es: "slope es la derivada", en: "slope is the derivative"}
    hint: {es: "baja el exponente", en: "bring the exponent down"}
"""
COURSE = """
title: {es: "Curso", en: "Course"}
language: en
assignments: [square]
"""
VARIANTS = {
    "loops": "def square(x): return [v * v for v in x]\ndef slope(x): return [v + v for v in x]\n",
    "float32": RIGHT.replace("np.asarray(x)", "np.asarray(x, dtype='float32')"),
    "power": RIGHT.replace("np.asarray(x) ** 2", "np.power(x, 2)"),
}


def mistakes() -> dict[str, tuple[str, str]]:
    """Name -> (check, module): five wrong squares and five wrong slopes."""
    wrong = {f"square_times_{k}": ("square_is_the_square", RIGHT.replace("** 2", f"** 2 * {k}")) for k in (3, 4, 5, 6, 7)}
    slopes = {f"slope_times_{k}": ("slope_is_the_derivative", RIGHT.replace("2 * np", f"{2 * k} * np")) for k in (3, 4, 5, 6, 7)}
    return wrong | slopes


def build(folder: Path) -> Path:
    """Write the course into `folder`; valid but for recorded.json, which `grader record` makes."""
    public, secret = folder / "assignments" / "square", folder / "reference" / "square"
    for path in (public, secret / "mistakes", secret / "variants"):
        path.mkdir(parents=True)
    (folder / "assignments" / "course.yaml").write_text(COURSE)
    (public / "assignment.yaml").write_text(ASSIGNMENT)
    (public / "square.py").write_text(STUB)
    (public / "checks.py").write_text(PUBLIC)
    for language in ("es", "en"):
        (public / f"statement.{language}.md").write_text("# x\n")
    (secret / "square.py").write_text(RIGHT)
    (secret / "checks.py").write_text(HIDDEN)
    for name, code in VARIANTS.items():
        (secret / "variants" / f"{name}.py").write_text(code)
    entries = []
    for name, (check, code) in mistakes().items():
        (secret / "mistakes" / f"{name}.py").write_text(code)
        words = f'{{es: "sobra un factor: {name}", en: "a factor too many: {name}"}}'
        entries.append(f"{name}:\n  check: {check}\n  title: {words}\n  hint: {words}\n")
    (secret / "mistakes.yaml").write_text("".join(entries))
    return folder


def hand_in(folder: Path, student: str, code: str | bytes, name: str = "square.py") -> Path:
    """Write a student's submission; its path."""
    path = folder / student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(code if isinstance(code, bytes) else dedent(code).encode())
    return path
