# Sofia Torres (Erasmus)
"""Random search over learning rate and epochs."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Net:
    """A little wrapper, so that I do not write params["W1"] all the time."""

    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

    def hidden(self, X):
        return logistic(X @ self.W1.T + self.b1)

    def output(self, X):
        return logistic(self.hidden(X) @ self.W2.T + self.b2).squeeze(1)


def logistic(z):
    return 1 / (1 + np.exp(-np.clip(z, -60, 60)))


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.default_rng(seed)
    limit = np.sqrt(6 / (n_inputs + n_hidden))
    return {
        "W1": rng.uniform(-limit, limit, (n_hidden, n_inputs)),
        "b1": np.zeros(n_hidden),
        "W2": rng.uniform(-limit, limit, (1, n_hidden)),
        "b2": np.zeros(1),
    }


def forward(params, X):
    return Net(**params).output(X)


def loss(params, X, y):
    p = forward(params, X).clip(1e-12, 1 - 1e-12)
    return float(np.mean(-np.log(np.where(y == 1, p, 1 - p))))


def gradients(params, X, y):
    net = Net(**params)
    a = net.hidden(X)
    delta_out = (net.output(X) - y) / len(y)
    delta_hid = delta_out[:, None] * net.W2 * a * (1 - a)
    return {"W1": delta_hid.T @ X, "b1": delta_hid.sum(0), "W2": delta_out[None, :] @ a, "b2": delta_out.sum()[None]}


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    params, history = init_params(X.shape[1], n_hidden, seed), []
    for _ in range(epochs):
        history.append(loss(params, X, y))
        step = gradients(params, X, y)
        params = {name: params[name] - learning_rate * step[name] for name in params}
    return params, history


def split(X, y, validation_fraction, seed):
    shuffled = np.random.default_rng(seed).permutation(len(X))
    n_val = round(validation_fraction * len(X))
    keep, held_out = np.sort(shuffled[n_val:]), np.sort(shuffled[:n_val])
    return X[keep], y[keep], X[held_out], y[held_out]


def grid(learning_rates, epochs):
    lr, ep = np.meshgrid(learning_rates, epochs)
    return [{"learning_rate": float(a), "epochs": int(b)} for a, b in zip(lr.flat, ep.flat)]


def random_configs(n, learning_rate_range, epochs_range, seed):
    rng = np.random.default_rng(seed)
    low, high = learning_rate_range
    return [{"learning_rate": rng.uniform(low, high), "epochs": int(rng.integers(*epochs_range))} for _ in range(n)]


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results = []
    for config in configs:
        params, _ = train(X_train, y_train, seed=seed, **config)
        results.append(
            config
            | {
                "validation_loss": loss(params, X_val, y_val),
                "validation_accuracy": float(np.mean((forward(params, X_val) >= 0.5) == y_val)),
            }
        )
    best = min(results, key=lambda r: r["validation_loss"] if np.isfinite(r["validation_loss"]) else float("inf"))
    return {"results": results, "best": best}
