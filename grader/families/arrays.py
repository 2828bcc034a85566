"""A student's answer made ours: exact types first, then a float64 array that nobody else holds.

Nothing here calls a method of what it was given before its exact type is known, so an object that claims to equal
everything is refused like any other object.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from grader.errors import Mismatch
from grader.tensor import Tensor
from grader.text import Text, text

Array = npt.NDArray[np.float64]
Shape = tuple[int, ...]

PLAIN: Final = frozenset({bool, int, float})
SCALARS: Final = frozenset(np.sctypeDict.values())
REAL: Final = "buif"  # dtype.kind: bool, unsigned, integer, float
MAX_DEPTH: Final = 16  # of lists in lists; the course never needs more than 3


class Owned(NamedTuple):
    """A numeric answer.

    Attributes:
        array: its numbers, a float64 copy in C order.
        single: whether it was worked out in float32 (or float16): by dtype, or because float32 holds every number.
    """

    array: Array
    single: bool


def owned(got: object, name: str) -> Owned:
    """The numbers of `got`: a number, an array of real numbers, a tensor, or (nested) lists and tuples of them.

    Raises:
        Mismatch: `got` is of another type, or its lists are ragged; the message names `name`.
    """
    raw = _numbers(got, name, 0)
    array = np.array(raw, dtype=np.float64, order="C")
    return Owned(array, (raw.dtype.kind == "f" and raw.dtype.itemsize < 8) or _fits_single(array))


def is_number(value: object) -> bool:
    """Whether `value` is a single number by type."""
    return type(value) in PLAIN or type(value) in SCALARS


def is_numeric(value: object) -> bool:
    """Whether `value` is a single number or an array by type; lists are not."""
    return is_number(value) or type(value) in {np.ndarray, Tensor}


def kind_of(got: object) -> Text:
    """The type of `got` in words a student knows."""
    kind = type(got)
    if got is None or kind in {str, dict, complex, set, list, tuple}:
        return text(f"type_{kind.__name__}")
    if kind is np.ndarray:
        return text("type_array", dtype=str(got.dtype))  # type: ignore[attr-defined]
    return text("type_other", type=getattr(got, "_type_name", kind.__name__))  # a remote object knows its own


def plain_copy(got: object, depth: int = 0) -> object:
    """`got` as data of ours for later comparison: arrays, dicts and tuples; what is no number becomes its type's name."""
    if type(got) is dict and depth < MAX_DEPTH:
        return {key: plain_copy(value, depth + 1) for key, value in got.items()}
    if got is None or type(got) is str:
        return got
    try:
        return owned(got, "").array
    except Mismatch:
        if type(got) in {list, tuple} and depth < MAX_DEPTH:
            return tuple(plain_copy(item, depth + 1) for item in got)  # type: ignore[attr-defined]
        return type(got).__name__


def _numbers(got: object, name: str, depth: int) -> npt.NDArray[np.generic]:
    kind = type(got)
    if kind is Tensor:
        return _numbers(got.data, name, depth)  # type: ignore[attr-defined]
    if kind is np.ndarray and got.dtype.kind in REAL:  # type: ignore[attr-defined]
        return got  # type: ignore[return-value]
    if kind in SCALARS and got.dtype.kind in REAL:  # type: ignore[attr-defined]
        return np.asarray(got)
    if kind in PLAIN:
        return _floats([got], name).reshape(())
    if kind in {list, tuple} and depth < MAX_DEPTH:
        return _stacked(got, name, depth)  # type: ignore[arg-type]
    if got is None:
        raise Mismatch(text("answer_is_none", name=name), name=name)
    raise Mismatch(text("answer_not_numeric", name=name, got=kind_of(got)), name=name)


def _stacked(items: list[object], name: str, depth: int) -> npt.NDArray[np.generic]:
    if all(type(item) in PLAIN for item in items):
        return _floats(items, name)
    parts = [_numbers(item, f"{name}[{i}]", depth + 1) for i, item in enumerate(items)]
    if len({part.shape for part in parts}) > 1:
        raise Mismatch(text("answer_ragged", name=name), name=name)
    return np.stack(parts)


def _floats(items: list[object], name: str) -> npt.NDArray[np.generic]:
    try:
        return np.array(items, dtype=np.float64)
    except OverflowError:  # an int beyond 1e308
        raise Mismatch(text("answer_too_large", name=name), name=name) from None


def _fits_single(array: Array) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.all(array == array.astype(np.float32)))


def worked_in_single(expected: Array) -> bool:
    """Whether our own answer was worked out in float32: it holds every number, and not because all of them are round."""
    with np.errstate(all="ignore"):
        round_ = (expected == expected.astype(np.float16)) | (expected == np.round(expected))
    return _fits_single(expected) and not round_.all()


def shape_text(shape: Shape) -> str:
    """`(7, 3)`, as Python writes it."""
    return str(tuple(shape))


def require_shape(array: Array, shape: Shape, name: str) -> None:
    """Raise Mismatch unless `array` has exactly `shape`; the message knows the usual near-misses."""
    if array.shape == shape:
        return
    values = {"name": name, "got": shape_text(array.shape), "expected": shape_text(shape)}
    for key, applies in _NEAR_SHAPES:
        if applies(array.shape, shape):
            raise Mismatch(text(f"wrong_shape_{key}", **values), name=name)
    raise Mismatch(text("wrong_shape", **values), name=name)


def _only_ones_differ(got: Shape, expected: Shape) -> bool:
    return tuple(n for n in got if n != 1) == tuple(n for n in expected if n != 1)


_NEAR_SHAPES: Final[tuple[tuple[str, Callable[[Shape, Shape], bool]], ...]] = (
    ("empty", lambda got, expected: 0 in got),
    ("number", lambda got, expected: got == ()),
    ("not_number", lambda got, expected: expected == ()),
    ("column", lambda got, expected: got == (*expected, 1)),
    ("flat", lambda got, expected: (*got, 1) == expected),
    ("transposed", lambda got, expected: len(got) > 1 and got == expected[::-1]),
    ("axis", _only_ones_differ),
    ("broadcast", lambda got, expected: len(got) == len(expected) + 1 and got[0] == got[-1] == expected[0]),
)
