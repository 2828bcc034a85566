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
WIDTH: Final = 160  # characters
_LINE_END: Final = re.compile(r"\r\n|\r|\n")  # as Python counts lines; str.splitlines knows ten more


def excerpt_at(location: Location, files: Mapping[str, bytes], cells: Sequence[str]) -> Excerpt | None:
    """The lines around `location`; None where it is not in the submission."""
    if location.cell is None:
        text = decoded(files.get(location.file, b""))
    else:
        text = cells[location.cell - 1] if 0 < location.cell <= len(cells) else ""
    lines = _LINE_END.split(text)
    if not text or not 0 < location.line <= len(lines):
        return None
    first = max(location.line - AROUND, 1)
    return Excerpt(first, [_shown(line) for line in lines[first - 1 : location.line + AROUND]])


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
