"""What a worker reports, in the student's terms.

For a hidden check a fact is all that is shown, and it must not tell what the inputs were: student code that has seen them
chooses the names of its exceptions, functions and files. So a fact names an exception only if it is a well-known one, and
names of the student's own only if they stood in the submission before it saw any input.
"""

from __future__ import annotations

import builtins
import difflib
import re
from collections.abc import Collection, Mapping

from msgspec.structs import replace

from grader.errors import Crashed, Frame, LimitReached, StudentTrouble
from grader.sandbox import wire
from grader.text import Text, text

_KNOWN = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)} | {
    "LinAlgError", "AxisError", "UFuncTypeError", "JSONDecodeError", "FrozenInstanceError",
}  # fmt: skip


def words(files: Mapping[str, bytes]) -> frozenset[str]:
    """Every word in a submission's files that could be a name."""
    found: set[str] = set()
    for raw in files.values():
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")
        found.update(re.findall(r"\w+", text))
    return frozenset(found)


def told_before(error: wire.Raised, files: Collection[str], names: Collection[str]) -> wire.Raised:
    """The report without files and names that were not in the submission."""
    where = [
        line if line.function in names or line.function.startswith("<") else replace(line, function="?")
        for line in error.where
        if line.file in files
    ]
    return replace(error, where=where, defined=[name for name in error.defined if name in names])


_NETWORK = {"URLError", "HTTPError", "gaierror", "ConnectionError", "ConnectionRefusedError", "RemoteDisconnected"}
_LARGE = re.compile("of too many|an array of [0-9]+ MB|KB in one answer")
_SHAPES = re.compile("core dimension|not aligned|could not be broadcast|broadcast together")  # numpy's words


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
    if reply.type_name == "AutogradIsOff":
        return Crashed(text("autograd_is_off", function=name), frames=where)
    if reply.type_name == "NotAFunction":
        return Crashed(text("not_a_function", name=name))
    if reply.type_name == "Unsendable":
        return Crashed(text("unsendable", function=name), detail=unsendable(reply.text), frames=where)
    if reply.type_name == "SystemExit":
        return Crashed(text("exit_in_function", function=name), frames=where)
    if is_network(reply):
        return Crashed(text("no_network", function=name), frames=where)
    if asks_for_input(reply):
        return Crashed(text("input_in_function", function=name), frames=where)
    if reply.type_name == "RuntimeError" and "can't start new thread" in reply.text:
        return Crashed(text("no_processes", function=name), frames=where)
    kind, said = reply.type_name, reply.text
    if kind not in _KNOWN:
        kind, said = "Exception", f"{kind}: {said}"
    key = "shapes_do_not_match" if kind == "ValueError" and _SHAPES.search(said) else "said"
    return Crashed(text("raised", function=name, kind=kind), detail=text(key, message=said) if said else None, frames=where)


def is_network(reply: wire.Raised) -> bool:
    """Whether it failed because there is no network."""
    return reply.type_name in _NETWORK


def asks_for_input(reply: wire.Raised) -> bool:
    """Whether it failed because nobody is there to type: Python's own words, which no other EOFError has."""
    return reply.type_name == "EOFError" and reply.text == "EOF when reading a line"


def unsendable(why: str) -> Text:
    """Why a value cannot cross, in words: workers know no catalogue, and say it in English."""
    if dtype := re.fullmatch("an array of dtype (.*)", why):
        return text("unsendable_dtype", dtype=dtype[1])
    if why == "nested too deeply":
        return text("unsendable_nested")
    return text("unsendable_large" if _LARGE.search(why) else "said", message=why)


def _out_of_memory(reply: wire.Raised) -> bool:
    """Whether there was no memory for an array, in torch's words too, or for one more frame: CPython 3.11 forgets to say so."""
    said = {"RuntimeError": "can't allocate memory", "SystemError": "error return without exception set"}.get(reply.type_name)
    return reply.type_name == "MemoryError" or (said is not None and said in reply.text)


def _missing(name: str, defined: list[str]) -> Text:
    close = difflib.get_close_matches(name, defined, n=1)
    if close:
        return text("missing_but_close", name=name, close=close[0])
    return text("missing", name=name, defined=", ".join(defined[:12]) or text("nothing"))
