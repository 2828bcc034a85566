"""A notebook's code cells as Python that runs without Jupyter. Confined, like everything that reads a student's file.

The cells run in order in one module, each compiled by itself: one that fails costs only its own definitions, and every
line keeps its number. Old formats are read too: nbformat 3 keeps its cells in worksheets, and a cell's text may be a list.
Magics and shell lines do nothing; the body of a magic that only measures (`%%time`) runs.
"""

from __future__ import annotations

import ast
import json
import re

import msgspec

_RUNS_ITS_BODY = ("time", "timeit", "capture", "prun")
_MAGIC = re.compile(r"^(\s*)(?:[%!]|\?{1,2}\w).*$|^(\s*)[\w.]+\?{1,2}\s*$")
_MAGIC_VALUE = re.compile(r"^(\s*[\w.,\s]+?=\s*)[%!].*$")


class _Cell(msgspec.Struct):
    """What is read of a cell: never its outputs, which may be pictures of many megabytes."""

    cell_type: str = ""
    source: str | list[str] | None = None
    input: str | list[str] = ""


class _Sheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None


_decoder = msgspec.json.Decoder(_Notebook)


class NotANotebook(ValueError):
    """The file is not one that Jupyter could have written whole."""


def is_one(raw: bytes) -> bool:
    """Whether this is a notebook, whatever its name says."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"nbformat"' in raw


def code_cells(raw: bytes) -> list[str]:
    """The text of every code cell, in order. Raises NotANotebook."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        notebook = _decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        notebook = _leniently(raw)
    sheets = notebook.worksheets if notebook.cells is None else [_Sheet(notebook.cells)]
    if sheets is None:
        raise NotANotebook("no cells")
    cells = [cell for sheet in sheets for cell in sheet.cells if cell.cell_type == "code"]
    return [_text(cell.input if cell.source is None else cell.source) for cell in cells]


def _leniently(raw: bytes) -> _Notebook:
    """A notebook that is not quite JSON, such as one with NaN in its outputs. Raises NotANotebook."""
    try:
        return msgspec.convert(json.loads(raw.decode("utf-8")), _Notebook)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NotANotebook(str(error)) from None


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def python(cell: str) -> str:
    """The cell as Python, with as many lines as before."""
    first, *rest = cell.split("\n")
    if first.startswith("%%"):
        if first[2:].partition(" ")[0] not in _RUNS_ITS_BODY:
            return ""
        cell = "\n".join(["", *rest])
    lines = cell.split("\n")
    for _ in lines:  # only where Python stumbles: a line that starts with % may go on a division of two lines
        wrong = _first_wrong_line(lines)
        if wrong is None or (harmless := _without_magic(lines[wrong])) == lines[wrong]:
            break
        lines[wrong] = harmless
    return "\n".join(lines)


def _first_wrong_line(lines: list[str]) -> int | None:
    """Where the text stops being Python, counted from 0; None if it never does."""
    try:
        ast.parse("\n".join(lines))
    except SyntaxError as error:
        return min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _without_magic(line: str) -> str:
    if match := _MAGIC.match(line):
        return f"{match[1] or match[2] or ''}pass"
    if match := _MAGIC_VALUE.match(line):
        return f"{match[1]}None"
    return line


class Shell:
    """Stands in for IPython's shell: whatever is asked of it, it answers with itself and does nothing."""

    def __getattr__(self, name: str) -> Shell:
        return self

    def __call__(self, *args: object, **kwargs: object) -> Shell:
        return self


def display(*values: object, **_: object) -> None:
    """Stands in for IPython's display."""
    print(*values)
