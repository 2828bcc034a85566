"""Una red recurrente desde cero, con retropropagación a través del tiempo."""

import numpy as np


class RNN:
    def __init__(self, n_inputs, n_hidden, n_outputs, seed=0):
        """Reparte los pesos al azar: con la misma semilla, los mismos; con otra, otros."""
        rng = np.random.default_rng(seed)
        self.U = rng.normal(scale=0.2, size=(n_hidden, n_inputs))
        self.V = rng.normal(scale=0.2, size=(n_hidden, n_hidden))
        self.W = rng.normal(scale=0.2, size=(n_outputs, n_hidden))

    def forward(self, xs, h0=None):
        """Pasa una secuencia por la red: r_t = U x_t + V h_{t-1}, h_t = tanh(r_t), y_t = W h_t."""
        if h0 is None:
            h0 = np.zeros(self.V.shape[0])
        hs = [h0]
        for x in xs:
            hs.append(np.tanh(self.U @ x + self.V @ hs[-1]))
        hs = np.array(hs)
        return hs[1:] @ self.W.T, hs

    def backward(self, xs, hs, ys_grad):
        """Retropropagación a través del tiempo, con los pesos actuales."""
        raise NotImplementedError


def loss(ys, ts):
    """Pérdida de una secuencia: la mitad de la suma de los errores al cuadrado."""
    return np.sum((ys - ts) ** 2) / 2


def train(rnn, sequences, targets, learning_rate=0.01, epochs=100):
    """Descenso por el gradiente con el lote completo sobre la pérdida media de las secuencias; cambia `rnn`."""
    pass  # cuando tenga backward
