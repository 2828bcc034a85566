"""A network of any number of dense layers: activations, losses, the pass forward, the gradient and its clipping."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EPSILON = 1e-12  # keeps log(p) finite where p is exactly 0 or 1


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z), entry by entry; e is only raised to negative powers, so nothing overflows."""
    power = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, power) / (1.0 + power)


def activation(name: str, z: Array) -> Array:
    """Return the activation `name` of z (n, k), entry by entry, (n, k)."""
    functions = {
        "relu": lambda z: np.maximum(z, 0.0),
        "sigmoid": sigmoid,
        "tanh": np.tanh,
        "identity": np.copy,
    }
    return functions[name](z)


def activation_derivative(name: str, z: Array) -> Array:
    """Return the derivative of the activation `name` at z (n, k), entry by entry, (n, k); relu's at 0 is 0."""
    functions = {
        "relu": lambda z: np.where(z > 0, 1.0, 0.0),
        "sigmoid": lambda z: sigmoid(z) * sigmoid(-z),
        "tanh": lambda z: 1.0 - np.tanh(z) ** 2,
        "identity": np.ones_like,
    }
    return functions[name](z)


def softmax(z: Array) -> Array:
    """Return e^z / sum(e^z), row by row, for z (n, k); the largest exponent of each row is moved to 0."""
    power = np.exp(z - z.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def loss(name: str, predictions: Array, y: Array) -> float:
    """Return the loss `name` of predictions (n, k) against y (n, k).

    Args:
        name: `mse` and `bce` are means over all n k elements, `cce` is the mean over the n rows.
        predictions: anything for mse, probabilities for bce, rows that add up to 1 for cce.
        y: anything for mse, 0 or 1 for bce, one-hot rows for cce.
    """
    if name == "mse":
        return float(np.mean((predictions - y) ** 2))
    p = np.clip(predictions, EPSILON, 1.0 - EPSILON)
    if name == "bce":
        return float(-np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p)))
    return float(-np.sum(y * np.log(p)) / len(y))


def preactivation(params: dict[str, Array], layer: int, a: Array) -> Array:
    """Return z (n, k_l) of a layer, counted from 1, from the activations a (n, k_{l-1}) of the one before."""
    return a @ params[f"W{layer}"].T + params[f"b{layer}"]


def forward(params: dict[str, Array], X: Array, activations: list[str]) -> list[Array]:
    """Return [X, a1, ..., aL], where a_l (n, k_l) is what layer l gives out.

    Args:
        params: W1 (k_1, d), b1 (k_1,), ..., WL (k_L, k_{L-1}), bL (k_L,).
        X: one example per row, (n, d).
        activations: the L names; the last one may be softmax.
    """
    a = [X]
    for layer, name in enumerate(activations, start=1):
        z = preactivation(params, layer, a[-1])
        a.append(softmax(z) if name == "softmax" else activation(name, z))
    return a


def backward(params: dict[str, Array], X: Array, y: Array, activations: list[str], loss_name: str) -> dict[str, Array]:
    """Return the gradient of the loss in every parameter, with the keys and shapes of `params`.

    Args:
        params, X, activations: as in `forward`.
        y: (n, k_L), as in `loss`.
        loss_name: bce comes with a final sigmoid, cce with a final softmax, mse with any other.
    """
    a = forward(params, X, activations)
    error = a[-1] - y
    if loss_name == "mse":
        z = preactivation(params, len(activations), a[-2])
        delta = 2.0 * error / error.size * activation_derivative(activations[-1], z)
    else:  # the derivative of the last activation cancels: a - y is dL/dz already
        delta = error / (error.size if loss_name == "bce" else len(error))

    gradients = {}
    for layer in range(len(activations), 0, -1):
        gradients[f"W{layer}"] = delta.T @ a[layer - 1]
        gradients[f"b{layer}"] = delta.sum(axis=0)
        if layer > 1:
            z = preactivation(params, layer - 1, a[layer - 2])
            delta = delta @ params[f"W{layer}"] * activation_derivative(activations[layer - 2], z)
    return gradients


def clip_by_global_norm(gradients: dict[str, Array], max_norm: float) -> dict[str, Array]:
    """Return the gradients, all scaled by max_norm / norm where their joint norm exceeds max_norm."""
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: scale * g for name, g in gradients.items()}
