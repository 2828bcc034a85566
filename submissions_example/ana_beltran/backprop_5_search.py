"""Retropropagación 5: búsqueda de hiperparámetros. Ana Beltrán, grupo A."""

import itertools

import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0.0, 1.0 / np.sqrt(n_inputs), (n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(0.0, 1.0 / np.sqrt(n_hidden), (1, n_hidden)),
        "b2": np.zeros(1),
    }


def _capas(params, X):
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    return a1, (a1 @ params["W2"].T + params["b2"])[:, 0]


def forward(params, X):
    return sigmoid(_capas(params, X)[1])


def loss(params, X, y):
    z2 = _capas(params, X)[1]
    return np.mean(np.logaddexp(0.0, z2) - y * z2)


def gradients(params, X, y):
    a1, z2 = _capas(params, X)
    d2 = (sigmoid(z2) - y) / len(y)
    d1 = np.outer(d2, params["W2"]) * a1 * (1.0 - a1)
    return {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": (d2 @ a1)[None, :], "b2": d2.sum(keepdims=True)}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params = init_params(X.shape[1], n_hidden, seed)
    history = []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        grad = gradients(params, X, y)
        params = {k: params[k] - learning_rate * grad[k] for k in params}
    return params, history


def split(X, y, validation_fraction, seed):
    orden = np.random.default_rng(seed).permutation(len(y))
    n_val = round(len(y) * validation_fraction)
    val, ent = orden[:n_val], orden[n_val:]
    return X[ent], y[ent], X[val], y[val]


def grid(learning_rates, epochs):
    return [{"learning_rate": lr, "epochs": e} for lr, e in itertools.product(learning_rates, epochs)]


def random_configs(n, learning_rate_range, epochs_range, seed):
    rng = np.random.default_rng(seed)
    lrs = np.exp(rng.uniform(*np.log(learning_rate_range), size=n))
    epocas = rng.integers(epochs_range[0], epochs_range[1], size=n, endpoint=True)
    return [{"learning_rate": float(lr), "epochs": int(e)} for lr, e in zip(lrs, epocas)]


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results = []
    for config in configs:
        with np.errstate(all="ignore"):  # una tasa demasiado grande diverge
            params, _ = train(X_train, y_train, **config, seed=seed)
            perdida = loss(params, X_val, y_val)
            aciertos = np.mean((forward(params, X_val) > 0.5) == (y_val == 1))
        results.append({**config, "validation_loss": perdida, "validation_accuracy": aciertos})
    finitos = [r for r in results if np.isfinite(r["validation_loss"])]
    return {"results": results, "best": min(finitos or results, key=lambda r: r["validation_loss"])}
