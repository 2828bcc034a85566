"""Gradients by central differences, and the comparison of a gradient with them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def numerical_gradient(f: Callable[[Array], float], x: ArrayLike, epsilon: float = 1e-5) -> Array:
    """Return the gradient of `f` at `x` by central differences.

    Maths: (f(x + epsilon e_i) - f(x - epsilon e_i)) / (2 epsilon) for each entry i; the error is of order epsilon^2.

    Args:
        f: scalar function of an array of x's shape; called 2 * x.size times.
        x: point, of any shape and real dtype; left as it is.
        epsilon: step, positive.

    Returns:
        the gradient, float64, of x's shape.
    """
    point = np.array(x, dtype=np.float64)  # a copy in which an epsilon is not lost, as it would be among integers
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        entry = point[index]
        point[index] = entry + epsilon
        above = f(point)
        point[index] = entry - epsilon
        below = f(point)
        point[index] = entry
        gradient[index] = (above - below) / (2 * epsilon)
    return gradient


def relative_error(analytical: ArrayLike, numerical: ArrayLike) -> float:
    """Return norm(a - n) / (norm(a) + norm(n)), between 0 and 1; 0.0 where both are zero.

    Args:
        analytical: gradient by formula, of any shape.
        numerical: gradient by differences, of the same shape.
    """
    a, n = np.ravel(analytical), np.ravel(numerical)
    total = np.linalg.norm(a) + np.linalg.norm(n)
    return float(np.linalg.norm(a - n) / total) if total != 0 else 0.0


def check_gradient(f: Callable[[Array], float], gradient: Callable[[Array], ArrayLike], x: ArrayLike, threshold: float = 1e-7) -> bool:
    """Return whether `gradient` is the gradient of `f` at `x`, as far as differences can tell; NaN never is.

    Args:
        f: scalar function of an array of x's shape.
        gradient: the function to be checked, of an array of x's shape.
        x: point, of any shape.
        threshold: relative error below which the two agree.
    """
    point = np.array(x, dtype=np.float64)
    return relative_error(gradient(point), numerical_gradient(f, point)) < threshold
