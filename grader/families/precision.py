"""How exact an answer has to be: as exact as most of it is.

Work in float64 is exact to about 1e-14 of an array's scale whichever way it is written (loops, einsum, fsum, other
forms of the same formula). Two legal habits are not: an epsilon of up to 1e-7 inside a logarithm or a division, and
float32. Both blur most entries, so an answer is held to the level of most of it: an error of 1e-7 in one entry of an
otherwise exact answer stands out, the same error everywhere is a habit. The cap ends the indulgence long before real
mistakes begin (the smallest that students make are near 1e-3).

Measured on gradients of networks with one hidden layer (sigmoid, tanh, relu; n 1 to 8, d 1 to 4, h 1 to 6) and of RNNs,
10,000 draws of each, probabilities within [0.15, 0.85]; largest error in units of what is allowed:

    float64, another order of sums    0.001      float32, in and out                     0.31
    epsilon of 1e-12, 1e-10, 1e-8     0.49       parameters cast to float32 on the way in 0.38
    epsilon of 1e-7                   0.41       (1.7 once: a relu network with every hidden unit dead)

An error of 1e-7 in one entry (of at least 1e-4 of its array), or in one whole array, of an exact gradient was found in
all of 19,590 draws. One of 1e-2 in blurred work was missed in 59 of 16,814, in entries below 0.003 of the gradient's largest.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from grader.families.arrays import Array

EXACT: Final = 1e-8  # relative to the entry
EXACT_FLOOR: Final = 1e-12  # of the scale
EXACT_LEVEL: Final = 1e-13  # float64 is worse only for sums that cancel (4e-13 in 9,000 draws); float32 better twice in a million
# Both in levels. With 100 and 3, 9 of 45,000 honest blurred gradients were rejected; with 1000 and 30 none, the worst at 0.56.
SPREAD: Final = 1e3
FLOOR_SPREAD: Final = 30.0
JOINT_FLOOR: Final = 3.0  # caps; at 1, five of 30,000 gradients with an epsilon of 1e-7 whose sums cancel were rejected
SINGLE_LEVEL: Final = 6e-8  # half a unit in the last place of float32
SINGLE_CAP: Final = 1e-4


class Bound(NamedTuple):
    """An entry is right when |got - expected| is at most relative * |expected|, or floor * scale."""

    relative: float
    floor: float


def level(errors: Sequence[Array]) -> float:
    """The error that a good part of an answer has: its upper quartile, but never its single largest one.

    Args:
        errors: of each array, |got - expected| / scale for the entries that say something (not 0 against 0).
    """
    pooled = np.sort(np.concatenate([np.ravel(e) for e in errors])) if errors else np.zeros(0)
    if pooled.size == 0:
        return 0.0
    typical = float(pooled[-min(pooled.size, max(2, -(-pooled.size // 4)))])
    few = pooled.size < 4  # of 2 or 3 blurred entries all but one can come out a thousand times better by chance
    return float(pooled[-1]) if few and (typical > EXACT_LEVEL or pooled.size == 1) else typical


def joint_level(errors: Sequence[Array]) -> float:
    """The level of arrays that come from one piece of work: exact if any of them is.

    A blur reaches every array of a gradient, so that one exact array tells that the others are wrong, not blurred.
    """
    levels = [level([e]) for e in errors if e.size]
    return 0.0 if min(levels, default=0.0) <= EXACT_LEVEL else level(errors)


def bound(level: float, cap: float, *, single: bool, joint: bool = False) -> Bound:
    """The bound for an answer of this level; `joint` where it is one array of a gradient.

    The noise of float32 and of an epsilon is relative to the terms of a sum, and a sum can be small by cancellation: hence
    a floor that grows with the level. A gradient's arrays can all cancel at once, so that its floor may be higher.
    """
    ceiling = JOINT_FLOOR * cap
    if single:
        level, cap = max(level, SINGLE_LEVEL), max(cap, SINGLE_CAP)
    relative = min(max(SPREAD * level, EXACT), cap)
    return Bound(relative, min(max(FLOOR_SPREAD * level, EXACT_FLOOR), ceiling if joint else cap))
