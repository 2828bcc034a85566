"""Una red recurrente desde cero. Ana Beltrán, grupo A."""

import numpy as np


class RNN:
    """tanh en la capa oculta, salida lineal, sin sesgos."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        rng = np.random.default_rng(seed)
        self.U = rng.normal(0.0, 1.0 / np.sqrt(n_inputs), (n_hidden, n_inputs))
        self.V = rng.normal(0.0, 0.8 / np.sqrt(n_hidden), (n_hidden, n_hidden))
        self.W = rng.normal(0.0, 1.0 / np.sqrt(n_hidden), (n_outputs, n_hidden))

    def forward(self, xs, h0=None):
        T, h = len(xs), self.V.shape[0]
        hs = np.zeros((T + 1, h))
        if h0 is not None:
            hs[0] = h0
        entradas = xs @ self.U.T  # todas a la vez
        for t in range(T):
            hs[t + 1] = np.tanh(entradas[t] + self.V @ hs[t])
        return hs[1:] @ self.W.T, hs

    def backward(self, xs, hs, ys_grad):
        T = len(xs)
        r_bar = np.zeros((T + 1, self.V.shape[0]))  # la última fila es el paso T+1, que no existe
        for t in reversed(range(T)):
            h_bar = self.W.T @ ys_grad[t] + self.V.T @ r_bar[t + 1]
            r_bar[t] = h_bar * (1.0 - hs[t + 1] ** 2)
        r_bar = r_bar[:T]
        return {"U": r_bar.T @ xs, "V": r_bar.T @ hs[:-1], "W": ys_grad.T @ hs[1:]}


def loss(ys, ts):
    return 0.5 * np.sum((ys - ts) ** 2)


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    N = len(sequences)
    for _ in range(epochs):
        total = 0.0
        suma = {"U": 0.0, "V": 0.0, "W": 0.0}
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            total += loss(ys, ts)
            grad = rnn.backward(xs, hs, ys - ts)
            for k in suma:
                suma[k] = suma[k] + grad[k]
        history.append(total / N)
        rnn.U = rnn.U - learning_rate * suma["U"] / N
        rnn.V = rnn.V - learning_rate * suma["V"] / N
        rnn.W = rnn.W - learning_rate * suma["W"] / N
    return history
