"""Recursion over the axes: the gradient along the first axis is made of gradients of functions with fewer arguments."""

from functools import partial

import numpy as np


def slope(f, x, epsilon):
    return (f(np.array(x + epsilon)) - f(np.array(x - epsilon))) / (epsilon + epsilon)


def numerical_gradient(f, x, epsilon=1e-5):
    x = np.asarray(x, dtype="float64")
    if x.ndim == 0:
        return np.asarray(slope(f, x, epsilon))

    def with_part(i, part):
        return f(np.concatenate([x[:i], part[np.newaxis], x[i + 1 :]]))

    return np.stack([numerical_gradient(partial(with_part, i), x[i], epsilon) for i in range(len(x))])


def relative_error(analytical, numerical):
    def size(v):
        return np.hypot.reduce(np.abs(np.ravel(v)).astype(float))

    top, bottom = size(np.subtract(analytical, numerical)), size(analytical) + size(numerical)
    return top / bottom if bottom > 0 or np.isnan(bottom) else 0.0


def check_gradient(f, gradient, x, threshold=1e-7):
    match relative_error(gradient(x), numerical_gradient(f, x)):
        case error if error < threshold:
            return True
        case _:
            return False
