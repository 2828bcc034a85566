"""Everything in float32, as a student used to deep learning libraries does."""

import numpy as np

F = np.float32
TINY = F(1e-7)


def activation(name, z):
    z = np.asarray(z, F)
    if name == "relu":
        return np.maximum(z, F(0))
    if name == "sigmoid":
        return F(1) / (F(1) + np.exp(-np.clip(z, -80, 80)))
    if name == "tanh":
        return np.tanh(z)
    return z


def activation_derivative(name, z):
    z = np.asarray(z, F)
    if name == "relu":
        return (z > 0).astype(F)
    if name == "sigmoid":
        a = activation("sigmoid", z)
        return a * (F(1) - a)
    if name == "tanh":
        return F(1) - np.tanh(z) ** 2
    return np.ones_like(z)


def softmax(z):
    z = np.asarray(z, F)
    exp = np.exp(z - z.max(1, keepdims=True))
    return exp / exp.sum(1, keepdims=True)


def loss(name, predictions, y):
    p, y = np.asarray(predictions, F), np.asarray(y, F)
    if name == "mse":
        return ((p - y) ** 2).mean()
    p = np.clip(p, TINY, F(1) - TINY)
    if name == "bce":
        return -(y * np.log(p) + (F(1) - y) * np.log(F(1) - p)).mean()
    return -(y * np.log(p)).sum(axis=1).mean()


def forward(params, X, activations):
    layers = [np.asarray(X, F)]
    for i in range(len(activations)):
        W, b = params[f"W{i + 1}"].astype(F), params[f"b{i + 1}"].astype(F)
        z = layers[i] @ W.T + b
        layers += [softmax(z) if activations[i] == "softmax" else activation(activations[i], z)]
    return layers


def backward(params, X, y, activations, loss_name):
    layers = forward(params, X, activations)
    W = {i + 1: params[f"W{i + 1}"].astype(F) for i in range(len(activations))}
    b = {i + 1: params[f"b{i + 1}"].astype(F) for i in range(len(activations))}
    zs = {i: layers[i - 1] @ W[i].T + b[i] for i in W}
    i = len(W)
    delta = layers[-1] - y.astype(F)
    if loss_name == "mse":
        delta = F(2) * delta * activation_derivative(activations[-1], zs[i])
    delta = delta / F(len(y) if loss_name == "cce" else y.size)
    grads = {}
    while True:
        grads[f"W{i}"], grads[f"b{i}"] = delta.T @ layers[i - 1], delta.sum(0)
        if i == 1:
            return grads
        delta = (delta @ W[i]) * activation_derivative(activations[i - 2], zs[i - 1])
        i -= 1


def clip_by_global_norm(gradients, max_norm):
    gradients = {name: np.asarray(g, F) for name, g in gradients.items()}
    norm = np.sqrt(np.array([(g**2).sum() for g in gradients.values()], F).sum())
    if norm <= max_norm:
        return gradients
    return {name: g * F(max_norm / norm) for name, g in gradients.items()}
