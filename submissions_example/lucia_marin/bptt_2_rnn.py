"""Lucía Marín. Todo en float32, como en la GPU."""

import numpy as np

F = np.float32


def f32(v):
    return np.asarray(v, dtype=F)


class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        rng = np.random.default_rng(seed)
        self.U = rng.standard_normal((n_hidden, n_inputs), dtype=F) * F(0.4)
        self.V = rng.standard_normal((n_hidden, n_hidden), dtype=F) * F(0.4)
        self.W = rng.standard_normal((n_outputs, n_hidden), dtype=F) * F(0.4)

    def forward(self, xs, h0=None):
        U, V, W = f32(self.U), f32(self.V), f32(self.W)
        hs = np.zeros((len(xs) + 1, len(V)), F)
        if h0 is not None:
            hs[0] = h0
        for t, x in enumerate(f32(xs)):
            hs[t + 1] = np.tanh(U @ x + V @ hs[t])
        return hs[1:] @ W.T, hs

    def backward(self, xs, hs, ys_grad):
        V, W = f32(self.V), f32(self.W)
        xs, hs, ys_grad = f32(xs), f32(hs), f32(ys_grad)
        r = np.zeros((len(xs) + 1, len(V)), F)
        for t in range(len(xs) - 1, -1, -1):
            r[t] = (W.T @ ys_grad[t] + V.T @ r[t + 1]) * (1 - hs[t + 1] ** 2)
        r = r[:-1]
        return {"U": r.T @ xs, "V": r.T @ hs[:-1], "W": ys_grad.T @ hs[1:]}


def loss(ys, ts):
    return F(0.5) * np.sum((f32(ys) - f32(ts)) ** 2)


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    lr, n = F(learning_rate), F(len(sequences))
    history = []
    for _ in range(epochs):
        total = F(0)
        grads = []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            total += loss(ys, ts)
            grads.append(rnn.backward(xs, hs, ys - f32(ts)))
        history.append(total / n)
        for k in ("U", "V", "W"):
            setattr(rnn, k, f32(getattr(rnn, k)) - lr * sum(g[k] for g in grads) / n)
    return history
