"""A submission's text as editors and word processors save it, made Python where it is clear what was meant.

Confined, like everything that reads a student's file. What Python takes is left as it is. Where it stumbles, characters that
a word processor has put in, a Python 2 `print` and tabs among spaces are read as what they stand for, each with a note; a
top-level statement that makes no sense costs only itself. Every line keeps its number.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import io
import re
import tokenize
import types
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from grader.sandbox.wire import MAX_ERRORS, Note

_REPAIRS = 500  # lines; each costs a compilation, 1 ms of the time to import
_KINDS = {b"%PDF": "PDF", b"PK\x03\x04": "Word, zip", b"\xd0\xcf\x11\xe0": "Word", b"<!doctype": "HTML", b"<html": "HTML", b"{\\rtf": "RTF"}
_STANDS_FOR = {'"': "“”„‟″", "'": "‘’‚‛′", "-": "–—−‐‑‒", " ": "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000", "...": "…"}
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_PLAIN = str.maketrans({**{c: plain for plain, odd in _STANDS_FOR.items() for c in odd}, **dict.fromkeys(_INVISIBLE, "")})
_PRINT = re.compile(r"\bprint\b(?!\s*\()[ \t]*(.*)$")
_BEGINS = re.compile(r"[^\s#)\]}]")
_GOES_ON = re.compile(r"(elif|else|except|finally)\b")
_CHARACTER = re.compile("invalid (non-printable )?character|unterminated")
_FUTURE = __future__.annotations.compiler_flag
_INDENT = re.compile(r"[ \t]+")
_BLOCK_OF = re.compile(r"on line (\d+)$")


class NotPython(ValueError):
    """The file is of another kind, whatever its name says."""


@dataclass
class Readable:
    """As much of a text as Python can run.

    Attributes:
        code, text: None and empty where nothing is left.
        notes: what was read as something else.
        errors: why parts were left out.
    """

    code: types.CodeType | None = None
    text: str = ""
    notes: list[Note] = field(default_factory=list)
    errors: list[SyntaxError] = field(default_factory=list)


def decoded(raw: bytes) -> tuple[str, list[Note]]:
    """The text of a module, and notes on what had to be done to read it. Raises NotPython."""
    head = raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for start, kind in _KINDS.items():
        if head.startswith(start.lower()):
            raise NotPython(kind)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), [Note("utf16")]
    if len(raw) > 1 and raw.count(b"\0", 1, 400) > len(raw[:400]) // 4:  # every other byte of plain text
        return raw.decode("utf-16-le" if raw[1] == 0 else "utf-16-be", "replace"), [Note("utf16")]
    notes = [Note("nul")] if b"\0" in raw else []
    raw = raw.replace(b"\0", b"")
    with contextlib.suppress(SyntaxError, UnicodeDecodeError):  # an unknown coding cookie is a SyntaxError
        return raw.decode(tokenize.detect_encoding(io.BytesIO(raw).readline)[0]), notes
    with contextlib.suppress(UnicodeDecodeError):
        return raw.decode("utf-8-sig"), [*notes, Note("cookie")]
    return raw.decode("latin-1"), [*notes, Note("latin1")]


def readable(text: str, name: str) -> Readable:
    """What Python can run of `text`, called `name`. Raises what the compiler raises besides SyntaxError."""
    result = Readable()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for repairs in range(_REPAIRS):
        text = "\n".join(lines)
        try:
            result.code, result.text = compile(text, name, "exec", dont_inherit=True), text
            break
        except SyntaxError as error:
            if repairs < _REPAIRS - 1 and (note := _repair(lines, error)):
                if note.kind not in {known.kind for known in result.notes}:
                    result.notes.append(note)
            elif repairs < _REPAIRS - 1 and len(result.errors) < MAX_ERRORS and _leave_out(lines, error):
                result.errors.append(error)
            else:
                result.errors = [*result.errors, error][:MAX_ERRORS]
                break
    return result


def without(readable: Readable, lines: Collection[int]) -> Readable:
    """What is readable without the top-level statements at these lines."""
    if readable.code is None or not lines:
        return readable
    kept = readable.text.split("\n")
    for statement in ast.parse(readable.text).body:
        first, last = _first_line(statement), statement.end_lineno or statement.lineno
        if any(first <= line <= last for line in lines):
            kept[first - 1 : last] = [""] * (last - first + 1)
    text = "\n".join(kept)
    return replace(readable, text=text, code=compile(text, readable.code.co_filename, "exec", dont_inherit=True))


def rest(readable: Readable, line: int) -> types.CodeType | None:
    """The code of the top-level statements after `line`, None if there are none."""
    assert readable.code is not None
    tree = ast.parse(readable.text)
    later = [statement for statement in tree.body if _first_line(statement) > line]
    if not later:
        return None
    module = ast.Module(later, [])
    flags = readable.code.co_flags & _FUTURE
    code: types.CodeType = compile(module, readable.code.co_filename, "exec", flags=flags, dont_inherit=True)
    return code


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _repair(lines: list[str], error: SyntaxError) -> Note | None:
    """Read something at the error as what it stands for; what, None if there is nothing of the kind."""
    at = _index(lines, error)
    if isinstance(error, IndentationError):
        return _repair_tabs(lines, at)
    if _CHARACTER.match(str(error.msg)) and (odd := _odd_lines(lines[at:])):
        first, character = odd
        if first == 0:
            lines[at] = lines[at].translate(_PLAIN)
        else:  # a text that begins here ends with a word processor's quotes
            lines[at:] = [line.translate(_PLAIN) for line in lines[at:]]
        return Note("character", at + first + 1, ord(character))
    if "call to 'print'" in str(error.msg) and (line := _with_brackets(lines[at])):
        lines[at] = line
        return Note("print", at + 1)
    return None


def _odd_lines(lines: list[str]) -> tuple[int, str] | None:
    """The first character that stands for another one, and the number of its line."""
    return next(((number, c) for number, line in enumerate(lines) for c in line if ord(c) in _PLAIN), None)


def _with_brackets(line: str) -> str:
    """A line with `print x` as `print(x)`; empty if that is not all that it lacks."""
    match = _PRINT.search(line)
    if not match:
        return ""
    for said, comment in _said(match[1]):
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(f"print({said})")
            return f"{line[: match.start()]}print({said}){comment}"
    return ""


def _said(arguments: str) -> Iterator[tuple[str, str]]:
    """What a `print` is given and the comment behind it, in every way to read that."""
    yield arguments.rstrip(), ""
    for hash_ in re.finditer("#", arguments):
        yield arguments[: hash_.start()].rstrip(), "  " + arguments[hash_.start() :]


def _repair_tabs(lines: list[str], at: int) -> Note | None:
    """Write indents with spaces, if that can be done in one way only: tabs of 4 or of 8, whichever makes sense."""
    indents = "".join(match[0] for line in lines if (match := _INDENT.match(line)))
    if not ("\t" in indents and " " in indents):
        return None
    ways = [expanded for width in (4, 8) if not isinstance(_meaning(expanded := _expanded(lines, width)), IndentationError)]
    if not ways or len({str(_meaning(way)) for way in ways}) > 1:
        return None
    lines[:] = ways[0]
    return Note("tabs", at + 1)


def _expanded(lines: list[str], width: int) -> list[str]:
    return [_INDENT.sub(lambda match: match[0].expandtabs(width), line, count=1) if line[:1] in (" ", "\t") else line for line in lines]


def _meaning(lines: list[str]) -> str | SyntaxError:
    """What the lines are to Python, or why they are nothing."""
    try:
        return ast.dump(ast.parse("\n".join(lines)))
    except SyntaxError as error:
        return error


def _leave_out(lines: list[str], error: SyntaxError) -> bool:
    """Empty the lines of the function, method or other statement that the error is in; whether there was anything to empty."""
    at = _index(lines, error)
    if isinstance(error, IndentationError) and (block := _BLOCK_OF.search(str(error.msg))):
        at = min(int(block[1]), len(lines)) - 1  # a body is missing, and what follows is innocent
    first, last = _around(lines, at, 0, len(lines), "")
    indent = ""
    if lines[first].startswith("class ") and at > first:
        body = next((line for line in lines[first + 1 : last] if line.strip()), "")
        inner_indent = body[: len(body) - len(body.lstrip())]
        inner = _around(lines, at, first + 1, last, inner_indent)
        if at >= inner[0]:
            (first, last), indent = inner, inner_indent
    if not any(line.strip() for line in lines[first:last]):
        return False
    lines[first:last] = [f"{indent}pass" if indent else "", *[""] * (last - first - 1)]  # a class needs a body
    return True


def _around(lines: list[str], at: int, start: int, end: int, indent: str) -> tuple[int, int]:
    """Where the statement around the line `at` begins and ends, among those of one indent between `start` and `end`."""
    begins = []
    decorated = False
    for number in range(start, end):
        line = lines[number].removeprefix(indent) if lines[number].startswith(indent) else ""
        if _BEGINS.match(line) and not _GOES_ON.match(line):
            begins += [] if decorated else [number]
            decorated = line.startswith("@")
    first = max((number for number in begins if number <= at), default=start)
    return first, min((number for number in begins if number > at), default=end)


def _index(lines: list[str], error: SyntaxError) -> int:
    """The error's line, counted from 0."""
    return min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
