"""A student's own lines around a place in what was handed in: cut out of text, never parsed.

Nothing here tells more than the place itself: a file's bytes were there before any input was seen, and a notebook's cells
were sent by the worker before it saw one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from grader.model import Excerpt, Location
from grader.sandbox.nodes import printable

AROUND: Final = 3  # lines before and after
LONGEST: Final = 16  # lines of a function
WIDTH: Final = 160  # characters
_LINE_END: Final = re.compile(r"\r\n|\r|\n")  # as Python counts lines; str.splitlines knows ten more
_DEFINITION: Final = re.compile(r"\s*(?:async\s+)?def\s")


def excerpt_at(location: Location, files: Mapping[str, bytes], cells: Sequence[str]) -> Excerpt | None:
    """The lines around `location`, or the function that begins there; None where it is not in the submission."""
    if location.cell is None:
        text = decoded(files.get(location.file, b""))
    else:
        text = cells[location.cell - 1] if 0 < location.cell <= len(cells) else ""
    lines = _LINE_END.split(text)
    if not text or not 0 < location.line <= len(lines):
        return None
    if _DEFINITION.match(lines[location.line - 1]):
        return Excerpt(location.line, [_shown(line) for line in _function(lines[location.line - 1 :])])
    first = max(location.line - AROUND, 1)
    return Excerpt(first, [_shown(line) for line in lines[first - 1 : location.line + AROUND]])


def definition(function: str, file: str, files: Mapping[str, bytes], cells: Sequence[str]) -> Location | None:
    """Where `function` is defined in the submission's `file`, or else in one beside it; None where that is not one place."""
    if not function:
        return None
    begins = re.compile(rf"\s*(?:async\s+)?def\s+{re.escape(function)}\b")
    own: list[tuple[int | None, str]] = [*enumerate(cells, start=1)] if cells else [(None, decoded(files.get(file, b"")))]
    found = [Location(file, number, cell) for cell, text in own for number in _matching(text, begins)]
    if not found:
        beside = [name for name in files if name.endswith(".py") and name != file]
        found = [Location(name, number) for name in beside for number in _matching(decoded(files[name]), begins)]
    return found[0] if len(found) == 1 else None


def _matching(text: str, begins: re.Pattern[str]) -> list[int]:
    """The numbers of the lines that begin so."""
    return [number for number, line in enumerate(_LINE_END.split(text), start=1) if begins.match(line)]


def _function(lines: Sequence[str]) -> Sequence[str]:
    """The first lines of the function that begins with `lines`: up to where something else does, as its indent tells."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    end = 1
    for i, line in enumerate(lines[1:LONGEST], start=2):
        if line.strip() and len(line) - len(line.lstrip()) <= indent and not line.lstrip().startswith((")", "]", "}")):
            break
        if line.strip():
            end = i
    return lines[:end]


def decoded(raw: bytes) -> str:
    """The text of a Python file, by the encodings that students' files come in; never fails."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _shown(line: str) -> str:
    shown = printable(line.expandtabs(4).rstrip())
    return shown if len(shown) <= WIDTH else f"{shown[: WIDTH - 1]}…"
