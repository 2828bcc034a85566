import numpy as np

class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        rng = np.random.default_rng(seed)
        self.U = rng.normal(0, 0.3, (n_hidden, n_inputs))
        self.V = rng.normal(0, 0.3, (n_hidden, n_hidden))
        self.W = rng.normal(0, 0.3, (n_outputs, n_hidden))

    def forward(self, xs, h0=None):
        if h0 == None:
            h0 = np.zeros(self.V.shape[0])
        hs = [h0]
        ys = []
        for x in xs:
            hs.append(np.tanh(self.U @ x + self.V @ hs[-1]))
            ys.append(self.W @ hs[-1])
        return np.array(ys), np.array(hs)

    def backward(self, xs, hs, ys_grad):
        dU, dV, dW = 0 * self.U, 0 * self.V, 0 * self.W
        r = np.zeros(self.V.shape[0])
        for t in range(len(xs), 0, -1):
            h = self.W.T @ ys_grad[t - 1] + self.V.T @ r
            r = h * (1 - hs[t] ** 2)
            dU += np.outer(r, xs[t - 1])
            dV += np.outer(r, hs[t - 1])
            dW += np.outer(ys_grad[t - 1], hs[t])
        return {"U": dU, "V": dV, "W": dW}

def loss(ys, ts):
    return 0.5 * np.sum((ys - ts) ** 2)

def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    history = []
    for _ in range(epochs):
        total, dU, dV, dW = 0, 0, 0, 0
        for xs, ts in zip(sequences, targets):
            ys, hs = rnn.forward(xs)
            total += loss(ys, ts)
            g = rnn.backward(xs, hs, ys - ts)
            dU, dV, dW = dU + g["U"], dV + g["V"], dW + g["W"]
        n = len(sequences)
        history.append(total / n)
        rnn.U = rnn.U - learning_rate * dU / n
        rnn.V = rnn.V - learning_rate * dV / n
        rnn.W = rnn.W - learning_rate * dW / n
    return history
