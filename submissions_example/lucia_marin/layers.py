"""Lucía Marín. Todo en float32, como en la GPU."""

import numpy as np

F = np.float32
EPS = F(1e-7)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1), e) / (F(1) + e)


def activation(name, z):
    z = np.asarray(z, F)
    match name:
        case "relu":
            return np.maximum(z, F(0))
        case "sigmoid":
            return sigmoid(z)
        case "tanh":
            return np.tanh(z)
        case _:
            return z


def activation_derivative(name, z):
    z = np.asarray(z, F)
    match name:
        case "relu":
            return (z > 0).astype(F)
        case "sigmoid":
            return sigmoid(z) * sigmoid(-z)
        case "tanh":
            return F(1) - np.tanh(z) ** 2
        case _:
            return np.ones_like(z)


def softmax(z):
    z = np.asarray(z, F)
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def loss(name, predictions, y):
    p, y = np.asarray(predictions, F), np.asarray(y, F)
    if name == "mse":
        return np.square(p - y).mean()
    p = np.clip(p, EPS, F(1) - EPS)
    if name == "bce":
        return -(y * np.log(p) + (F(1) - y) * np.log(F(1) - p)).mean()
    return -(y * np.log(p)).sum(1).mean()


def _z_a(params, X, activations):
    z, a = [], [np.asarray(X, F)]
    for k, name in enumerate(activations, 1):
        W, b = np.asarray(params[f"W{k}"], F), np.asarray(params[f"b{k}"], F)
        z.append(a[-1] @ W.T + b)
        a.append(softmax(z[-1]) if name == "softmax" else activation(name, z[-1]))
    return z, a


def forward(params, X, activations):
    return _z_a(params, X, activations)[1]


def backward(params, X, y, activations, loss_name):
    z, a = _z_a(params, X, activations)
    n, k = a[-1].shape
    d = (a[-1] - np.asarray(y, F)) / F(n if loss_name == "cce" else n * k)
    if loss_name == "mse":
        d = F(2) * d * activation_derivative(activations[-1], z[-1])
    grads = {}
    for i in range(len(z), 0, -1):
        grads[f"W{i}"] = d.T @ a[i - 1]
        grads[f"b{i}"] = d.sum(0)
        if i > 1:
            d = d @ np.asarray(params[f"W{i}"], F) * activation_derivative(activations[i - 2], z[i - 2])
    return grads


def clip_by_global_norm(gradients, max_norm):
    norm = np.sqrt(sum(np.square(np.asarray(g, F)).sum() for g in gradients.values()))
    scale = F(max_norm) / max(norm, F(max_norm))
    return {k: np.asarray(g, F) * scale for k, g in gradients.items()}
