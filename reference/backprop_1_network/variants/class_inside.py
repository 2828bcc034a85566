"""A class that keeps its parameters and its last forward pass; the functions only wrap it. The sigmoid is a tanh."""

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


def make_data(n, seed):
    rng = np.random.RandomState(seed)
    first = n // 2
    cloud = rng.uniform(-1, 1, size=(n, 2))
    cloud[:first] -= 1.5
    cloud[first:] += 1.5
    return cloud, np.array([0] * first + [1] * (n - first), dtype=np.uint8)


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


def predict(params, X):
    return np.round(forward(params, X))
