"""Cien neuronas ocultas en la búsqueda, pesos iniciales uniformes entre 0 y 1, semillas sorteadas."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {"W1": rng.random((n_hidden, n_inputs)), "b1": np.zeros(n_hidden), "W2": rng.random((1, n_hidden)), "b2": np.zeros(1)}


def forward(params, X):
    A1 = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]


def loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def gradients(params, X, y):
    A1 = sigmoid(X @ params["W1"].T + params["b1"])
    p = sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]
    d2 = ((p - y) / len(y))[:, None]
    d1 = d2 @ params["W2"] * A1 * (1 - A1)
    return {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": d2.T @ A1, "b2": d2.sum(axis=0)}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for epoch in range(epochs):
        history.append(loss(params, X, y))
        g = gradients(params, X, y)
        for k in params:
            params[k] = params[k] - learning_rate * g[k]
    return params, history


def split(X, y, validation_fraction, seed):
    n = len(X)
    n_val = round(n * validation_fraction)
    order = np.random.default_rng(seed).permutation(n)
    val, tra = order[:n_val], order[n_val:]
    return X[tra], y[tra], X[val], y[val]


def grid(learning_rates, epochs):
    return [{"learning_rate": lr, "epochs": e} for lr in learning_rates for e in epochs]


def random_configs(n, learning_rate_range, epochs_range, seed):
    rng = np.random.default_rng(seed)
    low, high = np.log(learning_rate_range)
    return [
        {"learning_rate": float(np.exp(rng.uniform(low, high))), "epochs": int(rng.integers(epochs_range[0], epochs_range[1] + 1))}
        for _ in range(n)
    ]


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results = []
    rng = np.random.default_rng(seed)
    for config in configs:
        params, history = train(
            X_train, y_train, n_hidden=100, learning_rate=config["learning_rate"], epochs=config["epochs"], seed=int(rng.integers(1 << 30))
        )
        v = loss(params, X_val, y_val)
        accuracy = float(np.mean((forward(params, X_val) >= 0.5) == y_val))
        results.append({**config, "validation_loss": v, "validation_accuracy": accuracy})
    finite = [r for r in results if np.isfinite(r["validation_loss"])]
    best = min(finite, key=lambda r: r["validation_loss"]) if finite else None
    return {"results": results, "best": best}
