"""Una neurona sigmoide con entropía cruzada binaria."""

import numpy as np


def forward(x, W, b):
    z = np.dot(x, W.T) + b
    # para z negativos uso la otra fórmula, que no desborda
    a = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
    return z, a


def bce(a, y):
    eps = 1e-12
    return -(y * np.log(a + eps) + (1 - y) * np.log(1 - a + eps)).mean()


def backward(x, W, b, y):
    z, a = forward(x, W, b)
    n = len(y)
    eps = 1e-12

    # dL/da
    dL_da = (-(y / (a + eps)) + (1 - y) / (1 - a + eps)) / n
    # dL/dz: la derivada de la sigmoide es a(1-a)
    dL_dz = (a - y) / n * a * (1 - a)
    # parámetros
    dL_dW = np.dot(dL_dz.T, x)
    dL_db = np.sum(dL_dz, axis=0)

    return {"dL_da": dL_da, "dL_dz": dL_dz, "dL_dW": dL_dW, "dL_db": dL_db}


def sgd_step(W, b, gradients, learning_rate):
    W_new = W - learning_rate * gradients["dL_dW"]
    b_new = b - learning_rate * gradients["dL_db"]
    return W_new, b_new
