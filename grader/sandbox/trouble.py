"""What a worker reports, in the student's terms."""

from __future__ import annotations

import difflib

from grader.errors import Crashed, Frame, LimitReached, StudentTrouble
from grader.sandbox import wire
from grader.text import Text, text


def frames(error: wire.Raised) -> tuple[Frame, ...]:
    """The student's own lines on the way to an exception."""
    return tuple(Frame(where.file, where.line, where.function, where.cell) for where in error.where)


def raised(reply: wire.Raised, name: str, *, too_much: bool = False) -> StudentTrouble:
    """The exception for what a worker reports; `too_much`: its output has reached the limit."""
    where = frames(reply)
    if reply.missing:
        return Crashed(_missing(name, reply.defined), frames=where)
    if _out_of_memory(reply):
        return LimitReached(text("memory_error", function=name), frames=where)
    if too_much:
        return LimitReached(text("limit_output"), frames=where)
    if reply.type_name == "NotImplementedError":
        return Crashed(text("not_implemented", function=name), frames=where)
    if reply.type_name == "Unsendable":
        return Crashed(text("unsendable", function=name), detail=text("said", message=reply.text), frames=where)
    detail = text("said", message=reply.text) if reply.text else None
    return Crashed(text("raised", function=name, kind=reply.type_name), detail=detail, frames=where)


def _out_of_memory(reply: wire.Raised) -> bool:
    return reply.type_name == "MemoryError" or (reply.type_name == "RuntimeError" and "can't allocate memory" in reply.text)  # torch's


def _missing(name: str, defined: list[str]) -> Text:
    close = difflib.get_close_matches(name, defined, n=1)
    if close:
        return text("missing_but_close", name=name, close=close[0])
    return text("missing", name=name, defined=", ".join(defined[:12]) or text("nothing"))
