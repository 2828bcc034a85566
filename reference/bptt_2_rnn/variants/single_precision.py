"""Everything in float32, whatever comes in."""

import numpy as np

F = np.float32


class RNN:
    """Weights are float32 from birth, and assigned ones become float32 when they are used."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Draw the weights."""
        rng = np.random.default_rng(seed)
        self.U = rng.standard_normal((n_hidden, n_inputs), dtype=F) * F(0.1)
        self.V = rng.standard_normal((n_hidden, n_hidden), dtype=F) * F(0.1)
        self.W = rng.standard_normal((n_outputs, n_hidden), dtype=F) * F(0.1)

    def __setattr__(self, name, value):
        """Keep arrays in float32."""
        super().__setattr__(name, np.array(value, dtype=F))

    def forward(self, xs, h0=None):
        """Outputs and states in float32."""
        xs = np.asarray(xs, dtype=F)
        hs = np.zeros((len(xs) + 1, len(self.V)), dtype=F)
        if h0 is not None:
            hs[0] = h0
        for t in range(len(xs)):
            hs[t + 1] = np.tanh(self.U @ xs[t] + self.V @ hs[t])
        return hs[1:] @ self.W.T, hs

    def backward(self, xs, hs, ys_grad):
        """Gradients in float32."""
        xs, hs, ys_grad = (np.asarray(a, dtype=F) for a in (xs, hs, ys_grad))
        r = np.zeros_like(hs)
        for t in range(len(xs), 0, -1):
            future = self.V.T @ r[t + 1] if t < len(xs) else F(0)
            r[t] = (self.W.T @ ys_grad[t - 1] + future) * (F(1) - hs[t] ** 2)
        return {"U": r[1:].T @ xs, "V": r[1:].T @ hs[:-1], "W": ys_grad.T @ hs[1:]}


def loss(ys, ts):
    """Half the sum of squares, a numpy float32."""
    return F(0.5) * np.square(np.asarray(ys, dtype=F) - np.asarray(ts, dtype=F)).sum()


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Full-batch descent in float32."""
    step = F(learning_rate) / F(len(sequences))
    history = []
    for _ in range(epochs):
        now = F(0)
        gradient = {"U": F(0), "V": F(0), "W": F(0)}
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            now += loss(ys, ts)
            found = rnn.backward(xs, hs, ys - np.asarray(ts, dtype=F))
            gradient = {name: gradient[name] + found[name] for name in found}
        history.append(now / F(len(sequences)))
        rnn.U, rnn.V, rnn.W = (getattr(rnn, name) - step * gradient[name] for name in "UVW")
    return history
