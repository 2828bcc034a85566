"""Una red de L capas densas."""

import numpy as np


def activation(name, z):
    if name == "relu":
        return np.maximum(0, z)
    if name == "sigmoid":
        return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), 1 - 1 / (1 + np.exp(-np.abs(z))))
    if name == "tanh":
        return np.tanh(z)
    if name == "identity":
        return z


def activation_derivative(name, z):
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if name == "sigmoid":
        a = activation("sigmoid", z)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "identity":
        return np.ones(z.shape)


def softmax(z):
    z = z - np.max(z, axis=1, keepdims=True)  # para que no desborde
    exp_z = np.exp(z)
    return exp_z / np.sum(exp_z, axis=1, keepdims=True)


def loss(name, predictions, y):
    eps = 1e-12
    if name == "mse":
        return np.mean((predictions - y) ** 2)
    if name == "bce":
        p = np.clip(predictions, eps, 1 - eps)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    if name == "cce":
        return -np.mean(np.sum(y * np.log(predictions + eps), axis=1))


def forward(params, X, activations):
    a = [X]
    for i, name in enumerate(activations):
        z = np.dot(a[-1], params["W" + str(i + 1)].T) + params["b" + str(i + 1)]
        if name == "softmax":
            a.append(softmax(z))
        else:
            a.append(activation(name, z))
    return a


def backward(params, X, y, activations, loss_name):
    L = len(activations)
    # guardo todas las z
    a = [X]
    z = [None]
    for i in range(1, L + 1):
        z.append(np.dot(a[-1], params[f"W{i}"].T) + params[f"b{i}"])
        a.append(softmax(z[-1]) if activations[i - 1] == "softmax" else activation(activations[i - 1], z[-1]))
    n, k = a[L].shape
    if loss_name == "cce":
        dz = (a[L] - y) / n
    elif loss_name == "bce":
        dz = (a[L] - y) / (n * k)
    else:
        dz = 2 * (a[L] - y) / (n * k) * activation_derivative(activations[L - 1], z[L])
    grads = {}
    for i in range(L, 0, -1):
        grads[f"W{i}"] = np.dot(dz.T, a[i - 1])
        grads[f"b{i}"] = np.sum(dz, axis=0)
        if i > 1:
            dz = np.dot(dz, params[f"W{i}"]) * activation_derivative(activations[i - 2], z[i - 1])
    return grads


def clip_by_global_norm(gradients, max_norm):
    clipped = {}
    for key, g in gradients.items():
        norm = np.linalg.norm(g)
        if norm > max_norm:
            clipped[key] = g * max_norm / norm
        else:
            clipped[key] = g.copy()
    return clipped
