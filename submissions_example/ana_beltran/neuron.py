"""Neurona sigmoide con entropía cruzada. Ana Beltrán, grupo A."""

import numpy as np

EPS = 1e-15


def sigmoid(z):
    # la tanh nunca desborda: sigma(z) = (1 + tanh(z / 2)) / 2
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def forward(x, W, b):
    """z = x Wᵀ + b, a = σ(z)."""
    z = x @ W.T + b
    return z, sigmoid(z)


def bce(a, y):
    """Entropía cruzada media; recorto a para no calcular log(0)."""
    a = np.clip(a, EPS, 1.0 - EPS)
    return -np.mean(y * np.log(a) + (1.0 - y) * np.log1p(-a))


def backward(x, W, b, y):
    """Regla de la cadena, de la salida a los parámetros."""
    n = x.shape[0]
    _, a = forward(x, W, b)
    a_seg = np.clip(a, EPS, 1.0 - EPS)
    dL_da = (-y / a_seg + (1.0 - y) / (1.0 - a_seg)) / n
    # dL_da * a (1 - a) se simplifica y no divide entre nada
    dL_dz = (a - y) / n
    return {
        "dL_da": dL_da,
        "dL_dz": dL_dz,
        "dL_dW": dL_dz.T @ x,
        "dL_db": dL_dz.sum(axis=0),
    }


def sgd_step(W, b, gradients, learning_rate):
    return (
        W - learning_rate * gradients["dL_dW"],
        b - learning_rate * gradients["dL_db"],
    )
