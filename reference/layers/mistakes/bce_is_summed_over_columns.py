"""bce adds up the columns and averages over the rows alone."""

import numpy as np

EPSILON = 1e-12


def sigmoid(z):
    power = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, power) / (1.0 + power)


def activation(name, z):
    if name == "relu":
        return np.maximum(z, 0.0)
    if name == "sigmoid":
        return sigmoid(z)
    if name == "tanh":
        return np.tanh(z)
    return z.copy()


def activation_derivative(name, z):
    if name == "relu":
        return (z > 0).astype(float)
    if name == "sigmoid":
        a = sigmoid(z)
        return a * (1.0 - a)
    if name == "tanh":
        return 1.0 - np.tanh(z) ** 2
    return np.ones_like(z)


def softmax(z):
    power = np.exp(z - z.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def loss(name, predictions, y):
    n = len(y)
    if name == "mse":
        return np.mean((predictions - y) ** 2)
    p = np.clip(predictions, EPSILON, 1.0 - EPSILON)
    if name == "bce":
        return -np.sum(y * np.log(p) + (1.0 - y) * np.log(1.0 - p)) / n
    return -np.sum(y * np.log(p)) / n


def preactivation(params, layer, a):
    return a @ params[f"W{layer}"].T + params[f"b{layer}"]


def forward(params, X, activations):
    a = [X]
    for layer, name in enumerate(activations, start=1):
        z = preactivation(params, layer, a[-1])
        a.append(softmax(z) if name == "softmax" else activation(name, z))
    return a


def backward(params, X, y, activations, loss_name):
    a = forward(params, X, activations)
    L, n, k = len(activations), *y.shape
    if loss_name == "mse":
        dL_da = 2.0 * (a[L] - y) / (n * k)
        delta = dL_da * activation_derivative(activations[-1], preactivation(params, L, a[L - 1]))
    elif loss_name == "bce":
        delta = (a[L] - y) / (n * k)
    else:
        delta = (a[L] - y) / n
    gradients = {}
    for layer in range(L, 0, -1):
        gradients[f"W{layer}"] = delta.T @ a[layer - 1]
        gradients[f"b{layer}"] = delta.sum(axis=0)
        if layer > 1:
            z = preactivation(params, layer - 1, a[layer - 2])
            delta = delta @ params[f"W{layer}"]
            delta = delta * activation_derivative(activations[layer - 2], z)
    return gradients


def clip_by_global_norm(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: scale * g for name, g in gradients.items()}
