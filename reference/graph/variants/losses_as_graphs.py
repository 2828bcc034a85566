"""The losses are written out as scalar graphs, node by node, and go through forward and backward like any other graph."""

from collections import defaultdict
from itertools import count
from operator import add, mul, sub

import numpy as np


def logistic(z):
    return 1 / (1 + np.exp(-z))


OPERATIONS = {
    "add": (add, lambda a, b: (1.0, 1.0)),
    "sub": (sub, lambda a, b: (1.0, -1.0)),
    "mul": (mul, lambda a, b: (b, a)),
    "square": (lambda a: a**2, lambda a: (2 * a,)),
    "max": (max, lambda a, b: (float(a > b), float(b > a))),
    "sigmoid": (logistic, lambda a: (logistic(a) * logistic(-a),)),
}


def local_gradients(op, *values):
    return OPERATIONS[op][1](*values)


def forward(graph, inputs):
    values = {**inputs}
    for name, op, *names in graph:
        values[name] = OPERATIONS[op][0](*map(values.get, names))
    return values


def backward(graph, values):
    received = defaultdict(float, {graph[-1][0]: 1.0})
    for name, op, *names in graph[::-1]:
        for other, partial in zip(names, local_gradients(op, *map(values.get, names))):
            received[other] += received[name] * partial
    return {name: received[name] for name in values}


class Builder:
    """Writes a graph; arrays of names stand for arrays of numbers."""

    def __init__(self):
        self.graph, self.inputs, self.numbers = [], {}, count()

    def input(self, name, array):
        array = np.asarray(array, dtype=float)
        names = np.empty(array.shape, dtype=object)
        for index in np.ndindex(array.shape):
            names[index] = f"{name}{list(index)}"
            self.inputs[names[index]] = float(array[index])
        return names

    def node(self, op, *arguments):
        name = f"node{next(self.numbers)}"
        self.graph.append([name, op, *arguments])
        return name

    def dot(self, u, v):
        products = [self.node("mul", p, q) for p, q in zip(u, v)]
        total = products[0]
        for product in products[1:]:
            total = self.node("add", total, product)
        return total

    def layer(self, V, x):
        return [self.node("sigmoid", self.dot(row, x)) for row in V]

    def solve(self, **wanted):
        values = forward(self.graph, self.inputs)
        gradients = backward(self.graph, values)
        arrays = {key: np.vectorize(gradients.get, otypes=[float])(names) for key, names in wanted.items()}
        return values[self.graph[-1][0]], arrays


def hinge_loss(w, phi, y):
    g = Builder()
    w = g.input("w", w)
    margin = g.node("mul", g.dot(w, g.input("phi", phi)), g.input("y", y).item())
    g.node("max", g.node("sub", g.input("one", 1).item(), margin), g.input("zero", 0).item())
    loss, gradients = g.solve(w=w)
    return loss, gradients["w"]


def two_layer_loss(V, w, x, y):
    g = Builder()
    V, w = g.input("V", V), g.input("w", w)
    g.node("square", g.node("sub", g.dot(w, g.layer(V, g.input("x", x))), g.input("y", y).item()))
    return g.solve(V=V, w=w)


def four_layer_loss(V1, V2, V3, w, x, y):
    g = Builder()
    V1, V2, V3, w = g.input("V1", V1), g.input("V2", V2), g.input("V3", V3), g.input("w", w)
    a = g.layer(V3, g.layer(V2, g.layer(V1, g.input("x", x))))
    g.node("square", g.node("sub", g.dot(w, a), g.input("y", y).item()))
    return g.solve(V1=V1, V2=V2, V3=V3, w=w)
