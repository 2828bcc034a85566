"""The nodes of MessagePack that values become on their way between the grader and a worker, and the bounds on them.

A node can name neither code nor a type of the receiver's: numbers, text, lists, tuples, sets, dicts, arrays of fixed dtypes,
tensors as arrays with a tag, figures as words and arrays, and numbers that stand for what stays on the other side. Maps are
never decoded as such.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

MAX_ARRAYS = 64 << 20  # bytes in one frame: 8 million doubles; decoding them takes about three times as much memory
MAX_DEPTH = 20
MAX_KEYS = 500  # numbers can be made to collide, at a quadratic cost: 1 MB of sets of 2000 took 3.1 s, of 500 takes 0.8 s
MAX_BIG_INT = 1024  # bytes: 2466 digits; Python refuses to print more than 4300
NAME = 100  # characters
MAX_LINES = 100  # of a plot

Name = Annotated[str, Meta(max_length=NAME)]
Caption = Annotated[str, Meta(max_length=NAME)]
Captions = Annotated[list[Caption], Meta(max_length=MAX_LINES)]
DType = Literal["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]
DTYPES = frozenset(get_args(DType))


class ProtocolError(Exception):
    """The peer sent something that is not a frame of ours."""


class Unsendable(Exception):
    """A value that does not fit into a frame: of a foreign dtype, too many bytes, too deep, too many keys."""


def printable(text: str, also: str = "\n\t") -> str:
    """`text` made harmless for terminals, logs and reports: no escape sequences, no text that runs backwards."""
    return "".join(c if c in also or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def require_printable(*texts: str, also: str = "") -> None:
    """Raise ValueError, which a decoder makes a malformed frame of, unless the texts are what `printable` leaves."""
    if any(text != printable(text, also) for text in texts):
        raise ValueError("unprintable text")


class Node_(msgspec.Struct, array_like=True, frozen=True):
    """A value that MessagePack has no safe or exact form for."""


class Sequence_(Node_, tag="s", frozen=True):
    """A list, tuple or set."""

    kind: Literal["list", "tuple", "set"]
    items: list[Node]


class Floats(Node_, tag="f", frozen=True):
    """A list of Python floats, packed like an array: a history of 500 losses is one node."""

    count: int


class Mapping_(Node_, tag="m", frozen=True):
    """A dict, as two lists: its keys may be anything that can be a key."""

    keys: list[Node]
    values: list[Node]


class BigInt(Node_, tag="i", frozen=True):
    """An integer of more than 64 bits."""

    digits: Annotated[bytes, Meta(max_length=MAX_BIG_INT)]


class Complex(Node_, tag="c", frozen=True):
    """A Python complex number."""

    real: float
    imag: float


class Array(Node_, tag="a", frozen=True):
    """A numpy array; its bytes are among the frame's arrays, in the order of the nodes."""

    dtype: DType
    shape: Annotated[list[Annotated[int, Meta(ge=0, lt=1 << 40)]], Meta(max_length=16)]


class Scalar(Node_, tag="n", frozen=True):
    """A numpy scalar, as an array of no axes."""

    array: Array


class TensorNode(Node_, tag="t", frozen=True):
    """A torch tensor; bfloat16, which numpy lacks, travels as float32."""

    dtype: Annotated[str, Meta(pattern=r"^torch\.[a-z0-9]{1,20}$")]
    requires_grad: bool
    array: Array


class LineNode(msgspec.Struct, array_like=True, frozen=True):
    """A line of a plot."""

    label: Caption
    x: Array
    y: Array


class AxesNode(msgspec.Struct, array_like=True, frozen=True):
    """A pair of axes of a figure."""

    title: Caption
    xlabel: Caption
    ylabel: Caption
    lines: Annotated[list[LineNode], Meta(max_length=MAX_LINES)]
    legend: Captions


class FigureNode(Node_, tag="p", frozen=True):
    """A matplotlib figure, described: the figure itself stays in the worker."""

    axes: Annotated[list[AxesNode], Meta(max_length=MAX_LINES)]
    xlabel: Caption
    ylabel: Caption
    legend: Captions

    def __post_init__(self) -> None:
        require_printable(self.xlabel, self.ylabel, *self.legend)
        for axes in self.axes:
            require_printable(axes.title, axes.xlabel, axes.ylabel, *axes.legend, *(line.label for line in axes.lines))


class Kept(Node_, tag="k", frozen=True):
    """A value whose exact type does not survive the journey: the worker keeps the original under this number."""

    number: int
    value: Node


class Original(Node_, tag="r", frozen=True):
    """Grader to worker: the original of the value that was kept under this number."""

    number: int


class Object(Node_, tag="o", frozen=True):
    """An object that stays in the worker."""

    number: int
    type_name: Name

    def __post_init__(self) -> None:
        require_printable(self.type_name)


class Function(Node_, tag="g", frozen=True):
    """A function that stays in the grader; calling it asks the grader."""

    number: int


Node = (
    None | bool | int | float | str | Sequence_ | Floats | Mapping_ | BigInt | Complex | Array | Scalar
    | TensorNode | FigureNode | Kept | Original | Object | Function
)  # fmt: skip
