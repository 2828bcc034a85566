"""What crosses between the grader and a worker: values, in one typed and size-limited format.

    frame  = magic (4 bytes) | length of meta u32 | length of arrays u64 | meta | arrays
    meta   = one Request or Reply in MessagePack, decoded straight into the types below
    arrays = the raw little-endian buffers of the arrays in meta, in order

Nothing in a frame can name or run code. `decode` assumes a hostile sender: lengths are bounded before anything is
allocated, dtypes come from a fixed list, maps are never decoded (integer keys can collide on purpose: 240 KB cost 2.6 s),
and any oddity is a ProtocolError, after which the peer is killed, never resynchronised.

The worker of an assignment that may import `math` alone must not load numpy: it is looked up, never imported, here.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from grader.tensor import Tensor

if TYPE_CHECKING:
    import numpy as np

HEAD = struct.Struct("<4sIQ")
MAGIC = b"GRD1"
MAX_META = 1 << 20  # 1 MB of `[]` decodes in about 0.1 s
MAX_ARRAYS = 256 << 20
MAX_DEPTH = 20
MAX_ODD_KEYS = 2000  # only hashes of str are salted: other keys can be made to collide, at a quadratic cost
MAX_BIG_INT = 4096  # bytes
DTYPES = frozenset("|b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split())


class ProtocolError(Exception):
    """The peer sent something that is not a frame of ours."""


class Unsendable(Exception):
    """A value that does not fit into a frame: of a foreign dtype, too many bytes, too deep, too many keys."""


class _Node(msgspec.Struct, array_like=True, frozen=True):
    """A value that MessagePack has no safe or exact form for."""


class Sequence_(_Node, tag="s"):
    kind: Literal["list", "tuple", "set"]
    items: list[Node]


class Floats(_Node, tag="f"):
    """A list of Python floats, packed like an array: a history of 500 losses is one node."""

    count: int


class Mapping_(_Node, tag="m"):
    keys: list[Node]
    values: list[Node]


class BigInt(_Node, tag="i"):
    digits: bytes


class Complex(_Node, tag="c"):
    real: float
    imag: float


class Array(_Node, tag="a"):
    dtype: str
    shape: list[int]


class Scalar(_Node, tag="n"):
    array: Array


class TensorNode(_Node, tag="t"):
    dtype: str
    requires_grad: bool
    array: Array


class Kept(_Node, tag="k"):
    """A value whose exact type does not survive the journey: the worker keeps the original under this number."""

    number: int
    value: Node


class Original(_Node, tag="r"):
    """Grader to worker: the original of the value that was kept under this number."""

    number: int


class Object(_Node, tag="o"):
    """An object that stays in the worker."""

    number: int
    type_name: str


class Function(_Node, tag="g"):
    """A function that stays in the grader; calling it asks the grader."""

    number: int


Node = (
    None | bool | int | float | str | Sequence_ | Floats | Mapping_ | BigInt | Complex | Array | Scalar
    | TensorNode | Kept | Original | Object | Function
)  # fmt: skip


class _Message(msgspec.Struct, array_like=True, frozen=True):
    """One frame."""


class Call(_Message, tag="call"):
    """Call `name` of object number `target` (0: the module; an empty name: the object itself)."""

    n: int
    target: int
    name: str
    args: Node
    kwargs: Node
    want_args: bool = False
    autograd: bool = True


class Get(_Message, tag="get"):
    n: int
    target: int
    name: str


class Set(_Message, tag="set"):
    n: int
    target: int
    name: str
    value: Node


class Answer(_Message, tag="answer"):
    """The grader's answer to Asked."""

    n: int
    value: Node


class Confined(_Message, tag="confined"):
    """Sent before any student code runs: the layers in force."""

    layers: list[str]


class Where(msgspec.Struct, array_like=True, frozen=True):
    """One line of the student's own code."""

    file: str
    line: int
    function: str
    cell: int | None = None


