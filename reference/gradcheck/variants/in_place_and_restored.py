"""x itself is moved, one entry at a time, and put back exactly; only what is not float64 is copied. nditer, and <=."""

import numpy as np
from numpy.linalg import norm


def numerical_gradient(f, x, epsilon=1e-5):
    if x.dtype != np.float64:
        x = x.astype(np.float64)
    grad = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index", "zerosize_ok"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        old = x[ix].copy()
        try:
            x[ix] = old + epsilon
            fxph = f(x)
            x[ix] = old - epsilon
            fxmh = f(x)
        finally:
            x[ix] = old
        grad[ix] = (fxph - fxmh) / (2 * epsilon)
        it.iternext()
    return grad


def relative_error(analytical, numerical):
    analytical, numerical = np.asarray(analytical), np.asarray(numerical)
    return norm((analytical - numerical).ravel()) / (norm(analytical.ravel()) + norm(numerical.ravel()) + 1e-12)


def check_gradient(f, gradient, x, threshold=1e-7):
    g = gradient(x)
    return np.all(np.isfinite(g)) and relative_error(g, numerical_gradient(f, x)) <= threshold
