"""A class behind the functions; a seed for each size; one plot under another with shared labels."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib.pyplot as plt
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


def minibatches(X, y, batch_size, seed):
    order = np.random.RandomState(seed).permutation(len(X))
    count = -(-len(X) // batch_size)
    return tuple([X[order[i * batch_size :][:batch_size]], y[order[i * batch_size :][:batch_size]]] for i in range(count))


def train(X, y, batch_size, n_hidden=8, learning_rate=0.1, epochs=50, seed=0):
    network = Network(**init_params(X.shape[1], n_hidden, seed))
    seeds = np.random.RandomState(seed).randint(2**31 - 1, size=epochs)
    history, updates = [], 0
    for other in seeds:
        network.run(X)
        history.append(network.loss(y))
        for rows, labels in minibatches(X, y, batch_size, other):
            network.run(rows)
            network.step(network.backward(labels), learning_rate)
            updates += 1
    return network.params, history, updates


def compare_batch_sizes(X, y, batch_sizes, epochs=50, learning_rate=0.1, seed=0):
    results = {}
    for i, size in enumerate(batch_sizes):
        _, history, updates = train(X, y, size, epochs=epochs, learning_rate=learning_rate, seed=seed + i)
        results[size] = {
            "history": history,
            "n_updates": updates,
            "roughness": np.std([b - a for a, b in zip(history[:-1], history[1:])], ddof=1),
        }
    return results


def plot_histories(results):
    figure, rows = plt.subplots(len(results), sharex=True, squeeze=False)
    for axes, (size, result) in zip(rows[:, 0], results.items()):
        axes.plot(result["history"], label=f"batch_size={size}")
        axes.axhline(0.0, color="grey")
        axes.legend()
    rows[-1, 0].set_xlabel("epoch")
    figure.supylabel("loss")
    plt.show()
    return figure
