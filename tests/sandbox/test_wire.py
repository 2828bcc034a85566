"""Values cross exactly or not at all, and no bytes whatever break who decodes them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox import nodes, wire
from grader.sandbox.values import Packer, Unpacker
from grader.tensor import Tensor

DTYPES = sorted(nodes.DTYPES)
ARRAYS = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-(1 << 8000), 1 << 8000), st.floats(), st.complex_numbers(),
    st.text(st.characters(codec="utf-8")),
)  # fmt: skip
SCALARS = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, ()).map(lambda array: array[()]))
TENSORS = st.builds(Tensor, hnp.arrays("<f4", (2, 3)), st.just("torch.float32"), st.booleans())
KEYS = st.one_of(st.booleans(), st.integers(), st.text(st.characters(codec="utf-8")), st.tuples(st.integers(), st.none()))
VALUES = st.recursive(
    st.one_of(PLAIN, ARRAYS, SCALARS, TENSORS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(KEYS, inner, max_size=4),
        st.sets(KEYS, max_size=4), st.lists(st.floats(), min_size=9, max_size=30),
    ),
    max_leaves=12,
)  # fmt: skip


def there_and_back(value: object) -> object:
    """What arrives of a value that crosses as a frame's bytes."""
    packer = Packer(lambda other: pytest.fail(f"foreign: {other!r}"), lambda other: None)
    raw = b"".join(wire.encode(wire.Returned(1, packer.node(value), None, []), packer.buffers))
    meta, arrays = wire.lengths(raw[: wire.HEAD.size])
    assert len(raw) == wire.HEAD.size + meta + arrays
    body = raw[wire.HEAD.size :]
    reply = wire.decode_reply(body[:meta])
    unpacker = Unpacker(body[meta:], lambda unpacker, node: Tensor(unpacker.array(node.array), node.dtype, node.requires_grad))
    arrived = unpacker.value(reply.value)
    unpacker.finish()
    return arrived


def same(a: object, b: object) -> bool:
    """Whether two values are of exactly the same types and bits, NaN included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    if isinstance(a, float):
        return math.copysign(1, a) == math.copysign(1, b) and (a == b or (math.isnan(a) and math.isnan(b)))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a), list(b)) and same(list(a.values()), list(b.values()))
    return a == b


@settings(max_examples=100, deadline=None, database=None)
@given(VALUES)
def test_values_arrive_as_they_were(value):
    """Every kind of value that can cross arrives with its exact type, shape, dtype and bits."""
    assert same(there_and_back(value), value)


@settings(max_examples=100, deadline=None, database=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(raw):
    """Whatever bytes are taken for a reply: a message or a ProtocolError, nothing else."""
    try:
        reply = wire.decode_reply(raw)
    except nodes.ProtocolError:
        return
    assert isinstance(reply, wire.Confined | wire.Loaded | wire.Returned | wire.Raised | wire.Asked)


@settings(max_examples=100, deadline=None, database=None)
@given(VALUES, st.data())
def test_no_damage_breaks_the_decoder(value, data):
    """A frame with one byte changed is a message or a ProtocolError; unpacking it raises nothing that is not caught."""
    packer = Packer(lambda other: None, lambda other: None)
    meta = bytearray(b"".join(wire.encode(wire.Returned(1, packer.node(value), None, []), packer.buffers))[wire.HEAD.size :])
    at = data.draw(st.integers(0, len(meta) - 1))
    meta[at] ^= data.draw(st.integers(1, 255))
    try:
        reply = wire.decode_reply(bytes(meta))
        Unpacker(b"\0" * 4096, lambda unpacker, node: None).value(getattr(reply, "value", None))
    except (nodes.ProtocolError, ValueError, OverflowError, TypeError, MemoryError):
        pass  # what WorkerSession takes for the end of a worker


def test_arrays_are_ours():
    """An array that arrives can be written, and shares memory with nothing."""
    sent = np.arange(3.0)
    arrived = there_and_back(sent)
    arrived[0] = 9.0
    assert sent[0] == 0.0
    assert type(arrived) is np.ndarray


@pytest.mark.parametrize("array", [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(10)[::3], np.arange(3, dtype=">i4")])
def test_layout_is_not_part_of_a_value(array):
    """Arrays in Fortran's order, with strides, of the other byte order arrive with the same numbers."""
    assert there_and_back(array).tolist() == array.tolist()


def test_long_double_arrives_as_double():
    """The one dtype that is rounded: longdouble has a different layout on every machine."""
    assert there_and_back(np.array([1.5], dtype=np.longdouble)).dtype == np.float64
