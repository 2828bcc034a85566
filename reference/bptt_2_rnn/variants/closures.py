"""`forward` and `backward` are closures and partials that the constructor hangs on the object; gradients are a sum of dicts."""

from functools import partial, reduce
from operator import add
from types import SimpleNamespace

import numpy as np


def _states(weights, xs, h0):
    """Yield h_0, h_1, ..., h_T."""
    state = h0
    yield state
    for x in xs:
        state = np.tanh(np.matmul(weights.U, x) + np.matmul(weights.V, state))
        yield state


def _forward(weights, xs, h0=None):
    size = np.shape(weights.V)[0]
    hs = np.array([*_states(weights, xs, np.zeros(size) if h0 is None else h0)])
    return np.array([np.matmul(weights.W, h) for h in hs[1:]]), hs


def _later(weights, xs, hs, ys_grad):
    """Yield the gradient of each step, by recursion from the end, as a vector of all three matrices."""

    def r_bar(t):
        if t == len(xs):
            return []
        later = r_bar(t + 1)
        arriving = weights.W.T @ ys_grad[t] + (weights.V.T @ later[0] if later else 0)
        return [arriving * (1 - hs[t + 1]) * (1 + hs[t + 1]), *later]

    for t, r in enumerate(r_bar(0)):
        yield np.concatenate([np.kron(r, xs[t]), np.kron(r, hs[t]), np.kron(ys_grad[t], hs[t + 1])])


class RNN(SimpleNamespace):
    """Three matrices and two callables."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Sow, draw, and tie the functions to this object."""
        draw = np.random.default_rng(np.random.SeedSequence(seed)).normal
        super().__init__(
            U=draw(size=(n_hidden, n_inputs)), V=draw(size=(n_hidden, n_hidden)) / n_hidden, W=draw(size=(n_outputs, n_hidden))
        )
        self.forward = partial(_forward, self)

        def backward(xs, hs, ys_grad):
            total = reduce(add, _later(self, xs, hs, ys_grad))
            cuts = np.cumsum([self.U.size, self.V.size])
            return {name: part.reshape(getattr(self, name).shape) for name, part in zip("UVW", np.split(total, cuts))}

        self.backward = backward


loss = lambda ys, ts: sum(((ys - ts) ** 2).flat) / 2  # noqa: E731


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """One epoch, and the rest by recursion."""
    if epochs == 0:
        return []
    runs = [rnn.forward(xs) for xs in sequences]
    now = sum(loss(ys, ts) for (ys, _), ts in zip(runs, targets)) / len(runs)
    gradients = [rnn.backward(xs, hs, ys - ts) for xs, (ys, hs), ts in zip(sequences, runs, targets)]
    for name in "UVW":
        vars(rnn)[name] = vars(rnn)[name] - sum(learning_rate * gradient[name] for gradient in gradients) / len(runs)
    return [now, *train(rnn, sequences, targets, learning_rate, epochs - 1)]
