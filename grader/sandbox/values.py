"""Values to nodes and back: plain data in MessagePack, the buffers of arrays beside it.

The worker of an assignment that may import `math` alone must not load numpy: it is looked up, never imported, here.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.sandbox.nodes import (
    DTYPES,
    MAX_ARRAYS,
    MAX_BIG_INT,
    MAX_DEPTH,
    MAX_KEYS,
    MAX_LINES,
    NAME,
    Array,
    AxesNode,
    BigInt,
    Complex,
    FigureNode,
    Floats,
    Kept,
    LineNode,
    Mapping_,
    Node,
    Node_,
    ProtocolError,
    Scalar,
    Sequence_,
    TensorNode,
    Unsendable,
    printable,
)
from grader.tensor import Tensor

if TYPE_CHECKING:
    import numpy as np


class Packer:
    """Turns one message's values into nodes and array buffers.

    Args:
        foreign: what to do with a value that is not plain data (an instance, a function); returns its node.
        keep: called with a value whose exact type is lost on the way; returns the number it is kept under, or None.
        max_depth: how deep values may be nested.
    """

    def __init__(self, foreign: Callable[[object], Node], keep: Callable[[object], int | None], *, max_depth: int = MAX_DEPTH) -> None:
        self.foreign, self.keep, self.max_depth = foreign, keep, max_depth
        self.buffers: list[Any] = []
        self.depth = 0
        self.met_foreign = False
        self.numpy = sys.modules.get("numpy")
        self.torch = sys.modules.get("torch")
        self.figure = sys.modules.get("matplotlib.figure")

    def node(self, value: object) -> Node:
        """The node of `value`. Raises Unsendable."""
        self.depth += 1
        if self.depth > self.max_depth:
            raise Unsendable("nested too deeply")
        node = self._exact(value)
        if node is NotImplemented:
            node = self._lossy(value)
        self.depth -= 1
        return node  # type: ignore[return-value]

    def _exact(self, value: Any) -> object:
        kind = type(value)
        if value is None or kind in (bool, float):
            return value
        if kind is int:
            return _integer(value)
        if kind is str:
            return _utf8(value)
        if kind in (list, tuple, set):
            return self._sequence(kind.__name__, list(value))
        if kind is dict:
            return self._mapping(value)
        if kind is complex:
            return Complex(value.real, value.imag)
        if kind is Tensor:
            return TensorNode(value.dtype, value.requires_grad, self._array(value.data))
        if self.numpy and kind is self.numpy.ndarray:
            return self._array(value)
        if self.numpy and isinstance(value, self.numpy.generic) and kind.__module__ == "numpy":
            return Scalar(self._array(self.numpy.asarray(value)))
        if self.torch and kind is self.torch.Tensor and not value.requires_grad:
            return self._tensor(value)
        if self.figure and isinstance(value, self.figure.Figure):
            return self._figure(value)
        return NotImplemented

    def _lossy(self, value: object) -> Node:
        plain = self._plain(value)
        if plain is NotImplemented:
            self.met_foreign = True
            return self.foreign(value)
        number = self.keep(value)
        return plain if number is None else Kept(number, plain)  # type: ignore[arg-type, return-value]

    def _plain(self, value: Any) -> object:
        """The node of what a subclass of a plain type holds."""
        if self.torch and isinstance(value, self.torch.Tensor):
            return self._tensor(value)
        if self.numpy and isinstance(value, self.numpy.ndarray) and not isinstance(value, self.numpy.ma.MaskedArray):
            return self._array(value)
        bases: tuple[type[Any], ...] = (bool, int, float, str, list, tuple, dict, set)
        for base in bases:
            if isinstance(value, base):
                return self._exact(base(value))
        if isinstance(value, frozenset):
            return self._exact(set(value))
        return NotImplemented

    def _sequence(self, kind: Any, items: list[object]) -> Node:
        if kind == "list" and len(items) > 8 and all(type(item) is float for item in items):
            self.buffers.append(struct.pack(f"<{len(items)}d", *items))
            return Floats(len(items))
        if kind == "set" and len(items) > MAX_KEYS:
            raise Unsendable("a set of too many elements")
        return Sequence_(kind, [self.node(item) for item in items])

    def _mapping(self, value: dict[object, object]) -> Node:
        if len(value) > MAX_KEYS:
            raise Unsendable("a dict of too many keys")
        return Mapping_([self.node(key) for key in value], [self.node(item) for item in value.values()])

    def _array(self, value: Any) -> Array:
        np = self.numpy
        assert np is not None
        array = np.asarray(value)
        if array.dtype == np.longdouble:
            array = array.astype("<f8")
        dtype = array.dtype.newbyteorder("<").str
        if dtype not in DTYPES:
            raise Unsendable(f"an array of dtype {array.dtype}"[:NAME])
        if array.nbytes > MAX_ARRAYS:  # before the copy: a broadcast view can claim 10 GB
            raise Unsendable(f"an array of {array.nbytes >> 20} MB")
        self.buffers.append(memoryview(np.ascontiguousarray(array, dtype).reshape(-1).view("u1")))
        return Array(dtype, list(array.shape))

    def _tensor(self, value: Any) -> TensorNode:
        data = value.detach().cpu()
        if str(data.dtype) == "torch.bfloat16":
            data = data.float()
        return TensorNode(str(value.dtype), bool(value.requires_grad), self._array(data.resolve_conj().numpy()))

    def _figure(self, figure: Any) -> FigureNode:
        axes = [self._axes(axes) for axes in figure.axes[:MAX_LINES]]
        legend = [text for legend in figure.legends for text in _legend(legend)][:MAX_LINES]
        return FigureNode(axes, _caption(figure.get_supxlabel()), _caption(figure.get_supylabel()), legend)

    def _axes(self, axes: Any) -> AxesNode:
        np = self.numpy
        assert np is not None
        lines = []
        for line in axes.lines[:MAX_LINES]:
            x, y = (self._array(np.ma.filled(np.ma.asarray(data, dtype=float), np.nan)) for data in line.get_data(orig=False))
            lines.append(LineNode(_caption(line.get_label()), x, y))
        title, xlabel, ylabel = map(_caption, (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()))
        return AxesNode(title, xlabel, ylabel, lines, _legend(axes.get_legend()))


class Unpacker:
    """Turns one frame's nodes into values that we own.

    Args:
        arrays: the frame's array bytes.
        special: makes the value of a node that only one side understands (Kept, Original, Object, Function, TensorNode, FigureNode).
    """

    def __init__(self, arrays: bytes, special: Callable[[Unpacker, Any], object]) -> None:
        self.arrays, self.special = arrays, special
        self.position = 0
        self.depth = 0

    def value(self, node: Node) -> Any:
        """The value of `node`. Raises ProtocolError."""
        if not isinstance(node, Node_):
            return node
        self.depth += 1
        if self.depth > 2 * MAX_DEPTH + 4:  # every level may be Kept, which is a level of its own
            raise ProtocolError("nested too deeply")
        value = self._value(node)
        self.depth -= 1
        return value

    def finish(self) -> None:
        """Raises ProtocolError unless every array byte has been used."""
        if self.position != len(self.arrays):
            raise ProtocolError("unused array bytes")

    def _value(self, node: Node_) -> Any:
        match node:
            case Sequence_(kind, items):
                values = [self.value(item) for item in items]
                return values if kind == "list" else tuple(values) if kind == "tuple" else set(_hashable(values))
            case Mapping_(keys, items):
                return dict(zip(_hashable([self.value(key) for key in keys]), map(self.value, items), strict=True))
            case Floats(count):
                return list(struct.unpack(f"<{count}d", self._take(8 * count)))
            case Array():
                return self.array(node)
            case Scalar(array):
                return self.array(array)[()]
            case Complex(real, imag):
                return complex(real, imag)
            case BigInt(digits):
                return int.from_bytes(digits, "little", signed=True)
        return self.special(self, node)

    def array(self, node: Array) -> np.ndarray:
        """A new, writable array of `node`. Raises ProtocolError."""
        np = sys.modules["numpy"]
        dtype = np.dtype(node.dtype)
        raw = self._take(math.prod(node.shape) * dtype.itemsize)
        if dtype.kind == "b":  # a bool byte of 7 would break arithmetic
            return (np.frombuffer(raw, "u1") != 0).reshape(node.shape)  # type: ignore[no-any-return]
        return np.frombuffer(bytearray(raw), dtype).reshape(node.shape)  # type: ignore[no-any-return]

    def _take(self, size: int) -> bytes:
        if not 0 <= size <= len(self.arrays) - self.position:
            raise ProtocolError("array longer than its frame")
        self.position += size
        return self.arrays[self.position - size : self.position]


def _integer(value: int) -> Node:
    if -(1 << 63) <= value < 1 << 63:
        return value
    size = value.bit_length() // 8 + 1
    if size > MAX_BIG_INT:
        raise Unsendable("an integer of too many digits")
    return BigInt(value.to_bytes(size, "little", signed=True))


def _utf8(value: str) -> str:
    """Text that is sure to be UTF-8: a lone surrogate would stop the report from being written."""
    return value.encode("utf-8", "backslashreplace").decode()


def _legend(legend: Any) -> list[str]:
    return [] if legend is None else [_caption(text.get_text()) for text in legend.get_texts()][:MAX_LINES]


def _caption(words: object) -> str:
    return printable(_utf8(str(words)), "").strip()[:NAME]


def _hashable(keys: list[Any]) -> list[Any]:
    if len(keys) > MAX_KEYS:
        raise ProtocolError("too many keys")
    try:
        for key in keys:
            hash(key)
    except TypeError:
        raise ProtocolError("unhashable key") from None
    return keys
