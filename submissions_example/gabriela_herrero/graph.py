"""Retropropagación sobre un grafo de cálculo, y tres pérdidas con sus gradientes."""

import numpy as np


def sigmoid(z):
    return np.where(z > 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))


def local_gradients(op, *values):
    """Calcula las derivadas parciales de una operación respecto de cada uno de sus argumentos."""
    if op == "add":
        return (1.0, 1.0)
    if op == "sub":
        return (1.0, -1.0)
    if op == "mul":
        return (values[1], values[0])
    if op == "square":
        return (2 * values[0],)
    if op == "max":
        return (1.0, 0.0) if values[0] > values[1] else (0.0, 1.0)
    if op == "sigmoid":
        s = sigmoid(values[0])
        return (s * (1 - s),)


def forward(graph, inputs):
    """Calcula el valor f_i de cada entrada y de cada nodo."""
    f = inputs.copy()
    for node in graph:
        name, op = node[0], node[1]
        v = [f[arg] for arg in node[2:]]
        if op == "add":
            f[name] = v[0] + v[1]
        if op == "sub":
            f[name] = v[0] - v[1]
        if op == "mul":
            f[name] = v[0] * v[1]
        if op == "square":
            f[name] = v[0] ** 2
        if op == "max":
            f[name] = max(v)
        if op == "sigmoid":
            f[name] = sigmoid(v[0])
    return f


def backward(graph, values):
    """Calcula g_i, la derivada de la raíz respecto de f_i, para cada entrada y cada nodo."""
    raise NotImplementedError


def hinge_loss(w, phi, y):
    """Calcula la pérdida bisagra y su gradiente en w."""
    perdida = max(1 - np.dot(w, phi) * y, 0)
    if perdida > 0:
        return perdida, -phi * y
    return perdida, np.zeros(len(w))


def two_layer_loss(V, w, x, y):
    """Calcula la pérdida de dos capas y sus gradientes."""
    raise NotImplementedError


def four_layer_loss(V1, V2, V3, w, x, y):
    """Calcula la pérdida de cuatro capas y sus gradientes."""
    raise NotImplementedError
