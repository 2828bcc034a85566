"""An answer laid beside the expected one: numbers, arrays, and dicts, tuples and lists of them, leaf by leaf."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from grader.errors import Fault, Mismatch
from grader.families.arrays import Array, is_number, is_numeric, kind_of, owned, plain_copy, require_shape, worked_in_single
from grader.tensor import Tensor
from grader.text import Text, text


@dataclass(frozen=True)
class Leaf:
    """One array of an answer, of the right shape.

    Attributes:
        name: as the student would write it, `gradients["W1"]`.
        got, expected: float64, of the same shape, expected finite.
        single: whether `got` or `expected` was worked out in float32: who is more exact than a reference with torch is right.
        rounding: absolute error that is unavoidable here, in the unit of the array.
    """

    name: str
    got: Array
    expected: Array
    single: bool = False
    rounding: float = 0.0


@contextmanager
def about(got: object, expected: object, sizes: Mapping[str, float] | None) -> Iterator[None]:
    """Complete every Mismatch raised inside with the whole compared answer."""
    try:
        yield
    except Mismatch as mismatch:
        mismatch.got, mismatch.expected = plain_copy(got), plain_copy(expected)
        mismatch.answer = got if mismatch.answer is None else mismatch.answer
        mismatch.sizes = dict(sizes or {})
        raise


def leaves(got: object, expected: object, name: str) -> list[Leaf]:
    """The arrays of an answer beside the expected ones, in the order of `expected`.

    Raises:
        Mismatch: a type, key, count or shape is wrong, or a text or None that is compared as it is.
        Fault: `expected` is empty, not finite, or of a type that cannot be compared.
    """
    if type(expected) is dict:
        entries = entries_of(got, tuple(expected), name)
        return [leaf for key, item in entries.items() for leaf in leaves(item, expected[key], f"{name}[{key!r}]")]
    if type(expected) is tuple or (type(expected) is list and not all(map(is_number, expected))):
        parts = parts_of(got, len(expected), name)
        pairs = enumerate(zip(parts, expected, strict=True))
        return [leaf for i, pair in pairs for leaf in leaves(*pair, f"{name}[{i}]")]
    if expected is None or type(expected) is str:
        return _same(got, expected, name)
    return [leaf_of(got, trusted(expected, name), name)]


def leaf_of(got: object, expected: Array, name: str) -> Leaf:
    """One array beside the expected one; where a number is expected, an array of shape (1,) is a number too."""
    mine = owned(got, name)
    array = mine.array.reshape(()) if expected.shape == () and mine.array.shape == (1,) else mine.array
    require_shape(array, expected.shape, name)
    return Leaf(name, array, expected, mine.single or worked_in_single(expected))


def trusted(expected: object, name: str) -> Array:
    """An expected answer as a float64 array. Raises Fault where it is empty, not finite or not numeric."""
    if not (is_numeric(expected) or type(expected) is list):
        raise Fault(f"{name}: an expected answer cannot be of type {type(expected).__name__}")
    data = expected.data if isinstance(expected, Tensor) else expected
    array = np.array(data, dtype=np.float64)
    if array.size == 0 or not np.isfinite(array).all():
        raise Fault(f"{name}: the expected answer is empty or not finite")
    return array


def entries_of(got: object, keys: tuple[object, ...], name: str) -> dict[object, object]:
    """The entries of the dict `got` under `keys`; more keys are allowed. Raises Mismatch for a missing one."""
    if got is None:
        raise Mismatch(text("answer_is_none", name=name), name=name)
    if type(got) is not dict:
        raise Mismatch(text("not_a_dict", name=name, got=kind_of(got)), name=name)
    for key in keys:
        if key not in got:
            raise Mismatch(_missing(key, [k for k in got if k not in keys], name), name=name)
    return {key: got[key] for key in keys}


def parts_of(got: object, count: int, name: str) -> tuple[object, ...]:
    """The parts of a tuple, list or array (along its first axis). Raises Mismatch unless there are `count`."""
    if got is None:
        raise Mismatch(text("answer_is_none", name=name), name=name)
    if not (type(got) in {tuple, list} or (type(got) is np.ndarray and got.ndim > 0)):
        raise Mismatch(text("not_parts", name=name, count=count, got=kind_of(got)), name=name)
    parts: tuple[object, ...] = tuple(got)  # type: ignore[arg-type]
    if len(parts) != count:
        raise Mismatch(text("wrong_count", name=name, count=count, got=len(parts)), name=name)
    return parts


def key_word(key: object) -> str:
    """A student's key as a report may show it: a name, not data that somebody put there to read it in a hidden check's report."""
    return repr(key) if type(key) is str and re.fullmatch(r"[\w.]{1,20}", key) else "…"


def _missing(key: object, others: list[object], name: str) -> Text:
    names = [k for k in others if type(k) is str]
    close = get_close_matches(str(key), names, n=1, cutoff=0.5) or [k for k in names if k.lower() == str(key).lower()]
    if close:
        return text("missing_key_close", name=name, key=repr(key), close=key_word(close[0]))
    return text("missing_key", name=name, key=repr(key))


def _same(got: object, expected: object, name: str) -> list[Leaf]:
    if type(got) is not type(expected) or got != expected:
        detail = text("wrong_word_detail", name=name, expected=repr(expected))
        raise Mismatch(text("wrong_word", name=name), name=name, detail=detail)
    return []
