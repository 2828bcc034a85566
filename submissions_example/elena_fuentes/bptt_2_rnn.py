# Elena Fuentes Ruiz
import numpy as np

class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        rng = np.random.default_rng(seed)
        self.U = rng.uniform(-0.5, 0.5, (n_hidden, n_inputs))
        self.V = rng.uniform(-0.5, 0.5, (n_hidden, n_hidden))
        self.W = rng.uniform(-0.5, 0.5, (n_outputs, n_hidden))

    def forward(self, xs, h0=None):
        if h0 is None:
            h0 = np.zeros(len(self.V))
        hs = [np.asarray(h0, dtype=float)]
        for x in xs:
            # con los vectores en fila: h V
            hs.append(np.tanh(x @ self.U.T + hs[-1] @ self.V))
        hs = np.stack(hs)
        return hs[1:] @ self.W.T, hs

    def backward(self, xs, hs, ys_grad):
        T = len(xs)
        r = np.zeros_like(hs)          # r[t+1] es la derivada del paso t
        siguiente = np.zeros(len(self.V))
        for t in reversed(range(T)):
            h_bar = ys_grad[t] @ self.W + self.V @ siguiente
            siguiente = h_bar * (1 - hs[t + 1] ** 2)
            r[t + 1] = siguiente
        return {
            'U': r[1:].T @ xs,
            'V': hs[:-1].T @ r[1:],
            'W': ys_grad.T @ hs[1:],
        }

def loss(ys, ts):
    return float(0.5 * ((ys - ts) ** 2).sum())

def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    for _ in range(epochs):
        perdidas, grads = [], []
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            perdidas.append(loss(ys, ts))
            grads.append(rnn.backward(xs, hs, ys - ts))
        history.append(float(np.mean(perdidas)))
        rnn.U = rnn.U - learning_rate * np.mean([g['U'] for g in grads], axis=0)
        rnn.V = rnn.V - learning_rate * np.mean([g['V'] for g in grads], axis=0)
        rnn.W = rnn.W - learning_rate * np.mean([g['W'] for g in grads], axis=0)
    return history
