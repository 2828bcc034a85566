"""Lucía Marín. Todo en float32, como en la GPU."""

import numpy as np

F = np.float32


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1), e) / (F(1) + e)


def make_noisy_data(n, noise, seed):
    """Un círculo dentro de una corona."""
    rng = np.random.default_rng(seed)
    y = (rng.permutation(n) % 2).astype(F)
    angle = rng.random(n, dtype=F) * F(2 * np.pi)
    radius = F(0.5) + y
    X = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return X + F(noise) * rng.standard_normal((n, 2), dtype=F), y


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    normal = lambda *shape: rng.standard_normal(shape, dtype=F) * F(0.5)
    return {"W1": normal(n_hidden, n_inputs), "b1": np.zeros(n_hidden, F), "W2": normal(1, n_hidden), "b2": np.zeros(1, F)}


def _f32(params, X):
    return {k: np.asarray(v, F) for k, v in params.items()}, np.asarray(X, F)


def _z(params, X):
    p, X = _f32(params, X)
    a1 = sigmoid(X @ p["W1"].T + p["b1"])
    return a1, a1 @ p["W2"][0] + p["b2"]


def forward(params, X):
    return sigmoid(_z(params, X)[1])


def data_loss(params, X, y):
    _, z = _z(params, X)
    return np.mean(np.maximum(z, 0) - np.asarray(y, F) * z + np.log1p(np.exp(-np.abs(z))))


def penalty(params, kind, strength):
    size = {"none": np.zeros_like, "l1": np.abs, "l2": np.square}[kind]
    return F(strength) * sum(size(np.asarray(params[k], F)).sum() for k in ("W1", "W2"))


def penalty_gradient(params, kind, strength):
    slope = {"none": np.zeros_like, "l1": np.sign, "l2": lambda w: F(2) * w}[kind]
    return {k: F(strength) * slope(np.asarray(v, F)) if k[0] == "W" else np.zeros_like(v, dtype=F) for k, v in params.items()}


def loss(params, X, y, kind, strength):
    return data_loss(params, X, y) + penalty(params, kind, strength)


def gradients(params, X, y, kind, strength):
    a1, z = _z(params, X)
    p, X = _f32(params, X)
    d2 = (sigmoid(z) - np.asarray(y, F)) / F(len(X))
    d1 = np.outer(d2, p["W2"][0]) * a1 * (1 - a1)
    g = {"W1": d1.T @ X, "b1": d1.sum(0), "W2": (d2 @ a1)[None], "b2": d2.sum(keepdims=True)}
    for k, extra in penalty_gradient(params, kind, strength).items():
        g[k] = g[k] + extra
    return g


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y, kind, strength))
        g = gradients(params, X, y, kind, strength)
        params = {k: params[k] - F(learning_rate) * g[k] for k in params}
    return params, history


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    def row(strength):
        params, _ = train(X_train, y_train, kind, strength, epochs=epochs, seed=seed)
        return {
            "strength": strength,
            "train_loss": data_loss(params, X_train, y_train),
            "validation_loss": data_loss(params, X_val, y_val),
            "validation_accuracy": ((forward(params, X_val) > 0.5) == (y_val > 0.5)).mean(),
            "weight_norm": np.linalg.norm(np.concatenate([params["W1"].ravel(), params["W2"].ravel()])),
        }

    return [row(strength) for strength in strengths]


def best_strength(results):
    return min(results, key=lambda r: r["validation_loss"] if np.isfinite(r["validation_loss"]) else np.inf)["strength"]
