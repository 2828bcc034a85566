"""backward trusts only xs, h0 and its own second forward pass; U, V and W are properties that hand out copies."""

from functools import reduce
from itertools import accumulate

import numpy as np


def _copied(key):
    return property(lambda self: self._weights[key].copy(), lambda self, value: self._weights.update({key: np.array(value, float)}))


class RNN:
    """A dict of weights behind three properties."""

    U, V, W = _copied("U"), _copied("V"), _copied("W")

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Uniform between 0 and 0.2."""
        draw = np.random.default_rng([seed, 7]).random
        shapes = {"U": (n_hidden, n_inputs), "V": (n_hidden, n_hidden), "W": (n_outputs, n_hidden)}
        self._weights = {key: 0.2 * draw(shape) for key, shape in shapes.items()}

    def _sums(self, xs, h0):
        """The arguments r_1 ... r_T of tanh."""
        U, V = self.U, self.V
        first = np.zeros(V.shape[0]) if h0 is None else np.asarray(h0)
        r1 = U @ xs[0] + V @ first
        return np.array(list(accumulate(xs[1:], lambda r, x: U @ x + V @ np.tanh(r), initial=r1))), first

    def forward(self, xs, h0=None):
        """A scan over the inputs."""
        rs, first = self._sums(xs, h0)
        hs = np.vstack([first, np.tanh(rs)])
        return [self.W @ h for h in hs[1:]], hs

    def backward(self, xs, hs, ys_grad):
        """A scan in the other direction, with tanh'(r) = 1 / cosh(r)^2."""
        V, W = self.V, self.W
        rs, first = self._sums(xs, hs[0])
        states = np.vstack([first, np.tanh(rs)])
        slopes = 1 / np.cosh(rs) ** 2

        def back(found, step):
            slope, error = step
            return [slope * (W.T @ error + (V.T @ found[0] if found else 0)), *found]

        r_bars = np.array(reduce(back, reversed(list(zip(slopes, ys_grad))), []))
        return {"U": r_bars.T @ xs, "V": r_bars.T @ states[:-1], "W": np.transpose(ys_grad) @ states[1:]}


def loss(ys, ts):
    """A 0-d array."""
    return np.array(0.5 * sum(float((y - t) @ (y - t)) for y, t in zip(ys, ts)))


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """The losses of the first pass over the data are those of the history."""
    history = []
    for _ in range(epochs):
        mean, steps = 0.0, []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            mean += loss(ys, ts) / len(sequences)
            steps.append(rnn.backward(xs, hs, np.array(ys) - ts))
        history += [float(mean)]
        for key in ("W", "V", "U"):
            setattr(rnn, key, getattr(rnn, key) - learning_rate / len(steps) * np.sum([s[key] for s in steps], axis=0))
    return history
