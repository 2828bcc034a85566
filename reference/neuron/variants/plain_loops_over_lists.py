"""No NumPy at all: loops over rows, the math module, lists as results."""

import math


def sigmoid(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    e = math.exp(z)
    return e / (1.0 + e)


def forward(x, W, b):
    z, a = [], []
    for row in x:
        total = float(b[0])
        for j in range(len(row)):
            total += float(W[0][j]) * float(row[j])
        z.append([total])
        a.append([sigmoid(total)])
    return z, a


def safe_log(p):
    return math.log(max(p, 1e-15))


def bce(a, y):
    loss = 0.0
    for (p,), (label,) in zip(a, y):
        if label == 1:
            loss -= safe_log(float(p))
        else:
            loss -= safe_log(1.0 - float(p))
    return loss / len(y)


def backward(x, W, b, y):
    n, d = len(x), len(W[0])
    _, a = forward(x, W, b)
    dL_da, dL_dz = [], []
    dL_dW, dL_db = [0.0] * d, 0.0
    for i in range(n):
        p, label = a[i][0], float(y[i][0])
        if label == 1:
            dL_da.append([-1.0 / max(p, 1e-15) / n])
        else:
            dL_da.append([1.0 / max(1.0 - p, 1e-15) / n])
        delta = (p - label) / n
        dL_dz.append([delta])
        for j in range(d):
            dL_dW[j] += delta * float(x[i][j])
        dL_db += delta
    return {"dL_da": dL_da, "dL_dz": dL_dz, "dL_dW": [dL_dW], "dL_db": [dL_db]}


def sgd_step(W, b, gradients, learning_rate):
    new_W = [[w - learning_rate * g for w, g in zip(W[0], gradients["dL_dW"][0])]]
    new_b = [b[0] - learning_rate * gradients["dL_db"][0]]
    return new_W, new_b
