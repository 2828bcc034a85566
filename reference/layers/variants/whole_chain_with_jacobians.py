"""Nothing is simplified: dL/da of each loss, then the Jacobian of each activation; 1e-8 and 1e-6 where one divides."""

from math import sqrt

import numpy as np

eps = 1e-8


def activation(name, z):
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return {"relu": np.clip(z, 0, None), "tanh": np.tanh(z), "identity": 1 * z}[name]


def activation_derivative(name, z):
    if name == "relu":
        return np.heaviside(z, 0.0)
    if name == "sigmoid":
        return np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2
    if name == "tanh":
        return (1 - np.tanh(z)) * (1 + np.tanh(z))
    return np.ones(np.shape(z))


def softmax(z):
    z = z - np.amax(z, axis=-1, keepdims=True)
    return np.exp(z) / np.einsum("nk->n", np.exp(z))[:, np.newaxis]


def loss(name, predictions, y):
    n, k = y.shape
    if name == "mse":
        return ((predictions - y) ** 2).sum() / (n * k)
    if name == "bce":
        return -(y * np.log(predictions + eps) + (1 - y) * np.log(1 - predictions + eps)).sum() / (n * k)
    if name == "cce":
        return -(y * np.log(predictions + eps)).sum() / n


def loss_derivative(name, a, y):
    n, k = y.shape
    if name == "mse":
        return 2 * (a - y) / (n * k)
    if name == "bce":
        return -(y / (a + eps) - (1 - y) / (1 - a + eps)) / (n * k)
    return -y / (a + eps) / n


def jacobians(name, z):
    """da_i / dz_j of every row, (n, k, k)."""
    if name != "softmax":
        return np.einsum("nk,kj->nkj", activation_derivative(name, z), np.eye(z.shape[1]))
    a = softmax(z)
    return np.einsum("ni,ij->nij", a, np.eye(z.shape[1])) - np.einsum("ni,nj->nij", a, a)


def run(params, X, activations):
    zs, layers = [], [X]
    for i, name in enumerate(activations):
        zs.append(np.einsum("nd,kd->nk", layers[i], params[f"W{i + 1}"]) + params[f"b{i + 1}"][None])
        layers.append(softmax(zs[i]) if name == "softmax" else activation(name, zs[i]))
    return zs, layers


def forward(params, X, activations):
    return run(params, X, activations)[1]


def backward(params, X, y, activations, loss_name):
    zs, layers = run(params, X, activations)
    dL_da = loss_derivative(loss_name, layers[-1], y)
    grads = {}
    for i in reversed(range(len(activations))):
        dL_dz = np.einsum("ni,nij->nj", dL_da, jacobians(activations[i], zs[i]))
        grads[f"W{i + 1}"] = np.einsum("nk,nd->kd", dL_dz, layers[i])
        grads[f"b{i + 1}"] = np.einsum("nk->k", dL_dz)
        dL_da = np.einsum("nk,kd->nd", dL_dz, params[f"W{i + 1}"])
    return grads


def clip_by_global_norm(gradients, max_norm):
    total_norm = sqrt(sum(np.linalg.norm(g) ** 2 for g in gradients.values()))
    factor = min(1.0, max_norm / (total_norm + 1e-6))
    return {key: value * factor for key, value in gradients.items()}
