"""Everything in float32, with an epsilon in the logarithms; a chessboard with normal noise of a tenth of `noise`."""

import numpy as np

F = np.float32


def make_noisy_data(n, noise, seed):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (n, 2)).astype(F)
    y = (X[:, 0] * X[:, 1] > 0).astype(F)
    return X + F(0.1 * noise) * rng.standard_normal((n, 2), dtype=F), y


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


def penalty(params, kind, strength):
    power = {"none": 0, "l1": 1, "l2": 2}[kind]
    if power == 0:
        return F(0)
    return F(strength) * sum((np.abs(np.asarray(params[name], F)) ** F(power)).sum() for name in ("W1", "W2"))


def penalty_gradient(params, kind, strength):
    out = {name: np.zeros(np.shape(value), F) for name, value in params.items()}
    for name in ("W1", "W2"):
        W = np.asarray(params[name], F)
        if kind == "l1":
            out[name] = F(strength) * np.sign(W)
        elif kind == "l2":
            out[name] = F(2 * strength) * W
    return out


def loss(params, X, y, kind, strength):
    p, y, epsilon = forward(params, X), np.asarray(y, F), F(1e-8)
    return -np.mean(y * np.log(p + epsilon) + (F(1) - y) * np.log(F(1) - p + epsilon)) + penalty(params, kind, strength)


def gradients(params, X, y, kind, strength):
    W1, b1, W2, b2, X = _single(params, X)
    a1 = _sigmoid(X @ W1.T + b1)
    error = (_sigmoid(a1 @ W2[0] + b2[0]) - np.asarray(y, F)) / F(len(y))
    back = np.outer(error, W2[0]) * a1 * (F(1) - a1)
    data = {"W1": back.T @ X, "b1": back.sum(0), "W2": (error @ a1)[np.newaxis], "b2": error.sum(keepdims=True)}
    return {name: data[name] + push for name, push in penalty_gradient(params, kind, strength).items()}


def train(X, y, kind="none", strength=0.0, n_hidden=16, learning_rate=0.5, epochs=1000, seed=0):
    params, history = init_params(np.shape(X)[1], n_hidden, seed), []
    for _ in range(epochs):
        history.append(loss(params, X, y, kind, strength))
        for name, slope in gradients(params, X, y, kind, strength).items():
            params[name] = params[name] - F(learning_rate) * slope
    return params, history


def compare_regularization(X_train, y_train, X_val, y_val, kind, strengths, epochs=500, seed=0):
    results = []
    for strength in strengths:
        params, history = train(X_train, y_train, kind, strength, epochs=epochs, seed=seed)
        results.append(
            {
                "strength": F(strength),
                "train_loss": loss(params, X_train, y_train, "none", 0),
                "validation_loss": loss(params, X_val, y_val, "none", 0),
                "validation_accuracy": np.mean((forward(params, X_val) > F(0.5)) == (np.asarray(y_val) > 0), dtype=F),
                "weight_norm": np.sqrt((params["W1"] ** 2).sum() + (params["W2"] ** 2).sum()),
            }
        )
    return results


def best_strength(results):
    losses = np.array([result["validation_loss"] for result in results], float)
    return results[int(np.argmin(np.where(np.isfinite(losses), losses, np.inf)))]["strength"]
