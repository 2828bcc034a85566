"""The largest relative error of an entry instead of that of the whole."""

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
    total = np.abs(a) + np.abs(n)
    return np.max(np.where(total == 0, 0, np.abs(a - n) / np.where(total == 0, 1, total)))


def check_gradient(f, gradient, x, threshold=1e-7):
    numerical = numerical_gradient(f, x)
    analytical = gradient(x)
    error = relative_error(analytical, numerical)
    return error < threshold
