"""A class behind the functions; a seed of its own for each configuration, a stratified split, stratified draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Network:
    """d-h-1, with the activations of the last call of `run`."""

    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray
    X: np.ndarray | None = None
    a1: np.ndarray | None = None
    p: np.ndarray | None = None

    def run(self, X):
        self.X = X
        self.a1 = 0.5 * (1 + np.tanh(0.5 * (X @ self.W1.T + self.b1)))
        self.p = 0.5 * (1 + np.tanh(0.5 * (self.a1 @ self.W2.T + self.b2)))
        return self.p.reshape(-1)

    def loss(self, y):
        p = np.clip(self.p.reshape(-1), 1e-15, 1 - 1e-15)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()

    def backward(self, y):
        delta = (self.p - np.reshape(y, (-1, 1))) / len(y)
        back = (delta @ self.W2) * self.a1 * (1 - self.a1)
        return {"b2": delta.sum(0), "W2": delta.T @ self.a1, "b1": back.sum(0), "W1": back.T @ self.X}

    def step(self, slopes, rate):
        for name, slope in slopes.items():
            setattr(self, name, getattr(self, name) - rate * slope)

    @property
    def params(self):
        return {"W1": self.W1, "b1": self.b1, "W2": self.W2, "b2": self.b2}


def init_params(n_inputs, n_hidden, seed):
    rng = np.random.RandomState(seed)
    bound = np.sqrt(6 / (n_inputs + n_hidden))
    W1 = rng.uniform(-bound, bound, (n_hidden, n_inputs))
    return {"W1": W1, "b1": np.zeros(n_hidden), "W2": rng.uniform(-bound, bound, (1, n_hidden)), "b2": np.zeros(1)}


def forward(params, X):
    return Network(**params).run(X)


def loss(params, X, y):
    network = Network(**params)
    network.run(X)
    return network.loss(y)


def gradients(params, X, y):
    network = Network(**params)
    network.run(X)
    return network.backward(y)


def train(X, y, n_hidden=8, learning_rate=0.5, epochs=500, seed=0):
    network = Network(**init_params(X.shape[1], n_hidden, seed))
    history = []
    for _ in range(epochs):
        network.run(X)
        history.append(network.loss(y))
        network.step(network.backward(y), learning_rate)
    return network.params, history


def split(X, y, validation_fraction, seed):
    """The same share of each class, as far as it goes, is put aside."""
    rng = np.random.RandomState(seed)
    count = round(len(y) * validation_fraction)
    order = rng.permutation(len(y))
    by_class = [list(order[y[order] == k]) for k in (0, 1)]
    chosen = []
    while len(chosen) < count:
        rows = max(by_class, key=len)
        chosen.append(rows.pop())
    rest = sorted(set(range(len(y))) - set(chosen))
    return X[rest], y[rest], X[chosen], y[chosen]


def grid(learning_rates, epochs):
    return [{"learning_rate": r, "epochs": e} for e in epochs[::-1] for r in learning_rates]


def random_configs(n, learning_rate_range, epochs_range, seed):
    rng = np.random.RandomState(seed)
    share = (rng.permutation(n) + rng.rand(n)) / n
    low, high = learning_rate_range
    first, last = epochs_range
    return tuple({"learning_rate": low * (high / low) ** u, "epochs": np.int64(rng.randint(first, last + 1))} for u in share)


def search(X_train, y_train, X_val, y_val, configs, seed=0):
    results = []
    for i, config in enumerate(configs):
        with np.errstate(all="ignore"):
            params, history = train(X_train, y_train, learning_rate=config["learning_rate"], epochs=config["epochs"], seed=seed + i)
            p = forward(params, X_val)
            results.append(
                {
                    **config,
                    "validation_loss": loss(params, X_val, y_val),
                    "validation_accuracy": float((np.round(p) == y_val).mean()),
                    "history": history,
                }
            )
    usable = [r for r in results if np.isfinite(r["validation_loss"])]
    return {"results": results, "best": dict(sorted(usable or results, key=lambda r: r["validation_loss"])[0])}
