"""Patterns of wrong arrays: each says whether it explains every wrong array of an answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from grader.factors import name_factor

Array = npt.NDArray[np.float64]

NEAR: Final = 1e-5  # of the scale: as exact as float32 work is
NEAR_FEW: Final = 1e-9  # for one or two numbers, which some of 50 formulas would meet by chance at 1e-5
EXPLAINED: Final = 1e-2  # of the error: what an explanation may leave
MANY: Final = 4  # non-zero entries from which on a common factor without a name is no accident


@dataclass(frozen=True)
class Pair:
    """One array of the answer and the right one; `name` is empty for an answer that is a single array."""

    name: str
    got: Array
    expected: Array


@dataclass(frozen=True)
class Found:
    """What explains an answer: the end of its key in the catalogue, the values of that message, a finer signature."""

    key: str
    values: Mapping[str, object]
    signature: str


@dataclass(frozen=True)
class Wrong:
    """The wrong arrays of an answer."""

    pairs: tuple[Pair, ...]
    sizes: Mapping[str, float]

    @property
    def near(self) -> float:
        """The relative error up to which two arrays are the same."""
        return NEAR if sum(pair.got.size for pair in self.pairs) > 2 else NEAR_FEW

    def are(self, make: Callable[[Array], Array]) -> bool:
        """Whether every answer is `make` of the right one, rather than just closer to it."""
        return all(self.same(pair.got, make(pair.expected), pair.got, pair.expected) for pair in self.pairs)

    def become_right_by(self, make: Callable[[Array], Array]) -> bool:
        """Whether `make` of every answer is the right one."""
        return all(self.same(make(pair.got), pair.expected, pair.got, pair.expected) for pair in self.pairs)

    def same(self, one: Array, other: Array, got: Array, expected: Array) -> bool:
        """Whether `one` is `other`, and leaves nearly nothing of the error of `got` against `expected`."""
        if one.shape != other.shape or one.size == 0:
            return False
        error = distance(got, expected) if got.shape == expected.shape else np.inf
        scale = max(largest(other), 1e-3 * largest(expected))
        left = distance(one, other)
        return bool(np.isfinite(left)) and left <= min(self.near * scale, EXPLAINED * error)


def distance(one: Array, other: Array) -> float:
    """The largest absolute difference of two arrays of the same shape."""
    return largest(one - other)


def largest(array: Array) -> float:
    """The largest absolute entry, 0.0 of none."""
    return float(np.abs(array).max(initial=0.0))


def zeros(wrong: Wrong) -> Found | None:
    """Nothing but zeros where there should be something."""
    return None if any(np.any(pair.got) for pair in wrong.pairs) else Found("zeros", {}, "zeros")


def factor(wrong: Wrong) -> Found | None:
    """One common factor; it is named where exactly one size, or expression of sizes, equals it."""
    if any(pair.got.shape != pair.expected.shape for pair in wrong.pairs):
        return None
    got, expected = (np.concatenate([np.ravel(part) for part in parts]) for parts in _columns(wrong.pairs))
    ratio = float(got @ expected) / (float(expected @ expected) or np.inf)
    if ratio == 0 or not wrong.are(lambda right: ratio * right):
        return None
    named = name_factor(ratio, wrong.sizes, wrong.near)
    if named is None:
        plain = np.count_nonzero(expected) >= MANY and abs(abs(ratio) - 1) > 0.05
        return Found("factor", {"factor": ratio}, "factor") if plain else None
    signature = "sign" if named.key == "-1" else f"factor:{named.key}"
    values = {"factor": named.value, "size": named.size}
    return Found(_factor_key(named.key, named.negative, named.inverse, named.size is not None), values, signature)


def _factor_key(key: str, negative: bool, inverse: bool, sized: bool) -> str:
    if key == "-1":
        return "sign"
    ending = ("small" if inverse else "large") + ("_size" if sized else "")
    return f"{'negative' if negative else 'too'}_{ending}"


def _columns(pairs: tuple[Pair, ...]) -> tuple[list[Array], list[Array]]:
    return [pair.got for pair in pairs], [pair.expected for pair in pairs]


def rearranged(wrong: Wrong) -> Found | None:
    """Transposed; in reverse order; one step late or early along the first axis."""
    if any(len(np.unique(pair.expected)) < 3 for pair in wrong.pairs):
        return None  # labels of 0 and 1 agree with each other in any order too easily
    if all(pair.expected.ndim == 2 for pair in wrong.pairs) and wrong.are(lambda right: right.T):
        return Found("transposed", {}, "transposed")
    if all(pair.expected.ndim > 0 and len(pair.expected) > 2 for pair in wrong.pairs):
        if wrong.are(lambda right: right[::-1]):
            return Found("reversed", {}, "reversed")
        for key, mine, right in (("late", slice(None, -1), slice(1, None)), ("early", slice(1, None), slice(None, -1))):
            if all(_shifted(wrong, pair, mine, right) for pair in wrong.pairs):
                return Found(key, {}, key)
    return None


def _shifted(wrong: Wrong, pair: Pair, mine: slice, right: slice) -> bool:
    if pair.got.shape != pair.expected.shape:
        return False
    return wrong.same(pair.got[mine], pair.expected[right], pair.got[mine], pair.expected[mine])


def one_place(wrong: Wrong) -> Found | None:
    """One row, column or entry of a single array; all others are right."""
    pair = wrong.pairs[0]
    if len(wrong.pairs) > 1 or pair.got.shape != pair.expected.shape:
        return None
    bad = np.abs(pair.got - pair.expected) > NEAR * largest(pair.expected)
    for axis, count in enumerate(bad.shape):
        others = tuple(i for i in range(bad.ndim) if i != axis)
        lines = np.flatnonzero(bad.any(axis=others))
        if count > 2 and len(lines) == 1:
            key = "one_entry" if bad.ndim == 1 else ("one_row", "one_column")[axis] if bad.ndim == 2 else "one_slice"
            index = int(lines[0])
            which = {0: "first", count - 1: "last"}.get(index, str(index))
            return Found(key, {"index": index, "count": count, "axis": axis}, f"{key}:{which}")
    return None


def another_function(wrong: Wrong) -> Found | None:
    """A known function of the right values, or one that has been left out."""
    for key, make in _applied():
        if wrong.are(make):
            return Found(key, {}, key)
    for key, make in _left_out():
        if wrong.become_right_by(make):
            return Found(key, {}, key)
    return None


def _round(right: Array, decimals: int) -> Array:
    return np.asarray(np.round(right, decimals))


def rounded(wrong: Wrong) -> Found | None:
    """Rounded to a few decimals, or cut to integers."""
    if wrong.are(np.trunc):
        return Found("truncated", {}, "truncated")
    for decimals in range(7):
        if wrong.are(partial(_round, decimals=decimals)):
            return Found("rounded", {"decimals": decimals}, "rounded")
    return None


def offset(wrong: Wrong) -> Found | None:
    """One constant added to every value of an array of different values."""
    for pair in wrong.pairs:
        varied = pair.got.shape == pair.expected.shape and pair.expected.size > 2 and np.ptp(pair.expected) > 0
        if not varied or not wrong.same(pair.got - np.mean(pair.got - pair.expected), pair.expected, *_both(pair)):
            return None
    return Found("offset", {}, "offset")


def _both(pair: Pair) -> tuple[Array, Array]:
    return pair.got, pair.expected


def _sigmoid(z: Array) -> Array:
    return (1 + np.tanh(z / 2)) / 2


def _applied() -> Iterator[tuple[str, Callable[[Array], Array]]]:
    yield "absolute", np.abs
    yield "complement", lambda right: 1 - right
    yield "squared", np.square
    yield "rooted", np.sqrt
    yield "extra_sigmoid", _sigmoid
    yield "extra_tanh", np.tanh


def _left_out() -> Iterator[tuple[str, Callable[[Array], Array]]]:
    yield "missing_sigmoid", _sigmoid
    yield "missing_tanh", np.tanh
    yield "missing_relu", lambda got: np.maximum(got, 0)


PATTERNS: Final = (zeros, factor, rearranged, one_place, another_function, rounded, offset)
