"""All weights live in one vector; U, V and W are views of it that move while training."""

import numpy as np


def _block(name):
    def read(self):
        start, stop, shape = self.blocks[name]
        return self.theta[start:stop].reshape(shape)

    def write(self, values):
        read(self)[...] = values

    return property(read, write)


class RNN:
    """`rnn.U = U0` copies into the vector, `rnn.U` is a window on it."""

    U = _block("U")
    V = _block("V")
    W = _block("W")

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Draw the whole vector at once."""
        self.blocks = {}
        start = 0
        for name, shape in [("U", (n_hidden, n_inputs)), ("V", (n_hidden, n_hidden)), ("W", (n_outputs, n_hidden))]:
            stop = start + shape[0] * shape[1]
            self.blocks[name] = start, stop, shape
            start = stop
        self.theta = np.random.default_rng(seed).standard_normal(start) * 0.01

    def forward(self, xs, h0=None):
        """Outputs and states, stacked at the end."""
        hs = [np.zeros(len(self.V)) if h0 is None else np.array(h0, dtype=float)]
        for x in xs:
            hs.append(np.tanh(np.hstack([self.U, self.V]) @ np.concatenate([x, hs[-1]])))
        hs = np.stack(hs)
        return (self.W @ hs[1:].T).T, hs

    def flat_gradient(self, xs, hs, ys_grad):
        """The gradient as one vector of the same layout."""
        gradient = np.zeros_like(self.theta)
        joint = np.hstack([self.U, self.V])
        joint_grad = np.zeros_like(joint)
        future = np.zeros(len(self.V))
        for t in range(len(xs) - 1, -1, -1):
            r_grad = (future + ys_grad[t] @ self.W) * (1 + hs[t + 1]) * (1 - hs[t + 1])
            joint_grad += r_grad[:, None] * np.concatenate([xs[t], hs[t]])[None, :]
            future = r_grad @ self.V
        n_inputs = self.U.shape[1]
        for name, part in [
            ("U", joint_grad[:, :n_inputs]),
            ("V", joint_grad[:, n_inputs:]),
            ("W", np.asarray(ys_grad).T @ hs[1:]),
        ]:
            start, stop, _ = self.blocks[name]
            gradient[start:stop] = part.ravel()
        return gradient

    def backward(self, xs, hs, ys_grad):
        """The same, cut into its three matrices."""
        gradient = self.flat_gradient(xs, hs, ys_grad)
        return {name: gradient[start:stop].reshape(shape) for name, (start, stop, shape) in self.blocks.items()}


def loss(ys, ts):
    """Half the squared Frobenius norm."""
    return np.linalg.norm(np.subtract(ys, ts)) ** 2 / 2


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """One step moves the vector in place."""
    history = []
    while len(history) < epochs:
        runs = [(xs, ts, *rnn.forward(xs)) for xs, ts in zip(sequences, targets)]
        history.append(np.mean([loss(ys, ts) for _, ts, ys, _ in runs]))
        rnn.theta -= learning_rate * np.mean([rnn.flat_gradient(xs, hs, ys - ts) for xs, ts, ys, hs in runs], axis=0)
    return history
