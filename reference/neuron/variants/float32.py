"""Everything in float32, as a student used to deep learning libraries does."""

import numpy as np

F = np.float32
TINY = F(1e-7)


def forward(x, W, b):
    x, W, b = x.astype(F), W.astype(F), b.astype(F)
    z = x @ W.T + b
    a = F(1) / (F(1) + np.exp(-np.clip(z, -80, 80)))
    return z, a


def bce(a, y):
    a, y = np.asarray(a, F), y.astype(F)
    a = np.clip(a, TINY, F(1) - TINY)
    return -(y * np.log(a) + (F(1) - y) * np.log(F(1) - a)).mean()


def backward(x, W, b, y):
    n = F(x.shape[0])
    y = y.astype(F)
    _, a = forward(x, W, b)
    safe = np.clip(a, TINY, F(1) - TINY)
    dL_da = (-y / safe + (F(1) - y) / (F(1) - safe)) / n
    dL_dz = (a - y) / n
    return {"dL_da": dL_da, "dL_dz": dL_dz, "dL_dW": dL_dz.T @ x.astype(F), "dL_db": dL_dz.sum(0)}


def sgd_step(W, b, gradients, learning_rate):
    rate = F(learning_rate)
    new_W = W.astype(F) - rate * np.asarray(gradients["dL_dW"], F)
    new_b = b.astype(F) - rate * np.asarray(gradients["dL_db"], F)
    return new_W, new_b
