"""Names that the root does not depend on get None."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def local_gradients(op, *values):
    if op == "add":
        return 1.0, 1.0
    if op == "sub":
        return 1.0, -1.0
    if op == "mul":
        a, b = values
        return b, a
    if op == "square":
        return (2.0 * values[0],)
    if op == "max":
        a, b = values
        return (1.0, 0.0) if a > b else (0.0, 1.0)
    if op == "sigmoid":
        s = sigmoid(values[0])
        return (s * (1.0 - s),)
    raise ValueError(op)


def apply(op, *values):
    if op == "add":
        return values[0] + values[1]
    if op == "sub":
        return values[0] - values[1]
    if op == "mul":
        return values[0] * values[1]
    if op == "square":
        return values[0] ** 2
    if op == "max":
        return max(values)
    if op == "sigmoid":
        return sigmoid(values[0])
    raise ValueError(op)


def forward(graph, inputs):
    values = dict(inputs)
    for name, op, *arguments in graph:
        values[name] = apply(op, *[values[argument] for argument in arguments])
    return values


def backward(graph, values):
    gradients = {name: None for name in values}
    gradients[graph[-1][0]] = 1.0
    for name, op, *arguments in reversed(graph):
        if gradients[name] is None:
            continue
        partials = local_gradients(op, *[values[argument] for argument in arguments])
        for argument, partial in zip(arguments, partials):
            gradients[argument] = (gradients[argument] or 0.0) + gradients[name] * partial
    return gradients


def hinge_loss(w, phi, y):
    slack = 1.0 - (w @ phi) * y
    if slack > 0:
        return slack, -y * phi
    return 0.0, np.zeros_like(w)


def two_layer_loss(V, w, x, y):
    a = sigmoid(V @ x)
    error = w @ a - y
    d_output = 2.0 * error
    dz = d_output * w * a * (1.0 - a)
    return error**2, {"V": np.outer(dz, x), "w": d_output * a}


def four_layer_loss(V1, V2, V3, w, x, y):
    a1 = sigmoid(V1 @ x)
    a2 = sigmoid(V2 @ a1)
    a3 = sigmoid(V3 @ a2)
    error = w @ a3 - y
    d_output = 2.0 * error
    dz3 = d_output * w * a3 * (1.0 - a3)
    dz2 = V3.T @ dz3 * a2 * (1.0 - a2)
    dz1 = V2.T @ dz2 * a1 * (1.0 - a1)
    gradients = {"V1": np.outer(dz1, x), "V2": np.outer(dz2, a1), "V3": np.outer(dz3, a2), "w": d_output * a3}
    return error**2, gradients
