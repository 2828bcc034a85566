"""One function per parser: it takes any bytes, and fails if the parser raises anything but what it declares.

Time and memory are the fuzzer's to watch: `python -m fuzz` gives each input ten seconds and the process two gigabytes.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from grader import archives, layouts, manifest, roster
from grader.archives import Refused
from grader.errors import UsageError
from grader.files import AssignmentFile, CourseFile, MistakeFile, parse
from grader.sandbox import nodes, notebook, source, unpacking, wire
from grader.sandbox.channel import Channel, DeadlinePassed, PeerGone
from grader.sandbox.values import Unpacker

_SOON_S = 5.0
_MOST = 1 << 20  # bytes that an archive may unpack to here
_BOUNDS = archives.Bounds(1000, _MOST, archives.ONE.clock)


def frames(data: bytes) -> None:
    """What a worker sends, through the channel: a reply and its values, or ProtocolError, or the end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.settimeout(_SOON_S)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        theirs.sendall(data[: 1 << 20])
        theirs.shutdown(socket.SHUT_WR)
        channel, deadline = Channel(ours.fileno()), time.monotonic() + _SOON_S
        with contextlib.suppress(PeerGone, DeadlinePassed, nodes.ProtocolError):
            while True:
                reply(*channel.receive(deadline))


def reply(meta: bytes, arrays: bytes) -> None:
    """One reply's values. Raises ProtocolError."""
    message = wire.decode_reply(meta)
    unpacker = Unpacker(arrays, _special)
    for node in _values(message):
        try:
            unpacker.value(node)
        except (ValueError, OverflowError, TypeError, MemoryError) as error:  # what sandbox.student takes for a broken protocol
            raise nodes.ProtocolError from error
    unpacker.finish()
    wire.decode_reply(wire.encode(message)[0][wire.HEAD.size :])


def _values(message: wire.Reply) -> list[Any]:
    match message:
        case wire.Returned(_, value, args, _):
            return [value, args]
        case wire.Asked(_, _, args):
            return [args]
    return []


def _special(unpacker: Unpacker, node: Any) -> object:
    match node:
        case nodes.Kept(_, inner):
            return unpacker.value(inner)
        case nodes.TensorNode(_, _, array):
            return unpacker.array(array)
        case nodes.FigureNode():
            return [(unpacker.array(line.x), unpacker.array(line.y)) for axes in node.axes for line in axes.lines]
        case nodes.Object():
            return node
    raise nodes.ProtocolError("unknown value")


def values(data: bytes) -> None:
    """The meta of a reply without the channel: the first byte says how many array bytes follow it."""
    with contextlib.suppress(nodes.ProtocolError):
        count = data[0] if data else 0
        reply(data[1:], bytes(count))


def a_notebook(data: bytes) -> None:
    """A notebook's cells, each with as many lines as before, or NotANotebook."""
    with contextlib.suppress(notebook.NotANotebook):
        for cell in notebook.code_cells(data)[:50]:
            assert isinstance(cell, str)
            python = notebook.python(cell)
            assert python == "" or python.count("\n") == cell.count("\n")


def a_module(data: bytes) -> None:
    """A module made readable: code with as many lines as the text, or errors, or NotPython."""
    with contextlib.suppress(source.NotPython, ValueError, MemoryError, RecursionError, OverflowError):  # the last four are the compiler's
        text, _ = source.decoded(data)
        found = source.readable(text[:5000], "x.py")
        assert found.code is not None or found.errors
        if found.code is not None:
            assert found.text.count("\n") == len(re.split("\r\n|\r|\n", text[:5000])) - 1
            source.without(found, [1, 2])
            source.rest(found, 1)


def an_archive(data: bytes) -> None:
    """An archive, its reader and its judge in one process: members and bytes within their limits, or Refused."""
    inside = unpacking.Archive(
        lambda offset, size: np.frombuffer(data[offset : offset + size], "u1"), len(data), np.frombuffer(data[:64], "u1"), _MOST
    )
    with contextlib.suppress(Refused):
        archive = archives.Archive(inside, _BOUNDS)
        for member in archive.members[:20]:
            assert member.parts
            assert not {"", ".", ".."} & set(member.parts)
            assert not any(set(part) & set("/\\") for part in member.parts)
            assert len(archive.content(member, 1 << 16)) <= 1 << 16


class _Says:
    """A reader of archives that somebody has taken over."""

    def __init__(self, listing: bytes) -> None:
        self._listing = listing

    def members(self, most: int) -> tuple[str, Any]:
        return "", np.frombuffer(self._listing, "u1")


def a_listing(data: bytes) -> None:
    """Whatever a reader of archives says: members, or Refused. And whose they are."""
    with contextlib.suppress(Refused):
        for member in archives.Archive(_Says(data), _BOUNDS).members:
            around = layouts.Surroundings("class", ("neuron", "rnn_cell"), "hw-", True, {"1": [("a", "b")]})
            assert all(owner.name and owner.file for owner in layouts.owners(member.parts, around))


def a_yaml(data: bytes) -> None:
    """A file of a course, or UsageError."""
    for kind in (CourseFile, AssignmentFile, dict[str, MistakeFile]):
        with contextlib.suppress(UsageError):
            parse(data, kind, Path("x.yaml"))


def a_list(data: bytes) -> None:
    """A class list, Gradescope's submitters, a release's manifest."""
    roster.submitters(data)
    manifest.decode(data)
    path = Path(f"/tmp/fuzz-{os.getpid()}.csv")
    path.write_bytes(data)
    with contextlib.suppress(UsageError):
        roster.load(path).student(["ana", "1"])


TARGETS: dict[str, Callable[[bytes], None]] = {
    "frames": frames, "values": values, "notebook": a_notebook, "source": a_module, "archive": an_archive, "listing": a_listing,
    "yaml": a_yaml, "roster": a_list,
}  # fmt: skip
