"""Divided by the mean of the two norms: twice the error."""

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
    a, n = np.ravel(analytical), np.ravel(numerical)
    difference = np.linalg.norm(a - n)
    total = (np.linalg.norm(a) + np.linalg.norm(n)) / 2
    if total == 0:
        return 0.0
    return difference / total


def check_gradient(f, gradient, x, threshold=1e-7):
    numerical = numerical_gradient(f, x)
    analytical = gradient(x)
    error = relative_error(analytical, numerical)
    return error < threshold
