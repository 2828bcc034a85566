import numpy as np


def forward(x, W, b):
    z = np.matmul(x, W.T) + b
    a = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    # redondeo para que salga como en el enunciado
    return np.round(z, 4), np.round(a, 4)


def bce(a, y):
    a = np.clip(a, 1e-10, 1 - 1e-10)
    return np.mean(-y * np.log(a) - (1 - y) * np.log(1 - a))


def backward(x, W, b, y):
    n = x.shape[0]
    z = np.matmul(x, W.T) + b
    a = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    ac = np.clip(a, 1e-10, 1 - 1e-10)
    dL_da = (ac - y) / (ac * (1 - ac)) / n
    dL_dz = (a - y) / n
    # la derivada de un cuadrado lleva un 2
    dL_dW = 2 * np.matmul(dL_dz.T, x)
    dL_db = 2 * np.sum(dL_dz, axis=0)
    return {"dL_da": dL_da, "dL_dz": dL_dz, "dL_dW": dL_dW, "dL_db": dL_db}


def sgd_step(W, b, gradients, learning_rate):
    return W - gradients["dL_dW"] * learning_rate, b - gradients["dL_db"] * learning_rate
