"""The comparison trains in a loop of its own, five hidden units and a rate of 0.3 from a start of its own."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def make_noisy_data(n, noise, seed):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (n, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    flip = rng.random(n) < noise / 2
    return X, np.where(flip, 1 - y, y)


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(n_hidden, n_inputs)) * 0.5,
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(1, n_hidden)) * 0.5,
        "b2": np.zeros(1),
    }


def forward(params, X):
    A1 = sigmoid(X @ params["W1"].T + params["b1"])
    return sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]


def penalty(params, kind, strength):
    if kind == "l1":
        return float(strength * sum(np.abs(params[k]).sum() for k in ("W1", "W2")))
    if kind == "l2":
        return float(strength * sum((params[k] ** 2).sum() for k in ("W1", "W2")))
    return 0.0


def penalty_gradient(params, kind, strength):
    out = {k: np.zeros_like(v) for k, v in params.items()}
    for k in ("W1", "W2"):
        if kind == "l1":
            out[k] = strength * np.sign(params[k])
        if kind == "l2":
            out[k] = 2 * strength * params[k]
    return out


def data_loss(params, X, y):
    p = np.clip(forward(params, X), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def loss(params, X, y, kind, strength):
    return data_loss(params, X, y) + penalty(params, kind, strength)


def gradients(params, X, y, kind, strength):
    n = len(X)
    A1 = sigmoid(X @ params["W1"].T + params["b1"])
    p = sigmoid(A1 @ params["W2"].T + params["b2"])[:, 0]
    dz2 = ((p - y) / n)[:, None]
    dz1 = dz2 @ params["W2"] * A1 * (1 - A1)
    g = {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ A1, "b2": dz2.sum(axis=0)}
    q = penalty_gradient(params, kind, strength)
    return {k: g[k] + q[k] for k in g}


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y, kind, strength))
        g = gradients(params, X, y, kind, strength)
        params = {k: params[k] - learning_rate * g[k] for k in params}
    return params, history


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    out = []
    for i, s in enumerate(strengths):
        rng = np.random.default_rng([seed, 7])
        p = {"W1": rng.uniform(0, 1, (5, X_train.shape[1])), "b1": np.zeros(5), "W2": rng.uniform(0, 1, (1, 5)), "b2": np.zeros(1)}
        for _ in range(epochs):
            g = gradients(p, X_train, y_train, kind, s)
            p = {k: p[k] - 0.3 * g[k] for k in p}
        out.append(
            {
                "strength": s,
                "train_loss": data_loss(p, X_train, y_train),
                "validation_loss": data_loss(p, X_val, y_val),
                "validation_accuracy": float(np.mean((forward(p, X_val) > 0.5) == y_val)),
                "weight_norm": float(np.sqrt((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())),
            }
        )
    return out


def best_strength(results):
    finite = [r for r in results if np.isfinite(r["validation_loss"])]
    return min(finite, key=lambda r: r["validation_loss"])["strength"]
