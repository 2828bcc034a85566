"""Forward mode: backward runs the graph once per name with dual numbers; the losses move each weight's tangent with einsum."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Dual:
    """A value and its derivative in one chosen name."""

    value: float
    tangent: float = 0.0


def s(z):
    return np.reciprocal(1.0 + np.exp(-z))


def local_gradients(op, *values):
    match op:
        case "add":
            return np.array([1.0, 1.0])
        case "sub":
            return np.array([1.0, -1.0])
        case "mul":
            return np.array(values[::-1])
        case "square":
            return np.array([2.0]) * values
        case "max":
            return (np.arange(2) == np.argmax(values)).astype(float)
        case "sigmoid":
            return s(np.array(values)) - s(np.array(values)) ** 2


def evaluate(op, *values):
    match op, values:
        case "add", (a, b):
            return a + b
        case "sub", (a, b):
            return a - b
        case "mul", (a, b):
            return a * b
        case "square", (a,):
            return np.square(a)
        case "max", (a, b):
            return np.maximum(a, b)
        case "sigmoid", (a,):
            return s(a)


def push(op, *duals):
    at = [d.value for d in duals]
    return Dual(evaluate(op, *at), float(np.dot(local_gradients(op, *at), [d.tangent for d in duals])))


def forward(graph, inputs):
    values = inputs.copy()
    for name, op, *names in graph:
        values[name] = np.asarray(evaluate(op, *(values[n] for n in names)))
    return values


def derivative_of_root(graph, values, chosen):
    known = {name: Dual(value, float(name == chosen)) for name, value in values.items()}
    for name, op, *names in graph:
        if name != chosen:
            known[name] = push(op, *(known[n] for n in names))
    return known[graph[-1][0]].tangent


def backward(graph, values):
    return {name: derivative_of_root(graph, values, name) for name in values}


def hinge_loss(w, phi, y):
    slack = 1 - y * np.einsum("i,i->", w, phi)
    active = slack > 0
    return np.where(active, slack, 0.0), np.where(active, -y * phi, 0.0)


def two_layer_loss(V, w, x, y):
    a = s(np.einsum("hd,d->h", V, x))
    error = np.einsum("h,h->", w, a) - y
    da_dV = np.einsum("h,hk,d->hkd", a * (1 - a), np.eye(len(a)), x)  # of unit h in row k
    return np.square(error), {"V": np.einsum("h,hkd->kd", 2 * error * w, da_dV), "w": 2 * error * a}


def four_layer_loss(V1, V2, V3, w, x, y):
    a1 = s(np.einsum("hd,d->h", V1, x))
    a2 = s(np.einsum("hd,d->h", V2, a1))
    a3 = s(np.einsum("hd,d->h", V3, a2))
    s1, s2, s3 = (np.diag(a * (1 - a)) for a in (a1, a2, a3))
    error = np.einsum("h,h->", w, a3) - y
    to_a3 = 2 * error * w
    J2, J1 = s3 @ V3, s3 @ V3 @ s2 @ V2  # of a3 in a2 and in a1
    gradients = {
        "w": 2 * error * a3,
        "V3": np.einsum("p,pk,d->kd", to_a3, s3, a2),
        "V2": np.einsum("p,pq,qk,d->kd", to_a3, J2, s2, a1),
        "V1": np.einsum("p,pq,qk,d->kd", to_a3, J1, s1, x),
    }
    return np.square(error), gradients