class Raised(_Message, tag="raised"):
    """Student code raised; `missing` when the name asked for does not exist, `defined` then lists what does."""

    n: int
    type_name: str
    text: str
    where: list[Where]
    missing: bool = False
    defined: list[str] = []
    warnings: list[str] = []


class Loaded(_Message, tag="loaded"):
    """The submission has been imported as far as it goes."""

    error: Raised | None
    notes: list[str]


class Returned(_Message, tag="returned"):
    n: int
    value: Node
    args: Node
    warnings: list[str]


class Asked(_Message, tag="asked"):
    """Student code calls a function that the grader passed in."""

    n: int
    function: int
    args: Node


Request = Call | Get | Set | Answer
Reply = Confined | Loaded | Returned | Raised | Asked

_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_encoder = msgspec.msgpack.Encoder()


class Packer:
    """Turns one message's values into nodes and array buffers.

    Args:
        foreign: what to do with a value that is not plain data (an instance, a function); returns its node.
        keep: called with a value whose exact type is lost on the way; returns the number it is kept under, or None.
    """

    def __init__(self, foreign: Callable[[object], Node], keep: Callable[[object], int | None]) -> None:
        self.foreign, self.keep = foreign, keep
        self.buffers: list[Any] = []
        self.depth = 0
        self.met_foreign = False
        self.numpy = sys.modules.get("numpy")
        self.torch = sys.modules.get("torch")

    def node(self, value: object) -> Node:
        """The node of `value`. Raises Unsendable."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unsendable("nested too deeply")
        node = self._exact(value)
        if node is NotImplemented:
            node = self._lossy(value)
        self.depth -= 1
        return node  # type: ignore[return-value]

    def _exact(self, value: object) -> object:
        kind = type(value)
        if value is None or kind in (bool, float):
            return value
        if kind is int:
            return _integer(value)  # type: ignore[arg-type]
        if kind is str:
            return _clean(value)  # type: ignore[arg-type]
        if kind in (list, tuple, set):
            return self._sequence(kind.__name__, list(value))  # type: ignore[call-overload]
        if kind is dict:
            return self._mapping(value)  # type: ignore[arg-type]
        if kind is complex:
            return Complex(value.real, value.imag)  # type: ignore[attr-defined]
        if kind is Tensor:
            return TensorNode(value.dtype, value.requires_grad, self._array(value.data))  # type: ignore[attr-defined]
        if self.numpy and kind is self.numpy.ndarray:
            return self._array(value)
        if self.numpy and isinstance(value, self.numpy.generic) and kind.__module__ == "numpy":
            return Scalar(self._array(self.numpy.asarray(value)))
        if self.torch and kind is self.torch.Tensor and not value.requires_grad:  # type: ignore[attr-defined]
            return self._tensor(value)
        return NotImplemented

    def _lossy(self, value: object) -> Node:
        plain = self._plain(value)
        if plain is NotImplemented:
            self.met_foreign = True
            return self.foreign(value)
        number = self.keep(value)
        return plain if number is None else Kept(number, plain)  # type: ignore[arg-type, return-value]

    def _plain(self, value: object) -> object:
        """The node of what a subclass of a plain type holds."""
        if self.torch and isinstance(value, self.torch.Tensor):
            return self._tensor(value)
        if self.numpy and isinstance(value, self.numpy.ndarray) and not isinstance(value, self.numpy.ma.MaskedArray):
            return self._array(value)
        for base in (bool, int, float, str, list, tuple, dict, set):
            if isinstance(value, base):
                return self._exact(base(value))
        if isinstance(value, frozenset):
            return self._exact(set(value))
        return NotImplemented

    def _sequence(self, kind: Any, items: list[object]) -> Node:
        if kind == "list" and len(items) > 8 and all(type(item) is float for item in items):
            self.buffers.append(struct.pack(f"<{len(items)}d", *items))
            return Floats(len(items))
        if kind == "set" and len(items) > MAX_ODD_KEYS:
            raise Unsendable("a set of too many elements")
        return Sequence_(kind, [self.node(item) for item in items])

    def _mapping(self, value: dict[object, object]) -> Node:
        if len(value) > MAX_ODD_KEYS:
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
            raise Unsendable(f"an array of dtype {array.dtype}")
        if array.nbytes > MAX_ARRAYS:  # before the copy: a broadcast view can claim 10 GB
            raise Unsendable(f"an array of {array.nbytes >> 20} MB")
        self.buffers.append(memoryview(np.ascontiguousarray(array, dtype).reshape(-1).view("u1")))
        return Array(dtype, list(array.shape))

    def _tensor(self, value: Any) -> TensorNode:
        data = value.detach().cpu()
        if str(data.dtype) == "torch.bfloat16":
            data = data.float()
        return TensorNode(str(value.dtype), bool(value.requires_grad), self._array(data.resolve_conj().numpy()))


def _integer(value: int) -> Node:
    if -(1 << 63) <= value < 1 << 63:
        return value
    size = value.bit_length() // 8 + 1
    if size > MAX_BIG_INT:
        raise Unsendable("an integer of too many digits")
    return BigInt(value.to_bytes(size, "little", signed=True))


def _clean(value: str) -> str:
    """Text that is sure to be UTF-8: a lone surrogate would stop the report from being written."""
    return value.encode("utf-8", "backslashreplace").decode()


def encode(message: Request | Reply, buffers: Sequence[Any] = ()) -> list[Any]:
    """The buffers of one frame, ready for writev. Raises Unsendable."""
    meta = _encoder.encode(message)
    total = sum(len(b) for b in buffers)
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
    return _decode(_requests, meta)


def decode_reply(meta: bytes) -> Reply:
    return _decode(_replies, meta)


def _decode(decoder: msgspec.msgpack.Decoder[Any], meta: bytes) -> Any:
    try:
        return decoder.decode(meta)
    except (msgspec.MsgspecError, RecursionError, ValueError, OverflowError) as error:
        raise ProtocolError(f"malformed frame: {type(error).__name__}") from None


class Unpacker:
    """Turns one frame's nodes into values that we own.

    Args:
        arrays: the frame's array bytes.
        special: makes the value of a node that only one side understands (Kept, Original, Object, Function, TensorNode).
    """

    def __init__(self, arrays: bytes, special: Callable[[Unpacker, Any], object]) -> None:
        self.arrays, self.special = arrays, special
        self.position = 0
        self.depth = 0

    def value(self, node: Node) -> Any:
        """The value of `node`. Raises ProtocolError."""
        if not isinstance(node, _Node):
            return node
        self.depth += 1
        if self.depth > MAX_DEPTH + 2:
            raise ProtocolError("nested too deeply")
        value = self._value(node)
        self.depth -= 1
        return value

    def finish(self) -> None:
        """Raises ProtocolError unless every array byte has been used."""
        if self.position != len(self.arrays):
            raise ProtocolError("unused array bytes")

    def _value(self, node: _Node) -> Any:
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
            case BigInt(digits) if len(digits) <= MAX_BIG_INT:
                return int.from_bytes(digits, "little", signed=True)
        return self.special(self, node)

    def array(self, node: Array) -> np.ndarray:
        """A new, writable array of `node`. Raises ProtocolError."""
        np = sys.modules["numpy"]
        if node.dtype not in DTYPES or len(node.shape) > 16 or not all(0 <= n < 1 << 40 for n in node.shape):
            raise ProtocolError("bad array")
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


def _hashable(keys: list[Any]) -> list[Any]:
    if len(keys) > MAX_ODD_KEYS and not all(type(key) is str for key in keys):
        raise ProtocolError("too many keys")
    try:
        for key in keys:
            hash(key)
    except TypeError:
        raise ProtocolError("unhashable key") from None
    return keys
