"""A network that keeps its matrices as columns (in, out) and shows them as (out, in); backward walks a list of steps."""

from collections import namedtuple

import numpy as np

Step = namedtuple("Step", "x before after error")


class Layer:
    """A matrix that is kept transposed."""

    def __init__(self, rng, n_in, n_out):
        """Glorot's uniform draw."""
        limit = np.sqrt(6 / (n_in + n_out))
        self.columns = rng.uniform(-limit, limit, (n_in, n_out))


class RNN:
    """Three layers; `rnn.U` is a transposed view."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Make the layers."""
        rng = np.random.default_rng(seed)
        self.layers = {"U": Layer(rng, n_inputs, n_hidden), "V": Layer(rng, n_hidden, n_hidden), "W": Layer(rng, n_hidden, n_outputs)}

    def __getattr__(self, name):
        """Only called for names that are not found otherwise."""
        if name not in ("U", "V", "W"):
            raise AttributeError(name)
        return self.layers[name].columns.T

    def __setattr__(self, name, value):
        """An assigned weight goes to its layer."""
        if name in ("U", "V", "W"):
            self.layers[name].columns = np.transpose(value)
        else:
            object.__setattr__(self, name, value)

    def forward(self, xs, h0=None):
        """Row vectors times columns."""
        rows = xs @ self.layers["U"].columns
        h = np.zeros(rows.shape[1]) if h0 is None else h0
        hs = [h]
        for row in rows:
            h = np.tanh(row + h @ self.layers["V"].columns)
            hs.append(h)
        hs = np.array(hs)
        return hs[1:] @ self.layers["W"].columns, hs

    def backward(self, xs, hs, ys_grad):
        """Gradients of the columns, turned at the end."""
        steps = [Step(*parts) for parts in zip(xs, hs[:-1], hs[1:], ys_grad)]
        totals = {name: np.zeros_like(layer.columns) for name, layer in self.layers.items()}
        future = 0.0
        for step in steps[::-1]:
            h_bar = self.layers["W"].columns @ step.error + future
            r_bar = h_bar - h_bar * step.after**2
            future = self.layers["V"].columns @ r_bar
            totals["U"] += np.multiply.outer(step.x, r_bar)
            totals["V"] += np.multiply.outer(step.before, r_bar)
            totals["W"] += np.multiply.outer(step.after, step.error)
        return {name: total.T for name, total in totals.items()}

    def epoch(self, data):
        """The mean loss and the mean gradient of the columns."""
        total, gradient = 0.0, dict.fromkeys(self.layers, 0.0)
        for xs, ts in data:
            ys, hs = self.forward(xs)
            total += loss(ys, ts)
            for name, part in self.backward(xs, hs, ys - ts).items():
                gradient[name] = gradient[name] + part.T
        return total / len(data), {name: g / len(data) for name, g in gradient.items()}


def loss(ys, ts):
    """Half of a trace."""
    error = ys - ts
    return np.trace(error.T @ error) / 2


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Compute, note, move."""
    data = list(zip(sequences, targets))
    history = []
    for _ in range(epochs):
        now, gradient = rnn.epoch(data)
        history.append(now)
        for name, layer in rnn.layers.items():
            layer.columns = layer.columns - learning_rate * gradient[name]
    return history
