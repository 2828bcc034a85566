"""What crosses between the grader and a worker: messages that carry values, in one typed and size-limited format.

    frame  = magic (4 bytes) | length of meta u32 | length of arrays u64 | meta | arrays
    meta   = one Request or Reply in MessagePack, decoded straight into the types below
    arrays = the raw little-endian buffers of the arrays in meta, in order

Nothing in a frame can name or run code. Decoding assumes a hostile sender: lengths are bounded before anything is allocated,
texts are bounded and printable, and any oddity is a ProtocolError, after which the peer is killed, never resynchronised.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from grader.sandbox.nodes import MAX_ARRAYS, Name, Node, ProtocolError, Unsendable, require_printable

HEAD = struct.Struct("<4sIQ")
MAGIC = b"GRD1"
MAX_META = 1 << 20  # bytes
MAX_TEXT = 2000  # characters of an exception
MAX_FRAMES = 6
MAX_WARNINGS = 20
MAX_WARNING = 200
MAX_DEFINED = 100
MAX_CELLS = 500
MAX_CELL = 20_000  # characters
MAX_QUOTED = 200_000  # of all cells together

_Warnings = Annotated[list[Annotated[str, Meta(max_length=MAX_WARNING)]], Meta(max_length=MAX_WARNINGS)]
_Line = Annotated[int, Meta(ge=0, le=10_000_000)]
MAX_ERRORS = 20
MAX_NOTES = 10


class _Message(msgspec.Struct, array_like=True, frozen=True):
    """One frame."""


class Load(_Message, tag="load", frozen=True):
    """Import `file`, in the worker's folder, as `module`, without the top-level statements at `skip`: (cell or 0, line)."""

    file: str
    module: str
    skip: list[tuple[int, int]] = []


class Call(_Message, tag="call", frozen=True):
    """Call `name` of object number `target` (0: the module; an empty name: the object itself)."""

    n: int
    target: int
    name: str
    args: Node
    kwargs: Node
    want_args: bool = False
    autograd: bool = True


class Get(_Message, tag="get", frozen=True):
    """The value of an attribute of object number `target`."""

    n: int
    target: int
    name: str


class Set(_Message, tag="set", frozen=True):
    """Set an attribute of object number `target`."""

    n: int
    target: int
    name: str
    value: Node


class Answer(_Message, tag="answer", frozen=True):
    """The grader's answer to Asked."""

    n: int
    value: Node


class Confined(_Message, tag="confined", frozen=True):
    """Sent before any student code runs: the layers in force."""

    layers: list[str]


class Where(msgspec.Struct, array_like=True, frozen=True):
    """One line of the student's own code."""

    file: Name
    line: _Line
    function: Name
    cell: _Line | None = None

    def __post_init__(self) -> None:
        require_printable(self.file, self.function)


class Note(msgspec.Struct, array_like=True, frozen=True):
    """What had to be done to read a submission, where first, and for which character."""

    kind: Literal["utf16", "latin1", "cookie", "nul", "character", "print", "tabs", "notebook"]
    line: _Line = 0
    character: Annotated[int, Meta(ge=0, le=0x10FFFF)] = 0


class Raised(_Message, tag="raised", frozen=True):
    """Student code raised; `missing` when the name asked for does not exist, `defined` then lists what does."""

    n: int
    type_name: Name
    text: Annotated[str, Meta(max_length=MAX_TEXT)]
    where: Annotated[list[Where], Meta(max_length=MAX_FRAMES)]
    missing: bool = False
    defined: Annotated[list[Name], Meta(max_length=MAX_DEFINED)] = []
    warnings: _Warnings = []

    def __post_init__(self) -> None:
        require_printable(self.type_name, *self.defined, *self.warnings)
        require_printable(self.text, also="\n\t")


class Loaded(_Message, tag="loaded", frozen=True):
    """The submission has been imported as far as it goes; a notebook may have an error in each of several cells.

    `cells` is the text of a notebook's code cells, for reports to quote: it is sent before any input has been seen.
    """

    errors: Annotated[list[Raised], Meta(max_length=MAX_ERRORS)]
    notes: Annotated[list[Note], Meta(max_length=MAX_NOTES)]
    cells: Annotated[list[Annotated[str, Meta(max_length=MAX_CELL)]], Meta(max_length=MAX_CELLS)] = []


class Returned(_Message, tag="returned", frozen=True):
    """The value of what was asked for, and the arguments as they are now where they were wanted."""

    n: int
    value: Node
    args: Node
    warnings: _Warnings

    def __post_init__(self) -> None:
        require_printable(*self.warnings)


class Asked(_Message, tag="asked", frozen=True):
    """Student code calls a function that the grader passed in."""

    n: int
    function: int
    args: Node


Request = Load | Call | Get | Set | Answer
Reply = Confined | Loaded | Returned | Raised | Asked

_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_encoder = msgspec.msgpack.Encoder()
_MALFORMED = (msgspec.MsgspecError, RecursionError, ValueError, OverflowError)


def encode(message: Request | Reply, buffers: Sequence[Any] = ()) -> list[Any]:
    """The buffers of one frame, ready for writev. Raises Unsendable."""
    meta = _encoder.encode(message)
    total = 0
    for buffer in buffers:  # not sum(): a student may have made that something else in this process
        total += len(buffer)
    if len(meta) > MAX_META or total > MAX_ARRAYS:
        raise Unsendable(f"{(len(meta) + total) >> 10} KB in one answer")
    return [HEAD.pack(MAGIC, len(meta), total) + meta, *(b for b in buffers if len(b))]


def lengths(head: bytes) -> tuple[int, int]:
    """The lengths of meta and arrays that a frame's header announces. Raises ProtocolError."""
    magic, meta, arrays = HEAD.unpack(head)
    if magic != MAGIC or meta > MAX_META or arrays > MAX_ARRAYS:
        raise ProtocolError("bad frame header")
    return meta, arrays


def decode_request(meta: bytes) -> Request:
    """The grader's request. Raises ProtocolError."""
    try:
        return _requests.decode(meta)
    except _MALFORMED as error:
        raise ProtocolError(f"malformed frame: {type(error).__name__}") from None


def decode_reply(meta: bytes) -> Reply:
    """A worker's reply. Raises ProtocolError."""
    try:
        return _replies.decode(meta)
    except _MALFORMED as error:
        raise ProtocolError(f"malformed frame: {type(error).__name__}") from None
