"""x is moved in place and moved back by adding and subtracting: rounding stays behind."""

import numpy as np


def numerical_gradient(f, x, epsilon=1e-5):
    if x.dtype != float:
        x = x.astype(float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += epsilon
        above = f(x)
        x[index] -= 2 * epsilon
        below = f(x)
        x[index] += epsilon
        gradient[index] = (above - below) / (2 * epsilon)
    return gradient


def relative_error(analytical, numerical):
    a, n = np.ravel(analytical), np.ravel(numerical)
    difference = np.linalg.norm(a - n)
    total = np.linalg.norm(a) + np.linalg.norm(n)
    if total == 0:
        return 0.0
    return difference / total


def check_gradient(f, gradient, x, threshold=1e-7):
    numerical = numerical_gradient(f, x)
    analytical = gradient(x)
    error = relative_error(analytical, numerical)
    return error < threshold
