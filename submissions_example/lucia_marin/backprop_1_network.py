"""Lucía Marín. Todo en float32, como en la GPU."""

import numpy as np

F = np.float32


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1), e) / (F(1) + e)


def make_data(n, seed):
    rng = np.random.default_rng(seed)
    y = (rng.permutation(n) % 2).astype(F)
    X = rng.standard_normal((n, 2), dtype=F)
    X[:, 1] = X[:, 0] + (2 * y - 1) * (F(0.25) + np.abs(X[:, 1]))  # encima o debajo de la diagonal
    return X, y


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    normal = lambda *shape: rng.standard_normal(shape, dtype=F) * F(0.5)
    return {"W1": normal(n_hidden, n_inputs), "b1": np.zeros(n_hidden, F), "W2": normal(1, n_hidden), "b2": np.zeros(1, F)}


def _a32(params, X):
    return {k: np.asarray(v, F) for k, v in params.items()}, np.asarray(X, F)


def _z(params, X):
    p, X = _a32(params, X)
    a1 = sigmoid(X @ p["W1"].T + p["b1"])
    return a1, a1 @ p["W2"][0] + p["b2"]


def forward(params, X):
    return sigmoid(_z(params, X)[1])


def loss(params, X, y):
    _, z = _z(params, X)
    y = np.asarray(y, F)
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def gradients(params, X, y):
    a1, z = _z(params, X)
    p, X = _a32(params, X)
    d2 = (sigmoid(z) - np.asarray(y, F)) / F(len(X))
    d1 = np.outer(d2, p["W2"][0]) * a1 * (1 - a1)
    return {"W1": d1.T @ X, "b1": d1.sum(0), "W2": (d2 @ a1)[None], "b2": d2.sum(keepdims=True)}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        params = {k: params[k] - F(learning_rate) * g[k] for k in params}
    return params, history


def predict(params, X):
    return (forward(params, X) > 0.5).astype(np.int32)
