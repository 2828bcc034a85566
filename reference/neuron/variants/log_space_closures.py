"""Log-probabilities with logaddexp, row by row closures and functools; results are lists of NumPy scalars."""

from functools import reduce
from operator import add

import numpy as np


def neuron(W, b):
    """Return the function of one row that gives (z, a)."""

    def activate(row):
        z = np.dot(W[0], row) + b[0]
        return z, np.exp(-np.logaddexp(0.0, -z))

    return activate


def forward(x, W, b):
    pairs = [neuron(W, b)(row) for row in x]
    return np.array([[z] for z, _ in pairs]), np.array([[a] for _, a in pairs])


def bce(a, y):
    def cost(p, label):
        likelihood = p if label else 1 - p
        return -np.log(likelihood) if likelihood > 0 else 36.0

    return np.mean([cost(p, label) for p, label in zip(np.ravel(a), np.ravel(y))])


def backward(x, W, b, y):
    n = len(y)

    def of_row(row, label):
        _, a = neuron(W, b)(row)
        likelihood = a if label else 1 - a
        dL_da = (-1.0 if label else 1.0) / max(likelihood, 1e-12) / n
        dL_dz = (a - label) / n
        return dL_da, dL_dz, dL_dz * row

    rows = [of_row(row, label[0]) for row, label in zip(x, y)]
    return {
        "dL_da": np.array([[r[0]] for r in rows]),
        "dL_dz": np.array([[r[1]] for r in rows]),
        "dL_dW": np.atleast_2d(reduce(add, (r[2] for r in rows))),
        "dL_db": np.array([reduce(add, (r[1] for r in rows))]),
    }


def sgd_step(W, b, gradients, learning_rate):
    return tuple(p - learning_rate * gradients[name] for name, p in {"dL_dW": W, "dL_db": b}.items())
