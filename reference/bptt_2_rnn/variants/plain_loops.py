"""Only lists, loops and `math`: the weights are lists of lists until somebody assigns an array."""

import math
import random


class RNN:
    """Weights uniform in 0.1 on both sides of zero."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Draw the weights."""
        dice = random.Random(seed)
        self.sizes = n_inputs, n_hidden, n_outputs
        self.U = [[dice.uniform(-0.1, 0.1) for _ in range(n_inputs)] for _ in range(n_hidden)]
        self.V = [[dice.uniform(-0.1, 0.1) for _ in range(n_hidden)] for _ in range(n_hidden)]
        self.W = [[dice.uniform(-0.1, 0.1) for _ in range(n_hidden)] for _ in range(n_outputs)]

    def forward(self, xs, h0=None):
        """Lists of lists."""
        n_inputs, n_hidden, n_outputs = self.sizes
        hs = [[0.0] * n_hidden] if h0 is None else [[float(value) for value in h0]]
        ys = []
        for x in xs:
            before, now = hs[-1], []
            for j in range(n_hidden):
                r = 0.0
                for k in range(n_inputs):
                    r += self.U[j][k] * x[k]
                for k in range(n_hidden):
                    r += self.V[j][k] * before[k]
                now.append(math.tanh(r))
            hs.append(now)
            ys.append([math.fsum(self.W[m][j] * now[j] for j in range(n_hidden)) for m in range(n_outputs)])
        return ys, hs

    def backward(self, xs, hs, ys_grad):
        """One number at a time."""
        n_inputs, n_hidden, n_outputs = self.sizes
        gradient = {
            "U": [[0.0] * n_inputs for _ in range(n_hidden)],
            "V": [[0.0] * n_hidden for _ in range(n_hidden)],
            "W": [[0.0] * n_hidden for _ in range(n_outputs)],
        }
        r_after = [0.0] * n_hidden
        for t in range(len(xs), 0, -1):
            r_now = []
            for j in range(n_hidden):
                h_bar = 0.0
                for m in range(n_outputs):
                    h_bar += self.W[m][j] * ys_grad[t - 1][m]
                    gradient["W"][m][j] += ys_grad[t - 1][m] * hs[t][j]
                for k in range(n_hidden):
                    h_bar += self.V[k][j] * r_after[k]
                r_now.append(h_bar * (1.0 - hs[t][j] * hs[t][j]))
            for j in range(n_hidden):
                for k in range(n_inputs):
                    gradient["U"][j][k] += r_now[j] * xs[t - 1][k]
                for k in range(n_hidden):
                    gradient["V"][j][k] += r_now[j] * hs[t - 1][k]
            r_after = r_now
        return gradient


def loss(ys, ts):
    """Half the sum of the squares."""
    total = 0.0
    for y, target in zip(ys, ts):
        for value, wanted in zip(y, target):
            total += (value - wanted) ** 2
    return total / 2


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Every weight is changed where it stands."""
    history = []
    for _ in range(epochs):
        losses, gradients = [], []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            losses.append(loss(ys, ts))
            errors = [[value - wanted for value, wanted in zip(y, target)] for y, target in zip(ys, ts)]
            gradients.append(rnn.backward(xs, hs, errors))
        history.append(sum(losses) / len(losses))
        for name, matrix in (("U", rnn.U), ("V", rnn.V), ("W", rnn.W)):
            for j in range(len(matrix)):
                for k in range(len(matrix[j])):
                    matrix[j][k] -= learning_rate * sum(g[name][j][k] for g in gradients) / len(gradients)
    return history
