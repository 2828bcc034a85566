"""The points are the rows of a stack made from the identity: first all above, then all below. einsum for the norms."""

import numpy as np


def points(x, epsilon):
    center = np.asarray(x, dtype=np.longdouble).astype(np.float64)
    moves = epsilon * np.eye(center.size).reshape(-1, *center.shape)
    return center + moves, center - moves


def numerical_gradient(f, x, epsilon=1e-5):
    above, below = points(x, epsilon)
    values = np.array([[f(point) for point in side] for side in (above, below)])
    return np.subtract(*values).reshape(np.shape(x)) / (2.0 * epsilon)


def length(v):
    return np.sqrt(np.einsum("...,...->", v, v)) if np.ndim(v) == 0 else np.sqrt(np.einsum("i,i->", np.ravel(v), np.ravel(v)))


def relative_error(analytical, numerical):
    a, n = np.array(analytical, float), np.array(numerical, float)
    return np.divide(length(a - n), np.maximum(length(a) + length(n), np.finfo(float).tiny))


def check_gradient(f, gradient, x, threshold=1e-7):
    return np.less(relative_error(gradient(np.array(x, float)), numerical_gradient(f, x)), threshold)
