# Pablo Prieto

import numpy as np

class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        rng = np.random.default_rng(seed)
        self.U = rng.normal(size=(n_hidden, n_inputs)) / 5
        self.V = rng.normal(size=(n_hidden, n_hidden)) / 5
        self.W = rng.normal(size=(n_outputs, n_hidden)) / 5

    def forward(self, xs, h0=None):
        h = np.zeros(len(self.V)) if h0 is None else h0
        ys, hs = [], [h]
        for x in xs:
            h = np.tanh(self.U @ x + self.V @ h)
            hs.append(h)
            ys.append(self.W @ h)
        return np.array(ys), np.array(hs)

    def backward(self, xs, hs, ys_grad):
        grad = {"U": np.zeros_like(self.U), "V": np.zeros_like(self.V), "W": np.zeros_like(self.W)}
        dr = np.zeros(len(self.V))
        for t in reversed(range(len(xs))):
            dr = (self.W.T @ ys_grad[t] + self.V.T @ dr) * (1 - hs[t + 1] ** 2)
            grad["U"] += np.outer(dr, xs[t])
            grad["V"] += np.outer(dr, hs[t])
            grad["W"] += np.outer(ys_grad[t], hs[t + 1])
        return grad

def loss(ys, ts):
    return 0.5 * np.sum(np.square(ys - ts))

def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    for i in range(epochs):
        losses = []
        grads = []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            losses.append(loss(ys, ts))
            grads.append(rnn.backward(xs, hs, ys - ts))
        history.append(np.mean(losses))
        rnn.U = rnn.U - learning_rate * sum(g["U"] for g in grads) / len(grads)
        rnn.V = rnn.V - learning_rate * sum(g["V"] for g in grads) / len(grads)
        rnn.W = rnn.W - learning_rate * sum(g["W"] for g in grads) / len(grads)
    return history

# comprobación con los números del enunciado
red = RNN(1, 1, 1)
red.U, red.V, red.W = np.array([[0.5]]), np.array([[0.1]]), np.array([[0.8]])
ys, hs = red.forward(np.array([[1.0], [2.0]]))
print(ys, loss(ys, np.array([[0.0], [1.0]])))
print(red.backward(np.array([[1.0], [2.0]]), hs, ys - np.array([[0.0], [1.0]])))
exit()
