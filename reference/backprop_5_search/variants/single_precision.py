"""Everything in float32, with an epsilon in the logarithms."""

import numpy as np

F = np.float32


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0, 0.5, (n_hidden, n_inputs)).astype(F),
        "b1": np.zeros(n_hidden, F),
        "W2": rng.normal(0, 0.5, (1, n_hidden)).astype(F),
        "b2": np.zeros(1, F),
    }


def _single(params, X):
    return [np.asarray(params[name], F) for name in ("W1", "b1", "W2", "b2")] + [np.asarray(X, F)]


def _sigmoid(z):
    return F(1) / (F(1) + np.exp(-np.clip(z, F(-80), F(80))))


def forward(params, X):
    W1, b1, W2, b2, X = _single(params, X)
    return _sigmoid(_sigmoid(X @ W1.T + b1) @ W2[0] + b2[0])


def loss(params, X, y):
    p, y, epsilon = forward(params, X), np.asarray(y, F), F(1e-8)
    return -np.mean(y * np.log(p + epsilon) + (F(1) - y) * np.log(F(1) - p + epsilon))


def gradients(params, X, y):
    W1, b1, W2, b2, X = _single(params, X)
    a1 = _sigmoid(X @ W1.T + b1)
    error = (_sigmoid(a1 @ W2[0] + b2[0]) - np.asarray(y, F)) / F(len(y))
    back = np.outer(error, W2[0]) * a1 * (F(1) - a1)
    return {"W1": back.T @ X, "b1": back.sum(0), "W2": (error @ a1)[np.newaxis], "b2": error.sum(keepdims=True)}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params, history = init_params(np.shape(X)[1], n_hidden, seed), []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        for name, slope in gradients(params, X, y).items():
            params[name] = params[name] - F(learning_rate) * slope
    return params, history


def split(X, y, validation_fraction, seed):
    X, y = np.asarray(X, F), np.asarray(y, F)
    mask = np.zeros(len(y), bool)
    mask[: int(np.round(len(y) * validation_fraction))] = True
    np.random.default_rng(seed).shuffle(mask)
    return X[~mask], y[~mask], X[mask], y[mask]


def grid(learning_rates, epochs):
    a, b = np.meshgrid(np.asarray(learning_rates, F), epochs)
    return [{"learning_rate": rate, "epochs": count} for rate, count in zip(a.ravel(), b.ravel())]


def random_configs(n, learning_rate_range, epochs_range, seed):
    rng = np.random.default_rng(seed)
    exponents = rng.uniform(*np.log10(learning_rate_range), size=n).astype(F)
    epochs = rng.integers(epochs_range[0], epochs_range[1] + 1, size=n)
    return [{"learning_rate": rate, "epochs": count} for rate, count in zip(F(10) ** exponents, epochs)]


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results = []
    for config in configs:
        params, _ = train(X_train, y_train, learning_rate=config["learning_rate"], epochs=config["epochs"], seed=seed)
        hits = (forward(params, X_val) > F(0.5)).astype(F) == y_val
        results.append(dict(config, validation_loss=np.asarray(loss(params, X_val, y_val)), validation_accuracy=np.mean(hits, dtype=F)))
    losses = np.array([result["validation_loss"] for result in results])
    return {"results": results, "best": results[int(np.argmin(np.where(np.isfinite(losses), losses, np.inf)))]}
