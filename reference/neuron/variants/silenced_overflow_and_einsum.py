"""The textbook sigmoid under np.errstate (inf is harmless there), einsum, a dict made from pairs."""

from collections import OrderedDict

import numpy as np
from numpy import einsum

TINY = np.finfo(np.float64).tiny


def forward(x, W, b):
    z = einsum("nd,od->no", x, W) + b[None, :]
    with np.errstate(over="ignore"):
        a = np.reciprocal(1.0 + np.exp(-z))
    return z, a


def bce(a, y):
    n, _ = y.shape
    log_likelihood = einsum("no,no->", y, np.log(a + TINY)) + einsum("no,no->", 1 - y, np.log1p(-np.minimum(a, 1 - 1e-15)))
    return -log_likelihood / n


def backward(x, W, b, y):
    n = x.shape[0]
    _, a = forward(x, W, b)
    dL_dz = (a - y) / n
    with np.errstate(all="ignore"):
        dL_da = dL_dz / (a * (1 - a))
    return OrderedDict(
        [
            ("dL_dW", einsum("no,nd->od", dL_dz, x)),
            ("dL_db", einsum("no->o", dL_dz)),
            ("dL_da", np.nan_to_num(dL_da)),
            ("dL_dz", dL_dz),
        ]
    )


def sgd_step(W, b, gradients, learning_rate):
    def step(value, gradient):
        return value - learning_rate * gradient

    return step(W, gradients["dL_dW"]), step(b, gradients["dL_db"])
