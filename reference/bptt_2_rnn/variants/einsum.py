"""Input products for all steps at once, gradients with einsum, the loss of an epoch in a pass of its own."""

import numpy as np


class RNN:
    """The weights are normal and the recurrent matrix starts orthogonal."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Draw the weights."""
        state = np.random.RandomState(seed)
        self.U = 0.3 * state.randn(n_hidden, n_inputs)
        self.V = np.linalg.qr(state.randn(n_hidden, n_hidden))[0]
        self.W = 0.3 * state.randn(n_outputs, n_hidden)

    def forward(self, xs, h0=None):
        """Outputs and states."""
        projected = np.einsum("ti,hi->th", xs, self.U)
        states = np.empty((xs.shape[0] + 1, self.V.shape[0]))
        states[0] = 0.0 if h0 is None else h0
        for t in range(xs.shape[0]):
            states[t + 1] = np.tanh(projected[t] + states[t] @ self.V.T)
        return np.einsum("th,oh->to", states[1:], self.W), states

    def backward(self, xs, hs, ys_grad):
        """All r_bar first, then one product for each matrix."""
        slope = 1 - np.square(hs[1:])
        r_bar = np.einsum("to,oh->th", ys_grad, self.W)
        r_bar[-1] *= slope[-1]
        for t in range(len(r_bar) - 2, -1, -1):
            r_bar[t] = slope[t] * (r_bar[t] + r_bar[t + 1] @ self.V)
        return {
            "W": np.einsum("to,th->oh", ys_grad, hs[1:]),
            "V": np.einsum("th,tk->hk", r_bar, hs[:-1]),
            "U": np.einsum("th,ti->hi", r_bar, xs),
        }


def loss(ys, ts):
    """Half the squared norm of the error."""
    error = np.ravel(ys - ts)
    return error @ error / 2


def mean_loss(rnn, sequences, targets):
    """Mean loss of the sequences."""
    return np.mean([loss(rnn.forward(xs)[0], ts) for xs, ts in zip(sequences, targets)])


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Gradient descent: an array of losses is filled first and returned as a list."""
    history = np.zeros(epochs)
    for epoch in range(epochs):
        history[epoch] = mean_loss(rnn, sequences, targets)
        gradients = []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            gradients.append(rnn.backward(xs, hs, (ys - ts) / len(sequences)))
        for name in ("U", "V", "W"):
            setattr(rnn, name, getattr(rnn, name) - learning_rate * sum(g[name] for g in gradients))
    return list(history)
