"""Una red de L capas. Ana Beltrán, grupo A."""

import numpy as np

EPS = 1e-15


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


FUNCIONES = {
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: (z > 0).astype(float)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
    "identity": (lambda z: z, np.ones_like),
}


def activation(name, z):
    return FUNCIONES[name][0](z)


def activation_derivative(name, z):
    return FUNCIONES[name][1](z)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(name, predictions, y):
    if name == "mse":
        return np.mean((predictions - y) ** 2)
    p = np.clip(predictions, EPS, 1.0 - EPS)
    if name == "bce":
        return -np.mean(y * np.log(p) + (1.0 - y) * np.log1p(-p))
    return -np.sum(y * np.log(p)) / len(y)


def _propagar(params, X, activations):
    """Preactivaciones [z1, ..., zL] y activaciones [X, a1, ..., aL]."""
    zs, capas = [], [X]
    for k, nombre in enumerate(activations, start=1):
        z = capas[-1] @ params[f"W{k}"].T + params[f"b{k}"]
        zs.append(z)
        capas.append(softmax(z) if nombre == "softmax" else activation(nombre, z))
    return zs, capas


def forward(params, X, activations):
    return _propagar(params, X, activations)[1]


def backward(params, X, y, activations, loss_name):
    zs, capas = _propagar(params, X, activations)
    L = len(activations)
    error = capas[-1] - y
    if loss_name == "mse":
        delta = 2.0 * error / error.size * activation_derivative(activations[-1], zs[-1])
    elif loss_name == "bce":
        delta = error / error.size
    else:
        delta = error / len(error)
    grad = {}
    for k in range(L, 0, -1):
        grad[f"W{k}"] = delta.T @ capas[k - 1]
        grad[f"b{k}"] = delta.sum(axis=0)
        if k > 1:
            delta = (delta @ params[f"W{k}"]) * activation_derivative(activations[k - 2], zs[k - 2])
    return grad


def clip_by_global_norm(gradients, max_norm):
    norma = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    factor = max_norm / norma if norma > max_norm else 1.0
    return {k: factor * g for k, g in gradients.items()}
