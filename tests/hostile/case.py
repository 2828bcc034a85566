"""What a hostile case is made of: what is handed in, what has to come of it and why, and how the attack would have paid off.

Most attacks are written so that they earn the points of `square` where they work: graded, they must not, and with the guard
off they must. So a control is the same submission, graded by a naive grader, or by ours without a layer of its sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent

from grader.text import Text, text
from tests.tiny_course import RIGHT

__all__ = ["RIGHT", "Hostile", "Naive", "Nothing", "Shown", "Shows", "Text", "Without", "pays", "text", "wrong"]

ALL_RIGHT = "passed"
ALL_WRONG = "failed skipped"


@dataclass(frozen=True)
class Naive:
    """The naive grader of naive.py gives this verdict.

    Attributes:
        verdict: passed, hung (stopped after a second) or crashed.
        pytest: judge by pytest's exit code instead of our own loop.
        code: handed in instead, where the case itself would harm the machine that it is shown on.
    """

    verdict: str = "passed"
    pytest: bool = False
    code: str = ""


@dataclass(frozen=True)
class Without:
    """Our own grader gives all points to the same submission with these layers of its sandbox off."""

    layers: frozenset[str]

    def __init__(self, *layers: str) -> None:
        object.__setattr__(self, "layers", frozenset(layers))


@dataclass(frozen=True)
class Shows:
    """Something that a naive grader would rely on is shown not to hold: true where it is fooled."""

    fooled: Callable[[], bool]


@dataclass(frozen=True)
class Shown:
    """Another test has the control: its file below tests/ and its name."""

    test: str


@dataclass(frozen=True)
class Nothing:
    """There is no guard that could be off: no attack, but a slip that costs marks, or an oddity that must not."""


Control = Naive | Without | Shows | Shown | Nothing


@dataclass(frozen=True)
class Hostile:
    """One case.

    Attributes:
        id: its number in the catalogue, "SF01"; a letter follows where one number has several cases.
        summary: what is handed in.
        code: the module; empty where `build` makes everything.
        outcomes: of the checks in their order; a single word counts for all; "name=word" for one check of several.
        reason: what a line of the report says: a message's key in the catalogue, the message with its values, or words.
        control: how the attack pays off with the guard off.
        beside: other files of the same folder.
        build: makes more in the student's folder.
        name: of the file.
        assignment: what it is handed in for.
        status: of the report.
        student: the end of the student's name.
        never: what no line of the report may contain.
    """

    id: str
    summary: str
    code: str | bytes = ""
    outcomes: str = ALL_WRONG
    reason: tuple[str | Text, ...] = ()
    control: Control = field(default_factory=Nothing)
    beside: Mapping[str, str | bytes] = field(default_factory=dict)
    build: Callable[[Path], object] | None = None
    name: str = "square.py"
    assignment: str = "square"
    status: str = "graded"
    student: str = ""
    never: str = ""

    @property
    def group(self) -> str:
        """The letters of its group: SF."""
        return self.id[:2]

    def hand_in(self, folder: Path) -> None:
        """Make the student's folder."""
        folder.mkdir(parents=True)
        files = {self.name: self.code} if self.code else {}
        for name, content in {**files, **self.beside}.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
        if self.build:
            self.build(folder)


def wrong(code: str = "") -> str:
    """`code`, and then a square that is wrong and a slope that is right."""
    return f"import numpy as np\n{dedent(code)}\ndef square(x): return np.zeros(5)\ndef slope(x): return 2 * np.asarray(x)\n"


def pays(attack: str) -> str:
    """A module whose square is right if `attack`, the body of a function, returns something true, and wrong otherwise."""
    return f"""import ctypes, glob, os, signal, socket, subprocess, sys, threading, time
import numpy as np

def attack(x):
{indent(dedent(attack).strip(), "    ")}

def square(x):
    try:
        worked = attack(x)
    except BaseException:
        worked = False
    return np.asarray(x) ** 2 if worked else np.zeros(5)

def slope(x): return 2 * np.asarray(x)
"""
