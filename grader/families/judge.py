"""The verdict on an answer whose types and shapes are right: finite first, then every entry of every array."""

from dataclasses import dataclass

import numpy as np

from grader.errors import Mismatch
from grader.families.arrays import Array
from grader.families.margins import note
from grader.families.precision import EXACT_FLOOR, bound, joint_level, level
from grader.families.structure import Leaf
from grader.text import Text, text


@dataclass(frozen=True)
class _Judged:
    """The errors of one leaf: `absolute` has its shape, `relative` (to `scale`) only the entries that say something."""

    leaf: Leaf
    absolute: Array
    relative: Array
    scale: float  # 0.0 where nothing but zeros is expected, and no other scale is known


def require_right(leaves: list[Leaf], *, cap: float, scale: float = 0.0, joint: bool = False) -> None:
    """Raise Mismatch for the first array with an entry outside the bound.

    Args:
        leaves: the arrays of one answer.
        cap: the loosest relative bound.
        scale: natural scale of the values, where it is larger than the largest expected entry.
        joint: the arrays come from one piece of work (a gradient): they have one precision, and the noise of a small
            array may come from the larger ones.
    """
    for leaf in leaves:
        require_finite(leaf.got, leaf.name)
    largest = max((_largest(leaf) for leaf in leaves), default=0.0) if joint else 0.0
    answer = [_judge(leaf, max(_largest(leaf), scale) or largest) for leaf in leaves]
    pooled = (joint_level if joint else level)([item.relative for item in answer])
    ratios = []
    for item in answer:
        own = pooled if joint else max(pooled, level([item.relative]))
        limit = bound(own, cap, single=item.leaf.single, joint=joint)
        noise = limit.floor * (max(item.scale, largest) if limit.floor > EXACT_FLOOR else item.scale) or EXACT_FLOOR
        ratios.append(_require(item, np.maximum(limit.relative * np.abs(item.leaf.expected), noise) + item.leaf.rounding))
    note(max(ratios, default=0.0))  # of a right answer alone: a check may ask for several and take the one that fits


def require_finite(array: Array, name: str) -> None:
    """Raise Mismatch at the first entry that is NaN or infinite."""
    finite = np.isfinite(array)
    if not finite.all():
        index = _at(int(np.argmin(finite)), finite.shape)
        word = "NaN" if np.isnan(array[index]) else "inf"
        raise Mismatch(text("not_finite", name=place(name, index), word=word), name=name)


def place(name: str, index: tuple[int, ...]) -> str:
    """`z[2, 0]`; the name alone for a number."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def _largest(leaf: Leaf) -> float:
    return float(np.abs(leaf.expected).max())


def _judge(leaf: Leaf, scale: float) -> _Judged:
    with np.errstate(over="ignore"):  # 1e308 against -1e308 is as wrong as can be, and says so
        absolute = np.abs(leaf.got - leaf.expected)
        telling = (leaf.expected != 0) | (absolute > EXACT_FLOOR * scale)  # 0 against 1e-30 tells nothing
        return _Judged(leaf, absolute, absolute[telling] / (scale or np.inf), scale)


def _require(item: _Judged, allowed: Array) -> float:
    """The largest error in units of `allowed` (absolute, of the leaf's shape). Raise Mismatch if it is above 1."""
    with np.errstate(over="ignore"):
        ratios = item.absolute / allowed
    wrong = ~(ratios <= 1)  # written so that NaN is wrong
    if wrong.any():
        worst = _at(int(ratios.argmax()), wrong.shape)
        key = "wrong_number" if wrong.size == 1 else "wrong_all" if wrong.all() else "wrong_some"
        name = item.leaf.name
        fact = text(key, name=name, place=place(name, worst), wrong=int(wrong.sum()), total=wrong.size)
        raise Mismatch(fact, name=name, detail=_numbers(item, worst, float(allowed[worst])), ratio=float(ratios[worst]))
    return float(ratios.max())


def _numbers(item: _Judged, at: tuple[int, ...], allowed: float) -> Text:
    """What is there and what should be; the error is relative, except against zero."""
    got, expected, error = float(item.leaf.got[at]), float(item.leaf.expected[at]), float(item.absolute[at])
    values = {"place": place(item.leaf.name, at), "got": got, "expected": expected}
    if expected == 0:
        return text("wrong_zero_detail", error=error, allowed=allowed, **values)
    key = "wrong_close_detail" if error < 1e-4 * abs(expected) else "wrong_detail"  # 6 digits would look the same
    return text(key, error=error / abs(expected), allowed=allowed / abs(expected), **values)


def _at(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index of the entry number `flat`."""
    return tuple(int(i) for i in np.unravel_index(flat, shape))
