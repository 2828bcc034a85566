"""One sigmoid neuron with binary cross-entropy: forward, loss, gradients and one step of descent."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EPSILON = 1e-12  # keeps log(a) and 1 / a finite where a is exactly 0 or 1


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z), entry by entry; e is only raised to negative powers, so nothing overflows."""
    power = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, power) / (1.0 + power)


def forward(x: Array, W: Array, b: Array) -> tuple[Array, Array]:
    """Return the pre-activation z = x W^T + b and the activation a = sigmoid(z).

    Args:
        x: one example per row, (n, d).
        W: weights, (1, d).
        b: bias, (1,).

    Returns:
        z (n, 1) and a (n, 1).
    """
    z = x @ W.T + b
    return z, sigmoid(z)


def bce(a: Array, y: Array) -> float:
    """Return the binary cross-entropy, averaged over the rows.

    Args:
        a: probabilities of class 1, (n, 1); 0 and 1 are allowed.
        y: labels 0 or 1, (n, 1).
    """
    a = np.clip(a, EPSILON, 1 - EPSILON)
    return float(-np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)))


def backward(x: Array, W: Array, b: Array, y: Array) -> dict[str, Array]:
    """Return the derivatives of the mean loss, from the output back to the parameters.

    Args:
        x: one example per row, (n, d).
        W: weights, (1, d).
        b: bias, (1,).
        y: labels 0 or 1, (n, 1).

    Returns:
        dL_da (n, 1), dL_dz (n, 1), dL_dW (1, d) and dL_db (1,).
    """
    n = len(x)
    _, a = forward(x, W, b)
    inside = np.clip(a, EPSILON, 1 - EPSILON)
    dL_da = (inside - y) / (inside * (1 - inside)) / n
    dL_dz = (a - y) / n  # dL_da * a (1 - a), simplified: no 0 / 0 where the neuron saturates
    return {"dL_da": dL_da, "dL_dz": dL_dz, "dL_dW": dL_dz.T @ x, "dL_db": dL_dz.sum(axis=0)}


def sgd_step(W: Array, b: Array, gradients: dict[str, Array], learning_rate: float) -> tuple[Array, Array]:
    """Return new parameters, one step against the gradient; W (1, d) and b (1,) stay as they are.

    Args:
        W: weights, (1, d).
        b: bias, (1,).
        gradients: what `backward` returns; dL_dW and dL_db are used.
        learning_rate: size of the step, positive.
    """
    return W - learning_rate * gradients["dL_dW"], b - learning_rate * gradients["dL_db"]
