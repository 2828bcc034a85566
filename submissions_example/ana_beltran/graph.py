"""Retropropagación en un grafo de cálculo. Ana Beltrán, grupo A."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


VALOR = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "square": lambda a: a**2,
    "max": max,
    "sigmoid": sigmoid,
}
DERIVADAS = {
    "add": lambda a, b: (1.0, 1.0),
    "sub": lambda a, b: (1.0, -1.0),
    "mul": lambda a, b: (b, a),
    "square": lambda a: (2.0 * a,),
    "max": lambda a, b: (float(a > b), float(b > a)),
    "sigmoid": lambda a: (sigmoid(a) * sigmoid(-a),),
}


def local_gradients(op, *values):
    return DERIVADAS[op](*values)


def forward(graph, inputs):
    f = dict(inputs)
    for nombre, op, *args in graph:
        f[nombre] = VALOR[op](*(f[a] for a in args))
    return f


def backward(graph, values):
    g = dict.fromkeys(values, 0.0)
    g[graph[-1][0]] = 1.0
    for nombre, op, *args in graph[::-1]:
        locales = local_gradients(op, *(values[a] for a in args))
        for a, local in zip(args, locales):
            g[a] += g[nombre] * local  # += también si el nombre se repite
    return g


def hinge_loss(w, phi, y):
    holgura = 1.0 - (w @ phi) * y
    if holgura <= 0:
        return 0.0, np.zeros_like(phi, dtype=float)
    return holgura, -y * phi


def two_layer_loss(V, w, x, y):
    h = sigmoid(V @ x)
    residuo = w @ h - y
    return residuo**2, {"V": 2.0 * residuo * np.outer(w * h * (1.0 - h), x), "w": 2.0 * residuo * h}


def four_layer_loss(V1, V2, V3, w, x, y):
    h1 = sigmoid(V1 @ x)
    h2 = sigmoid(V2 @ h1)
    h3 = sigmoid(V3 @ h2)
    residuo = w @ h3 - y
    d3 = 2.0 * residuo * w * h3 * (1.0 - h3)
    d2 = (V3.T @ d3) * h2 * (1.0 - h2)
    d1 = (V2.T @ d2) * h1 * (1.0 - h1)
    return residuo**2, {"V1": np.outer(d1, x), "V2": np.outer(d2, h1), "V3": np.outer(d3, h2), "w": 2.0 * residuo * h3}
