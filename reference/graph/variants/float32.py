"""Everything in float32, as a student used to deep learning libraries does."""

import numpy as np

F = np.float32


def sigmoid(z):
    return F(1) / (F(1) + np.exp(-z))


def local_gradients(op, *values):
    values = [F(v) for v in values]
    table = {
        "add": lambda a, b: (F(1), F(1)),
        "sub": lambda a, b: (F(1), F(-1)),
        "mul": lambda a, b: (b, a),
        "square": lambda a: (F(2) * a,),
        "max": lambda a, b: (F(a > b), F(b > a)),
        "sigmoid": lambda a: (sigmoid(a) * (F(1) - sigmoid(a)),),
    }
    return table[op](*values)


def forward(graph, inputs):
    values = {name: F(value) for name, value in inputs.items()}
    table = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "square": np.square, "max": np.maximum, "sigmoid": sigmoid}
    for name, op, *arguments in graph:
        values[name] = table[op](*[values[a] for a in arguments])
    return values


def backward(graph, values):
    grads = {name: F(0) for name in values}
    grads[graph[-1][0]] = F(1)
    for name, op, *arguments in reversed(graph):
        for a, d in zip(arguments, local_gradients(op, *[values[a] for a in arguments])):
            grads[a] += grads[name] * d
    return grads


def hinge_loss(w, phi, y):
    w, phi, y = w.astype(F), phi.astype(F), F(y)
    slack = F(1) - np.dot(w, phi) * y
    return np.maximum(slack, F(0)), -y * phi * F(slack > 0)


def two_layer_loss(V, w, x, y):
    V, w, x, y = V.astype(F), w.astype(F), x.astype(F), F(y)
    a = sigmoid(V @ x)
    r = w @ a - y
    delta = F(2) * r * w * a * (F(1) - a)
    return r * r, {"V": delta[:, None] * x[None, :], "w": F(2) * r * a}


def four_layer_loss(V1, V2, V3, w, x, y):
    V1, V2, V3, w, x, y = V1.astype(F), V2.astype(F), V3.astype(F), w.astype(F), x.astype(F), F(y)
    h = [x]
    for V in (V1, V2, V3):
        h.append(sigmoid(V @ h[-1]))
    r = w @ h[3] - y
    up = F(2) * r * w
    grads = {"w": F(2) * r * h[3]}
    for i, V in ((3, V3), (2, V2), (1, V1)):
        delta = up * h[i] * (F(1) - h[i])
        grads[f"V{i}"] = np.outer(delta, h[i - 1])
        up = delta @ V
    return r * r, grads
