"""Whether something that students must not see is in files that they are to get, searched by content, not by name.

Looked for: lines and functions of references, variants, mistakes and hidden checks, the words of mistakes.yaml, the names of
hidden checks and their secret. Code is compared as Python unparses it, without white space, so that neither layout, comments nor
quotes hide it. What is public on purpose: the titles, points and hints in assignment.yaml, hidden checks' among them.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from grader.course import Assignment, Course

# Squeezed characters. Of the 17 assignments' 21 000 hidden statements no longer one is in a stub, statement or notebook.
_DISTINCTIVE = 20
_SECRET_LEAST = 8  # a shorter seed, "1" say, would be found everywhere


@dataclass(frozen=True)
class Leak:
    """One hidden thing in one file.

    Attributes:
        file: where it was found.
        source: the file of `reference/` that it comes from.
        what: the line, name or words.
    """

    file: str
    source: str
    what: str


def find(course: Course, files: Mapping[str, bytes], secret: str = "") -> list[Leak]:
    """Everything of `course`'s reference/ that `files` (name -> content) hold; `secret` is the seed of its hidden checks."""
    texts = {name: _Text(name, content) for name, content in files.items()}
    return [
        *(leak for assignment in course.assignments.values() for leak in _of_assignment(assignment, texts)),
        *(Leak(name, "secret.txt", "secret") for name, text in texts.items() if len(secret) >= _SECRET_LEAST and secret in text.plain),
    ]


class _Text:
    """A file as it is searched."""

    def __init__(self, name: str, content: bytes) -> None:
        plain = content.decode("utf-8", "ignore")
        if name.endswith((".json", ".ipynb")):
            plain = "\n".join(_strings(json.loads(plain)))
        self.plain = plain
        self.squeezed = _squeeze(plain)
        self.checks = PurePosixPath(name).name == "checks.py" or ".whl/" in name  # code of ours that hidden code is like

    def holds(self, lines: tuple[str, ...]) -> str | None:
        """The hidden function's line that is in this file; for code that asks and judges likewise, only a function's all lines."""
        if self.checks:
            return lines[0] if len(lines) > 1 and all(line in self.squeezed for line in lines) else None
        return next((line for line in lines if line in self.squeezed), None)


def _of_assignment(assignment: Assignment, texts: Mapping[str, _Text]) -> Iterator[Leak]:
    if assignment.reference is None:
        return
    public = "\n".join(_functions((assignment.folder / "checks.py").read_text(encoding="utf-8")))
    seen: set[tuple[str, ...]] = set()  # a mistake is the reference but for one line
    for path in sorted(assignment.reference.rglob("*.py")):
        for lines in _distinctive(path, public):
            if lines not in seen:
                seen.add(lines)
                yield from (Leak(name, str(path), line) for name, text in texts.items() if (line := text.holds(lines)))
    yield from _words(assignment, texts)


def _distinctive(path: Path, public: str) -> Iterator[tuple[str, ...]]:
    """The telling lines of each function, those of functions left out that the public checks have too."""
    for code in _functions(path.read_text(encoding="utf-8")):
        lines = tuple(line for line in code.split("\n") if len(line) >= _DISTINCTIVE)
        if lines and code not in public:
            yield lines


def _functions(source: str) -> Iterator[str]:
    """Each function's lines, squeezed; signatures and docstrings, which the stub has too, left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = ast.unparse(ast.Module(body, [])).split("\n")
            yield "\n".join(squeezed for line in lines if not (squeezed := _squeeze(line)).startswith("def"))


def _words(assignment: Assignment, texts: Mapping[str, _Text]) -> Iterator[Leak]:
    """Names of hidden checks outside assignment.yaml, and what only who makes a mistake is told of it."""
    hidden = [name for name, file in assignment.file.checks.items() if file.visibility == "hidden"]
    for name, text in texts.items():
        if PurePosixPath(name).name != "assignment.yaml":
            yield from (Leak(name, str(assignment.hidden_checks), check) for check in hidden if re.search(rf"\b{check}\b", text.plain))
        for mistake, file in assignment.mistakes.items():
            if text.checks:  # a public check may itself say what who makes a mistake is told
                continue
            said = [words for words in (file.title.es, file.title.en, file.hint.es, file.hint.en) if _squeeze(words) in text.squeezed]
            yield from (Leak(name, f"mistakes.yaml: {mistake}", words) for words in said)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text).replace('"', "'")


def _strings(value: Any) -> Iterator[str]:
    """Every string of some JSON, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from _each(value.values())
    elif isinstance(value, list):
        yield from ["".join(value)] if all(isinstance(item, str) for item in value) else _each(value)


def _each(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _strings(value)
