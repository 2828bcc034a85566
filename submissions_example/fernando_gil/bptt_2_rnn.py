import numpy as np


class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        rng = np.random.default_rng(seed)
        self.U = rng.uniform(-0.3, 0.3, (n_hidden, n_inputs))
        self.V = rng.uniform(-0.3, 0.3, (n_hidden, n_hidden))
        self.W = rng.uniform(-0.3, 0.3, (n_outputs, n_hidden))

    def forward(self, xs, h0=None):
        n_hidden = self.V.shape[0]
        h = np.zeros(n_hidden)
        if h0 is not None:
            h = np.array(h0)
        hs = [h]
        ys = []
        for t in range(len(xs)):
            h = np.tanh(np.matmul(self.U, xs[t]) + np.matmul(self.V, h))
            hs.append(h)
            ys.append(np.matmul(self.W, h))
        return np.array(ys), np.array(hs)

    def backward(self, xs, hs, ys_grad):
        U = np.zeros(self.U.shape)
        V = np.zeros(self.V.shape)
        W = np.zeros(self.W.shape)
        r_next = np.zeros(self.V.shape[0])
        for t in range(len(xs) - 1, -1, -1):
            h_bar = np.matmul(self.W.T, ys_grad[t]) + np.matmul(self.V.T, r_next)
            r = h_bar * (1 - hs[t + 1] ** 2)
            U = U + np.outer(r, xs[t])
            V = V + np.outer(hs[t], r)
            W = W + np.outer(ys_grad[t], hs[t + 1])
            r_next = r
        return {"U": U, "V": V, "W": W}


def loss(ys, ts):
    return np.sqrt(0.5 * np.sum((ys - ts) ** 2))


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    for epoch in range(epochs):
        total = 0
        U, V, W = 0, 0, 0
        for k in range(len(sequences)):
            ys, hs = rnn.forward(sequences[k])
            total = total + loss(ys, targets[k])
            g = rnn.backward(sequences[k], hs, ys - targets[k])
            U = U + g["U"]
            V = V + g["V"]
            W = W + g["W"]
        n = len(sequences)
        history.append(total / n)
        rnn.U = rnn.U - learning_rate * U / n
        rnn.V = rnn.V - learning_rate * V / n
        rnn.W = rnn.W - learning_rate * W / n
    return history
