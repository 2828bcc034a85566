"""A little reverse-mode engine: nodes that remember their parents, and one sweep for every derivative."""

import math


class Node:
    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, parents, 0.0

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value * other.value, ((self, other.value), (other, self.value)))

    def __sub__(self, other):
        return self + other * -1.0 if isinstance(other, Node) else self + -other

    def sigmoid(self):
        a = 1.0 / (1.0 + math.exp(-self.value))
        return Node(a, ((self, a * (1.0 - a)),))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, local in node.parents:
                parent.grad += node.grad * local


def build(U, V, W, xs, h0):
    weights = {"U": Node(U), "V": Node(V), "W": Node(W)}
    lists = {"r": [], "h": [], "s": [], "y": []}
    h = Node(h0)
    for x in xs:
        r = weights["U"] * x + weights["V"] * h
        h = r.sigmoid()
        s = weights["W"] * h
        for name, node in zip("rhsy", (r, h, s, s.sigmoid())):
            lists[name].append(node)
    return weights, lists


def total_loss(ys, ts):
    total = Node(0.0)
    for y, t in zip(ys, ts):
        error = y - t
        total = total + error * error * 0.5
    return total


def forward(U, V, W, xs, h0):
    return {name: [node.value for node in nodes] for name, nodes in build(U, V, W, xs, h0)[1].items()}


def loss(ys, ts):
    return total_loss([Node(y) for y in ys], ts).value


def swept(U, V, W, xs, ts, h0):
    weights, lists = build(U, V, W, xs, h0)
    total_loss(lists["y"], ts).backward()
    return weights, lists


def backward(U, V, W, xs, ts, h0):
    _, lists = swept(U, V, W, xs, ts, h0)
    return {f"{name}_bar": [node.grad for node in nodes] for name, nodes in lists.items()}


def dL_dU(*point):
    return swept(*point)[0]["U"].grad


def dL_dV(*point):
    return swept(*point)[0]["V"].grad


def dL_dW(*point):
    return swept(*point)[0]["W"].grad
