"""Lucía Marín. Todo en float32, como en la GPU."""

import numpy as np

F = np.float32
EPS = F(1e-7)


def f32(*arrays):
    return [np.asarray(v, dtype=F) for v in arrays]


def forward(x, W, b):
    x, W, b = f32(x, W, b)
    z = x @ W.T + b
    e = np.exp(-np.abs(z))
    a = np.where(z >= 0, F(1), e) / (F(1) + e)
    return z, a


def bce(a, y):
    a, y = f32(a, y)
    a = np.clip(a, EPS, 1 - EPS)
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))


def backward(x, W, b, y):
    x, y = f32(x, y)
    _, a = forward(x, W, b)
    n = F(len(x))
    p = np.clip(a, EPS, 1 - EPS)
    dL_da = (p - y) / (p * (1 - p)) / n
    dL_dz = (a - y) / n
    return {"dL_da": dL_da, "dL_dz": dL_dz, "dL_dW": dL_dz.T @ x, "dL_db": dL_dz.sum(axis=0)}


def sgd_step(W, b, gradients, learning_rate):
    W, b, gW, gb = f32(W, b, gradients["dL_dW"], gradients["dL_db"])
    return W - F(learning_rate) * gW, b - F(learning_rate) * gb
