"""Right gradients in the ways that students write them, and the problems they are taken at."""

import math

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def network(rng, dtype=np.float64):
    """One hidden layer: parameters, X (n, d), y (n,), the sizes all different and probabilities within [0.15, 0.85]."""
    while True:
        n, d, h = (int(size) for size in rng.permutation([7, 3, 5]) + rng.integers(0, 2))
        shapes = {"W1": (h, d), "b1": (h,), "W2": (1, h), "b2": (1,)}
        params = {name: rng.normal(0, 0.6, shape).astype(dtype) for name, shape in shapes.items()}
        X, y = rng.normal(size=(n, d)), (np.arange(n) % 2).astype(float)
        p = probabilities(params, X)
        if p.min() > 0.15 and p.max() < 0.85:
            return params, X, y


def probabilities(params, X):
    return sigmoid(sigmoid(X @ params["W1"].T + params["b1"]) @ params["W2"].T + params["b2"])[:, 0]


def loss(params, X, y):
    p = probabilities(params, X)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def gradient(params, X, y, epsilon=0.0):
    """The gradient of the mean cross-entropy in matrix products; epsilon as in 1 / (p + epsilon)."""
    a = sigmoid(X @ params["W1"].T + params["b1"])
    p = sigmoid(a @ params["W2"].T + params["b2"])[:, 0]
    dp = (1 - y) / (1 - p + epsilon) - y / (p + epsilon)
    dz2 = (dp * p * (1 - p) / len(y))[:, None]
    dz1 = dz2 @ params["W2"] * a * (1 - a)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a, "b2": dz2.sum(axis=0)}


def by_loops(params, X, y):
    """Example by example, the other form of the sigmoid, p - y, sums by fsum."""
    h = len(params["W1"])
    parts = {name: [] for name in params}
    for x, label in zip(X, y, strict=True):
        a = [0.5 + 0.5 * math.tanh(0.5 * (math.fsum(params["W1"][j] * x) + params["b1"][j])) for j in range(h)]
        e = 0.5 + 0.5 * math.tanh(0.5 * (math.fsum(params["W2"][0] * a) + params["b2"][0])) - label
        back = [e * params["W2"][0, j] * a[j] * (1 - a[j]) for j in range(h)]
        for name, part in zip(params, (np.outer(back, x), back, [[e * value for value in a]], [e]), strict=True):
            parts[name].append(np.array(part))
    total = {name: np.array(part) for name, part in parts.items()}
    return {name: np.apply_along_axis(math.fsum, 0, part) / len(y) for name, part in total.items()}


def by_einsum(params, X, y):
    a = sigmoid(np.einsum("nd,hd->nh", X, params["W1"]) + params["b1"])
    e = (sigmoid(np.einsum("nh,oh->no", a, params["W2"]) + params["b2"]) - y[:, None]) / len(y)
    back = np.einsum("no,oh,nh->nh", e, params["W2"], a - a**2)
    return {
        "W1": np.einsum("nh,nd->hd", back, X),
        "b1": np.einsum("nh->h", back),
        "W2": np.einsum("no,nh->oh", e, a),
        "b2": np.einsum("no->o", e),
    }


def in_float32(params, X, y):
    single = {name: value.astype(np.float32) for name, value in params.items()}
    return gradient(single, X.astype(np.float32), y.astype(np.float32))


def float32_inside(params, X, y):
    """Parameters cast on the way in; float64 numbers come out."""
    return gradient({name: value.astype(np.float32).astype(np.float64) for name, value in params.items()}, X, y)


def as_lists(params, X, y):
    return {name: value.tolist() for name, value in gradient(params, X, y).items()}


HONEST = {
    "matrices": gradient,
    "loops": by_loops,
    "einsum": by_einsum,
    "float32": in_float32,
    "float32-inside": float32_inside,
    "lists": as_lists,
    "epsilon-1e-7": lambda *at: gradient(*at, epsilon=1e-7),
    "epsilon-1e-8": lambda *at: gradient(*at, epsilon=1e-8),
    "epsilon-1e-12": lambda *at: gradient(*at, epsilon=1e-12),
}
