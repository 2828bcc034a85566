"""What is wrong with an answer, from the arrays alone; nothing is said unless it is sure.

A pattern explains an answer when it reproduces the wrong arrays to rounding, and leaves at most a hundredth of their
error. What is said may be shown for hidden checks: factors, sizes and places, never inputs or expected values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from grader.patterns import NEAR, PATTERNS, Found, Pair, Wrong, distance, largest
from grader.text import Text, text

_NUMBERS: Final = (np.ndarray, np.number, float, int)


@dataclass(frozen=True)
class Cause:
    """Why an answer is wrong.

    Attributes:
        key: a stable signature, "factor:n", or "factor:n@W1" where only W1 is wrong.
        text: something that a student can use.
    """

    key: str
    text: Text


def find_cause(got: object, expected: object, sizes: Mapping[str, float], *, name: str = "") -> Cause | None:
    """The cause of `got` not being `expected`, or None where none is sure.

    Args:
        got: the whole answer, arrays or dicts and tuples of arrays, as a Mismatch holds it.
        expected: the right one.
        sizes: lengths and constants that a wrong factor may be, {"n": 7}.
        name: what the answer is called, for an answer that is a single array.
    """
    with np.errstate(all="ignore"):  # 1e308 against 1e-308 is wrong, and no warning
        return _find(list(_pairs(got, expected, "")), sizes, name)


def _find(pairs: list[Pair], sizes: Mapping[str, float], name: str) -> Cause | None:
    if any(pair.got.size == 0 or not np.isfinite(pair.got).all() for pair in pairs):
        return None
    wrong = Wrong(tuple(pair for pair in pairs if not _is_right(pair)), sizes)
    if not wrong.pairs:
        return None
    if swapped := _swapped(wrong):
        return swapped
    for pattern in PATTERNS:
        if found := pattern(wrong):
            return _cause(found, wrong, name, everywhere=len(wrong.pairs) == len(pairs))
    return None


def _pairs(got: object, expected: object, name: str) -> Iterator[Pair]:
    """The arrays of both, by name; nothing where the two are of different structure."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected:
            yield from _pairs(got.get(key), expected[key], f"{name}.{key}" if name else str(key))
    elif isinstance(expected, tuple) and isinstance(got, tuple) and len(got) == len(expected):
        for i, (mine, right) in enumerate(zip(got, expected, strict=True)):
            yield from _pairs(mine, right, f"{name}[{i}]")
    elif isinstance(expected, _NUMBERS) and isinstance(got, _NUMBERS):
        yield Pair(name, np.asarray(got, dtype=np.float64), np.asarray(expected, dtype=np.float64))


def _is_right(pair: Pair) -> bool:
    if pair.got.shape != pair.expected.shape:
        return False
    return bool(distance(pair.got, pair.expected) <= NEAR * largest(pair.expected))


def _swapped(wrong: Wrong) -> Cause | None:
    """Two arrays of a dict or tuple, each in the place of the other."""
    if len(wrong.pairs) != 2:
        return None
    one, two = wrong.pairs
    crossed = Wrong((Pair(one.name, two.got, one.expected), Pair(two.name, one.got, two.expected)), wrong.sizes)
    if not all(_is_right(pair) for pair in crossed.pairs) or _is_right(Pair("", one.expected, two.expected)):
        return None
    names = {"one": f"`{one.name}`", "two": f"`{two.name}`"}
    return Cause(f"swapped:{one.name},{two.name}", text("cause_swapped", **names))


def _cause(found: Found, wrong: Wrong, name: str, *, everywhere: bool) -> Cause:
    """The cause in words; where other arrays are right, it names the wrong ones."""
    arrays = [pair.name for pair in wrong.pairs]
    if everywhere and (len(arrays) > 1 or not arrays[0]):
        names: object = f"`{name}`" if name else text("cause_answer")
    else:
        names = ", ".join(f"`{array}`" for array in arrays)
    suffix = "" if everywhere else f"@{','.join(arrays)}"
    return Cause(found.signature + suffix, text(f"cause_{found.key}", names=names, **found.values))
