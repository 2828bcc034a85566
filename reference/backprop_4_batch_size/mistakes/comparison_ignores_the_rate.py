"""Mini-batch gradient descent, from one example at a time to the full batch, and what the batch size does to the loss."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

Array = np.ndarray
Params = dict[str, np.ndarray]


def init_params(n_inputs: int, n_hidden: int, seed: int) -> Params:
    """Normal weights of variance 1 / fan-in, so that no two hidden units start alike, and zero biases."""
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(n_hidden, n_inputs)) / np.sqrt(n_inputs),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(1, n_hidden)) / np.sqrt(n_hidden),
        "b2": np.zeros(1),
    }


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) of any shape, with exp of what is never positive: no overflow."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def layers(params: Params, X: Array) -> tuple[Array, Array]:
    """The hidden activations a1 (n, h) and the output's pre-activations z2 (n,)."""
    a1 = sigmoid(X @ params["W1"].T + params["b1"])
    z2 = a1 @ params["W2"].T + params["b2"]
    return a1, z2[:, 0]


def forward(params: Params, X: Array) -> Array:
    """The probability of class 1 for each row of X (n, d): shape (n,)."""
    _, z2 = layers(params, X)
    return sigmoid(z2)


def loss(params: Params, X: Array, y: Array) -> float:
    """Mean binary cross-entropy for labels y (n,), written in z2: log(1 + exp(z2)) - y z2."""
    _, z2 = layers(params, X)
    return float(np.mean(np.logaddexp(0.0, z2) - y * z2))


def gradients(params: Params, X: Array, y: Array) -> Params:
    """The derivative of `loss` in every parameter: same keys and shapes as `params`."""
    a1, z2 = layers(params, X)
    dz2 = (sigmoid(z2) - y)[:, None] / len(y)
    dz1 = dz2 @ params["W2"] * a1 * (1.0 - a1)
    return {"W1": dz1.T @ X, "b1": dz1.sum(axis=0), "W2": dz2.T @ a1, "b2": dz2.sum(axis=0)}


def minibatches(X: Array, y: Array, batch_size: int, seed: int) -> list[tuple[Array, Array]]:
    """Every row once, with its label, in an order that the seed decides: batches of `batch_size`, the last perhaps smaller."""
    order = np.random.default_rng(seed).permutation(len(y))
    chosen = [order[start : start + batch_size] for start in range(0, len(y), batch_size)]
    return [(X[rows], y[rows]) for rows in chosen]


def train(
    X: Array,
    y: Array,
    batch_size: int,
    n_hidden: int = 8,
    learning_rate: float = 0.1,
    epochs: int = 50,
    seed: int = 0,
) -> tuple[Params, list[float], int]:
    """One update for each batch, and a new shuffle in each epoch.

    Returns: the parameters at the end, the loss over all rows before each epoch, and the number of updates.
    """
    rng = np.random.default_rng(seed)
    params = init_params(X.shape[1], n_hidden, seed)
    history, n_updates = [], 0
    for _ in range(epochs):
        history.append(loss(params, X, y))
        for X_batch, y_batch in minibatches(X, y, batch_size, int(rng.integers(2**31))):
            slope = gradients(params, X_batch, y_batch)
            params = {name: value - learning_rate * slope[name] for name, value in params.items()}
            n_updates += 1
    return params, history, n_updates


def compare_batch_sizes(
    X: Array, y: Array, batch_sizes: list[int], epochs: int = 50, learning_rate: float = 0.1, seed: int = 0
) -> dict[int, dict[str, object]]:
    """By batch size: `history`, `n_updates` and `roughness`, the standard deviation of the changes from epoch to epoch."""
    results = {}
    for size in batch_sizes:
        _, history, n_updates = train(X, y, size, epochs=epochs, seed=seed)
        roughness = float(np.std(np.diff(history)))
        results[size] = {"history": history, "n_updates": n_updates, "roughness": roughness}
    return results


def plot_histories(results: dict[int, dict[str, object]]) -> Figure:
    """The loss by epoch, one line for each batch size."""
    figure, axes = plt.subplots()
    for size, result in results.items():
        axes.plot(range(len(result["history"])), result["history"], label=f"batch size {size}")
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.legend()
    return figure
