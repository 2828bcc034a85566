"""Una red recurrente desde cero, con retropropagación a través del tiempo."""

import numpy as np


class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        rng = np.random.default_rng(seed)
        self.n_hidden = n_hidden
        self.U = rng.standard_normal((n_hidden, n_inputs)) * 0.3
        self.V = rng.standard_normal((n_hidden, n_hidden)) * 0.3
        self.W = rng.standard_normal((n_outputs, n_hidden)) * 0.3

    def forward(self, xs, h0=None):
        h = np.zeros(self.n_hidden) if h0 is None else h0
        hs = [h]
        ys = []
        for x in xs:
            r = np.dot(self.U, x) + np.dot(self.V, h)
            h = np.tanh(r)
            hs.append(h)
            ys.append(np.dot(self.W, h))
        return np.array(ys), np.array(hs)

    def backward(self, xs, hs, ys_grad):
        gU = np.zeros_like(self.U)
        gV = np.zeros_like(self.V)
        gW = np.zeros_like(self.W)
        T = len(xs)
        for t in range(T):
            # error de la salida de este paso
            gW += np.outer(ys_grad[t], hs[t + 1])
            h_grad = np.dot(self.W.T, ys_grad[t])
            r_grad = h_grad * (1 - hs[t + 1] ** 2)
            gU += np.outer(r_grad, xs[t])
            gV += np.outer(r_grad, hs[t])
        return {"U": gU, "V": gV, "W": gW}


def loss(ys, ts):
    return 0.5 * np.sum((ys - ts) ** 2)


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    n = len(sequences)
    for _ in range(epochs):
        L = 0
        grads = {"U": np.zeros_like(rnn.U), "V": np.zeros_like(rnn.V), "W": np.zeros_like(rnn.W)}
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            L += loss(ys, ts)
            g = rnn.backward(xs, hs, ys - ts)
            for k in grads:
                grads[k] += g[k] / n
        history.append(L / n)
        rnn.U = rnn.U - learning_rate * grads["U"]
        rnn.V = rnn.V - learning_rate * grads["V"]
        rnn.W = rnn.W - learning_rate * grads["W"]
    return history
