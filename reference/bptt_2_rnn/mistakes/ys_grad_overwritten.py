"""Wrong on purpose: the array ys_grad of the caller is cleared while it is used up."""

import numpy as np


class RNN:
    """tanh hidden layer, linear output: U (h, i), V (h, h), W (o, h)."""

    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Draw small random weights."""
        rng = np.random.default_rng(seed)
        self.U = rng.uniform(-0.5, 0.5, (n_hidden, n_inputs))
        self.V = rng.uniform(-0.5, 0.5, (n_hidden, n_hidden))
        self.W = rng.uniform(-0.5, 0.5, (n_outputs, n_hidden))

    def forward(self, xs, h0=None):
        """Outputs (T, o) and states (T+1, h) of one sequence."""
        h = np.zeros(self.V.shape[0]) if h0 is None else h0
        hs = [h]
        ys = []
        for x in xs:
            h = np.tanh(self.U @ x + self.V @ h)
            hs.append(h)
            ys.append(self.W @ h)
        return np.array(ys), np.array(hs)

    def backward(self, xs, hs, ys_grad):
        """Gradients of U, V and W, given dL/dy (T, o)."""
        dU, dV, dW = np.zeros(self.U.shape), np.zeros(self.V.shape), np.zeros(self.W.shape)
        r_next = np.zeros(self.V.shape[0])
        for t in reversed(range(len(xs))):
            h_bar = self.W.T @ ys_grad[t] + self.V.T @ r_next
            r = h_bar * (1 - hs[t + 1] ** 2)
            dU += np.outer(r, xs[t])
            dV += np.outer(r, hs[t])
            dW += np.outer(ys_grad[t], hs[t + 1])
            r_next = r
            ys_grad[t] = 0.0
        return {"U": dU, "V": dV, "W": dW}


def loss(ys, ts):
    """Half the sum of the squared errors of one sequence."""
    return 0.5 * np.sum((ys - ts) ** 2)


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Full-batch gradient descent on the mean loss of the sequences."""
    n = len(sequences)
    history = []
    for _ in range(epochs):
        total = 0.0
        step = {"U": 0.0, "V": 0.0, "W": 0.0}
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            total += loss(ys, ts)
            gradients = rnn.backward(xs, hs, ys - ts)
            for name in step:
                step[name] = step[name] + gradients[name] / n
        history.append(total / n)
        rnn.U = rnn.U - learning_rate * step["U"]
        rnn.V = rnn.V - learning_rate * step["V"]
        rnn.W = rnn.W - learning_rate * step["W"]
    return history
