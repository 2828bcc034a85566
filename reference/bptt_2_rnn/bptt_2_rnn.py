"""A recurrent network from scratch: h_t = tanh(U x_t + V h_{t-1}), y_t = W h_t, trained by BPTT."""

from collections.abc import Sequence

import numpy as np


class RNN:
    """A recurrent layer of tanh units with a linear output, without biases.

    Attributes:
        U: input to hidden, (h, i).
        V: hidden to hidden, (h, h).
        W: hidden to output, (o, h).
    """

    def __init__(self, n_inputs: int, n_hidden: int, n_outputs: int, seed: int = 0) -> None:
        """Draw the weights uniformly from +-1/sqrt(columns), so that no unit starts saturated."""
        rng = np.random.default_rng(seed)
        self.U = rng.uniform(-1, 1, (n_hidden, n_inputs)) / np.sqrt(n_inputs)
        self.V = rng.uniform(-1, 1, (n_hidden, n_hidden)) / np.sqrt(n_hidden)
        self.W = rng.uniform(-1, 1, (n_outputs, n_hidden)) / np.sqrt(n_hidden)

    def forward(self, xs: np.ndarray, h0: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Run one sequence.

        Args:
            xs: the inputs x_1 ... x_T, (T, i).
            h0: the state before the first step, (h,); zeros unless given.

        Returns:
            ys, the outputs y_1 ... y_T, (T, o), and hs, the states h_0 ... h_T, (T+1, h).
        """
        hs = np.zeros((len(xs) + 1, len(self.V)))
        if h0 is not None:
            hs[0] = h0
        for t, x in enumerate(xs):
            hs[t + 1] = np.tanh(self.U @ x + self.V @ hs[t])
        return hs[1:] @ self.W.T, hs

    def backward(self, xs: np.ndarray, hs: np.ndarray, ys_grad: np.ndarray) -> dict[str, np.ndarray]:
        """Backpropagation through time: the gradient of the loss in U, V and W.

        Args:
            xs: the inputs of the sequence, (T, i).
            hs: the states that `forward` returned for it, (T+1, h).
            ys_grad: dL/dy_t for every step, (T, o).
        """
        U_grad, V_grad, W_grad = (np.zeros_like(weights, dtype=float) for weights in (self.U, self.V, self.W))
        r_grad = np.zeros(len(self.V))
        for t in reversed(range(len(xs))):
            h_before, h = hs[t], hs[t + 1]
            h_grad = self.W.T @ ys_grad[t] + self.V.T @ r_grad  # r_grad still belongs to the step after t
            r_grad = h_grad * (1 - h**2)
            U_grad += np.outer(r_grad, xs[t])
            V_grad += np.outer(r_grad, h_before)
            W_grad += np.outer(ys_grad[t], h)
        return {"U": U_grad, "V": V_grad, "W": W_grad}


def loss(ys: np.ndarray, ts: np.ndarray) -> float:
    """Half the sum of the squared errors of one sequence; ys and ts are (T, o)."""
    return 0.5 * float(np.sum((ys - ts) ** 2))


def train(
    rnn: RNN,
    sequences: Sequence[np.ndarray],
    targets: Sequence[np.ndarray],
    learning_rate: float = 0.01,
    epochs: int = 100,
) -> list[float]:
    """Full-batch gradient descent on the mean loss of the sequences, changing `rnn` in place.

    Args:
        rnn: the network to train.
        sequences: arrays (T_k, i), each of its own length.
        targets: arrays (T_k, o), as long as their sequences.
        learning_rate: the factor of each step.
        epochs: the number of steps.

    Returns:
        The mean loss before each step.
    """
    history = []
    for _ in range(epochs):
        losses, gradients = [], []
        for xs, ts in zip(sequences, targets, strict=True):
            ys, hs = rnn.forward(xs)
            losses.append(loss(ys, ts))
            gradients.append(rnn.backward(xs, hs, ys - ts))
        history.append(float(np.mean(losses)))
        rnn.U = rnn.U - learning_rate * np.mean([gradient["U"] for gradient in gradients], axis=0)
        rnn.V = rnn.V - learning_rate * np.mean([gradient["V"] for gradient in gradients], axis=0)
        rnn.W = rnn.W - learning_rate * np.mean([gradient["W"] for gradient in gradients], axis=0)
    return history
