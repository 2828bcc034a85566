"""norm(., 2) of a matrix is its largest singular value, not the root of the sum of squares."""

import numpy as np


def numerical_gradient(f, x, epsilon=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        plus = x.copy()
        plus[index] += epsilon
        minus = x.copy()
        minus[index] -= epsilon
        gradient[index] = (f(plus) - f(minus)) / (2 * epsilon)
    return gradient


def relative_error(analytical, numerical):
    a, n = np.asarray(analytical), np.asarray(numerical)
    if a.ndim != 2:
        a, n = a.ravel(), n.ravel()
    difference = np.linalg.norm(a - n, 2)
    total = np.linalg.norm(a, 2) + np.linalg.norm(n, 2)
    if total == 0:
        return 0.0
    return difference / total


def check_gradient(f, gradient, x, threshold=1e-7):
    numerical = numerical_gradient(f, x)
    analytical = gradient(x)
    error = relative_error(analytical, numerical)
    return error < threshold
