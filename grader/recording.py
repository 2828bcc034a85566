"""The reference's answers to the public checks, kept in `recorded.json` so that a student's copy needs no reference.

A recording is the list of requests that a check made, in order, each with its answer. Replaying it verifies that the check
asks the same again: the inputs come from a fixed seed, so they differ only where the file is out of date or numpy draws
other numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.errors import Fault
from grader.sandbox.student import Remote, Session
from grader.tensor import Tensor
from grader.text import text

PRACTICE = "practice"  # the seed of public checks on a student's machine, unless each student has numbers of their own
_SAME = 1e-9  # relative: another machine's exp may differ in the last digit


@dataclass(frozen=True)
class Recording:
    """What a recorded.json holds: the seed that its inputs were drawn with, and the entries of each check."""

    seed: str
    checks: dict[str, list[dict[str, Any]]]


class Recorder:
    """A session that passes everything on to another one and writes it down."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.face: Session = self
        session.face = self
        self.entries: list[dict[str, Any]] = []

    @property
    def warnings(self) -> list[str]:
        return self._session.warnings

    def call(
        self, target: int, name: str, args: Sequence[object], kwargs: dict[str, object], *, want_args: bool = False
    ) -> tuple[Any, Any]:
        asked = {"call": name, "of": target, "args": to_json([*args]), "kwargs": to_json(kwargs)}
        answer = self._session.call(target, name, args, kwargs, want_args=want_args)
        self.entries.append({**asked, "answer": to_json(list(answer))})
        return answer

    def get(self, target: int, name: str) -> Any:
        answer = self._session.get(target, name)
        self.entries.append({"get": name, "of": target, "answer": to_json(answer)})
        return answer

    def set(self, target: int, name: str, value: object) -> None:
        self._session.set(target, name, value)
        self.entries.append({"set": name, "of": target, "args": to_json(value), "answer": None})

    def without_autograd(self) -> Session:
        other = Recorder(self._session.without_autograd())
        other.entries = self.entries
        return other


class Replay:
    """A session that answers from a recording, in its order."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self.warnings: list[str] = []
        self.face: Session = self
        self._entries = iter(entries)

    def call(
        self, target: int, name: str, args: Sequence[object], kwargs: dict[str, object], *, want_args: bool = False
    ) -> tuple[Any, Any]:
        asked = {"call": name, "of": target, "args": to_json([*args]), "kwargs": to_json(kwargs)}
        value, after = from_json(self._next(asked), self)
        return value, after

    def get(self, target: int, name: str) -> Any:
        return from_json(self._next({"get": name, "of": target}), self)

    def set(self, target: int, name: str, value: object) -> None:
        self._next({"set": name, "of": target, "args": to_json(value)})

    def without_autograd(self) -> Session:
        return self

    def _next(self, asked: dict[str, Any]) -> Any:
        entry = next(self._entries, {})
        if not all(_alike(entry.get(key), value) for key, value in asked.items()):
            raise Fault(text("recorded_stale"))
        return entry["answer"]


def to_json(value: Any) -> Any:
    """A value of the wire as JSON: what JSON lacks becomes a dict of one key that names it."""
    match value:
        case np.ndarray():
            return {"array": [value.dtype.str, list(value.shape), value.reshape(-1).tolist()]}
        case np.generic():
            return {"scalar": [value.dtype.str, value.item()]}
        case Tensor(data, dtype, requires_grad):
            return {"tensor": [to_json(data), dtype, requires_grad]}
        case tuple():
            return {"tuple": [to_json(item) for item in value]}
        case list():
            return [to_json(item) for item in value]
        case dict():
            return {"dict": [[to_json(key), to_json(item)] for key, item in value.items()]}
        case Remote():
            return {"object": [value._number, value._type_name]}
        case None | bool() | int() | float() | str():
            return value
    raise Fault(f"a public check exchanges a {type(value).__name__} with the reference, which cannot be recorded")


def from_json(value: Any, session: Session) -> Any:
    """The value that `to_json` made; objects answer from `session`."""
    if isinstance(value, list):
        return [from_json(item, session) for item in value]
    if not isinstance(value, dict):
        return value
    (kind, content), *_ = value.items()
    match kind:
        case "array":
            return np.array(content[2], content[0]).reshape(content[1])
        case "scalar":
            return np.dtype(content[0]).type(content[1])
        case "tensor":
            return Tensor(from_json(content[0], session), content[1], content[2])
        case "tuple":
            return tuple(from_json(item, session) for item in content)
        case "object":
            return Remote(session, *content)
    return {from_json(key, session): from_json(item, session) for key, item in content}


def _alike(first: Any, second: Any) -> bool:
    """Whether two pieces of JSON are equal, numbers up to rounding."""
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(_alike, first, second))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_alike(first[key], second[key]) for key in first)
    if isinstance(first, float) and isinstance(second, float):
        return first == second or abs(first - second) <= _SAME * max(abs(first), abs(second))
    return bool(first == second)


def encode(recording: Recording) -> str:
    """A recording as recorded.json has it."""
    seed = {} if recording.seed == PRACTICE else {"seed": recording.seed}
    return json.dumps({"version": 1, "numpy": np.__version__, **seed, "checks": recording.checks}, separators=(",", ":")) + "\n"


def save(path: Path, recording: Recording) -> bool:
    """Write recorded.json; whether it changed."""
    content = encode(recording)
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return False
    path.write_text(content, encoding="utf-8")
    return True


def load(path: Path) -> Recording:
    """Read recorded.json. Raises Fault."""
    try:
        content = json.loads(path.read_bytes())
        return Recording(content.get("seed", PRACTICE), content["checks"])
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise Fault(text("recorded_broken", path=path)) from error
