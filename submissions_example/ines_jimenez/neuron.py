import numpy as np


def forward(x, W, b):
    """Devuelve z y a."""
    z = x @ W.T + b
    z = np.clip(z, -500, 500)  # si no, exp desborda
    a = 1.0 / (1.0 + np.exp(-z))
    return z, a


def bce(a, y):
    a = np.clip(a, 1e-12, 1 - 1e-12)
    return np.mean(-(y * np.log(a) + (1 - y) * np.log(1 - a)))


def backward(x, W, b, y):
    n = len(x)
    z, a = forward(x, W, b)
    seguro = np.clip(a, 1e-12, 1 - 1e-12)
    g = {}
    g["dL_da"] = (seguro - y) / (seguro * (1 - seguro)) / n
    g["dL_dz"] = (a - y) / n
    g["dL_dW"] = g["dL_dz"].T @ x
    g["dL_db"] = np.sum(g["dL_dz"], axis=0)
    return g


def sgd_step(W, b, gradients, learning_rate):
    W = W - learning_rate * gradients["dL_dW"]
    b = b - learning_rate * gradients["dL_db"]
    return W, b
