"""Derivatives by finite differences that say how sure they are.

Maths: c(h) = (f(x + h) - f(x - h)) / 2h = f' + h^2 f'''/6 + O(h^4), with rounding noise of about eps |f| / h. Half the step
gives a second opinion: (4 c(h/2) - c(h)) / 3 has no h^2 term left, and |c(h/2) - c(h)| bounds its error, noise included. At
a kink within the step the two opinions differ by the size of the derivative itself.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np

from grader.errors import Fault
from grader.families.arrays import Array

STEPS: Final = (3e-4, 1e-5)  # the second one for functions with a kink or a strong curvature near x
TRUSTED: Final = 1e-6  # disagreement, of the largest derivative; at kinks it is near 1, on smooth losses below 1e-7


class Derivative(NamedTuple):
    """Derivatives of a scalar function, and the disagreement of two steps, entry by entry."""

    value: Array
    doubt: Array


def central(f: Callable[[Array], float], x: Array, step: float) -> Derivative:
    """The derivative of `f` in each entry of `x`, from steps `step` and `step / 2` (times the entry where it is over 1).

    Args:
        f: called with arrays of x's shape, 4 * x.size times.
        x: float64, of any shape; left as it is.
        step: half-width of the wider difference.
    """
    value, doubt = np.zeros(x.shape), np.zeros(x.shape)
    for index in _indices(x):
        wide, narrow = (_slope(f, x, index, h * max(1.0, abs(float(x[index])))) for h in (step, step / 2))
        value[index] = (4 * narrow - wide) / 3
        doubt[index] = abs(narrow - wide)
    return Derivative(value, doubt)


def finite_difference(f: Callable[[Array], float], x: Array) -> Array:
    """The gradient of a trusted function `f` at `x`, to about 1e-11 of its scale where f is of order 1.

    Args:
        f: array of x's shape -> float, evaluated in float64.
        x: float64, of any shape.

    Raises:
        Fault: `f` is not smooth near `x`, so that no difference can be trusted: move the point.
    """
    for step in STEPS:
        found = central(f, np.asarray(x, dtype=np.float64), step)
        if (found.doubt <= TRUSTED * np.abs(found.value).max(initial=0.0)).all():
            return found.value
    raise Fault("finite_difference: the function is not smooth at this point")


def _slope(f: Callable[[Array], float], x: Array, index: tuple[int, ...], h: float) -> float:
    above, below = x.copy(), x.copy()
    above[index] += h
    below[index] -= h
    width = float(above[index]) - float(below[index])  # not 2h: x + h is rounded
    return (float(f(above)) - float(f(below))) / width


def _indices(x: Array) -> Iterator[tuple[int, ...]]:
    return np.ndindex(x.shape)
