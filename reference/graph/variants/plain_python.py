"""No NumPy at all: if and elif, the math module, loops over lists; lists as results, also of local_gradients."""

import math


def sigmoid(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    return math.exp(z) / (1.0 + math.exp(z))


def compute(op, v):
    if op == "add":
        return v[0] + v[1]
    elif op == "sub":
        return v[0] - v[1]
    elif op == "mul":
        return v[0] * v[1]
    elif op == "square":
        return v[0] ** 2
    elif op == "max":
        return v[0] if v[0] >= v[1] else v[1]
    elif op == "sigmoid":
        return sigmoid(v[0])


def local_gradients(op, *values):
    if op == "add":
        return [1, 1]
    elif op == "sub":
        return [1, -1]
    elif op == "mul":
        return [values[1], values[0]]
    elif op == "square":
        return [2 * values[0]]
    elif op == "max":
        return [1, 0] if values[0] >= values[1] else [0, 1]
    elif op == "sigmoid":
        s = sigmoid(values[0])
        return [s * (1 - s)]


def forward(graph, inputs):
    f = {}
    for name in inputs:
        f[name] = inputs[name]
    for node in graph:
        f[node[0]] = compute(node[1], [f[a] for a in node[2:]])
    return f


def backward(graph, values):
    g = {}
    for name in values:
        g[name] = 0.0
    g[graph[len(graph) - 1][0]] = 1.0
    for i in range(len(graph) - 1, -1, -1):
        node = graph[i]
        arguments = node[2:]
        d = local_gradients(node[1], *[values[a] for a in arguments])
        for j in range(len(arguments)):
            g[arguments[j]] = g[arguments[j]] + g[node[0]] * d[j]
    return g


def dot(u, v):
    total = 0.0
    for i in range(len(u)):
        total += float(u[i]) * float(v[i])
    return total


def hinge_loss(w, phi, y):
    margin = dot(w, phi) * y
    if margin < 1:
        return 1 - margin, [-y * float(p) for p in phi]
    return 0, [0 for _ in w]


def layer(V, x):
    return [sigmoid(dot(row, x)) for row in V]


def back_through(V, dz, a):
    result = []
    for j in range(len(a)):
        total = 0.0
        for i in range(len(dz)):
            total += float(V[i][j]) * dz[i]
        result.append(total * a[j] * (1 - a[j]))
    return result


def outer(u, v):
    return [[p * float(q) for q in v] for p in u]


def two_layer_loss(V, w, x, y):
    a = layer(V, x)
    error = dot(w, a) - y
    dz = [2 * error * float(w[i]) * a[i] * (1 - a[i]) for i in range(len(a))]
    return error * error, {"V": outer(dz, x), "w": [2 * error * p for p in a]}


def four_layer_loss(V1, V2, V3, w, x, y):
    a1 = layer(V1, x)
    a2 = layer(V2, a1)
    a3 = layer(V3, a2)
    error = dot(w, a3) - y
    dz3 = back_through([w], [2 * error], a3)
    dz2 = back_through(V3, dz3, a2)
    dz1 = back_through(V2, dz2, a1)
    return error**2, {"V1": outer(dz1, x), "V2": outer(dz2, a1), "V3": outer(dz3, a2), "w": [2 * error * p for p in a3]}
